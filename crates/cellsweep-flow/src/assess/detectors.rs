//! What detectors find: searches whose truth came out later.
//!
//! A handset that was found counts as one that lay there and was found. One that had been heard before the search,
//! most likely lay in the searched cell, and spoke after the search counts as one that lay there and was missed, by
//! the probability that it lay there. A hiding place is known of what was found; of what was missed only where it was
//! found in the same cell later, so what was missed and never found is shared out as those are.

mod shown;

use std::collections::BTreeMap;

use cellsweep_assess::capture::{Total, TwoLists, two_lists};
use cellsweep_assess::detectors::{Detector, Trials, detectors};
use cellsweep_assess::say;
use cellsweep_model::rows::{DeviceClass, Model};
use cellsweep_model::table::Table;
use cellsweep_model::{CellId, FacilityId, Imei, Tac};
use cellsweep_store::Case;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Answer;
use super::heard::{Heard, heard};
use super::inside::{Inside, inside};
use super::rows::{SearchRow, SeizedRow};
use crate::trace::{read, window};
use crate::{FlowError, Session, places};

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// A handset lay in a cell from this probability on; it counts by it.
const LAY_THERE: f64 = 0.5;
/// What was found in a cell within this time of a search was found by it.
const BY_SEARCH_US: i64 = 4 * HOUR_US;
/// Missed handsets found later in the same cell, from which on hiding places are told apart.
const LEAST_LATER: usize = 20;
/// Where hiding places aren't told apart.
const ANYWHERE: &str = "*";

/// What each detector finds, and how many there were that nobody found.
#[derive(Debug, Clone, Serialize)]
pub struct DetectorsAssessed {
    /// By detector.
    pub detectors: BTreeMap<String, Answer<Detector>>,
    /// Searches during the records.
    pub searches: usize,
    /// Handsets found by them.
    pub found: usize,
    /// Handsets that spoke after a search of the cell in which they lay, by the probability that they did.
    pub missed: f64,
    /// Of those, found there by a later search.
    pub found_later: usize,
    /// Whether hiding places are told apart.
    pub by_place: bool,
    /// Handsets inside during the records, found by searches, by trace, by both or by neither.
    pub unfound: Answer<Total>,
}

/// What detectors find in this case.
///
/// # Errors
/// When the case has not been traced and attributed, a table is not as written, or the engine fails.
pub fn assess_detectors(case: &Case, session: &Session<'_>) -> Result<DetectorsAssessed, FlowError> {
    let inside = inside(case)?;
    let heard = heard(case, &inside, session)?;
    let (from, to) = window(case);
    let in_time = |time: i64| (from..=to).contains(&time);
    let searches: Vec<SearchRow> = read(case, Table::Searches)?;
    let searches: Vec<SearchRow> = searches.into_iter().filter(|search| in_time(search.time)).collect();
    let seized: Vec<SeizedRow> = read(case, Table::Seizures)?;
    let seized: Vec<SeizedRow> = seized.into_iter().filter(|row| row.is_phone && in_time(row.time)).collect();
    let classes = Classes::read(case)?;
    let desk = Desk { inside: &inside, heard: &heard, lying: lying(case)?, seized: &seized };
    let missed: Vec<Missed> = searches.iter().flat_map(|search| desk.missed(search)).collect();
    let later = Later::of(&missed);
    let mut trials = found(&searches, &seized, &classes, later.told());
    trials.extend(later.share_out(&missed));
    let answers = detectors(&trials).into_iter();
    let answer = |(name, result): (Box<str>, Result<Detector, _>)| (name.into(), Answer::of(result, say::detector));
    Ok(DetectorsAssessed {
        detectors: answers.map(answer).collect(),
        searches: searches.len(),
        found: seized.len(),
        missed: missed.iter().map(|missed| missed.chance).sum(),
        found_later: later.all,
        by_place: later.told(),
        unfound: unfound(&inside, &seized),
    })
}

/// Where handsets lie by the latest attribution.
type Lying = FxHashMap<(FacilityId, CellId), Vec<(String, f64)>>;

fn lying(case: &Case) -> Result<Lying, FlowError> {
    let mut lying = Lying::default();
    for place in places(case)?.into_iter().filter(|place| place.probability >= LAY_THERE) {
        if let Some(cell) = place.cell {
            lying.entry((place.facility, cell)).or_default().push((place.handset, place.probability));
        }
    }
    Ok(lying)
}

/// The class of a handset by the catalogue.
struct Classes {
    by_tac: FxHashMap<Tac, DeviceClass>,
    by_name: FxHashMap<String, DeviceClass>,
}

impl Classes {
    fn read(case: &Case) -> Result<Self, FlowError> {
        let models: Vec<Model> = read(case, Table::Models)?;
        let by_name = models.iter().filter_map(|model| Some((model.model.clone()?, model.class))).collect();
        Ok(Self { by_tac: models.iter().map(|model| (model.tac, model.class)).collect(), by_name })
    }

    fn of(&self, row: &SeizedRow) -> &'static str {
        let by_name = row.model.as_ref().and_then(|name| self.by_name.get(name));
        let by_tac = row.imei.and_then(|imei: Imei| self.by_tac.get(&imei.tac()));
        word(by_name.or(by_tac).copied().unwrap_or(DeviceClass::Unknown))
    }
}

