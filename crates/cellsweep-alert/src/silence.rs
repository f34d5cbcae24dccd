//! Facilities that fell silent as a whole.
//!
//! A day of a facility is held against its own days before. What is counted are handset-hours:
//! hours in which a listed handset left a record, over all handsets of the facility. Of the usable
//! days before, the mean and the ratio of variance to mean (the spread, 1 or more) give the
//! distribution of a further day: mean *m*, variance *spread · m · (1 + 1/days)*, the second part for
//! the mean's own uncertainty. That is the quasi-Poisson of Farrington, Andrews, Beale and Catchpole,
//! "A statistical algorithm for the early detection of outbreaks of infectious disease", Journal of
//! the Royal Statistical Society A 159 (1996), 547–563, looked at from below; its lower tail is taken
//! from the negative binomial distribution with these moments, as Noufaily and others do it
//! (Statistics in Medicine 32 (2013), 1206–1222).
//!
//! A missing file is not silence: operators whose records of a day are missing, or far fewer than
//! usual over the whole case, don't count that day, and where the others carry less than half of the
//! facility's usual hours, the day isn't judged.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::{About, Alert, AlertKind, AlertReason, Explanation, FacilityId};
use serde::{Deserialize, Serialize};

use crate::tail::log10_tail;
use crate::{Known, Now, Window};

const DAY_US: i64 = 86_400_000_000;
/// Phones found explain silence on the day itself and so many days after.
const SEARCH_DAYS: i64 = 3;

/// What steers the judgement of silence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SilenceSettings {
    /// Days before that a day is held against, at most…
    pub most_days: i32,
    /// …and of which so many must be usable.
    pub least_days: usize,
    /// A day is silent whose tail, log10, is below this…
    pub log10_tail: f64,
    /// …and on which hours and handsets heard both are at most this share of what was expected.
    pub share: f64,
    /// An operator counts on a day on which it recorded at least this share of its usual day.
    pub recorded: f64,
}

impl Default for SilenceSettings {
    fn default() -> Self {
        Self { most_days: 28, least_days: 10, log10_tail: -6.0, share: 0.5, recorded: 0.5 }
    }
}

/// What was heard by day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// The operators, in the order of their numbers.
    pub operators: Vec<String>,
    /// By operator: all its records by day, of whichever handset.
    pub records: Vec<BTreeMap<i32, u64>>,
    /// The facilities' handsets.
    pub facilities: Vec<FacilityActivity>,
}

/// What was heard of one facility's handsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityActivity {
    /// Which.
    pub facility: FacilityId,
    /// By day and operator. Days since 1970-01-01 UTC.
    pub heard: BTreeMap<(i32, u16), OperatorDay>,
}

/// A facility's day as one operator recorded it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OperatorDay {
    /// Hours in which a handset left a record, over all handsets.
    pub hours: u64,
    /// Handsets that left one.
    pub handsets: u32,
}

/// A day that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Days since 1970-01-01 UTC.
    pub day: i32,
    /// Whether the facility was silent.
    pub silent: bool,
    /// What was measured: [`AlertReason::Fell`].
    pub fell: AlertReason,
    /// Operators that don't count that day.
    pub missing: Vec<String>,
}

/// The silences that aren't known; what is known of silence goes into `next`.
pub(crate) fn silences(before: Option<&Known>, now: &Now, settings: &SilenceSettings, next: &mut Known) -> Vec<Alert> {
    let shares = usual_share(&now.activity);
    let known = before.cloned().unwrap_or_default();
    next.silence_from = before.map_or_else(|| day_after(&shares, settings), |known| known.silence_from);
    next.silent = known.silent;
    let mut alerts = Vec::new();
    for facility in &now.activity.facilities {
        let days = judged(facility, &now.activity.operators, &shares, &now.windows, settings);
        let told = next.silent.entry(facility.facility.clone()).or_default();
        for stretch in stretches(&days) {
            if stretch[0].day >= next.silence_from && is_news(stretch, told) {
                alerts.push(silence(&facility.facility, &stretch[0], &now.windows));
            }
            told.extend(stretch.iter().map(|day| day.day));
        }
    }
    next.silent.retain(|_, days| !days.is_empty());
    alerts
}

/// The day after the last on which an operator recorded enough to count.
fn day_after(shares: &[BTreeMap<i32, f64>], settings: &SilenceSettings) -> i32 {
    let counting = shares.iter().flatten().filter(|(_, share)| **share >= settings.recorded);
    counting.map(|(day, _)| day.saturating_add(1)).max().unwrap_or_default()
}

