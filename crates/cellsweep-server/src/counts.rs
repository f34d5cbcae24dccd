//! Requests, counted: how they ended and how long they took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the histogram, in milliseconds; the last bucket has none.
const BOUNDS_MS: [u64; 9] = [5, 10, 25, 50, 100, 200, 500, 1_000, 5_000];

/// The figures.
#[derive(Debug, Default)]
pub struct Counts {
    classes: [AtomicU64; 5],
    buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    micros: AtomicU64,
}

impl Counts {
    /// A request ended.
    pub fn add(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let place = BOUNDS_MS.iter().position(|bound| took.as_millis() <= u128::from(*bound));
        self.buckets[place.unwrap_or(BOUNDS_MS.len())].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Requests by the status' first digit.
    pub fn by_class(&self) -> impl Iterator<Item = (usize, u64)> {
        self.classes.iter().enumerate().map(|(class, count)| (class + 1, count.load(Ordering::Relaxed)))
    }

    /// Requests that took at most so many seconds, each bucket with those before it.
    pub fn buckets(&self) -> impl Iterator<Item = (String, u64)> {
        let bounds = BOUNDS_MS.iter().map(|bound| format!("{}", *bound as f64 / 1e3)).chain(["+Inf".to_owned()]);
        let mut sum = 0;
        bounds.zip(&self.buckets).map(move |(bound, count)| {
            sum += count.load(Ordering::Relaxed);
            (bound, sum)
        })
    }

    /// All requests.
    pub fn all(&self) -> u64 {
        self.classes.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// What they took together, in seconds.
    pub fn seconds(&self) -> f64 {
        self.micros.load(Ordering::Relaxed) as f64 / 1e6
    }
}
