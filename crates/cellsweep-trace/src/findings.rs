//! What the measures of a stay say, in facts that a person can read.

use cellsweep_model::finding::{Fact, Finding, Source};

use crate::calls::CallsBy;
use crate::candidate::Candidate;
use crate::conclude::Weighed;
use crate::features::{Context, NAMES};
use crate::files::Dossier;
use crate::learned::Learned;
use crate::stay::Stay;

/// A fact, its source, and the measures whose weights it carries.
type Measured = (Fact, Source, &'static [&'static str]);

/// The findings of a stay; their weights sum to `log10_lr`.
pub fn of_stay(
    context: &Context<'_>,
    learned: &Learned,
    dossier: &Dossier,
    weighed: &Weighed<'_>,
    log10_lr: f64,
) -> Vec<Finding> {
    let candidate = &dossier.candidate;
    let mut facts = radio(learned, weighed);
    facts.extend(habits(context, candidate, weighed));
    facts.extend(circle(context, dossier.calls.as_ref(), weighed));
    facts.extend(device(context, candidate, weighed.stay));
    let mut findings: Vec<Finding> = facts.into_iter().map(|measured| finding(measured, weighed)).collect();
    let said: f64 = findings.iter().map(|finding| finding.log10_lr).sum();
    let rest = log10_lr - said;
    findings.push(Finding { fact: Fact::Calibration, source: Source::Records, log10_lr: rest });
    findings.sort_by(|a, b| b.log10_lr.abs().total_cmp(&a.log10_lr.abs()));
    findings
}

fn finding((fact, source, measures): Measured, weighed: &Weighed<'_>) -> Finding {
    let of_fact = NAMES.iter().zip(&weighed.weights).filter(|(name, _)| measures.contains(name));
    // No measure at all weighs 0, where a sum would say -0.
    let weight = of_fact.fold(0.0, |sum, (_, weight)| sum + weight);
    Finding { fact, source, log10_lr: weight / std::f64::consts::LN_10 }
}

fn value(weighed: &Weighed<'_>, name: &str) -> f64 {
    NAMES.iter().position(|known| *known == name).map_or(f64::NAN, |index| weighed.features.values[index])
}

fn radio(learned: &Learned, weighed: &Weighed<'_>) -> Vec<Measured> {
    let (stay, rings) = (weighed.stay, weighed.features.rings);
    let basis = learned.radios[stay.facility as usize].basis;
    let events = stay.inside + stay.aside + stay.away;
    let mut facts: Vec<Measured> = vec![(
        Fact::SectorFit { inside_events: stay.inside, events, basis },
        Source::Records,
        &["sector_fit", "sector_fit_model", "sector_divergence", "rival_fit", "units", "aside_share"],
    )];
    if !value(weighed, "away_days").is_nan() {
        let fact = Fact::Excursions { days: stay.away_days, days_seen: stay.days, farthest_m: stay.farthest_m };
        facts.push((fact, Source::Records, &["away_days", "away_share"]));
    }
    if rings.rings > 0 {
        let fitting_share = f64::from(rings.fitting) / f64::from(rings.rings);
        let count = stay.advances.iter().map(|(_, _, advances)| advances.count).sum();
        facts.push((Fact::TimingAdvance { count, fitting_share }, Source::Records, &["timing_advance"]));
    }
    facts
}

