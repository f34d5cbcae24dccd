//! How likely a search finds a phone that lies there, by detector, size of the phone and hiding place: stated
//! priors, corrected by the case's own searches and finds.

use std::collections::BTreeMap;

use cellsweep_model::FacilityId;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::DETECTORS;
use serde::{Deserialize, Serialize};

use crate::hiding::{ByKind, HidingKind, KINDS, MIX, over};
use crate::reach::{HidingHistory, Reach};

/// Where the priors come from, as outputs state it.
const SOURCE: &str = "stated priors: non-linear junction and RF after NIJ 2016 (RF sees a phone only during a call), the \
                      others are estimates, and so are all figures by hiding place; corrected by the case's own \
                      searches and finds";

/// Minis and all others over the stated mix of hiding places, in the order of the table's words.
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

/// However well a detector sees.
const MOST: f64 = 0.98;
const LEAST: f64 = 0.02;

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
    /// That a mini lying somewhere in the case's facilities is found.
    pub mini: f64,
    /// That another phone is.
    pub other: f64,
    /// Searches that the figures rest on, beside the prior.
    pub searches: u64,
    /// What it finds in a hiding place beside those figures; none = the same everywhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_hiding_place: BTreeMap<HidingKind, f64>,
}

/// All detectors' chances.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// In the order of the table's words.
    pub rows: Vec<DetectionRow>,
    /// Where phones are hidden.
    #[serde(default)]
    pub hiding: Hiding,
    /// What the figures rest on, in words.
    #[serde(default)]
    pub source: String,
}

/// Where phones are hidden: shares of what lies there, not of what is found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Hiding {
    /// In the case's facilities.
    pub mix: BTreeMap<HidingKind, f64>,
    /// In facilities with finds of their own; in the others as in all.
    pub facilities: BTreeMap<FacilityId, BTreeMap<HidingKind, f64>>,
    /// Finds that say where they were hidden.
    pub finds: u64,
}

/// What searches find in one facility, in the order of the table's words: minis and all others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SiteDetection(Vec<(f64, f64)>);

impl SiteDetection {
    /// That a phone of a class that lies there is found.
    pub fn of(&self, detector: usize, class: DeviceClass) -> f64 {
        // A class that the catalogue doesn't know is more likely a mini than its list says.
        self.0.get(detector).map_or(0.0, |(mini, other)| match class {
            DeviceClass::Mini => *mini,
            DeviceClass::Unknown => 0.5 * (mini + other),
            _ => *other,
        })
    }
}

impl Detection {
    /// From the case's own searches, in the order of the table's words, and from what each facility's finds say of
    /// hiding places. Detectors are taken to be sent to cells that are alike: one that finds twice as often
    /// as another detects twice as well. The level stays the prior's, which finds alone can't tell: what a prior
    /// says over the stated mix of hiding places is carried over to the case's mix.
    pub fn learn(history: &[DetectorHistory], finds: &BTreeMap<FacilityId, HidingHistory>) -> Self {
        let mut history = history.to_vec();
        history.resize(DETECTORS.len(), DetectorHistory::default());
        let reach = Reach::learn(finds);
        let at_case = reach.factors.map(|factors| over(&reach.mix, &factors));
        let prior = |pick: fn(&(f64, f64)) -> f64| {
            let carried = PRIORS.iter().zip(&at_case).map(|(prior, at_case)| (pick(prior) * at_case).min(MOST));
            carried.collect::<Vec<f64>>()
        };
        let minis = learn(&history, |row| row.minis, &prior(|prior| prior.0));
        let others = learn(&history, |row| row.others, &prior(|prior| prior.1));
        let mut rows = Vec::with_capacity(DETECTORS.len());
        for (detector, word) in DETECTORS.iter().enumerate() {
            rows.push(DetectionRow {
                detector: (*word).to_owned(),
                mini: minis[detector],
                other: others[detector],
                searches: history[detector].searches,
                by_hiding_place: named(&reach.factors[detector].map(|factor| factor / at_case[detector])),
            });
        }
        let hiding = Hiding {
            mix: named(&reach.mix),
            facilities: reach.sites.iter().map(|(id, mix)| (id.clone(), named(mix))).collect(),
            finds: reach.finds as u64,
        };
        Self { rows, hiding, source: SOURCE.to_owned() }
    }

    /// Replaces a detector's chances by those that a person states, wherever phones are hidden.
    pub fn state(&mut self, detector: usize, mini: Option<f64>, other: Option<f64>) {
        if let Some(row) = self.rows.get_mut(detector)
            && (mini.is_some() || other.is_some())
        {
            row.mini = mini.unwrap_or(row.mini);
            row.other = other.unwrap_or(row.other);
            row.by_hiding_place.clear();
        }
    }

