//! The device's half: it numbers and keeps entries, sends them until they are acknowledged, and ends.

use jiff::Timestamp;

use super::message::{FromPhone, FromServer, Standing};
use super::ranges::Ranges;
use crate::day::{self, DayEvent, DayWhat, Envelope, Refusal};
use crate::event::{Event, Party};
use crate::id::{DeviceKey, Mark, Signature};
use crate::limits;
use crate::wire::WireError;

/// Bytes of texts in a batch: a jammed network carries little at a time.
const BATCH_BYTES: usize = 64 << 10;
/// A measure that took longer says too little, in milliseconds.
const ROUND_TRIP_MS: i64 = 60_000;
/// Two clocks of a device that differ by more while a message is under way: somebody set one of them.
const CLOCKS_APART_MS: i64 = 100;
/// A clock is measured again after this long, in milliseconds.
const MEASURE_EVERY_MS: i64 = 900_000;

/// How a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It takes entries.
    Entering,
    /// It has entered its last, or may enter no more, and sends what it has.
    Sending,
    /// Everything is acknowledged: its key is to be destroyed.
    Done,
    /// The key is destroyed, and nothing is left.
    Shredded,
}

/// Why a device doesn't take an entry.
#[derive(Debug, thiserror::Error)]
pub enum Entering {
    /// It makes no sense by itself.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its day is over.
    #[error("the device enters nothing any more")]
    Over,
    /// The text isn't the one that this device was to sign next.
    #[error("what was signed is not the device's next entry")]
    NotNext,
    /// It can't be written.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// The device's clock held against the server's, to be entered as [`DayWhat::ClockMeasured`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// What the device's clock said in the middle of the exchange.
    pub its_time: Timestamp,
    /// What time it was.
    pub true_time: Timestamp,
    /// Half of what the exchange took, in milliseconds.
    pub within_ms: u64,
}

/// A device's two clocks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// What its clock says; people set it.
    pub clock: Timestamp,
    /// Milliseconds by a count that nobody sets, from any beginning.
    pub steady_ms: u64,
}

/// What a message from the server brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    /// A measure of the clock that is worth entering.
    pub reading: Option<Reading>,
    /// Command's words, in their order. Whoever calls checks their signatures before anything is shown.
    pub news: Vec<Envelope>,
}

/// How far a device has heard command's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upto {
    /// How many of them.
    pub count: u64,
    /// Which, as the server said.
    pub mark: Option<Mark>,
}

/// A device on a search day. Whoever calls keeps what it holds, and has kept it before showing it as entered.
#[derive(Debug, Clone)]
pub struct Phone {
    device: DeviceKey,
    outbox: Vec<Envelope>,
    acknowledged: Ranges,
    heard: Upto,
    phase: Phase,
    /// The entry from which the next batch looks for something to send: one that is never acknowledged holds up no
    /// other.
    next: u64,
    measured: Option<Reading>,
    /// When the last hello went out.
    called: Option<Tick>,
}

impl Phone {
    /// A device that has entered nothing.
    pub fn new(device: DeviceKey) -> Self {
        Self::restored(device, Vec::new(), Ranges::new(), Upto::default())
    }

    /// A device that was started anew, from what was kept of it.
    pub fn restored(device: DeviceKey, outbox: Vec<Envelope>, acknowledged: Ranges, heard: Upto) -> Self {
        let mut phone =
            Self { device, outbox, acknowledged, heard, phase: Phase::Entering, next: 1, measured: None, called: None };
        let last = phone.outbox.last().and_then(|last| last.open(Timestamp::UNIX_EPOCH).ok());
        if last.is_some_and(|event| event.what == DayWhat::Finished {}) {
            phone.phase = Phase::Sending;
            phone.end_if_done();
        }
        phone
    }

    /// The text of the next entry, to be signed with the device's key.
    ///
    /// # Errors
    /// Where it makes no sense by itself, or the device's day is over.
    pub fn draft(&self, by: Party, occurred: Timestamp, what: DayWhat) -> Result<String, Entering> {
        if self.phase != Phase::Entering {
            return Err(Entering::Over);
        }
        let sequence = self.last() + 1;
        let id = format!("{}:{sequence}", self.device).parse().ok().ok_or(Refusal::Id)?;
        let received = Timestamp::UNIX_EPOCH;
        let event: DayEvent = Event { id, occurred, received, device: self.device.clone(), sequence, by, what };
        day::sensible(&event)?;
        Ok(day::write(&event)?)
    }

    /// Takes the signed text of [`Phone::draft`] as the next entry. It counts as entered once whoever calls has kept
    /// the device.
    ///
    /// # Errors
    /// Where it isn't the next entry.
    pub fn enter(&mut self, text: String, signature: Signature) -> Result<(), Entering> {
        if self.phase != Phase::Entering {
            return Err(Entering::Over);
        }
        let envelope = Envelope { text, signature };
        let event = envelope.open(Timestamp::UNIX_EPOCH).ok().ok_or(Entering::NotNext)?;
        if event.device != self.device || event.sequence != self.last() + 1 {
            return Err(Entering::NotNext);
        }
        if event.what == (DayWhat::Finished {}) {
            self.phase = Phase::Sending;
        }
        self.outbox.push(envelope);
        Ok(())
    }

    /// Says that it is here.
    pub fn hello(&mut self, now: Tick) -> FromPhone {
        self.called = Some(now);
        let unsent = self.last().saturating_sub(self.acknowledged.count());
        let Upto { count: heard, mark } = self.heard.clone();
        let mark = mark.or_else(Mark::of_nothing);
        FromPhone::Hello { device: self.device.clone(), clock: now.clock, last: self.last(), unsent, heard, mark }
    }

