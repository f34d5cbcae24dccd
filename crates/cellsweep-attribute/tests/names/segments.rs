//! A handset that is passed on has one user after another; one that isn't, has one.

use cellsweep_attribute::{AttributeSettings, Attributed, Evidence, Phone, attribute};
use cellsweep_model::Segment;
use cellsweep_model::custody::Held;

use crate::made_up::*;

/// Who had it first, and who has it now: held in cells far apart.
const FIRST: u64 = 12;
const NOW: u64 = 70;
/// The day on which it changes hands.
const CHANGE: i64 = 15;

/// Calls to each number on every third day, some on the first of them and some on the next two.
fn calls(numbers: &[u64], days: std::ops::Range<i64>) -> Vec<cellsweep_model::peers::PeerRow> {
    let of = |(index, value): (usize, &u64)| {
        days.clone().filter(move |day| day.rem_euclid(3) == index as i64 % 3).map(|day| call(*value, day)).collect()
    };
    numbers.iter().enumerate().flat_map::<Vec<_>, _>(of).collect()
}

/// Two numbers that the inmate listed and three that nobody did.
fn company(inmate: u64) -> Vec<u64> {
    vec![10 * inmate, 10 * inmate + 1, 800_000 + 10 * inmate, 800_001 + 10 * inmate, 800_002 + 10 * inmate]
}

fn handset(peers: Vec<cellsweep_model::peers::PeerRow>) -> Phone {
    Phone { handset: "x".to_owned(), stays: vec![("F1".parse().unwrap(), KEPT)], peers, ..Phone::default() }
}

fn passed_on() -> Phone {
    handset([calls(&company(FIRST), 0..CHANGE), calls(&company(NOW), CHANGE..30)].concat())
}

fn all(evidence: &Evidence, asked: Phone) -> Attributed {
    let mut phones = others();
    phones.push(asked);
    attribute(evidence, &phones, &AttributeSettings::default())
}

fn user(segments: &[Segment], from: i64) -> Option<(String, f64)> {
    let day = (START / DAY + from) as i32;
    let row = segments.iter().find(|row| row.from == day && row.rank == 1)?;
    Some((row.inmate.as_ref()?.to_string(), row.probability))
}

fn id(inmate: u64) -> String {
    format!("I{inmate:03}")
}

#[test]
fn a_handset_that_is_passed_on_has_one_user_after_another() {
    let found = all(&prison(), passed_on());
    let first = user(&found.segments, 0).unwrap();
    let now = user(&found.segments, CHANGE).unwrap();
    assert!(first.0 == id(FIRST) && first.1 > 0.5, "{:#?}", found.segments);
    assert!(now.0 == id(NOW) && now.1 > 0.5, "{:#?}", found.segments);
    let rows: Vec<_> = found.holders.iter().filter(|row| row.handset == "x").cloned().collect();
    assert!(named(&rows, NOW) > 0.5 && named(&rows, FIRST) < 0.2, "{} {}", named(&rows, NOW), named(&rows, FIRST));
    let sum: f64 = rows.iter().map(|row| row.probability).sum();
    assert!((sum - KEPT).abs() < 1e-9, "{sum}");
    for row in rows.iter().filter(|row| !row.findings.is_empty()) {
        let sum: f64 = row.findings.iter().map(|finding| finding.log10_lr).sum();
        assert!((sum - row.log10_lr).abs() < 1e-6, "{row:#?}");
    }
    // A segment's rows add up as a handset's do.
    for days in found.segments.chunk_by(|a, b| a.from == b.from) {
        let sum: f64 = days.iter().map(|row| row.probability).sum();
        assert!((sum - KEPT).abs() < 1e-9, "{days:#?}");
    }
}

#[test]
fn who_was_released_is_found_where_he_was_held() {
    let mut evidence = prison();
    let held = |held: &&mut Held| held.inmate.as_str() == id(FIRST);
    for held in evidence.roster.iter_mut().filter(held) {
        held.to = Some(START + CHANGE * DAY + DAY / 2);
    }
    let found = all(&evidence, passed_on());
    assert_eq!(user(&found.segments, 0).map(|user| user.0), Some(id(FIRST)), "{:#?}", found.segments);
    assert!(found.holders.iter().all(|row| row.inmate.as_ref().is_none_or(|inmate| inmate.as_str() != id(FIRST))));
}

#[test]
fn one_user_s_handset_is_not_cut() {
    for peers in [
        calls(&company(FIRST), 0..30),
        // New friends, and the old ones still there.
        [calls(&company(FIRST), 0..30), calls(&[900_001, 900_002], 15..30)].concat(),
        // Two who use it by turns.
        [calls(&company(FIRST), 0..30), calls(&company(NOW), 0..30)].concat(),
        // Hardly used.
        [calls(&[10 * FIRST], 0..15), calls(&[10 * FIRST + 1], 15..30)].concat(),
    ] {
        let found = all(&prison(), handset(peers));
        assert!(found.segments.is_empty(), "{:#?}", found.segments);
    }
}

#[test]
fn a_turnover_that_one_listed_him_explains_is_hardly_a_change() {
    // Other numbers from the fifteenth day on, but of the same inmate's list.
    let own: Vec<u64> = (0..4).map(|contact| 10 * FIRST + contact).collect();
    let peers = [calls(&own[..2], 0..CHANGE), calls(&own[2..], CHANGE..30)].concat();
    let found = all(&prison(), handset(peers));
    let rows: Vec<_> = found.holders.iter().filter(|row| row.handset == "x").cloned().collect();
    assert!(found.segments.is_empty(), "{:#?}", found.segments);
    assert!(named(&rows, FIRST) > 0.7, "{}", named(&rows, FIRST));
}

#[test]
fn a_handset_in_heavy_use_for_a_year_gives_numbers() {
    // A number on a hundred days of one side: one user for both sides is all but ruled out.
    let busy = |inmate: u64, days: std::ops::Range<i64>| -> Vec<_> {
        let numbers = (0..6).map(|n| 100_000 + 100 * inmate + n).chain([10 * inmate, 10 * inmate + 1]);
        numbers.flat_map(|value| days.clone().map(move |day| call(value, day))).collect()
    };
    let mut evidence = prison();
    evidence.at = START + 361 * DAY;
    let found = all(&evidence, handset([busy(FIRST, 0..180), busy(NOW, 180..360)].concat()));
    assert!(found.holders.iter().all(|row| row.probability.is_finite() && row.log10_lr.is_finite()));
    assert_eq!(user(&found.segments, 180).map(|user| user.0), Some(id(NOW)), "{:#?}", found.segments);
    assert!(found.segments.iter().all(|row| row.changed.is_none_or(|changed| (0.5..=1.0).contains(&changed))));
}

#[test]
fn what_comes_after_the_asked_time_hands_nothing_on() {
    let mut evidence = prison();
    evidence.at = START + (CHANGE - 1) * DAY;
    let found = all(&evidence, passed_on());
    assert!(found.segments.is_empty(), "{:#?}", found.segments);
}
