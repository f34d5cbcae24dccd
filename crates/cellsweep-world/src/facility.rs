//! Facilities: walls, wings, cells, jammers and sensors.

use rand::RngExt;

use crate::clock::{Clock, DAY, HOUR};
use crate::ground::Seat;
use crate::land::Area;
use crate::names;
use crate::params::Params;
use crate::radio::Spot;
use crate::rng::{Gen, Purpose, between, chance, log_normal, mix, normal, poisson, shuffle, stream};

/// A wing: a bar of cells.
pub(crate) struct Wing {
    pub name: String,
    pub x: f64,
    pub y: f64,
    pub length: f64,
    pub along_x: bool,
    pub floors: u32,
    pub loss_db: f64,
    pub salt: u64,
    /// The passage or yard where people meet.
    pub common: (f64, f64),
}

/// A prison cell.
pub(crate) struct Cell {
    pub wing: u8,
    pub floor: u32,
    pub name: String,
    pub beds: u32,
    pub x: f64,
    pub y: f64,
    pub side: u64,
}

/// A jammer's stretch of work.
pub(crate) struct Jam {
    /// None for the whole facility.
    pub wing: Option<u8>,
    pub from: i64,
    pub to: i64,
    pub techs: [bool; 4],
    pub efficacy: f64,
}

/// How well a facility was measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Survey {
    Good,
    Poor,
    Absent,
}

/// A passive sensor.
pub(crate) struct Sensor {
    pub id: String,
    pub wing: u8,
    pub floor: u32,
    pub x: f64,
    pub y: f64,
}

/// A facility.
pub(crate) struct Facility {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    pub capacity: u32,
    pub area: u16,
    /// South-west corner in the area's frame.
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub outline: Vec<(f64, f64)>,
    pub wings: Vec<Wing>,
    pub cells: Vec<Cell>,
    pub jams: Vec<Jam>,
    pub survey: Survey,
    pub sensors: Vec<Sensor>,
    /// Roll calls: hours of the day, all about twenty minutes.
    pub roll_calls: [f64; 3],
    /// How many phones get in here, against the country's rate.
    pub traffic: f64,
    /// How often cells are searched, against the country's rate.
    pub search_zeal: f64,
}

/// Builds all facilities on their seats.
pub(crate) fn build(seed: u64, areas: &[Area], clock: &Clock, params: &Params) -> Vec<Facility> {
    let seats: Vec<(usize, (f64, f64))> =
        areas.iter().enumerate().flat_map(|(i, a)| a.seats.iter().map(move |s| (i, *s))).collect();
    let mut order: Vec<usize> = (0..seats.len()).collect();
    shuffle(&mut stream(seed, Purpose::Facilities, u64::MAX), &mut order);
    let mut out = Vec::new();
    for (index, &seat) in order.iter().enumerate() {
        let mut rng = stream(seed, Purpose::Facilities, index as u64);
        let (area, corner) = seats[seat];
        let mut facility = shell(&mut rng, index, area, corner, params);
        fit_out(&mut rng, &mut facility, clock, params);
        out.push(facility);
    }
    out
}

/// Facilities whose ground is given: what stands on it is made up.
pub(crate) fn build_on(seats: Vec<Seat>, seed: u64, clock: &Clock, params: &Params) -> Vec<Facility> {
    let mut out = Vec::new();
    for (index, seat) in seats.into_iter().enumerate() {
        let mut rng = stream(seed, Purpose::Facilities, index as u64);
        let shell = shell(&mut rng, index, seat.area, seat.corner, params);
        let capacity = seat.capacity.unwrap_or(shell.capacity).max(30);
        let Seat { id, name, width, height, outline, .. } = seat;
        let mut facility = Facility { id, name, capacity, width, height, outline, ..shell };
        fit_out(&mut rng, &mut facility, clock, params);
        out.push(facility);
    }
    out
}

fn fit_out(rng: &mut Gen, facility: &mut Facility, clock: &Clock, params: &Params) {
    wings(rng, facility, params);
    cells(rng, facility);
    jams(rng, facility, clock, params);
    sensors(rng, facility, params);
}

