//! Labels of a case's own: handsets whose place is known from elsewhere than the records.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Counts, Labelled, cllr, cllr_min, elub};
use crate::calibration::Bounds;
use crate::finding::Fact;
use crate::rows::{KnownDevice, Seizure};
use crate::{Device, FacilityId, Imei};

/// Labels of each truth from which on a case's own are enough to measure by.
pub const LEAST_LABELS: usize = 30;
/// A find tells where a handset was kept at the asked time if it came at most this long after it,
/// microseconds: who was found before is not there any more.
const SOON_US: i64 = 14 * 86_400_000_000;

/// The handsets of a case whose place at the asked time is known: found in a search soon after it
/// with their IMEI (inside, in that facility and no other), or known to the administration (kept in none).
pub struct OwnTruth<'a> {
    at: i64,
    known: FxHashSet<Imei>,
    found: FxHashMap<Imei, Vec<(i64, &'a FacilityId)>>,
}

impl<'a> OwnTruth<'a> {
    /// Looks the tables through once; `at` is the time that the weights are asked for.
    pub fn new(known: &[KnownDevice], seizures: &'a [Seizure], at: i64) -> Self {
        let mut found: FxHashMap<Imei, Vec<(i64, &FacilityId)>> = FxHashMap::default();
        for seizure in seizures {
            if let Some(imei) = seizure.imei {
                found.entry(imei).or_default().push((seizure.time, &seizure.facility));
            }
        }
        Self { at, known: known.iter().map(|device| device.imei).collect(), found }
    }

    /// Whether anything is known of a handset with this IMEI.
    pub fn speaks_of(&self, imei: Imei) -> bool {
        self.known.contains(&imei) || self.found.contains_key(&imei)
    }

    /// The row's weight with its truth, where that is known.
    ///
    /// Left out, because they don't tell: an IMEI that several handsets use, one that was found
    /// before the asked time, or long after that or after it was heard, one found in two
    /// facilities, and a known device that was found inside. The findings that rest on the label itself don't count
    /// in the weight; what calibration made of them stays.
    pub fn label(&self, device: &Device) -> Option<Labelled> {
        if device.cloned {
            return None;
        }
        let imeis = || device.imei.iter().chain(&device.other_imeis);
        let known = imeis().any(|imei| self.known.contains(imei));
        let finds: Vec<_> = imeis().filter_map(|imei| self.found.get(imei)).flatten().collect();
        let positive = match (known, finds.as_slice()) {
            (true, []) => false,
            (false, [(time, facility), more @ ..]) => {
                let since = self.at.max(device.last_seen);
                let soon = |time: &i64| (0..=SOON_US).contains(&(time - since));
                if !soon(time) || more.iter().any(|(time, other)| !soon(time) || other != facility) {
                    return None;
                }
                **facility == device.facility
            }
            _ => return None,
        };
        Some(Labelled { log10_lr: device.log10_lr - told(device), positive })
    }
}

/// What the findings that rest on the label itself say.
fn told(device: &Device) -> f64 {
    let rests_on_it = |fact: &Fact| matches!(fact, Fact::Known { .. } | Fact::SeizedBefore);
    device.findings.iter().filter(|finding| rests_on_it(&finding.fact)).map(|finding| finding.log10_lr).sum()
}

/// The weights of a case's own handsets with their truth, see [`OwnTruth::label`].
///
/// `devices` are all rows that were weighed, whatever their probability: a list from a threshold on
/// lacks the very rows where the weights were right about handsets kept elsewhere.
pub fn own_labels(devices: &[Device], known: &[KnownDevice], seizures: &[Seizure], at: i64) -> Vec<Labelled> {
    let truth = OwnTruth::new(known, seizures, at);
    devices.iter().filter_map(|device| truth.label(device)).collect()
}

/// What is known of how good a case's weights are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Basis {
    /// The case has too few labels of its own: nothing is known but how the weights do on made-up
    /// worlds.
    MadeUpWorlds {
        /// The labels that there are.
        labels: Counts,
        /// The labels of each truth that it takes.
        needed: usize,
    },
    /// Measured on the case's own labels.
    OwnLabels {
        /// How many of each truth.
        labels: Counts,
        /// Log-likelihood-ratio cost.
        cllr: f64,
        /// Its smallest value under any monotone recalibration.
        cllr_min: f64,
        /// The ratios that the labels can carry.
        bounds: Bounds,
    },
}

