//! What a search day brought: against what the plan expected, against cells drawn by lot, against public figures; what
//! an hour of an officer brought, how long it stayed quiet, and what was learnt.

mod shown;

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_assess::operation::{
    Against, Chosen, Hits, PerSearch, Quiet, Search, Silence, Until, by_decile, by_facility, hits, lift,
    per_officer_hour, per_search, quiet,
};
use cellsweep_assess::say;
use cellsweep_assess::{Facility, Interval};
use cellsweep_model::case::CaseEvent;
use cellsweep_model::rows::{DeviceClass, Model};
use cellsweep_model::table::Table;
use cellsweep_model::{CellId, FacilityId, PlanReason, PlanRow};
use cellsweep_store::Case;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Answer;
use super::detectors::assess_detectors;
use super::heard::{Heard, heard};
use super::inside::{LIKELY, inside};
use super::rows::{SearchRow, SeizedRow};
use crate::plan::{FILE, PlanKept};
use crate::trace::read;
use crate::{FlowError, Session};

const DAY_US: i64 = 86_400_000_000;
/// A search belongs to the plan when it comes within this time of the first door.
const OPERATION_US: i64 = DAY_US;
/// Days before the operation that activity is compared with.
const BEFORE_DAYS: i32 = 14;
/// Activity is back when this share of it is heard again.
const BACK: f64 = 0.8;
/// Handsets heard a day at a facility before, from which on its silence is told.
const LEAST_HEARD: f64 = 3.0;

/// What a search day brought.
#[derive(Debug, Clone, Serialize)]
pub struct OperationAssessed {
    /// The approved plan that searches are held against; `None` where none was approved, and then all searches count
    /// as made on somebody's word.
    pub plan: Option<String>,
    /// When its first door opened.
    pub start: Option<Timestamp>,
    /// Searches of the plan that were made, and those of it that weren't.
    pub done: (usize, usize),
    /// Of the cells that the plan chose.
    pub planned: Answer<Hits>,
    /// Of the cells drawn by lot.
    pub control: Answer<Hits>,
    /// Of all other searches.
    pub other: Answer<Hits>,
    /// How many times as many hits planned searches made as control searches.
    pub lift: Answer<Interval>,
    /// Phones and minis a search of those planned (or of all, without a plan), beside the public figures.
    pub per_search: Answer<PerSearch>,
    /// Phones an officer-hour.
    pub per_officer_hour: Answer<Interval>,
    /// Found against expected over all planned cells.
    pub found_against_expected: say::Summary,
    /// Facility by facility.
    pub by_facility: Vec<Against<Facility>>,
    /// By tenths of the planned cells.
    pub by_decile: Answer<Vec<Against<usize>>>,
    /// Days until activity inside was back.
    pub quiet: Answer<Quiet>,
    /// What detectors turned out to find, to be put into a plan's limits by whoever agrees.
    pub proposed: Vec<DetectorProposed>,
}

/// A detector's chances as the plan took them, and as they turned out. Never applied unasked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DetectorProposed {
    /// The table's word.
    pub detector: String,
    /// `mini` or `larger`.
    pub class: String,
    /// What the plan took.
    pub taken: f64,
    /// What searches say.
    pub found: Interval,
    /// Whether what the plan took lies outside that interval.
    pub differs: bool,
}

