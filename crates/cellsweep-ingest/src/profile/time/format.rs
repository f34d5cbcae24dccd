//! Notations of times: `%d/%m/%Y %H:%M:%S` and a few with names.

use crate::value::micros_of_civil;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Day 0 of spreadsheets that count from 1900, 1899-12-30, in days before 1970.
const SERIAL_ZERO: f64 = 25_569.0;

/// A date and a time of day, microseconds since 1970 as if it were UTC, and its offset where it carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    pub micros: i64,
    /// Microseconds east of UTC.
    pub offset: Option<i64>,
}

/// A notation, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Format(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(u8),
    /// Blanks, as many as there are.
    Spaces,
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Hour12,
    Minute,
    Second,
    /// A point or comma and digits, or nothing.
    Fraction,
    AmPm,
    Offset,
    Unix,
    UnixMillis,
    Serial,
}

impl Format {
    /// Takes a notation apart; says what it doesn't know.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "rfc3339" | "iso" => return Self::parse("%Y-%m-%dT%H:%M:%S%.f%z"),
            "iso-local" => return Self::parse("%Y-%m-%dT%H:%M:%S%.f"),
            "unix" => return Ok(Self(vec![Part::Unix])),
            "unix-ms" => return Ok(Self(vec![Part::UnixMillis])),
            "serial" => return Ok(Self(vec![Part::Serial])),
            _ => {}
        }
        let mut parts = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = match (first, tail) {
                (b'%', [b'.', b'f', tail @ ..]) => push(&mut parts, Part::Fraction, tail),
                (b'%', [code, tail @ ..]) => {
                    let part =
                        Part::of(*code).ok_or_else(|| format!("`%{}` means nothing in a time", char::from(*code)))?;
                    push(&mut parts, part, tail)
                }
                (b' ', tail) => push(&mut parts, Part::Spaces, tail),
                (byte, tail) => push(&mut parts, Part::Literal(*byte), tail),
            };
        }
        if parts.iter().any(|part| !matches!(part, Part::Literal(_) | Part::Spaces)) {
            Ok(Self(parts))
        } else {
            Err(format!("`{text}` is no notation of a time"))
        }
    }

    /// Whether it leaves the zone open.
    pub(crate) fn has_zone(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Offset | Part::Unix | Part::UnixMillis))
    }

    fn read(&self, text: &[u8]) -> Option<Local> {
        let mut clock = Clock::default();
        let mut rest = text;
        for (index, part) in self.0.iter().enumerate() {
            // Where numbers touch, only the width tells them apart.
            let touches = |other: Option<usize>| other.and_then(|at| self.0.get(at)).is_some_and(Part::is_number);
            let exact = touches(index.checked_add(1)) || touches(index.checked_sub(1));
            rest = part.read(rest, exact, &mut clock)?;
        }
        if rest.is_empty() { clock.local() } else { None }
    }
}

fn push<'a>(parts: &mut Vec<Part>, part: Part, tail: &'a [u8]) -> &'a [u8] {
    parts.push(part);
    tail
}

/// Reads a time by the first notation that fits.
pub(crate) fn parse_local(formats: &[Format], text: &[u8]) -> Option<Local> {
    formats.iter().find_map(|format| format.read(text))
}

/// What was read so far.
struct Clock {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    micros: i64,
    afternoon: Option<bool>,
    offset: Option<i64>,
    whole: Option<i64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            year: 0,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            micros: 0,
            afternoon: None,
            offset: None,
            whole: None,
        }
    }
}

impl Clock {
    fn local(&self) -> Option<Local> {
        if let Some(micros) = self.whole {
            return Some(Local { micros, offset: self.offset });
        }
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) if (1..=12).contains(&self.hour) => self.hour % 12 + if afternoon { 12 } else { 0 },
            Some(_) => return None,
        };
        let date = micros_of_civil(self.year, self.month, self.day)?;
        let in_day = hour < 24 && self.minute < 60 && self.second <= 60;
        // A leap second counts as the one before it.
        let seconds = (hour * 60 + self.minute) * 60 + self.second.min(59);
        in_day.then_some(Local { micros: date + seconds * SECOND + self.micros, offset: self.offset })
    }
}

