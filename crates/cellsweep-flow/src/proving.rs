//! Erasing what may no longer be kept, and checking that the rest is what was written.

use std::path::Path;

use cellsweep_model::case::Import;
use cellsweep_store::{CaseWriter, LogKind, Verified};
use jiff::ToSpan;
use serde::Serialize;

use crate::authority::{may_disclose, two_people};
use crate::{FlowError, Session, law};

/// What was erased.
#[derive(Debug, Clone, Serialize)]
pub struct Erasure {
    /// Imports whose data keys were destroyed and whose files were removed.
    pub imports: Vec<String>,
    /// Runs that rested on them.
    pub runs: Vec<String>,
}

/// Erases imports, with every run that rested on them. The log stays whole: what it says of them in
/// people's data is encrypted, and the keys to it are destroyed.
///
/// # Errors
/// When fewer than two people ask for it, there is no such import, or the log can't be written.
pub fn erase_imports(
    case: &mut CaseWriter,
    imports: Vec<String>,
    by: &[String],
    session: &Session<'_>,
) -> Result<Erasure, FlowError> {
    let runs = case.erase_imports(imports.clone(), two_people(by)?, session.now())?;
    Ok(Erasure { imports, runs })
}

/// Takes a file that was kept under seal out of the case, as it came; two people answer for it, an order of disclosure
/// covers it, and it is logged first.
///
/// # Errors
/// When fewer than two people ask, nothing orders it, no original is kept of the import, or it isn't what came in.
pub fn open_original(
    case: &mut CaseWriter,
    import: &str,
    out: &Path,
    by: &[String],
    session: &Session<'_>,
) -> Result<Import, FlowError> {
    let by = two_people(by)?;
    may_disclose(case.case(), session.now())?;
    Ok(case.open_original(import, out, by, session.now())?)
}

/// Writes a log as files, for anyone to check without us. Gives its verifier's key.
///
/// # Errors
/// When the case can't be opened, or the folder lies there already.
pub fn export_log(dir: &Path, which: LogKind, out: &Path, session: &Session<'_>) -> Result<String, FlowError> {
    Ok(cellsweep_store::export_log(dir, session.unlock, which, out)?)
}

/// One item's history with its proofs: the text of `item.json`. `about` is `item/ID`, `import/ID` or `run/ID`.
///
/// # Errors
/// When the case can't be opened, or no entry speaks of it.
pub fn item_proof(dir: &Path, about: &str, session: &Session<'_>) -> Result<String, FlowError> {
    Ok(cellsweep_store::item_proof(dir, session.unlock, about)?)
}

/// The same with what was sealed in its entries, for whoever may read it; two people answer for it, an
/// order of disclosure covers it, and it is logged first.
///
/// # Errors
/// When fewer than two people ask, nothing orders it, or no entry speaks of it.
pub fn disclose_item(
    case: &mut CaseWriter,
    about: &str,
    by: &[String],
    session: &Session<'_>,
) -> Result<String, FlowError> {
    let by = two_people(by)?;
    may_disclose(case.case(), session.now())?;
    Ok(case.disclose_item(about, by, session.now())?)
}

/// Erases the access log's entries whose legal term is over: the country profile's years. Gives how many are gone in all;
/// `None` where none is that old.
///
/// # Errors
/// When the log can't be read or written.
pub fn expire_access_log(case: &mut CaseWriter, session: &Session<'_>) -> Result<Option<u64>, FlowError> {
    let years =
        law::law(&case.case().manifest().country.country).map_or(law::ACCESS_LOG_YEARS, |law| law.access_log_years);
    let now = session.now();
    let today = jiff::tz::Offset::UTC.to_datetime(now);
    let before =
        today.checked_sub(i64::from(years).years()).ok().and_then(|then| jiff::tz::Offset::UTC.to_timestamp(then).ok());
    match before {
        Some(before) => Ok(case.close_access_log(before, now)?),
        None => Ok(None),
    }
}

/// A request for a time stamp over the last checkpoint, to be taken to an authority.
///
/// # Errors
/// When the case can't be opened.
pub fn request_stamp(dir: &Path, session: &Session<'_>) -> Result<Vec<u8>, FlowError> {
    Ok(cellsweep_store::request_stamp(dir, session.unlock)?)
}

/// Keeps an authority's answer. Gives the checkpoint's size and what the stamp says.
///
/// # Errors
/// When it stamps none of the log's checkpoints.
pub fn add_stamp(dir: &Path, response: &[u8], session: &Session<'_>) -> Result<(u64, String), FlowError> {
    Ok(cellsweep_store::add_stamp(dir, session.unlock, response)?)
}

/// The last checkpoint, for a witness to co-sign or anybody to keep.
///
/// # Errors
/// When the case can't be opened.
pub fn last_checkpoint(dir: &Path, session: &Session<'_>) -> Result<Vec<u8>, FlowError> {
    Ok(cellsweep_store::last_checkpoint(dir, session.unlock)?)
}

/// Keeps a checkpoint that a witness has co-signed. Gives its size.
///
/// # Errors
/// When it is none of the log's checkpoints.
pub fn add_cosigned(dir: &Path, note: &[u8], session: &Session<'_>) -> Result<u64, FlowError> {
    Ok(cellsweep_store::add_cosigned(dir, session.unlock, note)?)
}

/// Checks that a case is what was written. `known` is the custody log's verifier's key as it was had elsewhere,
/// `witnesses` the keys of those whose co-signature its last checkpoint must bear.
///
/// # Errors
/// When it can't be opened at all.
pub fn verify(
    dir: &Path,
    known: Option<&str>,
    witnesses: &[String],
    session: &Session<'_>,
) -> Result<Verified, FlowError> {
    Ok(cellsweep_store::verify(dir, session.unlock, known, witnesses)?)
}
