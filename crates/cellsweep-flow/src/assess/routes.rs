//! How phones come in, where, and what a closed route moved to others.

mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use cellsweep_assess::interval::{clopper_pearson, wilson};
use cellsweep_assess::register::{Confiscations, Funnel, funnel};
use cellsweep_assess::routes::{Arrival, Delivered, Ingress, Route, Routes, Said, Settings, routes};
use cellsweep_assess::say;
use cellsweep_assess::{CantTell, Interval, Shortage};
use cellsweep_model::FacilityId;
use cellsweep_model::custody::Held;
use cellsweep_model::rows::Facility;
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Answer;
use super::heard::{Heard, heard};
use super::inside::{Inside, LIKELY, inside};
use super::register::inmate_days;
use super::rows::{IngressRow, SeizedRow};
use crate::trace::{read, window};
use crate::{FlowError, Session};

const DAY_US: f64 = 86_400_000_000.0;
/// Whoever is first heard in the records' first days was there before.
const SETTLE_DAYS: i32 = 14;
/// Days from an ingress to the first call, on average.
const MEAN_DELAY_DAYS: f64 = 5.0;
const DRAWS: usize = 400;
/// Events on either side of a closure, from which on a change is told.
const LEAST_EVENTS: u64 = 10;

/// A facility, its longitude and latitude, and what came into it by route.
type IngressPlace = (FacilityId, (f64, f64), BTreeMap<Route, u64>);

/// How phones come in.
#[derive(Debug, Clone, Serialize)]
pub struct RoutesAssessed {
    /// Shares of handsets that first spoke after recorded ingress; what nothing tells is a share, too.
    pub arrivals: Answer<Routes>,
    /// Routes of what was seized, as whoever found it wrote them.
    pub seized: Vec<SeizedRoute>,
    /// Ingress on record by facility, per 100 inmates and year: where there is more than chance.
    pub hot_spots: Answer<Funnel>,
    /// Ingress by facility and route, with the facility's place.
    pub places: Vec<IngressPlace>,
    /// What changed when a route was closed, where somebody says when.
    pub closure: Option<Closure>,
}

/// A route of what was seized.
#[derive(Debug, Clone, Serialize)]
pub struct SeizedRoute {
    /// Which.
    pub route: Route,
    /// Phones.
    pub phones: u64,
    /// Their share of all seized phones.
    pub share: Interval,
}

/// A route that was closed at a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosureAsked {
    /// Where.
    pub facility: FacilityId,
    /// Which way in.
    pub route: Route,
    /// From which day on.
    pub on: Date,
}

/// What changed when a route was closed.
#[derive(Debug, Clone, Serialize)]
pub struct Closure {
    /// What was closed.
    pub asked: ClosureAsked,
    /// By route: events there before and after, against the other facilities'.
    pub routes: Vec<RouteChange>,
}

/// Events of a route before and after.
#[derive(Debug, Clone, Serialize)]
pub struct RouteChange {
    /// Which way in.
    pub route: Route,
    /// There, before and after.
    pub here: (u64, u64),
    /// At all other facilities, before and after.
    pub elsewhere: (u64, u64),
    /// Times as many events after as before there, over the same elsewhere; `None` with too few to tell.
    pub ratio: Option<Interval>,
}

impl FromStr for ClosureAsked {
    type Err = String;
    /// `FACILITY:ROUTE:DAY`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(':').collect();
        let [facility, route, day] = parts[..] else { return Err("it is FACILITY:ROUTE:DAY".to_owned()) };
        let known = Route::KNOWN.into_iter().find(|known| word(*known) == route);
        let names = || Route::KNOWN.map(word).join(", ");
        Ok(Self {
            facility: facility.parse().map_err(|error: cellsweep_model::IdError| error.to_string())?,
            route: known.ok_or_else(|| format!("`{route}` is none of {}", names()))?,
            on: day.parse().map_err(|error: jiff::Error| error.to_string())?,
        })
    }
}

/// The contract's word.
pub(super) const fn word(route: Route) -> &'static str {
    match route {
        Route::Throw => "throw",
        Route::Drone => "drone",
        Route::Staff => "staff",
        Route::Visitor => "visitor",
        Route::Parcel => "parcel",
        Route::Unknown => "unknown",
    }
}

