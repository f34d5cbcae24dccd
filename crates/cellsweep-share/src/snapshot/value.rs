//! The values that a snapshot's rows are made of, each built only by parsing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not the value that it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} is not {expected}")]
pub struct ValueError {
    /// Which value.
    pub what: &'static str,
    /// What it must be.
    pub expected: &'static str,
}

const NAME: &str = "1 to 256 bytes without control characters or blanks around it";

fn is_name(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text == text.trim() && !text.chars().any(char::is_control)
}

fn is_words(text: &str) -> bool {
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    (1..=4096).contains(&text.len()) && !text.trim().is_empty() && !text.contains(odd)
}

fn is_code(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(good)
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_sector(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [mcc, mnc, rest @ ..] = parts.as_slice() else { return false };
    let number = |part: &&str| digits(part, 1, 11);
    digits(mcc, 3, 3) && digits(mnc, 2, 3) && matches!(rest.len(), 1 | 2) && rest.iter().all(number)
}

macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident, $what:literal, $good:expr, $expected:expr, $shown:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ValueError;
            fn from_str(text: &str) -> Result<Self, ValueError> {
                let good: fn(&str) -> bool = $good;
                if good(text) { Ok(Self(text.into())) } else { Err(ValueError { what: $what, expected: $expected }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = ValueError;
            fn try_from(text: String) -> Result<Self, ValueError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let shown: bool = $shown;
                write!(f, "{}({})", stringify!($name), if shown { &self.0 } else { "…" })
            }
        }
    };
}

text_value!(/// A case, as its log names it.
    CaseName, "a case's name", is_name, NAME, true);
text_value!(/// An authority's reference in the case.
    AuthorityName, "an authority's reference", is_name, NAME, true);
text_value!(/// A handset's key; redacted in `Debug`, for it may be an IMEI.
    HandsetName, "a handset's key", is_name, NAME, false);
text_value!(/// A SIM, as the package numbers it.
    SimName, "a SIM's name", is_name, NAME, true);
text_value!(/// A call, as the package numbers it.
    CallName, "a call's name", is_name, NAME, true);
text_value!(/// A search, as the case numbers it.
    SearchName, "a search's name", is_name, NAME, true);
text_value!(/// An exhibit's number.
    ExhibitName, "an exhibit's number", is_name, NAME, true);
text_value!(/// An event in an exhibit's history.
    EventName, "an event's name", is_name, NAME, true);
text_value!(/// A run of a step.
    RunName, "a run's name", is_name, NAME, true);
text_value!(/// A disclosure, as the case numbers it.
    DisclosureName, "a disclosure's name", is_name, NAME, true);
text_value!(/// A person, by the reference that the case has for them: never their name.
    PersonRef, "a person's reference", is_name, NAME, true);
text_value!(/// A file, without its folder.
    FileName, "a file's name", is_name, NAME, true);
text_value!(/// ISO 3166-1 alpha-2.
    Country, "a country", is_country, "two capital letters (ISO 3166-1 alpha-2)", true);
text_value!(/// A word of a code list: a finding's code, a parameter's name.
    Code, "a code", is_code, "1 to 64 of a-z, 0-9 and `_`", true);
text_value!(/// A prison, as the administration names it.
    FacilityName, "a facility", is_name, NAME, true);
text_value!(/// A prison cell.
    CellName, "a cell", is_name, NAME, true);
text_value!(/// A handset's IMEI on the 14 digits that identify it, without check digit (3GPP TS 23.003 §6.2);
    /// redacted in `Debug`.
    Imei, "an IMEI", |text| digits(text, 14, 14), "14 digits", false);
text_value!(/// International Mobile Subscriber Identity (ITU-T E.212); redacted in `Debug`.
    Imsi, "an IMSI", |text| digits(text, 6, 15), "6 to 15 digits", false);
text_value!(/// A subscriber's number: E.164 digits without `+`, or a short code; redacted in `Debug`.
    Msisdn, "an MSISDN", |text| digits(text, 2, 15), "2 to 15 digits", false);
text_value!(/// A SIM's number as printed on it (ITU-T E.118); redacted in `Debug`.
    Iccid, "an ICCID", |text| digits(text, 18, 22), "18 to 22 digits", false);
text_value!(/// A radio sector's global identity: `MCC-MNC-LAC-CI`, `MCC-MNC-ECI` or `MCC-MNC-NCI` in decimal digits.
    SectorName, "a sector", is_sector, "MCC-MNC-LAC-CI, MCC-MNC-ECI or MCC-MNC-NCI", true);
text_value!(/// What somebody wrote; redacted in `Debug`, for it may name people.
    Words, "a text", is_words, "1 to 4096 bytes that are not all blank, without control characters", false);

impl Imei {
    /// The 15 digits that a handset shows: with the check digit (Luhn, 3GPP TS 23.003 annex B).
    pub fn with_check_digit(&self) -> String {
        let value = |(index, byte): (usize, u8)| {
            let digit = u32::from(byte - b'0') * if index % 2 == 0 { 1 } else { 2 };
            digit / 10 + digit % 10
        };
        let sum: u32 = self.0.bytes().enumerate().map(value).sum();
        format!("{}{}", self.0, (10 - sum % 10) % 10)
    }

    /// The model's code: the first 8 digits.
    pub fn tac(&self) -> &str {
        self.0.get(..8).unwrap_or_default()
    }
}

/// A finite number that is written as text: readers of JSON disagree on numbers' last digits, and a package has to
/// come out as it went in.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Decimal(f64);

impl Decimal {
    /// A number; `None` where it is not finite. Minus zero is zero.
    pub fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number + 0.0))
    }

    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl FromStr for Decimal {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let bad = ValueError { what: "a number", expected: "a finite decimal number in its shortest form" };
        let number: f64 = text.parse().map_err(|_not_a_number| bad)?;
        let decimal = Self::new(number).ok_or(bad)?;
        if decimal.to_string() == text { Ok(decimal) } else { Err(bad) }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({})", self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The version of a form, as a number in JSON; any other is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Version<const N: u32>;

impl<const N: u32> Serialize for Version<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(N)
    }
}

impl<'de, const N: u32> Deserialize<'de> for Version<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let version = u32::deserialize(deserializer)?;
        let other = || serde::de::Error::custom(format!("version {version}, not {N}"));
        if version == N { Ok(Self) } else { Err(other()) }
    }
}
