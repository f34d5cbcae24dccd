//! Empirical lower and upper bounds: beyond them a ratio rests on more than the sample can carry.

use super::{ByTruth, Labelled};

/// Cases of consequential misleading evidence that are added on each side.
const MISLEADING: f64 = 1.0;
/// Thresholds in one unit of log10.
const STEPS: f64 = 100.0;
/// Ratios beyond this are taken to be this, log10.
const REACH: f64 = 9.0;

/// The smallest and the greatest likelihood ratio, log10, that a sample can carry.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bounds {
    /// At most 0.
    pub lower: f64,
    /// At least 0.
    pub upper: f64,
}

impl Bounds {
    /// The nearest ratio (log10) within the bounds.
    pub fn bound(&self, log10_lr: f64) -> f64 {
        log10_lr.clamp(self.lower, self.upper)
    }
}

/// Empirical lower and upper bounds of the likelihood ratio, ELUB (Vergeer, van Es, de Jongh,
/// Alberink & Stoel 2016): how far from 1 a ratio may lie such that deciding by it is still
/// of more use than deciding without evidence, had one more case of each truth misled as far as can
/// be. In steps of 0.01. `None` without at least one of each class.
pub fn elub(cases: &[Labelled]) -> Option<Bounds> {
    let weights = ByTruth::of(cases)?;
    // Beyond the sample's own size every threshold fails, so that the searches end.
    let lowest = -(((weights.positives.len() + 1) as f64).log10() * STEPS).ceil() as i32 - 1;
    let highest = (((weights.negatives.len() + 1) as f64).log10() * STEPS).ceil() as i32 + 1;
    let fails = |step: &i32| !is_of_use(&weights, f64::from(*step) / STEPS);
    let below = (lowest..=0).rev().find(fails).unwrap_or(lowest);
    let above = (0..=highest).find(fails).unwrap_or(highest);
    Some(Bounds { lower: f64::from((below + 1).min(0)) / STEPS, upper: f64::from((above - 1).max(0)) / STEPS })
}

/// Whether deciding by these ratios, for the first proposition above the threshold (log10), loses no
/// more than deciding by a ratio of 1 would.
fn is_of_use(weights: &ByTruth, threshold: f64) -> bool {
    let odds = 10.0_f64.powf(threshold);
    let accepted = |weights: &[f64]| {
        (weights.len() - weights.partition_point(|&weight| weight.clamp(-REACH, REACH) <= threshold)) as f64
    };
    let hits = accepted(&weights.positives) / (weights.positives.len() as f64 + MISLEADING);
    let false_alarms = (accepted(&weights.negatives) + MISLEADING) / (weights.negatives.len() as f64 + MISLEADING);
    let loss = 1.0 - hits + odds * false_alarms;
    let neutral = if threshold < 0.0 { odds } else { 1.0 };
    neutral / loss >= 1.0
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, labelled};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ratios_that_are_worth_nothing_are_bounded_to_one() {
        let cases = labelled(&[(-2.0, true), (-1.0, true), (1.0, false), (2.0, false)]);
        assert_eq!(elub(&cases), Some(Bounds { lower: 0.0, upper: 0.0 }));
        assert_eq!(elub(&labelled(&[(1.0, true)])), None);
    }

    #[test]
    fn a_sample_carries_what_its_size_allows() {
        let perfect = |count: usize| {
            let values: Vec<(f64, bool)> =
                (0..2 * count).map(|i| if i < count { (5.0, true) } else { (-5.0, false) }).collect();
            elub(&labelled(&values)).unwrap()
        };
        // With one misleading case among n + 1 of each truth, thresholds above n are of no use.
        let bounds = perfect(999);
        assert!((2.98..=3.0).contains(&bounds.upper), "{bounds:?}");
        assert!((-3.0..=-2.98).contains(&bounds.lower), "{bounds:?}");
        assert!(perfect(99).upper < bounds.upper);
        assert_eq!(bounds.bound(7.0), bounds.upper);
        assert_eq!(bounds.bound(0.5), 0.5);
    }

    proptest! {
        #[test]
        fn the_bounds_hold_one_between_them_and_no_more_than_the_sample(cases in cases()) {
            let bounds = elub(&cases).unwrap();
            let positives = cases.iter().filter(|case| case.positive).count() as f64;
            let negatives = cases.len() as f64 - positives;
            prop_assert!(bounds.lower <= 0.0 && bounds.upper >= 0.0);
            prop_assert!(bounds.lower >= -(positives + 1.0).log10() - 1e-9);
            prop_assert!(bounds.upper <= (negatives + 1.0).log10() + 1e-9);
        }

        #[test]
        fn bounded_ratios_keep_their_bounds(cases in cases()) {
            let bounds = elub(&cases).unwrap();
            let bounded: Vec<Labelled> =
                cases.iter().map(|case| Labelled { log10_lr: bounds.bound(case.log10_lr), ..*case }).collect();
            let again = elub(&bounded).unwrap();
            prop_assert!(again.lower >= bounds.lower && again.upper <= bounds.upper);
        }
    }
}
