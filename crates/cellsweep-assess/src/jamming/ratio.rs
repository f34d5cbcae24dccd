//! How much was heard on some days against what the same units' earlier days lead to expect.

use super::panel::{Panel, Unit};

/// The logarithm of heard over expected, with the counts that it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// ln(heard / expected), each with half a handset-day added.
    pub log: f64,
    /// Handset-days heard on the days in question.
    pub heard: f64,
    /// Handset-days expected there: the same units, the same weekdays, the handsets known, at the earlier days' rate.
    pub expected: f64,
    /// Handset-days heard on the earlier days.
    pub before: f64,
    /// The variance of a day's own factor, besides counting: how unlike days of the same weekday were before.
    pub unevenness: f64,
    /// Days that count before and after.
    pub days: (f64, f64),
}

impl Ratio {
    /// The part of its variance that days alone make, independent of each other: counting, and a factor of each day's
    /// own (negative binomial with quadratic variance, by the delta method). The smaller the units, the larger.
    pub fn daily_variance(&self) -> f64 {
        let (before, after) = self.days;
        1.0 / (self.heard + 0.5) + 1.0 / (self.before + 0.5) + self.unevenness * (1.0 / before + 1.0 / after)
    }
}

/// The share of the days asked for that has to be usable.
const LEAST_USABLE: f64 = 0.7;

/// Whether a unit's day counts.
pub type Counts = fn(&Unit, usize) -> bool;

/// Units with their days before and after.
pub struct Comparison<'a> {
    pub panel: &'a Panel,
    pub units: &'a [&'a Unit],
    pub before: &'a [usize],
    pub after: &'a [usize],
    pub counts_before: Counts,
    pub counts_after: Counts,
}

impl Comparison<'_> {
    /// The ratio; `None` where too few of the days are usable or nothing was ever heard.
    ///
    /// A ratio of sums, not a mean of daily logarithms: a day without any handset needs no invented constant
    /// (Chen and Roth, "Logs with zeros?", 2024), and it is what Poisson regression with unit and weekday effects
    /// gives (Wooldridge, "Simple approaches to nonlinear difference-in-differences", 2023). The halves take off
    /// most of a logarithm's bias at small counts (Haldane 1956, Anscombe 1956).
    pub fn ratio(&self) -> Option<Ratio> {
        let mut sum = Ratio { log: 0.0, heard: 0.0, expected: 0.0, before: 0.0, unevenness: 0.0, days: (0.0, 0.0) };
        let mut scatter = Scatter::over(self.before);
        let mut usable = 0;
        for unit in self.units {
            usable += self.add(unit, &mut sum, &mut scatter)?;
        }
        let asked = self.after.len() * self.units.len();
        if (usable as f64) < LEAST_USABLE * asked as f64 || asked == 0 || sum.expected <= 0.0 {
            return None;
        }
        let half = 1.0 + 0.5 / sum.before;
        sum.unevenness = scatter.unevenness();
        sum.days = (scatter.used(), usable as f64 / self.units.len() as f64);
        sum.log = (sum.heard + 0.5).ln() - (sum.expected * half).ln();
        Some(sum)
    }

    /// Adds a unit; how many of its days were usable. `None` where too few of the earlier ones were.
    fn add(&self, unit: &Unit, sum: &mut Ratio, scatter: &mut Scatter) -> Option<usize> {
        let (mut heard, mut known) = ([0.0; 7], [0.0; 7]);
        let earlier: Vec<usize> = self.usable(unit, self.before, self.counts_before);
        if (earlier.len() as f64) < LEAST_USABLE * self.before.len() as f64 {
            return None;
        }
        for &day in &earlier {
            heard[self.panel.weekday(day)] += f64::from(unit.days[day].heard);
            known[self.panel.weekday(day)] += unit.days[day].known;
        }
        sum.before += heard.iter().sum::<f64>();
        for &day in &earlier {
            let weekday = self.panel.weekday(day);
            let expected = unit.days[day].known * heard[weekday] / known[weekday];
            scatter.add(day, f64::from(unit.days[day].heard), expected);
        }
        let mut usable = 0;
        for day in self.usable(unit, self.after, self.counts_after) {
            let weekday = self.panel.weekday(day);
            // A weekday without an earlier day to compare with says nothing.
            if known[weekday] > 0.0 {
                sum.heard += f64::from(unit.days[day].heard);
                sum.expected += unit.days[day].known * heard[weekday] / known[weekday];
                usable += 1;
            }
        }
        Some(usable)
    }

    fn usable(&self, unit: &Unit, days: &[usize], counts: Counts) -> Vec<usize> {
        days.iter().copied().filter(|&day| counts(unit, day) && unit.days[day].known > 0.0).collect()
    }
}

/// The earlier days of all units together, heard and expected.
struct Scatter {
    first: usize,
    days: Vec<(f64, f64)>,
}

impl Scatter {
    fn over(days: &[usize]) -> Self {
        let (first, last) = (days.first().copied().unwrap_or(0), days.last().copied().unwrap_or(0));
        Self { first, days: vec![(0.0, 0.0); last + 1 - first] }
    }

    fn add(&mut self, day: usize, heard: f64, expected: f64) {
        let sums = &mut self.days[day - self.first];
        *sums = (sums.0 + heard, sums.1 + expected);
    }

    /// Days on which anything was expected.
    fn used(&self) -> f64 {
        self.days.iter().filter(|(_, expected)| *expected > 0.0).count() as f64
    }

    /// By moments: what the squares leave over counting, in proportion to the squared mean (Breslow 1984). A mean for
    /// each weekday is taken off.
    fn unevenness(&self) -> f64 {
        let used = self.used();
        let squares: f64 = self.days.iter().map(|(heard, expected)| (heard - expected).powi(2)).sum();
        let counting: f64 = self.days.iter().map(|(_, expected)| expected).sum();
        let scale: f64 = self.days.iter().map(|(_, expected)| expected * expected).sum();
        let squares = squares * used / (used - 7.0).max(1.0);
        ((squares - counting) / scale.max(f64::MIN_POSITIVE)).max(0.0)
    }
}
