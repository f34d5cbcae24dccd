//! A whole made-up search day against the day's real server, faster than real time.

use std::path::Path;

use cellsweep_field::rehearse::{LocalStage, Rehearsal, RehearsalError, START, Weather, made, rehearse as run};

/// What a rehearsed day came to.
#[derive(Debug)]
pub struct Rehearsed {
    /// Whether nothing is lost, nothing doubled and each chain whole.
    pub holds: bool,
    /// What was in it and what doesn't hold, as JSON.
    pub report: serde_json::Value,
}

/// Why no day could be rehearsed.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// The rehearsal itself.
    #[error(transparent)]
    Rehearsal(#[from] RehearsalError),
    /// A made-up name that the day can't have.
    #[error(transparent)]
    Name(#[from] cellsweep_flow::sweep::IdError),
    /// The folder, or the runtime.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// What can't be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// Rehearses a day of so many officers at so many sites among thick walls, on a folder that is left with its journal.
///
/// # Errors
/// When the server doesn't answer as it must, or the folder can't be used.
pub fn rehearse(folder: &Path, officers: usize, sites: usize, seed: u64) -> Result<Rehearsed, RehearseError> {
    std::fs::create_dir_all(folder)?;
    let made = made::day(seed, officers, sites, START)?;
    let plan = made.plan.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        let mut stage = LocalStage::begin(folder, made, START).await?;
        run(&Rehearsal { seed, weather: Weather::BAD }, &plan, &mut stage).await
    })?;
    Ok(Rehearsed { holds: report.holds(), report: serde_json::to_value(&report)? })
}
