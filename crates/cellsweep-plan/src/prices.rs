//! What each limit costs, and the trade-off curves: the same problem solved again with a little more.

use cellsweep_model::FacilityId;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::curve::Curve;
use crate::nation::{Table, allocate};
use crate::problem::{Caps, Problem, Team};
use crate::solve::{Solver, day, last_slope};

/// A limit that could be a little wider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum PriceOf {
    /// Cells in the country.
    Cells {
        /// How many more.
        more: usize,
    },
    /// Facilities.
    Facilities {
        /// How many more.
        more: usize,
    },
    /// Teams in a facility.
    Team {
        /// Which.
        facility: FacilityId,
    },
    /// Cells in a facility.
    FacilityCells {
        /// Which.
        facility: FacilityId,
        /// How many more.
        more: usize,
    },
    /// Waves everywhere.
    Wave,
}

/// What a wider limit would bring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Which limit.
    #[serde(flatten)]
    pub of: PriceOf,
    /// How much more, in the objective's unit.
    pub brings: f64,
}

/// A point of a trade-off curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// The cap.
    pub cap: usize,
    /// What the best plan under it brings, in the objective's unit.
    pub value: f64,
}

/// More of a national cap than this is not asked for at once.
const MORE_CELLS: usize = 10;

impl Solver<'_> {
    /// What wider limits would bring, the dearest first.
    pub fn prices(&self) -> Vec<Price> {
        prices(self.problem, &self.curves)
    }

    /// What the best plan brings with more and fewer cells.
    pub fn by_cells(&self, caps: &[usize]) -> Vec<CurvePoint> {
        let facilities = self.problem.caps.facilities;
        points(&self.curves, caps, |cells| Caps { cells, facilities })
    }

    /// What the best plan brings with more and fewer facilities.
    pub fn by_facilities(&self, caps: &[usize]) -> Vec<CurvePoint> {
        let cells = self.problem.caps.cells;
        points(&self.curves, caps, |facilities| Caps { cells, facilities })
    }
}

fn prices(problem: &Problem, curves: &[Curve]) -> Vec<Price> {
    let Some(now) = allocate(curves, problem.caps) else { return Vec::new() };
    let with = |caps: Caps| allocate(curves, caps).map_or(0.0, |more| more.value - now.value);
    let Caps { cells, facilities } = problem.caps;
    let mut prices = vec![
        Price { of: PriceOf::Cells { more: MORE_CELLS }, brings: with(Caps { cells: cells + MORE_CELLS, facilities }) },
        Price { of: PriceOf::Facilities { more: 1 }, brings: with(Caps { cells, facilities: facilities + 1 }) },
    ];
    let open: Vec<usize> = (0..curves.len()).filter(|site| now.cells[*site].is_some()).collect();
    let slope = last_slope(curves, &now.cells);
    let local: Vec<Price> = open.par_iter().flat_map(|site| of_site(problem, curves, *site, slope)).collect();
    prices.extend(local);
    prices.extend(one_wave_more(problem, now.value));
    prices.retain(|price| price.brings > 1e-6);
    prices.sort_by(|a, b| b.brings.total_cmp(&a.brings));
    prices
}

/// A facility's limits: what its better curve brings at the country's price of a cell.
fn of_site(problem: &Problem, curves: &[Curve], site: usize, slope: f64) -> Vec<Price> {
    let net = |curve: &Curve| {
        let points = curve.value.iter().enumerate().map(|(cells, value)| value - slope * cells as f64);
        points.fold(f64::NEG_INFINITY, f64::max)
    };
    let now = net(&curves[site]);
    let facility = &problem.sites[site].facility;
    let mut prices = Vec::new();
    if problem.wave_minutes.is_some()
        && let Some(team) = problem.sites[site].teams.first()
    {
        let mut changed = problem.sites[site].clone();
        changed.teams.push(Team { name: String::new(), ..team.clone() });
        let better = net(&Curve::plans_of(&crate::fill::Day { site: &changed, ..day(problem, site) }));
        prices.push(Price { of: PriceOf::Team { facility: facility.clone() }, brings: better - now });
    }
    if problem.sites[site].most_cells < problem.sites[site].targets.len() {
        let mut changed = problem.sites[site].clone();
        changed.most_cells += 1;
        let better = net(&Curve::plans_of(&crate::fill::Day { site: &changed, ..day(problem, site) }));
        let of = PriceOf::FacilityCells { facility: facility.clone(), more: 1 };
        prices.push(Price { of, brings: better - now });
    }
    prices
}

fn one_wave_more(problem: &Problem, now: f64) -> Option<Price> {
    problem.wave_minutes?;
    let (&last, before) = problem.left.split_last()?;
    let ratio = before.last().map_or(1.0, |before| last / before);
    let mut more = problem.clone();
    more.left.push(last * ratio);
    let end = problem.left.len() as u16;
    for team in more.sites.iter_mut().flat_map(|site| &mut site.teams) {
        team.to_wave += u16::from(team.to_wave == end);
    }
    let sites = (0..more.sites.len()).into_par_iter();
    let curves: Vec<Curve> = sites.map(|site| Curve::plans_of(&day(&more, site))).collect();
    let value = allocate(&curves, more.caps)?.value;
    Some(Price { of: PriceOf::Wave, brings: value - now })
}

/// One table says it for every cap; where it would be too large, each is solved by itself.
fn points(curves: &[Curve], caps: &[usize], of: impl Fn(usize) -> Caps) -> Vec<CurvePoint> {
    let most = of(caps.iter().copied().max().unwrap_or_default());
    let small = curves.iter().map(|curve| curve.most() + 1).sum::<usize>() * (most.cells + 1) * (most.facilities + 1);
    let table = (small < 300_000_000).then(|| Table::of(curves, most, |curve| &curve.value));
    let value = |cap: usize| match &table {
        Some(table) => Some(table.best(of(cap))),
        None => allocate(curves, of(cap)).map(|found| found.value),
    };
    let points = caps.iter().filter_map(|&cap| Some(CurvePoint { cap, value: value(cap)? }));
    points.filter(|point| point.value.is_finite()).collect()
}
