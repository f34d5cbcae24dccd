//! All of it for a folder of inputs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use cellsweep_model::case::CaseKind;
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter};
use serde::Serialize;

use crate::inputs::Inputs;
use crate::session::Stopwatch;
use crate::{
    DeviceFilter, FileOutcome, FlowError, ImportSummary, Session, Settings, Stage, TraceSummary, devices, import_files,
    init, open_for_writing, trace, write_csv,
};

/// What a run over a folder did.
#[derive(Debug, Clone, Serialize)]
pub struct FolderSummary {
    /// What became of the files.
    pub import: ImportSummary,
    /// What trace left.
    pub trace: TraceSummary,
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
    for (table, files) in inputs.in_order() {
        let summary = import_files(&mut case, table, files, session)?;
        check_usable(table, &summary)?;
        import.append(summary);
    }
    watch.lap("import");
    let settings = at_operation(session.settings, inputs.at);
    let trace = trace(&mut case, &Session { settings: &settings, ..*session })?;
    watch.lap_over("trace", &trace.stages);
    let outputs = vec![write_devices(case.case(), out)?];
    watch.lap("write");
    Ok(FolderSummary { import, trace, outputs, stages: watch.stages })
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

fn write_devices(case: &Case, out: &Path) -> Result<PathBuf, FlowError> {
    std::fs::create_dir_all(out).map_err(FlowError::io("create", out))?;
    let path = out.join("devices.csv");
    let list = devices(case, &DeviceFilter::default())?;
    let mut file = BufWriter::new(File::create(&path).map_err(FlowError::io("create", &path))?);
    write_csv(&list, &mut file).and_then(|()| file.flush()).map_err(FlowError::io("write", &path))?;
    Ok(path)
}
