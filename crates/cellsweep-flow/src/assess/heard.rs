//! When handsets were heard near a facility: those inside, and those who live around it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cellsweep_assess::Technology;
use cellsweep_engine::Wanted;
use cellsweep_model::geometry::Point;
use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::rows::{Antenna, Facility, KnownDevice, Sector, SurveyShare};
use cellsweep_model::table::Table;
use cellsweep_model::{HandsetKey, SectorId};
use cellsweep_store::Case;
use rustc_hash::{FxHashMap, FxHashSet};

use super::inside::Inside;
use super::rows::technology;
use crate::trace::{profile_imports, read, window};
use crate::{DeviceFilter, FlowError, Session, devices};

/// A record counts as one at the facility unless the table puts its sector farther away than this.
const NEAR_M: f64 = 10_000.0;
/// Share of a survey from which on a sector serves inside; whoever lives around is heard there, too.
const SERVES: f64 = 0.03;
/// Without a survey, or a planned range: sectors whose antennas look this way from no farther.
const REACH_M: f64 = 3_000.0;
/// Hours of a night, UTC, in bits.
const NIGHT: u32 = 0xE0_001F;
/// Those who live around were heard on so many nights of the first days, and at this share of their nights here.
const NIGHTS: u32 = 4;
const AT_HOME: f64 = 0.8;
/// Days from which they are chosen: before any jamming is judged.
const FIRST_DAYS: i32 = 28;
/// Whoever trace takes for possibly inside is no neighbour.
const MAYBE_INSIDE: f64 = 0.1;
const DAY_US: i64 = 86_400_000_000;

/// A handset's day on a technology near its facility.
#[derive(Clone, Copy)]
pub(super) struct SeenDay {
    pub day: i32,
    pub technology: Technology,
    /// Bit *h*: hour *h* UTC.
    pub hours: u32,
    /// Its last record, microseconds since 1970 UTC.
    pub last: i64,
}

/// All that panels are counted from.
pub(super) struct Heard {
    pub facilities: Vec<Facility>,
    /// First and last whole day of the records, since 1970 UTC.
    pub days: (i32, i32),
    /// By handset inside, in their order: its days.
    pub inside: Vec<Vec<SeenDay>>,
    /// Each inside handset's facility, as a number.
    pub facility_of: Vec<usize>,
    /// Who lives around which facility, with their days.
    pub around: Vec<(usize, Vec<SeenDay>)>,
    /// What carried what.
    pub carried: Carried,
    pub operators: Vec<String>,
}

/// Handset-days by day, operator and sector.
type ByCarrier = FxHashMap<(i32, u16, SectorId), u32>;

/// Handset-days inside by what carried them, and everybody's records by operator.
#[derive(Default)]
pub(super) struct Carried {
    /// Facility, technology, day, operator, sector: handset-days.
    pub inside: BTreeMap<(usize, Technology), ByCarrier>,
    /// Operator, technology, day: records.
    pub records: BTreeMap<(u16, Technology), BTreeMap<i32, u64>>,
}

/// Who a profile is of.
enum Who {
    Inside(usize),
    Around(usize),
}

/// Reads when everybody was heard.
///
/// # Errors
/// When a table is not as written, or the engine fails.
pub(super) fn heard(case: &Case, inside: &[Inside], session: &Session<'_>) -> Result<Heard, FlowError> {
    let book = Book::read(case, inside)?;
    let carried = Mutex::new(Carried::default());
    let look = |profile: HandsetProfile| {
        let found = book.look(&profile);
        let mut carried = carried.lock().unwrap_or_else(PoisonError::into_inner);
        carried.add(&book, &profile, found.as_ref().map(|(who, _)| who));
        found.into_iter().collect::<Vec<_>>()
    };
    let task = session.progress.begin("counting who was heard where");
    let imports = profile_imports(case)?;
    let engine = session.engine(1);
    let found = cellsweep_engine::map_profiles(&imports, &engine, &|share| task.advance(share), Wanted::ALL, &look)?;
    let mut days_inside: Vec<Vec<SeenDay>> = inside.iter().map(|_| Vec::new()).collect();
    let mut around = Vec::new();
    for (who, days) in found {
        match who {
            Who::Inside(index) => days_inside[index].extend(days),
            Who::Around(facility) => around.push((facility, days)),
        }
    }
    Ok(Heard {
        days: book.days,
        inside: days_inside,
        facility_of: book.facility_of,
        around,
        carried: carried.into_inner().unwrap_or_else(PoisonError::into_inner),
        operators: operators(case),
        facilities: book.facilities,
    })
}

