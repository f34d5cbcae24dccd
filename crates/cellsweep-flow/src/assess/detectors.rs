//! What detectors find: searches whose truth came out later.
//!
//! A list from before a search says which handsets lay in the searched cell (attribution as of that time). Those that
//! the search found, known by their IMEI, lay there and were found; those that spoke afterwards lay there and were
//! missed, by the probability that they did. Finds whose IMEI nobody could read can't be looked up, so the others stand
//! for them, too. A hiding place is known of what was found; of what was missed only where it was found in the same
//! cell later, so what was missed and never found is shared out as those are.

mod listed;
mod shown;

use std::collections::BTreeMap;

use cellsweep_assess::capture::{Total, TwoLists, two_lists};
use cellsweep_assess::detectors::{Detector, Trials, detectors};
use cellsweep_assess::say;
use cellsweep_assess::{CantTell, Shortage};
use cellsweep_model::Imei;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use serde::Serialize;

use self::listed::{Listing, Lying, before, everybody, listings, traces};
use super::Answer;
use super::heard::{Heard, heard};
use super::inside::Inside;
use super::rows::{SearchRow, SeizedRow};
use crate::trace::read;
use crate::{FlowError, Session};

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// What was found in a cell within this time of a search was found by it.
const BY_SEARCH_US: i64 = 4 * HOUR_US;
/// Finds within this time of a trace are held against it.
const SOON_US: i64 = 14 * DAY_US;
/// Missed handsets found later in the same cell, from which on hiding places are told apart.
const LEAST_LATER: usize = 20;
/// Where hiding places aren't told apart.
const ANYWHERE: &str = "*";

/// What each detector finds, and how many there were that nobody found.
#[derive(Debug, Clone, Serialize)]
pub struct DetectorsAssessed {
    /// By detector.
    pub detectors: BTreeMap<String, Answer<Detector>>,
    /// Searches within thirty days of a list from before them.
    pub searches: usize,
    /// Handsets that were listed in the searched cell, and found there.
    pub found: usize,
    /// The share of finds whose IMEI was read.
    pub readable: f64,
    /// Handsets that were listed in the searched cell and spoke after the search, by the probability that they lay
    /// there.
    pub missed: f64,
    /// Of those, found there by a later search.
    pub found_later: usize,
    /// Whether hiding places are told apart.
    pub by_place: bool,
    /// Handsets inside at the time of a trace: found by searches soon after, listed by it, both or neither.
    pub unfound: Answer<Total>,
}

/// What detectors find in this case.
///
/// # Errors
/// When a run or a table is not as written, or the engine fails.
pub fn assess_detectors(case: &Case, session: &Session<'_>) -> Result<DetectorsAssessed, FlowError> {
    let listings = listings(case)?;
    let inside = everybody(&listings);
    let heard = heard(case, &inside, session)?;
    let seized: Vec<SeizedRow> = read(case, Table::Seizures)?;
    let seized: Vec<SeizedRow> = seized.into_iter().filter(|row| row.is_phone).collect();
    let searches: Vec<SearchRow> = read(case, Table::Searches)?;
    let dated = |search: &SearchRow| before(&listings, search.time).is_some();
    let searches: Vec<SearchRow> = searches.into_iter().filter(dated).collect();
    let desk = Desk { inside: &inside, heard: &heard, listings: &listings, seized: &seized };
    let missed: Vec<Missed> = searches.iter().flat_map(|search| desk.missed(search)).collect();
    let found: Vec<Found> = searches.iter().flat_map(|search| desk.found(search)).collect();
    let (later, readable) = (Later::of(&missed), readable(&seized));
    let mut detectors: BTreeMap<String, Answer<Detector>> = detectors(&later.trials(&missed, &found, readable))
        .into_iter()
        .map(|(name, result)| (name.into(), Answer::of(result, say::detector)))
        .collect();
    if detectors.is_empty() {
        let none = CantTell::one(Shortage::Observations, 0.0, 10.0);
        detectors.insert(ANYWHERE.to_owned(), Answer::of(Err(none), say::detector));
    }
    Ok(DetectorsAssessed {
        detectors,
        searches: searches.len(),
        found: found.len(),
        readable,
        missed: missed.iter().fold(0.0, |sum, missed| sum + missed.chance),
        found_later: later.all,
        by_place: later.told(),
        unfound: unfound(&traces(case)?, &seized),
    })
}

/// The share of finds in cells whose IMEI was read.
fn readable(seized: &[SeizedRow]) -> f64 {
    let in_cells = seized.iter().filter(|row| row.cell.is_some());
    let read = in_cells.clone().filter(|row| row.imei.is_some()).count();
    read as f64 / in_cells.count().max(1) as f64
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

/// A handset that was listed in a searched cell, and found there.
struct Found {
    detector: String,
    class: &'static str,
    place: Option<String>,
}

struct Desk<'a> {
    inside: &'a [Inside],
    heard: &'a Heard,
    listings: &'a [Listing],
    seized: &'a [SeizedRow],
}

