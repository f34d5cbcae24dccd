//! The land: areas of mainland France with towns, roads and facilities, each in a flat frame of metres.
//!
//! Towns and their places are invented; only the country's outline (coarse, kept inside the coast) is real.

use rand::RngExt;

use crate::names;
use crate::params::Params;
use crate::rng::{Gen, Purpose, between, chance, normal, stream, weighted};

/// How built-up an area is: chooses the propagation formula and the density of sites.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Env {
    Urban,
    Suburban,
    Rural,
}

/// A town inside an area: people live around its middle.
pub(crate) struct Town {
    pub x: f64,
    pub y: f64,
    pub spread: f64,
    pub weight: f64,
    pub name: String,
    pub postcode: u32,
}

/// A piece of land some 20 km across that people live and move in.
pub(crate) struct Area {
    pub lon: f64,
    pub lat: f64,
    pub env: Env,
    pub towns: Vec<Town>,
    /// The motorway's angle and its distance from the middle.
    pub road: (f64, f64),
    /// Facilities' positions in this area (their south-west corners).
    pub seats: Vec<(f64, f64)>,
    pub population: f64,
}

/// Half the size of an area.
pub(crate) const RADIUS: f64 = 9_000.0;
pub(crate) const METRES_PER_DEGREE: f64 = 111_320.0;

/// Mainland France, coarse and drawn some 15 km inside its real border.
const OUTLINE: &[(f64, f64)] = &[
    (2.3, 50.8),
    (3.0, 50.5),
    (4.0, 50.0),
    (4.8, 49.8),
    (5.8, 49.3),
    (6.3, 49.2),
    (7.3, 48.9),
    (7.8, 48.8),
    (7.5, 48.2),
    (7.3, 47.7),
    (6.8, 47.3),
    (6.1, 46.7),
    (5.8, 46.2),
    (6.5, 46.0),
    (6.7, 45.4),
    (6.5, 45.1),
    (6.7, 44.4),
    (7.0, 43.9),
    (6.3, 43.45),
    (5.5, 43.5),
    (4.8, 43.65),
    (4.0, 43.75),
    (3.3, 43.5),
    (2.8, 43.1),
    (2.75, 42.65),
    (2.0, 42.7),
    (1.0, 43.0),
    (0.0, 43.05),
    (-0.9, 43.2),
    (-1.2, 43.45),
    (-0.95, 44.2),
    (-0.85, 44.75),
    (-0.5, 45.2),
    (-0.7, 45.8),
    (-0.9, 46.3),
    (-1.5, 46.6),
    (-1.8, 47.0),
    (-2.0, 47.45),
    (-2.7, 47.8),
    (-3.4, 47.95),
    (-4.0, 48.1),
    (-4.1, 48.4),
    (-3.7, 48.5),
    (-2.9, 48.55),
    (-2.0, 48.4),
    (-1.3, 48.5),
    (-1.3, 49.1),
    (-1.5, 49.5),
    (-1.1, 49.15),
    (-0.2, 49.1),
    (0.3, 49.2),
    (0.6, 49.5),
    (1.2, 49.75),
    (1.8, 50.1),
    (1.85, 50.7),
];

impl Area {
    /// Degrees of a point of the area's frame.
    pub(crate) fn lon_lat(&self, x: f64, y: f64) -> (f64, f64) {
        let lat = self.lat + y / METRES_PER_DEGREE;
        let lon = self.lon + x / (METRES_PER_DEGREE * self.lat.to_radians().cos());
        (lon, lat)
    }

    /// Where somebody of this area lives.
    pub(crate) fn home(&self, rng: &mut Gen) -> (f64, f64) {
        if chance(rng, 0.12) {
            return (between(rng, -RADIUS, RADIUS) * 0.9, between(rng, -RADIUS, RADIUS) * 0.9);
        }
        let town = self.town(rng);
        let (x, y) = (town.x + town.spread * normal(rng), town.y + town.spread * normal(rng));
        (x.clamp(-RADIUS, RADIUS), y.clamp(-RADIUS, RADIUS))
    }

    /// A town, by size.
    pub(crate) fn town(&self, rng: &mut Gen) -> &Town {
        let weights: Vec<f64> = self.towns.iter().map(|t| t.weight).collect();
        &self.towns[weighted(rng, &weights)]
    }

    /// Points along the motorway, from one side of the area to the other.
    pub(crate) fn road_points(&self, count: usize) -> Vec<(f64, f64)> {
        let (angle, off) = self.road;
        let (s, c) = angle.sin_cos();
        (0..count)
            .map(|i| {
                let along = RADIUS * (2.0 * i as f64 / count as f64 - 0.95);
                (along * c - off * s, along * s + off * c)
            })
            .collect()
    }
}

