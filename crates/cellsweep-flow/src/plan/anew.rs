//! The morning planned anew while it goes on: what is left of the approved plan, as the searches so far suggest.
//!
//! Only cells of the plan that the day was opened with are used: those were approved, and none of them is one that the
//! plan's maker left out for reasons that stand in no file of the case.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::{CellId, FacilityId, PlanRow, PlanTarget, Searched};
use cellsweep_plan::{Caps, Heard, TargetKind, let_go};
use cellsweep_store::Case;
use cellsweep_sweep::day::{CellRef, PhoneFound, PlannedCell, Progress, Search, Target};
use cellsweep_sweep::{FacilityName, TeamId};

use super::beliefs::done;
use super::morning::{COMMON, planned};
use super::update::{Gone, begin_now, plan_rest, what_is_left};
use super::{Desk, Exclusions, PlanKept, kept_plan};
use crate::{FlowError, Session};

/// What is left of a morning, planned anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Anew {
    /// Sites where something changes.
    pub sites: Vec<SiteAnew>,
    /// Searches that it takes in.
    pub searches: usize,
    /// Phones found in them.
    pub found: u32,
    /// Phones that the plan expected there, in thousandths.
    pub expected_milli: u64,
}

/// A site's plan.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteAnew {
    /// Which.
    pub site: FacilityName,
    /// The number that its new plan has.
    pub number: u32,
    /// All its cells: first those where somebody has been, then the rest in the new order.
    pub cells: Vec<PlannedCell>,
    /// What changes.
    pub changes: Vec<CellChange>,
}

/// What changes for a cell that is still to be searched.
#[derive(Debug, Clone, PartialEq)]
pub struct CellChange {
    /// Which.
    pub cell: CellRef,
    /// Whose it is now, and which of theirs.
    pub before: (TeamId, usize),
    /// Whose it becomes, and which of theirs; `None` where no time is left for it.
    pub after: Option<(TeamId, usize)>,
    /// Phones expected to be found there, in thousandths, by the plan as it is.
    pub expected_before_milli: u32,
    /// By the new one; of a cell that drops out nothing is said.
    pub expected_after_milli: Option<u32>,
    /// The limits say that it has to be searched, and no time is left for it.
    pub must: bool,
}

/// Plans the rest of a day that goes on. Nothing is kept: the day's own log has the new plan once command says so.
///
/// # Errors
/// When the case has no such plan, its limits can't be met any more, or the case fails.
pub fn plan_anew(case: &Case, run: &str, progress: &Progress, session: &Session<'_>) -> Result<Anew, FlowError> {
    let before = kept_plan(case, run)?.ok_or_else(|| FlowError::NotPlanned { dir: case.dir().to_owned() })?;
    let mut settings = session.settings.clone();
    settings.trace.at = Some(before.start);
    let session = &Session { settings: &settings, ..*session };
    let mut desk = Desk::open(case, session)?;
    let searches = progress.searches.iter().filter_map(searched).collect::<Vec<_>>();
    let found: Vec<Heard> = progress.finds.iter().filter_map(heard).collect();
    desk.belief.search(&done(&searches), &found, &before.detection);
    let (made, without_time) = rest(&desk, &before, progress)?;
    let mut new: BTreeMap<FacilityName, Vec<PlannedCell>> = BTreeMap::new();
    let now = progress.between.map_or(before.start, |(_, now)| now.as_microsecond());
    let rows: Vec<PlanRow> = made.rows.iter().map(|row| PlanRow { start: row.start.max(now), ..row.clone() }).collect();
    let targets: BTreeMap<&CellRef, Target> =
        progress.planned.values().flatten().map(|planned| (&planned.cell, planned.target)).collect();
    for mut cell in planned(&rows)? {
        // A cell stays what was approved, whatever of it is left.
        cell.target = targets.get(&cell.cell).copied().unwrap_or(cell.target);
        new.entry(cell.cell.facility.clone()).or_default().push(cell);
    }
    let sites = progress.planned.iter().filter_map(|(site, cells)| {
        let number = progress.numbers.get(site).copied().unwrap_or(0) + 1;
        let new = new.remove(site).unwrap_or_default();
        site_anew((site, number), cells, new, (&progress.taken, &without_time))
    });
    let sites = sites.collect();
    let expected = |search: &Search| {
        let cells = progress.planned.get(&search.cell.facility).into_iter().flatten();
        cells
            .filter(|planned| planned.cell == search.cell)
            .map(|planned| u64::from(planned.expected_milli))
            .sum::<u64>()
    };
    Ok(Anew {
        sites,
        searches: progress.searches.len(),
        found: progress.searches.iter().map(|search| search.phones).sum(),
        expected_milli: progress.searches.iter().map(expected).sum(),
    })
}

