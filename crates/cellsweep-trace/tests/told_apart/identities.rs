//! One IMEI in many hands, one phone with two, and none at all.

use std::collections::BTreeSet;

use cellsweep_model::Device;
use cellsweep_model::rows::Jamming;

use crate::country::*;
use crate::person::*;

/// One IMEI kept in two prisons and carried in a town.
fn clones(country: &mut Country, with_town: bool) -> u64 {
    let hand = |place, imsi: u64, course| {
        let mut person = Person::new(MINI, 900_301, place, HIDDEN).imsi(208_010_000_777_000 + imsi).busy(1.5);
        person.course = course;
        person
    };
    let number = country.add(hand(cell(ALBA, 51), 1, 1));
    country.add(hand(cell(CORA, 52), 2, 2));
    if with_town {
        country.add(hand(TOWN, 3, 3));
    }
    number
}

fn key_in<'a>(rows: &[&'a Device], prison: &str) -> Option<&'a str> {
    rows.iter().find(|row| row.facility.as_str() == prison && row.probability > 0.5).map(|row| row.handset.as_str())
}

#[test]
fn one_imei_in_three_places_is_three_handsets() {
    let mut country = Country::usual();
    let number = clones(&mut country, true);
    let answer = country.trace();
    let rows = answer.rows(number);
    assert!(rows.iter().all(|row| row.cloned));
    let (alba, cora) = (key_in(&rows, "ALBA"), key_in(&rows, "CORA"));
    assert!(alba.is_some() && cora.is_some() && alba != cora, "{alba:?} {cora:?}");

    let mut fewer = Country::usual();
    let number = clones(&mut fewer, false);
    let answer = fewer.trace();
    let rows = answer.rows(number);
    assert_eq!((key_in(&rows, "ALBA"), key_in(&rows, "CORA")), (alba, cora), "keys stay the same");
}

#[test]
fn one_officers_phone_doesnt_clear_the_others_of_its_imei() {
    let kept = |known: bool| {
        let mut country = Country::usual();
        let number = clones(&mut country, true);
        if known {
            country.know(number, "staff");
        }
        let answer = country.trace();
        (answer.kept(number, "CORA"), answer.finding(number, "CORA", "shared_imei").is_some())
    };
    let ((known, shared), (unknown, _)) = (kept(true), kept(false));
    assert!(known > 0.5 && known < unknown && shared, "{known} {unknown} {shared}");
}

#[test]
fn hands_that_are_never_heard_in_the_same_hour_are_told_apart_by_turns() {
    let mut country = Country::usual();
    let hand = |place, imsi: u64, course, awake: fn(u32) -> bool| {
        let mut person = Person::new(MINI, 900_306, place, HIDDEN).imsi(208_010_000_777_010 + imsi);
        person.course = course;
        person.busy(1.5).off(move |_, hour| !awake(hour))
    };
    let number = country.add(hand(cell(ALBA, 58), 1, 1, |hour| hour < 16));
    country.add(hand(cell(CORA, 59), 2, 2, |hour| hour >= 18));
    let answer = country.trace();
    let rows = answer.rows(number);
    let (alba, cora) = (key_in(&rows, "ALBA"), key_in(&rows, "CORA"));
    assert!(rows.iter().all(|row| row.cloned) && alba != cora, "{alba:?} {cora:?}");
    assert!(cora.is_some(), "the busier one is found: {}", answer.kept(number, "CORA"));
}

