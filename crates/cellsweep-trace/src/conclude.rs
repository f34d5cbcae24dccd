//! The second pass: weights of all stays, the prior, and the devices with their findings.

use std::f64::consts::LN_10;
use std::sync::Arc;

use cellsweep_model::calibration::{Basis, Labelled, OwnTruth};
use cellsweep_model::rows::RequestKind;
use cellsweep_model::{Device, Imei, Imsi};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::ask;
use crate::calls::CallsBy;
use crate::candidate::Candidate;
use crate::dual;
use crate::features::{self, Context, Features, NAMES, Seen};
use crate::findings;
use crate::learned::{self, Believed, Learned};
use crate::stay::Stay;
use crate::weights::Weights;
use crate::{TraceSettings, Traced};

/// A stay with its measures and their weights.
pub struct Weighed<'a> {
    /// The stay.
    pub stay: &'a Stay,
    /// Its measures.
    pub features: Features,
    /// What each measure weighs, ln.
    pub weights: [f64; NAMES.len()],
    /// ln of the likelihood ratio.
    ln_lr: f64,
}

/// Everything weighed, with what that rests on.
struct Verdict<'a> {
    weighed: Vec<Vec<Weighed<'a>>>,
    /// Of each phone's stays.
    posteriors: Vec<Vec<f64>>,
    learned: Learned,
}

/// Times that what the case teaches is learnt anew from what was made likely.
const ROUNDS: usize = 4;

/// Weighs every candidate and lists the devices.
pub fn conclude(context: &Context<'_>, settings: &TraceSettings, candidates: &[Candidate]) -> Traced {
    let candidates = without_doubles(candidates);
    let context = &Context { asked_elsewhere: asked_elsewhere(context, &candidates), ..*context };
    let phones = phones(&candidates, context);
    let mut verdict = weigh_all(context, settings, &phones);
    let base = verdict.soften();
    let mut devices = Vec::new();
    for (index, phone) in phones.iter().enumerate() {
        devices.extend(list(context, &verdict, phone, (index, base), settings.threshold));
    }
    let labels = own_labels(context, &verdict, &phones, base);
    devices.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| (&a.handset, &a.facility).cmp(&(&b.handset, &b.facility)))
    });
    let method = Weights::shipped().version.clone();
    let judged: Vec<ask::Judged<'_>> =
        phones.iter().zip(&verdict.posteriors).map(|(phone, stays)| (phone.main, stays.as_slice())).collect();
    Traced {
        devices,
        prior: base,
        method,
        candidates: phones.len() as u64,
        asks: ask::asks(context, &verdict.learned, &judged),
        suggestions: ask::suggestions(&judged),
        asked_elsewhere: context.asked_elsewhere,
        clock_slips: Vec::new(),
        table_doubts: Vec::new(),
        basis: Basis::of(&labels),
    }
}

/// The weights of all handsets whose place is known from elsewhere than the records, listed or not.
fn own_labels(context: &Context<'_>, verdict: &Verdict<'_>, phones: &[Phone<'_>], base: f64) -> Vec<Labelled> {
    let evidence = context.evidence;
    let truth = OwnTruth::new(&evidence.known_devices, &evidence.seizures, context.at);
    let known = |phone: &Phone<'_>| phone.main.imei.iter().chain(&phone.others).any(|imei| truth.speaks_of(*imei));
    let of_known = phones.iter().enumerate().filter(|(_, phone)| known(phone));
    of_known
        .flat_map(|(index, phone)| list(context, verdict, phone, (index, base), 0.0))
        .filter_map(|device| truth.label(&device))
        .collect()
}

impl Verdict<'_> {
    /// Draws the weights within the bounds that the method's worlds can carry, and says what the
    /// weights are relative to: the expected share of rows worth listing that are right. The
    /// population that "kept elsewhere" is measured against are the handsets that could be
    /// mistaken for one inside, for nobody asks about the others.
    fn soften(&mut self) -> f64 {
        let worth = self.posteriors.iter().flatten().filter(|probability| **probability >= WORTH_LISTING);
        let (sum, count) = worth.fold((0.0, 0.0), |(sum, count), probability| (sum + probability, count + 1.0));
        let base = if count == 0.0 { USUAL_PRIOR } else { (sum / count).clamp(0.02, 0.98) };
        let bounds = Weights::shipped().bounds;
        let listed = self.posteriors.iter_mut().flatten().filter(|probability| **probability >= WORTH_LISTING);
        for probability in listed {
            let log10_lr = bounds.soften((ln_odds(*probability) - ln_odds(base)) / LN_10);
            *probability = probability_of(log10_lr * LN_10 + ln_odds(base));
        }
        base
    }
}

/// Probability from which a row is worth listing, whatever the threshold that a user sets.
const WORTH_LISTING: f64 = 0.01;

