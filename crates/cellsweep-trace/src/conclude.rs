//! The second pass: weights of all stays, the prior, and the devices with their findings.

use cellsweep_model::finding::{Fact, Finding, Source};
use cellsweep_model::{Device, Imei, Imsi, SectorId};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::candidate::Candidate;
use crate::dual;
use crate::features::{self, Context, Features, NAMES, Surroundings};
use crate::radio::FacilityRadio;
use crate::stay::Stay;
use crate::weights::Weights;
use crate::{TraceSettings, Traced};

/// A stay with its measures and their weights.
struct Weighed<'a> {
    stay: &'a Stay,
    features: Features,
    weights: [f64; NAMES.len()],
    /// ln of the likelihood ratio.
    ln_lr: f64,
}

/// Times that the radio inside is corrected by the handsets that it made likely.
const CORRECTIONS: usize = 2;

/// Weighs every candidate and lists the devices.
pub fn conclude(context: &Context<'_>, settings: &TraceSettings, candidates: &[Candidate]) -> Traced {
    let candidates = without_doubles(candidates);
    let phones = phones(&candidates, context);
    let radios = corrected_radios(context, settings, &phones);
    let context = &Context { radios: &radios, ..*context };
    let weighed = weigh_all(context, &phones);
    let prior = settings.prior.unwrap_or_else(|| estimated_prior(&weighed));
    let mut devices = Vec::new();
    for (phone, weighed) in phones.iter().zip(&weighed) {
        devices.extend(list(context, phone, weighed, prior).filter(|device| device.probability >= settings.threshold));
    }
    devices.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| (&a.handset, &a.facility).cmp(&(&b.handset, &b.facility)))
    });
    Traced { devices, prior, method: Weights::shipped().version.clone(), candidates: phones.len() as u64 }
}

/// The measures of every stay, for fitting weights: handset, facility, values.
pub fn measures(
    context: &Context<'_>,
    settings: &TraceSettings,
    candidates: &[Candidate],
) -> Vec<(String, u32, [f64; NAMES.len()])> {
    let candidates = without_doubles(candidates);
    let phones = phones(&candidates, context);
    let radios = corrected_radios(context, settings, &phones);
    let context = &Context { radios: &radios, ..*context };
    let weighed = weigh_all(context, &phones);
    let rows = phones.iter().zip(&weighed).flat_map(|(phone, weighed)| {
        weighed.iter().map(|stay| (handset_key(phone.main), stay.stay.facility, stay.features.values))
    });
    rows.collect()
}

/// A candidate that is a phone's main slot, and the phone's other IMEIs.
struct Phone<'a> {
    main: &'a Candidate,
    others: Vec<Imei>,
}

fn phones<'a>(candidates: &[&'a Candidate], context: &Context<'_>) -> Vec<Phone<'a>> {
    let main = dual::main_slots(candidates, context.devices);
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

/// A stay's hours by sector, and how likely it is.
type Likely<'a> = (&'a [(SectorId, u32)], f64);

/// The radio inside, as the case's own handsets correct it: weighed, believed, weighed again.
fn corrected_radios(context: &Context<'_>, settings: &TraceSettings, phones: &[Phone<'_>]) -> Vec<FacilityRadio> {
    let mut radios = context.map.facilities.clone();
    for _ in 0..CORRECTIONS {
        let weighed = weigh_all(&Context { radios: &radios, ..*context }, phones);
        let prior = settings.prior.unwrap_or_else(|| estimated_prior(&weighed));
        let mut likely: Vec<Vec<Likely<'_>>> = vec![Vec::new(); radios.len()];
        for stays in &weighed {
            for (weighed, probability) in stays.iter().zip(posteriors(stays, prior)) {
                if probability > 0.3 {
                    likely[weighed.stay.facility as usize].push((&weighed.stay.sectors, probability));
                }
            }
        }
        radios = context
            .map
            .facilities
            .iter()
            .zip(likely)
            .map(|(radio, likely)| radio.corrected(likely.into_iter()))
            .collect();
    }
    radios
}

