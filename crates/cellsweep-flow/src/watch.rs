//! Watching a folder: what operators drop goes in, is traced and attributed by the same functions as
//! anywhere else, and what is so now and wasn't before is raised, once.
//!
//! One [`pass`] is all of it; who calls it again and again is the command line or the server. What a
//! pass leaves is a run of the step `watch`, in which the next one, of this process or another, finds
//! what was known and which files were taken. Whatever is killed in between is caught up with: what
//! is stale is told from the log alone.

mod activity;
mod alerts;
mod folder;
mod state;

use std::path::Path;

use cellsweep_alert::{Now, Window, compare};
use cellsweep_model::rows::{Jamming, Outage, Seizure};
use cellsweep_model::table::Table;
use cellsweep_model::{Alert, Explanation};
use cellsweep_store::{Case, CaseWriter};
use serde::Serialize;

use crate::trace::read;
use crate::{
    AttributeSummary, Coming, Compared, DeviceFilter, FileOutcome, FlowError, ImportSummary, Originals, Session,
    SuccessorSettings, TraceSummary, attribute, devices, import_files, places, successors, trace,
};

pub use alerts::{ALERT_COLUMNS, AlertLine, alerts, alerts_for, write_alerts_csv};
pub use cellsweep_alert::AlertSettings;
pub use folder::Watching;
use state::State;

/// The step's name in the case's log.
pub(crate) const STEP: &str = "watch";

/// How a folder is watched.
pub struct WatchAsked<'a> {
    /// The authority that files come in under; `None` = the case's only one.
    pub authority: Option<&'a str>,
    /// What steers the comparison.
    pub settings: &'a AlertSettings,
    /// Whether to stop: asked between files and between steps.
    pub stop: &'a dyn Fn() -> bool,
}

/// What a pass did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WatchPass {
    /// What became of the files that were taken.
    pub import: ImportSummary,
    /// Tables that trace can't do without and that aren't there yet.
    pub waits_for: Vec<&'static str>,
    /// What trace left, where it was run.
    pub trace: Option<TraceSummary>,
    /// What attribution left, where it was run.
    pub attribute: Option<AttributeSummary>,
    /// Whether there was nothing to compare with: all that is listed is known from now on.
    pub first: bool,
    /// What is raised, as the case keeps it.
    pub alerts: Vec<AlertLine>,
    /// Whether it was told to stop before all was done; the next pass goes on from there.
    pub stopped: bool,
}

/// Takes the files that are ready, brings trace and attribution up to date, compares, and keeps what is raised.
///
/// A file that can't be used is told, and the others go on; it isn't tried again until it changes.
///
/// # Errors
/// When the case doesn't allow it, or a step fails. What went in before is in the case.
pub fn pass(
    case: &mut CaseWriter,
    watching: &mut Watching,
    asked: &WatchAsked<'_>,
    session: &Session<'_>,
) -> Result<WatchPass, FlowError> {
    let mut state = State::latest(case.case())?;
    watching.begin(&state.seen);
    let mut done = WatchPass::default();
    take(case, watching, asked, (&mut state, &mut done), session)?;
    done.stopped |= (asked.stop)();
    if done.stopped {
        return Ok(done);
    }
    done.waits_for = missing(case.case());
    if done.waits_for.is_empty() {
        bring_up_to_date(case, (&mut state, &mut done), asked, session)?;
    } else if !done.import.files.is_empty() {
        state.keep(case, asked.settings, session)?;
    }
    Ok(done)
}

/// Imports file by file, so that it can stop between two.
fn take(
    case: &mut CaseWriter,
    watching: &mut Watching,
    asked: &WatchAsked<'_>,
    (state, done): (&mut State, &mut WatchPass),
    session: &Session<'_>,
) -> Result<(), FlowError> {
    for batch in watching.ready()?.in_order() {
        let coming = Coming {
            table: batch.table,
            profile: batch.profile.as_ref(),
            authority: asked.authority,
            originals: Originals::AsTheCaseWants,
            persons: None,
        };
        for file in batch.files {
            if (asked.stop)() {
                done.stopped = true;
                return Ok(());
            }
            let summary = match erased(case.case(), batch.table, &file)? {
                Some(outcome) => ImportSummary { files: vec![outcome] },
                None => import_files(case, coming, std::slice::from_ref(&file), session)?,
            };
            done.import.append(summary);
            watching.took(&file, &mut state.seen);
        }
    }
    watching.pass_over_rest();
    Ok(())
}

