//! A set of entries, in which neither the order nor the number of their arrivals shows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::id::EventId;

/// What applying an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is new.
    New,
    /// It was known: nothing changed. When it was taken in is not part of what it says; the earliest time stays.
    Known,
    /// Its id was known with another content: both are kept and shown, neither counts.
    Contradicts,
}

/// What stands in a set.
pub(crate) trait Kept {
    fn id(&self) -> &EventId;
    /// By what it says, apart from what differs each time that it is sent.
    fn compare(&self, other: &Self) -> Ordering;
    /// Takes over what a repetition adds. The order of repetitions must not show.
    fn join(&mut self, again: Self);
}

/// The versions of each entry, in their own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Events<E>(BTreeMap<EventId, Vec<E>>);

impl<E> Default for Events<E> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<E: Kept> Events<E> {
    pub fn add(&mut self, entry: E) -> Applied {
        let versions = self.0.entry(entry.id().clone()).or_default();
        match versions.binary_search_by(|known| known.compare(&entry)) {
            Ok(at) => {
                versions[at].join(entry);
                Applied::Known
            }
            Err(at) => {
                versions.insert(at, entry);
                if versions.len() == 1 { Applied::New } else { Applied::Contradicts }
            }
        }
    }

    pub fn versions(&self) -> impl Iterator<Item = (&EventId, &[E])> {
        self.0.iter().map(|(id, versions)| (id, versions.as_slice()))
    }

    pub fn of(&self, id: &EventId) -> &[E] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}
