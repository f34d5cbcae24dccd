//! What custody says: who came after the handset did, who moved when it moved, who sat in the
//! visiting room while it spoke, in whose cell a phone was found before.

use std::sync::Arc;

use cellsweep_model::SectorId;
use rustc_hash::FxHashMap;

use crate::pair::Context;
use crate::protected::Protected;
use crate::roll::{Prison, Roll};
use crate::{DAY_US, Phone};

/// Custody findings, each a bit of a candidate's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// The handset was in use here before they came.
    BeforeArrival,
    /// It moved when they moved.
    Transfer,
    /// It spoke while they sat in the visiting room.
    DuringVisit,
    /// It called their visitor during the visit.
    CalledInVisit,
    /// A phone was found in their cell before.
    FoundInCell,
    /// A number on their list spoke with the handset's own number.
    CalledByListed,
    /// It was first heard within a day after they came.
    SinceArrival,
}

impl Flag {
    /// Every flag, in the order of their bits.
    pub const ALL: [Flag; 7] = [
        Flag::BeforeArrival,
        Flag::Transfer,
        Flag::DuringVisit,
        Flag::CalledInVisit,
        Flag::FoundInCell,
        Flag::CalledByListed,
        Flag::SinceArrival,
    ];

    /// Its bit.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// What it multiplies a candidate's odds by before the case speaks, and for how many
    /// candidates that counts.
    pub const fn prior(self) -> (f64, f64) {
        match self {
            // A phone is passed on now and then.
            Flag::BeforeArrival => (0.2, 4.0),
            Flag::Transfer => (20.0, 1.0),
            // A cellmate may use it meanwhile.
            Flag::DuringVisit => (0.4, 4.0),
            Flag::CalledInVisit => (0.15, 2.0),
            Flag::FoundInCell => (1.2, 20.0),
            Flag::CalledByListed => (4.0, 2.0),
            // Some bring one in, or get one at once; of most prisons nobody knows.
            Flag::SinceArrival => (1.5, 2.0),
        }
    }
}

/// Which facility each sector is heard from, as the case's own handsets show it.
#[derive(Debug, Default)]
pub struct Coverage {
    shares: FxHashMap<SectorId, Vec<(u32, f64)>>,
}

impl Coverage {
    /// From handsets by how likely each is kept where.
    pub fn new(roll: &Roll, phones: &[Phone]) -> Self {
        let mut hours: FxHashMap<SectorId, FxHashMap<u32, f64>> = FxHashMap::default();
        for phone in phones {
            for (facility, probability) in phone.stays.iter().filter(|(_, probability)| *probability > 0.2) {
                let Some(prison) = roll.prison(facility) else { continue };
                for row in &phone.days {
                    *hours.entry(row.sector).or_default().entry(prison).or_default() +=
                        probability * f64::from(row.hours.count_ones());
                }
            }
        }
        let mut coverage = Self::default();
        for (sector, by_prison) in hours {
            let total: f64 = by_prison.values().sum();
            let mut shares: Vec<(u32, f64)> =
                by_prison.into_iter().map(|(prison, hours)| (prison, hours / total)).collect();
            shares.sort_unstable_by_key(|(prison, _)| *prison);
            coverage.shares.insert(sector, shares);
        }
        coverage
    }

    /// By day, the share of a handset's hours that a facility explains.
    pub fn days(&self, phone: &Phone, prison: u32) -> Vec<(i32, f64)> {
        let mut days: Vec<(i32, f64, f64)> = Vec::new();
        for row in &phone.days {
            let hours = f64::from(row.hours.count_ones());
            let here = self.share(row.sector, prison) * hours;
            match days.last_mut().filter(|day| day.0 == row.day) {
                Some(day) => {
                    day.1 += here;
                    day.2 += hours;
                }
                None => days.push((row.day, here, hours)),
            }
        }
        days.into_iter().map(|(day, here, hours)| (day, here / hours.max(1.0))).collect()
    }

    fn share(&self, sector: SectorId, prison: u32) -> f64 {
        let shares = self.shares.get(&sector).map_or(&[][..], Vec::as_slice);
        shares.iter().find(|(of, _)| *of == prison).map_or(0.0, |(_, share)| *share)
    }
}

/// A day counts as spent in a facility from this share of its hours on.
const MOST_OF_A_DAY: f64 = 0.5;

/// Days of a handset in a facility, in order.
fn days_in(coverage: &Coverage, phone: &Phone, prison: u32) -> Vec<i32> {
    let days = coverage.days(phone, prison);
    days.into_iter().filter(|(_, share)| *share >= MOST_OF_A_DAY).map(|(day, _)| day).collect()
}

/// A handset's first record anywhere.
fn first_heard(phone: &Phone) -> Option<i64> {
    phone.days.iter().map(|row| row.first).min()
}

/// Visits and finds by facility.
#[derive(Debug)]
pub struct Custody {
    coverage: Arc<Coverage>,
    /// By facility: visits as (from, to, position of the inmate, number), by their beginning.
    visits: Vec<Vec<(i64, i64, u32, u64)>>,
    /// By facility and cell: finds before the asked time.
    finds: Vec<Vec<u32>>,
    /// First record of all handsets: what was heard then may have been heard before.
    begin: i64,
}

/// Visits begin and end around these minutes of what the register says.
const VISIT_MARGIN_US: i64 = 5 * 60_000_000;
const LONGEST_VISIT_US: i64 = 6 * 3_600_000_000;

