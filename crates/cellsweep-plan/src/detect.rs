//! How likely a search finds a phone that lies there, by detector and size of the phone: stated
//! priors, corrected by the case's own searches.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::DETECTORS;
use serde::{Deserialize, Serialize};

/// Where the priors come from, as outputs state it.
pub const PRIOR_SOURCE: &str = "stated priors: non-linear junction and RF after NIJ 2016 (RF sees a phone only during a \
                                call), the others are estimates";

/// Minis and all others, in the order of the table's words.
const PRIORS: [(f64, f64); 9] = [
    (0.15, 0.30),
    (0.15, 0.50),
    (0.55, 0.65),
    (0.75, 0.85),
    (0.15, 0.15),
    (0.45, 0.50),
    (0.60, 0.75),
    (0.35, 0.50),
    (0.20, 0.30),
];

/// What a prior weighs, in phones that its detector would have met.
const PRIOR_WEIGHT: f64 = 20.0;

/// What the case's searches with one detector came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct DetectorHistory {
    /// Cells searched.
    pub searches: u64,
    /// Minis found.
    pub minis: u64,
    /// Other phones found.
    pub others: u64,
}

/// One detector's chances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectionRow {
    /// The table's word.
    pub detector: String,
    /// That a mini lying there is found.
    pub mini: f64,
    /// That another phone is.
    pub other: f64,
    /// Searches that the figures rest on, beside the prior.
    pub searches: u64,
}

/// All detectors' chances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// In the order of the table's words.
    pub rows: Vec<DetectionRow>,
}

impl Detection {
    /// From the case's own searches, in the order of the table's words. Detectors are taken to be sent to
    /// cells that are alike: one that finds twice as often as another detects twice as well. The
    /// level stays the prior's, which finds alone can't tell.
    pub fn learn(history: &[DetectorHistory]) -> Self {
        let mut history = history.to_vec();
        history.resize(DETECTORS.len(), DetectorHistory::default());
        let minis = learn(&history, |row| row.minis, |prior| prior.0);
        let others = learn(&history, |row| row.others, |prior| prior.1);
        let words = DETECTORS.iter().zip(minis.into_iter().zip(others)).zip(history);
        let rows = words.map(|((word, (mini, other)), history)| DetectionRow {
            detector: (*word).to_owned(),
            mini,
            other,
            searches: history.searches,
        });
        Self { rows: rows.collect() }
    }

    /// Replaces a detector's chances by those that a person states.
    pub fn state(&mut self, detector: usize, mini: Option<f64>, other: Option<f64>) {
        if let Some(row) = self.rows.get_mut(detector) {
            row.mini = mini.unwrap_or(row.mini);
            row.other = other.unwrap_or(row.other);
        }
    }

    /// That a phone of a class that lies there is found.
    pub fn of(&self, detector: usize, class: DeviceClass) -> f64 {
        // A class that the catalogue doesn't know is more likely a mini than its list says.
        self.rows.get(detector).map_or(0.0, |row| match class {
            DeviceClass::Mini => row.mini,
            DeviceClass::Unknown => 0.5 * (row.mini + row.other),
            _ => row.other,
        })
    }
}

/// The detector of that word; what has none counts as `other`.
pub(crate) fn position(word: &str) -> Option<usize> {
    DETECTORS.iter().position(|known| *known == word)
}

/// Gamma–Poisson: finds against what the prior would have met.
fn learn(
    history: &[DetectorHistory],
    found: impl Fn(&DetectorHistory) -> u64,
    prior: impl Fn(&(f64, f64)) -> f64,
) -> Vec<f64> {
    let pairs = || history.iter().zip(&PRIORS);
    let finds: f64 = pairs().map(|(row, _)| found(row) as f64).sum();
    let asked: f64 = pairs().map(|(row, chances)| row.searches as f64 * prior(chances)).sum();
    // Phones in a searched cell, on average.
    let lying = if asked > 0.0 { finds / asked } else { 0.0 };
    let of = |(row, chances): (&DetectorHistory, &(f64, f64))| {
        let met = row.searches as f64 * lying;
        let learnt = (PRIOR_WEIGHT * prior(chances) + found(row) as f64) / (PRIOR_WEIGHT + met);
        learnt.clamp(0.02, 0.98)
    };
    pairs().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_searches_the_priors_stand_and_many_searches_outweigh_them() {
        let stated = Detection::learn(&[]);
        assert_eq!((stated.rows[3].mini, stated.rows[3].other), (0.75, 0.85));
        let mut history = vec![DetectorHistory { searches: 20_000, minis: 1_500, others: 0 }; 9];
        history[5].minis = 6_000;
        let learnt = Detection::learn(&history);
        assert!(learnt.rows[5].mini > 2.0 * learnt.rows[0].mini && learnt.rows[5].mini < 0.99);
    }
}
