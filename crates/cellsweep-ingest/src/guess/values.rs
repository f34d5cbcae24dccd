//! What values look like.

use cellsweep_model::sector::SectorId;

use crate::profile::{Format, parse_local};
use crate::value;

/// Notations of times that are tried, the unmistakable ones first.
const NOTATIONS: [&str; 25] = [
    "iso",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S %z",
    "iso-local",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M:%S",
    "%Y%m%d%H%M%S%z",
    "%Y%m%d%H%M%S",
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d-%b-%y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d%m%Y",
    "unix",
    "unix-ms",
];
const CLOCKS: [&str; 3] = ["%H:%M:%S%.f", "%H:%M", "%H%M%S"];

/// Whether a value is a number, a date or an identifier, and not a column's name.
pub(super) fn is_data(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    digits >= 4 || (digits > 0 && value.parse::<f64>().is_ok())
}

/// A column's values that aren't blank.
pub(super) struct Column<'a> {
    pub values: Vec<&'a str>,
}

impl<'a> Column<'a> {
    pub(super) fn of(rows: &'a [Vec<String>], index: usize) -> Self {
        let value = |row: &'a Vec<String>| row.get(index).map(|text| text.trim()).filter(|text| !text.is_empty());
        Self { values: rows.iter().filter_map(value).take(500).collect() }
    }

    /// The share of the values that pass a test.
    pub(super) fn share(&self, test: impl Fn(&str) -> bool) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        self.values.iter().filter(|text| test(text)).count() as f64 / self.values.len() as f64
    }

    /// The notation that fits every value; with it, whether another one fits too.
    pub(super) fn notation(&self) -> Option<(&'static str, Option<&'static str>)> {
        let mut fitting = NOTATIONS.into_iter().filter(|notation| self.fits(notation));
        let first = fitting.next()?;
        // Days up to the twelfth read either way.
        let rival = fitting.find(|other| is_rival(first, other));
        Some((first, rival))
    }

    /// A time of day alone.
    pub(super) fn clock(&self) -> Option<&'static str> {
        CLOCKS.into_iter().find(|notation| self.fits(notation))
    }

    fn fits(&self, notation: &str) -> bool {
        let Ok(format) = Format::parse(notation) else { return false };
        let formats = [format];
        // 2001 to 2036 where any number would do, 1985 to 2050 where the notation says more.
        let number = notation.starts_with("unix");
        let range = if number {
            978_307_200_000_000..2_082_758_400_000_000
        } else {
            473_385_600_000_000..2_524_608_000_000_000
        };
        let plausible = |micros: i64| range.contains(&micros) || CLOCKS.contains(&notation);
        let fits = |text: &str| {
            !(number && text.starts_with('0'))
                && parse_local(&formats, text.as_bytes()).is_some_and(|local| plausible(local.micros))
        };
        self.share(fits) > 0.95
    }

    pub(super) fn distinct(&self) -> Vec<String> {
        let mut distinct: Vec<String> = self.values.iter().map(|text| (*text).to_owned()).collect();
        distinct.sort();
        distinct.dedup();
        distinct
    }
}

fn is_rival(first: &str, other: &str) -> bool {
    first.replace("%d", "%x").replace("%m", "%d").replace("%x", "%m") == other
}

/// Whether a notation leaves the zone open.
pub(super) fn needs_zone(notation: &str) -> bool {
    Format::parse(notation).is_ok_and(|format| !format.has_zone())
}

pub(super) fn is_imei(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (14..=16).contains(&digits) && value::imei(text.as_bytes()).is_ok()
}

/// The last digit is Luhn's: of digits by chance, one in ten.
pub(super) fn is_checked_imei(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits == 15 && value::imei(text.as_bytes()).is_ok_and(|(packed, fine)| fine && packed % 10 != 0)
}

pub(super) fn is_imsi(text: &str) -> bool {
    text.len() == 15 && value::imsi(text.as_bytes()).is_ok() && text.starts_with(|first| ('2'..='7').contains(&first))
}

pub(super) fn is_phone(text: &str) -> bool {
    let plain: String = text.chars().filter(|char| !" .-()".contains(*char)).collect();
    (8..=14).contains(&plain.trim_start_matches('+').len()) && value::msisdn(plain.as_bytes()).is_ok()
}

pub(super) fn is_sector(text: &str) -> bool {
    text.parse::<SectorId>().is_ok()
}

pub(super) fn is_hms(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    (2..=3).contains(&parts.len()) && parts.iter().all(|part| part.len() <= 3 && part.parse::<u32>().is_ok())
}

pub(super) fn is_whole(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}

/// Degrees, with a point or a comma.
pub(super) fn degrees(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok()
}

/// Spaces that stand between a number's thousands.
pub(super) const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];

/// A number whose thousands may stand apart.
pub(super) fn spaced(text: &str) -> Option<f64> {
    degrees(&text.replace(SPACES, ""))
}
