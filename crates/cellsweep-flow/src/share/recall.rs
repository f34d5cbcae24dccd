//! Telling recipients to use something no longer.

use std::path::{Path, PathBuf};

use cellsweep_model::case::CaseEvent;
use cellsweep_share::recall::Recall;
use cellsweep_store::CaseWriter;

use super::ShareError;
use super::send::write;
use super::values::{hash, must, said};
use crate::authority::two_people;
use crate::{FlowError, Session};

/// Recalls a disclosure: logged, then written as a signed notice for its recipient.
///
/// # Errors
/// When one person alone asks for it, nothing of that number was handed over, or the log or the file can't be written.
pub fn recall(
    case: &mut CaseWriter,
    asked: &str,
    why: &str,
    by: &[String],
    out: &Path,
    session: &Session<'_>,
) -> Result<PathBuf, FlowError> {
    let by = two_people(by)?;
    let none = || ShareError::NoSuch { what: "disclosure", asked: asked.to_owned() };
    let known = case.case().manifest().disclosures().find(|(_, known)| known.id == asked).ok_or_else(none)?.1.clone();
    let recall = Recall {
        version: Default::default(),
        disclosure: must("a disclosure's number", &known.id)?,
        copies: known.copies.iter().filter_map(hash).collect(),
        made: session.now(),
        why: said("why it is recalled", why)?,
    };
    let note = recall.to_note(case.signer()).map_err(|error| ShareError::Internal(error.to_string()))?;
    let why = recall.why.to_string();
    case.log(CaseEvent::Recalled { disclosure: known.id.clone(), why, by }, recall.made)?;
    let path = out.join(format!("{}-recall.note", known.id));
    write(&path, &note)?;
    Ok(path)
}
