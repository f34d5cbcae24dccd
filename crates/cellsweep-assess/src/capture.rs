//! What nobody found: how many there were, from what two searches, or many, found.

use serde::Serialize;

use crate::interval::Interval;
use crate::refusal::{CantTell, Needed, Shortage};
use crate::special::normal_quantile;

/// Two independent ways of finding the same handsets: two searches, or a search and the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoLists {
    /// Found by the first.
    pub first: u64,
    /// Found by the second.
    pub second: u64,
    /// Found by both.
    pub both: u64,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Total {
    /// All handsets, found or not.
    pub all: Interval,
    /// Distinct ones found.
    pub found: u64,
    /// How it was counted.
    pub how: How,
}

/// How a total was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Two lists (Chapman 1951).
    TwoLists,
    /// How often each was found (Chao 1987): a lower bound where some are harder to find than others.
    LowerBound,
}

/// With fewer found twice the interval has no useful upper end.
const LEAST_TWICE: f64 = 7.0;

/// Chapman's nearly unbiased estimate (1951), with the transformed-logit interval of Sadinle (2009), which keeps its
/// level with few recaptures where the normal one doesn't. Holds where the two ways are independent, every handset can
/// be found by either, and none comes or goes between; handsets that are hard for both make it too low.
///
/// # Errors
/// With fewer than seven found by both, or more than by either.
pub fn two_lists(lists: TwoLists) -> Result<Total, CantTell> {
    let TwoLists { first, second, both } = lists;
    let most = first.min(second);
    CantTell::unless_enough([
        Needed::new(Shortage::FoundTwice, both as f64, LEAST_TWICE),
        Needed::new(Shortage::Observations, most as f64, both as f64),
    ])?;
    let (k, only_first, only_second) = (both as f64, (first - both) as f64, (second - both) as f64);
    let value = (first as f64 + 1.0) * (second as f64 + 1.0) / (k + 1.0) - 1.0;
    let (a, b, c) = (k + 0.5, only_first + 0.5, only_second + 0.5);
    let spread = (1.0 / a + 1.0 / b + 1.0 / c + a / (b * c)).sqrt();
    let half = normal_quantile(0.975) * spread;
    let end = |sign: f64| k + only_first + only_second - 0.5 + b * c / a * (sign * half).exp();
    let found = first + second - both;
    let low = end(-1.0).max(found as f64).min(value);
    Ok(Total { all: Interval { value, low, high: end(1.0).max(value), level: 0.95 }, found, how: How::TwoLists })
}

/// Chao's lower bound (1987, bias-corrected form) with its log-normal interval, from how many were found once, twice,
/// and in all.
///
/// # Errors
/// With fewer than seven found twice.
pub fn lower_bound(once: u64, twice: u64, found: u64) -> Result<Total, CantTell> {
    CantTell::unless_enough([
        Needed::new(Shortage::FoundTwice, twice as f64, LEAST_TWICE),
        Needed::new(Shortage::Observations, found as f64, (once + twice) as f64),
    ])?;
    let (f1, f2, all) = (once as f64, twice as f64, found as f64);
    let unseen = f1 * (f1 - 1.0) / (2.0 * (f2 + 1.0));
    let ratio = f1 / f2;
    let variance = f2 * (0.25 * ratio.powi(4) + ratio.powi(3) + 0.5 * ratio * ratio);
    if unseen <= 0.0 {
        let value = Interval { value: all, low: all, high: all, level: 0.95 };
        return Ok(Total { all: value, found, how: How::LowerBound });
    }
    let factor = (normal_quantile(0.975) * (1.0 + variance / (unseen * unseen)).ln().sqrt()).exp();
    let all = Interval { value: all + unseen, low: all + unseen / factor, high: all + unseen * factor, level: 0.95 };
    Ok(Total { all, found, how: How::LowerBound })
}
