//! The rows that come out: holders with their findings, places, and what was estimated.

use cellsweep_model::finding::Source;
use cellsweep_model::holder::{HolderFinding, SourceClass};
use cellsweep_model::{Holder, HolderFact, Place};
use rayon::prelude::*;

use crate::buyers::Buyers;
use crate::findings::Candidate;
use crate::fit::Estimates;
use crate::pair::{Context, Pair, Pairs};
use crate::places;
use crate::segments::{self, Last, Weighing};
use crate::weigh::{self, Model, Posterior};
use crate::{Attributed, METHOD, Phone};

/// Handsets less likely than this are listed with their likeliest candidates only.
const FULL_LIST: f64 = 0.3;

/// Writes all rows.
pub fn write(context: &Context<'_>, model: &Model, phones: &[Phone], pairs: &Pairs, buyers: &Buyers) -> Attributed {
    let posteriors = weigh::posteriors(context, model, &pairs.pairs);
    let handsets: f64 = posteriors.iter().map(|posterior| posterior.kept).sum();
    let bound = bound(handsets);
    let hidden = places::hidden(context, pairs, phones, &posteriors);
    let (last, segments) = segments::segments(&Weighing { context, model, phones, pairs, buyers, bound });
    let rows: Vec<(Vec<Holder>, Vec<Place>)> = pairs
        .pairs
        .par_iter()
        .zip(posteriors)
        .enumerate()
        .map(|(index, (pair, posterior))| {
            let last = last.get(&index);
            let posterior = last.map_or(posterior.clone(), |last| last.mixed(&posterior));
            let phone = &phones[pair.phone as usize];
            let places = places::places(context, pair, phone, &posterior, hidden);
            (Writer { context, model, pairs, phone, pair, posterior, last, bound }.holders(), places)
        })
        .collect();
    let mut attributed = Attributed {
        segments,
        estimates: Estimates { method: METHOD.to_owned(), model: Some(model.clone()), handsets, bound, hidden },
        ..Attributed::default()
    };
    for (holders, places) in rows {
        attributed.holders.extend(holders);
        attributed.places.extend(places);
    }
    attributed
}

/// The greatest weight that so many handsets can support (after Vergeer et al. 2016: beyond it, a
/// single misleading case more would have spoken against the system).
fn bound(handsets: f64) -> f64 {
    (handsets + 1.0).log10() + 1.0
}

struct Writer<'a> {
    context: &'a Context<'a>,
    model: &'a Model,
    pairs: &'a Pairs,
    phone: &'a Phone,
    pair: &'a Pair,
    posterior: Posterior,
    /// Its last user's stretch, where it changed hands.
    last: Option<&'a Last>,
    bound: f64,
}

/// "This one" against "another one here", within what the case can support.
pub fn log10_lr(posterior: &Posterior, likelihood: f64, prior: f64, bound: f64) -> f64 {
    let others = (posterior.evidence - likelihood * prior).max(1e-300) / (1.0 - prior).max(1e-12);
    (likelihood.max(1e-300) / others).log10().clamp(-bound, bound)
}

impl Writer<'_> {
    /// The handset's rows in a facility, best first, none last; they sum to its probability.
    fn holders(&self) -> Vec<Holder> {
        let kept = self.posterior.kept;
        // Of a handset that is hardly kept here, a few names are enough.
        let threshold = self.context.settings.threshold * if kept < FULL_LIST { 10.0 } else { 1.0 };
        let mut order: Vec<usize> = (0..self.posterior.users.len())
            .filter(|position| kept * self.posterior.users[*position] >= threshold)
            .collect();
        // Of two alike, the one of the lower number first: an order must be some.
        order.sort_by(|a, b| self.posterior.users[*b].total_cmp(&self.posterior.users[*a]).then(a.cmp(b)));
        let mut rows: Vec<Holder> =
            order.iter().enumerate().map(|(index, position)| self.row(index as u32 + 1, *position)).collect();
        let told: f64 = rows.iter().map(|row| row.probability).sum();
        rows.push(self.none(rows.len() as u32 + 1, (kept - told).max(0.0)));
        rows
    }

    fn row(&self, rank: u32, position: usize) -> Holder {
        let prison = self.pair.prison.unwrap_or_default();
        let place = &self.context.roll.prisons[prison as usize];
        let occupant = &place.held[position];
        let log10_lr = self.log10_lr(self.posterior.likelihoods[position], self.posterior.priors[position]);
        let findings = if rank as usize <= self.context.settings.explained {
            self.findings(prison, position, log10_lr)
        } else {
            Vec::new()
        };
        Holder {
            handset: self.phone.handset.clone(),
            imei: self.phone.imei,
            rank,
            inmate: Some(self.context.roll.inmates[occupant.inmate as usize].clone()),
            facility: place.id.clone(),
            cell: occupant.cell.map(|cell| place.cells[cell as usize].id.clone()),
            log10_lr,
            probability: self.posterior.kept * self.posterior.users[position],
            findings,
        }
    }

    /// What the weight is made of; of a handset that changed hands, what its last stretch says, and
    /// the doubt whether it did.
    fn findings(&self, prison: u32, position: usize, log10_lr: f64) -> Vec<HolderFinding> {
        let Some(last) = self.last else {
            return self.candidate((self.phone, self.pair, &self.posterior), prison, position).findings(log10_lr);
        };
        let (likelihood, prior) = (last.posterior.likelihoods[position], last.posterior.priors[position]);
        let alone = self::log10_lr(&last.posterior, likelihood, prior, self.bound);
        let stretch = (&last.phone, &last.pair, &last.posterior);
        let mut findings = self.candidate(stretch, prison, position).findings(alone);
        findings.push(HolderFinding {
            fact: HolderFact::HandedOn { day: last.since, probability: last.changed },
            source: Source::Records,
            class: SourceClass::Judicial,
            log10_lr: log10_lr - alone,
        });
        findings
    }

    fn candidate<'a>(
        &'a self,
        (phone, pair, posterior): (&'a Phone, &'a Pair, &'a Posterior),
        prison: u32,
        position: usize,
    ) -> Candidate<'a> {
        let (context, model, pairs) = (self.context, self.model, self.pairs);
        Candidate { context, model, pairs, phone, pair, posterior, prison, position: position as u32 }
    }

    fn none(&self, rank: u32, probability: f64) -> Holder {
        Holder {
            handset: self.phone.handset.clone(),
            imei: self.phone.imei,
            rank,
            inmate: None,
            facility: self.phone.stays[self.pair.stay as usize].0.clone(),
            cell: None,
            log10_lr: self.log10_lr(self.posterior.none_likelihood, self.context.settings.none),
            probability,
            findings: Vec::new(),
        }
    }

    fn log10_lr(&self, likelihood: f64, prior: f64) -> f64 {
        log10_lr(&self.posterior, likelihood, prior, self.bound)
    }
}
