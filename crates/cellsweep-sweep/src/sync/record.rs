//! A line of the server's log: an entry as it came, when, and what checking its signature came to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::day::{Checked, Envelope};
use crate::limits;
use crate::wire::WireError;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When it came, by the server's clock.
    pub received: Timestamp,
    /// What checking its signature came to.
    pub checked: Checked,
    /// The entry.
    pub envelope: Envelope,
}

const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Head {
    v: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<R> {
    v: u32,
    record: R,
}

/// Writes a line, `{"v":1,"record":{…}}`.
///
/// # Errors
/// Never in practice: all of it is text.
pub fn write_record(record: &Record) -> Result<String, WireError> {
    Ok(serde_json::to_string(&V1 { v: VERSION, record })?)
}

/// Reads a line.
///
/// # Errors
/// Where it is none, or a newer program wrote it.
pub fn read_record(text: &str) -> Result<Record, WireError> {
    if text.len() > limits::MESSAGE_BYTES {
        return Err(WireError::TooLong(limits::MESSAGE_BYTES));
    }
    let Head { v } = serde_json::from_str(text)?;
    match v {
        VERSION => Ok(serde_json::from_str::<V1<Record>>(text)?.record),
        other => Err(WireError::Version(other)),
    }
}