fn ln_odds(probability: f64) -> f64 {
    let probability = probability.clamp(1e-9, 1.0 - 1e-9);
    (probability / (1.0 - probability)).ln()
}

fn probability_of(ln_odds: f64) -> f64 {
    1.0 / (1.0 + (-ln_odds).exp())
}

/// The measures of every stay, for fitting weights: handset, facility, values.
pub fn measures(
    context: &Context<'_>,
    settings: &TraceSettings,
    candidates: &[Candidate],
) -> Vec<(String, u32, [f64; NAMES.len()])> {
    let candidates = without_doubles(candidates);
    let context = &Context { asked_elsewhere: asked_elsewhere(context, &candidates), ..*context };
    let phones = phones(&candidates, context);
    let verdict = weigh_all(context, settings, &phones);
    let rows = phones.iter().zip(&verdict.weighed).flat_map(|(phone, weighed)| {
        weighed.iter().map(|stay| (handset_key(phone.main), stay.stay.facility, stay.features.values))
    });
    rows.collect()
}

/// Whether operators were asked for more than the facilities' sectors: as `requests` says, else
/// as the records show: of all that was heard, hardly anything would be elsewhere.
fn asked_elsewhere(context: &Context<'_>, candidates: &[&Candidate]) -> bool {
    let requests = &context.evidence.requests;
    if !requests.is_empty() {
        return requests.iter().any(|request| request.kind != RequestKind::Sectors);
    }
    let stays = candidates.iter().flat_map(|candidate| &candidate.stays);
    let (away, all) = stays.fold((0u64, 0u64), |(away, all), stay| {
        (away + u64::from(stay.away), all + u64::from(stay.inside + stay.aside + stay.away))
    });
    all == 0 || away as f64 / all as f64 > LEAST_AWAY
}

/// People near facilities are elsewhere for a good part of their time; where less than this of
/// all that was heard is away, away was not asked for.
const LEAST_AWAY: f64 = 0.01;

/// A candidate that is a phone's main slot, and the phone's other IMEIs.
struct Phone<'a> {
    main: &'a Candidate,
    others: Vec<Imei>,
}

fn phones<'a>(candidates: &[&'a Candidate], context: &Context<'_>) -> Vec<Phone<'a>> {
    let main = dual::main_slots(candidates, context);
    let mut phones: Vec<Phone<'a>> = Vec::new();
    let mut position = vec![usize::MAX; candidates.len()];
    for (index, candidate) in candidates.iter().enumerate() {
        if main[index] == index {
            position[index] = phones.len();
            phones.push(Phone { main: candidate, others: Vec::new() });
        }
    }
    for (index, candidate) in candidates.iter().enumerate() {
        if main[index] != index {
            phones[position[main[index]]].others.extend(candidate.imei);
        }
    }
    phones
}

/// Weighs, learns from what was made likely, and weighs again.
fn weigh_all<'a>(context: &Context<'_>, settings: &TraceSettings, phones: &[Phone<'a>]) -> Verdict<'a> {
    // Whom a phone called doesn't change with what is believed of it.
    let calls: Arc<[Option<CallsBy>]> =
        phones.par_iter().map(|phone| context.lists.calls(context.spoken, phone.main)).collect::<Vec<_>>().into();
    let mut posteriors: Vec<Vec<f64>> = vec![Vec::new(); phones.len()];
    let mut round = 0;
    loop {
        let believed: Vec<Believed<'_>> =
            phones.iter().zip(&posteriors).map(|(phone, stays)| Believed { candidate: phone.main, stays }).collect();
        let learned = learned::learn(context.map, &believed, &calls);
        let weighed: Vec<Vec<Weighed<'a>>> = phones
            .par_iter()
            .zip(&posteriors)
            .enumerate()
            .map(|(index, (phone, beliefs))| weigh(context, &learned, (index, phone.main), beliefs))
            .collect();
        let prior = settings.prior.unwrap_or_else(|| estimated_prior(&weighed));
        posteriors = weighed.iter().map(|stays| posteriors_of(stays, prior)).collect();
        round += 1;
        if round >= ROUNDS {
            calibrate(&mut posteriors);
            return Verdict { weighed, posteriors, learned };
        }
    }
}

/// States what the computed probabilities stand for; a handset is kept in one place at most.
fn calibrate(posteriors: &mut [Vec<f64>]) {
    let calibration = Weights::shipped().calibration;
    for stays in posteriors {
        stays.iter_mut().for_each(|probability| *probability = calibration.of(*probability));
        let sum: f64 = stays.iter().sum();
        if sum > 1.0 {
            stays.iter_mut().for_each(|probability| *probability /= sum);
        }
    }
}

/// Records without an IMEI make a candidate of their own; where their subscriber also shows an
/// IMEI, that handset is the same one and has the fuller account.
fn without_doubles(candidates: &[Candidate]) -> Vec<&Candidate> {
    let with_imei: FxHashSet<Imsi> = candidates
        .iter()
        .filter(|candidate| candidate.imei.is_some())
        .flat_map(|candidate| candidate.imsis.iter().copied())
        .collect();
    candidates
        .iter()
        .filter(|candidate| candidate.imei.is_some() || !candidate.imsis.iter().any(|imsi| with_imei.contains(imsi)))
        .collect()
}

fn weigh<'a>(
    context: &Context<'_>,
    learned: &Learned,
    (place, candidate): (usize, &'a Candidate),
    beliefs: &[f64],
) -> Vec<Weighed<'a>> {
    let shipped = Weights::shipped();
    let anywhere = beliefs.iter().sum::<f64>().min(1.0);
    let weigh = |(index, stay): (usize, &'a Stay)| {
        let belief = beliefs.get(index).copied().unwrap_or(0.0);
        let features = features::measure(context, learned, Seen { index: place, candidate, stay, belief, anywhere });
        let weights = shipped.of(&features.values);
        let ln_lr = shipped.intercept + weights.iter().sum::<f64>();
        Weighed { stay, features, weights, ln_lr }
    };
    candidate.stays.iter().enumerate().map(weigh).collect()
}

