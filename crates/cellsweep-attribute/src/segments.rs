//! Segments of use: a handset that is sold, rented for weeks or passed on has one user after
//! another, and what the first one's calls said is no reason to search the first one's cell.
//!
//! Where its company turns over, each stretch of its use is weighed as a handset of its own, on
//! the roster of its own last day. A change of hands is believed where the company and the users
//! together make it likelier than not: by how much better two users explain the two stretches than
//! one explains both.

use std::collections::BTreeMap;
use std::ops::Range;

use cellsweep_model::Segment;
use rayon::prelude::*;

use crate::buyers::Buyers;
use crate::custody::Custody;
use crate::output::log10_lr;
use crate::pair::{Context, Pair, Pairs};
use crate::roll::Roll;
use crate::turnover::{self, Cut};
use crate::weigh::{Model, Posterior};
use crate::{DAY_US, Phone};

/// Handsets less likely kept than this are not cut.
const LIKELY: f64 = 0.05;
/// A change of hands is believed from here on.
const BELIEVED: f64 = 0.5;
/// What the users can say for or against a change at most, ln.
const MOST_LN: f64 = 4.6;
/// Candidates of a segment who get a row, and from which probability on.
const CANDIDATES: usize = 5;
const LEAST: f64 = 0.01;
/// What sensors and sectors say of the whole handset counts for a last stretch that is this much of it.
const MOST_OF_IT: f64 = 0.5;

/// The last stretch of a handset that changed hands.
pub struct Last {
    /// Its first day, days since 1970-01-01 UTC.
    pub since: i32,
    /// That it is somebody else's than the stretch before.
    pub changed: f64,
    /// The stretch as a handset of its own.
    pub phone: Phone,
    /// What leads from it to those held.
    pub pair: Pair,
    /// Whose it is, given the change.
    pub posterior: Posterior,
}

/// What is weighed everywhere here.
#[derive(Clone, Copy)]
pub struct Weighing<'a> {
    pub context: &'a Context<'a>,
    pub model: &'a Model,
    pub phones: &'a [Phone],
    pub pairs: &'a Pairs,
    pub buyers: &'a Buyers,
    /// The bound on a weight, log10.
    pub bound: f64,
}

/// A handset in a facility, cut.
struct Open {
    /// Index among the pairs.
    pair: usize,
    cuts: Vec<Cut>,
    /// First day, and the day after the last.
    days: Range<i32>,
}

/// A stretch to weigh: whose, and its place among that handset's.
struct Task {
    handset: usize,
    slot: usize,
    days: Range<i32>,
}

/// A stretch that was weighed.
struct Weighed {
    phone: Phone,
    pair: Pair,
    posterior: Posterior,
    rows: Vec<Segment>,
}

/// The handsets that changed hands, by their place among the pairs, with their last stretch, and
/// all their segments in the order of the pairs and of time.
pub fn segments(weighing: &Weighing<'_>) -> (BTreeMap<usize, Last>, Vec<Segment>) {
    // What comes after the asked time says nothing of whose it is then.
    let last = weighing.context.evidence.at.div_euclid(DAY_US) as i32;
    let cuts = turnover::cuts(weighing.phones, weighing.context.protected, last);
    let mut open: Vec<Open> = weighing
        .pairs
        .pairs
        .iter()
        .enumerate()
        .filter(|(_, pair)| pair.probability >= LIKELY && pair.prison.is_some())
        .filter_map(|(index, pair)| {
            Open::new(index, &weighing.phones[pair.phone as usize], &cuts[pair.phone as usize], last)
        })
        .collect();
    let mut settled: BTreeMap<usize, (Last, Vec<Segment>)> = BTreeMap::new();
    // A change that isn't believed is taken back, and what it parted is weighed together.
    while !open.is_empty() {
        let weighed = weighing.all(&open);
        let mut again = Vec::new();
        for (mut open, mut parts) in open.into_iter().zip(weighed) {
            let changed = open.changed(&parts);
            let least =
                changed.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map(|(index, least)| (index, *least));
            match least {
                Some((index, least)) if least < BELIEVED => {
                    open.cuts.remove(index);
                    again.extend((!open.cuts.is_empty()).then_some(open));
                }
                _ => {
                    parts.truncate(open.cuts.len() + 1);
                    settled.extend(open.settle(parts, &changed));
                }
            }
        }
        open = again;
    }
    let mut all = Vec::new();
    let last = settled
        .into_iter()
        .map(|(index, (last, rows))| {
            all.extend(rows);
            (index, last)
        })
        .collect();
    (last, all)
}

