//! Sectors that the table lacks or puts elsewhere, found by the company they keep: the sectors at
//! which the same handsets were heard within the same hours stand where the sector stands.
//!
//! How far from each other two such sectors can stand follows from their timing advances where operators hand them over,
//! else from how far they reach. A mast whose company can't be where the table puts it, and can elsewhere, is moved there.

use std::collections::BTreeMap;

use cellsweep_model::SectorId;
use cellsweep_model::geometry::Point;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Antenna, Sector};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::numbering::Numbering;
use crate::radio::RadioMap;
use crate::stay::Visit;

/// Handsets that must have shown a sector in company before anything is said of it.
const LEAST_HANDSETS: u32 = 4;
/// Handsets that place a mast by distances alone, where none of its company stands.
const MANY: u32 = 8;
/// Measured company that is enough to go by, so that what nobody measured isn't asked.
const LEAST_MEASURED: u32 = 8;
/// A mast is wrong if at least such a share of its company can't be where the table puts it ...
const LEAST_CONTRARY: f64 = 0.7;
/// ... and at most such a share can't be where it is moved.
const MOST_CONTRARY: f64 = 0.2;
/// Nothing is moved by less than this: company spreads as far.
const LEAST_MOVED_M: f64 = 6_000.0;
/// Places of its company that a mast is tried at, besides the middle of them.
const MOST_TRIED: usize = 24;
/// And so many steps to every side of the best of them.
const STEPS: i32 = 8;
const TRIED_M: f64 = 1_000.0;
/// Points are as good as the best whose share of contrary company is no more than this above its.
const ROOM: f64 = 0.05;
/// Hours in which a handset must have shown a sector in company: who passes by is gone before.
const LEAST_HOURS: u32 = 3;
/// Within this of their middle stands such a share of the others whom a handset hears that stays where it is.
const TOGETHER_M: f64 = 6_000.0;
const MOST_TOGETHER: f64 = 0.7;
/// Days of a handset that are looked at.
const MOST_DAYS: usize = 12;
/// Cells of the grid that company is counted in, by degree: 1.1 km of latitude.
const CELLS_A_DEGREE: f64 = 100.0;

/// What a handset moves between two records of the same hours, and the grid's width, at the most.
const SLACK_M: f64 = 2_000.0;
/// Distances are kept by such steps: the company of a million handsets has to have room.
const STEP_M: f64 = 2_000.0;
/// As far from an antenna are most handsets whose distance nobody measured.
const USUAL_REACH_M: f64 = 4_000.0;
/// Without a measure, sectors farther apart than this, and than both reach, are not one place's.
const FAR_M: f64 = 5_000.0;
const FAR_RANGES: f64 = 1.5;

/// A sector that the table lacks or has wrong, and where its company says it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableDoubt {
    /// Which.
    pub sector: SectorId,
    /// Metres from where the table puts it; `None` where the table lacks it.
    pub moved_m: Option<f64>,
    /// Where it is taken to stand.
    pub at: Point,
    /// Handsets that say so by the company it keeps.
    pub handsets: u32,
    /// Sectors that say so by their numbers, which are of the same mast.
    #[serde(default)]
    pub sectors: u32,
}

/// A place where a handset was heard within the same hours, and how far from it the sector can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
struct Beside {
    /// A cell of the grid.
    cell: (i32, i32),
    /// Kilometres, at the least and at the most.
    apart_km: (u8, u8),
    /// How many of the two were measured.
    measured: u8,
}

/// The company that one sector keeps.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Company {
    technology: u8,
    /// Handsets that showed it in company.
    handsets: u32,
    /// Where that was, by handsets.
    beside: FxHashMap<Beside, u32>,
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
    /// Hours by place.
    beside: FxHashMap<Beside, u32>,
}

