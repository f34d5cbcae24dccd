//! What could be seen, and what it would take to see more.

use crate::id::Technology;
use serde::Serialize;

use super::Settings;
use super::design::{Design, Slot};
use super::outcome::Outcome;
use super::panel::Panel;
use crate::refusal::{CantTell, Needed, Shortage};
use crate::special::student_quantile;

/// The smallest fall that is found four times in five.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Power {
    /// As a share of activity.
    pub fall: f64,
    /// With so many jammed facilities.
    pub sites: usize,
    /// For so many days each.
    pub days: f64,
}

/// How often that fall is found.
const POWER: f64 = 0.8;

impl Power {
    /// From a standard error on the log scale (Bloom 1995): (t at 97.5 % + t at 80 %) standard errors.
    pub(super) fn of(standard_error: f64, df: f64, sites: usize, days: f64) -> Self {
        let multiple = student_quantile(0.975, df) + student_quantile(POWER, df);
        Self { fall: -(-multiple * standard_error).exp_m1(), sites, days }
    }
}

/// What so many facilities jammed for so many days would show, from the scatter of facilities not jammed over the
/// panel's last days.
///
/// # Errors
/// Where the panel is too short or has too few facilities.
pub fn power(panel: &Panel, sites: usize, days: usize, settings: &Settings) -> Result<Power, CantTell> {
    let least = &settings.least;
    CantTell::unless_enough([
        Needed::new(Shortage::JammedSites, sites as f64, least.sites as f64),
        Needed::new(Shortage::DaysJammed, days as f64, least.days_jammed as f64),
        Needed::new(Shortage::DaysBefore, panel.days().saturating_sub(days) as f64, least.days_before as f64),
    ])?;
    let spread = free_spread(panel, days, settings);
    let shortage = || CantTell::one(Shortage::ControlSites, spread.0 as f64, (least.controls + sites) as f64);
    let left = spread.0.checked_sub(sites).filter(|left| *left >= least.controls).ok_or_else(shortage)?;
    let standard_error = spread.1 * (1.0 / sites as f64 + 1.0 / left as f64).sqrt();
    Ok(Power::of(standard_error, left as f64 - 1.0, sites, days as f64))
}

/// Facilities free of jamming over the panel's last days, and the standard deviation of their ratios.
fn free_spread(panel: &Panel, days: usize, settings: &Settings) -> (usize, f64) {
    let design = Design::bare(panel);
    let start = panel.days() - days;
    let mut technologies: Vec<Technology> = panel.units.iter().map(|unit| unit.technology).collect();
    technologies.sort_unstable();
    technologies.dedup();
    let nobody = design.facilities.len();
    let before = (start.saturating_sub(settings.before_days)..start).collect();
    let slot = Slot { facility: nobody, technologies, start, before, after: (start..panel.days()).collect() };
    let logs: Vec<f64> = design.controls(&slot, Outcome::Jammed).iter().map(|(_, ratio)| ratio.log).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    (logs.len(), (squares / (logs.len() as f64 - 1.0)).sqrt())
}
