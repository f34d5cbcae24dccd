//! The second pass: weights of all stays, the prior, and the devices with their findings.
//!
//! The candidates are gone through once to learn and once to weigh, in each round; what stays in memory of each is a
//! number a stay. The measures are taken anew of those that are listed.

use std::f64::consts::LN_10;
use std::io;

use cellsweep_model::Device;
use cellsweep_model::calibration::{Basis, Labelled, OwnTruth};
use rayon::prelude::*;

use crate::ask;
use crate::candidate::Candidate;
use crate::features::{self, Context, Features, NAMES, Seen};
use crate::files::{Dossier, Files, in_order};
use crate::findings;
use crate::learned::{Believed, Learned, Lessons};
use crate::phones::{Phones, Shares};
use crate::prior;
use crate::stay::Stay;
use crate::weights::Weights;
use crate::{Measures, TraceSettings, Traced};

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

/// What the weighing came to, with what it rests on.
struct Verdict<'a> {
    phones: &'a Phones,
    /// What was learnt before the last weighing, and what was believed then.
    learned: Learned,
    believed: Shares<'a>,
    /// What is believed since.
    posteriors: Shares<'a>,
}

/// A handset's rows, and those by which the method's own weights are judged.
#[derive(Default)]
struct Rows {
    devices: Vec<Device>,
    labels: Vec<Labelled>,
}

/// Times that what the case teaches is learnt anew from what was made likely.
const ROUNDS: usize = 4;

/// Weighs every candidate and lists the devices.
///
/// # Errors
/// When the candidates can't be read again.
pub fn conclude(
    context: &Context<'_>,
    settings: &TraceSettings,
    files: &dyn Files,
    progress: &dyn Fn(f64),
) -> io::Result<Traced> {
    let phones = Phones::find(files, context)?;
    let context = &Context { elsewhere: phones.elsewhere, ..*context };
    let mut verdict = weigh_all(context, settings, files, &phones, progress)?;
    let base = verdict.soften();
    let truth = OwnTruth::new(&context.evidence.known_devices, &context.evidence.seizures, context.at);
    let (mut all, mut open) = (Rows::default(), ask::Open::default());
    in_order(files, &mut |first, dossiers| {
        let of_each: Vec<Rows> = dossiers
            .par_iter()
            .enumerate()
            .filter(|(at, _)| phones.is_one(first + at))
            .map(|(at, dossier)| verdict.rows(context, (first + at, dossier), base, settings.threshold, &truth))
            .collect();
        for rows in of_each {
            all.devices.extend(rows.devices);
            all.labels.extend(rows.labels);
        }
        for (index, dossier) in (first..).zip(dossiers).filter(|(index, _)| phones.is_one(*index)) {
            open.take(context, &verdict.learned, dossier, verdict.posteriors.of(index));
        }
    })?;
    let Rows { mut devices, labels } = all;
    devices.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| (&a.handset, &a.facility).cmp(&(&b.handset, &b.facility)))
    });
    let (asks, suggestions) = open.settle();
    Ok(Traced {
        devices,
        prior: base,
        method: Weights::shipped().version.clone(),
        candidates: phones.count() as u64,
        asks,
        suggestions,
        elsewhere: context.elsewhere,
        clock_slips: Vec::new(),
        table_doubts: Vec::new(),
        basis: Basis::of(&labels),
    })
}

