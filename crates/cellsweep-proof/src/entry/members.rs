//! An object's members, taken out one by one: what is left at the end is unknown.

use std::str::FromStr;

use serde_json::Value;

use super::{EntryError, MOST_TEXT};
use crate::canonical::Object;
use crate::words::WordError;

pub(super) struct Members(Object);

impl Members {
    pub fn of(value: Value, what: &'static str) -> Result<Self, EntryError> {
        match value {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(EntryError::Type { key: what, expected: "an object" }),
        }
    }

    /// Whether everything was taken.
    pub fn end(self) -> Result<(), EntryError> {
        self.0.into_iter().next().map_or(Ok(()), |(key, _)| Err(EntryError::Unknown(key)))
    }

    pub fn integer(&mut self, key: &'static str) -> Result<Option<i64>, EntryError> {
        let take = |value: Value| value.as_i64().ok_or(EntryError::Type { key, expected: "a whole number" });
        self.0.remove(key).map(take).transpose()
    }

    /// A number from 0.
    pub fn count(&mut self, key: &'static str) -> Result<u64, EntryError> {
        let number = self.integer(key)?.ok_or(EntryError::Missing(key))?;
        u64::try_from(number).map_err(|_negative| EntryError::Type { key, expected: "a whole number from 0" })
    }

    /// A text that people read: not blank, at most 4096 bytes.
    pub fn text_or_none(&mut self, key: &'static str) -> Result<Option<String>, EntryError> {
        let expected = "a text of 1 to 4096 bytes";
        let text = self.any_text(key)?;
        let good = |text: &String| (1..=MOST_TEXT).contains(&text.len()) && !text.trim().is_empty();
        if text.as_ref().is_none_or(good) { Ok(text) } else { Err(EntryError::Type { key, expected }) }
    }

    pub fn text(&mut self, key: &'static str) -> Result<String, EntryError> {
        self.text_or_none(key)?.ok_or(EntryError::Missing(key))
    }

    pub fn long_text(&mut self, key: &'static str) -> Result<String, EntryError> {
        self.any_text(key)?.ok_or(EntryError::Missing(key))
    }

    fn any_text(&mut self, key: &'static str) -> Result<Option<String>, EntryError> {
        match self.0.remove(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(EntryError::Type { key, expected: "a text" }),
        }
    }

    pub fn word_or_none<T: FromStr<Err = WordError>>(&mut self, key: &'static str) -> Result<Option<T>, EntryError> {
        let parse = |text: String| text.parse().map_err(|error| EntryError::Word { key, error });
        self.any_text(key)?.map(parse).transpose()
    }

    pub fn word<T: FromStr<Err = WordError>>(&mut self, key: &'static str) -> Result<T, EntryError> {
        self.word_or_none(key)?.ok_or(EntryError::Missing(key))
    }

    pub fn words<T: FromStr<Err = WordError>>(&mut self, key: &'static str) -> Result<Vec<T>, EntryError> {
        let word = |value: &Value| {
            let text = value.as_str().ok_or(EntryError::Type { key, expected: "a list of texts" })?;
            text.parse().map_err(|error| EntryError::Word { key, error })
        };
        match self.0.remove(key) {
            Some(Value::Array(items)) => items.iter().map(word).collect(),
            Some(_) => Err(EntryError::Type { key, expected: "a list of texts" }),
            None => Err(EntryError::Missing(key)),
        }
    }

    pub fn plain_object(&mut self, key: &'static str) -> Result<Object, EntryError> {
        match self.0.remove(key) {
            Some(Value::Object(object)) => Ok(object),
            Some(_) => Err(EntryError::Type { key, expected: "an object" }),
            None => Err(EntryError::Missing(key)),
        }
    }

    pub fn object_or_none(&mut self, key: &'static str) -> Result<Option<Self>, EntryError> {
        self.0.remove(key).map(|value| Self::of(value, key)).transpose()
    }

    pub fn object(&mut self, key: &'static str) -> Result<Self, EntryError> {
        self.object_or_none(key)?.ok_or(EntryError::Missing(key))
    }
}
