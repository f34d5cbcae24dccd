//! Erasing what may no longer be kept, and checking that the rest is what was written.

use std::path::Path;

use cellsweep_store::{CaseWriter, Verified};
use serde::Serialize;

use crate::authority::two_people;
use crate::{FlowError, Session};

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

/// Checks that a case is what was written. `known` is the custody log's verifier's key as it was had elsewhere.
///
/// # Errors
/// When it can't be opened at all.
pub fn verify(dir: &Path, known: Option<&str>, session: &Session<'_>) -> Result<Verified, FlowError> {
    Ok(cellsweep_store::verify(dir, session.unlock, known)?)
}
