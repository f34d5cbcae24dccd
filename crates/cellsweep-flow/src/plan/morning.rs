//! The search day as it begins: the latest plan once it is approved, and what teams are told beside it.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::case::CaseEvent;
use cellsweep_model::custody::Held;
use cellsweep_model::rows::Facility;
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, PlanRow, PlanTarget, Seized};
use cellsweep_store::{Case, Keeping};
use cellsweep_sweep::FacilityName;
use cellsweep_sweep::day::{CellRef, Detector, Plan, PlannedCell, PlannedTeam, Target};
use jiff::Timestamp;

use super::brief::{MOST_HIDDEN, is_a_place};
use super::look::{Catalogued, MOST_MODELS};
use super::{PlanKept, STEP, latest_plan};
use crate::FlowError;
use crate::trace::read;

/// What a cell is called where the plan means the places that many use.
pub(super) const COMMON: &str = "(common)";

/// The search day as it begins.
#[derive(Debug, Clone)]
pub struct Morning {
    /// The plan's run.
    pub run: String,
    /// What is searched by whom, in which order.
    pub plan: Plan,
    /// The sites.
    pub sites: Vec<Facility>,
    /// Who is held in a cell of the plan, by the house's number and nothing else.
    pub held: BTreeMap<CellRef, Vec<String>>,
    /// Who is to be searched, and not only the cell, by the house's number.
    pub persons: BTreeMap<CellRef, Vec<String>>,
    /// Hiding places seen before, by site, the most frequent first.
    pub hiding_places: BTreeMap<FacilityName, Vec<String>>,
    /// Minis that the catalogue knows: their name, and length, width and thickness in millimetres.
    pub minis: Vec<(String, [Option<f64>; 3])>,
    /// Under whose order, and until when.
    pub authority: Option<(String, Option<Timestamp>)>,
    /// How the plan's own files are kept: what comes of the day is kept alike, and goes when they go.
    pub keeping: Keeping,
}

/// The morning of the latest plan; `None` where there is none, or nobody has approved it.
///
/// # Errors
/// When a file of the case can't be read, or a name in the plan is one that the search day can't have.
pub fn morning(case: &Case) -> Result<Option<Morning>, FlowError> {
    let kept = match latest_plan(case) {
        Err(FlowError::NotPlanned { .. }) => return Ok(None),
        kept => kept?,
    };
    let run = kept.summary.run.clone();
    let approved = |event: &CaseEvent| matches!(event, CaseEvent::PlanApproved { plan, .. } if *plan == run);
    if !case.manifest().events.iter().any(|logged| approved(&logged.event)) {
        return Ok(None);
    }
    let planned_run = case.latest_run(STEP).ok_or_else(|| FlowError::NotPlanned { dir: case.dir().to_owned() })?;
    let keeping = case.run_folder(planned_run)?.keeping().clone();
    let cells = planned(&kept.rows)?;
    let searched: BTreeSet<FacilityId> = kept.rows.iter().map(|row| row.facility.clone()).collect();
    let mut sites: Vec<Facility> = read(case, Table::Facilities)?;
    sites.retain(|site| searched.contains(&site.id));
    Ok(Some(Morning {
        plan: Plan {
            operation: run.parse().map_err(FlowError::output("the plan's name"))?,
            sites: searched.iter().map(site_name).collect::<Result<_, _>>()?,
            teams: teams(&cells),
            cells,
        },
        held: held(&kept, read(case, Table::Roster)?)?,
        persons: persons(&kept)?,
        hiding_places: hiding_places(read(case, Table::Seizures)?)?,
        minis: minis(read(case, Table::Models)?),
        authority: kept.limits.authority.as_ref().map(|scope| (scope.reference.clone(), scope.valid_until)),
        run,
        sites,
        keeping,
    }))
}

fn site_name(id: &FacilityId) -> Result<FacilityName, FlowError> {
    id.as_str().parse().map_err(FlowError::output("a facility's name"))
}

fn cell_of(row: &PlanRow) -> Result<CellRef, FlowError> {
    let cell = row.cell.as_ref().map_or(COMMON, |cell| cell.as_str());
    Ok(CellRef { facility: site_name(&row.facility)?, cell: cell.parse().map_err(FlowError::output("a cell's name"))? })
}

/// A plan's rows as the day has them: a cell stands once, whoever is searched there beside it. The time for that is the
/// cell's, and its team's.
pub(super) fn planned(rows: &[PlanRow]) -> Result<Vec<PlannedCell>, FlowError> {
    let mut cells: Vec<PlannedCell> = Vec::with_capacity(rows.len());
    let mut known: BTreeMap<CellRef, usize> = BTreeMap::new();
    for row in rows {
        let mut new = planned_by_itself(row)?;
        let Some(&index) = known.get(&new.cell) else {
            known.insert(new.cell.clone(), cells.len());
            cells.push(new);
            continue;
        };
        let place = &mut cells[index];
        if place.target == Target::Person && new.target != Target::Person {
            std::mem::swap(place, &mut new);
        }
        place.minutes = place.minutes.saturating_add(new.minutes);
        place.expected_milli = place.expected_milli.saturating_add(new.expected_milli);
    }
    Ok(cells)
}

