//! Empirical lower and upper bounds: beyond them a ratio rests on more than the sample can carry.

use super::{ByTruth, Labelled};

/// Cases of consequential misleading evidence that are added on each side.
const MISLEADING: f64 = 1.0;
/// Between two thresholds, log10.
const STEP: f64 = 0.01;
/// Ratios beyond this are taken to be this, log10.
const REACH: f64 = 9.0;
/// Share of a bound up to which a softened ratio is left as it is.
const FREE: f64 = 0.8;

/// The smallest and the greatest likelihood ratio, log10, that a sample can carry.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bounds {
    /// At most 0.
    pub lower: f64,
    /// At least 0.
    pub upper: f64,
}

impl Bounds {
    /// A ratio (log10) drawn within the bounds so that no two change places: as it is up to four
    /// fifths of a bound, beyond that ever closer to the bound.
    pub fn soften(&self, log10_lr: f64) -> f64 {
        let bound = if log10_lr < 0.0 { self.lower } else { self.upper };
        let free = FREE * bound;
        if log10_lr.abs() <= free.abs() {
            return log10_lr;
        }
        let room = bound - free;
        if room == 0.0 { 0.0 } else { bound - room * (-(log10_lr - free) / room).exp() }
    }

    /// The nearest ratio (log10) within the bounds.
    pub fn bound(&self, log10_lr: f64) -> f64 {
        log10_lr.clamp(self.lower, self.upper)
    }
}

/// Empirical lower and upper bounds of the likelihood ratio, ELUB (Vergeer, van Es, de Jongh,
/// Alberink & Stoel 2016): how far from 1 a ratio may lie such that deciding by it is still of more
/// use than deciding without evidence, had one more case of each truth misled as far as can be. In
/// steps of 0.01. `None` without at least one of each class.
///
/// Where use and loss balance exactly (such as a hundred cases of each truth told apart without a
/// fault), rounding decides; the thresholds are computed as `lir` computes them, so that it decides alike.
pub fn elub(cases: &[Labelled]) -> Option<Bounds> {
    let weights = ByTruth::of(cases)?;
    let thresholds = thresholds(&weights);
    let odds = Odds::of(&weights);
    let useless = || thresholds.iter().copied().filter(|threshold| !odds.are_of_use(*threshold));
    let below = useless().filter(|threshold| *threshold <= 0.0).map(|threshold| threshold + STEP);
    let above = useless().filter(|threshold| *threshold >= 0.0).map(|threshold| threshold - STEP);
    let (first, last) = (*thresholds.first()?, *thresholds.last()?);
    Some(Bounds { lower: below.fold(first, f64::max).min(0.0), upper: above.fold(last, f64::min).max(0.0) })
}

/// Evenly spaced over the weights, as far as the sample's size lets any threshold be of use.
fn thresholds(weights: &ByTruth) -> Vec<f64> {
    let ends = |weights: &[f64]| Some((clip(*weights.first()?), clip(*weights.last()?)));
    let (ours, others) = (ends(&weights.positives), ends(&weights.negatives));
    let (least, most) = ours.zip(others).map_or((0.0, 0.0), |(a, b)| (a.0.min(b.0), a.1.max(b.1)));
    let least = least.max(-((weights.positives.len() + 1) as f64).log10());
    let most = most.min(((weights.negatives.len() + 1) as f64).log10());
    let (from, to) = (floor_divide(least, STEP).min(0.0), (floor_divide(most, STEP) + 1.0).max(0.0));
    let (start, stop) = (from * STEP, to * STEP);
    let width = (stop - start) / (to - from);
    let mut thresholds: Vec<f64> = (0..(to - from) as u32).map(|index| f64::from(index) * width + start).collect();
    thresholds.push(stop);
    thresholds
}

/// The whole part of a quotient as Python rounds it, by the remainder.
fn floor_divide(value: f64, by: f64) -> f64 {
    let remainder = value % by;
    let quotient = (value - remainder) / by;
    (if remainder < 0.0 { quotient - 1.0 } else { quotient }).round()
}

fn clip(weight: f64) -> f64 {
    weight.clamp(-REACH, REACH)
}

/// The likelihood ratios of each truth, rising.
struct Odds {
    positives: Vec<f64>,
    negatives: Vec<f64>,
}

impl Odds {
    fn of(weights: &ByTruth) -> Self {
        let odds = |weights: &[f64]| weights.iter().map(|weight| 10.0_f64.powf(clip(*weight))).collect();
        Self { positives: odds(&weights.positives), negatives: odds(&weights.negatives) }
    }

    /// Whether deciding by these ratios, for the first proposition above the threshold (log10),
    /// loses no more than deciding by a ratio of 1 would.
    fn are_of_use(&self, threshold: f64) -> bool {
        let threshold = 10.0_f64.powf(threshold);
        let accepted = |odds: &[f64]| (odds.len() - odds.partition_point(|&odds| odds <= threshold)) as f64;
        let hits = accepted(&self.positives) / (self.positives.len() as f64 + MISLEADING);
        let false_alarms = (accepted(&self.negatives) + MISLEADING) / (self.negatives.len() as f64 + MISLEADING);
        let loss = 1.0 - hits + threshold * false_alarms;
        let neutral = if threshold < 1.0 { threshold } else { 1.0 };
        neutral / loss >= 1.0
    }
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
        fn softened_ratios_keep_their_order_and_the_bounds(a in -9.0..9.0_f64, b in -9.0..9.0_f64) {
            let bounds = Bounds { lower: -1.5, upper: 2.5 };
            let (soft_a, soft_b) = (bounds.soften(a), bounds.soften(b));
            prop_assert!((-1.5..=2.5).contains(&soft_a));
            prop_assert!(a >= b || soft_a <= soft_b, "{a} {b}: {soft_a} {soft_b}");
            prop_assert!(!(-1.2..=2.0).contains(&a) || soft_a == a);
            prop_assert!(soft_a.abs() <= a.abs() + 1e-12);
        }

        #[test]
        fn bounded_ratios_keep_their_bounds(cases in cases()) {
            let bounds = elub(&cases).unwrap();
            let bounded: Vec<Labelled> =
                cases.iter().map(|case| Labelled { log10_lr: bounds.bound(case.log10_lr), ..*case }).collect();
            let again = elub(&bounded).unwrap();
            // Where use and loss balance, rounding may move a bound by a step.
            prop_assert!(again.lower >= bounds.lower - 1.001 * STEP && again.upper <= bounds.upper + 1.001 * STEP);
        }
    }
}
