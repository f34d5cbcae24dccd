//! A small country: three prisons, antennas, those kept inside, and those who live around.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use cellsweep_model::finding::Fact;
use cellsweep_model::geometry::{Point, Polygon};
use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{
    Antenna, DeviceClass, Facility, KnownDevice, LedgerLine, Model, Sector, Seizure, SurveyShare,
};
use cellsweep_model::{Device, HandsetKey, Imei, Imsi, SectorId};
use cellsweep_trace::{Candidate, Dossier, Evidence, Files, Noted, Slot, Spoken, TraceSettings, Traced, Tracer};

use crate::air::Air;
use crate::person::{HIDDEN, HIDDEN_SMART, Habit, PLAIN, Person, Place, SMART, chance, weekday};
use crate::records::records;

/// Days of the case.
pub const DAYS: i32 = 28;
/// A Monday.
pub const FIRST_DAY: i32 = 20_000 - 20_000 % 7 + 4;
pub const HOUR_US: i64 = 3_600_000_000;
const ORIGIN: Point = Point { lat: 47.0, lon: 2.0 };

/// The first prison, at the edge of a town.
pub const ALBA: Place = (0.0, 0.0);
/// The second, two kilometres away.
pub const BRIO: Place = (2_000.0, 0.0);
/// The third, in another part of the country.
pub const CORA: Place = (90_000.0, 0.0);
/// A town without a prison, far from all.
pub const TOWN: Place = (0.0, 120_000.0);
const PRISONS: [(&str, Place); 3] = [("ALBA", ALBA), ("BRIO", BRIO), ("CORA", CORA)];
/// Minis kept in each prison, and people who live around it.
pub const USUAL: u64 = 30;
const RESIDENTS: u64 = 100;
/// Half a prison's side, metres.
pub const HALF_M: f64 = 130.0;

pub const MINI: u64 = 35_100_001;
pub const FEATURE: u64 = 35_100_002;
pub const PHONE: u64 = 35_100_003;
pub const MODEM_TAC: u64 = 35_100_004;

/// A handset's rows by day, sector and subscriber.
type Days = BTreeMap<(i32, SectorId, Option<Imsi>), DayRow>;

/// Evidence and people.
pub struct Country {
    pub evidence: Evidence,
    people: Vec<Person>,
    sectors: Vec<(Sector, Place)>,
}

/// What trace said.
pub struct Answer {
    pub traced: Traced,
}

impl Answer {
    pub fn rows(&self, imei: u64) -> Vec<&Device> {
        let ours = |device: &&Device| device.imei.is_some_and(|own| own.number() == imei);
        self.traced.devices.iter().filter(ours).collect()
    }

    /// Probability that a handset is kept in a prison.
    pub fn kept(&self, imei: u64, prison: &str) -> f64 {
        self.rows(imei)
            .iter()
            .filter(|device| device.facility.as_str() == prison)
            .map(|device| device.probability)
            .sum()
    }

    /// The usual kept ones' middle probability in a prison.
    pub fn usual(&self, prison: usize) -> f64 {
        let kept = |index| self.kept(usual_kept(prison, index), PRISONS[prison].0);
        let mut of_all: Vec<f64> = (0..USUAL).map(kept).collect();
        of_all.sort_by(f64::total_cmp);
        of_all[of_all.len() / 2]
    }

    /// A handset's finding of a code in a prison, with its weight.
    pub fn finding(&self, imei: u64, prison: &str, code: &str) -> Option<(Fact, f64)> {
        let row = self.rows(imei).into_iter().find(|row| row.facility.as_str() == prison)?;
        let finding = row.findings.iter().find(|finding| finding.fact.code() == code)?;
        Some((finding.fact.clone(), finding.log10_lr))
    }

    /// What findings of a code weigh, over all rows.
    pub fn weighed(&self, code: &str) -> Vec<f64> {
        let findings = self.traced.devices.iter().flat_map(|row| &row.findings);
        findings.filter(|finding| finding.fact.code() == code).map(|finding| finding.log10_lr).collect()
    }

    /// Those who live around prisons and come out as kept there, by share.
    pub fn residents_taken_for_kept(&self) -> f64 {
        let number = |prison: u64, index: u64, tac: u64| tac * 1_000_000 + resident(prison, index);
        let all = (0..3).flat_map(|prison| (0..RESIDENTS).map(move |index| (prison, index)));
        let taken = all.filter(|(prison, index)| {
            [MINI, FEATURE, PHONE].iter().any(|tac| self.anywhere(number(*prison, *index, *tac)) > 0.5)
        });
        taken.count() as f64 / (3 * RESIDENTS) as f64
    }

