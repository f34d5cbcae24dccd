//! What a watched case raises: something that is so now and wasn't before, with its reasons.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::id::{CellId, FacilityId};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A handset is listed in a facility, and was listed in none before.
    NewHandset,
    /// A listed handset goes on where one that was found, or that fell silent, stopped.
    Successor,
    /// A handset's likely facility or cell is another one.
    Moved,
    /// The handsets of a facility fell silent together.
    Silent,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [AlertKind; 4] = [AlertKind::NewHandset, AlertKind::Successor, AlertKind::Moved, AlertKind::Silent];

    /// The word of tables and logs.
    pub const fn word(self) -> &'static str {
        match self {
            AlertKind::NewHandset => "new_handset",
            AlertKind::Successor => "successor",
            AlertKind::Moved => "moved",
            AlertKind::Silent => "silent",
        }
    }
}

/// Something that is raised, once. What it says of people is in [`About`]: the log seals that part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What kind of thing.
    pub kind: AlertKind,
    /// Where.
    pub facility: FacilityId,
    /// What is said; `None` where it was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
}

/// What an alert says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Names the thing: one of a key is raised at most once in a case's life.
    pub key: String,
    /// Which handset, as `devices` names it; `None` where it is about a facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handset: Option<String>,
    /// The handset that it succeeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<String>,
    /// That it is so, where something says how likely it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its weight, log10 of a likelihood ratio, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log10_lr: Option<f64>,
    /// Why.
    pub reasons: Vec<AlertReason>,
}

/// One reason. The sentence for people is rendered from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum AlertReason {
    /// It is listed, and wasn't.
    Listed {
        /// Now.
        probability: f64,
        /// In the list before; `None` = not in it.
        before: Option<f64>,
        /// Its first record in the case, microseconds since 1970 UTC.
        first_seen: i64,
        /// Days with records at the facility.
        days_present: u32,
    },
    /// One of the findings that the listing rests on most.
    Found {
        /// Which.
        finding: Finding,
    },
    /// The earlier handset was found in a search.
    Seized {
        /// When, microseconds since 1970 UTC.
        time: i64,
    },
    /// The earlier handset has no record any more.
    Vanished {
        /// Its last one, microseconds since 1970 UTC.
        last_seen: i64,
    },
    /// Numbers that both spoke with.
    SharedNumbers {
        /// How many.
        numbers: u32,
        /// The later's first record, microseconds since 1970 UTC.
        first_seen: i64,
    },
    /// Its likely facility was another one.
    FacilityWas {
        /// Which.
        facility: FacilityId,
        /// That it is in the new one.
        probability: f64,
    },
    /// Its likely cell was another one.
    CellWas {
        /// Which.
        before: CellId,
        /// And now.
        now: CellId,
        /// That it lies there.
        probability: f64,
    },
    /// A day on which less was heard of a facility's handsets than chance explains.
    Fell {
        /// Days since 1970-01-01 UTC.
        day: i32,
        /// Handset-hours heard that day: hours in which a handset left a record, over all handsets.
        hours: u64,
        /// What the days before let expect of the operators that recorded that day.
        expected: f64,
        /// Handsets heard that day, and on a usual one.
        handsets: (u32, f64),
        /// Days that the expectation is of.
        days: u32,
        /// Variance over mean of those days: 1 where chance alone spreads them.
        spread: f64,
        /// log10 of the probability of so few hours or fewer, were it a day like those.
        log10_tail: f64,
    },
    /// Something that the case knows of would explain it.
    Explained {
        /// What.
        by: Explanation,
        /// Since when, microseconds since 1970 UTC.
        from: i64,
        /// Until when; `None` = it goes on.
        to: Option<i64>,
    },
    /// Nothing that the case knows of explains it.
    Unexplained,
    /// Operators whose records of the day are missing, or too few to count with.
    NotCounted {
        /// Which.
        operators: Vec<String>,
    },
}

/// What explains that a facility is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Explanation {
    /// A jammer ran.
    Jamming,
    /// Antennas or a technology were off.
    Outage,
    /// Phones were found there.
    Search,
}
