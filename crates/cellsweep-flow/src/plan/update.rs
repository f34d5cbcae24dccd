//! After the first doors: what was searched so far, and the rest planned again.

use std::collections::BTreeSet;
use std::path::Path;

use cellsweep_ingest::{BoxError, Reject};
use cellsweep_model::rows::{self, FromRow};
use cellsweep_model::table::Table;
use cellsweep_model::{CellId, FacilityId, Imei, Searched, Seized};
use cellsweep_plan::{Heard, Problem, Solver, TargetKind};
use cellsweep_store::CaseWriter;
use rustc_hash::FxHashMap;

use super::beliefs::{done, heard};
use super::release::latest;
use super::{Desk, Exclusions, PlanKept, keep};
use crate::{FlowError, Session};

/// The tables of the morning so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoFar<'a> {
    /// Searches that were done, in the contract's form.
    pub searches: Option<&'a Path>,
    /// Phones that were found, in the contract's form.
    pub seizures: Option<&'a Path>,
    /// Devices that spoke since: records in the contract's form are not needed, `time, imei` are enough.
    pub heard: Option<&'a Path>,
}

/// Plans the rest: a search without a find lowers its cell by the detector's miss rate and raises
/// others; a device that speaks after its cell was searched was missed. The new plan is a draft.
///
/// # Errors
/// When there is no plan, a table can't be read, or nothing more can be planned within the limits.
pub fn update_plan(
    case: &mut CaseWriter,
    so_far: SoFar<'_>,
    exclusions: &Exclusions,
    session: &Session<'_>,
) -> Result<PlanKept, FlowError> {
    let mut before = latest(case.case())?;
    before.limits = exclusions.staffed(&before.limits)?;
    let mut settings = session.settings.clone();
    settings.trace.at = Some(before.start);
    let session = &Session { settings: &settings, ..*session };
    let mut desk = Desk::open(case.case(), session)?;
    let mut searches: Vec<Searched> = table(so_far.searches, Table::Searches, session)?;
    let imported: Vec<Searched> = crate::trace::read(case.case(), Table::Searches)?;
    searches.extend(imported.into_iter().filter(|search| search.time >= before.start));
    searches.dedup();
    let mut seizures: Vec<Seized> = table(so_far.seizures, Table::Seizures, session)?;
    let imported: Vec<Seized> = crate::trace::read(case.case(), Table::Seizures)?;
    seizures.extend(imported.into_iter().filter(|seizure| seizure.time >= before.start));
    desk.belief.hear(&heard_in(so_far.heard)?);
    let found: Vec<Heard> = seizures.iter().filter_map(heard).collect();
    desk.belief.search(&done(&searches), &found, &before.detection);
    let made = rest(&desk, &before, &searches, exclusions)?;
    keep(case, made, session)
}

/// The plan of what is left of the caps and the waves.
fn rest(desk: &Desk, before: &PlanKept, searches: &[Searched], exclusions: &Exclusions) -> Result<PlanKept, FlowError> {
    let now = searches.iter().map(|search| search.time).max();
    let gone = Gone {
        opened: searches.iter().map(|search| search.facility.clone()).collect(),
        cells: searches.iter().map(|search| (search.facility.clone(), search.cell.clone())).collect(),
        start: before.start,
        now,
    };
    let mut problem = what_is_left(desk, before, &gone, exclusions)?;
    let waves = begin_now(&mut problem, &gone);
    plan_rest(desk, before, &problem, (&gone, waves))
}

/// What of a plan is over.
pub(super) struct Gone {
    /// Facilities where somebody has been.
    pub opened: BTreeSet<FacilityId>,
    /// Cells where nobody goes any more; they count against the caps.
    pub cells: BTreeSet<(FacilityId, CellId)>,
    /// When the first door was opened, microseconds since 1970 UTC.
    pub start: i64,
    /// Up to when; `None` where no door was opened yet.
    pub now: Option<i64>,
}

