//! How likely so little is, by chance.

/// log10 of the probability of `count` or fewer, of counts with this mean and variance: the lower
/// tail of the negative binomial distribution with these moments, whose number of successes is
/// `mean² / (variance − mean)`. Where the variance isn't above the mean, nearly the Poisson's.
///
/// 0 where nothing is expected.
pub fn log10_tail(count: u64, mean: f64, variance: f64) -> f64 {
    if !(mean > 0.0 && mean.is_finite() && variance.is_finite()) {
        return 0.0;
    }
    let size = mean * mean / (variance - mean).max(mean * 1e-6);
    let (success, ln_failure) = (size * (size / (size + mean)).ln(), (mean / (size + mean)).ln());
    let (mut term, mut sum) = (success, success);
    for k in 0..count {
        let k = k as f64;
        term += ((k + size) / (k + 1.0)).ln() + ln_failure;
        let (low, high) = if term < sum { (term, sum) } else { (sum, term) };
        sum = high + (low - high).exp().ln_1p();
    }
    (sum / std::f64::consts::LN_10).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_as_tables_have_them() {
        let check = |count: u64, mean: f64, variance: f64, expected: f64| {
            let tail = 10.0_f64.powf(log10_tail(count, mean, variance));
            assert!((tail - expected).abs() < 1e-4 * expected.max(1e-3), "{count} of {mean}: {tail}");
        };
        // Poisson: P(X ≤ 2 | 5) = 0.124652, P(X ≤ 0 | 5) = e⁻⁵.
        check(2, 5.0, 5.0, 0.124_652);
        check(0, 5.0, 5.0, (-5.0_f64).exp());
        // Negative binomial of size 2 and p = 1/2 (mean 2, variance 4): ¼, ¼ + ¼, ½ + 3/16.
        check(0, 2.0, 4.0, 0.25);
        check(1, 2.0, 4.0, 0.5);
        check(2, 2.0, 4.0, 0.6875);
        check(400, 2.0, 4.0, 1.0);
    }

    #[test]
    fn where_nothing_is_expected_nothing_is_missing() {
        assert_eq!(log10_tail(0, 0.0, 0.0), 0.0);
        assert_eq!(log10_tail(0, f64::NAN, 1.0), 0.0);
    }
}
