//! Peers: whom a handset spoke with, day by day. What the fold leaves of its calls and messages,
//! and what is weighed against the numbers that inmates listed.

use crate::id::{HandsetKey, Imsi, Msisdn};

/// One handset's day with one other party, for one subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerRow {
    /// The other party as the records' canonical column has it: a number's packed digits, or the
    /// negative code of a sender's name ([`crate::record::name_code`]).
    pub peer: i64,
    /// Days since 1970-01-01 UTC.
    pub day: i32,
    /// The subscriber, where recorded: tells the handsets apart that share an IMEI.
    pub imsi: Option<Imsi>,
    /// The subscriber's own number, where recorded.
    pub own: Option<Msisdn>,
    /// Calls made.
    pub voice_out: u32,
    /// Calls received.
    pub voice_in: u32,
    /// Messages sent.
    pub sms_out: u32,
    /// Messages received.
    pub sms_in: u32,
    /// Seconds spoken.
    pub seconds: u32,
    /// Bit *h*: a call or message in hour *h* UTC.
    pub hours: u32,
    /// First of them, microseconds since 1970 UTC.
    pub first: i64,
    /// Last of them, microseconds since 1970 UTC.
    pub last: i64,
}

/// Whom one handset spoke with, rows by peer, day and subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandsetPeers {
    /// What the records are joined on.
    pub key: HandsetKey,
    /// Sorted; one row for each peer, day and subscriber.
    pub rows: Vec<PeerRow>,
}

impl PeerRow {
    /// The other party's number; `None` where it is a name.
    pub fn number(&self) -> Option<Msisdn> {
        u64::try_from(self.peer).ok().and_then(Msisdn::from_packed)
    }

    /// Calls and messages. Two operators' accounts of the same call (roaming) both count: days are
    /// the safer unit.
    pub fn contacts(&self) -> u32 {
        self.voice_out + self.voice_in + self.sms_out + self.sms_in
    }

    /// Whether another row counts the same thing: same peer, day and subscriber.
    pub fn same_day(&self, other: &PeerRow) -> bool {
        (self.peer, self.day, self.imsi) == (other.peer, other.day, other.imsi)
    }

    /// Adds another part of the same count. Associative and commutative.
    pub fn absorb(&mut self, other: &PeerRow) {
        self.own = self.own.max(other.own);
        self.voice_out += other.voice_out;
        self.voice_in += other.voice_in;
        self.sms_out += other.sms_out;
        self.sms_in += other.sms_in;
        self.seconds = self.seconds.saturating_add(other.seconds);
        self.hours |= other.hours;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}
