//! What must not be hinted at: handsets of a plan that is not released yet, or whose searches are under way. A handset
//! that falls silent before the morning warns everybody.

use std::collections::BTreeSet;

use cellsweep_model::case::CaseEvent;
use cellsweep_model::table::Table;
use cellsweep_model::{CellId, Device, FacilityId, PlanRow, Searched, Seized};
use cellsweep_share::carrier::Embargo;
use cellsweep_share::snapshot::Imei;
use cellsweep_store::Case;
use cellsweep_sweep::{Spot, What};
use jiff::Timestamp;

use super::values::may;
use crate::plan;
use crate::trace::read;
use crate::{DeviceFilter, FlowError, PlanLimits, devices, exhibits};

/// The handsets in the facilities of every plan that isn't over: of those that somebody approved, and of the latest.
pub(super) fn embargo(case: &Case, now: Timestamp) -> Result<Embargo, FlowError> {
    Ok(closed_devices(case, now)?.iter().filter_map(|device| may(&device.handset)).collect())
}

/// The IMEIs that these handsets use, whatever other handset uses them, too.
pub(super) fn closed_imeis(case: &Case, now: Timestamp) -> Result<BTreeSet<Imei>, FlowError> {
    let closed = closed_devices(case, now)?;
    let imeis = closed.iter().flat_map(|device| device.imei.iter().chain(&device.other_imeis));
    Ok(imeis.filter_map(|imei| may(&imei.to_string())).collect())
}

fn closed_devices(case: &Case, now: Timestamp) -> Result<Vec<Device>, FlowError> {
    let closed = closed(case, now)?;
    if closed.is_empty() {
        return Ok(Vec::new());
    }
    let mut listed = devices(case, &DeviceFilter::default())?;
    listed.retain(|device| closed.contains(&device.facility));
    Ok(listed)
}

/// The facilities of the plans that aren't over.
fn closed(case: &Case, now: Timestamp) -> Result<BTreeSet<FacilityId>, FlowError> {
    let (mut closed, mut searched) = (BTreeSet::new(), None);
    let latest = plan::latest_plan_id(case);
    for id in plan::kept_plan_ids(case) {
        let approved = logged(case, &|event| matches!(event, CaseEvent::PlanApproved { plan, .. } if plan == id));
        let made = logged(case, &|event| matches!(event, CaseEvent::Ran { run } if run.id == id));
        let (Some(since), true) = (approved.or(made), approved.is_some() || latest == Some(id)) else { continue };
        let Some(kept) = plan::kept_plan(case, id)? else { continue };
        if searched.is_none() {
            searched = Some(searches(case)?);
        }
        let searched = searched.as_deref().unwrap_or_default();
        let of = Standing {
            rows: &kept.rows,
            start: kept.start,
            limits: &kept.limits,
            approved: approved.is_some(),
            since: since.as_microsecond(),
            searched,
        };
        let facilities: BTreeSet<&FacilityId> = kept.rows.iter().map(|row| &row.facility).collect();
        closed.extend(facilities.into_iter().filter(|facility| of.is_closed(facility, now)).cloned());
    }
    Ok(closed)
}

/// When something was logged first.
fn logged(case: &Case, is_it: &dyn Fn(&CaseEvent) -> bool) -> Option<Timestamp> {
    case.manifest().events.iter().find(|logged| is_it(&logged.event)).map(|logged| logged.time)
}

/// A cell that was searched, or something was found in, and when, microseconds since 1970 UTC.
type Entered = (FacilityId, CellId, i64);

fn searches(case: &Case) -> Result<Vec<Entered>, FlowError> {
    let (searched, seized): (Vec<Searched>, Vec<Seized>) = (read(case, Table::Searches)?, read(case, Table::Seizures)?);
    let mut all: Vec<Entered> = searched.into_iter().map(|row| (row.facility, row.cell, row.time)).collect();
    all.extend(seized.into_iter().filter_map(|row| Some((row.facility, row.cell?, row.time))));
    for event in exhibits(case)?.events() {
        let What::Found { place, .. } = &event.what else { continue };
        let Spot::Cell(cell) = &place.spot else { continue };
        let (facility, cell) = (place.facility.as_str().parse().ok(), cell.as_str().parse().ok());
        all.extend(facility.zip(cell).map(|(facility, cell)| (facility, cell, event.occurred.as_microsecond())));
    }
    Ok(all)
}

/// A plan as it stands.
struct Standing<'a> {
    rows: &'a [PlanRow],
    /// The first door's time by the plan.
    start: i64,
    limits: &'a PlanLimits,
    /// Whether somebody took it on.
    approved: bool,
    /// When somebody did, or when it was made, microseconds since 1970 UTC.
    since: i64,
    searched: &'a [Entered],
}

