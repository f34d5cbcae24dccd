//! What a facility brings with at most so many cells: what can be carried out, and an upper bound.

use crate::fill::{Day, Guide, Laid, total};
use crate::problem::Site;
use crate::upper;

/// Prices at which a facility's upper bound is drawn where searches differ in length.
const PRICES: usize = 8;
/// Counts of cells that plans are drawn for; those between go without the least cells of a larger one.
const COUNTS: usize = 24;

/// A facility's curve: position `n` is for at most `n` cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// What a plan brings, opening cost not yet taken off; negative infinity where there is none.
    pub value: Vec<f64>,
    /// What no plan exceeds.
    pub upper: Vec<f64>,
    /// What opening costs.
    pub cost: f64,
    /// Whether it has to be opened.
    pub forced: bool,
}

impl Curve {
    /// The curve of a facility; empty of plans where its musts find no room.
    pub fn of(day: &Day<'_>) -> Self {
        let site = day.site;
        let (value, upper) = if Equal::holds(day) { Equal::new(day).curve() } else { bounded(day) };
        Self { value, upper, cost: site.opening_cost, forced: site.forced() || site.opened }
    }

    /// The curve without a bound: what prices are read off.
    pub fn plans_of(day: &Day<'_>) -> Self {
        let site = day.site;
        let value = if Equal::holds(day) { Equal::new(day).curve().0 } else { mixed(day) };
        let upper = value.clone();
        Self { value, upper, cost: site.opening_cost, forced: site.forced() || site.opened }
    }

    /// The curve drawn more closely around prices that matter.
    pub fn closer(&self, day: &Day<'_>, prices: &[f64]) -> Self {
        if Equal::holds(day) || !self.feasible() {
            return self.clone();
        }
        let floors: Vec<f64> = prices.iter().map(|price| net(&self.value, *price)).collect();
        let priced = upper::priced(day, prices, &floors);
        let most = most_cells(day.site);
        let plans = priced.iter().filter_map(|priced| day.fill_priced(priced, most)).collect();
        let join =
            |a: &[f64], b: &[f64], pick: fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| pick(*a, *b)).collect();
        let value: Vec<f64> = join(&self.value, &values(day, plans), f64::max);
        let upper = join(&self.upper, &upper::curve(&priced, &value), f64::min);
        Self { value, upper, ..*self }
    }

    /// The most cells that it speaks of.
    pub fn most(&self) -> usize {
        self.value.len().saturating_sub(1)
    }

    /// Whether some plan can be carried out.
    pub fn feasible(&self) -> bool {
        self.value.iter().any(|value| value.is_finite())
    }
}

/// A plan with at most so many cells, as good as the curve says.
pub(crate) fn layout(day: &Day<'_>, cells: usize, closer: &[f64]) -> Vec<Laid> {
    if Equal::holds(day) {
        return Equal::new(day).layout(cells);
    }
    // A plan of nothing but cells that must be searched may be worth nothing, and is one all the same.
    let mut best: Option<Vec<Laid>> = None;
    let (mut all, _) = plans(day);
    let value = values(day, all.clone());
    let floors: Vec<f64> = closer.iter().map(|price| net(&value, *price)).collect();
    let priced = upper::priced(day, closer, &floors);
    all.extend(priced.iter().filter_map(|priced| day.fill_priced(priced, most_cells(day.site))));
    for laid in all {
        let laid = first(day, laid, cells);
        if best.as_ref().is_none_or(|best| total(&laid) > total(best)) {
            best = Some(laid);
        }
    }
    day.relay(best.unwrap_or_default())
}

/// The plan without its least cells.
fn first(day: &Day<'_>, mut laid: Vec<Laid>, cells: usize) -> Vec<Laid> {
    let targets = &day.site.targets;
    let rank = |search: &Laid| (!targets[search.target].counts(), targets[search.target].must);
    laid.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.value.total_cmp(&a.value)).then(a.target.cmp(&b.target)));
    let free = laid.iter().filter(|search| !targets[search.target].counts()).count();
    laid.truncate(free + cells);
    laid
}

/// Searches that all take the same share of a wave, by teams that carry the same: the best plan is
/// known. What is worth most is searched first.
struct Equal<'a> {
    day: &'a Day<'a>,
    /// Musts, then the others, the best first.
    order: Vec<usize>,
    /// Places in each wave.
    places: Vec<usize>,
}

