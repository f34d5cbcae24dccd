//! Events as the log's entries, and back: what is people's data goes into the entry's box.

use std::borrow::Cow;

use cellsweep_model::case::{CaseEvent, LoggedEvent, Manifest};
use cellsweep_proof::{
    BoxPlace, By, DataKey, Entry, Kind, LogKind, Moment, Object, Operation, ROTATED, Ref, Salt, Sealed, WordError,
    canonical,
};
use serde_json::Value;

use crate::StoreError;
use crate::keys::{Keys, random};

/// Stands where data were erased.
pub const ERASED: &str = "(erased)";

/// Where in the data the numbers stand that aren't whole: the log's JSON has no other.
const DECIMALS: &str = "decimals";

/// What an event is in the log's words.
struct Words {
    kind: Cow<'static, str>,
    operation: Operation,
    /// What it concerns.
    refs: Vec<String>,
    /// Where its people's data stand (RFC 6901), and whose key seals them.
    personal: Option<(&'static [&'static str], KeyOf)>,
}

/// Whose data key.
enum KeyOf {
    /// An import's.
    Import(String),
    /// The event's own.
    Itself(&'static str),
}

fn words(event: &CaseEvent) -> Words {
    let plain = |kind: &'static str, operation, refs| Words { kind: kind.into(), operation, refs, personal: None };
    match event {
        CaseEvent::Opened { .. } => plain("case.opened", Operation::Alteration, vec![]),
        CaseEvent::Upgraded { .. } => plain("case.upgraded", Operation::Alteration, vec![]),
        // Written by `encode_rotation`: its data are the proof's own.
        CaseEvent::KeyRotated { .. } => plain(ROTATED, Operation::Alteration, vec![]),
        CaseEvent::AuthorityGranted { .. } => plain("authority.granted", Operation::Alteration, vec![]),
        CaseEvent::Imported { import } => Words {
            kind: "import.done".into(),
            operation: Operation::Collection,
            refs: vec![format!("import/{}", import.id)],
            personal: Some((&["/import/file"], KeyOf::Import(import.id.clone()))),
        },
        CaseEvent::Reduced { import, .. } => {
            plain("import.reduced", Operation::Erasure, vec![format!("import/{import}")])
        }
        CaseEvent::DataReviewed { imports, .. } => plain("data.reviewed", Operation::Alteration, of_imports(imports)),
        CaseEvent::Restricted { imports } => plain("data.restricted", Operation::Alteration, of_imports(imports)),
        CaseEvent::Unrestricted { imports } => plain("data.unrestricted", Operation::Alteration, of_imports(imports)),
        CaseEvent::Reviewed { .. } => Words {
            kind: "review.made".into(),
            operation: Operation::Alteration,
            refs: vec![],
            personal: Some((&["/review/handset", "/review/inmate", "/review/reason"], KeyOf::Itself("review"))),
        },
        CaseEvent::Alerted { .. } => Words {
            kind: "alert.raised".into(),
            operation: Operation::Combination,
            refs: vec![],
            personal: Some((&["/alert/about"], KeyOf::Itself("alert"))),
        },
        CaseEvent::PlanApproved { plan, .. } => {
            plain("plan.approved", Operation::Alteration, vec![format!("run/{plan}")])
        }
        CaseEvent::PlanOpenedEarly { plan, .. } => {
            plain("plan.opened_early", Operation::Disclosure, vec![format!("run/{plan}")])
        }
        CaseEvent::PaperMade { .. } => plain("paper.made", Operation::Consultation, vec![]),
        CaseEvent::Disclosed { disclosure } => {
            plain("package.disclosed", Operation::Disclosure, vec![of_disclosure(&disclosure.id)])
        }
        CaseEvent::Recalled { disclosure, .. } => {
            plain("package.recalled", Operation::Disclosure, vec![of_disclosure(disclosure)])
        }
        CaseEvent::BriefIssued { plan, .. } => {
            plain("brief.issued", Operation::Disclosure, vec![format!("run/{plan}")])
        }
        CaseEvent::OriginalOpened { import, .. } => {
            plain("original.opened", Operation::Disclosure, vec![format!("import/{import}")])
        }
        CaseEvent::BoxesOpened { about, .. } => plain("boxes.opened", Operation::Disclosure, vec![about.clone()]),
        CaseEvent::AccessLogClosed { .. } => plain("access_log.closed", Operation::Erasure, vec![]),
        CaseEvent::Exhibit { exhibit } => Words {
            kind: format!("exhibit.{}", exhibit.kind).into(),
            operation: if exhibit.kind == "found" { Operation::Collection } else { Operation::Alteration },
            refs: exhibit.items.iter().map(|item| format!("item/{item}")).collect(),
            personal: Some((&["/exhibit/wire"], KeyOf::Itself("exhibit"))),
        },
        CaseEvent::Ran { run } => plain("run.done", Operation::Combination, vec![format!("run/{}", run.id)]),
        CaseEvent::Erased { imports, .. } => plain("erasure.done", Operation::Erasure, of_imports(imports)),
    }
}

fn of_disclosure(id: &str) -> String {
    format!("disclosure/{id}")
}

fn of_imports(imports: &[String]) -> Vec<String> {
    imports.iter().map(|id| format!("import/{id}")).collect()
}

/// The name of the key that an event's personal part is sealed under; `None` where it has none.
/// Every review has a key of its own, so that what was said of one subject can be destroyed.
pub(crate) fn key_name(event: &CaseEvent) -> Result<Option<Ref>, StoreError> {
    let Some((_, of)) = words(event).personal else { return Ok(None) };
    let name = match of {
        KeyOf::Import(id) => format!("import/{id}"),
        KeyOf::Itself(kind) => format!("{kind}/{:016x}", u64::from_be_bytes(random()?) | 0xa << 60),
    };
    name.parse().map(Some).map_err(StoreError::keys)
}

/// Who, why, when.
pub(crate) struct Circumstances<'a> {
    pub n: u64,
    pub received: jiff::Timestamp,
    pub occurred: Option<jiff::Timestamp>,
    pub by: &'a str,
    pub reason: Option<&'a str>,
    pub keys: &'a Keys,
}

