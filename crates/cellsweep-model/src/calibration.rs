//! How good likelihood ratios are: Cllr, its smallest value under any monotone recalibration,
//! expected calibration error and average precision.

/// A likelihood ratio with its truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled {
    /// log10 of the likelihood ratio.
    pub log10_lr: f64,
    /// Whether the first proposition is true.
    pub positive: bool,
}

/// Log-likelihood-ratio cost (Brümmer & du Preez 2006, eq. 11): 0 is perfect, 1 is what saying
/// nothing costs. `None` without at least one of each class.
pub fn cllr(cases: &[Labelled]) -> Option<f64> {
    let mut sums = (0.0, 0.0);
    let mut counts = (0u64, 0u64);
    for case in cases {
        let ln_lr = case.log10_lr * std::f64::consts::LN_10;
        if case.positive {
            sums.0 += softplus(-ln_lr);
            counts.0 += 1;
        } else {
            sums.1 += softplus(ln_lr);
            counts.1 += 1;
        }
    }
    if counts.0 == 0 || counts.1 == 0 {
        return None;
    }
    Some((sums.0 / counts.0 as f64 + sums.1 / counts.1 as f64) / (2.0 * std::f64::consts::LN_2))
}

/// ln(1 + e^x) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// The smallest Cllr that a monotone map of these ratios could reach: by pool-adjacent-violators
/// (Brümmer & du Preez 2006, §6). What lies between it and [`cllr`] is lost to calibration.
pub fn cllr_min(cases: &[Labelled]) -> Option<f64> {
    let positives = cases.iter().filter(|case| case.positive).count() as f64;
    let negatives = cases.len() as f64 - positives;
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let prior_log_odds = (positives / negatives).ln();
    let mut best = Vec::with_capacity(cases.len());
    for block in pool_adjacent_violators(cases) {
        let log_odds = (block.positives / (block.count - block.positives)).ln() - prior_log_odds;
        let log10_lr = log_odds / std::f64::consts::LN_10;
        best.extend(std::iter::repeat_n(Labelled { log10_lr, positive: true }, block.positives as usize));
        best.extend(std::iter::repeat_n(
            Labelled { log10_lr, positive: false },
            (block.count - block.positives) as usize,
        ));
    }
    cllr(&best)
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
    let mut index = 0;
    while index < sorted.len() {
        // Equal ratios can't be told apart, so they start as one block.
        let mut block = Block { count: 0.0, positives: 0.0 };
        let value = sorted[index].log10_lr;
        while index < sorted.len() && sorted[index].log10_lr == value {
            block.count += 1.0;
            block.positives += f64::from(u8::from(sorted[index].positive));
            index += 1;
        }
        while let Some(last) = blocks.pop_if(|last| last.positives * block.count >= block.positives * last.count) {
            block.count += last.count;
            block.positives += last.positives;
        }
        blocks.push(block);
    }
    blocks
}

/// A bin of a reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ReliabilityBin {
    /// Mean probability stated.
    pub stated: f64,
    /// Share that was true.
    pub observed: f64,
    /// Cases in the bin.
    pub count: u32,
}

/// Stated against observed, in `bins` bins of equal width; empty bins are left out.
pub fn reliability(cases: &[(f64, bool)], bins: usize) -> Vec<ReliabilityBin> {
    let mut sums = vec![(0.0, 0u32, 0u32); bins.max(1)];
    for &(probability, positive) in cases {
        let bin = ((probability * sums.len() as f64) as usize).min(sums.len() - 1);
        sums[bin].0 += probability;
        sums[bin].1 += u32::from(positive);
        sums[bin].2 += 1;
    }
    sums.into_iter()
        .filter(|&(_, _, count)| count > 0)
        .map(|(stated, observed, count)| ReliabilityBin {
            stated: stated / f64::from(count),
            observed: f64::from(observed) / f64::from(count),
            count,
        })
        .collect()
}

/// Average precision: the mean, over all positives there are, of the precision at each one's
/// rank; positives that are not in the list count as never found. Ties share the precision at
/// the end of their group, so that the order within them brings nothing.
pub fn average_precision(cases: &[(f64, bool)], positives: usize) -> Option<f64> {
    if positives == 0 {
        return None;
    }
    let mut sorted = cases.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut sum, mut found, mut seen, mut index) = (0.0, 0usize, 0usize, 0);
    while index < sorted.len() {
        let score = sorted[index].0;
        let mut hits = 0;
        while index < sorted.len() && sorted[index].0 == score {
            hits += usize::from(sorted[index].1);
            seen += 1;
            index += 1;
        }
        found += hits;
        sum += hits as f64 * found as f64 / seen as f64;
    }
    Some(sum / positives as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labelled(values: &[(f64, bool)]) -> Vec<Labelled> {
        values.iter().map(|&(log10_lr, positive)| Labelled { log10_lr, positive }).collect()
    }

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
    fn precision_of_a_known_order() {
        let cases = [(0.9, true), (0.8, false), (0.7, true)];
        assert_eq!(average_precision(&cases, 2), Some((1.0 + 2.0 / 3.0) / 2.0));
        assert_eq!(average_precision(&cases, 4), Some((1.0 + 2.0 / 3.0) / 4.0));
        assert_eq!(average_precision(&[(0.5, true), (0.5, false)], 1), Some(0.5));
    }

    proptest! {
        #[test]
        fn the_minimum_is_never_above(values in proptest::collection::vec((-5.0..5.0f64, any::<bool>()), 2..60)) {
            let cases = labelled(&values);
            if let (Some(cost), Some(minimum)) = (cllr(&cases), cllr_min(&cases)) {
                prop_assert!(minimum <= cost + 1e-9);
            }
        }
    }
}
