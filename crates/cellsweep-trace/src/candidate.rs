//! Candidates: what the first pass keeps of a handset that may be kept in a facility.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{HandsetKey, Imei, Imsi};
use serde::{Deserialize, Serialize};

use crate::stay::Stay;

/// Beginnings kept of a handset, to be compared with those of a second slot.
pub const MOST_STARTS: usize = 64;

/// A handset near one or more facilities.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Candidate {
    /// What its records are joined on.
    pub key: HandsetKey,
    /// Its IMEI, where it has one.
    pub imei: Option<Imei>,
    /// Tells it from other handsets with the same IMEI; empty where there is none.
    pub suffix: String,
    /// The catalogue's class.
    pub class: DeviceClass,
    /// Subscribers seen in it.
    pub imsis: Vec<Imsi>,
    /// First and last record in the case, microseconds since 1970 UTC.
    pub seen: (i64, i64),
    /// Records in the case.
    pub events: u64,
    /// Days since 1970 UTC with any record, in order.
    pub days: Vec<i32>,
    /// One for each facility it may be kept in.
    pub stays: Vec<Stay>,
    /// Facilities at whose sectors it was heard, whether it may be kept there or not.
    pub facilities_heard: u32,
    /// Seconds since 1970 UTC at which it was first heard at a sector on a day: the latest
    /// sixty-four, in order.
    pub starts: Vec<u32>,
}
