//! The roll: who is held where at the asked time, since when, and where they came from.

use std::sync::Arc;

use cellsweep_model::custody::Held;
use cellsweep_model::{CellId, FacilityId, InmateId};
use rustc_hash::FxHashMap;

use crate::Evidence;

/// Everybody on the roster, and the facilities with those held there at the asked time.
#[derive(Debug, Default)]
pub struct Roll {
    /// All inmates, in order.
    pub inmates: Arc<[InmateId]>,
    index: Arc<FxHashMap<InmateId, u32>>,
    /// All facilities that the roster or the cells name, in order.
    pub prisons: Vec<Prison>,
    prison_index: Arc<FxHashMap<FacilityId, u32>>,
    /// Where each inmate is held at the asked time.
    pub held_at: Vec<Option<u32>>,
}

/// A facility at the asked time.
#[derive(Debug, Clone)]
pub struct Prison {
    /// Its identifier.
    pub id: FacilityId,
    /// Its cells, in order; those that only the roster names too.
    pub cells: Vec<Room>,
    /// Those held there, in the inmates' order.
    pub held: Vec<Occupant>,
    /// Names of its wings, in order; the first is "unknown" where a cell names none.
    pub wings: Vec<String>,
}

/// A prison cell.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its name.
    pub id: CellId,
    /// Index of its wing.
    pub wing: u32,
    /// Metres within the facility, where measured.
    pub place_m: Option<(f64, f64)>,
    /// Positions in the facility's list of those held.
    pub occupants: Vec<u32>,
}

/// Somebody held in a facility at the asked time.
#[derive(Debug, Clone)]
pub struct Occupant {
    /// Index of the inmate.
    pub inmate: u32,
    /// Index of the cell, where the roster says it.
    pub cell: Option<u32>,
    /// Since when in this facility, whatever the cell, microseconds since 1970 UTC.
    pub since: i64,
    /// The facility before, and until when.
    pub before: Option<(u32, i64)>,
}

impl Roll {
    /// Reads the roster as of the asked time.
    pub fn new(evidence: &Evidence) -> Self {
        let mut roll = Self::default();
        roll.name_inmates(evidence);
        roll.name_prisons(evidence);
        roll.admit_all(evidence, evidence.at);
        roll
    }

    /// The same as of another time: the same people, facilities and cells under the same indices.
    pub fn at(&self, evidence: &Evidence, at: i64) -> Self {
        let mut roll = Self {
            inmates: Arc::clone(&self.inmates),
            index: Arc::clone(&self.index),
            prisons: self.prisons.clone(),
            prison_index: Arc::clone(&self.prison_index),
            held_at: Vec::new(),
        };
        for prison in &mut roll.prisons {
            prison.held.clear();
            prison.cells.iter_mut().for_each(|room| room.occupants.clear());
        }
        roll.admit_all(evidence, at);
        roll
    }

    fn admit_all(&mut self, evidence: &Evidence, at: i64) {
        let mut stays: Vec<Vec<&Held>> = vec![Vec::new(); self.inmates.len()];
        for held in &evidence.roster {
            stays[self.index[&held.inmate] as usize].push(held);
        }
        self.held_at = vec![None; self.inmates.len()];
        for (inmate, stays) in stays.iter_mut().enumerate() {
            stays.sort_by_key(|held| (held.from, held.to));
            self.admit(inmate as u32, stays, at);
        }
    }

    fn name_inmates(&mut self, evidence: &Evidence) {
        let mut inmates: Vec<InmateId> = evidence.roster.iter().map(|held| held.inmate.clone()).collect();
        inmates.sort_unstable();
        inmates.dedup();
        self.index = Arc::new(inmates.iter().cloned().zip(0..).collect());
        self.inmates = inmates.into();
    }