    /// Probability that it is kept in any.
    pub fn anywhere(&self, imei: u64) -> f64 {
        self.rows(imei).iter().map(|device| device.probability).sum()
    }
}

/// A handset of the usual ones: kept in a prison, the `index`th.
pub fn usual_kept(prison: usize, index: u64) -> u64 {
    MINI * 1_000_000 + 100_000 * (prison as u64 + 1) + 37 * index
}

/// Serial number of somebody who lives around a prison.
fn resident(prison: u64, index: u64) -> u64 {
    500_000 + 10_000 * prison + 13 * index
}

/// A place in a prison's cells, different for each number.
pub fn cell(prison: Place, number: u64) -> Place {
    let spread = |salt| (chance(&[number, salt]) - 0.5) * 1.7 * HALF_M;
    (prison.0 + spread(11), prison.1 + spread(12))
}

/// A place within a ring around another.
pub fn around(place: Place, near_m: f64, far_m: f64, number: u64) -> Place {
    let angle = chance(&[number, 21]) * std::f64::consts::TAU;
    let metres = near_m + (far_m - near_m) * chance(&[number, 22]);
    (place.0 + metres * angle.cos(), place.1 + metres * angle.sin())
}

pub fn imei(number: u64) -> Option<Imei> {
    Imei::from_number(number)
}

/// Microseconds at a day and hour of the case.
pub fn time(day: i32, hour: u32) -> i64 {
    (i64::from(FIRST_DAY + day) * 24 + i64::from(hour)) * HOUR_US
}

impl Country {
    /// Prisons, antennas, people; measured inside and with the supplier's ledger.
    pub fn usual() -> Self {
        let mut country = Self { evidence: Evidence::default(), people: Vec::new(), sectors: Vec::new() };
        country.evidence.window = (time(0, 0), time(DAYS, 0));
        for (prison, (name, place)) in PRISONS.into_iter().enumerate() {
            country.prison(name, place);
            if name != "BRIO" {
                country.antennas(place, prison as u64);
            }
        }
        country.antennas(TOWN, 7);
        country.evidence.sectors = country.sectors.iter().map(|(sector, _)| sector.clone()).collect();
        country.survey();
        country.catalogue();
        for (prison, (_, place)) in PRISONS.into_iter().enumerate() {
            country.inside(prison, place);
            country.residents(prison as u64, place);
            country.staff(prison as u64, place);
        }
        country
    }

    /// The same without anybody having measured inside.
    pub fn unmeasured() -> Self {
        let mut country = Self::usual();
        country.evidence.survey.clear();
        country
    }

    pub fn add(&mut self, person: Person) -> u64 {
        let number = person.imei.unwrap_or_default();
        self.people.push(person);
        number
    }

    pub fn know(&mut self, number: u64, role: &str) {
        self.evidence.known_devices.extend(imei(number).map(|imei| KnownDevice { imei, role: role.to_owned() }));
    }

    pub fn sold(&mut self, number: u64) {
        let line = LedgerLine { time: time(-20, 9), imei: imei(number), other_imei: None, model: None, quantity: 1 };
        self.evidence.ledger.push(line);
    }

    pub fn seize(&mut self, number: u64, day: i32) {
        let facility = self.evidence.facilities[0].id.clone();
        self.evidence.seizures.push(Seizure { time: time(day, 9), facility, imei: imei(number), model: None });
    }

    fn prison(&mut self, name: &str, (x, y): Place) {
        let corner = |east: f64, north: f64| ORIGIN.moved(x + east * HALF_M, y + north * HALF_M);
        let ring = vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        self.evidence.facilities.extend(name.parse().ok().map(|id| Facility {
            id,
            name: name.to_owned(),
            outline: Polygon { ring },
            capacity: Some(400),
            timezone: None,
        }));
    }