/// The plan of what is left, and the cells that have to be searched and for which no time is left: a morning that is late
/// has its rest planned all the same.
fn rest(
    desk: &Desk,
    before: &PlanKept,
    progress: &Progress,
) -> Result<(PlanKept, BTreeSet<(FacilityId, CellId)>), FlowError> {
    let start = progress.between.map_or(before.start, |(first, _)| first.as_microsecond().max(before.start));
    let cells: BTreeSet<(FacilityId, CellId)> = progress.taken.iter().filter_map(place).collect();
    let gone = Gone {
        opened: cells.iter().map(|(facility, _)| facility.clone()).collect(),
        cells,
        start,
        now: progress.between.map(|(_, now)| now.as_microsecond()),
    };
    let mut problem = what_is_left(desk, before, &gone, &Exclusions::default())?;
    let approved: BTreeSet<_> = before.rows.iter().filter_map(|row| Some((row.facility.clone(), kind(row)?))).collect();
    let common_taken: BTreeSet<&str> =
        progress.taken.iter().filter(|cell| cell.cell.as_str() == COMMON).map(|cell| cell.facility.as_str()).collect();
    let there: BTreeSet<&str> = progress.planned.keys().map(FacilityName::as_str).collect();
    problem.sites.retain(|site| there.contains(site.facility.as_str()));
    for site in &mut problem.sites {
        let common = !common_taken.contains(site.facility.as_str());
        site.targets.retain(|target| {
            approved.contains(&(site.facility.clone(), target.kind.clone()))
                && (common || target.kind != TargetKind::Common)
        });
        site.most_cells = usize::MAX;
    }
    // What is left of what was approved is within its caps, whatever officers went to beside the plan.
    let cells = problem.sites.iter().map(|site| site.targets.len()).sum();
    problem.caps = Caps { cells, facilities: problem.sites.len() };
    let waves = begin_now(&mut problem, &gone);
    let without_time = let_go(&mut problem).into_iter().collect();
    Ok((plan_rest(desk, before, &problem, (&gone, waves))?, without_time))
}

/// What a row of a plan searches, as its problem has it.
fn kind(row: &PlanRow) -> Option<TargetKind> {
    match row.target {
        PlanTarget::Cell => row.cell.clone().map(TargetKind::Cell),
        PlanTarget::Person => row.inmate.clone().map(TargetKind::Person),
        PlanTarget::Common => Some(TargetKind::Common),
    }
}

fn place(cell: &CellRef) -> Option<(FacilityId, CellId)> {
    Some((cell.facility.as_str().parse().ok()?, cell.cell.as_str().parse().ok()?))
}

/// A search as the case's table has it.
fn searched(search: &Search) -> Option<Searched> {
    let (facility, cell) = place(&search.cell)?;
    let word = search.detector.and_then(|detector| serde_json::to_value(detector).ok());
    Some(Searched {
        time: search.at.as_microsecond(),
        facility,
        cell,
        detector: word.as_ref().and_then(|word| word.as_str()).map(str::to_owned),
        found: search.phones,
    })
}

fn heard(find: &PhoneFound) -> Option<Heard> {
    let digits = find.imei.as_ref()?.as_str().get(..14)?;
    Some(Heard { imei: digits.parse().ok()?, time: find.at.as_microsecond() })
}

