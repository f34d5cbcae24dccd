//! Daily profiles: what the fold leaves of a handset's records, and what trace reads.

use serde::{Deserialize, Serialize};

use crate::id::{HandsetKey, Imsi};
use crate::sector::SectorId;

/// Sums over the timing advances of a row: enough for the mean and the spread of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TimingAdvances {
    /// Records that carried one.
    pub count: u32,
    /// Their sum, in the technology's steps.
    pub sum: u64,
    /// The sum of their squares.
    pub sum_of_squares: u64,
}

/// How many records of each kind a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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

impl DayRow {
    /// Whether another row counts the same thing: same day, sector, operator and subscriber.
    pub fn same_place(&self, other: &DayRow) -> bool {
        (self.day, self.sector, self.operator, self.imsi) == (other.day, other.sector, other.operator, other.imsi)
    }

    /// Adds another part of the same count. Associative and commutative, so it does not matter
    /// how records were cut into files or runs.
    pub fn absorb(&mut self, other: &DayRow) {
        self.technology = self.technology.max(other.technology);
        self.hours |= other.hours;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.counts.absorb(&other.counts);
        self.timing_advances.count += other.timing_advances.count;
        self.timing_advances.sum += other.timing_advances.sum;
        self.timing_advances.sum_of_squares += other.timing_advances.sum_of_squares;
    }
}

impl Counts {
    /// Adds another's.
    pub fn absorb(&mut self, other: &Counts) {
        self.events += other.events;
        self.voice_out += other.voice_out;
        self.voice_in += other.voice_in;
        self.sms_out += other.sms_out;
        self.sms_in += other.sms_in;
        self.data += other.data;
        self.attach += other.attach;
        self.update += other.update;
        self.detach += other.detach;
    }
}
