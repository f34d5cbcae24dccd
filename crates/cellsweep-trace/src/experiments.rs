//! Natural experiments: what the administration did or the network suffered, and whether a handset
//! answered to it. A phone inside thins out while its facility is jammed and follows its holder's
//! transfer; a neighbour's does neither. A phone that lost its network is silent for that reason.

use cellsweep_model::FacilityId;
use cellsweep_model::custody::Held;
use cellsweep_model::record::Technology;
use rustc_hash::FxHashMap;

use crate::devices::facility_index;
use crate::radio::{FacilityRadio, RadioMap};
use crate::stay::Stay;
use crate::{DAY_US, Evidence};

/// Days that a handset may change place before or after its holder does.
const DAYS_APART: i32 = 2;
/// Hours of a day from which it counts as jammed.
const JAMMED_HOURS: f64 = 8.0;
/// Handsets come up within so many seconds after their network is back.
const BACK_S: u32 = 15 * 60;

/// What is known of such events.
#[derive(Debug, Default)]
pub struct Experiments {
    /// Days of transfers, by facility left and facility entered; `None` without a roster.
    transfers: Option<FxHashMap<(u32, u32), Vec<i32>>>,
    /// Jammed days by facility.
    jammed: FxHashMap<u32, Vec<i32>>,
    /// Seconds at which a network came back, by facility, and everywhere.
    back: FxHashMap<Option<u32>, Vec<u32>>,
    /// Networks that are off at the asked time: since when, of which technology and facility.
    off: Vec<(i64, Option<Technology>, Option<u32>)>,
}

impl Experiments {
    /// Prepares the look-ups.
    pub fn new(evidence: &Evidence, at: i64) -> Self {
        let index = facility_index(evidence);
        let mut jammed: FxHashMap<u32, Vec<i32>> = FxHashMap::default();
        for jamming in &evidence.jamming {
            let Some(facility) = index.get(jamming.facility.as_str()) else { continue };
            let (from, to) = (jamming.from.max(evidence.window.0), jamming.to.unwrap_or(at).min(at));
            jammed.entry(*facility).or_default().extend(mostly_covered(from, to));
        }
        for days in jammed.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        let general = evidence.outages.iter().filter(|outage| !outage.one_sector && outage.operator.is_none());
        let now = general.filter(|outage| outage.from <= at && outage.to.is_none_or(|to| to >= at));
        // One at a facility that the case doesn't know concerns none of its own.
        let off = now.filter_map(|outage| match &outage.facility {
            None => Some((outage.from, outage.technology, None)),
            Some(facility) => Some((outage.from, outage.technology, Some(*index.get(facility.as_str())?))),
        });
        Self { transfers: transfers(evidence), jammed, back: back(evidence), off: off.collect() }
    }

    /// Whether a handset that came from another facility came with somebody: 0 where it was in no
    /// other before, 1 where nobody moved so about that time, 2 where somebody did; NaN without
    /// a roster.
    pub fn followed(&self, stay: &Stay) -> f64 {
        let Some(transfers) = &self.transfers else { return f64::NAN };
        let Some(before) = stay.before else { return 0.0 };
        let near = |day: &i32| (day - stay.from_day).abs() <= DAYS_APART;
        match transfers.get(&(before, stay.facility)).is_some_and(|days| days.iter().any(near)) {
            true => 2.0,
            false => 1.0,
        }
    }

    /// ln of hours heard a day while the facility was jammed, against other days of the stay; NaN
    /// where it wasn't jammed, or always.
    pub fn jam_response(&self, stay: &Stay, at: i64) -> f64 {
        let Some(jammed) = self.jammed.get(&stay.facility) else { return f64::NAN };
        let span = stay.from_day..=day_of(at);
        let on = jammed.iter().filter(|day| span.contains(day)).count() as f64;
        let off = f64::from(day_of(at) - stay.from_day + 1) - on;
        if on < 1.0 || off < 1.0 {
            return f64::NAN;
        }
        let (mut units_on, mut units_off) = (0.0, 0.0);
        for (day, units) in &stay.daily {
            match jammed.binary_search(day) {
                Ok(_) => units_on += f64::from(*units),
                Err(_) => units_off += f64::from(*units),
            }
        }
        // As many hours as a day of rest would bring are added to both sides.
        let rate = (units_on + units_off) / (on + off);
        ((units_on + rate) / (on + 1.0)).ln() - ((units_off + rate) / (off + 1.0)).ln()
    }

