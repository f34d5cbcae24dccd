//! Days on which a handset's company turns over: the numbers that were spoken with before are no
//! more, others come in their place. That is what it looks like when a handset is sold, passed on
//! or rented for weeks, whether or not any list names the people.
//!
//! A number spoken with on k days, of which a share f of the handset's days lies before a given
//! one, would have them on both sides with probability 1 − fᵏ − (1−f)ᵏ if one person used the
//! handset throughout, and hardly ever if two did. One day's ratio is the product over the numbers
//! and what the SIM says; a handset's is the mean over its days, and the share of handsets that
//! change hands at all is estimated from the case, shrunk to a stated prior.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Phone;
use crate::protected::Protected;

/// Before the case speaks: handsets that change hands while the records run, and those that don't.
const CHANGE: (f64, f64) = (1.0, 19.0);
/// Of numbers that one user would have on both sides, the share that two users have: a taxi, a
/// dealer, a friend of both.
const SHARED: f64 = 0.15;
/// Calls to a number come in bursts: so much less than each of its days tells.
const BURSTS: f64 = 0.5;
/// However many days a number was spoken with, one user is never surer to have it on both sides.
const SUREST: f64 = 0.999;
/// Nor do all numbers together say more than this, ln.
const MOST_LN: f64 = 40.0;
/// A new user takes another SIM this often.
const NEW_SIM: f64 = 0.5;
/// A SIM change on any other day, before the case speaks: changes, and days.
const SIM_CHANGES: (f64, f64) = (1.0, 60.0);
/// Numbers that are spoken with on more days than one, and days, from which on there is a company
/// that can turn over.
const LEAST: usize = 3;
/// Changes of one handset at most.
const MOST_CUTS: usize = 3;
/// A change that is less likely than this by the company alone is not looked at.
const LEAST_PROBABILITY: f64 = 0.1;
/// Rounds in which the share of handsets settles.
const ROUNDS: usize = 8;

/// A day from which on somebody else may use the handset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// First day of the later use, days since 1970-01-01 UTC.
    pub day: i32,
    /// Odds of a change, by the company alone.
    pub odds: f64,
}

/// What the case's handsets say of changes.
#[derive(Debug, Clone, Copy)]
struct Habits {
    /// Share of handsets that change hands.
    change: f64,
    /// ln of what a SIM change on the day, or none, does to its ratio.
    sim: [f64; 2],
}

/// A handset's company by day.
struct Company {
    /// Days with a call or message, in order.
    days: Vec<i32>,
    /// Numbers spoken with on more days than one: on which of these.
    numbers: Vec<Vec<u32>>,
    /// By position in `days`: whether the SIM is another than on the day before.
    sim: Vec<bool>,
}

/// Each handset's likely changes of hands up to a day, in order of time.
pub fn cuts(phones: &[Phone], protected: &Protected, last: i32) -> Vec<Vec<Cut>> {
    use rayon::prelude::*;
    let companies: Vec<Company> = phones.par_iter().map(|phone| Company::new(phone, protected, last)).collect();
    let habits = Habits::of(&companies);
    companies.par_iter().map(|company| company.cuts(&habits)).collect()
}

impl Habits {
    fn of(companies: &[Company]) -> Self {
        let sims = companies.iter().flat_map(|company| company.sim.iter().skip(1));
        let changes = SIM_CHANGES.0 + sims.clone().filter(|changed| **changed).count() as f64;
        let usual = changes / (SIM_CHANGES.1 + sims.count() as f64);
        let sim = [((1.0 - NEW_SIM) / (1.0 - usual)).ln().min(0.0), (NEW_SIM / usual).ln().max(0.0)];
        let mut habits = Self { change: CHANGE.0 / (CHANGE.0 + CHANGE.1), sim };
        let ratios: Vec<f64> = companies
            .iter()
            .filter_map(|company| company.whole().and_then(|whole| company.best(&whole, &habits)))
            .map(|(_, ratio)| ratio)
            .collect();
        for _ in 0..ROUNDS {
            let odds = habits.change / (1.0 - habits.change);
            let changed: f64 = ratios.iter().map(|ratio| odds * ratio / (1.0 + odds * ratio)).sum();
            habits.change = (CHANGE.0 + changed) / (CHANGE.0 + CHANGE.1 + ratios.len() as f64);
        }
        habits
    }
}

