//! Operators' clocks: an hour off for a stretch shows in the hours at which everybody is heard.

use std::collections::BTreeMap;

use cellsweep_model::profile::DayRow;
use serde::{Deserialize, Serialize};

use crate::DAY_US;

/// How much likelier, in nats, a day must be with its clock set right than as it was recorded.
const MARGIN: f64 = 25.0;
/// Handset-hours of a day below which nothing is said of it.
const LEAST_HOURS: u32 = 300;

/// Handsets heard by operator, day and hour of the day (UTC).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Clocks {
    heard: BTreeMap<(u16, i32), [u32; 24]>,
}

/// A stretch in which an operator's clock was off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSlip {
    /// Whose.
    pub operator: String,
    /// First day, days since 1970 UTC.
    pub from_day: i32,
    /// Last day.
    pub to_day: i32,
    /// Hours that its records are ahead.
    pub hours_ahead: i32,
}

impl Clocks {
    /// Counts a handset's hours.
    pub fn note(&mut self, rows: &[DayRow]) {
        for row in rows {
            let hours = self.heard.entry((row.operator, row.day)).or_insert([0; 24]);
            for (hour, count) in hours.iter_mut().enumerate() {
                *count += row.hours >> hour & 1;
            }
        }
    }

    /// Adds what was counted of other handsets.
    pub fn absorb(&mut self, other: Clocks) {
        for (key, hours) in other.heard {
            let sums = self.heard.entry(key).or_insert([0; 24]);
            sums.iter_mut().zip(hours).for_each(|(sum, count)| *sum += count);
        }
    }

    /// The stretches, by operator and day. Days that the case's window (microseconds since 1970 UTC)
    /// cuts are left out: what is heard of half a day looks like another hour's.
    pub fn slips(&self, operators: &[String], window: (i64, i64)) -> Vec<ClockSlip> {
        let whole = |day: i32| i64::from(day) * DAY_US >= window.0 && i64::from(day + 1) * DAY_US <= window.1;
        let ahead: BTreeMap<(u16, i32), i32> = self
            .heard
            .iter()
            .map(|(key, hours)| (*key, hours_ahead(hours, &usual(&self.heard, key.0, key.1))))
            .collect();
        let mut slips: Vec<ClockSlip> = Vec::new();
        for ((operator, day), hours_ahead) in &ahead {
            let (day, hours_ahead) = (day, *hours_ahead);
            if hours_ahead == 0 || !whole(*day) || shared(&ahead, *day, hours_ahead) {
                continue;
            }
            let Some(operator) = operators.get(usize::from(*operator)) else { continue };
            match slips.last_mut() {
                Some(last)
                    if last.operator == *operator && last.to_day + 1 == *day && last.hours_ahead == hours_ahead =>
                {
                    last.to_day = *day;
                }
                _ => slips.push(ClockSlip { operator: operator.clone(), from_day: *day, to_day: *day, hours_ahead }),
            }
        }
        slips
    }
}

/// Whether at least half of the operators are off alike on a day: summer time, or half a day of records.
fn shared(ahead: &BTreeMap<(u16, i32), i32>, day: i32, hours_ahead: i32) -> bool {
    let of_day = ahead.iter().filter(|((_, other), _)| *other == day);
    let (alike, all) =
        of_day.fold((0, 0), |(alike, all), (_, hours)| (alike + i32::from(*hours == hours_ahead), all + 1));
    alike >= 2 && 2 * alike >= all
}

/// The share of each hour on an operator's other days.
fn usual(heard: &BTreeMap<(u16, i32), [u32; 24]>, operator: u16, day: i32) -> [f64; 24] {
    let mut sums = [1.0; 24];
    for (_, hours) in heard.range((operator, i32::MIN)..=(operator, i32::MAX)).filter(|((_, other), _)| *other != day) {
        for (sum, count) in sums.iter_mut().zip(hours) {
            *sum += f64::from(*count);
        }
    }
    let total: f64 = sums.iter().sum();
    sums.map(|sum| sum / total)
}

/// By how many hours a day's records are ahead of what is usual: 0 unless the day is much likelier so.
fn hours_ahead(hours: &[u32; 24], usual: &[f64; 24]) -> i32 {
    if hours.iter().sum::<u32>() < LEAST_HOURS {
        return 0;
    }
    let likelihood = |ahead: i32| -> f64 {
        let at = |hour: usize| (hour as i32 - ahead).rem_euclid(24) as usize;
        hours.iter().enumerate().map(|(hour, count)| f64::from(*count) * usual[at(hour)].ln()).sum()
    };
    let as_recorded = likelihood(0);
    let best = [-1, 1].into_iter().max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b))).unwrap_or(0);
    if likelihood(best) > as_recorded + MARGIN { best } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::{ClockSlip, Clocks, DAY_US, hours_ahead};

    #[test]
    fn a_day_an_hour_ahead_is_noticed() {
        let usual: [f64; 24] = std::array::from_fn(|hour| if (8..22).contains(&hour) { 0.065 } else { 0.009 });
        let day = |ahead: usize| std::array::from_fn(|hour| (usual[(hour + 24 - ahead) % 24] * 4_000.0) as u32);
        assert_eq!(hours_ahead(&day(0), &usual), 0);
        assert_eq!(hours_ahead(&day(1), &usual), 1);
        assert_eq!(hours_ahead(&day(23), &usual), -1);
        assert_eq!(hours_ahead(&day(1).map(|count: u32| count / 100), &usual), 0, "too few to say");
    }

    /// Two operators over ten days, each day an hour ahead where `ahead` says so.
    fn heard(ahead: impl Fn(u16, i32) -> bool) -> Clocks {
        let mut clocks = Clocks::default();
        for (operator, day) in (0..2).flat_map(|operator| (0..10).map(move |day| (operator, day))) {
            let shift = usize::from(ahead(operator, day));
            let count = |hour: usize| if (8..22).contains(&((hour + 24 - shift) % 24)) { 260 } else { 30 };
            clocks.heard.insert((operator, day), std::array::from_fn(count));
        }
        clocks
    }

    #[test]
    fn one_operators_stretch_is_named_and_summer_time_is_not() {
        let operators = ["Due".to_owned(), "Uno".to_owned()];
        let slips = heard(|operator, day| operator == 1 && (4..7).contains(&day)).slips(&operators, (0, 20 * DAY_US));
        let stretch = ClockSlip { operator: "Uno".to_owned(), from_day: 4, to_day: 6, hours_ahead: 1 };
        assert_eq!(slips, [stretch]);
        assert_eq!(heard(|_, day| day == 9).slips(&operators, (0, 20 * DAY_US)), []);
    }

    #[test]
    fn a_day_that_the_window_cuts_tells_nothing_of_a_clock() {
        let operators = ["Due".to_owned(), "Uno".to_owned()];
        let slipped = |window: (i64, i64)| heard(|operator, day| operator == 1 && day == 9).slips(&operators, window);
        assert_eq!(slipped((0, 10 * DAY_US)).len(), 1);
        assert_eq!(slipped((0, 10 * DAY_US - 1)), []);
    }
}
