//! What was done to the air: jamming, outages, technologies switched off, days that operators weren't asked for.

use std::collections::BTreeMap;

use cellsweep_assess::Technology;
use cellsweep_assess::jamming::Air;
use cellsweep_model::rows::{Request, RequestKind};
use cellsweep_model::table::Table;
use cellsweep_store::Case;

use super::heard::{Carried, Heard};
use super::rows::{JamRow, OutageRow};
use crate::FlowError;
use crate::trace::read;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
/// Hours of a day from which on it counts as jammed; with fewer, but one, it says nothing.
const JAMMED_HOURS: f64 = 8.0;
const SOME_HOURS: f64 = 1.0;
/// Hours of a day from which on an outage counts.
const OUT_HOURS: f64 = 4.0;
/// A day says nothing when what was off carries this share of what is heard there.
const OFF_SHARE: f64 = 0.2;
/// Off for longer than this past the records' end: for good.
const FOR_GOOD_DAYS: i32 = 30;
/// A day on which an operator recorded less than this share of its usual day is a gap in what it handed over.
const GAP_SHARE: f64 = 0.1;

/// What is known of the air over all facilities and days.
pub(super) struct Airs {
    pub jams: Vec<JamRow>,
    /// Share of what is heard that was off, by facility, technology and day; and whether for good.
    off: BTreeMap<(usize, Technology, i32), (f64, bool)>,
    /// Days asked for; empty where nobody said.
    asked: Vec<(i64, i64)>,
}

impl Airs {
    /// # Errors
    /// When a table is not as written.
    pub fn read(case: &Case, heard: &Heard) -> Result<Self, FlowError> {
        let mut outages: Vec<OutageRow> = read(case, Table::Outages)?;
        outages.extend(gaps(heard));
        let requests: Vec<Request> = read(case, Table::Requests)?;
        // A list of handsets follows them for its own days; what is heard at a place was asked for by sector or whole.
        let of_places = |request: &&Request| matches!(request.kind, RequestKind::Sectors | RequestKind::All);
        let asked = requests.iter().filter(of_places).map(|request| (request.from, request.to)).collect();
        Ok(Self { jams: read(case, Table::Jamming)?, off: off(&outages, heard), asked })
    }

    /// A wing's air on a day.
    pub fn of(&self, heard: &Heard, facility: usize, wing: Option<&str>, technology: Technology, day: i32) -> Air {
        let midnight = i64::from(day) * DAY_US;
        let covered = |(from, to): &(i64, i64)| hours(*from, *to, midnight) >= 12.0;
        if !self.asked.is_empty() && !self.asked.iter().any(covered) {
            return Air::NotAsked;
        }
        match self.off.get(&(facility, technology, day)) {
            Some((share, true)) if *share >= OFF_SHARE => return Air::SwitchedOff,
            Some((share, false)) if *share >= OFF_SHARE => return Air::Out,
            _ => {}
        }
        let id = &heard.facilities[facility].id;
        let here = self.jams.iter().filter(|jam| {
            let same_wing = jam.wing.is_none() || jam.wing.as_deref() == wing;
            let same_technology = jam.technologies.is_empty() || jam.technologies.contains(&technology);
            jam.facility == *id && same_wing && same_technology
        });
        let jammed: f64 = here.map(|jam| hours(jam.from, jam.to, midnight)).sum();
        match jammed {
            all if all >= JAMMED_HOURS => Air::Jammed,
            some if some >= SOME_HOURS => Air::Out,
            _ => Air::Free,
        }
    }
}

/// Hours of a day between two instants.
fn hours(from: i64, to: i64, midnight: i64) -> f64 {
    let (from, to) = (from.max(midnight), to.min(midnight + DAY_US));
    (to.saturating_sub(from)).max(0) as f64 / HOUR_US as f64
}

