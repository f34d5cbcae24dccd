//! Dual-SIM handsets: two IMEIs that are one phone.
//!
//! Both slots carry the same type allocation code and are heard in the same facility. Beyond
//! that one of these must hold: serial numbers next to each other and days in common; slots that
//! come up at the same moment again and again; rare numbers that both call.
//!
//! Who may be whose slot is found without the candidates: by lists of serial numbers, moments and numbers, of which a part
//! is made at a time. Only of those that are found is more read.

use std::collections::BTreeMap;
use std::io;

use cellsweep_model::{Imei, Imsi, Tac};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::features::Context;
use crate::files::{Dossier, Files, Slot, slots_in_order};

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

/// Moments or numbers that are in memory at a time: some 50 MB.
const AT_ONCE: usize = 1 << 21;

/// Two candidates, by their places among all; the first is the lesser.
type Pair = (u32, u32);

/// What two candidates have in common.
#[derive(Default)]
struct Common {
    neighbours: bool,
    moments: u32,
    peers: u32,
}

/// What is read of a candidate that may be another's slot.
struct Detail {
    imei: Option<Imei>,
    events: u64,
    imsis: Vec<Imsi>,
    days: Vec<i32>,
    seen: (i64, i64),
    facilities: Vec<u32>,
    starts: u32,
    parties: u32,
}

/// A candidate that is a slot of another one's phone.
pub struct Second {
    /// Which.
    pub index: u32,
    /// Whose slot: the one with more records.
    pub main: u32,
    /// Its IMEI.
    pub imei: Option<Imei>,
}

/// How many moments each facility has, and how many numbers there are.
#[derive(Default)]
struct Sizes {
    moments: Vec<usize>,
    numbers: usize,
}

/// The candidates that are slots of others, in order; those that `skip` marks are none.
pub fn seconds(files: &dyn Files, context: &Context<'_>, skip: &[bool]) -> io::Result<Vec<Second>> {
    let mut sizes = Sizes { moments: vec![0; context.evidence.facilities.len()], numbers: 0 };
    let mut serials = Vec::new();
    slots_in_order(files, &mut |index, dossier, slot| {
        if skip[index] {
            return;
        }
        let candidate = &dossier.candidate;
        for stay in &candidate.stays {
            sizes.moments[stay.facility as usize] += slot.starts.len();
        }
        sizes.numbers += slot.numbers.len();
        serials.extend(candidate.imei.filter(|_| candidate.suffix.is_empty()).map(|imei| (imei, index as u32)));
    })?;
    let mut pairs: BTreeMap<Pair, Common> = BTreeMap::new();
    for pair in neighbours(serials) {
        pairs.entry(pair).or_default().neighbours = true;
    }
    for (pair, count) in together(files, skip, &sizes.moments)? {
        pairs.entry(pair).or_default().moments = count;
    }
    for (pair, count) in same_peers(files, skip, sizes.numbers)? {
        pairs.entry(pair).or_default().peers = count;
    }
    let details = details(files, &pairs)?;
    pairs.retain(|pair, common| may_be_one(&details, *pair, common, context));
    Ok(joined(pairs.into_keys(), &details))
}

/// Pairs of neighbours, each taken for one phone, one after the other.
fn joined(pairs: impl Iterator<Item = Pair>, details: &FxHashMap<u32, Detail>) -> Vec<Second> {
    let mut main: BTreeMap<u32, u32> = BTreeMap::new();
    for (first, second) in pairs {
        if main.contains_key(&first) || main.contains_key(&second) {
            continue;
        }
        let order =
            (details[&first].events, std::cmp::Reverse(first)) >= (details[&second].events, std::cmp::Reverse(second));
        let (more, less) = if order { (first, second) } else { (second, first) };
        main.insert(less, more);
    }
    let second = |index: u32| Second { index, main: root(&main, index), imei: details[&index].imei };
    main.keys().map(|index| second(*index)).collect()
}

