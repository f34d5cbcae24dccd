//! Everything that is measured of likelihood ratios whose truth is known.

use serde::{Deserialize, Serialize};

use super::{Bounds, ByTruth, CrossEntropy, Labelled, TippettPoint};
use super::{cllr, cllr_min, cross_entropy_curve, elub, tippett};

/// Prior odds of the cross-entropy's curves: from 1 to 1,000 to 1,000 to 1, log10 in tenths.
const PRIORS: std::ops::RangeInclusive<i32> = -30..=30;
/// Weights of the Tippett curves, log10 in tenths.
const WEIGHTS: std::ops::RangeInclusive<i32> = -80..=80;

/// What is measured of likelihood ratios whose truth is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// How many of each truth.
    pub counts: Counts,
    /// Log-likelihood-ratio cost.
    pub cllr: f64,
    /// Its smallest value under any monotone recalibration.
    pub cllr_min: f64,
    /// Evidence that points the wrong way.
    pub misleading: Misleading,
    /// The ratios that a sample of this size and kind can carry.
    pub bounds: Bounds,
    /// Empirical cross-entropy by prior odds.
    pub cross_entropy: Vec<CrossEntropy>,
    /// Share of each truth at or above a weight.
    pub tippett: Vec<TippettPoint>,
}

/// How many of each truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Cases where the first proposition is true.
    pub positives: usize,
    /// The others.
    pub negatives: usize,
}

impl Counts {
    /// Counts labelled cases.
    pub fn of(cases: &[Labelled]) -> Self {
        let positives = cases.iter().filter(|case| case.positive).count();
        Self { positives, negatives: cases.len() - positives }
    }
}

/// Shares of evidence that points the wrong way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Misleading {
    /// Of the cases where the first proposition is true, those with a ratio below 1.
    pub positives: f64,
    /// Of the others, those with a ratio above 1.
    pub negatives: f64,
}

impl Assessment {
    /// Measures labelled cases; `None` without at least one of each class.
    pub fn of(cases: &[Labelled]) -> Option<Self> {
        let tenths = |range: std::ops::RangeInclusive<i32>| range.map(|tenth| f64::from(tenth) / 10.0).collect();
        let (priors, weights): (Vec<f64>, Vec<f64>) = (tenths(PRIORS), tenths(WEIGHTS));
        Some(Self {
            counts: Counts::of(cases),
            cllr: cllr(cases)?,
            cllr_min: cllr_min(cases)?,
            misleading: misleading(&ByTruth::of(cases)?),
            bounds: elub(cases)?,
            cross_entropy: cross_entropy_curve(cases, &priors)?,
            tippett: tippett(cases, &weights)?,
        })
    }
}

fn misleading(weights: &ByTruth) -> Misleading {
    let (ours, others) = (&weights.positives, &weights.negatives);
    let above = others.len() - others.partition_point(|&weight| weight <= 0.0);
    Misleading {
        positives: ours.partition_point(|&weight| weight < 0.0) as f64 / ours.len() as f64,
        negatives: above as f64 / others.len() as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, labelled};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn gathered() {
        let cases = labelled(&[(2.0, true), (-0.5, true), (0.0, false), (0.4, false), (-2.0, false), (-1.0, false)]);
        let assessment = Assessment::of(&cases).unwrap();
        assert_eq!(assessment.counts, Counts { positives: 2, negatives: 4 });
        assert_eq!(assessment.misleading, Misleading { positives: 0.5, negatives: 0.25 });
        assert_eq!((assessment.cross_entropy.len(), assessment.tippett.len()), (61, 161));
        assert_eq!(Assessment::of(&cases[..2]), None);
    }

    proptest! {
        #[test]
        fn the_parts_agree(cases in cases()) {
            let assessment = Assessment::of(&cases).unwrap();
            let even = assessment.cross_entropy.iter().find(|point| point.prior_log10_odds == 0.0).unwrap();
            prop_assert_eq!((even.stated, even.least, even.neutral), (assessment.cllr, assessment.cllr_min, 1.0));
            let json = serde_json::to_string(&assessment).unwrap();
            prop_assert_eq!(serde_json::from_str::<Assessment>(&json).unwrap().counts, assessment.counts);
        }
    }
}