/// An event as the exact bytes of its entry. `key` is the data key for its personal part with the
/// key's name; an event without one needs none.
pub(crate) fn encode(
    event: &CaseEvent,
    circumstances: &Circumstances<'_>,
    key: Option<&(Ref, DataKey)>,
) -> Result<Vec<u8>, StoreError> {
    let wrong = |why: String| StoreError::Log { place: "this event".to_owned(), n: circumstances.n, why };
    let words = words(event);
    let mut value = serde_json::to_value(event).map_err(|error| wrong(error.to_string()))?;
    without_nulls(&mut value);
    let kind: Kind = words.kind.parse().map_err(|error: WordError| wrong(error.to_string()))?;
    let salt = Salt(random()?);
    let place = BoxPlace { log: LogKind::Custody, n: circumstances.n, kind: &kind, salt: &salt };
    let sealed = match (words.personal, key) {
        (Some((pointers, _)), Some((name, key))) => {
            let personal = take(&mut value, pointers);
            let bytes = serde_json::to_vec(&personal).map_err(|error| wrong(error.to_string()))?;
            let sealed = key.seal(&place, &random()?, &bytes).map_err(StoreError::keys)?;
            Some(Sealed { key: name.clone(), sealed })
        }
        _ => None,
    };
    let Value::Object(mut data) = value else { return Err(wrong("is no object".to_owned())) };
    let mut decimals = Vec::new();
    data.iter_mut().for_each(|(key, value)| decimals_of(value, &format!("/{}", escaped(key)), &mut decimals));
    if !decimals.is_empty() {
        data.insert(DECIMALS.to_owned(), decimals.into());
    }
    let moment = |at| Moment::new(at).ok_or_else(|| wrong(format!("{at} is no time for a log")));
    let entry = Entry {
        n: circumstances.n,
        log: LogKind::Custody,
        received: moment(circumstances.received)?,
        occurred: circumstances.occurred.map(moment).transpose()?,
        by: By { name: circumstances.by.to_owned(), role: None },
        device: None,
        authority: authority(event),
        operation: words.operation,
        kind: kind.clone(),
        reason: circumstances.reason.map(str::to_owned),
        refs: words.refs.iter().map(|name| circumstances.keys.reference(name)).collect::<Result<_, _>>()?,
        data,
        sealed,
        salt,
    };
    Ok(entry.to_line().map_err(|error| wrong(error.to_string()))?.into_bytes())
}

