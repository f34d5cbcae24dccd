//! Upper bounds of a facility's curve where searches differ in length: prices on the teams' time.
//!
//! For any prices of cells and of time, the sum over targets of the best that each could bring
//! after paying them, plus the prices times what there is, is not less than any plan brings
//! (Lagrange). Lengths are measured by dual feasible functions (Fekete & Schepers 2001), which
//! know that two searches of 20 minutes don't fit into 30.

use crate::fill::Day;
use crate::problem::Target;

/// Steps towards better prices.
const STEPS: usize = 60;
/// Closer than this there is nothing to win.
const CLOSE: f64 = 0.001;

/// For each number of cells, what no plan exceeds.
pub(crate) fn curve(day: &Day<'_>, value: &[f64], prices: &[f64]) -> Vec<f64> {
    let mut upper = vec![f64::INFINITY; value.len()];
    if !value.iter().any(|value| value.is_finite()) {
        return upper;
    }
    let rounds: Vec<Option<u32>> = rounds(day);
    for &price in prices {
        // What a plan brings at this price: no upper bound is below it.
        let net = value.iter().enumerate().map(|(cells, value)| value - price * cells as f64);
        let floor = net.fold(f64::NEG_INFINITY, f64::max);
        let bounds = rounds.iter().map(|round| Dual::new(day, *round).bound(price, floor));
        let bound = bounds.fold(f64::INFINITY, f64::min);
        for (cells, upper) in upper.iter_mut().enumerate() {
            *upper = upper.min(bound + price * cells as f64);
        }
    }
    for (upper, value) in upper.iter_mut().zip(value) {
        // Rounding aside, this holds already.
        *upper = upper.max(*value);
    }
    upper
}

/// Measures to try: as it is, and by how many of the usual length fit into a wave.
fn rounds(day: &Day<'_>) -> Vec<Option<u32>> {
    let Some(wave) = day.wave_minutes else { return vec![None] };
    let mut counts: Vec<u32> =
        day.site.targets.iter().flat_map(|target| &target.tools).map(|tool| wave / tool.minutes.max(1)).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let mut rounds = vec![None];
    rounds.extend((1..=4).contains(&usual).then_some(Some(usual)));
    rounds
}

/// Places of one kind: a wave, and teams that carry the same.
struct Place {
    kit: u16,
    teams: f64,
    left: f64,
}

struct Dual<'a> {
    day: &'a Day<'a>,
    places: Vec<Place>,
    round: Option<u32>,
}

impl<'a> Dual<'a> {
    fn new(day: &'a Day<'a>, round: Option<u32>) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for (wave, left) in day.left.iter().enumerate() {
            let first = places.len();
            for team in &day.site.teams {
                if usize::from(team.from_wave) > wave || wave >= usize::from(team.to_wave) {
                    continue;
                }
                match places[first..].iter_mut().find(|place| place.kit == team.kit) {
                    Some(place) => place.teams += 1.0,
                    None => places.push(Place { kit: team.kit, teams: 1.0, left: *left }),
                }
            }
        }
        Self { day, places, round }
    }

    /// The least bound that was found, by steps against the slope (Polyak's length).
    fn bound(&self, price: f64, floor: f64) -> f64 {
        let mut time = vec![0.0; self.places.len()];
        let mut best = f64::INFINITY;
        let mut used = vec![0.0; self.places.len()];
        let mut pace = 1.0;
        for step in 0..STEPS {
            let bound = self.value(price, &time, &mut used);
            if bound < best - 1e-12 {
                best = bound;
            } else if step % 5 == 4 {
                pace *= 0.7;
            }
            let slope: Vec<f64> = self.places.iter().zip(&used).map(|(place, used)| place.teams - used).collect();
            // What is not used and costs nothing can't become cheaper.
            let norm: f64 = slope.iter().zip(&time).filter(|(s, t)| **s < 0.0 || **t > 0.0).map(|(s, _)| s * s).sum();
            if norm < 1e-12 || best - floor <= CLOSE * best.abs() {
                break;
            }
            let length = pace * (bound - floor) / norm;
            for (time, slope) in time.iter_mut().zip(&slope) {
                *time = (*time - length * slope).max(0.0);
            }
        }
        best
    }

    /// The bound at these prices; `used` is how much of each place the targets then take.
    fn value(&self, price: f64, time: &[f64], used: &mut [f64]) -> f64 {
        used.fill(0.0);
        let mut bound: f64 = self.places.iter().zip(time).map(|(place, time)| place.teams * time).sum();
        for target in &self.day.site.targets {
            let Some((net, place, size)) = self.best(target, price, time) else { continue };
            if net > 0.0 || target.must {
                bound += net;
                used[place] += size;
            }
        }
        bound
    }

    fn best(&self, target: &Target, price: f64, time: &[f64]) -> Option<(f64, usize, f64)> {
        let cost = if target.counts() { price } else { 0.0 };
        let mut best: Option<(f64, usize, f64)> = None;
        for tool in &target.tools {
            let Some(size) = self.size(tool.minutes) else { continue };
            for (index, place) in self.places.iter().enumerate() {
                if place.kit & (1 << tool.detector) == 0 {
                    continue;
                }
                let net = tool.value * place.left - time[index] * size - cost;
                if best.is_none_or(|(known, ..)| net > known) {
                    best = Some((net, index, size));
                }
            }
        }
        best
    }

    /// How much of a team's wave a search takes; `None` where it doesn't fit at all.
    fn size(&self, minutes: u32) -> Option<f64> {
        let Some(wave) = self.day.wave_minutes else { return Some(0.0) };
        if minutes > wave {
            return None;
        }
        let Some(round) = self.round else { return Some(f64::from(minutes) / f64::from(wave)) };
        let (product, whole) = (u64::from(minutes) * u64::from(round + 1), u64::from(wave));
        Some(if product % whole == 0 {
            f64::from(minutes) / f64::from(wave)
        } else {
            (product / whole) as f64 / f64::from(round)
        })
    }
}
