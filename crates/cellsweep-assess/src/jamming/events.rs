//! The effect week by week: the event study.

use serde::Serialize;

use super::Settings;
use super::design::{Design, Slot};
use super::effect::interval;
use super::noise::{Beside, Core};
use super::outcome::Outcome;
use crate::interval::Interval;

/// A week counted from the start of jamming.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Week {
    /// 0 is the first week under jamming, −1 the last before.
    pub week: i64,
    /// The mean ln ratio in that week. A week before is held against the other weeks before, so that what it shows is
    /// not shown by itself.
    pub log_ratio: Interval,
    /// Facilities that it rests on; they may be fewer in later weeks, and others.
    pub sites: usize,
}

/// Jammed or free days that a week has to have.
const LEAST_DAYS: usize = 4;

/// Weeks in which too few facilities are left are not among them.
pub fn weeks(design: &Design<'_>, settings: &Settings) -> Vec<Week> {
    let (before, after) = ((settings.before_days / 7) as i64, settings.after_days.div_ceil(7) as i64);
    (-before..after).filter_map(|week| one(design, week, settings)).collect()
}

fn one(design: &Design<'_>, week: i64, settings: &Settings) -> Option<Week> {
    let sites: Vec<Beside> = design.slots.iter().filter_map(|slot| beside(design, slot, week)).collect();
    if sites.len() < settings.least.sites {
        return None;
    }
    let core = Core::of(&sites)?;
    Some(Week { week, log_ratio: interval(&core, settings.level), sites: sites.len() })
}

fn beside(design: &Design<'_>, slot: &Slot, week: i64) -> Option<Beside> {
    let from = slot.start as i64 + 7 * week;
    let is_in = |day: &usize| (from..from + 7).contains(&(*day as i64));
    let among = if week < 0 { &slot.before } else { &slot.after };
    let days: Vec<usize> = among.iter().copied().filter(is_in).collect();
    let before: Vec<usize> = slot.before.iter().copied().filter(|day| !is_in(day)).collect();
    if days.len() < LEAST_DAYS || before.is_empty() {
        return None;
    }
    held(design, slot, &before, &days)
}

/// A slot's own ratio and the others' on these days.
pub fn held(design: &Design<'_>, slot: &Slot, before: &[usize], days: &[usize]) -> Option<Beside> {
    let own = design.ratio_on(slot.facility, slot, Outcome::Jammed, before, days)?;
    Some(Beside { own, others: design.controls_on(slot, Outcome::Jammed, before, days) })
}
