//! Dual-SIM handsets: two IMEIs that are one phone.
//!
//! Both slots carry the same type allocation code and are heard in the same facility. Beyond that one of these must hold: serial
//! numbers next to each other and days in common; or slots that come up at the same moments and rare numbers that both call, weighed
//! together: how much likelier one phone's slots have as many in common than two phones' would, times the odds that of all handsets
//! of that code there just this one is the other's second slot. Of several that would fit the likeliest is taken: a phone has two.
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
/// Slots of a phone that is switched on come up within so many seconds; moments are counted by such steps, and the next one.
const TOGETHER_S: u32 = 8;
/// Of the rarer slot's beginnings, such shares are the other's, too, with such chances.
const TOGETHER: &[(f64, f64)] = &[(0.0, 0.5), (0.05, 0.2), (0.2, 0.2), (0.6, 0.1)];
/// Strangers come up together so many times as often as if they kept no hours.
const SAME_HOURS: f64 = 4.0;
/// Of the numbers of whoever calls fewer, such shares are rare ones that the other calls, too, with such chances.
const SAME_PEERS: &[(f64, f64)] = &[(0.0, 0.3), (0.1, 0.2), (0.3, 0.2), (0.6, 0.3)];
/// The same of two phones: families and accomplices share numbers.
const OTHERS_PEERS: &[(f64, f64)] = &[(0.0, 0.996), (0.1, 0.003), (0.3, 0.001)];
/// Rare numbers that two strangers of one facility share.
const STRANGERS_PEERS: f64 = 0.01;
/// How many handsets show a second slot.
const WITH_TWO: f64 = 0.3;
/// Where more handsets of a code are than this, one moment or number in common says too little.
const FEW: u32 = 400;
/// A number that more handsets than this call is not rare.
const RARE: usize = 6;
/// Where more handsets near a facility than this come up at once beyond what its usual coming up makes likely, a network came back, or
/// a day's data sessions were cut: that says nothing of any two of them.
const CROWD: f64 = 3.0;
/// Nor does a moment at which so many of one code do.
const CROWD_OF_CODE: usize = 8;

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
    /// Handsets of the code in the facility where they meet.
    of_code: u32,
}

