//! How good likelihood ratios are, measured on cases whose truth is known: Cllr and its least
//! value, empirical cross-entropy, Tippett curves, the bounds that a sample can carry, and how
//! far stated probabilities hold.
//!
//! The measures agree with the Netherlands Forensic Institute's `lir` (`tests/lir.rs`).

mod assessment;
mod bounds;
mod cost;
mod own;
mod stated;
mod tippett;

pub use assessment::{Assessment, Counts, Misleading};
pub use bounds::{Bounds, elub};
pub use cost::{CrossEntropy, cllr, cllr_min, cross_entropy, cross_entropy_curve, recalibrated};
pub use own::{Basis, LEAST_LABELS, OwnTruth, own_labels};
pub use stated::{ReliabilityBin, average_precision, reliability};
pub use tippett::{TippettPoint, tippett};

/// A likelihood ratio with its truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled {
    /// log10 of the likelihood ratio.
    pub log10_lr: f64,
    /// Whether the first proposition is true.
    pub positive: bool,
}

/// The weights of each truth, rising; `None` without at least one of each.
struct ByTruth {
    positives: Vec<f64>,
    negatives: Vec<f64>,
}

impl ByTruth {
    fn of(cases: &[Labelled]) -> Option<Self> {
        let sorted = |positive: bool| {
            let of_truth = cases.iter().filter(|case| case.positive == positive);
            let mut weights: Vec<f64> = of_truth.map(|case| case.log10_lr).collect();
            weights.sort_by(f64::total_cmp);
            weights
        };
        let by_truth = Self { positives: sorted(true), negatives: sorted(false) };
        (!by_truth.positives.is_empty() && !by_truth.negatives.is_empty()).then_some(by_truth)
    }
}

#[cfg(test)]
mod testing {
    use super::Labelled;
    use proptest::prelude::*;

    pub fn labelled(values: &[(f64, bool)]) -> Vec<Labelled> {
        values.iter().map(|&(log10_lr, positive)| Labelled { log10_lr, positive }).collect()
    }

    /// At least one case of each truth, with ties.
    pub fn cases() -> impl Strategy<Value = Vec<Labelled>> {
        let weight = || (-500..500i32).prop_map(|hundredths| f64::from(hundredths) / 100.0);
        let more = proptest::collection::vec((weight(), any::<bool>()), 0..80);
        (weight(), weight(), more).prop_map(|(positive, negative, mut values)| {
            values.extend([(positive, true), (negative, false)]);
            labelled(&values)
        })
    }
}
