//! Successors: the same user on another handset, known by the numbers that both spoke with.
//!
//! Never all pairs: only handsets that share a number which few speak with are compared, and only
//! where the later began within days of the earlier's end.

use cellsweep_model::holder::Successor;
use cellsweep_model::{HandsetKey, Msisdn};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::DAY_US;

/// A handset, or a subscriber where the records have no IMEI, with the numbers it spoke with.
#[derive(Debug, Clone)]
pub struct Line {
    /// What its records are joined on.
    pub key: HandsetKey,
    /// How tables name it.
    pub name: String,
    /// First record, microseconds since 1970 UTC.
    pub first: i64,
    /// Last record.
    pub last: i64,
    /// Its numbers, in order, and whether it spoke with each on more than one day.
    pub numbers: Vec<(Msisdn, bool)>,
    /// Its subscribers' packed identities, in order.
    pub imsis: Vec<u64>,
    /// Where it was heard most, as a packed sector; 0 where unknown.
    pub places: Vec<u64>,
}

/// What steers the comparison.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SuccessorSettings {
    /// The later begins at most so many days after the earlier's end…
    pub gap_days: i64,
    /// …and at most so many before it.
    pub overlap_days: i64,
    /// Numbers that more handsets speak with bring nobody together.
    pub common: usize,
    /// Pairs below this probability are left out.
    pub threshold: f64,
}

impl Default for SuccessorSettings {
    fn default() -> Self {
        Self { gap_days: 21, overlap_days: 2, common: 60, threshold: 0.05 }
    }
}

/// Share of handsets that somebody goes on from, before their numbers are looked at.
const PRIOR: f64 = 0.03;
/// That one user's number turns up on the later handset: one spoken with on several days, and one
/// spoken with once.
const KEPT_NUMBER: [f64; 2] = [0.06, 0.4];
/// Lines whose end or beginning falls within so many days of the records' are still in use, or
/// were before.
const EDGE_DAYS: i64 = 1;

/// Pairs of which the later goes on where the earlier stopped, best first.
pub fn successors(lines: &[Line], window: (i64, i64), settings: &SuccessorSettings) -> Vec<Successor> {
    let by_number = by_number(lines);
    let begun = |line: &Line| line.first > window.0 + EDGE_DAYS * DAY_US;
    let ended = |line: &Line| line.last < window.1 - EDGE_DAYS * DAY_US;
    let context = Comparison { lines, by_number: &by_number, settings, beginners: beginners(lines, window, settings) };
    let mut pairs: Vec<Successor> = lines
        .par_iter()
        .enumerate()
        .filter(|(_, line)| ended(line) && !line.numbers.is_empty())
        .flat_map_iter(|(index, line)| context.of(index, line, &begun))
        .collect();
    pairs.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    pairs
}

fn by_number(lines: &[Line]) -> FxHashMap<Msisdn, Vec<u32>> {
    let mut by_number: FxHashMap<Msisdn, Vec<u32>> = FxHashMap::default();
    for (index, line) in lines.iter().enumerate() {
        for (number, _) in &line.numbers {
            by_number.entry(*number).or_default().push(index as u32);
        }
    }
    by_number
}

/// How many lines begin within the time that one may be a successor, on average.
fn beginners(lines: &[Line], window: (i64, i64), settings: &SuccessorSettings) -> f64 {
    let begun = lines.iter().filter(|line| line.first > window.0 + EDGE_DAYS * DAY_US).count() as f64;
    let days = ((window.1 - window.0) / DAY_US).max(1) as f64;
    (begun * ((settings.gap_days + settings.overlap_days) as f64 / days).min(1.0)).max(1.0)
}

struct Comparison<'a> {
    lines: &'a [Line],
    by_number: &'a FxHashMap<Msisdn, Vec<u32>>,
    settings: &'a SuccessorSettings,
    beginners: f64,
}

