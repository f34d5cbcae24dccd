//! How long it stayed quiet after a search: days until activity inside is back (Kaplan and Meier 1958).

use serde::Serialize;

use crate::interval::Interval;
use crate::refusal::{CantTell, Needed, Shortage};
use crate::special::normal_quantile;

/// A wing's, or a facility's, silence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Silence {
    /// Days.
    pub days: f64,
    /// What ended it.
    pub until: Until,
}

/// What a silence lasted until.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// Activity was back.
    Back,
    /// The records end: it may have lasted longer.
    EndOfRecords,
}

/// How long silences last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quiet {
    /// Silences.
    pub silences: usize,
    /// Of those, seen to end.
    pub ended: usize,
    /// The share still quiet after so many days; steps at which it changes. Log-log interval (Kalbfleisch and
    /// Prentice 2002, §1.4), which stays in bounds and holds with few.
    pub still_quiet: Vec<(f64, Interval)>,
    /// Days after which half are back, where half were seen to be; its ends where they were seen (Brookmeyer and
    /// Crowley 1982).
    pub half_back: Half,
}

/// The median of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// With both ends.
    Known(Interval),
    /// Seen, but the upper end lies beyond the records.
    AtLeast {
        /// The median.
        value: f64,
        /// The lower end.
        low: f64,
    },
    /// Over half were still quiet at the end.
    NotSeen,
}

const LEAST_ENDED: f64 = 10.0;

/// How long it stays quiet.
///
/// # Errors
/// With fewer than ten silences that were seen to end.
pub fn quiet(silences: &[Silence]) -> Result<Quiet, CantTell> {
    let ended = silences.iter().filter(|silence| silence.until == Until::Back).count();
    CantTell::unless_enough([Needed::new(Shortage::Observations, ended as f64, LEAST_ENDED)])?;
    let still_quiet = steps(silences);
    Ok(Quiet { silences: silences.len(), ended, half_back: half(&still_quiet), still_quiet })
}

fn steps(silences: &[Silence]) -> Vec<(f64, Interval)> {
    let mut sorted = silences.to_vec();
    sorted.sort_by(|a, b| a.days.total_cmp(&b.days));
    let (mut share, mut greenwood, mut left) = (1.0, 0.0, sorted.len() as f64);
    let mut steps = Vec::new();
    for together in sorted.chunk_by(|a, b| a.days == b.days) {
        let back = together.iter().filter(|silence| silence.until == Until::Back).count() as f64;
        if back > 0.0 {
            share *= 1.0 - back / left;
            greenwood += back / (left * (left - back));
            steps.push((together[0].days, log_log(share, greenwood)));
        }
        left -= together.len() as f64;
    }
    steps
}

fn log_log(share: f64, greenwood: f64) -> Interval {
    if share <= 0.0 {
        return Interval { value: 0.0, low: 0.0, high: 0.0, level: 0.95 };
    }
    let half = normal_quantile(0.975) * greenwood.sqrt() / share.ln().abs();
    let end = |sign: f64| share.powf((sign * half).exp());
    Interval { value: share, low: end(1.0), high: end(-1.0), level: 0.95 }
}

fn half(steps: &[(f64, Interval)]) -> Half {
    let first = |under: &dyn Fn(&Interval) -> bool| steps.iter().find(|(_, share)| under(share)).map(|(days, _)| *days);
    let Some(value) = first(&|share| share.value <= 0.5) else { return Half::NotSeen };
    let low = first(&|share| share.low <= 0.5).unwrap_or(value);
    match first(&|share| share.high <= 0.5) {
        Some(high) => Half::Known(Interval { value, low, high, level: 0.95 }),
        None => Half::AtLeast { value, low },
    }
}