impl Custody {
    /// Prepares look-ups.
    pub fn new(context: &Context<'_>, phones: &[Phone]) -> Self {
        let begin = phones.iter().filter_map(first_heard).min().unwrap_or_default();
        Self::of(context, context.evidence.at, (Arc::new(Coverage::new(context.roll, phones)), begin))
    }

    /// The same for those held at another time.
    pub fn at(&self, context: &Context<'_>, at: i64) -> Self {
        Self::of(context, at, (Arc::clone(&self.coverage), self.begin))
    }

    fn of(context: &Context<'_>, at: i64, (coverage, begin): (Arc<Coverage>, i64)) -> Self {
        let Context { roll, evidence, protected, .. } = *context;
        let mut positions: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
        for (prison, place) in roll.prisons.iter().enumerate() {
            for (position, occupant) in place.held.iter().enumerate() {
                positions.insert(occupant.inmate, (prison as u32, position as u32));
            }
        }
        let mut visits = vec![Vec::new(); roll.prisons.len()];
        for visit in evidence.visits.iter().filter(|visit| !protected.has(visit.number)) {
            let found = roll.inmate(&visit.inmate).and_then(|inmate| positions.get(&inmate));
            if let Some(&(prison, position)) = found {
                visits[prison as usize].push((visit.from, visit.to, position, visit.number.packed()));
            }
        }
        visits.iter_mut().for_each(|visits| visits.sort_unstable());
        let mut finds: Vec<Vec<u32>> = roll.prisons.iter().map(|prison| vec![0; prison.cells.len()]).collect();
        for find in evidence.finds.iter().filter(|find| find.time < at) {
            let Some(prison) = roll.prison(&find.facility) else { continue };
            let room = find.cell.as_ref().and_then(|cell| roll.prisons[prison as usize].room(cell));
            if let Some(room) = room {
                finds[prison as usize][room as usize] += 1;
            }
        }
        Self { coverage, visits, finds, begin }
    }

    /// Finds in a cell.
    pub fn finds(&self, prison: u32, cell: Option<u32>) -> u32 {
        cell.map_or(0, |cell| self.finds[prison as usize][cell as usize])
    }

    /// The flags of everybody held in a facility, for one handset.
    pub fn flags(&self, context: &Context<'_>, phone: &Phone, prison: u32) -> Vec<u8> {
        let place = &context.roll.prisons[prison as usize];
        let mut flags = vec![0; place.held.len()];
        self.flag_arrivals(place, phone, prison, &mut flags);
        self.flag_transfers(place, phone, prison, &mut flags);
        self.flag_visits(context.protected, phone, prison, &mut flags);
        let new = first_heard(phone).filter(|first| *first > self.begin + DAY_US);
        for (flags, occupant) in flags.iter_mut().zip(&place.held) {
            if new.is_some_and(|first| (0..=DAY_US).contains(&(first - occupant.since))) {
                *flags |= Flag::SinceArrival.bit();
            }
            if self.finds(prison, occupant.cell) > 0 {
                *flags |= Flag::FoundInCell.bit();
            }
        }
        flags
    }

    /// Days of a handset here before an instant.
    pub fn days_before(&self, phone: &Phone, prison: u32, since: i64) -> u32 {
        let arrival = since.div_euclid(DAY_US) as i32;
        days_in(&self.coverage, phone, prison).into_iter().filter(|day| *day < arrival).count() as u32
    }

    fn flag_arrivals(&self, place: &Prison, phone: &Phone, prison: u32, flags: &mut [u8]) {
        let days = days_in(&self.coverage, phone, prison);
        // One odd day is no use.
        let Some(second) = days.get(1).or(days.first()) else { return };
        for (flags, occupant) in flags.iter_mut().zip(&place.held) {
            if i64::from(*second) * DAY_US + DAY_US <= occupant.since {
                *flags |= Flag::BeforeArrival.bit();
            }
        }
    }

    fn flag_transfers(&self, place: &Prison, phone: &Phone, prison: u32, flags: &mut [u8]) {
        let Some(first_here) = days_in(&self.coverage, phone, prison).first().copied() else { return };
        let moved = |occupant: &crate::roll::Occupant| {
            let (from, until) = occupant.before?;
            let until = until.div_euclid(DAY_US) as i32;
            let there = days_in(&self.coverage, phone, from);
            let last_there = there.last()?;
            let arrival = occupant.since.div_euclid(DAY_US) as i32;
            (*last_there <= until && first_here >= arrival && first_here - last_there <= 30).then_some(())
        };
        for (flags, occupant) in flags.iter_mut().zip(&place.held) {
            if phone.days.first().is_some_and(|row| i64::from(row.day) * DAY_US < occupant.since)
                && moved(occupant).is_some()
            {
                *flags |= Flag::Transfer.bit();
            }
        }
    }

    fn flag_visits(&self, protected: &Protected, phone: &Phone, prison: u32, flags: &mut [u8]) {
        let visits = &self.visits[prison as usize];
        for row in protected.spoken(phone) {
            for time in [row.first, row.last] {
                let start = visits.partition_point(|visit| visit.0 < time - LONGEST_VISIT_US);
                let until = visits.partition_point(|visit| visit.0 <= time);
                for &(from, to, position, number) in &visits[start..until] {
                    if from + VISIT_MARGIN_US <= time && time < to - VISIT_MARGIN_US {
                        flags[position as usize] |= Flag::DuringVisit.bit();
                        if i64::try_from(number) == Ok(row.peer) {
                            flags[position as usize] |= Flag::CalledInVisit.bit();
                        }
                    }
                }
            }
        }
    }
}
