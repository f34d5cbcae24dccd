//! What the radio looks like from inside each facility: which sectors serve there and how much.

use cellsweep_model::finding::RadioBasis;
use cellsweep_model::geometry::Point;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Facility, Sector};
use cellsweep_model::{Plmn, SectorId};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{Evidence, propagation};

/// Sectors farther from the outline than this never serve inside for a model without heights.
const REACH_M: f64 = 12_000.0;
/// Beyond this a sector tells that the handset was away, whatever the terrain.
const AWAY_M: f64 = 4_000.0;
/// A measured distance that differs from the facility's by less is the facility's.
const RING_M: f64 = 1_000.0;
/// Modelled share from which a sector counts as serving inside.
const SERVES: f64 = 0.004;
/// How much of the measured shares is given to the model, for sectors that a finite survey missed.
const SURVEY_DOUBT: f64 = 0.08;

/// Hours that one handset counts for when it corrects the radio inside.
const MOST_HOURS: f64 = 10.0;
/// Share from which a sector that was not thought to serve inside is taken to.
const LEARNT: f64 = 0.01;

/// Of latitude.
const METRES_A_DEGREE: f64 = 111_195.0;

/// Sectors compete for a phone only within one network and technology.
pub type Group = (Plmn, Technology);

/// A sector that serves inside a facility.
#[derive(Debug, Clone, Copy)]
pub struct Serving {
    /// Index in [`FacilityRadio::groups`].
    pub group: u16,
    /// Share of the group's service inside.
    pub share: f64,
}

/// The radio of one facility.
#[derive(Debug, Clone)]
pub struct FacilityRadio {
    /// Serving sectors.
    pub serving: FxHashMap<SectorId, Serving>,
    /// The groups that serve inside.
    pub groups: Vec<Group>,
    /// What the shares were taken from.
    pub basis: RadioBasis,
    /// Whether measurements taken inside are part of it.
    pub surveyed: bool,
    /// Places inside, for distances.
    pub places: Vec<Point>,
    /// The middle.
    pub centre: Point,
    /// Cosine of its latitude.
    cos_lat: f64,
}

/// What a sector says of a handset that should be inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// It serves inside.
    Inside,
    /// It doesn't, or hardly, but is not far; or nobody knows where it is.
    Aside,
    /// It is too far to serve inside by what is planned, and the handset was as far from it as the facility is.
    Ring,
    /// Nobody inside could have been served by it.
    Away {
        /// Metres from the facility's middle to the antenna.
        distance_m: f64,
    },
}

/// The radio of the whole case.
#[derive(Debug, Default)]
pub struct RadioMap {
    /// By facility, in the evidence's order.
    pub facilities: Vec<FacilityRadio>,
    /// Facilities that a sector serves.
    by_sector: FxHashMap<SectorId, Vec<u32>>,
    /// The sector table.
    sectors: FxHashMap<SectorId, Sector>,
}

impl RadioMap {
    /// Prepares the maps from the sector table and the surveys.
    pub fn new(evidence: &Evidence) -> Self {
        let sectors: FxHashMap<SectorId, Sector> =
            evidence.sectors.iter().map(|sector| (sector.id, sector.clone())).collect();
        let facilities: Vec<FacilityRadio> =
            evidence.facilities.par_iter().map(|facility| facility_radio(facility, evidence, &sectors)).collect();
        let mut by_sector: FxHashMap<SectorId, Vec<u32>> = FxHashMap::default();
        for (index, facility) in facilities.iter().enumerate() {
            for sector in facility.serving.keys() {
                by_sector.entry(*sector).or_default().push(index as u32);
            }
        }
        Self { facilities, by_sector, sectors }
    }

    /// The facilities that a sector serves.
    pub fn served(&self, sector: SectorId) -> &[u32] {
        self.by_sector.get(&sector).map_or(&[], Vec::as_slice)
    }

