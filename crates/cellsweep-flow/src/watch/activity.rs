//! What was heard of the listed handsets by day, and what operators recorded at all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cellsweep_alert::{Activity, FacilityActivity, OperatorDay};
use cellsweep_engine::Wanted;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::{Device, FacilityId};
use cellsweep_store::CaseWriter;

use crate::phones::{Keys, by_handset};
use crate::trace::{operators, profile_imports};
use crate::{FlowError, Session};

/// A handset's day at its facility, as one operator recorded it.
struct Heard {
    facility: FacilityId,
    day: i32,
    operator: u16,
    hours: u32,
}

/// Records by operator and day.
type Records = Vec<BTreeMap<i32, u64>>;

/// Counts what was heard of the handsets that are listed at this probability or more.
///
/// # Errors
/// When the case or the engine fails.
pub(super) fn of(
    case: &CaseWriter,
    list: &[Device],
    probability: f64,
    session: &Session<'_>,
) -> Result<Activity, FlowError> {
    let (phones, keys) = by_handset(list.iter().filter(|device| device.probability >= probability));
    let places: Vec<FacilityId> = phones.iter().filter_map(|phone| Some(phone.stays.first()?.0.clone())).collect();
    let operators = operators(case.case());
    let records = Mutex::new(vec![BTreeMap::new(); operators.len()]);
    let look = |profile: HandsetProfile| {
        count(&profile, &mut records.lock().unwrap_or_else(PoisonError::into_inner));
        heard(&profile, &keys, &places)
    };
    let task = session.progress.begin("counting what was heard of each facility");
    let imports = profile_imports(case.case())?;
    let engine = session.engine(1);
    let progress = |share| task.advance(share);
    let all = cellsweep_engine::map_profiles(&imports, &engine, &progress, Wanted::ALL, &look)?;
    let records = records.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Activity { operators, records, facilities: by_facility(all) })
}

fn count(profile: &HandsetProfile, records: &mut Records) {
    for row in &profile.rows {
        if let Some(days) = records.get_mut(usize::from(row.operator)) {
            *days.entry(row.day).or_default() += u64::from(row.counts.events);
        }
    }
}

/// The hours of a listed handset by day and operator; of any other nothing.
fn heard(profile: &HandsetProfile, keys: &Keys, places: &[FacilityId]) -> Vec<Heard> {
    let mut found = Vec::new();
    for phone in keys.of(profile.key) {
        let mut hours: BTreeMap<(i32, u16), u32> = BTreeMap::new();
        for row in profile.rows.iter().filter(|row| keys.is_ours(phone, row.imsi)) {
            *hours.entry((row.day, row.operator)).or_default() |= row.hours;
        }
        let Some(facility) = places.get(phone) else { continue };
        found.extend(hours.into_iter().map(|((day, operator), hours)| Heard {
            facility: facility.clone(),
            day,
            operator,
            hours: hours.count_ones(),
        }));
    }
    found
}

fn by_facility(all: Vec<Heard>) -> Vec<FacilityActivity> {
    let mut facilities: BTreeMap<FacilityId, BTreeMap<(i32, u16), OperatorDay>> = BTreeMap::new();
    for heard in all {
        let days = facilities.entry(heard.facility).or_default();
        let day = days.entry((heard.day, heard.operator)).or_default();
        day.hours += u64::from(heard.hours);
        day.handsets += 1;
    }
    facilities.into_iter().map(|(facility, heard)| FacilityActivity { facility, heard }).collect()
}
