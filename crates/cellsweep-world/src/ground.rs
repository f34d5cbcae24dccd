//! A world on real ground: antennas and prisons that are given; people, phones and cells are made up around them.
//!
//! Where masts stand close, people live: towns are laid where the given masts are densest, and how built-up an area
//! is follows from how many of them there are.

use rand::RngExt;

use crate::WorldError;
use crate::land::{Area, Env, METRES_PER_DEGREE, RADIUS, Town};
use crate::names;
use crate::network::{Network, Sector, Site, TECHS, Tech, operators};
use crate::params::Params;
use crate::rng::{Gen, Purpose, below, between, mix, normal, stream};

/// What is given.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// The operators' antennas.
    pub sectors: Vec<GivenSector>,
    /// The prisons.
    pub facilities: Vec<GivenFacility>,
}

/// A sector that is given.
#[derive(Debug, Clone)]
pub struct GivenSector {
    /// `MCC-MNC-LAC-CI`, `MCC-MNC-ECI` or `MCC-MNC-NCI`.
    pub name: String,
    /// `GSM`, `UMTS`, `LTE` or `NR`.
    pub technology: String,
    /// Whose it is.
    pub operator: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Degrees from north; `None` for an omni antenna.
    pub azimuth_deg: Option<f64>,
    /// Degrees between the half-power directions.
    pub beamwidth_deg: Option<f64>,
    /// Metres it is planned for.
    pub range_m: Option<f64>,
}

/// A prison that is given.
#[derive(Debug, Clone)]
pub struct GivenFacility {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Places, where known.
    pub capacity: Option<u32>,
    /// Longitudes and latitudes of its outline.
    pub outline: Vec<(f64, f64)>,
}

/// Operators that a world has room for.
const OPERATORS: usize = 4;
/// A facility nearer than this to an area's middle shares the area.
const SHARED: f64 = 5_000.0;
/// Sectors this far from an area's middle are still of the area.
const REACH: f64 = 1.2 * RADIUS;
/// The smallest yard that wings fit into.
const LEAST_SIDE: f64 = 130.0;

/// Areas, network, and where each facility stands.
pub(crate) struct Laid {
    pub areas: Vec<Area>,
    pub net: Network,
    pub seats: Vec<Seat>,
}

/// Where a facility stands, in its area's frame.
pub(crate) struct Seat {
    pub id: String,
    pub name: String,
    pub capacity: Option<u32>,
    pub area: usize,
    /// South-west corner.
    pub corner: (f64, f64),
    pub width: f64,
    pub height: f64,
    /// From the corner, closed.
    pub outline: Vec<(f64, f64)>,
}

/// Lays the land out.
///
/// # Errors
/// When a world can't stand on what is given; the message says why.
pub(crate) fn lay_out(ground: &Ground, seed: u64, params: &Params) -> Result<Laid, WorldError> {
    let codes = codes(ground)?;
    let mut rng = stream(seed, Purpose::Land, 0);
    let (mut areas, places) = places(ground, &mut rng);
    elsewhere(ground, &mut areas, &mut rng);
    let members = members(ground, &areas);
    for (index, members) in members.iter().enumerate() {
        if members.is_empty() {
            let facility = places.iter().position(|place| *place == index).unwrap_or_default();
            let id = &ground.facilities[facility].id;
            return Err(WorldError::Ground { why: format!("no antenna stands within {REACH:.0} m of facility {id}") });
        }
        settle(&mut rng, &mut areas[index], ground, members);
    }
    let net = network(ground, &codes, &areas, &members, &mut stream(seed, Purpose::Network, 0), params);
    let mut seats = Vec::new();
    for (given, &area) in ground.facilities.iter().zip(&places) {
        let seat = seat(&areas[area], area, given);
        areas[area].seats.push(seat.corner);
        seats.push(seat);
    }
    Ok(Laid { areas, net, seats })
}

/// Operators by name, in order.
fn codes(ground: &Ground) -> Result<Vec<String>, WorldError> {
    let refuse = |why: String| Err(WorldError::Ground { why });
    if ground.facilities.is_empty() {
        return refuse("no facility is given".to_owned());
    }
    if ground.sectors.is_empty() {
        return refuse("no antenna is given".to_owned());
    }
    let mut codes: Vec<String> = ground.sectors.iter().map(|sector| sector.operator.clone()).collect();
    codes.sort();
    codes.dedup();
    if codes.len() > OPERATORS {
        return refuse(format!("the antennas are of {} operators, and a world has room for {OPERATORS}", codes.len()));
    }
    Ok(codes)
}

