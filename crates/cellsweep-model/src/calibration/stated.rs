//! How good stated probabilities are: reliability and average precision.

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

    #[test]
    fn precision_of_a_known_order() {
        let cases = [(0.9, true), (0.8, false), (0.7, true)];
        assert_eq!(average_precision(&cases, 2), Some((1.0 + 2.0 / 3.0) / 2.0));
        assert_eq!(average_precision(&cases, 4), Some((1.0 + 2.0 / 3.0) / 4.0));
        assert_eq!(average_precision(&[(0.5, true), (0.5, false)], 1), Some(0.5));
    }

    #[test]
    fn bins_hold_what_was_stated_and_what_was_true() {
        let bins = reliability(&[(0.05, false), (0.95, true), (1.0, false)], 10);
        assert_eq!(bins.iter().map(|bin| (bin.count, bin.observed)).collect::<Vec<_>>(), [(1, 0.0), (2, 0.5)]);
    }
}
