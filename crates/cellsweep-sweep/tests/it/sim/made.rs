//! Made-up keys, signatures, people and words.

use std::hash::{DefaultHasher, Hash, Hasher};

use cellsweep_sweep::day::{
    CellRef, Detector, Find, ImeiRead, Lay, ModelClass, PlannedCell, Power, Screen, Sealing, Target,
};
use cellsweep_sweep::{Attachment, ItemKind, Party, PublicKey, Signature};
use jiff::Timestamp;
use rand::RngExt;

pub type Gen = rand::rngs::Xoshiro256PlusPlus;

/// The day's first moment, in milliseconds.
const MIDNIGHT: i64 = 1_772_323_200_000;

/// A true time from milliseconds of the day.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(MIDNIGHT + ms).unwrap()
}

fn hash(parts: &[&str], salt: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    parts.hash(&mut hasher);
    hasher.finish()
}

/// A public key; nobody outside the simulation could sign for it, and that is all that it needs.
pub fn key(device: &str) -> PublicKey {
    let words: Vec<String> = (0..4).map(|salt| format!("{:016x}", hash(&["key", device], salt))).collect();
    words.concat().parse().unwrap()
}

pub fn sign(key: &PublicKey, text: &str) -> Signature {
    let (one, two) = (hash(&[key.as_str(), text], 1), hash(&[key.as_str(), text], 2));
    let word = |n: u64| format!("{:016x}", one.wrapping_mul(n).wrapping_add(two));
    (1..=8).map(word).collect::<String>().parse().unwrap()
}

pub fn verify(key: &PublicKey, text: &str, signature: &Signature) -> bool {
    sign(key, text) == *signature
}

pub fn party(name: &str) -> Party {
    Party { id: name.parse().unwrap(), name: format!("Officer {name}").parse().unwrap(), role: None }
}

pub fn cell(site: usize, number: usize) -> CellRef {
    CellRef { facility: format!("F{site:02}").parse().unwrap(), cell: format!("c{number}").parse().unwrap() }
}

pub fn planned(cell: CellRef, team: usize, expected_milli: u32) -> PlannedCell {
    PlannedCell {
        cell,
        target: Target::Cell,
        team: team_id(team),
        wave: 1,
        start: at(21_600_000),
        minutes: 15,
        detector: Detector::NonlinearJunction,
        expected_milli,
    }
}

pub fn team_id(team: usize) -> cellsweep_sweep::TeamId {
    format!("T{team}").parse().unwrap()
}

/// A find: mostly phones, some of them off, some sealed later.
pub fn find(item: &str, rng: &mut Gen) -> Find {
    let phone = rng.random_bool(0.7);
    let state = match rng.random_range(0..3) {
        _ if !phone => Power::NotApplicable,
        0 => Power::On,
        1 => Power::Off,
        _ => Power::Unknown,
    };
    let imei = || format!("35391805{:06}", rng_digits(item)).parse().unwrap();
    Find {
        item: item.parse().unwrap(),
        kind: if phone { ItemKind::Phone } else { ItemKind::Charger },
        class: if phone { ModelClass::Mini } else { ModelClass::NotApplicable },
        description: "small, black".parse().unwrap(),
        imei: if phone { ImeiRead::Printed(imei()) } else { ImeiRead::NotApplicable },
        second_imei: if phone { ImeiRead::NotReadable } else { ImeiRead::NotApplicable },
        sims: Vec::new(),
        state,
        screen: if phone { Screen::Dark } else { Screen::NotApplicable },
        lay: Lay::Cell,
        hiding_place: Some("behind the sink".parse().unwrap()),
        photos: vec![photo(item)],
        seal: Sealing::Seal(format!("X-{item}").parse().unwrap()),
        witnesses: vec!["W-17".parse().unwrap()],
    }
}

pub fn photo(item: &str) -> Attachment {
    let digest: String = (0..4).map(|salt| format!("{:016x}", hash(&["photo", item], salt))).collect();
    Attachment { file: format!("photo-{item}").parse().unwrap(), digest: digest.parse().unwrap() }
}

fn rng_digits(item: &str) -> u64 {
    hash(&[item], 9) % 1_000_000
}
