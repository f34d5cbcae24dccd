//! From the problem to the plan that finds the most, and how close to the best possible it is.

use rayon::prelude::*;

use crate::curve::{Curve, layout};
use crate::fill::{Day, Laid};
use crate::nation::{Allocation, allocate};
use crate::problem::Problem;

/// A search of the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chosen {
    /// Position among the problem's facilities.
    pub site: usize,
    /// Position among the facility's targets.
    pub target: usize,
    /// Position among the target's tools.
    pub tool: usize,
    /// Position among the facility's teams.
    pub team: usize,
    /// From 0.
    pub wave: usize,
    /// Minutes after the wave began.
    pub after: u32,
    /// Drawn by lot, so that the method's own hit rate can be judged.
    pub control: bool,
}

/// A plan with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// By facility, wave, team and time.
    pub chosen: Vec<Chosen>,
    /// What it brings without the cells drawn by lot, in the objective's unit, opening costs taken off.
    pub value: f64,
    /// What no plan within the limits exceeds.
    pub bound: f64,
}

impl Solution {
    /// How far it may be from the best, as a share of the bound.
    pub fn gap(&self) -> f64 {
        if self.bound > 0.0 { ((self.bound - self.value) / self.bound).max(0.0) } else { 0.0 }
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanError {
    /// What must be searched can't all be searched within the limits; [`crate::conflict`] says why.
    Conflict,
}

pub(crate) fn day(problem: &Problem, site: usize) -> Day<'_> {
    Day { site: &problem.sites[site], left: &problem.left, wave_minutes: problem.wave_minutes }
}

/// A problem with each facility's curve, from which plans and prices are read.
#[derive(Debug, Clone)]
pub struct Solver<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) curves: Vec<Curve>,
    /// The prices of a cell around which the curves are drawn more closely.
    closer: Vec<f64>,
}

/// Around what the last cell brings.
const CLOSER: [f64; 7] = [0.7, 0.85, 0.95, 1.0, 1.05, 1.15, 1.4];

impl<'a> Solver<'a> {
    /// Draws the curves.
    pub fn new(problem: &'a Problem) -> Self {
        let curves = (0..problem.sites.len()).into_par_iter().map(|site| Curve::of(&day(problem, site))).collect();
        let mut solver = Self { problem, curves, closer: Vec::new() };
        solver.draw_closer();
        solver
    }

    /// What is solved.
    pub const fn problem(&self) -> &Problem {
        self.problem
    }

    fn draw_closer(&mut self) {
        if self.curves.iter().all(|curve| curve.value == curve.upper) {
            return;
        }
        let Some(first) = allocate(&self.curves, self.problem.caps) else { return };
        let slope = last_slope(&self.curves, &first.cells);
        self.closer = CLOSER.iter().map(|share| share * slope).collect();
        let closer = &self.closer;
        let (problem, curves) = (self.problem, self.curves.par_iter().enumerate());
        self.curves = curves.map(|(site, curve)| curve.closer(&day(problem, site), closer)).collect();
    }

    /// Plans: the same problem gives the same plan on any number of threads. `controls` cells of the
    /// cap are drawn by lot from `seed`.
    ///
    /// # Errors
    /// When what must be searched can't be.
    pub fn solve(&self, controls: usize, seed: u64) -> Result<Solution, PlanError> {
        plan(self, controls, seed)
    }
}

/// What the last cell brought: the price of a cell in the country.
pub(crate) fn last_slope(curves: &[Curve], cells: &[Option<usize>]) -> f64 {
    let last = cells.iter().zip(curves).filter_map(|(cells, curve)| {
        let cells = (*cells)?.checked_sub(1)?;
        Some(curve.value[cells + 1] - curve.value[cells]).filter(|slope| slope.is_finite() && *slope > 0.0)
    });
    // The very last is often one that nothing else was left for: the tenth part from below.
    let mut slopes: Vec<f64> = last.collect();
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 10).copied().unwrap_or(0.0)
}