/// Makes areas until every facility has a seat, then a few without any.
pub(crate) fn areas(seed: u64, facilities: u32, params: &Params) -> Vec<Area> {
    let mut rng = stream(seed, Purpose::Land, 0);
    let mut areas: Vec<Area> = Vec::new();
    let mut left = facilities;
    while left > 0 {
        let mut area = area(&mut rng, params, &areas);
        area.seats = seats(&mut rng, &area, params.pairs, left);
        left -= area.seats.len() as u32;
        areas.push(area);
    }
    for _ in 0..(facilities / 8).max(1) {
        let empty = area(&mut rng, params, &areas);
        areas.push(empty);
    }
    areas
}

fn area(rng: &mut Gen, params: &Params, others: &[Area]) -> Area {
    let (lon, lat) = centre(rng, others);
    let suburban = (1.0 - params.urban - params.rural).max(0.1);
    let env = [Env::Urban, Env::Suburban, Env::Rural][weighted(rng, &[params.urban, suburban, params.rural])];
    let towns = towns(rng, env);
    let population = match env {
        Env::Urban => between(rng, 1.2, 2.5),
        Env::Suburban => between(rng, 0.6, 1.3),
        Env::Rural => between(rng, 0.25, 0.6),
    };
    let road = (between(rng, 0.0, std::f64::consts::PI), between(rng, -2_500.0, 2_500.0));
    Area { lon, lat, env, towns, road, seats: Vec::new(), population }
}

/// A point on land, away from the other areas while there is room.
fn centre(rng: &mut Gen, others: &[Area]) -> (f64, f64) {
    let mut best = (2.5, 46.8);
    for attempt in 0..400 {
        let point = (between(rng, -4.2, 7.9), between(rng, 42.6, 50.8));
        if !on_land(point) {
            continue;
        }
        best = point;
        let gap = 0.38 * (1.0 - f64::from(attempt) / 400.0);
        if others.iter().all(|a| (a.lon - point.0).hypot((a.lat - point.1) * 1.4) > gap) {
            break;
        }
    }
    best
}

/// Ray casting against the outline.
pub(crate) fn on_land((x, y): (f64, f64)) -> bool {
    let mut inside = false;
    let mut j = OUTLINE.len() - 1;
    for (i, &(xi, yi)) in OUTLINE.iter().enumerate() {
        let (xj, yj) = OUTLINE[j];
        if (yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi {
            inside = !inside;
        }
        j = i;
    }
    inside
}

fn towns(rng: &mut Gen, env: Env) -> Vec<Town> {
    let (count, spread) = match env {
        Env::Urban => (4, 1_900.0),
        Env::Suburban => (4, 1_300.0),
        Env::Rural => (3, 700.0),
    };
    let department = rng.random_range(1..96u32);
    (0..count)
        .map(|i| {
            let far = if i == 0 { 1_500.0 } else { RADIUS * 0.7 };
            Town {
                x: between(rng, -far, far),
                y: between(rng, -far, far),
                spread: spread * between(rng, 0.6, 1.2) / (1.0 + f64::from(i) * 0.5),
                weight: 1.0 / f64::from(1 + i) * between(rng, 0.7, 1.3),
                name: names::place(rng),
                postcode: department * 1_000 + rng.random_range(0..99u32) * 10,
            }
        })
        .collect()
}

/// Where facilities stand: at the edge of the main town, or out in the fields; sometimes two of them.
fn seats(rng: &mut Gen, area: &Area, pairs: f64, left: u32) -> Vec<(f64, f64)> {
    let town = &area.towns[0];
    let angle = between(rng, 0.0, std::f64::consts::TAU);
    let reach = if chance(rng, 0.6) { between(rng, 0.3, 1.6) } else { between(rng, 1.8, 3.5) };
    let first = (town.x + town.spread * reach * angle.cos(), town.y + town.spread * reach * angle.sin());
    let mut seats = vec![first];
    if left > 1 && chance(rng, pairs) {
        let (apart, turn) = (between(rng, 1_300.0, 2_600.0), between(rng, 0.0, std::f64::consts::TAU));
        seats.push((first.0 + apart * turn.cos(), first.1 + apart * turn.sin()));
    }
    seats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn land_is_land() {
        assert!(on_land((2.35, 48.85)) && on_land((1.44, 43.6)));
        assert!(!on_land((-3.0, 46.0)) && !on_land((9.1, 42.2)));
    }
}
