//! Where inside it speaks: what passive sensors heard of it, by cell.
//!
//! How far a sensor hears, and through which walls, differs from site to site and isn't in any
//! table. It is learned from the handsets whose user the calls name, and read for the others.

use rustc_hash::FxHashMap;

use crate::pair::{Context, Pair};
use crate::roll::{Prison, Room};
use crate::weigh::Posterior;
use crate::{Evidence, Phone};

/// A detection follows its event by no more than this.
const LAG_US: i64 = 20_000_000;
/// And may precede it by this, for clocks differ.
const LEAD_US: i64 = 2_000_000;
/// Distances between cell and sensor, metres: up to each, and beyond.
const BINS_M: [f64; 5] = [10.0, 20.0, 35.0, 60.0, 110.0];
const BINS: usize = BINS_M.len() + 1;
/// Levels of a detection: the quarters of all that were heard, faintest first.
const LEVELS: usize = 4;
/// Events of one handset are no independent witnesses: so many count at most.
const EVENTS_MOST: f64 = 20.0;
/// However far off, a cell is never ruled out: the handset may be used elsewhere.
const LEAST_LN: f64 = 4.0;
/// Detections an event, before the site speaks: [other wing, same wing][level][distance].
const RATES: Rates = [
    [
        [0.03, 0.05, 0.06, 0.05, 0.03, 0.01],
        [0.04, 0.06, 0.05, 0.03, 0.01, 0.004],
        [0.05, 0.05, 0.03, 0.01, 0.004, 0.001],
        [0.06, 0.03, 0.01, 0.003, 0.001, 0.0005],
    ],
    [
        [0.03, 0.06, 0.09, 0.08, 0.05, 0.01],
        [0.06, 0.09, 0.09, 0.06, 0.02, 0.004],
        [0.1, 0.12, 0.08, 0.03, 0.01, 0.001],
        [0.25, 0.15, 0.05, 0.01, 0.003, 0.0005],
    ],
];
/// Events that these count for.
const RATES_COUNT: f64 = 10.0;

/// A handset's detections by sensor and level.
pub struct Heard {
    /// By sensor of the facility.
    counts: Vec<[f64; LEVELS]>,
    /// Events that could have been heard.
    events: f64,
}

/// Sensors of one facility with what they heard, by time.
struct Site<'a> {
    sensors: Vec<&'a cellsweep_model::custody::Sensor>,
    /// Time, technology's code, sensor, level, and the identity it caught.
    detections: Vec<(i64, u8, u32, u8, Option<&'a str>)>,
}

/// The heard handsets, by pair.
pub fn heard(context: &Context<'_>, phones: &[Phone], pairs: &[Pair]) -> FxHashMap<usize, Heard> {
    let sites = sites(context);
    // How many handsets each detection may have come from.
    let mut sources: FxHashMap<(u32, usize), f64> = FxHashMap::default();
    let mut matched: Vec<(usize, u32, Vec<usize>)> = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let Some((prison, site)) = pair.prison.and_then(|prison| Some((prison, sites.get(&prison)?))) else { continue };
        let found = site.matches(&phones[pair.phone as usize]);
        for detection in &found {
            *sources.entry((prison, *detection)).or_default() += pair.probability;
        }
        matched.push((index, prison, found));
    }
    let mut heard = FxHashMap::default();
    for (index, prison, found) in matched {
        let site = &sites[&prison];
        let mut counts = vec![[0.0; LEVELS]; site.sensors.len()];
        for detection in found {
            let (_, _, sensor, level, _) = site.detections[detection];
            let share = pairs[index].probability / sources[&(prison, detection)].max(1e-9);
            counts[sensor as usize][level as usize] += share;
        }
        let events = phones[pairs[index].phone as usize].events.len() as f64;
        heard.insert(index, Heard { counts, events });
    }
    heard
}