/// The entry that hands over to a new signing key.
pub(crate) fn encode_rotation(data: &Object, circumstances: &Circumstances<'_>) -> Result<Vec<u8>, StoreError> {
    let wrong = |why: String| StoreError::Log { place: "this event".to_owned(), n: circumstances.n, why };
    let received = Moment::new(circumstances.received).ok_or_else(|| wrong("no time for a log".to_owned()))?;
    let entry = Entry {
        n: circumstances.n,
        log: LogKind::Custody,
        received,
        occurred: None,
        by: By { name: circumstances.by.to_owned(), role: None },
        device: None,
        authority: None,
        operation: Operation::Alteration,
        kind: ROTATED.parse().map_err(|error: WordError| wrong(error.to_string()))?,
        reason: circumstances.reason.map(str::to_owned),
        refs: Vec::new(),
        data: data.clone(),
        sealed: None,
        salt: Salt(random()?),
    };
    Ok(entry.to_line().map_err(|error| wrong(error.to_string()))?.into_bytes())
}

/// The authority's reference, where it is one that an entry can bear; it stands in the data as it is.
fn authority(event: &CaseEvent) -> Option<Ref> {
    let id = match event {
        CaseEvent::Imported { import } => import.authority.as_deref(),
        CaseEvent::PlanApproved { authority, .. } => authority.as_deref(),
        CaseEvent::Disclosed { disclosure } => disclosure.authority.as_deref(),
        CaseEvent::AuthorityGranted { grant } => Some(grant.authority.id.as_str()),
        _ => None,
    };
    id.and_then(|id| id.parse().ok())
}

/// Opens an entry's box; `None` where its key was destroyed.
pub(crate) type Open<'a> = &'a mut dyn FnMut(&Entry, &Sealed) -> Result<Option<Vec<u8>>, StoreError>;

/// An entry's event. `open` gives what its box held; `None` where the key was destroyed.
pub(crate) fn decode(bytes: &[u8], open: Open<'_>) -> Result<LoggedEvent, StoreError> {
    let entry = Entry::parse(bytes).map_err(|error| wrong_entry(0, error))?;
    let mut data = Value::Object(entry.data.clone());
    restore_decimals(&mut data).ok_or_else(|| wrong_entry(entry.n, "its decimals are not where it says"))?;
    if let Some(sealed) = &entry.sealed {
        let personal: Object = match open(&entry, sealed)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| wrong_entry(entry.n, error))?,
            None => erased(entry.kind.as_str()),
        };
        personal.into_iter().for_each(|(pointer, value)| put(&mut data, &pointer, value));
    }
    if entry.kind.as_str() == ROTATED {
        data = serde_json::json!({ "event": "key_rotated", "to": entry.data.get("to") });
    }
    let event: CaseEvent = serde_json::from_value(data).map_err(|error| wrong_entry(entry.n, error))?;
    let time = entry.occurred.unwrap_or(entry.received).timestamp();
    Ok(LoggedEvent { sequence: entry.n, time, by: entry.by.name, event })
}

