//! What the case's own handsets say of how inmates use phones: expectation–maximisation over all
//! of them, each parameter shrunk to a stated prior.

use rayon::prelude::*;

use crate::calls::{CallCounts, Size};
use crate::custody::Flag;
use crate::pair::{Context, Hits, Pair, Pairs};
use crate::second::Seconds;
use crate::weigh::{Model, Posterior};

/// What was estimated, for whoever wants to see it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimates {
    /// The method's version.
    pub method: String,
    /// The model.
    pub model: Option<Model>,
    /// Handsets that it was estimated on: the sum of their probabilities.
    pub handsets: f64,
    /// The bound on a weight that so many handsets can support, log10.
    pub bound: f64,
    /// Share of handsets that don't lie in their user's cell.
    pub hidden: f64,
}

const ROUNDS: usize = 25;
/// Handsets less likely than this are not fitted to.
const LIKELY: f64 = 0.05;
/// Nor more than so many.
const MOST_PAIRS: usize = 4_000;
/// Settled when no parameter moves more than this.
const SETTLED: f64 = 2e-3;

/// Prior beliefs of the shares, as counts: beta distributions.
const MATE: (f64, f64) = (2.0, 8.0);
const RENTER: (f64, f64) = (2.0, 18.0);
const BUYER: (f64, f64) = (2.0, 8.0);
/// Handsets in a wing that the even spread counts for.
const WING: f64 = 6.0;

/// What a part of the handsets counts.
struct Counts {
    listed: CallCounts,
    cases: CallCounts,
    buyer: (f64, f64),
    mate: (f64, f64),
    renter: (f64, f64),
    flags: Vec<[f64; 4]>,
    handsets: f64,
    wings: Vec<Vec<(f64, f64)>>,
    /// By pair: handsets that called its numbers by chance, as far as it counts.
    chance: Vec<(usize, Vec<f64>)>,
}

/// Fits the model to all handsets.
pub fn fit(context: &Context<'_>, pairs: &mut Pairs) -> Model {
    let prior = Model { buyer_chance: buyer_chance(context, &pairs.pairs), ..Model::prior(context.roll) };
    let mut model = prior.clone();
    for _ in 0..ROUNDS {
        let sample = sample(&pairs.pairs);
        let counts = count(context, &model, &sample.pairs);
        let stands_for = sample.stands_for;
        for (pair, chance) in &counts.chance {
            for (known, chance) in pairs.pairs[*pair].known.iter_mut().zip(chance) {
                known.chance = *chance;
            }
        }
        pairs.learn_chance(stands_for);
        let next = update(&prior, &model, &counts);
        let moved = difference(&model, &next);
        model = next;
        if moved < SETTLED {
            break;
        }
    }
    model
}

/// The handsets that the model is fitted to: those that may well be kept, evenly thinned out where
/// there are more than it takes.
struct Sample<'a> {
    pairs: Vec<(usize, &'a Pair)>,
    /// Handsets that each stands for.
    stands_for: f64,
}

fn sample(pairs: &[Pair]) -> Sample<'_> {
    let likely: Vec<_> = pairs.iter().enumerate().filter(|(_, pair)| pair.probability >= LIKELY).collect();
    let step = likely.len().div_ceil(MOST_PAIRS).max(1);
    Sample { pairs: likely.into_iter().step_by(step).collect(), stands_for: step as f64 }
}

/// Chance that a device's buyer matches a given inmate, from those held elsewhere than the device.
fn buyer_chance(context: &Context<'_>, pairs: &[Pair]) -> f64 {
    // Half a match in two thousand inmates, before the case speaks.
    let (mut matches, mut chances) = (0.5, 0.5 / 2.5e-4);
    for pair in pairs.iter().filter(|pair| pair.bought) {
        let held = pair.prison.map_or(0, |prison| context.roll.prisons[prison as usize].held.len());
        chances += (1.0 - pair.probability) * held as f64;
        let here = pair.hits.iter().filter(|hits| hits.buyer.is_some()).count();
        matches += (1.0 - pair.probability) * here as f64;
    }
    matches / chances
}

fn count(context: &Context<'_>, model: &Model, pairs: &[(usize, &Pair)]) -> Counts {
    // In chunks of a fixed size, added up in their order: sums of floats depend on it.
    let parts: Vec<Counts> = pairs
        .par_chunks(256)
        .map(|pairs| {
            let mut counts = Counts::new(model);
            for (index, pair) in pairs {
                let chance = counts.pair(context, model, pair);
                counts.chance.push((*index, chance));
            }
            counts
        })
        .collect();
    let mut whole = Counts::new(model);
    parts.iter().for_each(|part| whole.add(part));
    whole
}