/// How phones come in here.
///
/// # Errors
/// When the case has not been traced, a table is not as written, or the engine fails.
pub fn assess_routes(
    case: &Case,
    closure: Option<ClosureAsked>,
    session: &Session<'_>,
) -> Result<RoutesAssessed, FlowError> {
    let inside = inside(case, LIKELY)?;
    let heard = heard(case, &inside, session)?;
    let events: Vec<IngressRow> = read(case, Table::Ingress)?;
    let seized: Vec<SeizedRow> = read(case, Table::Seizures)?;
    let facilities: Vec<Facility> = read(case, Table::Facilities)?;
    let arrivals = arrivals(&inside, &heard, &seized, &sold(case)?);
    let settings = Settings {
        period: (f64::from(heard.days.0 + SETTLE_DAYS), f64::from(heard.days.1) + 1.0),
        mean_delay: MEAN_DELAY_DAYS,
        draws: DRAWS,
        seed: 1,
    };
    Ok(RoutesAssessed {
        arrivals: Answer::of(routes(&arrivals, &ingress(&events), &settings), say::routes),
        seized: of_seized(&seized),
        hot_spots: hot_spots(case, &events)?,
        places: by_place(&facilities, &events),
        closure: closure.map(|asked| Closure { routes: changes(&asked, &events, window(case)), asked }),
    })
}

/// Days of delivery by IMEI.
fn sold(case: &Case) -> Result<FxHashMap<cellsweep_model::Imei, f64>, FlowError> {
    let lines = crate::ledger::sold_lines(case)?;
    let both = lines.iter().flat_map(|line| {
        let day = line.time as f64 / DAY_US;
        line.imei.into_iter().chain(line.other_imei).map(move |imei| (imei, day))
    });
    Ok(both.collect())
}

fn arrivals(
    inside: &[Inside],
    heard: &Heard,
    seized: &[SeizedRow],
    sold: &FxHashMap<cellsweep_model::Imei, f64>,
) -> Vec<Arrival> {
    let settled = heard.days.0 + SETTLE_DAYS;
    let arrival = |(one, days): (&Inside, &Vec<super::heard::SeenDay>)| {
        let first = days.iter().map(|seen| seen.day).min().filter(|day| *day >= settled)?;
        let found = seized.iter().find(|row| row.imei.is_some_and(|imei| one.imeis.contains(&imei)));
        let delivered = one.imeis.iter().find_map(|imei| sold.get(imei));
        Some(Arrival {
            facility: one.facility.as_str().parse().ok()?,
            first_heard: f64::from(first),
            delivered: delivered.map_or(Delivered::NotKnown, |day| Delivered::On(*day)),
            route: match found.and_then(|row| row.route).filter(|route| *route != Route::Unknown) {
                Some(route) => Said::Seized(route),
                None => Said::Nothing,
            },
        })
    };
    inside.iter().zip(&heard.inside).filter_map(arrival).collect()
}

fn ingress(events: &[IngressRow]) -> Vec<Ingress> {
    let event = |row: &IngressRow| {
        let facility = row.facility.as_str().parse().ok()?;
        Some(Ingress { facility, route: row.route, day: row.time as f64 / DAY_US })
    };
    events.iter().filter_map(event).collect()
}

fn of_seized(seized: &[SeizedRow]) -> Vec<SeizedRoute> {
    let phones: Vec<&SeizedRow> = seized.iter().filter(|row| row.is_phone).collect();
    let mut counts: BTreeMap<Route, u64> = BTreeMap::new();
    for row in &phones {
        *counts.entry(row.route.unwrap_or(Route::Unknown)).or_default() += 1;
    }
    let all = phones.len() as u64;
    let share = |(route, phones): (Route, u64)| SeizedRoute { route, phones, share: wilson(phones, all, 0.95) };
    counts.into_iter().map(share).collect()
}