fn shell(rng: &mut Gen, index: usize, area: usize, (x, y): (f64, f64), params: &Params) -> Facility {
    let median = params.circle.as_ref().map_or(420.0, |circle| circle.capacity);
    let capacity = log_normal(rng, median, 0.5).clamp(60.0, 1_100.0);
    let side = 90.0 + capacity.sqrt() * 7.0;
    let (width, height) = (side * between(rng, 0.85, 1.4), side * between(rng, 0.8, 1.2));
    let (kind, title) = [
        ("remand", "Maison d'arrêt"),
        ("detention", "Centre de détention"),
        ("mixed", "Centre pénitentiaire"),
        ("high_security", "Maison centrale"),
    ][crate::rng::weighted(rng, &[0.4, 0.3, 0.25, 0.05])];
    let survey = [Survey::Good, Survey::Poor, Survey::Absent][crate::rng::weighted(
        rng,
        &[params.survey_good, params.survey_poor, (1.0 - params.survey_good - params.survey_poor).max(0.05)],
    )];
    Facility {
        id: format!("F{:03}", index + 1),
        name: format!("{title} de {}", names::place(rng)),
        kind,
        capacity: capacity as u32,
        area: area as u16,
        x,
        y,
        width,
        height,
        outline: outline(rng, width, height),
        wings: Vec::new(),
        cells: Vec::new(),
        jams: Vec::new(),
        survey,
        sensors: Vec::new(),
        roll_calls: [between(rng, 6.5, 7.5), between(rng, 12.0, 13.5), between(rng, 18.0, 19.5)],
        traffic: log_normal(rng, 1.0, params.facility_spread),
        search_zeal: log_normal(rng, 1.0, 0.5),
    }
}

/// A rectangle with cut corners whose bounding box starts at (0, 0).
fn outline(rng: &mut Gen, w: f64, h: f64) -> Vec<(f64, f64)> {
    let mut cut = || between(rng, 4.0, 30.0);
    let (a, b, c, d) = (cut(), cut(), cut(), cut());
    vec![(a, 0.0), (w - b, 0.0), (w, b), (w, h - c), (w - c, h), (d, h), (0.0, h - d), (0.0, a), (a, 0.0)]
}

fn wings(rng: &mut Gen, facility: &mut Facility, params: &Params) {
    let count = (2 + facility.capacity / 140).min(8) as usize;
    let along_x = chance(rng, 0.5);
    let across = if along_x { facility.height } else { facility.width };
    let along = if along_x { facility.width } else { facility.height };
    let gap = (across - 50.0) / count as f64;
    let base = params.prison_loss_db + 2.5 * normal(rng);
    for i in 0..count {
        let (offset, length) = (30.0 + gap * i as f64, (along - 60.0) * between(rng, 0.7, 1.0));
        let start = between(rng, 30.0, 60.0).min(along - length);
        let (x, y) = if along_x { (start, offset) } else { (offset, start) };
        let yard = gap.min(22.0) * 0.6;
        let common = if along_x { (x + length / 2.0, y + yard) } else { (x + yard, y + length / 2.0) };
        facility.wings.push(Wing {
            name: char::from(b'A' + i as u8).to_string(),
            x,
            y,
            length,
            along_x,
            floors: rng.random_range(2..5),
            loss_db: (base + 2.0 * normal(rng)).clamp(5.0, 32.0),
            salt: rng.random(),
            common,
        });
    }
}

fn cells(rng: &mut Gen, facility: &mut Facility) {
    let total = (f64::from(facility.capacity) / 1.35) as usize;
    let per_wing = total.div_ceil(facility.wings.len());
    for (w, wing) in facility.wings.iter().enumerate() {
        let per_floor = per_wing.div_ceil(wing.floors as usize).max(2);
        for k in 0..per_wing {
            let (floor, slot) = (k / per_floor, k % per_floor);
            let side = (slot % 2) as u64;
            let along = wing.length * (slot / 2) as f64 / (per_floor as f64 / 2.0);
            let across = side as f64 * 9.0;
            let (x, y) =
                if wing.along_x { (wing.x + along, wing.y + across) } else { (wing.x + across, wing.y + along) };
            facility.cells.push(Cell {
                wing: w as u8,
                floor: floor as u32,
                name: format!("{}{floor}{:02}", wing.name, slot + 1),
                beds: [1, 2, 3][crate::rng::weighted(rng, &[0.7, 0.25, 0.05])],
                x: x.min(facility.width - 2.0),
                y: y.min(facility.height - 2.0),
                side,
            });
        }
    }
}

fn jams(rng: &mut Gen, facility: &mut Facility, clock: &Clock, params: &Params) {
    if !chance(rng, params.jammed_facilities) {
        return;
    }
    let whole = chance(rng, 0.15);
    let techs: [bool; 4] = std::array::from_fn(|t| chance(rng, [0.9, 0.75, 0.6, 0.2][t]));
    let wings: Vec<Option<u8>> = if whole {
        vec![None]
    } else {
        (0..facility.wings.len()).filter(|_| chance(rng, 0.4)).map(|w| Some(w as u8)).collect()
    };
    for wing in wings {
        let efficacy = (params.jam_efficacy * log_normal(rng, 1.0, 0.35)).min(0.95);
        let mut from = clock.start() - (between(rng, 0.0, 1.0) * 40.0 * DAY as f64) as i64;
        // On for a while, off for repairs, on again.
        while from < clock.end() {
            let to = from + (log_normal(rng, 18.0, 0.8) * DAY as f64) as i64;
            if to > clock.start() {
                facility.jams.push(Jam { wing, from, to, techs, efficacy });
            }
            from = to + (log_normal(rng, 4.0, 0.8) * DAY as f64) as i64;
        }
    }
}

