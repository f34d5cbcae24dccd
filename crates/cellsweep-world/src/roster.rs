//! Inmates: who is held where and when, and whom they listed.

use rand::RngExt;
use rustc_hash::FxHashSet;

use crate::clock::{Clock, DAY, HOUR};
use crate::facility::Facility;
use crate::names;
use crate::params::Params;
use crate::rng::{Gen, Purpose, below, between, chance, exponential, instant, poisson, stream};

/// Held in one cell from, to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stay {
    pub facility: u16,
    pub cell: u32,
    pub from: i64,
    pub to: i64,
}

/// Somebody an inmate listed.
pub(crate) struct Contact {
    pub msisdn: u64,
    pub source: &'static str,
    pub name: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
    pub protected: &'static str,
    /// The handset that answers the number, where it's of this world.
    pub unit: Option<u32>,
}

/// An inmate.
pub(crate) struct Inmate {
    pub number: u32,
    pub surname: String,
    pub stays: Vec<Stay>,
    pub contacts: Vec<Contact>,
    pub case: Option<u32>,
}

/// Still there.
pub(crate) const OPEN: i64 = i64::MAX;

impl Inmate {
    /// The stay at an instant.
    pub(crate) fn stay_at(&self, t: i64) -> Option<&Stay> {
        self.stays.iter().find(|s| s.from <= t && t < s.to)
    }

    /// The inmate's id in the tables.
    pub(crate) fn id(&self) -> String {
        format!("I{:06}", self.number)
    }
}

struct Drawer<'a> {
    rng: Gen,
    used: FxHashSet<u32>,
    facilities: &'a [Facility],
    clock: &'a Clock,
    params: &'a Params,
}

/// Fills the facilities.
pub(crate) fn draw(seed: u64, facilities: &[Facility], clock: &Clock, params: &Params) -> Vec<Inmate> {
    let rng = stream(seed, Purpose::Roster, 0);
    let mut d = Drawer { rng, used: FxHashSet::default(), facilities, clock, params };
    let mut inmates = Vec::new();
    for (index, facility) in facilities.iter().enumerate() {
        let crowding =
            params.circle.as_ref().map_or((0.85, 1.45), |circle| (circle.crowding - 0.1, circle.crowding + 0.1));
        let held = f64::from(facility.capacity) * between(&mut d.rng, crowding.0, crowding.1);
        let months = f64::from(clock.days()) / 30.0;
        for _ in 0..held as usize {
            inmates.push(d.held_at_start(index));
        }
        for _ in 0..poisson(&mut d.rng, held * params.release_month * months) {
            inmates.push(d.arrives(index));
        }
        for _ in 0..poisson(&mut d.rng, held * 0.08) {
            inmates.push(d.left_before(index));
        }
    }
    crate::rng::shuffle(&mut d.rng, &mut inmates);
    inmates
}

impl Drawer<'_> {
    fn inmate(&mut self, stays: Vec<Stay>) -> Inmate {
        let number = loop {
            let n = self.rng.random_range(100_000..1_000_000u32);
            if self.used.insert(n) {
                break n;
            }
        };
        let surname = names::surname(&mut self.rng);
        Inmate { number, surname, stays, contacts: Vec::new(), case: None }
    }

    /// A stretch of so many days on average.
    fn days_of(&mut self, mean: f64) -> i64 {
        (exponential(&mut self.rng, mean) * DAY as f64) as i64
    }

    fn cell(&mut self, facility: usize) -> u32 {
        below(&mut self.rng, self.facilities[facility].cells.len()) as u32
    }

    fn stay(&mut self, facility: usize, from: i64) -> Stay {
        Stay { facility: facility as u16, cell: self.cell(facility), from, to: OPEN }
    }

    fn held_at_start(&mut self, facility: usize) -> Inmate {
        let from = self.clock.start() - self.days_of(220.0) - HOUR;
        let mut stays = Vec::new();
        if chance(&mut self.rng, 0.2) {
            let before = below(&mut self.rng, self.facilities.len());
            let long = self.days_of(150.0);
            let mut earlier = self.stay(before, from - long - DAY);
            earlier.to = from;
            stays.push(earlier);
        }
        stays.push(self.stay(facility, from));
        self.window(&mut stays);
        self.inmate(stays)
    }

    /// What happens during the window: a transfer, another cell, a release, or nothing.
    fn window(&mut self, stays: &mut Vec<Stay>) {
        let months = f64::from(self.clock.days()) / 30.0;
        let Some(last) = stays.last().copied() else { return };
        let earliest = last.from.max(self.clock.start()) + 6 * HOUR;
        if earliest >= self.clock.end() {
            return;
        }
        let when = self.office_hour(earliest);
        let u: f64 = self.rng.random();
        let transfer = self.params.transfers_month * months;
        let moved = transfer + 0.07 * months;
        let next = if u < transfer && self.facilities.len() > 1 {
            let other = 1 + below(&mut self.rng, self.facilities.len() - 1);
            Some((last.facility as usize + other) % self.facilities.len())
        } else if u < moved {
            Some(last.facility as usize)
        } else if u < moved + self.params.release_month * months {
            None
        } else {
            return;
        };
        if let Some(open) = stays.last_mut() {
            open.to = when;
        }
        if let Some(facility) = next {
            let same = facility == last.facility as usize;
            let stay = self.stay(facility, if same { when } else { when + 5 * HOUR });
            stays.push(stay);
        }
    }

    fn office_hour(&mut self, earliest: i64) -> i64 {
        let t = instant(&mut self.rng, earliest, self.clock.end());
        let (day, _) = self.clock.day_hour(t);
        let at = self.clock.midnights[day as usize] + (between(&mut self.rng, 8.0, 17.0) * HOUR as f64) as i64;
        at.max(earliest).min(self.clock.end() - HOUR)
    }

    fn arrives(&mut self, facility: usize) -> Inmate {
        let from = self.office_hour(self.clock.start());
        let stays = vec![self.stay(facility, from)];
        self.inmate(stays)
    }

    fn left_before(&mut self, facility: usize) -> Inmate {
        let to = self.clock.start() - self.days_of(60.0);
        let long = self.days_of(150.0);
        let mut stay = self.stay(facility, to - long - DAY);
        stay.to = to;
        self.inmate(vec![stay])
    }
}
