//! A handset in a facility: how likely each of those held there is its user, under a model.

use cellsweep_model::holder::BuyerMatch;
use rayon::prelude::*;

use crate::background::{Background, Seen};
use crate::buyers::Buyers;
use crate::calls::{CallModel, Hit, Part};
use crate::custody::{Custody, Flag};
use crate::lists::Lists;
use crate::phone::{CLASSES, PeerSum, Sums};
use crate::roll::{Prison, Roll};
use crate::{AttributeSettings, Evidence, Phone};

/// What all handsets share.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub evidence: &'a Evidence,
    pub roll: &'a Roll,
    pub lists: &'a Lists,
    pub cases: &'a Lists,
    pub settings: &'a AttributeSettings,
}

/// Everything that is weighed, counted once.
pub struct Pairs {
    /// One for each handset and facility, in the order given.
    pub pairs: Vec<Pair>,
    /// Strangers' calls to listed numbers.
    pub listed: Background,
    /// Custody's look-ups.
    pub custody: Custody,
}

/// A handset in a facility.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Index of the handset.
    pub phone: u32,
    /// Which of the handset's stays this is.
    pub stay: u32,
    /// Index of the facility; `None` where neither roster nor cells name it.
    pub prison: Option<u32>,
    /// That it is kept there.
    pub probability: f64,
    /// Numbers by class.
    pub by_class: [u32; CLASSES],
    /// Inmates here to whom a number or the buyer leads, by position.
    pub hits: Vec<Hits>,
    /// Whether the ledger names the device, and so its buyer.
    pub bought: bool,
    /// Custody's flags, by position.
    pub flags: Vec<u8>,
    /// ln of the likelihood of what sensors heard, by cell; empty where none hang.
    pub heard: Vec<f64>,
}

/// What leads to one inmate.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// Position among those held.
    pub position: u32,
    /// Numbers on their list.
    pub listed: Vec<PeerSum>,
    /// The same for the model.
    pub listed_hits: Vec<Hit>,
    /// Numbers of their case.
    pub of_case: Vec<PeerSum>,
    /// The same for the model.
    pub case_hits: Vec<Hit>,
    /// Their contact bought the device.
    pub buyer: Option<BuyerMatch>,
    /// Listed numbers that spoke with the handset's own.
    pub called_by: u32,
}

/// Counts what there is to weigh.
pub fn pairs(context: &Context<'_>, phones: &[Phone], sums: &[Sums], buyers: &Buyers) -> Pairs {
    let seen = || {
        phones.iter().zip(sums).flat_map(|(phone, sums)| {
            phone.stays.iter().filter_map(move |(facility, probability)| {
                Some(Seen { prison: context.roll.prison(facility)?, sums, probability: *probability })
            })
        })
    };
    let held_here = |prison: u32, inmate: u32| context.roll.held_at[inmate as usize] == Some(prison);
    let listed = Background::new(context.lists, seen().collect::<Vec<_>>().iter().map(Seen::again), &held_here);
    let cases = Background::new(context.cases, seen().collect::<Vec<_>>().iter().map(Seen::again), &held_here);
    let custody = Custody::new(context.roll, context.evidence, phones);
    let counter = Counter { context, listed: &listed, cases: &cases, custody: &custody, buyers };
    let pairs = phones
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, phone)| (0..phone.stays.len()).map(move |stay| (index, phone, stay)))
        .map(|(index, phone, stay)| counter.pair((index, stay), phone, &sums[index]))
        .collect();
    Pairs { pairs, listed, custody }
}

impl Seen<'_> {
    fn again(&self) -> Self {
        Self { ..*self }
    }
}

/// Every pair's posterior.
pub fn posteriors(context: &Context<'_>, model: &Model, pairs: &[Pair]) -> Vec<Posterior> {
    pairs.par_iter().map(|pair| model.posterior(context, pair)).collect()
}

