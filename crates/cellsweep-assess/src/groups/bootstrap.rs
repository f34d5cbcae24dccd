//! The multiplier bootstrap: Callaway and Sant'Anna (2021), algorithm 1.

use crate::draw::Draws;
use crate::special::normal_quantile;

/// The spread of the perturbed influence, as the interquartile range over the normal's: outlying draws don't count.
/// `sums` are the influences summed by facility, `units` how many there are.
pub fn standard_error(sums: &[f64], units: usize, draws: usize, seed: u64) -> f64 {
    let mut stream = Draws::new(seed);
    let mut perturbed: Vec<f64> = (0..draws.max(4)).map(|_| perturb(sums, units, &mut stream)).collect();
    perturbed.sort_by(f64::total_cmp);
    let at = |share: f64| perturbed[((perturbed.len() - 1) as f64 * share).round() as usize];
    (at(0.75) - at(0.25)) / (normal_quantile(0.75) - normal_quantile(0.25))
}

fn perturb(sums: &[f64], units: usize, stream: &mut Draws) -> f64 {
    sums.iter().map(|sum| sum * mammen(stream)).sum::<f64>() / units as f64
}

/// Mammen's two points (1993): mean 0, variance and third moment 1.
fn mammen(stream: &mut Draws) -> f64 {
    let root = 5.0_f64.sqrt();
    let lower = (root + 1.0) / (2.0 * root);
    if stream.uniform() < lower { (1.0 - root) / 2.0 } else { f64::midpoint(1.0, root) }
}