    /// Whether a network came back a short while before: handsets that come up then have that in common.
    pub fn just_back(&self, facility: u32, second: u32) -> bool {
        [Some(facility), None].into_iter().filter_map(|place| self.back.get(&place)).any(|ends| {
            // The latest end before it.
            let before = ends.partition_point(|end| *end <= second).checked_sub(1);
            before.is_some_and(|last| second - ends[last] < BACK_S)
        })
    }

    /// Until when a handset could have been heard: the asked time, or when the only technology it
    /// used went off.
    pub fn heard_until(&self, map: &RadioMap, radio: &FacilityRadio, stay: &Stay, at: i64) -> i64 {
        let off = self.off.iter().filter(|(_, _, facility)| facility.is_none_or(|facility| facility == stay.facility));
        let concerns = off.filter(|(from, technology, _)| {
            stay.last <= from + DAY_US && technology.is_none_or(|technology| uses_only(map, radio, stay, technology))
        });
        concerns.map(|(from, _, _)| *from).fold(at, i64::min).max(stay.last)
    }
}

fn uses_only(map: &RadioMap, radio: &FacilityRadio, stay: &Stay, technology: Technology) -> bool {
    let of = |sector| map.sector(sector).map(|sector| sector.technology);
    let groups = |sector| radio.serving.get(&sector).map(|serving| radio.groups[usize::from(serving.group)].1);
    stay.sectors.iter().all(|(sector, _)| of(*sector).or_else(|| groups(*sector)).is_none_or(|used| used == technology))
}

/// When jamming ended and outages did, by facility; `None` = everywhere.
fn back(evidence: &Evidence) -> FxHashMap<Option<u32>, Vec<u32>> {
    let index = facility_index(evidence);
    let place = |facility: &FacilityId| index.get(facility.as_str()).copied().map(Some);
    let jammed = evidence.jamming.iter().filter_map(|jamming| Some((place(&jamming.facility)?, jamming.to?)));
    let out = evidence.outages.iter().filter(|outage| !outage.one_sector).filter_map(|outage| {
        let place = outage.facility.as_ref().map_or(Some(None), place)?;
        Some((place, outage.to?))
    });
    let mut back: FxHashMap<Option<u32>, Vec<u32>> = FxHashMap::default();
    for (place, end) in jammed.chain(out) {
        // What the register says is a minute or two off.
        back.entry(place).or_default().push(u32::try_from(end / 1_000_000 - 120).unwrap_or_default());
    }
    for ends in back.values_mut() {
        ends.sort_unstable();
        ends.dedup();
    }
    back
}

/// Days of which most hours lie between two instants.
fn mostly_covered(from: i64, to: i64) -> impl Iterator<Item = i32> {
    let hours = move |day: i32| {
        let start = i64::from(day) * DAY_US;
        (to.min(start + DAY_US) - from.max(start)).max(0) as f64 / 3.6e9
    };
    (day_of(from)..=day_of(to)).filter(move |day| hours(*day) >= JAMMED_HOURS)
}

fn day_of(time: i64) -> i32 {
    time.div_euclid(DAY_US) as i32
}

/// Who left one facility for another, and on which day he came into the second.
fn transfers(evidence: &Evidence) -> Option<FxHashMap<(u32, u32), Vec<i32>>> {
    if evidence.roster.is_empty() {
        return None;
    }
    let index = facility_index(evidence);
    let mut held: Vec<&Held> = evidence.roster.iter().collect();
    held.sort_by(|a, b| (a.inmate.as_str(), a.from).cmp(&(b.inmate.as_str(), b.from)));
    let mut moves: FxHashMap<(u32, u32), Vec<i32>> = FxHashMap::default();
    let moved = |pair: &&[&Held]| {
        pair[0].inmate == pair[1].inmate && pair[0].facility != pair[1].facility && pair[0].leads_to(pair[1])
    };
    for pair in held.windows(2).filter(moved) {
        let facility = |at: usize| index.get(pair[at].facility.as_str()).copied();
        if let (Some(left), Some(entered)) = (facility(0), facility(1)) {
            moves.entry((left, entered)).or_default().push(day_of(pair[1].from));
        }
    }
    Some(moves)
}
