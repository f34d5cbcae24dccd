//! What desks look at: the case's latest answers as values for pages.
//!
//! [`Views`] is read once for everybody who looks, and again when something happened in the case. What a page may not
//! show to whoever asks is never in its value: the caller says what may be seen ([`Eyes`]).

mod case;
mod compare;
mod custody;
mod facility;
mod handset;
mod holder;
mod imports;
mod plan;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use cellsweep_model::case::{CaseEvent, Run};
use cellsweep_model::custody::{Cell, Find};
use cellsweep_model::holder::SourceClass;
use cellsweep_model::rows::{Jamming, Outage};
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, InmateId, Searched};
pub use cellsweep_report::Text;
use cellsweep_report::{CellPage, DevicePage, FacilityPage};
use cellsweep_store::Case;
use cellsweep_trace::Evidence;
use jiff::Timestamp;

pub use case::{CaseView, FacilityDot, FunnelStep, RunLine, Stretch, ToDo, case_title};
pub use compare::{CellAlone, FacilityDifference, KeptPlan, LimitDifference, PlanComparison};
pub use custody::{CustodyView, ExhibitLine, ExhibitPage, ExhibitStep, RegisterLine, RegisterView};
pub use facility::{CellBox, CellHandset, FacilityView, FloorRow, NearSector, TimelineItem, WingRow};
pub use handset::{
    ActivityView, CardView, DayStretch, Decided, FindingView, HandsetPage, HandsetRow, Propositions, ServedBy,
};
pub use holder::{HolderView, SegmentView, UserView};
pub use imports::{AuthorityLine, ImportLine};
pub use plan::{Curve, PlanFacility, PlanLine, PlanState, PlanView, PriceView, ShownLimits, trial_plan};

use crate::plan::{PlanKept, kept_plan, latest_plan_id};
use crate::report::detail::Details;
use crate::report::facility::pages;
use crate::report::people;
use crate::report::sectors::SectorBook;
use crate::run::TraceFacts;
use crate::trace::{STEP, evidence, read, window};
use crate::{DeviceFilter, FlowError, Session, devices};

/// Prisons that something may be shown of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prisons {
    /// All of them.
    All,
    /// These only.
    Only(BTreeSet<FacilityId>),
}

impl Prisons {
    /// None of them.
    pub const NONE: Self = Self::Only(BTreeSet::new());

    /// Whether one of them is meant.
    pub fn hold(&self, facility: &FacilityId) -> bool {
        match self {
            Self::All => true,
            Self::Only(own) => own.contains(facility),
        }
    }

    /// Whether any is.
    pub fn any(&self) -> bool {
        *self != Self::NONE
    }
}

/// What whoever asks may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// The prisons whose part of the page may be seen.
    pub facilities: Prisons,
    /// Where handsets may be named.
    pub handsets: Prisons,
    /// Where it may be said who may use a handset.
    pub holders: Prisons,
    /// Where it may be said what a plan searches.
    pub plans: Prisons,
    /// Classes of sources whose findings may be unfolded.
    pub cleared: Vec<SourceClass>,
}

impl Eyes {
    /// Whether a facility may be seen.
    pub fn see(&self, facility: &FacilityId) -> bool {
        self.facilities.hold(facility)
    }
}

/// A case's latest answers.
#[derive(Debug)]
pub struct Views {
    base: Arc<Base>,
    decisions: HashMap<String, cellsweep_model::case::Decision>,
    plan: Option<Planned>,
}

/// What the case's tables and runs come to: the large part, which people's decisions leave as it is.
#[derive(Debug)]
struct Base {
    /// How many of the log's entries bear on it.
    state: usize,
    evidence: Evidence,
    book: SectorBook,
    facts: Option<TraceFacts>,
    facilities: Vec<FacilityPage>,
    devices: Vec<DevicePage>,
    by_handset: HashMap<String, Vec<usize>>,
    attributed: bool,
    cells: BTreeMap<FacilityId, Vec<CellPage>>,
    rooms: Vec<Cell>,
    searches: Vec<Searched>,
    finds: Vec<Find>,
    tallies: HashMap<FacilityId, Tally>,
    jamming: Vec<Jamming>,
    outages: Vec<Outage>,
    sold: Option<u64>,
    window: Option<(i64, i64)>,
    at: Option<i64>,
    /// When and where each listed handset was heard; read when the first of them is looked at.
    details: Mutex<Option<Arc<Details>>>,
}

