//! The words of an entry's envelope, each built only by parsing.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::text;

/// Why a text is not what the envelope has in this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    /// Not one of the two logs.
    #[error("the log is `custody` or `access`")]
    Log,
    /// Not one of the six operations.
    #[error("the operation is collection, alteration, consultation, disclosure, combination or erasure")]
    Operation,
    /// Not dotted text.
    #[error("a kind is dotted text such as `import.done`: a-z, 0-9 and `_` between dots, at most 64")]
    Kind,
    /// Characters that a reference can't have.
    #[error("a reference is 1 to 128 of A-Z, a-z, 0-9 and `._:/-`")]
    Ref,
    /// A reference that may be somebody's number.
    #[error("a reference is opaque: 9 digits and more may be somebody's number")]
    RefNumber,
    /// Not an instant in the one form.
    #[error("a time is UTC with microseconds, such as 2026-03-01T06:00:00.000000Z")]
    Moment,
    /// Not 16 bytes in base64.
    #[error("a salt is 16 bytes in base64")]
    Salt,
}

/// Which of a case's two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LogKind {
    /// What was done to the case and its exhibits; kept with the case.
    Custody,
    /// Who looked at what; erased after its legal term.
    Access,
}

impl LogKind {
    /// As the envelope has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Custody => "custody",
            Self::Access => "access",
        }
    }
}

impl FromStr for LogKind {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        [Self::Custody, Self::Access].into_iter().find(|log| log.as_str() == text).ok_or(WordError::Log)
    }
}

/// What was done with data: the six operations of Directive (EU) 2016/680, article 25.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Data came in.
    Collection,
    /// Something was changed or decided.
    Alteration,
    /// Somebody looked.
    Consultation,
    /// Data went out, transfers included.
    Disclosure,
    /// Data were brought together: a trace, an attribution.
    Combination,
    /// Data were destroyed.
    Erasure,
}

impl Operation {
    /// All six, in the directive's order.
    pub const ALL: [Self; 6] =
        [Self::Collection, Self::Alteration, Self::Consultation, Self::Disclosure, Self::Combination, Self::Erasure];

    /// As the envelope has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Alteration => "alteration",
            Self::Consultation => "consultation",
            Self::Disclosure => "disclosure",
            Self::Combination => "combination",
            Self::Erasure => "erasure",
        }
    }
}

impl FromStr for Operation {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == text).ok_or(WordError::Operation)
    }
}

/// What happened, as dotted text: `import.done`. The list is open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(Box<str>);

impl Kind {
    /// As the envelope has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Kind {
    /// Whether a text is one.
    pub(crate) fn check(text: &str) -> Result<(), WordError> {
        let word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
        };
        if text.len() <= 64 && text.split('.').all(word) { Ok(()) } else { Err(WordError::Kind) }
    }
}

impl FromStr for Kind {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::check(text).map(|()| Self(text.into()))
    }
}

/// A reference to something in the case: opaque, never a number or a name of anybody's.
///
/// Between its signs it has no 9 digits and more without a letter: they may be a telephone's number or an IMEI.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref(Box<str>);

impl Ref {
    /// As the envelope has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ref {
    /// Whether a text is one.
    pub(crate) fn check(text: &str) -> Result<(), WordError> {
        let good = |c: u8| c.is_ascii_alphanumeric() || b"._:/-".contains(&c);
        if !(1..=128).contains(&text.len()) || !text.bytes().all(good) {
            return Err(WordError::Ref);
        }
        let number = |part: &[u8]| part.len() >= 9 && part.iter().all(u8::is_ascii_digit);
        let numbers = text.as_bytes().split(|c| !c.is_ascii_alphanumeric()).any(number);
        if numbers { Err(WordError::RefNumber) } else { Ok(()) }
    }
}

impl FromStr for Ref {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::check(text).map(|()| Self(text.into()))
    }
}

