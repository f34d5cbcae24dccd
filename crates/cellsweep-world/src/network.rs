//! The operators' sites and sectors on the land.

use std::ops::Range;

use rand::RngExt;
use rustc_hash::FxHashSet;

use crate::land::{Area, Env, RADIUS};
use crate::params::Params;
use crate::rng::{Gen, Purpose, between, chance, mix, normal, poisson, stream};

/// Radio technology, in the order of generations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tech {
    Gsm,
    Umts,
    Lte,
    Nr,
}

/// All technologies.
pub(crate) const TECHS: [Tech; 4] = [Tech::Gsm, Tech::Umts, Tech::Lte, Tech::Nr];

impl Tech {
    /// Its name in the tables.
    pub(crate) fn name(self) -> &'static str {
        ["GSM", "UMTS", "LTE", "NR"][self as usize]
    }

    /// Length of a timing advance step in metres. NR steps are for a subcarrier spacing of 30 kHz.
    pub(crate) fn step_m(self) -> f64 {
        [553.46, f64::INFINITY, 78.07, 39.04][self as usize]
    }
}

/// One operator.
pub(crate) struct Operator {
    pub code: String,
    /// Country and network code, which its subscribers' IMSIs begin with.
    pub plmn: u64,
    pub market: f64,
    /// Probability that a record carries a timing advance, per technology.
    pub timing_advance: [f64; 4],
    /// How this operator writes an IMEI, per technology.
    pub imei_form: [crate::quirks::ImeiForm; 4],
    /// Probability that a signalling row has no subscriber number.
    pub blank_msisdn: f64,
}

/// A mast.
pub(crate) struct Site {
    pub x: f64,
    pub y: f64,
    pub salt: u64,
    pub height: f64,
    pub sectors: Range<u32>,
}

/// A radio cell of a mast.
pub(crate) struct Sector {
    pub area: u16,
    pub op: u8,
    pub tech: Tech,
    pub mhz: f32,
    /// Degrees from north; NaN for an omni antenna.
    pub azimuth: f32,
    pub beam: f32,
    /// Power, tilt, load and hand-over offset against the usual, in dB.
    pub bias: f32,
    pub range_m: u32,
}

/// All sites and sectors.
pub(crate) struct Network {
    pub operators: Vec<Operator>,
    pub sites: Vec<Site>,
    pub sectors: Vec<Sector>,
    /// Identifiers as operators write them, by sector.
    pub names: Vec<String>,
    /// Sites of an area by operator.
    pub by_area: Vec<[Range<u32>; 4]>,
}

/// Carriers a site may have: technology, MHz, probability.
const CARRIERS: &[(Tech, f32, f64)] = &[
    (Tech::Gsm, 945.0, 0.85),
    (Tech::Umts, 950.0, 0.45),
    (Tech::Umts, 2150.0, 0.45),
    (Tech::Lte, 800.0, 0.9),
    (Tech::Lte, 1850.0, 0.6),
    (Tech::Lte, 2650.0, 0.3),
    (Tech::Nr, 3550.0, 0.3),
];

struct Builder<'a> {
    params: &'a Params,
    net: Network,
    used: FxHashSet<u64>,
    rng: Gen,
}

/// Builds the network over all areas.
pub(crate) fn build(seed: u64, areas: &[Area], params: &Params) -> Network {
    let mut rng = stream(seed, Purpose::Network, 0);
    let operators = operators(&mut rng, params);
    let net = Network { operators, sites: Vec::new(), sectors: Vec::new(), names: Vec::new(), by_area: Vec::new() };
    let mut builder = Builder { params, net, used: FxHashSet::default(), rng };
    for (index, area) in areas.iter().enumerate() {
        let ranges = std::array::from_fn(|op| builder.area(index, area, op));
        builder.net.by_area.push(ranges);
    }
    builder.net
}

