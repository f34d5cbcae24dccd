//! Plan: the latest attribution's places and the limits to a plan of the morning, kept as a run.

mod anew;
mod beliefs;
mod brief;
mod exclusions;
mod limits;
mod look;
mod morning;
mod release;
mod update;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::custody::Cell;
use cellsweep_model::rows::Facility;
use cellsweep_model::table::{DETECTORS, Table};
use cellsweep_model::{CellId, FacilityId, PlanReason, PlanRow, PlanTarget};
use cellsweep_plan::{
    Belief, CurvePoint, Detection, Given, Limits, PlanError, Price, PriceOf, Problem, Solution, Solver, TargetKind,
};
use cellsweep_store::{Case, CaseWriter, RunFacts};
use serde::{Deserialize, Serialize};

pub use anew::{Anew, CellChange, SiteAnew, plan_anew};
pub use brief::{BriefFile, BriefOrder, briefs};
pub use exclusions::{Exclusions, read_exclusions};
pub use limits::{limits_of, limits_of_text, read_limits};
pub use morning::{Morning, morning};
pub use release::{approve_plan, latest_plan_id, planned, released};
pub(crate) use release::{kept as kept_plan, kept_ids as kept_plan_ids, latest as latest_plan};
pub use update::{SoFar, update_plan};
pub use write::{PLAN_COLUMNS, write_plan_csv};

use look::Look;

use crate::trace::{read, window};
use crate::{FlowError, Lang, Session, VERSION};

/// The step's name in the case's log.
pub(crate) const STEP: &str = "plan";
/// The file that a plan is kept in, and the version of its form.
pub(crate) const FILE: &str = "plan.json";
const FORM: u32 = 1;

/// A plan as a case keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanKept {
    /// The version of this form.
    pub form: u32,
    /// The first door's time, microseconds since 1970 UTC.
    pub start: i64,
    /// The searches, by facility, wave and team.
    pub rows: Vec<PlanRow>,
    /// What it comes to.
    pub summary: PlanSummary,
    /// What it was made under; nothing that is closed is in it.
    pub limits: Limits,
    /// What searches were taken to find.
    pub detection: Detection,
    /// Models that teams are told to look for, by facility: names alone.
    #[serde(default)]
    pub look_for: BTreeMap<FacilityId, Vec<String>>,
}

/// What a plan comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// The run's name in the case.
    #[serde(default)]
    pub run: String,
    /// Cells in it.
    pub cells: usize,
    /// Facilities in it.
    pub facilities: usize,
    /// Mean number of phones lying where it searches.
    pub expected_phones: f64,
    /// Eight times in ten their number is between these.
    pub between: (f64, f64),
    /// Mean number found.
    pub expected_found: f64,
    /// What is made as large as possible, in its unit.
    pub value: f64,
    /// What no plan within the limits exceeds, in the same unit.
    pub bound: f64,
    /// The difference as a share of the bound.
    pub gap: f64,
    /// Phones lying in as many cells taken at random of all that may be searched.
    pub random_cells: f64,
    /// Phones lying in the cells that facilities would name themselves: most finds first.
    pub own_lists: f64,
    /// What wider limits would bring, the dearest first; an update leaves it and the curves out.
    pub prices: Vec<Price>,
    /// With fewer and more cells.
    pub by_cells: Vec<CurvePoint>,
    /// With fewer and more facilities.
    pub by_facilities: Vec<CurvePoint>,
}

/// Plans and keeps the plan as a run: a draft until a named person approves it.
///
/// # Errors
/// When the case has not been attributed, the limits can't be used or met, or the case fails.
pub fn plan(
    case: &mut CaseWriter,
    limits: &Limits,
    exclusions: &Exclusions,
    session: &Session<'_>,
) -> Result<PlanKept, FlowError> {
    let made = trial(case.case(), limits, exclusions, session)?;
    keep(case, made, session)
}