/// The problem of what is left of the caps. What is over is taken out of the problem of the whole, so that its names need be
/// nobody's but the officers', and all else that must be searched still must.
pub(super) fn what_is_left(
    desk: &Desk,
    before: &PlanKept,
    gone: &Gone,
    exclusions: &Exclusions,
) -> Result<Problem, FlowError> {
    let limits = &before.limits;
    let mut problem = desk.problem(limits, exclusions, &before.detection)?;
    for site in &mut problem.sites {
        let facility = &site.facility;
        let over = |cell: &CellId| gone.cells.contains(&(facility.clone(), cell.clone()));
        site.targets.retain(|target| match &target.kind {
            TargetKind::Cell(cell) => !over(cell),
            TargetKind::Person(inmate) => !desk.held.get(&(facility.clone(), inmate.clone())).is_some_and(over),
            TargetKind::Common => true,
        });
        site.opened = gone.opened.contains(facility);
        if site.opened {
            site.opening_cost = 0.0;
            let over = gone.cells.iter().filter(|(at, _)| at == facility).count();
            site.most_cells = site.most_cells.saturating_sub(if site.most_cells == usize::MAX { 0 } else { over });
        }
    }
    problem.sites.retain(|site| !site.targets.is_empty());
    let all = problem.sites.iter().map(|site| site.targets.len()).sum();
    problem.caps.cells = limits.cells.map_or(all, |cap| cap.saturating_sub(gone.cells.len()).min(all));
    // Facilities where nothing is left to search were opened all the same; what is open needs nobody's leave.
    let open = problem.sites.iter().filter(|site| site.opened).count();
    let shut = gone.opened.len() - open;
    let sites = problem.sites.len();
    problem.caps.facilities = limits.facilities.map_or(sites, |cap| cap.saturating_sub(shut).clamp(open, sites));
    Ok(problem)
}

/// Takes the waves that are over out of the problem; how many they are.
pub(super) fn begin_now(problem: &mut Problem, gone: &Gone) -> usize {
    let waves = waves_gone(problem, gone);
    problem.left.drain(..waves);
    for team in problem.sites.iter_mut().flat_map(|site| &mut site.teams) {
        team.from_wave = team.from_wave.saturating_sub(waves as u16);
        team.to_wave = team.to_wave.saturating_sub(waves as u16);
    }
    waves
}

/// The plan of it, so many waves after the first.
pub(super) fn plan_rest(
    desk: &Desk,
    before: &PlanKept,
    problem: &Problem,
    (gone, waves): (&Gone, usize),
) -> Result<PlanKept, FlowError> {
    let start = gone.start + waves as i64 * i64::from(problem.wave_minutes.unwrap_or(0)) * 60_000_000;
    let solver = Solver::new(problem);
    let mut made = desk.plan_for(&before.limits, &solver, before.detection.clone(), start)?;
    made.rows.iter_mut().for_each(|row| row.wave += waves as u32);
    made.start = before.start;
    Ok(made)
}

/// Waves that began no later than the last search; one at least stays.
fn waves_gone(problem: &Problem, gone: &Gone) -> usize {
    let (Some(minutes), Some(now)) = (problem.wave_minutes, gone.now) else { return 0 };
    let waves = (now - gone.start).max(0) / (i64::from(minutes) * 60_000_000) + 1;
    usize::try_from(waves).unwrap_or(usize::MAX).min(problem.left.len().saturating_sub(1))
}

fn table<T: FromRow>(path: Option<&Path>, table: Table, session: &Session<'_>) -> Result<Vec<T>, FlowError> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let mut refused = 0_u64;
    let mut reject = |_: Reject| {
        refused += 1;
        Ok::<(), BoxError>(())
    };
    let (batch, _) = cellsweep_ingest::read_table(
        table,
        path,
        cellsweep_ingest::Against::default(),
        &session.ingest(1),
        &mut reject,
    )?;
    if refused > 0 {
        session.progress.note(&format!("{}: {refused} rows can't be used and were passed over", path.display()));
    }
    rows::read(&[batch]).map_err(|source| FlowError::Rows { table: table.name(), source })
}

/// `time, imei`, with a header.
fn heard_in(path: Option<&Path>) -> Result<Vec<Heard>, FlowError> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let wrong = |why: String| FlowError::Limits { why: format!("{}: {why}", path.display()), hint: None };
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let columns: FxHashMap<&str, usize> = header.iter().enumerate().map(|(index, name)| (name.trim(), index)).collect();
    let column = |name: &str| columns.get(name).copied().ok_or_else(|| wrong(format!("column {name} is missing")));
    let (time, imei) = (column("time")?, column("imei")?);
    let mut heard = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = number + 2;
        let at: jiff::Timestamp = row
            .get(time)
            .unwrap_or_default()
            .trim()
            .parse()
            .map_err(|error| wrong(format!("line {line}: time: {error}")))?;
        let digits: String = row.get(imei).unwrap_or_default().chars().filter(char::is_ascii_digit).take(14).collect();
        let imei: Imei = digits.parse().map_err(|error| wrong(format!("line {line}: imei: {error}")))?;
        heard.push(Heard { imei, time: at.as_microsecond() });
    }
    Ok(heard)
}
