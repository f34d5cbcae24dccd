//! The other estimators' intervals on made-up data whose truth is known.

use cellsweep_assess::capture::{TwoLists, lower_bound, two_lists};
use cellsweep_assess::detectors::{Trials, detectors};
use cellsweep_assess::method::{Burden, Class, Judged, Labelled, Resampling, carries, drift, false_listings};
use cellsweep_assess::operation::{Chosen, Search, by_decile, by_facility, hits, lift, per_officer_hour, per_search};
use cellsweep_assess::register::{Confiscations, Standing, exact_limit, funnel, rates};
use cellsweep_assess::routes::{Arrival, Delivered, Ingress, Route, Said, Settings, routes};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Exp, Gamma, Normal, Poisson};

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn register(seed: u64, spread: f64) -> Vec<Confiscations<cellsweep_assess::Facility>> {
    let mut rng = rng(seed);
    let one = |index: usize| {
        let inmate_days = 365.0 * rng.random_range(60.0..900.0);
        let rate = 6.0 * Normal::new(0.0, spread).unwrap().sample(&mut rng).exp();
        let finds = Poisson::new(rate * inmate_days / 36_525.0).unwrap().sample(&mut rng) as u64;
        Confiscations { of: format!("F{index}").parse().unwrap(), finds, inmate_days }
    };
    (0..60).map(one).collect()
}

#[test]
fn the_funnel_points_at_few_where_all_are_alike() {
    let far = |spread: f64| -> usize {
        let rows = (0..100).flat_map(|seed| funnel(&register(seed, spread)).unwrap().rows);
        rows.filter(|row| matches!(row.standing, Standing::FarAbove | Standing::FarBelow)).count()
    };
    // 6,000 facilities: 12 by chance.
    assert!(far(0.0) <= 30, "{}", far(0.0));
    assert!(far(0.4) <= 80, "{}", far(0.4));
}

#[test]
fn a_facility_that_differs_stands_out() {
    let mut rows = register(5, 0.0);
    rows[7].finds = rows[7].finds * 3 + 20;
    let funnel = funnel(&rows).unwrap();
    assert_eq!(funnel.rows[7].standing, Standing::FarAbove);
    assert!(!funnel.widened, "{}", funnel.dispersion);
    assert_eq!(rates(&rows).len(), 60);
}

#[test]
fn exact_limits_are_spiegelhalter_s() {
    // Between the counts 4 and 5 for a mean of 10 at 2.5 %: P(≤ 3) = 0.0103, P(≤ 4) = 0.0293.
    let limit = exact_limit(10.0, 0.025);
    assert!((3.0..4.0).contains(&limit), "{limit}");
}

#[test]
fn a_detector_s_chances_lie_in_their_intervals() {
    let (mut held, mut all, mut untried) = (0, 0, 0);
    for seed in 0..100 {
        let mut rng = rng(seed);
        let shares = Beta::new(6.0, 3.0).unwrap();
        let mut truths = Vec::new();
        let mut trials = Vec::new();
        for place in 0..8 {
            let truth: f64 = shares.sample(&mut rng);
            let there = rng.random_range(3..25);
            let found = Binomial::new(there, truth).unwrap().sample(&mut rng);
            truths.push(truth);
            let place = format!("{place}").into();
            trials.push(Trials { detector: "dog".into(), class: "mini".into(), place, there, found });
        }
        let detector = detectors(&trials).remove("dog").unwrap().unwrap();
        held += detector.combinations.iter().zip(&truths).filter(|(row, truth)| row.chance.holds(**truth)).count();
        all += truths.len();
        untried += usize::from(detector.untried.holds(shares.sample(&mut rng)));
    }
    let (share, new) = (held as f64 / all as f64, untried as f64 / 100.0);
    assert!((0.92..=0.98).contains(&share), "{share}");
    assert!((0.90..=1.0).contains(&new), "{new}");
}

