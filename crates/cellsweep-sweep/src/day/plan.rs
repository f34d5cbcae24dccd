//! What is searched by whom, in which order.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CellName, FacilityName, TeamId, Text};

/// A day's plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What the day is called.
    pub operation: Text,
    /// The sites.
    pub sites: Vec<FacilityName>,
    /// The teams, and where each begins.
    pub teams: Vec<PlannedTeam>,
    /// The cells, in the order in which each team takes them.
    pub cells: Vec<PlannedCell>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedTeam {
    /// Which.
    pub team: TeamId,
    /// Where.
    pub site: FacilityName,
}

/// A cell to be searched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedCell {
    /// Which.
    pub cell: CellRef,
    /// What is searched there.
    pub target: Target,
    /// By whom.
    pub team: TeamId,
    /// In which wave.
    pub wave: u16,
    /// When.
    pub start: Timestamp,
    /// For how long.
    pub minutes: u16,
    /// With what.
    pub detector: Detector,
    /// Phones that are expected to be found, in thousandths.
    pub expected_milli: u32,
}

/// A prison cell, or a common place that has a name like one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellRef {
    /// In which facility.
    pub facility: FacilityName,
    /// Which.
    pub cell: CellName,
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.facility, self.cell)
    }
}

/// What is searched. A person needs an authority of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A cell.
    Cell,
    /// Somebody held there.
    Person,
    /// A place that many use.
    Common,
}

/// With what a cell is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Eyes and hands.
    Visual,
    /// A metal detector in the hand.
    HandheldMetal,
    /// A pole that senses iron.
    FerrousPole,
    /// A non-linear junction detector.
    NonlinearJunction,
    /// A radio detector in the hand.
    RfHandheld,
    /// A dog.
    Dog,
    /// X-ray.
    Xray,
    /// Millimetre waves.
    MillimetreWave,
    /// Something else.
    Other,
}
