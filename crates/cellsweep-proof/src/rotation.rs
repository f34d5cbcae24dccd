//! A new signing key, and how whoever trusts the first one follows.
//!
//! The rule. A log's key is in force from its first entry. To change it, the log appends an entry of the kind
//! `key.rotated` whose data are `{"from": OLD, "to": NEW}`, both verifier's keys of the same name, and at once a
//! checkpoint that ends with that entry, signed by both keys. That *hand-over checkpoint* must still carry the old
//! key's signature; every longer one must carry the new key's. An entry of that kind without its hand-over checkpoint
//! changes nothing and is a fault.

use crate::canonical::Object;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::Entry;
use crate::key::{Algorithm, Verifier};
use crate::note::Note;

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

/// All keys that a log ever had, and up to which size each was in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChain {
    first: Verifier,
    /// Each later key, behind the size of the hand-over checkpoint before it.
    later: Vec<(u64, Verifier)>,
}

impl KeyChain {
    /// That of a log that never changed its key.
    pub fn new(first: Verifier) -> Self {
        Self { first, later: Vec::new() }
    }

    /// The key from the first entry on.
    pub fn first(&self) -> &Verifier {
        &self.first
    }

    /// The key in force now.
    pub fn last(&self) -> &Verifier {
        self.later.last().map_or(&self.first, |(_, key)| key)
    }

    /// Changes of keys.
    pub fn changes(&self) -> usize {
        self.later.len()
    }

    /// Whether the log ever had this key.
    pub fn contains(&self, key: &Verifier) -> bool {
        self.first == *key || self.later.iter().any(|(_, later)| later == key)
    }

    /// The key that must have signed a checkpoint of this size: of a hand-over checkpoint, the old one.
    pub fn in_force(&self, size: u64) -> &Verifier {
        let later = self.later.iter().rev().find(|(handed, _)| *handed < size);
        later.map_or(&self.first, |(_, key)| key)
    }

    /// The new key, where a checkpoint of this size is a hand-over.
    pub fn handed_to(&self, size: u64) -> Option<&Verifier> {
        self.later.iter().find(|(handed, _)| *handed == size).map(|(_, key)| key)
    }

    /// The next key, in force behind the hand-over checkpoint of this size. Sizes come in order.
    pub fn hand_on(&mut self, size: u64, next: Verifier) {
        self.later.push((size, next));
    }

    /// Hands on where an entry of the log says so: for whoever keeps the log, and has checked its hand-over checkpoints.
    ///
    /// # Errors
    /// Where the entry is a rotation that can't be followed.
    pub fn follow(&mut self, entry: &Entry) -> Result<(), RotationError> {
        if let Some(next) = rotation(entry, self.last())? {
            self.hand_on(entry.n + 1, next);
        }
        Ok(())
    }

    /// The checkpoint that a note holds, of any size, where the key that was in force then signed it.
    ///
    /// # Errors
    /// Where the note is no checkpoint, another log's, not signed by that key, or changed.
    pub fn open(&self, note: &Note) -> Result<Checkpoint, CheckpointError> {
        let claimed: Checkpoint = note.text().parse()?;
        Checkpoint::open(note, self.in_force(claimed.size))
    }
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
