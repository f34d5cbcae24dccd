//! What a value may look like, for every kind of column, whatever format it came from.

mod digits;
mod imeis;
mod number;
mod time;

use std::borrow::Cow;

pub use digits::{Peer, imei, imsi, msisdn, pack, peer};
pub(crate) use digits::{digits_text as digits, whole};
pub use imeis::{Typed, imeis};
pub use number::{integer, number};
pub use time::time;
pub(crate) use time::{in_range as time_in_range, micros_of_civil};

use crate::reason::ReasonCode;

/// A value as a format gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing there.
    Blank,
    /// Text, mostly UTF-8.
    Text(&'a [u8]),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// An instant in microseconds since 1970 UTC.
    Micros(i64),
    /// A date and a time of day without a zone, as spreadsheets keep them: microseconds since 1970 as if it
    /// were UTC.
    Local(i64),
}

/// The largest float up to which every whole number has a float of its own.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

impl<'a> Cell<'a> {
    /// Text without the spaces around it; nothing but spaces is blank.
    pub fn text(text: &'a [u8]) -> Self {
        match text {
            [] => Cell::Blank,
            [first, .., last] if *first > b' ' && *last > b' ' => Cell::Text(text),
            _ => match text.trim_ascii() {
                [] => Cell::Blank,
                trimmed => Cell::Text(trimmed),
            },
        }
    }

    /// As text, the way it is printed; `None` for blank.
    pub fn printed(self) -> Option<Cow<'a, [u8]>> {
        let owned = |text: String| Some(Cow::Owned(text.into_bytes()));
        match self {
            Cell::Blank => None,
            Cell::Text(text) => Some(Cow::Borrowed(text)),
            Cell::Integer(value) | Cell::Micros(value) => owned(value.to_string()),
            Cell::Local(value) => owned(crate::profile::local_text(value)),
            // A whole number that passed through a float column prints without fraction; beyond
            // this its last digits are lost, and the notation says so.
            Cell::Float(value) if value.abs() < EXACT_FLOAT => owned(value.to_string()),
            Cell::Float(value) => owned(format!("{value:e}")),
        }
    }
}

/// UTF-8, or else Windows-1252, which has a character for every byte.
pub fn decode(text: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(text) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(text).0,
    }
}

/// Any text without control characters.
///
/// # Errors
/// When there are some.
pub fn text(text: &[u8]) -> Result<Cow<'_, str>, ReasonCode> {
    let text = decode(text);
    if text.chars().any(char::is_control) { Err(ReasonCode::ControlCharacters) } else { Ok(text) }
}

/// The index of a word of the contract, and whether its letters are the contract's.
///
/// # Errors
/// When it is none of them.
pub fn word(words: &[&str], text: &[u8]) -> Result<(usize, bool), ReasonCode> {
    if let Some(index) = words.iter().position(|word| word.as_bytes() == text) {
        return Ok((index, true));
    }
    let alike = |word: &&str| word.as_bytes().eq_ignore_ascii_case(text);
    words.iter().position(alike).map(|index| (index, false)).ok_or(ReasonCode::UnknownWord)
}
