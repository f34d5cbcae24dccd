//! Sectors that the table lacks or puts elsewhere, found by the company they keep: the sectors at
//! which the same handsets were heard within the same hours stand where the sector stands.

use std::collections::BTreeMap;

use cellsweep_model::SectorId;
use cellsweep_model::geometry::Point;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Antenna, Sector};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::radio::RadioMap;
use crate::stay::Visit;

/// Two sectors farther apart than this, and than both reach, are not one place's.
const FAR_M: f64 = 5_000.0;
const FAR_RANGES: f64 = 1.5;
/// Handsets that must have shown a sector in such company before anything is said of it.
const LEAST_HANDSETS: u32 = 4;
/// A sector with more than this share of company where the table puts it is right.
const MOST_NEAR: f64 = 0.25;
/// Nothing is moved by less than this: company spreads as far.
const LEAST_MOVED_M: f64 = 6_000.0;
/// Days of a handset that are looked at.
const MOST_DAYS: usize = 12;
/// Cells of the grid that company is counted in, by degree: 1.1 km of latitude.
const CELLS_A_DEGREE: f64 = 100.0;

/// A sector that the table lacks or has wrong, and where its company says it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDoubt {
    /// Which.
    pub sector: SectorId,
    /// Metres from where the table puts it; `None` where the table lacks it.
    pub moved_m: Option<f64>,
    /// Where it is taken to stand.
    pub at: Point,
    /// Handsets that say so.
    pub handsets: u32,
}

/// The company that one sector keeps.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Company {
    technology: u8,
    /// Handsets with which it was heard beside sectors that stand near it.
    near: u32,
    /// Handsets with which it was heard beside sectors that don't.
    far: u32,
    /// Where those stand: handset-days by cell of the grid.
    cells: FxHashMap<(i32, i32), u32>,
}

/// The company of all sectors.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Companies {
    by_sector: FxHashMap<SectorId, Company>,
}

/// What one handset shows of a sector.
#[derive(Default)]
struct Shown {
    technology: u8,
    near: bool,
    far: Vec<(i32, i32)>,
}

impl Companies {
    /// Notes which sectors a handset was heard at within the same hours, or one after the other.
    pub fn note(&mut self, map: &RadioMap, visits: &[Visit]) {
        let mut shown: FxHashMap<SectorId, Shown> = FxHashMap::default();
        let days = visits.chunk_by(|a, b| a.day == b.day).filter(|day| day.len() > 1);
        days.take(MOST_DAYS).for_each(|day| note_day(map, day, &mut shown));
        for (sector, shown) in shown {
            let company = self.by_sector.entry(sector).or_default();
            company.technology = company.technology.max(shown.technology);
            company.near += u32::from(shown.near);
            company.far += u32::from(!shown.far.is_empty());
            for cell in shown.far {
                *company.cells.entry(cell).or_default() += 1;
            }
        }
    }

    /// Adds what other handsets showed.
    pub fn absorb(&mut self, other: Companies) {
        for (sector, company) in other.by_sector {
            self.by_sector.entry(sector).or_default().add(&company);
        }
    }

    /// What the table lacks or has wrong, by sector.
    pub fn doubts(&self, map: &RadioMap) -> Vec<(TableDoubt, Sector)> {
        let mut doubts = Vec::new();
        let mut masts: FxHashMap<(u64, u64), (Company, Vec<&Sector>)> = FxHashMap::default();
        for (sector, company) in &self.by_sector {
            match map.sector(*sector) {
                Some(known) => {
                    let mast = masts.entry((known.at.lat.to_bits(), known.at.lon.to_bits())).or_default();
                    mast.0.add(company);
                    mast.1.push(known);
                }
                None => doubts.extend(company.lacking(*sector)),
            }
        }
        doubts.extend(masts.into_values().filter_map(|(company, sectors)| company.misplaced(&sectors)).flatten());
        doubts.sort_unstable_by_key(|(doubt, _)| doubt.sector);
        doubts
    }
}

