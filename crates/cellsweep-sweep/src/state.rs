//! A state is the set of its events.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::breaks::Broken;
use crate::event::{Event, What};
use crate::events::{Applied, Events, Kept};
use crate::id::EventId;

/// Why an event is not taken. It never depends on other events: those may come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It concerns nothing.
    #[error("the event names no item and no seal")]
    Nothing,
    /// One item twice.
    #[error("the event names an item, a seal or a file twice")]
    Twice,
    /// From somebody to the same.
    #[error("what is handed on goes to somebody else")]
    ToOneself,
    /// An acknowledgement that says nothing of the seals it names.
    #[error("seals are received intact or damaged, and what is under no seal is unsealed")]
    Condition,
}

/// All that is known of a case's exhibits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exhibits {
    events: Events<Event>,
}

impl Exhibits {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event.
    ///
    /// # Errors
    /// Where the event makes no sense by itself.
    pub fn apply(&mut self, event: Event) -> Result<Applied, Refusal> {
        sensible(&event)?;
        Ok(self.events.add(event))
    }

    /// Every version of every event, by id.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.versions().flat_map(|(_, versions)| versions)
    }

    /// Events of which there is one version, by id.
    pub(crate) fn settled(&self) -> impl Iterator<Item = &Event> {
        self.events.versions().filter(|(_, versions)| versions.len() == 1).flat_map(|(_, versions)| versions)
    }

    /// Ids with more than one content, and how many.
    pub(crate) fn disputed(&self) -> impl Iterator<Item = (&EventId, usize)> {
        self.events.versions().map(|(id, versions)| (id, versions.len())).filter(|(_, versions)| *versions > 1)
    }

    /// The breaks that an event would bring, to warn whoever is about to enter it.
    ///
    /// # Errors
    /// Where it would be refused.
    pub fn would_break(&self, event: Event) -> Result<Vec<Broken>, Refusal> {
        let before: BTreeSet<Broken> = self.custody().breaks.into_iter().collect();
        let mut after = self.clone();
        after.apply(event)?;
        Ok(after.custody().breaks.into_iter().filter(|broken| !before.contains(broken)).collect())
    }
}

impl Kept for Event {
    fn id(&self) -> &EventId {
        &self.id
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.content().cmp(&other.content())
    }

    fn join(&mut self, again: Self) {
        self.received = self.received.min(again.received);
    }
}

pub(crate) fn sensible(event: &Event) -> Result<(), Refusal> {
    use crate::event::Condition;
    match &event.what {
        What::Found { items, photos, .. } => {
            named(items.iter().map(|item| &item.id))?;
            once(photos.iter().map(|photo| &photo.file))
        }
        What::Sealed { items, photos, .. } => {
            named(items)?;
            once(photos.iter().map(|photo| &photo.file))
        }
        What::HandedOn { to, seals, items, rehashed, .. } => {
            if to.id == event.by.id {
                return Err(Refusal::ToOneself);
            }
            parcels(seals, items)?;
            once(rehashed.iter().map(|file| &file.file))
        }
        What::Acknowledged { seals, items, condition, rehashed, .. } => {
            parcels(seals, items)?;
            if seals.is_empty() != (*condition == Condition::Unsealed) {
                return Err(Refusal::Condition);
            }
            once(rehashed.iter().map(|file| &file.file))
        }
        What::Examined { items, .. } | What::Returned { items, .. } | What::Destroyed { items, .. } => named(items),
        What::Opened { .. } | What::Explained { .. } => Ok(()),
    }
}

fn parcels<S: Ord, I: Ord>(seals: &[S], items: &[I]) -> Result<(), Refusal> {
    if seals.is_empty() && items.is_empty() {
        return Err(Refusal::Nothing);
    }
    once(seals)?;
    once(items)
}

fn named<T: Ord>(items: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    let items: Vec<T> = items.into_iter().collect();
    if items.is_empty() { Err(Refusal::Nothing) } else { once(items) }
}

fn once<T: Ord>(items: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    if items.into_iter().all(|item| seen.insert(item)) { Ok(()) } else { Err(Refusal::Twice) }
}
