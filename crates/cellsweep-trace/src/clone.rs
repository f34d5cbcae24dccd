//! One IMEI in several hands: told apart by subscribers who were in two places at once.

use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::{Imsi, SectorId};
use rustc_hash::FxHashMap;

use crate::radio::RadioMap;

/// Nobody travels so far within one hour of the clock.
const IMPOSSIBLE_M: f64 = 150_000.0;
/// Nor so far, twice or more.
const UNLIKELY_M: f64 = 50_000.0;
/// Nor back and forth within days, with another subscriber at each end, this often.
const MOST_TURNS: u32 = 3;
const TURN_US: i64 = 36 * 3_600_000_000;
/// Subscribers compared; behind the busiest of them, the rest go with the first.
const MOST_COMPARED: usize = 16;

/// The rows that one handset of a shared IMEI made.
#[derive(Debug, Clone)]
pub struct Part {
    /// Tells this handset from the IMEI's others; empty where the IMEI has one handset.
    pub suffix: String,
    /// Its rows.
    pub rows: Vec<DayRow>,
}

/// The handsets behind a profile: usually one, with every row.
pub fn parts(map: &RadioMap, profile: HandsetProfile) -> Vec<Part> {
    let by_imsi = by_imsi(&profile.rows);
    if by_imsi.len() < 2 {
        return vec![Part { suffix: String::new(), rows: profile.rows }];
    }
    let hands = hands(map, &by_imsi);
    if hands.len() < 2 {
        return vec![Part { suffix: String::new(), rows: profile.rows }];
    }
    hands.iter().map(|hand| part(hand, &profile.rows, hand == &hands[0])).collect()
}

/// Rows by subscriber, busiest first.
fn by_imsi(rows: &[DayRow]) -> Vec<(Imsi, Vec<&DayRow>)> {
    let mut groups: FxHashMap<Imsi, Vec<&DayRow>> = FxHashMap::default();
    for row in rows {
        if let Some(imsi) = row.imsi {
            groups.entry(imsi).or_default().push(row);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(imsi, rows)| (std::cmp::Reverse(rows.len()), *imsi));
    groups.truncate(MOST_COMPARED);
    groups
}

/// Subscribers grouped so that nobody in a group was in two places at once.
fn hands(map: &RadioMap, by_imsi: &[(Imsi, Vec<&DayRow>)]) -> Vec<Vec<Imsi>> {
    let mut hands: Vec<Vec<usize>> = Vec::new();
    for index in 0..by_imsi.len() {
        let apart = |other: &usize| in_two_places(map, &by_imsi[index].1, &by_imsi[*other].1);
        let free: Vec<usize> = (0..hands.len()).filter(|hand| !hands[*hand].iter().any(apart)).collect();
        let nearest = free.into_iter().min_by(|a, b| {
            let distance = |hand: &usize| usual_distance(map, &by_imsi[index].1, &by_imsi[hands[*hand][0]].1);
            distance(a).total_cmp(&distance(b))
        });
        match nearest {
            Some(hand) => hands[hand].push(index),
            None => hands.push(vec![index]),
        }
    }
    hands.into_iter().map(|hand| hand.into_iter().map(|index| by_imsi[index].0).collect()).collect()
}

fn in_two_places(map: &RadioMap, ours: &[&DayRow], theirs: &[&DayRow]) -> bool {
    let mut unlikely = 0;
    for our in ours {
        let start = theirs.partition_point(|row| row.day < our.day);
        for their in theirs[start..].iter().take_while(|row| row.day == our.day) {
            if our.hours & their.hours == 0 {
                continue;
            }
            match distance(map, our.sector, their.sector) {
                Some(metres) if metres > IMPOSSIBLE_M => return true,
                Some(metres) if metres > UNLIKELY_M => unlikely += 1,
                _ => {}
            }
        }
    }
    unlikely >= 2 || turns(map, ours, theirs) >= MOST_TURNS
}

/// How often one subscriber was heard soon after the other and far away; none where they were ever
/// heard after each other in one place, as those are who share a phone.
fn turns(map: &RadioMap, ours: &[&DayRow], theirs: &[&DayRow]) -> u32 {
    let side = |rows: &[&DayRow], side: bool| rows.iter().map(|row| (row.first, side, row.sector)).collect::<Vec<_>>();
    let mut all = side(ours, false);
    all.extend(side(theirs, true));
    all.sort_unstable();
    let mut turns = 0;
    for pair in all.windows(2) {
        let ((before, one, from), (after, other, to)) = (pair[0], pair[1]);
        if one == other || after - before > TURN_US {
            continue;
        }
        match distance(map, from, to) {
            Some(metres) if metres > UNLIKELY_M => turns += 1,
            Some(_) => return 0,
            None => {}
        }
    }
    turns
}

fn distance(map: &RadioMap, a: SectorId, b: SectorId) -> Option<f64> {
    Some(map.sector(a)?.at.distance_m(map.sector(b)?.at))
}

/// Metres between the sectors that two subscribers used most.
fn usual_distance(map: &RadioMap, ours: &[&DayRow], theirs: &[&DayRow]) -> f64 {
    let busiest = |rows: &[&DayRow]| rows.iter().max_by_key(|row| row.counts.events).map(|row| row.sector);
    let place = |rows: &[&DayRow]| busiest(rows).and_then(|sector| map.sector(sector)).map(|sector| sector.at);
    match (place(ours), place(theirs)) {
        (Some(a), Some(b)) => a.distance_m(b),
        _ => f64::MAX,
    }
}

/// A hand's rows; those without a subscriber go with the busiest.
fn part(hand: &[Imsi], rows: &[DayRow], busiest: bool) -> Part {
    let ours = |row: &&DayRow| row.imsi.map_or(busiest, |imsi| hand.contains(&imsi));
    // FNV-1a over the packed digits: stable, and no subscriber's number in a key.
    let hash = hand[0]
        .packed()
        .to_le_bytes()
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    Part { suffix: format!("{hash:08x}"), rows: rows.iter().filter(ours).copied().collect() }
}
