//! Events as JSON, as they are kept and sent: `{"v": 1, "event": {…}}`.
//!
//! A version that was shipped stays readable for ever: `tests/fixtures` has a file of each, and what it must say.
//! When [`Event`] has to change, the types as they are now become version 1's own, and are turned into the new ones.

use serde::{Deserialize, Serialize};

use crate::event::Event;

/// The version that is written.
pub const VERSION: u32 = 1;

/// Why a text is not an event.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not JSON, or another shape than its version has.
    #[error("this is not an event: {0}")]
    Json(#[from] serde_json::Error),
    /// A version of the future.
    #[error("version {0} of events: this program reads up to version {VERSION}")]
    Version(u32),
    /// Longer than anything that is taken in.
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// More, or others, than there can be.
    #[error("{0} is out of bounds")]
    OutOfBounds(&'static str),
}

#[derive(Deserialize)]
struct Head {
    v: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<E> {
    v: u32,
    event: E,
}

/// Reads an event of any version.
///
/// # Errors
/// Where it isn't one, or a newer program wrote it.
pub fn read(text: &str) -> Result<Event, WireError> {
    let Head { v } = serde_json::from_str(text)?;
    match v {
        1 => Ok(serde_json::from_str::<V1<Event>>(text)?.event),
        other => Err(WireError::Version(other)),
    }
}

/// Writes an event in the newest version.
///
/// # Errors
/// Never in practice: all of it is text and whole numbers.
pub fn write(event: &Event) -> Result<String, WireError> {
    Ok(serde_json::to_string(&V1 { v: VERSION, event })?)
}
