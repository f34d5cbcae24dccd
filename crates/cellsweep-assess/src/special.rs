//! Quantiles that intervals are made of, by bisection on `statrs`'s distribution functions: slower than an
//! approximation, and right to the last few digits.

use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc_inv;
use statrs::function::gamma::gamma_lr;

/// Halvings: as many as a double has bits, and some.
const STEPS: usize = 80;

/// The standard normal's quantile; `share` in (0, 1).
pub fn normal_quantile(share: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share)
}

/// Student's t: the share under `t` with so many degrees of freedom.
pub fn student_cdf(t: f64, df: f64) -> f64 {
    let tail = 0.5 * beta_reg(df / 2.0, 0.5, df / (df + t * t));
    if t < 0.0 { tail } else { 1.0 - tail }
}

/// Student's t: its quantile; `share` in (0, 1).
pub fn student_quantile(share: f64, df: f64) -> f64 {
    if share < 0.5 {
        return -student_quantile(1.0 - share, df);
    }
    let mut high = 1.0;
    while student_cdf(high, df) < share && high < 1e12 {
        high *= 2.0;
    }
    bisect(0.0, high, |t| student_cdf(t, df) < share)
}

/// The beta distribution's function.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 { 1.0 } else { beta_reg(a, b, x) }
}

/// The beta distribution's quantile; `share` in (0, 1).
pub fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    bisect(0.0, 1.0, |x| beta_cdf(x, a, b) < share)
}

/// The gamma distribution's quantile with scale 1; 0 for a shape of 0.
pub fn gamma_quantile(share: f64, shape: f64) -> f64 {
    if shape <= 0.0 {
        return 0.0;
    }
    let mut high = shape + 1.0;
    while gamma_lr(shape, high) < share && high < 1e15 {
        high *= 2.0;
    }
    bisect(0.0, high, |x| x <= 0.0 || gamma_lr(shape, x) < share)
}

/// Poisson: the share of counts up to this one.
pub fn poisson_cdf(count: f64, mean: f64) -> f64 {
    if count < 0.0 {
        return 0.0;
    }
    if mean <= 0.0 { 1.0 } else { 1.0 - gamma_lr(count.floor() + 1.0, mean) }
}

/// Where `is_below` turns from true to false.
pub fn bisect(low: f64, high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..STEPS {
        let middle = 0.5 * (low + high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(ours: f64, known: f64) {
        assert!((ours - known).abs() < 1e-9 * known.abs().max(1.0), "{ours}, not {known}");
    }

    #[test]
    fn quantiles_of_the_tables() {
        near(normal_quantile(0.975), 1.959_963_984_540_054);
        near(student_quantile(0.975, 5.0), 2.570_581_835_636_314);
        near(student_quantile(0.8, 14.0), 0.868_054_781_557_420_7);
        near(beta_quantile(0.5, 1.0, 1.0), 0.5);
        near(gamma_quantile(0.95, 1.0), 2.995_732_273_553_991);
        near(poisson_cdf(2.0, 3.0), 0.423_190_081_126_843_5);
    }
}