impl Comparison<'_> {
    /// The likely successors of one line, against each other and against none.
    fn of(&self, index: usize, earlier: &Line, begun: &dyn Fn(&Line) -> bool) -> Vec<Successor> {
        let mut shared: FxHashMap<u32, u32> = FxHashMap::default();
        for (number, _) in &earlier.numbers {
            let users = &self.by_number[number];
            for other in users.iter().filter(|_| users.len() <= self.settings.common) {
                if *other as usize != index {
                    *shared.entry(*other).or_default() += 1;
                }
            }
        }
        let mut rows: Vec<(u32, f64, u32)> = shared
            .into_iter()
            .filter(|(other, _)| {
                let later = &self.lines[*other as usize];
                begun(later)
                    && self.in_time(earlier, later)
                    && later.last > earlier.last
                    && !Self::one_handset(earlier, later)
            })
            .map(|(other, count)| (other, self.ln_lr(earlier, &self.lines[other as usize]), count))
            .collect();
        rows.sort_unstable_by_key(|row| row.0);
        self.rank(earlier, &rows)
    }

    /// Two slots of one handset bear neighbouring serial numbers.
    fn one_handset(earlier: &Line, later: &Line) -> bool {
        let both = earlier.key.imei().zip(later.key.imei());
        both.is_some_and(|_| earlier.key.value().abs_diff(later.key.value()) <= 2)
    }

    fn in_time(&self, earlier: &Line, later: &Line) -> bool {
        let gap = later.first - earlier.last;
        -self.settings.overlap_days * DAY_US <= gap && gap <= self.settings.gap_days * DAY_US
    }

    /// ln of "the same user" against "another one": rare shared numbers weigh most, numbers that
    /// were not taken along speak against.
    fn ln_lr(&self, earlier: &Line, later: &Line) -> f64 {
        let all = self.lines.len() as f64;
        let later_share = (later.numbers.len() as f64 / 8.0).clamp(0.15, 1.0);
        let mut ln = 0.0;
        for (number, regular) in &earlier.numbers {
            // The two handsets themselves say nothing of how common a number is.
            let users = (self.by_number[number].len() as f64 - 2.0).max(0.0);
            let chance = ((users + 0.5) / all).min(0.9);
            let kept = KEPT_NUMBER[usize::from(*regular)] * later_share;
            ln += match later.numbers.binary_search_by_key(number, |(number, _)| *number) {
                Ok(_) => ((kept + (1.0 - kept) * chance) / chance).ln(),
                Err(_) => (1.0 - kept).ln(),
            };
        }
        if later.imsis.iter().any(|imsi| earlier.imsis.binary_search(imsi).is_ok()) {
            // The same card in another handset: as good as the same user.
            ln += 4.0;
        }
        if !earlier.places.is_empty() && !later.places.is_empty() {
            ln += if later.places.iter().any(|place| earlier.places.contains(place)) { 1.5 } else { -2.0 };
        }
        // The sooner, the likelier: waits of a week or so against any day of the window.
        let days = (later.first - earlier.last).max(0) as f64 / DAY_US as f64;
        let span = (self.settings.gap_days + self.settings.overlap_days) as f64;
        ln + (span / 5.0 * (-days / 5.0).exp()).max(0.05).ln()
    }

    fn rank(&self, earlier: &Line, rows: &[(u32, f64, u32)]) -> Vec<Successor> {
        let prior = PRIOR / self.beginners;
        let odds: Vec<f64> = rows.iter().map(|(_, ln, _)| prior * ln.min(60.0).exp()).collect();
        let total = 1.0 - PRIOR + odds.iter().sum::<f64>();
        rows.iter()
            .zip(&odds)
            .map(|((other, ln, count), odds)| self.row(earlier, *other, *ln, *count, odds / total))
            .filter(|row| row.probability >= self.settings.threshold)
            .collect()
    }

    fn row(&self, earlier: &Line, other: u32, ln: f64, count: u32, probability: f64) -> Successor {
        let later = &self.lines[other as usize];
        Successor {
            from: earlier.name.clone(),
            to: later.name.clone(),
            log10_lr: (ln / std::f64::consts::LN_10).min((self.lines.len() as f64 + 1.0).log10() + 1.0),
            probability,
            last_seen: earlier.last,
            first_seen: later.first,
            shared_contacts: count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: u64) -> Msisdn {
        Msisdn::from_packed(1_000 + value).unwrap_or_else(|| unreachable!("not nought"))
    }

    fn line(name: u64, days: (i64, i64), numbers: &[u64]) -> Line {
        Line {
            key: HandsetKey::from_value(name),
            name: name.to_string(),
            first: days.0 * DAY_US,
            last: days.1 * DAY_US,
            numbers: numbers.iter().map(|value| (number(*value), true)).collect(),
            imsis: vec![name],
            places: Vec::new(),
        }
    }

    fn crowd() -> Vec<Line> {
        (1..300).map(|name| name * 100).map(|name| line(name, (0, 30), &[name, name + 1, 7])).collect()
    }

    #[test]
    fn who_goes_on_with_the_same_rare_numbers_is_found_and_a_taxi_brings_nobody_together() {
        let mut lines = crowd();
        lines.push(line(10, (0, 12), &[1, 2, 3, 4, 7]));
        lines.push(line(20, (13, 30), &[1, 2, 3, 7]));
        lines.push(line(30, (13, 30), &[7, 8, 9]));
        let found = successors(&lines, (0, 30 * DAY_US), &SuccessorSettings::default());
        let pairs: Vec<(&str, &str, u32)> =
            found.iter().map(|row| (row.from.as_str(), row.to.as_str(), row.shared_contacts)).collect();
        assert_eq!(pairs, [("10", "20", 3)]);
        assert!(found[0].probability > 0.9);
    }

    #[test]
    fn two_handsets_in_use_at_the_same_time_are_no_successors() {
        let mut lines = crowd();
        lines.push(line(10, (0, 25), &[1, 2, 3, 4]));
        lines.push(line(20, (3, 30), &[1, 2, 3, 4]));
        assert!(successors(&lines, (0, 30 * DAY_US), &SuccessorSettings::default()).is_empty());
    }
}
