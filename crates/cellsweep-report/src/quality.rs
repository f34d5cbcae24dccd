//! What came in, before anybody trusts it: counts by table, days with gaps, and what each oddity means for the trace.

use std::collections::BTreeMap;

use cellsweep_model::case::RowCounts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::lang::Text;

/// What is in a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// By table: rows read, kept and rejected by reason, doubts, and blanks by column.
    pub tables: Vec<TableQuality>,
    /// Records by day, operator and technology.
    pub days: Vec<DayQuality>,
    /// What the files of records were asked for under.
    #[serde(default)]
    pub covers: Vec<CoverQuality>,
    /// What was found, with what it means.
    pub remarks: Vec<QualityRemark>,
}

/// A table's rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableQuality {
    /// Its name.
    pub table: String,
    /// Files that went in.
    pub files: usize,
    /// Rows read, kept and rejected.
    pub rows: RowCounts,
    /// Blank values by column.
    pub blanks: BTreeMap<String, u64>,
}

/// An operator's records of a technology on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayQuality {
    /// The UTC day.
    pub day: String,
    /// Who recorded them.
    pub operator: String,
    /// Which technology.
    pub technology: String,
    /// How many.
    pub records: u64,
    /// None, or less than a tenth of the usual day's.
    pub gap: bool,
}

/// Files of records under one authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverQuality {
    /// Its name; nothing in an exercise.
    pub authority: Option<String>,
    /// How many files.
    pub files: usize,
    /// Records that went on.
    pub records: u64,
    /// First record.
    pub from: Option<Timestamp>,
    /// Last record.
    pub to: Option<Timestamp>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityRemark {
    /// A short name that stays the same from version to version.
    pub code: String,
    /// How many.
    pub count: u64,
    /// What was counted.
    pub what: Text,
    /// What it means for the trace.
    pub meaning: Text,
    /// Which ones, where they are few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Text>,
}