/// Of three in a row the middle one may be a slot of the third.
fn root(main: &BTreeMap<u32, u32>, mut index: u32) -> u32 {
    while let Some(next) = main.get(&index) {
        index = *next;
    }
    index
}

/// What holds for any two slots of one phone, and one of the three signs. The ledger sells devices: two lines are two
/// phones. And a card that moves between two phones is a successor's sign, not a second slot's.
fn may_be_one(details: &FxHashMap<u32, Detail>, (first, second): Pair, common: &Common, context: &Context<'_>) -> bool {
    let (a, b) = (&details[&first], &details[&second]);
    let sold_apart = context.devices.sold_apart(a.imei, b.imei);
    let one_card = a.imsis.iter().any(|imsi| b.imsis.contains(imsi));
    let meet = a.facilities.iter().any(|facility| b.facilities.contains(facility));
    let days = share_in_common(&a.days, &b.days);
    let sign =
        (common.neighbours && days >= SAME_DAYS) || often(a, b, common.moments) || alike(a, b, common.peers, days);
    sign && !sold_apart && !one_card && meet && a.imei != b.imei
}

fn often(a: &Detail, b: &Detail, count: u32) -> bool {
    count >= TOGETHER.0 && f64::from(count) >= TOGETHER.1 * f64::from(a.starts.min(b.starts))
}

/// Both are in use on the same days, and much of what the quieter one calls the other calls, too.
fn alike(a: &Detail, b: &Detail, count: u32, days: f64) -> bool {
    count >= SAME_PEERS.0
        && f64::from(count) >= SAME_PEERS.1 * f64::from(a.parties.min(b.parties).max(1))
        && a.seen.0 < b.seen.1
        && b.seen.0 < a.seen.1
        && days >= SAME_DAYS / 2.0
}

/// Pairs with neighbouring serial numbers.
fn neighbours(mut serials: Vec<(Imei, u32)>) -> Vec<Pair> {
    serials.sort_unstable();
    let near = |a: Imei, b: Imei| a.tac() == b.tac() && a.number().abs_diff(b.number()) <= NEIGHBOURS;
    let pairs = serials.windows(2).filter(|pair| near(pair[0].0, pair[1].0));
    pairs.map(|pair| (pair[0].1.min(pair[1].1), pair[0].1.max(pair[1].1))).collect()
}

/// A moment at which a handset of a code came up near a facility.
type Moment = (u32, Tac, u32, u32);

/// Pairs of one code and facility that came up at the same moment, and how often. Facilities are gone through a few at a
/// time.
fn together(files: &dyn Files, skip: &[bool], sizes: &[usize]) -> io::Result<Vec<(Pair, u32)>> {
    let mut pairs: FxHashMap<Pair, u32> = FxHashMap::default();
    for group in groups(sizes) {
        let mut moments: Vec<Moment> = Vec::new();
        slots_in_order(files, &mut |index, dossier, slot| {
            let Some(tac) = tac(dossier).filter(|_| !skip[index]) else { return };
            for stay in dossier.candidate.stays.iter().filter(|stay| group.contains(&(stay.facility as usize))) {
                let of_stay = slot.starts.iter().map(|start| (stay.facility, tac, start / TOGETHER_S, index as u32));
                moments.extend(of_stay);
            }
        })?;
        moments.sort_unstable();
        for of_code in moments.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            // Two that meet in several facilities came up together as often in each.
            for (pair, count) in counted(at_once(of_code), TOGETHER.0) {
                pairs.insert(pair, count);
            }
        }
    }
    Ok(pairs.into_iter().collect())
}

/// Ranges of facilities with no more moments than are taken at a time, or of one that has more.
fn groups(sizes: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
    let mut filled = usize::MAX;
    for (facility, size) in sizes.iter().enumerate() {
        filled = filled.saturating_add(*size);
        match groups.last_mut().filter(|_| filled <= AT_ONCE) {
            Some(last) => last.end = facility + 1,
            None => {
                groups.push(facility..facility + 1);
                filled = *size;
            }
        }
    }
    groups
}

