//! The traced handsets with what attribution reads of their records: nobody else's are read,
//! but for the calls that others made to the traced handsets' own numbers.

use cellsweep_attribute::{Evidence, Phone};
use cellsweep_engine::{EngineSettings, ProfileImport, Wanted, WantedPeers, map_events, map_peers, map_profiles};
use cellsweep_model::peers::{HandsetPeers, PeerRow};
use cellsweep_model::{Device, HandsetKey, Imsi, Msisdn};
use cellsweep_store::Case;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FlowError;
use crate::trace::profile_imports;

/// Which traced handset a key's records belong to.
pub(crate) struct Keys {
    /// By an IMEI's key, or the scrambled key of a subscriber without one.
    by_key: FxHashMap<u64, Vec<usize>>,
    /// What tells handsets apart that share an IMEI, by handset; blank where nothing has to.
    suffixes: Vec<String>,
}

/// Gathers the handsets of a trace, in the order of its list, with what says whose a record is. What was recorded after the
/// asked time says nothing of whose a handset is then: it is left out.
pub(crate) fn gather(
    case: &Case,
    devices: &[Device],
    evidence: &Evidence,
    engine: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
) -> Result<(Vec<Phone>, Keys), FlowError> {
    let (mut phones, keys) = by_handset(devices);
    let imports = profile_imports(case)?;
    add_peers(&mut phones, &keys, evidence.at, &imports, engine)?;
    progress(0.3);
    add_callers(&mut phones, evidence, &imports, engine)?;
    progress(0.5);
    let wanted = Wanted { key: &|key| keys.has(key), ..Wanted::ALL };
    for profile in map_profiles(&imports, engine, &|_| {}, wanted, &|profile| vec![profile])? {
        for phone in keys.of(profile.key) {
            let ours = profile.rows.iter().filter(|row| row.first <= evidence.at && keys.is_ours(phone, row.imsi));
            phones[phone].days.extend(ours.copied());
        }
    }
    phones.iter_mut().for_each(|phone| phone.days.sort_by_key(|row| (row.day, row.sector, row.operator, row.imsi)));
    progress(0.8);
    add_events(&mut phones, &keys, evidence, &imports, engine)?;
    Ok((phones, keys))
}

/// One handset for all its rows of the list.
pub(crate) fn by_handset<'a>(devices: impl IntoIterator<Item = &'a Device>) -> (Vec<Phone>, Keys) {
    let mut phones: Vec<Phone> = Vec::new();
    let mut keys = Keys { by_key: FxHashMap::default(), suffixes: Vec::new() };
    let mut positions: FxHashMap<&str, usize> = FxHashMap::default();
    for device in devices {
        let position = *positions.entry(&device.handset).or_insert(phones.len());
        if position == phones.len() {
            phones.push(Phone { handset: device.handset.clone(), imei: device.imei, ..Phone::default() });
            keys.add(position, device);
        }
        phones[position].stays.push((device.facility.clone(), device.probability));
    }
    (phones, keys)
}

