//! From who was heard when to a panel: handsets by facility, wing, technology and day.

use std::collections::BTreeSet;

use cellsweep_assess::jamming::{Air, Day, Panel, Place, Unit};
use cellsweep_assess::{Facility, Technology};
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Serialize;

use super::air::Airs;
use super::heard::{Heard, SeenDay};
use super::inside::Inside;
use super::rows::SeizedRow;
use crate::FlowError;
use crate::trace::read;

const DAY_US: i64 = 86_400_000_000;
/// A unit must be usable on this share of the days, or it is left out.
const LEAST_USABLE: f64 = 0.75;
/// Technologies that carry less than this share of what is heard have no units of their own.
const LEAST_CARRIED: f64 = 0.005;

/// What a panel was made from.
pub(super) struct Material<'a> {
    pub heard: &'a Heard,
    pub inside: &'a [Inside],
    pub airs: &'a Airs,
    /// First and last day on which each handset inside is taken to be there.
    known: Vec<(i32, i32)>,
}

/// What a panel holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Facilities with handsets inside.
    pub facilities: usize,
    /// Days.
    pub days: usize,
    /// Handsets inside.
    pub handsets: usize,
    /// Handsets of those who live around.
    pub around: usize,
    /// Facilities, or their wings, by technology.
    pub units: usize,
    /// Such units left out: too few usable days, or nobody known there.
    pub units_left_out: usize,
    /// Handsets in facilities of which only some wings are jammed, and whose wing isn't told.
    pub without_wing: usize,
    /// Unit-days under jamming.
    pub jammed_days: usize,
    /// Unit-days that say nothing: outages, gaps in what operators handed over, hours of jamming.
    pub out_days: usize,
    /// Unit-days after a technology was switched off.
    pub switched_off_days: usize,
    /// Unit-days that operators weren't asked for.
    pub not_asked_days: usize,
}

impl<'a> Material<'a> {
    /// # Errors
    /// When the table of seizures is not as written.
    pub fn new(case: &Case, heard: &'a Heard, inside: &'a [Inside], airs: &'a Airs) -> Result<Self, FlowError> {
        let seized: Vec<SeizedRow> = read(case, Table::Seizures)?;
        let known = inside.iter().zip(&heard.inside).map(|(one, days)| stay(one, days, &seized)).collect();
        Ok(Self { heard, inside, airs, known })
    }

    /// The panel of the records of some hours, a bit for each of UTC.
    pub fn panel(&self, hours: u32) -> (Panel, Counted) {
        let (first, last) = self.heard.days;
        let mut counted = Counted { days: (last - first + 1).max(0) as usize, ..Counted::default() };
        let mut units = Vec::new();
        let technologies = self.technologies();
        for facility in 0..self.heard.facilities.len() {
            let mut own = self.units_of(facility, &technologies, hours, &mut counted);
            own.extend(self.around(facility, &technologies, hours, &mut counted));
            counted.facilities += usize::from(own.iter().any(|unit| unit.place != Place::Outside));
            units.extend(own);
        }
        counted.units = units.len();
        for day in units.iter().flat_map(|unit| &unit.days) {
            match day.air {
                Air::Free => {}
                Air::Jammed => counted.jammed_days += 1,
                Air::Out => counted.out_days += 1,
                Air::SwitchedOff => counted.switched_off_days += 1,
                Air::NotAsked => counted.not_asked_days += 1,
            }
        }
        (Panel { first: civil(first), units }, counted)
    }

    fn technologies(&self) -> Vec<Technology> {
        let days = || self.heard.inside.iter().flatten();
        let all = days().count() as f64;
        let share = |own: Technology| days().filter(|day| day.technology == own).count() as f64 / all.max(1.0);
        let every = [Technology::Gsm, Technology::Umts, Technology::Lte, Technology::Nr];
        every.into_iter().filter(|technology| share(*technology) >= LEAST_CARRIED).collect()
    }

    /// A facility's wings where they are jammed apart, else the facility as one.
    fn units_of(&self, facility: usize, technologies: &[Technology], hours: u32, counted: &mut Counted) -> Vec<Unit> {
        let Ok(name) = self.name(facility) else { return Vec::new() };
        let here: Vec<usize> =
            (0..self.inside.len()).filter(|&index| self.heard.facility_of[index] == facility).collect();
        let mut units = Vec::new();
        for wing in self.wings(facility, &here, counted) {
            let of_wing = |index: &&usize| wing.is_none() || self.inside[**index].wing == wing;
            let handsets: Vec<usize> = here.iter().filter(of_wing).copied().collect();
            counted.handsets += handsets.len();
            let place = Place::Wing(wing.as_deref().unwrap_or("*").into());
            for &technology in technologies {
                let days = self.days(facility, wing.as_deref(), technology, hours, &handsets);
                let unit = Unit { facility: name.clone(), place: place.clone(), technology, days };
                keep(unit, &mut units, counted);
            }
        }
        units
    }

