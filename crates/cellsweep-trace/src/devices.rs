//! What is known of single devices: ledger, catalogue, known devices, earlier seizures.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{Imei, Imsi, Tac};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Evidence;
use crate::candidate::Candidate;
use crate::stay::Stay;

/// Usual intervals after which a handset has fallen silent.
const LONG_SILENCE: f64 = 1.5;

/// Look-ups by IMEI and TAC.
#[derive(Debug, Default)]
pub struct DeviceFacts {
    classes: FxHashMap<Tac, DeviceClass>,
    /// By IMEI: when it was sold, and on which line of the ledger.
    sold: FxHashMap<Imei, (i64, usize)>,
    known: FxHashMap<Imei, String>,
    seized: FxHashMap<Imei, i64>,
    heard: FxHashMap<(u32, Imsi), u32>,
    heard_imeis: FxHashMap<(u32, Imei), u32>,
    sensed: FxHashSet<u32>,
    models: FxHashMap<Tac, String>,
    /// By facility: when phones were found there of which no IMEI is known, and their model.
    finds: FxHashMap<u32, Vec<(i64, Option<String>)>>,
}

impl DeviceFacts {
    /// Prepares the look-ups.
    pub fn new(evidence: &Evidence) -> Self {
        let mut facts = Self::default();
        for model in &evidence.models {
            facts.classes.insert(model.tac, model.class);
            if let Some(name) = &model.model {
                facts.models.insert(model.tac, name.clone());
            }
        }
        for (index, line) in evidence.ledger.iter().enumerate() {
            for imei in line.imei.iter().chain(&line.other_imei) {
                facts.sold.insert(*imei, (line.time, index));
            }
        }
        for device in &evidence.known_devices {
            facts.known.insert(device.imei, device.role.clone());
        }
        for seizure in &evidence.seizures {
            if let Some(imei) = seizure.imei {
                let last = facts.seized.entry(imei).or_insert(seizure.time);
                *last = seizure.time.max(*last);
            }
        }
        let index = facility_index(evidence);
        for seizure in evidence.seizures.iter().filter(|seizure| seizure.imei.is_none()) {
            if let Some(facility) = index.get(seizure.facility.as_str()) {
                facts.finds.entry(*facility).or_default().push((seizure.time, seizure.model.clone()));
            }
        }
        facts.listen(evidence);
        facts
    }

    /// Counts what each facility's sensors heard by the digits they caught.
    fn listen(&mut self, evidence: &Evidence) {
        let index = facility_index(evidence);
        let hangs: FxHashMap<&str, u32> = evidence
            .sensors
            .iter()
            .filter_map(|sensor| Some((sensor.sensor.as_str(), *index.get(sensor.facility.as_str())?)))
            .collect();
        for detection in &evidence.detections {
            let Some(facility) = hangs.get(detection.sensor.as_str()) else { continue };
            let Some(identity) = &detection.identity else { continue };
            self.sensed.insert(*facility);
            if let Ok(imsi) = identity.parse() {
                *self.heard.entry((*facility, imsi)).or_default() += 1;
            }
            if let Ok(imei) = identity.parse() {
                *self.heard_imeis.entry((*facility, imei)).or_default() += 1;
            }
        }
    }

    /// ln of one more than the times that sensors inside a facility caught a handset's digits or
    /// one of its subscribers'; NaN where no sensor there catches any.
    pub fn heard_by_sensors(&self, facility: u32, imei: Option<Imei>, imsis: &[Imsi]) -> f64 {
        if !self.sensed.contains(&facility) {
            return f64::NAN;
        }
        let times: u32 = imsis.iter().filter_map(|imsi| self.heard.get(&(facility, *imsi))).sum();
        let own = imei.and_then(|imei| self.heard_imeis.get(&(facility, imei))).copied().unwrap_or_default();
        f64::from(times + own + 1).ln()
    }

    /// Whether a handset that fell silent may be one that was found there without its IMEI being
    /// read: 0 where it isn't silent or nothing was found soon after its last record, 1 where the
    /// find's model isn't known, 2 where it is the handset's. `silence` is in its usual intervals.
    pub fn found_after(&self, stay: &Stay, candidate: &Candidate, silence: f64, at: i64) -> f64 {
        let Some(finds) = self.finds.get(&stay.facility).filter(|_| silence > LONG_SILENCE) else { return 0.0 };
        let until = (stay.last + ((at - stay.last) as f64 / silence * LONG_SILENCE) as i64).min(at);
        let own = candidate.imei.and_then(|imei| self.models.get(&imei.tac()));
        let soon = finds.iter().filter(|(time, _)| *time >= stay.last && *time <= until);
        let says = soon.map(|(_, model)| match (model, own) {
            (Some(found), Some(own)) if found == own => 2.0,
            (Some(_), Some(_)) => 0.0,
            _ => 1.0,
        });
        says.fold(0.0, f64::max)
    }

    /// The catalogue's class.
    pub fn class(&self, imei: Option<Imei>) -> DeviceClass {
        imei.and_then(|imei| self.classes.get(&imei.tac()).copied()).unwrap_or(DeviceClass::Unknown)
    }

    /// When the ledger says it was sold.
    pub fn sold(&self, imei: Option<Imei>) -> Option<i64> {
        imei.and_then(|imei| self.sold.get(&imei)).map(|(time, _)| *time)
    }

    /// Whether the ledger sold two IMEIs as two devices; two on one line are one phone's slots.
    pub fn sold_apart(&self, first: Option<Imei>, second: Option<Imei>) -> bool {
        let line = |imei: Option<Imei>| imei.and_then(|imei| self.sold.get(&imei)).map(|(_, line)| *line);
        matches!((line(first), line(second)), (Some(first), Some(second)) if first != second)
    }

    /// Its role, where the administration knows it.
    pub fn role(&self, imei: Option<Imei>) -> Option<&str> {
        imei.and_then(|imei| self.known.get(&imei).map(String::as_str))
    }

    /// When it was last seized.
    pub fn seized(&self, imei: Option<Imei>) -> Option<i64> {
        imei.and_then(|imei| self.seized.get(&imei).copied())
    }

    /// Whether there is a ledger that names devices.
    pub fn has_ledger(&self) -> bool {
        !self.sold.is_empty()
    }

    /// 1 in the ledger, else 0: a ledger that is missing, or doesn't name devices, says nothing.
    pub fn ledger_index(&self, imei: Option<Imei>) -> f64 {
        f64::from(u8::from(self.sold(imei).is_some()))
    }

    /// 1 for a device that the administration knows, else 0.
    pub fn known_index(&self, imei: Option<Imei>) -> f64 {
        f64::from(u8::from(self.role(imei).is_some()))
    }

    /// 0 where it was never seized, 1 seized and not heard since, 2 heard again since.
    pub fn seized_index(&self, imei: Option<Imei>, last_seen: i64, at: i64) -> f64 {
        match self.seized(imei).filter(|time| *time <= at) {
            None => 0.0,
            Some(time) if last_seen <= time => 1.0,
            Some(_) => 2.0,
        }
    }
}

/// Facilities' places in the evidence, by identifier.
pub fn facility_index(evidence: &Evidence) -> FxHashMap<&str, u32> {
    evidence.facilities.iter().enumerate().map(|(index, facility)| (facility.id.as_str(), index as u32)).collect()
}
