//! Who may use the devices, and what may lie in which cell.

use std::collections::BTreeMap;

use cellsweep_model::case::Run;
use cellsweep_model::custody::{Cell, Held};
use cellsweep_model::table::Table;
use cellsweep_model::{CellId, FacilityId, Holder, Segment};
use cellsweep_report::{CellPage, DevicePage};
use cellsweep_store::Case;
use rustc_hash::FxHashMap;

use crate::FlowError;
use crate::attribute::{STEP, holders, places, segments};
use crate::trace::read;

/// Candidates on a device's page, none on the roster included.
const CANDIDATES: usize = 6;
/// Handsets less likely than this are not named in a cell, though they count in its sum.
const LEAST: f64 = 0.02;

/// Adds each device's holders, now and over time; gives the cells. Nothing where the trace was not attributed.
pub(crate) fn add(
    case: &Case,
    trace: &Run,
    pages: &mut [DevicePage],
    at: i64,
) -> Result<BTreeMap<FacilityId, Vec<CellPage>>, FlowError> {
    let attributed = case.latest_run(STEP).is_some_and(|run| run.inputs.contains(&trace.id));
    if !attributed {
        return Ok(BTreeMap::new());
    }
    let mut rows: FxHashMap<(String, FacilityId), Vec<Holder>> = FxHashMap::default();
    for holder in holders(case)? {
        let of_pair = rows.entry((holder.handset.clone(), holder.facility.clone())).or_default();
        if of_pair.len() + 1 < CANDIDATES || holder.inmate.is_none() {
            of_pair.push(holder);
        }
    }
    let mut uses: FxHashMap<(String, FacilityId), Vec<Segment>> = FxHashMap::default();
    for segment in segments(case)? {
        uses.entry((segment.handset.clone(), segment.facility.clone())).or_default().push(segment);
    }
    for page in pages {
        let key = (page.device.handset.clone(), page.device.facility.clone());
        page.holders = rows.remove(&key).unwrap_or_default();
        page.segments = uses.remove(&key).unwrap_or_default();
    }
    cells(case, at)
}

fn cells(case: &Case, at: i64) -> Result<BTreeMap<FacilityId, Vec<CellPage>>, FlowError> {
    let mut cells: BTreeMap<FacilityId, BTreeMap<CellId, CellPage>> = BTreeMap::new();
    let mut page = |facility: FacilityId, cell: CellId, change: &dyn Fn(&mut CellPage)| {
        let empty = CellPage { cell: cell.clone(), wing: None, held: 0, expected: 0.0, handsets: Vec::new() };
        change(cells.entry(facility).or_default().entry(cell).or_insert(empty));
    };
    for cell in read::<Cell>(case, Table::Cells)? {
        page(cell.facility, cell.cell, &|page| page.wing.clone_from(&cell.wing));
    }
    for held in read::<Held>(case, Table::Roster)?.into_iter().filter(|held| held.at(at)) {
        if let Some(cell) = held.cell {
            page(held.facility, cell, &|page| page.held += 1);
        }
    }
    for place in places(case)? {
        let Some(cell) = place.cell else { continue };
        page(place.facility, cell, &|page| {
            page.expected += place.probability;
            if place.probability >= LEAST {
                page.handsets.push((place.handset.clone(), place.probability));
            }
        });
    }
    let sorted = |cells: BTreeMap<CellId, CellPage>| {
        let mut pages: Vec<CellPage> = cells.into_values().collect();
        for page in &mut pages {
            page.handsets.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        pages
    };
    Ok(cells.into_iter().map(|(facility, cells)| (facility, sorted(cells))).collect())
}
