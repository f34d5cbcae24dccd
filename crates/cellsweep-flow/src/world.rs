//! A made-up country to practise on.

use std::path::Path;

use cellsweep_world::{Summary, WorldSettings};

use crate::{FlowError, Session};

/// Makes up a country into `out/case` (what an operation would be handed) and `out/truth` (what
/// nothing but a comparison reads).
///
/// # Errors
/// When the settings ask for nothing, or the folder can't be written.
pub fn world(settings: &WorldSettings, out: &Path, session: &Session<'_>) -> Result<Summary, FlowError> {
    let task = session.progress.begin("making up a country");
    let progress = |progress: cellsweep_world::Progress| task.advance(progress.done as f64 / progress.of.max(1) as f64);
    Ok(cellsweep_world::generate(settings, out, &progress)?)
}
