//! Things and links, in the snapshot's order.

use jiff::Timestamp;

use super::end_of;
use crate::snapshot::{CaseSnapshot, Decimal};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing {
    pub kind: &'static str,
    pub name: String,
}

pub(super) fn thing(kind: &'static str, name: &impl ToString) -> Thing {
    Thing { kind, name: name.to_string() }
}

pub(super) struct Link {
    pub kind: &'static str,
    pub from: Thing,
    pub to: Thing,
    pub time: Option<Timestamp>,
    pub duration_s: Option<u32>,
    pub log10_lr: Option<Decimal>,
}

impl Link {
    fn new(kind: &'static str, from: Thing, to: Thing) -> Self {
        Self { kind, from, to, time: None, duration_s: None, log10_lr: None }
    }
}

pub(super) struct Network {
    /// Each once, sorted.
    pub things: Vec<Thing>,
    pub links: Vec<Link>,
}

impl Network {
    pub(super) fn of(snapshot: &CaseSnapshot) -> Self {
        let mut links = handsets(snapshot);
        links.extend(cards(snapshot));
        links.extend(calls(snapshot));
        links.extend(exhibits(snapshot));
        let ends = links.iter().flat_map(|link| [link.from.clone(), link.to.clone()]);
        let mut things: Vec<Thing> = ends.chain(alone(snapshot)).collect();
        things.sort();
        things.dedup();
        Self { things, links }
    }
}

/// What may have no link.
fn alone(snapshot: &CaseSnapshot) -> impl Iterator<Item = Thing> {
    let handsets = snapshot.devices.iter().map(|row| thing("handset", &row.handset));
    let sims = snapshot.sims.iter().map(|row| thing("sim", &row.sim));
    handsets.chain(sims)
}

/// Where handsets are kept and who uses them, where that is weighed.
fn handsets(snapshot: &CaseSnapshot) -> Vec<Link> {
    let mut links = Vec::new();
    for row in &snapshot.devices {
        let (Some(facility), Some(stated)) = (&row.facility, row.assessment.stated()) else { continue };
        let link = Link::new("kept_in", thing("handset", &row.handset), thing("facility", facility));
        links.push(Link { log10_lr: Some(stated.log10_lr), ..link });
    }
    for row in &snapshot.holders {
        let Some(stated) = row.assessment.stated() else { continue };
        let link = Link::new("used_by", thing("handset", &row.handset), thing("person", &row.person));
        links.push(Link { log10_lr: Some(stated.log10_lr), ..link });
    }
    links
}

fn cards(snapshot: &CaseSnapshot) -> Vec<Link> {
    let mut links = Vec::new();
    for row in &snapshot.sims {
        let sim = || thing("sim", &row.sim);
        links.extend(row.handsets.iter().map(|handset| Link::new("heard_in", sim(), thing("handset", handset))));
        links.extend(row.msisdn.iter().map(|number| Link::new("has_number", sim(), thing("number", number))));
        links.extend(row.subscriber.iter().map(|who| Link::new("subscribed_by", sim(), thing("person", who))));
    }
    links
}

fn calls(snapshot: &CaseSnapshot) -> Vec<Link> {
    let mut links = Vec::new();
    for row in &snapshot.calls {
        let (Some(from), Some(to)) = (end_of(&row.from), end_of(&row.to)) else { continue };
        let link = Link::new(row.kind.word(), from, to);
        links.push(Link { time: Some(row.time), duration_s: row.duration_s, ..link });
    }
    links
}

fn exhibits(snapshot: &CaseSnapshot) -> Vec<Link> {
    let mut links = Vec::new();
    for row in &snapshot.exhibits {
        let exhibit = || thing("exhibit", &row.exhibit);
        let found = Link::new("found_in", exhibit(), thing("facility", &row.facility));
        links.push(Link { time: row.custody.first().map(|event| event.time), ..found });
        let same = snapshot.devices.iter().filter(|device| device.imeis.iter().any(|imei| row.imeis.contains(imei)));
        links.extend(same.map(|device| Link::new("same_imei", exhibit(), thing("handset", &device.handset))));
    }
    links
}
