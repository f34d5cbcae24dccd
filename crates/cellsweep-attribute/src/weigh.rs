//! How likely each of those held in a facility is the user of a handset, under a model.

use rayon::prelude::*;

use crate::calls::{CallModel, Part, Size};
use crate::custody::Flag;
use crate::pair::{Context, Hits, Pair};
use crate::roll::{Prison, Roll};
use crate::second::Seconds;

/// Every pair's posterior.
pub fn posteriors(context: &Context<'_>, model: &Model, pairs: &[Pair]) -> Vec<Posterior> {
    pairs.par_iter().map(|pair| model.posterior(context, pair)).collect()
}

/// What is estimated from the case.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Model {
    /// Users' calls to listed numbers.
    pub listed: CallModel,
    /// Users' calls to numbers of their case.
    pub cases: CallModel,
    /// Share of buyers who are a contact of the user.
    pub buyer: f64,
    /// Probability that a contact's match with a buyer is chance.
    pub buyer_chance: f64,
    /// That a cellmate uses the handset too.
    pub mate: f64,
    /// That somebody else here does.
    pub renter: f64,
    /// What each flag multiplies the odds by: not there, there.
    pub flags: Vec<(f64, f64)>,
    /// By facility and wing: handsets against what its inmates' number would give.
    pub wings: Vec<Vec<f64>>,
}

/// What a handset in a facility comes to under a model.
#[derive(Debug, Clone, Default)]
pub struct Posterior {
    /// That each of those held is the main user, given that it is kept here.
    pub users: Vec<f64>,
    /// Without the prior: the likelihood of each.
    pub likelihoods: Vec<f64>,
    /// The prior of each.
    pub priors: Vec<f64>,
    /// That nobody on the roster is.
    pub none: f64,
    /// The likelihood of none.
    pub none_likelihood: f64,
    /// How likely everything is, whoever the user.
    pub evidence: f64,
    /// That it is kept here, as trace has it.
    pub kept: f64,
}

impl Model {
    /// Before the case speaks.
    pub fn prior(roll: &Roll) -> Self {
        Self {
            listed: CallModel::prior(
                &[0.0, 0.03, 0.08, 0.15, 0.3, 0.5, 0.75, 0.92],
                &[0.5, 0.05, 0.08, 0.1, 0.1, 0.08, 0.05, 0.04],
            ),
            cases: CallModel::prior(&[0.0, 0.05, 0.12, 0.25, 0.5], &[0.8, 0.08, 0.06, 0.04, 0.02]),
            buyer: 0.2,
            buyer_chance: 1e-4,
            mate: 0.2,
            renter: 0.1,
            flags: Flag::ALL.iter().map(|flag| (1.0, flag.prior().0)).collect(),
            wings: roll.prisons.iter().map(|prison| vec![1.0; prison.wings.len()]).collect(),
        }
    }

    /// How likely the numbers are if an inmate makes the calls, or a part of them, against chance;
    /// numbers that `known` says nothing of are as any other.
    pub fn calls(&self, pair: &Pair, hits: &Hits, (listed, of_case): (Size, Size), part: Part) -> f64 {
        self.listed.likelihood(listed, part, &pair.by_class, &pair.scaled(&hits.listed, hits.shares.0))
            * self.cases.likelihood(of_case, part, &pair.by_class, &pair.scaled(&hits.of_case, hits.shares.1))
    }

    /// The same for those to whom no number leads, by the sizes of list and case.
    pub fn silent(&self, pair: &Pair, part: Part) -> Vec<f64> {
        let of = |model: &CallModel, size: usize| model.likelihood(Size::at(size), part, &pair.by_class, &[]);
        let listed: Vec<f64> = (0..Size::ALL).map(|size| of(&self.listed, size)).collect();
        let cases: Vec<f64> = (0..Size::ALL).map(|size| of(&self.cases, size)).collect();
        listed.iter().flat_map(|listed| cases.iter().map(move |of_case| listed * of_case)).collect()
    }

    /// A buyer who is, or isn't, the user's contact.
    pub fn buyer_ratio(&self, pair: &Pair, hits: &Hits) -> f64 {
        match (pair.bought, hits.buyer) {
            (false, _) => 1.0,
            (true, None) => 1.0 - self.buyer,
            (true, Some(_)) => 1.0 - self.buyer + self.buyer / self.buyer_chance,
        }
    }

    /// What flags multiply the odds by.
    pub fn flag_ratio(&self, flags: u8) -> f64 {
        Flag::ALL
            .iter()
            .zip(&self.flags)
            .map(|(flag, (absent, there))| if flags & flag.bit() != 0 { *there } else { *absent })
            .product()
    }

    /// Each user's probability for a handset in a facility.
    pub fn posterior(&self, context: &Context<'_>, pair: &Pair) -> Posterior {
        let Some(prison) = pair.prison.filter(|prison| !context.roll.prisons[*prison as usize].held.is_empty()) else {
            return Posterior {
                none: 1.0,
                none_likelihood: 1.0,
                evidence: 1.0,
                kept: pair.probability,
                ..Posterior::default()
            };
        };
        let place = &context.roll.prisons[prison as usize];
        let seconds = Seconds::new(context, self, pair, place);
        let priors = self.priors(context, prison, place);
        let mut likelihoods = self.own(context, pair, place);
        for (position, (likelihood, others)) in likelihoods.iter_mut().zip(seconds.of_each()).enumerate() {
            let heard = place.held[position].cell.and_then(|cell| pair.heard.get(cell as usize));
            let radio = place.wing_of(&place.held[position]).and_then(|wing| pair.radio.get(wing as usize));
            let inside: f64 = heard.into_iter().chain(radio).sum();
            *likelihood *= others * self.flag_ratio(pair.flags[position]) * inside.exp();
        }
        let none_likelihood = 1.0 - self.renter + self.renter * seconds.mean;
        let none = context.settings.none * none_likelihood;
        let joint: Vec<f64> = likelihoods.iter().zip(&priors).map(|(likelihood, prior)| likelihood * prior).collect();
        let total = joint.iter().sum::<f64>() + none;
        Posterior {
            users: joint.into_iter().map(|joint| joint / total).collect(),
            likelihoods,
            priors,
            none: none / total,
            none_likelihood,
            evidence: total,
            kept: pair.probability,
        }
    }

    /// What calls and the buyer say of each of those held.
    fn own(&self, context: &Context<'_>, pair: &Pair, place: &Prison) -> Vec<f64> {
        let silent = self.silent(pair, Part::Main);
        let unbought = if pair.bought { 1.0 - self.buyer } else { 1.0 };
        let of = |occupant: &crate::roll::Occupant| {
            let (listed, of_case) = context.sizes(occupant.inmate);
            unbought * silent[listed.index() * Size::ALL + of_case.index()]
        };
        let mut own: Vec<f64> = place.held.iter().map(of).collect();
        for hits in &pair.hits {
            let sizes = context.sizes(place.held[hits.position as usize].inmate);
            own[hits.position as usize] = self.buyer_ratio(pair, hits) * self.calls(pair, hits, sizes, Part::Main);
        }
        own
    }

    /// Everybody alike, but for their wing.
    fn priors(&self, context: &Context<'_>, prison: u32, place: &Prison) -> Vec<f64> {
        let wings = &self.wings[prison as usize];
        let weights: Vec<f64> = place
            .held
            .iter()
            .map(|occupant| place.wing_of(occupant).map_or(1.0, |wing| wings[wing as usize]))
            .collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| (1.0 - context.settings.none) * weight / total).collect()
    }
}
