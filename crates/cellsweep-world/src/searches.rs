//! Cell searches during the window: handsets fall silent, some are found and stop.

use crate::clock::{DAY, HOUR};
use crate::inside;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, poisson, weighted};
use crate::unit::{Class, Unit};

/// One cell searched.
pub(crate) struct Search {
    pub t: i64,
    pub facility: u16,
    pub cell: u32,
    pub detector: &'static str,
    pub officers: u32,
    pub minutes: u32,
    /// Handsets found.
    pub found: Vec<u32>,
}

/// Detectors with how often each is used, and how likely it finds a mini and a larger phone.
pub(crate) const DETECTORS: &[(&str, f64, f64, f64)] = &[
    ("visual", 0.38, 0.12, 0.25),
    ("handheld_metal", 0.18, 0.12, 0.5),
    ("ferrous_pole", 0.1, 0.55, 0.65),
    ("nonlinear_junction", 0.1, 0.75, 0.8),
    ("rf_handheld", 0.08, 0.15, 0.2),
    ("dog", 0.1, 0.4, 0.5),
    ("xray", 0.03, 0.6, 0.75),
    ("millimetre_wave", 0.02, 0.35, 0.55),
    ("other", 0.01, 0.2, 0.3),
];

/// An index into `DETECTORS`.
pub(crate) fn draw_detector(rng: &mut Gen) -> usize {
    let weights: Vec<f64> = DETECTORS.iter().map(|d| d.1).collect();
    weighted(rng, &weights)
}

/// Plans and carries out the window's searches.
pub(crate) fn run(plan: &mut Plan) {
    for facility in 0..plan.facilities.len() {
        let mut rng = plan.rng(Purpose::Past, facility as u64);
        let targets = targets(plan, &mut rng, facility);
        for (t, cell, detector, officers) in targets {
            search(plan, &mut rng, facility, (t, cell, detector, officers));
        }
    }
    plan.searches.sort_by_key(|s| (s.t, s.facility, s.cell));
}

fn targets(plan: &Plan, rng: &mut Gen, facility: usize) -> Vec<(i64, u32, usize, u32)> {
    let f = &plan.facilities[facility];
    let days = f64::from(plan.clock.days());
    let size = f64::from(f.capacity) / 400.0;
    let mut out = Vec::new();
    for _ in 0..poisson(rng, plan.params.search_rate * f.search_zeal * size * days) {
        let t = at_work(plan, rng);
        out.push((t, below(rng, f.cells.len()) as u32, draw_detector(rng), 1 + poisson(rng, 1.5)));
    }
    for _ in 0..poisson(rng, plan.params.wing_searches * f.search_zeal * days) {
        let (t, wing, detector) = (at_work(plan, rng), below(rng, f.wings.len()), draw_detector(rng));
        for (cell, c) in f.cells.iter().enumerate() {
            if c.wing as usize == wing && chance(rng, 0.6) {
                out.push((t + (between(rng, 0.0, 2.0) * HOUR as f64) as i64, cell as u32, detector, 3));
            }
        }
    }
    out.sort_unstable();
    out
}

fn at_work(plan: &Plan, rng: &mut Gen) -> i64 {
    let day = below(rng, plan.clock.days() as usize);
    let hour = if chance(rng, 0.75) { between(rng, 7.0, 17.5) } else { between(rng, 17.5, 29.0) };
    (plan.clock.midnights[day] + (hour * HOUR as f64) as i64).min(plan.clock.end() - HOUR)
}

fn search(plan: &mut Plan, rng: &mut Gen, facility: usize, (t, cell, detector, officers): (i64, u32, usize, u32)) {
    let minutes = 15 + poisson(rng, 25.0);
    let to = t + i64::from(minutes) * 60_000_000;
    let mut found = Vec::new();
    for index in lying_in(plan, facility, cell, t) {
        let unit = &mut plan.units[index as usize];
        // Hidden and off from the noise on the landing until the officers are far.
        unit.quiet.push((t - 12 * 60_000_000, to + (between(rng, 0.3, 9.0) * HOUR as f64) as i64));
        let mini = unit.class == Class::InmateMini;
        let (_, _, small, large) = DETECTORS[detector];
        if chance(rng, if mini { small } else { large }) {
            unit.marks.seized = true;
            unit.to = unit.to.min(t);
            found.push(index);
        }
    }
    for &index in &found {
        replace(plan, rng, index, t);
    }
    plan.searches.push(Search {
        t,
        facility: facility as u16,
        cell,
        detector: DETECTORS[detector].0,
        officers,
        minutes,
        found,
    });
}

/// Handsets that lie in a cell at an instant.
fn lying_in(plan: &Plan, facility: usize, cell: u32, t: i64) -> Vec<u32> {
    let spot = plan.facilities[facility].cell_spot(cell as usize, 0);
    let here = |u: &Unit| {
        let place = &u.places[u.base(t) as usize];
        let same = place.facility == facility as u16 && place.spot.x == spot.x && place.spot.y == spot.y;
        same && place.spot.loss_db == spot.loss_db && u.from < t && t < u.to
    };
    (0..plan.units.len() as u32)
        .filter(|i| {
            let u = &plan.units[*i as usize];
            (u.class.is_inmates() || u.class == Class::Released) && here(u)
        })
        .collect()
}

/// Half of those who lost a phone get another one some days later.
fn replace(plan: &mut Plan, rng: &mut Gen, old: u32, t: i64) {
    let Some(holder) = plan.units[old as usize].holder else { return };
    let from = t + (between(rng, 1.0, 12.0) * DAY as f64) as i64;
    let stay = plan.inmates[holder as usize].stay_at(from).copied();
    let Some(stay) = stay.filter(|s| s.to > from && from < plan.clock.end() - 6 * HOUR) else { return };
    if !chance(rng, 0.5) {
        return;
    }
    let mut unit = inside::phone(plan, rng, (stay.facility as usize, from), holder, &[holder]);
    unit.from = unit.from.max(from);
    unit.marks.arrives_mid = true;
    unit.successor_of = Some(old);
    if let (Some(user), Some(before)) = (unit.users.first_mut(), plan.units[old as usize].users.first()) {
        user.contacts = before.contacts.clone();
    }
    plan.add(unit);
}