/// As trace's keys name a subscriber without an IMEI.
const fn scrambled(key: HandsetKey) -> u64 {
    key.value().wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Keys {
    fn add(&mut self, position: usize, device: &Device) {
        let (base, suffix) = device.handset.split_once('-').unwrap_or((&device.handset, ""));
        self.suffixes.push(suffix.to_owned());
        for imei in device.imei.iter().chain(&device.other_imeis) {
            if let Some(key) = HandsetKey::of(Some(*imei), None, None) {
                self.by_key.entry(key.value()).or_default().push(position);
            }
        }
        if device.imei.is_none()
            && let Some(scrambled) = base.strip_prefix('s').and_then(|hex| u64::from_str_radix(hex, 16).ok())
        {
            self.by_key.entry(scrambled).or_default().push(position);
        }
    }

    fn value(key: HandsetKey) -> u64 {
        if key.imei().is_some() { key.value() } else { scrambled(key) }
    }

    pub(crate) fn has(&self, key: HandsetKey) -> bool {
        self.by_key.contains_key(&Self::value(key))
    }

    pub(crate) fn of(&self, key: HandsetKey) -> Vec<usize> {
        self.by_key.get(&Self::value(key)).cloned().unwrap_or_default()
    }

    /// Of an IMEI in several hands, only the subscriber that names the hand is surely this one's.
    pub(crate) fn is_ours(&self, phone: usize, imsi: Option<Imsi>) -> bool {
        let suffix = &self.suffixes[phone];
        suffix.is_empty() || imsi.is_some_and(|imsi| format!("{:08x}", fnv(imsi)) == *suffix)
    }
}

/// As trace tells the handsets of one IMEI apart.
fn fnv(imsi: Imsi) -> u32 {
    let bytes = imsi.packed().to_le_bytes();
    bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn add_peers(
    phones: &mut [Phone],
    keys: &Keys,
    at: i64,
    imports: &[ProfileImport],
    engine: &EngineSettings,
) -> Result<(), FlowError> {
    let wanted = WantedPeers { key: &|key| keys.has(key), peer: &|_| false };
    for handset in map_peers(imports, engine, &|_| {}, wanted, &|handset| vec![handset])? {
        for phone in keys.of(handset.key) {
            let ours = handset.rows.iter().filter(|row| row.first <= at && keys.is_ours(phone, row.imsi));
            phones[phone].peers.extend(ours.copied());
        }
    }
    Ok(())
}

/// Listed numbers whose own handsets spoke with a traced handset's number.
fn add_callers(
    phones: &mut [Phone],
    evidence: &Evidence,
    imports: &[ProfileImport],
    engine: &EngineSettings,
) -> Result<(), FlowError> {
    let mut own: FxHashMap<i64, Vec<usize>> = FxHashMap::default();
    for (index, phone) in phones.iter().enumerate() {
        let numbers: FxHashSet<Msisdn> = phone.peers.iter().filter_map(|row| row.own).collect();
        for number in numbers {
            own.entry(number.packed().cast_signed()).or_default().push(index);
        }
    }
    let listed: FxHashSet<Msisdn> = evidence.contacts.iter().map(|contact| contact.number).collect();
    let calls = |handset: HandsetPeers| -> Vec<(i64, Msisdn)> {
        let called = |row: &PeerRow| {
            let caller = row.own.filter(|own| listed.contains(own))?;
            own.contains_key(&row.peer).then_some((row.peer, caller))
        };
        handset.rows.iter().filter(|row| row.first <= evidence.at).filter_map(called).collect()
    };
    let wanted = WantedPeers { key: &|_| false, peer: &|peer| own.contains_key(&peer) };
    for (number, caller) in map_peers(imports, engine, &|_| {}, wanted, &calls)? {
        for phone in own.get(&number).into_iter().flatten() {
            phones[*phone].called_by.push(caller);
        }
    }
    for phone in phones.iter_mut() {
        phone.called_by.sort_unstable();
        phone.called_by.dedup();
    }
    Ok(())
}

/// Instants of the handsets that may be kept where sensors hang.
fn add_events(
    phones: &mut [Phone],
    keys: &Keys,
    evidence: &Evidence,
    imports: &[ProfileImport],
    engine: &EngineSettings,
) -> Result<(), FlowError> {
    let with_sensors: FxHashSet<&str> = evidence.sensors.iter().map(|sensor| sensor.facility.as_str()).collect();
    let near: Vec<bool> = phones
        .iter()
        .map(|phone| phone.stays.iter().any(|(facility, _)| with_sensors.contains(facility.as_str())))
        .collect();
    if !near.contains(&true) || evidence.detections.is_empty() {
        return Ok(());
    }
    let wanted = |key: HandsetKey| keys.of(key).iter().any(|phone| near[*phone]);
    for handset in map_events(imports, engine, &|_| {}, &wanted, &|handset| vec![handset])? {
        for phone in keys.of(handset.key) {
            let ours =
                handset.events.iter().filter(|event| event.time <= evidence.at && keys.is_ours(phone, event.imsi));
            phones[phone].events.extend(ours.map(|event| (event.time, event.technology)));
        }
    }
    for phone in phones.iter_mut() {
        phone.events.sort_unstable();
        phone.events.dedup();
    }
    Ok(())
}
