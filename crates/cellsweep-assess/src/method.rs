//! How well the method itself holds: whether its weights still cost what they did, which finding carries how much,
//! and whom it lists in error.

use serde::Serialize;

use crate::draw::Draws;
use crate::interval::{Interval, wilson};
use crate::refusal::{CantTell, Needed, Shortage};

/// A handset or holder whose truth came out, with what each finding weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// log10 likelihood ratios by the finding's source; their sum is the weight.
    pub findings: Vec<(Box<str>, f64)>,
    /// Whether the first proposition was true.
    pub positive: bool,
}

/// A weight with its truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled {
    /// log10 of the likelihood ratio.
    pub log10_lr: f64,
    /// Whether the first proposition is true.
    pub positive: bool,
}

/// What weights cost: Cllr, from whoever has it (`cellsweep-model`). It is asked only with both truths among the cases;
/// a value that is no number counts against the method.
pub type Cost<'a> = &'a dyn Fn(&[Labelled]) -> f64;

/// What resampling takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// How often.
    pub draws: usize,
    /// From which seed.
    pub seed: u64,
}

/// A period's cost, beside the period that the method was checked on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Drift {
    /// Cllr then: 0 is perfect, 1 is what saying nothing costs.
    pub reference: Interval,
    /// Cllr now.
    pub now: Interval,
    /// Now less then.
    pub change: Interval,
    /// Whether the interval of the change lies wholly over 0: then the weights should be fitted anew.
    pub worse: bool,
}

/// What a finding carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Carries {
    /// Its source.
    pub source: Box<str>,
    /// How much Cllr rises without it. Below 0: the method is better off without. Findings that say the same share
    /// what they carry, and neither shows it alone.
    pub rise: Interval,
    /// Cases that have it.
    pub cases: usize,
}

/// People of one class who are not inside, and how many of their handsets were listed all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Neighbours, officers, visitors, lawyers, …
    pub name: Box<str>,
    /// Handsets of theirs that could have been listed.
    pub handsets: u64,
    /// Listed in error.
    pub listed: u64,
}

/// A class's false listings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FalseListing {
    /// The class.
    pub name: Box<str>,
    /// Handsets.
    pub handsets: u64,
    /// Listed in error.
    pub listed: u64,
    /// Their share, by Wilson's interval.
    pub share: Interval,
    /// That share less the other classes', by Newcombe's hybrid score interval (1998, method 10).
    pub over_the_others: Interval,
    /// What may be said.
    pub burden: Burden,
}

/// Whether a class bears more errors than the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Burden {
    /// More than the others, and more than chance, each class asked at its part of 5 % (Bonferroni).
    More,
    /// Fewer, likewise.
    Fewer,
    /// Neither is shown.
    NotShown,
    /// Too few handsets to say.
    CantTell,
}

const LEAST_OF_EACH: f64 = 20.0;
const LEAST_HANDSETS: u64 = 20;

/// Whether weights have come to cost more. Intervals by resampling the cases of each truth.
///
/// # Errors
/// With fewer than twenty cases of each truth in either period.
pub fn drift(reference: &[Judged], now: &[Judged], cost: Cost<'_>, resampling: Resampling) -> Result<Drift, CantTell> {
    let (reference, now) = (labelled(reference, None), labelled(now, None));
    enough(&reference)?;
    enough(&now)?;
    let mut stream = Draws::new(resampling.seed);
    let pairs: Vec<(f64, f64)> = (0..resampling.draws)
        .map(|_| (cost(&resample(&reference, &mut stream)), cost(&resample(&now, &mut stream))))
        .collect();
    let (then_cost, now_cost) = (cost(&reference), cost(&now));
    let change = percentiles(now_cost - then_cost, pairs.iter().map(|(then, now)| now - then).collect());
    Ok(Drift {
        reference: percentiles(then_cost, pairs.iter().map(|pair| pair.0).collect()),
        now: percentiles(now_cost, pairs.iter().map(|pair| pair.1).collect()),
        worse: change.low > 0.0,
        change,
    })
}

/// What each source carries, by its name.
///
/// # Errors
/// With fewer than twenty cases of each truth.
pub fn carries(cases: &[Judged], cost: Cost<'_>, resampling: Resampling) -> Result<Vec<Carries>, CantTell> {
    let with = labelled(cases, None);
    enough(&with)?;
    let mut sources: Vec<&str> = cases.iter().flat_map(|case| &case.findings).map(|(source, _)| &**source).collect();
    sources.sort_unstable();
    sources.dedup();
    Ok(sources.into_iter().map(|source| one(cases, &with, source, cost, resampling)).collect())
}

