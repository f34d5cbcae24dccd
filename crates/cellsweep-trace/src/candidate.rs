//! Candidates: what the first pass keeps of a handset that may be kept in a facility.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{HandsetKey, Imei, Imsi};
use serde::{Deserialize, Serialize};

use crate::files::Bulk;
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
    /// How many handsets use its IMEI.
    pub hands: u32,
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

impl Bulk for Candidate {
    fn bytes(&self) -> usize {
        let lists = size_of_val(&self.imsis[..]) + size_of_val(&self.days[..]) + size_of_val(&self.starts[..]);
        size_of::<Self>() + lists + self.suffix.len() + self.stays.iter().map(Bulk::bytes).sum::<usize>()
    }
}

impl Bulk for Stay {
    fn bytes(&self) -> usize {
        let radio = size_of_val(&self.sectors[..]) + size_of_val(&self.far[..]) + size_of_val(&self.advances[..]);
        size_of::<Self>() + radio + size_of_val(&self.daily[..])
    }
}
