//! The two languages of papers: numbers, dates, and French typography.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// A language that papers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What French sets before and after with a space that doesn't break (Imprimerie nationale's rules: a narrow one
/// before `;`, `?`, `!` and `%`, a full one before `:` and inside guillemets).
const FRENCH: [(&str, &str); 10] = [
    (" :", "\u{a0}:"),
    (" ;", "\u{202f};"),
    (" ?", "\u{202f}?"),
    (" !", "\u{202f}!"),
    (" %", "\u{202f}%"),
    ("« ", "«\u{a0}"),
    (" »", "\u{a0}»"),
    ("n° ", "n°\u{a0}"),
    ("art. ", "art.\u{a0}"),
    ("'", "’"),
];
const ENGLISH: [(&str, &str); 2] = [("art. ", "art.\u{a0}"), ("'", "’")];

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// The language's tag (ISO 639-1).
    pub const fn tag(self) -> &'static str {
        self.pick("fr", "en")
    }

    /// The country whose hyphenation and spelling are meant.
    pub(crate) const fn country(self) -> &'static str {
        self.pick("FR", "GB")
    }

    /// The text in this language, as it stands.
    pub const fn pick<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// A fixed text in this language, set as its typography wants. Never for what comes from a case: a digest or a
    /// number must stand as it is.
    pub(crate) fn say(self, fr: &str, en: &str) -> String {
        let rules: &[(&str, &str)] = match self {
            Lang::Fr => &FRENCH,
            Lang::En => &ENGLISH,
        };
        rules.iter().fold(self.pick(fr, en).to_owned(), |text, (plain, set)| text.replace(plain, set))
    }

    /// A whole number with its thousands apart.
    pub(crate) fn whole(self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push_str(self.pick("\u{202f}", ","));
            }
            out.push(digit);
        }
        out
    }

    /// A number with so many decimals.
    pub(crate) fn decimal(self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let negative = value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        format!("{}{}", if negative { "−" } else { "" }, text.replace('.', self.pick(",", ".")))
    }

    /// A number as short as it can be said, for settings and thresholds.
    pub(crate) fn number(self, value: f64) -> String {
        value.to_string().replace('.', self.pick(",", ".")).replace('-', "−")
    }

    /// A day written out.
    pub(crate) fn day(self, date: Date) -> String {
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1).min(11);
        let (day, year) = (date.day(), date.year());
        match self {
            Lang::Fr if day == 1 => format!("1er\u{a0}{} {year}", MONTHS_FR[month]),
            Lang::Fr => format!("{day}\u{a0}{} {year}", MONTHS_FR[month]),
            Lang::En => format!("{day}\u{a0}{} {year}", MONTHS_EN[month]),
        }
    }

    /// An instant written out in a zone, with its distance from UTC; seconds stand there where they aren't nought.
    pub(crate) fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = zone.to_datetime(at);
        let (day, offset) = (self.day(local.date()), offset(zone.to_offset(at)));
        let (hour, minute) = (local.hour(), local.minute());
        let seconds = match (local.second(), self) {
            (0, _) => String::new(),
            (second, Lang::Fr) => format!("\u{a0}min\u{a0}{second:02}\u{a0}s"),
            (second, Lang::En) => format!(":{second:02}"),
        };
        match self {
            Lang::Fr => format!("{day} à {hour}\u{a0}h\u{a0}{minute:02}{seconds} ({offset})"),
            Lang::En => format!("{day}, {hour:02}:{minute:02}{seconds} ({offset})"),
        }
    }
}

fn offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_spaces_do_not_break() {
        assert_eq!(
            Lang::Fr.say("L'« état » : n° 3 ; 5 %", ""),
            "L’«\u{a0}état\u{a0}»\u{a0}: n°\u{a0}3\u{202f}; 5\u{202f}%"
        );
        assert_eq!(Lang::En.say("", "the state's art. 27"), "the state’s art.\u{a0}27");
    }

    #[test]
    fn numbers_in_each_language() {
        assert_eq!(Lang::Fr.whole(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(Lang::En.whole(123), "123");
        assert_eq!(Lang::Fr.decimal(-1.25, 1), "−1,2");
        assert_eq!(Lang::En.decimal(-0.04, 1), "0.0");
        assert_eq!(Lang::Fr.number(0.01), "0,01");
    }

    #[test]
    fn moments_are_written_out_where_they_were() {
        let check = |at: &str, zone: &str, fr: &str, en: &str| {
            let (at, zone) = (at.parse().unwrap(), TimeZone::posix(zone).unwrap());
            assert_eq!(Lang::Fr.moment(at, &zone).replace('\u{a0}', " "), fr);
            assert_eq!(Lang::En.moment(at, &zone).replace('\u{a0}', " "), en);
        };
        let paris = "CET-1CEST,M3.5.0,M10.5.0/3";
        check("2026-03-01T05:05:00Z", paris, "1er mars 2026 à 6 h 05 (UTC+1)", "1 March 2026, 06:05 (UTC+1)");
        check(
            "2026-07-31T22:30:09Z",
            paris,
            "1er août 2026 à 0 h 30 min 09 s (UTC+2)",
            "1 August 2026, 00:30:09 (UTC+2)",
        );
        check("2026-03-01T05:05:00Z", "NST3:30", "1er mars 2026 à 1 h 35 (UTC−3:30)", "1 March 2026, 01:35 (UTC−3:30)");
        check("2026-12-31T23:59:00Z", "UTC0", "31 décembre 2026 à 23 h 59 (UTC)", "31 December 2026, 23:59 (UTC)");
    }
}
