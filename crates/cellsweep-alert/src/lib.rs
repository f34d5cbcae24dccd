//! Alert: what a case lists now against what it listed before, and what of it somebody should hear.
//!
//! Belongs here: which differences are raised, once each, with their reasons, and when a facility
//! is silent beyond chance. Does not belong here: how what is compared is made (trace, attribute,
//! successors), sentences, any reading or writing, the clock.
//!
//! Everything is a function of two values: what was [`Known`] and what is so [`Now`]. What is known
//! afterwards goes into the next comparison. The first comparison has nothing to compare with: it
//! raises nothing, and all that it finds is known from then on.

mod handsets;
mod silence;
mod tail;

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::rows::Seizure;
use cellsweep_model::{Alert, CellId, Device, Explanation, FacilityId, Place, Successor};
use serde::{Deserialize, Serialize};

pub use silence::{Activity, FacilityActivity, OperatorDay, SilenceSettings, judged, usual_share};
pub use tail::log10_tail;

/// What a case says at the time of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Now {
    /// The latest trace's list.
    pub devices: Vec<Device>,
    /// The latest attribution's places.
    pub places: Vec<Place>,
    /// Pairs of listed handsets of which the later goes on where the earlier stopped.
    pub successors: Vec<Successor>,
    /// Phones that were found.
    pub seizures: Vec<Seizure>,
    /// What was heard by day of the listed handsets, facility by facility.
    pub activity: Activity,
    /// What could explain that a facility is silent.
    pub windows: Vec<Window>,
}

/// A stretch in which a facility may be silent for a reason that the case knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Why.
    pub by: Explanation,
    /// Where; `None` = everywhere.
    pub facility: Option<FacilityId>,
    /// Microseconds since 1970 UTC.
    pub from: i64,
    /// Its end; `None` = it goes on.
    pub to: Option<i64>,
}

/// What is known after a comparison, for the next one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Where each handset was taken to be, the last time that it was taken to be anywhere; by every name that it has.
    pub at: BTreeMap<String, FacilityId>,
    /// In which cell, the last time that one was likely.
    pub cells: BTreeMap<String, CellId>,
    /// The probability of every handset that was listed: of its likeliest facility.
    pub listed: BTreeMap<String, f64>,
    /// Keys of successions that are known.
    pub successions: BTreeSet<String>,
    /// Days of silences that are known, since 1970-01-01 UTC.
    pub silent: BTreeMap<FacilityId, BTreeSet<i32>>,
    /// Silence is news from this day on.
    pub silence_from: i32,
}

/// What steers a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertSettings {
    /// A handset is taken to be where it is listed at this probability or more, and to lie in a cell
    /// where its place has it. From one half on there is at most one such place.
    pub probability: f64,
    /// A succession is raised from this probability on.
    pub succession: f64,
    /// What steers the judgement of silence.
    pub silence: SilenceSettings,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self { probability: 0.5, succession: 0.5, silence: SilenceSettings::default() }
    }
}

/// Compares. Gives what is to be raised, in a fixed order, and what is known from now on.
///
/// `raised` are the keys of all that was raised before, in the case's whole life: none of them is
/// raised again, whatever `before` says. Without `before` nothing is raised.
pub fn compare(
    before: Option<&Known>,
    raised: &BTreeSet<String>,
    now: &Now,
    settings: &AlertSettings,
) -> (Vec<Alert>, Known) {
    let nothing = Known::default();
    let known = before.unwrap_or(&nothing);
    let mut next = Known::default();
    let mut alerts = handsets::places(known, now, settings, &mut next);
    alerts.extend(handsets::successions(known, now, settings, &mut next));
    alerts.extend(silence::silences(before, now, &settings.silence, &mut next));
    if before.is_none() {
        return (Vec::new(), next);
    }
    let key = |alert: &Alert| alert.about.as_ref().map(|about| about.key.clone()).unwrap_or_default();
    let mut seen = raised.clone();
    alerts.retain(|alert| seen.insert(key(alert)));
    alerts.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| chance(b).total_cmp(&chance(a))).then(key(a).cmp(&key(b))));
    (alerts, next)
}

fn chance(alert: &Alert) -> f64 {
    alert.about.as_ref().and_then(|about| about.probability).unwrap_or_default()
}