impl<'a> Equal<'a> {
    fn holds(day: &Day<'_>) -> bool {
        let counted = day.site.targets.iter().all(crate::Target::counts);
        counted && day.one_kit() && day.equal_lengths() && day.all_carried()
    }

    fn new(day: &'a Day<'a>) -> Self {
        let targets = &day.site.targets;
        let mut order: Vec<usize> =
            (0..targets.len()).filter(|&index| targets[index].must || targets[index].best() > 0.0).collect();
        order.sort_by(|&a, &b| {
            let by_worth = targets[b].best().total_cmp(&targets[a].best());
            targets[b].must.cmp(&targets[a].must).then(by_worth).then_with(|| targets[a].kind.cmp(&targets[b].kind))
        });
        let each = day.per_wave().unwrap_or(0);
        let mut equal = Self { day, order, places: Vec::new() };
        equal.places = (0..day.left.len()).map(|wave| equal.working(wave).len().saturating_mul(each)).collect();
        equal
    }

    fn most(&self) -> usize {
        let room = self.places.iter().fold(0_usize, |sum, places| sum.saturating_add(*places));
        self.order.len().min(room).min(self.day.site.most_cells)
    }

    fn curve(&self) -> (Vec<f64>, Vec<f64>) {
        let most = self.most();
        let musts = self.day.site.musts();
        let mut values = vec![f64::NEG_INFINITY; most.max(musts.min(self.order.len())) + 1];
        if musts <= most {
            let left = self.left_by_place(most);
            for (cells, value) in values.iter_mut().enumerate().take(most + 1).skip(musts) {
                let chosen = self.sorted(cells);
                let worth = chosen.iter().zip(&left).map(|(&index, left)| self.day.site.targets[index].best() * left);
                *value = worth.sum();
            }
        }
        (values.clone(), values)
    }

    /// What is left at the time of the first, second, … search.
    fn left_by_place(&self, most: usize) -> Vec<f64> {
        let waves = self.places.iter().zip(self.day.left);
        waves.flat_map(|(places, left)| std::iter::repeat_n(*left, (*places).min(most))).take(most).collect()
    }

    /// The chosen, the best first whether they are musts or not.
    fn sorted(&self, cells: usize) -> Vec<usize> {
        let mut chosen = self.order[..cells.min(self.order.len())].to_vec();
        let targets = &self.day.site.targets;
        chosen.sort_by(|&a, &b| {
            targets[b].best().total_cmp(&targets[a].best()).then_with(|| targets[a].kind.cmp(&targets[b].kind))
        });
        chosen
    }

    fn layout(&self, cells: usize) -> Vec<Laid> {
        let chosen = self.sorted(cells.min(self.most()));
        let mut chosen = chosen.into_iter();
        let mut laid = Vec::new();
        for (wave, places) in self.places.iter().enumerate() {
            let teams = self.working(wave);
            let each = if teams.is_empty() { 0 } else { places / teams.len() };
            let mut minutes = vec![0; teams.len()];
            for place in 0..each.saturating_mul(teams.len()) {
                let Some(index) = chosen.next() else { return laid };
                let position = place % teams.len();
                let (tool, way) = self.best_tool(index);
                let value = way.value * self.day.left[wave];
                let after = if self.day.wave_minutes.is_some() { minutes[position] } else { 0 };
                minutes[position] = after + way.minutes;
                laid.push(Laid { target: index, tool, team: teams[position], wave, after, value });
            }
        }
        laid
    }

    fn working(&self, wave: usize) -> Vec<usize> {
        let teams = self.day.site.teams.iter().enumerate();
        let works = |team: &crate::Team| usize::from(team.from_wave) <= wave && wave < usize::from(team.to_wave);
        teams.filter(|(_, team)| works(team)).map(|(index, _)| index).collect()
    }

    fn best_tool(&self, target: usize) -> (usize, crate::Tool) {
        let mut tools = self.day.site.targets[target].tools.iter().copied().enumerate();
        let first = tools.next().unwrap_or((0, crate::Tool { detector: 0, minutes: 0, value: 0.0, found: 0.0 }));
        tools.fold(first, |best, next| if next.1.value > best.1.value { next } else { best })
    }
}