/// How many of a facility's there are.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    cells: u32,
    searched: u32,
    found: u32,
}

/// A plan, and what became of it.
#[derive(Debug)]
struct Planned {
    kept: PlanKept,
    made: Option<(Timestamp, String)>,
    approved: Option<(Timestamp, String)>,
}

impl Views {
    /// Reads them; what was read `before` of a state of the same case is not read again where nothing bears on it.
    ///
    /// # Errors
    /// When a file of the case can't be read.
    pub fn load(case: &Case, before: Option<&Self>, session: &Session<'_>) -> Result<Self, FlowError> {
        let known = before.filter(|views| views.base.state == bearing(case));
        let base = match known {
            Some(views) => views.base.clone(),
            None => Arc::new(Base::load(case, session)?),
        };
        Ok(Self {
            base,
            decisions: decisions(case),
            plan: latest_plan_id(case).map(|id| Planned::of(case, id)).transpose()?.flatten(),
        })
    }

    /// Reads now what the first look at a handset would wait for.
    ///
    /// # Errors
    /// When a file of the case can't be read.
    pub fn read_ahead(&self, case: &Case, session: &Session<'_>) -> Result<(), FlowError> {
        if self.base.devices.is_empty() { Ok(()) } else { self.base.details(case, session).map(drop) }
    }

    /// Whether tables and runs are those that the others rest on, whatever people decided since.
    pub fn rest_on_the_same(&self, others: &Self) -> bool {
        Arc::ptr_eq(&self.base, &others.base)
    }

    /// What pages depend on beside the case's tables, runs and people's decisions: which plan there is, whether it is
    /// approved, and which of its facilities are open now.
    pub fn planned(&self, now: Timestamp) -> (Option<&str>, bool, BTreeSet<FacilityId>) {
        let plan = self.plan.as_ref();
        let run = plan.map(|plan| plan.kept.summary.run.as_str());
        (run, plan.is_some_and(|plan| plan.approved.is_some()), self.open_facilities(now))
    }

    fn facility(&self, id: &FacilityId) -> Option<&FacilityPage> {
        self.base.facilities.iter().find(|facility| facility.id == *id)
    }

    /// The identifiers of all facilities.
    pub fn facility_ids(&self) -> impl Iterator<Item = &FacilityId> {
        self.base.facilities.iter().map(|facility| &facility.id)
    }
}

/// How many of the log's entries bear on tables and runs. The log only grows: as many are the same ones.
fn bearing(case: &Case) -> usize {
    let beside = |event: &CaseEvent| {
        matches!(
            event,
            CaseEvent::Reviewed { .. }
                | CaseEvent::Alerted { .. }
                | CaseEvent::PlanApproved { .. }
                | CaseEvent::BriefIssued { .. }
        )
    };
    case.manifest().events.iter().filter(|logged| !beside(&logged.event)).count()
}

impl Base {
    fn load(case: &Case, session: &Session<'_>) -> Result<Self, FlowError> {
        let evidence = evidence(case)?;
        let book = SectorBook::new(case, &evidence)?;
        let traced = case.latest_run(STEP);
        let mut base = Self {
            state: bearing(case),
            facilities: pages(&evidence, &book),
            facts: traced.map(|run| case.json_of(run, TraceFacts::FILE)).transpose()?,
            devices: Vec::new(),
            by_handset: HashMap::new(),
            attributed: case.latest_run(crate::attribute::STEP).is_some(),
            cells: BTreeMap::new(),
            rooms: read(case, Table::Cells)?,
            searches: read(case, Table::Searches)?,
            finds: read(case, Table::Seizures)?,
            tallies: HashMap::new(),
            jamming: read(case, Table::Jamming)?,
            outages: read(case, Table::Outages)?,
            sold: sold(&evidence),
            window: Some(window(case)).filter(|window| *window != (0, 0)),
            at: traced.map(|run| crate::report::settings_at(run, case)),
            evidence,
            book,
            details: Mutex::new(None),
        };
        base.tallies = base.tallied();
        if let Some(run) = traced {
            base.take_devices(case, run, session)?;
        }
        Ok(base)
    }

