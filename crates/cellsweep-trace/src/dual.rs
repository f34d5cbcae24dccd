//! Dual-SIM handsets: two IMEIs that are one phone.

use std::collections::BTreeMap;

use cellsweep_model::Imei;

use crate::candidate::Candidate;
use crate::devices::DeviceFacts;

/// Serial numbers of one phone's slots are mostly neighbours.
const NEIGHBOURS: u64 = 2;
/// Share of the rarer slot's hours in which the other one is heard too, from which two IMEIs of
/// one model at one facility are taken for one phone.
const TOGETHER: f64 = 0.85;
/// Neighbouring serials need only be switched on in the same days: one of two slots is often idle.
const SAME_DAYS: f64 = 0.3;
/// Hours of the rarer slot below which nothing is said.
const LEAST_HOURS: usize = 30;

/// For each candidate, the index of the candidate whose phone it is a slot of: itself, or the
/// slot with more records.
///
/// Only IMEIs of one TAC heard at one facility are compared, so the work stays small.
pub fn main_slots(candidates: &[&Candidate], devices: &DeviceFacts) -> Vec<usize> {
    let mut main: Vec<usize> = (0..candidates.len()).collect();
    let mut by_model: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let Some(imei) = candidate.imei.filter(|_| candidate.suffix.is_empty()) else { continue };
        for stay in &candidate.stays {
            by_model.entry((imei.tac().value(), stay.facility)).or_default().push(index);
        }
    }
    for slots in by_model.values() {
        for (position, &a) in slots.iter().enumerate() {
            for &b in &slots[position + 1..] {
                if main[a] == a && main[b] == b && same_phone(candidates[a], candidates[b], devices) {
                    let (more, less) = if candidates[a].events >= candidates[b].events { (a, b) } else { (b, a) };
                    main[less] = more;
                }
            }
        }
    }
    (0..candidates.len()).map(|index| root(&main, index)).collect()
}

/// Follows slots to the one that is its own.
fn root(main: &[usize], mut index: usize) -> usize {
    while main[index] != index {
        index = main[index];
    }
    index
}

fn same_phone(a: &Candidate, b: &Candidate, devices: &DeviceFacts) -> bool {
    let (Some(first), Some(second)) = (a.imei, b.imei) else { return false };
    // The ledger sells devices: two lines are two phones. And a card that moves between two
    // phones is a successor's sign, not a second slot's.
    let sold_apart = devices.sold(a.imei).is_some() && devices.sold(b.imei).is_some();
    if sold_apart || a.imsis.iter().any(|imsi| b.imsis.contains(imsi)) {
        return false;
    }
    if neighbours(first, second) {
        return share_in_common(&days(&a.heard), &days(&b.heard)) >= SAME_DAYS;
    }
    a.heard.len().min(b.heard.len()) >= LEAST_HOURS && share_in_common(&a.heard, &b.heard) >= TOGETHER
}

fn days(hours: &[u32]) -> Vec<u32> {
    let mut days: Vec<u32> = hours.iter().map(|hour| hour / 24).collect();
    days.dedup();
    days
}

/// Of the shorter list, the share that stands in the other, too.
fn share_in_common(a: &[u32], b: &[u32]) -> f64 {
    common(a, b) as f64 / a.len().min(b.len()).max(1) as f64
}

fn neighbours(a: Imei, b: Imei) -> bool {
    a.number().abs_diff(b.number()) <= NEIGHBOURS
}

/// How many values two sorted lists share.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}
