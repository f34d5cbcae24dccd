//! How well the method itself holds in this case: what its weights cost run by run, which finding carries how much,
//! and whom it lists in error.

mod labels;
mod shown;

use std::path::Path;

use cellsweep_assess::method::{
    Carries, Drift, FalseListing, Judged, Labelled, Resampling, carries, drift, false_listings,
};
use cellsweep_assess::say;
use cellsweep_model::calibration;
use cellsweep_model::case::Run;
use cellsweep_store::Case;
use jiff::Timestamp;
use serde::Serialize;

use self::labels::Truths;
use super::Answer;
use super::inside::asked_at;
use crate::FlowError;

const RESAMPLING: Resampling = Resampling { draws: 400, seed: 1 };

/// How well the method holds.
#[derive(Debug, Clone, Serialize)]
pub struct ModelAssessed {
    /// Where the truth comes from.
    pub truth: TruthFrom,
    /// Presence, run by run.
    pub presence: Vec<PeriodCost>,
    /// Presence of the latest run against that of the first.
    pub presence_drift: Answer<Drift>,
    /// Holders, run by run.
    pub holders: Vec<PeriodCost>,
    /// Holders, likewise.
    pub holder_drift: Answer<Drift>,
    /// What each finding of presence carries in the latest run.
    pub carries: Answer<Vec<Carries>>,
    /// Which people's handsets are listed in error, class by class.
    pub fairness: Vec<FalseListing>,
    /// The same in a sentence.
    pub fairness_said: say::Summary,
}

/// Where a truth comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TruthFrom {
    /// Finds soon after the asked time, and handsets that the administration knows.
    TheCase,
    /// A made-up world's own truth.
    TheWorld,
}

/// What a run's weights cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeriodCost {
    /// The run.
    pub run: String,
    /// The time that it was asked for.
    pub at: Timestamp,
    /// Handsets of each truth.
    pub positives: usize,
    /// Those that are not.
    pub negatives: usize,
    /// Cllr: 0 is perfect, 1 is what saying nothing costs; `None` without one of each.
    pub cllr: Option<f64>,
}

/// How well the method holds in this case; in an exercise a made-up world's truth may be opened for it.
///
/// # Errors
/// When the case has not been traced, a run or a table is not as written, or a truth is given for real data.
pub fn assess_model(case: &Case, truth: Option<&Path>) -> Result<ModelAssessed, FlowError> {
    let truths = Truths::read(case, truth)?;
    let of_step = |step: &str| case.manifest().runs().filter(|run| run.step == step).collect::<Vec<&Run>>();
    let traces = of_step(crate::trace::STEP);
    let Some(latest) = traces.last() else {
        return Err(FlowError::NotTraced { dir: case.dir().to_owned() });
    };
    let mut presence = Vec::new();
    for run in &traces {
        presence.push((*run, truths.presence(case, run)?));
    }
    let mut holders = Vec::new();
    for run in of_step(crate::attribute::STEP) {
        holders.push((run, truths.holders(case, run)?));
    }
    let now = presence.last().map_or(&[][..], |(_, judged)| judged.as_slice());
    let fairness = false_listings(&truths.classes(case, latest)?);
    let carried = carries(now, &cost, RESAMPLING);
    Ok(ModelAssessed {
        truth: truths.from(),
        presence_drift: Answer::of(drifted(&presence), say::drift),
        holder_drift: Answer::of(drifted(&holders), say::drift),
        presence: presence.iter().map(|(run, judged)| period(case, run, judged)).collect(),
        holders: holders.iter().map(|(run, judged)| period(case, run, judged)).collect(),
        carries: Answer::of(carried, |carried| say::carries(carried)),
        fairness_said: say::false_listings(&fairness),
        fairness,
    })
}

/// Cllr, which belongs to the model.
fn cost(cases: &[Labelled]) -> f64 {
    let labelled: Vec<calibration::Labelled> =
        cases.iter().map(|case| calibration::Labelled { log10_lr: case.log10_lr, positive: case.positive }).collect();
    calibration::cllr(&labelled).unwrap_or(f64::NAN)
}

/// The first run against the latest; with one run there is nothing to compare.
fn drifted(runs: &[(&Run, Vec<Judged>)]) -> Result<Drift, cellsweep_assess::CantTell> {
    let first = runs.first().filter(|_| runs.len() > 1).map_or(&[][..], |(_, judged)| judged.as_slice());
    let last = runs.last().map_or(&[][..], |(_, judged)| judged.as_slice());
    drift(first, last, &cost, RESAMPLING)
}

fn period(case: &Case, run: &Run, judged: &[Judged]) -> PeriodCost {
    let weight = |case: &Judged| Labelled {
        log10_lr: case.findings.iter().map(|(_, weight)| weight).sum(),
        positive: case.positive,
    };
    let positives = judged.iter().filter(|case| case.positive).count();
    let both = positives > 0 && positives < judged.len();
    let cllr = both.then(|| cost(&judged.iter().map(weight).collect::<Vec<_>>()));
    PeriodCost {
        run: run.id.clone(),
        at: Timestamp::from_microsecond(asked_at(case, run)).unwrap_or_default(),
        positives,
        negatives: judged.len() - positives,
        cllr,
    }
}
