//! A snapshot as a MISP event: one `phone` object for each handset and each card (misp-objects, phone, version 6).
//!
//! The event is unpublished, for the receiving organisation only, and marks nothing for detection systems: whether it
//! goes further is decided there.

use serde_json::{Value, json};

use crate::case::Ids;
use crate::snapshot::{CaseSnapshot, Device, Sim};

const TEMPLATE: &str = "d7e4fbdd-b551-4862-bddb-a0b470a38509";
const TEMPLATE_VERSION: &str = "6";

/// The snapshot's handsets and cards as a MISP event.
///
/// # Errors
/// Never in practice: all of it is text.
pub fn misp_event(snapshot: &CaseSnapshot) -> Result<Vec<u8>, serde_json::Error> {
    let ids = Ids::of(&snapshot.case);
    let devices = snapshot.devices.iter().filter_map(|row| handset(row, &ids));
    let cards = snapshot.sims.iter().filter_map(|row| card(row, snapshot, &ids));
    let objects: Vec<Value> = devices.chain(cards).collect();
    let taken = snapshot.case.taken;
    let event = json!({
        "uuid": ids.uuid("misp-event", snapshot.case.case.as_str()).to_string(),
        "info": format!("cellsweep {} {}", snapshot.case.kind.word(), snapshot.case.case),
        "date": jiff::tz::Offset::UTC.to_datetime(taken).date().to_string(),
        "timestamp": taken.as_second().to_string(),
        "threat_level_id": "4",
        "analysis": "0",
        "distribution": "0",
        "published": false,
        "Object": objects,
    });
    let mut bytes = serde_json::to_vec_pretty(&json!({ "Event": event }))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A relation of the template, its type, its value.
type Part = (&'static str, &'static str, String);

fn handset(row: &Device, ids: &Ids) -> Option<Value> {
    let mut parts: Vec<Part> = row.imeis.iter().map(|imei| ("imei", "text", imei.with_check_digit())).collect();
    parts.extend(row.model.iter().map(|model| ("model", "text", model.to_string())));
    parts.extend(row.class.iter().map(|class| ("text", "text", format!("class: {}", class.word()))));
    parts.extend(row.first_seen.iter().map(|time| ("first-seen", "datetime", time.to_string())));
    parts.extend(row.last_seen.iter().map(|time| ("last-seen", "datetime", time.to_string())));
    let facility = row.facility.as_ref().map_or("", |facility| facility.as_str());
    phone(&format!("{}\n{facility}", row.handset), "misp-handset", &parts, ids)
}

fn card(row: &Sim, snapshot: &CaseSnapshot, ids: &Ids) -> Option<Value> {
    let mut parts: Vec<Part> = Vec::new();
    parts.extend(row.imsi.iter().map(|imsi| ("imsi", "text", imsi.to_string())));
    parts.extend(row.msisdn.iter().map(|number| ("msisdn", "text", number.to_string())));
    parts.extend(row.iccid.iter().map(|iccid| ("iccid", "text", iccid.to_string())));
    if parts.is_empty() {
        return None;
    }
    let heard = snapshot.devices.iter().filter(|device| row.handsets.contains(&device.handset));
    let mut imeis: Vec<_> = heard.flat_map(|device| &device.imeis).collect();
    imeis.sort();
    imeis.dedup();
    parts.extend(imeis.into_iter().map(|imei| ("imei", "text", imei.with_check_digit())));
    phone(row.sim.as_str(), "misp-sim", &parts, ids)
}

/// An object, where the template's condition holds: one of its identifying relations, or a text.
fn phone(name: &str, kind: &str, parts: &[Part], ids: &Ids) -> Option<Value> {
    let identifying = ["imei", "imsi", "msisdn", "iccid", "text", "first-seen", "last-seen"];
    if !parts.iter().any(|(relation, _, _)| identifying.contains(relation)) {
        return None;
    }
    let attributes: Vec<Value> = parts.iter().map(|part| attribute(name, kind, part, ids)).collect();
    Some(json!({
        "uuid": ids.uuid(kind, name).to_string(),
        "name": "phone",
        "meta-category": "misc",
        "description": "A phone or mobile phone object which describe a phone.",
        "template_uuid": TEMPLATE,
        "template_version": TEMPLATE_VERSION,
        "distribution": "5",
        "Attribute": attributes,
    }))
}

fn attribute(name: &str, kind: &str, (relation, form, value): &Part, ids: &Ids) -> Value {
    json!({
        "uuid": ids.uuid(kind, &format!("{name}\n{relation}\n{value}")).to_string(),
        "object_relation": relation,
        "type": form,
        "category": "Other",
        "value": value,
        "to_ids": false,
        "distribution": "5",
        "disable_correlation": false,
    })
}