/// A file that was in the case and was erased from it doesn't come back because it still lies in a folder.
fn erased(case: &Case, table: Table, file: &Path) -> Result<Option<FileOutcome>, FlowError> {
    let digests = state::erased(case, table);
    if digests.is_empty() {
        return Ok(None);
    }
    // A file that can't be read is refused where it is read for its rows.
    let Ok((digest, _)) = cellsweep_ingest::digest(file) else { return Ok(None) };
    Ok(digests.contains(&digest).then(|| FileOutcome::Refused {
        file: file.to_owned(),
        why: format!("{}: these very bytes were erased from the case", file.display()),
        hint: "take the file out of the folder; who wants it back in the case imports it".to_owned(),
    }))
}

/// Tables that trace needs and that have no row.
fn missing(case: &Case) -> Vec<&'static str> {
    match crate::trace::check_tables(case) {
        Err(FlowError::MissingTables { missing, .. }) => missing.into_iter().map(Table::name).collect(),
        _ => Vec::new(),
    }
}

fn bring_up_to_date(
    case: &mut CaseWriter,
    (state, done): (&mut State, &mut WatchPass),
    asked: &WatchAsked<'_>,
    session: &Session<'_>,
) -> Result<(), FlowError> {
    if state::is_stale(case.case(), crate::trace::STEP, session)? {
        done.trace = Some(trace(case, session)?);
    }
    if (asked.stop)() {
        done.stopped = true;
        return Ok(());
    }
    if state::is_stale(case.case(), crate::attribute::STEP, session)? {
        done.attribute = Some(attribute(case, session)?);
    }
    let compared = state::compared(case.case());
    if state.compared != compared {
        let now = now(case, asked.settings, session)?;
        let raised = case.case().manifest().alerts().filter_map(|(_, alert)| Some(alert.about.as_ref()?.key.clone()));
        let (found, next) = compare(state.known.as_ref(), &raised.collect(), &now, asked.settings);
        done.first = state.known.is_none();
        // First what is raised: whoever is killed in between compares again, and raises none of it twice.
        done.alerts = raise(case, found, session)?;
        (state.known, state.compared) = (Some(next), compared);
        state.keep(case, asked.settings, session)?;
    } else if !done.import.files.is_empty() {
        state.keep(case, asked.settings, session)?;
    }
    Ok(())
}

/// All of it or nothing.
fn raise(case: &mut CaseWriter, found: Vec<Alert>, session: &Session<'_>) -> Result<Vec<AlertLine>, FlowError> {
    let before = case.case().manifest().events.len() as u64;
    let events = found.into_iter().map(|alert| (cellsweep_model::case::CaseEvent::Alerted { alert }, None));
    case.log_all(events.collect(), session.now())?;
    Ok(alerts(case.case()).into_iter().filter(|line| line.n >= before).rev().collect())
}

/// What the case says now.
fn now(case: &CaseWriter, settings: &AlertSettings, session: &Session<'_>) -> Result<Now, FlowError> {
    let list = devices(case.case(), &DeviceFilter::default())?;
    let activity = activity::of(case, &list, settings.probability, session)?;
    let pairs = successors(case, Compared::Traced, &SuccessorSettings::default(), session)?;
    Ok(Now {
        places: places(case.case())?,
        successors: pairs,
        seizures: read(case.case(), Table::Seizures)?,
        windows: windows(case.case())?,
        devices: list,
        activity,
    })
}

/// Jamming, outages and searches that the case knows of.
fn windows(case: &Case) -> Result<Vec<Window>, FlowError> {
    let (jamming, outages): (Vec<Jamming>, Vec<Outage>) = (read(case, Table::Jamming)?, read(case, Table::Outages)?);
    let found: Vec<Seizure> = read(case, Table::Seizures)?;
    let jammed =
        |row: Jamming| Window { by: Explanation::Jamming, facility: Some(row.facility), from: row.from, to: row.to };
    // One sector that is off silences no facility.
    let off = |row: Outage| Window { by: Explanation::Outage, facility: row.facility, from: row.from, to: row.to };
    let outages = outages.into_iter().filter(|row| !row.one_sector);
    let searched = |row: Seizure| Window {
        by: Explanation::Search,
        facility: Some(row.facility),
        from: row.time,
        to: Some(row.time),
    };
    let all = jamming.into_iter().map(jammed).chain(outages.map(off)).chain(found.into_iter().map(searched));
    Ok(all.collect())
}