fn habits(context: &Context<'_>, candidate: &Candidate, weighed: &Weighed<'_>) -> Vec<Measured> {
    let stay = weighed.stay;
    let counts = &stay.counts;
    let events = f64::from(counts.events.max(1));
    let of_hours = |from: usize, to: usize| -> f64 { stay.hours[from..to].iter().map(|hours| f64::from(*hours)).sum() };
    let inside = f64::from(stay.inside.max(1));
    let days = f64::from(stay.days_inside.max(1));
    let usual_hour = stay.hours.iter().map(|hours| f64::from(*hours).min(days)).fold(0.0, f64::max);
    let machine = value(weighed, "same_hour") > LIKE_A_MACHINE;
    let mut facts: Vec<Measured> = vec![
        (
            presence(context, stay),
            Source::Records,
            &["active_days", "silence", "missed_hours", "arrival", "inside_before"],
        ),
        (
            Fact::Hours {
                evening_share: (of_hours(18, 24) + of_hours(0, 2)) / inside,
                working_share: of_hours(8, 17) / inside,
                events: stay.inside,
            },
            Source::Records,
            &["hours_fit"],
        ),
        (
            Fact::Sessions {
                on_off_share: f64::from(counts.attach + counts.detach) / events,
                hours_a_day: f64::from(stay.hours_heard) / f64::from(stay.days.max(1)),
            },
            Source::Records,
            if machine { &["on_off_share", "hours_a_day", "long_days"] } else { SESSIONS },
        ),
        (
            Fact::Use {
                talk_share: f64::from(counts.voice_in + counts.voice_out + counts.sms_in + counts.sms_out) / events,
                data_share: f64::from(counts.data) / events,
            },
            Source::Records,
            &["kinds_fit", "update_share"],
        ),
        (
            Fact::Sims { count: candidate.imsis.len() as u32, days: candidate.days.len() as u32 },
            Source::Records,
            &["sims"],
        ),
    ];
    if machine {
        facts.push((Fact::Machine { same_hour_share: usual_hour / days }, Source::Records, &["same_hour"]));
    }
    facts
}

/// What sessions carry where the rhythm is not a machine's.
const SESSIONS: &[&str] = &["on_off_share", "hours_a_day", "long_days", "same_hour"];
/// How much more often than its hours a day make likely a machine is heard in its usual hour.
const LIKE_A_MACHINE: f64 = 0.3;

fn presence(context: &Context<'_>, stay: &Stay) -> Fact {
    let days = (context.at - stay.first).max(0) / crate::DAY_US + 1;
    Fact::Presence { days_present: stay.days_inside, days_span: u32::try_from(days).unwrap_or(u32::MAX) }
}

/// Whom it spoke with, and what was done inside.
fn circle(context: &Context<'_>, calls: Option<&CallsBy>, weighed: &Weighed<'_>) -> Vec<Measured> {
    let stay = weighed.stay;
    let mut facts: Vec<Measured> = Vec::new();
    if let Some(calls) = calls.map(|calls| calls.from(stay.facility)) {
        let fact = Fact::Calls {
            listed_here: calls.listed.0,
            listed_elsewhere: calls.listed.1,
            peers: calls.peers,
            same_inmate: calls.same_inmate,
        };
        facts.push((fact, Source::Administration, &["calls_fit", "same_inmate"]));
        if calls.own_listed {
            facts.push((Fact::OwnNumberListed, Source::Administration, &["own_listed"]));
        }
    }
    let times = value(weighed, "sensors");
    if !times.is_nan() {
        let times = (times.exp() - 1.0).round() as u32;
        facts.push((Fact::Sensors { times }, Source::Administration, &["sensors"]));
    }
    let found = value(weighed, "found");
    if found > 0.0 {
        facts.push((Fact::FoundUnread { same_model: found > 1.0 }, Source::Administration, &["found"]));
    }
    let followed = value(weighed, "followed");
    if followed > 0.0 {
        facts.push((Fact::Transfer { followed: followed > 1.0 }, Source::Administration, &["followed"]));
    }
    let response = context.experiments.jam_response(stay, context.at);
    if !response.is_nan() {
        facts.push((Fact::Jammed { ratio: response.exp() }, Source::Administration, &["jam_response"]));
    }
    facts
}

/// What is known of the device itself.
fn device(context: &Context<'_>, candidate: &Candidate, stay: &Stay) -> Vec<Measured> {
    let devices = context.devices;
    let mut facts: Vec<Measured> = vec![(Fact::Model { class: candidate.class }, Source::Catalogue, &["make_fit"])];
    match devices.sold(candidate.imei) {
        Some(sold) => {
            let days = (candidate.seen.0 - sold).div_euclid(crate::DAY_US);
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
    if candidate.hands > 1 {
        facts.push((Fact::SharedImei { handsets: candidate.hands }, Source::Records, &[]));
    }
    if candidate.facilities_heard > 1 {
        let facilities = candidate.facilities_heard;
        facts.push((Fact::SeveralFacilities { facilities }, Source::Records, &["several_facilities"]));
    }
    facts
}
