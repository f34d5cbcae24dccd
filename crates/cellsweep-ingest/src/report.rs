//! What a file held, for the import's summary.

use std::collections::BTreeMap;

use cellsweep_model::case::RowCounts;

use crate::error::{BoxError, IngestError};
use crate::reason::Doubt;
use crate::reject::Reject;

/// What a file held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// Rows read, kept, rejected by reason, and doubts (those about the file as a whole count 1).
    pub rows: RowCounts,
    /// Records only: the operators in order of appearance; the canonical column holds their index.
    pub operators: Vec<String>,
    /// First and last time of the kept rows of a table that begins with `time`, microseconds
    /// since 1970 UTC.
    pub window: Option<(i64, i64)>,
    /// Records only: peers that are names, with their codes, by code.
    pub peer_names: Vec<(i64, String)>,
    /// Blank values by column, among the kept rows of columns that may be blank.
    pub blanks: BTreeMap<String, u64>,
}

impl FileReport {
    pub(crate) fn doubt(&mut self, doubt: &Doubt, rows: u64) {
        if rows > 0 {
            *self.rows.doubts.entry(doubt.to_string()).or_default() += rows;
        }
    }

    pub(crate) fn kept(&mut self, rows: u64) {
        self.rows.read += rows;
        self.rows.kept += rows;
    }

    pub(crate) fn see_blanks(&mut self, column: &str, blanks: usize) {
        if blanks > 0 {
            *self.blanks.entry(column.to_owned()).or_default() += blanks as u64;
        }
    }

    pub(crate) fn see_window(&mut self, window: Option<(i64, i64)>) {
        let Some((first, last)) = window else { return };
        let (low, high) = self.window.unwrap_or((first, last));
        self.window = Some((low.min(first), high.max(last)));
    }

    /// Counts a reject and hands it on.
    pub(crate) fn reject(&mut self, reject: Reject, to: RejectSink<'_>) -> Result<(), IngestError> {
        self.rows.read += 1;
        count(&mut self.rows.rejected, reject.sentence());
        to(reject).map_err(IngestError::Sink)
    }
}

/// Where rejects go.
pub(crate) type RejectSink<'a> = &'a mut dyn FnMut(Reject) -> Result<(), BoxError>;

fn count(counts: &mut BTreeMap<String, u64>, key: String) {
    *counts.entry(key).or_default() += 1;
}