impl Company {
    fn new(phone: &Phone, protected: &Protected, last: i32) -> Self {
        let rows = || protected.spoken(phone).filter(|row| row.day <= last);
        let mut days: Vec<i32> = rows().map(|row| row.day).collect();
        days.sort_unstable();
        days.dedup();
        let at = |day: i32| days.binary_search(&day).unwrap_or_default() as u32;
        let mut by_number: FxHashMap<_, Vec<u32>> = FxHashMap::default();
        let mut sims: Vec<FxHashSet<_>> = vec![FxHashSet::default(); days.len()];
        for row in rows() {
            if let Some(number) = row.number() {
                by_number.entry(number).or_default().push(at(row.day));
            }
            if let Some(imsi) = row.imsi {
                sims[at(row.day) as usize].insert(imsi);
            }
        }
        let mut numbers: Vec<Vec<u32>> = by_number.into_values().collect();
        for days in &mut numbers {
            days.sort_unstable();
            days.dedup();
        }
        numbers.retain(|days| days.len() > 1);
        // A map's order is none.
        numbers.sort_unstable();
        let mut before: Option<&FxHashSet<_>> = None;
        let mut sim = Vec::with_capacity(sims.len());
        for now in &sims {
            sim.push(before.is_some_and(|before| !now.is_empty() && now.is_disjoint(before)));
            if !now.is_empty() {
                before = Some(now);
            }
        }
        Self { days, numbers, sim }
    }

    /// All its days, if there are enough of them and of numbers.
    fn whole(&self) -> Option<Range<u32>> {
        (self.days.len() >= LEAST && self.numbers.len() >= LEAST).then_some(0..self.days.len() as u32)
    }

    /// ln of how many times likelier two users before and from a day on make the company than one.
    fn ratio(&self, within: &Range<u32>, cut: u32, habits: &Habits) -> f64 {
        let share = f64::from(cut - within.start) / f64::from(within.end - within.start);
        let mut ratio = habits.sim[usize::from(self.sim[cut as usize])];
        for days in &self.numbers {
            let (from, to) = [within.start, within.end].map(|end| days.partition_point(|day| *day < end)).into();
            if to - from < 2 {
                continue;
            }
            let days = &days[from..to];
            let told = 1.0 + (days.len() - 1) as f64 * BURSTS;
            let both = (1.0 - share.powf(told) - (1.0 - share).powf(told)).min(SUREST);
            ratio += if days[0] < cut && days[days.len() - 1] >= cut {
                SHARED.ln()
            } else {
                ((1.0 - SHARED * both) / (1.0 - both)).ln()
            };
        }
        ratio.clamp(-MOST_LN, MOST_LN)
    }

    /// The day on which a change is likeliest, and how many times likelier the company is with a
    /// change on any of the days than with none.
    fn best(&self, within: &Range<u32>, habits: &Habits) -> Option<(u32, f64)> {
        let ratios: Vec<(u32, f64)> =
            (within.start + 1..within.end).map(|cut| (cut, self.ratio(within, cut, habits).exp())).collect();
        let (best, _) = ratios.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        Some((best, ratios.iter().map(|(_, ratio)| ratio).sum::<f64>() / ratios.len() as f64))
    }

    fn cuts(&self, habits: &Habits) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let mut open: Vec<Range<u32>> = self.whole().into_iter().collect();
        while let Some(within) = open.pop() {
            let Some((best, ratio)) = self.best(&within, habits) else { continue };
            let odds = ratio * habits.change / (1.0 - habits.change);
            if odds / (1.0 + odds) < LEAST_PROBABILITY || cuts.len() == MOST_CUTS {
                continue;
            }
            cuts.push(Cut { day: self.days[best as usize], odds });
            open.extend([within.start..best, best..within.end]);
        }
        cuts.sort_by_key(|cut| cut.day);
        cuts
    }
}
