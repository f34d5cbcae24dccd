//! Trace: from daily profiles to the handsets kept in each facility, with findings.
//!
//! Belongs here: what radio, time and use say about where a handset is kept, and how sure that
//! is. Does not belong here: any reading or writing, the query engine, the clock.
//!
//! Two passes. [`Tracer::look`] sees every handset once and keeps, of those heard at sectors that
//! serve a facility, a [`Candidate`]: since when its records fit the facility, and what they look
//! like since. [`Tracer::learn`] then says which sectors the table has wrong; once it is mended, who was heard there
//! is looked at anew. [`Tracer::conclude`] measures all candidates against what is usual around each
//! facility, reads a weight off for each measure, and lists the devices.

mod ask;
mod asked;
mod calls;
mod candidate;
mod clocks;
mod clone;
mod company;
mod conclude;
mod devices;
mod dual;
mod experiments;
mod features;
mod files;
mod findings;
mod habits;
mod learned;
mod makes;
mod numbering;
mod phones;
mod prior;
mod propagation;
mod radio;
mod rings;
mod stay;
mod weights;

use std::io;

use cellsweep_model::calibration::Basis;
use cellsweep_model::custody::{Contact, Detection, Held, Sensor};
use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::rows::{
    Facility, Jamming, KnownDevice, LedgerLine, Model, Outage, Request, Sector, Seizure, SurveyShare,
};
use cellsweep_model::{Device, HandsetKey, Imsi, SectorId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

pub use ask::{Ask, Need, Suggestion};
pub use asked::{AskedFor, Elsewhere};
pub use calls::Spoken;
pub use candidate::Candidate;
pub use clocks::{ClockSlip, Clocks};
pub use company::TableDoubt;
pub use features::NAMES as MEASURES;
pub use files::{Bulk, Dossier, Files, Slot};

use crate::calls::Lists;
use crate::company::Companies;
use crate::devices::DeviceFacts;
use crate::experiments::Experiments;
use crate::features::Context;
use crate::numbering::Numbering;
use crate::radio::RadioMap;

const DAY_US: i64 = 86_400_000_000;

/// Everything but the records.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The operators' antennas.
    pub sectors: Vec<Sector>,
    /// The prisons.
    pub facilities: Vec<Facility>,
    /// Measurements inside.
    pub survey: Vec<SurveyShare>,
    /// The device catalogue.
    pub models: Vec<Model>,
    /// The supplier's sales.
    pub ledger: Vec<LedgerLine>,
    /// Phones that may be there.
    pub known_devices: Vec<KnownDevice>,
    /// Phones found before.
    pub seizures: Vec<Seizure>,
    /// Passive sensors inside facilities.
    pub sensors: Vec<Sensor>,
    /// What they heard.
    pub detections: Vec<Detection>,
    /// Numbers that inmates listed.
    pub contacts: Vec<Contact>,
    /// Who was held where.
    pub roster: Vec<Held>,
    /// Jammers' stretches of work.
    pub jamming: Vec<Jamming>,
    /// Antennas and technologies that were off.
    pub outages: Vec<Outage>,
    /// What operators were asked; empty where the table is missing.
    pub requests: Vec<Request>,
    /// Whom their lists name, where answered.
    pub asked_for: AskedFor,
    /// Who recorded, in the order of the profiles' numbers.
    pub operators: Vec<String>,
    /// First and last record of the case, microseconds since 1970 UTC.
    pub window: (i64, i64),
}

/// What steers trace.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraceSettings {
    /// The asked time, microseconds since 1970 UTC; `None` = the end of the records.
    pub at: Option<i64>,
    /// Rows below this probability are left out.
    pub threshold: f64,
    /// Prior probability that a handset heard at a facility's sectors is kept there; `None` =
    /// estimated from the case.
    pub prior: Option<f64>,
}

impl Default for TraceSettings {
    fn default() -> Self {
        Self { at: None, threshold: 0.01, prior: None }
    }
}

/// Trace's answer.
#[derive(Debug, Clone)]
pub struct Traced {
    /// Best first.
    pub devices: Vec<Device>,
    /// The expected share of listed rows that are right: the prior odds that the rows' weights,
    /// multiplied by, give their probabilities.
    pub prior: f64,
    /// The method's version.
    pub method: String,
    /// Handsets that were heard at facilities' sectors.
    pub candidates: u64,
    /// What would settle the open cases, what settles most first.
    pub asks: Vec<Ask>,
    /// Stretches in which an operator's clock seems to have been off: the hours of those days are as recorded.
    pub clock_slips: Vec<ClockSlip>,
    /// Sectors that the table lacks or has wrong, and where they were taken to stand.
    pub table_doubts: Vec<TableDoubt>,
    /// What is known of how good the weights are.
    pub basis: Basis,
    /// Makes that the catalogue should know.
    pub suggestions: Vec<Suggestion>,
    /// Whose absence elsewhere was evidence.
    pub elsewhere: Elsewhere,
}