impl Counts {
    fn new(model: &Model) -> Self {
        Self {
            listed: model.listed.counts(),
            cases: model.cases.counts(),
            buyer: (0.0, 0.0),
            mate: (0.0, 0.0),
            renter: (0.0, 0.0),
            flags: vec![[0.0; 4]; Flag::ALL.len()],
            handsets: 0.0,
            wings: model.wings.iter().map(|wings| vec![(0.0, 0.0); wings.len()]).collect(),
            chance: Vec::new(),
        }
    }

    /// Counts a handset; gives how much of each known number chance has to explain.
    fn pair(&mut self, context: &Context<'_>, model: &Model, pair: &Pair) -> Vec<f64> {
        let Some(prison) = pair.prison else { return Vec::new() };
        let posterior = model.posterior(context, pair);
        let kept = posterior.kept;
        if kept < 1e-3 || posterior.users.is_empty() {
            return vec![kept; pair.known.len()];
        }
        self.handsets += kept;
        self.listed.numbers(&pair.by_class, kept);
        self.cases.numbers(&pair.by_class, kept);
        let mut unexplained = self.calls(context, model, pair, &posterior, prison);
        let seconds = self.second_users(context, model, pair, &posterior, prison);
        for (hits, second) in pair.hits.iter().zip(seconds) {
            for number in hits.listed.iter().chain(&hits.of_case) {
                unexplained[*number as usize] *= 1.0 - second.min(1.0);
            }
        }
        self.custody(context, pair, &posterior, prison);
        unexplained.iter_mut().for_each(|share| *share *= kept);
        unexplained
    }

    fn calls(
        &mut self,
        context: &Context<'_>,
        model: &Model,
        pair: &Pair,
        posterior: &Posterior,
        prison: u32,
    ) -> Vec<f64> {
        let place = &context.roll.prisons[prison as usize];
        let mut silent = [[0.0; Size::ALL]; 2];
        for (occupant, user) in place.held.iter().zip(&posterior.users) {
            let (listed, of_case) = context.sizes(occupant.inmate);
            silent[0][listed.index()] += user;
            silent[1][of_case.index()] += user;
        }
        let mut unexplained = vec![1.0; pair.known.len()];
        for hits in &pair.hits {
            let user = posterior.users[hits.position as usize];
            let (listed, of_case) = context.sizes(place.held[hits.position as usize].inmate);
            silent[0][listed.index()] -= user;
            silent[1][of_case.index()] -= user;
            let weight = posterior.kept * user;
            let scaled = pair.scaled(&hits.listed, hits.shares.0);
            let explained = model.listed.count(&mut self.listed, listed, (&pair.by_class, &scaled), weight);
            let scaled = pair.scaled(&hits.of_case, hits.shares.1);
            let of_cases = model.cases.count(&mut self.cases, of_case, (&pair.by_class, &scaled), weight);
            let numbers = hits.listed.iter().zip(explained).chain(hits.of_case.iter().zip(of_cases));
            for (number, explained) in numbers {
                unexplained[*number as usize] -= user * explained;
            }
            self.buyer(model, pair, hits, weight);
        }
        let models = [(&model.listed, &mut self.listed), (&model.cases, &mut self.cases)];
        for ((model, counts), silent) in models.into_iter().zip(silent) {
            for (size, user) in silent.into_iter().enumerate().filter(|(_, user)| *user > 0.0) {
                model.count(counts, Size::at(size), (&pair.by_class, &[]), posterior.kept * user);
            }
        }
        if pair.bought {
            self.buyer.1 += posterior.kept * (1.0 - posterior.none);
        }
        unexplained.iter_mut().for_each(|share| *share = share.max(0.0));
        unexplained
    }

    fn buyer(&mut self, model: &Model, pair: &Pair, hits: &Hits, weight: f64) {
        if pair.bought && hits.buyer.is_some() {
            let ratio = model.buyer / model.buyer_chance;
            self.buyer.0 += weight * ratio / (ratio + 1.0 - model.buyer);
        }
    }