/// An area around each facility, shared with those close by, and the area of each facility.
fn places(ground: &Ground, rng: &mut Gen) -> (Vec<Area>, Vec<usize>) {
    let mut areas: Vec<Area> = Vec::new();
    let mut places = Vec::new();
    for facility in &ground.facilities {
        let count = facility.outline.len().max(1) as f64;
        let sum = facility.outline.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        let (lon, lat) = (sum.0 / count, sum.1 / count);
        let near = areas.iter().position(|area| area.metres_to(lon, lat) < SHARED);
        places.push(near.unwrap_or(areas.len()));
        if near.is_none() {
            areas.push(bare(lon, lat, rng));
        }
    }
    (areas, places)
}

/// Areas without a facility, where antennas are left: most people live nowhere near a prison.
fn elsewhere(ground: &Ground, areas: &mut Vec<Area>, rng: &mut Gen) {
    for _ in 0..=ground.facilities.len() / 8 {
        let far = |sector: &&GivenSector| areas.iter().all(|area| area.metres_to(sector.lon, sector.lat) > 2.0 * REACH);
        let left: Vec<(f64, f64)> = ground.sectors.iter().filter(far).map(|sector| (sector.lon, sector.lat)).collect();
        if left.is_empty() {
            return;
        }
        let (lon, lat) = left[below(rng, left.len())];
        areas.push(bare(lon, lat, rng));
    }
}

fn bare(lon: f64, lat: f64, rng: &mut Gen) -> Area {
    let road = (between(rng, 0.0, std::f64::consts::PI), between(rng, -2_500.0, 2_500.0));
    Area { lon, lat, env: Env::Rural, towns: Vec::new(), road, seats: Vec::new(), population: 1.0 }
}

/// Each area's sectors: those nearest to its middle, by operator and place.
fn members(ground: &Ground, areas: &[Area]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); areas.len()];
    for (index, sector) in ground.sectors.iter().enumerate() {
        let distances = areas.iter().enumerate().map(|(at, area)| (area.metres_to(sector.lon, sector.lat), at));
        if let Some((metres, at)) = distances.min_by(|a, b| a.0.total_cmp(&b.0))
            && metres <= REACH
        {
            members[at].push(index);
        }
    }
    for list in &mut members {
        list.sort_by(|a, b| key(&ground.sectors[*a]).cmp(&key(&ground.sectors[*b])));
    }
    members
}

/// Sectors of one operator at one place stand together.
fn key(sector: &GivenSector) -> (&str, i64, i64, &str) {
    let micro = |degrees: f64| (degrees * 1e5).round() as i64;
    (&sector.operator, micro(sector.lat), micro(sector.lon), &sector.name)
}

/// How built-up an area is, and where its people live.
fn settle(rng: &mut Gen, area: &mut Area, ground: &Ground, members: &[usize]) {
    let mut masts: Vec<(f64, f64)> = members
        .iter()
        .map(|index| area.x_y(ground.sectors[*index].lon, ground.sectors[*index].lat))
        .map(|(x, y)| (x.round(), y.round()))
        .collect();
    masts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    masts.dedup();
    let within = |(x, y): (f64, f64), metres: f64| masts.iter().filter(|m| (m.0 - x).hypot(m.1 - y) < metres).count();
    let densest = masts.iter().map(|mast| within(*mast, 2_000.0)).max().unwrap_or(0);
    let (env, spread) = match densest {
        20.. => (Env::Urban, 1_900.0),
        6.. => (Env::Suburban, 1_300.0),
        _ => (Env::Rural, 700.0),
    };
    area.env = env;
    area.population = (masts.len() as f64 / 60.0).clamp(0.25, 2.5);
    let department = rng.random_range(1..96u32);
    for index in 0..4.min(masts.len()) {
        // Of three masts drawn, the one with most others about it.
        let draws: [(f64, f64); 3] = std::array::from_fn(|_| masts[below(rng, masts.len())]);
        let best = draws.into_iter().max_by_key(|mast| within(*mast, 2_000.0)).unwrap_or_default();
        area.towns.push(Town {
            x: best.0.clamp(-RADIUS, RADIUS),
            y: best.1.clamp(-RADIUS, RADIUS),
            spread: spread * between(rng, 0.6, 1.2) / (1.0 + index as f64 * 0.5),
            weight: 1.0 / (1.0 + index as f64) * between(rng, 0.7, 1.3),
            name: names::place(rng),
            postcode: department * 1_000 + rng.random_range(0..99u32) * 10,
        });
    }
}

