//! What the case's own tables say of confiscations and searches, with intervals that hold or a refusal.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_assess::operation::{Chosen, Hits, PUBLIC_PHONES, PerSearch, Search, hits, per_search};
use cellsweep_assess::register::{Confiscations, Funnel, FunnelRow, Rate, Standing, funnel, rates};
use cellsweep_assess::say::{self, Summary};
use cellsweep_assess::{CantTell, Facility};
use cellsweep_model::custody::Held;
use cellsweep_model::plan::Searched;
use cellsweep_model::table::Table;
use cellsweep_report::{Cell, Figure, Mark, Part, Plot, StudyTable, Text, Ticks};
use cellsweep_store::Case;
use cellsweep_sweep::FindRule;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

use super::shown::{axis, head, name, numbers, said};
use crate::trace::read;
use crate::{FlowError, register};

const DAY_US: i64 = 86_400_000_000;

/// Confiscations against inmates held, facility by facility.
#[derive(Debug, Clone, Serialize)]
pub struct RegisterAssessed {
    /// What counted as one find.
    pub one_find: FindRule,
    /// First and last day.
    pub days: (Date, Date),
    /// By facility: finds per 100 inmates and year.
    pub rates: Vec<Rate<Facility>>,
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

/// Confiscations per 100 inmates and year by facility, and a funnel plot's limits (Spiegelhalter 2005). Days are the
/// register's own, from the first find to the last, unless they are given.
///
/// # Errors
/// When the case has no roster, no find in that time, or a table of it is not as written.
pub fn assess_register(
    case: &Case,
    one_find: FindRule,
    days: (Option<Date>, Option<Date>),
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
    for row in found.rows.iter().filter(|row| (first..=last).contains(&at(row))) {
        *finds.entry(row.place.facility.to_string()).or_default() += u64::from(row.finds);
    }
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
    Ok(RegisterAssessed { one_find, days: (first, last), rates: rates(&rows), without_inmates, funnel, said })
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

impl RegisterAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let standing_of = |of: &Facility| {
            let row = self.funnel.as_ref().and_then(|funnel| funnel.rows.iter().find(|row| row.rate.of == *of));
            row.map_or(Cell::Blank, |row| Cell::Words(standing(row.standing)))
        };
        let row = |rate: &Rate<Facility>| {
            let [value, range] = numbers(&rate.per_100, 1);
            vec![name(&rate.of), Cell::Count(rate.finds), value, range, standing_of(&rate.of)]
        };
        let (from, to) = self.days;
        let left = self.without_inmates;
        let note = Text::new(
            format!(
                "{left} saisies sont dans des établissements où la liste ne tient personne\u{a0}: elles n’ont pas de taux."
            ),
            format!("{left} finds are at facilities of which the roster holds nobody: they have no rate."),
        );
        vec![Part {
            title: Text::new(format!("Saisies, du {from} au {to}"), format!("Confiscations, {from} to {to}")),
            said: vec![said(&self.said)],
            figures: self.funnel.iter().map(|funnel| Figure::Plot(funnel_plot(funnel))).collect(),
            table: Some(StudyTable {
                head: head(&[
                    ("établissement", "facility"),
                    ("saisies", "finds"),
                    ("par an et 100 détenus", "per 100 inmates and year"),
                    ("95\u{202f}%", "95%"),
                    ("", ""),
                ]),
                rows: self.rates.iter().map(row).collect(),
            }),
            notes: if left > 0 { vec![note] } else { Vec::new() },
        }]
    }
}

impl SearchesAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let per = self.per_search.iter().map(|per| {
            let [value, range] = numbers(&per.phones, 2);
            let what = Cell::Words(Text::new("téléphones par fouille", "phones a search"));
            vec![what, value, range, Cell::Number(PUBLIC_PHONES, 2)]
        });
        vec![Part {
            title: Text::new("Fouilles", "Searches"),
            said: self.said.iter().map(said).collect(),
            table: Some(StudyTable {
                head: head(&[
                    ("", ""),
                    ("valeur", "value"),
                    ("95\u{202f}%", "95%"),
                    ("public, mai 2025", "public, May 2025"),
                ]),
                rows: per.collect(),
            }),
            ..Part::default()
        }]
    }
}

/// The funnel: each facility's rate against how much of it there is, within the limits.
pub(super) fn funnel_plot(funnel: &Funnel) -> Plot {
    let years = |row: &FunnelRow| row.expected / funnel.national.value.max(f64::MIN_POSITIVE);
    let mut rows: Vec<&FunnelRow> = funnel.rows.iter().collect();
    rows.sort_by(|a, b| years(a).total_cmp(&years(b)));
    let line = |limit: &dyn Fn(&FunnelRow) -> f64| Mark::Line {
        points: rows.iter().map(|row| (years(row), limit(row))).collect(),
        dashed: true,
    };
    let point = |row: &&FunnelRow| Mark::Point {
        x: years(row),
        y: (row.rate.per_100.value, row.rate.per_100.low, row.rate.per_100.high),
        stands_out: matches!(row.standing, Standing::FarAbove | Standing::FarBelow),
        name: format!("{}: {:.1}", row.rate.of, row.rate.per_100.value),
    };
    let limits = [
        Mark::Across(funnel.national.value),
        line(&|row| row.limits_95.0),
        line(&|row| row.limits_95.1),
        line(&|row| row.limits_998.0),
        line(&|row| row.limits_998.1),
    ];
    Plot {
        title: Text::new("Entonnoir\u{a0}: limites à 95 et 99,8\u{202f}%", "Funnel: limits at 95 and 99.8%"),
        x: axis("centaines de détenus-années", "hundreds of inmate-years", Ticks::Numbers),
        y: axis("par an et 100 détenus", "per 100 inmates and year", Ticks::Numbers),
        marks: limits.into_iter().chain(rows.iter().map(point)).collect(),
    }
}

/// Where a facility stands, in words.
pub(super) fn standing(standing: Standing) -> Text {
    match standing {
        Standing::FarBelow => Text::new("nettement moins", "far below"),
        Standing::Below => Text::new("moins", "below"),
        Standing::Within => Text::new("dans les limites", "within"),
        Standing::Above => Text::new("plus", "above"),
        Standing::FarAbove => Text::new("nettement plus", "far above"),
    }
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