    fn name_prisons(&mut self, evidence: &Evidence) {
        let mut rooms: Vec<(&FacilityId, &CellId)> =
            evidence.roster.iter().filter_map(|held| Some((&held.facility, held.cell.as_ref()?))).collect();
        rooms.extend(evidence.cells.iter().map(|cell| (&cell.facility, &cell.cell)));
        rooms.sort_unstable();
        rooms.dedup();
        let mut ids: Vec<FacilityId> = evidence.roster.iter().map(|held| held.facility.clone()).collect();
        ids.extend(rooms.iter().map(|(facility, _)| (*facility).clone()));
        ids.sort_unstable();
        ids.dedup();
        let described: FxHashMap<_, _> =
            evidence.cells.iter().map(|cell| ((&cell.facility, &cell.cell), cell)).collect();
        self.prison_index = Arc::new(ids.iter().cloned().zip(0..).collect());
        self.prisons = ids.into_iter().map(Prison::empty).collect();
        for (facility, cell) in rooms {
            let known = described.get(&(facility, cell));
            let wing = known.and_then(|cell| cell.wing.as_deref()).unwrap_or_default();
            let place_m = known.and_then(|cell| cell.place_m);
            let prison = &mut self.prisons[self.prison_index[facility] as usize];
            let wing = prison.wing(wing);
            prison.cells.push(Room { id: cell.clone(), wing, place_m, occupants: Vec::new() });
        }
    }

    /// Puts an inmate where the roster has them at the asked time.
    fn admit(&mut self, inmate: u32, stays: &[&Held], at: i64) {
        // Of rows that overlap, the latest begun is the one in force.
        let Some(position) = stays.iter().rposition(|held| held.at(at)) else { return };
        let now = stays[position];
        let mut first = position;
        while first > 0 && stays[first - 1].facility == now.facility && stays[first - 1].leads_to(stays[first]) {
            first -= 1;
        }
        let before = (first > 0).then(|| stays[first - 1]).filter(|held| held.leads_to(stays[first]));
        let before = before.and_then(|held| Some((self.prison_index[&held.facility], held.to?)));
        let index = self.prison_index[&now.facility];
        let prison = &mut self.prisons[index as usize];
        let cell = now.cell.as_ref().and_then(|cell| prison.room(cell));
        let position = prison.held.len() as u32;
        prison.held.push(Occupant { inmate, cell, since: stays[first].from, before });
        if let Some(cell) = cell {
            prison.cells[cell as usize].occupants.push(position);
        }
        self.held_at[inmate as usize] = Some(index);
    }

    /// An inmate's index.
    pub fn inmate(&self, inmate: &InmateId) -> Option<u32> {
        self.index.get(inmate).copied()
    }

    /// A facility's index.
    pub fn prison(&self, facility: &FacilityId) -> Option<u32> {
        self.prison_index.get(facility).copied()
    }
}

impl Prison {
    fn empty(id: FacilityId) -> Self {
        Self { id, cells: Vec::new(), held: Vec::new(), wings: Vec::new() }
    }

    fn wing(&mut self, name: &str) -> u32 {
        let found = self.wings.iter().position(|wing| wing == name);
        found.unwrap_or_else(|| {
            self.wings.push(name.to_owned());
            self.wings.len() - 1
        }) as u32
    }

    /// A cell's index: they stand in order.
    pub fn room(&self, cell: &CellId) -> Option<u32> {
        self.cells.binary_search_by(|room| room.id.cmp(cell)).ok().map(|index| index as u32)
    }

    /// The wing of somebody held there.
    pub fn wing_of(&self, occupant: &Occupant) -> Option<u32> {
        occupant.cell.map(|cell| self.cells[cell as usize].wing)
    }

    /// Others in the same cell, by position.
    pub fn mates(&self, position: u32) -> impl Iterator<Item = u32> + '_ {
        let cell = self.held[position as usize].cell;
        let all = cell.map_or(&[][..], |cell| &self.cells[cell as usize].occupants);
        all.iter().copied().filter(move |other| *other != position)
    }
}
