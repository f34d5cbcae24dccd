//! What was heard where, day by day, and what was done to the air there.

use crate::id::{Facility, Technology};
use jiff::civil::{Date, Weekday};
use serde::Serialize;

/// Handsets heard inside facilities and around them.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The first day of every unit's series.
    pub first: Date,
    /// All of one length.
    pub units: Vec<Unit>,
}

/// A wing's, or a neighbourhood's, handsets on one technology.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The facility that it belongs to, or lies around.
    pub facility: Facility,
    /// Where.
    pub place: Place,
    /// On which technology.
    pub technology: Technology,
    /// Its days, from the panel's first on.
    pub days: Vec<Day>,
}

/// Inside which wing, or outside the walls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A wing by its name.
    Wing(Box<str>),
    /// Handsets of those who live around: for what spills over the walls.
    Outside,
}

/// A unit's day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Handsets heard that day.
    pub heard: u32,
    /// Handsets known to be there that day (the exposure). Where nobody knows, the same number every day.
    pub known: f64,
    /// What was done to the air.
    pub air: Air,
}

/// What was done to the air of a unit on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Air {
    /// Nothing.
    Free,
    /// Jammed, at least part of the day.
    Jammed,
    /// An antenna or network was out: the day says nothing.
    Out,
    /// The technology was switched off for good (2G): the day says nothing.
    SwitchedOff,
    /// Operators were not asked for this day.
    NotAsked,
}

impl Panel {
    /// Days in a unit's series.
    pub fn days(&self) -> usize {
        self.units.iter().map(|unit| unit.days.len()).min().unwrap_or(0)
    }

    /// The weekday of a day: 0 is Monday.
    pub(super) fn weekday(&self, day: usize) -> usize {
        let first = self.first.weekday().since(Weekday::Monday).unsigned_abs() as usize;
        (first + day) % 7
    }
}

impl Unit {
    pub(super) fn is_outside(&self) -> bool {
        self.place == Place::Outside
    }

    /// The first day under jamming.
    pub(super) fn start(&self) -> Option<usize> {
        self.days.iter().position(|day| day.air == Air::Jammed)
    }

    pub(super) fn is_jammed(&self, day: usize) -> bool {
        self.days[day].air == Air::Jammed
    }

    /// Whether the day counts as one without jamming.
    pub(super) fn is_free(&self, day: usize) -> bool {
        self.days[day].air == Air::Free
    }

    /// Whether anything is known of the day at all.
    pub(super) fn is_observed(&self, day: usize) -> bool {
        matches!(self.days[day].air, Air::Free | Air::Jammed)
    }
}
