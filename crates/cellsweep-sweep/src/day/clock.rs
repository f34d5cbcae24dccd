//! What a device's clock was wrong by, and what time it was when something was entered.

use jiff::Timestamp;
use serde::Serialize;

/// How much a clock may gain or lose between two measures, beyond what they say: half a second in a thousand. Quartz
/// drifts by a tenth of that; a larger difference is a clock that somebody set.
const DRIFT: f64 = 0.0005;

/// How sure a corrected time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The clock was measured before and after: the time is right to so many milliseconds.
    Between {
        /// Milliseconds.
        within_ms: u64,
    },
    /// It was measured on one side only: right to so many milliseconds unless somebody set the clock since.
    Beyond {
        /// Milliseconds.
        within_ms: u64,
    },
    /// It was never measured: the time is the device's own word.
    NotMeasured,
}

impl Certainty {
    /// By how much the time may be moved without contradicting what was measured.
    pub(super) fn slack(self) -> i64 {
        match self {
            Self::Between { within_ms } | Self::Beyond { within_ms } => {
                i64::try_from(within_ms).unwrap_or(i64::MAX / 4)
            }
            Self::NotMeasured => 0,
        }
    }

    /// As much less certain.
    pub(super) fn widened(self, by_ms: u64) -> Self {
        match self {
            Self::Between { within_ms } => Self::Between { within_ms: within_ms + by_ms },
            Self::Beyond { within_ms } => Self::Beyond { within_ms: within_ms + by_ms },
            Self::NotMeasured => Self::NotMeasured,
        }
    }
}

/// What is known of a device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockError {
    /// The last measure: what has to be added to its times.
    Measured {
        /// Milliseconds; positive where the clock is behind.
        add_ms: i64,
        /// How far off that may be, in milliseconds.
        within_ms: u64,
        /// How many measures there are.
        measures: usize,
        /// By how much the measures differ, in milliseconds: drift, or a clock that was set.
        spread_ms: i64,
    },
    /// It was never measured.
    NotMeasured,
}

/// A measure, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Measure {
    count: u64,
    its: i64,
    truth: i64,
    within: i64,
}

impl Measure {
    fn add(&self) -> i64 {
        self.truth - self.its
    }

    fn drift(&self, its: i64) -> i64 {
        drift(its - self.its)
    }
}

/// A device's clock.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock(Vec<Measure>);

impl Clock {
    pub fn measured(&mut self, count: u64, its: Timestamp, truth: Timestamp, within_ms: u64) {
        let within = i64::try_from(within_ms).unwrap_or(i64::MAX / 4);
        self.0.push(Measure { count, its: its.as_millisecond(), truth: truth.as_millisecond(), within });
    }

    /// Once all measures are in.
    pub fn sort(&mut self) {
        self.0.sort_unstable();
    }

    pub fn error(&self) -> ClockError {
        let adds = self.0.iter().map(Measure::add);
        let (Some(last), Some(least), Some(most)) = (self.0.last(), adds.clone().min(), adds.max()) else {
            return ClockError::NotMeasured;
        };
        ClockError::Measured {
            add_ms: last.add(),
            within_ms: last.within.unsigned_abs(),
            measures: self.0.len(),
            spread_ms: most - least,
        }
    }

    /// When the entry with this number was made, in milliseconds, if the device's clock said `its`. The device's
    /// count tells between which two measures that was, even where the clock was set in between.
    pub fn date(&self, sequence: u64, its: i64) -> (i64, Certainty) {
        let after = self.0.partition_point(|measure| measure.count < sequence);
        let before = after.checked_sub(1).and_then(|at| self.0.get(at));
        match (before, self.0.get(after)) {
            (Some(before), Some(after)) => between(before, after, its),
            (Some(one), None) | (None, Some(one)) => {
                (its + one.add(), Certainty::Beyond { within_ms: ms(one.within + one.drift(its)) })
            }
            (None, None) => (its, Certainty::NotMeasured),
        }
    }
}

fn between(before: &Measure, after: &Measure, its: i64) -> (i64, Certainty) {
    let within = before.within.max(after.within);
    let apart = (after.add() - before.add()).abs();
    if apart <= before.within + after.within + drift(after.its - before.its) {
        let near = before.drift(its).min(after.drift(its));
        let at = its + interpolated(before, after, its);
        return (at, Certainty::Between { within_ms: ms(within + near + apart) });
    }
    // Somebody set the clock. What was entered lies between the two measures, which often leaves one of the two. An
    // entry may have been made while the second was taken, which took twice what it is off by.
    let (first, last) = (before.truth - before.within, after.truth + 2 * after.within);
    let fits = |at: &i64| (first..=last).contains(at);
    let (early, late) = (its + before.add(), its + after.add());
    match (fits(&early), fits(&late)) {
        (true, false) => (early, Certainty::Between { within_ms: ms(before.within + before.drift(its)) }),
        (false, true) => (late, Certainty::Between { within_ms: ms(after.within + after.drift(its)) }),
        _ => {
            let at = i64::midpoint(first, last);
            (at, Certainty::Between { within_ms: ms((last - first) / 2 + 1) })
        }
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "milliseconds of a day fit easily")]
fn interpolated(before: &Measure, after: &Measure, its: i64) -> i64 {
    let whole = (after.its - before.its) as f64;
    let part = if whole > 0.0 { ((its - before.its) as f64 / whole).clamp(0.0, 1.0) } else { 0.5 };
    before.add() + (part * (after.add() - before.add()) as f64).round() as i64
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "milliseconds of a day fit easily")]
fn drift(over: i64) -> i64 {
    (over.abs() as f64 * DRIFT).ceil() as i64
}

fn ms(value: i64) -> u64 {
    value.unsigned_abs()
}
