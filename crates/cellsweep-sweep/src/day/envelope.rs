//! An entry as it travels: the text that was signed, to the byte, and its signature.
//!
//! The text is `{"v":1,"id":…,"occurred":…,"device":…,"sequence":…,"by":…,"what":…}` in the one spelling that
//! [`write`] gives it. When it was received is not part of it: that is for whoever receives to say.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sense::{Refusal, sensible};
use super::what::{DayEvent, DayWhat};
use crate::event::{Event, Party};
use crate::id::{DeviceKey, EventId, Signature};
use crate::limits;
use crate::wire::WireError;

/// The version of entries that is written.
pub const VERSION: u32 = 1;

/// A signed text. Its content is redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// What was signed.
    pub text: String,
    /// The signature over the text's bytes.
    pub signature: Signature,
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope(… {} bytes)", self.text.len())
    }
}

/// Why a text is no entry that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scrap {
    /// It isn't an entry, or not in the spelling that entries have.
    #[error("this can't be read as an entry")]
    Unreadable,
    /// A newer program wrote it.
    #[error("version {0} of entries: this program reads up to version {VERSION}")]
    Newer(u32),
    /// Longer than any entry.
    #[error("longer than {} bytes", limits::TEXT_BYTES)]
    TooLong,
    /// It makes no sense by itself.
    #[error("{0}")]
    Refused(Refusal),
}

#[derive(Deserialize)]
struct Head {
    v: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<I, T, D, P, W> {
    v: u32,
    id: I,
    occurred: T,
    device: D,
    sequence: u64,
    by: P,
    what: W,
}

type Owned = V1<EventId, Timestamp, DeviceKey, Party, DayWhat>;

/// The text that a device signs.
///
/// # Errors
/// Never in practice: all of it is text and whole numbers.
pub fn write(event: &DayEvent) -> Result<String, WireError> {
    let Event { id, occurred, received: _, device, sequence, by, what } = event;
    Ok(serde_json::to_string(&V1 { v: VERSION, id, occurred, device, sequence: *sequence, by, what })?)
}

impl Envelope {
    /// The entry in it.
    ///
    /// # Errors
    /// Where it can't be read, isn't in the one spelling that entries have, or makes no sense by itself.
    pub fn open(&self, received: Timestamp) -> Result<DayEvent, Scrap> {
        if self.text.len() > limits::TEXT_BYTES {
            return Err(Scrap::TooLong);
        }
        let event = read(&self.text, received)?;
        if write(&event).is_ok_and(|text| text == self.text) {
            sensible(&event).map_err(Scrap::Refused)?;
            Ok(event)
        } else {
            Err(Scrap::Unreadable)
        }
    }

    /// The envelope of an offered hand-over as a QR code holds it, for the receiver's device.
    ///
    /// # Errors
    /// Where it holds more than the largest code does.
    pub fn code(&self) -> Result<String, WireError> {
        let text = serde_json::to_string(self)?;
        if text.len() > limits::CODE_BYTES { Err(WireError::TooLong(limits::CODE_BYTES)) } else { Ok(text) }
    }

    /// An envelope from a QR code.
    ///
    /// # Errors
    /// Where it is none.
    pub fn from_code(text: &str) -> Result<Self, WireError> {
        if text.len() > limits::CODE_BYTES {
            return Err(WireError::TooLong(limits::CODE_BYTES));
        }
        Ok(serde_json::from_str(text)?)
    }
}

fn read(text: &str, received: Timestamp) -> Result<DayEvent, Scrap> {
    let unreadable = |_| Scrap::Unreadable;
    let Head { v } = serde_json::from_str(text).map_err(unreadable)?;
    if v != VERSION {
        return Err(Scrap::Newer(v));
    }
    let Owned { v: _, id, occurred, device, sequence, by, what } = serde_json::from_str(text).map_err(unreadable)?;
    Ok(Event { id, occurred, received, device, sequence, by, what })
}