impl Verdict<'_> {
    /// Draws the weights within the bounds that the method's worlds can carry, and says what the
    /// weights are relative to: the expected share of rows worth listing that are right. The
    /// population that "kept elsewhere" is measured against are the handsets that could be
    /// mistaken for one inside, for nobody asks about the others.
    fn soften(&mut self) -> f64 {
        let worth = self.posteriors.values.iter().filter(|probability| **probability >= WORTH_LISTING);
        let (sum, count) = worth.fold((0.0, 0.0), |(sum, count), probability| (sum + probability, count + 1.0));
        let base = if count == 0.0 { prior::USUAL_PRIOR } else { (sum / count).clamp(0.02, 0.98) };
        let bounds = Weights::shipped().bounds;
        let listed = self.posteriors.values.iter_mut().filter(|probability| **probability >= WORTH_LISTING);
        for probability in listed {
            let log10_lr = bounds.soften((ln_odds(*probability) - ln_odds(base)) / LN_10);
            *probability = probability_of(log10_lr * LN_10 + ln_odds(base));
        }
        base
    }

    /// A phone's rows from the threshold on. Of a handset whose place is known from elsewhere than the records all
    /// weights are labels, listed or not.
    fn rows(
        &self,
        context: &Context<'_>,
        (index, dossier): (usize, &Dossier),
        base: f64,
        threshold: f64,
        truth: &OwnTruth,
    ) -> Rows {
        let others = self.phones.others(index);
        let known = dossier.candidate.imei.iter().chain(others).any(|imei| truth.speaks_of(*imei));
        let least = if known { 0.0 } else { threshold };
        let stays = self.posteriors.of(index);
        if !stays.iter().any(|probability| *probability >= least) {
            return Rows::default();
        }
        let weighed = weigh(context, &self.learned, dossier, self.believed.of(index));
        let listed = weighed.iter().zip(stays).filter(|(_, probability)| **probability >= least);
        let mut devices: Vec<Device> = listed
            .map(|(weighed, probability)| {
                let log10_lr = (ln_odds(*probability) - ln_odds(base)) / LN_10;
                let findings = findings::of_stay(context, &self.learned, dossier, weighed, log10_lr);
                Device {
                    log10_lr,
                    probability: *probability,
                    findings,
                    ..device(context, &dossier.candidate, weighed.stay)
                }
            })
            .collect();
        devices.iter_mut().for_each(|device| device.other_imeis = others.to_vec());
        let labels = if known { devices.iter().filter_map(|device| truth.label(device)).collect() } else { Vec::new() };
        devices.retain(|device| device.probability >= threshold);
        Rows { devices, labels }
    }
}

/// A row without what was made of it.
fn device(context: &Context<'_>, candidate: &Candidate, stay: &Stay) -> Device {
    Device {
        handset: handset_key(candidate),
        imei: candidate.imei,
        other_imeis: Vec::new(),
        facility: context.evidence.facilities[stay.facility as usize].id.clone(),
        log10_lr: 0.0,
        probability: 0.0,
        first_seen: candidate.seen.0,
        last_seen: candidate.seen.1,
        events: candidate.events,
        days_present: stay.days_inside,
        imsis: candidate.imsis.len() as u32,
        in_ledger: context.devices.sold(candidate.imei).is_some(),
        class: candidate.class,
        cloned: !candidate.suffix.is_empty(),
        findings: Vec::new(),
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
///
/// # Errors
/// As [`conclude`].
pub fn measures(
    context: &Context<'_>,
    settings: &TraceSettings,
    files: &dyn Files,
    show: &mut dyn FnMut(Measures),
) -> io::Result<()> {
    let phones = Phones::find(files, context)?;
    let context = &Context { elsewhere: phones.elsewhere, ..*context };
    let verdict = weigh_all(context, settings, files, &phones, &|_share| {})?;
    in_order(files, &mut |first, dossiers| {
        for (index, dossier) in (first..).zip(dossiers).filter(|(index, _)| phones.is_one(*index)) {
            let handset = handset_key(&dossier.candidate);
            for weighed in weigh(context, &verdict.learned, dossier, verdict.believed.of(index)) {
                let (handset, facility) = (handset.clone(), weighed.stay.facility);
                show(Measures { handset, facility, values: weighed.features.values });
            }
        }
    })
}

/// Weighs, learns from what was made likely, and weighs again.
fn weigh_all<'a>(
    context: &Context<'_>,
    settings: &TraceSettings,
    files: &dyn Files,
    phones: &'a Phones,
    progress: &dyn Fn(f64),
) -> io::Result<Verdict<'a>> {
    // Finding the phones before, and listing them afterwards, are taken for half a round each.
    let done = |rounds: f64| progress((rounds + 0.5) / (ROUNDS as f64 + 1.0));
    let mut believed = phones.shares(Vec::new());
    let mut round = 0;
    loop {
        done(round as f64);
        let learned = learn(context, files, &believed)?;
        done(round as f64 + 0.5);
        let ln_lrs = ratios(context, files, &learned, &believed)?;
        let prior = settings.prior.unwrap_or_else(|| prior::estimated(phones, &ln_lrs));
        let mut posteriors = ln_lrs;
        phones.each().for_each(|stays| prior::to_posteriors(&mut posteriors[stays], prior));
        let mut posteriors = phones.shares(posteriors);
        round += 1;
        if round >= ROUNDS {
            phones.each().for_each(|stays| calibrate(&mut posteriors.values[stays]));
            done(ROUNDS as f64);
            return Ok(Verdict { phones, learned, believed, posteriors });
        }
        believed = posteriors;
    }
}