fn weigh_all<'a>(context: &Context<'_>, phones: &[Phone<'a>]) -> Vec<Vec<Weighed<'a>>> {
    let surroundings = surroundings(context, phones);
    phones.par_iter().map(|phone| weigh(context, &surroundings, phone.main)).collect()
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

fn surroundings(context: &Context<'_>, phones: &[Phone<'_>]) -> Vec<Surroundings> {
    let facilities = context.radios;
    let mut stays: Vec<Vec<&Stay>> = vec![Vec::new(); facilities.len()];
    for stay in phones.iter().flat_map(|phone| &phone.main.stays) {
        stays[stay.facility as usize].push(stay);
    }
    facilities.iter().zip(stays).map(|(radio, stays)| Surroundings::new(radio, stays.into_iter())).collect()
}

fn weigh<'a>(context: &Context<'_>, surroundings: &[Surroundings], candidate: &'a Candidate) -> Vec<Weighed<'a>> {
    let shipped = Weights::shipped();
    let weigh = |stay: &'a Stay| {
        let features = features::measure(context, &surroundings[stay.facility as usize], candidate, stay);
        let weights = shipped.of(&features.values);
        let ln_lr = shipped.intercept + weights.iter().sum::<f64>();
        Weighed { stay, features, weights, ln_lr }
    };
    candidate.stays.iter().map(weigh).collect()
}

/// Share of candidates that were kept somewhere in the worlds that the weights were fitted on, and
/// how much it counts beside the case's own estimate: ratios that are too cautious would else talk
/// the prior, and themselves, down to nothing.
const USUAL_PRIOR: f64 = 0.12;
const USUAL_WEIGHT: f64 = 0.25;

