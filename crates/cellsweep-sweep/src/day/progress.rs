//! How far the day is, for whoever plans the rest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::cells::{CellStatus, CellView};
use super::plan::{CellRef, Detector, PlannedCell};
use super::view::View;
use super::what::DayWhat;
use crate::id::{EventId, FacilityName, Imei};

/// How far the day is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The cells as they are planned now, each site's in its order.
    pub planned: BTreeMap<FacilityName, Vec<PlannedCell>>,
    /// The number of the plan that each site has now; none where it has the opening's.
    pub numbers: BTreeMap<FacilityName, u32>,
    /// Cells that nobody need be sent to any more: searched, being searched, referred, or found not to be searchable.
    pub taken: BTreeSet<CellRef>,
    /// Searches that were done.
    pub searches: Vec<Search>,
    /// Phones that were found.
    pub finds: Vec<PhoneFound>,
    /// The first and the last word from a cell, as clocks are corrected; none before it.
    pub between: Option<(Timestamp, Timestamp)>,
}

/// A search that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Of which cell.
    pub cell: CellRef,
    /// When the last word of it was said.
    pub at: Timestamp,
    /// With what, where somebody said that they start.
    pub detector: Option<Detector>,
    /// Phones found.
    pub phones: u32,
}

/// A phone that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneFound {
    /// In which cell.
    pub cell: CellRef,
    /// When; the search's own time where it is done.
    pub at: Timestamp,
    /// Its first IMEI, where it could be read.
    pub imei: Option<Imei>,
}

impl View<'_> {
    /// How far the day is.
    pub fn progress(&self) -> Progress {
        let cells = self.cells();
        let mut progress = Progress { numbers: self.numbers(), between: between(&cells, self), ..Progress::default() };
        let mut planned: Vec<_> = self.plan().values().collect();
        planned.sort_by_key(|(place, _)| *place);
        for (_, cell) in planned {
            progress.planned.entry(cell.cell.facility.clone()).or_default().push((*cell).clone());
        }
        let detectors = self.detectors();
        let mut ends: BTreeMap<&CellRef, Timestamp> = BTreeMap::new();
        for (cell, view) in &cells {
            if !matches!(view.status, CellStatus::Planned | CellStatus::Interrupted) {
                progress.taken.insert(cell.clone());
            }
            let done = view.crews.values().any(|status| *status == CellStatus::Done);
            if let Some(at) = view.last.filter(|_| done) {
                ends.insert(cell, at);
                let (cell, detector) = (cell.clone(), detectors.get(cell).copied());
                progress.searches.push(Search { cell, at, detector, phones: view.phones });
            }
        }
        progress.finds = self.phones_found(&ends);
        progress
    }

    /// With what each cell was searched last.
    fn detectors(&self) -> BTreeMap<&CellRef, Detector> {
        let mut detectors = BTreeMap::new();
        for dated in self.entries() {
            if let DayWhat::Started { cell, detector, .. } = &dated.event.what {
                detectors.insert(cell, *detector);
            }
        }
        detectors
    }

    fn phones_found(&self, ends: &BTreeMap<&CellRef, Timestamp>) -> Vec<PhoneFound> {
        let firsts: BTreeSet<&EventId> = self.first_finds().into_values().collect();
        let mut found = Vec::new();
        for dated in self.entries() {
            let DayWhat::Found { cell, find } = &dated.event.what else { continue };
            if find.kind != crate::event::ItemKind::Phone || !firsts.contains(&dated.event.id) {
                continue;
            }
            let at = ends.get(cell).copied().unwrap_or(dated.at);
            found.push(PhoneFound { cell: cell.clone(), at, imei: find.imei.read().cloned() });
        }
        found
    }
}

fn between(cells: &BTreeMap<CellRef, CellView>, view: &View<'_>) -> Option<(Timestamp, Timestamp)> {
    let work = |dated: &&super::Dated<'_>| {
        let what = &dated.event.what;
        !matches!(what, DayWhat::Distress { .. }) && what.cell().is_some_and(|cell| cells.contains_key(cell))
    };
    let mut times = view.entries().iter().filter(work).map(|dated| dated.at);
    let first = times.next()?;
    Some((first, times.next_back().unwrap_or(first)))
}
