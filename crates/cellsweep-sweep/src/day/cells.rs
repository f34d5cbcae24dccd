//! How each cell stands.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::plan::{CellRef, PlannedCell};
use super::view::{Dated, View};
use super::what::{DayWhat, Stop};
use crate::event::ItemKind;
use crate::id::{DeviceKey, EventId, ItemId, TeamId};

/// Who worked in a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Crew {
    /// A team.
    Team(TeamId),
    /// Somebody with a device that belongs to no team, as far as is known.
    Device(DeviceKey),
}

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellStatus {
    /// Nobody has been there.
    Planned,
    /// Somebody is.
    Running,
    /// It was searched.
    Done,
    /// It was left before it was done.
    Interrupted,
    /// It could not be searched.
    CouldNot,
    /// The search stopped and was referred.
    Referred,
    /// More than one team has been there, and none of them had left it to the other. What both entered is kept.
    Conflict,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// How it is planned now, if it is.
    pub planned: Option<PlannedCell>,
    /// How it stands.
    pub status: CellStatus,
    /// Who has been there, and how each left it.
    pub crews: BTreeMap<Crew, CellStatus>,
    /// Those who have been there without leaving it to each other; empty, or two at least.
    pub conflict: BTreeSet<Crew>,
    /// Finds.
    pub finds: Vec<EventId>,
    /// Phones found: each item counts once in the day.
    pub phones: u32,
    /// Other items found.
    pub others: u32,
    /// The last word from there.
    pub last: Option<Timestamp>,
}

impl View<'_> {
    /// Every cell that is planned, or that somebody entered something of.
    pub fn cells(&self) -> BTreeMap<CellRef, CellView> {
        let mut work: BTreeMap<&CellRef, Vec<&Dated<'_>>> = BTreeMap::new();
        for cell in self.plan().keys() {
            work.entry(cell).or_default();
        }
        for dated in self.entries() {
            if let Some(cell) = dated.event.what.cell().filter(|_| is_work(&dated.event.what)) {
                work.entry(cell).or_default().push(dated);
            }
        }
        let firsts = self.first_finds();
        work.into_iter().map(|(cell, entries)| (cell.clone(), self.cell(cell, &entries, &firsts))).collect()
    }

    fn cell(&self, cell: &CellRef, entries: &[&Dated<'_>], firsts: &BTreeMap<&ItemId, &EventId>) -> CellView {
        let mut crews: BTreeMap<Crew, CellStatus> = BTreeMap::new();
        let mut last_crew = None;
        for dated in entries {
            let crew = self.crew(dated);
            let status = crews.entry(crew.clone()).or_insert(CellStatus::Running);
            *status = after(*status, &dated.event.what);
            last_crew = Some(crew);
        }
        let staying = crews.iter().filter(|(_, status)| !left(**status)).map(|(crew, _)| crew.clone());
        let staying: BTreeSet<Crew> = staying.collect();
        let status = match staying.first() {
            Some(_) if staying.len() > 1 => CellStatus::Conflict,
            Some(crew) => crews[crew],
            None => last_crew.map_or(CellStatus::Planned, |crew| crews[&crew]),
        };
        let (phones, others) = counted(entries, firsts);
        CellView {
            planned: self.planned(cell).cloned(),
            status,
            conflict: if status == CellStatus::Conflict { staying } else { BTreeSet::new() },
            crews,
            finds: entries
                .iter()
                .filter(|dated| is_find(&dated.event.what))
                .map(|dated| dated.event.id.clone())
                .collect(),
            phones,
            others,
            last: entries.last().map(|dated| dated.at),
        }
    }

    /// The find under which each item counts: the earliest.
    pub(super) fn first_finds(&self) -> BTreeMap<&ItemId, &EventId> {
        let mut firsts = BTreeMap::new();
        for dated in self.entries() {
            if let DayWhat::Found { find, .. } = &dated.event.what {
                firsts.entry(&find.item).or_insert(&dated.event.id);
            }
        }
        firsts
    }
}

/// Distress tells where somebody is, and nothing of the search.
fn is_work(what: &DayWhat) -> bool {
    !matches!(what, DayWhat::Distress { .. })
}

fn is_find(what: &DayWhat) -> bool {
    matches!(what, DayWhat::Found { .. })
}

/// Left to others.
fn left(status: CellStatus) -> bool {
    matches!(status, CellStatus::Interrupted | CellStatus::CouldNot)
}

/// How a crew's next word changes how it stands. A referral stays: whoever takes over is not on this device.
fn after(status: CellStatus, what: &DayWhat) -> CellStatus {
    if status == CellStatus::Referred {
        return status;
    }
    match what {
        DayWhat::Started { .. } => CellStatus::Running,
        DayWhat::Found { .. } if left(status) => CellStatus::Running,
        DayWhat::NothingFound { .. } | DayWhat::Stopped { why: Stop::Done, .. } => CellStatus::Done,
        DayWhat::Stopped { why: Stop::Interrupted(_), .. } => CellStatus::Interrupted,
        DayWhat::CouldNot { .. } => CellStatus::CouldNot,
        DayWhat::Referred { .. } => CellStatus::Referred,
        _ => status,
    }
}

fn counted(entries: &[&Dated<'_>], firsts: &BTreeMap<&ItemId, &EventId>) -> (u32, u32) {
    let (mut phones, mut others) = (0, 0);
    for dated in entries {
        let DayWhat::Found { find, .. } = &dated.event.what else { continue };
        if firsts.get(&find.item) != Some(&&dated.event.id) {
            continue;
        }
        match find.kind {
            ItemKind::Phone => phones += 1,
            ItemKind::Sim | ItemKind::Charger | ItemKind::Other => others += 1,
        }
    }
    (phones, others)
}
