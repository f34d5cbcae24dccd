//! What a case's finds say of where its phones are hidden, and of which hiding places its detectors reach.

use std::collections::BTreeMap;

use cellsweep_model::FacilityId;
use cellsweep_model::table::DETECTORS;

use crate::hiding::{ByKind, HidingKind, KINDS, MIX, over, stated_factors};

/// What the stated mix weighs, in finds; so much the case's mix weighs in a facility's.
const MIX_WEIGHT: f64 = 20.0;
const SITE_WEIGHT: f64 = 30.0;
/// What a stated factor of a detector and a hiding place weighs, in finds.
const FACTOR_WEIGHT: f64 = 10.0;
/// A mix rests on how many of a detector's finds it explains, and that on the mix: so often one is taken from the
/// other. It stands still long before.
const ROUNDS: usize = 50;

/// Finds of a facility by detector and hiding place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HidingHistory {
    finds: [ByKind; DETECTORS.len()],
}

impl Default for HidingHistory {
    fn default() -> Self {
        Self { finds: [[0.0; KINDS]; DETECTORS.len()] }
    }
}

impl HidingHistory {
    /// Counts a find by a detector, a position among the table's words. One whose hiding place nobody told says nothing.
    pub fn count(&mut self, detector: usize, kind: HidingKind) {
        if let (Some(row), Some(kind)) = (self.finds.get_mut(detector), kind.index()) {
            row[kind] += 1.0;
        }
    }

    fn add(&mut self, other: &Self) {
        for (row, more) in self.finds.iter_mut().zip(&other.finds) {
            row.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
    }

    fn total(&self) -> f64 {
        self.finds.iter().flatten().sum()
    }
}

/// Where phones are hidden and which hiding places detectors reach.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reach {
    /// By detector: what it finds there beside its mean over the stated mix.
    pub factors: [ByKind; DETECTORS.len()],
    /// Of phones in the case's facilities.
    pub mix: ByKind,
    /// Of phones in a facility with finds of its own.
    pub sites: BTreeMap<FacilityId, ByKind>,
    /// Finds that it rests on, beside what is stated.
    pub finds: f64,
}

impl Reach {
    /// From finds.
    ///
    /// Finds are no sample of what lies there: a detector finds most where it sees best. A kind's finds are
    /// therefore divided by how well the detectors that found them see that kind, before they count as a share of
    /// what lies (the best fit of n ~ Poisson(detector × share × factor), shrunk to what is stated). The case's mix
    /// rests on the stated factors, and the factors are corrected by what it leaves unexplained: a kind that all
    /// detectors see better than is stated can't be told from one that is commoner. What no detector sees stays as
    /// it is stated.
    pub fn learn(history: &BTreeMap<FacilityId, HidingHistory>) -> Self {
        let mut all = HidingHistory::default();
        history.values().for_each(|site| all.add(site));
        let stated = stated_factors();
        let mix = lying(&all, &stated, &MIX, MIX_WEIGHT);
        let factors = corrected(&all, &stated, &mix);
        let with_finds = history.iter().filter(|(_, site)| site.total() > 0.0);
        let sites = with_finds.map(|(id, site)| (id.clone(), lying(site, &factors, &mix, SITE_WEIGHT))).collect();
        Self { factors, mix, sites, finds: all.total() }
    }
}

/// The share of each kind among phones that lie there.
fn lying(history: &HidingHistory, factors: &[ByKind; DETECTORS.len()], prior: &ByKind, weight: f64) -> ByKind {
    let mut mix = *prior;
    for _ in 0..ROUNDS {
        let shares = explaining(history, factors, &mix);
        let finds = history.total();
        for kind in 0..KINDS {
            mix[kind] = (weight * prior[kind] + finds * shares[kind]) / (weight + finds);
        }
    }
    mix
}

/// The shares that explain the finds, where detectors see what they see of this mix.
fn explaining(history: &HidingHistory, factors: &[ByKind; DETECTORS.len()], mix: &ByKind) -> ByKind {
    let mut found = [0.0; KINDS];
    let mut seen = [0.0; KINDS];
    for (row, factors) in history.finds.iter().zip(factors) {
        let finds: f64 = row.iter().sum();
        let mean = over(mix, factors);
        for kind in 0..KINDS {
            found[kind] += row[kind];
            seen[kind] += finds * factors[kind] / mean;
        }
    }
    let mut shares = [0.0; KINDS];
    for kind in 0..KINDS {
        shares[kind] = if seen[kind] > 0.0 { found[kind] / seen[kind] } else { 0.0 };
    }
    let sum = shares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    shares.map(|share| share / sum)
}

