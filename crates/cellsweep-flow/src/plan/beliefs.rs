//! What the case says of where phones lie and of what searches find.

use std::collections::BTreeMap;

use cellsweep_model::rows::{DeviceClass, Model};
use cellsweep_model::table::{DETECTORS, Table};
use cellsweep_model::{CellId, FacilityId, Imei, InmateId, Searched, Seized, Tac};
use cellsweep_plan::{
    Belief, Detection, DetectorHistory, Heard, HidingHistory, HidingKind, PersonChance, PhoneBelief, SearchDone, Spot,
};
use cellsweep_store::Case;
use rustc_hash::FxHashMap;

use super::look::{Catalogued, Look};
use crate::trace::read;
use crate::{DeviceFilter, FlowError, devices, holders, places};

/// `other`, for searches that don't say with what.
const OTHER: usize = DETECTORS.len() - 1;

/// An inmate at a facility.
pub(super) type HeldKey = (FacilityId, InmateId);

pub(super) struct Gathered {
    pub belief: Belief,
    pub detection: Detection,
    pub persons: Vec<PersonChance>,
    pub held: BTreeMap<HeldKey, CellId>,
    pub finds: BTreeMap<(FacilityId, CellId), u64>,
    pub look: Look,
}

/// Everything until an instant.
pub(super) fn gather(case: &Case, until: i64) -> Result<Gathered, FlowError> {
    let mut searches: Vec<Searched> = read(case, Table::Searches)?;
    let mut seizures: Vec<Seized> = read(case, Table::Seizures)?;
    searches.retain(|search| search.time < until);
    seizures.retain(|seizure| seizure.time < until);
    let catalogue: Vec<Model> = read(case, Table::Models)?;
    let history = history(&searches, &seizures, &Classes::of(&catalogue));
    let detection = Detection::learn(&history, &hidden(&seizures));
    let (mut belief, persons, held) = believed(case)?;
    let found: Vec<Heard> = seizures.iter().filter_map(heard).collect();
    belief.search(&done(&searches), &found, &detection);
    let look = Look::of(&read::<Catalogued>(case, Table::Models)?, &seizures);
    let mut finds = BTreeMap::new();
    for seizure in seizures {
        if let Some(cell) = seizure.cell {
            *finds.entry((seizure.facility, cell)).or_default() += 1;
        }
    }
    Ok(Gathered { belief, detection, persons, held, finds, look })
}

/// A find whose IMEI was read.
pub(super) fn heard(seizure: &Seized) -> Option<Heard> {
    Some(Heard { imei: seizure.imei?, time: seizure.time })
}

pub(super) fn done(searches: &[Searched]) -> Vec<SearchDone> {
    let mut done = Vec::with_capacity(searches.len());
    for search in searches {
        done.push(SearchDone {
            time: search.time,
            facility: search.facility.clone(),
            cell: search.cell.clone(),
            detector: search.detector.as_deref().and_then(position).unwrap_or(OTHER),
            found: search.found,
        });
    }
    done
}

fn position(word: &str) -> Option<usize> {
    DETECTORS.iter().position(|known| *known == word)
}

/// The catalogue's classes, by code and by name.
struct Classes<'a> {
    by_tac: FxHashMap<Tac, DeviceClass>,
    by_name: FxHashMap<&'a str, DeviceClass>,
}

impl<'a> Classes<'a> {
    fn of(catalogue: &'a [Model]) -> Self {
        let named = catalogue.iter().filter_map(|model| Some((model.model.as_deref()?, model.class)));
        Self { by_tac: catalogue.iter().map(|model| (model.tac, model.class)).collect(), by_name: named.collect() }
    }

    fn class(&self, imei: Option<Imei>, model: Option<&str>) -> Option<DeviceClass> {
        let by_name = model.and_then(|name| self.by_name.get(name));
        by_name.or_else(|| imei.and_then(|imei| self.by_tac.get(&imei.tac()))).copied()
    }
}

fn history(searches: &[Searched], seizures: &[Seized], classes: &Classes<'_>) -> Vec<DetectorHistory> {
    let mut history = vec![DetectorHistory::default(); DETECTORS.len()];
    for search in searches {
        history[search.detector.as_deref().and_then(position).unwrap_or(OTHER)].searches += 1;
    }
    for seizure in seizures.iter().filter(|seizure| seizure.cell.is_some()) {
        let row = &mut history[seizure.detector.as_deref().and_then(position).unwrap_or(OTHER)];
        match classes.class(seizure.imei, seizure.model.as_deref()) {
            Some(DeviceClass::Mini) => row.minis += 1,
            Some(_) => row.others += 1,
            None => {}
        }
    }
    history
}

/// Where what was found in cells had been hidden, by facility.
fn hidden(seizures: &[Seized]) -> BTreeMap<FacilityId, HidingHistory> {
    let mut hidden: BTreeMap<FacilityId, HidingHistory> = BTreeMap::new();
    for seizure in seizures.iter().filter(|seizure| seizure.cell.is_some()) {
        if let (Some(detector), Some(place)) = (seizure.detector.as_deref(), seizure.hiding_place.as_deref()) {
            let site = hidden.entry(seizure.facility.clone()).or_default();
            site.count(position(detector).unwrap_or(OTHER), HidingKind::of(place));
        }
    }
    hidden
}

type Believed = (Belief, Vec<PersonChance>, BTreeMap<HeldKey, CellId>);

fn believed(case: &Case) -> Result<Believed, FlowError> {
    let mut known: FxHashMap<(String, FacilityId), usize> = FxHashMap::default();
    let mut belief = Belief::default();
    for device in devices(case, &DeviceFilter::default())? {
        known.insert((device.handset.clone(), device.facility.clone()), belief.phones.len());
        belief.phones.push(PhoneBelief {
            handset: device.handset,
            imei: device.imei,
            facility: device.facility,
            class: device.class,
            first_seen: device.first_seen,
            last_seen: device.last_seen,
            spots: Vec::new(),
        });
    }
    for place in places(case)? {
        if let Some(index) = known.get(&(place.handset, place.facility)) {
            let spot = place.cell.map_or(Spot::Common, Spot::Cell);
            belief.phones[*index].spots.push((spot, place.probability));
        }
    }
    let mut persons: Vec<PersonChance> = Vec::new();
    let mut held: BTreeMap<HeldKey, CellId> = BTreeMap::new();
    for holder in holders(case)? {
        let (Some(inmate), Some(index)) = (holder.inmate, known.get(&(holder.handset, holder.facility.clone()))) else {
            continue;
        };
        held.extend(holder.cell.map(|cell| ((holder.facility.clone(), inmate.clone()), cell)));
        let (facility, probability) = (holder.facility, holder.probability);
        persons.push(PersonChance { facility, inmate, cell: None, class: belief.phones[*index].class, probability });
    }
    for person in &mut persons {
        person.cell = held.get(&(person.facility.clone(), person.inmate.clone())).cloned();
    }
    Ok((belief, persons, held))
}