    /// Masts every 1.6 km or so over 16 km, three sectors each, GSM and LTE on all.
    fn antennas(&mut self, (x, y): Place, area: u64) {
        for mast in 0..100u64 {
            let shift = |salt| (chance(&[area, mast, salt]) - 0.5) * 900.0;
            let at = (
                x + (mast % 10) as f64 * 1_600.0 - 7_200.0 + shift(1),
                y + (mast / 10) as f64 * 1_600.0 - 7_200.0 + shift(2),
            );
            for lobe in 0..3u64 {
                let number = area * 1_000 + mast * 3 + lobe + 1;
                let names = [format!("208-01-{}-{number}", area + 1), format!("208-01-{}", 500_000 + number)];
                for (name, technology) in names.iter().zip([Technology::Gsm, Technology::Lte]) {
                    let azimuth_deg = lobe as f64 * 120.0 + 360.0 * chance(&[area, mast, 3]);
                    self.sectors.extend(name.parse().ok().map(|id| {
                        let antenna = Antenna::Directed { azimuth_deg: azimuth_deg % 360.0, beamwidth_deg: 65.0 };
                        (Sector { id, technology, at: ORIGIN.moved(at.0, at.1), antenna, range_m: Some(2_000.0) }, at)
                    }));
                }
            }
        }
    }

    fn survey(&mut self) {
        let mut air = Air::new(&self.sectors);
        for facility in &self.evidence.facilities {
            let Some((_, place)) = PRISONS.iter().find(|(name, _)| *name == facility.id.as_str()) else { continue };
            for technology in [Technology::Gsm, Technology::Lte] {
                let mut counts: BTreeMap<SectorId, u32> = BTreeMap::new();
                for sample in 0..400u64 {
                    let (serving, _) = air.serving(technology, cell(*place, 9_000 + sample / 5), sample);
                    *counts.entry(serving).or_default() += 1;
                }
                let share = |(sector, count): (SectorId, u32)| SurveyShare {
                    facility: facility.id.clone(),
                    sector,
                    share: f64::from(count) / 400.0,
                };
                self.evidence.survey.extend(counts.into_iter().map(share));
            }
        }
    }

    fn catalogue(&mut self) {
        let classes = [
            (MINI, DeviceClass::Mini),
            (FEATURE, DeviceClass::Feature),
            (PHONE, DeviceClass::Smart),
            (MODEM_TAC, DeviceClass::Iot),
        ];
        for (tac, class) in classes {
            self.evidence.models.extend(tac.to_string().parse().ok().map(|tac| Model { tac, class, model: None }));
        }
    }

    fn inside(&mut self, prison: usize, place: Place) {
        for index in 0..USUAL {
            let number = usual_kept(prison, index);
            let busy = 0.3 + 1.2 * chance(&[number, 31]);
            self.add(Person::new(MINI, number % 1_000_000, cell(place, number), HIDDEN).busy(busy));
            if chance(&[number, 32]) < 0.6 {
                self.sold(number);
            }
        }
        for index in 0..6u64 {
            let serial = 100_000 * (prison as u64 + 1) + 37 * index;
            self.add(Person::new(PHONE, serial, cell(place, serial), HIDDEN_SMART));
        }
    }

    /// Most go to work in town or farther and on trips; some stay at home.
    fn residents(&mut self, prison: u64, place: Place) {
        for index in 0..RESIDENTS {
            let serial = resident(prison, index);
            let home = around(place, 200.0, 3_500.0, serial);
            let work = around(place, 1_000.0, 7_500.0, serial + 7);
            let trip = around(place, 5_500.0, 8_500.0, serial + 3);
            let (tac, habit): (u64, Habit) = match chance(&[serial, 41]) {
                share if share < 0.7 => (PHONE, SMART),
                share if share < 0.95 => (FEATURE, PLAIN),
                _ => (MINI, PLAIN),
            };
            let person = Person::new(tac, serial, home, habit).busy(0.4 + chance(&[serial, 42]));
            let works = chance(&[serial, 43]) < 0.7;
            let day_out = (chance(&[serial, 44]) * 14.0) as i32;
            let out = move |day: i32, hour| day.rem_euclid(14) == day_out && (10..18).contains(&hour);
            let at_home = chance(&[serial, 45]) < 0.08;
            let at_work = move |day, hour| works && weekday(day) && (8..17).contains(&hour);
            self.add(if at_home { person } else { person.goes(work, at_work).goes(trip, out) });
        }
    }

    /// Officers in three shifts; the phone is in the locker at the gate.
    fn staff(&mut self, prison: u64, place: Place) {
        for index in 0..12u64 {
            let serial = 700_000 + 10_000 * prison + 17 * index;
            let person = officer(PHONE, serial, place, (place.0, place.1 - HALF_M), SMART);
            let number = self.add(person);
            if index % 2 == 0 {
                self.know(number, "staff");
            }
        }
    }