/// An instant to the microsecond, in one form: `2026-03-01T06:00:00.000000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// The microsecond that holds the instant; none outside the years 1 to 9999.
    pub fn new(at: Timestamp) -> Option<Self> {
        let year = Offset::UTC.to_datetime(at).year();
        let micros = at.as_nanosecond().div_euclid(1_000);
        (1..=9999).contains(&year).then(|| i64::try_from(micros).ok().map(Self)).flatten()
    }

    /// The same for other code.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl FromStr for Moment {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        let mut numbers = [0; 7];
        fields(text.as_bytes(), &mut numbers).ok_or(WordError::Moment)?;
        instant(numbers).and_then(Self::new).ok_or(WordError::Moment)
    }
}

/// The numbers of `YYYY-MM-DDThh:mm:ss.ffffffZ`.
fn fields(mut text: &[u8], numbers: &mut [i32; 7]) -> Option<()> {
    for (number, (digits, behind)) in numbers.iter_mut().zip([4, 2, 2, 2, 2, 2, 6].into_iter().zip(b"--T::.Z")) {
        let (these, rest) = text.split_at_checked(digits)?;
        for digit in these {
            *number = *number * 10 + i32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        text = rest.strip_prefix(std::slice::from_ref(behind))?;
    }
    text.is_empty().then_some(())
}

fn instant([year, month, day, hour, minute, second, micros]: [i32; 7]) -> Option<Timestamp> {
    let small = |number: i32| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, micros * 1_000).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

/// Sixteen bytes that nobody can guess, so that an entry can't be guessed from its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl FromStr for Salt {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        text::unbase64(text).and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(WordError::Salt)
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::base64(&self.0))
    }
}

/// Whoever knows an entry's salt can try numbers against its hash.
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

macro_rules! as_text {
    ($($word:ty),*) => {$(
        impl fmt::Display for $word {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

as_text!(LogKind, Operation, Kind, Ref);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_opaque() {
        let check = |text: &str, expected: Option<WordError>| assert_eq!(text.parse::<Ref>().err(), expected, "{text}");
        check("import:0007", None);
        check("exhibit/20250301-12", None);
        check("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", None);
        check("imei:353918057234561", Some(WordError::RefNumber));
        check("33612345678", Some(WordError::RefNumber));
        check("", Some(WordError::Ref));
        check("Jean Valjean", Some(WordError::Ref));
    }

    #[test]
    fn a_moment_has_one_form() {
        let check = |text: &str, good: bool| assert_eq!(text.parse::<Moment>().is_ok(), good, "{text}");
        check("2026-03-01T06:00:00.000000Z", true);
        check("0001-01-01T00:00:00.000001Z", true);
        check("1969-12-31T23:59:59.999999Z", true);
        check("2026-03-01T06:00:00Z", false);
        check("2026-03-01T06:00:00.0000001Z", false);
        check("2026-03-01T07:00:00.000000+01:00", false);
        check("2026-03-01 06:00:00.000000Z", false);
        check("2026-02-30T06:00:00.000000Z", false);
        check("-000001-01-01T00:00:00.000000Z", false);
        check("0000-01-01T00:00:00.000000Z", false);
        check("2016-12-31T23:59:60.000000Z", false);
        check("2026-03-01T24:00:00.000000Z", false);
        check("2024-02-29T00:00:00.000000Z", true);
        check("2026-03-01T06:00:00.000000z", false);
        check("2026-03-01T06:00:00.00000éZ", false);
    }

    #[test]
    fn a_moment_before_1970_goes_down_too() {
        let before: Timestamp = "1969-12-31T23:59:59.9999995Z".parse().unwrap();
        assert_eq!(Moment::new(before).unwrap().to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn a_kind_is_dotted() {
        let check = |text: &str, good: bool| assert_eq!(text.parse::<Kind>().is_ok(), good, "{text}");
        check("import.done", true);
        check("opened", true);
        check("key.rotated_2", true);
        ["", ".", "a.", "A", "a b", "é", "2.a"].into_iter().for_each(|text| check(text, false));
    }
}