/// A plan that is looked at and not kept.
pub(crate) fn trial(
    case: &Case,
    limits: &Limits,
    exclusions: &Exclusions,
    session: &Session<'_>,
) -> Result<PlanKept, FlowError> {
    Desk::open(case, session)?.plan(&exclusions.staffed(limits)?, exclusions)
}

/// A limit that is a little wider, in words.
pub fn price_words(of: &PriceOf, lang: Lang) -> String {
    match (of, lang) {
        (PriceOf::Cells { more }, Lang::En) => format!("{more} more cells"),
        (PriceOf::Cells { more }, Lang::Fr) => format!("{more} cellules de plus"),
        (PriceOf::Facilities { more }, Lang::En) => format!("{more} more facility"),
        (PriceOf::Facilities { more }, Lang::Fr) => format!("{more} établissement de plus"),
        (PriceOf::Team { facility }, Lang::En) => format!("one more team in {facility}"),
        (PriceOf::Team { facility }, Lang::Fr) => format!("une équipe de plus à {facility}"),
        (PriceOf::FacilityCells { facility, more }, Lang::En) => format!("{more} more cell in {facility}"),
        (PriceOf::FacilityCells { facility, more }, Lang::Fr) => format!("{more} cellule de plus à {facility}"),
        (PriceOf::Wave, Lang::En) => "one more wave".to_owned(),
        (PriceOf::Wave, Lang::Fr) => "une vague de plus".to_owned(),
    }
}

/// Keeps a plan as a run.
fn keep(case: &mut CaseWriter, mut made: PlanKept, session: &Session<'_>) -> Result<PlanKept, FlowError> {
    let staging = case.stage()?;
    staging.write_json(FILE, &made)?;
    let reads = [Table::Cells, Table::Searches, Table::Seizures, Table::Models];
    let imports = case.case().manifest().imports().filter(|import| reads.contains(&import.table));
    let attributed = case.case().latest_run(crate::attribute::STEP).map(|run| run.id.clone());
    let inputs = imports.map(|import| import.id.clone()).chain(attributed).collect();
    let settings = serde_json::json!({ "limits": made.limits, "at": made.start });
    let facts = RunFacts { step: STEP.to_owned(), version: VERSION.to_owned(), settings, inputs };
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    made.summary.run = run.id;
    Ok(made)
}

/// All that a plan is made from.
pub(crate) struct Desk {
    facilities: Vec<FacilityId>,
    cells: Vec<Cell>,
    belief: Belief,
    detection: Detection,
    persons: Vec<cellsweep_plan::PersonChance>,
    /// Where each inmate is held, by facility.
    held: BTreeMap<beliefs::HeldKey, CellId>,
    /// Finds in a cell before.
    finds: BTreeMap<(FacilityId, CellId), u64>,
    look: Look,
    start: i64,
}

impl Desk {
    pub(crate) fn open(case: &Case, session: &Session<'_>) -> Result<Self, FlowError> {
        let start = session.settings.trace.at.unwrap_or(window(case).1);
        let facilities: Vec<Facility> = read(case, Table::Facilities)?;
        let gathered = beliefs::gather(case, start)?;
        Ok(Self {
            facilities: facilities.into_iter().map(|facility| facility.id).collect(),
            cells: read(case, Table::Cells)?,
            belief: gathered.belief,
            detection: gathered.detection,
            persons: gathered.persons,
            held: gathered.held,
            finds: gathered.finds,
            look: gathered.look,
            start,
        })
    }

    /// A plan that is not kept yet.
    fn plan(&self, limits: &Limits, exclusions: &Exclusions) -> Result<PlanKept, FlowError> {
        let detection = self.stated(limits);
        let problem = self.problem(limits, exclusions, &detection)?;
        let solver = Solver::new(&problem);
        let mut kept = self.plan_for(limits, &solver, detection, self.start)?;
        let all = problem.sites.iter().map(|site| site.targets.len()).sum::<usize>();
        kept.summary.prices = solver.prices();
        kept.summary.by_cells = solver.by_cells(&caps(problem.caps.cells.min(all), all));
        let sites = problem.sites.len();
        kept.summary.by_facilities = solver.by_facilities(&caps(problem.caps.facilities.min(sites), sites));
        Ok(kept)
    }

