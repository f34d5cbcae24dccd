//! What leaves a case by itself: raw records of handsets that are no candidates.

use cellsweep_engine::{Cut, Subjects};
use cellsweep_model::HandsetKey;
use cellsweep_model::case::{Import, Reduction};
use cellsweep_model::table::Table;
use cellsweep_store::{CaseWriter, Reduced};
use rustc_hash::FxHashSet;

use crate::trace::profile_import;
use crate::{FlowError, Session};

/// Where the engine's files lie in an import's folder.
pub(crate) const RECORDS: &str = "records/";

/// Takes the raw records of all but the candidates out of the case, of every import of which they are still there.
/// What was folded of them stays: a handset's days are what "kept elsewhere" is learnt from. The file as it came
/// stays under its seal.
pub(crate) fn drop_others(
    case: &mut CaseWriter,
    candidates: &FxHashSet<HandsetKey>,
    session: &Session<'_>,
) -> Result<(), FlowError> {
    let whole = |import: &&Import| !import.left.as_ref().is_some_and(|left| left.candidates_only);
    let imports: Vec<Import> = case.case().imports_of(Table::Records).filter(whole).cloned().collect();
    let task = session.progress.begin("dropping raw records of what is no candidate");
    for (done, import) in imports.iter().enumerate() {
        let staging = case.stage()?;
        let folder = case.case().import_folder(import)?;
        staging.take_over(&folder, &[RECORDS])?;
        let none = Subjects::default();
        let what = Cut { raw_of: &|key| candidates.contains(&key), without: &none };
        let source = profile_import(case.case(), import)?;
        let rows = cellsweep_engine::cut(&source, &what, &staging.records_dir()?, &staging.keeping())?;
        let reduced = Reduced { why: Reduction::NotCandidates, kept: rows.kept, dropped: rows.dropped, by: Vec::new() };
        case.reduce_import(&import.id, staging.seal()?, reduced, session.now())?;
        tracing::info!(import = import.id, kept = rows.kept, dropped = rows.dropped, "raw records dropped");
        task.advance((done + 1) as f64 / imports.len() as f64);
    }
    Ok(())
}