/// A stay's measures.
#[derive(Debug, Clone)]
pub struct Measures {
    /// The handset, as devices name it.
    pub handset: String,
    /// The facility's index.
    pub facility: u32,
    /// In the order of [`MEASURES`].
    pub values: [f64; MEASURES.len()],
}

/// A trace under way: prepared from the evidence, shown every handset, then asked to conclude.
pub struct Tracer {
    evidence: Evidence,
    settings: TraceSettings,
    map: RadioMap,
    numbering: Numbering,
    devices: DeviceFacts,
    lists: Lists,
    experiments: Experiments,
    clocks: Clocks,
    table_doubts: Vec<TableDoubt>,
    at: i64,
    /// Hours that each facility's clock is ahead of UTC at the asked time.
    utc_offset_hours: Vec<i32>,
}

/// What is noted while every handset is looked at, of all of them together. It adds up, however the handsets are
/// shared out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Noted {
    clocks: Clocks,
    companies: Companies,
}

impl Noted {
    /// Adds what was noted of other handsets.
    pub fn absorb(&mut self, other: Noted) {
        self.clocks.absorb(other.clocks);
        self.companies.absorb(other.companies);
    }
}

/// Sectors that the table lacks or has wrong, as they are taken to be.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Mended(Vec<(TableDoubt, Sector)>);

impl Mended {
    /// Which.
    pub fn sectors(&self) -> FxHashSet<SectorId> {
        self.0.iter().map(|(doubt, _)| doubt.sector).collect()
    }

    /// Mends the table, and says what was mended.
    fn put_into(&self, evidence: &mut Evidence) -> Vec<TableDoubt> {
        let sectors = self.sectors();
        evidence.sectors.retain(|sector| !sectors.contains(&sector.id));
        evidence.sectors.extend(self.0.iter().map(|(_, sector)| sector.clone()));
        self.0.iter().map(|(doubt, _)| doubt.clone()).collect()
    }

    /// Whether the table is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Tracer {
    /// Prepares the radio maps and look-ups.
    pub fn new(mut evidence: Evidence, settings: TraceSettings) -> Self {
        let numbering = Numbering::of(&evidence.sectors);
        let astray = Mended(numbering.astray(&evidence.sectors));
        let table_doubts = astray.put_into(&mut evidence);
        let map = RadioMap::new(&evidence);
        let devices = DeviceFacts::new(&evidence);
        let at = settings.at.unwrap_or(evidence.window.1);
        let lists = Lists::new(&evidence, at);
        let experiments = Experiments::new(&evidence, at);
        let utc_offset_hours = evidence.facilities.iter().map(|facility| utc_offset_hours(facility, at)).collect();
        Self {
            evidence,
            settings,
            map,
            numbering,
            devices,
            lists,
            experiments,
            clocks: Clocks::default(),
            table_doubts,
            at,
            utc_offset_hours,
        }
    }

    /// The asked time, microseconds since 1970 UTC.
    pub fn at(&self) -> i64 {
        self.at
    }

    /// What the company that sectors keep says of the table, once every handset has been looked at.
    pub fn learn(&mut self, noted: Noted) -> Mended {
        self.clocks = noted.clocks;
        Mended(noted.companies.doubts(&self.map, &self.numbering))
    }

    /// Mends the sector table. Who was heard at a mended sector should be looked at anew.
    pub fn mend(&mut self, mended: &Mended) {
        if mended.is_empty() {
            return;
        }
        let doubts = mended.put_into(&mut self.evidence);
        self.table_doubts.extend(doubts);
        self.map = RadioMap::new(&self.evidence);
    }

    /// Whether a sector serves any facility: a handset never heard at such a one need not be shown.
    pub fn serves(&self, sector: SectorId) -> bool {
        !self.map.served(sector).is_empty()
    }

    /// Looks at one handset; empty where it can't be kept in any facility. An IMEI that several
    /// handsets use gives one candidate for each. The first look notes what is learnt of all handsets together.
    pub fn look(&self, profile: HandsetProfile, mut noted: Option<&mut Noted>) -> Vec<Candidate> {
        if !profile.rows.iter().any(|row| self.serves(row.sector)) {
            return Vec::new();
        }
        if let Some(noted) = &mut noted {
            noted.clocks.note(&profile.rows);
        }
        let key = profile.key;
        let parts = clone::parts(&self.map, profile);
        parts.into_iter().filter_map(|part| self.look_at(key, part, noted.as_deref_mut())).collect()
    }

