//! Where handsets were listed before searches were made: only a list from before can say what a search missed. A list
//! from after it has lost what was found.

use cellsweep_model::case::Run;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{CellId, Device, FacilityId, Imei};
use cellsweep_store::Case;
use rustc_hash::FxHashMap;

use crate::FlowError;
use crate::assess::inside::{Inside, asked_at};

/// A handset lay in a cell from this probability on; it counts by it.
const LAY_THERE: f64 = 0.5;
/// A handset was inside from this probability on.
const INSIDE: f64 = 0.5;
/// A list says where handsets lie for so long.
const HOLDS_US: i64 = 30 * 86_400_000_000;

/// Handsets with where they lie, as of a time.
pub(super) struct Listing {
    at: i64,
    lying: FxHashMap<(FacilityId, CellId), Vec<Lying>>,
}

/// A handset in a cell.
#[derive(Clone)]
pub(super) struct Lying {
    pub handset: String,
    pub imeis: Vec<Imei>,
    pub class: DeviceClass,
    pub probability: f64,
}

/// The case's attributions, each with the trace that it rests on; in the order of the times that they are as of.
///
/// # Errors
/// When a run is not as written.
pub(super) fn listings(case: &Case) -> Result<Vec<Listing>, FlowError> {
    let (mut traced, mut listings): (Option<&Run>, Vec<Listing>) = (None, Vec::new());
    for run in case.manifest().runs() {
        if run.step == crate::trace::STEP {
            traced = Some(run);
        } else if let (true, Some(trace)) = (run.step == crate::attribute::STEP, traced) {
            listings.push(listing(case, trace, run)?);
        }
    }
    listings.sort_by_key(|listing| listing.at);
    Ok(listings)
}

fn listing(case: &Case, trace: &Run, attribution: &Run) -> Result<Listing, FlowError> {
    let known: FxHashMap<String, Device> =
        devices_of(case, trace)?.into_iter().map(|device| (device.handset.clone(), device)).collect();
    let mut lying: FxHashMap<(FacilityId, CellId), Vec<Lying>> = FxHashMap::default();
    for place in case.holders_of(attribution)?.places()? {
        let (Some(cell), Some(device)) = (place.cell, known.get(&place.handset)) else { continue };
        if place.probability >= LAY_THERE {
            lying.entry((place.facility, cell)).or_default().push(Lying {
                handset: place.handset,
                imeis: device.imei.iter().chain(&device.other_imeis).copied().collect(),
                class: device.class,
                probability: place.probability,
            });
        }
    }
    Ok(Listing { at: asked_at(case, attribution), lying })
}

/// Devices of a run that can be told apart by their IMEI.
fn devices_of(case: &Case, trace: &Run) -> Result<Vec<Device>, FlowError> {
    Ok(case.devices_of(trace)?.read()?.into_iter().filter(|device| !device.cloned).collect())
}

/// The latest list as of a time before a search that still holds then.
pub(super) fn before(listings: &[Listing], time: i64) -> Option<&Listing> {
    let earlier = listings.iter().rev().find(|listing| listing.at <= time)?;
    (time - earlier.at <= HOLDS_US).then_some(earlier)
}

impl Listing {
    /// Handsets that lie in a cell.
    pub fn in_cell(&self, facility: &FacilityId, cell: &CellId) -> &[Lying] {
        self.lying.get(&(facility.clone(), cell.clone())).map_or(&[], Vec::as_slice)
    }

    /// As of when.
    pub fn at(&self) -> i64 {
        self.at
    }

    fn everybody(&self) -> impl Iterator<Item = (&FacilityId, &Lying)> {
        self.lying.iter().flat_map(|((facility, _), lying)| lying.iter().map(move |one| (facility, one)))
    }
}

/// Everybody who lies anywhere in any list, once each, in the order of their keys.
pub(super) fn everybody(listings: &[Listing]) -> Vec<Inside> {
    let mut all: FxHashMap<&str, Inside> = FxHashMap::default();
    for (facility, one) in listings.iter().flat_map(Listing::everybody) {
        let inside = Inside {
            handset: one.handset.clone(),
            facility: facility.clone(),
            wing: None,
            imeis: one.imeis.clone(),
            probability: one.probability,
        };
        all.insert(&one.handset, inside);
    }
    let mut all: Vec<Inside> = all.into_values().collect();
    all.sort_by(|a, b| a.handset.cmp(&b.handset));
    all
}

/// When a trace was asked for, and the IMEIs of each handset that it takes to be inside.
pub(super) type Traced = (i64, Vec<Vec<Imei>>);

/// IMEIs that a trace takes to be inside, handset by handset, and the time that it was asked for; of every trace, the
/// latest first.
///
/// # Errors
/// When a run is not as written.
pub(super) fn traces(case: &Case) -> Result<Vec<Traced>, FlowError> {
    let mut traces = Vec::new();
    for run in case.manifest().runs().filter(|run| run.step == crate::trace::STEP) {
        let likely = devices_of(case, run)?.into_iter().filter(|device| device.probability >= INSIDE);
        let imeis = likely.map(|device| device.imei.into_iter().chain(device.other_imeis).collect()).collect();
        traces.push((asked_at(case, run), imeis));
    }
    traces.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(traces)
}
