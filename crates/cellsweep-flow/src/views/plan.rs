//! The plan's page: what it comes to, what limits cost, and the searches whose hour has come.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::{FacilityId, PlanRow};
use cellsweep_plan::{Limits, PriceOf};
use cellsweep_store::Case;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Eyes, Planned, Text, Views, instant};
use crate::plan::{Exclusions, PlanKept, price_words, released, trial};
use crate::{FlowError, Session};

/// The limits that pages have controls for, and all of them as the file has them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ShownLimits {
    /// The most cells in the country.
    pub cells: Option<usize>,
    /// The most facilities.
    pub facilities: Option<usize>,
    /// The most cells in any facility.
    pub cells_each: Option<usize>,
    /// Teams in each facility; those that are named for one facility are not counted.
    pub teams: usize,
    /// Hours that they have.
    pub hours: f64,
    /// Waves; 0 where none are named, and hours and teams say how many there are.
    pub waves: u16,
    /// All limits, TOML.
    pub raw: String,
}

/// A point of a trade-off curve.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Curve {
    /// The cap on cells, or on facilities.
    pub cap: usize,
    /// What the best plan under it brings.
    pub expected: f64,
}

/// What a limit costs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PriceView {
    /// A little wider, in words.
    pub limit: Text,
    /// What that would bring.
    pub gain: f64,
}

/// A facility's part of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanFacility {
    /// Its identifier.
    pub facility: String,
    /// Its name.
    pub name: String,
    /// Searches.
    pub cells: usize,
    /// Phones to be expected where it searches.
    pub expected: f64,
    /// Teams.
    pub teams: usize,
}

/// A search of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanLine {
    /// In which prison.
    pub facility: String,
    /// Which cell; `None` for a common place.
    pub cell: Option<String>,
    /// From 1.
    pub wave: u32,
    /// Which team.
    pub team: String,
    /// When it begins, RFC 3339.
    pub start: String,
    /// How long it takes.
    pub minutes: u32,
    /// With what.
    pub detector: String,
    /// Phones to be expected there.
    pub expected: f64,
}

/// The plan's page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlanView {
    /// The run's name; `None` for a trial that wasn't kept.
    pub id: Option<String>,
    /// When it was made.
    pub made_at: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Who took it on.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<String>,
    /// Whether it is approved, and all of it released.
    pub released: bool,
    /// When it will be, where that was said.
    pub release_at: Option<String>,
    /// What it was made under.
    pub limits: ShownLimits,
    /// Cells in it.
    pub cells: usize,
    /// Facilities in it.
    pub facilities: usize,
    /// Phones to be expected where it searches.
    pub expected: f64,
    /// Eight times in ten their number is no less.
    pub low: f64,
    /// Nor more.
    pub high: f64,
    /// Phones to be expected to be found.
    pub expected_found: f64,
    /// What is made as large as possible.
    pub value: f64,
    /// What no plan within the limits exceeds.
    pub bound: f64,
    /// The difference as a share of the bound.
    pub gap: f64,
    /// Phones in as many cells taken at random.
    pub random: f64,
    /// Phones in the cells that facilities would name themselves.
    pub own_lists: f64,
    /// With fewer and more cells.
    pub curve: Vec<Curve>,
    /// With fewer and more facilities.
    pub facility_curve: Vec<Curve>,
    /// What limits cost, the dearest first.
    pub prices: Vec<PriceView>,
    /// Facilities whose hour has come, of those where it may be seen.
    pub by_facility: Vec<PlanFacility>,
    /// Their searches.
    pub rows: Vec<PlanLine>,
}

/// A plan under other limits, to be looked at and not kept.
///
/// # Errors
/// When the case has not been attributed, or the limits can't be used or met.
pub fn trial_plan(case: &Case, limits: &Limits, session: &Session<'_>) -> Result<PlanKept, FlowError> {
    trial(case, limits, &Exclusions::default(), session)
}

/// How a plan stands, as rules ask about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanState {
    /// Who made it.
    pub by: Option<String>,
    /// Whether it is approved.
    pub approved: bool,
    /// All prisons that it goes to.
    pub facilities: BTreeSet<FacilityId>,
    /// Those whose hour has come.
    pub open: BTreeSet<FacilityId>,
}

impl PlanState {
    pub(super) fn of(planned: &Planned, now: Timestamp) -> Self {
        let places = |rows: &[PlanRow]| rows.iter().map(|row| row.facility.clone()).collect();
        let approved = planned.approved.is_some();
        Self {
            by: planned.made.as_ref().map(|(_, by)| by.clone()),
            approved,
            facilities: places(&planned.kept.rows),
            open: if approved { places(&released(&planned.kept, now).rows) } else { BTreeSet::new() },
        }
    }

    /// Whether it is approved and open: in one prison, or everywhere.
    pub fn released(&self, facility: Option<&FacilityId>) -> bool {
        self.approved && facility.map_or(self.open == self.facilities, |id| self.open.contains(id))
    }
}

impl Views {
    /// The latest plan's page, with the searches of the prisons where it may be seen; `None` where there is no plan.
    pub fn plan(&self, eyes: &Eyes, now: Timestamp) -> Option<PlanView> {
        self.plan.as_ref().map(|planned| self.planned_view(planned, eyes, now))
    }

    /// How the latest plan stands; `None` where there is none.
    pub fn plan_state(&self, now: Timestamp) -> Option<PlanState> {
        self.plan.as_ref().map(|planned| PlanState::of(planned, now))
    }