fn note_day(map: &RadioMap, day: &[Visit], shown: &mut FxHashMap<SectorId, Shown>) {
    let known: Vec<Option<&Sector>> = day.iter().map(|visit| map.sector(visit.sector)).collect();
    for (index, visit) in day.iter().enumerate() {
        for (other, beside) in day.iter().enumerate() {
            if index == other || around(visit.hours) & beside.hours == 0 {
                continue;
            }
            let Some(company) = known[other] else { continue };
            // A mast's sectors are misplaced together, and say nothing of each other.
            if known[index].is_some_and(|own| own.at == company.at) {
                continue;
            }
            let of = shown.entry(visit.sector).or_default();
            of.technology = of.technology.max(visit.technology);
            match known[index].is_some_and(|own| !far(own, company)) {
                true => of.near = true,
                false => of.far.push(cell(company.at)),
            }
        }
    }
}

/// Those hours, and the ones before and after each.
fn around(hours: u32) -> u32 {
    hours | hours << 1 | hours >> 1
}

fn far(a: &Sector, b: &Sector) -> bool {
    let reach = a.range_m.unwrap_or_default().max(b.range_m.unwrap_or_default());
    // A degree of latitude is 111 km: most pairs are told to be near without trigonometry.
    let rough = 111_195.0 * (a.at.lat - b.at.lat).abs().max(0.6 * (a.at.lon - b.at.lon).abs());
    let limit = FAR_M.max(FAR_RANGES * reach);
    rough > 0.5 * limit && a.at.distance_m(b.at) > limit
}

fn cell(place: Point) -> (i32, i32) {
    ((place.lat * CELLS_A_DEGREE).floor() as i32, (place.lon * CELLS_A_DEGREE).floor() as i32)
}

impl Company {
    fn add(&mut self, other: &Company) {
        self.technology = self.technology.max(other.technology);
        self.near += other.near;
        self.far += other.far;
        for (cell, count) in &other.cells {
            *self.cells.entry(*cell).or_default() += count;
        }
    }

    /// A sector that the table lacks.
    fn lacking(&self, sector: SectorId) -> Option<(TableDoubt, Sector)> {
        let technology = Technology::from_code(self.technology)?;
        (self.far >= LEAST_HANDSETS).then(|| {
            let at = self.middle();
            let doubt = TableDoubt { sector, moved_m: None, at, handsets: self.far };
            (doubt, Sector { id: sector, technology, at, antenna: Antenna::Omni, range_m: None })
        })
    }

    /// The sectors of a mast that the table puts elsewhere.
    fn misplaced(&self, sectors: &[&Sector]) -> Option<Vec<(TableDoubt, Sector)>> {
        let near = f64::from(self.near) / f64::from(self.near + self.far).max(1.0);
        if self.far < LEAST_HANDSETS || near > MOST_NEAR {
            return None;
        }
        let at = self.middle();
        let moved_m = sectors[0].at.distance_m(at);
        let reach = sectors.iter().filter_map(|sector| sector.range_m).fold(0.0, f64::max);
        (moved_m > LEAST_MOVED_M.max(FAR_RANGES * reach)).then(|| {
            let moved = |sector: &&Sector| {
                let doubt = TableDoubt { sector: sector.id, moved_m: Some(moved_m), at, handsets: self.far };
                (doubt, Sector { at, ..(*sector).clone() })
            };
            sectors.iter().map(moved).collect()
        })
    }

    /// The median of the company's places, each axis by itself.
    fn middle(&self) -> Point {
        let axis = |of: fn(&(i32, i32)) -> i32| {
            let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
            for (cell, count) in &self.cells {
                *counts.entry(of(cell)).or_default() += u64::from(*count);
            }
            let all: u64 = counts.values().sum();
            let mut before = 0;
            let middle = counts.into_iter().find(|(_, count)| {
                before += count;
                2 * before >= all
            });
            (f64::from(middle.map_or(0, |(cell, _)| cell)) + 0.5) / CELLS_A_DEGREE
        };
        Point { lat: axis(|cell| cell.0), lon: axis(|cell| cell.1) }
    }
}
