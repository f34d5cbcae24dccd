//! Dual-SIM handsets: two IMEIs that are one phone.

use crate::candidate::Candidate;
use crate::devices::DeviceFacts;

/// Serial numbers of one phone's slots are neighbours; where a maker numbers them apart, the
/// records of each slot stand as a handset of its own.
const NEIGHBOURS: u64 = 2;
/// Share of the rarer slot's days on which the other one is heard, too: one of two slots is often
/// idle.
const SAME_DAYS: f64 = 0.3;

/// For each candidate, the index of the candidate whose phone it is a slot of: itself, or the
/// slot with more records.
pub fn main_slots(candidates: &[&Candidate], devices: &DeviceFacts) -> Vec<usize> {
    let mut main: Vec<usize> = (0..candidates.len()).collect();
    let whole = |index: &usize| candidates[*index].imei.is_some() && candidates[*index].suffix.is_empty();
    let mut by_imei: Vec<usize> = (0..candidates.len()).filter(whole).collect();
    by_imei.sort_by_key(|index| candidates[*index].imei);
    for pair in by_imei.windows(2) {
        let (a, b) = (candidates[pair[0]], candidates[pair[1]]);
        if main[pair[0]] == pair[0] && same_phone(a, b, devices) {
            let (more, less) = if a.events >= b.events { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
            main[less] = more;
        }
    }
    (0..candidates.len()).map(|index| root(&main, index)).collect()
}

/// Of three neighbours in a row the middle one may be a slot of the third.
fn root(main: &[usize], mut index: usize) -> usize {
    while main[index] != index {
        index = main[index];
    }
    index
}

fn same_phone(a: &Candidate, b: &Candidate, devices: &DeviceFacts) -> bool {
    let (Some(first), Some(second)) = (a.imei, b.imei) else { return false };
    if first.tac() != second.tac() || first.number().abs_diff(second.number()) > NEIGHBOURS {
        return false;
    }
    // The ledger sells devices: two lines are two phones. And a card that moves between two
    // phones is a successor's sign, not a second slot's.
    let sold_apart = devices.sold(a.imei).is_some() && devices.sold(b.imei).is_some();
    let one_card = a.imsis.iter().any(|imsi| b.imsis.contains(imsi));
    let meet = a.stays.iter().any(|stay| b.stays.iter().any(|other| other.facility == stay.facility));
    !sold_apart && !one_card && meet && share_in_common(&a.days, &b.days) >= SAME_DAYS
}

/// Of the shorter of two sorted lists, the share that stands in the other, too.
fn share_in_common(a: &[i32], b: &[i32]) -> f64 {
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
    f64::from(count) / a.len().min(b.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::share_in_common;

    #[test]
    fn of_the_shorter_list() {
        assert!((share_in_common(&[1, 2, 3, 4], &[2, 9]) - 0.5).abs() < 1e-12);
        assert!(share_in_common(&[], &[1]).abs() < 1e-12);
    }
}