    /// The page of a plan that is kept.
    pub(super) fn planned_view(&self, planned: &Planned, eyes: &Eyes, now: Timestamp) -> PlanView {
        let mut view = self.plan_view(&planned.kept, eyes, now);
        view.id = Some(planned.kept.summary.run.clone());
        (view.made_at, view.by) = planned.made.clone().map(|(at, by)| (at.to_string(), by)).unzip();
        (view.approved_at, view.approved_by) = planned.approved.clone().map(|(at, by)| (at.to_string(), by)).unzip();
        view.released = PlanState::of(planned, now).released(None);
        view
    }

    /// A plan's page, where it wasn't kept.
    pub fn plan_view(&self, kept: &PlanKept, eyes: &Eyes, now: Timestamp) -> PlanView {
        let summary = &kept.summary;
        let mut open = released(kept, now).rows;
        open.retain(|row| eyes.plans.hold(&row.facility));
        let curve = |points: &[cellsweep_plan::CurvePoint]| {
            points.iter().map(|point| Curve { cap: point.cap, expected: point.value }).collect()
        };
        PlanView {
            id: None,
            made_at: None,
            by: None,
            approved_by: None,
            approved_at: None,
            released: false,
            release_at: kept.limits.release.map(|at| at.to_string()),
            limits: shown(&seen(&kept.limits, eyes)),
            cells: summary.cells,
            facilities: summary.facilities,
            expected: summary.expected_phones,
            low: summary.between.0,
            high: summary.between.1,
            expected_found: summary.expected_found,
            value: summary.value,
            bound: summary.bound,
            gap: summary.gap,
            random: summary.random_cells,
            own_lists: summary.own_lists,
            curve: curve(&summary.by_cells),
            facility_curve: curve(&summary.by_facilities),
            prices: summary.prices.iter().map(|price| self.price(&price.of, price.brings)).collect(),
            by_facility: self.parts(&open),
            rows: open.iter().map(line).collect(),
        }
    }

    /// The searches of the latest plan that is approved and whose hour has come.
    pub(super) fn open_rows(&self, now: Timestamp) -> Vec<PlanRow> {
        let approved = self.plan.as_ref().filter(|planned| planned.approved.is_some());
        approved.map(|planned| released(&planned.kept, now).rows).unwrap_or_default()
    }

    /// Facilities whose part of the latest plan is open.
    pub fn open_facilities(&self, now: Timestamp) -> BTreeSet<FacilityId> {
        self.open_rows(now).into_iter().map(|row| row.facility).collect()
    }

    fn price(&self, of: &PriceOf, gain: f64) -> PriceView {
        PriceView { limit: Text::both(|lang| price_words(of, lang)), gain }
    }

    fn parts(&self, rows: &[PlanRow]) -> Vec<PlanFacility> {
        let mut parts: BTreeMap<&FacilityId, (usize, f64, BTreeSet<&str>)> = BTreeMap::new();
        for row in rows {
            let part = parts.entry(&row.facility).or_default();
            part.0 += 1;
            part.1 += row.expected_phones;
            part.2.insert(&row.team);
        }
        let part = |(id, (cells, expected, teams)): (&FacilityId, (usize, f64, BTreeSet<&str>))| {
            let name = self.facility(id).map_or_else(|| id.to_string(), |page| page.name.clone());
            PlanFacility { facility: id.to_string(), name, cells, expected, teams: teams.len() }
        };
        parts.into_iter().map(part).collect()
    }
}

fn line(row: &PlanRow) -> PlanLine {
    PlanLine {
        facility: row.facility.to_string(),
        cell: row.cell.as_ref().map(ToString::to_string),
        wave: row.wave,
        team: row.team.clone(),
        start: instant(row.start).unwrap_or_default(),
        minutes: row.minutes,
        detector: row.detector.clone(),
        expected: row.expected_phones,
    }
}

/// Limits without what they say of prisons where the plan may not be seen.
pub(super) fn seen(limits: &Limits, eyes: &Eyes) -> Limits {
    let mut limits = limits.clone();
    let named = |id: &str| id.parse().is_ok_and(|id| eyes.plans.hold(&id));
    limits.must.retain(|must| eyes.plans.hold(&must.facility));
    limits.must_not.retain(|must_not| eyes.plans.hold(&must_not.facility));
    limits.facility.retain(|id, _| named(id));
    limits.teams.retain(|crew| crew.facility.as_deref().is_none_or(named));
    if let Some(authority) = &mut limits.authority {
        authority.cells.retain(|id, _| named(id));
    }
    limits
}

fn shown(limits: &Limits) -> ShownLimits {
    let everywhere = limits.teams.iter().filter(|crew| crew.facility.is_none());
    let minutes = limits.wave_minutes.map(|minutes| minutes * u32::from(limits.waves.unwrap_or(1)));
    let until = limits.teams.iter().filter_map(|crew| crew.to_minute).max();
    ShownLimits {
        cells: limits.cells,
        facilities: limits.facilities,
        cells_each: limits.cells_per_facility,
        teams: everywhere.map(|crew| usize::from(crew.count)).sum(),
        hours: f64::from(until.or(minutes).unwrap_or(0)) / 60.0,
        waves: limits.waves.unwrap_or(0),
        raw: toml::to_string(limits).unwrap_or_default(),
    }
}