/// Minis, and everything larger.
const fn word(class: DeviceClass) -> &'static str {
    match class {
        DeviceClass::Mini => "mini",
        DeviceClass::Unknown => "unknown",
        _ => "larger",
    }
}

/// A handset that lay in a searched cell, wasn't found, and spoke again.
struct Missed {
    detector: String,
    class: &'static str,
    chance: f64,
    /// Where it was found in that cell later; `None` where it wasn't, or nobody wrote where.
    later: Option<String>,
    found_later: bool,
}

struct Desk<'a> {
    inside: &'a [Inside],
    heard: &'a Heard,
    lying: Lying,
    seized: &'a [SeizedRow],
}

impl Desk<'_> {
    fn missed(&self, search: &SearchRow) -> Vec<Missed> {
        let Some(detector) = search.detector.clone() else { return Vec::new() };
        let key = (search.facility.clone(), search.cell.clone());
        let lay = self.lying.get(&key).map_or(&[][..], Vec::as_slice);
        let missed = |(handset, chance): &(String, f64)| {
            let index = self.inside.binary_search_by(|one| one.handset.cmp(handset)).ok()?;
            let one = &self.inside[index];
            let days = &self.heard.inside[index];
            let before = days.iter().any(|seen| i64::from(seen.day) * DAY_US + DAY_US <= search.time);
            let after = days.iter().any(|seen| seen.last > search.time + BY_SEARCH_US);
            let later = self.seized.iter().find(|row| {
                row.imei.is_some_and(|imei| one.imeis.contains(&imei)) && row.time > search.time + BY_SEARCH_US
            });
            let same_cell = later.filter(|row| row.cell.as_ref() == Some(&search.cell));
            (before && after).then(|| Missed {
                detector: detector.clone(),
                class: word(one.class),
                chance: *chance,
                found_later: same_cell.is_some(),
                later: same_cell.and_then(|row| row.hiding_place.clone()),
            })
        };
        lay.iter().filter_map(missed).collect()
    }
}

/// Of what was missed and found later: how many in all, and in which places.
struct Later {
    all: usize,
    places: BTreeMap<String, f64>,
}

impl Later {
    fn of(missed: &[Missed]) -> Self {
        let mut places: BTreeMap<String, f64> = BTreeMap::new();
        for place in missed.iter().filter_map(|missed| missed.later.clone()) {
            *places.entry(place).or_default() += 1.0;
        }
        Self { all: missed.iter().filter(|missed| missed.found_later).count(), places }
    }

    fn told(&self) -> bool {
        self.places.values().sum::<f64>() >= LEAST_LATER as f64
    }

    /// Misses as trials, to whole handsets by detector, class and place.
    fn share_out(&self, missed: &[Missed]) -> Vec<Trials> {
        let mut sums: BTreeMap<(String, &'static str, String), f64> = BTreeMap::new();
        let all: f64 = self.places.values().sum();
        for one in missed {
            let mut add = |place: &str, part: f64| {
                *sums.entry((one.detector.clone(), one.class, place.to_owned())).or_default() += one.chance * part;
            };
            match (&one.later, self.told()) {
                (_, false) => add(ANYWHERE, 1.0),
                (Some(place), true) => add(place, 1.0),
                (None, true) => self.places.iter().for_each(|(place, count)| add(place, count / all)),
            }
        }
        let trial = |((detector, class, place), sum): ((String, &str, String), f64)| Trials {
            detector: detector.into(),
            class: class.into(),
            place: place.into(),
            there: sum.round() as u64,
            found: 0,
        };
        sums.into_iter().map(trial).collect()
    }
}

/// Finds as trials: what a search of the cell found, with that search's detector.
fn found(searches: &[SearchRow], seized: &[SeizedRow], classes: &Classes, by_place: bool) -> Vec<Trials> {
    let detector = |row: &SeizedRow| {
        let by = searches.iter().find(|search| {
            let soon = (0..BY_SEARCH_US).contains(&(row.time - search.time));
            search.facility == row.facility && row.cell.as_ref() == Some(&search.cell) && soon
        });
        by.and_then(|search| search.detector.clone()).or_else(|| row.detector.clone().filter(|_| row.cell.is_some()))
    };
    let trial = |row: &SeizedRow| {
        let place = row.hiding_place.as_deref().filter(|_| by_place).unwrap_or(ANYWHERE);
        Some(Trials {
            detector: detector(row)?.into(),
            class: classes.of(row).into(),
            place: place.into(),
            there: 1,
            found: 1,
        })
    };
    seized.iter().filter_map(trial).collect()
}

/// Searches and trace as two lists of the same handsets; of finds those whose IMEI could be read.
fn unfound(inside: &[Inside], seized: &[SeizedRow]) -> Answer<Total> {
    let read: Vec<Imei> = seized.iter().filter_map(|row| row.imei).collect();
    let both = inside.iter().filter(|one| one.imeis.iter().any(|imei| read.contains(imei))).count();
    let lists = TwoLists { first: read.len() as u64, second: inside.len() as u64, both: both as u64 };
    Answer::of(two_lists(lists), say::unfound)
}
