//! One IMEI in several hands: told apart by subscribers who were in two places at once, then by place and by turns.

use cellsweep_model::geometry::Point;
use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::{Imsi, SectorId};
use rustc_hash::FxHashMap;

use crate::radio::RadioMap;

/// Nobody travels so far within one hour of the clock.
const IMPOSSIBLE_M: f64 = 150_000.0;
/// Nor so far, twice or more.
const UNLIKELY_M: f64 = 50_000.0;
/// Nor back and forth within days, with another subscriber at each end, this often; and of a shared IMEI nobody changes cards as often.
const MOST_TURNS: usize = 3;
const TURN_US: i64 = 36 * 3_600_000_000;
/// Subscribers that are compared. An IMEI of more is no handset's: a maker of copies wrote it, and each has their own.
const MOST_COMPARED: usize = 64;

/// The rows that one handset of a shared IMEI made.
#[derive(Debug, Clone)]
pub struct Part {
    /// Tells this handset from the IMEI's others; empty where the IMEI has one handset.
    pub suffix: String,
    /// How many handsets use the IMEI.
    pub hands: u32,
    /// Its rows.
    pub rows: Vec<DayRow>,
}

/// The handsets behind a profile: usually one, with every row.
pub fn parts(map: &RadioMap, profile: HandsetProfile) -> Vec<Part> {
    let by_imsi = by_imsi(&profile.rows);
    let hands = hands(map, &by_imsi);
    if hands.len() < 2 {
        return vec![Part { suffix: String::new(), hands: 1, rows: profile.rows }];
    }
    let part = |hand: &Vec<Imsi>| Part { hands: hands.len() as u32, ..part(hand, &profile.rows, hand == &hands[0]) };
    hands.iter().map(part).collect()
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
    groups
}

/// Subscribers by handset. Nobody of a handset was in two places at once. Of an IMEI that more than one handset uses, those
/// usually heard far from each other, or by turns, are of two: that is likelier then than one which changes its card so often.
fn hands(map: &RadioMap, by_imsi: &[(Imsi, Vec<&DayRow>)]) -> Vec<Vec<Imsi>> {
    if by_imsi.len() > MOST_COMPARED {
        return by_imsi.iter().map(|(imsi, _)| vec![*imsi]).collect();
    }
    let places: Vec<Option<Point>> = by_imsi.iter().map(|(_, rows)| usual_place(map, rows)).collect();
    let away = |a: usize, b: usize| places[a].zip(places[b]).map(|(a, b)| a.distance_m(b));
    let at_once = |a: usize, b: usize| in_two_places(map, &by_imsi[a].1, &by_imsi[b].1);
    let one = grouped(by_imsi.len(), &at_once, &away);
    let hands = if one.len() < 2 {
        one
    } else {
        let far = |a: usize, b: usize| away(a, b).is_some_and(|metres| metres > UNLIKELY_M);
        let by_turns = |a: usize, b: usize| turns(&by_imsi[a].1, &by_imsi[b].1) >= MOST_TURNS;
        let apart = |a: usize, b: usize| far(a, b) || by_turns(a, b) || at_once(a, b);
        grouped(by_imsi.len(), &apart, &away)
    };
    hands.into_iter().map(|hand| hand.into_iter().map(|index| by_imsi[index].0).collect()).collect()
}

/// Each with the nearest of those before them from whom nothing keeps them apart.
fn grouped(
    count: usize,
    apart: &dyn Fn(usize, usize) -> bool,
    away: &dyn Fn(usize, usize) -> Option<f64>,
) -> Vec<Vec<usize>> {
    let mut hands: Vec<Vec<usize>> = Vec::new();
    for index in 0..count {
        let free = (0..hands.len()).filter(|hand| !hands[*hand].iter().any(|other| apart(index, *other)));
        let distance = |hand: &usize| away(index, hands[*hand][0]).unwrap_or(f64::MAX);
        match free.min_by(|a, b| distance(a).total_cmp(&distance(b))) {
            Some(hand) => hands[hand].push(index),
            None => hands.push(vec![index]),
        }
    }
    hands
}

/// How often one of two subscribers was heard after the other.
fn turns(ours: &[&DayRow], theirs: &[&DayRow]) -> usize {
    let mut all: Vec<(i64, bool)> = ours.iter().map(|row| (row.first, true)).collect();
    all.extend(theirs.iter().map(|row| (row.first, false)));
    all.sort_unstable();
    all.windows(2).filter(|pair| pair[0].1 != pair[1].1).count()
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
    unlikely >= 2 || far_turns(map, ours, theirs) >= MOST_TURNS
}

/// How often one subscriber was heard soon after the other and far away; none where they were ever
/// heard after each other in one place, as those are who share a phone.
fn far_turns(map: &RadioMap, ours: &[&DayRow], theirs: &[&DayRow]) -> usize {
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

/// Where the sector stands at which a subscriber was heard most.
fn usual_place(map: &RadioMap, rows: &[&DayRow]) -> Option<Point> {
    let busiest = rows.iter().max_by_key(|row| row.counts.events)?;
    map.sector(busiest.sector).map(|sector| sector.at)
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
    Part { suffix: format!("{hash:08x}"), hands: 1, rows: rows.iter().filter(ours).copied().collect() }
}
