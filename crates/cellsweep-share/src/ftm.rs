//! A snapshot as FollowTheMoney entities, one a line, as `ftm` and Aleph read them.
//!
//! FollowTheMoney has no device: what it can hold are people, accounts (a subscription is one), calls, and links that
//! are only thought to be. It drops in silence what it takes for a bad value, phone numbers that nobody was given
//! among them; so a number also stands where nothing is dropped, as a name.

use serde_json::{Map, Value, json};

use crate::case::{Ids, others};
use crate::snapshot::{Call, CallEnd, CaseSnapshot, Holder, Person, Sim};

/// The snapshot's people, subscriptions and calls as FollowTheMoney's JSON lines.
///
/// # Errors
/// Never in practice: all of it is text.
pub fn ftm_entities(snapshot: &CaseSnapshot) -> Result<Vec<u8>, serde_json::Error> {
    let ids = Ids::of(&snapshot.case);
    let mut entities: Vec<Value> = snapshot.persons.iter().map(|row| person(row, &ids)).collect();
    entities.extend(snapshot.sims.iter().map(|row| account(row, snapshot, &ids)));
    for number in others(snapshot) {
        let account = Entity::new(&ids, "number", number.as_str(), "UserAccount");
        entities.push(account.number(number.as_str()).text("service", "mobile").done());
    }
    entities.extend(snapshot.calls.iter().map(|row| call(row, snapshot, &ids)));
    snapshot.holders.iter().for_each(|row| entities.extend(links(row, snapshot, &ids)));
    let mut bytes = Vec::new();
    for entity in entities {
        serde_json::to_writer(&mut bytes, &entity)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

struct Entity {
    id: String,
    schema: &'static str,
    properties: Map<String, Value>,
}

impl Entity {
    fn new(ids: &Ids, kind: &str, name: &str, schema: &'static str) -> Self {
        Self { id: id(ids, kind, name), schema, properties: Map::new() }
    }

    /// A value, with white space as FollowTheMoney leaves it.
    fn text(mut self, property: &str, text: &str) -> Self {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let values = self.properties.entry(property).or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            values.push(plain.into());
        }
        self
    }

    /// A phone number: as one where it can be one abroad, and as a name.
    fn number(self, digits: &str) -> Self {
        let entity = self.text("name", digits).text("username", digits);
        if digits.len() >= 8 { entity.text("phone", &format!("+{digits}")) } else { entity }
    }

    fn done(self) -> Value {
        json!({ "id": self.id, "schema": self.schema, "properties": self.properties })
    }
}

fn id(ids: &Ids, kind: &str, name: &str) -> String {
    ids.uuid(&format!("ftm-{kind}"), name).to_string()
}

fn person(row: &Person, ids: &Ids) -> Value {
    let name = row.name.as_ref().map_or(row.person.as_str(), |name| name.as_str());
    let entity = Entity::new(ids, "person", row.person.as_str(), "Person").text("name", name);
    let entity = entity.text("notes", &format!("{}, category: {}", row.person, row.category.word()));
    match &row.role {
        Some(role) => entity.text("position", role.as_str()).done(),
        None => entity.done(),
    }
}

fn account(row: &Sim, snapshot: &CaseSnapshot, ids: &Ids) -> Value {
    let mut entity = Entity::new(ids, "sim", row.sim.as_str(), "UserAccount").text("service", "mobile");
    entity = match &row.msisdn {
        Some(number) => entity.number(number.as_str()),
        None => entity.text("name", row.sim.as_str()).text("username", row.sim.as_str()),
    };
    let cards =
        [("IMSI", row.imsi.as_ref().map(|imsi| imsi.as_str())), ("ICCID", row.iccid.as_ref().map(|id| id.as_str()))];
    for (what, digits) in cards {
        entity = if let Some(digits) = digits { entity.text("notes", &format!("{what} {digits}")) } else { entity };
    }
    let mut imeis: Vec<String> = snapshot
        .devices
        .iter()
        .filter(|device| row.handsets.contains(&device.handset))
        .flat_map(|device| device.imeis.iter().map(|imei| imei.with_check_digit()))
        .collect();
    imeis.sort();
    imeis.dedup();
    for imei in imeis {
        entity = entity.text("notes", &format!("heard in the handset with IMEI {imei}"));
    }
    match &row.subscriber {
        Some(subscriber) => entity.text("owner", &id(ids, "person", subscriber.as_str())).done(),
        None => entity.done(),
    }
}

/// The number of an end; of a card without one, its name.
fn number_of<'a>(end: &'a CallEnd, snapshot: &'a CaseSnapshot) -> Option<&'a str> {
    match end {
        CallEnd::Number(number) => Some(number.as_str()),
        CallEnd::Sim(sim) => {
            let row = snapshot.sims.iter().find(|row| row.sim == *sim);
            Some(row.and_then(|row| row.msisdn.as_ref()).map_or(sim.as_str(), |number| number.as_str()))
        }
        CallEnd::NotStated => None,
    }
}

fn call(row: &Call, snapshot: &CaseSnapshot, ids: &Ids) -> Value {
    let (from, to) = (number_of(&row.from, snapshot), number_of(&row.to, snapshot));
    let said = |end: Option<&str>| end.unwrap_or("not stated").to_owned();
    let time = jiff::tz::Offset::UTC.to_datetime(row.time).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut entity = Entity::new(ids, "call", row.call.as_str(), "Call")
        .text("recordId", row.call.as_str())
        .text("date", &time)
        .text("summary", &format!("{} from {} to {}", row.kind.word(), said(from), said(to)));
    for (property, number) in [("callerNumber", from), ("receiverNumber", to)] {
        let whole = number.filter(|number| number.len() >= 8 && number.bytes().all(|byte| byte.is_ascii_digit()));
        entity = if let Some(number) = whole { entity.text(property, &format!("+{number}")) } else { entity };
    }
    match row.duration_s {
        Some(seconds) => entity.text("duration", &seconds.to_string()).done(),
        None => entity.done(),
    }
}

/// Who may use a handset, as links to the subscriptions that were heard in it: an assessment, and said to be one.
fn links(row: &Holder, snapshot: &CaseSnapshot, ids: &Ids) -> Vec<Value> {
    let Some(stated) = row.assessment.stated() else { return Vec::new() };
    let role = format!(
        "assessment, no fact: may use the handset in which this card was heard, log10 likelihood ratio {}",
        stated.log10_lr
    );
    let cards = snapshot.sims.iter().filter(|sim| sim.handsets.contains(&row.handset));
    cards
        .map(|sim| {
            let name = format!("{}\n{}\n{}", row.handset, row.person, sim.sim);
            Entity::new(ids, "holder", &name, "UnknownLink")
                .text("subject", &id(ids, "person", row.person.as_str()))
                .text("object", &id(ids, "sim", sim.sim.as_str()))
                .text("role", &role)
                .done()
        })
        .collect()
}