/// What is read of a candidate that may be another's slot.
struct Detail {
    imei: Option<Imei>,
    events: u64,
    imsis: Vec<Imsi>,
    days: Vec<i32>,
    seen: (i64, i64),
    facilities: Vec<u32>,
    starts: Vec<u32>,
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

/// What the lists are made by.
#[derive(Default)]
struct Sizes {
    /// Moments by facility.
    moments: Vec<usize>,
    numbers: usize,
    /// Handsets of each code in each facility.
    codes: FxHashMap<(u32, Tac), u32>,
}

/// The candidates that are slots of others, in order; those that `skip` marks are none.
pub fn seconds(files: &dyn Files, context: &Context<'_>, skip: &[bool]) -> io::Result<Vec<Second>> {
    let mut sizes = Sizes { moments: vec![0; context.evidence.facilities.len()], ..Sizes::default() };
    let mut serials = Vec::new();
    slots_in_order(files, &mut |index, dossier, slot| {
        if skip[index] {
            return;
        }
        let candidate = &dossier.candidate;
        for stay in &candidate.stays {
            sizes.moments[stay.facility as usize] += slot.starts.len();
            if let Some(tac) = tac(dossier) {
                *sizes.codes.entry((stay.facility, tac)).or_default() += 1;
            }
        }
        sizes.numbers += slot.numbers.len() * candidate.stays.len();
        serials.extend(candidate.imei.filter(|_| candidate.suffix.is_empty()).map(|imei| (imei, index as u32)));
    })?;
    let mut pairs: BTreeMap<Pair, Common> = BTreeMap::new();
    for pair in neighbours(serials) {
        pairs.entry(pair).or_default().neighbours = true;
    }
    for (pair, of_code, count) in together(files, context, skip, &sizes)? {
        let common = pairs.entry(pair).or_default();
        (common.moments, common.of_code) = (count, of_code);
    }
    for (pair, of_code, count) in same_peers(files, skip, &sizes)? {
        let common = pairs.entry(pair).or_default();
        (common.peers, common.of_code) = (count, of_code);
    }
    let details = details(files, context, &pairs)?;
    let weighed =
        pairs.into_iter().filter_map(|(pair, common)| Some((ln_odds(&details, pair, &common, context)?, pair)));
    // To join two phones costs as much as to leave one in two.
    Ok(joined(weighed.filter(|(odds, _)| *odds > 0.0).collect(), &details))
}

/// The likeliest pairs first; a slot has one other.
fn joined(mut pairs: Vec<(f64, Pair)>, details: &FxHashMap<u32, Detail>) -> Vec<Second> {
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut taken: FxHashSet<u32> = FxHashSet::default();
    let mut seconds = Vec::new();
    for (_, (first, second)) in pairs {
        if taken.contains(&first) || taken.contains(&second) {
            continue;
        }
        taken.extend([first, second]);
        let order =
            (details[&first].events, std::cmp::Reverse(first)) >= (details[&second].events, std::cmp::Reverse(second));
        let (main, index) = if order { (first, second) } else { (second, first) };
        seconds.push(Second { index, main, imei: details[&index].imei });
    }
    seconds.sort_unstable_by_key(|second| second.index);
    seconds
}

/// The odds, ln, that two candidates are one phone's slots; `None` where they can't be. The ledger sells devices: two lines are
/// two phones. And a card that moves between two phones is a successor's sign, not a second slot's.
fn ln_odds(
    details: &FxHashMap<u32, Detail>,
    (first, second): Pair,
    common: &Common,
    context: &Context<'_>,
) -> Option<f64> {
    let (a, b) = (&details[&first], &details[&second]);
    let sold_apart = context.devices.sold_apart(a.imei, b.imei);
    let one_card = a.imsis.iter().any(|imsi| b.imsis.contains(imsi));
    let meet = a.facilities.iter().any(|facility| b.facilities.contains(facility));
    if sold_apart || one_card || !meet || a.imei == b.imei {
        return None;
    }
    let days = share_in_common(&a.days, &b.days);
    if common.neighbours && days >= SAME_DAYS {
        return Some(f64::INFINITY);
    }
    // Numbers alone are a successor's sign, too, where the days aren't the same.
    let at_once = a.seen.0 < b.seen.1 && b.seen.0 < a.seen.1 && days >= SAME_DAYS / 2.0;
    if common.moments == 0 && !at_once {
        return None;
    }
    let prior = (WITH_TWO / f64::from(common.of_code.saturating_sub(1).max(1))).ln();
    Some(prior + moments_ln_lr(a, b, common.moments) + peers_ln_lr(a, b, common.peers))
}

/// What it says that two came up at the same moment so many times: two phones do so by chance, a Poisson number, one phone's
/// slots besides in a share of the rarer one's beginnings.
fn moments_ln_lr(a: &Detail, b: &Detail, count: u32) -> f64 {
    let ends = |of: &Detail| of.starts.first().copied().zip(of.starts.last().copied());
    let Some(((from_a, to_a), (from_b, to_b))) = ends(a).zip(ends(b)) else { return 0.0 };
    let (from, to) = (from_a.max(from_b).saturating_sub(TOGETHER_S), to_a.min(to_b) + TOGETHER_S);
    let within = |of: &Detail| of.starts.iter().filter(|start| (from..=to).contains(*start)).count() as f64;
    let seconds = f64::from(to.saturating_sub(from)).max(86_400.0);
    let chance = SAME_HOURS * within(a) * within(b) * f64::from(3 * TOGETHER_S) / seconds;
    let rarer = a.starts.len().min(b.starts.len()) as f64;
    ln_poisson(count, chance, rarer, TOGETHER) - ln_poisson(count, chance, rarer, &[(0.0, 1.0)])
}

/// The same of rare numbers that both call.
fn peers_ln_lr(a: &Detail, b: &Detail, count: u32) -> f64 {
    let fewer = f64::from(a.parties.min(b.parties));
    let of = |shares| ln_poisson(count, STRANGERS_PEERS, fewer, shares);
    of(SAME_PEERS) - of(OTHERS_PEERS)
}

/// ln of the chance, but for what doesn't hang on them, to count so many where the mean is `chance` and some share of `all`, the share
/// being one of these with these chances.
fn ln_poisson(count: u32, chance: f64, all: f64, shares: &[(f64, f64)]) -> f64 {
    let chance = chance.max(1e-9);
    let of_share = |(share, weight): &(f64, f64)| {
        let more = share * all;
        weight.ln() - more + f64::from(count) * (more / chance).ln_1p()
    };
    let terms: Vec<f64> = shares.iter().map(of_share).collect();
    let most = terms.iter().copied().fold(f64::MIN, f64::max);
    most + terms.iter().map(|term| (term - most).exp()).sum::<f64>().ln()
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

/// Pairs of one code and facility, how many handsets of the code are there, and how often the two came up at the same moment.
/// Facilities are gone through a few at a time.
fn together(
    files: &dyn Files,
    context: &Context<'_>,
    skip: &[bool],
    sizes: &Sizes,
) -> io::Result<Vec<(Pair, u32, u32)>> {
    let mut pairs: FxHashMap<Pair, (u32, u32)> = FxHashMap::default();
    for group in groups(&sizes.moments) {
        let mut moments: Vec<Moment> = Vec::new();
        slots_in_order(files, &mut |index, dossier, slot| {
            let Some(tac) = tac(dossier).filter(|_| !skip[index]) else { return };
            for stay in dossier.candidate.stays.iter().filter(|stay| group.contains(&(stay.facility as usize))) {
                let of_own = slot.starts.iter().filter(|start| !context.experiments.just_back(stay.facility, **start));
                moments.extend(of_own.map(|start| (stay.facility, tac, start / TOGETHER_S, index as u32)));
            }
        })?;
        moments.sort_unstable();
        moments.dedup();
        let crowds = crowds(&moments);
        moments.retain(|(facility, _, moment, _)| !crowds.contains(&(*facility, *moment)));
        for of_code in moments.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let handsets = sizes.codes[&(of_code[0].0, of_code[0].1)];
            // Two that meet in several facilities came up together as often in each.
            for (pair, count) in counted(at_once(of_code), 1 + u32::from(handsets > FEW)) {
                pairs.insert(pair, (handsets, count));
            }
        }
    }
    Ok(pairs.into_iter().map(|(pair, (handsets, count))| (pair, handsets, count)).collect())
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

/// Moments, by facility, at which too many handsets come up, whatever their codes: beyond four times what the hour makes likely, by
/// four standard deviations and a few.
fn crowds(moments: &[Moment]) -> FxHashSet<(u32, u32)> {
    let mut all: Vec<(u32, u32)> = moments.iter().map(|(facility, _, moment, _)| (*facility, *moment)).collect();
    all.sort_unstable();
    let mut crowds = FxHashSet::default();
    for of_facility in all.chunk_by(|a, b| a.0 == b.0) {
        let spans =
            f64::from(of_facility[of_facility.len() - 1].1 - of_facility[0].1).max(86_400.0 / f64::from(TOGETHER_S));
        let usual = 2.0 * SAME_HOURS * of_facility.len() as f64 / spans;
        let most = usual + 4.0 * usual.sqrt() + CROWD;
        let runs: Vec<&[(u32, u32)]> = of_facility.chunk_by(|a, b| a == b).collect();
        for (at, run) in runs.iter().enumerate() {
            let next = runs.get(at + 1).filter(|next| next[0].1 == run[0].1 + 1);
            if (run.len() + next.map_or(0, |next| next.len())) as f64 > most {
                crowds.insert(run[0]);
                crowds.extend(next.map(|next| next[0]));
            }
        }
    }
    crowds
}

/// Of the moments of one code near one facility, in order: who came up at the same one, or the next.
fn at_once(moments: &[Moment]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, (_, _, moment, first)) in moments.iter().enumerate() {
        let soon = moments[at + 1..].iter().take_while(|(_, _, other, _)| *other <= moment + 1);
        if soon.clone().nth(CROWD_OF_CODE - 1).is_some() {
            continue;
        }
        let others = soon.map(|(_, _, _, second)| second).filter(|second| *second != first);
        pairs.extend(others.map(|second| (*first.min(second), *first.max(second))));
    }
    pairs
}

/// A number that a handset of a code near a facility calls.
type Called = (i64, u32, Tac, u32);

/// Pairs of one code and facility, how many handsets of the code are there, and how many rare numbers both call. Numbers are
/// gone through a part at a time.
fn same_peers(files: &dyn Files, skip: &[bool], sizes: &Sizes) -> io::Result<Vec<(Pair, u32, u32)>> {
    let parts = (sizes.numbers / AT_ONCE + 1) as u64;
    let part_of = |number: i64| (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let mut pairs: Vec<(Pair, u32, u32)> = Vec::new();
    for part in 0..parts {
        let mut called: Vec<Called> = Vec::new();
        slots_in_order(files, &mut |index, dossier, slot| {
            let Some(tac) = tac(dossier).filter(|_| !skip[index] && dossier.candidate.suffix.is_empty()) else {
                return;
            };
            let of_part = slot.numbers.iter().filter(|number| part_of(**number) % parts == part);
            let near = |number: &i64| {
                let number = *number;
                dossier.candidate.stays.iter().map(move |stay| (number, stay.facility, tac, index as u32))
            };
            called.extend(of_part.flat_map(near));
        })?;
        called.sort_unstable();
        for callers in called.chunk_by(|a, b| a.0 == b.0) {
            let handsets: FxHashSet<u32> = callers.iter().map(|(_, _, _, index)| *index).collect();
            if handsets.len() <= RARE {
                pairs.extend(callers.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2)).flat_map(|alike| two_of(alike, sizes)));
            }
        }
    }
    Ok(each_once(pairs))
}