#[test]
fn of_a_shared_imei_whoever_is_far_from_the_others_has_a_handset_of_their_own() {
    let mut country = Country::usual();
    let hand = |place, imsi: u64, course| {
        let mut person = Person::new(MINI, 900_308, place, HIDDEN).imsi(208_010_000_777_030 + imsi);
        person.course = course;
        person
    };
    // Two are heard at once; the third for one evening, when neither of them is.
    let number = country.add(hand(cell(ALBA, 62), 1, 1).busy(1.5).off(|_, hour| hour == 20));
    country.add(hand(TOWN, 2, 2).busy(1.5).off(|_, hour| hour == 20));
    country.add(hand(cell(CORA, 63), 3, 3).busy(9.0).off(|day, hour| day != DAYS - 1 || hour != 20));
    let answer = country.trace();
    let rows = answer.rows(number);
    let of = |prison: &str| rows.iter().find(|row| row.facility.as_str() == prison).map(|row| row.handset.as_str());
    assert!(rows.iter().all(|row| row.cloned));
    assert!(of("ALBA").is_some() && of("CORA").is_some() && of("ALBA") != of("CORA"), "{rows:?}");
}

#[test]
fn of_a_shared_imei_the_neighbour_heard_by_turns_has_a_handset_of_their_own() {
    let mut country = Country::usual();
    let number = clones(&mut country, true);
    let mut beside = Person::new(MINI, 900_301, around(ALBA, 3_000.0, 4_000.0, 65), PLAIN).imsi(208_010_000_777_005);
    beside.course = 5;
    country.add(beside);
    let answer = country.trace();
    let rows = answer.rows(number);
    assert!(key_in(&rows, "ALBA").is_some() && rows.iter().all(|row| row.imsis == 1), "{rows:?}");
}

#[test]
fn of_an_imei_that_hundreds_use_each_has_a_handset_of_their_own() {
    let mut country = Country::usual();
    let hand = |place, imsi: u64| {
        let mut person = Person::new(MINI, 900_309, place, HIDDEN).imsi(208_010_000_778_000 + imsi);
        person.course = imsi;
        person
    };
    let number = country.add(hand(cell(ALBA, 64), 0).busy(0.8));
    // Heard on a day each, they would do for a few handsets that change their card every day.
    for index in 1..100 {
        country.add(hand(cell(ALBA, 64 + index), index).busy(2.0).off(move |day, _| day != index as i32 % DAYS));
    }
    let answer = country.trace();
    let rows = answer.rows(number);
    assert!(rows.len() > 1 && rows.iter().all(|row| row.cloned && row.imsis == 1), "{rows:?}");
}

#[test]
fn a_transferred_phone_with_a_new_card_stays_one() {
    let mut country = Country::usual();
    let before = Person::new(MINI, 900_307, cell(ALBA, 60), HIDDEN).imsi(208_010_000_777_020).busy(1.5);
    let number = country.add(before.off(|day, _| day >= 12));
    let after = Person::new(MINI, 900_307, cell(CORA, 61), HIDDEN).imsi(208_010_000_777_021).busy(1.5);
    country.add(after.off(|day, _| day < 13));
    let answer = country.trace();
    assert!(answer.rows(number).iter().all(|row| !row.cloned));
    assert!(answer.kept(number, "CORA") > 0.5, "{}", answer.kept(number, "CORA"));
}

#[test]
fn a_phone_with_two_slots_is_one_row() {
    let mut country = Country::usual();
    let slot = |serial| Person::new(MINI, serial, cell(ALBA, 53), HIDDEN);
    let first = country.add(slot(900_302));
    let mut second = slot(900_303);
    second.course = first;
    let second = country.add(second.busy(0.6));
    let answer = country.trace();
    let rows = [answer.rows(first), answer.rows(second)].concat();
    let phones: BTreeSet<&str> = rows.iter().map(|row| row.handset.as_str()).collect();
    assert_eq!(phones.len(), 1);
    assert!(rows.iter().all(|row| row.other_imeis.len() == 1));
    assert!(answer.kept(first, "ALBA") > 0.5, "{}", answer.kept(first, "ALBA"));
}