    /// Counts second users; gives how likely each of those hit is one.
    fn second_users(
        &mut self,
        context: &Context<'_>,
        model: &Model,
        pair: &Pair,
        posterior: &Posterior,
        prison: u32,
    ) -> Vec<f64> {
        let place = &context.roll.prisons[prison as usize];
        let seconds = Seconds::new(context, model, pair, place);
        let mut each = vec![0.0; pair.hits.len()];
        for (position, user) in posterior.users.iter().enumerate() {
            let weight = posterior.kept * user;
            if weight < 1e-3 {
                continue;
            }
            for (mate, more) in seconds.mates(position as u32) {
                let joint = model.mate * more;
                let share = joint / (joint + 1.0 - model.mate);
                self.mate.0 += weight * share;
                self.mate.1 += weight;
                if let Some(mate) = mate {
                    each[mate] += user * share;
                }
            }
            let other = seconds.other(position as u32).max(1e-9);
            let joint = model.renter * other;
            let renter = joint / (joint + 1.0 - model.renter);
            self.renter.0 += weight * renter;
            self.renter.1 += weight;
            for (index, more) in seconds.others(position as u32) {
                each[index] += user * renter * (more / other).max(0.0);
            }
        }
        each
    }

    fn custody(&mut self, context: &Context<'_>, pair: &Pair, posterior: &Posterior, prison: u32) {
        let place = &context.roll.prisons[prison as usize];
        let wings = &mut self.wings[prison as usize];
        for (position, (user, prior)) in posterior.users.iter().zip(&posterior.priors).enumerate() {
            let (user, prior) = (posterior.kept * user, posterior.kept * prior);
            for (flag, counts) in Flag::ALL.iter().zip(&mut self.flags) {
                let there = usize::from(pair.flags[position] & flag.bit() != 0);
                counts[there] += user;
                counts[2 + there] += prior;
            }
            if let Some(wing) = place.wing_of(&place.held[position]) {
                wings[wing as usize].0 += user;
                wings[wing as usize].1 += posterior.kept / place.held.len() as f64;
            }
        }
    }

    fn add(&mut self, other: &Counts) {
        self.listed.add(&other.listed);
        self.chance.extend(other.chance.iter().cloned());
        self.cases.add(&other.cases);
        for (sum, part) in
            [(&mut self.buyer, other.buyer), (&mut self.mate, other.mate), (&mut self.renter, other.renter)]
        {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
        for (sum, part) in self.flags.iter_mut().flatten().zip(other.flags.iter().flatten()) {
            *sum += part;
        }
        for (sum, part) in self.wings.iter_mut().flatten().zip(other.wings.iter().flatten()) {
            *sum = (sum.0 + part.0, sum.1 + part.1);
        }
        self.handsets += other.handsets;
    }
}

fn update(prior: &Model, model: &Model, counts: &Counts) -> Model {
    let share = |(hits, all): (f64, f64), (yes, no): (f64, f64)| (hits + yes) / (all + yes + no);
    let flags = Flag::ALL
        .iter()
        .zip(&counts.flags)
        .map(|(flag, [absent, there, absent_prior, there_prior])| {
            let (ratio, strength) = flag.prior();
            // The prior counts on the side where it expects more: a flag that hardly anybody has is learnt
            // from those few, and not from what the prior lays beside them.
            let (seen, expected) =
                if ratio > 1.0 { (strength, strength / ratio) } else { (strength * ratio, strength) };
            ((absent + strength) / (absent_prior + strength), (there + seen) / (there_prior + expected))
        })
        .collect();
    let wings = counts
        .wings
        .iter()
        .map(|wings| wings.iter().map(|(there, even)| (there + WING) / (even + WING)).collect())
        .collect();
    Model {
        listed: model.listed.update(&prior.listed, &counts.listed),
        cases: model.cases.update(&prior.cases, &counts.cases),
        buyer: share(counts.buyer, BUYER),
        buyer_chance: model.buyer_chance,
        mate: share(counts.mate, MATE),
        renter: share(counts.renter, RENTER),
        flags,
        wings,
    }
}

fn difference(a: &Model, b: &Model) -> f64 {
    let pairs = [(a.buyer, b.buyer), (a.mate, b.mate), (a.renter, b.renter)];
    let weights = a.listed.weights.iter().zip(&b.listed.weights).chain(a.cases.weights.iter().zip(&b.cases.weights));
    let pairs = pairs.into_iter().chain(weights.map(|(a, b)| (*a, *b)));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