#[test]
fn what_nobody_found_lies_in_its_interval() {
    let (mut held, mut judged) = (0.0, 0.0);
    for seed in 0..1_000 {
        let mut rng = rng(seed);
        let (mut lists, hidden) = (TwoLists { first: 0, second: 0, both: 0 }, 120);
        for _ in 0..hidden {
            let (a, b) = (rng.random_bool(0.45), rng.random_bool(0.35));
            lists.first += u64::from(a);
            lists.second += u64::from(b);
            lists.both += u64::from(a && b);
        }
        if let Ok(total) = two_lists(lists) {
            judged += 1.0;
            held += f64::from(total.all.holds(f64::from(hidden)));
        }
    }
    assert!((0.93..=0.975).contains(&(held / judged)), "{}", held / judged);
    let total = lower_bound(40, 15, 70).unwrap();
    assert!((total.all.value - (70.0 + 40.0 * 39.0 / 32.0)).abs() < 1e-9);
    assert!(total.all.low >= 70.0);
}

/// Facilities, each with its own luck.
fn searches(seed: u64, facilities: usize) -> Vec<Search> {
    let mut rng = rng(seed);
    let mut all = Vec::new();
    for facility in 0..facilities {
        let luck: f64 = Gamma::new(6.0, 1.0 / 6.0).unwrap().sample(&mut rng);
        for index in 0..25 {
            let expected = 0.4;
            let chosen = if index < 5 { Chosen::Control } else { Chosen::Planned };
            let mean: f64 = if chosen == Chosen::Control { 0.1 } else { expected };
            let phones = Poisson::new(mean * luck).unwrap().sample(&mut rng) as u32;
            let facility = format!("F{facility}").parse().unwrap();
            all.push(Search { facility, chosen, expected, phones, minis: phones / 2, officer_hours: 1.5 });
        }
    }
    all
}

#[test]
fn finds_a_search_allow_for_facilities() {
    let mut held = 0;
    for seed in 0..400 {
        let found = per_search(&searches(seed, 20), Chosen::Planned).unwrap();
        held += u32::from(found.phones.holds(0.4));
    }
    let share = f64::from(held) / 400.0;
    assert!((0.90..=0.985).contains(&share), "{share}");
}

#[test]
fn planned_searches_are_held_against_others() {
    let searches = searches(4, 30);
    let (planned, control) = (hits(&searches, Chosen::Planned).unwrap(), hits(&searches, Chosen::Control).unwrap());
    assert!(lift(&planned, &control).unwrap().low > 1.0);
    assert_eq!(by_facility(&searches).len(), 30);
    let deciles = by_decile(&searches).unwrap();
    assert_eq!(deciles.iter().map(|row| row.searches).sum::<u64>(), 600);
    let hourly = per_officer_hour(&searches).unwrap();
    assert!(hourly.low < hourly.value && hourly.value < hourly.high);
}

fn ingress(seed: u64) -> (Vec<Arrival>, Vec<Ingress>) {
    let mut rng = rng(seed);
    let mut events: Vec<Ingress> = Vec::new();
    for (route, count) in [(Route::Throw, 60), (Route::Visitor, 40), (Route::Drone, 4)] {
        for _ in 0..count {
            let facility = format!("F{}", rng.random_range(0..20)).parse().unwrap();
            events.push(Ingress { facility, route, day: rng.random_range(0.0..350.0) });
        }
    }
    let delay = Exp::new(1.0 / 3.0).unwrap();
    let arrival = |rng: &mut ChaCha8Rng| {
        let kind = rng.random_range(0.0..1.0);
        let from = if kind < 0.5 { 0..60 } else { 60..100 };
        let (facility, first_heard) = if kind < 0.7 {
            let event: &Ingress = &events[rng.random_range(from)];
            (event.facility.clone(), event.day + delay.sample(rng))
        } else {
            (format!("F{}", rng.random_range(0..20)).parse().unwrap(), rng.random_range(0.0..365.0))
        };
        Arrival { facility, first_heard, delivered: Delivered::NotKnown, route: Said::Nothing }
    };
    let arrivals = (0..300).map(|_| arrival(&mut rng)).collect();
    (arrivals, events)
}

#[test]
fn a_handset_soon_after_a_throw_speaks_for_it() {
    let (mut arrivals, events) = ingress(1);
    let throw = events.iter().find(|event| event.route == Route::Throw).unwrap();
    arrivals[0] = Arrival { facility: throw.facility.clone(), first_heard: throw.day + 0.5, ..arrivals[0].clone() };
    arrivals[1] = Arrival { delivered: Delivered::On(throw.day + 0.2), ..arrivals[0].clone() };
    arrivals[2].route = Said::Seized(Route::Throw);
    let settings = Settings { period: (0.0, 365.0), mean_delay: 3.0, draws: 19, seed: 1 };
    let each = routes(&arrivals, &events, &settings).unwrap().each;
    let of_throw =
        |index: usize| each[index].iter().find(|(route, _)| *route == Route::Throw).map(|(_, weight)| *weight);
    assert!(of_throw(0).unwrap() > 0.5, "{each:?}");
    assert!(of_throw(1).is_none_or(|weight| weight < of_throw(0).unwrap()));
    assert!(each[2].is_empty());
}

