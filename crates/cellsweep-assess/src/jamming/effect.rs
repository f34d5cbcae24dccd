//! The effect on one kind of units, with its interval and verdict.

use crate::id::Facility;
use serde::Serialize;

use super::chance::{Chance, Table};
use super::design::Design;
use super::noise::{Beside, Core};
use super::outcome::Outcome;
use super::{Least, Settings};
use crate::interval::Interval;
use crate::refusal::{CantTell, Needed, Shortage};

/// A mean effect over the jammed facilities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// On what.
    pub outcome: Outcome,
    /// Mean over facilities of ln(heard / expected), less the same at the facilities compared with.
    pub log_ratio: Interval,
    /// The fall as a share: 1 − e^log_ratio. Negative where activity rose.
    pub fall: Interval,
    /// Handsets fewer a day, over these facilities together, by the same ratio.
    pub fewer_a_day: Interval,
    /// The standard error of `log_ratio`.
    pub standard_error: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// How often chance alone does as much.
    pub chance: Chance,
    /// What may be said.
    pub verdict: Verdict,
    /// The facilities judged.
    pub sites: Vec<Site>,
    /// Facilities jammed, but not judged.
    pub left_out: usize,
    /// Facilities compared with.
    pub controls: usize,
}

/// A jammed facility's part. One facility's figure alone has no interval that would hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    /// Which.
    pub facility: Facility,
    /// ln(heard / expected).
    pub log_ratio: f64,
    /// Days judged.
    pub days: usize,
    /// Handset-days heard on them.
    pub heard: f64,
    /// Handset-days expected on them by the earlier days, before the others' change is taken off.
    pub expected: f64,
}

/// What may be said of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Activity fell: the interval excludes none, and chance does as much in at most 5 % of the dealings.
    Fall,
    /// Activity rose, likewise.
    Rise,
    /// Neither is shown. That is not to say that there is no effect: see the interval and the power.
    NotShown,
}

impl Effect {
    /// Days judged, on average over facilities.
    pub fn mean_days(&self) -> f64 {
        self.sites.iter().map(|site| site.days as f64).sum::<f64>() / self.sites.len().max(1) as f64
    }
}

/// # Errors
/// Where facilities are too few for this outcome, or for a permutation to say anything at 5 %.
pub fn effect(design: &Design<'_>, outcome: Outcome, settings: &Settings) -> Result<Effect, CantTell> {
    let beside = design.beside(outcome);
    anything(design, outcome)?;
    enough(design, &beside, &settings.least)?;
    let core = Core::of(&beside).ok_or_else(|| few_controls(&beside, &settings.least))?;
    let table = Some(Table::of(design, outcome)).filter(|table| table.least_p() <= 1.0 - settings.level);
    let chance = table.and_then(|table| table.chance(settings.draws, settings.seed));
    let chance = chance.ok_or_else(|| few_controls(&beside, &settings.least))?;
    Ok(put_together(design, outcome, &core, chance, &beside, settings))
}

/// Where everything is jammed there is nothing that activity could move to.
fn anything(design: &Design<'_>, outcome: Outcome) -> Result<(), CantTell> {
    let free = match outcome {
        Outcome::OtherTechnologies => Shortage::FreeTechnologies,
        Outcome::OtherWings => Shortage::FreeWings,
        Outcome::Jammed | Outcome::Outside => return Ok(()),
    };
    let units = design.slots.iter().map(|slot| outcome.units(design, slot.facility, slot).len()).sum::<usize>();
    CantTell::unless_enough([Needed::new(free, units as f64, 1.0)])
}

/// A facility without an own ratio (no such units, or dead air) is out, and then dealings can't be compared: so all
/// or nothing.
fn enough(design: &Design<'_>, beside: &[Beside], least: &Least) -> Result<(), CantTell> {
    let fewest = beside.iter().map(|site| site.others.len()).min().unwrap_or(0);
    CantTell::unless_enough([
        Needed::new(Shortage::JammedSites, beside.len() as f64, design.slots.len() as f64),
        Needed::new(Shortage::ControlSites, fewest as f64, least.controls as f64),
    ])
}

fn few_controls(beside: &[Beside], least: &Least) -> CantTell {
    let fewest = beside.iter().map(|site| site.others.len()).min().unwrap_or(0);
    CantTell::one(Shortage::ControlSites, fewest as f64, (least.controls.max(fewest + 1)) as f64)
}

fn put_together(
    design: &Design<'_>,
    outcome: Outcome,
    core: &Core,
    chance: Chance,
    beside: &[Beside],
    settings: &Settings,
) -> Effect {
    let log_ratio = interval(core, settings.level);
    let sites = design.slots.iter().zip(beside).map(|(slot, beside)| Site {
        facility: design.facilities[slot.facility].clone(),
        log_ratio: beside.own.log,
        days: slot.after.len(),
        heard: beside.own.heard,
        expected: beside.own.expected,
    });
    let sites: Vec<Site> = sites.collect();
    let a_day: f64 = sites.iter().map(|site| site.heard / site.days as f64).sum();
    let mut controls: Vec<usize> = beside.iter().flat_map(|site| &site.others).map(|(other, _)| *other).collect();
    controls.sort_unstable();
    controls.dedup();
    Effect {
        outcome,
        fall: log_ratio.map_falling(|log| -log.exp_m1()),
        fewer_a_day: log_ratio.map_falling(|log| a_day * (-log).exp_m1()),
        standard_error: core.standard_error,
        df: core.df,
        verdict: verdict(&log_ratio, &chance),
        log_ratio,
        chance,
        sites,
        left_out: design.left_out,
        controls: controls.len(),
    }
}

pub fn interval(core: &Core, level: f64) -> Interval {
    let half = core.half_width(level);
    Interval { value: core.log_ratio, low: core.log_ratio - half, high: core.log_ratio + half, level }
}

fn verdict(log_ratio: &Interval, chance: &Chance) -> Verdict {
    if log_ratio.holds(0.0) || chance.p > 1.0 - log_ratio.level {
        return Verdict::NotShown;
    }
    if log_ratio.value < 0.0 { Verdict::Fall } else { Verdict::Rise }
}