/// The factors after the finds (gamma–Poisson): a detector's finds in a kind against what it would have found there.
fn corrected(history: &HidingHistory, stated: &[ByKind; DETECTORS.len()], mix: &ByKind) -> [ByKind; DETECTORS.len()] {
    let mut factors = *stated;
    for (row, factors) in history.finds.iter().zip(&mut factors) {
        let finds: f64 = row.iter().sum();
        if finds <= 0.0 {
            continue;
        }
        let mean = over(mix, factors);
        for kind in 0..KINDS {
            let expected = finds * mix[kind] * factors[kind] / mean;
            factors[kind] *= (FACTOR_WEIGHT + row[kind]) / (FACTOR_WEIGHT + expected);
        }
        let mean = over(&MIX, factors);
        factors.iter_mut().for_each(|factor| *factor /= mean);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGHT: usize = 0;
    const JUNCTION: usize = 3;

    /// Finds of one facility by detector, kind and number.
    fn site(finds: &[(usize, HidingKind, usize)]) -> HidingHistory {
        let mut site = HidingHistory::default();
        for (detector, kind, count) in finds {
            (0..*count).for_each(|_| site.count(*detector, *kind));
        }
        site
    }

    fn learn(sites: &[(&str, HidingHistory)]) -> Reach {
        Reach::learn(&sites.iter().map(|(id, site)| (id.parse().unwrap(), *site)).collect())
    }

    #[test]
    fn without_finds_everything_is_as_stated() {
        let reach = learn(&[("F1", HidingHistory::default())]);
        assert_eq!((reach.mix, reach.factors, reach.sites.len()), (MIX, stated_factors(), 0));
    }

    #[test]
    fn a_kind_that_detectors_see_badly_is_commoner_than_its_share_of_finds() {
        let finds = [(SIGHT, HidingKind::Body, 10), (SIGHT, HidingKind::Open, 40), (SIGHT, HidingKind::Belongings, 50)];
        let mix = learn(&[("F1", site(&finds))]).mix;
        assert!(mix[0] > 0.15 && mix[5] < 0.35, "{mix:?}");
    }

    #[test]
    fn a_kind_where_one_detector_finds_and_another_does_not_corrects_its_factor() {
        use HidingKind::{Appliance, Fixture};
        let finds =
            [(JUNCTION, Appliance, 100), (JUNCTION, Fixture, 100), (SIGHT, Appliance, 20), (SIGHT, Fixture, 180)];
        let reach = learn(&[("F1", site(&finds))]);
        let ratio = |detector: usize| reach.factors[detector][3] / reach.factors[detector][1];
        let stated = stated_factors();
        assert!(ratio(JUNCTION) > stated[JUNCTION][3] / stated[JUNCTION][1]);
        assert!(ratio(SIGHT) < stated[SIGHT][3] / stated[SIGHT][1]);
    }

    #[test]
    fn a_facility_s_mix_lies_between_its_finds_and_the_case_s() {
        let body = site(&[(JUNCTION, HidingKind::Body, 60)]);
        let wall = site(&[(JUNCTION, HidingKind::Fixture, 60)]);
        let reach = learn(&[("F1", body), ("F2", wall)]);
        let share = |id: &str| reach.sites[&id.parse().unwrap()][0];
        assert!(share("F1") > reach.mix[0] && share("F1") < 1.0 && share("F2") < reach.mix[0]);
        assert!((reach.mix.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn many_finds_of_a_country_give_back_its_mix() {
        // A country with this mix, searched with two detectors that see as stated.
        let truth: ByKind = [0.30, 0.10, 0.25, 0.05, 0.20, 0.10];
        let mut finds = HidingHistory::default();
        for detector in [SIGHT, JUNCTION, 5] {
            let factors = stated_factors()[detector];
            let mean = over(&truth, &factors);
            for (kind, share) in truth.iter().enumerate() {
                finds.finds[detector][kind] = 50_000.0 * share * factors[kind] / mean;
            }
        }
        let mix = learn(&[("F1", finds)]).mix;
        assert!(mix.iter().zip(&truth).all(|(share, truth)| (share - truth).abs() < 0.01), "{mix:?}");
    }
}
