//! Random draws: one independent stream per (seed, purpose, index), so that the order in which
//! threads work can't change a world.

use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Poisson, StandardNormal};

/// The generator used everywhere: fast to seed, which matters with one stream per handset and day.
pub(crate) type Gen = Xoshiro256PlusPlus;

/// What a stream is for. Two purposes never share draws, so adding a draw to one leaves the others alone.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Params = 1,
    Land,
    Network,
    Facilities,
    Roster,
    Catalogue,
    Identity,
    Inside,
    Around,
    Staff,
    Ordinary,
    Contacts,
    Ledger,
    Past,
    Survey,
    Day,
    Quirk,
    Tables,
    Answer,
    Shadow,
    Wall,
    Spot,
}

/// SplitMix64's finaliser over two words: the hash behind streams and fields.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23);
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The stream of one purpose.
pub(crate) fn stream(seed: u64, purpose: Purpose, index: u64) -> Gen {
    Gen::seed_from_u64(mix(mix(seed, purpose as u64), index))
}

/// A uniform number in [0, 1) from a hash.
pub(crate) fn hash01(h: u64) -> f64 {
    (h >> 11) as f64 / (1u64 << 53) as f64
}

/// A nearly normal number from a hash (sum of four uniforms): cheap enough for fading fields.
pub(crate) fn hash_normal(h: u64) -> f64 {
    let part = |shift: u32| ((h >> shift) & 0xFFFF) as f64;
    let sum = part(0) + part(16) + part(32) + part(48);
    (sum / 65_536.0 - 2.0) * 1.732_05
}

/// A standard normal draw.
pub(crate) fn normal(rng: &mut Gen) -> f64 {
    StandardNormal.sample(rng)
}

/// A log-normal draw given by its median.
pub(crate) fn log_normal(rng: &mut Gen, median: f64, sigma: f64) -> f64 {
    median * (sigma * normal(rng)).exp()
}

/// A Poisson draw; a mean that makes no sense gives 0.
pub(crate) fn poisson(rng: &mut Gen, mean: f64) -> u32 {
    if mean < 1e-9 {
        return 0;
    }
    Poisson::new(mean).map_or(0, |d| d.sample(rng) as u32)
}

/// An exponential draw.
pub(crate) fn exponential(rng: &mut Gen, mean: f64) -> f64 {
    -mean * (1.0 - rng.random::<f64>()).max(1e-12).ln()
}

/// True with probability `p`, whatever `p` is.
pub(crate) fn chance(rng: &mut Gen, p: f64) -> bool {
    rng.random::<f64>() < p
}

/// Uniform in [lo, hi).
pub(crate) fn between(rng: &mut Gen, lo: f64, hi: f64) -> f64 {
    lo + (hi - lo) * rng.random::<f64>()
}

/// Uniform in 0..n; 0 where n is 0.
pub(crate) fn below(rng: &mut Gen, n: usize) -> usize {
    if n < 2 { 0 } else { rng.random_range(0..n) }
}

/// Uniform instant in [from, to).
pub(crate) fn instant(rng: &mut Gen, from: i64, to: i64) -> i64 {
    if to <= from { from } else { rng.random_range(from..to) }
}

/// One item of a slice.
pub(crate) fn pick<'a, T>(rng: &mut Gen, items: &'a [T]) -> Option<&'a T> {
    if items.is_empty() { None } else { items.get(below(rng, items.len())) }
}

/// One word of a list that is never empty.
pub(crate) fn word(rng: &mut Gen, items: &[&'static str]) -> &'static str {
    pick(rng, items).copied().unwrap_or("")
}

/// An index drawn by weight.
pub(crate) fn weighted(rng: &mut Gen, weights: &[f64]) -> usize {
    let total: f64 = weights.iter().sum();
    let mut left = rng.random::<f64>() * total;
    for (i, w) in weights.iter().enumerate() {
        left -= w;
        if left < 0.0 {
            return i;
        }
    }
    weights.len().saturating_sub(1)
}

/// Shuffles in place: every small table is written in an order that says nothing.
pub(crate) fn shuffle<T>(rng: &mut Gen, items: &mut [T]) {
    items.shuffle(rng);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |s, i| stream(s, Purpose::Day, i).random::<u64>();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn hashed_normals_have_unit_spread() {
        let n = 20_000;
        let xs: Vec<f64> = (0..n).map(|i| hash_normal(mix(7, i))).collect();
        let mean = xs.iter().sum::<f64>() / n as f64;
        let var = xs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.03 && (var - 1.0).abs() < 0.05, "{mean} {var}");
    }
}