fn planned_by_itself(row: &PlanRow) -> Result<PlannedCell, FlowError> {
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    Ok(PlannedCell {
        cell: cell_of(row)?,
        target: match row.target {
            PlanTarget::Cell => Target::Cell,
            PlanTarget::Person => Target::Person,
            PlanTarget::Common => Target::Common,
        },
        // Teams of one name may be at several sites, and each is one of its own.
        team: format!("{} {}", row.facility, row.team).parse().map_err(FlowError::output("a team's name"))?,
        wave: short(row.wave),
        start: Timestamp::from_microsecond(row.start).map_err(FlowError::output("a search's hour"))?,
        minutes: short(row.minutes),
        detector: detector(&row.detector),
        expected_milli: (row.expected_found * 1_000.0).round() as u32,
    })
}

/// The table's words are the search day's.
fn detector(word: &str) -> Detector {
    serde_json::from_value(serde_json::Value::from(word)).unwrap_or(Detector::Other)
}

/// The teams, in the order in which the plan names them.
fn teams(cells: &[PlannedCell]) -> Vec<PlannedTeam> {
    let mut teams: Vec<PlannedTeam> = Vec::new();
    for cell in cells {
        if !teams.iter().any(|known| known.team == cell.team) {
            teams.push(PlannedTeam { team: cell.team.clone(), site: cell.cell.facility.clone() });
        }
    }
    teams
}

fn held(kept: &PlanKept, roster: Vec<Held>) -> Result<BTreeMap<CellRef, Vec<String>>, FlowError> {
    let mut held = BTreeMap::new();
    for row in &kept.rows {
        let here = roster.iter().filter(|held| {
            held.facility == row.facility && held.cell.is_some() && held.cell == row.cell && held.at(kept.start)
        });
        held.insert(cell_of(row)?, here.map(|held| held.inmate.to_string()).collect());
    }
    Ok(held)
}

fn persons(kept: &PlanKept) -> Result<BTreeMap<CellRef, Vec<String>>, FlowError> {
    let mut persons: BTreeMap<CellRef, Vec<String>> = BTreeMap::new();
    for row in &kept.rows {
        if let Some(inmate) = &row.inmate {
            persons.entry(cell_of(row)?).or_default().push(inmate.to_string());
        }
    }
    Ok(persons)
}

fn hiding_places(finds: Vec<Seized>) -> Result<BTreeMap<FacilityName, Vec<String>>, FlowError> {
    let mut counts: BTreeMap<FacilityName, BTreeMap<String, u32>> = BTreeMap::new();
    for find in finds {
        if let Some(place) = find.hiding_place.filter(|place| is_a_place(place)) {
            *counts.entry(site_name(&find.facility)?).or_default().entry(place).or_default() += 1;
        }
    }
    let sorted = |places: BTreeMap<String, u32>| {
        let mut places: Vec<(String, u32)> = places.into_iter().collect();
        places.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        places.into_iter().map(|(place, _)| place).take(MOST_HIDDEN).collect()
    };
    Ok(counts.into_iter().map(|(site, places)| (site, sorted(places))).collect())
}

fn minis(list: Vec<Catalogued>) -> Vec<(String, [Option<f64>; 3])> {
    let named = list.into_iter().filter(|model| model.mini && !model.name.is_empty());
    let by_name: BTreeMap<String, [Option<f64>; 4]> = named.map(|model| (model.name, model.size)).collect();
    let sizes = by_name.into_iter().map(|(name, [length, width, thick, _])| (name, [length, width, thick]));
    sizes.take(MOST_MODELS).collect()
}

#[cfg(test)]
mod tests {
    use cellsweep_model::PlanReason;
    use cellsweep_sweep::day::DayWhat;
    use cellsweep_sweep::sync::Phone;

    use super::*;

    fn row(cell: &str, target: PlanTarget, inmate: Option<&str>) -> PlanRow {
        PlanRow {
            facility: "F1".parse().unwrap(),
            cell: Some(cell.parse().unwrap()),
            target,
            inmate: inmate.map(|inmate| inmate.parse().unwrap()),
            wave: 1,
            start: 0,
            team: "A".to_owned(),
            detector: "dog".to_owned(),
            minutes: 20,
            probability: 0.5,
            expected_phones: 0.5,
            expected_found: 0.25,
            reason: PlanReason::Expected,
        }
    }

    #[test]
    fn a_day_opens_with_people_and_the_cells_that_they_are_held_in() {
        let rows = [
            row("A1", PlanTarget::Person, Some("P1")),
            row("A1", PlanTarget::Cell, None),
            row("A2", PlanTarget::Person, Some("P2")),
            row("A2", PlanTarget::Person, Some("P3")),
        ];
        let cells = planned(&rows).unwrap();
        let said = |cell: &PlannedCell| (cell.cell.to_string(), cell.target, cell.minutes, cell.expected_milli);
        let expected = [("F1 A1".to_owned(), Target::Cell, 40, 500), ("F1 A2".to_owned(), Target::Person, 40, 500)];
        assert_eq!(cells.iter().map(said).collect::<Vec<_>>(), expected);
        let plan = Plan {
            operation: "run-1".parse().unwrap(),
            sites: vec!["F1".parse().unwrap()],
            teams: teams(&cells),
            cells,
        };
        let by = cellsweep_sweep::Party { id: "c".parse().unwrap(), name: "c".parse().unwrap(), role: None };
        let opened = DayWhat::Opened { plan, command: vec![by.clone()] };
        Phone::new("post".parse().unwrap()).draft(by, Timestamp::UNIX_EPOCH, opened).unwrap();
    }
}
