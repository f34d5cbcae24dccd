//! Beta-binomial shares with their two parameters summed over.

use statrs::function::gamma::ln_gamma;

use crate::interval::Interval;
use crate::special::beta_cdf;

/// Points of the posterior of a beta distribution's parameters.
pub struct Grid {
    /// α, β, weight; weights sum to 1.
    points: Vec<(f64, f64, f64)>,
}

const MEANS: usize = 60;
const SIZES: usize = 20;
/// Halvings before the rest is taken as straight.
const HALVINGS: usize = 10;
/// ln(α + β) from a single trial's worth to a thousand's.
const LN_SIZE: (f64, f64) = (-0.5, 7.0);

impl Grid {
    /// From found and there of each combination.
    pub fn of(counts: &[(u64, u64)]) -> Self {
        let mut points = Vec::with_capacity(MEANS * SIZES);
        for step in 0..MEANS {
            // In the logit, which is how shares near 0 and 1 differ.
            let logit = -6.0 + 12.0 * (step as f64 + 0.5) / MEANS as f64;
            let mean = 1.0 / (1.0 + (-logit).exp());
            for size_step in 0..SIZES {
                let part = (size_step as f64 + 0.5) / SIZES as f64;
                let size = (LN_SIZE.0 + (LN_SIZE.1 - LN_SIZE.0) * part).exp();
                let (a, b) = (mean * size, (1.0 - mean) * size);
                points.push((a, b, ln_prior(a, b) + ln_likelihood(a, b, counts)));
            }
        }
        let most = points.iter().map(|point| point.2).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = points.iter().map(|point| (point.2 - most).exp()).sum();
        for point in &mut points {
            point.2 = (point.2 - most).exp() / sum;
        }
        // What weighs nothing need not be looked at for each quantile.
        points.retain(|point| point.2 > 1e-6);
        Self { points }
    }

    /// The share of a combination with these counts; of one not tried with none.
    pub fn share(&self, found: u64, there: u64, level: f64) -> Interval {
        let (found, missed) = (found as f64, (there - found) as f64);
        let mean = |(a, b, weight): &(f64, f64, f64)| weight * (a + found) / (a + b + found + missed);
        let value = self.points.iter().map(mean).sum();
        let under = |x: f64| -> f64 {
            self.points.iter().map(|(a, b, weight)| weight * beta_cdf(x, a + found, b + missed)).sum()
        };
        let tail = (1.0 - level) / 2.0;
        let end = |share: f64| quantile(share, under);
        Interval { value, low: end(tail), high: end(1.0 - tail), level }
    }
}

/// Each look at the mixture is a sum over its points, so there are few: after ten halvings it is straight to one in a
/// million.
fn quantile(share: f64, under: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = ((0.0, 0.0), (1.0, 1.0));
    for _ in 0..HALVINGS {
        let x = f64::midpoint(low.0, high.0);
        let at = under(x);
        if at < share {
            low = (x, at);
        } else {
            high = (x, at);
        }
    }
    low.0 + (high.0 - low.0) * (share - low.1) / (high.1 - low.1).max(f64::MIN_POSITIVE)
}

/// (α + β)^(−5/2) in α and β; on the grid of logit mean and log size that is α β (α + β)^(−5/2) (BDA3, eq. 5.10 ff.).
fn ln_prior(a: f64, b: f64) -> f64 {
    a.ln() + b.ln() - 2.5 * (a + b).ln()
}

fn ln_likelihood(a: f64, b: f64, counts: &[(u64, u64)]) -> f64 {
    let one = |&(found, there): &(u64, u64)| {
        let (found, there) = (found as f64, there as f64);
        ln_gamma(a + found) - ln_gamma(a) + ln_gamma(b + there - found) - ln_gamma(b) + ln_gamma(a + b)
            - ln_gamma(a + b + there)
    };
    counts.iter().map(one).sum()
}
