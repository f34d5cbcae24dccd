//! Tippett curves: how the weights of each truth spread.

use super::{ByTruth, Labelled};

/// A point of a Tippett plot.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TippettPoint {
    /// log10 of a likelihood ratio.
    pub log10_lr: f64,
    /// Share of the cases where the first proposition is true whose weight is at least that.
    pub positives: f64,
    /// The same of the others.
    pub negatives: f64,
}

/// The curves at these weights (Tippett et al. 1968; Evett & Buckleton 1996); `None` without at
/// least one of each class.
pub fn tippett(cases: &[Labelled], at: &[f64]) -> Option<Vec<TippettPoint>> {
    let weights = ByTruth::of(cases)?;
    let point = |&log10_lr: &f64| TippettPoint {
        log10_lr,
        positives: share_from(&weights.positives, log10_lr),
        negatives: share_from(&weights.negatives, log10_lr),
    };
    Some(at.iter().map(point).collect())
}

fn share_from(rising: &[f64], least: f64) -> f64 {
    (rising.len() - rising.partition_point(|&weight| weight < least)) as f64 / rising.len() as f64
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, labelled};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_at_least_a_weight() {
        let cases = labelled(&[(1.0, true), (2.0, true), (-1.0, false), (0.0, false)]);
        let shares = |at: f64| tippett(&cases, &[at]).map(|points| (points[0].positives, points[0].negatives));
        assert_eq!(shares(-2.0), Some((1.0, 1.0)));
        assert_eq!(shares(0.0), Some((1.0, 0.5)));
        assert_eq!(shares(1.5), Some((0.5, 0.0)));
        assert!(tippett(&cases[..2], &[0.0]).is_none());
    }

    proptest! {
        #[test]
        fn the_curves_fall(cases in cases()) {
            let points = tippett(&cases, &[-9.0, -1.0, 0.0, 0.3, 4.0, 9.0]).unwrap();
            prop_assert!(points.is_sorted_by(|a, b| a.positives >= b.positives && a.negatives >= b.negatives));
            prop_assert_eq!((points[0].positives, points[5].negatives), (1.0, 0.0));
        }
    }
}
