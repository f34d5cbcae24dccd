//! Which facilities were jammed when, on which days each is judged, and who is compared with whom.

use crate::id::{Facility, Technology};

use super::noise::Beside;
use super::outcome::Outcome;
use super::panel::{Panel, Unit};
use super::ratio::{Comparison, Ratio};
use super::{Least, Settings};
use crate::refusal::{CantTell, Needed, Shortage};

/// A jammed facility's days.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its number in [`Design::facilities`].
    pub facility: usize,
    /// The technologies that were jammed from the start.
    pub technologies: Vec<Technology>,
    /// The first day under jamming.
    pub start: usize,
    /// Free days before it.
    pub before: Vec<usize>,
    /// Days under jamming.
    pub after: Vec<usize>,
}

/// The panel's facilities, and the slots of those that can be judged.
pub struct Design<'a> {
    pub panel: &'a Panel,
    pub facilities: Vec<&'a Facility>,
    pub by_facility: Vec<Vec<&'a Unit>>,
    pub slots: Vec<Slot>,
    /// Facilities that were jammed but can't be judged: too few days, handsets, or nothing to compare with.
    pub left_out: usize,
}

impl<'a> Design<'a> {
    /// # Errors
    /// Where fewer facilities than it takes can be judged.
    pub fn of(panel: &'a Panel, settings: &Settings) -> Result<Self, CantTell> {
        let mut design = Self::bare(panel);
        let slots: Vec<Slot> = (0..design.facilities.len()).filter_map(|f| design.slot(f, settings)).collect();
        let mut best = Best::default();
        for slot in slots {
            let shortages = design.shortages(&slot, &settings.least);
            if shortages.iter().all(|needed| needed.have >= needed.at_least) {
                design.slots.push(slot);
            } else {
                design.left_out += 1;
                best.take(shortages);
            }
        }
        design.enough(&settings.least, best)?;
        Ok(design)
    }

    /// Without any slot yet.
    pub fn bare(panel: &'a Panel) -> Self {
        let mut facilities: Vec<&Facility> = panel.units.iter().map(|unit| &unit.facility).collect();
        facilities.sort_unstable();
        facilities.dedup();
        let by_facility = facilities.iter().map(|facility| units_of(panel, facility)).collect();
        Self { panel, facilities, by_facility, slots: Vec::new(), left_out: 0 }
    }

    fn enough(&self, least: &Least, best: Best) -> Result<(), CantTell> {
        let sites = Needed::new(Shortage::JammedSites, self.slots.len() as f64, least.sites as f64);
        if sites.have >= sites.at_least {
            return Ok(());
        }
        CantTell::unless_enough(std::iter::once(sites).chain(best.0))
    }

    fn slot(&self, facility: usize, settings: &Settings) -> Option<Slot> {
        let inside = self.by_facility[facility].iter().filter(|unit| !unit.is_outside());
        let start = inside.clone().filter_map(|unit| unit.start()).min()?;
        let own: Vec<&&Unit> = inside.filter(|unit| unit.start() == Some(start)).collect();
        let mut technologies: Vec<Technology> = own.iter().map(|unit| unit.technology).collect();
        technologies.sort_unstable();
        technologies.dedup();
        let from = start.saturating_sub(settings.before_days);
        let until = self.panel.days().min(start + settings.after_days);
        let before = (from..start).filter(|&day| own.iter().any(|unit| unit.is_free(day))).collect();
        let after = (start..until).filter(|&day| own.iter().any(|unit| unit.is_jammed(day))).collect();
        Some(Slot { facility, technologies, start, before, after })
    }

