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

/// What was learnt about one price of a cell.
pub(crate) struct Priced {
    /// The price.
    pub price: f64,
    /// Nothing brings more than this after paying it.
    pub bound: f64,
    /// What a whole wave of a team's time is worth, by wave and kit.
    pub time: Vec<(usize, u16, f64)>,
    /// By how many of the usual length the time of each is measured.
    rounds: Vec<Option<u32>>,
    wave_minutes: Option<u32>,
}

impl Priced {
    /// What a search brings after paying for its team's time and for the cell; `None` = it doesn't fit.
    pub fn net(&self, tool: &crate::Tool, cost: f64, left: f64, place: usize) -> Option<f64> {
        let size = size(self.wave_minutes, tool.minutes, self.rounds[place])?;
        Some(tool.value * left - self.time[place].2 * size - cost)
    }
}

/// Bounds at prices; `floors` are what plans that are known bring after paying each.
pub(crate) fn priced(day: &Day<'_>, prices: &[f64], floors: &[f64]) -> Vec<Priced> {
    let duals = [Dual::new(day, false), Dual::new(day, true)];
    let mut all = Vec::new();
    for (&price, &floor) in prices.iter().zip(floors) {
        all.extend(duals.iter().map(|dual| dual.priced(price, floor)));
    }
    all
}

/// For each number of cells, what no plan exceeds.
pub(crate) fn curve(priced: &[Priced], value: &[f64]) -> Vec<f64> {
    let mut upper = vec![f64::INFINITY; value.len()];
    for Priced { price, bound, .. } in priced {
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

/// How many of the usual searches of teams that carry this fit into a wave; `None` where that says nothing.
fn usual(day: &Day<'_>, kit: u16) -> Option<u32> {
    let wave = day.wave_minutes?;
    let tools = day.site.targets.iter().flat_map(|target| &target.tools).filter(|tool| kit & (1 << tool.detector) != 0);
    let mut counts: Vec<u32> = tools.map(|tool| wave / tool.minutes.max(1)).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().filter(|count| *count <= 6)
}

/// Places of one kind: a wave, and teams that carry the same.
struct Place {
    wave: usize,
    kit: u16,
    teams: f64,
    left: f64,
    /// By how many of the usual length its time is measured.
    round: Option<u32>,
}

struct Dual<'a> {
    day: &'a Day<'a>,
    places: Vec<Place>,
    /// Targets, what is worth most first.
    order: Vec<usize>,
}

impl<'a> Dual<'a> {
    fn new(day: &'a Day<'a>, rounded: bool) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for (wave, left) in day.left.iter().enumerate() {
            let first = places.len();
            for team in &day.site.teams {
                if usize::from(team.from_wave) > wave || wave >= usize::from(team.to_wave) {
                    continue;
                }
                match places[first..].iter_mut().find(|place| place.kit == team.kit) {
                    Some(place) => place.teams += 1.0,
                    None => {
                        let round = if rounded { usual(day, team.kit) } else { None };
                        places.push(Place { wave, kit: team.kit, teams: 1.0, left: *left, round });
                    }
                }
            }
        }
        let targets = &day.site.targets;
        let mut order: Vec<usize> = (0..targets.len()).collect();
        order.sort_by(|&a, &b| {
            targets[b].must.cmp(&targets[a].must).then(targets[b].best().total_cmp(&targets[a].best()))
        });
        Self { day, places, order }
    }

    /// The least bound that was found, by steps against the slope (Polyak's length).
    fn priced(&self, price: f64, floor: f64) -> Priced {
        let mut time = vec![0.0; self.places.len()];
        let mut best = f64::INFINITY;
        let mut at_best = time.clone();
        let mut used = vec![0.0; self.places.len()];
        let mut pace = 1.0;
        for step in 0..STEPS {
            let bound = self.value(price, &time, &mut used);
            if bound < best - 1e-12 {
                best = bound;
                at_best.clone_from(&time);
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
        Priced {
            price,
            bound: best,
            time: self.places.iter().zip(at_best).map(|(place, time)| (place.wave, place.kit, time)).collect(),
            rounds: self.places.iter().map(|place| place.round).collect(),
            wave_minutes: self.day.wave_minutes,
        }
    }

    /// The bound at these prices; `used` is how much of each place the targets then take.
    fn value(&self, price: f64, time: &[f64], used: &mut [f64]) -> f64 {
        used.fill(0.0);
        let mut bound: f64 = self.places.iter().zip(time).map(|(place, time)| place.teams * time).sum();
        for &index in &self.order {
            let target = &self.day.site.targets[index];
            if !target.must && target.best() <= if target.counts() { price } else { 0.0 } {
                if target.counts() {
                    break;
                }
                continue;
            }
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
            for (index, place) in self.places.iter().enumerate() {
                if place.kit & (1 << tool.detector) == 0 {
                    continue;
                }
                let Some(size) = size(self.day.wave_minutes, tool.minutes, place.round) else { break };
                let net = tool.value * place.left - time[index] * size - cost;
                if best.is_none_or(|(known, ..)| net > known) {
                    best = Some((net, index, size));
                }
            }
        }
        best
    }
}

/// How much of a team's wave a search takes; `None` where it doesn't fit at all.
fn size(wave_minutes: Option<u32>, minutes: u32, round: Option<u32>) -> Option<f64> {
    let Some(wave) = wave_minutes else { return Some(0.0) };
    if minutes > wave {
        return None;
    }
    let Some(round) = round else { return Some(f64::from(minutes) / f64::from(wave)) };
    let (product, whole) = (u64::from(minutes) * u64::from(round + 1), u64::from(wave));
    Some(if product % whole == 0 {
        f64::from(minutes) / f64::from(wave)
    } else {
        (product / whole) as f64 / f64::from(round)
    })
}