/// What an entry's box holds.
pub(crate) fn open(entry: &Entry, sealed: &Sealed, key: &DataKey) -> Result<Vec<u8>, StoreError> {
    let place = BoxPlace { log: entry.log, n: entry.n, kind: &entry.kind, salt: &entry.salt };
    key.open(&place, &sealed.sealed).map(|data| data.to_vec()).map_err(StoreError::keys)
}

/// What the log comes to, for people to read: people's data left out.
pub(crate) fn shown(manifest: &Manifest) -> Result<Vec<u8>, serde_json::Error> {
    let mut value = serde_json::to_value(manifest)?;
    let listed = value.get_mut("events").and_then(Value::as_array_mut).into_iter().flatten();
    for (shown, logged) in listed.zip(&manifest.events) {
        for pointer in words(&logged.event).personal.map_or(&[][..], |(pointers, _)| pointers) {
            take(shown, &[pointer]);
        }
    }
    let mut text = serde_json::to_vec_pretty(&value)?;
    text.push(b'\n');
    Ok(text)
}

fn wrong_entry(n: u64, why: impl std::fmt::Display) -> StoreError {
    StoreError::Log { place: "the case".to_owned(), n, why: why.to_string() }
}

/// What stands in the place of an erased event's personal part.
fn erased(kind: &str) -> Object {
    let pointers: &[&str] = match kind {
        "import.done" => &["/import/file"],
        "review.made" => &["/review/handset", "/review/reason"],
        kind if kind.starts_with("exhibit.") => &["/exhibit/wire"],
        _ => &[],
    };
    pointers.iter().map(|pointer| ((*pointer).to_owned(), ERASED.into())).collect()
}

/// Absent and null are one thing to us, and the log has no null.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(without_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// Takes values out of their places.
fn take(value: &mut Value, pointers: &[&str]) -> Object {
    let mut taken = Object::new();
    for pointer in pointers {
        let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
        let object = value.pointer_mut(parent).and_then(Value::as_object_mut);
        if let Some(found) = object.and_then(|object| object.remove(key)) {
            taken.insert((*pointer).to_owned(), found);
        }
    }
    taken
}

/// Puts a value into its place.
fn put(value: &mut Value, pointer: &str, new: Value) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(object) = value.pointer_mut(parent).and_then(Value::as_object_mut) {
        object.insert(key.to_owned(), new);
    }
}

/// Writes every number that isn't whole as a text, and notes where.
fn decimals_of(value: &mut Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(number) if number.as_i64().is_none_or(|whole| whole.abs() > canonical::MOST) => {
            *value = Value::String(number.to_string());
            found.push(place.to_owned());
        }
        Value::Object(object) => {
            object.iter_mut().for_each(|(key, value)| decimals_of(value, &format!("{place}/{}", escaped(key)), found));
        }
        Value::Array(list) => {
            list.iter_mut().enumerate().for_each(|(at, value)| decimals_of(value, &format!("{place}/{at}"), found));
        }
        _ => {}
    }
}

/// A key in a pointer (RFC 6901 §3).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn restore_decimals(data: &mut Value) -> Option<()> {
    let Some(places) = data.as_object_mut()?.remove(DECIMALS) else { return Some(()) };
    for place in places.as_array()? {
        let value = data.pointer_mut(place.as_str()?)?;
        *value = serde_json::from_str(value.as_str()?).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_whole_come_back() {
        let before = serde_json::json!({ "a": { "x/y": [1, 0.25, { "z": -1e-9 }] }, "b": 3, "c": 1.0 });
        let mut value = before.clone();
        let mut found = Vec::new();
        let object = value.as_object_mut().unwrap();
        object.iter_mut().for_each(|(key, value)| decimals_of(value, &format!("/{key}"), &mut found));
        assert_eq!(found, ["/a/x~1y/1", "/a/x~1y/2/z", "/c"]);
        object.insert(DECIMALS.to_owned(), found.into());
        restore_decimals(&mut value).unwrap();
        assert_eq!(value, before);
    }
}