impl Standing<'_> {
    /// Whether a facility's part is not released, its searches go on, or nobody knows of an approved part that they
    /// have begun.
    fn is_closed(&self, facility: &FacilityId, now: Timestamp) -> bool {
        let now_us = now.as_microsecond();
        if self.release(facility).is_some_and(|release| release > now_us) {
            return true;
        }
        match self.end(facility) {
            Some(end) => end > now_us,
            None => self.approved && !self.lapsed(now),
        }
    }

    fn release(&self, facility: &FacilityId) -> Option<i64> {
        let own = self.limits.facility.get(facility.as_str()).and_then(|own| own.release);
        own.or(self.limits.release).map(Timestamp::as_microsecond)
    }

    /// When the last search of a facility ends; `None` where nothing says when the first begins.
    ///
    /// Times that were past when the plan was made or approved are no morning's: a plan without an hour begins where the
    /// records end. Its searches then begin at the release, or else with the first of its cells that was entered since.
    fn end(&self, facility: &FacilityId) -> Option<i64> {
        let ends = |row: &PlanRow| row.start + i64::from(row.minutes) * 60_000_000;
        let rows = || self.rows.iter().filter(|row| row.facility == *facility);
        let last = rows().map(ends).max()?;
        let own_times = self.rows.iter().map(ends).max().is_some_and(|end| end > self.since);
        if own_times {
            return Some(last);
        }
        let planned = |cell: &CellId| rows().any(|row| row.cell.as_ref() == Some(cell));
        let begun =
            self.searched.iter().filter(|(at, cell, time)| at == facility && *time >= self.since && planned(cell));
        let first = begun.map(|(_, _, time)| *time).min().filter(|_| self.approved);
        Some(self.release(facility).or(first)? + last - self.start)
    }

    /// Whether the order is over under which it was to be carried out.
    fn lapsed(&self, now: Timestamp) -> bool {
        let scope = self.limits.authority.as_ref();
        scope.and_then(|scope| scope.valid_until).is_some_and(|until| until < now)
    }
}

#[cfg(test)]
mod tests {
    use cellsweep_model::{PlanReason, PlanTarget};

    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn row(hour: i64) -> PlanRow {
        PlanRow {
            facility: "F01".parse().unwrap(),
            cell: Some("A-1".parse().unwrap()),
            target: PlanTarget::Cell,
            inmate: None,
            wave: 1,
            start: hour * HOUR,
            team: "A".to_owned(),
            detector: "dog".to_owned(),
            minutes: 60,
            probability: 0.5,
            expected_phones: 0.7,
            expected_found: 0.6,
            reason: PlanReason::Expected,
        }
    }

    /// A plan of two hours from hour 10 on, approved at an hour, or made then: at which hours of these is it closed?
    fn check(since: i64, approved: bool, limits: &str, searched: &[i64], at: &[i64], expected: &[bool]) {
        let (rows, limits) = ([row(10), row(11)], toml::from_str(limits).unwrap());
        let cell = |hour: &i64| (row(0).facility, row(0).cell.unwrap(), hour * HOUR);
        let searched: Vec<Entered> = searched.iter().map(cell).collect();
        let (since, start) = (since * HOUR, 10 * HOUR);
        let plan = Standing { rows: &rows, start, limits: &limits, approved, since, searched: &searched };
        let hour = |hour: &i64| Timestamp::from_microsecond(hour * HOUR).unwrap();
        let closed: Vec<bool> = at.iter().map(|at| plan.is_closed(&row(0).facility, hour(at))).collect();
        assert_eq!(closed, expected, "{since} {approved} {searched:?}");
    }

    #[test]
    fn a_plan_is_closed_until_its_searches_have_ended() {
        let (none, release) = ("", "release = \"1970-01-02T06:00:00Z\"");
        // Times that were to come when it was approved are the morning's.
        for approved in [true, false] {
            check(5, approved, none, &[], &[6, 11, 12], &[true, true, false]);
            check(5, approved, release, &[], &[12, 29, 30], &[true, true, false]);
            // What was past already says no hour: it begins at the release.
            check(20, approved, release, &[], &[29, 31, 32], &[true, true, false]);
        }
        // Without one it is over once its cells have been searched since, or its order lapsed.
        check(20, true, none, &[15], &[21, 9_000], &[true, true]);
        check(20, true, none, &[15, 40, 41], &[41, 42], &[true, false]);
        check(
            20,
            true,
            "[authority]\nreference = \"R\"\nvalid_until = \"1970-01-03T00:00:00Z\"",
            &[],
            &[47, 49],
            &[true, false],
        );
        check(20, false, none, &[], &[21], &[false]);
    }
}