/// One thing is a stretch of silent days; days that can't be judged don't end it.
fn stretches(days: &[Judged]) -> impl Iterator<Item = &[Judged]> {
    days.chunk_by(|a, b| a.silent == b.silent).filter(|stretch| stretch[0].silent)
}

/// Whether no day of a stretch was told, nor one next to it.
fn is_news(stretch: &[Judged], told: &BTreeSet<i32>) -> bool {
    let (first, last) = (stretch[0].day, stretch[stretch.len() - 1].day);
    told.range(first.saturating_sub(1)..=last.saturating_add(1)).next().is_none()
}

/// By operator and day: the records over those of its median day.
pub fn usual_share(activity: &Activity) -> Vec<BTreeMap<i32, f64>> {
    let share = |days: &BTreeMap<i32, u64>| {
        let mut counts: Vec<u64> = days.values().copied().filter(|count| *count > 0).collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied().unwrap_or_default().max(1) as f64;
        days.iter().map(|(day, count)| (*day, *count as f64 / usual)).collect()
    };
    activity.records.iter().map(share).collect()
}

/// A facility's days that can be judged, in order.
pub fn judged(
    facility: &FacilityActivity,
    operators: &[String],
    shares: &[BTreeMap<i32, f64>],
    windows: &[Window],
    settings: &SilenceSettings,
) -> Vec<Judged> {
    let days: BTreeSet<i32> = shares.iter().flat_map(|days| days.keys().copied()).collect();
    let book = Book { facility, operators, shares, windows, settings };
    let mut done: Vec<Judged> = Vec::new();
    let mut silent = BTreeSet::new();
    for day in days {
        if let Some(judged) = book.judge(day, &silent) {
            if judged.silent {
                silent.insert(day);
            }
            done.push(judged);
        }
    }
    done
}

struct Book<'a> {
    facility: &'a FacilityActivity,
    operators: &'a [String],
    shares: &'a [BTreeMap<i32, f64>],
    windows: &'a [Window],
    settings: &'a SilenceSettings,
}

/// What the days before say of an operator's further day.
struct Usual {
    operator: u16,
    /// Its hours on each of the days.
    hours: Vec<f64>,
    handsets: f64,
}