fn sensors(rng: &mut Gen, facility: &mut Facility, params: &Params) {
    if !chance(rng, params.sensor_facilities) {
        return;
    }
    let count = 2 * facility.wings.len() as u32 + poisson(rng, 3.0);
    for k in 0..count {
        let w = crate::rng::below(rng, facility.wings.len());
        let wing = &facility.wings[w];
        let along = between(rng, 0.0, wing.length);
        let (x, y) = if wing.along_x { (wing.x + along, wing.y + 4.5) } else { (wing.x + 4.5, wing.y + along) };
        facility.sensors.push(Sensor {
            id: format!("S{}-{k}", facility.id),
            wing: w as u8,
            floor: rng.random_range(0..wing.floors),
            x,
            y,
        });
    }
}

impl Facility {
    /// The radio spot of a cell.
    pub(crate) fn cell_spot(&self, cell: usize, corner: u64) -> Spot {
        let c = &self.cells[cell];
        let wing = &self.wings[c.wing as usize];
        Spot {
            area: self.area,
            x: self.x + c.x,
            y: self.y + c.y,
            loss_db: (wing.loss_db - 1.3 * f64::from(c.floor)).max(3.0),
            wall: mix(wing.salt, c.side),
            wall_db: 5.0,
            corner,
        }
    }

    /// The radio spot of a wing's common place.
    pub(crate) fn common_spot(&self, wing: usize, corner: u64) -> Spot {
        let w = &self.wings[wing];
        let (x, y) = (self.x + w.common.0, self.y + w.common.1);
        Spot { area: self.area, x, y, loss_db: w.loss_db * 0.75, wall: mix(w.salt, 7), wall_db: 3.5, corner }
    }

    /// The lockers at the gate.
    pub(crate) fn gate_spot(&self, corner: u64) -> Spot {
        let wall = mix(self.wings[0].salt, 99);
        Spot {
            area: self.area,
            x: self.x + self.width / 2.0,
            y: self.y + 4.0,
            loss_db: 11.0,
            wall,
            wall_db: 3.0,
            corner,
        }
    }

    /// The car park before the gate.
    pub(crate) fn park_spot(&self, rng: &mut Gen) -> Spot {
        let x = self.x + self.width / 2.0 + between(rng, -50.0, 50.0);
        let y = self.y - between(rng, 20.0, 110.0);
        Spot { area: self.area, x, y, loss_db: 5.0, wall: rng.random(), wall_db: 0.5, corner: rng.random() }
    }

    /// A house so many metres from the wall.
    pub(crate) fn beside_spot(&self, rng: &mut Gen, metres: f64, params: &Params) -> Spot {
        let angle = between(rng, 0.0, std::f64::consts::TAU);
        let reach = self.width.max(self.height) / 2.0 + metres;
        let (x, y) =
            (self.x + self.width / 2.0 + reach * angle.cos(), self.y + self.height / 2.0 + reach * angle.sin());
        house(rng, self.area, (x, y), params)
    }

    /// Whether a jammer stops a technology in a wing at an instant, and how well.
    pub(crate) fn jammed(&self, wing: u8, tech: usize, t: i64) -> Option<f64> {
        let hits = |j: &&Jam| j.techs[tech] && j.from <= t && t < j.to && j.wing.is_none_or(|w| w == wing);
        self.jams.iter().find(hits).map(|j| j.efficacy)
    }

    /// Whether a roll call is on.
    pub(crate) fn roll_call(&self, hour: f64) -> bool {
        self.roll_calls.iter().any(|h| hour >= *h && hour < h + 0.4)
    }

    /// Wings where a jammer works at some time of the window.
    pub(crate) fn has_jam(&self, wing: u8, from: i64, to: i64) -> bool {
        self.jams.iter().any(|j| j.wing.is_none_or(|w| w == wing) && j.from < to && from < j.to && j.to - j.from > HOUR)
    }
}

/// A home, office or shop.
pub(crate) fn house(rng: &mut Gen, area: u16, (x, y): (f64, f64), params: &Params) -> Spot {
    let loss_db = (params.home_loss_db + 3.0 * normal(rng)).clamp(2.0, 24.0);
    Spot { area, x, y, loss_db, wall: rng.random(), wall_db: 2.5, corner: rng.random() }
}
