//! What all entries of a day tell together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::clock::{Certainty, Clock};
use super::flags::{self, Flag};
use super::plan::{CellRef, PlannedCell};
use super::posts::{self, Standing};
use super::what::{DayEvent, DayWhat, Post};
use super::{Crew, Day, dating};
use crate::id::{DeviceKey, EventId, FacilityName, TeamId};

/// From when on something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A time that is corrected by more than so many milliseconds is flagged.
    pub clock_tolerance_ms: u64,
    /// A site or a team without a word for so many seconds is silent.
    pub silent_after_s: u32,
}

impl Rules {
    /// Two minutes, and ten.
    pub const USUAL: Self = Self { clock_tolerance_ms: 120_000, silent_after_s: 600 };
}

/// An entry, when it was made, and what is worth a look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<'a> {
    /// The entry.
    pub event: &'a DayEvent,
    /// When it was made, corrected.
    pub at: Timestamp,
    /// How sure that is.
    pub certainty: Certainty,
    /// What is worth a look.
    pub flags: Vec<Flag>,
}

/// What all entries tell together; the same for any order in which they came.
#[derive(Debug)]
pub struct View<'a> {
    day: &'a Day,
    rules: Rules,
    commanding: BTreeSet<DeviceKey>,
    clocks: BTreeMap<DeviceKey, Clock>,
    entries: Vec<Dated<'a>>,
    standings: BTreeMap<DeviceKey, Standing>,
    opened: Option<(Timestamp, &'a DayEvent)>,
    replanned: BTreeMap<&'a FacilityName, (u32, &'a DayEvent)>,
    planned: BTreeMap<&'a CellRef, (usize, &'a PlannedCell)>,
    ever_planned: BTreeSet<&'a CellRef>,
}

impl Day {
    /// What all entries tell together.
    pub fn view(&self, rules: Rules) -> View<'_> {
        let commanding = self.commanding();
        let events: Vec<&DayEvent> = self.settled().collect();
        let clocks = dating::clocks(&events, &commanding);
        let entries = dating::dated(&events, &clocks);
        let standings = posts::standings(&entries, &commanding);
        let mut view = View {
            day: self,
            rules,
            commanding,
            clocks,
            entries,
            standings,
            opened: None,
            replanned: BTreeMap::new(),
            planned: BTreeMap::new(),
            ever_planned: BTreeSet::new(),
        };
        view.read_plans();
        for (place, flags) in flags::all(&view).into_iter().enumerate() {
            view.entries[place].flags = flags;
        }
        view
    }
}

impl<'a> View<'a> {
    /// All entries that count, by time.
    pub fn entries(&self) -> &[Dated<'a>] {
        &self.entries
    }

    /// The day's entries.
    pub fn day(&self) -> &'a Day {
        self.day
    }

    /// The entry that opened the day, and when.
    pub fn opened(&self) -> Option<(Timestamp, &'a DayEvent)> {
        self.opened
    }

    /// From when on something is said.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Whether it was entered on a device that commands.
    pub(super) fn commands(&self, event: &DayEvent) -> bool {
        self.commanding.contains(&event.device)
    }

    pub(super) fn standing(&self, device: &DeviceKey) -> Option<&Standing> {
        self.standings.get(device)
    }

    pub(super) fn standings(&self) -> &BTreeMap<DeviceKey, Standing> {
        &self.standings
    }

    pub(super) fn clock(&self, device: &DeviceKey) -> Option<&Clock> {
        self.clocks.get(device)
    }

    /// The plan's cells now, each with its place in the order of its team.
    pub(super) fn plan(&self) -> &BTreeMap<&'a CellRef, (usize, &'a PlannedCell)> {
        &self.planned
    }

    /// A cell as it is planned now.
    pub fn planned(&self, cell: &CellRef) -> Option<&'a PlannedCell> {
        self.planned.get(cell).map(|(_, planned)| *planned)
    }

    /// The number of each site's plan, where it was planned anew.
    pub(super) fn numbers(&self) -> BTreeMap<FacilityName, u32> {
        self.replanned.iter().map(|(site, (number, _))| ((*site).clone(), *number)).collect()
    }

    pub(super) fn was_planned(&self, cell: &CellRef) -> bool {
        self.ever_planned.contains(cell)
    }

    /// Whose work an entry is.
    pub(super) fn crew(&self, dated: &Dated<'_>) -> Crew {
        let device = &dated.event.device;
        match self.standing(device).and_then(|standing| standing.post_at(dated.at)) {
            Some(Post::Team(team)) => Crew::Team(team.clone()),
            Some(Post::Command | Post::Desk(_)) | None => Crew::Device(device.clone()),
        }
    }

    /// The team that a device is with as of its last post.
    pub(super) fn team_of(&self, device: &DeviceKey) -> Option<&TeamId> {
        match self.standing(device)?.posts.last() {
            Some((_, _, Post::Team(team))) => Some(team),
            _ => None,
        }
    }

    /// The entry that counts, where this one opens or plans a second time.
    pub(super) fn plan_twice(&self, event: &DayEvent) -> Option<&'a EventId> {
        let counts = match &event.what {
            DayWhat::Opened { .. } => self.opened.map(|(_, opened)| opened)?,
            DayWhat::Replanned { site, number, .. } => {
                let (last, counts) = self.replanned.get(site)?;
                if last == number { counts } else { return None }
            }
            _ => return None,
        };
        (counts.id != event.id).then_some(&counts.id)
    }

    fn read_plans(&mut self) {
        for dated in &self.entries {
            let event = dated.event;
            if !self.commanding.contains(&event.device) {
                continue;
            }
            match &event.what {
                DayWhat::Opened { plan, .. } => {
                    self.opened = self.opened.or(Some((dated.at, event)));
                    self.ever_planned.extend(plan.cells.iter().map(|planned| &planned.cell));
                }
                DayWhat::Replanned { site, number, cells, .. } => {
                    self.ever_planned.extend(cells.iter().map(|planned| &planned.cell));
                    let known = self.replanned.entry(site).or_insert((*number, event));
                    if *number > known.0 {
                        *known = (*number, event);
                    }
                }
                _ => {}
            }
        }
        self.planned = in_force(self.opened.map(|(_, event)| event), &self.replanned);
    }
}

/// The opening's cells, but for sites that were planned anew.
fn in_force<'a>(
    opened: Option<&'a DayEvent>,
    replanned: &BTreeMap<&'a FacilityName, (u32, &'a DayEvent)>,
) -> BTreeMap<&'a CellRef, (usize, &'a PlannedCell)> {
    let mut planned = BTreeMap::new();
    if let Some(DayWhat::Opened { plan, .. }) = opened.map(|event| &event.what) {
        let kept = plan.cells.iter().enumerate().filter(|(_, cell)| !replanned.contains_key(&cell.cell.facility));
        planned.extend(kept.map(|(place, cell)| (&cell.cell, (place, cell))));
    }
    for (_, event) in replanned.values() {
        if let DayWhat::Replanned { cells, .. } = &event.what {
            planned.extend(cells.iter().enumerate().map(|(place, cell)| (&cell.cell, (place, cell))));
        }
    }
    planned
}
