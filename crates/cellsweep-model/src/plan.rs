//! The rows of `plan`: what is searched on the morning.

use serde::{Deserialize, Serialize};

use crate::custody::InmateId;
use crate::id::{CellId, FacilityId, Imei};
use crate::rows::{FromRow, Row, RowError};

/// What a row of the plan is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanTarget {
    /// A prison cell.
    Cell,
    /// An inmate's person; needs an authority of its own.
    Person,
    /// Workshops, yards, stairwells.
    Common,
}

impl PlanTarget {
    /// The table's word.
    pub const fn word(self) -> &'static str {
        match self {
            PlanTarget::Cell => "cell",
            PlanTarget::Person => "person",
            PlanTarget::Common => "common",
        }
    }
}

/// Why it is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanReason {
    /// For the phones that are expected there.
    Expected,
    /// The limits want it.
    Must,
    /// Drawn by lot, to judge the method by.
    Control,
}

impl PlanReason {
    /// The table's word.
    pub const fn word(self) -> &'static str {
        match self {
            PlanReason::Expected => "expected",
            PlanReason::Must => "must",
            PlanReason::Control => "control",
        }
    }
}

/// A search of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// In which prison.
    pub facility: FacilityId,
    /// Which cell; where a person is held; `None` for a common place.
    pub cell: Option<CellId>,
    /// What is searched.
    pub target: PlanTarget,
    /// Whose person, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inmate: Option<InmateId>,
    /// From 1.
    pub wave: u32,
    /// When it begins, microseconds since 1970 UTC.
    pub start: i64,
    /// Which team.
    pub team: String,
    /// With what, in the words of the table of searches.
    pub detector: String,
    /// How long it takes.
    pub minutes: u32,
    /// That at least one phone lies there.
    pub probability: f64,
    /// Mean number of phones lying there at the asked time.
    pub expected_phones: f64,
    /// Mean number found: after the detector's misses and what vanishes before the team comes.
    pub expected_found: f64,
    /// Why it is in the plan.
    pub reason: PlanReason,
}

/// A cell that was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// In which prison.
    pub facility: FacilityId,
    /// Which cell.
    pub cell: CellId,
    /// With what, where it says so.
    pub detector: Option<String>,
    /// Phones found.
    pub found: u32,
}

impl FromRow for Searched {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let (facility, cell) = (row.parsed("facility")?, row.parsed("cell")?);
        let found = row.must("found", row.integer("found"))?;
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: row.must("facility", facility)?,
            cell: row.must("cell", cell)?,
            detector: row.text("detector").map(str::to_owned),
            found: u32::try_from(found).unwrap_or(u32::MAX),
        })
    }
}

/// A phone that was found, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Seized {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// In which prison.
    pub facility: FacilityId,
    /// In which cell, where known.
    pub cell: Option<CellId>,
    /// Which, where it could be read.
    pub imei: Option<Imei>,
    /// Its model's name, where known.
    pub model: Option<String>,
    /// With what, where it says so.
    pub detector: Option<String>,
    /// Where it was hidden, where it says so.
    pub hiding_place: Option<String>,
}

impl FromRow for Seized {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |column| row.text(column).map(str::to_owned);
        let facility = row.parsed("facility")?;
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: row.must("facility", facility)?,
            cell: row.parsed("cell")?,
            imei: row.parsed("imei")?,
            model: text("model"),
            detector: text("detector"),
            hiding_place: text("hiding_place"),
        })
    }
}
