//! What detectors find: the chance that a search finds what lies there, by detector, class of handset and hiding place.
//!
//! Each combination is a share of its own, drawn from its detector's beta distribution (beta-binomial). A combination
//! with few searches is drawn towards its detector's mean, one with many stays where it is. The detector's two
//! parameters are not plugged in but summed over on a grid, with the prior of Gelman et al. (Bayesian Data Analysis,
//! 3rd ed., §5.3: p(α, β) ∝ (α + β)^(−5/2)): plugging in the best (empirical Bayes) makes intervals too short (Carlin
//! and Gelfand 1990).

mod grid;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::interval::Interval;
use crate::refusal::{CantTell, Needed, Shortage};
use grid::Grid;

/// A combination and its searches whose truth is known: something did lie there.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials {
    /// The detector.
    pub detector: Box<str>,
    /// The handset's class.
    pub class: Box<str>,
    /// The hiding place.
    pub place: Box<str>,
    /// Handsets that lay there when it was searched.
    pub there: u64,
    /// Of those, found.
    pub found: u64,
}

/// What a detector finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detector {
    /// Its name.
    pub detector: Box<str>,
    /// Over combinations: the chance in one not tried yet. Its interval tells how much combinations differ.
    pub untried: Interval,
    /// The combinations tried, in the order of their names.
    pub combinations: Vec<Chance>,
}

/// The chance that what lies there is found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chance {
    /// The handset's class.
    pub class: Box<str>,
    /// The hiding place.
    pub place: Box<str>,
    /// Handsets that lay there when it was searched.
    pub there: u64,
    /// Of those, found.
    pub found: u64,
    /// The chance: posterior mean and equal-tailed interval.
    pub chance: Interval,
}

/// With fewer, the prior speaks louder than the searches.
const LEAST_TRIALS: f64 = 10.0;

/// What each detector finds, by name. Rows of one combination are added up; those with nothing there are left out.
///
/// # Errors
/// For each detector with fewer than ten handsets that lay there.
pub fn detectors(trials: &[Trials]) -> BTreeMap<Box<str>, Result<Detector, CantTell>> {
    let mut by_detector: BTreeMap<Box<str>, BTreeMap<Key, (u64, u64)>> = BTreeMap::new();
    for trial in trials.iter().filter(|trial| trial.there > 0) {
        let combinations = by_detector.entry(trial.detector.clone()).or_default();
        let sum = combinations.entry((trial.class.clone(), trial.place.clone())).or_default();
        *sum = (sum.0 + trial.found.min(trial.there), sum.1 + trial.there);
    }
    by_detector.into_iter().map(|(name, combinations)| (name.clone(), detector(name, combinations))).collect()
}

/// Class and hiding place.
type Key = (Box<str>, Box<str>);

fn detector(detector: Box<str>, combinations: BTreeMap<Key, (u64, u64)>) -> Result<Detector, CantTell> {
    let there: u64 = combinations.values().map(|(_, there)| there).sum();
    CantTell::unless_enough([Needed::new(Shortage::Observations, there as f64, LEAST_TRIALS)])?;
    let counts: Vec<(u64, u64)> = combinations.values().copied().collect();
    let grid = Grid::of(&counts);
    let chance = |((class, place), (found, there)): (Key, (u64, u64))| Chance {
        chance: grid.share(found, there, 0.95),
        class,
        place,
        there,
        found,
    };
    let untried = grid.share(0, 0, 0.95);
    Ok(Detector { detector, untried, combinations: combinations.into_iter().map(chance).collect() })
}
