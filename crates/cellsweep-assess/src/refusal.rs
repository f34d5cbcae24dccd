//! What is said instead of a number.

use std::fmt;

use serde::Serialize;

/// The data can't carry the answer.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[error("can't tell; needed: {}", list(needed))]
pub struct CantTell {
    /// What would be needed, each with what there is.
    pub needed: Vec<Needed>,
}

impl CantTell {
    /// For one shortage.
    pub fn one(what: Shortage, have: f64, at_least: f64) -> Self {
        Self { needed: vec![Needed { what, have, at_least }] }
    }

    /// Nothing where nothing is short.
    ///
    /// # Errors
    /// Where something is.
    pub fn unless_enough(needed: impl IntoIterator<Item = Needed>) -> Result<(), Self> {
        let needed: Vec<Needed> = needed.into_iter().filter(Needed::is_short).collect();
        if needed.is_empty() { Ok(()) } else { Err(Self { needed }) }
    }
}

/// A shortage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Needed {
    /// Of what.
    pub what: Shortage,
    /// How much there is.
    pub have: f64,
    /// How much it takes.
    pub at_least: f64,
}

impl Needed {
    /// Of what, what there is, what it takes.
    pub const fn new(what: Shortage, have: f64, at_least: f64) -> Self {
        Self { what, have, at_least }
    }

    fn is_short(&self) -> bool {
        self.have.is_nan() || self.have < self.at_least
    }
}

/// What there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortage {
    /// Facilities jammed long enough and observed well enough.
    JammedSites,
    /// Technologies that jamming leaves free in the jammed wings.
    FreeTechnologies,
    /// Wings that jamming leaves free.
    FreeWings,
    /// Facilities to compare with, not jammed in that time.
    ControlSites,
    /// Usable days before jamming began, at the best jammed facility.
    DaysBefore,
    /// Usable days under jamming, at the best jammed facility.
    DaysJammed,
    /// Handsets known, on average, at the best jammed facility.
    Handsets,
    /// Handset-days heard before jamming, at the best jammed facility.
    HeardBefore,
    /// Searches, handsets or cases whose truth is known.
    Observations,
    /// Groups, facilities or detectors.
    Groups,
    /// Found by both of two searches.
    FoundTwice,
    /// Of each truth, at least.
    OfEachTruth,
    /// Events with a route.
    Events,
}

impl Shortage {
    /// In plain English; [`crate::say`] has both languages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::JammedSites => "facilities jammed long enough",
            Self::FreeTechnologies => "technology that isn’t jammed there",
            Self::FreeWings => "wing that isn’t jammed there",
            Self::ControlSites => "facilities to compare with",
            Self::DaysBefore => "usable days before jamming",
            Self::DaysJammed => "usable days under jamming",
            Self::Handsets => "handsets known at a facility",
            Self::HeardBefore => "handset-days heard before jamming",
            Self::Observations => "observations (finds, searches or handsets)",
            Self::Groups => "groups to compare (facilities, as a rule)",
            Self::FoundTwice => "handsets found by both searches",
            Self::OfEachTruth => "cases of each truth",
            Self::Events => "events with a route",
        }
    }
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (there are {})", self.at_least, self.what.words(), self.have)
    }
}

fn list(needed: &[Needed]) -> String {
    needed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