struct Counter<'a> {
    context: &'a Context<'a>,
    listed: &'a Background,
    cases: &'a Background,
    custody: &'a Custody,
    buyers: &'a Buyers,
}

impl Counter<'_> {
    fn pair(&self, (index, stay): (usize, usize), phone: &Phone, sums: &Sums) -> Pair {
        let (facility, probability) = &phone.stays[stay];
        let prison = self.context.roll.prison(facility);
        let bought = self.buyers.of(phone.imei);
        let mut pair = Pair {
            phone: index as u32,
            stay: stay as u32,
            prison,
            probability: *probability,
            by_class: sums.by_class,
            hits: Vec::new(),
            bought: bought.is_some(),
            flags: Vec::new(),
            heard: Vec::new(),
        };
        let Some(prison) = prison else { return pair };
        let whole: f64 = phone.stays.iter().map(|(_, probability)| probability).sum();
        pair.flags = self.custody.flags(self.context.roll, phone, prison);
        let mut hits = HitTable::new(self.context.roll, prison);
        self.count_numbers(&mut hits, sums, whole);
        for (inmate, by) in bought.into_iter().flatten() {
            hits.with(*inmate, |hits| hits.buyer = Some(*by));
        }
        for number in &phone.called_by {
            // A number that the handset itself spoke with has been counted already.
            if sums.peers.binary_search_by_key(number, |peer| peer.number).is_err() {
                for inmate in self.context.lists.of(*number) {
                    hits.with(*inmate, |hits| hits.called_by += 1);
                }
            }
        }
        pair.hits = hits.done();
        for hits in pair.hits.iter().filter(|hits| hits.called_by > 0) {
            pair.flags[hits.position as usize] |= Flag::CalledByListed.bit();
        }
        pair
    }

    fn count_numbers(&self, hits: &mut HitTable<'_>, sums: &Sums, whole: f64) {
        for peer in &sums.peers {
            for inmate in self.context.lists.of(peer.number) {
                let size = f64::from(self.context.lists.sizes[*inmate as usize]);
                let scale = 1.0 / (size * self.listed.of(peer.number, whole));
                hits.spoken_since(*inmate, peer, |hits| {
                    hits.listed.push(*peer);
                    hits.listed_hits.push(Hit { class: peer.class(), scale });
                });
            }
            for inmate in self.context.cases.of(peer.number) {
                let size = f64::from(self.context.cases.sizes[*inmate as usize]);
                let scale = 1.0 / (size * self.cases.of(peer.number, whole));
                hits.spoken_since(*inmate, peer, |hits| {
                    hits.of_case.push(*peer);
                    hits.case_hits.push(Hit { class: peer.class(), scale });
                });
            }
        }
    }
}

/// Hits by inmate, of one facility only.
struct HitTable<'a> {
    roll: &'a Roll,
    prison: u32,
    hits: Vec<Hits>,
}

impl<'a> HitTable<'a> {
    fn new(roll: &'a Roll, prison: u32) -> Self {
        Self { roll, prison, hits: Vec::new() }
    }

