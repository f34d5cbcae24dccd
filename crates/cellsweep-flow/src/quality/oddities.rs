//! Everything that quality counted, for the remarks.

use cellsweep_engine::Repeats;
use cellsweep_trace::ClockSlip;

use super::seen::Seen;

/// Counts over the whole case.
pub(super) struct Oddities<'a> {
    pub seen: &'a Seen,
    pub gaps: u64,
    /// Records on days far from all others.
    pub wild: u64,
    pub missing_sectors: u64,
    pub silent_sectors: u64,
    pub clock_slips: Vec<ClockSlip>,
    pub repeats: Repeats,
    pub ambiguous_codes: u64,
    /// Rows of the sectors' table that are of another country than the others.
    pub strangers: u64,
}
