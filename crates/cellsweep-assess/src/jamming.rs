//! What jamming does to the handsets inside, and to those outside.
//!
//! The estimand is Callaway and Sant'Anna's (2021): the mean effect on the facilities that were jammed, from starts
//! on different days, each compared only with facilities that were not jammed in that time (never, or not yet). Their
//! periods are here each facility's own days before and under jamming. The scale is the logarithm of a ratio of sums,
//! heard over expected ([`Effect::log_ratio`]), so that facilities of any size add up and a fall reads as a
//! percentage; [`Effect::fewer_a_day`] is the same effect as a number of handsets.
//!
//! What is assumed: without jamming, activity at the jammed facilities would have changed in proportion as at the
//! others, give or take what facilities differ by anyway; nothing else began at the jammed ones, and only there, on
//! the same days; facilities compared with are not reached by the jamming. The placebos test the first, outages on
//! record are taken out, [`Outcome::Outside`] looks at the third.
//!
//! With three to six jammed facilities the textbook's standard errors are far too small ([`crate::groups`]); the
//! interval here is Student's with the scatter of the facilities not jammed, and an effect is claimed only
//! where a permutation test agrees. `cargo run --release -p cellsweep-assess --example panels` prints what intervals
//! cover on made-up panels.

mod chance;
mod design;
mod effect;
mod events;
mod noise;
mod outcome;
mod panel;
mod placebo;
mod power;
mod ratio;
mod weekly;

pub use chance::Chance;
pub use effect::{Effect, Site, Verdict};
pub use events::Week;
pub use outcome::Outcome;
pub use panel::{Air, Day, Panel, Place, Unit};
pub use placebo::{Elsewhere, Leads};
pub use power::{Power, power};
pub use weekly::weekly_rows;

use serde::Serialize;

use crate::refusal::CantTell;
use design::Design;

/// How far to look, and what it takes to say anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Days before a facility's start that it is compared with, at most.
    pub before_days: usize,
    /// Days from its start on that are judged, at most.
    pub after_days: usize,
    /// What it takes.
    pub least: Least,
    /// The intervals' level.
    pub level: f64,
    /// Dealings of the permutation test.
    pub draws: usize,
    /// For the dealings.
    pub seed: u64,
}

impl Default for Settings {
    /// Eight weeks before and after, 95 %.
    fn default() -> Self {
        Self { before_days: 56, after_days: 56, least: Least::default(), level: 0.95, draws: 999, seed: 1 }
    }
}

/// What it takes. Under the defaults the intervals were not seen to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Least {
    /// Jammed facilities.
    pub sites: usize,
    /// Facilities to compare each with.
    pub controls: usize,
    /// Free days before jamming.
    pub days_before: usize,
    /// Days under jamming.
    pub days_jammed: usize,
    /// Handsets known at a facility.
    pub handsets: f64,
    /// Handset-days heard there before.
    pub heard: f64,
}

impl Default for Least {
    fn default() -> Self {
        Self { sites: 2, controls: 8, days_before: 28, days_jammed: 14, handsets: 5.0, heard: 50.0 }
    }
}

/// All that is said of jamming.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Jamming {
    /// On the jammed units.
    pub effect: Effect,
    /// Week by week around the start.
    pub weeks: Vec<Week>,
    /// Did the jammed facilities already differ before?
    pub leads: Leads,
    /// How often facilities not jammed would have been said to show an effect.
    pub elsewhere: Elsewhere,
    /// What could have been seen.
    pub power: Power,
    /// On the jammed wings' other technologies.
    pub other_technologies: Result<Effect, CantTell>,
    /// On other wings.
    pub other_wings: Result<Effect, CantTell>,
    /// On those who live around.
    pub outside: Result<Effect, CantTell>,
}

/// Judges a panel. For displacement to other hours, give it a panel that counts those hours only.
///
/// # Errors
/// Where facilities, days or handsets are too few: what it would take.
pub fn assess(panel: &Panel, settings: &Settings) -> Result<Jamming, CantTell> {
    let design = Design::of(panel, settings)?;
    let effect = effect::effect(&design, Outcome::Jammed, settings)?;
    Ok(Jamming {
        weeks: events::weeks(&design, settings),
        leads: placebo::leads(&design, settings)?,
        elsewhere: placebo::elsewhere(&design, settings),
        power: Power::of(effect.standard_error, effect.df, effect.sites.len(), effect.mean_days()),
        other_technologies: effect::effect(&design, Outcome::OtherTechnologies, settings),
        other_wings: effect::effect(&design, Outcome::OtherWings, settings),
        outside: effect::effect(&design, Outcome::Outside, settings),
        effect,
    })
}

/// The effect alone.
///
/// # Errors
/// As [`assess`].
pub fn effect(panel: &Panel, outcome: Outcome, settings: &Settings) -> Result<Effect, CantTell> {
    effect::effect(&Design::of(panel, settings)?, outcome, settings)
}
