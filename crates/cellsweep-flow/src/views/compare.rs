//! Two plans that the case keeps, side by side.
//!
//! Only what is open in both is compared cell by cell. A closed list of what was left out is kept nowhere, so nothing of it
//! can be here; cells that limits name to be left out aren't told as a difference either.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::{CellId, FacilityId, PlanRow};
use cellsweep_plan::Limits;
use cellsweep_store::Case;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::{PlanFacility, PlanState, PlanView, seen};
use super::{Eyes, Planned, Views};
use crate::FlowError;
use crate::plan::{kept_plan_ids, released};

/// What limits say of cells that are to be left out.
const LEFT_OUT: &str = "must_not";

/// A plan that the case keeps, as a list names it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeptPlan {
    /// The run's name.
    pub id: String,
    /// When it was made.
    pub made_at: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Who took it on.
    pub approved_by: Option<String>,
    /// Cells in it.
    pub cells: usize,
    /// Facilities in it.
    pub facilities: usize,
    /// Phones to be expected where it searches.
    pub expected: f64,
}

/// A limit that is not the same in two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimitDifference {
    /// Its place in the limits' file, such as `facility.F01.cells`.
    pub limit: String,
    /// In the one plan, as the file has it; `None` where it isn't set.
    pub one: Option<String>,
    /// In the other.
    pub other: Option<String>,
}

/// A cell that is in one of two plans alone.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CellAlone {
    /// Which; `None` for a common place.
    pub cell: Option<String>,
    /// Phones to be expected there.
    pub expected: f64,
}

/// A facility's parts of two plans.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityDifference {
    /// Its identifier.
    pub facility: String,
    /// Its name.
    pub name: String,
    /// Its part of the one plan; `None` where that doesn't go there.
    pub one: Option<PlanFacility>,
    /// Its part of the other.
    pub other: Option<PlanFacility>,
    /// Cells in the one alone.
    pub only_one: Vec<CellAlone>,
    /// Cells in the other alone.
    pub only_other: Vec<CellAlone>,
}

/// Two plans side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanComparison {
    /// The one.
    pub one: PlanView,
    /// The other.
    pub other: PlanView,
    /// Limits that differ, by their place in the file.
    pub limits: Vec<LimitDifference>,
    /// Facilities that are open in both plans.
    pub facilities: Vec<FacilityDifference>,
    /// Facilities that are left out because their hour has not come in one of the two.
    pub closed: usize,
}

impl Views {
    /// The plans that the case keeps, the latest first.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn kept_plans(&self, case: &Case) -> Result<Vec<KeptPlan>, FlowError> {
        let plans = kept_plan_ids(case).into_iter().rev().filter_map(|id| Planned::of(case, id).transpose());
        plans.map(|plan| plan.map(|plan| line(&plan))).collect()
    }

    /// How a plan that the case keeps stands; `None` where there is none of that name.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn kept_plan_state(&self, case: &Case, id: &str, now: Timestamp) -> Result<Option<PlanState>, FlowError> {
        match &self.plan {
            Some(latest) if latest.kept.summary.run == id => Ok(self.plan_state(now)),
            _ => Ok(Planned::of(case, id)?.map(|planned| PlanState::of(&planned, now))),
        }
    }

    /// Two plans that the case keeps, side by side, as far as both may be seen; `None` where it doesn't keep both.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn compare_plans(
        &self,
        case: &Case,
        ids: [&str; 2],
        eyes: &Eyes,
        now: Timestamp,
    ) -> Result<Option<PlanComparison>, FlowError> {
        let [Some(one), Some(other)] = [Planned::of(case, ids[0])?, Planned::of(case, ids[1])?] else {
            return Ok(None);
        };
        let (open, shut) = open_in_both([&one, &other], eyes, now);
        let views = [self.planned_view(&one, eyes, now), self.planned_view(&other, eyes, now)];
        let facilities = open.iter().map(|id| self.difference(id, [&one, &other], &views)).collect();
        let limits = differing(&seen(&one.kept.limits, eyes), &seen(&other.kept.limits, eyes));
        let [one, other] = views;
        Ok(Some(PlanComparison { one, other, limits, facilities, closed: shut }))
    }

    fn difference(&self, id: &FacilityId, plans: [&Planned; 2], views: &[PlanView; 2]) -> FacilityDifference {
        let [one, other] = plans.map(|plan| cells(&plan.kept.rows, id));
        let part = |view: &PlanView| view.by_facility.iter().find(|part| part.facility == id.as_str()).cloned();
        FacilityDifference {
            facility: id.to_string(),
            name: self.facility(id).map_or_else(|| id.to_string(), |page| page.name.clone()),
            one: part(&views[0]),
            other: part(&views[1]),
            only_one: alone(&one, &other),
            only_other: alone(&other, &one),
        }
    }
}

