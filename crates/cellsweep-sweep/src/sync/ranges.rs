//! Which of a device's entries.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A set of entries' numbers, as ranges with both ends in them; sorted, and no two touch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u64, u64)>", into = "Vec<(u64, u64)>")]
pub struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one number.
    pub fn insert(&mut self, number: u64) {
        self.insert_all(number, number);
    }

    /// Adds all numbers from `first` to `last`.
    pub fn insert_all(&mut self, first: u64, last: u64) {
        if first > last {
            return;
        }
        let from = self.0.partition_point(|(_, end)| end.saturating_add(1) < first);
        let to = self.0.partition_point(|(start, _)| *start <= last.saturating_add(1));
        let touched = &self.0[from..to];
        let first = touched.first().map_or(first, |(start, _)| first.min(*start));
        let last = touched.last().map_or(last, |(_, end)| last.max(*end));
        self.0.splice(from..to, [(first, last)]);
    }

    /// Adds all of the other's.
    pub fn extend(&mut self, other: &Self) {
        other.0.iter().for_each(|(first, last)| self.insert_all(*first, *last));
    }

    /// Whether a number is among them.
    pub fn contains(&self, number: u64) -> bool {
        let at = self.0.partition_point(|(_, end)| *end < number);
        self.0.get(at).is_some_and(|(start, _)| *start <= number)
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// The largest, or 0.
    pub fn last(&self) -> u64 {
        self.0.last().map_or(0, |(_, end)| *end)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those from 1 to `last` that are not among them.
    pub fn missing(&self, last: u64) -> Self {
        let mut missing = Vec::new();
        let mut next = 1;
        for (start, end) in &self.0 {
            if next > last {
                break;
            }
            if *start > next {
                missing.push((next, last.min(start - 1)));
            }
            next = end.saturating_add(1);
        }
        if next <= last {
            missing.push((next, last));
        }
        Self(missing)
    }

    /// The ranges.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.0.iter().copied()
    }
}

impl fmt::Debug for Ranges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(first, last)| first..=last)).finish()
    }
}

/// Ranges that don't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ranges of entries are sorted, apart from each other, and {} at most", limits::RANGES)]
pub struct BadRanges;

impl TryFrom<Vec<(u64, u64)>> for Ranges {
    type Error = BadRanges;

    fn try_from(ranges: Vec<(u64, u64)>) -> Result<Self, BadRanges> {
        let inside = |(first, last): &(u64, u64)| 1 <= *first && first <= last && *last <= limits::SEQUENCE;
        let apart = |pair: &[(u64, u64)]| pair[0].1.saturating_add(1) < pair[1].0;
        let good = ranges.len() <= limits::RANGES && ranges.iter().all(inside) && ranges.windows(2).all(apart);
        if good { Ok(Self(ranges)) } else { Err(BadRanges) }
    }
}

impl From<Ranges> for Vec<(u64, u64)> {
    fn from(ranges: Ranges) -> Self {
        ranges.0
    }
}
