//! The country: which facilities open and how many cells each gets, with a bound.

use crate::curve::Curve;
use crate::problem::Caps;

/// Beyond so many steps the exact way is left for the one by prices.
const AFFORDABLE: u64 = 900_000_000;

/// Cells for each facility; `None` = it stays shut.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Allocation {
    /// By facility.
    pub cells: Vec<Option<usize>>,
    /// What it brings, opening costs taken off.
    pub value: f64,
    /// What no allocation exceeds.
    pub bound: f64,
}

/// The best allocation that was found, and its bound; `None` where the musts can't all be met.
pub(crate) fn allocate(curves: &[Curve], caps: Caps) -> Option<Allocation> {
    let caps = useful(curves, caps);
    if steps(curves, caps) <= AFFORDABLE {
        return exact(curves, caps);
    }
    by_prices(curves, caps)
}

/// Caps beyond which nothing more can be done.
fn useful(curves: &[Curve], caps: Caps) -> Caps {
    let cells: usize = curves.iter().map(Curve::most).sum();
    Caps { cells: caps.cells.min(cells), facilities: caps.facilities.min(curves.len()) }
}

fn steps(curves: &[Curve], caps: Caps) -> u64 {
    let points: usize = curves.iter().map(|curve| curve.most().min(caps.cells) + 1).sum();
    points as u64 * (caps.cells as u64 + 1) * (caps.facilities as u64 + 1)
}

fn exact(curves: &[Curve], caps: Caps) -> Option<Allocation> {
    let table = Table::of(curves, caps, |curve| &curve.value);
    let value = table.best(caps);
    if value == f64::NEG_INFINITY {
        return None;
    }
    let same = curves.iter().all(|curve| curve.value == curve.upper);
    let bound = if same { value } else { Table::of(curves, caps, |curve| &curve.upper).best(caps).max(value) };
    Some(Allocation { cells: table.cells(curves, caps), value, bound })
}

/// For every cap on facilities and cells up to the given, what the best allocation brings.
pub(crate) struct Table {
    caps: Caps,
    best: Vec<f64>,
    /// For each facility, the cells it gets in the best allocation of those up to it: 0 = shut.
    chosen: Vec<Vec<u16>>,
}

impl Table {
    /// Facility after facility (Bellman 1957): open it with so many cells, or not.
    pub fn of(curves: &[Curve], caps: Caps, points: impl Fn(&Curve) -> &Vec<f64>) -> Self {
        let caps = useful(curves, caps);
        let mut best = vec![0.0; (caps.facilities + 1) * (caps.cells + 1)];
        let mut chosen = Vec::with_capacity(curves.len());
        for curve in curves {
            chosen.push(step(&mut best, caps, points(curve), curve));
        }
        Self { caps, best, chosen }
    }

    fn at(&self, caps: Caps) -> usize {
        caps.facilities.min(self.caps.facilities) * (self.caps.cells + 1) + caps.cells.min(self.caps.cells)
    }

    /// The best at these caps.
    pub fn best(&self, caps: Caps) -> f64 {
        self.best[self.at(caps)]
    }

    /// Its allocation.
    pub fn cells(&self, curves: &[Curve], caps: Caps) -> Vec<Option<usize>> {
        let mut left =
            Caps { cells: caps.cells.min(self.caps.cells), facilities: caps.facilities.min(self.caps.facilities) };
        let mut cells = vec![None; curves.len()];
        for index in (0..curves.len()).rev() {
            let chosen = usize::from(self.chosen[index][self.at(left)]);
            if let Some(count) = chosen.checked_sub(1) {
                cells[index] = Some(count);
                left = Caps { cells: left.cells - count, facilities: left.facilities - 1 };
            }
        }
        cells
    }
}

fn step(best: &mut [f64], caps: Caps, points: &[f64], curve: &Curve) -> Vec<u16> {
    let width = caps.cells + 1;
    let mut chosen = vec![0_u16; best.len()];
    // From many facilities to few, so that what is read is still without this one.
    for facilities in (0..=caps.facilities).rev() {
        let (below, here) = best.split_at_mut(facilities * width);
        let here = &mut here[..width];
        if curve.forced {
            here.fill(f64::NEG_INFINITY);
        }
        let Some(before) = facilities.checked_sub(1).map(|less| &below[less * width..]) else { continue };
        let chosen = &mut chosen[facilities * width..(facilities + 1) * width];
        for (cells, value) in points.iter().enumerate().take(width) {
            if !value.is_finite() {
                continue;
            }
            let net = value - curve.cost;
            let code = u16::try_from(cells + 1).unwrap_or(u16::MAX);
            let targets = here[cells..].iter_mut().zip(&mut chosen[cells..]);
            for ((known, choice), without) in targets.zip(before) {
                if without + net > *known {
                    *known = without + net;
                    *choice = code;
                }
            }
        }
    }
    chosen
}

