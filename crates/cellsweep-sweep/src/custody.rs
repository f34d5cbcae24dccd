//! Who holds what under which seal, worked out from all events, and where that doesn't hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::breaks::{Break, Broken};
use crate::event::{Event, What};
use crate::id::{Digest, EventId, FileName, HandOverId, ItemId, PartyId, SealNumber};
use crate::state::Exhibits;

mod order;
mod walk;

/// What the events tell together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Custody {
    /// The items.
    pub items: BTreeMap<ItemId, Exhibit>,
    /// The seals.
    pub seals: BTreeMap<SealNumber, Seal>,
    /// The hand-overs; one without `acknowledged` is not complete.
    pub hand_overs: BTreeMap<HandOverId, HandOver>,
    /// The attached files, by the digest that they had first.
    pub files: BTreeMap<FileName, Digest>,
    /// Where the chain doesn't hold.
    pub breaks: Vec<Broken>,
}

impl Custody {
    /// Hand-overs that nobody has acknowledged.
    pub fn under_way(&self) -> impl Iterator<Item = (&HandOverId, &HandOver)> {
        self.hand_overs.iter().filter(|(_, hand_over)| hand_over.acknowledged.is_none())
    }

    /// The breaks that show at events of one item's history.
    pub fn breaks_of(&self, item: &ItemId) -> Vec<&Broken> {
        let history: BTreeSet<&EventId> =
            self.items.get(item).iter().flat_map(|item| item.history.iter().map(|(_, event)| event)).collect();
        self.breaks.iter().filter(|broken| history.contains(&broken.event)).collect()
    }
}

/// An item, as things stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exhibit {
    /// How it is.
    pub state: ItemState,
    /// Who has it.
    pub holder: Holder,
    /// The events that concern it, and when they happened.
    pub history: Vec<(Timestamp, EventId)>,
    /// Files that belong to it: photos, reports, papers.
    pub files: BTreeSet<FileName>,
    /// Whether it ever was under a seal.
    pub was_sealed: bool,
}

/// How an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Found, never sealed.
    Found,
    /// Under this seal.
    Sealed(SealNumber),
    /// Its seal was opened.
    Open,
    /// Given back.
    Returned,
    /// Destroyed.
    Destroyed,
}

/// Who has an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// Somebody.
    Held(PartyId),
    /// Given, and not acknowledged: both answer for it.
    UnderWay {
        /// Who gave it.
        from: PartyId,
        /// To whom.
        to: PartyId,
        /// In which hand-over.
        hand_over: HandOverId,
    },
    /// Nobody any more: returned or destroyed.
    Nobody,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(by) => write!(f, "{by} held it"),
            Self::UnderWay { from, to, .. } => write!(f, "it was under way from {from} to {to}"),
            Self::Nobody => f.write_str("nobody held it"),
        }
    }
}

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// What is or was in it.
    pub items: Vec<ItemId>,
    /// The event that put it on.
    pub put_on: EventId,
    /// The event that opened it.
    pub opened: Option<EventId>,
}

/// A hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandOver {
    /// Who gives.
    pub from: PartyId,
    /// Who is to receive.
    pub to: PartyId,
    /// The seals that the giver read.
    pub seals: BTreeSet<SealNumber>,
    /// Items under no seal.
    pub items: BTreeSet<ItemId>,
    /// The giver's event.
    pub handed: EventId,
    /// The receiver's.
    pub acknowledged: Option<EventId>,
}

impl Exhibits {
    /// What the events tell together; the same for any order in which they came.
    pub fn custody(&self) -> Custody {
        let events = order::in_order(self.settled());
        let found: BTreeSet<&ItemId> = events.iter().flat_map(|event| found_items(event)).collect();
        let mut walk = walk::Walk::new(found);
        for (id, versions) in self.disputed() {
            walk.note(id, Break::Versions { versions });
        }
        order::clocks(&events, &mut walk);
        events.iter().for_each(|event| walk.step(event));
        let mut custody = walk.custody;
        explain(&mut custody.breaks, &events);
        custody.breaks.sort();
        custody
    }
}

fn found_items(event: &Event) -> impl Iterator<Item = &ItemId> {
    let items = match &event.what {
        What::Found { items, .. } => items.as_slice(),
        _ => &[],
    };
    items.iter().map(|item| &item.id)
}

fn explain(breaks: &mut [Broken], events: &[&Event]) {
    for event in events {
        if let What::Explained { about, .. } = &event.what {
            let theirs = breaks.iter_mut().filter(|broken| broken.event == *about);
            theirs.for_each(|broken| broken.explained_by.push(event.id.clone()));
        }
    }
}
