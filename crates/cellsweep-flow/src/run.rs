//! What a trace left, in a few figures.

use std::collections::BTreeMap;

use cellsweep_model::calibration::Basis;
use cellsweep_model::case::Run;
use cellsweep_trace::{Ask, ClockSlip, Elsewhere, Suggestion, TableDoubt, Traced};
use serde::{Deserialize, Serialize};

use crate::Stage;

/// What a trace left.
#[derive(Debug, Clone, Serialize)]
pub struct TraceSummary {
    /// The run's name in the case.
    pub run: String,
    /// Rows of devices.
    pub devices: usize,
    /// Rows with a probability over one half.
    pub likely: usize,
    /// Phones to be expected in each facility: the sum of its rows' probabilities.
    pub expected: BTreeMap<String, f64>,
    /// Share of the daily profiles of which no more was decoded than handset and sector: those of
    /// handsets that were never near a facility.
    pub spared: f64,
    /// What the whole trace rests on.
    #[serde(flatten)]
    pub facts: TraceFacts,
    /// What its parts took.
    pub stages: Vec<Stage>,
}

/// What the whole trace rests on, kept beside its devices.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TraceFacts {
    /// The expected share of listed rows that are right: the prior that weights are relative to.
    pub prior: f64,
    /// The method's version.
    pub method: String,
    /// Handsets that were heard at facilities' sectors.
    pub candidates: u64,
    /// What would settle the open cases.
    #[serde(default)]
    pub asks: Vec<Ask>,
    /// Makes that the catalogue should know.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// Stretches in which an operator's clock seems to have been off.
    #[serde(default)]
    pub clock_slips: Vec<ClockSlip>,
    /// Sectors that the table lacks or has wrong, and where they were taken to stand.
    #[serde(default)]
    pub table_doubts: Vec<TableDoubt>,
    /// What is known of how good the weights are; `None` in runs of earlier versions.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// Whether absence elsewhere was evidence: operators were asked for more than the facilities'
    /// sectors.
    #[serde(default = "yes")]
    pub asked_elsewhere: bool,
    /// Whether it was so for those handsets only that operators were asked for by name.
    #[serde(default)]
    pub asked_by_name: bool,
}

/// What runs of earlier versions took for granted.
const fn yes() -> bool {
    true
}

impl TraceFacts {
    pub(crate) const FILE: &'static str = "trace.json";

    pub(crate) fn of(traced: &Traced) -> Self {
        Self {
            prior: traced.prior,
            method: traced.method.clone(),
            candidates: traced.candidates,
            asks: traced.asks.clone(),
            suggestions: traced.suggestions.clone(),
            clock_slips: traced.clock_slips.clone(),
            table_doubts: traced.table_doubts.clone(),
            basis: Some(traced.basis),
            asked_elsewhere: traced.elsewhere != Elsewhere::None,
            asked_by_name: traced.elsewhere == Elsewhere::Named,
        }
    }
}

impl TraceSummary {
    pub(crate) fn new(run: Run, traced: &Traced, spared: f64, stages: Vec<Stage>) -> Self {
        let mut expected = BTreeMap::new();
        for device in &traced.devices {
            *expected.entry(device.facility.to_string()).or_default() += device.probability;
        }
        let likely = traced.devices.iter().filter(|device| device.probability > 0.5).count();
        let facts = TraceFacts::of(traced);
        Self { run: run.id, devices: traced.devices.len(), likely, expected, spared, facts, stages }
    }
}