/// A price of cells at which about as many are taken as may be; what is over is given to whom it
/// helps most.
fn by_prices(curves: &[Curve], caps: Caps) -> Option<Allocation> {
    let forced: usize = curves.iter().filter(|curve| curve.forced).count();
    if forced > caps.facilities || curves.iter().any(|curve| curve.forced && !curve.feasible()) {
        return None;
    }
    let mut bound = f64::INFINITY;
    let (mut low, mut high) = (0.0, curves.iter().map(steepest).fold(0.0, f64::max));
    let mut best: Option<Allocation> = None;
    for _ in 0..60 {
        let price = 0.5 * (low + high);
        bound = bound.min(upper_at(curves, caps, price));
        let open = open_at(curves, caps, price);
        let taken: usize = open.iter().flatten().sum();
        if let Some(found) = spend(curves, caps, &open)
            && best.as_ref().is_none_or(|best| found.value > best.value)
        {
            best = Some(found);
        }
        if taken > caps.cells { low = price } else { high = price }
    }
    bound = bound.min(upper_at(curves, caps, 0.0));
    best.map(|best| Allocation { bound: bound.max(best.value), ..best })
}

fn steepest(curve: &Curve) -> f64 {
    let finite = curve.value.iter().copied().filter(|value| value.is_finite());
    finite.fold(0.0, f64::max)
}

/// The best number of cells at a price, and what it brings after paying.
fn at_price(points: &[f64], cost: f64, price: f64) -> (usize, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for (cells, value) in points.iter().enumerate() {
        let net = value - price * cells as f64 - cost;
        if net > best.1 {
            best = (cells, net);
        }
    }
    best
}

fn upper_at(curves: &[Curve], caps: Caps, price: f64) -> f64 {
    let mut sum = price * caps.cells as f64;
    let mut free = Vec::new();
    let mut places = caps.facilities;
    for curve in curves {
        let (_, net) = at_price(&curve.upper, curve.cost, price);
        if curve.forced {
            sum += net;
            places = places.saturating_sub(1);
        } else {
            free.push(net);
        }
    }
    free.sort_by(|a, b| b.total_cmp(a));
    sum + free.iter().take(places).filter(|net| **net > 0.0).sum::<f64>()
}

fn open_at(curves: &[Curve], caps: Caps, price: f64) -> Vec<Option<usize>> {
    let mut ranked: Vec<(bool, f64, usize, usize)> = Vec::new();
    for (index, curve) in curves.iter().enumerate() {
        let (cells, net) = at_price(&curve.value, curve.cost, price);
        if curve.forced || net > 0.0 {
            ranked.push((curve.forced, net, index, cells));
        }
    }
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut open = vec![None; curves.len()];
    for (_, _, index, cells) in ranked.into_iter().take(caps.facilities) {
        open[index] = Some(cells);
    }
    open
}

/// Gives the cells to the open facilities, each time where one more brings most.
fn spend(curves: &[Curve], caps: Caps, open: &[Option<usize>]) -> Option<Allocation> {
    let least = |curve: &Curve| curve.value.iter().position(|value| value.is_finite());
    let mut cells: Vec<Option<usize>> = Vec::with_capacity(open.len());
    for (curve, open) in curves.iter().zip(open) {
        cells.push(if open.is_some() { Some(least(curve)?) } else { None });
    }
    let mut left = caps.cells.checked_sub(cells.iter().flatten().sum())?;
    let mut heap: std::collections::BinaryHeap<Step> = std::collections::BinaryHeap::new();
    for (index, count) in cells.iter().enumerate() {
        heap.extend(count.and_then(|count| Step::from(&curves[index], index, count)));
    }
    while let Some(step) = heap.pop() {
        let (Some(count), index) = (cells[step.index], step.index) else { continue };
        if step.cells <= left {
            left -= step.cells;
            cells[index] = Some(count + step.cells);
            heap.extend(Step::from(&curves[index], index, count + step.cells));
        }
    }
    let value = cells.iter().zip(curves).filter_map(|(count, curve)| Some(curve.value[(*count)?] - curve.cost)).sum();
    Some(Allocation { cells, value, bound: f64::INFINITY })
}

/// The steepest way on from a number of cells.
#[derive(Debug, PartialEq)]
struct Step {
    slope: f64,
    cells: usize,
    index: usize,
}

impl Step {
    fn from(curve: &Curve, index: usize, count: usize) -> Option<Self> {
        let mut best: Option<Self> = None;
        for (more, value) in curve.value[count..].iter().enumerate().skip(1) {
            let slope = (value - curve.value[count]) / more as f64;
            if slope > 0.0 && best.as_ref().is_none_or(|best| slope > best.slope) {
                best = Some(Self { slope, cells: more, index });
            }
        }
        best
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.slope.total_cmp(&other.slope).then(other.index.cmp(&self.index))
    }
}