impl Part {
    fn of(code: u8) -> Option<Self> {
        Some(match code {
            b'Y' => Part::Year,
            b'y' => Part::ShortYear,
            b'm' => Part::Month,
            b'b' => Part::MonthName,
            b'd' => Part::Day,
            b'H' => Part::Hour,
            b'I' => Part::Hour12,
            b'M' => Part::Minute,
            b'S' => Part::Second,
            b'f' => Part::Fraction,
            b'p' => Part::AmPm,
            b'z' => Part::Offset,
            b's' => Part::Unix,
            b'%' => Part::Literal(b'%'),
            _ => return None,
        })
    }

    fn is_number(&self) -> bool {
        matches!(
            self,
            Part::Year
                | Part::ShortYear
                | Part::Month
                | Part::Day
                | Part::Hour
                | Part::Hour12
                | Part::Minute
                | Part::Second
        )
    }

    fn read<'a>(&self, text: &'a [u8], exact: bool, clock: &mut Clock) -> Option<&'a [u8]> {
        let two = |text: &'a [u8]| number(text, if exact { 2 } else { 1 }, 2);
        match self {
            Part::Literal(byte) => {
                return text.split_first().filter(|(first, _)| first.eq_ignore_ascii_case(byte)).map(|(_, rest)| rest);
            }
            Part::Spaces => {
                let rest = text.trim_ascii_start();
                return (rest.len() < text.len()).then_some(rest);
            }
            Part::Fraction => return Some(fraction(text, clock)),
            Part::AmPm => return am_pm(text, clock),
            Part::Offset => {
                clock.offset = Some(offset(text)?);
                return Some(&[]);
            }
            Part::MonthName => return month_name(text, clock),
            Part::Unix | Part::UnixMillis | Part::Serial => return self.whole(text, clock),
            _ => {}
        }
        let (value, rest) = match self {
            Part::Year => number(text, 4, 4)?,
            _ => two(text)?,
        };
        match self {
            Part::Year => clock.year = value,
            // The century turns where POSIX turns it.
            Part::ShortYear => clock.year = if value < 69 { 2000 + value } else { 1900 + value },
            Part::Month => clock.month = value,
            Part::Day => clock.day = value,
            Part::Hour | Part::Hour12 => clock.hour = value,
            Part::Minute => clock.minute = value,
            _ => clock.second = value,
        }
        Some(rest)
    }

    /// A time that is one number.
    fn whole<'a>(&self, text: &'a [u8], clock: &mut Clock) -> Option<&'a [u8]> {
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok().filter(|value: &f64| value.is_finite())?;
        let micros = match self {
            Part::Unix => value * 1e6,
            Part::UnixMillis => value * 1e3,
            // To the second: a day's fraction in binary is never exact.
            _ => ((value - SERIAL_ZERO) * 86_400.0).round() * 1e6,
        };
        if micros.abs() > 1e18 {
            return None;
        }
        clock.whole = Some(micros.round() as i64);
        clock.offset = if *self == Part::Serial { None } else { Some(0) };
        Some(&[])
    }
}

fn number(text: &[u8], least: usize, most: usize) -> Option<(i64, &[u8])> {
    let count = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let value = text[..count].iter().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
    (count >= least).then_some((value, &text[count..]))
}

fn fraction<'a>(text: &'a [u8], clock: &mut Clock) -> &'a [u8] {
    let [b'.' | b',', digits @ ..] = text else { return text };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let padded = digits[..count].iter().copied().chain(std::iter::repeat(b'0')).take(6);
    clock.micros = padded.fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
    if count == 0 { text } else { &digits[count..] }
}

fn am_pm<'a>(text: &'a [u8], clock: &mut Clock) -> Option<&'a [u8]> {
    let (word, rest) = text.split_at_checked(2)?;
    clock.afternoon = Some(match word.to_ascii_lowercase().as_slice() {
        b"am" => false,
        b"pm" => true,
        _ => return None,
    });
    Some(rest)
}