/// The case's operators in the order of their numbers.
fn operators(case: &Case) -> Vec<String> {
    let mut names: Vec<String> = case.imports_of(Table::Records).flat_map(|import| import.operators.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// First and last day that the records cover whole, give or take two and a half hours: a day of UTC is not a local one.
fn whole_days((first, last): (i64, i64)) -> (i32, i32) {
    const SLACK: i64 = 9_000_000_000;
    let from = (first - SLACK).div_euclid(DAY_US) + 1;
    let to = (last + SLACK).div_euclid(DAY_US) - 1;
    (from as i32, to as i32)
}

/// What a profile is judged by.
struct Book {
    facilities: Vec<Facility>,
    middles: Vec<Point>,
    sectors: FxHashMap<SectorId, Point>,
    /// Facilities that a sector serves inside.
    serving: FxHashMap<SectorId, Vec<usize>>,
    inside: FxHashMap<HandsetKey, usize>,
    facility_of: Vec<usize>,
    /// Listed, known, or otherwise nobody's neighbour.
    not_around: FxHashSet<HandsetKey>,
    days: (i32, i32),
}

impl Book {
    fn read(case: &Case, inside: &[Inside]) -> Result<Self, FlowError> {
        let facilities: Vec<Facility> = read(case, Table::Facilities)?;
        let sectors: Vec<Sector> = read(case, Table::Sectors)?;
        let survey: Vec<SurveyShare> = read(case, Table::Survey)?;
        let known: Vec<KnownDevice> = read(case, Table::KnownDevices)?;
        let listed = devices(case, &DeviceFilter { min_probability: MAYBE_INSIDE, ..DeviceFilter::default() })?;
        let imeis = listed.iter().flat_map(|device| device.imei.iter().chain(&device.other_imeis).copied());
        let imeis = imeis.chain(known.iter().map(|known| known.imei));
        let number = |one: &Inside| facilities.iter().position(|facility| facility.id == one.facility).unwrap_or(0);
        let keys = inside.iter().enumerate().flat_map(|(index, one)| one.keys().map(move |key| (key, index)));
        Ok(Self {
            middles: facilities.iter().map(|facility| facility.outline.centroid()).collect(),
            serving: serving(&facilities, &sectors, &survey),
            sectors: sectors.iter().map(|sector| (sector.id, sector.at)).collect(),
            inside: keys.collect(),
            facility_of: inside.iter().map(number).collect(),
            not_around: imeis.filter_map(|imei| HandsetKey::of(Some(imei), None, None)).collect(),
            days: whole_days(window(case)),
            facilities,
        })
    }

    fn look(&self, profile: &HandsetProfile) -> Option<(Who, Vec<SeenDay>)> {
        if let Some(&index) = self.inside.get(&profile.key) {
            let near = |row: &&DayRow| self.is_near(self.facility_of[index], row.sector);
            return Some((Who::Inside(index), self.seen(profile, near)));
        }
        let facility = self.home(profile).filter(|_| !self.not_around.contains(&profile.key))?;
        Some((Who::Around(facility), self.seen(profile, |row| self.serves(facility, row.sector))))
    }

    fn is_near(&self, facility: usize, sector: SectorId) -> bool {
        self.sectors.get(&sector).is_none_or(|at| at.distance_m(self.middles[facility]) <= NEAR_M)
    }

    fn serves(&self, facility: usize, sector: SectorId) -> bool {
        self.serving.get(&sector).is_some_and(|served| served.contains(&facility))
    }

    fn seen(&self, profile: &HandsetProfile, counts: impl Fn(&&DayRow) -> bool) -> Vec<SeenDay> {
        let mut days: BTreeMap<(i32, Technology), SeenDay> = BTreeMap::new();
        let in_time = |row: &&DayRow| (self.days.0..=self.days.1).contains(&row.day);
        for row in profile.rows.iter().filter(in_time).filter(counts) {
            let Some(technology) = technology(row.technology) else { continue };
            let new = SeenDay { day: row.day, technology, hours: 0, last: row.last };
            let day = days.entry((row.day, technology)).or_insert(new);
            day.hours |= row.hours;
            day.last = day.last.max(row.last);
        }
        days.into_values().collect()
    }

    /// The facility around which somebody lives: whose sectors carry most of the nights of the first days.
    fn home(&self, profile: &HandsetProfile) -> Option<usize> {
        let until = self.days.0 + FIRST_DAYS;
        let at_night = |row: &&DayRow| row.hours & NIGHT != 0 && row.day >= self.days.0 && row.day < until;
        let rows: Vec<&DayRow> = profile.rows.iter().filter(at_night).collect();
        let first = rows.iter().find_map(|row| self.serving.get(&row.sector))?;
        let home = |facility: usize| {
            let here = rows.iter().filter(|row| self.serves(facility, row.sector));
            let mut nights: Vec<i32> = here.clone().map(|row| row.day).collect();
            nights.dedup();
            nights.len() >= NIGHTS as usize && here.count() as f64 >= AT_HOME * rows.len() as f64
        };
        first.iter().copied().find(|facility| home(*facility))
    }
}

/// By sector: the facilities that it serves inside, by the survey, else by the antenna's range and direction.
fn serving(facilities: &[Facility], sectors: &[Sector], survey: &[SurveyShare]) -> FxHashMap<SectorId, Vec<usize>> {
    let mut serving: FxHashMap<SectorId, Vec<usize>> = FxHashMap::default();
    for (index, facility) in facilities.iter().enumerate() {
        let mut own = survey.iter().filter(|share| share.facility == facility.id).peekable();
        if own.peek().is_some() {
            own.filter(|share| share.share >= SERVES)
                .for_each(|share| serving.entry(share.sector).or_default().push(index));
            continue;
        }
        let middle = facility.outline.centroid();
        let near = sectors.iter().filter(|sector| (sector.at.lat - middle.lat).abs() < 0.1 && covers(sector, middle));
        near.for_each(|sector| serving.entry(sector.id).or_default().push(index));
    }
    serving
}

fn covers(sector: &Sector, place: Point) -> bool {
    let near = sector.at.distance_m(place) <= sector.range_m.unwrap_or(REACH_M).min(REACH_M);
    let ahead = match sector.antenna {
        Antenna::Omni => true,
        Antenna::Directed { azimuth_deg, beamwidth_deg } => {
            let off = (sector.at.bearing_deg(place) - azimuth_deg + 180.0).rem_euclid(360.0) - 180.0;
            off.abs() <= beamwidth_deg
        }
    };
    near && ahead
}

impl Carried {
    fn add(&mut self, book: &Book, profile: &HandsetProfile, who: Option<&Who>) {
        let in_time = |row: &&DayRow| (book.days.0..=book.days.1).contains(&row.day);
        for row in profile.rows.iter().filter(in_time) {
            let Some(technology) = technology(row.technology) else { continue };
            let days = self.records.entry((row.operator, technology)).or_default();
            *days.entry(row.day).or_default() += u64::from(row.counts.events);
            let Some(Who::Inside(index)) = who else { continue };
            let facility = book.facility_of[*index];
            if book.is_near(facility, row.sector) {
                let carried = self.inside.entry((facility, technology)).or_default();
                *carried.entry((row.day, row.operator, row.sector)).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_the_records_cover_whole() {
        let at = |day: i64, hour: i64| day * DAY_US + hour * 3_600_000_000;
        assert_eq!(whole_days((at(10, 0), at(20, 24) - 1)), (10, 20));
        // Local days that begin at 22:00 UTC: the last ends at 22:00.
        assert_eq!(whole_days((at(9, 22), at(20, 22) - 1)), (10, 20));
        assert_eq!(whole_days((at(10, 5), at(20, 12))), (11, 19));
    }
}
