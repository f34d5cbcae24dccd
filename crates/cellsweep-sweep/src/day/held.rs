//! Entries as they are held, and what is set apart.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::Serialize;

use super::envelope::Scrap;
use super::what::DayEvent;
use super::{Checked, Day};
use crate::events::Kept;
use crate::id::{DeviceKey, EventId, Signature};

/// An entry with its signature. The same content under another signature is another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub event: DayEvent,
    pub signature: Signature,
    pub checked: Checked,
}

impl Held {
    pub fn is(&self, event: &DayEvent, signature: &Signature) -> bool {
        self.signature == *signature && self.event.content().cmp(&event.content()) == Ordering::Equal
    }

    /// Whether both say the same, and count.
    pub fn counts_like(&self, other: &Self) -> bool {
        self.checked == Checked::Good && self.event.content().cmp(&other.event.content()) == Ordering::Equal
    }
}

impl Kept for Held {
    fn id(&self) -> &EventId {
        &self.event.id
    }

    fn compare(&self, other: &Self) -> Ordering {
        let contents = self.event.content().cmp(&other.event.content());
        contents.then_with(|| self.signature.cmp(&other.signature))
    }

    fn join(&mut self, again: Self) {
        self.event.received = self.event.received.min(again.event.received);
        self.checked = self.checked.max(again.checked);
    }
}

/// The different contents among versions with a good signature.
pub(super) fn contents(versions: &[Held]) -> impl Iterator<Item = &DayEvent> {
    let mut before: Option<&DayEvent> = None;
    let good = versions.iter().filter(|held| held.checked == Checked::Good).map(|held| &held.event);
    good.filter(move |event| {
        let new = before.is_none_or(|before| before.content().cmp(&event.content()) != Ordering::Equal);
        before = Some(event);
        new
    })
}

/// What is known of a text that can't be read or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shreds {
    pub received: Timestamp,
    pub checked: Checked,
    pub why: Scrap,
}

/// What is set apart: it counts for nothing, and is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Apart {
    /// A signature that doesn't fit, or whose key isn't known.
    Signature {
        /// The entry that it says it is.
        event: EventId,
        /// The device that it says it is from.
        device: DeviceKey,
        /// When it first came.
        received: Timestamp,
        /// What checking the signature came to.
        checked: Checked,
    },
    /// A text that can't be read, or makes no sense.
    Text {
        /// When it first came.
        received: Timestamp,
        /// What checking the signature came to.
        checked: Checked,
        /// What is wrong with it.
        scrap: Scrap,
    },
}

impl Day {
    /// All that is set apart, in an order of its own.
    pub fn apart(&self) -> Vec<Apart> {
        let held = self.entries.versions().flat_map(|(_, versions)| versions);
        let unsigned = held.filter(|held| held.checked != Checked::Good).map(|held| Apart::Signature {
            event: held.event.id.clone(),
            device: held.event.device.clone(),
            received: held.event.received,
            checked: held.checked,
        });
        let texts = self.scraps.values().map(|shreds| Apart::Text {
            received: shreds.received,
            checked: shreds.checked,
            scrap: shreds.why.clone(),
        });
        unsigned.chain(texts).collect()
    }

    /// Entries whose device's key wasn't known when they came, to be checked again when it is.
    pub(crate) fn unchecked(&self) -> impl Iterator<Item = (&DayEvent, &Signature)> {
        let held = self.entries.versions().flat_map(|(_, versions)| versions);
        held.filter(|held| held.checked == Checked::Unknown).map(|held| (&held.event, &held.signature))
    }
}