/// Four operators with their habits.
pub(crate) fn operators(rng: &mut Gen, params: &Params) -> Vec<Operator> {
    let codes = ["208-01", "208-10", "208-15", "208-20"];
    codes
        .iter()
        .map(|code| Operator {
            code: (*code).to_owned(),
            plmn: code.replace('-', "").parse().unwrap_or(20_801),
            market: between(rng, 0.5, 1.5),
            timing_advance: std::array::from_fn(|t| {
                if t == 1 || chance(rng, 0.3) {
                    0.0
                } else {
                    (params.timing_advance * between(rng, 0.6, 1.5)).min(0.95)
                }
            }),
            imei_form: crate::quirks::draw_forms(rng),
            blank_msisdn: between(rng, 0.3, 0.95),
        })
        .collect()
}

impl Builder<'_> {
    fn area(&mut self, index: usize, area: &Area, op: usize) -> Range<u32> {
        let first = self.net.sites.len() as u32;
        let lacs: [u32; 2] = std::array::from_fn(|_| self.rng.random_range(256..65_000));
        for (x, y) in self.positions(area) {
            let lac = lacs[usize::from(x > 0.0)];
            self.site(index, area, op, (x, y), lac);
        }
        first..self.net.sites.len() as u32
    }

    /// A jittered grid, dense where people live; some operators also have a mast near a facility.
    fn positions(&mut self, area: &Area) -> Vec<(f64, f64)> {
        let base = match area.env {
            Env::Urban => 2_100.0,
            Env::Suburban => 2_700.0,
            Env::Rural => 3_900.0,
        };
        let step = base / self.params.site_density.sqrt();
        let cells = (RADIUS * 2.0 / step).ceil() as i32;
        let mut points = Vec::new();
        let shift = (self.rng.random::<f64>(), self.rng.random::<f64>());
        for i in 0..cells {
            for j in 0..cells {
                let at = |k: i32, s: f64, jitter: f64| -RADIUS + step * (f64::from(k) + s + 0.6 * jitter - 0.3);
                let p = (at(i, shift.0, self.rng.random()), at(j, shift.1, self.rng.random()));
                if chance(&mut self.rng, keep(area, p)) {
                    points.push(p);
                }
            }
        }
        for &(x, y) in &area.seats {
            if chance(&mut self.rng, 0.4) {
                let (r, a) = (between(&mut self.rng, 150.0, 900.0), between(&mut self.rng, 0.0, std::f64::consts::TAU));
                points.push((x + r * a.cos(), y + r * a.sin()));
            }
        }
        points
    }

    fn site(&mut self, index: usize, area: &Area, op: usize, (x, y): (f64, f64), lac: u32) {
        let first = self.net.sectors.len() as u32;
        let rng = &mut self.rng;
        let omni = area.env == Env::Rural && chance(rng, 0.1);
        let turn = between(rng, 0.0, 120.0);
        let height = match area.env {
            Env::Urban => between(rng, 20.0, 35.0),
            Env::Suburban => between(rng, 22.0, 40.0),
            Env::Rural => between(rng, 28.0, 55.0),
        };
        // A mast on a hill reaches far, one behind a slope doesn't.
        let open = 5.0 * normal(rng);
        let node: u64 = rng.random_range(1_000..900_000);
        let mut local = 0;
        for &(tech, mhz, p) in CARRIERS {
            let p = if tech == Tech::Nr && self.params.has_nr < 0.0 { 0.0 } else { p };
            if !chance(&mut self.rng, p) {
                continue;
            }
            for k in 0..if omni { 1 } else { 3 } {
                local += 1;
                let azimuth = if omni { f32::NAN } else { ((turn + 120.0 * f64::from(k)) % 360.0) as f32 };
                let sector = Sector {
                    area: index as u16,
                    op: op as u8,
                    tech,
                    mhz,
                    azimuth,
                    beam: 65.0,
                    bias: (open + 4.5 * normal(&mut self.rng)) as f32,
                    range_m: self.rng.random_range(20..120u32) * 100,
                };
                let name = self.name(op, tech, lac, node, local);
                self.net.sectors.push(sector);
                self.net.names.push(name);
            }
        }
        let salt = mix(self.rng.random(), op as u64);
        let sectors = first..self.net.sectors.len() as u32;
        self.net.sites.push(Site { x, y, salt, height, sectors });
    }

    fn name(&mut self, op: usize, tech: Tech, lac: u32, mut node: u64, local: u64) -> String {
        let code = self.net.operators[op].code.clone();
        loop {
            let (text, key) = match tech {
                Tech::Gsm | Tech::Umts => {
                    let ci = self.rng.random_range(16..65_000u32);
                    (format!("{code}-{lac}-{ci}"), (u64::from(lac) << 16) | u64::from(ci))
                }
                Tech::Lte => {
                    let eci = ((node & 0xF_FFFF) << 8) | local;
                    (format!("{code}-{eci}"), (1 << 40) | eci)
                }
                Tech::Nr => {
                    let nci = ((node + 4_000_000) << 12) | local;
                    (format!("{code}-{nci}"), (2 << 40) | nci)
                }
            };
            if self.used.insert(mix(key, op as u64)) {
                return text;
            }
            // Two masts drew the same node: this cell gets another one, as a planner would do.
            node = self.rng.random_range(1_000..900_000);
        }
    }
}