/// Days from the first event to the last, and who was held in that time.
fn hot_spots(case: &Case, events: &[IngressRow]) -> Result<Answer<Funnel>, FlowError> {
    let day = |row: &IngressRow| super::panel::civil((row.time as f64 / DAY_US).floor() as i32);
    let (first, last) = (events.iter().map(day).min(), events.iter().map(day).max());
    let roster: Vec<Held> = read(case, Table::Roster)?;
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Answer::of(Err(CantTell::one(Shortage::Events, 0.0, 20.0)), say::funnel));
    };
    let held = inmate_days(&roster, first, last);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for event in events {
        *counts.entry(event.facility.to_string()).or_default() += 1;
    }
    let names: BTreeSet<&String> = counts.keys().chain(held.keys()).collect();
    let rows: Vec<Confiscations<cellsweep_assess::Facility>> = names
        .into_iter()
        .filter_map(|name| {
            let finds = counts.get(name).copied().unwrap_or_default();
            Some(Confiscations {
                of: name.parse().ok()?,
                finds,
                inmate_days: held.get(name).copied().unwrap_or_default(),
            })
        })
        .collect();
    Ok(Answer::of(funnel(&rows), say::ingress))
}

fn by_place(facilities: &[Facility], events: &[IngressRow]) -> Vec<IngressPlace> {
    let place = |facility: &Facility| {
        let mut counts: BTreeMap<Route, u64> = BTreeMap::new();
        for event in events.iter().filter(|event| event.facility == facility.id) {
            *counts.entry(event.route).or_default() += 1;
        }
        let middle = facility.outline.centroid();
        (facility.id.clone(), (middle.lon, middle.lat), counts)
    };
    facilities.iter().map(place).filter(|(_, _, counts)| !counts.is_empty()).collect()
}

fn changes(asked: &ClosureAsked, events: &[IngressRow], records: (i64, i64)) -> Vec<RouteChange> {
    let on = jiff::tz::Offset::UTC.to_timestamp(asked.on.at(0, 0, 0, 0)).map_or(records.0, |at| at.as_microsecond());
    let every = Route::KNOWN.into_iter().chain([Route::Unknown]);
    let change = |route: Route| {
        let count = |here: bool, after: bool| {
            let fits = |event: &&IngressRow| {
                event.route == route && (event.facility == asked.facility) == here && (event.time >= on) == after
            };
            events.iter().filter(fits).count() as u64
        };
        let (here, elsewhere) = ((count(true, false), count(true, true)), (count(false, false), count(false, true)));
        RouteChange { route, here, elsewhere, ratio: ratio(here, elsewhere) }
    };
    every.map(change).collect()
}

/// After over before here, over the same elsewhere. Given how many there were in all here, those after are binomial:
/// Clopper and Pearson's interval of that share turned into a ratio (Przyborowski and Wilenski 1940), with the other
/// facilities' change taken as known.
fn ratio(here: (u64, u64), elsewhere: (u64, u64)) -> Option<Interval> {
    if here.0 + here.1 < LEAST_EVENTS || elsewhere.0.min(elsewhere.1) < LEAST_EVENTS {
        return None;
    }
    let share = clopper_pearson(here.1, here.0 + here.1, 0.95);
    let usual = elsewhere.1 as f64 / elsewhere.0 as f64;
    Some(share.map(|share| share / (1.0 - share).max(1e-9) / usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closure_is_read() {
        let asked: ClosureAsked = "F003:drone:2025-04-20".parse().unwrap();
        assert_eq!(
            (asked.facility.as_str(), asked.route, asked.on),
            ("F003", Route::Drone, jiff::civil::date(2025, 4, 20))
        );
        for wrong in ["F003:drone", "F003:tunnel:2025-04-20", ":drone:2025-04-20", "F003:drone:soon"] {
            assert!(wrong.parse::<ClosureAsked>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn few_events_tell_nothing_and_many_do() {
        assert_eq!(ratio((3, 2), (100, 100)), None);
        assert_eq!(ratio((30, 2), (4, 100)), None);
        let fall = ratio((40, 2), (100, 100)).unwrap();
        assert!(fall.high < 1.0 && fall.holds(0.05), "{fall:?}");
        let same = ratio((20, 40), (100, 200)).unwrap();
        assert!(same.holds(1.0) && (same.value - 1.0).abs() < 1e-9, "{same:?}");
        // Nothing left after: no end is infinite.
        assert!(ratio((0, 30), (100, 100)).unwrap().high.is_finite());
    }
}