    fn look_at(&self, key: HandsetKey, part: clone::Part, noted: Option<&mut Noted>) -> Option<Candidate> {
        // A clock gone wild dates records years off: they say nothing of where.
        let from = self.evidence.window.0 - DAY_US;
        let visits = stay::visits(part.rows.iter().filter(|row| row.first >= from && row.first <= self.at));
        if let Some(noted) = noted {
            noted.companies.note(&self.map, &visits);
        }
        let facilities = stay::facilities(&self.map, &visits);
        let mut stays: Vec<_> = facilities
            .iter()
            .filter_map(|facility| stay::stay(&self.map, *facility, &visits, self.utc_offset_hours[*facility as usize]))
            .collect();
        if stays.is_empty() {
            return None;
        }
        stays.shrink_to_fit();
        let mut days: Vec<i32> = visits.iter().map(|visit| visit.day).collect();
        days.dedup();
        days.shrink_to_fit();
        Some(Candidate {
            key,
            imei: key.imei(),
            suffix: part.suffix,
            hands: part.hands,
            class: self.devices.class(key.imei()),
            imsis: imsis(&part.rows),
            seen: seen(&visits),
            events: visits.iter().map(|visit| u64::from(visit.counts.events)).sum(),
            days,
            stays,
            facilities_heard: facilities.len() as u32,
            starts: starts(&visits),
        })
    }

    /// Files candidates to be weighed, with whom their handsets spoke with (in the order of their keys).
    pub fn file(&self, candidates: Vec<Candidate>, spoken: &[Spoken]) -> (Vec<Dossier>, Vec<Slot>) {
        files::file(&self.lists, &self.evidence.asked_for, candidates, spoken)
    }

    /// Weighs the candidates against each other and lists the devices; `progress` is told what share is done.
    ///
    /// # Errors
    /// When the candidates can't be read again.
    pub fn conclude(&self, files: &dyn Files, progress: &dyn Fn(f64)) -> io::Result<Traced> {
        let clock_slips = self.clocks.slips(&self.evidence.operators, self.evidence.window);
        let table_doubts = self.table_doubts.clone();
        let traced = conclude::conclude(&self.context(), &self.settings, files, progress)?;
        Ok(Traced { clock_slips, table_doubts, ..traced })
    }

    /// Shows every stay's measures: what weights are fitted on.
    ///
    /// # Errors
    /// When the candidates can't be read again.
    pub fn measures(&self, files: &dyn Files, show: &mut dyn FnMut(Measures)) -> io::Result<()> {
        conclude::measures(&self.context(), &self.settings, files, show)
    }

    fn context(&self) -> Context<'_> {
        Context {
            evidence: &self.evidence,
            map: &self.map,
            at: self.at,
            devices: &self.devices,
            elsewhere: Elsewhere::All,
            experiments: &self.experiments,
        }
    }
}

fn imsis(rows: &[DayRow]) -> Vec<Imsi> {
    let mut imsis: Vec<Imsi> = rows.iter().filter_map(|row| row.imsi).collect();
    imsis.sort_unstable();
    imsis.dedup();
    imsis.shrink_to_fit();
    imsis
}

fn seen(visits: &[stay::Visit]) -> (i64, i64) {
    let first = visits.iter().map(|visit| visit.first).min().unwrap_or_default();
    let last = visits.iter().map(|visit| visit.last).max().unwrap_or_default();
    (first, last)
}

/// Seconds at which stretches at a sector began, the latest of them.
fn starts(visits: &[stay::Visit]) -> Vec<u32> {
    let mut starts: Vec<u32> =
        visits.iter().rev().take(candidate::MOST_STARTS).map(|visit| (visit.first / 1_000_000) as u32).collect();
    starts.sort_unstable();
    starts.shrink_to_fit();
    starts
}

/// A facility without a time zone is taken to keep UTC.
fn utc_offset_hours(facility: &Facility, at: i64) -> i32 {
    let zone = facility.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let instant = Timestamp::from_microsecond(at).unwrap_or_default();
    zone.map_or(0, |zone| (f64::from(zone.to_offset(instant).seconds()) / 3_600.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use cellsweep_model::geometry::Point;
    use cellsweep_model::record::Technology;
    use cellsweep_model::rows::Antenna;

    use super::*;

    #[test]
    fn a_sector_apart_from_its_mast_is_mended_before_any_handset_is_looked_at() {
        let sector = |number: u64| Sector {
            id: format!("208-01-{}", 256 * (1_000 + number / 3) + number % 3).parse().unwrap(),
            technology: Technology::Lte,
            at: Point { lat: 45.0 + 0.1 * (number / 3) as f64, lon: 3.0 },
            antenna: Antenna::Omni,
            range_m: None,
        };
        let mut sectors: Vec<Sector> = (0..90).map(sector).collect();
        let (id, right) = (sectors[4].id, sectors[4].at);
        sectors[4].at.lat += 0.2;
        let tracer = Tracer::new(Evidence { sectors, ..Evidence::default() }, TraceSettings::default());
        assert_eq!(tracer.map.sector(id).map(|sector| sector.at), Some(right));
        assert_eq!(tracer.table_doubts.iter().map(|doubt| doubt.sector).collect::<Vec<_>>(), [id]);
    }
}
