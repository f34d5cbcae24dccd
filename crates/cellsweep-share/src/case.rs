//! A snapshot as CASE 1.5.0 / UCO JSON-LD: what digital forensics exchange (Casey et al. 2017; caseontology.org).
//!
//! Things are UCO's own where UCO has them. What it has no word for (a likelihood ratio, a source's class, a run's
//! digests) stands under `cellsweep:`, which no other tool has to know. The context is inline: whoever reads it
//! fetches nothing. Ids end in a UUID made of the item's name, so the same snapshot gives the same bytes.
//!
//! What a row doesn't carry isn't there; nothing is made up in its place, with one exception that says so: an action
//! has a `ProvenanceRecord` even where it found nothing, for it records that.

use serde_json::{Map, Value, json};

use crate::snapshot::{CaseHead, CaseSnapshot};
use crate::uuid::{URL, Uuid};

mod action;
mod assessed;
mod stub;
mod thing;

pub(crate) use thing::others;

/// Where ids live.
const BASE: &str = "https://cellsweep.example/kb/";
/// Our own words.
const OWN: &str = "https://cellsweep.example/ns/case/1/";

/// The snapshot as JSON-LD.
///
/// # Errors
/// Never in practice: all of it is text.
pub fn case_jsonld(snapshot: &CaseSnapshot) -> Result<Vec<u8>, serde_json::Error> {
    let ids = Ids::of(&snapshot.case);
    let mut graph = vec![investigation(snapshot, &ids)];
    graph.extend(thing::things(snapshot, &ids));
    graph.extend(action::actions(snapshot, &ids));
    graph.extend(assessed::assessments(snapshot, &ids));
    graph.extend(stub::stubs(&graph));
    let mut bytes = serde_json::to_vec_pretty(&json!({ "@context": context(), "@graph": graph }))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn context() -> Value {
    let uco = |part: &str| format!("https://ontology.unifiedcyberontology.org/uco/{part}/");
    json!({
        "kb": BASE,
        "cellsweep": OWN,
        "action": uco("action"),
        "core": uco("core"),
        "identity": uco("identity"),
        "investigation": "https://ontology.caseontology.org/case/investigation/",
        "location": uco("location"),
        "observable": uco("observable"),
        "tool": uco("tool"),
        "types": uco("types"),
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

fn investigation(snapshot: &CaseSnapshot, ids: &Ids) -> Value {
    let case = &snapshot.case;
    let authorities: Vec<Value> =
        snapshot.authorities.iter().map(|row| ids.to("authorization", row.authority.as_str())).collect();
    // A compilation names at least one object: itself stands for it where no authority is passed on.
    let own = || vec![ids.to("investigation", case.case.as_str())];
    let objects = if authorities.is_empty() { own() } else { authorities.clone() };
    let mut node = Node::new(ids, "investigation", case.case.as_str(), "investigation:Investigation")
        .text("core:name", case.case.as_str())
        .text("cellsweep:country", case.country.as_str())
        .text("cellsweep:data", case.kind.word())
        .time("cellsweep:taken", case.taken)
        .many("core:object", objects);
    if !authorities.is_empty() {
        node = node.many("investigation:relevantAuthorization", authorities);
    }
    node.done()
}

/// Ids of a case's items.
pub(crate) struct Ids {
    space: Uuid,
}

impl Ids {
    pub(crate) fn of(case: &CaseHead) -> Self {
        Self { space: Uuid::of(&URL, format!("{BASE}{}", case.case).as_bytes()) }
    }

    pub(crate) fn uuid(&self, kind: &str, name: &str) -> Uuid {
        Uuid::of(&self.space, format!("{kind}\n{name}").as_bytes())
    }

    fn id(&self, kind: &str, name: &str) -> String {
        format!("kb:{kind}-{}", self.uuid(kind, name))
    }

    fn to(&self, kind: &str, name: &str) -> Value {
        json!({ "@id": self.id(kind, name) })
    }
}

/// A node under construction.
struct Node(Map<String, Value>);

impl Node {
    fn new(ids: &Ids, kind: &str, name: &str, class: &str) -> Self {
        let mut node = Map::new();
        node.insert("@id".to_owned(), ids.id(kind, name).into());
        node.insert("@type".to_owned(), class.into());
        Self(node)
    }

    fn set(mut self, property: &str, value: Value) -> Self {
        self.0.insert(property.to_owned(), value);
        self
    }

    fn text(self, property: &str, text: impl Into<String>) -> Self {
        self.set(property, Value::String(text.into()))
    }

    fn maybe<T: ToString>(self, property: &str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.text(property, value.to_string()),
            None => self,
        }
    }

    fn time(self, property: &str, time: jiff::Timestamp) -> Self {
        self.set(property, typed("dateTime", &time.to_string()))
    }

    fn link(self, property: &str, to: Value) -> Self {
        self.set(property, to)
    }

    fn many(self, property: &str, values: Vec<Value>) -> Self {
        if values.is_empty() { self } else { self.set(property, Value::Array(values)) }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A literal of an XML Schema type.
fn typed(kind: &str, text: &str) -> Value {
    json!({ "@type": format!("xsd:{kind}"), "@value": text })
}
