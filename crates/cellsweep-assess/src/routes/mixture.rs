//! The likelihood of each arrival under each route, and the shares that fit best.

use std::collections::BTreeMap;

use crate::id::Facility;

use super::{Arrival, Delivered, Ingress, Route, Said, Settings};

/// By arrival, by route told and the unknown one last: likelihoods.
pub struct Mixture(Vec<Vec<f64>>);

const ROUNDS: usize = 500;
const SETTLED: f64 = 1e-7;
/// With one degree of freedom.
const CHI_SQUARED_95: f64 = 3.841_458_8;
/// Halvings on the way to a limit.
const HALVINGS: usize = 14;

impl Mixture {
    pub fn of(arrivals: &[Arrival], events: &[Ingress], told: &[Route], settings: &Settings) -> Self {
        let by_route = |route: &Route| events.iter().filter(|event| event.route == *route).collect();
        let by_route: Vec<Vec<&Ingress>> = told.iter().map(by_route).collect();
        let mut here: BTreeMap<&Facility, f64> = BTreeMap::new();
        for arrival in arrivals {
            *here.entry(&arrival.facility).or_default() += 1.0 / arrivals.len() as f64;
        }
        let row = |arrival: &Arrival| {
            let place = here[&arrival.facility];
            let mut row: Vec<f64> = by_route.iter().map(|events| follows(arrival, events, settings)).collect();
            row.push(place * anywhen(arrival, settings));
            if let Said::Seized(route) = arrival.route {
                only(&mut row, told.iter().position(|other| *other == route));
            }
            row
        };
        Self(arrivals.iter().map(row).collect())
    }

    /// The shares that make these arrivals likeliest.
    pub fn fit(&self, arrivals: &[usize]) -> Vec<f64> {
        self.settle(arrivals, |_| {})
    }

    /// From where to where a share can lie before the likelihood, the other shares at their best, falls by more than
    /// chance: the profile likelihood's 95 % interval. It tells how much may hide where the best share is nought.
    pub fn limits(&self, arrivals: &[usize], index: usize) -> (f64, f64) {
        let best = self.fit(arrivals);
        let least = self.log_likelihood(arrivals, &best) - CHI_SQUARED_95 / 2.0;
        let fits = |share: f64| {
            let shares = self.settle(arrivals, |shares| hold(shares, index, share));
            self.log_likelihood(arrivals, &shares) >= least
        };
        (farthest(best[index], 0.0, &fits), farthest(best[index], 1.0, &fits))
    }

    fn settle(&self, arrivals: &[usize], hold: impl Fn(&mut [f64])) -> Vec<f64> {
        let routes = self.0.first().map_or(0, Vec::len);
        let mut shares = vec![1.0 / routes as f64; routes];
        hold(&mut shares);
        for _ in 0..ROUNDS {
            let mut next = self.step(arrivals, &shares);
            hold(&mut next);
            let moved = next.iter().zip(&shares).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            shares = next;
            if moved < SETTLED {
                break;
            }
        }
        shares
    }

    fn log_likelihood(&self, arrivals: &[usize], shares: &[f64]) -> f64 {
        let of = |row: &Vec<f64>| row.iter().zip(shares).map(|(likelihood, share)| likelihood * share).sum::<f64>();
        arrivals.iter().map(|&arrival| of(&self.0[arrival]).max(f64::MIN_POSITIVE).ln()).sum()
    }

    /// An arrival's log10 likelihood ratios against the unknown route.
    pub fn weights(&self, arrival: usize, told: &[Route]) -> Vec<(Route, f64)> {
        let row = &self.0[arrival];
        let Some((&unknown, known)) = row.split_last().filter(|(unknown, _)| **unknown > 0.0) else {
            return Vec::new();
        };
        let possible = told.iter().zip(known).filter(|(_, likelihood)| **likelihood > 0.0);
        possible.map(|(route, likelihood)| (*route, (likelihood / unknown).log10())).collect()
    }

    fn step(&self, arrivals: &[usize], shares: &[f64]) -> Vec<f64> {
        let mut next = vec![0.0; shares.len()];
        for &arrival in arrivals {
            let row = &self.0[arrival];
            let sum: f64 = row.iter().zip(shares).map(|(likelihood, share)| likelihood * share).sum();
            for ((next, likelihood), share) in next.iter_mut().zip(row).zip(shares) {
                *next += likelihood * share / sum.max(f64::MIN_POSITIVE) / arrivals.len() as f64;
            }
        }
        next
    }
}

/// One share as told, the others in proportion to what they were.
fn hold(shares: &mut [f64], index: usize, share: f64) {
    let rest: f64 = shares.iter().sum::<f64>() - shares[index];
    let scale = (1.0 - share) / rest.max(f64::MIN_POSITIVE);
    shares.iter_mut().for_each(|other| *other *= scale);
    shares[index] = share;
}

/// How far a share goes from `best` towards `end` and still fits.
fn farthest(best: f64, end: f64, fits: &impl Fn(f64) -> bool) -> f64 {
    let (mut fitting, mut failing) = (best, end);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(fitting, failing);
        if fits(middle) { fitting = middle } else { failing = middle }
    }
    failing
}

/// The density of first being heard where and when it was, after any of the events alike.
fn follows(arrival: &Arrival, events: &[&Ingress], settings: &Settings) -> f64 {
    let possible = |event: &&&Ingress| match arrival.delivered {
        Delivered::On(day) => event.day >= day,
        Delivered::NotKnown => true,
    };
    let possible: Vec<&&Ingress> = events.iter().filter(possible).collect();
    let density = |event: &&Ingress| {
        let delay = arrival.first_heard - event.day;
        let here = event.facility == arrival.facility && delay >= 0.0;
        if here { (-delay / settings.mean_delay).exp() / settings.mean_delay } else { 0.0 }
    };
    possible.iter().map(|event| density(event)).sum::<f64>() / possible.len().max(1) as f64
}

/// Any day alike, from the delivery on.
fn anywhen(arrival: &Arrival, settings: &Settings) -> f64 {
    let from = match arrival.delivered {
        Delivered::On(day) => day.max(settings.period.0),
        Delivered::NotKnown => settings.period.0,
    };
    1.0 / (settings.period.1 - from).max(1.0)
}

/// A route that can't be told is in the unknown share.
fn only(row: &mut [f64], route: Option<usize>) {
    let kept = route.unwrap_or(row.len() - 1);
    for (index, likelihood) in row.iter_mut().enumerate() {
        *likelihood = f64::from(u8::from(index == kept));
    }
}
