//! Which handsets count as inside, and in which wing.
//!
//! They are chosen without what they did under jamming: a handset that fell silent when its wing was jammed is weighed
//! up for it by trace, and one that stayed silent is weighed down. Counting with those findings would answer the
//! question before it is asked. So they are taken out of the weight first.

use cellsweep_model::case::Run;
use cellsweep_model::custody::Cell;
use cellsweep_model::finding::{Fact, Finding};
use cellsweep_model::table::Table;
use cellsweep_model::{Device, FacilityId, HandsetKey, Imei};
use cellsweep_store::Case;
use rustc_hash::FxHashMap;

use crate::trace::{read, window};
use crate::{DeviceFilter, FlowError, devices, places};

/// A handset counts as inside from this probability on.
pub(super) const LIKELY: f64 = 0.8;
/// Where an effect on those inside is measured, from this one on. Those listed in error go on as before and dilute it, and
/// there are more of them than their number: officials' and spare handsets speak more than hidden ones. From four in
/// five on, a made-up fall of 60 % comes out as one of 56 %; from nineteen in twenty on, as one of 60 %.
pub(super) const CERTAIN: f64 = 0.95;
/// And in a wing from this share of where it may lie on.
const IN_WING: f64 = 0.6;

/// A handset taken to be inside.
pub(super) struct Inside {
    /// Its key in the latest trace.
    pub handset: String,
    pub facility: FacilityId,
    /// `None` where attribution doesn't tell.
    pub wing: Option<String>,
    pub imeis: Vec<Imei>,
    /// That it lies in the facility, whatever it did under jamming.
    pub probability: f64,
}

impl Inside {
    /// What its records are joined on.
    pub fn keys(&self) -> impl Iterator<Item = HandsetKey> + '_ {
        self.imeis.iter().filter_map(|imei| HandsetKey::of(Some(*imei), None, None))
    }
}

/// The time that a run was asked for.
pub(super) fn asked_at(case: &Case, run: &Run) -> i64 {
    run.settings.get("at").and_then(serde_json::Value::as_i64).unwrap_or_else(|| window(case).1)
}

/// The handsets inside by the latest trace, at `least` so probably, each in its likeliest facility.
///
/// # Errors
/// When the case has not been traced, or a run or a table is not as written.
pub(super) fn inside(case: &Case, least: f64) -> Result<Vec<Inside>, FlowError> {
    let wings = wings(case)?;
    let mut best: FxHashMap<String, Inside> = FxHashMap::default();
    // Rows of an IMEI that several handsets use can't be told apart.
    for device in devices(case, &DeviceFilter::default())?.into_iter().filter(|device| !device.cloned) {
        let probability = probability(&device);
        if probability < least || best.get(&device.handset).is_some_and(|known| known.probability >= probability) {
            continue;
        }
        let wing = wings.get(&(device.handset.clone(), device.facility.clone())).cloned();
        let one = Inside {
            facility: device.facility,
            wing,
            imeis: device.imei.into_iter().chain(device.other_imeis).collect(),
            probability,
            handset: device.handset.clone(),
        };
        best.insert(device.handset, one);
    }
    let mut all: Vec<Inside> = best.into_values().collect();
    all.sort_by(|a, b| a.handset.cmp(&b.handset));
    Ok(all)
}

/// That it is kept there, without what it did under jamming or since it was found.
fn probability(device: &Device) -> f64 {
    let taken = |finding: &&Finding| match finding.fact {
        Fact::Jammed { .. } | Fact::FoundUnread { .. } | Fact::SeizedBefore => true,
        // Where silence speaks against it; days on which it was heard stay.
        Fact::Presence { .. } => finding.log10_lr < 0.0,
        _ => false,
    };
    let weight: f64 = device.findings.iter().filter(taken).map(|finding| finding.log10_lr).sum();
    let odds = device.probability / (1.0 - device.probability).max(1e-9) / 10.0_f64.powf(weight);
    odds / (1.0 + odds)
}

/// The wing that most of where a handset may lie is in; nothing where the case was not attributed.
fn wings(case: &Case) -> Result<FxHashMap<(String, FacilityId), String>, FlowError> {
    if case.latest_run(crate::attribute::STEP).is_none() {
        return Ok(FxHashMap::default());
    }
    let cells: Vec<Cell> = read(case, Table::Cells)?;
    let wing_of: FxHashMap<_, _> =
        cells.into_iter().filter_map(|cell| Some(((cell.facility, cell.cell), cell.wing?))).collect();
    let mut sums: FxHashMap<(String, FacilityId), (f64, FxHashMap<String, f64>)> = FxHashMap::default();
    for place in places(case)? {
        let wing = place.cell.and_then(|cell| wing_of.get(&(place.facility.clone(), cell)).cloned());
        let sum = sums.entry((place.handset, place.facility)).or_default();
        sum.0 += place.probability;
        if let Some(wing) = wing {
            *sum.1.entry(wing).or_default() += place.probability;
        }
    }
    let mostly = |(key, (all, by_wing)): ((String, FacilityId), (f64, FxHashMap<String, f64>))| {
        let (wing, share) = by_wing.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (share >= IN_WING * all).then_some((key, wing))
    };
    Ok(sums.into_iter().filter_map(mostly).collect())
}
