//! A handset: what it is, where it can be, how it is used.

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::radio::{RadioAt, Spot};
use crate::rng::{hash01, mix};

/// Who or what a handset belongs to. The stratum of the truth.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Class {
    InmateMini,
    InmateSmart,
    InmateFeature,
    Neighbour,
    HomeStayer,
    FreeMiniOwner,
    FreeMiniNextDoor,
    SparePhone,
    AlarmModemInside,
    AlarmModemBeside,
    OfficerLocker,
    OfficerPocket,
    Official,
    Visitor,
    Lawyer,
    NightNurse,
    Traveller,
    Driver,
    PasserBy,
    Released,
    Ordinary,
}

impl Class {
    /// Whether the handset is an inmate's, kept against the rules.
    pub fn is_inmates(self) -> bool {
        matches!(self, Class::InmateMini | Class::InmateSmart | Class::InmateFeature)
    }
}

/// No facility, or outside of one.
pub(crate) const NOWHERE: u16 = u16::MAX;

/// A SIM card and when it is in the handset.
#[derive(Clone, Debug)]
pub(crate) struct Sim {
    pub op: u8,
    /// A second operator that records the same events.
    pub also: Option<u8>,
    pub imsi: u64,
    pub msisdn: u64,
    pub slot: u8,
    /// Which of the handset's users it belongs to.
    pub user: u8,
    pub from: i64,
    pub to: i64,
}

/// Somebody who uses the handset.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub weight: f32,
    /// The place they use it at, where that isn't the handset's own.
    pub place: Option<u8>,
    pub inmate: Option<u32>,
    pub contacts: Vec<u64>,
    pub from: i64,
    pub to: i64,
}

impl User {
    /// Somebody who uses it all the time.
    pub(crate) fn always(inmate: Option<u32>) -> User {
        User { weight: 1.0, place: None, inmate, contacts: Vec::new(), from: i64::MIN, to: i64::MAX }
    }
}

/// A place the handset can be at.
pub(crate) struct Place {
    pub spot: Spot,
    /// The facility whose walls it is inside of, or `NOWHERE`.
    pub facility: u16,
    pub wing: u8,
    /// Per operator of the handset's SIMs.
    pub radio: Vec<(u8, RadioAt)>,
}

/// A stretch spent away from the routine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leg {
    pub from: i64,
    pub to: i64,
    pub place: u8,
}

/// What the holder's days look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Routine {
    /// Always at the base.
    Stay,
    /// At the base, and at the place after it for a share of the time.
    Wander { share: f32 },
    /// Work at place 1 on some weekdays, other places in the free time.
    Work { from: f32, to: f32, days: u8, out: f32, places: u8 },
    /// Shifts round the clock at the places from 1 on.
    Shifts { offset: u8, nights_only: bool },
}

/// When the handset is switched on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Power {
    On,
    NightOff {
        from: f32,
        to: f32,
    },
    /// Only to be used.
    Bursts,
}

/// How it is used.
#[derive(Clone, Debug)]
pub(crate) struct Habit {
    /// Sessions a day.
    pub rate: f32,
    /// Spread of the rate from day to day (log).
    pub spread: f32,
    /// Mean number of events of a session.
    pub burst: f32,
    /// Cumulative shares of voice and sms; the rest is data.
    pub mix: [f32; 2],
    /// Cumulative weights of the hours, of 65535.
    pub hours: [u16; 24],
    pub power: Power,
    /// A machine's beat in hours; 0 for people.
    pub beat_h: f32,
    /// Hours between periodic location updates.
    pub update_h: f32,
}

/// Marks for the truth.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Marks {
    pub rented: bool,
    pub transferred: bool,
    pub seized: bool,
    pub arrives_mid: bool,
    pub cloned: bool,
    pub in_ledger: bool,
    pub known: bool,
}

/// A handset.
pub(crate) struct Unit {
    pub class: Class,
    pub imei: [u64; 2],
    pub model: u16,
    pub techs: [bool; 4],
    pub sims: Vec<Sim>,
    pub users: Vec<User>,
    pub places: Vec<Place>,
    /// From when on which place is the base.
    pub bases: Vec<(i64, u8)>,
    pub legs: Vec<Leg>,
    pub routine: Routine,
    pub habit: Habit,
    /// In use from, to.
    pub from: i64,
    pub to: i64,
    /// Stretches of silence: searches.
    pub quiet: Vec<(i64, i64)>,
    /// Facility it belongs to as a stratum, or `NOWHERE`.
    pub facility: u16,
    /// Holder and cell (an index of the facility's) where it lies.
    pub holder: Option<u32>,
    pub cell: Option<u32>,
    pub marks: Marks,
    /// The handset whose user went on with this one.
    pub successor_of: Option<u32>,
}

