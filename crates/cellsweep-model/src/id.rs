//! Identifiers: built only by `parse`, so that one which exists is well formed.
//!
//! Numbers that belong to people print redacted in `Debug`; `Display` gives the digits and is for
//! the tables and pages that are meant to show them.
//!
//! Two identifiers never mix:
//! ```compile_fail
//! use cellsweep_model::{Imsi, Msisdn};
//! fn call(_: Msisdn) {}
//! let imsi: Imsi = "208011234567890".parse().unwrap();
//! call(imsi);
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The number of digits is outside what the standard allows.
    #[error("{what} has {got} digits, expected {expected}")]
    Length {
        /// Which identifier.
        what: &'static str,
        /// Digits that stand there.
        got: usize,
        /// Digits that may.
        expected: &'static str,
    },
    /// Something other than a digit stands in it.
    #[error("{what} holds something other than digits")]
    NotDigits {
        /// Which identifier.
        what: &'static str,
    },
    /// An identifier that must be there is blank.
    #[error("{what} is blank")]
    Blank {
        /// Which identifier.
        what: &'static str,
    },
    /// A radio sector's name has the wrong shape.
    #[error("sector is not MCC-MNC-LAC-CI, MCC-MNC-ECI or MCC-MNC-NCI: {why}")]
    Sector {
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Up to 18 decimal digits in an integer that keeps leading zeros: the digits behind a leading 1.
///
/// `"0612"` is `10612`. Zero is never a packed value, so 0 can stand for "blank" in a column.
pub fn pack_digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut packed = 1u64;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        packed = packed * 10 + u64::from(digit);
    }
    Some(packed)
}

/// The digits that [`pack_digits`] packed.
pub fn unpack_digits(packed: u64) -> String {
    let mut text = packed.to_string();
    text.remove(0);
    text
}

fn digits(what: &'static str, text: &str, min: usize, max: usize, expected: &'static str) -> Result<u64, IdError> {
    if text.is_empty() {
        return Err(IdError::Blank { what });
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IdError::NotDigits { what });
    }
    if text.len() < min || text.len() > max {
        return Err(IdError::Length { what, got: text.len(), expected });
    }
    pack_digits(text.as_bytes()).ok_or(IdError::Length { what, got: text.len(), expected })
}

