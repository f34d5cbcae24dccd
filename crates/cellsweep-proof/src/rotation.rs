//! A new signing key, and how whoever trusts the first one follows.
//!
//! The rule. A log's key is in force from its first entry. To change it, the log appends an entry of the kind
//! `key.rotated` whose data are `{"from": OLD, "to": NEW}`, both verifier's keys of the same name, and at once a
//! checkpoint that ends with that entry, signed by both keys. That *hand-over checkpoint* must still carry the old
//! key's signature; every longer one must carry the new key's. An entry of that kind without its hand-over checkpoint
//! changes nothing and is a fault.

use crate::canonical::Object;
use crate::entry::Entry;
use crate::key::{Algorithm, Verifier};

/// The kind of the entry that names a new key.
pub const ROTATED: &str = "key.rotated";

/// Why a rotation's entry names no new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RotationError {
    /// The data are not two keys.
    #[error("`key.rotated` has data {{\"from\": KEY, \"to\": KEY}} and nothing else")]
    Form,
    /// It hands on from a key that is not in force.
    #[error("the key that it hands on from is not the one in force")]
    From,
    /// The new key has another name, signs no notes, or is the old one.
    #[error("the new key must be another one of the same name that signs notes")]
    To,
}

/// The data of a rotation's entry.
pub fn rotation_data(from: &Verifier, to: &Verifier) -> Object {
    [("from", from), ("to", to)]
        .map(|(key, verifier)| (key.to_owned(), verifier.to_string().into()))
        .into_iter()
        .collect()
}

/// The new key, where an entry names one; `in_force` is the key before it.
///
/// # Errors
/// Where the entry is a rotation that can't be followed.
pub fn rotation(entry: &Entry, in_force: &Verifier) -> Result<Option<Verifier>, RotationError> {
    if entry.kind.as_str() != ROTATED {
        return Ok(None);
    }
    let key = |name| entry.data.get(name).and_then(|key| key.as_str()).and_then(|key| key.parse::<Verifier>().ok());
    let (2, Some(from), Some(to)) = (entry.data.len(), key("from"), key("to")) else { return Err(RotationError::Form) };
    if from != *in_force {
        return Err(RotationError::From);
    }
    let good = to.name() == from.name() && to.algorithm() == Algorithm::Note && to != from;
    if good { Ok(Some(to)) } else { Err(RotationError::To) }
}