/// Share of stays that were real in the worlds that the weights were fitted on, and
/// how much it counts beside the case's own estimate: ratios that are too cautious would else talk
/// the prior, and themselves, down to nothing.
const USUAL_PRIOR: f64 = 0.2;
const USUAL_WEIGHT: f64 = 0.03;

/// The share of stays near facilities that are real, from the ratios themselves: the fixed point
/// of the mean posterior (Saerens, Latinne & Decaestecker 2002, eq. 2.3).
fn estimated_prior(weighed: &[Vec<Weighed<'_>>]) -> f64 {
    let mut prior = USUAL_PRIOR;
    if weighed.is_empty() {
        return prior;
    }
    let count = weighed.iter().map(Vec::len).sum::<usize>() as f64;
    for _ in 0..50 {
        let sum: f64 = weighed.iter().map(|stays| posteriors_of(stays, prior).iter().sum::<f64>()).sum();
        let next = ((sum + USUAL_WEIGHT * count * USUAL_PRIOR) / (count + USUAL_WEIGHT * count)).min(0.9);
        let settled = (next - prior).abs() < 1e-4 * prior;
        prior = next;
        if settled {
            break;
        }
    }
    prior
}

/// Probabilities of the stays, against each other and against "nowhere".
fn posteriors_of(stays: &[Weighed<'_>], prior: f64) -> Vec<f64> {
    let ln_prior = (prior / (1.0 - prior)).ln();
    let greatest = stays.iter().map(|weighed| weighed.ln_lr + ln_prior).fold(0.0, f64::max);
    let odds: Vec<f64> = stays.iter().map(|weighed| (weighed.ln_lr + ln_prior - greatest).exp()).collect();
    let total = (-greatest).exp() + odds.iter().sum::<f64>();
    odds.into_iter().map(|odds| odds / total).collect()
}

fn handset_key(candidate: &Candidate) -> String {
    let base = match candidate.imei {
        Some(imei) => imei.to_string(),
        None => format!("s{:016x}", candidate.key.value().wrapping_mul(0x9e37_79b9_7f4a_7c15)),
    };
    if candidate.suffix.is_empty() { base } else { format!("{base}-{}", candidate.suffix) }
}

fn list<'a>(
    context: &'a Context<'_>,
    verdict: &'a Verdict<'a>,
    phone: &'a Phone<'_>,
    (index, base): (usize, f64),
    threshold: f64,
) -> impl Iterator<Item = Device> + 'a {
    let candidate = phone.main;
    let stays = verdict.weighed[index].iter().zip(&verdict.posteriors[index]);
    stays.filter(move |(_, probability)| **probability >= threshold).map(move |(weighed, probability)| {
        let log10_lr = (ln_odds(*probability) - ln_odds(base)) / LN_10;
        Device {
            handset: handset_key(candidate),
            imei: candidate.imei,
            other_imeis: phone.others.clone(),
            facility: context.evidence.facilities[weighed.stay.facility as usize].id.clone(),
            log10_lr,
            probability: *probability,
            first_seen: candidate.seen.0,
            last_seen: candidate.seen.1,
            events: candidate.events,
            days_present: weighed.stay.days_inside,
            imsis: candidate.imsis.len() as u32,
            in_ledger: context.devices.sold(candidate.imei).is_some(),
            class: candidate.class,
            cloned: !candidate.suffix.is_empty(),
            findings: findings::of_stay(context, &verdict.learned, (index, candidate), weighed, log10_lr),
        }
    })
}