/// Months as English, French, German and Spanish shorten them; what follows the third letter up to the next
/// sign is passed over.
fn month_name<'a>(text: &'a [u8], clock: &mut Clock) -> Option<&'a [u8]> {
    const NAMES: [(&str, i64); 27] = [
        ("jan", 1),
        ("ene", 1),
        ("fev", 2),
        ("fév", 2),
        ("feb", 2),
        ("mar", 3),
        ("mär", 3),
        ("mrz", 3),
        ("apr", 4),
        ("avr", 4),
        ("abr", 4),
        ("mai", 5),
        ("may", 5),
        ("jun", 6),
        ("juin", 6),
        ("juil", 7),
        ("jul", 7),
        ("aug", 8),
        ("aou", 8),
        ("aoû", 8),
        ("ago", 8),
        ("sep", 9),
        ("oct", 10),
        ("okt", 10),
        ("nov", 11),
        ("dec", 12),
        ("déc", 12),
    ];
    let length = text.iter().position(|byte| byte.is_ascii_digit() || b" -/.,".contains(byte)).unwrap_or(text.len());
    let word = std::str::from_utf8(&text[..length]).ok()?.to_lowercase();
    let german = (word.starts_with("dez") || word.starts_with("dic")).then_some(12);
    clock.month = NAMES.iter().find(|(name, _)| word.starts_with(name)).map(|(_, month)| *month).or(german)?;
    let rest = &text[length..];
    Some(rest.strip_prefix(b".").unwrap_or(rest))
}

/// `Z`, `UTC`, `+01`, `+0100` or `+01:00` in microseconds east.
pub(crate) fn offset(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    if text.eq_ignore_ascii_case(b"z") || text.eq_ignore_ascii_case(b"utc") {
        return Some(0);
    }
    let (sign, digits) = text.split_first()?;
    let (hours, rest) = number(digits, 2, 2)?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { number(rest, 2, 2)? };
    let size = (hours * 60 + minutes) * 60 * SECOND;
    if !rest.is_empty() || hours > 18 || minutes > 59 || size > DAY {
        return None;
    }
    match sign {
        b'+' => Some(size),
        b'-' => Some(-size),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: &str, text: &str) -> Option<String> {
        let local = parse_local(&[Format::parse(format).unwrap()], text.as_bytes())?;
        let instant = jiff::Timestamp::from_microsecond(local.micros).unwrap().to_string();
        Some(
            instant.trim_end_matches('Z').to_owned()
                + &local.offset.map_or(String::new(), |offset| format!(" {}", offset / SECOND)),
        )
    }

    #[test]
    fn notations() {
        for (format, text, expect) in [
            ("%d/%m/%Y %H:%M:%S", "17/03/2025 21:41:15", "2025-03-17T21:41:15"),
            ("%d/%m/%Y %H:%M:%S", "7/3/2025  1:41:15", "2025-03-07T01:41:15"),
            ("%Y%m%d%H%M%S", "20250317214115", "2025-03-17T21:41:15"),
            ("%Y%m%d%H%M%S%z", "20261101030304+0100", "2026-11-01T03:03:04 3600"),
            ("%Y%m%d%H%M%S%.f%z", "20261101030304.25Z", "2026-11-01T03:03:04.25 0"),
            ("%d-%b-%y", "2-Jul-18", "2018-07-02T00:00:00"),
            ("%d %b %Y", "3 févr. 2025", "2025-02-03T00:00:00"),
            ("%m/%d/%Y %I:%M:%S %p", "03/17/2025 12:05:00 AM", "2025-03-17T00:05:00"),
            ("%m/%d/%Y %I:%M:%S %p", "03/17/2025 09:05:00 pm", "2025-03-17T21:05:00"),
            ("iso", "2025-03-17T21:41:15.5+02:00", "2025-03-17T21:41:15.5 7200"),
            ("%Y-%m-%d %H:%M:%S %z", "2024-05-03 14:53:57 +0200", "2024-05-03T14:53:57 7200"),
            ("unix", "1742247675", "2025-03-17T21:41:15 0"),
            ("unix-ms", "1742247675250", "2025-03-17T21:41:15.25 0"),
            ("serial", "45733.9036458333", "2025-03-17T21:41:15"),
        ] {
            assert_eq!(check(format, text).as_deref(), Some(expect), "{format} {text}");
        }
    }

    #[test]
    fn what_does_not_fit() {
        for (format, text) in [
            ("%d/%m/%Y", "31/02/2025"),
            ("%d/%m/%Y", "03/17/2025"),
            ("%d/%m/%Y", "17/03/2025 21:41"),
            ("%H:%M", "25:00"),
            ("%I:%M %p", "13:00 PM"),
            ("%Y%m%d", "2025031"),
            ("unix", "1e300"),
            ("%d %b %Y", "3 smarch 2025"),
        ] {
            assert_eq!(check(format, text), None, "{format} {text}");
        }
        assert!(Format::parse("%Q").is_err());
        assert!(Format::parse("words").is_err());
    }
}