    /// What searches find in a facility: over the places where phones are hidden there.
    pub(crate) fn at(&self, facility: &FacilityId) -> SiteDetection {
        let mix = figures(self.hiding.facilities.get(facility).unwrap_or(&self.hiding.mix), &MIX);
        let of = |row: &DetectionRow| {
            if row.by_hiding_place.is_empty() {
                return (row.mini, row.other);
            }
            let factors = figures(&row.by_hiding_place, &[1.0; KINDS]);
            let chance = |level: f64| over(&mix, &factors.map(|factor| (level * factor).min(MOST)));
            (chance(row.mini), chance(row.other))
        };
        SiteDetection(self.rows.iter().map(of).collect())
    }
}

/// Figures by the hiding places' names, and back.
fn named(figures: &ByKind) -> BTreeMap<HidingKind, f64> {
    HidingKind::TOLD.into_iter().zip(*figures).collect()
}

fn figures(named: &BTreeMap<HidingKind, f64>, unsaid: &ByKind) -> ByKind {
    let mut figures = *unsaid;
    for (kind, figure) in named {
        if let Some(index) = kind.index() {
            figures[index] = *figure;
        }
    }
    figures
}

/// The detector of that word; what has none counts as `other`.
pub(crate) fn position(word: &str) -> Option<usize> {
    DETECTORS.iter().position(|known| *known == word)
}

/// Gamma–Poisson: finds against what the prior would have met.
fn learn(history: &[DetectorHistory], found: impl Fn(&DetectorHistory) -> u64, priors: &[f64]) -> Vec<f64> {
    let pairs = || history.iter().zip(priors);
    let finds: f64 = pairs().map(|(row, _)| found(row) as f64).sum();
    let asked: f64 = pairs().map(|(row, prior)| row.searches as f64 * prior).sum();
    // Phones in a searched cell, on average.
    let lying = if asked > 0.0 { finds / asked } else { 0.0 };
    let of = |(row, prior): (&DetectorHistory, &f64)| {
        let met = row.searches as f64 * lying;
        let learnt = (PRIOR_WEIGHT * prior + found(row) as f64) / (PRIOR_WEIGHT + met);
        learnt.clamp(LEAST, MOST)
    };
    pairs().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(detection: &Detection, id: &str, detector: usize) -> (f64, f64) {
        let site = detection.at(&id.parse().unwrap());
        (site.of(detector, DeviceClass::Mini), site.of(detector, DeviceClass::Smart))
    }

    #[test]
    fn without_searches_the_priors_stand_and_many_searches_outweigh_them() {
        let stated = Detection::learn(&[], &BTreeMap::new());
        for (detector, (mini, other)) in PRIORS.into_iter().enumerate() {
            let row = &stated.rows[detector];
            assert!((row.mini - mini).abs() < 1e-12 && (row.other - other).abs() < 1e-12, "{row:?}");
            let here = at(&stated, "F1", detector);
            assert!((here.0 - mini).abs() < 1e-12 && (here.1 - other).abs() < 1e-12, "{here:?}");
        }
        let mut history = vec![DetectorHistory { searches: 20_000, minis: 1_500, others: 0 }; 9];
        history[5].minis = 6_000;
        let learnt = Detection::learn(&history, &BTreeMap::new());
        assert!(learnt.rows[5].mini > 2.0 * learnt.rows[0].mini && learnt.rows[5].mini < 0.99);
    }

    #[test]
    fn a_facility_that_hides_where_a_detector_is_blind_gives_less_to_it() {
        let (mut bodies, mut open) = (HidingHistory::default(), HidingHistory::default());
        (0..60).for_each(|_| bodies.count(3, HidingKind::Body));
        (0..60).for_each(|_| open.count(3, HidingKind::Open));
        let finds = [("F1", bodies), ("F2", open)].map(|(id, finds)| (id.parse().unwrap(), finds));
        let mut detection = Detection::learn(&[], &finds.into_iter().collect());
        let mean = detection.rows[0].other;
        let sight = |detection: &Detection, id: &str| at(detection, id, 0).1;
        assert!(sight(&detection, "F1") < mean && sight(&detection, "F2") > mean);
        assert!((sight(&detection, "F3") - mean).abs() < 1e-12, "without finds of its own it is as the case");
        detection.state(0, None, Some(0.4));
        assert_eq!((sight(&detection, "F1"), sight(&detection, "F2")), (0.4, 0.4), "what a person states holds");
    }

    #[test]
    fn what_was_kept_before_hiding_places_were_told_apart_reads_as_it_was() {
        let row = DetectionRow {
            detector: "dog".to_owned(),
            mini: 0.4,
            other: 0.5,
            searches: 7,
            by_hiding_place: BTreeMap::new(),
        };
        let old = Detection { rows: vec![row], ..Detection::default() };
        assert_eq!(at(&old, "F1", 0), (0.4, 0.5));
    }
}