/// What the operation brought in this case.
///
/// # Errors
/// When the case has not been traced, a run or a table is not as written, or the engine fails.
pub fn assess_operation(case: &Case, session: &Session<'_>) -> Result<OperationAssessed, FlowError> {
    let plan = approved(case)?;
    let rows: Vec<SearchRow> = read(case, Table::Searches)?;
    let searches = searches(case, plan.as_ref(), &rows)?;
    let of_plan = plan.as_ref().map_or(Chosen::Other, |_| Chosen::Planned);
    let (planned, control) = (hits(&searches, Chosen::Planned), hits(&searches, Chosen::Control));
    let lift = planned.clone().and_then(|planned| lift(&planned, &control.clone()?));
    let by_facility = by_facility(&searches);
    let made = searches.iter().filter(|search| search.chosen != Chosen::Other).count();
    Ok(OperationAssessed {
        start: plan.as_ref().and_then(|plan| Timestamp::from_microsecond(plan.start).ok()),
        done: (made, plan.as_ref().map_or(0, |plan| plan.rows.len().saturating_sub(made))),
        planned: Answer::of(planned, say::hits),
        control: Answer::of(control, say::hits),
        other: Answer::of(hits(&searches, Chosen::Other), say::hits),
        lift: Answer::of(lift, say::lift),
        per_search: Answer::of(per_search(&searches, of_plan), say::per_search),
        per_officer_hour: Answer::of(per_officer_hour(&on_the_day(&searches, of_plan)), say::per_officer_hour),
        found_against_expected: say::found_against_expected(&by_facility),
        by_decile: Answer::of(by_decile(&searches), |rows| say::found_against_expected(rows)),
        by_facility,
        quiet: Answer::of(quiet(&silences(case, plan.as_ref(), &rows, session)?), say::quiet),
        proposed: match &plan {
            Some(plan) => proposed(case, plan, session)?,
            None => Vec::new(),
        },
        plan: plan.map(|plan| plan.summary.run),
    })
}

/// The plan that was approved last.
fn approved(case: &Case) -> Result<Option<PlanKept>, FlowError> {
    let mut approvals = case.manifest().events.iter().rev().filter_map(|logged| match &logged.event {
        CaseEvent::PlanApproved { plan, .. } => Some(plan.clone()),
        _ => None,
    });
    let Some(id) = approvals.next() else { return Ok(None) };
    let Some(run) = case.manifest().runs().find(|run| run.id == id) else { return Ok(None) };
    let mut kept: PlanKept = case.json_of(run, FILE)?;
    kept.summary.run = id;
    Ok(Some(kept))
}

fn searches(case: &Case, plan: Option<&PlanKept>, rows: &[SearchRow]) -> Result<Vec<Search>, FlowError> {
    let minis = minis(case)?;
    let mut left: FxHashMap<(&FacilityId, &CellId), &PlanRow> = FxHashMap::default();
    for row in plan.iter().flat_map(|plan| &plan.rows) {
        if let Some(cell) = &row.cell {
            left.entry((&row.facility, cell)).or_insert(row);
        }
    }
    let start = plan.map_or(i64::MAX, |plan| plan.start);
    let mut ordered: Vec<&SearchRow> = rows.iter().collect();
    ordered.sort_by_key(|row| row.time);
    let mut searches = Vec::with_capacity(rows.len());
    for row in ordered {
        let in_time = row.time >= start && row.time - start < OPERATION_US;
        // A cell's first search of the day is the plan's.
        let planned = if in_time { left.remove(&(&row.facility, &row.cell)) } else { None };
        let Ok(facility) = row.facility.as_str().parse() else { continue };
        let found = |(time, cell): &(i64, CellId)| *cell == row.cell && (0..DAY_US / 6).contains(&(time - row.time));
        let minis = minis.get(&row.facility).map_or(0, |minis| minis.iter().filter(|mini| found(mini)).count());
        searches.push(Search {
            facility,
            chosen: planned.map_or(Chosen::Other, |row| match row.reason {
                PlanReason::Control => Chosen::Control,
                PlanReason::Expected | PlanReason::Must => Chosen::Planned,
            }),
            expected: planned.map_or(0.0, |row| row.expected_found),
            phones: row.found,
            minis: (minis as u32).min(row.found),
            officer_hours: row.officer_hours,
        });
    }
    Ok(searches)
}

/// Times and cells of seized minis, by facility.
fn minis(case: &Case) -> Result<FxHashMap<FacilityId, Vec<(i64, CellId)>>, FlowError> {
    let models: Vec<Model> = read(case, Table::Models)?;
    let is_mini = |model: &&Model| model.class == DeviceClass::Mini;
    let names: BTreeSet<&String> = models.iter().filter(is_mini).filter_map(|model| model.model.as_ref()).collect();
    let tacs: BTreeSet<_> = models.iter().filter(is_mini).map(|model| model.tac).collect();
    let seized: Vec<SeizedRow> = read(case, Table::Seizures)?;
    let mut minis: FxHashMap<FacilityId, Vec<(i64, CellId)>> = FxHashMap::default();
    for row in seized.into_iter().filter(|row| row.is_phone) {
        let by_name = row.model.as_ref().is_some_and(|name| names.contains(name));
        let by_tac = row.imei.is_some_and(|imei| tacs.contains(&imei.tac()));
        if let (true, Some(cell)) = (by_name || by_tac, row.cell) {
            minis.entry(row.facility).or_default().push((row.time, cell));
        }
    }
    Ok(minis)
}

