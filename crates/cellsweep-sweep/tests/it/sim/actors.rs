//! Devices, and what really happened.

use cellsweep_sweep::day::{DayWhat, Envelope};
use cellsweep_sweep::sync::{Phone, Tick};
use cellsweep_sweep::{EventId, PublicKey};

use super::made;

/// What a device is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Command,
    Desk,
    Team(usize),
}

pub struct Device {
    pub name: String,
    pub key: PublicKey,
    pub place: Place,
    pub site: usize,
    pub phone: Phone,
    /// What has to be added to true time to get its clock, in milliseconds.
    pub offset: i64,
    /// Milliseconds that it gains in a second, times a million.
    pub drift: i64,
    /// When somebody sets its clock, and by how much it moves.
    pub set: Option<(i64, i64)>,
    pub dies: Option<i64>,
    pub alive: bool,
    /// Whether its entries were taken off it when it was dead.
    pub rescued: bool,
    pub jammed_until: i64,
    /// Whether its clock moved while it was in use.
    pub was_set: bool,
}

impl Device {
    pub fn new(name: String, place: Place, site: usize) -> Self {
        let phone = Phone::new(name.parse().unwrap());
        Self {
            key: made::key(&name),
            name,
            place,
            site,
            phone,
            offset: 0,
            drift: 0,
            set: None,
            dies: None,
            alive: true,
            rescued: false,
            jammed_until: 0,
            was_set: false,
        }
    }

    /// Its clocks at a true time.
    pub fn tick(&mut self, now: i64) -> Tick {
        if let Some((_, by)) = self.set.take_if(|(when, _)| *when <= now) {
            self.offset += by;
            self.was_set = true;
        }
        let its = now + self.offset + now * self.drift / 1_000_000;
        Tick { clock: made::at(its), steady_ms: u64::try_from(now).unwrap() }
    }

    /// Whether its entries must be known at the end.
    pub fn survives(&self) -> bool {
        self.alive || self.rescued
    }
}

/// What really happened: an entry that a device took.
pub struct Entered {
    pub device: usize,
    pub id: EventId,
    pub at: i64,
    pub what: DayWhat,
    pub envelope: Envelope,
}

/// An item's way: its events in order, and who has it after each.
pub struct Way {
    pub item: String,
    pub events: Vec<(EventId, Holding)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    With(String),
    UnderWay,
}
