//! A change of keys that comes as an entry, its proof and its hand-over checkpoint.

use crate::check::check_inclusion;
use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::key::Verifier;
use crate::note::Note;
use crate::rotation::rotation;

/// The key that a change hands on to, by the rule of [`crate::rotation`]; `handed` is what `note` holds, opened by `key`.
pub(super) fn handed_on(
    entry: &str,
    proof: &[Hash],
    (note, handed): (&Note, &Checkpoint),
    key: &Verifier,
) -> Result<Verifier, String> {
    let parsed = Entry::parse(entry.as_bytes()).map_err(|error| error.to_string())?;
    if parsed.n + 1 != handed.size {
        return Err("its checkpoint does not end with the entry that names the new key".to_owned());
    }
    let leaf = Hash::leaf(entry.as_bytes());
    check_inclusion(proof, handed.size, &handed.root, parsed.n, &leaf).map_err(|error| error.to_string())?;
    let new = rotation(&parsed, key).map_err(|error| error.to_string())?.ok_or("the entry names no new key")?;
    note.verify(&new).map_err(|error| error.to_string())?;
    Ok(new)
}