fn network(
    ground: &Ground,
    codes: &[String],
    areas: &[Area],
    members: &[Vec<usize>],
    rng: &mut Gen,
    params: &Params,
) -> Network {
    let mut operators = operators(rng, params);
    for (index, operator) in operators.iter_mut().enumerate() {
        match codes.get(index) {
            Some(code) => operator.code.clone_from(code),
            // Nobody is a customer of an operator without antennas.
            None => operator.market = 0.0,
        }
        let own = codes.get(index).and_then(|code| ground.sectors.iter().find(|sector| sector.operator == *code));
        operator.plmn = own.and_then(|sector| plmn(&sector.name)).unwrap_or(operator.plmn);
    }
    let mut net = Network { operators, sites: Vec::new(), sectors: Vec::new(), names: Vec::new(), by_area: Vec::new() };
    for (index, members) in members.iter().enumerate() {
        let ranges = std::array::from_fn(|op| {
            let first = net.sites.len() as u32;
            let own = |at: &&usize| codes.get(op).is_some_and(|code| ground.sectors[**at].operator == *code);
            let own: Vec<&GivenSector> = members.iter().filter(own).map(|at| &ground.sectors[*at]).collect();
            for mast in own.chunk_by(|a, b| (key(a).1, key(a).2) == (key(b).1, key(b).2)) {
                site(&mut net, rng, (index, &areas[index]), op, mast);
            }
            first..net.sites.len() as u32
        });
        net.by_area.push(ranges);
    }
    net
}

/// `208-01-…` as 20801.
fn plmn(sector: &str) -> Option<u64> {
    let mut parts = sector.split('-');
    format!("{}{}", parts.next()?, parts.next()?).parse().ok()
}

fn site(net: &mut Network, rng: &mut Gen, (index, area): (usize, &Area), op: usize, mast: &[&GivenSector]) {
    let first = net.sectors.len() as u32;
    let open = 5.0 * normal(rng);
    for given in mast {
        let tech = TECHS.into_iter().find(|tech| tech.name() == given.technology).unwrap_or(Tech::Gsm);
        net.sectors.push(Sector {
            area: index as u16,
            op: op as u8,
            tech,
            mhz: carrier(rng, tech),
            azimuth: given.azimuth_deg.map_or(f32::NAN, |degrees| degrees.rem_euclid(360.0) as f32),
            beam: given.beamwidth_deg.filter(|beam| *beam > 5.0).unwrap_or(65.0) as f32,
            bias: (open + 4.5 * normal(rng)) as f32,
            range_m: given.range_m.map_or_else(|| rng.random_range(20..120u32) * 100, |range| range as u32),
        });
        net.names.push(given.name.clone());
    }
    let height = match area.env {
        Env::Urban => between(rng, 20.0, 35.0),
        Env::Suburban => between(rng, 22.0, 40.0),
        Env::Rural => between(rng, 28.0, 55.0),
    };
    let (x, y) = mast.first().map_or((0.0, 0.0), |given| area.x_y(given.lon, given.lat));
    let salt = mix(rng.random(), op as u64);
    net.sites.push(Site { x, y, salt, height, sectors: first..net.sectors.len() as u32 });
}

/// A sector's table doesn't say its frequency: one of those that its technology uses.
fn carrier(rng: &mut Gen, tech: Tech) -> f32 {
    match tech {
        Tech::Gsm => 945.0,
        Tech::Umts => [950.0, 2_150.0][below(rng, 2)],
        Tech::Lte => [800.0, 1_850.0, 2_650.0][below(rng, 3)],
        Tech::Nr => 3_550.0,
    }
}

fn seat(area: &Area, index: usize, given: &GivenFacility) -> Seat {
    let points: Vec<(f64, f64)> = given.outline.iter().map(|(lon, lat)| area.x_y(*lon, *lat)).collect();
    let least = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).fold(f64::INFINITY, f64::min);
    let (west, south) = (least(|point| point.0), least(|point| point.1));
    let mut outline: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x - west, y - south)).collect();
    if outline.first() != outline.last() {
        outline.extend(outline.first().copied());
    }
    let most = |pick: fn(&(f64, f64)) -> f64| outline.iter().map(pick).fold(LEAST_SIDE, f64::max);
    Seat {
        id: given.id.clone(),
        name: given.name.clone(),
        capacity: given.capacity,
        area: index,
        corner: (west, south),
        width: most(|point| point.0),
        height: most(|point| point.1),
        outline,
    }
}

impl Area {
    /// A point of the area's frame from degrees.
    pub(crate) fn x_y(&self, lon: f64, lat: f64) -> (f64, f64) {
        let x = (lon - self.lon) * METRES_PER_DEGREE * self.lat.to_radians().cos();
        (x, (lat - self.lat) * METRES_PER_DEGREE)
    }

    fn metres_to(&self, lon: f64, lat: f64) -> f64 {
        let (x, y) = self.x_y(lon, lat);
        x.hypot(y)
    }
}