    /// The next entries to send, if any are left to send.
    pub fn batch(&mut self) -> Option<FromPhone> {
        let missing = self.acknowledged.missing(self.last());
        let (first, last) = missing.iter().find(|(_, last)| *last >= self.next).or_else(|| missing.iter().next())?;
        let first = if (first..=last).contains(&self.next) { self.next } else { first };
        let mut entries = Vec::new();
        let mut bytes = 0;
        for number in first..=last {
            let Some(envelope) = self.envelope(number) else { break };
            bytes += envelope.text.len();
            if entries.len() == limits::BATCH || (bytes > BATCH_BYTES && !entries.is_empty()) {
                break;
            }
            entries.push(envelope.clone());
        }
        self.next = first + entries.len() as u64;
        Some(FromPhone::Batch { device: self.device.clone(), first, entries })
    }

    /// Takes what the server sent.
    pub fn receive(&mut self, message: FromServer, now: Tick) -> Heard {
        if *message.device() != self.device || self.phase == Phase::Shredded {
            return Heard::default();
        }
        match message {
            FromServer::Welcome { clock: true_time, echo, have, standing, .. } => {
                // All that the server has: what it lost with a disk is sent again.
                self.acknowledged = have;
                if standing == Standing::Revoked {
                    self.revoked();
                }
                self.end_if_done();
                Heard { reading: self.reading(echo, now, true_time), news: Vec::new() }
            }
            FromServer::Acknowledged { have, .. } => {
                self.acknowledged.extend(&have);
                self.end_if_done();
                Heard::default()
            }
            FromServer::News { after, upto, mark, entries, .. } if after == self.heard.count => {
                self.heard = Upto { count: upto, mark };
                Heard { reading: None, news: entries }
            }
            // Out of order: the next hello says how far it is.
            FromServer::News { .. } => Heard::default(),
        }
    }

    /// Command has revoked the device: it enters no more, and sends what it has.
    pub fn revoked(&mut self) {
        if self.phase == Phase::Entering {
            self.phase = Phase::Sending;
        }
        self.end_if_done();
    }

    /// Destroys what it holds; whoever calls destroys the key. Only when everything is acknowledged.
    pub fn shred(&mut self) -> bool {
        let done = self.phase == Phase::Done;
        if done {
            self.outbox.iter_mut().for_each(|envelope| envelope.text.clear());
            self.phase = Phase::Shredded;
        }
        done
    }

    /// Everything that it holds, for a desk to take off it.
    pub fn export(&self) -> Vec<FromPhone> {
        let chunks = self.outbox.chunks(limits::BATCH).enumerate();
        let batch = |(at, entries): (usize, &[Envelope])| FromPhone::Batch {
            device: self.device.clone(),
            first: (at * limits::BATCH) as u64 + 1,
            entries: entries.to_vec(),
        };
        if self.phase == Phase::Shredded { Vec::new() } else { chunks.map(batch).collect() }
    }

    /// Which device.
    pub fn device(&self) -> &DeviceKey {
        &self.device
    }

    /// How it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Its last entry's number.
    pub fn last(&self) -> u64 {
        self.outbox.len() as u64
    }

    /// Entries that it knows to be durable.
    pub fn acknowledged(&self) -> &Ranges {
        &self.acknowledged
    }

    /// Its entries and how many of command's words it has, to be kept and restored.
    pub fn kept(&self) -> (&[Envelope], &Ranges, &Upto) {
        (&self.outbox, &self.acknowledged, &self.heard)
    }

    fn envelope(&self, number: u64) -> Option<&Envelope> {
        usize::try_from(number.checked_sub(1)?).ok().and_then(|at| self.outbox.get(at))
    }

    fn end_if_done(&mut self) {
        let all = self.acknowledged.missing(self.last()).is_empty();
        match self.phase {
            Phase::Sending if all => self.phase = Phase::Done,
            Phase::Done if !all => self.phase = Phase::Sending,
            _ => {}
        }
    }

    /// A measure, if it answers the last hello, nobody set the clock meanwhile, and it says more than the last one.
    fn reading(&mut self, echo: Timestamp, now: Tick, true_time: Timestamp) -> Option<Reading> {
        let called = self.called.filter(|called| called.clock == echo && self.phase == Phase::Entering)?;
        let took = i64::try_from(now.steady_ms.checked_sub(called.steady_ms)?).ok()?;
        let by_clock = now.clock.as_millisecond() - echo.as_millisecond();
        if took > ROUND_TRIP_MS || (by_clock - took).abs() > CLOCKS_APART_MS {
            return None;
        }
        let its_time = Timestamp::from_millisecond(echo.as_millisecond() + by_clock / 2).ok()?;
        let new = Reading { its_time, true_time, within_ms: took.unsigned_abs() / 2 + 2 };
        let worth = self.measured.is_none_or(|known| says_more(&new, &known));
        worth.then(|| {
            self.measured = Some(new);
            new
        })
    }
}

fn says_more(new: &Reading, known: &Reading) -> bool {
    let add = |reading: &Reading| reading.true_time.as_millisecond() - reading.its_time.as_millisecond();
    let since = new.its_time.as_millisecond() - known.its_time.as_millisecond();
    let apart = (add(new) - add(known)).unsigned_abs();
    since.abs() >= MEASURE_EVERY_MS || apart > new.within_ms + known.within_ms || new.within_ms * 4 < known.within_ms
}
