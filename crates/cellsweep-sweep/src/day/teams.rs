//! Where each team is, and where it goes next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::cells::{CellStatus, CellView, Crew};
use super::devices::{Contact, DeviceView};
use super::plan::CellRef;
use super::view::View;
use super::what::{DayWhat, Post};
use crate::id::{DeviceKey, TeamId};

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TeamView {
    /// The cell that it went into last and hasn't left.
    pub now: Option<CellRef>,
    /// The next cell that the plan has for it.
    pub next: Option<CellRef>,
    /// Cells that it searched.
    pub done: u32,
    /// Its devices.
    pub devices: Vec<DeviceKey>,
    /// Entries that its devices said they hold unsent.
    pub unsent: u64,
    /// When it was last heard.
    pub heard: Option<Timestamp>,
    /// Its last call for help, if any.
    pub distress: Option<Timestamp>,
}

impl View<'_> {
    /// Every team that is planned or has a device.
    pub fn teams(&self, contacts: &BTreeMap<DeviceKey, Contact>) -> BTreeMap<TeamId, TeamView> {
        let mut teams: BTreeMap<TeamId, TeamView> = BTreeMap::new();
        if let Some(DayWhat::Opened { plan, .. }) = self.opened().map(|(_, event)| &event.what) {
            teams.extend(plan.teams.iter().map(|planned| (planned.team.clone(), TeamView::default())));
        }
        for (key, device) in self.devices(contacts) {
            if let Some(Post::Team(team)) = &device.post {
                add(teams.entry(team.clone()).or_default(), key, &device);
            }
        }
        let cells = self.cells();
        self.follow(&cells, &mut teams);
        self.next(&cells, &mut teams);
        teams
    }

    fn follow(&self, cells: &BTreeMap<CellRef, CellView>, teams: &mut BTreeMap<TeamId, TeamView>) {
        for dated in self.entries() {
            let Crew::Team(team) = self.crew(dated) else { continue };
            let view = teams.entry(team).or_default();
            match &dated.event.what {
                DayWhat::Started { cell, .. } => view.now = Some(cell.clone()),
                DayWhat::Distress { .. } => view.distress = Some(dated.at),
                _ => {}
            }
        }
        for (team, view) in teams {
            let status = |cell: &CellView| cell.crews.get(&Crew::Team(team.clone())).copied();
            let stands = view.now.as_ref().and_then(|cell| cells.get(cell)).and_then(status);
            view.now.take_if(|_| stands != Some(CellStatus::Running));
            let done = cells.values().filter(|cell| status(cell) == Some(CellStatus::Done)).count();
            view.done = u32::try_from(done).unwrap_or(u32::MAX);
        }
    }

    /// The first of a team's planned cells in which nobody is or was, or that was left.
    fn next(&self, cells: &BTreeMap<CellRef, CellView>, teams: &mut BTreeMap<TeamId, TeamView>) {
        let mut first: BTreeMap<&TeamId, (u16, usize, &CellRef)> = BTreeMap::new();
        for (cell, (place, planned)) in self.plan() {
            let open = cells.get(*cell).is_none_or(|view| {
                let by_itself = view.crews.contains_key(&Crew::Team(planned.team.clone()));
                view.status == CellStatus::Planned || (view.status == CellStatus::Interrupted && !by_itself)
            });
            let rank = (planned.wave, *place, *cell);
            if open && first.get(&planned.team).is_none_or(|best| rank < *best) {
                first.insert(&planned.team, rank);
            }
        }
        for (team, (_, _, cell)) in first {
            teams.entry(team.clone()).or_default().next = Some(cell.clone());
        }
    }
}

fn add(team: &mut TeamView, key: DeviceKey, device: &DeviceView) {
    team.devices.push(key);
    team.unsent = team.unsent.saturating_add(device.unsent);
    team.heard = team.heard.max(device.heard);
}
