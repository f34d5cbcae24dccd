//! What the case's own tables say of confiscations and searches, with intervals that hold or a refusal.

mod public;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cellsweep_assess::interval::clopper_pearson;
use cellsweep_assess::operation::{Chosen, Hits, PerSearch, Search, hits, per_search};
use cellsweep_assess::register::{Confiscations, Funnel, Rate, funnel, rates};
use cellsweep_assess::say::{self, Summary};
use cellsweep_assess::{CantTell, Facility, Interval};
use cellsweep_model::custody::Held;
use cellsweep_model::plan::Searched;
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use cellsweep_sweep::FindRule;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

use self::public::public_figures;
pub(super) use self::shown::{funnel_plot, standing};
use crate::trace::read;
use crate::{FlowError, register};

const DAY_US: i64 = 86_400_000_000;
/// Finds from which on two halves of the time are compared.
const LEAST_FINDS: u64 = 20;

/// Confiscations against inmates held, facility by facility.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterAssessed {
    /// What counted as one find.
    pub one_find: FindRule,
    /// First and last day.
    pub days: (Date, Date),
    /// By facility: finds per 100 inmates and year.
    pub rates: Vec<Rate<Facility>>,
    /// By month, each by its first day in that time, over all facilities.
    pub months: Vec<Rate<Date>>,
    /// Finds per inmate in the second half of the months, times those in the first; `None` with fewer than twenty finds.
    pub halves: Option<Interval>,
    /// Public figures that were given, at the same rate.
    pub public: Vec<Rate<String>>,
    /// Finds at facilities of which the roster holds nobody in that time: they have no rate.
    pub without_inmates: u64,
    /// Which facility differs by more than chance.
    pub funnel: Option<Funnel>,
    /// In a sentence, and by which method; what would be needed where it can't be told.
    pub said: Summary,
}

/// What searches brought.
#[derive(Debug, Clone, Serialize)]
pub struct SearchesAssessed {
    /// Searches that found something.
    pub hits: Option<Hits>,
    /// Phones a search, beside the figures of May 2025.
    pub per_search: Option<PerSearch>,
    /// In a sentence, and by which method; what would be needed where it can't be told.
    pub said: Vec<Summary>,
}

/// Confiscations per 100 inmates and year by facility and month, and a funnel plot's limits (Spiegelhalter 2005). Days
/// are the register's own, from the first find to the last, unless they are given. `public` is a CSV file of figures
/// to stand beside them: `name,from,to,finds,inmates`.
///
/// # Errors
/// When the case has no roster, no find in that time, or a table of it or the public figures are not as written.
pub fn assess_register(
    case: &Case,
    one_find: FindRule,
    days: (Option<Date>, Option<Date>),
    public: Option<&Path>,
) -> Result<RegisterAssessed, FlowError> {
    let roster: Vec<Held> = read(case, Table::Roster)?;
    if roster.is_empty() {
        return Err(FlowError::MissingTables { place: case.dir().display().to_string(), missing: vec![Table::Roster] });
    }
    let found = register(case, one_find)?;
    let at = |row: &cellsweep_sweep::RegisterRow| Offset::UTC.to_datetime(row.at).date();
    let first = days.0.or_else(|| found.rows.iter().map(at).min());
    let last = days.1.or_else(|| found.rows.iter().map(at).max());
    let (Some(first), Some(last)) = (first, last) else {
        return Err(FlowError::Exhibit { place: "the register".to_owned(), why: "it has no find".to_owned() });
    };
    let mut finds: BTreeMap<String, u64> = BTreeMap::new();
    let mut by_day: BTreeMap<Date, u64> = BTreeMap::new();
    for row in found.rows.iter().filter(|row| (first..=last).contains(&at(row))) {
        *finds.entry(row.place.facility.to_string()).or_default() += u64::from(row.finds);
        *by_day.entry(at(row)).or_default() += u64::from(row.finds);
    }
    let months = by_month(&by_day, &roster, first, last);
    let held = inmate_days(&roster, first, last);
    let names: BTreeSet<&String> = finds.keys().chain(held.keys()).collect();
    let rows: Vec<Confiscations<Facility>> = names
        .into_iter()
        .filter_map(|name| {
            let (finds, inmate_days) = (finds.get(name).copied(), held.get(name).copied());
            let of = name.parse().ok()?;
            Some(Confiscations { of, finds: finds.unwrap_or_default(), inmate_days: inmate_days.unwrap_or_default() })
        })
        .collect();
    let without_inmates = rows.iter().filter(|row| row.inmate_days <= 0.0).map(|row| row.finds).sum();
    let (funnel, said) = told(funnel(&rows), say::funnel);
    Ok(RegisterAssessed {
        one_find,
        days: (first, last),
        rates: rates(&rows),
        halves: halves(&months),
        months: rates(&months),
        public: public.map(public_figures).transpose()?.unwrap_or_default(),
        without_inmates,
        funnel,
        said,
    })
}

