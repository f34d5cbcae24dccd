//! The register of confiscations: every phone, SIM and charger that any search brought to light.

use jiff::Timestamp;
use serde::Serialize;

use crate::event::{Event, FindRule, FoundItem, ItemKind, Occasion, Place, What};
use crate::id::{EventId, ItemId};
use crate::state::Exhibits;

/// The register under one rule of counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Register {
    /// What counts as one find here.
    pub one_find: FindRule,
    /// The items, by when they were found.
    pub rows: Vec<RegisterRow>,
}

/// An item of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterRow {
    /// When it was found.
    pub at: Timestamp,
    /// Which item.
    pub item: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// Where.
    pub place: Place,
    /// In which kind of search.
    pub occasion: Occasion,
    /// The find's event.
    pub event: EventId,
    /// What counted as one find where it was entered; it may be another rule than the register's.
    pub entered_under: FindRule,
    /// Finds that this item counts for: 1, or 0 where another item of its find counts.
    pub finds: u32,
}

impl Register {
    /// Finds in all.
    pub fn finds(&self) -> u64 {
        self.rows.iter().map(|row| u64::from(row.finds)).sum()
    }

    /// Items of one kind.
    pub fn items(&self, kind: ItemKind) -> usize {
        self.rows.iter().filter(|row| row.kind == kind).count()
    }
}

impl Exhibits {
    /// The register, counted under this rule. An item that two finds name stands in it once, under the earlier one.
    pub fn register(&self, one_find: FindRule) -> Register {
        let mut finds: Vec<&Event> = self.settled().filter(|event| matches!(event.what, What::Found { .. })).collect();
        finds.sort_by_key(|event| (event.occurred, &event.device, event.sequence, &event.id));
        let mut seen = std::collections::BTreeSet::new();
        let mut rows = Vec::new();
        for event in finds {
            let What::Found { items, place, occasion, one_find: entered_under, .. } = &event.what else { continue };
            let new: Vec<&FoundItem> = items.iter().filter(|item| seen.insert(&item.id)).collect();
            for (index, item) in new.iter().enumerate() {
                rows.push(RegisterRow {
                    at: event.occurred,
                    item: item.id.clone(),
                    kind: item.kind,
                    place: place.clone(),
                    occasion: occasion.clone(),
                    event: event.id.clone(),
                    entered_under: *entered_under,
                    finds: u32::from(counts(one_find, &new, index)),
                });
            }
        }
        Register { one_find, rows }
    }
}

fn counts(rule: FindRule, items: &[&FoundItem], index: usize) -> bool {
    let phone = |item: &FoundItem| item.kind == ItemKind::Phone;
    match rule {
        FindRule::EachItem => true,
        FindRule::EachPlace => index == 0,
        FindRule::EachPhone if items.iter().any(|item| phone(item)) => phone(items[index]),
        FindRule::EachPhone => index == 0,
    }
}
