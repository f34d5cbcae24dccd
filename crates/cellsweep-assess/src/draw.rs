//! Draws that a seed repeats: for permutations and resampling.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws; the same seed gives the same ones on every machine.
pub struct Draws(ChaCha8Rng);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// In [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number under `below`, which is not 0.
    pub fn below(&mut self, below: usize) -> usize {
        // The bias of a remainder is under 2^-40 for any number of things that we count.
        (self.0.next_u64() % below as u64) as usize
    }

    /// So many of the first `of` whole numbers, in random order, each at most once (Fisher and Yates).
    pub fn choose(&mut self, count: usize, of: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..of).collect();
        for index in 0..count {
            let other = index + self.below(of - index);
            all.swap(index, other);
        }
        all.truncate(count);
        all
    }

    /// As many of the first `of` whole numbers, with replacement.
    pub fn resample(&mut self, of: usize) -> Vec<usize> {
        (0..of).map(|_| self.below(of)).collect()
    }
}