/// What all identifiers made of digits share: packing, printing, serialising as text.
macro_rules! digit_id {
    ($name:ident) => {
        impl $name {
            /// The digits behind a leading 1, as the canonical columns keep them.
            pub const fn packed(self) -> u64 {
                self.0
            }

            /// From a canonical column; `None` for 0, which stands for blank.
            pub const fn from_packed(packed: u64) -> Option<Self> {
                if packed == 0 { None } else { Some(Self(packed)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&unpack_digits(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// International Mobile Subscriber Identity, 6 to 15 digits (ITU-T E.212).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Imsi(u64);
digit_id!(Imsi);

impl FromStr for Imsi {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        digits("imsi", text, 6, 15, "6 to 15").map(Self)
    }
}

/// A subscriber's number: E.164 digits without `+`; short codes from 2 digits are kept too.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Msisdn(u64);
digit_id!(Msisdn);

impl FromStr for Msisdn {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        digits("msisdn", text, 2, 15, "2 to 15").map(Self)
    }
}

/// Type Allocation Code: the first 8 digits of an IMEI, which name a model.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Tac(u32);

impl Tac {
    /// The code as a number (leading zeros are implied by the width of 8).
    pub const fn value(self) -> u32 {
        self.0
    }
}

impl FromStr for Tac {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        // Catalogues give 6 (old FAC form) to 8 digits.
        let packed = digits("tac", text, 8, 8, "8")?;
        Ok(Self((packed % 100_000_000) as u32))
    }
}

impl fmt::Display for Tac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

impl Serialize for Tac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Tac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A handset's IMEI on the 14 digits that identify it: TAC and serial number, without check
/// digit or software version (3GPP TS 23.003 §6.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Imei(u64);

impl Imei {
    /// From the number that 14 digits make; `None` at 10^14 and beyond.
    pub const fn from_number(number: u64) -> Option<Self> {
        if number < 100_000_000_000_000 { Some(Self(number)) } else { None }
    }

    /// The 14 digits as a number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The model's code.
    pub const fn tac(self) -> Tac {
        Tac((self.0 / 1_000_000) as u32)
    }

    /// The check digit that a 15-digit IMEI ends in (Luhn, 3GPP TS 23.003 annex B).
    pub const fn check_digit(self) -> u8 {
        let mut rest = self.0;
        let mut sum = 0;
        let mut doubled = true;
        while rest > 0 {
            let digit = (rest % 10) as u32;
            let value = if doubled { digit * 2 } else { digit };
            sum += value / 10 + value % 10;
            doubled = !doubled;
            rest /= 10;
        }
        ((10 - sum % 10) % 10) as u8
    }

    /// Whether this can name one handset: all zeros, one repeated digit and serial 0 with an
    /// empty TAC are fillers that strangers share.
    pub const fn is_filler(self) -> bool {
        self.0.is_multiple_of(11_111_111_111_111)
            || self.0 < 1_000_000
            || self.0 == 1_234_567_890_123
            || self.0 == 12_345_678_901_234
    }
}

impl FromStr for Imei {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        RecordedImei::parse(text).map(|recorded| recorded.imei)
    }
}

impl fmt::Display for Imei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

impl fmt::Debug for Imei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imei(…)")
    }
}

impl Serialize for Imei {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Imei {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What stands behind the 14 digits in a recorded IMEI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImeiTail {
    /// 14 digits: nothing.
    None,
    /// 15 digits, and the last is the Luhn digit.
    CheckDigit,
    /// 15 digits, and the last is 0: networks send it so (TS 23.003 §6.2.1).
    Zero,
    /// 15 digits, and the last is neither.
    WrongCheckDigit,
    /// 16 digits: an IMEISV with its software version.
    SoftwareVersion,
}

/// An IMEI as a record shows it: the handset's 14 digits and what followed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedImei {
    /// The 14 digits that join records.
    pub imei: Imei,
    /// What stood behind them.
    pub tail: ImeiTail,
    packed: u64,
}

impl RecordedImei {
    /// From 14, 15 or 16 digits; spaces and hyphens between them are passed over.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut buffer = [0u8; 16];
        let mut len = 0usize;
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    if len < 16 {
                        buffer[len] = byte;
                    }
                    len += 1;
                }
                b' ' | b'-' | b'/' => {}
                _ => return Err(IdError::NotDigits { what: "imei" }),
            }
        }
        match len {
            0 => Err(IdError::Blank { what: "imei" }),
            14..=16 => {
                pack_digits(&buffer[..len]).and_then(Self::from_packed).ok_or(IdError::NotDigits { what: "imei" })
            }
            got => Err(IdError::Length { what: "imei", got, expected: "14 to 16" }),
        }
    }

    /// From a canonical column; `None` for 0 (blank) or a number of another length.
    pub const fn from_packed(packed: u64) -> Option<Self> {
        const E14: u64 = 100_000_000_000_000;
        let (number, tail) = if packed >= E14 && packed < 2 * E14 {
            (packed - E14, ImeiTail::None)
        } else if packed >= 10 * E14 && packed < 20 * E14 {
            let digits = packed - 10 * E14;
            let last = (digits % 10) as u8;
            let imei = Imei(digits / 10);
            let tail = if last == imei.check_digit() {
                ImeiTail::CheckDigit
            } else if last == 0 {
                ImeiTail::Zero
            } else {
                ImeiTail::WrongCheckDigit
            };
            (digits / 10, tail)
        } else if packed >= 100 * E14 && packed < 200 * E14 {
            ((packed - 100 * E14) / 100, ImeiTail::SoftwareVersion)
        } else {
            return None;
        };
        Some(Self { imei: Imei(number), tail, packed })
    }

    /// The digits as recorded behind a leading 1, as the canonical column keeps them.
    pub const fn packed(self) -> u64 {
        self.packed
    }
}

impl fmt::Display for RecordedImei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&unpack_digits(self.packed))
    }
}

/// What records of one handset are joined on: its IMEI where that can name one, else the
/// subscriber, so that a blank or filler IMEI never merges strangers.
///
/// The number orders and hashes; its top bits say which kind it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HandsetKey(u64);

/// The kinds of [`HandsetKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandsetIdentity {
    /// Joined on the IMEI's 14 digits.
    Imei(Imei),
    /// No usable IMEI: joined on the subscriber identity.
    Imsi(Imsi),
    /// Neither: joined on the subscriber's number.
    Msisdn(Msisdn),
}

const BY_IMSI: u64 = 1 << 60;
const BY_MSISDN: u64 = 2 << 60;

