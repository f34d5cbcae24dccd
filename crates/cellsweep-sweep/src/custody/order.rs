//! The order in which events are read: by their clocks, with an acknowledgement never before its hand-over.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::walk::Walk;
use crate::breaks::Break;
use crate::event::{Event, What};
use crate::id::HandOverId;

/// Events by when they happened; at the same moment finds come first, then it goes by device, count and id.
pub(super) fn in_order<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<&'a Event> {
    let mut events: Vec<&Event> = events.collect();
    let handed = handed(&events);
    events.sort_by_cached_key(|event| {
        let (at, rank) = effective(event, &handed);
        (at, rank, event.device.clone(), event.sequence, event.id.clone())
    });
    events
}

/// When each hand-over was given, the first time.
fn handed(events: &[&Event]) -> BTreeMap<HandOverId, Timestamp> {
    let mut handed: BTreeMap<HandOverId, Timestamp> = BTreeMap::new();
    for event in events {
        if let What::HandedOn { hand_over, .. } = &event.what {
            let at = handed.entry(hand_over.clone()).or_insert(event.occurred);
            *at = event.occurred.min(*at);
        }
    }
    handed
}

/// Two devices' clocks differ by seconds: an acknowledgement is read right behind its hand-over, and said to be early.
fn effective(event: &Event, handed: &BTreeMap<HandOverId, Timestamp>) -> (Timestamp, Rank) {
    let given = match &event.what {
        What::Found { .. } => return (event.occurred, Rank::Find),
        What::Acknowledged { hand_over, .. } => handed.get(hand_over).filter(|given| event.occurred <= **given),
        _ => None,
    };
    given.map_or((event.occurred, Rank::Other), |given| (*given, Rank::Acknowledgement))
}

/// What comes first at one moment.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Find,
    Other,
    Acknowledgement,
}

/// What clocks and counts say against each other.
pub(super) fn clocks(events: &[&Event], walk: &mut Walk<'_>) {
    let handed = handed(events);
    let mut by_device: BTreeMap<_, Vec<&Event>> = BTreeMap::new();
    for event in events {
        by_device.entry(&event.device).or_default().push(event);
        if event.received < event.occurred {
            walk.note(&event.id, Break::ReceivedEarly { received: event.received });
        }
        if let What::Acknowledged { hand_over, .. } = &event.what
            && handed.get(hand_over).is_some_and(|given| event.occurred < *given)
        {
            walk.note(&event.id, Break::AcknowledgedEarly { hand_over: hand_over.clone() });
        }
    }
    by_device.into_values().for_each(|events| counts(events, walk));
}

fn counts(mut events: Vec<&Event>, walk: &mut Walk<'_>) {
    events.sort_by_key(|event| (event.sequence, &event.id));
    for pair in events.windows(2) {
        let [before, event] = pair else { continue };
        let (device, other) = (event.device.clone(), before.id.clone());
        if before.sequence == event.sequence {
            walk.note(&event.id, Break::SameSequence { device, other });
        } else if event.occurred < before.occurred {
            walk.note(&event.id, Break::ClockWentBack { device, other });
        }
    }
}
