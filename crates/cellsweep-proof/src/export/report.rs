//! What comes out of checking a log.

use serde::Serialize;

use super::Finding;
use super::marks::{Stamped, WitnessedAt};

/// What was checked of a log, and what doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// The log's name; blank where there was no key to tell.
    pub origin: String,
    /// The key that everything hangs on.
    pub vkey: String,
    /// Whether that key came from elsewhere than the files.
    pub vkey_given: bool,
    /// Which log, as its entries say.
    pub log: Option<&'static str>,
    /// Entries there.
    pub entries: u64,
    /// What is kept of the entries before them, where those were erased.
    pub closed: Option<ClosedReport>,
    /// Entries that the latest good checkpoint vouches for, erased ones among them.
    pub signed: u64,
    /// Checkpoints whose signature holds, and whose root the entries that are there lead to.
    pub checkpoints: u64,
    /// Changes of the signing key that were followed.
    pub rotations: u64,
    /// When the first and the last entry were received, as they say.
    pub received: Option<(String, String)>,
    /// Entries whose time lies before that of the entry above them: clocks were set or differ.
    pub clock_went_back: u64,
    /// Witnesses' co-signatures that hold.
    pub witnessed: Vec<WitnessedAt>,
    /// Time stamps that are of their checkpoints.
    pub stamped: Vec<Stamped>,
    /// What doesn't hold; empty where everything does.
    pub findings: Vec<Finding>,
}

/// What holds of entries that were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedReport {
    /// How many there were: the first one still there has this number.
    pub until: u64,
    /// Checkpoints kept with a proof that each continues the one before: changes of keys and closings, the last one over
    /// all erased entries.
    pub proved: u64,
    /// Other checkpoints over fewer entries whose signature holds; what they cover can't be checked any more.
    pub signed_only: u64,
}

impl LogReport {
    /// Whether nothing was found.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}
