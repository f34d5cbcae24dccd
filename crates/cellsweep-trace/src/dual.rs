//! Dual-SIM handsets: two IMEIs that are one phone.
//!
//! Both slots carry the same type allocation code and are heard in the same facility. Beyond
//! that one of these must hold: serial numbers next to each other and days in common; slots that
//! come up at the same moment again and again; rare numbers that both call.

use cellsweep_model::Tac;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::calls;
use crate::candidate::Candidate;
use crate::features::Context;

/// Serial numbers of one phone's slots are neighbours with most makers.
const NEIGHBOURS: u64 = 2;
/// Share of the rarer slot's days on which the other one is heard, too: one of two slots is often
/// idle.
const SAME_DAYS: f64 = 0.3;
/// Slots of a phone that is switched on come up within so many seconds.
const TOGETHER_S: u32 = 8;
/// So often, and in such a share of the rarer slot's beginnings.
const TOGETHER: (u32, f64) = (2, 0.2);
/// Rare numbers that both call, and the share of the shorter list that they are.
const SAME_PEERS: (u32, f64) = (3, 0.2);
/// A number that more handsets than this call is not rare.
const RARE: usize = 6;

/// How often two candidates did the same.
type Pairs = FxHashMap<(usize, usize), u32>;

/// For each candidate, the index of the candidate whose phone it is a slot of: itself, or the
/// slot with more records.
pub fn main_slots(candidates: &[&Candidate], context: &Context<'_>) -> Vec<usize> {
    let mut main: Vec<usize> = (0..candidates.len()).collect();
    let (together, peers) = (together(candidates), same_peers(candidates, context));
    let mut pairs: FxHashSet<(usize, usize)> = neighbours(candidates).into_iter().collect();
    pairs.extend(together.iter().filter(|(pair, count)| often(candidates, **pair, **count)).map(|(pair, _)| *pair));
    pairs.extend(
        peers.iter().filter(|(pair, count)| alike(candidates, context, **pair, **count)).map(|(pair, _)| *pair),
    );
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    for (first, second) in pairs {
        if main[first] == first && main[second] == second && may_be_one(candidates[first], candidates[second], context)
        {
            let order = (candidates[first].events, std::cmp::Reverse(first))
                >= (candidates[second].events, std::cmp::Reverse(second));
            let (more, less) = if order { (first, second) } else { (second, first) };
            main[less] = more;
        }
    }
    (0..candidates.len()).map(|index| root(&main, index)).collect()
}

/// Of three in a row the middle one may be a slot of the third.
fn root(main: &[usize], mut index: usize) -> usize {
    while main[index] != index {
        index = main[index];
    }
    index
}

/// What holds for any two slots of one phone. The ledger sells devices: two lines are two phones.
/// And a card that moves between two phones is a successor's sign, not a second slot's.
fn may_be_one(a: &Candidate, b: &Candidate, context: &Context<'_>) -> bool {
    let sold_apart = context.devices.sold_apart(a.imei, b.imei);
    let one_card = a.imsis.iter().any(|imsi| b.imsis.contains(imsi));
    let meet = a.stays.iter().any(|stay| b.stays.iter().any(|other| other.facility == stay.facility));
    !sold_apart && !one_card && meet && a.imei != b.imei
}

fn tac(candidate: &Candidate) -> Option<Tac> {
    candidate.imei.map(|imei| imei.tac())
}

/// Pairs with neighbouring serial numbers and days in common.
fn neighbours(candidates: &[&Candidate]) -> Vec<(usize, usize)> {
    let mut by_imei: Vec<usize> = (0..candidates.len()).filter(|index| candidates[*index].suffix.is_empty()).collect();
    by_imei.retain(|index| candidates[*index].imei.is_some());
    by_imei.sort_by_key(|index| candidates[*index].imei);
    let near = |pair: &&[usize]| {
        let (Some(a), Some(b)) = (candidates[pair[0]].imei, candidates[pair[1]].imei) else { return false };
        a.tac() == b.tac()
            && a.number().abs_diff(b.number()) <= NEIGHBOURS
            && share_in_common(&candidates[pair[0]].days, &candidates[pair[1]].days) >= SAME_DAYS
    };
    by_imei.windows(2).filter(near).map(|pair| (pair[0].min(pair[1]), pair[0].max(pair[1]))).collect()
}

/// Pairs of one code that came up at the same moment, and how often.
fn together(candidates: &[&Candidate]) -> Pairs {
    let mut moments: FxHashMap<(Tac, u32), Vec<usize>> = FxHashMap::default();
    for (index, candidate) in candidates.iter().enumerate() {
        let Some(tac) = tac(candidate) else { continue };
        for start in &candidate.starts {
            moments.entry((tac, start / TOGETHER_S)).or_default().push(index);
        }
    }
    let mut pairs = Pairs::default();
    for ((tac, moment), here) in &moments {
        let next = moments.get(&(*tac, moment + 1)).map_or(&[][..], Vec::as_slice);
        for (at, first) in here.iter().enumerate() {
            for second in here[at + 1..].iter().chain(next).filter(|second| *second != first) {
                *pairs.entry((*first.min(second), *first.max(second))).or_default() += 1;
            }
        }
    }
    pairs
}

fn often(candidates: &[&Candidate], (first, second): (usize, usize), count: u32) -> bool {
    let rarer = candidates[first].starts.len().min(candidates[second].starts.len());
    count >= TOGETHER.0 && f64::from(count) >= TOGETHER.1 * rarer as f64
}

/// Pairs of one code that call the same rare numbers, and how many.
fn same_peers(candidates: &[&Candidate], context: &Context<'_>) -> Pairs {
    let mut callers: FxHashMap<i64, Vec<usize>> = FxHashMap::default();
    for (index, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| candidate.suffix.is_empty()) {
        let Some(spoken) = calls::of(context.spoken, candidate) else { continue };
        let mut last = None;
        for (peer, _) in spoken.peers.iter().filter(|(peer, _)| *peer > 0) {
            if last.replace(*peer) != Some(*peer) {
                callers.entry(*peer).or_default().push(index);
            }
        }
    }
    let mut pairs = Pairs::default();
    for callers in callers.values().filter(|callers| callers.len() <= RARE) {
        for (at, first) in callers.iter().enumerate() {
            for second in callers[at + 1..].iter().filter(|second| tac(candidates[**second]) == tac(candidates[*first]))
            {
                *pairs.entry((*first.min(second), *first.max(second))).or_default() += 1;
            }
        }
    }
    pairs
}

/// Both are in use on the same days, and much of what the quieter one calls the other calls, too.
fn alike(candidates: &[&Candidate], context: &Context<'_>, (first, second): (usize, usize), count: u32) -> bool {
    let (a, b) = (candidates[first], candidates[second]);
    let peers = |candidate| calls::of(context.spoken, candidate).map_or(0, |spoken| spoken.peers.len());
    let shorter = peers(a).min(peers(b)).max(1) as f64;
    count >= SAME_PEERS.0
        && f64::from(count) >= SAME_PEERS.1 * shorter
        && a.seen.0 < b.seen.1
        && b.seen.0 < a.seen.1
        && share_in_common(&a.days, &b.days) >= SAME_DAYS / 2.0
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