fn by_month(finds: &BTreeMap<Date, u64>, roster: &[Held], first: Date, last: Date) -> Vec<Confiscations<Date>> {
    let next = |from: Date| Some(from.first_of_month().saturating_add(1.month())).filter(|next| *next <= last);
    let month = |from: Date| {
        let to = from.last_of_month().min(last);
        let inmate_days = inmate_days(roster, from, to).values().sum();
        Confiscations { of: from, finds: finds.range(from..=to).map(|(_, finds)| finds).sum(), inmate_days }
    };
    std::iter::successors(Some(first), |from| next(*from)).map(month).collect()
}

/// The second half's rate over the first's: given how many finds there were in all, the second half's number is
/// binomial, so its exact interval is one of the ratio.
fn halves(months: &[Confiscations<Date>]) -> Option<Interval> {
    let (before, after) = months.split_at(months.len() / 2);
    let sums = |half: &[Confiscations<Date>]| {
        let finds: u64 = half.iter().map(|month| month.finds).sum();
        (finds, half.iter().map(|month| month.inmate_days).sum::<f64>())
    };
    let ((early, early_days), (late, late_days)) = (sums(before), sums(after));
    if early + late < LEAST_FINDS || early == 0 || early_days <= 0.0 || late_days <= 0.0 {
        return None;
    }
    let ratio = |share: f64| share / (1.0 - share) * early_days / late_days;
    Some(clopper_pearson(late, early + late, 0.95).map(ratio))
}

/// Days that inmates were held, summed by facility, the last day included.
pub(super) fn inmate_days(roster: &[Held], first: Date, last: Date) -> BTreeMap<String, f64> {
    let micros = |date: Date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_or(0, jiff::Timestamp::as_microsecond);
    let (from, to) = (micros(first), micros(last) + DAY_US);
    let mut days: BTreeMap<String, f64> = BTreeMap::new();
    for held in roster {
        let stay = held.to.unwrap_or(to).min(to) - held.from.max(from);
        if stay > 0 {
            *days.entry(held.facility.to_string()).or_default() += stay as f64 / DAY_US as f64;
        }
    }
    days
}

/// How many searches found something, and phones a search, from the table of searches.
///
/// # Errors
/// When that table is not as written.
pub fn assess_searches(case: &Case) -> Result<SearchesAssessed, FlowError> {
    let searched: Vec<Searched> = read(case, Table::Searches)?;
    let searches: Vec<Search> = searched
        .iter()
        .filter_map(|search| {
            Some(Search {
                facility: search.facility.as_str().parse().ok()?,
                chosen: Chosen::Other,
                expected: 0.0,
                phones: search.found,
                // The table doesn't say which of them were minis.
                minis: 0,
                officer_hours: 0.0,
            })
        })
        .collect();
    let (hits, first) = told(hits(&searches, Chosen::Other), say::hits);
    let per_search = per_search(&searches, Chosen::Other);
    let mut said = vec![first];
    if let (Err(refusal), Some(_)) = (&per_search, &hits) {
        said.push(say::cant_tell(refusal));
    }
    Ok(SearchesAssessed { hits, per_search: per_search.ok(), said })
}

/// A result and what is said of it, or of why there is none.
fn told<T>(result: Result<T, CantTell>, say: impl FnOnce(&T) -> Summary) -> (Option<T>, Summary) {
    match result {
        Ok(result) => {
            let said = say(&result);
            (Some(result), said)
        }
        Err(refusal) => (None, say::cant_tell(&refusal)),
    }
}