    fn stated(&self, limits: &Limits) -> Detection {
        let mut detection = self.detection.clone();
        for (word, tool) in &limits.detectors {
            if let Some(position) = DETECTORS.iter().position(|known| known == word) {
                detection.state(position, tool.finds_mini, tool.finds_other);
            }
        }
        detection
    }

    fn problem(&self, limits: &Limits, exclusions: &Exclusions, detection: &Detection) -> Result<Problem, FlowError> {
        let given = Given {
            limits,
            facilities: &self.facilities,
            cells: &self.cells,
            belief: &self.belief,
            detection,
            persons: &self.persons,
            excluded: &exclusions.cells,
        };
        cellsweep_plan::build(&given).map_err(limits::unusable)
    }

    fn plan_for(
        &self,
        limits: &Limits,
        solver: &Solver<'_>,
        detection: Detection,
        start: i64,
    ) -> Result<PlanKept, FlowError> {
        let problem = solver.problem();
        let cells = problem.caps.cells.min(problem.sites.iter().map(|site| site.targets.len()).sum());
        let controls = (limits.control_share * cells as f64).floor() as usize;
        let solution = solver.solve(controls, limits.seed).map_err(|PlanError::Conflict| limits::conflict(problem))?;
        let rows = self.rows(problem, &solution, start);
        let summary = self.summary(problem, &solution, &rows);
        let look_for = self.look.names(&self.belief, &rows);
        Ok(PlanKept { form: FORM, start, rows, summary, limits: limits.clone(), detection, look_for })
    }

    fn rows(&self, problem: &Problem, solution: &Solution, start: i64) -> Vec<PlanRow> {
        let mut rows = Vec::with_capacity(solution.chosen.len());
        for chosen in &solution.chosen {
            let site = &problem.sites[chosen.site];
            let target = &site.targets[chosen.target];
            let Some(tool) = target.tools.get(chosen.tool) else { continue };
            let (kind, cell, inmate) = match &target.kind {
                TargetKind::Cell(cell) => (PlanTarget::Cell, Some(cell.clone()), None),
                TargetKind::Person(inmate) => {
                    let held = self.held.get(&(site.facility.clone(), inmate.clone()));
                    (PlanTarget::Person, held.cloned(), Some(inmate.clone()))
                }
                TargetKind::Common => (PlanTarget::Common, None, None),
            };
            let minutes = problem.wave_minutes.unwrap_or(0) * chosen.wave as u32 + chosen.after;
            rows.push(PlanRow {
                facility: site.facility.clone(),
                cell,
                target: kind,
                inmate,
                wave: chosen.wave as u32 + 1,
                start: start + i64::from(minutes) * 60_000_000,
                team: site.teams[chosen.team].name.clone(),
                detector: DETECTORS[usize::from(tool.detector)].to_owned(),
                minutes: tool.minutes,
                probability: rounded(target.probability),
                expected_phones: rounded(target.expected),
                expected_found: rounded(tool.found * problem.left[chosen.wave]),
                reason: match (chosen.control, target.must) {
                    (true, _) => PlanReason::Control,
                    (_, true) => PlanReason::Must,
                    _ => PlanReason::Expected,
                },
            });
        }
        rows.sort_by(|a, b| {
            (&a.facility, a.wave, a.start, &a.team).cmp(&(&b.facility, b.wave, b.start, &b.team)).then(
                b.expected_phones
                    .total_cmp(&a.expected_phones)
                    .then_with(|| (&a.cell, &a.inmate).cmp(&(&b.cell, &b.inmate))),
            )
        });
        rows
    }

