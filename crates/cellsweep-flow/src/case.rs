//! Beginning and opening a case.

use std::path::Path;

use cellsweep_model::case::CaseKind;
use cellsweep_store::{Case, CaseWriter};

use crate::{FlowError, Session};

/// Begins a case in a folder that is empty or doesn't exist.
///
/// # Errors
/// When something lies there, or it can't be written.
pub fn init(dir: &Path, kind: CaseKind, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    Ok(CaseWriter::create(dir, kind, session.holder, session.now())?)
}

/// Opens a case for reading.
///
/// # Errors
/// When there is none, or it is damaged or of a newer format.
pub fn open(dir: &Path) -> Result<Case, FlowError> {
    Ok(Case::open(dir)?)
}

/// Opens a case for writing.
///
/// # Errors
/// As [`open`], and when somebody else writes to it.
pub fn open_for_writing(dir: &Path, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    Ok(CaseWriter::open(dir, session.holder)?)
}

/// Nothing enters without an authority; invented data need none.
///
/// The one place that says whether data may come in.
pub(crate) fn may_import(case: &Case) -> Result<(), FlowError> {
    match case.kind() {
        CaseKind::Exercise => Ok(()),
        CaseKind::Investigation => Err(FlowError::NoAuthority { dir: case.dir().to_owned() }),
    }
}