impl HandsetKey {
    /// The key for what a record shows; `None` where it names neither handset nor subscriber.
    pub fn of(imei: Option<Imei>, imsi: Option<Imsi>, msisdn: Option<Msisdn>) -> Option<Self> {
        match (imei.filter(|imei| !imei.is_filler()), imsi, msisdn) {
            (Some(imei), _, _) => Some(Self(imei.0)),
            (None, Some(imsi), _) => Some(Self(BY_IMSI | imsi.0)),
            (None, None, Some(msisdn)) => Some(Self(BY_MSISDN | msisdn.0)),
            (None, None, None) => None,
        }
    }

    /// As the canonical columns keep it.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// From a canonical column.
    pub const fn from_value(value: u64) -> Self {
        Self(value)
    }

    /// What the key stands for.
    pub const fn identity(self) -> HandsetIdentity {
        let rest = self.0 & (BY_IMSI - 1);
        match self.0 >> 60 {
            0 => HandsetIdentity::Imei(Imei(self.0)),
            1 => HandsetIdentity::Imsi(Imsi(rest)),
            _ => HandsetIdentity::Msisdn(Msisdn(rest)),
        }
    }

    /// What `devices` calls it: an IMEI, or a word that shows nobody's number.
    pub fn listed_as(self) -> String {
        match self.imei() {
            Some(imei) => imei.to_string(),
            None => format!("s{:016x}", self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        }
    }

    /// The IMEI, where the key is one.
    pub const fn imei(self) -> Option<Imei> {
        match self.identity() {
            HandsetIdentity::Imei(imei) => Some(imei),
            HandsetIdentity::Imsi(_) | HandsetIdentity::Msisdn(_) => None,
        }
    }
}

impl fmt::Debug for HandsetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandsetKey(…)")
    }
}

/// Names that an administration gives: any text without control characters, 1 to 64 characters.
macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(Box<str>);

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(IdError::Blank { what: $what });
                }
                if text.chars().count() > 64 || text.chars().any(char::is_control) {
                    return Err(IdError::Length { what: $what, got: text.len(), expected: "1 to 64 plain characters" });
                }
                Ok(Self(text.into()))
            }
        }

        impl $name {
            /// The name as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

name_id!(
    /// A prison, as the administration names it.
    FacilityId, "facility"
);
name_id!(
    /// A prison cell; unique within its facility.
    CellId, "cell"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn check_digit_of_a_well_known_example() {
        let imei: Result<Imei, _> = "49015420323751".parse();
        assert_eq!(imei.map(Imei::check_digit), Ok(8));
    }

    #[test]
    fn forms_of_an_imei() {
        let tail = |text: &str| RecordedImei::parse(text).map(|recorded| recorded.tail);
        assert_eq!(tail("49015420323751"), Ok(ImeiTail::None));
        assert_eq!(tail("490154203237518"), Ok(ImeiTail::CheckDigit));
        assert_eq!(tail("490154203237510"), Ok(ImeiTail::Zero));
        assert_eq!(tail("490154203237513"), Ok(ImeiTail::WrongCheckDigit));
        assert_eq!(tail("4901542032375101"), Ok(ImeiTail::SoftwareVersion));
        assert_eq!(tail("49 015420-323751/8"), Ok(ImeiTail::CheckDigit));
        assert!(tail("12345").is_err());
        assert!(tail("49015420323751x").is_err());
        assert!(tail("").is_err());
    }

    #[test]
    fn fillers_never_join() {
        let imsi: Option<Imsi> = "208011234567890".parse().ok();
        let zero: Option<Imei> = "000000000000000".parse().ok();
        assert!(matches!(HandsetKey::of(zero, imsi, None).map(HandsetKey::identity), Some(HandsetIdentity::Imsi(_))));
        assert_eq!(HandsetKey::of(zero, None, None), None);
    }

    #[test]
    fn people_are_redacted_in_debug() {
        let imsi: Imsi = "208011234567890".parse().unwrap_or(Imsi(1));
        assert_eq!(format!("{imsi:?}"), "Imsi(…)");
    }

    proptest! {
        #[test]
        fn imsi_prints_what_it_parsed(text in "[0-9]{6,15}") {
            let imsi: Imsi = text.parse()?;
            prop_assert_eq!(imsi.to_string(), text);
            prop_assert_eq!(Imsi::from_packed(imsi.packed()), Some(imsi));
        }

        #[test]
        fn recorded_imei_prints_what_it_parsed(text in "[0-9]{14,16}") {
            let recorded = RecordedImei::parse(&text)?;
            prop_assert_eq!(recorded.to_string(), text);
            prop_assert_eq!(RecordedImei::from_packed(recorded.packed()), Some(recorded));
        }
    }
}
