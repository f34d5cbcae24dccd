//! What the latest trace would ask next, and what it would add to the catalogue.

use cellsweep_store::Case;

use crate::trace::STEP;
use crate::{FlowError, TraceFacts};

/// What the latest trace rests on, with its asks and suggestions.
///
/// # Errors
/// When the case has not been traced or a file can't be read.
pub fn trace_facts(case: &Case) -> Result<TraceFacts, FlowError> {
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: case.dir().to_owned() })?;
    Ok(case.json_of(run, TraceFacts::FILE)?)
}