/// How many numbers two have in common. Two that meet in several facilities share them in each: the one with fewest of their code
/// counts.
fn each_once(mut pairs: Vec<(Pair, u32, u32)>) -> Vec<(Pair, u32, u32)> {
    pairs.sort_unstable();
    let of_place = pairs.chunk_by(|a, b| a == b).map(|run| (run[0].0, run[0].1, run.len() as u32));
    let mut most: Vec<(Pair, u32, u32)> =
        of_place.filter(|(_, of_code, count)| *count > u32::from(*of_code > FEW)).collect();
    most.dedup_by_key(|(pair, ..)| *pair);
    most
}

/// Any two of those who call a number near one facility with handsets of one code, how many such handsets there are, and where.
fn two_of(alike: &[Called], sizes: &Sizes) -> Vec<(Pair, u32, u32)> {
    let (_, facility, tac, _) = alike[0];
    let of_code = sizes.codes[&(facility, tac)];
    let others = |at: usize| alike[at + 1..].iter().map(move |other| ((alike[at].3, other.3), of_code, facility));
    (0..alike.len()).flat_map(others).collect()
}

/// Pairs that stand in a list so many times or more, and how often.
fn counted(mut pairs: Vec<Pair>, least: u32) -> Vec<(Pair, u32)> {
    pairs.sort_unstable();
    let runs = pairs.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32));
    runs.filter(|(_, count)| *count >= least).collect()
}