fn learn(context: &Context<'_>, files: &dyn Files, believed: &Shares<'_>) -> io::Result<Learned> {
    let mut lessons = Lessons::new(context.map, !believed.values.is_empty());
    in_order(files, &mut |first, dossiers| {
        let phones: Vec<Believed<'_>> = believed.phones_of(first, dossiers).collect();
        lessons.take(&phones);
    })?;
    Ok(lessons.learn())
}

/// ln of the likelihood ratio of each phone's stays.
fn ratios(context: &Context<'_>, files: &dyn Files, learned: &Learned, believed: &Shares<'_>) -> io::Result<Vec<f64>> {
    let mut ln_lrs = Vec::new();
    in_order(files, &mut |first, dossiers| {
        let phones: Vec<Believed<'_>> = believed.phones_of(first, dossiers).collect();
        let of_each: Vec<Vec<f64>> = phones
            .par_iter()
            .map(|phone| {
                weigh(context, learned, phone.dossier, phone.stays).iter().map(|weighed| weighed.ln_lr).collect()
            })
            .collect();
        ln_lrs.extend(of_each.into_iter().flatten());
    })?;
    Ok(ln_lrs)
}

/// States what computed probabilities stand for; a handset is kept in one place at most.
fn calibrate(stays: &mut [f64]) {
    let calibration = Weights::shipped().calibration;
    stays.iter_mut().for_each(|probability| *probability = calibration.of(*probability));
    let sum: f64 = stays.iter().sum();
    if sum > 1.0 {
        stays.iter_mut().for_each(|probability| *probability /= sum);
    }
}

fn weigh<'a>(context: &Context<'_>, learned: &Learned, dossier: &'a Dossier, beliefs: &[f64]) -> Vec<Weighed<'a>> {
    let shipped = Weights::shipped();
    let anywhere = beliefs.iter().sum::<f64>().min(1.0);
    let Dossier { candidate, calls, asked_for } = dossier;
    let weigh = |(index, stay): (usize, &'a Stay)| {
        let belief = beliefs.get(index).copied().unwrap_or(0.0);
        let seen = Seen { candidate, calls: calls.as_ref(), asked_for: *asked_for, stay, belief, anywhere };
        let features = features::measure(context, learned, seen);
        let weights = shipped.of(&features.values, candidate.hands);
        let ln_lr = shipped.intercept + weights.iter().sum::<f64>();
        Weighed { stay, features, weights, ln_lr }
    };
    candidate.stays.iter().enumerate().map(weigh).collect()
}

fn handset_key(candidate: &Candidate) -> String {
    let base = candidate.imei.map_or_else(|| candidate.key.listed_as(), |imei| imei.to_string());
    if candidate.suffix.is_empty() { base } else { format!("{base}-{}", candidate.suffix) }
}
