//! Effects where there can't be any: before the start, and at facilities that were not jammed.

use serde::Serialize;

use super::Settings;
use super::design::{Design, Slot};
use super::effect::interval;
use super::events::held;
use super::noise::{Beside, Core};
use super::outcome::Outcome;
use super::ratio::Ratio;
use crate::interval::Interval;
use crate::refusal::{CantTell, Shortage};

/// The placebo in time: the last two weeks before the start, held against the weeks before those.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Leads {
    /// The mean ln ratio.
    pub log_ratio: Interval,
    /// Facilities that it rests on.
    pub sites: usize,
    /// Whether the interval excludes none: then something went on before jamming, and the effect is in doubt.
    pub in_doubt: bool,
}

/// The placebo in space: each facility not jammed, as if it had been jammed alone on a jammed one's days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Elsewhere {
    /// Facilities and days tried.
    pub tried: usize,
    /// How many of their intervals exclude none; about one in twenty would by chance.
    pub claimed: usize,
    /// The greatest ln ratio among them, in either direction.
    pub greatest: f64,
}

const LEAD_DAYS: usize = 14;

/// # Errors
/// Where no facility has days enough before those two weeks.
pub fn leads(design: &Design<'_>, settings: &Settings) -> Result<Leads, CantTell> {
    let sites: Vec<Beside> = design.slots.iter().filter_map(|slot| lead(design, slot)).collect();
    let core = Core::of(&sites).ok_or_else(|| CantTell::one(Shortage::DaysBefore, 0.0, 2.0 * LEAD_DAYS as f64))?;
    let log_ratio = interval(&core, settings.level);
    Ok(Leads { log_ratio, sites: sites.len(), in_doubt: !log_ratio.holds(0.0) })
}

fn lead(design: &Design<'_>, slot: &Slot) -> Option<Beside> {
    let turn = slot.start.checked_sub(LEAD_DAYS)?;
    let (earlier, last): (Vec<usize>, Vec<usize>) = slot.before.iter().partition(|&&day| day < turn);
    held(design, slot, &earlier, &last)
}

pub fn elsewhere(design: &Design<'_>, settings: &Settings) -> Elsewhere {
    let mut sum = Elsewhere { tried: 0, claimed: 0, greatest: 0.0 };
    for slot in &design.slots {
        let controls = design.controls(slot, Outcome::Jammed);
        for index in 0..controls.len() {
            let Some(core) = alone(&controls, index) else { continue };
            sum.tried += 1;
            sum.claimed += usize::from(!interval(&core, settings.level).holds(0.0));
            if core.log_ratio.abs() > f64::abs(sum.greatest) {
                sum.greatest = core.log_ratio;
            }
        }
    }
    sum
}

fn alone(controls: &[(usize, Ratio)], index: usize) -> Option<Core> {
    let others = controls.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, ratio)| *ratio);
    Core::of(&[Beside { own: controls[index].1, others: others.collect() }])
}