#[test]
fn phones_of_strangers_with_like_serial_numbers_stay_apart() {
    let mut country = Country::usual();
    let first = country.add(Person::new(MINI, 900_304, cell(ALBA, 54), HIDDEN).off(|day, _| day >= 14));
    let second = country.add(Person::new(MINI, 900_305, cell(ALBA, 55), HIDDEN).off(|day, _| day < 14));
    let answer = country.trace();
    assert!(!answer.rows(first).is_empty() && !answer.rows(second).is_empty());
}

/// Two phones of one parcel, used by two people every day.
fn parcel(country: &mut Country) -> [u64; 2] {
    [900_350, 900_351].map(|serial| country.add(Person::new(MINI, serial, cell(ALBA, serial), HIDDEN).busy(1.4)))
}

#[test]
fn two_phones_of_one_parcel_that_the_ledger_names_stay_two() {
    let mut country = Country::usual();
    let phones = parcel(&mut country);
    phones.iter().for_each(|phone| country.sold(*phone));
    let answer = country.trace();
    assert!(phones.iter().all(|phone| answer.kept(*phone, "ALBA") > 0.5));
}

#[test]
fn blank_and_all_zero_imeis_merge_nobody() {
    let mut country = Country::usual();
    for (index, shown) in [None, Some(0), Some(0), Some(11_111_111_111_111)].into_iter().enumerate() {
        let person = Person::new(MINI, 900_306 + index as u64 * 9, cell(ALBA, 56 + index as u64), HIDDEN);
        country.add(person.shown_as(shown));
    }
    let answer = country.trace();
    let nameless = answer.traced.devices.iter().filter(|row| row.imei.is_none() && row.facility.as_str() == "ALBA");
    let probabilities: Vec<f64> = nameless.clone().map(|row| row.probability).collect();
    let keys: BTreeSet<&str> = nameless.clone().map(|row| row.handset.as_str()).collect();
    assert_eq!((keys.len(), probabilities.len()), (4, 4));
    assert!(nameless.clone().all(|row| row.imsis == 1));
    assert!(probabilities.iter().all(|probability| *probability > 0.3), "{probabilities:?}");
}

/// The minis of the first prison are all heard first at about the same moment on eight mornings, each so many seconds after it.
fn up_together(country: &Country, late_s: impl Fn(i32, u64) -> i64) -> Answer {
    let mut profiles = country.profiles();
    for profile in &mut profiles {
        let number = profile.key.imei().map_or(0, |imei| imei.number());
        if !(0..USUAL).any(|index| usual_kept(0, index) == number) {
            continue;
        }
        for day in (18..26).map(|day| FIRST_DAY + day) {
            let morning = i64::from(day) * 24 * HOUR_US + 6 * HOUR_US;
            if let Some(row) = profile.rows.iter_mut().filter(|row| row.day == day).min_by_key(|row| row.first) {
                row.first = row.first.min(morning + 1_000_000 * late_s(day, number));
            }
        }
    }
    country.trace_of(profiles)
}

/// How many of the first prison's minis are listed.
fn listed(answer: &Answer) -> usize {
    (0..USUAL).filter(|index| !answer.rows(usual_kept(0, *index)).is_empty()).count()
}

#[test]
fn phones_that_a_restart_brings_up_at_once_are_not_one_another_s_slots() {
    let country = Country::usual();
    let before = listed(&country.trace());
    assert_eq!(listed(&up_together(&country, |_, _| 0)), before);
}

#[test]
fn nor_are_those_that_come_up_when_the_jammer_goes_off() {
    let mut country = Country::usual();
    let before = listed(&country.trace());
    let facility = country.evidence.facilities[0].id.clone();
    for day in 18..26 {
        let (from, to) = (time(day, 2), Some(time(day, 6)));
        country.evidence.jamming.push(Jamming { facility: facility.clone(), from, to });
    }
    // Within four minutes, as it happens.
    let late = |day: i32, number: u64| (240.0 * chance(&[day as u64, number, 77])) as i64;
    assert_eq!(listed(&up_together(&country, late)), before);
}