/// Of the moments of one code near one facility, in order: who came up at the same one, or the next.
fn at_once(moments: &[Moment]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, (_, _, moment, first)) in moments.iter().enumerate() {
        let soon = moments[at + 1..].iter().take_while(|(_, _, other, _)| *other <= moment + 1);
        let others = soon.map(|(_, _, _, second)| second).filter(|second| *second != first);
        pairs.extend(others.map(|second| (*first.min(second), *first.max(second))));
    }
    pairs
}

/// Pairs of one code that call the same rare numbers, and how many. Numbers are gone through a part at a time.
fn same_peers(files: &dyn Files, skip: &[bool], size: usize) -> io::Result<Vec<(Pair, u32)>> {
    let parts = (size / AT_ONCE + 1) as u64;
    let part_of = |number: i64| (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let mut pairs: Vec<Pair> = Vec::new();
    for part in 0..parts {
        let mut callers: Vec<(i64, u32, Option<Tac>)> = Vec::new();
        slots_in_order(files, &mut |index, dossier, slot| {
            if !skip[index] && dossier.candidate.suffix.is_empty() {
                let of_part = slot.numbers.iter().filter(|number| part_of(**number) % parts == part);
                callers.extend(of_part.map(|number| (*number, index as u32, tac(dossier))));
            }
        })?;
        callers.sort_unstable();
        for callers in callers.chunk_by(|a, b| a.0 == b.0).filter(|callers| (2..=RARE).contains(&callers.len())) {
            for (at, (_, first, tac)) in callers.iter().enumerate().filter(|(_, caller)| caller.2.is_some()) {
                let alike = callers[at + 1..].iter().filter(|(_, _, other)| other == tac);
                pairs.extend(alike.map(|(_, second, _)| (*first, *second)));
            }
        }
    }
    Ok(counted(pairs, SAME_PEERS.0))
}

/// Pairs that stand in a list so many times or more, and how often.
fn counted(mut pairs: Vec<Pair>, least: u32) -> Vec<(Pair, u32)> {
    pairs.sort_unstable();
    let runs = pairs.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32));
    runs.filter(|(_, count)| *count >= least).collect()
}

/// More of those who may be somebody's slot.
fn details(files: &dyn Files, pairs: &BTreeMap<Pair, Common>) -> io::Result<FxHashMap<u32, Detail>> {
    let wanted: FxHashSet<u32> = pairs.keys().flat_map(|(first, second)| [*first, *second]).collect();
    let mut details = FxHashMap::default();
    if wanted.is_empty() {
        return Ok(details);
    }
    slots_in_order(files, &mut |index, dossier, slot| {
        if wanted.contains(&(index as u32)) {
            details.insert(index as u32, Detail::of(dossier, slot));
        }
    })?;
    Ok(details)
}

impl Detail {
    fn of(dossier: &Dossier, slot: &Slot) -> Self {
        let candidate = &dossier.candidate;
        Self {
            imei: candidate.imei,
            events: candidate.events,
            imsis: candidate.imsis.clone(),
            days: candidate.days.clone(),
            seen: candidate.seen,
            facilities: candidate.stays.iter().map(|stay| stay.facility).collect(),
            starts: slot.starts.len() as u32,
            parties: slot.parties,
        }
    }
}

fn tac(dossier: &Dossier) -> Option<Tac> {
    dossier.candidate.imei.map(|imei| imei.tac())
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
    use super::{AT_ONCE, groups, share_in_common};

    #[test]
    fn of_the_shorter_list() {
        assert!((share_in_common(&[1, 2, 3, 4], &[2, 9]) - 0.5).abs() < 1e-12);
        assert!(share_in_common(&[], &[1]).abs() < 1e-12);
    }

    #[test]
    fn facilities_go_together_as_long_as_they_fit() {
        assert!(groups(&[]).is_empty());
        assert_eq!(groups(&[5, AT_ONCE - 5, 1, AT_ONCE + 7, 0, 2]), [0..2, 2..3, 3..4, 4..6]);
    }
}
