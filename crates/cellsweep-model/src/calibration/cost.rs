//! What likelihood ratios cost: Cllr, empirical cross-entropy, and the least of both under any
//! monotone recalibration.

use std::f64::consts::{LN_2, LN_10};

use super::Labelled;

/// Log-likelihood-ratio cost (Brümmer & du Preez 2006, eq. 11): 0 is perfect, 1 is what saying
/// nothing costs. `None` without at least one of each class.
pub fn cllr(cases: &[Labelled]) -> Option<f64> {
    cross_entropy(cases, 0.0)
}

/// Empirical cross-entropy in bits (Ramos & Gonzalez-Rodriguez 2013): what is still
/// uncertain on average, for one who starts from these prior odds (log10) and takes the ratios at
/// their word. At even odds it is [`cllr`]. `None` without at least one of each class.
pub fn cross_entropy(cases: &[Labelled], prior_log10_odds: f64) -> Option<f64> {
    let prior_ln_odds = prior_log10_odds * LN_10;
    let mut sums = (0.0, 0.0);
    let mut counts = (0u64, 0u64);
    for case in cases {
        let ln_odds = case.log10_lr * LN_10 + prior_ln_odds;
        if case.positive {
            sums.0 += softplus(-ln_odds);
            counts.0 += 1;
        } else {
            sums.1 += softplus(ln_odds);
            counts.1 += 1;
        }
    }
    if counts.0 == 0 || counts.1 == 0 {
        return None;
    }
    let means = (sums.0 / counts.0 as f64, sums.1 / counts.1 as f64);
    Some((logistic(prior_ln_odds) * means.0 + logistic(-prior_ln_odds) * means.1) / LN_2)
}

/// ln(1 + e^x) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The smallest Cllr that a monotone map of these ratios could reach (Brümmer & du Preez 2006,
/// §6). What lies between it and [`cllr`] is lost to calibration.
pub fn cllr_min(cases: &[Labelled]) -> Option<f64> {
    cllr(&recalibrated(cases)?)
}

/// The cases with the ratios that the best monotone map would have given them, by
/// pool-adjacent-violators, in rising order; infinite at ends where one truth stands alone.
/// `None` without at least one of each class.
pub fn recalibrated(cases: &[Labelled]) -> Option<Vec<Labelled>> {
    let positives = cases.iter().filter(|case| case.positive).count() as f64;
    let negatives = cases.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let prior_log_odds = (positives / negatives).ln();
    let mut best = Vec::with_capacity(cases.len());
    for block in pool_adjacent_violators(cases) {
        let others = block.count - block.positives;
        let log10_lr = ((block.positives / others).ln() - prior_log_odds) / LN_10;
        best.extend(std::iter::repeat_n(Labelled { log10_lr, positive: true }, block.positives as usize));
        best.extend(std::iter::repeat_n(Labelled { log10_lr, positive: false }, others as usize));
    }
    Some(best)
}

struct Block {
    count: f64,
    positives: f64,
}

/// Isotonic regression of the truth on the ratio: blocks of rising share of positives.
fn pool_adjacent_violators(cases: &[Labelled]) -> Vec<Block> {
    let mut sorted: Vec<Labelled> = cases.to_vec();
    sorted.sort_by(|a, b| a.log10_lr.total_cmp(&b.log10_lr));
    let mut blocks: Vec<Block> = Vec::new();
    // Equal ratios can't be told apart, so they start as one block.
    for equal in sorted.chunk_by(|a, b| a.log10_lr == b.log10_lr) {
        let positives = equal.iter().filter(|case| case.positive).count() as f64;
        let mut block = Block { count: equal.len() as f64, positives };
        while let Some(last) = blocks.pop_if(|last| last.positives * block.count >= block.positives * last.count) {
            block.count += last.count;
            block.positives += last.positives;
        }
        blocks.push(block);
    }
    blocks
}

