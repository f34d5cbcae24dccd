//! What was found, next to what was there: only where the whole truth is known.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::Device;
use cellsweep_report::{Calibration, FalseAlarm, LabelledCase, Stratum, Text, Truth};
use cellsweep_world::truth::{self, Class, Guess, Handset, Score};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::FlowError;

/// A device counts as found from this probability on.
const FOUND: f64 = 0.5;

/// A list of devices measured against the truth.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Figures over the whole list.
    pub score: Score,
    /// Weights against the truth, for the plots.
    pub calibration: Calibration,
    /// What was found and what was missed, by kind.
    pub truth: Truth,
}

/// Compares devices with a world's `truth` folder.
pub(crate) fn compare(folder: &Path, devices: &[Device]) -> Result<Comparison, FlowError> {
    let handsets = truth::read(&folder.join("handsets.csv"))?;
    let guesses: Vec<Guess> = devices.iter().map(guess).collect();
    let labels = labels(&handsets, devices);
    let there = handsets.iter().filter(|handset| could_be_found(handset)).count();
    let measured_on = Text::new(
        "le monde fabriqué, dont toute la vérité est connue",
        "the made-up world, whose whole truth is known",
    );
    Ok(Comparison {
        score: truth::score(&handsets, &guesses),
        calibration: Calibration::measure(&cases(devices, &labels), there, measured_on),
        truth: Truth {
            threshold: FOUND,
            kept: strata(&KINDS, &handsets, devices),
            marked: strata(&MARKS, &handsets, devices),
            false_alarms: false_alarms(&handsets, devices, &labels),
        },
    })
}

fn guess(device: &Device) -> Guess {
    Guess {
        imei: device.imei.map(|imei| imei.to_string()).unwrap_or_default(),
        other_imeis: device.other_imeis.iter().map(ToString::to_string).collect(),
        facility: device.facility.to_string(),
        probability: device.probability,
    }
}

/// A phone that left no record can't be found by any method.
fn could_be_found(handset: &Handset) -> bool {
    handset.kept && handset.events > 0
}

fn imeis(device: &Device) -> impl Iterator<Item = String> + '_ {
    device.imei.iter().chain(&device.other_imeis).map(ToString::to_string)
}

fn imeis_of(handset: &Handset) -> impl Iterator<Item = &str> {
    [handset.imei14.as_str(), handset.other_imei.as_str()].into_iter().filter(|imei| !imei.is_empty())
}

/// Which rows are right, best first: each phone makes one row right.
fn labels(handsets: &[Handset], devices: &[Device]) -> Vec<bool> {
    let mut there: FxHashMap<(&str, &str), Vec<u32>> = FxHashMap::default();
    for handset in handsets.iter().filter(|handset| could_be_found(handset)) {
        for imei in imeis_of(handset) {
            there.entry((imei, &handset.facility)).or_default().push(handset.key);
        }
    }
    let mut taken = FxHashSet::default();
    let mut labels = Vec::with_capacity(devices.len());
    for device in devices {
        let mut keys = Vec::new();
        for imei in imeis(device) {
            keys.extend(there.get(&(imei.as_str(), device.facility.as_str())).into_iter().flatten().copied());
        }
        labels.push(keys.into_iter().any(|key| taken.insert(key)));
    }
    labels
}

fn cases(devices: &[Device], labels: &[bool]) -> Vec<LabelledCase> {
    let case = |(device, &kept): (&Device, &bool)| LabelledCase {
        log10_lr: device.log10_lr,
        probability: device.probability,
        kept,
    };
    devices.iter().zip(labels).map(case).collect()
}

/// Where each IMEI is listed as found.
fn found_at(devices: &[Device]) -> FxHashMap<String, Vec<&str>> {
    let mut found: FxHashMap<String, Vec<&str>> = FxHashMap::default();
    for device in devices.iter().filter(|device| device.probability >= FOUND) {
        for imei in imeis(device) {
            found.entry(imei).or_default().push(device.facility.as_str());
        }
    }
    found
}

/// A kind of phone, and whether one is of it.
type Kind = (&'static str, &'static str, fn(&Handset) -> bool);

/// Every phone is of one of these.
const KINDS: [Kind; 3] = [
    ("minis", "minis", |phone| phone.class == Class::InmateMini),
    ("smartphones", "smartphones", |phone| phone.class == Class::InmateSmart),
    ("téléphones simples", "plain telephones", |phone| phone.class == Class::InmateFeature),
];