impl Open {
    fn new(pair: usize, phone: &Phone, cuts: &[Cut], last: i32) -> Option<Self> {
        let days = || {
            let all = phone.peers.iter().map(|row| row.day).chain(phone.days.iter().map(|row| row.day));
            all.filter(|day| *day <= last)
        };
        let (first, last) = (days().min()?, days().max()?);
        (!cuts.is_empty()).then(|| Self { pair, cuts: cuts.to_vec(), days: first..last + 1 })
    }

    /// Its stretches, then each two neighbours as one.
    fn stretches(&self) -> Vec<Range<i32>> {
        let ends: Vec<i32> = std::iter::once(self.days.start)
            .chain(self.cuts.iter().map(|cut| cut.day))
            .chain(std::iter::once(self.days.end))
            .collect();
        let single = ends.windows(2).map(|ends| ends[0]..ends[1]);
        single.chain(ends.windows(3).map(|ends| ends[0]..ends[2])).collect()
    }

    /// Of each cut, how likely the handset changed hands there.
    fn changed(&self, parts: &[Weighed]) -> Vec<f64> {
        let joined = &parts[self.cuts.len() + 1..];
        let of = |(index, cut): (usize, &Cut)| {
            let users = parts[index].ln() + parts[index + 1].ln() - joined[index].ln();
            let odds = cut.odds * users.clamp(-MOST_LN, MOST_LN).exp();
            odds / (1.0 + odds)
        };
        self.cuts.iter().enumerate().map(of).collect()
    }

    fn settle(self, parts: Vec<Weighed>, changed: &[f64]) -> Option<(usize, (Last, Vec<Segment>))> {
        let mut rows = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let changed = index.checked_sub(1).map(|cut| changed[cut]);
            rows.extend(part.rows.iter().cloned().map(|row| Segment { changed, ..row }));
        }
        let Weighed { phone, pair, posterior, .. } = parts.into_iter().next_back()?;
        let (since, changed) = (self.cuts.last()?.day, *changed.last()?);
        Some((self.pair, (Last { since, changed, phone, pair, posterior }, rows)))
    }
}

impl Weighed {
    /// ln of how likely the stretch is, whoever used it.
    fn ln(&self) -> f64 {
        self.posterior.evidence.max(1e-300).ln()
    }
}

impl Last {
    /// Whose the handset is at the asked time: its last stretch's user if it changed hands, the
    /// whole's if not.
    pub fn mixed(&self, whole: &Posterior) -> Posterior {
        let mix = |last: f64, whole: f64| self.changed * last + (1.0 - self.changed) * whole;
        let users: Vec<f64> =
            self.posterior.users.iter().zip(&whole.users).map(|(last, whole)| mix(*last, *whole)).collect();
        let none = mix(self.posterior.none, whole.none);
        let prior = 1.0 - whole.priors.iter().sum::<f64>();
        Posterior {
            likelihoods: users.iter().zip(&whole.priors).map(|(user, prior)| user / prior.max(1e-300)).collect(),
            none_likelihood: none / prior.max(1e-300),
            evidence: 1.0,
            users,
            none,
            priors: whole.priors.clone(),
            kept: whole.kept,
        }
    }
}