fn plan(solver: &Solver<'_>, controls: usize, seed: u64) -> Result<Solution, PlanError> {
    let (problem, curves) = (solver.problem, &solver.curves);
    let mut caps = problem.caps;
    caps.cells = caps.cells.saturating_sub(controls);
    let allocation = allocate(curves, caps).ok_or(PlanError::Conflict)?;
    let mut plan = lay(solver, &allocation);
    let drawn = crate::solve::controls::draw(problem, &mut plan, controls, seed);
    let opened = |(site, laid): (usize, &Vec<Laid>)| (!laid.is_empty()).then(|| problem.sites[site].opening_cost);
    let costs: f64 = plan.iter().enumerate().filter_map(opened).sum();
    let of_plan =
        |(site, search): (usize, &Laid)| if drawn.contains(&(site, search.target)) { 0.0 } else { search.value };
    let searches = plan.iter().enumerate().flat_map(|(site, laid)| laid.iter().map(move |search| (site, search)));
    let value = searches.map(of_plan).sum::<f64>() - costs;
    let mut chosen = Vec::new();
    for (site, laid) in plan.into_iter().enumerate() {
        chosen.extend(laid.into_iter().map(|search| Chosen {
            site,
            target: search.target,
            tool: search.tool,
            team: search.team,
            wave: search.wave,
            after: search.after,
            control: drawn.contains(&(site, search.target)),
        }));
    }
    chosen.sort_by_key(|search| (search.site, search.wave, search.after, search.team, search.target));
    Ok(Solution { chosen, value, bound: allocation.bound.max(value) })
}

fn lay(solver: &Solver<'_>, allocation: &Allocation) -> Vec<Vec<Laid>> {
    let of = |(site, cells): (usize, &Option<usize>)| {
        cells.map(|cells| layout(&day(solver.problem, site), cells, &solver.closer))
    };
    allocation.cells.par_iter().enumerate().map(|pair| of(pair).unwrap_or_default()).collect()
}

/// Cells drawn by lot.
mod controls {
    use std::collections::BTreeSet;

    use super::{Laid, Problem, day};

    /// Adds cells drawn by lot to facilities that open anyway, while there is room.
    pub fn draw(problem: &Problem, plan: &mut [Vec<Laid>], count: usize, seed: u64) -> BTreeSet<(usize, usize)> {
        let mut drawn = BTreeSet::new();
        let mut lots: Vec<(u64, usize, usize)> = Vec::new();
        for (site, laid) in plan.iter().enumerate().filter(|(_, laid)| !laid.is_empty()) {
            for (target, known) in problem.sites[site].targets.iter().enumerate() {
                if known.counts() && !laid.iter().any(|search| search.target == target) {
                    lots.push((lot(seed, problem.sites[site].facility.as_str(), &known.kind), site, target));
                }
            }
        }
        lots.sort_unstable();
        let planned: usize = plan.iter().enumerate().map(|(site, laid)| cells(problem, site, laid)).sum();
        let room = problem.caps.cells.saturating_sub(planned);
        for (_, site, target) in if count == 0 { Vec::new() } else { lots } {
            if drawn.len() >= count.min(room) {
                break;
            }
            let full = cells(problem, site, &plan[site]) >= problem.sites[site].most_cells;
            let mut targets: Vec<usize> = plan[site].iter().map(|search| search.target).collect();
            targets.push(target);
            if let Some(laid) = day(problem, site).lay_all(&targets).filter(|_| !full) {
                plan[site] = laid;
                drawn.insert((site, target));
            }
        }
        drawn
    }

    fn cells(problem: &Problem, site: usize, laid: &[Laid]) -> usize {
        laid.iter().filter(|search| problem.sites[site].targets[search.target].counts()).count()
    }

    /// A lot that depends on the seed and the cell's name alone (FNV-1a, then `SplitMix64`'s mixing).
    fn lot(seed: u64, facility: &str, kind: &crate::TargetKind) -> u64 {
        let name = match kind {
            crate::TargetKind::Cell(cell) => cell.as_str(),
            _ => "",
        };
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in facility.bytes().chain([0]).chain(name.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }
}