/// A point of the empirical cross-entropy's plot, in bits.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CrossEntropy {
    /// Prior odds, log10.
    pub prior_log10_odds: f64,
    /// With the ratios as they are.
    pub stated: f64,
    /// With the ratios that the best monotone map would have given: the least there can be.
    pub least: f64,
    /// With no evidence at all.
    pub neutral: f64,
}

/// The three curves of the plot at these prior odds (log10); `None` without at least one of each
/// class.
pub fn cross_entropy_curve(cases: &[Labelled], prior_log10_odds: &[f64]) -> Option<Vec<CrossEntropy>> {
    let best = recalibrated(cases)?;
    let nothing = [true, false].map(|positive| Labelled { log10_lr: 0.0, positive });
    let point = |&prior_log10_odds: &f64| {
        Some(CrossEntropy {
            prior_log10_odds,
            stated: cross_entropy(cases, prior_log10_odds)?,
            least: cross_entropy(&best, prior_log10_odds)?,
            neutral: cross_entropy(&nothing, prior_log10_odds)?,
        })
    };
    prior_log10_odds.iter().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, labelled};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn saying_nothing_costs_one() {
        let cases = labelled(&[(0.0, true), (0.0, false), (0.0, false)]);
        assert_eq!(cllr(&cases), Some(1.0));
        assert_eq!(cllr_min(&cases), Some(1.0));
        assert_eq!(cllr(&labelled(&[(1.0, true)])), None);
    }

    #[test]
    fn a_perfect_order_has_a_minimum_of_zero() {
        let cases = labelled(&[(0.1, false), (0.2, false), (0.3, true), (0.4, true)]);
        assert_eq!(cllr_min(&cases), Some(0.0));
    }

    #[test]
    fn certainty_that_is_right_costs_nothing_and_wrong_has_no_bound() {
        let sure = f64::INFINITY;
        assert_eq!(cllr(&labelled(&[(sure, true), (-sure, false)])), Some(0.0));
        assert_eq!(cllr(&labelled(&[(-sure, true), (-sure, false)])), Some(sure));
    }

    proptest! {
        #[test]
        fn the_minimum_is_never_above(cases in cases()) {
            prop_assert!(cllr_min(&cases).unwrap() <= cllr(&cases).unwrap() + 1e-9);
        }

        #[test]
        fn a_rising_map_leaves_the_minimum_alone(cases in cases(), slope in 0.1..10.0f64, shift in -3.0..3.0f64) {
            let rising = |x: f64| slope * x + shift + x.powi(3);
            let mapped: Vec<Labelled> =
                cases.iter().map(|case| Labelled { log10_lr: rising(case.log10_lr), ..*case }).collect();
            prop_assert_eq!(cllr_min(&mapped), cllr_min(&cases));
        }

        #[test]
        fn the_best_map_can_t_be_bettered(cases in cases()) {
            let best = recalibrated(&cases).unwrap();
            prop_assert_eq!(best.len(), cases.len());
            prop_assert!((cllr_min(&best).unwrap() - cllr(&best).unwrap()).abs() < 1e-9);
        }

        #[test]
        fn the_order_of_the_cases_says_nothing(cases in cases()) {
            let mut turned = cases.clone();
            turned.reverse();
            prop_assert!((cllr(&turned).unwrap() - cllr(&cases).unwrap()).abs() < 1e-9);
            prop_assert!((cllr_min(&turned).unwrap() - cllr_min(&cases).unwrap()).abs() < 1e-9);
        }

        #[test]
        fn the_best_map_is_best_at_every_prior(cases in cases()) {
            let priors = [-3.0, -1.0, 0.0, 0.5, 2.0];
            for point in cross_entropy_curve(&cases, &priors).unwrap() {
                prop_assert!(point.least <= point.stated + 1e-9);
                prop_assert!(point.least <= point.neutral + 1e-9);
            }
        }
    }
}
