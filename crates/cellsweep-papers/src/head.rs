//! What every paper begins and ends with: which case, drawn up when, and what its citations can be verified against.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::datum::{Checkpoint, Datum};

/// What a case's papers have in common.
#[derive(Debug, Clone)]
pub struct Head {
    /// The paper's own reference.
    pub reference: Datum<String>,
    /// The case's name.
    pub case: Datum<String>,
    /// Whether its data are real.
    pub kind: CaseKind,
    /// The service that draws the paper up.
    pub service: Datum<String>,
    /// When it is drawn up.
    pub drawn_up: Timestamp,
    /// The zone that the paper's times are written in.
    pub zone: TimeZone,
    /// The logs' latest checkpoints: of the custody log, and of the access log where that is cited.
    pub checkpoints: Vec<Checkpoint>,
}

/// Whether a case's data are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseKind {
    /// Invented data: every paper says so.
    Exercise,
    /// Real data.
    Investigation,
}