/// A phone may bear several of these marks, or none.
const MARKS: [Kind; 7] = [
    ("dont : dans une aile brouillée", "of these: in a jammed wing", |phone| phone.jammed),
    ("dont : loués", "of these: rented", |phone| phone.rented),
    ("dont : transférés", "of these: moved to another facility", |phone| phone.transferred),
    ("dont : arrivés pendant la période", "of these: came in during the window", |phone| phone.arrives_mid),
    ("dont : IMEI cloné", "of these: cloned IMEI", |phone| phone.cloned),
    ("dont : dans le registre du fournisseur", "of these: in the supplier’s ledger", |phone| phone.in_ledger),
    ("dont : utilisés six fois au plus", "of these: used six times at most", |phone| phone.uses <= 6),
];

fn strata(kinds: &[Kind], handsets: &[Handset], devices: &[Device]) -> Vec<Stratum> {
    let found = found_at(devices);
    let mut strata = Vec::new();
    for (fr, en, is_of) in kinds {
        let mut stratum = Stratum { name: Text::new(*fr, *en), there: 0, found: 0, wrong: 0 };
        for handset in handsets.iter().filter(|handset| could_be_found(handset) && is_of(handset)) {
            count(&mut stratum, handset, &found);
        }
        if stratum.there > 0 {
            strata.push(stratum);
        }
    }
    strata
}

fn count(stratum: &mut Stratum, handset: &Handset, found: &FxHashMap<String, Vec<&str>>) {
    let listed: Vec<&str> = imeis_of(handset).filter_map(|imei| found.get(imei)).flatten().copied().collect();
    stratum.there += 1;
    if listed.contains(&handset.facility.as_str()) {
        stratum.found += 1;
    } else if !listed.is_empty() {
        stratum.wrong += 1;
    }
}

fn false_alarms(handsets: &[Handset], devices: &[Device], labels: &[bool]) -> Vec<FalseAlarm> {
    let mut classes: FxHashMap<&str, Class> = FxHashMap::default();
    for handset in handsets {
        for imei in imeis_of(handset) {
            classes.entry(imei).or_insert(handset.class);
        }
    }
    let mut counts: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for (device, _) in devices.iter().zip(labels).filter(|(device, right)| device.probability >= FOUND && !**right) {
        let class = imeis(device).find_map(|imei| classes.get(imei.as_str()).copied());
        *counts.entry(class.map_or(("inconnus", "unknown"), class_words)).or_default() += 1;
    }
    let mut alarms: Vec<FalseAlarm> =
        counts.into_iter().map(|((fr, en), listed)| FalseAlarm { name: Text::new(fr, en), listed }).collect();
    alarms.sort_by_key(|alarm| std::cmp::Reverse(alarm.listed));
    alarms
}

const fn class_words(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::InmateMini | Class::InmateSmart | Class::InmateFeature => {
            ("téléphones de détenus, ailleurs ou plus là", "inmates’ phones, elsewhere or gone")
        }
        Class::Neighbour => ("voisins", "neighbours"),
        Class::HomeStayer => ("personnes qui ne sortent pas", "people who never leave home"),
        Class::FreeMiniOwner => ("minis de gens libres", "free people’s minis"),
        Class::FreeMiniNextDoor => ("minis de voisins", "neighbours’ minis"),
        Class::SparePhone => ("téléphones de secours", "spare phones"),
        Class::AlarmModemInside => ("modems d’alarme, dans les murs", "alarm modems inside the wall"),
        Class::AlarmModemBeside => ("modems d’alarme, à côté", "alarm modems beside the wall"),
        Class::OfficerLocker => ("agents, téléphone au casier", "officers’ phones in the locker"),
        Class::OfficerPocket => ("agents, téléphone sur eux", "officers’ phones in the pocket"),
        Class::Official => ("téléphones de service", "official handsets"),
        Class::Visitor => ("visiteurs", "visitors"),
        Class::Lawyer => ("avocats", "lawyers"),
        Class::NightNurse => ("infirmiers de nuit", "night nurses"),
        Class::Traveller => ("voyageurs", "travellers"),
        Class::Driver => ("chauffeurs", "drivers"),
        Class::PasserBy => ("passants", "passers-by"),
        Class::Released => ("détenus libérés", "released inmates"),
        Class::Ordinary => ("tout le monde", "everybody else"),
    }
}
