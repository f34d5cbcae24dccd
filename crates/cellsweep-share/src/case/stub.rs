//! Whatever the graph refers to is in it: what a profile cut away stays as a bare node of its class, of which nothing is
//! said. Other tools check what a property points to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Classes by what an id begins with; of our own classes none needs to be there.
const CLASSES: &[(&str, &str)] = &[
    ("account", "observable:MobileAccount"),
    ("authorization", "investigation:Authorization"),
    ("cell-site", "observable:CellSite"),
    ("handset", "observable:MobilePhone"),
    ("location", "location:Location"),
    ("person", "identity:Person"),
    ("run", "tool:ConfiguredTool"),
    ("sim", "observable:SIMCard"),
];

/// `kb:`, and behind the kind a dash and a UUID.
const BEFORE: usize = 3;
const BEHIND: usize = 37;

/// Nodes for what a graph refers to and doesn't have.
pub(super) fn stubs(graph: &[Value]) -> Vec<Value> {
    let (mut described, mut named) = (BTreeSet::new(), BTreeMap::new());
    graph.iter().for_each(|node| collect(node, &mut described, &mut named));
    named.retain(|id, _| !described.contains(id));
    named.into_iter().map(|(id, class)| json!({ "@id": id, "@type": class })).collect()
}

fn collect<'a>(value: &'a Value, described: &mut BTreeSet<&'a str>, named: &mut BTreeMap<&'a str, &'static str>) {
    if let Some(id) = value.get("@id").and_then(Value::as_str) {
        if value.get("@type").is_some() {
            described.insert(id);
        } else {
            named.extend(class_of(id).map(|class| (id, class)));
        }
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, described, named)),
        Value::Object(members) => members.values().for_each(|value| collect(value, described, named)),
        _ => {}
    }
}

fn class_of(id: &str) -> Option<&'static str> {
    let kind = id.get(BEFORE..id.len().checked_sub(BEHIND)?)?;
    CLASSES.iter().find(|(known, _)| *known == kind).map(|(_, class)| *class)
}
