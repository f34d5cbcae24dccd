//! Whole copies of a case, and a case again from such a copy.

use std::path::Path;

use cellsweep_model::case::CaseKind;
pub use cellsweep_store::Copied;
use cellsweep_store::note_consultation;

use crate::case::open_even_locked;
use crate::{FlowError, Session};

/// Copies a case into `out`, and its keys into `keys`; it is logged first, as a look at all of it. A lapsed authority
/// doesn't keep a case from being copied: custody goes on.
///
/// # Errors
/// When the case can't be opened or somebody else writes to it, nobody says why an investigation is copied, or something
/// lies there already.
pub fn backup(dir: &Path, out: &Path, keys: &Path, session: &Session<'_>) -> Result<Copied, FlowError> {
    let case = open_even_locked(dir, session)?;
    let said = session.reason.is_some_and(|reason| !reason.trim().is_empty());
    if case.case().kind() == CaseKind::Investigation && !said {
        return Err(FlowError::NoReason);
    }
    note_consultation(dir, "backup", &[], &session.caller(), session.now())?;
    Ok(case.backup(out, keys)?)
}

/// Puts copies' files together in a folder that isn't there yet.
///
/// # Errors
/// As [`cellsweep_store::restore`].
pub fn restore(copies: &[&Path], dir: &Path) -> Result<Copied, FlowError> {
    Ok(cellsweep_store::restore(copies, dir)?)
}

/// Makes folders for a copy that only their owner may enter.
///
/// # Errors
/// As [`cellsweep_store::new_folders`].
pub fn new_folders(folders: &[&Path]) -> Result<(), FlowError> {
    Ok(cellsweep_store::new_folders(folders)?)
}

/// Copies every file under a folder to the same place under another.
///
/// # Errors
/// As [`cellsweep_store::copy_files`].
pub fn copy_files(from: &Path, to: &Path) -> Result<(), FlowError> {
    Ok(cellsweep_store::copy_files(from, to)?)
}

/// Writes the list of a copy's files into its folder.
///
/// # Errors
/// As [`cellsweep_store::list_files`].
pub fn list_files(dir: &Path) -> Result<Copied, FlowError> {
    Ok(cellsweep_store::list_files(dir)?)
}