/// Days on which an operator handed over next to nothing, as outages of its own.
fn gaps(heard: &Heard) -> Vec<OutageRow> {
    let mut rows = Vec::new();
    for ((operator, technology), days) in &heard.carried.records {
        let mut counts: Vec<u64> = days.values().copied().collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or(0) as f64;
        let (Some(&first), Some(&last)) = (days.keys().next(), days.keys().last()) else { continue };
        for day in first..=last {
            if (days.get(&day).copied().unwrap_or(0) as f64) < GAP_SHARE * usual {
                let midnight = i64::from(day) * DAY_US;
                rows.push(OutageRow {
                    sector: None,
                    operator: heard.operators.get(usize::from(*operator)).cloned(),
                    technology: Some(*technology),
                    facility: None,
                    from: midnight,
                    to: midnight + DAY_US,
                });
            }
        }
    }
    rows
}

fn off(outages: &[OutageRow], heard: &Heard) -> BTreeMap<(usize, Technology, i32), (f64, bool)> {
    let mut off: BTreeMap<(usize, Technology, i32), (f64, bool)> = BTreeMap::new();
    for &(facility, technology) in heard.carried.inside.keys() {
        let here = outages.iter().filter(|outage| {
            let at = outage.facility.as_ref().is_none_or(|id| *id == heard.facilities[facility].id);
            at && outage.technology.is_none_or(|own| own == technology)
        });
        for outage in here {
            add(&mut off, outage, heard, (facility, technology));
        }
    }
    off
}

fn add(
    off: &mut BTreeMap<(usize, Technology, i32), (f64, bool)>,
    outage: &OutageRow,
    heard: &Heard,
    (facility, technology): (usize, Technology),
) {
    let (first, last) = heard.days;
    let from = (outage.from.div_euclid(DAY_US) as i32).max(first);
    let to = (outage.to.div_euclid(DAY_US).min(i64::from(i32::MAX)) as i32).min(last);
    if from > to {
        return;
    }
    let share = carried(&heard.carried, outage, heard, (facility, technology));
    let for_good = outage.technology.is_some()
        && outage.sector.is_none()
        && outage.to >= (i64::from(last) + i64::from(FOR_GOOD_DAYS)) * DAY_US;
    for day in from..=to {
        if share > 0.0 && hours(outage.from, outage.to, i64::from(day) * DAY_US) >= OUT_HOURS {
            let known = off.entry((facility, technology, day)).or_default();
            *known = (known.0 + share, known.1 || for_good);
        }
    }
}

/// The share of what is heard at a facility on a technology that runs over what is off, on days on which it isn't. What
/// was off all the time carries nothing: no day differs from another by it.
fn carried(all: &Carried, outage: &OutageRow, heard: &Heard, key: (usize, Technology)) -> f64 {
    let Some(days) = all.inside.get(&key) else { return 0.0 };
    if outage.sector.is_none() && outage.operator.is_none() {
        return 1.0;
    }
    let operator = outage.operator.as_ref().map(|name| heard.operators.iter().position(|known| known == name));
    let (mut own, mut sum) = (0.0, 0.0);
    for ((day, by, sector), count) in days {
        if hours(outage.from, outage.to, i64::from(*day) * DAY_US) >= SOME_HOURS {
            continue;
        }
        sum += f64::from(*count);
        let is_off = match (&outage.sector, operator) {
            (Some(off), _) => off == sector,
            (None, Some(position)) => position == Some(usize::from(*by)),
            (None, None) => true,
        };
        own += if is_off { f64::from(*count) } else { 0.0 };
    }
    if sum > 0.0 { own / sum } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_a_day() {
        let day = 100 * DAY_US;
        let check = |from: i64, to: i64, expected: f64| assert_eq!(hours(from, to, day), expected);
        check(day, day + DAY_US, 24.0);
        check(day - DAY_US, i64::MAX, 24.0);
        check(day + 22 * HOUR_US, i64::MAX, 2.0);
        check(day + DAY_US, i64::MAX, 0.0);
        check(i64::MIN, day, 0.0);
    }
}
