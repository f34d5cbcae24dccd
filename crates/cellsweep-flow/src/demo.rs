//! The whole flow on a made-up country, and how good it was.

use std::path::{Path, PathBuf};

use cellsweep_store::StoreError;
use cellsweep_world::{Summary as WorldSummary, WorldSettings};
use serde::Serialize;

use crate::session::Stopwatch;
use crate::truth::{self, Comparison};
use crate::{
    Case, DeviceFilter, FlowError, FolderSummary, ReportAsked, Session, Stage, consult, devices, report, run_folder,
    world,
};

/// What a demonstration did.
#[derive(Debug, Clone, Serialize)]
pub struct DemoSummary {
    /// The country.
    pub world: WorldSummary,
    /// Its case.
    pub run: FolderSummary,
    /// What was found next to what was there.
    pub comparison: Comparison,
    /// The report.
    pub report: PathBuf,
    /// What the steps took.
    pub stages: Vec<Stage>,
}

/// Makes up a country in `dir/world`, goes through all steps in `dir/case`, compares the list
/// with the truth, and writes `dir/report.html`.
///
/// # Errors
/// When a step fails.
pub fn demo(
    dir: &Path,
    settings: &WorldSettings,
    asked: ReportAsked,
    session: &Session<'_>,
) -> Result<DemoSummary, FlowError> {
    let case_dir = dir.join("case");
    // Another country's records in the same case would make nonsense of both.
    if Case::is_one(&case_dir) {
        return Err(StoreError::NotEmpty { dir: case_dir }.into());
    }
    let mut watch = Stopwatch::start(session);
    let world = world(settings, &dir.join("world"), session)?;
    watch.lap("world");
    let run = run_folder(&case_dir, &world.case, dir, session)?;
    watch.lap_over("import to plan", &run.stages);
    let case = consult(&case_dir, "demo", session)?;
    let comparison = truth::compare(&world.truth, &devices(&case, &DeviceFilter::default())?)?;
    watch.lap("compare");
    let path = dir.join("report.html");
    report(&case, &path, &ReportAsked { comparison: Some(comparison.clone()), ..asked }, session)?;
    watch.lap("report");
    Ok(DemoSummary { world, run, comparison, report: path, stages: watch.stages })
}