impl Basis {
    /// From a case's own labels, where there are at least [`LEAST_LABELS`] of each truth.
    pub fn of(cases: &[Labelled]) -> Self {
        let labels = Counts::of(cases);
        let enough = labels.positives.min(labels.negatives) >= LEAST_LABELS;
        match (cllr(cases), cllr_min(cases), elub(cases)) {
            (Some(cllr), Some(cllr_min), Some(bounds)) if enough => Self::OwnLabels { labels, cllr, cllr_min, bounds },
            _ => Self::MadeUpWorlds { labels, needed: LEAST_LABELS },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Source};
    use crate::rows::DeviceClass;

    const DAY: i64 = 86_400_000_000;
    const PHONE: &str = "35209900176148";
    const OTHER: &str = "35209900176149";

    fn imei(text: &str) -> Imei {
        text.parse().unwrap()
    }

    fn facility(text: &str) -> FacilityId {
        text.parse().unwrap()
    }

    /// Last heard on day 10, weight 1.5.
    fn device(at: &str) -> Device {
        Device {
            handset: PHONE.to_owned(),
            imei: Some(imei(PHONE)),
            other_imeis: Vec::new(),
            facility: facility(at),
            log10_lr: 1.5,
            probability: 0.5,
            first_seen: 0,
            last_seen: 10 * DAY,
            events: 9,
            days_present: 3,
            imsis: 1,
            in_ledger: false,
            class: DeviceClass::Mini,
            cloned: false,
            findings: Vec::new(),
        }
    }

    fn seizure(day: i64, at: &str, phone: &str) -> Seizure {
        Seizure { time: day * DAY, facility: facility(at), imei: Some(imei(phone)), model: None }
    }

    fn known(phone: &str) -> KnownDevice {
        KnownDevice { imei: imei(phone), role: "officer".to_owned() }
    }

    fn check(device: &Device, known: &[KnownDevice], seizures: &[Seizure], expected: Option<bool>) {
        let labels = own_labels(std::slice::from_ref(device), known, seizures, 11 * DAY);
        assert_eq!(labels.first().map(|label| label.positive), expected, "{seizures:?}");
    }

    #[test]
    fn finds_and_known_devices_tell() {
        check(&device("A"), &[], &[seizure(12, "A", PHONE)], Some(true));
        check(&device("A"), &[], &[seizure(12, "B", PHONE)], Some(false));
        check(&device("A"), &[known(PHONE)], &[], Some(false));
        check(&device("A"), &[known(OTHER)], &[seizure(12, "A", OTHER)], None);
        let two_slots = Device { other_imeis: vec![imei(OTHER)], ..device("A") };
        check(&two_slots, &[], &[seizure(12, "A", OTHER)], Some(true));
        check(&two_slots, &[], &[seizure(12, "A", PHONE), seizure(12, "A", OTHER)], Some(true));
    }

    #[test]
    fn what_does_not_tell_is_left_out() {
        check(&device("A"), &[], &[seizure(9, "A", PHONE)], None);
        check(&device("A"), &[], &[seizure(10, "A", PHONE)], None);
        check(&device("A"), &[], &[seizure(40, "A", PHONE)], None);
        check(&device("A"), &[], &[seizure(11, "A", PHONE), seizure(12, "B", PHONE)], None);
        check(&device("A"), &[known(PHONE)], &[seizure(12, "A", PHONE)], None);
        check(&Device { cloned: true, ..device("A") }, &[known(PHONE)], &[], None);
        let without_imei = Device { imei: None, ..device("A") };
        check(&without_imei, &[known(PHONE)], &[seizure(12, "A", PHONE)], None);
    }

    #[test]
    fn a_label_is_not_weighed_by_itself() {
        let finding = |fact: Fact, log10_lr: f64| Finding { fact, source: Source::Administration, log10_lr };
        let role = "officer".to_owned();
        let findings = vec![finding(Fact::Known { role }, -2.0), finding(Fact::NotInLedger, 3.5)];
        let labels = own_labels(&[Device { findings, ..device("A") }], &[known(PHONE)], &[], 11 * DAY);
        assert_eq!(labels, [Labelled { log10_lr: 3.5, positive: false }]);
    }

    #[test]
    fn too_few_labels_are_said_to_be_too_few() {
        let cases = |count: usize| -> Vec<Labelled> {
            (0..2 * count).map(|i| Labelled { log10_lr: 0.1, positive: i % 2 == 0 }).collect()
        };
        let labels = Counts { positives: 29, negatives: 29 };
        assert_eq!(Basis::of(&cases(29)), Basis::MadeUpWorlds { labels, needed: 30 });
        assert!(matches!(Basis::of(&cases(30)), Basis::OwnLabels { .. }));
        assert!(matches!(Basis::of(&[]), Basis::MadeUpWorlds { .. }));
    }
}
