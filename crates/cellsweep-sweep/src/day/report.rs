//! The day's report as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::cells::{CellStatus, CellView, Crew};
use super::clock::Certainty;
use super::devices::{Contact, DeviceView};
use super::find::{Find, Power};
use super::flags::Flag;
use super::held::Apart;
use super::open::OpenEnd;
use super::plan::CellRef;
use super::sites::{SiteView, Tally};
use super::view::{Dated, View};
use super::what::DayWhat;
use crate::breaks::Broken;
use crate::custody::{Custody, Exhibit, Holder, ItemState};
use crate::id::{DeviceKey, EventId, FacilityName, Imei, ItemId, Text};

/// The form in which a report is written.
const VERSION: u32 = 1;

/// What was expected, what came, and all that doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayReport {
    /// The report's form.
    pub v: u32,
    /// What the day was called, once it was opened.
    pub operation: Option<Text>,
    /// When it was opened.
    pub opened: Option<Timestamp>,
    /// As of when this is said.
    pub as_of: Timestamp,
    /// All sites together.
    pub nation: Tally,
    /// Each site.
    pub sites: BTreeMap<FacilityName, SiteView>,
    /// Each cell.
    pub cells: Vec<CellLine>,
    /// Each find, with what became of it.
    pub finds: Vec<FindLine>,
    /// Each device.
    pub devices: BTreeMap<DeviceKey, DeviceView>,
    /// Entries that are worth a look, and why.
    pub flagged: Vec<(EventId, Vec<Flag>)>,
    /// Where a chain of custody doesn't hold.
    pub breaks: Vec<Broken>,
    /// Entries of which a device signed two contents; none of them counts.
    pub disputed: Vec<(EventId, usize)>,
    /// What was set apart.
    pub apart: Vec<Apart>,
    /// What stands in the way of closing the day.
    pub open: Vec<OpenEnd>,
}

/// A cell's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellLine {
    /// Which.
    pub cell: CellRef,
    /// How it stands.
    pub status: CellStatus,
    /// Who has been there.
    pub crews: Vec<Crew>,
    /// Phones that were expected, in thousandths; none where it isn't planned.
    pub expected_milli: Option<u32>,
    /// Phones found.
    pub phones: u32,
    /// Other items found.
    pub others: u32,
}

/// A find's line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindLine {
    /// Which entry.
    pub event: EventId,
    /// Which item.
    pub item: ItemId,
    /// When, corrected.
    pub at: Timestamp,
    /// How sure that is.
    pub certainty: Certainty,
    /// In which cell.
    pub cell: CellRef,
    /// By whom.
    pub crew: Crew,
    /// The IMEIs that were read.
    pub imeis: Vec<Imei>,
    /// Whether it was on.
    pub power: Power,
    /// How it is, as custody has it.
    pub state: Option<ItemState>,
    /// Who has it.
    pub holder: Option<Holder>,
    /// Breaks in its chain.
    pub breaks: usize,
}

impl View<'_> {
    /// The report as of this time.
    pub fn report(&self, contacts: &BTreeMap<DeviceKey, Contact>, now: Timestamp) -> DayReport {
        let custody = self.exhibits().custody();
        let (operation, opened) = match self.opened() {
            Some((at, event)) => match &event.what {
                DayWhat::Opened { plan, .. } => (Some(plan.operation.clone()), Some(at)),
                _ => (None, Some(at)),
            },
            None => (None, None),
        };
        let flagged = self.entries().iter().filter(|dated| !dated.flags.is_empty());
        DayReport {
            v: VERSION,
            operation,
            opened,
            as_of: now,
            nation: self.nation(),
            sites: self.sites(contacts, now),
            cells: self.cells().into_iter().map(|(cell, view)| cell_line(cell, view)).collect(),
            finds: self.entries().iter().filter_map(|dated| self.find_line(dated, &custody)).collect(),
            devices: self.devices(contacts),
            flagged: flagged.map(|dated| (dated.event.id.clone(), dated.flags.clone())).collect(),
            disputed: self.day().disputed().map(|(id, contents)| (id.clone(), contents)).collect(),
            apart: self.day().apart(),
            open: self.open_ends(contacts),
            breaks: custody.breaks,
        }
    }

    fn find_line(&self, dated: &Dated<'_>, custody: &Custody) -> Option<FindLine> {
        let DayWhat::Found { cell, find } = &dated.event.what else { return None };
        let exhibit: Option<&Exhibit> = custody.items.get(&find.item);
        Some(FindLine {
            event: dated.event.id.clone(),
            item: find.item.clone(),
            at: dated.at,
            certainty: dated.certainty,
            cell: cell.clone(),
            crew: self.crew(dated),
            imeis: imeis(find),
            power: find.state,
            state: exhibit.map(|exhibit| exhibit.state.clone()),
            holder: exhibit.map(|exhibit| exhibit.holder.clone()),
            breaks: custody.breaks_of(&find.item).len(),
        })
    }
}

fn imeis(find: &Find) -> Vec<Imei> {
    [&find.imei, &find.second_imei].into_iter().filter_map(|imei| imei.read().cloned()).collect()
}

fn cell_line(cell: CellRef, view: CellView) -> CellLine {
    CellLine {
        cell,
        status: view.status,
        crews: view.crews.into_keys().collect(),
        expected_milli: view.planned.map(|planned| planned.expected_milli),
        phones: view.phones,
        others: view.others,
    }
}
