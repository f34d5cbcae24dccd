//! All of it for a folder of inputs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use cellsweep_model::case::CaseKind;
use cellsweep_model::table::Table;
use cellsweep_model::{PlanRow, Successor};
use cellsweep_store::{Case, CaseWriter};
use serde::Serialize;

use crate::inputs::Inputs;
use crate::session::Stopwatch;
use crate::{
    AttributeSummary, Coming, Compared, DeviceFilter, Exclusions, FileOutcome, FlowError, ImportSummary, PlanLimits,
    Session, Settings, Stage, SuccessorSettings, TraceSummary, attribute, devices, holders, import_files, init,
    open_for_writing, places, plan, read_limits, segments, successors, trace, write_csv, write_holders_csv,
    write_places_csv, write_plan_csv, write_segments_csv, write_successors_csv,
};

/// What a run over a folder did.
#[derive(Debug, Clone, Serialize)]
pub struct FolderSummary {
    /// What became of the files.
    pub import: ImportSummary,
    /// What trace left.
    pub trace: TraceSummary,
    /// What attribution left.
    pub attribute: AttributeSummary,
    /// What the plan comes to.
    pub plan: crate::PlanSummary,
    /// What it wrote.
    pub outputs: Vec<PathBuf>,
    /// What its parts took.
    pub stages: Vec<Stage>,
}

/// Imports a folder of invented data into an exercise, new or opened again, traces it and writes
/// the outputs. Where the caller asks for no time, `operation.json`'s is taken.
///
/// # Errors
/// When a needed table is missing or a step fails.
pub fn run_folder(dir: &Path, from: &Path, out: &Path, session: &Session<'_>) -> Result<FolderSummary, FlowError> {
    // Before a case is begun, so that a folder with nothing in it leaves none.
    let inputs = Inputs::of(from)?;
    for note in &inputs.notes {
        session.progress.note(note);
    }
    let mut watch = Stopwatch::start(session);
    let mut case = exercise(dir, session)?;
    let mut import = ImportSummary::default();
    let (at, caps) = (inputs.at, inputs.caps);
    for batch in inputs.in_order() {
        let coming = Coming { profile: batch.profile.as_ref(), ..Coming::plain(batch.table) };
        let summary = import_files(&mut case, coming, &batch.files, session)?;
        check_usable(batch.table, &summary)?;
        import.append(summary);
    }
    watch.lap("import");
    let settings = at_operation(session.settings, at);
    let session = &Session { settings: &settings, ..*session };
    let trace = trace(&mut case, session)?;
    watch.lap_over("trace", &trace.stages);
    let attribute = attribute(&mut case, session)?;
    watch.lap_over("attribute", &attribute.stages);
    let found = successors(&case, Compared::Traced, &SuccessorSettings::default(), session)?;
    let limits = folder_limits(from, caps)?;
    let planned = plan(&mut case, &limits, &Exclusions::default(), session)?;
    watch.lap("plan");
    let outputs = write_outputs(case.case(), &found, &planned.rows, out)?;
    watch.lap("write");
    Ok(FolderSummary { import, trace, attribute, plan: planned.summary, outputs, stages: watch.stages })
}

/// `limits.toml` where the folder has one; caps that it doesn't state are `operation.json`'s.
fn folder_limits(from: &Path, (facilities, cells): (Option<usize>, Option<usize>)) -> Result<PlanLimits, FlowError> {
    let path = from.join("limits.toml");
    let mut limits = if path.is_file() { read_limits(&path)? } else { PlanLimits::default() };
    limits.facilities = limits.facilities.or(facilities);
    limits.cells = limits.cells.or(cells);
    Ok(limits)
}

/// A needed table of which nothing can be used ends the run with its reason; other refusals are told
/// in the summary.
fn check_usable(table: Table, summary: &ImportSummary) -> Result<(), FlowError> {
    if !table.needed() || summary.refused() < summary.files.len() {
        return Ok(());
    }
    let first = summary.files.iter().find_map(|file| match file {
        FileOutcome::Refused { why, hint, .. } => Some((why.clone(), hint.clone())),
        _ => None,
    });
    first.map_or(Ok(()), |(why, hint)| Err(FlowError::Unusable { table: table.name(), why, hint }))
}

fn exercise(dir: &Path, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    if !Case::is_one(dir) {
        return init(dir, CaseKind::Exercise, session);
    }
    let case = open_for_writing(dir, session)?;
    match case.case().kind() {
        CaseKind::Exercise => Ok(case),
        CaseKind::Investigation => Err(FlowError::NotAnExercise { dir: dir.to_owned() }),
    }
}

fn at_operation(settings: &Settings, at: Option<i64>) -> Settings {
    let mut settings = settings.clone();
    settings.trace.at = settings.trace.at.or(at);
    settings
}

fn write_outputs(case: &Case, found: &[Successor], planned: &[PlanRow], out: &Path) -> Result<Vec<PathBuf>, FlowError> {
    std::fs::create_dir_all(out).map_err(FlowError::io("create", out))?;
    let list = devices(case, &DeviceFilter::default())?;
    let (holders, places, segments) = (holders(case)?, places(case)?, segments(case)?);
    Ok(vec![
        write(out.join("devices.csv"), &|file| write_csv(&list, file))?,
        write(out.join("holders.csv"), &|file| write_holders_csv(&holders, file))?,
        write(out.join("places.csv"), &|file| write_places_csv(&places, file))?,
        write(out.join("segments.csv"), &|file| write_segments_csv(&segments, file))?,
        write(out.join("successors.csv"), &|file| write_successors_csv(found, file))?,
        write(out.join("plan.csv"), &|file| write_plan_csv(planned, file))?,
    ])
}

fn write(path: PathBuf, rows: &dyn Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<PathBuf, FlowError> {
    let mut file = BufWriter::new(File::create(&path).map_err(FlowError::io("create", &path))?);
    rows(&mut file).and_then(|()| file.flush()).map_err(FlowError::io("write", &path))?;
    Ok(path)
}
