//! When a handset was heard: records an hour, day by day, here and elsewhere.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Records in each hour of a local day.
pub type HourCounts = [u32; 24];

/// Whose sectors served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Sectors that serve inside this facility.
    Here,
    /// All others.
    Elsewhere,
}

/// Records an hour over a run of local days.
///
/// On the wire it is a date and two texts of one base-36 digit an hour, where `z` stands for 35 or
/// more: enough for a picture, at 48 bytes a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Activity {
    from: Date,
    here: Vec<HourCounts>,
    elsewhere: Vec<HourCounts>,
}

impl Activity {
    /// No records yet on any of `days` days.
    pub fn new(from: Date, days: usize) -> Self {
        Self { from, here: vec![[0; 24]; days], elsewhere: vec![[0; 24]; days] }
    }

    /// Counts records in an hour of a local day; what lies outside the days is left out.
    pub fn add(&mut self, day: Date, hour: u8, place: Where, records: u32) {
        let Ok(index) = usize::try_from((day - self.from).get_days()) else { return };
        let days = match place {
            Where::Here => &mut self.here,
            Where::Elsewhere => &mut self.elsewhere,
        };
        if let Some(count) = days.get_mut(index).and_then(|hours| hours.get_mut(usize::from(hour))) {
            *count = count.saturating_add(records);
        }
    }

    /// The first day.
    pub const fn from(&self) -> Date {
        self.from
    }

    /// Each day with its counts here and elsewhere.
    pub fn days(&self) -> impl Iterator<Item = (Date, &HourCounts, &HourCounts)> {
        let dates = (0i64..).map(|index| self.from.saturating_add(index.days()));
        dates.zip(self.here.iter().zip(&self.elsewhere)).map(|(date, (here, elsewhere))| (date, here, elsewhere))
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    from: Date,
    here: String,
    elsewhere: String,
}

/// A day's text was not one base-36 digit an hour.
#[derive(Debug, thiserror::Error)]
#[error("hours of {place} are not whole days of base-36 digits")]
struct WireError {
    place: &'static str,
}

impl From<Activity> for Wire {
    fn from(activity: Activity) -> Self {
        Wire { from: activity.from, here: digits(&activity.here), elsewhere: digits(&activity.elsewhere) }
    }
}

impl TryFrom<Wire> for Activity {
    type Error = WireError;
    fn try_from(wire: Wire) -> Result<Self, WireError> {
        let here = counts(&wire.here).ok_or(WireError { place: "here" })?;
        let elsewhere = counts(&wire.elsewhere).ok_or(WireError { place: "elsewhere" })?;
        if here.len() != elsewhere.len() {
            return Err(WireError { place: "here and elsewhere" });
        }
        Ok(Self { from: wire.from, here, elsewhere })
    }
}

fn digits(days: &[HourCounts]) -> String {
    let digit = |&count: &u32| char::from_digit(count.min(35), 36).unwrap_or('0');
    days.iter().flatten().map(digit).collect()
}

fn counts(text: &str) -> Option<Vec<HourCounts>> {
    if !text.len().is_multiple_of(24) {
        return None;
    }
    let all: Vec<u32> = text.chars().map(|letter| letter.to_digit(36)).collect::<Option<_>>()?;
    all.chunks(24).map(|day| day.try_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn written_and_read_again() -> Result<(), serde_json::Error> {
        let mut activity = Activity::new(date(2026, 10, 30), 3);
        activity.add(date(2026, 10, 31), 22, Where::Here, 12);
        activity.add(date(2026, 11, 1), 0, Where::Elsewhere, 3);
        activity.add(date(2026, 11, 2), 0, Where::Elsewhere, 3);
        activity.add(date(2026, 10, 29), 0, Where::Here, 3);
        let text = serde_json::to_string(&activity)?;
        assert_eq!(serde_json::from_str::<Activity>(&text)?, activity);
        assert!(text.contains(&format!("{}c0", "0".repeat(46))));
        let dates: Vec<String> = activity.days().map(|(day, _, _)| day.to_string()).collect();
        assert_eq!(dates, ["2026-10-30", "2026-10-31", "2026-11-01"]);
        assert!(serde_json::from_str::<Activity>(r#"{"from":"2026-10-30","here":"0","elsewhere":"0"}"#).is_err());
        Ok(())
    }
}