fn sites<'a>(context: &Context<'a>) -> FxHashMap<u32, Site<'a>> {
    let evidence: &Evidence = context.evidence;
    let mut sites: FxHashMap<u32, Site<'a>> = FxHashMap::default();
    let mut names: FxHashMap<&str, (u32, u32)> = FxHashMap::default();
    for sensor in &evidence.sensors {
        let Some(prison) = context.roll.prison(&sensor.facility) else { continue };
        let site = sites.entry(prison).or_insert_with(|| Site { sensors: Vec::new(), detections: Vec::new() });
        names.insert(&sensor.sensor, (prison, site.sensors.len() as u32));
        site.sensors.push(sensor);
    }
    let quarters = quarters(evidence);
    for detection in &evidence.detections {
        let Some((prison, sensor)) = names.get(detection.sensor.as_str()) else { continue };
        if let Some(site) = sites.get_mut(prison) {
            let level = quarters.partition_point(|least| *least <= detection.rssi_dbm) as u8;
            site.detections.push((
                detection.time,
                detection.technology.code(),
                *sensor,
                level,
                detection.identity.as_deref(),
            ));
        }
    }
    sites.values_mut().for_each(|site| site.detections.sort_unstable());
    sites
}

/// The levels between the quarters of all detections.
fn quarters(evidence: &Evidence) -> Vec<f64> {
    let mut heard: Vec<f64> = evidence.detections.iter().map(|detection| detection.rssi_dbm).collect();
    heard.sort_unstable_by(f64::total_cmp);
    (1..LEVELS).filter_map(|quarter| heard.get(heard.len() * quarter / LEVELS)).copied().collect()
}

/// What a sensor may catch of a handset: its IMEI, its subscribers.
fn identities(phone: &Phone) -> Vec<String> {
    let mut subscribers: Vec<_> = phone.days.iter().filter_map(|row| row.imsi).collect();
    subscribers.sort_unstable();
    subscribers.dedup();
    let imei = phone.imei.map(|imei| imei.to_string());
    imei.into_iter().chain(subscribers.into_iter().map(|imsi| imsi.to_string())).collect()
}