/// Without a plan every search is looked at, with one those of the day.
fn on_the_day(searches: &[Search], of_plan: Chosen) -> Vec<Search> {
    let all = of_plan == Chosen::Other;
    searches.iter().filter(|search| all || search.chosen != Chosen::Other).cloned().collect()
}

/// How long each searched facility stayed quiet: of the operation, or, without one, after days on which a tenth of a
/// facility's searches were made at once.
fn silences(
    case: &Case,
    plan: Option<&PlanKept>,
    rows: &[SearchRow],
    session: &Session<'_>,
) -> Result<Vec<Silence>, FlowError> {
    let inside = inside(case, LIKELY)?;
    let heard = heard(case, &inside, session)?;
    let days = match plan {
        Some(plan) => {
            let day = plan.start.div_euclid(DAY_US) as i32;
            let facilities: BTreeSet<&FacilityId> = plan.rows.iter().map(|row| &row.facility).collect();
            facilities.into_iter().map(|facility| (facility.clone(), day)).collect()
        }
        None => large_days(rows, heard.days),
    };
    Ok(days.iter().filter_map(|(facility, day)| silence(&heard, facility, *day)).collect())
}

/// Days within the records on which so many cells of a facility were searched that it must have been a wing.
fn large_days(rows: &[SearchRow], (first, last): (i32, i32)) -> Vec<(FacilityId, i32)> {
    const A_WING: usize = 10;
    let mut counts: BTreeMap<(FacilityId, i32), usize> = BTreeMap::new();
    for row in rows {
        *counts.entry((row.facility.clone(), row.time.div_euclid(DAY_US) as i32)).or_default() += 1;
    }
    let large = counts.into_iter().filter(|((_, day), count)| *count >= A_WING && (first..=last).contains(day));
    large.map(|(key, _)| key).collect()
}

fn silence(heard: &Heard, facility: &FacilityId, day: i32) -> Option<Silence> {
    let (first, last) = heard.days;
    if day - BEFORE_DAYS < first || day >= last {
        return None;
    }
    let index = heard.facilities.iter().position(|known| known.id == *facility)?;
    let mut counts: BTreeMap<i32, BTreeSet<usize>> = BTreeMap::new();
    for (handset, days) in heard.inside.iter().enumerate().filter(|(handset, _)| heard.facility_of[*handset] == index) {
        days.iter().for_each(|seen| {
            counts.entry(seen.day).or_default().insert(handset);
        });
    }
    let on = |day: i32| counts.get(&day).map_or(0.0, |handsets| handsets.len() as f64);
    let usual = (day - BEFORE_DAYS..day).map(on).sum::<f64>() / f64::from(BEFORE_DAYS);
    if usual < LEAST_HEARD {
        return None;
    }
    let back = (day + 1..=last).find(|day| on(*day) >= BACK * usual);
    Some(match back {
        Some(back) => Silence { days: f64::from(back - day), until: Until::Back },
        None => Silence { days: f64::from(last - day), until: Until::EndOfRecords },
    })
}

/// The plan's chances of finding beside those that searches show.
fn proposed(case: &Case, plan: &PlanKept, session: &Session<'_>) -> Result<Vec<DetectorProposed>, FlowError> {
    if case.latest_run(crate::attribute::STEP).is_none() {
        return Ok(Vec::new());
    }
    let found = assess_detectors(case, session)?;
    let mut proposed = Vec::new();
    for row in &plan.detection.rows {
        let Some(answer) = found.detectors.get(&row.detector) else { continue };
        let Some(detector) = &answer.result else { continue };
        for chance in detector.combinations.iter().filter(|chance| &*chance.place == "*") {
            let taken = match &*chance.class {
                "mini" => row.mini,
                "larger" => row.other,
                _ => continue,
            };
            proposed.push(DetectorProposed {
                detector: row.detector.clone(),
                class: chance.class.to_string(),
                taken,
                found: chance.chance,
                differs: !chance.chance.holds(taken),
            });
        }
    }
    Ok(proposed)
}