    /// Everybody's rows, as operators' records make them.
    pub fn profiles(&self) -> Vec<HandsetProfile> {
        let mut air = Air::new(&self.sectors);
        let mut rows: BTreeMap<HandsetKey, Days> = BTreeMap::new();
        for person in &self.people {
            let imsi: Option<Imsi> = person.imsi.to_string().parse().ok();
            let Some(key) = HandsetKey::of(person.imei.and_then(imei), imsi, None) else { continue };
            let of_key = rows.entry(key).or_default();
            for row in records(person, imsi, &mut air) {
                of_key.entry((row.day, row.sector, imsi)).and_modify(|sum| sum.absorb(&row)).or_insert(row);
            }
        }
        rows.into_iter().map(|(key, rows)| HandsetProfile { key, rows: rows.into_values().collect() }).collect()
    }

    /// What trace says of everybody.
    pub fn trace(&self) -> Answer {
        self.trace_of(self.profiles())
    }

    /// What trace says of these rows.
    pub fn trace_of(&self, profiles: Vec<HandsetProfile>) -> Answer {
        self.trace_with(profiles, &[])
    }

    /// What trace says of these rows and calls.
    pub fn trace_with(&self, profiles: Vec<HandsetProfile>, spoken: &[Spoken]) -> Answer {
        self.trace_in_blocks(profiles, spoken, usize::MAX)
    }

    /// The same where so many candidates lie in a block.
    pub fn trace_in_blocks(&self, profiles: Vec<HandsetProfile>, spoken: &[Spoken], size: usize) -> Answer {
        let mut tracer =
            Tracer::new(self.evidence.clone(), TraceSettings { threshold: 0.0, ..TraceSettings::default() });
        let mut noted = Noted::default();
        let look = |tracer: &Tracer, mut noted: Option<&mut Noted>| -> Vec<Candidate> {
            profiles.iter().cloned().flat_map(|profile| tracer.look(profile, noted.as_deref_mut())).collect()
        };
        let mut candidates = look(&tracer, Some(&mut noted));
        let mended = tracer.learn(noted);
        if !mended.is_empty() {
            tracer.mend(&mended);
            candidates = look(&tracer, None);
        }
        candidates.sort_by(|a, b| (a.key, &a.suffix).cmp(&(b.key, &b.suffix)));
        let files = Blocks::of(candidates.chunks(size).map(|block| tracer.file(block.to_vec(), spoken)));
        let Ok(traced) = tracer.conclude(&files, &|_share| {}) else { unreachable!("they are in memory") };
        Answer { traced }
    }

    /// Whether a sector serves any prison.
    pub fn serves(&self) -> impl Fn(SectorId) -> bool {
        let tracer = Tracer::new(self.evidence.clone(), TraceSettings::default());
        move |sector| tracer.serves(sector)
    }
}

/// Candidates in memory, block by block.
#[derive(Default)]
struct Blocks {
    dossiers: Vec<Arc<Vec<Dossier>>>,
    slots: Vec<Arc<Vec<Slot>>>,
}

impl Blocks {
    fn of(filed: impl Iterator<Item = (Vec<Dossier>, Vec<Slot>)>) -> Self {
        let mut blocks = Self::default();
        for (dossiers, slots) in filed {
            blocks.dossiers.push(Arc::new(dossiers));
            blocks.slots.push(Arc::new(slots));
        }
        blocks
    }
}

impl Files for Blocks {
    fn blocks(&self) -> usize {
        self.dossiers.len()
    }

    fn dossiers(&self, block: usize) -> io::Result<Arc<Vec<Dossier>>> {
        Ok(Arc::clone(&self.dossiers[block]))
    }

    fn slots(&self, block: usize) -> io::Result<Arc<Vec<Slot>>> {
        Ok(Arc::clone(&self.slots[block]))
    }
}

/// An officer of a prison who has the phone at a place there during shifts of eight hours.
pub fn officer(tac: u64, serial: u64, prison: Place, at: Place, habit: Habit) -> Person {
    let home = around(prison, 4_500.0, 7_500.0, serial);
    let shift = (serial % 3) as u32 * 8;
    let works = move |day: i32, hour: u32| weekday(day + serial as i32 % 7) && (hour + 2) % 24 / 8 * 8 == shift;
    Person::new(tac, serial, home, habit).goes(at, works)
}
