//! How phones come in: the share that first spoke in the days after a recorded ingress of each kind, and the share
//! of which nothing tells.
//!
//! A mixture over where and when handsets were first heard inside, fitted by EM (Dempster, Laird and Rubin 1977). A
//! handset that came in by a route first speaks a few days (exponential) after one of that route's events, any of
//! them alike; one of unknown route may appear anywhere handsets do, on any day. What came in by a throw that nobody
//! noticed is unknown: a share is of arrivals that follow a *recorded* event, and so a lower bound for its route.
//! Intervals by resampling facilities, or by profile likelihood where that is wider: resamples of handsets none of which
//! follows an event all say nought.

mod mixture;

use std::collections::BTreeSet;

use crate::id::Facility;
use serde::Serialize;

use crate::draw::Draws;
use crate::interval::Interval;
use crate::refusal::{CantTell, Needed, Shortage};
use mixture::Mixture;

/// A way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Thrown over the wall.
    Throw,
    /// Flown in.
    Drone,
    /// By somebody who works there.
    Staff,
    /// By a visitor.
    Visitor,
    /// In a parcel.
    Parcel,
    /// Nothing tells.
    Unknown,
}

impl Route {
    /// Those that an event can have.
    pub const KNOWN: [Route; 5] = [Route::Throw, Route::Drone, Route::Staff, Route::Visitor, Route::Parcel];
}

/// An ingress on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Ingress {
    /// Where.
    pub facility: Facility,
    /// How. Events of unknown route tell nothing here.
    pub route: Route,
    /// When, in days on any scale.
    pub day: f64,
}

/// A handset's coming in.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Where it was first heard inside.
    pub facility: Facility,
    /// When, in days on the same scale.
    pub first_heard: f64,
    /// When the supplier's ledger has it delivered.
    pub delivered: Delivered,
    /// What a seizure says of its route.
    pub route: Said,
}

/// When a handset was delivered to its buyer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delivered {
    /// On this day: it didn't come in before.
    On(f64),
    /// The ledger doesn't have it.
    NotKnown,
}

/// What a seizure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It came in this way.
    Seized(Route),
    /// Nothing.
    Nothing,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The days in which handsets were looked for: first and last.
    pub period: (f64, f64),
    /// Days from an ingress to the first call, on average.
    pub mean_delay: f64,
    /// Resamples for the intervals.
    pub draws: usize,
    /// For the resamples.
    pub seed: u64,
}

/// Shares of routes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Routes {
    /// Each route with events enough, and the unknown one last.
    pub shares: Vec<(Route, Interval)>,
    /// Routes with too few events to be told; whatever came by them is in the unknown share.
    pub not_told: Vec<Route>,
    /// Handsets.
    pub handsets: usize,
    /// By handset, as given: log10 likelihood ratio of having come by a route's recorded events against the unknown
    /// one. Routes none of whose events can have brought it are not among them; empty where a seizure says the route.
    pub each: Vec<Vec<(Route, f64)>>,
}

const LEAST_HANDSETS: f64 = 50.0;
const LEAST_FACILITIES: f64 = 10.0;
/// With fewer events a route's share would hang on one of them.
const LEAST_EVENTS: usize = 10;

/// The shares.
///
/// # Errors
/// With fewer than fifty handsets, ten facilities, or ten events of any route.
pub fn routes(arrivals: &[Arrival], events: &[Ingress], settings: &Settings) -> Result<Routes, CantTell> {
    let count = |route: &Route| events.iter().filter(|event| event.route == *route).count();
    let (told, not_told): (Vec<Route>, Vec<Route>) =
        Route::KNOWN.into_iter().partition(|route| count(route) >= LEAST_EVENTS);
    let facilities: BTreeSet<&Facility> = arrivals.iter().map(|arrival| &arrival.facility).collect();
    let most = Route::KNOWN.iter().map(count).max().unwrap_or(0);
    CantTell::unless_enough([
        Needed::new(Shortage::Observations, arrivals.len() as f64, LEAST_HANDSETS),
        Needed::new(Shortage::Groups, facilities.len() as f64, LEAST_FACILITIES),
        Needed::new(Shortage::Events, most as f64, LEAST_EVENTS as f64),
    ])?;
    let mixture = Mixture::of(arrivals, events, &told, settings);
    let all: Vec<usize> = (0..arrivals.len()).collect();
    let shares = mixture.fit(&all);
    let resampled = resample(&mixture, arrivals, &facilities, settings);
    let each = (0..arrivals.len()).map(|index| mixture.weights(index, &told)).collect();
    let names = told.into_iter().chain([Route::Unknown]);
    let share = |(index, route)| {
        let (low, high) = mixture.limits(&all, index);
        let resampled: Interval = interval(index, shares[index], &resampled);
        (route, Interval { low: resampled.low.min(low), high: resampled.high.max(high), ..resampled })
    };
    let shares = names.enumerate().map(share).collect();
    Ok(Routes { shares, not_told, handsets: arrivals.len(), each })
}

fn resample(
    mixture: &Mixture,
    arrivals: &[Arrival],
    facilities: &BTreeSet<&Facility>,
    settings: &Settings,
) -> Vec<Vec<f64>> {
    let at = |facility: &Facility| -> Vec<usize> {
        (0..arrivals.len()).filter(|&index| arrivals[index].facility == *facility).collect()
    };
    let groups: Vec<Vec<usize>> = facilities.iter().map(|facility| at(facility)).collect();
    let mut stream = Draws::new(settings.seed);
    let mut draw = || -> Vec<usize> {
        stream.resample(groups.len()).into_iter().flat_map(|group| groups[group].iter().copied()).collect()
    };
    (0..settings.draws).map(|_| mixture.fit(&draw())).collect()
}

fn interval(index: usize, value: f64, resampled: &[Vec<f64>]) -> Interval {
    let mut values: Vec<f64> = resampled.iter().map(|shares| shares[index]).collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get(((values.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(value);
    Interval { value, low: at(0.025).min(value), high: at(0.975).max(value), level: 0.95 }
}
