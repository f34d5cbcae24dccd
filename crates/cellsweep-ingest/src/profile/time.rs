//! Times in a file's own notation and zone.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::reason::ReasonCode;
use crate::value;

mod format;

pub(crate) use format::{Format, Local, parse_local};

/// The zone of times that carry their own offset.
pub(crate) const ZONE_IN_VALUE: &str = "in-value";
/// The zone of profiles that leave it to whoever imports: a shop's times are in its own.
pub(crate) const ZONE_ASKED: &str = "ask";
const SECOND: i64 = 1_000_000;
/// Rules of a zone change at no other minutes than these (IANA, since 1990).
const BUCKET: i64 = 15 * 60 * SECOND;

/// How times are written, and in which zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeSpec {
    /// An IANA zone (`Europe/Paris`), an offset (`+04:00`), `in-value` where each time carries its own, or `ask`
    /// where whoever imports has to say it.
    pub zone: String,
    /// Notations, tried in order; RFC 3339 if none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// What a local time means that occurs twice, in the night when clocks go back.
    #[serde(default, skip_serializing_if = "Ambiguous::is_default")]
    pub ambiguous: Ambiguous,
    /// A column that says the zone row by row; `zone` holds where it is blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_from: Option<String>,
    /// What that column's words mean: `CEST = "+02:00"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub zones: BTreeMap<String, String>,
}

/// What a local time means that occurs twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ambiguous {
    /// The first time, before clocks go back; counted as a doubt.
    #[default]
    First,
    /// The second time; counted as a doubt.
    Second,
    /// The row can't be used.
    Reject,
}

impl Ambiguous {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a zone's times lie.
#[derive(Debug, Clone)]
pub(crate) enum Zone {
    InValue,
    /// Microseconds east of UTC.
    Fixed(i64),
    Named(TimeZone),
}

impl Zone {
    /// Of a name, an offset or the word for neither; `None` where there is no such zone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == ZONE_IN_VALUE {
            return Some(Zone::InValue);
        }
        if text.starts_with(['+', '-']) || text.eq_ignore_ascii_case("utc") || text == "Z" {
            return format::offset(text.as_bytes()).map(Zone::Fixed);
        }
        TimeZone::get(text).ok().map(Zone::Named)
    }
}

/// The offset that was last looked up, for the times close by.
#[derive(Debug, Default)]
pub(crate) struct OffsetCache(Option<(i64, i64)>);

/// An instant, and whether its local time occurs twice.
pub(crate) type Instant = (i64, bool);

impl Zone {
    /// The instant of a local time.
    ///
    /// # Errors
    /// When it has no zone, or never was.
    pub(crate) fn instant(
        &self,
        local: Local,
        ambiguous: Ambiguous,
        cache: &mut OffsetCache,
    ) -> Result<Instant, ReasonCode> {
        let (offset, twice) = match (local.offset, self) {
            (Some(offset), _) => (offset, false),
            (None, Zone::InValue) => return Err(ReasonCode::TimeWithoutZone),
            (None, Zone::Fixed(offset)) => (*offset, false),
            (None, Zone::Named(zone)) => named(zone, local.micros, ambiguous, cache)?,
        };
        value::time_in_range(local.micros - offset).map(|instant| (instant, twice))
    }
}

fn named(zone: &TimeZone, local: i64, ambiguous: Ambiguous, cache: &mut OffsetCache) -> Result<Instant, ReasonCode> {
    let bucket = local.div_euclid(BUCKET);
    if let Some((at, offset)) = cache.0
        && at == bucket
    {
        return Ok((offset, false));
    }
    let civil = civil(local).ok_or(ReasonCode::TimeOutOfRange)?;
    let micros = |offset: Offset| i64::from(offset.seconds()) * SECOND;
    match (zone.to_ambiguous_timestamp(civil).offset(), ambiguous) {
        (AmbiguousOffset::Unambiguous { offset }, _) => {
            cache.0 = Some((bucket, micros(offset)));
            Ok((micros(offset), false))
        }
        (AmbiguousOffset::Gap { .. }, _) => Err(ReasonCode::TimeSkipped),
        (AmbiguousOffset::Fold { .. }, Ambiguous::Reject) => Err(ReasonCode::TimeTwice),
        (AmbiguousOffset::Fold { before, .. }, Ambiguous::First) => Ok((micros(before), true)),
        (AmbiguousOffset::Fold { after, .. }, Ambiguous::Second) => Ok((micros(after), true)),
    }
}

/// A local time as a calendar's date and a clock's time.
fn civil(local: i64) -> Option<DateTime> {
    let instant = jiff::Timestamp::from_microsecond(local).ok()?;
    Some(Offset::UTC.to_datetime(instant))
}

/// A local time as text that every spreadsheet and database understands.
pub(crate) fn local_text(local: i64) -> String {
    civil(local).map_or_else(|| local.to_string(), |civil| civil.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zone: &str, text: &str, ambiguous: Ambiguous) -> Result<(String, bool), ReasonCode> {
        let format = Format::parse("%Y-%m-%d %H:%M:%S").unwrap();
        let local = parse_local(&[format], text.as_bytes()).unwrap();
        let mut cache = OffsetCache::default();
        let (instant, twice) = Zone::parse(zone).unwrap().instant(local, ambiguous, &mut cache)?;
        Ok((jiff::Timestamp::from_microsecond(instant).unwrap().to_string(), twice))
    }

    #[test]
    fn summer_and_winter() {
        let read = |text| check("Europe/Paris", text, Ambiguous::First).map(|(text, _)| text);
        assert_eq!(read("2026-01-15 12:00:00"), Ok("2026-01-15T11:00:00Z".to_owned()));
        assert_eq!(read("2026-07-15 12:00:00"), Ok("2026-07-15T10:00:00Z".to_owned()));
        assert_eq!(
            check("+04:00", "2026-07-15 12:00:00", Ambiguous::First).map(|(text, _)| text),
            Ok("2026-07-15T08:00:00Z".to_owned())
        );
    }

    #[test]
    fn the_nights_when_clocks_change() {
        let twice = "2026-10-25 02:30:00";
        assert_eq!(check("Europe/Paris", twice, Ambiguous::First), Ok(("2026-10-25T00:30:00Z".to_owned(), true)));
        assert_eq!(check("Europe/Paris", twice, Ambiguous::Second), Ok(("2026-10-25T01:30:00Z".to_owned(), true)));
        assert_eq!(check("Europe/Paris", twice, Ambiguous::Reject), Err(ReasonCode::TimeTwice));
        assert_eq!(check("Europe/Paris", "2026-03-29 02:30:00", Ambiguous::First), Err(ReasonCode::TimeSkipped));
    }

    #[test]
    fn no_zone_no_time() {
        assert_eq!(check(ZONE_IN_VALUE, "2026-01-15 12:00:00", Ambiguous::First), Err(ReasonCode::TimeWithoutZone));
        assert!(Zone::parse("Europe/Pariss").is_none());
    }
}
