//! The case's values as a package has them.

use std::str::FromStr;

use cellsweep_model::case::Digest;
use cellsweep_proof::Hash;
use cellsweep_share::snapshot::{Code, Decimal, Words};
use jiff::Timestamp;
use serde::Serialize;

use super::ShareError;
use crate::FlowError;

/// A value that has to stand in the package.
pub(super) fn must<T: FromStr<Err: std::fmt::Display>>(what: &'static str, text: &str) -> Result<T, FlowError> {
    text.parse().map_err(|error: T::Err| ShareError::Value { what, why: error.to_string() }.into())
}

/// A value that is left out where it can't stand there.
pub(super) fn may<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// What somebody wrote, in one piece; `None` where it is blank.
pub(super) fn words(text: &str) -> Option<Words> {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut plain = plain.trim();
    while plain.len() > 4_000 {
        let shorter = plain.char_indices().next_back().map_or(0, |(at, _)| at);
        plain = &plain[..shorter];
    }
    plain.parse().ok()
}

/// What has to be said.
pub(super) fn said(what: &'static str, text: &str) -> Result<Words, FlowError> {
    words(text).ok_or_else(|| ShareError::Value { what, why: "it is blank".to_owned() }.into())
}

pub(super) fn decimal(number: f64) -> Result<Decimal, FlowError> {
    let error = || ShareError::Value { what: "a weight", why: "it is no finite number".to_owned() };
    Ok(Decimal::new(number).ok_or_else(error)?)
}

pub(super) fn at(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

/// A moment to the second, and none that is yet to come: what stands in a package is read by people.
pub(super) fn second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

pub(super) fn hash(digest: &Digest) -> Option<Hash> {
    digest.0.parse().ok()
}

/// A fact's parameters as texts, without its code and without what names anybody.
pub(super) fn parameters(fact: &impl Serialize, without: &[&str]) -> Vec<(Code, Words)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(fact) else { return Vec::new() };
    let kept = fields.into_iter().filter(|(name, _)| name != "code" && !without.contains(&name.as_str()));
    kept.filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Some((may(&name)?, words(&text)?))
    })
    .collect()
}
