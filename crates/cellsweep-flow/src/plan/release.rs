//! Who may open a plan and when, and who answers for it.

use std::collections::BTreeSet;

use cellsweep_model::case::{CaseEvent, CaseKind, Run};
use cellsweep_model::{AuthorityKind, FacilityId, PlanTarget};
use cellsweep_store::{Case, CaseWriter};

use super::{Exclusions, FILE, PlanKept, STEP};
use crate::authority::two_people;
use crate::{FlowError, Session};

/// The latest plan with only what is released: cells, teams and times open per facility at its hour,
/// earlier only by two people, whose names are kept in the case. Somebody on the closed list opens nothing.
///
/// # Errors
/// When there is no plan, or one person alone asks for what is not released.
pub fn planned(
    case: &mut CaseWriter,
    facility: Option<&FacilityId>,
    early_by: &[String],
    exclusions: &Exclusions,
    session: &Session<'_>,
) -> Result<PlanKept, FlowError> {
    let mut kept = latest(case.case())?;
    let now = session.now();
    kept.rows.retain(|row| facility.is_none_or(|asked| row.facility == *asked));
    let shut = shut(&kept, now);
    if early_by.is_empty() || shut.is_empty() {
        kept.rows.retain(|row| !shut.contains(&row.facility));
        return Ok(kept);
    }
    let by = two_people(&exclusions.cleared(early_by)).map_err(|_one_alone| FlowError::NotReleased)?;
    let facilities = shut.into_iter().collect();
    case.log(CaseEvent::PlanOpenedEarly { plan: kept.summary.run.clone(), facilities, by }, now)?;
    Ok(kept)
}

/// Facilities of a plan whose hour has not come.
fn shut(kept: &PlanKept, now: jiff::Timestamp) -> BTreeSet<FacilityId> {
    let release = |id: &FacilityId| {
        let own = kept.limits.facility.get(id.as_str()).and_then(|own| own.release);
        own.or(kept.limits.release)
    };
    let closed = |id: &&FacilityId| release(id).is_some_and(|release| release > now);
    kept.rows.iter().map(|row| &row.facility).filter(closed).cloned().collect()
}

/// A plan with only what is released: what leaves the case in a file.
pub fn released(kept: &PlanKept, now: jiff::Timestamp) -> PlanKept {
    let shut = shut(kept, now);
    let mut open = kept.clone();
    open.rows.retain(|row| !shut.contains(&row.facility));
    open
}

pub(crate) fn latest(case: &Case) -> Result<PlanKept, FlowError> {
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotPlanned { dir: case.dir().to_owned() })?;
    read(case, run)
}

/// The latest plan's name; `None` where there is no plan.
pub fn latest_plan_id(case: &Case) -> Option<&str> {
    case.latest_run(STEP).map(|run| run.id.as_str())
}

/// The names of all plans that the case keeps, the latest last.
pub(crate) fn kept_ids(case: &Case) -> Vec<&str> {
    case.manifest().runs().filter(|run| run.step == STEP).map(|run| run.id.as_str()).collect()
}

/// A plan that the case keeps; `None` where there is none of that name.
pub(crate) fn kept(case: &Case, id: &str) -> Result<Option<PlanKept>, FlowError> {
    let run = case.manifest().runs().find(|run| run.step == STEP && run.id == id);
    run.map(|run| read(case, run)).transpose()
}

fn read(case: &Case, run: &Run) -> Result<PlanKept, FlowError> {
    let mut kept: PlanKept = case.json_of(run, FILE)?;
    kept.summary.run.clone_from(&run.id);
    Ok(kept)
}

/// A named person takes the latest plan on, under an authority that covers every cell in it.
///
/// # Errors
/// When there is no plan, no authority, one that has lapsed, or a cell outside it.
pub fn approve_plan(case: &mut CaseWriter, by: &str, session: &Session<'_>) -> Result<PlanKept, FlowError> {
    let kept = latest(case.case())?;
    let now = session.now();
    let scope = kept.limits.authority.clone();
    if scope.is_none() && case.case().kind() == CaseKind::Investigation {
        return Err(FlowError::Unauthorised { why: "the plan names no authority".to_owned() });
    }
    if let (Some(scope), CaseKind::Investigation) = (&scope, case.case().kind()) {
        searches_may_rest_on(case.case(), &scope.reference, &kept, now)?;
    }
    if let Some(scope) = &scope {
        if let Some(until) = scope.valid_until.filter(|until| *until < now) {
            let why = format!("the authority {} lapsed at {until}", scope.reference);
            return Err(FlowError::Unauthorised { why });
        }
        for row in &kept.rows {
            let person = row.target == PlanTarget::Person && !scope.persons;
            if person || !scope.covers(&row.facility, row.cell.as_ref()) {
                let (facility, authority) = (&row.facility, &scope.reference);
                let why = match &row.cell {
                    Some(cell) => format!("cell {cell} of {facility} is not covered by the authority {authority}"),
                    None => format!("a common place of {facility} is not covered by the authority {authority}"),
                };
                return Err(FlowError::Unauthorised { why });
            }
        }
    }
    let authority = scope.map(|scope| scope.reference);
    let event = CaseEvent::PlanApproved { plan: kept.summary.run.clone(), by: by.to_owned(), authority };
    case.log(event, now)?;
    Ok(kept)
}

/// In an investigation the plan's authority is one of the case, and orders searches in every facility of it.
fn searches_may_rest_on(case: &Case, reference: &str, kept: &PlanKept, now: jiff::Timestamp) -> Result<(), FlowError> {
    let refused = |why: String| Err(FlowError::Unauthorised { why });
    let grants = case.manifest().grants();
    let Some(grant) = grants.into_iter().find(|grant| grant.authority.id == reference) else {
        return refused(format!("no authority {reference} has been granted in this case"));
    };
    let authority = &grant.authority;
    if authority.lapsed(now) {
        return refused(format!("the authority {reference} lapsed at {}", authority.valid_until));
    }
    if !authority.kinds.contains(&AuthorityKind::Search) {
        return refused(format!("the authority {reference} does not order searches"));
    }
    match kept.rows.iter().find(|row| !authority.covers(row.facility.as_str())) {
        Some(row) => refused(format!("{} is not covered by the authority {reference}", row.facility)),
        None => Ok(()),
    }
}
