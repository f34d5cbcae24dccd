//! What must not be hinted at: handsets of a plan that is not released yet, or whose searches are under way. A handset
//! that falls silent before the morning warns everybody.

use std::collections::BTreeSet;

use cellsweep_model::FacilityId;
use cellsweep_share::carrier::Embargo;
use cellsweep_store::Case;
use jiff::Timestamp;

use super::values::may;
use crate::plan::{self, PlanKept};
use crate::{DeviceFilter, FlowError, devices};

/// The handsets that the latest plan's facilities are searched for, until a facility is released and its last search
/// has ended by the plan's own times.
pub(super) fn embargo(case: &Case, now: Timestamp) -> Result<Embargo, FlowError> {
    let Some(run) = case.latest_run(plan::STEP) else { return Ok(Embargo::new()) };
    let kept: PlanKept = case.json_of(run, plan::FILE)?;
    let closed = closed(&kept, now);
    if closed.is_empty() {
        return Ok(Embargo::new());
    }
    let listed = devices(case, &DeviceFilter::default())?;
    let theirs = listed.iter().filter(|device| closed.contains(&device.facility));
    Ok(theirs.filter_map(|device| may(&device.handset)).collect())
}

fn closed(kept: &PlanKept, now: Timestamp) -> BTreeSet<FacilityId> {
    let open = crate::released(kept, now);
    let released: BTreeSet<&FacilityId> = open.rows.iter().map(|row| &row.facility).collect();
    let micros = now.as_microsecond();
    let runs_on = |row: &cellsweep_model::PlanRow| row.start + i64::from(row.minutes) * 60_000_000 > micros;
    let rows = kept.rows.iter().filter(|row| !released.contains(&row.facility) || runs_on(row));
    rows.map(|row| row.facility.clone()).collect()
}
