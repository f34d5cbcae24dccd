//! What silences phones whoever holds them: jammers, and networks that are off.

use super::{FromRow, Row, RowError};
use crate::id::FacilityId;
use crate::record::Technology;

/// A jammer's stretch of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Jamming {
    /// Where.
    pub facility: FacilityId,
    /// Microseconds since 1970 UTC.
    pub from: i64,
    /// Its end; `None` = it goes on.
    pub to: Option<i64>,
}

impl FromRow for Jamming {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            facility: row.parsed_must("facility")?,
            from: row.must("from", row.micros("from"))?,
            to: row.micros("to"),
        })
    }
}

/// An antenna or a technology that was off.
#[derive(Debug, Clone, PartialEq)]
pub struct Outage {
    /// Of one sector only.
    pub one_sector: bool,
    /// `None` = all technologies.
    pub technology: Option<Technology>,
    /// `None` = everywhere.
    pub facility: Option<FacilityId>,
    /// `None` = all operators.
    pub operator: Option<String>,
    /// Microseconds since 1970 UTC.
    pub from: i64,
    /// Its end; `None` = it goes on.
    pub to: Option<i64>,
}

impl FromRow for Outage {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            one_sector: row.text("sector").is_some(),
            technology: row.text("technology").and_then(|word| Technology::from_word(word.as_bytes())),
            facility: row.parsed("facility")?,
            operator: row.text("operator").map(str::to_owned),
            from: row.must("from", row.micros("from"))?,
            to: row.micros("to"),
        })
    }
}