fn one(cases: &[Judged], with: &[Labelled], source: &str, cost: Cost<'_>, resampling: Resampling) -> Carries {
    let without = labelled(cases, Some(source));
    let mut stream = Draws::new(resampling.seed);
    let rise = |picked: &[usize]| {
        let pick = |from: &[Labelled]| picked.iter().map(|&index| from[index]).collect::<Vec<_>>();
        cost(&pick(&without)) - cost(&pick(with))
    };
    let rises = (0..resampling.draws).map(|_| rise(&indices(with, &mut stream))).collect();
    let has = |case: &&Judged| case.findings.iter().any(|(other, _)| &**other == source);
    Carries {
        source: source.into(),
        rise: percentiles(cost(&without) - cost(with), rises),
        cases: cases.iter().filter(has).count(),
    }
}

fn labelled(cases: &[Judged], without: Option<&str>) -> Vec<Labelled> {
    let weight = |case: &Judged| {
        let kept = case.findings.iter().filter(|(source, _)| Some(&**source) != without);
        Labelled { log10_lr: kept.map(|(_, weight)| weight).sum(), positive: case.positive }
    };
    cases.iter().map(weight).collect()
}

fn enough(cases: &[Labelled]) -> Result<(), CantTell> {
    let positives = cases.iter().filter(|case| case.positive).count();
    let least = positives.min(cases.len() - positives) as f64;
    CantTell::unless_enough([Needed::new(Shortage::OfEachTruth, least, LEAST_OF_EACH)])
}

fn resample(cases: &[Labelled], stream: &mut Draws) -> Vec<Labelled> {
    indices(cases, stream).into_iter().map(|index| cases[index]).collect()
}

/// As many cases of each truth, drawn with replacement.
fn indices(cases: &[Labelled], stream: &mut Draws) -> Vec<usize> {
    let of = |positive: bool| (0..cases.len()).filter(move |&index| cases[index].positive == positive);
    let mut drawn = Vec::with_capacity(cases.len());
    for of_truth in [of(true).collect::<Vec<_>>(), of(false).collect()] {
        drawn.extend(stream.resample(of_truth.len()).into_iter().map(|index| of_truth[index]));
    }
    drawn
}

fn percentiles(value: f64, mut draws: Vec<f64>) -> Interval {
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws.get(((draws.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(value);
    Interval { value, low: at(0.025).min(value), high: at(0.975).max(value), level: 0.95 }
}

/// Whom the method lists in error, class by class.
pub fn false_listings(classes: &[Class]) -> Vec<FalseListing> {
    let all: (u64, u64) = classes.iter().fold((0, 0), |sum, class| (sum.0 + class.listed, sum.1 + class.handsets));
    let level = 1.0 - 0.05 / classes.len().max(1) as f64;
    let row = |class: &Class| {
        let others = (all.0 - class.listed, all.1 - class.handsets);
        let over = newcombe((class.listed, class.handsets), others, level);
        FalseListing {
            name: class.name.clone(),
            handsets: class.handsets,
            listed: class.listed,
            share: wilson(class.listed, class.handsets, 0.95),
            over_the_others: over,
            burden: burden(class.handsets.min(others.1), &over),
        }
    };
    classes.iter().filter(|class| class.handsets > 0 && all.1 > class.handsets).map(row).collect()
}

fn burden(handsets: u64, over: &Interval) -> Burden {
    if handsets < LEAST_HANDSETS {
        Burden::CantTell
    } else if over.low > 0.0 {
        Burden::More
    } else if over.high < 0.0 {
        Burden::Fewer
    } else {
        Burden::NotShown
    }
}

/// The difference of two shares from their Wilson intervals.
pub fn newcombe(one: (u64, u64), other: (u64, u64), level: f64) -> Interval {
    let (a, b) = (wilson(one.0, one.1, level), wilson(other.0, other.1, level));
    let half = |from: f64, to: f64| (from * from + to * to).sqrt();
    let value = a.value - b.value;
    Interval {
        value,
        low: value - half(a.value - a.low, b.high - b.value),
        high: value + half(a.high - a.value, b.value - b.low),
        level,
    }
}