    fn take_devices(&mut self, case: &Case, run: &Run, session: &Session<'_>) -> Result<(), FlowError> {
        let list = devices(case, &DeviceFilter::default())?;
        let prior = self.facts.as_ref().map_or(0.5, |facts| facts.prior);
        self.devices = crate::report::device_pages(&self.evidence, list, prior);
        let at = self.at.unwrap_or_else(|| session.now().as_microsecond());
        self.cells = people::add(case, run, &mut self.devices, at)?;
        for (index, page) in self.devices.iter().enumerate() {
            self.by_handset.entry(page.device.handset.clone()).or_default().push(index);
        }
        Ok(())
    }
}

impl Base {
    fn tallied(&self) -> HashMap<FacilityId, Tally> {
        let mut tallies: HashMap<FacilityId, Tally> = HashMap::new();
        let mut add = |facility: &FacilityId, one: fn(&mut Tally) -> &mut u32| match tallies.get_mut(facility) {
            Some(known) => *one(known) += 1,
            None => *one(tallies.entry(facility.clone()).or_default()) += 1,
        };
        self.rooms.iter().for_each(|cell| add(&cell.facility, |tally| &mut tally.cells));
        self.searches.iter().for_each(|search| add(&search.facility, |tally| &mut tally.searched));
        self.finds.iter().for_each(|find| add(&find.facility, |tally| &mut tally.found));
        tallies
    }

    /// When and where the listed handsets were heard: one reading of the case's profiles serves every page. Two who ask at
    /// once wait for the same reading.
    fn details(&self, case: &Case, session: &Session<'_>) -> Result<Arc<Details>, FlowError> {
        let mut known = self.details.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(details) = &*known {
            return Ok(details.clone());
        }
        let details = Arc::new(Details::read(case, &self.devices, session)?);
        *known = Some(details.clone());
        Ok(details)
    }
}

/// The latest decision on each handset itself; remarks decide nothing.
fn decisions(case: &Case) -> HashMap<String, cellsweep_model::case::Decision> {
    let decided = case
        .manifest()
        .reviews()
        .filter(|(_, review)| review.inmate.is_none() && review.decision != cellsweep_model::case::Decision::Comment);
    decided.map(|(_, review)| (review.handset.clone(), review.decision)).collect()
}

/// Phones that the supplier sold; `None` where there is no ledger.
fn sold(evidence: &Evidence) -> Option<u64> {
    let lines = &evidence.ledger;
    let sold = lines.iter().map(|line| u64::try_from(line.quantity).unwrap_or(0)).sum();
    (!lines.is_empty()).then_some(sold)
}

impl Planned {
    /// A plan that the case keeps; `None` where there is none of that name.
    fn of(case: &Case, id: &str) -> Result<Option<Self>, FlowError> {
        let Some(kept) = kept_plan(case, id)? else { return Ok(None) };
        let (mut made, mut approved) = (None, None);
        for logged in &case.manifest().events {
            match &logged.event {
                CaseEvent::Ran { run } if run.id == *id => made = Some((logged.time, logged.by.clone())),
                CaseEvent::PlanApproved { plan, by, .. } if plan == id => approved = Some((logged.time, by.clone())),
                _ => {}
            }
        }
        Ok(Some(Self { kept, made, approved }))
    }
}

/// An instant as JSON writes it; nothing outside the years that it can write.
fn instant(micros: i64) -> Option<String> {
    Timestamp::from_microsecond(micros).ok().map(|time| time.to_string())
}

/// An inmate's number, as pages show it.
fn number(inmate: Option<&InmateId>) -> Option<String> {
    inmate.map(ToString::to_string)
}