fn line(plan: &Planned) -> KeptPlan {
    let summary = &plan.kept.summary;
    let (made_at, by) = plan.made.clone().map(|(at, by)| (at.to_string(), by)).unzip();
    KeptPlan {
        id: summary.run.clone(),
        made_at,
        by,
        approved_by: plan.approved.clone().map(|(_, by)| by),
        cells: summary.cells,
        facilities: summary.facilities,
        expected: summary.expected_phones,
    }
}

/// Facilities of either plan that may be seen and are open in both, and how many are not open.
fn open_in_both(plans: [&Planned; 2], eyes: &Eyes, now: Timestamp) -> (BTreeSet<FacilityId>, usize) {
    let mut all = BTreeSet::new();
    let mut shut = BTreeSet::new();
    for plan in plans {
        let facilities = |rows: &[PlanRow]| {
            let seen = rows.iter().map(|row| &row.facility).filter(|facility| eyes.plans.hold(facility));
            seen.cloned().collect::<BTreeSet<_>>()
        };
        let own = facilities(&plan.kept.rows);
        let open = facilities(&released(&plan.kept, now).rows);
        shut.extend(own.difference(&open).cloned());
        all.extend(own);
    }
    (all.difference(&shut).cloned().collect(), shut.len())
}

/// The cells of a facility's part, each with the most that any search of it expects.
fn cells(rows: &[PlanRow], id: &FacilityId) -> BTreeMap<Option<CellId>, f64> {
    let mut cells = BTreeMap::new();
    for row in rows.iter().filter(|row| row.facility == *id) {
        let most: &mut f64 = cells.entry(row.cell.clone()).or_default();
        *most = most.max(row.expected_phones);
    }
    cells
}

/// The cells of the first that the second has not, those that most is expected of first.
fn alone(these: &BTreeMap<Option<CellId>, f64>, those: &BTreeMap<Option<CellId>, f64>) -> Vec<CellAlone> {
    let only = these.iter().filter(|(cell, _)| !those.contains_key(*cell));
    let mut only: Vec<CellAlone> = only
        .map(|(cell, expected)| CellAlone { cell: cell.as_ref().map(ToString::to_string), expected: *expected })
        .collect();
    only.sort_by(|a, b| b.expected.total_cmp(&a.expected).then_with(|| a.cell.cmp(&b.cell)));
    only
}

fn differing(one: &Limits, other: &Limits) -> Vec<LimitDifference> {
    let (one, other) = (flat(one), flat(other));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differ = names.into_iter().filter(|name| one.get(*name) != other.get(*name));
    differ
        .map(|name| LimitDifference {
            limit: name.clone(),
            one: one.get(name).cloned(),
            other: other.get(name).cloned(),
        })
        .collect()
}

/// Limits by their place in the file.
fn flat(limits: &Limits) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Ok(toml::Value::Table(table)) = toml::Value::try_from(limits) {
        for (name, value) in table.iter().filter(|(name, _)| *name != LEFT_OUT) {
            flatten(name, value, &mut found);
        }
    }
    found
}

fn flatten(place: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                flatten(&format!("{place}.{name}"), value, found);
            }
        }
        // What isn't so is as if nobody had said it.
        toml::Value::Boolean(false) => {}
        toml::Value::String(text) => _ = found.insert(place.to_owned(), text.clone()),
        other => _ = found.insert(place.to_owned(), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(text: &str) -> Limits {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn limits_differ_by_their_place_in_the_file() {
        let one = limits("cells = 5\nwaves = 2\n[facility.F01]\ncells = 3\n");
        let other = limits("cells = 8\nwaves = 2\nfacilities = 4\n");
        let differ = differing(&one, &other);
        let said: Vec<_> =
            differ.iter().map(|one| (one.limit.as_str(), one.one.as_deref(), one.other.as_deref())).collect();
        assert_eq!(
            said,
            [("cells", Some("5"), Some("8")), ("facilities", None, Some("4")), ("facility.F01.cells", Some("3"), None)]
        );
        assert_eq!(differing(&one, &one), []);
    }

    #[test]
    fn what_is_left_out_is_no_difference() {
        let closed = limits("cells = 5\n[[must_not]]\nfacility = \"F01\"\ncells = [\"A-0-01\"]\n");
        assert_eq!(differing(&limits("cells = 5"), &closed), []);
    }

    #[test]
    fn cells_in_one_alone_are_those_that_most_is_expected_of_first() {
        let cell = |name: &str| Some(name.parse::<CellId>().unwrap());
        let one = BTreeMap::from([(cell("A-1"), 0.2), (cell("A-2"), 0.9), (None, 0.5)]);
        let other = BTreeMap::from([(cell("A-1"), 0.3), (cell("B-1"), 0.1)]);
        let names = |alone: Vec<CellAlone>| alone.into_iter().map(|one| one.cell).collect::<Vec<_>>();
        assert_eq!(names(alone(&one, &other)), [Some("A-2".to_owned()), None]);
        assert_eq!(names(alone(&other, &one)), [Some("B-1".to_owned())]);
        assert_eq!(alone(&one, &one), []);
    }
}