    fn shortages(&self, slot: &Slot, least: &Least) -> Vec<Needed> {
        let own = self.ratio(slot.facility, slot, Outcome::Jammed);
        let controls = self.controls(slot, Outcome::Jammed).len();
        let units = Outcome::Jammed.units(self, slot.facility, slot);
        let known: f64 = units.iter().map(|unit| mean_known(unit, &slot.before)).sum();
        vec![
            Needed::new(Shortage::DaysBefore, slot.before.len() as f64, least.days_before as f64),
            Needed::new(Shortage::DaysJammed, slot.after.len() as f64, least.days_jammed as f64),
            Needed::new(Shortage::Handsets, known, least.handsets),
            Needed::new(Shortage::HeardBefore, own.map_or(0.0, |ratio| ratio.before), least.heard),
            Needed::new(Shortage::ControlSites, controls as f64, least.controls as f64),
        ]
    }

    /// A facility's ratio on a slot's days.
    pub fn ratio(&self, facility: usize, slot: &Slot, outcome: Outcome) -> Option<Ratio> {
        self.ratio_on(facility, slot, outcome, &slot.before, &slot.after)
    }

    /// A facility's ratio on other days than the slot's.
    pub fn ratio_on(
        &self,
        facility: usize,
        slot: &Slot,
        outcome: Outcome,
        before: &[usize],
        after: &[usize],
    ) -> Option<Ratio> {
        let units = outcome.units(self, facility, slot);
        let is_lead = after.last().is_some_and(|&day| day < slot.start);
        let own = facility == slot.facility && outcome == Outcome::Jammed && !is_lead;
        let counts_after = if own { Unit::is_jammed } else { Unit::is_observed };
        let counts_before = Unit::is_observed;
        let panel = self.panel;
        Comparison { panel, units: &units, before, after, counts_before, counts_after }.ratio()
    }

    /// Facilities that were not jammed on any of a slot's days, nor between: never jammed, or not yet. A slot's own
    /// facility is none of them.
    pub fn is_clean(&self, facility: usize, slot: &Slot) -> bool {
        let (Some(&first), Some(&last)) = (slot.before.first(), slot.after.last()) else { return false };
        let jammed = |unit: &&Unit| (first..=last).any(|day| unit.is_jammed(day));
        facility != slot.facility && !self.by_facility[facility].iter().any(jammed)
    }

    /// Who a slot is compared with, each with its ratio.
    pub fn controls(&self, slot: &Slot, outcome: Outcome) -> Vec<(usize, Ratio)> {
        self.controls_on(slot, outcome, &slot.before, &slot.after)
    }

    pub fn controls_on(&self, slot: &Slot, outcome: Outcome, before: &[usize], after: &[usize]) -> Vec<(usize, Ratio)> {
        let clean = (0..self.facilities.len()).filter(|&facility| self.is_clean(facility, slot));
        let ratio = |facility| self.ratio_on(facility, slot, outcome, before, after).map(|ratio| (facility, ratio));
        clean.filter_map(ratio).collect()
    }

    /// The slots with an own ratio and their comparisons.
    pub fn beside(&self, outcome: Outcome) -> Vec<Beside> {
        let beside = |slot: &Slot| {
            let own = self.ratio(slot.facility, slot, outcome)?;
            Some(Beside { own, others: self.controls(slot, outcome) })
        };
        self.slots.iter().filter_map(beside).collect()
    }
}

/// The most that any facility left out has of each thing.
#[derive(Default)]
struct Best(Vec<Needed>);

impl Best {
    fn take(&mut self, shortages: Vec<Needed>) {
        if self.0.is_empty() {
            self.0 = shortages;
            return;
        }
        for (best, other) in self.0.iter_mut().zip(shortages) {
            best.have = best.have.max(other.have);
        }
    }
}

/// In an order of their own, so that sums are the same in whatever order units came.
fn units_of<'a>(panel: &'a Panel, facility: &Facility) -> Vec<&'a Unit> {
    let mut units: Vec<&Unit> = panel.units.iter().filter(|unit| unit.facility == *facility).collect();
    units.sort_by(|a, b| (&a.place, a.technology).cmp(&(&b.place, b.technology)));
    units
}

fn mean_known(unit: &Unit, days: &[usize]) -> f64 {
    days.iter().map(|&day| unit.days[day].known).sum::<f64>() / days.len().max(1) as f64
}