    fn held(&self) -> &'a [crate::roll::Occupant] {
        &self.roll.prisons[self.prison as usize].held
    }

    fn with(&mut self, inmate: u32, change: impl FnOnce(&mut Hits)) {
        if self.roll.held_at[inmate as usize] != Some(self.prison) {
            return;
        }
        let Ok(position) = self.held().binary_search_by_key(&inmate, |occupant| occupant.inmate) else { return };
        let position = position as u32;
        let index = self.hits.iter().position(|hits| hits.position == position).unwrap_or_else(|| {
            self.hits.push(Hits { position, ..Hits::default() });
            self.hits.len() - 1
        });
        change(&mut self.hits[index]);
    }

    /// A number that was never spoken with since the inmate came says nothing of them.
    fn spoken_since(&mut self, inmate: u32, peer: &PeerSum, change: impl FnOnce(&mut Hits)) {
        let held = self.held();
        let since = held
            .binary_search_by_key(&inmate, |occupant| occupant.inmate)
            .map_or(i64::MAX, |position| held[position].before.map_or(held[position].since, |_| i64::MIN));
        if peer.last >= since {
            self.with(inmate, change);
        }
    }

    fn done(mut self) -> Vec<Hits> {
        self.hits.sort_unstable_by_key(|hits| hits.position);
        self.hits
    }
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

    /// How likely what leads to an inmate is, if they make the calls or a part, against chance.
    pub fn person(&self, pair: &Pair, hits: Option<&Hits>, part: Part) -> f64 {
        let empty = Hits::default();
        let hits = hits.unwrap_or(&empty);
        let buyer = if part == Part::Second { 1.0 } else { self.buyer_ratio(pair, hits) };
        buyer
            * self.listed.likelihood(&pair.by_class, &hits.listed_hits, part)
            * self.cases.likelihood(&pair.by_class, &hits.case_hits, part)
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
            return Posterior { none: 1.0, none_likelihood: 1.0, kept: pair.probability, ..Posterior::default() };
        };
        let place = &context.roll.prisons[prison as usize];
        let seconds = Seconds::new(self, pair, place);
        let priors = self.priors(context, prison, place);
        let nobody = self.person(pair, None, Part::Main);
        let mut likelihoods = vec![nobody; place.held.len()];
        for hits in &pair.hits {
            likelihoods[hits.position as usize] = self.person(pair, Some(hits), Part::Main);
        }
        for (position, likelihood) in likelihoods.iter_mut().enumerate() {
            let heard = place.held[position].cell.and_then(|cell| pair.heard.get(cell as usize));
            *likelihood *= seconds.of(self, place, position as u32)
                * self.flag_ratio(pair.flags[position])
                * heard.map_or(1.0, |ln| ln.exp());
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
            kept: pair.probability,
        }
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

/// How well second users explain a handset's numbers.
pub struct Seconds {
    /// By position.
    each: Vec<f64>,
    /// Of somebody to whom nothing leads.
    nobody: f64,
    /// Of somebody here on average.
    mean: f64,
    held: f64,
}

impl Seconds {
    /// Weighs everybody as a second user.
    pub fn new(model: &Model, pair: &Pair, place: &Prison) -> Self {
        let held = place.held.len() as f64;
        let nobody = model.person(pair, None, Part::Second);
        let mut each = vec![nobody; place.held.len()];
        for hits in &pair.hits {
            each[hits.position as usize] = model.person(pair, Some(hits), Part::Second);
        }
        let sum: f64 = each.iter().map(|likelihood| likelihood - nobody).sum();
        Self { each, nobody, mean: nobody + sum / held, held }
    }

    /// One as a second user.
    pub fn likelihood(&self, position: u32) -> f64 {
        self.each[position as usize]
    }

    /// What cellmates and others here make of the calls, if this one is the main user.
    pub fn of(&self, model: &Model, place: &Prison, position: u32) -> f64 {
        let (mut mates, mut own) = (1.0, self.likelihood(position) - self.nobody);
        for mate in place.mates(position) {
            let likelihood = self.likelihood(mate);
            mates *= 1.0 - model.mate + model.mate * likelihood;
            own += likelihood - self.nobody;
        }
        let others = (self.mean - own / self.held).max(0.0);
        mates * (1.0 - model.renter + model.renter * others)
    }

    /// That a renter makes calls, if this one is the main user.
    pub fn renter(&self, model: &Model, place: &Prison, position: u32) -> f64 {
        let own: f64 = place
            .mates(position)
            .chain(std::iter::once(position))
            .map(|member| self.likelihood(member) - self.nobody)
            .sum();
        let others = model.renter * (self.mean - own / self.held).max(0.0);
        others / (others + 1.0 - model.renter)
    }
}
