//! Identifiers as checked text, built only by parsing; people's data print redacted in `Debug`.
//!
//! Two identifiers never mix:
//! ```compile_fail
//! use cellsweep_sweep::{ItemId, SealNumber};
//! fn open(_: SealNumber) {}
//! let item: ItemId = "P-1".parse().unwrap();
//! open(item);
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not the identifier that it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} is not {expected}")]
pub struct IdError {
    /// Which identifier.
    pub what: &'static str,
    /// What it must be.
    pub expected: &'static str,
}

fn is_name(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text == text.trim() && !text.chars().any(char::is_control)
}

fn is_text(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && !text.trim().is_empty()
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_public_key(text: &str) -> bool {
    match text.strip_prefix("p256:") {
        Some(point) => point.starts_with("04") && is_hex(point, 130),
        None => is_hex(text, 64),
    }
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

const NAME: &str = "1 to 128 bytes without control characters or blanks around it";

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $good:expr, $expected:expr) => {
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
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let good: fn(&str) -> bool = $good;
                if good(text) { Ok(Self(text.into())) } else { Err(IdError { what: $what, expected: $expected }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! shown {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

id!(/// An event, as the device that entered it numbered it for all time.
    EventId, "an event's id", is_name, NAME);
id!(/// A found item.
    ItemId, "an item's id", is_name, NAME);
id!(/// The number printed on a seal.
    SealNumber, "a seal's number", is_name, NAME);
id!(/// A hand-over, from giving to acknowledgement.
    HandOverId, "a hand-over's id", is_name, NAME);
id!(/// The key of the device on which something was entered.
    DeviceKey, "a device's key", is_name, NAME);
id!(/// A facility.
    FacilityName, "a facility", is_name, NAME);
id!(/// A prison cell.
    CellName, "a cell", is_name, NAME);
id!(/// A file's name in the case: a photo, a report, an image of a memory.
    FileName, "a file's name", is_name, NAME);
id!(/// Who acts, as accounts know them: what parties are told apart by.
    PartyId, "a party's id", is_name, NAME);
id!(/// SHA-256 of a file, in lowercase hexadecimal.
    Digest, "a digest", |text| is_hex(text, 64), "64 digits of 0-9 and a-f");
id!(/// A search team.
    TeamId, "a team's id", is_name, NAME);
id!(/// A device's public key in lowercase hexadecimal: 64 digits for Ed25519 (RFC 8032), or `p256:` and the 130 digits of
    /// an uncompressed point (SEC 1, 2.3.3) for ECDSA on P-256 with SHA-256. Whoever calls checks that it is a key.
    PublicKey, "a public key", is_public_key, "64 digits of 0-9 and a-f, or p256:04 and 128 of them");
id!(/// A signature in lowercase hexadecimal: Ed25519's, or ECDSA's r and s of 32 bytes each. Whoever calls checks it.
    Signature, "a signature", |text| is_hex(text, 128), "128 digits of 0-9 and a-f");
id!(/// What command's words up to one of them are known by: how its signature begins, which no other word's does.
    Mark, "a mark", |text| is_hex(text, 32), "32 digits of 0-9 and a-f");
id!(/// An officer's service number; redacted in `Debug`.
    ServiceNumber, "a service number", is_name, NAME);
id!(/// A person's name as entered; redacted in `Debug`.
    PersonName, "a person's name", is_name, NAME);
id!(/// An IMEI as read off the device, 14 to 16 digits; redacted in `Debug`.
    Imei, "an IMEI", |text| digits(text, 14, 16), "14 to 16 digits");
id!(/// A SIM's number as printed on it, 18 to 22 digits; redacted in `Debug`.
    Iccid, "an ICCID", |text| digits(text, 18, 22), "18 to 22 digits");
id!(/// What somebody wrote; redacted in `Debug`, for it may name people.
    Text, "a text", is_text, "1 to 4096 bytes that are not all blank");

shown!(EventId, ItemId, SealNumber, HandOverId, DeviceKey, FacilityName, CellName, FileName, PartyId, Digest);
shown!(TeamId, PublicKey, Signature, Mark);
redacted!(PersonName, ServiceNumber, Imei, Iccid, Text);

impl Mark {
    /// Of the words that end with one of this signature.
    pub(crate) fn of(last: &Signature) -> Option<Self> {
        last.as_str().get(..32)?.parse().ok()
    }

    /// Of no words.
    pub(crate) fn of_nothing() -> Option<Self> {
        "0".repeat(32).parse().ok()
    }
}
