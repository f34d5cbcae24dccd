//! Those who come to a prison and go again: staff, visitors, lawyers.

use crate::country::*;
use crate::person::*;

const GATE: Place = (ALBA.0, ALBA.1 - HALF_M + 10.0);

#[test]
fn an_officer_with_the_phone_in_the_locker_or_the_pocket() {
    for known in [false, true] {
        let mut country = Country::usual();
        let locker = country.add(officer(PHONE, 901_010, ALBA, GATE, SMART));
        let pocket = country.add(officer(PHONE, 901_020, ALBA, cell(ALBA, 5), SMART));
        let plain = country.add(officer(FEATURE, 901_030, ALBA, cell(ALBA, 6), PLAIN));
        for number in [locker, pocket, plain].into_iter().filter(|_| known) {
            country.know(number, "staff");
        }
        let answer = country.trace();
        for number in [locker, pocket, plain] {
            assert!(answer.kept(number, "ALBA") < 0.2, "known {known}: {}", answer.kept(number, "ALBA"));
        }
    }
}

#[test]
fn an_officer_whose_phone_is_off_at_home() {
    let mut country = Country::usual();
    let on_shift = |day, hour| weekday(day) && (14..22).contains(&hour);
    let unknown = Person::new(FEATURE, 901_040, cell(ALBA, 7), PLAIN).off(move |day, hour| !on_shift(day, hour));
    let unknown = country.add(unknown);
    let known = Person::new(FEATURE, 901_050, cell(ALBA, 7), PLAIN).off(move |day, hour| !on_shift(day, hour));
    let known = country.add(known);
    country.know(known, "duty phone");
    let answer = country.trace();
    assert!(answer.kept(known, "ALBA") < 0.5, "{}", answer.kept(known, "ALBA"));
    assert!(answer.kept(known, "ALBA") < answer.kept(unknown, "ALBA"));
}

#[test]
fn a_visitor() {
    let mut country = Country::usual();
    let visit = |day: i32, hour| day % 7 == 5 && (14..16).contains(&hour);
    let visitor = country.add(Person::new(PHONE, 901_060, (6_000.0, 5_000.0), SMART).goes(GATE, visit));
    let from_afar = country.add(Person::new(PHONE, 901_070, TOWN, SMART).goes(GATE, visit));
    let answer = country.trace();
    assert!(answer.kept(visitor, "ALBA") < 0.1, "{}", answer.kept(visitor, "ALBA"));
    assert!(answer.kept(from_afar, "ALBA") < 0.1, "{}", answer.kept(from_afar, "ALBA"));
}

#[test]
fn a_lawyer_of_several_prisons() {
    let mut country = Country::usual();
    let on = |which: i32| move |day: i32, hour: u32| day % 7 == which && (9..12).contains(&hour);
    let lawyer = Person::new(PHONE, 901_080, TOWN, SMART);
    let lawyer = country.add(lawyer.goes(ALBA, on(0)).goes(BRIO, on(1)).goes(CORA, on(3)));
    let answer = country.trace();
    assert!(answer.anywhere(lawyer) < 0.1, "{}", answer.anywhere(lawyer));
}

#[test]
fn a_night_nurse() {
    let mut country = Country::usual();
    let night = |day: i32, hour: u32| day % 7 < 4 && !(6..21).contains(&hour);
    let nurse = country.add(Person::new(PHONE, 901_090, (5_000.0, -5_500.0), SMART).goes(cell(ALBA, 8), night));
    let plain = country.add(Person::new(FEATURE, 901_100, (5_000.0, -5_500.0), PLAIN).goes(cell(ALBA, 9), night));
    let answer = country.trace();
    assert!(answer.kept(nurse, "ALBA") < 0.2, "{}", answer.kept(nurse, "ALBA"));
    assert!(answer.kept(plain, "ALBA") < 0.3, "{}", answer.kept(plain, "ALBA"));
}