impl Desk<'_> {
    fn listed(&self, search: &SearchRow) -> (i64, &[Lying]) {
        match before(self.listings, search.time) {
            Some(listing) => (listing.at(), listing.in_cell(&search.facility, &search.cell)),
            None => (i64::MIN, &[]),
        }
    }

    /// When and where a handset was found after a time.
    fn find_of(&self, one: &Lying, after: i64) -> Option<&SeizedRow> {
        let is_it = |row: &&SeizedRow| row.imei.is_some_and(|imei| one.imeis.contains(&imei)) && row.time >= after;
        self.seized.iter().filter(is_it).min_by_key(|row| row.time)
    }

    fn found(&self, search: &SearchRow) -> Vec<Found> {
        let Some(detector) = search.detector.clone() else { return Vec::new() };
        let found = |one: &Lying| {
            let row = self.find_of(one, search.time)?;
            let here = row.facility == search.facility && row.cell.as_ref().is_none_or(|cell| *cell == search.cell);
            let by_it = here && row.time < search.time + BY_SEARCH_US;
            by_it.then(|| Found { detector: detector.clone(), class: word(one.class), place: row.hiding_place.clone() })
        };
        self.listed(search).1.iter().filter_map(found).collect()
    }

    fn missed(&self, search: &SearchRow) -> Vec<Missed> {
        let Some(detector) = search.detector.clone() else { return Vec::new() };
        let (_, listed) = self.listed(search);
        let missed = |one: &Lying| {
            let index = self.inside.binary_search_by(|other| other.handset.cmp(&one.handset)).ok()?;
            let days = &self.heard.inside[index];
            let spoke = days.iter().any(|seen| seen.last > search.time + BY_SEARCH_US);
            let later = self.find_of(one, search.time).filter(|row| row.time >= search.time + BY_SEARCH_US);
            let same_cell = later.filter(|row| row.cell.as_ref() == Some(&search.cell));
            spoke.then(|| Missed {
                detector: detector.clone(),
                class: word(one.class),
                chance: one.probability,
                found_later: same_cell.is_some(),
                later: same_cell.and_then(|row| row.hiding_place.clone()),
            })
        };
        listed.iter().filter_map(missed).collect()
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

    /// Finds and misses as trials, to whole handsets by detector, class and place.
    fn trials(&self, missed: &[Missed], found: &[Found], readable: f64) -> Vec<Trials> {
        let mut sums: BTreeMap<(String, &'static str, String), (f64, f64)> = BTreeMap::new();
        for one in found {
            let place = one.place.as_deref().filter(|_| self.told()).unwrap_or(ANYWHERE);
            let sum = sums.entry((one.detector.clone(), one.class, place.to_owned())).or_default();
            sum.0 += 1.0 / readable;
        }
        for one in missed {
            for (place, part) in self.parts(one) {
                sums.entry((one.detector.clone(), one.class, place)).or_default().1 += one.chance * part;
            }
        }
        let trial = |((detector, class, place), (found, missed)): ((String, &str, String), (f64, f64))| Trials {
            detector: detector.into(),
            class: class.into(),
            place: place.into(),
            there: (found.round() + missed.round()) as u64,
            found: found.round() as u64,
        };
        sums.into_iter().map(trial).collect()
    }

    /// In which places a missed handset counts, and for how much.
    fn parts(&self, one: &Missed) -> Vec<(String, f64)> {
        let all: f64 = self.places.values().sum();
        match (&one.later, self.told()) {
            (_, false) => vec![(ANYWHERE.to_owned(), 1.0)],
            (Some(place), true) => vec![(place.clone(), 1.0)],
            (None, true) => self.places.iter().map(|(place, count)| (place.clone(), count / all)).collect(),
        }
    }
}

/// Searches and a trace as two lists of the same handsets: those inside at the trace's time, found within a fortnight.
/// Of finds those whose IMEI could be read. A trace with no find after it says nothing.
fn unfound(traces: &[(i64, Vec<Vec<Imei>>)], seized: &[SeizedRow]) -> Answer<Total> {
    let soon = |at: i64| -> Vec<Imei> {
        let soon = seized.iter().filter(move |row| (0..=SOON_US).contains(&(row.time - at)));
        soon.filter_map(|row| row.imei).collect()
    };
    let lists = |(at, listed): &(i64, Vec<Vec<Imei>>)| {
        let found = soon(*at);
        let both = listed.iter().filter(|imeis| imeis.iter().any(|imei| found.contains(imei))).count();
        TwoLists { first: found.len() as u64, second: listed.len() as u64, both: both as u64 }
    };
    let told = traces.iter().map(lists).find(|lists| lists.first > 0);
    Answer::of(two_lists(told.unwrap_or(TwoLists { first: 0, second: 0, both: 0 })), say::unfound)
}