    fn summary(&self, problem: &Problem, solution: &Solution, rows: &[PlanRow]) -> PlanSummary {
        let is_cell = |row: &&PlanRow| row.target == PlanTarget::Cell;
        let cells = rows.iter().filter(is_cell).count();
        let facilities: BTreeSet<&FacilityId> = rows.iter().map(|row| &row.facility).collect();
        let expected: f64 = rows.iter().map(|row| row.expected_phones).sum();
        let may_be_searched = || problem.sites.iter().flat_map(|site| &site.targets).filter(|target| target.counts());
        let lying: f64 = may_be_searched().map(|target| target.expected).sum();
        PlanSummary {
            run: String::new(),
            cells,
            facilities: facilities.len(),
            expected_phones: expected,
            between: self.between(rows, expected),
            expected_found: rows.iter().map(|row| row.expected_found).sum(),
            value: solution.value,
            bound: solution.bound,
            gap: solution.gap(),
            random_cells: lying / may_be_searched().count().max(1) as f64 * cells as f64,
            own_lists: self.own_lists(problem, facilities.len(), cells),
            prices: Vec::new(),
            by_cells: Vec::new(),
            by_facilities: Vec::new(),
        }
    }

    /// Each handset lies where it is searched for or not: the spread of their sum, within 1.2816 standard deviations.
    fn between(&self, rows: &[PlanRow], expected: f64) -> (f64, f64) {
        let planned: BTreeSet<(&FacilityId, Option<&CellId>)> = rows
            .iter()
            .filter(|row| row.target != PlanTarget::Person)
            .map(|row| (&row.facility, row.cell.as_ref()))
            .collect();
        let mut variance = 0.0;
        for phone in &self.belief.phones {
            let here = phone.spots.iter().filter(|(spot, _)| {
                let cell = match spot {
                    cellsweep_plan::Spot::Cell(cell) => Some(cell),
                    cellsweep_plan::Spot::Common => None,
                };
                planned.contains(&(&phone.facility, cell))
            });
            let chance: f64 = here.map(|(_, chance)| chance).sum();
            variance += chance * (1.0 - chance).max(0.0);
        }
        let spread = 1.2816 * variance.sqrt();
        ((expected - spread).max(0.0), expected + spread)
    }

    /// As many facilities and cells by the finds that were made there before, evenly.
    fn own_lists(&self, problem: &Problem, facilities: usize, cells: usize) -> f64 {
        let finds = |facility: &FacilityId, kind: &TargetKind| match kind {
            TargetKind::Cell(cell) => self.finds.get(&(facility.clone(), cell.clone())).copied().unwrap_or(0),
            _ => 0,
        };
        let mut sites: Vec<(u64, usize)> = Vec::new();
        for (index, site) in problem.sites.iter().enumerate() {
            let all = self.finds.iter().filter(|(key, _)| key.0 == site.facility).map(|(_, finds)| finds).sum();
            sites.push((all, index));
        }
        sites.sort_by_key(|(finds, index)| (std::cmp::Reverse(*finds), *index));
        let each = cells.div_ceil(facilities.max(1));
        let mut sum = 0.0;
        for (_, index) in sites.into_iter().take(facilities) {
            let site = &problem.sites[index];
            let mut targets: Vec<_> = site.targets.iter().filter(|target| target.counts()).collect();
            targets.sort_by_key(|target| (std::cmp::Reverse(finds(&site.facility, &target.kind)), target.kind.clone()));
            sum += targets.iter().take(each).map(|target| target.expected).sum::<f64>();
        }
        sum
    }
}

/// To a millionth, so that what is written is what is read.
fn rounded(figure: f64) -> f64 {
    (figure * 1e6).round() / 1e6
}

/// Caps around the one in force.
fn caps(cap: usize, most: usize) -> Vec<usize> {
    let shares = [0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0];
    let mut caps: Vec<usize> = shares.iter().map(|share| ((cap as f64 * share).round() as usize).min(most)).collect();
    caps.dedup();
    caps
}