impl Weighing<'_> {
    /// Weighs every stretch of these handsets, each on the roster of its own last day.
    fn all(&self, open: &[Open]) -> Vec<Vec<Weighed>> {
        let mut by_day: BTreeMap<Option<i32>, Vec<Task>> = BTreeMap::new();
        let mut weighed: Vec<Vec<Option<Weighed>>> = Vec::new();
        for (index, handset) in open.iter().enumerate() {
            let stretches = handset.stretches();
            weighed.push(stretches.iter().map(|_| None).collect());
            for (slot, days) in stretches.into_iter().enumerate() {
                // The last one's user is asked for as of the asked time.
                let day = (days.end < handset.days.end).then_some(days.end);
                by_day.entry(day).or_default().push(Task { handset: index, slot, days });
            }
        }
        for (day, tasks) in by_day {
            let done = |context: &Context<'_>, custody: &Custody| -> Vec<Weighed> {
                let of = |task: &Task| self.stretch((context, custody), &open[task.handset], &task.days);
                tasks.par_iter().map(of).collect()
            };
            let done = match day {
                None => done(self.context, &self.pairs.custody),
                Some(day) => {
                    let at = i64::from(day) * DAY_US - 1;
                    let roll = Roll::at(self.context.roll, self.context.evidence, at);
                    let context = Context { roll: &roll, ..*self.context };
                    done(&context, &self.pairs.custody.at(&context, at))
                }
            };
            for (task, done) in tasks.into_iter().zip(done) {
                weighed[task.handset][task.slot] = Some(done);
            }
        }
        weighed.into_iter().map(|slots| slots.into_iter().flatten().collect()).collect()
    }

    fn stretch(&self, (context, custody): (&Context<'_>, &Custody), open: &Open, days: &Range<i32>) -> Weighed {
        let whole = &self.pairs.pairs[open.pair];
        let phone = part(&self.phones[whole.phone as usize], days, open.days.start);
        let mut pair = self.pairs.part((context, custody, self.buyers), whole, &phone);
        let share = phone.days.len() as f64 / self.phones[whole.phone as usize].days.len().max(1) as f64;
        if days.end == open.days.end && share >= MOST_OF_IT {
            pair.heard.clone_from(&whole.heard);
            pair.radio.clone_from(&whole.radio);
        }
        let posterior = self.model.posterior(context, &pair);
        let rows = self.rows(context, &phone, &pair, &posterior, days);
        Weighed { phone, pair, posterior, rows }
    }

    /// A stretch's likeliest users, best first, and none last.
    fn rows(
        &self,
        context: &Context<'_>,
        phone: &Phone,
        pair: &Pair,
        posterior: &Posterior,
        days: &Range<i32>,
    ) -> Vec<Segment> {
        let Some(place) = pair.prison.map(|prison| &context.roll.prisons[prison as usize]) else { return Vec::new() };
        let mut order: Vec<usize> =
            (0..posterior.users.len()).filter(|user| posterior.kept * posterior.users[*user] >= LEAST).collect();
        order.sort_by(|a, b| posterior.users[*b].total_cmp(&posterior.users[*a]).then(a.cmp(b)));
        order.truncate(CANDIDATES);
        let row = |rank: usize, user: Option<usize>, likelihood: f64, prior: f64, probability: f64| Segment {
            handset: phone.handset.clone(),
            imei: self.phones[pair.phone as usize].imei,
            facility: place.id.clone(),
            from: days.start,
            to: days.end - 1,
            changed: None,
            rank: rank as u32,
            inmate: user.map(|user| context.roll.inmates[place.held[user].inmate as usize].clone()),
            cell: user.and_then(|user| place.held[user].cell).map(|cell| place.cells[cell as usize].id.clone()),
            log10_lr: log10_lr(posterior, likelihood, prior, self.bound),
            probability,
        };
        let user = |(index, user): (usize, &usize)| {
            let (likelihood, prior) = (posterior.likelihoods[*user], posterior.priors[*user]);
            row(index + 1, Some(*user), likelihood, prior, posterior.kept * posterior.users[*user])
        };
        let mut rows: Vec<Segment> = order.iter().enumerate().map(user).collect();
        let told: f64 = rows.iter().map(|row| row.probability).sum();
        let none = context.settings.none;
        let rest = (posterior.kept - told).max(0.0);
        rows.push(row(rows.len() + 1, None, posterior.none_likelihood, none, rest));
        rows
    }
}

/// A handset's use on these days only. Who bought it says whose it was at first.
fn part(phone: &Phone, days: &Range<i32>, first: i32) -> Phone {
    Phone {
        handset: phone.handset.clone(),
        imei: phone.imei.filter(|_| days.start == first),
        stays: phone.stays.clone(),
        peers: phone.peers.iter().filter(|row| days.contains(&row.day)).copied().collect(),
        days: phone.days.iter().filter(|row| days.contains(&row.day)).copied().collect(),
        events: Vec::new(),
        called_by: Vec::new(),
    }
}