impl Place {
    /// A place outside of any wall.
    pub(crate) fn outside(spot: Spot) -> Place {
        Place { spot, facility: NOWHERE, wing: 0, radio: Vec::new() }
    }

    /// A place inside a facility.
    pub(crate) fn inside(spot: Spot, facility: u16, wing: u8) -> Place {
        Place { spot, facility, wing, radio: Vec::new() }
    }
}

impl Unit {
    /// Where it is at an instant: an index into its places.
    pub(crate) fn place_at(&self, id: u64, clock: &Clock, t: i64) -> u8 {
        if let Some(leg) = self.legs.iter().find(|l| l.from <= t && t < l.to) {
            return leg.place;
        }
        let base = self.base(t);
        match self.routine {
            Routine::Stay => base,
            Routine::Wander { share } => self.wander(id, base, share, t),
            Routine::Work { .. } => self.work(id, base, clock.day_hour(t)),
            Routine::Shifts { offset, nights_only } => self.shift(id, base, clock.day_hour(t), offset, nights_only),
        }
    }

    /// The base place at an instant.
    pub(crate) fn base(&self, t: i64) -> u8 {
        self.bases.iter().rev().find(|b| b.0 <= t).map_or(0, |b| b.1)
    }

    fn wander(&self, id: u64, base: u8, share: f32, t: i64) -> u8 {
        let block = t.div_euclid(45 * 60_000_000) as u64;
        let next = base + 1;
        if hash01(mix(id, block)) < f64::from(share) && usize::from(next) < self.places.len() { next } else { base }
    }

    fn work(&self, id: u64, base: u8, (day, hour): (u32, f64)) -> u8 {
        let Routine::Work { from, to, days, out, places } = self.routine else { return base };
        let h = mix(id, u64::from(day));
        let late = hash01(h) - 0.5;
        let works = days >> (day % 7) & 1 == 1 && hash01(mix(h, 3)) > 0.06;
        if works && self.places.len() > 1 && hour > f64::from(from) + late && hour < f64::from(to) + late * 2.0 {
            return 1;
        }
        let spare = usize::from(places).saturating_sub(2);
        let begin = if works { f64::from(to) + late * 2.0 } else { 10.0 + 6.0 * hash01(mix(h, 4)) };
        let long = 0.7 + 3.5 * hash01(mix(h, 5));
        if spare > 0 && base == 0 && hour > begin && hour < begin + long && hash01(mix(h, 6)) < f64::from(out) {
            return 2 + (h % spare as u64) as u8;
        }
        base
    }

    /// A rota of five days: morning, afternoon, night, off, off.
    fn shift(&self, id: u64, base: u8, (day, hour): (u32, f64), offset: u8, nights_only: bool) -> u8 {
        let late = 0.5 * (hash01(mix(id, u64::from(day))) - 0.5);
        let turn = |d: u32| (d + u32::from(offset)) % 5;
        let (from, to) = match (turn(day), nights_only) {
            (0..=2, true) | (2, false) => (20.5, 30.0),
            (0, false) => (6.6, 14.0),
            (1, false) => (13.4, 21.0),
            _ => (99.0, 99.0),
        };
        let yesterday = turn(day + 4);
        let morning_after = yesterday == 2 || nights_only && yesterday < 2;
        let on = hour > from + late && hour < to + late || morning_after && hour < 6.8 + late;
        let duty = self.places.len().saturating_sub(1);
        if on && duty > 0 {
            return 1 + (mix(id, (day * 24) as u64 + hour as u64) % duty as u64) as u8;
        }
        base
    }

    /// The SIM of a slot's user in force at an instant.
    pub(crate) fn sim_at(&self, t: i64, user: u8, second: bool) -> Option<&Sim> {
        let fits = |s: &&Sim| s.from <= t && t < s.to && (s.user == user || self.users.len() < 2);
        let mut found = self.sims.iter().filter(fits);
        let first = found.next();
        if second { found.next().or(first) } else { first }
    }

    /// Operators of all its SIMs.
    pub(crate) fn operators(&self) -> Vec<u8> {
        let mut ops: Vec<u8> = self.sims.iter().map(|s| s.op).collect();
        ops.sort_unstable();
        ops.dedup();
        ops
    }
}