impl Companies {
    /// Notes which sectors a handset was heard at within the same hours, or one after the other.
    pub fn note(&mut self, map: &RadioMap, visits: &[Visit]) {
        let mut shown: FxHashMap<SectorId, Shown> = FxHashMap::default();
        let days = visits.chunk_by(|a, b| a.day == b.day).filter(|day| day.len() > 1);
        days.take(MOST_DAYS).for_each(|day| note_day(map, day, &mut shown));
        for (sector, shown) in shown {
            // A sector without a place has none to be doubted.
            if map.sector(sector).is_some() && !shown.stays() {
                continue;
            }
            let company = self.by_sector.entry(sector).or_default();
            company.technology = company.technology.max(shown.technology);
            company.handsets += 1;
            for place in shown.beside.into_keys() {
                *company.beside.entry(place).or_default() += 1;
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
    pub fn doubts(&self, map: &RadioMap, numbering: &Numbering) -> Vec<(TableDoubt, Sector)> {
        let mut lacking: Vec<(SectorId, &Company)> = Vec::new();
        let mut masts: BTreeMap<(u64, u64), (Company, Vec<&Sector>)> = BTreeMap::new();
        for (sector, company) in &self.by_sector {
            match map.sector(*sector) {
                Some(known) => {
                    let mast = masts.entry((known.at.lat.to_bits(), known.at.lon.to_bits())).or_default();
                    mast.0.add(company);
                    mast.1.push(known);
                }
                None => lacking.push((*sector, company)),
            }
        }
        let lacking = lacking.into_par_iter().filter_map(|(sector, company)| company.lacking(sector, numbering));
        let moved = masts.into_par_iter().filter_map(|(_, (company, sectors))| company.misplaced(&sectors));
        let mut doubts: Vec<_> = lacking.chain(moved.flatten()).collect();
        doubts.sort_unstable_by_key(|(doubt, _)| doubt.sector);
        doubts
    }
}

/// Notes a handset's day.
fn note_day(map: &RadioMap, day: &[Visit], shown: &mut FxHashMap<SectorId, Shown>) {
    let heard: Vec<(Option<&Sector>, Option<f64>)> =
        day.iter().map(|visit| (map.sector(visit.sector), visit.measured_m())).collect();
    for (visit, (own, own_m)) in day.iter().zip(&heard) {
        let hours = around(visit.hours);
        for (beside, (other, other_m)) in day.iter().zip(&heard) {
            let together = (hours & beside.hours).count_ones();
            // A mast's sectors are misplaced together, and say nothing of each other.
            let other = other.filter(|other| own.is_none_or(|own| own.at != other.at));
            let Some(other) = other.filter(|_| together > 0 && beside.sector != visit.sector) else { continue };
            let of = shown.entry(visit.sector).or_default();
            of.technology = of.technology.max(visit.technology);
            let place = Beside::new((*own, *own_m), (other, *other_m));
            *of.beside.entry(place).or_default() += together;
        }
    }
}

impl Shown {
    /// Whether most of what was heard beside the sector stands together, and was so in more than a passing hour: who is
    /// on the way hears what is far apart.
    fn stays(&self) -> bool {
        let all: u32 = self.beside.values().sum();
        if all < LEAST_HOURS {
            return false;
        }
        let mut cells: BTreeMap<(i32, i32), u32> = BTreeMap::new();
        self.beside.iter().for_each(|(place, hours)| *cells.entry(place.cell).or_default() += hours);
        let middle = middle(&cells);
        let near = self.beside.iter().filter(|(place, _)| place.at().distance_m(middle) < TOGETHER_M);
        f64::from(near.map(|(_, hours)| hours).sum::<u32>()) >= MOST_TOGETHER * f64::from(all)
    }
}

/// Those hours, and the ones before and after each.
fn around(hours: u32) -> u32 {
    hours | hours << 1 | hours >> 1
}

fn cell(place: Point) -> (i32, i32) {
    ((place.lat * CELLS_A_DEGREE).floor() as i32, (place.lon * CELLS_A_DEGREE).floor() as i32)
}

impl Beside {
    /// Of two sectors that served a handset at these distances. One alone says how far apart they can stand within what the
    /// other usually reaches, none within what both are planned to.
    fn new((own, own_m): (Option<&Sector>, Option<f64>), (other, other_m): (&Sector, Option<f64>)) -> Self {
        let range_m = |sector: &Sector| sector.range_m.unwrap_or_default();
        let (least, most) = match (own_m, other_m) {
            (Some(own), Some(other)) => ((own - other).abs(), own + other),
            (Some(own), None) => ((own - USUAL_REACH_M).max(0.0), own + USUAL_REACH_M),
            _ => (0.0, FAR_M.max(FAR_RANGES * own.map_or(0.0, range_m).max(range_m(other))) - SLACK_M),
        };
        let steps = |metres: f64| (metres / STEP_M).clamp(0.0, 100.0);
        let km = |steps: f64| (steps * STEP_M / 1_000.0) as u8;
        let measured = own_m.map_or(0, |_| 1 + u8::from(other_m.is_some()));
        let apart_km = (km(steps(least - SLACK_M).floor()), km(steps(most + SLACK_M).ceil()));
        Self { cell: cell(other.at), apart_km, measured }
    }

    /// The middle of the place.
    fn at(&self) -> Point {
        centre(self.cell)
    }

    /// Whether a sector that stands there can't have been heard beside it.
    fn contrary(&self, stands: Point) -> bool {
        let km = self.at().distance_m(stands) / 1_000.0;
        !(f64::from(self.apart_km.0)..=f64::from(self.apart_km.1)).contains(&km)
    }
}

fn centre(cell: (i32, i32)) -> Point {
    let middle = |cell: i32| (f64::from(cell) + 0.5) / CELLS_A_DEGREE;
    Point { lat: middle(cell.0), lon: middle(cell.1) }
}

impl Company {
    fn add(&mut self, other: &Company) {
        self.technology = self.technology.max(other.technology);
        self.handsets += other.handsets;
        for (place, handsets) in &other.beside {
            *self.beside.entry(*place).or_default() += handsets;
        }
    }

    /// A sector that the table lacks: it stands with those of its mast, if their numbers tell, else with its company.
    fn lacking(&self, sector: SectorId, numbering: &Numbering) -> Option<(TableDoubt, Sector)> {
        let technology = Technology::from_code(self.technology)?;
        (self.handsets >= LEAST_HANDSETS).then(|| {
            let mast = numbering.mast(sector, technology);
            let at = mast.map_or_else(|| self.asked(self.enough()).beside_whom().0, |mast| mast.at);
            let sectors = mast.map_or(0, |mast| mast.sectors);
            let doubt = TableDoubt { sector, moved_m: None, at, handsets: self.handsets, sectors };
            (doubt, Sector { id: sector, technology, at, antenna: Antenna::Omni, range_m: None })
        })
    }

    /// The sectors of a mast that the table puts elsewhere.
    fn misplaced(&self, sectors: &[&Sector]) -> Option<Vec<(TableDoubt, Sector)>> {
        let table = sectors[0].at;
        let asked = self.asked(self.enough());
        if self.handsets < LEAST_HANDSETS || asked.contrary(table) < LEAST_CONTRARY {
            return None;
        }
        // One distance leaves open how far the other mast reaches: where masts are few, only both will do.
        let both = self.asked(2);
        let at = asked.place(table, Asked::about).or_else(|| {
            let many = self.handsets >= MANY && both.handsets() >= MANY && both.contrary(table) >= LEAST_CONTRARY;
            many.then(|| both.place(table, Asked::several)).flatten()
        })?;
        let moved_m = table.distance_m(at);
        let moved = |sector: &&Sector| {
            let doubt =
                TableDoubt { sector: sector.id, moved_m: Some(moved_m), at, handsets: self.handsets, sectors: 0 };
            // Its direction says little where its place is known by a kilometre or two.
            (doubt, Sector { at, antenna: Antenna::Omni, ..(*sector).clone() })
        };
        Some(sectors.iter().map(moved).collect())
    }

    /// Its company, as far as so many of the two distances were measured.
    fn asked(&self, measured: u8) -> Asked<'_> {
        let told = self.beside.iter().filter(|(place, _)| place.measured >= measured);
        Asked { beside: told.map(|(place, handsets)| (place, *handsets)).collect(), all: self }
    }

    /// What has to be measured: something, if enough of its company was.
    fn enough(&self) -> u8 {
        u8::from(self.asked(1).handsets() >= LEAST_MEASURED)
    }
}

/// That part of a sector's company which says how far it stands from others.
struct Asked<'a> {
    beside: Vec<(&'a Beside, u32)>,
    all: &'a Company,
}

impl Asked<'_> {
    fn handsets(&self) -> u32 {
        self.beside.iter().map(|(_, handsets)| handsets).sum()
    }

    /// Where a mast stands that can't stand where the table puts it, if that is far from there and its company agrees.
    fn place(&self, table: Point, agrees: fn(&Self, Point) -> bool) -> Option<Point> {
        let fits = |(at, contrary): &(Point, f64)| {
            table.distance_m(*at) > LEAST_MOVED_M && *contrary <= MOST_CONTRARY && agrees(self, *at)
        };
        let beside = self.beside_whom();
        [self.stands(beside), beside].into_iter().find(fits).map(|(at, _)| at)
    }

    /// The share of it that can't be if the sector stands there.
    fn contrary(&self, stands: Point) -> f64 {
        let contrary = self.beside.iter().filter(|(place, _)| place.contrary(stands));
        f64::from(contrary.map(|(_, handsets)| handsets).sum::<u32>()) / f64::from(self.handsets().max(1))
    }

    /// The one of all the company's places where least of it is contrary, and how much is: masts of several operators
    /// often stand together.
    fn beside_whom(&self) -> (Point, f64) {
        let mut cells: BTreeMap<(i32, i32), u32> = BTreeMap::new();
        self.all.beside.iter().for_each(|(place, handsets)| *cells.entry(place.cell).or_default() += handsets);
        let mut often: Vec<((i32, i32), u32)> = cells.iter().map(|(cell, count)| (*cell, *count)).collect();
        often.sort_unstable_by_key(|(cell, count)| (std::cmp::Reverse(*count), *cell));
        let tried = often.iter().take(MOST_TRIED).map(|(cell, _)| centre(*cell));
        tried.map(|at| self.at(at)).fold(self.at(middle(&cells)), least)
    }

    /// Where it puts the sector, near the best place so far, and the share of it that can't be then.
    fn stands(&self, best: (Point, f64)) -> (Point, f64) {
        // Nobody of its company need stand there: distances meet in a place, and leave it some room.
        let steps = || (-STEPS..=STEPS).map(|step| f64::from(step) * TRIED_M);
        let around = steps().flat_map(|east| steps().map(move |north| (east, north)));
        let tried: Vec<(Point, f64)> = around.map(|(east, north)| self.at(best.0.moved(east, north))).collect();
        let best = tried.iter().copied().fold(best, least);
        let room: Vec<Point> =
            tried.iter().filter(|(_, contrary)| *contrary <= best.1 + ROOM).map(|(at, _)| *at).collect();
        let mean = |of: fn(&Point) -> f64| room.iter().map(of).sum::<f64>() / room.len() as f64;
        self.at(Point { lat: mean(|at| at.lat), lon: mean(|at| at.lon) })
    }

    /// A place, and the share of the company that can't be if the sector stands there.
    fn at(&self, place: Point) -> (Point, f64) {
        (place, self.contrary(place))
    }

    /// Whether more than one of the company stand about a place: of two masts alone nobody can tell which is wrong.
    fn about(&self, at: Point) -> bool {
        several(self.all.beside.keys().filter(|place| place.at().distance_m(at) < USUAL_REACH_M))
    }

    /// Whether it is right for more than one of them.
    fn several(&self, at: Point) -> bool {
        several(self.beside.iter().map(|(place, _)| *place).filter(|place| !place.contrary(at)))
    }
}

/// Whether these are in more than one place.
fn several<'a>(places: impl Iterator<Item = &'a Beside>) -> bool {
    places.map(|place| place.cell).collect::<FxHashSet<_>>().len() > 1
}

