//! Files of canonical JSON and a newline: read strictly, written in one form.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::canonical;

/// Why bytes are not such a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFileError {
    /// Too long, not UTF-8, no newline at its end.
    #[error("it is not UTF-8 text of at most {most} bytes with one newline at its end")]
    Text {
        /// Bytes that are read.
        most: usize,
    },
    /// Not canonical JSON.
    #[error("{0}")]
    Json(#[from] canonical::JsonError),
    /// Other members than the file has.
    #[error("{0}")]
    Members(String),
    /// Another version.
    #[error("version {0} of the file is not one that this program reads")]
    Version(u64),
}

pub(super) fn from_text<T: DeserializeOwned>(bytes: &[u8], most: usize) -> Result<T, JsonFileError> {
    let text = (bytes.len() <= most).then(|| std::str::from_utf8(bytes).ok()).flatten();
    let line = text.and_then(|text| text.strip_suffix('\n')).ok_or(JsonFileError::Text { most })?;
    let value = canonical::parse(line)?;
    serde_json::from_value(value).map_err(|error| JsonFileError::Members(error.to_string()))
}

pub(super) fn to_text(value: &impl Serialize) -> Result<String, JsonFileError> {
    let value = serde_json::to_value(value).map_err(|error| JsonFileError::Members(error.to_string()))?;
    Ok(canonical::print(&value)? + "\n")
}