#[test]
fn routes_lie_in_their_intervals() {
    let truth = [0.5, 0.2, 0.3];
    let mut held = [0; 3];
    for seed in 0..60 {
        let (arrivals, events) = ingress(seed);
        let settings = Settings { period: (0.0, 365.0), mean_delay: 3.0, draws: 199, seed };
        let routes = routes(&arrivals, &events, &settings).unwrap();
        assert_eq!(routes.not_told, [Route::Drone, Route::Staff, Route::Parcel]);
        for (index, (_, share)) in routes.shares.iter().enumerate() {
            held[index] += u32::from(share.holds(truth[index]));
        }
    }
    assert!(held.iter().all(|held| *held >= 51), "{held:?} of 60");
}

#[test]
fn a_route_that_nothing_follows_may_still_be_one() {
    let (mut arrivals, events) = ingress(1);
    let before_any = |arrival: &mut Arrival| arrival.first_heard = -1.0;
    arrivals.truncate(60);
    arrivals.iter_mut().for_each(before_any);
    let settings = Settings { period: (-10.0, 365.0), mean_delay: 3.0, draws: 19, seed: 1 };
    let shares = routes(&arrivals, &events, &settings).unwrap().shares;
    let (known, unknown) = shares.split_at(shares.len() - 1);
    for (route, share) in known {
        assert!(share.value < 1e-6 && (0.01..0.2).contains(&share.high), "{route:?}: {share:?}");
    }
    assert!(unknown[0].1.value > 0.999 && unknown[0].1.low < 0.99, "{unknown:?}");
}

/// Cllr (Brümmer and du Preez 2006), as the model crate has it.
fn cllr(cases: &[Labelled]) -> f64 {
    let mean = |positive: bool| {
        let sign = if positive { -1.0 } else { 1.0 };
        let of_truth: Vec<f64> = cases
            .iter()
            .filter(|case| case.positive == positive)
            .map(|case| (1.0 + 10.0_f64.powf(sign * case.log10_lr)).log2())
            .collect();
        of_truth.iter().sum::<f64>() / of_truth.len() as f64
    };
    0.5 * (mean(true) + mean(false))
}

fn judged(seed: u64, count: usize, scale: f64) -> Vec<Judged> {
    let mut rng = rng(seed);
    let case = |index: usize| {
        let positive = index.is_multiple_of(2);
        let centre = if positive { 1.0 } else { -1.0 };
        let radio = scale * Normal::new(centre, 0.9).unwrap().sample(&mut rng);
        let idle = Normal::new(0.0, 0.02).unwrap().sample(&mut rng);
        Judged { findings: vec![("radio".into(), radio), ("idle".into(), idle)], positive }
    };
    (0..count).map(case).collect()
}

#[test]
fn weights_that_overreach_have_drifted() {
    let resampling = Resampling { draws: 299, seed: 1 };
    let same = drift(&judged(1, 300, 1.0), &judged(2, 300, 1.0), &cllr, resampling).unwrap();
    assert!(!same.worse, "{same:?}");
    let over = drift(&judged(1, 300, 1.0), &judged(2, 300, 6.0), &cllr, resampling).unwrap();
    assert!(over.worse, "{over:?}");
    let carries = carries(&judged(3, 300, 1.0), &cllr, resampling).unwrap();
    assert_eq!(carries.iter().map(|row| &*row.source).collect::<Vec<_>>(), ["idle", "radio"]);
    assert!(carries[1].rise.low > 0.2 && carries[0].rise.value.abs() < 0.02);
}

#[test]
fn a_class_listed_too_often_is_named() {
    let class = |name: &str, handsets, listed| Class { name: name.into(), handsets, listed };
    let rows = false_listings(&[class("neighbours", 4_000, 20), class("officers", 300, 12), class("lawyers", 8, 1)]);
    let burdens: Vec<Burden> = rows.iter().map(|row| row.burden).collect();
    assert_eq!(burdens, [Burden::Fewer, Burden::More, Burden::CantTell]);
}
