//! Daily profiles: what the fold leaves of a handset's records, and what trace reads.

use crate::id::{HandsetKey, Imsi};
use crate::sector::SectorId;

/// Sums over the timing advances of a row: enough for the mean and the spread of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimingAdvances {
    /// Records that carried one.
    pub count: u32,
    /// Their sum, in the technology's steps.
    pub sum: u64,
    /// The sum of their squares.
    pub sum_of_squares: u64,
}

/// How many records of each kind a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All records.
    pub events: u32,
    /// Calls made.
    pub voice_out: u32,
    /// Calls received.
    pub voice_in: u32,
    /// Messages sent.
    pub sms_out: u32,
    /// Messages received.
    pub sms_in: u32,
    /// Data sessions.
    pub data: u32,
    /// Attaches to the network: a phone switched on.
    pub attach: u32,
    /// Location updates.
    pub update: u32,
    /// Detaches: a phone switched off.
    pub detach: u32,
}

/// One handset's day at one sector, as one operator recorded it for one subscriber.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayRow {
    /// Days since 1970-01-01 UTC.
    pub day: i32,
    /// The serving sector.
    pub sector: SectorId,
    /// The technology's code.
    pub technology: u8,
    /// Index in the case's list of operators: who recorded it.
    pub operator: u16,
    /// The subscriber, where recorded.
    pub imsi: Option<Imsi>,
    /// Bit *h*: a record in hour *h* UTC.
    pub hours: u32,
    /// Records by kind.
    pub counts: Counts,
    /// Timing advances.
    pub timing_advances: TimingAdvances,
    /// First record, microseconds since 1970 UTC.
    pub first: i64,
    /// Last record, microseconds since 1970 UTC.
    pub last: i64,
}

/// All that the case holds of one handset, rows by day, sector, operator and subscriber.
#[derive(Debug, Clone, PartialEq)]
pub struct HandsetProfile {
    /// What the records are joined on.
    pub key: HandsetKey,
    /// Sorted; one row for each day, sector, operator and subscriber.
    pub rows: Vec<DayRow>,
}
