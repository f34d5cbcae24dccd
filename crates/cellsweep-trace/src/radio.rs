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
/// How much of the measured shares is given to the model at the least, for sectors that a finite survey missed, and the
/// samples that the model is worth: what a survey took a few samples of it hardly knows.
const SURVEY_DOUBT: f64 = 0.08;
const MODEL_SAMPLES: f64 = 10.0;

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
    /// By group: hours of handsets believed inside that what was known beforehand counts as.
    known_hours: Vec<f64>,
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

    /// Hours of handsets believed inside that the model counts as, and a survey of enough samples; as many those are.
    const MODEL_HOURS: f64 = 25.0;
    const SURVEY_HOURS: f64 = 200.0;
    const ENOUGH_SAMPLES: f64 = 100.0;

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
        for (sector, serving) in &mut corrected.serving {
            let seen = found.binary_search_by_key(sector, |(found, _)| *found).map_or(0.0, |index| found[index].1);
            let before = self.known_hours[usize::from(serving.group)];
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
    let survey = Survey::of(facility, evidence, sectors);
    let basis = if survey.samples.is_empty() { RadioBasis::Propagation } else { RadioBasis::Survey };
    shares.retain(|_, (group, share)| {
        let doubt = survey.doubt(*group);
        *share *= doubt;
        *share >= SERVES * doubt.max(0.25)
    });
    for (sector, group, share) in &survey.shares {
        shares.entry(*sector).or_insert((*group, 0.0)).1 += share * (1.0 - survey.doubt(*group));
    }
    shares.retain(|_, (_, share)| *share >= SERVES * 0.25);
    let (groups, serving) = by_group(shares);
    let known_hours = groups.iter().map(|group| {
        let enough = (survey.samples_of(*group) / FacilityRadio::ENOUGH_SAMPLES).min(1.0);
        FacilityRadio::MODEL_HOURS + enough * (FacilityRadio::SURVEY_HOURS - FacilityRadio::MODEL_HOURS)
    });
    FacilityRadio {
        serving,
        known_hours: known_hours.collect(),
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

/// What was measured inside a facility.
struct Survey {
    /// Shares by sector, each group summing to 1.
    shares: Vec<(SectorId, Group, f64)>,
    /// Samples by group: the smallest share is taken for one.
    samples: FxHashMap<Group, f64>,
}

impl Survey {
    fn of(facility: &Facility, evidence: &Evidence, sectors: &FxHashMap<SectorId, Sector>) -> Self {
        let rows = evidence.survey.iter().filter(|row| row.facility == facility.id && row.share > 0.0);
        let rows: Vec<_> = rows.map(|row| (row.sector, group_of(row.sector, sectors), row.share)).collect();
        let mut totals: FxHashMap<Group, f64> = FxHashMap::default();
        rows.iter().for_each(|(_, group, share)| *totals.entry(*group).or_default() += share);
        let one = rows.iter().map(|(_, _, share)| *share).fold(f64::MAX, f64::min);
        let shares = rows.iter().map(|(sector, group, share)| (*sector, *group, share / totals[group])).collect();
        Self { shares, samples: totals.into_iter().map(|(group, total)| (group, total / one)).collect() }
    }

    fn samples_of(&self, group: Group) -> f64 {
        self.samples.get(&group).copied().unwrap_or(0.0)
    }

    /// How much of a group's service the model knows better.
    fn doubt(&self, group: Group) -> f64 {
        (MODEL_SAMPLES / (MODEL_SAMPLES + self.samples_of(group))).max(SURVEY_DOUBT)
    }
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

#[cfg(test)]
pub mod tests {
    use cellsweep_model::geometry::Polygon;
    use cellsweep_model::rows::{Antenna, SurveyShare};

    use super::*;

    const CENTRE: Point = Point { lat: 45.0, lon: 3.0 };

    fn sector(id: &str, north_m: f64) -> Sector {
        let (id, at) = (id.parse().unwrap(), CENTRE.moved(0.0, north_m));
        Sector { id, technology: Technology::Gsm, at, antenna: Antenna::Omni, range_m: Some(2_000.0) }
    }

    /// One facility, two masts of one operator and one of another near it, and one far away.
    pub fn evidence() -> Evidence {
        let corner = |east: f64, north: f64| CENTRE.moved(east, north);
        let ring = vec![corner(-100.0, -100.0), corner(100.0, -100.0), corner(100.0, 100.0), corner(-100.0, 100.0)];
        let facility = Facility {
            id: "F001".parse().unwrap(),
            name: String::new(),
            outline: Polygon { ring },
            capacity: None,
            timezone: None,
        };
        let sectors = [("208-01-1-1", 500.0), ("208-01-1-2", -900.0), ("208-10-1-1", 700.0), ("208-01-9-1", 8_000.0)];
        let sectors = sectors.map(|(id, north)| sector(id, north)).to_vec();
        Evidence { facilities: vec![facility], sectors, ..Evidence::default() }
    }

    fn measured(shares: &[(&str, f64)]) -> RadioMap {
        let row = |(sector, share): &(&str, f64)| SurveyShare {
            facility: "F001".parse().unwrap(),
            sector: sector.parse().unwrap(),
            share: *share,
        };
        RadioMap::new(&Evidence { survey: shares.iter().map(row).collect(), ..evidence() })
    }

    fn share(map: &RadioMap, sector: &str) -> f64 {
        map.facilities[0].serving.get(&sector.parse().unwrap()).map_or(0.0, |serving| serving.share)
    }

    #[test]
    fn a_far_sector_is_a_journey_unless_it_was_as_far_as_the_facility_is() {
        let map = RadioMap::new(&evidence());
        let far = |measured_m| map.place(0, "208-01-9-1".parse().unwrap(), measured_m);
        assert_eq!(far(Some(7_600.0)), Place::Ring);
        assert!(matches!(far(Some(2_000.0)), Place::Away { .. }) && matches!(far(None), Place::Away { .. }));
        assert_eq!(map.place(0, "208-01-1-1".parse().unwrap(), Some(9_000.0)), Place::Inside);
    }

    #[test]
    fn a_network_that_a_survey_left_out_is_the_models() {
        let (measured, modelled) =
            (measured(&[("208-01-1-1", 0.995), ("208-01-1-2", 0.005)]), RadioMap::new(&evidence()));
        assert_eq!(share(&measured, "208-10-1-1"), share(&modelled, "208-10-1-1"));
    }

    #[test]
    fn a_survey_counts_by_its_samples() {
        let model = share(&RadioMap::new(&evidence()), "208-01-1-2");
        let (few, many) = (measured(&[("208-01-1-1", 1.0)]), measured(&[("208-01-1-1", 0.998), ("208-10-1-1", 0.002)]));
        assert!(model > 0.05 && share(&few, "208-01-1-2") > 0.8 * model, "one sample says little");
        assert!(share(&many, "208-01-1-2") < 0.1 * model, "five hundred say that it hardly serves");
    }

    #[test]
    fn handsets_inside_correct_a_small_survey_more_than_a_large_one() {
        let second: SectorId = "208-01-1-2".parse().unwrap();
        let corrected = |map: RadioMap| {
            let mut heard = HeardInside::default();
            (0..10).for_each(|_| heard.take(&[(second, 10)], 1.0));
            map.facilities[0].corrected(&map, &heard).serving[&second].share
        };
        let few = corrected(measured(&[("208-01-1-1", 0.9), ("208-01-1-2", 0.1)]));
        let many = corrected(measured(&[("208-01-1-1", 0.898), ("208-01-1-2", 0.1), ("208-10-1-1", 0.002)]));
        assert!(few > 0.6 && many < 0.5, "{few} after ten samples, {many} after five hundred");
    }
}