    fn wings(&self, facility: usize, here: &[usize], counted: &mut Counted) -> Vec<Option<String>> {
        let id = &self.heard.facilities[facility].id;
        if !self.airs.jams.iter().any(|jam| jam.facility == *id && jam.wing.is_some()) {
            return vec![None];
        }
        counted.without_wing += here.iter().filter(|&&index| self.inside[index].wing.is_none()).count();
        let names: BTreeSet<String> = here.iter().filter_map(|&index| self.inside[index].wing.clone()).collect();
        names.into_iter().map(Some).collect()
    }

    fn days(
        &self,
        facility: usize,
        wing: Option<&str>,
        technology: Technology,
        hours: u32,
        handsets: &[usize],
    ) -> Vec<Day> {
        let (first, last) = self.heard.days;
        let air = |day: i32| self.airs.of(self.heard, facility, wing, technology, day);
        let mut days: Vec<Day> = (first..=last).map(|day| Day { heard: 0, known: 0.0, air: air(day) }).collect();
        for &index in handsets {
            let (from, to) = self.known[index];
            for day in from.max(first)..=to.min(last) {
                days[(day - first) as usize].known += 1.0;
            }
            let since = self.heard.inside[index].iter().filter(|seen| seen.day >= from);
            count(&mut days, first, since, technology, hours);
        }
        days
    }

    fn around(&self, facility: usize, technologies: &[Technology], hours: u32, counted: &mut Counted) -> Vec<Unit> {
        let own: Vec<&Vec<SeenDay>> =
            self.heard.around.iter().filter(|(home, _)| *home == facility).map(|(_, days)| days).collect();
        counted.around += own.len();
        let Ok(name) = self.name(facility) else { return Vec::new() };
        let (first, last) = self.heard.days;
        let mut units = Vec::new();
        for &technology in technologies {
            // What happens to the air inside is not done to theirs; outages are.
            let air = |day: i32| match self.airs.of(self.heard, facility, Some("\u{0}"), technology, day) {
                Air::Jammed => Air::Free,
                other => other,
            };
            let known = own.len() as f64;
            let mut days: Vec<Day> = (first..=last).map(|day| Day { heard: 0, known, air: air(day) }).collect();
            count(&mut days, first, own.iter().copied().flatten(), technology, hours);
            keep(Unit { facility: name.clone(), place: Place::Outside, technology, days }, &mut units, counted);
        }
        units
    }

    fn name(&self, facility: usize) -> Result<Facility, cellsweep_assess::BlankName> {
        self.heard.facilities[facility].id.as_str().parse()
    }
}

fn count<'a>(
    days: &mut [Day],
    first: i32,
    seen: impl Iterator<Item = &'a SeenDay>,
    technology: Technology,
    hours: u32,
) {
    for seen in seen.filter(|seen| seen.technology == technology && seen.hours & hours != 0) {
        if let Some(day) = usize::try_from(seen.day - first).ok().and_then(|index| days.get_mut(index)) {
            day.heard += 1;
        }
    }
}

fn keep(unit: Unit, units: &mut Vec<Unit>, counted: &mut Counted) {
    let usable = |day: &&Day| matches!(day.air, Air::Free | Air::Jammed) && day.known > 0.0;
    let enough = unit.days.iter().filter(usable).count() as f64 >= LEAST_USABLE * unit.days.len() as f64;
    if enough && !unit.days.is_empty() {
        units.push(unit);
    } else {
        counted.units_left_out += 1;
    }
}

/// From the day after its first record there to the day on which it was found, where it was found and not heard since;
/// else for good. The first record's own day is left out: it is one on which the handset was heard, whatever jamming
/// does, and would hide part of a fall among those that came in under it.
fn stay(one: &Inside, days: &[SeenDay], seized: &[SeizedRow]) -> (i32, i32) {
    let Some(first) = days.iter().map(|day| day.day).min() else { return (i32::MAX, i32::MIN) };
    let last = days.iter().map(|day| day.last).max().unwrap_or(i64::MIN);
    let is_it = |row: &&SeizedRow| row.imei.is_some_and(|imei| one.imeis.contains(&imei)) && row.time >= last;
    let found = seized.iter().filter(is_it).map(|row| row.time.div_euclid(DAY_US) as i32).min();
    (first.saturating_add(1), found.unwrap_or(i32::MAX))
}

/// A day counted from 1970.
pub(super) fn civil(day: i32) -> Date {
    date(1970, 1, 1).saturating_add(i64::from(day).days())
}