/// A site's new plan; `None` where nothing changes.
fn site_anew(
    (site, number): (&FacilityName, u32),
    cells: &[PlannedCell],
    new: Vec<PlannedCell>,
    (taken, without_time): (&BTreeSet<CellRef>, &BTreeSet<(FacilityId, CellId)>),
) -> Option<SiteAnew> {
    let (over, open): (Vec<&PlannedCell>, Vec<&PlannedCell>) =
        cells.iter().partition(|planned| taken.contains(&planned.cell));
    let (before, after) = (turns(open.iter().copied()), turns(&new));
    let known: BTreeMap<&CellRef, u32> = new.iter().map(|planned| (&planned.cell, planned.expected_milli)).collect();
    let mut changes = Vec::new();
    for planned in open {
        let (was, becomes) = (&before[&planned.cell], after.get(&planned.cell));
        if becomes != Some(was) {
            changes.push(CellChange {
                cell: planned.cell.clone(),
                before: was.clone(),
                after: becomes.cloned(),
                expected_before_milli: planned.expected_milli,
                expected_after_milli: known.get(&planned.cell).copied(),
                must: becomes.is_none() && place(&planned.cell).is_some_and(|place| without_time.contains(&place)),
            });
        }
    }
    let cells = over.into_iter().cloned().chain(new).collect();
    (!changes.is_empty()).then(|| SiteAnew { site: site.clone(), number, cells, changes })
}

/// Whose each cell is, and which of theirs, from 1.
fn turns<'a>(cells: impl IntoIterator<Item = &'a PlannedCell>) -> BTreeMap<CellRef, (TeamId, usize)> {
    let mut cells: Vec<&PlannedCell> = cells.into_iter().collect();
    // As phones order them.
    cells.sort_by_key(|planned| planned.wave);
    let mut counts: BTreeMap<&TeamId, usize> = BTreeMap::new();
    let mut turns = BTreeMap::new();
    for planned in cells {
        let count = counts.entry(&planned.team).or_default();
        *count += 1;
        turns.insert(planned.cell.clone(), (planned.team.clone(), *count));
    }
    turns
}

#[cfg(test)]
mod tests {
    use cellsweep_model::rows::DeviceClass;
    use cellsweep_model::table::DETECTORS;
    use cellsweep_plan::{Belief, Detection, DetectorHistory, Limits, PhoneBelief, Spot};

    use super::super::look::Look;
    use super::*;
    use crate::plan::limits_of_text;

    /// Two facilities of three cells, with a phone in each: less and less likely.
    fn desk() -> Desk {
        let facilities: Vec<FacilityId> = ["F1", "F2"].map(|name| name.parse().unwrap()).into();
        let mut phones = Vec::new();
        for (facility, cell) in facilities.iter().flat_map(|facility| ["A1", "A2", "A3"].map(|cell| (facility, cell))) {
            phones.push(PhoneBelief {
                handset: format!("{facility}{cell}"),
                imei: None,
                facility: facility.clone(),
                class: DeviceClass::Mini,
                first_seen: 0,
                last_seen: 0,
                spots: vec![(Spot::Cell(cell.parse().unwrap()), 0.8 / (phones.len() + 1) as f64)],
            });
        }
        Desk {
            facilities,
            cells: Vec::new(),
            belief: Belief { phones },
            detection: Detection::learn(&vec![DetectorHistory::default(); DETECTORS.len()], &BTreeMap::new()),
            persons: Vec::new(),
            held: BTreeMap::new(),
            finds: BTreeMap::new(),
            look: Look::of(&[], &[]),
            start: 0,
        }
    }

    fn limits(text: &str) -> Limits {
        limits_of_text(text, "limits").unwrap()
    }

    fn places(rows: &[PlanRow]) -> Vec<String> {
        let mut cells: Vec<String> = planned(rows).unwrap().iter().map(|planned| planned.cell.to_string()).collect();
        cells.sort();
        cells
    }

    fn taken(cells: &[&str]) -> BTreeSet<CellRef> {
        let pairs = cells.iter().map(|cell| cell.split_once(' ').unwrap());
        pairs
            .map(|(facility, cell)| CellRef { facility: facility.parse().unwrap(), cell: cell.parse().unwrap() })
            .collect()
    }