    /// A sector of the table.
    pub fn sector(&self, sector: SectorId) -> Option<&Sector> {
        self.sectors.get(&sector)
    }

    /// What a sector says of a handset that should be in a facility, and was so many metres from the antenna, if anybody
    /// measured.
    pub fn place(&self, facility: u32, sector: SectorId, measured_m: Option<f64>) -> Place {
        let radio = &self.facilities[facility as usize];
        if radio.serving.contains_key(&sector) {
            return Place::Inside;
        }
        let Some(known) = self.sectors.get(&sector) else { return Place::Aside };
        let distance_m = radio.distance_m(known.at);
        if distance_m <= AWAY_M.max(1.2 * known.range_m.unwrap_or(0.0)) {
            Place::Aside
        } else if measured_m.is_some_and(|measured_m| (measured_m - distance_m).abs() < RING_M) {
            Place::Ring
        } else {
            Place::Away { distance_m }
        }
    }
}

/// Hours by sector of handsets that are likely inside a facility.
#[derive(Debug, Default)]
pub struct HeardInside(FxHashMap<SectorId, f64>);

impl HeardInside {
    /// Adds a handset's hours by sector, by how likely it is inside. It counts for ten hours at most, so that no single
    /// phone's cell becomes the facility.
    pub fn take(&mut self, sectors: &[(SectorId, u32)], probability: f64) {
        let all: u32 = sectors.iter().map(|(_, units)| units).sum();
        let weight = probability * MOST_HOURS / f64::from(all.max(MOST_HOURS as u32));
        for (sector, units) in sectors {
            *self.0.entry(*sector).or_default() += weight * f64::from(*units);
        }
    }
}

impl FacilityRadio {
    /// Metres from the middle, on the plane that touches there: trace asks this of every visit.
    fn distance_m(&self, place: Point) -> f64 {
        let north = (place.lat - self.centre.lat) * METRES_A_DEGREE;
        let east = (place.lon - self.centre.lon) * METRES_A_DEGREE * self.cos_lat;
        (north * north + east * east).sqrt()
    }

    /// Hours that what was known beforehand counts as, against hours of handsets believed inside.
    const SURVEY_HOURS: f64 = 200.0;
    const MODEL_HOURS: f64 = 25.0;

    /// Corrects the shares by what handsets that are likely inside heard. A sector that the table lacks or puts elsewhere
    /// serves inside if they say so.
    pub fn corrected(&self, map: &RadioMap, heard: &HeardInside) -> Self {
        let mut corrected = self.clone();
        let mut totals = vec![0.0; self.groups.len()];
        let mut found: Vec<(SectorId, f64)> = heard.0.iter().map(|(sector, sum)| (*sector, *sum)).collect();
        found.sort_unstable_by_key(|(sector, _)| *sector);
        for (sector, seen) in &found {
            let group =
                self.serving.get(sector).map(|serving| serving.group).or_else(|| self.group_index(map, *sector));
            let Some(group) = group else { continue };
            totals[usize::from(group)] += seen;
            corrected.serving.entry(*sector).or_insert(Serving { group, share: 0.0 });
        }
        let before = if self.surveyed { Self::SURVEY_HOURS } else { Self::MODEL_HOURS };
        for (sector, serving) in &mut corrected.serving {
            let seen = found.binary_search_by_key(sector, |(found, _)| *found).map_or(0.0, |index| found[index].1);
            serving.share = (before * serving.share + seen) / (before + totals[usize::from(serving.group)]);
        }
        corrected.serving.retain(|sector, serving| serving.share >= LEARNT || self.serving.contains_key(sector));
        if !self.surveyed && totals.iter().sum::<f64>() > Self::MODEL_HOURS {
            corrected.basis = RadioBasis::CorrectedPropagation;
        }
        corrected
    }

    fn group_index(&self, map: &RadioMap, sector: SectorId) -> Option<u16> {
        let group = group_of(sector, &map.sectors);
        self.groups.binary_search(&group).ok().map(|index| index as u16)
    }
}