fn keep(area: &Area, (x, y): (f64, f64)) -> f64 {
    let near = area.towns.iter().any(|t| (t.x - x).hypot(t.y - y) < 2.2 * t.spread);
    if near { 0.9 } else { 0.35 }
}

impl Network {
    /// Draws an operator by market share.
    pub(crate) fn draw_operator(&self, rng: &mut Gen) -> u8 {
        let shares: Vec<f64> = self.operators.iter().map(|o| o.market).collect();
        crate::rng::weighted(rng, &shares) as u8
    }
}

/// When sectors, technologies and regions were off.
#[derive(Default)]
pub(crate) struct Outages {
    /// Sector outages: sector, from, to.
    pub sectors: rustc_hash::FxHashMap<u32, (i64, i64)>,
    /// From when GSM is off for good, by area and operator.
    pub gsm_off: Vec<[Option<i64>; 4]>,
}

impl Outages {
    /// Draws failures of single sectors and the GSM switch-off of some regions.
    pub(crate) fn draw(seed: u64, net: &Network, params: &Params, (start, end): (i64, i64)) -> Outages {
        let mut rng = stream(seed, Purpose::Network, 1);
        let mut out = Outages::default();
        let count = poisson(&mut rng, params.outage_rate * net.sites.len() as f64);
        for _ in 0..count {
            let site = &net.sites[crate::rng::below(&mut rng, net.sites.len())];
            let from = crate::rng::instant(&mut rng, start, end);
            let to = from + (crate::rng::log_normal(&mut rng, 8.0, 1.0) * 3.6e9) as i64;
            for sector in site.sectors.clone() {
                if chance(&mut rng, 0.7) {
                    out.sectors.insert(sector, (from, to));
                }
            }
        }
        out.gsm_off = (0..net.by_area.len()).map(|_| gsm_off(&mut rng, params, (start, end))).collect();
        out
    }

    /// Whether a sector serves at an instant.
    pub(crate) fn serves(&self, net: &Network, sector: u32, t: i64) -> bool {
        let s = &net.sectors[sector as usize];
        if s.tech == Tech::Gsm
            && let Some(off) = self.gsm_off[s.area as usize][s.op as usize]
            && t >= off
        {
            return false;
        }
        !matches!(self.sectors.get(&sector), Some(&(from, to)) if from <= t && t < to)
    }
}

fn gsm_off(rng: &mut Gen, params: &Params, (start, end): (i64, i64)) -> [Option<i64>; 4] {
    if !chance(rng, params.gsm_off) {
        return [None; 4];
    }
    let op = crate::rng::below(rng, 4);
    let when = crate::rng::instant(rng, start - (end - start) / 2, end);
    std::array::from_fn(|i| (i == op).then_some(when))
}