/// The place with less contrary company, the first if both have as much.
fn least(a: (Point, f64), b: (Point, f64)) -> (Point, f64) {
    if b.1 < a.1 { b } else { a }
}

/// The median of places, each axis by itself.
fn middle(cells: &BTreeMap<(i32, i32), u32>) -> Point {
    let axis = |of: fn(&(i32, i32)) -> i32| {
        let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
        for (cell, count) in cells {
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

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Point = Point { lat: 45.0, lon: 3.0 };

    fn sector(id: &str, at: Point) -> Sector {
        let id = id.parse().unwrap();
        Sector { id, technology: Technology::Lte, at, antenna: Antenna::Omni, range_m: Some(11_000.0) }
    }

    /// Handsets beside two masts 1.5 km to either side, a kilometre from them and from the sector's own.
    fn company(sector: &Sector, own_m: Option<f64>, handsets: u32) -> Company {
        let mut company = Company { technology: Technology::Lte.code(), handsets, ..Company::default() };
        for (id, east) in [("208-01-512", 1_500.0), ("208-01-768", -1_500.0)] {
            let other = self::sector(id, HERE.moved(east, 0.0));
            company.beside.insert(Beside::new((Some(sector), own_m), (&other, Some(1_000.0))), handsets);
        }
        company
    }

    #[test]
    fn a_mast_too_far_for_what_was_measured_is_moved_to_its_company() {
        let wrong = sector("208-01-256", HERE.moved(0.0, 12_000.0));
        let moved = company(&wrong, Some(1_000.0), 9).misplaced(&[&wrong]).unwrap();
        assert!(moved[0].1.at.distance_m(HERE) < 2_500.0, "{:?}", moved[0].0);
        // Its range would let it: only a measure tells.
        assert!(company(&wrong, None, 9).misplaced(&[&wrong]).is_none());
    }

    #[test]
    fn a_far_mast_that_was_measured_far_is_left() {
        let right = sector("208-01-256", HERE.moved(0.0, 12_000.0));
        assert!(company(&right, Some(11_800.0), 9).misplaced(&[&right]).is_none());
    }

    #[test]
    fn of_two_masts_alone_neither_is_moved() {
        let one = sector("208-01-256", HERE.moved(0.0, 12_000.0));
        let mut company = company(&one, Some(1_000.0), 9);
        let first = *company.beside.keys().min().unwrap();
        company.beside.retain(|place, _| *place == first);
        assert!(company.misplaced(&[&one]).is_none());
    }

    #[test]
    fn where_masts_are_few_and_reach_far_distances_meet_in_the_place() {
        let wrong = sector("208-01-256", HERE.moved(0.0, -15_000.0));
        // One of them is heard most: none of the three, nor their middle, is where all distances can be.
        let far = [("208-01-512", 8_000.0, 0.0, 3), ("208-01-768", -8_000.0, 0.0, 1), ("208-01-1024", 0.0, 8_000.0, 1)];
        let beside = |measured: bool, handsets: u32| {
            let mut company = Company { technology: Technology::Lte.code(), handsets, ..Company::default() };
            for (id, east, north, times) in far {
                let other = sector(id, HERE.moved(east, north));
                // Who measured only the near one is taken to be in the usual reach of the far one, and isn't.
                for other_m in [None, Some(8_000.0)].into_iter().take(1 + usize::from(measured)) {
                    company
                        .beside
                        .insert(Beside::new((Some(&wrong), Some(1_000.0)), (&other, other_m)), times * handsets);
                }
            }
            company
        };
        assert!(beside(false, 9).misplaced(&[&wrong]).is_none());
        let moved = beside(true, 9).misplaced(&[&wrong]).unwrap();
        assert!(moved[0].1.at.distance_m(HERE) < 3_000.0, "{:?}", moved[0].0);
        // Of few handsets distances alone say nothing.
        assert!(beside(true, MANY - 1).misplaced(&[&wrong]).is_none());
    }

    #[test]
    fn where_distances_leave_two_places_the_mast_is_put_beside_its_company() {
        let wrong = sector("208-01-256", HERE.moved(0.0, -15_000.0));
        let mut company = company(&wrong, Some(1_000.0), 3);
        company.handsets = 10;
        // Two of ten to either side: no place is near both, and the middle between the places near one is near neither.
        for (id, east) in [("208-01-1024", 5_500.0), ("208-01-1280", -5_500.0)] {
            let other = sector(id, HERE.moved(east, 0.0));
            company.beside.insert(Beside::new((Some(&wrong), Some(1_000.0)), (&other, Some(1_000.0))), 2);
        }
        let asked = company.asked(1);
        let beside = asked.beside_whom();
        assert!(asked.stands(beside).1 > MOST_CONTRARY && beside.1 <= MOST_CONTRARY);
        assert_eq!(company.misplaced(&[&wrong]).map(|moved| moved[0].1.at), Some(beside.0));
    }

    #[test]
    fn few_handsets_move_nothing() {
        let wrong = sector("208-01-256", HERE.moved(0.0, 12_000.0));
        assert!(company(&wrong, Some(1_000.0), 3).misplaced(&[&wrong]).is_none());
    }

    #[test]
    fn a_sector_that_the_table_lacks_stands_with_its_mast_if_its_number_tells() {
        let apart = |mast: u64| Point { lat: 45.0 + 0.1 * mast as f64, lon: 3.0 };
        let of_mast = |mast: u64| (0..2).map(move |lobe| (mast, 256 * (1_000 + mast) + lobe));
        let table: Vec<Sector> =
            (0..30).flat_map(of_mast).map(|(mast, number)| sector(&format!("208-01-{number}"), apart(mast))).collect();
        let lacking: SectorId = format!("208-01-{}", 256 * 1_007 + 5).parse().unwrap();
        let company = company(&sector("208-01-256", HERE), Some(1_000.0), 4);
        let placed = |numbering: &Numbering| company.lacking(lacking, numbering).unwrap().0;
        let (told, untold) = (placed(&Numbering::of(&table)), placed(&Numbering::default()));
        assert_eq!((told.at, told.sectors), (apart(7), 2));
        assert!(untold.at.distance_m(HERE) < 2_500.0 && untold.sectors == 0, "{untold:?}");
    }
}