fn facility_radio(facility: &Facility, evidence: &Evidence, sectors: &FxHashMap<SectorId, Sector>) -> FacilityRadio {
    let places = facility.outline.grid(16);
    let centre = facility.outline.centroid();
    let mut shares = modelled_shares(&places, centre, sectors);
    let measured = measured_shares(facility, evidence, sectors);
    let basis = if measured.is_empty() { RadioBasis::Propagation } else { RadioBasis::Survey };
    if basis == RadioBasis::Survey {
        for share in shares.values_mut() {
            share.1 *= SURVEY_DOUBT;
        }
        for (sector, share) in measured {
            let group = group_of(sector, sectors);
            let entry = shares.entry(sector).or_insert((group, 0.0));
            entry.1 += share * (1.0 - SURVEY_DOUBT);
        }
    }
    shares.retain(|_, (_, share)| *share >= SERVES * if basis == RadioBasis::Survey { 0.25 } else { 1.0 });
    let (groups, serving) = by_group(shares);
    FacilityRadio {
        serving,
        groups,
        basis,
        surveyed: basis == RadioBasis::Survey,
        places,
        centre,
        cos_lat: centre.lat.to_radians().cos(),
    }
}

/// The network and technology that a sector competes in. Without a table its identity tells the
/// generation: areas are GSM or UMTS, flat numbers LTE.
fn group_of(sector: SectorId, sectors: &FxHashMap<SectorId, Sector>) -> Group {
    let technology = sectors.get(&sector).map_or_else(
        || match sector.local() {
            cellsweep_model::sector::Local::Area { .. } => Technology::Gsm,
            cellsweep_model::sector::Local::Flat { .. } => Technology::Lte,
        },
        |sector| sector.technology,
    );
    (sector.plmn(), technology)
}

/// Shares by the propagation model, each group summing to 1.
fn modelled_shares(
    places: &[Point],
    centre: Point,
    sectors: &FxHashMap<SectorId, Sector>,
) -> FxHashMap<SectorId, (Group, f64)> {
    let mut groups: FxHashMap<Group, Vec<&Sector>> = FxHashMap::default();
    for sector in sectors.values() {
        // A degree of latitude is 111 km: most sectors are told to be far without trigonometry.
        if (sector.at.lat - centre.lat).abs() < REACH_M / 111_000.0 && sector.at.distance_m(centre) < REACH_M {
            groups.entry((sector.id.plmn(), sector.technology)).or_default().push(sector);
        }
    }
    let mut shares = FxHashMap::default();
    for (group, mut members) in groups {
        members.sort_by_key(|sector| sector.id);
        let of_group = propagation::shares(&members, places);
        for (sector, share) in members.iter().zip(of_group) {
            shares.insert(sector.id, (group, share));
        }
    }
    shares
}

/// The survey's shares, rescaled so that each group sums to 1.
fn measured_shares(
    facility: &Facility,
    evidence: &Evidence,
    sectors: &FxHashMap<SectorId, Sector>,
) -> Vec<(SectorId, f64)> {
    let rows: Vec<_> = evidence.survey.iter().filter(|row| row.facility == facility.id && row.share > 0.0).collect();
    let mut totals: FxHashMap<Group, f64> = FxHashMap::default();
    for row in &rows {
        *totals.entry(group_of(row.sector, sectors)).or_default() += row.share;
    }
    rows.iter().map(|row| (row.sector, row.share / totals[&group_of(row.sector, sectors)])).collect()
}

fn by_group(shares: FxHashMap<SectorId, (Group, f64)>) -> (Vec<Group>, FxHashMap<SectorId, Serving>) {
    let mut groups: Vec<Group> = shares.values().map(|(group, _)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    let serving = shares
        .into_iter()
        .map(|(sector, (group, share))| {
            let index = groups.binary_search(&group).unwrap_or_default();
            (sector, Serving { group: index as u16, share })
        })
        .collect();
    (groups, serving)
}
