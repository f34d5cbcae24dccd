//! Counts over handsets; they add up in any order.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::Imsi;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::record::Technology;
use cellsweep_report::DayQuality;

use super::catalogue::{Catalogue, Code};
use super::service::{Asked, Service};

/// What the profiles show.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Records by operator, technology and day.
    days: BTreeMap<(u16, u8, i32), u64>,
    pub sectors: BTreeSet<u64>,
    pub handsets: u64,
    pub several_cards_at_once: u64,
    pub unknown_models: u64,
    pub contradicted_models: u64,
    pub without_imei: u64,
    pub out_of_service: u64,
    pub not_asked_for: u64,
}

impl Seen {
    pub(super) fn of(profile: &HandsetProfile, catalogue: &Catalogue, service: &Service, asked: &Asked) -> Self {
        let code = catalogue.look_up(profile);
        let mut seen = Self {
            handsets: 1,
            several_cards_at_once: u64::from(several_cards_at_once(profile)),
            unknown_models: u64::from(code == Code::Unknown),
            contradicted_models: u64::from(code == Code::Contradicted),
            without_imei: u64::from(profile.key.imei().is_none()),
            ..Self::default()
        };
        for row in &profile.rows {
            let events = u64::from(row.counts.events);
            *seen.days.entry((row.operator, row.technology, row.day)).or_default() += events;
            seen.sectors.insert(row.sector.value());
            seen.out_of_service += if service.outside(row) { events } else { 0 };
            seen.not_asked_for += if asked.outside(row) { events } else { 0 };
        }
        seen
    }

    pub(super) fn add(&mut self, other: &Seen) {
        for (key, count) in &other.days {
            *self.days.entry(*key).or_default() += count;
        }
        self.sectors.extend(&other.sectors);
        self.handsets += other.handsets;
        self.several_cards_at_once += other.several_cards_at_once;
        self.unknown_models += other.unknown_models;
        self.contradicted_models += other.contradicted_models;
        self.without_imei += other.without_imei;
        self.out_of_service += other.out_of_service;
        self.not_asked_for += other.not_asked_for;
    }

    /// Records on days that don't belong to the case's stretch of days: somebody's clock said 2065.
    pub(super) fn wild(&self, window: (i32, i32)) -> u64 {
        let wild = self.days.iter().filter(|((_, _, day), _)| !(window.0..=window.1).contains(day));
        wild.map(|(_, count)| count).sum()
    }

    /// Every day of the window from an operator's first to its last, for each technology that it recorded. The
    /// window's own first and last day are seldom whole and no gaps.
    pub(super) fn days(&self, operators: &[String], window: (i32, i32)) -> Vec<DayQuality> {
        let mut series: BTreeMap<(u16, u8), BTreeMap<i32, u64>> = BTreeMap::new();
        for ((operator, technology, day), count) in &self.days {
            if (window.0..=window.1).contains(day) {
                *series.entry((*operator, *technology)).or_default().entry(*day).or_default() += count;
            }
        }
        let mut days = Vec::new();
        for ((operator, technology), counts) in &series {
            let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().last()) else { continue };
            let usual = median(counts);
            for day in *first..=*last {
                let records = counts.get(&day).copied().unwrap_or(0);
                days.push(DayQuality {
                    day: date(day),
                    operator: operators.get(usize::from(*operator)).cloned().unwrap_or_default(),
                    technology: Technology::from_code(*technology).map_or("", Technology::word).to_owned(),
                    records,
                    gap: records * 10 < usual && day != window.0 && day != window.1,
                });
            }
        }
        days
    }
}

/// Two cards heard within one hour of a day.
fn several_cards_at_once(profile: &HandsetProfile) -> bool {
    let mut rows = profile.rows.iter().filter(|row| row.imsi.is_some());
    let mut of_day: Vec<(Option<Imsi>, u32)> = Vec::new();
    let mut day = None;
    rows.any(|row| {
        if day != Some(row.day) {
            of_day.clear();
            day = Some(row.day);
        }
        let meets = of_day.iter().any(|(imsi, hours)| *imsi != row.imsi && hours & row.hours != 0);
        of_day.push((row.imsi, row.hours));
        meets
    })
}

fn median(counts: &BTreeMap<i32, u64>) -> u64 {
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// A day as people write it.
pub(super) fn date(day: i32) -> String {
    let start = jiff::Timestamp::from_second(i64::from(day) * 86_400);
    start.map_or_else(|_| day.to_string(), |start| start.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_records_is_a_gap_and_a_wild_clock_makes_none() {
        let mut seen = Seen::default();
        for day in (100..110).filter(|day| *day != 104) {
            seen.days.insert((0, 2, day), if day == 107 { 9 } else { 100 });
        }
        seen.days.insert((0, 2, 14_000), 2);
        let days = seen.days(&["208-01".to_owned()], (100, 109));
        let gaps: Vec<&str> = days.iter().filter(|day| day.gap).map(|day| day.day.as_str()).collect();
        assert_eq!((days.len(), gaps), (10, vec!["1970-04-15", "1970-04-18"]));
        assert_eq!(seen.wild((100, 109)), 2);
    }
}
