//! Intervals for one share or one rate.

use serde::Serialize;

use crate::special::{beta_quantile, gamma_quantile, normal_quantile};

/// A number and the interval around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How often such an interval holds the truth: 0.95, say.
    pub level: f64,
}

impl Interval {
    /// Whether this value lies in it.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// A rising map of it.
    pub fn map(&self, rising: impl Fn(f64) -> f64) -> Self {
        Self { value: rising(self.value), low: rising(self.low), high: rising(self.high), level: self.level }
    }

    /// A falling map of it: the ends change places.
    pub fn map_falling(&self, falling: impl Fn(f64) -> f64) -> Self {
        Self { value: falling(self.value), low: falling(self.high), high: falling(self.low), level: self.level }
    }
}

/// A share by Wilson's score interval (1927): near its level on average, also for small counts (Brown, Cai and
/// DasGupta 2001). `hits` of `trials`, which is not 0.
pub fn wilson(hits: u64, trials: u64, level: f64) -> Interval {
    let (n, z) = (trials as f64, normal_quantile(0.5 + level / 2.0));
    let share = hits as f64 / n;
    let shrink = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / shrink;
    let half = z / shrink * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // At none and all the ends are 0 and 1; rounding mustn't say less.
    let low = if hits == 0 { 0.0 } else { centre - half };
    let high = if hits == trials { 1.0 } else { centre + half };
    Interval { value: share, low, high, level }
}

/// A share by Clopper and Pearson's exact interval (1934): never under its level, often well over.
/// `hits` of `trials`, which is not 0.
pub fn clopper_pearson(hits: u64, trials: u64, level: f64) -> Interval {
    let (k, n, tail) = (hits as f64, trials as f64, (1.0 - level) / 2.0);
    let low = if hits == 0 { 0.0 } else { beta_quantile(tail, k, n - k + 1.0) };
    let high = if hits == trials { 1.0 } else { beta_quantile(1.0 - tail, k + 1.0, n - k) };
    Interval { value: k / n, low, high, level }
}

/// A Poisson rate by Garwood's exact interval (1936): `count` events over `exposure` of anything.
pub fn poisson_rate(count: u64, exposure: f64, level: f64) -> Interval {
    let (k, tail) = (count as f64, (1.0 - level) / 2.0);
    let ends = Interval { value: k, low: gamma_quantile(tail, k), high: gamma_quantile(1.0 - tail, k + 1.0), level };
    ends.map(|mean| mean / exposure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn none_and_all() {
        assert_eq!(wilson(0, 20, 0.95).low, 0.0);
        assert_eq!(clopper_pearson(20, 20, 0.95).high, 1.0);
        assert_eq!(poisson_rate(0, 4.0, 0.95).low, 0.0);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_value_and_grows_with_its_level(hits in 0u64..40, more in 1u64..60) {
            let trials = hits + more;
            for interval in [wilson, clopper_pearson] {
                let (narrow, wide) = (interval(hits, trials, 0.9), interval(hits, trials, 0.99));
                prop_assert!(narrow.holds(narrow.value));
                prop_assert!(wide.low <= narrow.low + 1e-12 && narrow.high <= wide.high + 1e-12);
            }
            let rate = poisson_rate(hits, 3.0, 0.95);
            prop_assert!(rate.holds(rate.value));
        }
    }
}
