//! Instants: RFC 3339 straight from bytes.

use crate::reason::ReasonCode;

const SECOND: i64 = 1_000_000;
const POWERS: [i64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/// 1990-01-01 and 2101-01-01: what can't be a record's or a sale's time lies outside.
const EARLIEST: i64 = 631_152_000 * SECOND;
const LATEST: i64 = 4_133_980_800 * SECOND;

/// An RFC 3339 instant in microseconds since 1970 UTC; digits beyond microseconds are cut, a leap
/// second counts as the one before it.
///
/// # Errors
/// When it is written otherwise, has no zone, doesn't exist or lies outside 1990 to 2100.
pub fn time(text: &[u8]) -> Result<i64, ReasonCode> {
    match split(text) {
        Some((local, zone)) => in_range(local - offset(zone).map_err(|why| why.reason(zone))?),
        None if is_plain_date(text) => Err(ReasonCode::TimeWithoutZone),
        None => Err(ReasonCode::TimeNotRfc3339),
    }
}

/// An instant that a format gives as a number.
///
/// # Errors
/// When it lies outside 1990 to 2100.
pub(crate) fn in_range(micros: i64) -> Result<i64, ReasonCode> {
    if (EARLIEST..LATEST).contains(&micros) { Ok(micros) } else { Err(ReasonCode::TimeOutOfRange) }
}

/// `2025-03-17T00:00:22.729971` as microseconds, and what stands behind it.
fn split(text: &[u8]) -> Option<(i64, &[u8])> {
    let (clock, rest) = text.split_first_chunk::<19>()?;
    let [_, _, _, _, b'-', _, _, b'-', _, _, b'T' | b't' | b' ', _, _, b':', _, _, b':', _, _] = clock else {
        return None;
    };
    let pair = |at: usize| two(clock[at], clock[at + 1]);
    let year = pair(0)? * 100 + pair(2)?;
    let days = days_from_civil(year, pair(5)?, pair(8)?)?;
    let (hour, minute, second) = (pair(11)?, pair(14)?, pair(17)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days * 86_400 + i64::from(hour * 3_600 + minute * 60 + second.min(59));
    let (micros, zone) = fraction(rest)?;
    Some((seconds * SECOND + micros, zone))
}

/// Midnight of a date in microseconds since 1970 as if it were UTC; `None` where there is no such date.
pub(crate) fn micros_of_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let small = |value: i64| u32::try_from(value).ok().filter(|value| *value < 10_000);
    days_from_civil(small(year)?, small(month)?, small(day)?).map(|days| days * 86_400 * SECOND)
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { None } else { Some(u32::from(tens) * 10 + u32::from(ones)) }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant's algorithm), for the
/// years 0 to 9999.
fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i64> {
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *LENGTHS.get((month as usize).checked_sub(1)?)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if day == 0 || day > length + u32::from(leap && month == 2) {
        return None;
    }
    // The year begins in March, so that the leap day is its last; 400 keeps it above zero.
    let year = year + 400 - u32::from(month <= 2);
    let (era, of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    Some(i64::from(era) * 146_097 + i64::from(day_of_era) - 719_468 - 146_097)
}

/// `.729971` as microseconds; nothing is 0.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.' | b',', digits @ ..] = text else { return Some((0, text)) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 || count > 9 {
        return None;
    }
    let written = count.min(6);
    let read = digits[..written].iter().fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0'));
    Some((read * POWERS[6 - written], &digits[count..]))
}

/// Why an offset can't be read.
struct BadOffset;

impl BadOffset {
    fn reason(self, zone: &[u8]) -> ReasonCode {
        if zone.is_empty() { ReasonCode::TimeWithoutZone } else { ReasonCode::TimeNotRfc3339 }
    }
}

/// `Z` or `+02:00` in microseconds.
fn offset(zone: &[u8]) -> Result<i64, BadOffset> {
    let (sign, hours, minutes) = match zone {
        b"Z" | b"z" => return Ok(0),
        [sign, a, b, b':', c, d] => (sign, two(*a, *b), two(*c, *d)),
        _ => return Err(BadOffset),
    };
    let (Some(hours @ 0..=23), Some(minutes @ 0..=59)) = (hours, minutes) else { return Err(BadOffset) };
    let size = i64::from(hours * 60 + minutes) * 60 * SECOND;
    match sign {
        b'+' => Ok(size),
        b'-' => Ok(-size),
        _ => Err(BadOffset),
    }
}

/// `2025-03-17` or `2025-03-17 00:00`: a time, only without zone.
fn is_plain_date(text: &[u8]) -> bool {
    let digit_or = |signs: &'static [u8]| move |byte: &u8| byte.is_ascii_digit() || signs.contains(byte);
    let Some((date, clock)) = text.split_first_chunk::<10>() else { return false };
    let [a, b, c, d, b'-', e, f, b'-', g, h] = date else { return false };
    let Some((month, day)) = two(*e, *f).zip(two(*g, *h)) else { return false };
    let exists = two(*a, *b).zip(two(*c, *d)).and_then(|(high, low)| days_from_civil(high * 100 + low, month, day));
    exists.is_some() && (clock.is_empty() || (clock.len() == 6 && clock[1..].iter().all(digit_or(b":"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MARCH_17: i64 = 1_742_169_600 * SECOND;

    #[test]
    fn accepted() {
        for (text, expect) in [
            ("2025-03-17T00:00:00Z", MARCH_17),
            ("2025-03-17t00:00:00z", MARCH_17),
            ("2025-03-17 00:00:00+00:00", MARCH_17),
            ("2025-03-17T00:00:00-00:00", MARCH_17),
            ("2025-03-17T01:30:00+01:30", MARCH_17),
            ("2025-03-16T19:00:00-05:00", MARCH_17),
            ("2025-03-17T00:00:00.5Z", MARCH_17 + 500_000),
            ("2025-03-17T00:00:00.729971Z", MARCH_17 + 729_971),
            ("2025-03-17T00:00:00.729971999Z", MARCH_17 + 729_971),
            ("2016-12-31T23:59:60Z", 1_483_228_799 * SECOND),
            ("2024-02-29T00:00:00Z", 1_709_164_800 * SECOND),
            ("1990-01-01T00:00:00Z", EARLIEST),
            ("2100-12-31T23:59:59Z", LATEST - SECOND),
        ] {
            assert_eq!(time(text.as_bytes()), Ok(expect), "{text}");
        }
    }

    #[test]
    fn rejected() {
        use ReasonCode::{TimeNotRfc3339, TimeOutOfRange, TimeWithoutZone};
        for (text, expect) in [
            ("2025-03-17T00:00:00", TimeWithoutZone),
            ("2025-03-17 00:00:00.123", TimeWithoutZone),
            ("2025-03-17 00:00", TimeWithoutZone),
            ("2025-03-17", TimeWithoutZone),
            ("31/02/2025 25:61", TimeNotRfc3339),
            ("17/03/2025 00:00:00", TimeNotRfc3339),
            ("2025-02-29T00:00:00Z", TimeNotRfc3339),
            ("2025-13-01T00:00:00Z", TimeNotRfc3339),
            ("2025-03-17T24:00:00Z", TimeNotRfc3339),
            ("2025-03-17T00:00:00+0100", TimeNotRfc3339),
            ("2025-03-17T00:00:00 Europe/Paris", TimeNotRfc3339),
            ("2025-03-17T00:00:00.Z", TimeNotRfc3339),
            ("20250317000000", TimeNotRfc3339),
            ("1742169600", TimeNotRfc3339),
            ("", TimeNotRfc3339),
            ("1970-01-01T00:00:00Z", TimeOutOfRange),
            ("2101-01-01T00:00:00Z", TimeOutOfRange),
            ("0000-01-01T00:00:00Z", TimeOutOfRange),
        ] {
            assert_eq!(time(text.as_bytes()), Err(expect), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_jiff_prints(micros in EARLIEST..LATEST) {
            let instant = jiff::Timestamp::from_microsecond(micros)?;
            prop_assert_eq!(time(instant.to_string().as_bytes()), Ok(micros));
        }

        #[test]
        fn reads_offsets_as_jiff_does(micros in EARLIEST..LATEST, minutes in -1_439i32..1_440) {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(minutes * 60)?);
            let local = jiff::Timestamp::from_microsecond(micros)?.to_zoned_datetime(zone);
            let text = local.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
            prop_assert_eq!(time(text.as_bytes()), Ok(micros), "{}", text);
        }

        #[test]
        fn any_bytes_are_fine(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = time(&text);
        }
    }
}