impl Site<'_> {
    /// Detections that may be of a handset's events, each once; one that caught another's identity isn't.
    fn matches(&self, phone: &Phone) -> Vec<usize> {
        let own = identities(phone);
        let of_another = |caught: &str| !own.iter().any(|own| caught.starts_with(own.as_str()));
        let mut found = Vec::new();
        for &(time, technology) in &phone.events {
            let start = self.detections.partition_point(|detection| detection.0 < time - LEAD_US);
            for (index, detection) in self.detections.iter().enumerate().skip(start) {
                if detection.0 > time + LAG_US {
                    break;
                }
                if detection.1 == technology && !detection.4.is_some_and(of_another) {
                    found.push(index);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// How a cell lies to a sensor: same wing or not, and the distance's bin; `None` where either has
/// no place.
fn bin(prison: &Prison, room: &Room, sensor: &cellsweep_model::custody::Sensor) -> Option<(usize, usize)> {
    let ((x, y), (u, v)) = room.place_m.zip(sensor.place_m)?;
    let metres = (x - u).hypot(y - v);
    let same = sensor.wing.as_deref().is_some_and(|wing| prison.wings[room.wing as usize] == wing);
    Some((usize::from(same), BINS_M.partition_point(|bound| *bound < metres)))
}

type Rates = [[[f64; BINS]; LEVELS]; 2];

/// Adds to each pair what sensors say of its cell, given where calls place the users.
pub fn locate(context: &Context<'_>, pairs: &mut [Pair], heard: &FxHashMap<usize, Heard>, posteriors: &[Posterior]) {
    let sensors: FxHashMap<&str, Vec<&cellsweep_model::custody::Sensor>> =
        context.evidence.sensors.iter().fold(FxHashMap::default(), |mut by_site, sensor| {
            by_site.entry(sensor.facility.as_str()).or_default().push(sensor);
            by_site
        });
    let empty = Vec::new();
    let of = |prison: &Prison| sensors.get(prison.id.as_str()).unwrap_or(&empty).clone();
    let rates = rates(context, pairs, heard, posteriors, &of);
    for (index, pair) in pairs.iter_mut().enumerate() {
        let Some(prison) = pair.prison.map(|prison| &context.roll.prisons[prison as usize]) else { continue };
        let Some(heard) = heard.get(&index) else { continue };
        let mut ln = vec![0.0; prison.cells.len()];
        add_heard(&mut ln, prison, &of(prison), heard, &rates);
        pair.heard = balanced(ln, prison);
    }
}

/// Rates as the site's own handsets show them.
fn rates<'a>(
    context: &Context<'_>,
    pairs: &[Pair],
    heard: &FxHashMap<usize, Heard>,
    posteriors: &[Posterior],
    of: &dyn Fn(&Prison) -> Vec<&'a cellsweep_model::custody::Sensor>,
) -> Rates {
    let mut counts: Rates = RATES.map(|wing| wing.map(|level| level.map(|rate| rate * RATES_COUNT)));
    let mut events = [[RATES_COUNT; BINS]; 2];
    let mut order: Vec<&usize> = heard.keys().collect();
    order.sort_unstable();
    for index in order {
        let (pair, posterior, heard) = (&pairs[*index], &posteriors[*index], &heard[index]);
        let Some(prison) = pair.prison.map(|prison| &context.roll.prisons[prison as usize]) else { continue };
        let scale = EVENTS_MOST.min(heard.events) / heard.events.max(1.0);
        for (occupant, user) in prison.held.iter().zip(&posterior.users) {
            // Only where calls say who it is.
            let (Some(cell), true) = (occupant.cell, *user > 0.3) else { continue };
            let weight = posterior.kept * user * scale;
            for (sensor, levels) in of(prison).iter().zip(&heard.counts) {
                let Some((same, bin)) = bin(prison, &prison.cells[cell as usize], sensor) else { continue };
                events[same][bin] += weight * heard.events;
                for (level, count) in levels.iter().enumerate() {
                    counts[same][level][bin] += weight * count;
                }
            }
        }
    }
    for (counts, events) in counts.iter_mut().zip(&events) {
        for level in counts {
            level.iter_mut().zip(events).for_each(|(count, events)| *count /= events);
        }
    }
    counts
}

fn add_heard(
    ln: &mut [f64],
    prison: &Prison,
    sensors: &[&cellsweep_model::custody::Sensor],
    heard: &Heard,
    rates: &Rates,
) {
    let scale = EVENTS_MOST.min(heard.events) / heard.events.max(1.0);
    for (room, ln) in prison.cells.iter().zip(ln) {
        for (sensor, levels) in sensors.iter().zip(&heard.counts) {
            let Some((same, bin)) = bin(prison, room, sensor) else { continue };
            for (level, count) in levels.iter().enumerate() {
                let rate = rates[same][level][bin].max(1e-5);
                *ln += scale * (count * rate.ln() - heard.events * rate);
            }
        }
    }
}

/// Cells as likelihoods that are 1 on average over those held, so that they speak of where and
/// not of whether; a cell without a place gets the average.
fn balanced(mut ln: Vec<f64>, prison: &Prison) -> Vec<f64> {
    let placed = |cell: &u32| prison.cells[*cell as usize].place_m.is_some();
    let occupied: Vec<u32> = prison.held.iter().filter_map(|occupant| occupant.cell).filter(placed).collect();
    let greatest = occupied.iter().map(|cell| ln[*cell as usize]).fold(f64::MIN, f64::max);
    let sum: f64 = occupied.iter().map(|cell| (ln[*cell as usize] - greatest).exp()).sum();
    if sum == 0.0 {
        return Vec::new();
    }
    let mean = greatest + (sum / occupied.len() as f64).ln();
    for (room, ln) in prison.cells.iter().zip(&mut ln) {
        *ln = if room.place_m.is_some() { (*ln - mean).max(-LEAST_LN) } else { 0.0 };
    }
    ln
}
