//! What others put on a log: an authority's time stamp over a checkpoint, a witness's co-signature.

use std::path::Path;

use cellsweep_proof::{Hash, LogKind, Note, Stamp, stamp_request};

use crate::StoreError;
use crate::copy::opened;
use crate::db::Db;
use crate::keys::{Unlock, random};
use crate::log;

/// A request for a time stamp (RFC 3161, DER) over the custody log's last checkpoint, to be taken
/// to an authority: nothing here opens a connection.
///
/// # Errors
/// When the case can't be opened or has no checkpoint.
pub fn request_stamp(dir: &Path, unlock: &Unlock) -> Result<Vec<u8>, StoreError> {
    let (db, _) = opened(dir, unlock)?;
    let (_, note) = last(&db)?;
    Ok(stamp_request(&note, u64::from_be_bytes(random()?)))
}

/// Keeps an authority's answer beside the checkpoint that it stamps. Gives the checkpoint's size
/// and what the stamp says.
///
/// # Errors
/// When it is no stamp, or of none of the log's checkpoints.
pub fn add_stamp(dir: &Path, unlock: &Unlock, response: &[u8]) -> Result<(u64, String), StoreError> {
    let (db, _) = opened(dir, unlock)?;
    let stamp = Stamp::read(response).map_err(StoreError::mark)?;
    let checkpoints = log::checkpoints(&db, LogKind::Custody)?;
    let stamped = checkpoints.iter().find(|(_, note)| stamp.imprint == Hash::of(note));
    let (size, _) = stamped.ok_or_else(|| StoreError::mark("it stamps none of this log's checkpoints"))?;
    log::keep_stamp(&db, LogKind::Custody, *size, response)?;
    Ok((*size, stamp.to_string()))
}

/// The custody log's last checkpoint, for a witness to co-sign.
///
/// # Errors
/// When the case can't be opened or has no checkpoint.
pub fn last_checkpoint(dir: &Path, unlock: &Unlock) -> Result<Vec<u8>, StoreError> {
    let (db, _) = opened(dir, unlock)?;
    last(&db).map(|(_, note)| note)
}

/// Keeps a checkpoint that a witness has co-signed. Gives its size.
///
/// # Errors
/// When it isn't this log's, or not the one that was signed at that size.
pub fn add_cosigned(dir: &Path, unlock: &Unlock, bytes: &[u8]) -> Result<u64, StoreError> {
    let (db, _) = opened(dir, unlock)?;
    let given = Note::parse(bytes).map_err(StoreError::mark)?;
    // Ours is the one with its text, whichever of the log's keys signed it then.
    let mut ours = log::checkpoints(&db, LogKind::Custody)?.into_iter().filter_map(|(size, note)| {
        Note::parse(&note).ok().filter(|note| note.text() == given.text()).map(|note| (size, note))
    });
    let (size, mut kept) = ours.next().ok_or_else(|| StoreError::mark("it is none of this log's checkpoints"))?;
    if log::stamps(&db, LogKind::Custody)?.iter().any(|(stamped, _)| *stamped == size) {
        return Err(StoreError::mark("that checkpoint bears a time stamp, which is over the bytes as they are"));
    }
    if cellsweep_proof::add_cosigned(&mut kept, &given).map_err(StoreError::mark)? == 0 {
        return Err(StoreError::mark("nobody has signed it but this log"));
    }
    log::replace_checkpoint(&db, LogKind::Custody, size, kept.to_string().as_bytes())?;
    Ok(size)
}

fn last(db: &Db) -> Result<(u64, Vec<u8>), StoreError> {
    log::checkpoints(db, LogKind::Custody)?.pop().ok_or_else(|| StoreError::mark("the log has no checkpoint yet"))
}
