//! What the case's own handsets say of how inmates use phones: expectation–maximisation over all
//! of them, each parameter shrunk to a stated prior.

use rayon::prelude::*;

use crate::calls::CallCounts;
use crate::custody::Flag;
use crate::weigh::{Context, Model, Pair, Pairs, Posterior, Seconds};

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
}

/// Fits the model to all handsets.
pub fn fit(context: &Context<'_>, pairs: &Pairs) -> Model {
    let prior = Model { buyer_chance: buyer_chance(context, &pairs.pairs), ..Model::prior(context.roll) };
    let mut model = prior.clone();
    let sample = sample(&pairs.pairs);
    for _ in 0..ROUNDS {
        let next = update(&prior, &model, &count(context, &model, &sample));
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
fn sample(pairs: &[Pair]) -> Vec<&Pair> {
    let likely: Vec<&Pair> = pairs.iter().filter(|pair| pair.probability >= LIKELY).collect();
    let step = likely.len().div_ceil(MOST_PAIRS).max(1);
    likely.into_iter().step_by(step).collect()
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

fn count(context: &Context<'_>, model: &Model, pairs: &[&Pair]) -> Counts {
    // In chunks of a fixed size, added up in their order: sums of floats depend on it.
    let parts: Vec<Counts> = pairs
        .par_chunks(256)
        .map(|pairs| {
            let mut counts = Counts::new(model);
            for pair in pairs {
                counts.pair(context, model, pair);
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
        }
    }

    fn pair(&mut self, context: &Context<'_>, model: &Model, pair: &Pair) {
        let Some(prison) = pair.prison else { return };
        let posterior = model.posterior(context, pair);
        let kept = posterior.kept;
        if kept < 1e-3 || posterior.users.is_empty() {
            return;
        }
        self.handsets += kept;
        self.listed.numbers(&pair.by_class, kept);
        self.cases.numbers(&pair.by_class, kept);
        self.calls(model, pair, &posterior);
        self.second_users(context, model, pair, &posterior, prison);
        self.custody(context, pair, &posterior, prison);
    }

    fn calls(&mut self, model: &Model, pair: &Pair, posterior: &Posterior) {
        let mut rest: f64 = posterior.users.iter().sum();
        for hits in &pair.hits {
            let user = posterior.users[hits.position as usize];
            rest -= user;
            model.listed.count(&mut self.listed, &pair.by_class, &hits.listed_hits, posterior.kept * user);
            model.cases.count(&mut self.cases, &pair.by_class, &hits.case_hits, posterior.kept * user);
            if pair.bought {
                let contact = match hits.buyer {
                    Some(_) => {
                        let ratio = model.buyer / model.buyer_chance;
                        ratio / (ratio + 1.0 - model.buyer)
                    }
                    None => 0.0,
                };
                self.buyer.0 += posterior.kept * user * contact;
            }
        }
        let rest = posterior.kept * rest.max(0.0);
        model.listed.count(&mut self.listed, &pair.by_class, &[], rest);
        model.cases.count(&mut self.cases, &pair.by_class, &[], rest);
        if pair.bought {
            self.buyer.1 += posterior.kept * (1.0 - posterior.none);
        }
    }

    fn second_users(&mut self, context: &Context<'_>, model: &Model, pair: &Pair, posterior: &Posterior, prison: u32) {
        let place = &context.roll.prisons[prison as usize];
        let seconds = Seconds::new(model, pair, place);
        for (position, user) in posterior.users.iter().enumerate() {
            let weight = posterior.kept * user;
            if weight < 1e-5 {
                continue;
            }
            self.renter.0 += weight * seconds.renter(model, place, position as u32);
            self.renter.1 += weight;
            for mate in place.mates(position as u32) {
                let joint = model.mate * seconds.likelihood(mate);
                self.mate.0 += weight * joint / (joint + 1.0 - model.mate);
                self.mate.1 += weight;
            }
        }
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
            ((absent + strength) / (absent_prior + strength), (there + strength * ratio) / (there_prior + strength))
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
