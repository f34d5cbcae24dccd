//! Group-time average effects with staggered starts, by Callaway and Sant'Anna ("Difference-in-differences with
//! multiple time periods", Journal of Econometrics 225, 2021), without covariates: eq. 2.8 and 2.9 with their sample
//! means, aggregation by §3, standard errors from influence functions (§4.1) clustered by facility, or the multiplier
//! bootstrap (algorithm 1).
//!
//! Never two-way fixed effects: there units already treated serve as controls, and effects that grow turn against
//! themselves (Goodman-Bacon 2021).
//!
//! These standard errors hold with many treated facilities. With few they are too small, whatever the number of
//! controls (Conley and Taber 2011), so [`Estimate::interval`] refuses under [`LEAST_CLUSTERS`]; what there is then
//! is [`crate::jamming`], where the comparison of the two is measured.

mod aggregate;
mod bootstrap;

pub use aggregate::{Estimate, LEAST_CLUSTERS};

use serde::Serialize;

/// When a unit's treatment starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Start {
    /// Never, as far as it was observed.
    Never,
    /// With this period, counted from 0. A unit treated from period 0 on is left out: nothing comes before.
    At(usize),
}

/// Who is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Controls {
    /// Units that are never treated.
    Never,
    /// Those, and units whose treatment has not begun yet.
    NotYet,
}

/// A balanced panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// A row a unit, a value a period; all rows of one length.
    pub outcome: Vec<Vec<f64>>,
    /// When each unit's treatment starts.
    pub start: Vec<Start>,
    /// Each unit's facility, as a number of the caller's.
    pub cluster: Vec<usize>,
}

/// The effect on a group (the units that start together) in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The period in which the group starts.
    pub group: usize,
    /// The period.
    pub time: usize,
    /// The average effect on the treated.
    pub effect: f64,
    /// Each unit's influence on it.
    pub influence: Vec<f64>,
}

/// All group-time effects, with what aggregating them takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTimes {
    /// By group, then by period. Before its start a group is compared with the period before (a placebo).
    pub cells: Vec<Cell>,
    start: Vec<Start>,
    cluster: Vec<usize>,
}

impl Rows {
    /// The group-time effects; those without any control unit are left out.
    pub fn group_times(&self, controls: Controls) -> GroupTimes {
        let rows = self.without_always_treated();
        let periods = rows.outcome.first().map_or(0, Vec::len);
        let mut groups: Vec<usize> = rows.start.iter().filter_map(|start| start.at()).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut cells = Vec::new();
        for group in groups {
            cells.extend((1..periods).filter_map(|time| rows.cell(group, time, controls)));
        }
        GroupTimes { cells, start: rows.start, cluster: rows.cluster }
    }

    fn without_always_treated(&self) -> Self {
        let kept: Vec<usize> = (0..self.start.len()).filter(|&unit| self.start[unit] != Start::At(0)).collect();
        Self {
            outcome: kept.iter().map(|&unit| self.outcome[unit].clone()).collect(),
            start: kept.iter().map(|&unit| self.start[unit]).collect(),
            cluster: kept.iter().map(|&unit| self.cluster[unit]).collect(),
        }
    }

    fn cell(&self, group: usize, time: usize, controls: Controls) -> Option<Cell> {
        let base = if time >= group { group - 1 } else { time - 1 };
        let change = |unit: usize| self.outcome[unit][time] - self.outcome[unit][base];
        let is_control = |start: Start| match (start, controls) {
            (Start::Never, _) => true,
            (Start::At(_), Controls::Never) => false,
            (Start::At(at), Controls::NotYet) => at != group && at > time.max(base),
        };
        let units = 0..self.start.len();
        let treated: Vec<usize> = units.clone().filter(|&unit| self.start[unit] == Start::At(group)).collect();
        let compared: Vec<usize> = units.filter(|&unit| is_control(self.start[unit])).collect();
        if compared.is_empty() {
            return None;
        }
        let (mean, compared_mean) = (mean_of(&treated, change), mean_of(&compared, change));
        let all = self.start.len() as f64;
        let mut influence = vec![0.0; self.start.len()];
        for &unit in &treated {
            influence[unit] = all / treated.len() as f64 * (change(unit) - mean);
        }
        for &unit in &compared {
            influence[unit] = -all / compared.len() as f64 * (change(unit) - compared_mean);
        }
        Some(Cell { group, time, effect: mean - compared_mean, influence })
    }
}

impl Start {
    fn at(self) -> Option<usize> {
        match self {
            Start::Never => None,
            Start::At(period) => Some(period),
        }
    }
}

fn mean_of(units: &[usize], value: impl Fn(usize) -> f64) -> f64 {
    units.iter().map(|&unit| value(unit)).sum::<f64>() / units.len() as f64
}
