//! The window of a world in local days of Europe/Paris, as microseconds of UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::WorldError;

/// Microseconds in an hour.
pub(crate) const HOUR: i64 = 3_600_000_000;
/// Microseconds in a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// The days that the records cover.
pub(crate) struct Clock {
    /// Local midnights, one more than there are days.
    pub midnights: Vec<i64>,
}

impl Clock {
    /// Starts at the local midnight of the day that `start` falls in.
    pub(crate) fn new(start: Timestamp, days: u32) -> Result<Clock, WorldError> {
        let zone = TimeZone::get("Europe/Paris").map_err(WorldError::time)?;
        let first = start.to_zoned_datetime(zone).start_of_day().map_err(WorldError::time)?;
        let midnights = (0..=days)
            .map(|d| {
                let day = first.checked_add(jiff::Span::new().days(i64::from(d))).map_err(WorldError::time)?;
                Ok(day.timestamp().as_microsecond())
            })
            .collect::<Result<Vec<_>, WorldError>>()?;
        Ok(Clock { midnights })
    }

    pub(crate) fn start(&self) -> i64 {
        self.midnights[0]
    }

    pub(crate) fn end(&self) -> i64 {
        self.midnights[self.midnights.len() - 1]
    }

    pub(crate) fn days(&self) -> u32 {
        self.midnights.len() as u32 - 1
    }

    /// When the search day begins: six in the morning after the last recorded day.
    pub(crate) fn operation(&self) -> i64 {
        self.end() + 6 * HOUR
    }

    /// The day an instant falls in (clamped to the window) and the hours since its midnight.
    pub(crate) fn day_hour(&self, t: i64) -> (u32, f64) {
        let after = self.midnights.partition_point(|m| *m <= t);
        let day = after.saturating_sub(1).min(self.midnights.len() - 2);
        (day as u32, (t - self.midnights[day]) as f64 / HOUR as f64)
    }
}

/// RFC 3339 with whole seconds.
pub(crate) fn rfc3339(t: i64) -> String {
    Timestamp::from_second(t.div_euclid(1_000_000)).map_or_else(|_| String::new(), |ts| ts.to_string())
}

/// RFC 3339 with microseconds.
pub(crate) fn rfc3339_micros(t: i64) -> String {
    Timestamp::from_microsecond(t).map_or_else(|_| String::new(), |ts| format!("{ts:.6}"))
}