/// The curve where searches differ in length or teams in what they carry, with its bound.
fn bounded(day: &Day<'_>) -> (Vec<f64>, Vec<f64>) {
    let (plans, priced) = plans(day);
    let value = values(day, plans);
    let upper = upper::curve(&priced, &value);
    (value, upper)
}

fn mixed(day: &Day<'_>) -> Vec<f64> {
    values(day, plans(day).0)
}

/// For each number of cells, what the best of the plans brings without its least cells.
fn values(day: &Day<'_>, plans: Vec<Vec<Laid>>) -> Vec<f64> {
    let mut value = vec![f64::NEG_INFINITY; most_cells(day.site) + 1];
    for laid in plans {
        let cells = laid.iter().filter(|search| day.site.targets[search.target].counts()).count();
        let laid = first(day, laid, cells);
        let kept = laid.iter().filter(|search| {
            let target = &day.site.targets[search.target];
            target.must || !target.counts()
        });
        let (kept, least) = (kept.count(), day.site.musts());
        let mut sum = total(&laid[..kept]);
        for (more, known) in value.iter_mut().skip(least).enumerate().take(laid.len() - kept + 1) {
            sum += if more == 0 { 0.0 } else { laid[kept + more - 1].value };
            *known = known.max(sum);
        }
    }
    // A plan with fewer cells is one with at most that many.
    for cells in 1..value.len() {
        value[cells] = value[cells].max(value[cells - 1]);
    }
    value
}

/// Plans to choose from, and what was learnt about prices.
fn plans(day: &Day<'_>) -> (Vec<Vec<Laid>>, Vec<upper::Priced>) {
    let mut plans: Vec<Vec<Laid>> = guides(day).into_iter().filter_map(|guide| day.fill(guide)).collect();
    if plans.is_empty() {
        return (plans, Vec::new());
    }
    let value = values(day, plans.clone());
    let prices = prices(day, PRICES);
    let floors: Vec<f64> = prices.iter().map(|price| net(&value, *price)).collect();
    let priced = upper::priced(day, &prices, &floors);
    let most = most_cells(day.site);
    plans.extend(priced.iter().filter_map(|priced| day.fill_priced(priced, most)));
    (plans, priced)
}

/// The most that the curve brings after paying a price for each cell.
fn net(value: &[f64], price: f64) -> f64 {
    let points = value.iter().enumerate().map(|(cells, value)| value - price * cells as f64);
    points.fold(f64::NEG_INFINITY, f64::max)
}

fn most_cells(site: &Site) -> usize {
    site.targets.iter().filter(|target| target.counts()).count().min(site.most_cells)
}

/// Fillings to try: at several prices, and with every number of cells.
fn guides(day: &Day<'_>) -> Vec<Guide> {
    let most = most_cells(day.site);
    let step = most.div_ceil(COUNTS).max(1);
    let counts = (0..=most).step_by(step).chain([most]);
    let mut guides: Vec<Guide> = counts.flat_map(at_most).collect();
    for price in prices(day, PRICES) {
        guides.extend([false, true].map(|by_minute| Guide { price, most, by_minute }));
    }
    guides
}

fn at_most(cells: usize) -> [Guide; 2] {
    [false, true].map(|by_minute| Guide { price: 0.0, most: cells, by_minute })
}

/// Prices of a cell between nothing and the best one's worth.
fn prices(day: &Day<'_>, count: usize) -> Vec<f64> {
    let mut worth: Vec<f64> = day.site.targets.iter().map(crate::Target::best).filter(|worth| *worth > 0.0).collect();
    worth.sort_by(|a, b| b.total_cmp(a));
    let last = day.left.last().copied().unwrap_or(1.0);
    let mut prices = vec![0.0];
    for step in 0..count.saturating_sub(1) {
        // Dense among the best, where prices end up.
        let share = (step as f64 / (count - 1) as f64).powi(2);
        let position = (share * worth.len() as f64) as usize;
        prices.extend(worth.get(position).map(|worth| worth * (0.5 + 0.5 * last)));
    }
    prices.sort_by(f64::total_cmp);
    prices.dedup();
    prices
}