/// The share of candidates that are kept somewhere, from the ratios themselves: the fixed point
/// of the mean posterior (Saerens, Latinne & Decaestecker 2002, eq. 2.3).
fn estimated_prior(weighed: &[Vec<Weighed<'_>>]) -> f64 {
    let mut prior = USUAL_PRIOR;
    if weighed.is_empty() {
        return prior;
    }
    let count = weighed.len() as f64;
    for _ in 0..50 {
        let sum: f64 = weighed.iter().map(|stays| posteriors(stays, prior).iter().sum::<f64>()).sum();
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
fn posteriors(stays: &[Weighed<'_>], prior: f64) -> Vec<f64> {
    let ln_prior = (prior / (1.0 - prior)).ln() - (stays.len().max(1) as f64).ln();
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
    phone: &'a Phone<'_>,
    weighed: &'a [Weighed<'a>],
    prior: f64,
) -> impl Iterator<Item = Device> + 'a {
    let candidate = phone.main;
    weighed.iter().zip(posteriors(weighed, prior)).map(move |(weighed, probability)| Device {
        handset: handset_key(candidate),
        imei: candidate.imei,
        other_imeis: phone.others.clone(),
        facility: context.evidence.facilities[weighed.stay.facility as usize].id.clone(),
        log10_lr: weighed.ln_lr / std::f64::consts::LN_10,
        probability,
        first_seen: candidate.seen.0,
        last_seen: candidate.seen.1,
        events: candidate.events,
        days_present: weighed.stay.days_inside,
        imsis: candidate.imsis.len() as u32,
        in_ledger: context.devices.sold(candidate.imei).is_some(),
        class: candidate.class,
        cloned: !candidate.suffix.is_empty(),
        findings: findings(context, candidate, weighed),
    })
}

/// The findings of a stay; their weights sum to its log10 likelihood ratio.
fn findings(context: &Context<'_>, candidate: &Candidate, weighed: &Weighed<'_>) -> Vec<Finding> {
    let mut rest: f64 = Weights::shipped().intercept;
    let mut findings = Vec::new();
    let mut taken = [false; NAMES.len()];
    for (fact, source, measures) in facts(context, candidate, weighed) {
        let mut weight = 0.0;
        for (index, name) in NAMES.iter().enumerate() {
            if measures.contains(name) {
                weight += weighed.weights[index];
                taken[index] = true;
            }
        }
        findings.push(Finding { fact, source, log10_lr: weight / std::f64::consts::LN_10 });
    }
    for (index, weight) in weighed.weights.iter().enumerate() {
        if !taken[index] {
            rest += weight;
        }
    }
    findings.push(Finding {
        fact: Fact::Calibration,
        source: Source::Records,
        log10_lr: rest / std::f64::consts::LN_10,
    });
    findings.sort_by(|a, b| b.log10_lr.abs().total_cmp(&a.log10_lr.abs()));
    findings
}

type Measured = (Fact, Source, &'static [&'static str]);

/// What the measures say, in facts that a person can read, and which measures each stands for.
fn facts(context: &Context<'_>, candidate: &Candidate, weighed: &Weighed<'_>) -> Vec<Measured> {
    let (stay, features) = (weighed.stay, &weighed.features);
    let radio = &context.radios[stay.facility as usize];
    let inside = f64::from(stay.inside.max(1));
    let hours =
        |from: usize, to: usize| stay.hours[from..to].iter().map(|hours| f64::from(*hours)).sum::<f64>() / inside;
    let events = f64::from(stay.counts.events.max(1));
    let counts = &stay.counts;
    let units = stay.inside + stay.aside + stay.away;
    let mut facts: Vec<Measured> = vec![
        (
            Fact::SectorFit { inside_events: stay.inside, events: units, basis: radio.basis },
            Source::Records,
            &["sector_fit", "sector_fit_model", "sector_divergence", "rival_fit", "units"],
        ),
        (
            Fact::Excursions { days: stay.away_days, days_seen: stay.days, farthest_m: stay.farthest_m },
            Source::Records,
            &["away_days", "away_share", "aside_share"],
        ),
        (presence(context, stay), Source::Records, &["active_days", "silence", "arrival"]),
        (
            Fact::Hours {
                evening_share: hours(18, 24) + hours(0, 2),
                working_share: hours(8, 17),
                events: stay.inside,
            },
            Source::Records,
            &["evening_share", "night_share", "working_share"],
        ),
        (
            Fact::Sessions {
                on_off_share: f64::from(counts.attach + counts.detach) / events,
                hours_a_day: f64::from(stay.hours_heard) / f64::from(stay.days.max(1)),
            },
            Source::Records,
            &["on_off_share", "hours_a_day", "long_days"],
        ),
        (
            Fact::Use {
                talk_share: f64::from(counts.voice_in + counts.voice_out + counts.sms_in + counts.sms_out) / events,
                data_share: f64::from(counts.data) / events,
            },
            Source::Records,
            &["talk_share", "data_share", "update_share"],
        ),
        (
            Fact::Sims { count: candidate.imsis.len() as u32, days: candidate.days.len() as u32 },
            Source::Records,
            &["sims"],
        ),
        (Fact::Model { class: candidate.class }, Source::Catalogue, &["class"]),
    ];
    if features.rings.0 > 0 {
        let fitting_share = f64::from(features.rings.1) / f64::from(features.rings.0);
        let count = stay.advances.iter().map(|(_, _, advances)| advances.count).sum();
        facts.push((Fact::TimingAdvance { count, fitting_share }, Source::Records, &["timing_advance"]));
    }
    facts.extend(device_facts(context, candidate, stay));
    facts
}

fn presence(context: &Context<'_>, stay: &Stay) -> Fact {
    let days = (context.at - stay.first).max(0) / 86_400_000_000 + 1;
    Fact::Presence { days_present: stay.days_inside, days_span: u32::try_from(days).unwrap_or(u32::MAX) }
}

fn device_facts(context: &Context<'_>, candidate: &Candidate, stay: &Stay) -> Vec<Measured> {
    let mut facts: Vec<Measured> = Vec::new();
    let devices = context.devices;
    match devices.sold(candidate.imei) {
        Some(sold) => {
            let days = (candidate.seen.0 - sold).div_euclid(86_400_000_000);
            facts.push((Fact::Ledger { days_to_first_seen: Some(days) }, Source::Ledger, &["ledger"]));
        }
        None if devices.has_ledger() => facts.push((Fact::NotInLedger, Source::Ledger, &["ledger"])),
        None => {}
    }
    if let Some(role) = devices.role(candidate.imei) {
        facts.push((Fact::Known { role: role.to_owned() }, Source::Administration, &["known"]));
    }
    if devices.seized_index(candidate.imei, stay.last, context.at) > 0.0 {
        facts.push((Fact::SeizedBefore, Source::Administration, &["seized"]));
    }
    if candidate.facilities_heard > 1 {
        let facilities = candidate.facilities_heard;
        facts.push((Fact::SeveralFacilities { facilities }, Source::Records, &["several_facilities"]));
    }
    facts
}