/// More of those who may be somebody's slot.
fn details(
    files: &dyn Files,
    context: &Context<'_>,
    pairs: &BTreeMap<Pair, Common>,
) -> io::Result<FxHashMap<u32, Detail>> {
    let wanted: FxHashSet<u32> = pairs.keys().flat_map(|(first, second)| [*first, *second]).collect();
    let mut details = FxHashMap::default();
    if wanted.is_empty() {
        return Ok(details);
    }
    slots_in_order(files, &mut |index, dossier, slot| {
        if wanted.contains(&(index as u32)) {
            details.insert(index as u32, Detail::of(context, dossier, slot));
        }
    })?;
    Ok(details)
}

impl Detail {
    fn of(context: &Context<'_>, dossier: &Dossier, slot: &Slot) -> Self {
        let candidate = &dossier.candidate;
        let just_back =
            |start: &u32| candidate.stays.iter().any(|stay| context.experiments.just_back(stay.facility, *start));
        Self {
            imei: candidate.imei,
            events: candidate.events,
            imsis: candidate.imsis.clone(),
            days: candidate.days.clone(),
            seen: candidate.seen,
            facilities: candidate.stays.iter().map(|stay| stay.facility).collect(),
            starts: slot.starts.iter().copied().filter(|start| !just_back(start)).collect(),
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
    use super::*;

    /// Heard every so many seconds over ten days, with so many parties.
    fn heard(every_s: u32, parties: u32) -> Detail {
        Detail {
            imei: None,
            events: 1,
            imsis: Vec::new(),
            days: (0..10).collect(),
            seen: (0, 10 * 86_400_000_000),
            facilities: vec![0],
            starts: (0..10 * 86_400).step_by(every_s as usize).collect(),
            parties,
        }
    }

    #[test]
    fn a_moment_in_common_says_the_more_the_rarer_moments_are() {
        let (rare, often) = (heard(86_400, 3), heard(3_600, 3));
        let of = |detail: &Detail, count| moments_ln_lr(detail, detail, count);
        assert!(of(&rare, 1) > 2.0 && of(&often, 1) < 0.0, "{} {}", of(&rare, 1), of(&often, 1));
        assert!(of(&often, 0) < 0.0 && of(&often, 0) > -1.0, "{}", of(&often, 0));
        assert!(of(&rare, 8) > of(&rare, 2) && of(&rare, 64).is_finite());
    }

    #[test]
    fn numbers_in_common_say_the_more_the_greater_their_share() {
        let of = |parties, count| peers_ln_lr(&heard(9_000, parties), &heard(9_000, 40), count);
        assert!(of(4, 3) > 4.0 && of(4, 1) > 1.5, "{} {}", of(4, 3), of(4, 1));
        // Accomplices share one or two of many.
        assert!(of(30, 1) < of(4, 1) && of(30, 2) < of(4, 2), "{} {}", of(30, 1), of(30, 2));
        assert!(of(9, 0) < 0.0);
    }

    #[test]
    fn a_slot_has_one_other_the_likeliest() {
        let details: FxHashMap<u32, Detail> = (0..4).map(|index| (index, heard(9_000 + index, 3))).collect();
        let joined = joined(vec![(1.0, (0, 1)), (3.0, (1, 2)), (2.0, (2, 3))], &details);
        assert_eq!(joined.iter().map(|second| (second.index, second.main)).collect::<Vec<_>>(), [(2, 1)]);
    }

    #[test]
    fn a_number_that_two_share_near_two_facilities_counts_once() {
        let tac: Tac = "35100001".parse().unwrap();
        let sizes = Sizes { codes: [((0, tac), 7), ((1, tac), 7)].into_iter().collect(), ..Sizes::default() };
        let called = |(number, facility)| two_of(&[(number, facility, tac, 4), (number, facility, tac, 9)], &sizes);
        let pairs = [(33, 0), (33, 1), (34, 0), (34, 1)].map(called).concat();
        assert_eq!(each_once(pairs), [((4, 9), 7, 2)]);
    }

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