    /// The rest of an approved plan, once somebody has been in these cells.
    fn anew(text: &str, cells: &[&str]) -> Vec<String> {
        let desk = desk();
        let before = desk.plan(&limits(text), &Exclusions::default()).unwrap();
        let mut progress = Progress { taken: taken(cells), ..Progress::default() };
        for cell in planned(&before.rows).unwrap() {
            progress.planned.entry(cell.cell.facility.clone()).or_default().push(cell);
        }
        places(&rest(&desk, &before, &progress).unwrap().0.rows)
    }

    /// The rest as a plan that has to be approved again.
    fn updated(text: &str, cells: &[&str]) -> Vec<String> {
        let desk = desk();
        let before = desk.plan(&limits(text), &Exclusions::default()).unwrap();
        let cells: BTreeSet<_> = taken(cells).iter().filter_map(place).collect();
        let opened = cells.iter().map(|(facility, _)| facility.clone()).collect();
        let gone = Gone { opened, cells, start: 0, now: None };
        let mut problem = what_is_left(&desk, &before, &gone, &Exclusions::default()).unwrap();
        let waves = begin_now(&mut problem, &gone);
        places(&plan_rest(&desk, &before, &problem, (&gone, waves)).unwrap().rows)
    }

    #[test]
    fn what_officers_typed_beside_the_plan_holds_up_nothing() {
        let strays = ["F1 A1", "F1 a1", "F1 (common)", "F2 B-9"];
        assert_eq!(anew("cells = 4", &strays), ["F1 A2", "F1 A3", "F2 A1"]);
        assert_eq!(updated("cells = 6", &strays), ["F1 A2", "F1 A3"], "all of it counts against the cap");
    }

    #[test]
    fn facilities_that_are_done_use_up_their_place_once() {
        let done = ["F1 A1", "F1 A2", "F1 A3"];
        for text in ["facilities = 2", "facilities = 2\n[[must]]\nfacility = \"F2\"\ncells = [\"A3\"]"] {
            assert_eq!(anew(text, &done), ["F2 A1", "F2 A2", "F2 A3"]);
            assert_eq!(updated(text, &done), ["F2 A1", "F2 A2", "F2 A3"]);
        }
        assert_eq!(updated("facilities = 1", &["F1 A1", "F2 A1"]).len(), 4, "what is open stays open");
    }

    #[test]
    fn a_late_morning_has_its_rest_planned_and_is_told_what_it_has_no_time_for() {
        let desk = desk();
        let text = "waves = 3\nwave_minutes = 30\n[detectors.visual]\nminutes = 30\nminutes_per_bed = 0\n\
            [[teams]]\nname = \"T\"\ndetectors = [\"visual\"]\n[[must]]\nfacility = \"F2\"";
        let before = desk.plan(&limits(text), &Exclusions::default()).unwrap();
        let mut progress = Progress { taken: taken(&["F1 A1"]), ..Progress::default() };
        for cell in planned(&before.rows).unwrap() {
            progress.planned.entry(cell.cell.facility.clone()).or_default().push(cell);
        }
        let at = |minute: i64| jiff::Timestamp::from_second(minute * 60).unwrap();
        progress.between = Some((at(0), at(70)));
        let (made, without_time) = rest(&desk, &before, &progress).unwrap();
        assert_eq!(places(&made.rows), ["F1 A2", "F2 A1"], "each team has a search left");
        let without: Vec<String> = without_time.iter().map(|(facility, cell)| format!("{facility} {cell}")).collect();
        assert_eq!(without, ["F2 A2", "F2 A3"], "of F2, the likeliest is kept");
        progress.between = None;
        let (made, without_time) = rest(&desk, &before, &progress).unwrap();
        assert_eq!((places(&made.rows).len(), without_time.len()), (5, 0), "in time, all of it is searched");
    }

    #[test]
    fn a_facility_that_must_be_searched_whole_still_must() {
        let whole = "cells = 4\n[[must]]\nfacility = \"F2\"";
        assert_eq!(updated(whole, &["F1 A1", "F2 A1"]), ["F2 A2", "F2 A3"], "not the likelier cells of F1");
    }
}
