//! Handsets that are new, that succeed another, or that are elsewhere.

use std::collections::BTreeMap;

use cellsweep_model::rows::Seizure;
use cellsweep_model::{About, Alert, AlertKind, AlertReason, Device, FacilityId, Place, Successor};

use crate::{AlertSettings, Known, Now};

/// Findings that are told: those that the listing would change most without.
const FINDINGS: usize = 3;

/// New handsets, and those that are elsewhere; what is known of places goes into `next`.
pub(crate) fn places(known: &Known, now: &Now, settings: &AlertSettings, next: &mut Known) -> Vec<Alert> {
    (next.at, next.cells) = (known.at.clone(), known.cells.clone());
    let mut alerts = Vec::new();
    for device in &now.devices {
        for name in names(device) {
            let best = next.listed.entry(name).or_default();
            *best = best.max(device.probability);
        }
    }
    for device in now.devices.iter().filter(|device| device.probability >= settings.probability) {
        let was = names(device).iter().find_map(|name| known.at.get(name));
        match was {
            None => alerts.push(new_handset(known, device)),
            Some(facility) if *facility != device.facility => alerts.push(moved(device, facility)),
            Some(_) => {}
        }
        names(device).into_iter().for_each(|name| _ = next.at.insert(name, device.facility.clone()));
    }
    let likely = now.places.iter().filter(|place| place.probability >= settings.probability);
    alerts.extend(likely.filter_map(|place| other_cell(known, place, next)));
    alerts
}

/// All names that a handset goes by. Where several handsets use one IMEI, it names none of them.
fn names(device: &Device) -> Vec<String> {
    let mut names = vec![device.handset.clone()];
    if !device.cloned && !device.handset.contains('-') {
        names.extend(device.imei.iter().chain(&device.other_imeis).map(ToString::to_string));
    }
    names
}

fn about(key: String, device: &Device, reasons: Vec<AlertReason>) -> About {
    About {
        key,
        handset: Some(device.handset.clone()),
        earlier: None,
        probability: Some(device.probability),
        log10_lr: Some(device.log10_lr),
        reasons,
    }
}

fn new_handset(known: &Known, device: &Device) -> Alert {
    let before = names(device).iter().find_map(|name| known.listed.get(name)).copied();
    let mut reasons = vec![AlertReason::Listed {
        probability: device.probability,
        before,
        first_seen: device.first_seen,
        days_present: device.days_present,
    }];
    reasons.extend(found(device));
    let key = format!("{}|{}", AlertKind::NewHandset.word(), device.handset);
    Alert { kind: AlertKind::NewHandset, facility: device.facility.clone(), about: Some(about(key, device, reasons)) }
}

fn found(device: &Device) -> impl Iterator<Item = AlertReason> {
    let speaking = device.by_sway().into_iter().filter(|finding| finding.log10_lr > 0.0);
    speaking.take(FINDINGS).map(|finding| AlertReason::Found { finding: finding.clone() })
}

fn moved(device: &Device, was: &FacilityId) -> Alert {
    let key = format!("{}|{}|{}", AlertKind::Moved.word(), device.handset, device.facility);
    let mut reasons = vec![AlertReason::FacilityWas { facility: was.clone(), probability: device.probability }];
    reasons.extend(found(device));
    Alert { kind: AlertKind::Moved, facility: device.facility.clone(), about: Some(about(key, device, reasons)) }
}

/// A handset's likely cell, where it is another one than the last that was likely in the same facility.
fn other_cell(known: &Known, place: &Place, next: &mut Known) -> Option<Alert> {
    let now = place.cell.clone()?;
    next.cells.insert(place.handset.clone(), now.clone());
    let before = known.cells.get(&place.handset)?.clone();
    let same_facility = known.at.get(&place.handset) == Some(&place.facility);
    if before == now || !same_facility {
        return None;
    }
    let key = format!("{}|{}|{}|{now}", AlertKind::Moved.word(), place.handset, place.facility);
    Some(Alert {
        kind: AlertKind::Moved,
        facility: place.facility.clone(),
        about: Some(About {
            key,
            handset: Some(place.handset.clone()),
            earlier: None,
            probability: Some(place.probability),
            log10_lr: None,
            reasons: vec![AlertReason::CellWas { before, now, probability: place.probability }],
        }),
    })
}

/// Successions that aren't known: the earlier was found, or the later is taken to be in a facility.
pub(crate) fn successions(known: &Known, now: &Now, settings: &AlertSettings, next: &mut Known) -> Vec<Alert> {
    next.successions = known.successions.clone();
    let listed = best_rows(&now.devices);
    let mut alerts = Vec::new();
    for pair in now.successors.iter().filter(|pair| pair.probability >= settings.succession) {
        let Some(later) = listed.get(&pair.to) else { continue };
        let seized = seized(&now.seizures, &pair.from);
        if seized.is_none() && later.probability < settings.probability {
            continue;
        }
        let key = format!("{}|{}|{}", AlertKind::Successor.word(), pair.from, pair.to);
        if next.successions.insert(key.clone()) {
            alerts.push(succession(key, pair, later, seized));
        }
    }
    alerts
}

/// Each handset's likeliest row, by the names that successors go by.
fn best_rows(devices: &[Device]) -> BTreeMap<String, &Device> {
    let mut best: BTreeMap<String, &Device> = BTreeMap::new();
    for device in devices {
        for imei in device.imei.iter().chain(&device.other_imeis) {
            let row = best.entry(imei.to_string()).or_insert(device);
            if device.probability > row.probability {
                *row = device;
            }
        }
    }
    best
}

/// When a handset was found.
fn seized(seizures: &[Seizure], imei: &str) -> Option<i64> {
    let same = |seizure: &&Seizure| seizure.imei.is_some_and(|found| found.to_string() == imei);
    seizures.iter().filter(same).map(|seizure| seizure.time).min()
}

fn succession(key: String, pair: &Successor, later: &Device, seized: Option<i64>) -> Alert {
    let stopped = match seized {
        Some(time) => AlertReason::Seized { time },
        None => AlertReason::Vanished { last_seen: pair.last_seen },
    };
    let shared = AlertReason::SharedNumbers { numbers: pair.shared_contacts, first_seen: pair.first_seen };
    Alert {
        kind: AlertKind::Successor,
        facility: later.facility.clone(),
        about: Some(About {
            key,
            handset: Some(later.handset.clone()),
            earlier: Some(pair.from.clone()),
            probability: Some(pair.probability),
            log10_lr: Some(pair.log10_lr),
            reasons: vec![stopped, shared],
        }),
    }
}