impl Book<'_> {
    /// `None` where the day can't be judged.
    fn judge(&self, day: i32, silent: &BTreeSet<i32>) -> Option<Judged> {
        let all = self.carriers(day);
        let (counting, missing): (Vec<u16>, Vec<u16>) = all.iter().partition(|operator| self.counts(**operator, day));
        let past = self.past(day, &counting, silent);
        if counting.is_empty() || past.len() < self.settings.least_days || !self.carry_enough(&counting, day) {
            return None;
        }
        let usual: Vec<Usual> = counting.iter().map(|operator| self.usual(*operator, &past)).collect();
        let mut judged = self.hold(day, &usual, past.len())?;
        let name = |operator: u16| self.operators.get(usize::from(operator)).cloned();
        judged.missing = missing.into_iter().filter_map(name).collect();
        Some(judged)
    }

    /// Operators that carried the facility's handsets on any of the days before.
    fn carriers(&self, day: i32) -> BTreeSet<u16> {
        let from = day.saturating_sub(self.settings.most_days);
        self.facility.heard.range((from, 0)..(day, 0)).map(|((_, operator), _)| *operator).collect()
    }

    fn share(&self, operator: u16, day: i32) -> f64 {
        self.shares.get(usize::from(operator)).and_then(|days| days.get(&day)).copied().unwrap_or_default()
    }

    fn counts(&self, operator: u16, day: i32) -> bool {
        self.share(operator, day) >= self.settings.recorded
    }

    /// Whether those that count carry half of what is usually heard.
    fn carry_enough(&self, counting: &[u16], day: i32) -> bool {
        let from = day.saturating_sub(self.settings.most_days);
        let (mut own, mut all) = (0, 0);
        for ((_, operator), heard) in self.facility.heard.range((from, 0)..(day, 0)) {
            all += heard.hours;
            own += if counting.contains(operator) { heard.hours } else { 0 };
        }
        2 * own >= all
    }

    /// The days before on which all of these count, that were not silent, and that nothing known tells from this day.
    fn past(&self, day: i32, counting: &[u16], silent: &BTreeSet<i32>) -> Vec<i32> {
        let from = day.saturating_sub(self.settings.most_days);
        let usable = |past: &i32| {
            counting.iter().all(|operator| self.counts(*operator, *past))
                && !silent.contains(past)
                && !self.was_off(*past, day)
        };
        (from..day).filter(usable).collect()
    }

    /// Whether jamming or an outage of a day before is over on this one. Where it goes on, the two days are alike.
    fn was_off(&self, past: i32, day: i32) -> bool {
        let (own, search) = (&self.facility.facility, Explanation::Search);
        let over = |window: &Window| covers(window, own, past) && !covers(window, own, day);
        self.windows.iter().any(|window| window.by != search && over(window))
    }

    fn heard(&self, day: i32, operator: u16) -> OperatorDay {
        self.facility.heard.get(&(day, operator)).copied().unwrap_or_default()
    }

    /// As if each day had been recorded as fully as a usual one.
    fn usual(&self, operator: u16, past: &[i32]) -> Usual {
        let full = |day: &i32| self.share(operator, *day).min(1.0);
        let hours = past.iter().map(|day| self.heard(*day, operator).hours as f64 / full(day)).collect();
        let handsets: f64 = past.iter().map(|day| f64::from(self.heard(*day, operator).handsets)).sum();
        Usual { operator, hours, handsets: handsets / past.len() as f64 }
    }

    fn hold(&self, day: i32, usual: &[Usual], days: usize) -> Option<Judged> {
        let count = days as f64;
        let sums: Vec<f64> = (0..days).map(|index| usual.iter().map(|own| own.hours[index]).sum()).collect();
        let mean = sums.iter().sum::<f64>() / count;
        if mean <= 0.0 {
            return None;
        }
        let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        let spread = (variance / mean).max(1.0);
        let full = |own: &Usual| self.share(own.operator, day).min(1.0);
        let expected: f64 = usual.iter().map(|own| own.hours.iter().sum::<f64>() / count * full(own)).sum();
        let heard = || usual.iter().map(|own| self.heard(day, own.operator));
        let hours: u64 = heard().map(|day| day.hours).sum();
        let handsets: u32 = heard().map(|day| day.handsets).sum();
        let usual_handsets: f64 = usual.iter().map(|own| own.handsets).sum();
        let log10_tail = log10_tail(hours, expected, spread * expected * (1.0 + 1.0 / count));
        let silent = log10_tail < self.settings.log10_tail
            && hours as f64 <= self.settings.share * expected
            && f64::from(handsets) <= self.settings.share * usual_handsets;
        let fell = AlertReason::Fell {
            day,
            hours,
            expected,
            handsets: (handsets, usual_handsets),
            days: days as u32,
            spread,
            log10_tail,
        };
        Some(Judged { day, silent, fell, missing: Vec::new() })
    }
}

/// Whether a window reaches into a facility's day.
fn covers(window: &Window, facility: &FacilityId, day: i32) -> bool {
    let midnight = i64::from(day) * DAY_US;
    let after = if window.by == Explanation::Search { SEARCH_DAYS * DAY_US } else { 0 };
    let ends = window.to.map(|to| to.saturating_add(after));
    let here = window.facility.as_ref().is_none_or(|own| own == facility);
    here && window.from < midnight + DAY_US && ends.is_none_or(|to| to > midnight)
}

fn silence(facility: &FacilityId, first: &Judged, windows: &[Window]) -> Alert {
    let mut reasons = vec![first.fell.clone()];
    if !first.missing.is_empty() {
        reasons.push(AlertReason::NotCounted { operators: first.missing.clone() });
    }
    let here = windows.iter().filter(|window| covers(window, facility, first.day));
    let mut causes: BTreeMap<Explanation, &Window> = BTreeMap::new();
    here.for_each(|window| _ = causes.entry(window.by).or_insert(window));
    let explained = |window: &Window| AlertReason::Explained { by: window.by, from: window.from, to: window.to };
    reasons.extend(causes.values().map(|window| explained(window)));
    if causes.is_empty() {
        reasons.push(AlertReason::Unexplained);
    }
    let key = format!("{}|{facility}|{}", AlertKind::Silent.word(), first.day);
    let about = About { key, handset: None, earlier: None, probability: None, log10_lr: None, reasons };
    Alert { kind: AlertKind::Silent, facility: facility.clone(), about: Some(about) }
}
