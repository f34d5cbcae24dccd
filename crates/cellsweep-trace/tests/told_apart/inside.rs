//! Phones that are kept inside, or were, and are hard to tell for it.

use crate::country::*;
use crate::person::*;

#[test]
fn a_phone_used_six_times_in_a_month_is_listed_and_weak() {
    let mut country = Country::usual();
    let six = |day: i32, hour: u32| !(day % 5 == 2 && hour == 20);
    let rare = country.add(Person::new(MINI, 902_010, cell(ALBA, 31), HIDDEN).busy(9.0).off(six));
    let answer = country.trace();
    let row = answer.rows(rare);
    assert!(row.first().is_some_and(|row| row.days_present <= 6 && row.days_present >= 4));
    assert!(answer.kept(rare, "ALBA") > 0.2, "{}", answer.kept(rare, "ALBA"));
    assert!(answer.kept(rare, "ALBA") < answer.usual(0), "{}", answer.kept(rare, "ALBA"));
}

#[test]
fn a_spare_phone_used_on_two_weekends() {
    let mut country = Country::usual();
    let put_away = |day: i32, _| !(day == 5 || day == 6 || day == 26 || day == 27);
    let spare = country.add(Person::new(MINI, 902_020, cell(ALBA, 32), HIDDEN).busy(1.5).off(put_away));
    let visit = |day: i32, hour| day % 7 == 5 && (14..16).contains(&hour);
    let visitor = country.add(Person::new(PHONE, 902_030, (6_000.0, 5_000.0), SMART).goes(ALBA, visit));
    let answer = country.trace();
    assert!(answer.kept(spare, "ALBA") > 0.3, "{}", answer.kept(spare, "ALBA"));
    assert!(answer.kept(spare, "ALBA") > answer.kept(visitor, "ALBA"));
}

#[test]
fn a_phone_in_a_jammed_wing() {
    let mut country = Country::usual();
    let jammed = |day: i32, hour: u32| day >= 5 && !(6..18).contains(&hour);
    let phone = country.add(Person::new(MINI, 902_040, cell(ALBA, 33), HIDDEN).busy(1.5).off(jammed));
    let answer = country.trace();
    assert!(answer.kept(phone, "ALBA") > 0.5, "{}", answer.kept(phone, "ALBA"));
}

#[test]
fn a_phone_that_arrives_mid_month() {
    let mut country = Country::usual();
    let new = country.add(Person::new(MINI, 902_050, cell(ALBA, 34), HIDDEN).off(|day, _| day < 14));
    let before = |day: i32, _| day < 14;
    let carried = Person::new(MINI, 902_060, cell(ALBA, 35), HIDDEN).goes((5_000.0, 6_000.0), before);
    let carried = country.add(carried);
    let answer = country.trace();
    assert!(answer.kept(new, "ALBA") > 0.5, "{}", answer.kept(new, "ALBA"));
    assert!(answer.kept(carried, "ALBA") > 0.5, "{}", answer.kept(carried, "ALBA"));
}

#[test]
fn a_phone_transferred_is_listed_where_it_is_now() {
    let mut country = Country::usual();
    let moved = Person::new(MINI, 902_070, cell(ALBA, 36), HIDDEN).goes(cell(CORA, 36), |day, _| day >= 16);
    let far = country.add(moved.busy(1.2));
    let moved = Person::new(MINI, 902_080, cell(ALBA, 37), HIDDEN).goes(cell(BRIO, 37), |day, _| day >= 16);
    let near = country.add(moved.busy(1.2));
    let answer = country.trace();
    assert!(answer.kept(far, "CORA") > 0.5, "{}", answer.kept(far, "CORA"));
    assert!(answer.kept(far, "ALBA") < 0.1, "{}", answer.kept(far, "ALBA"));
    assert!(answer.kept(near, "BRIO") > answer.kept(near, "ALBA"), "{}", answer.kept(near, "BRIO"));
    assert!(answer.kept(near, "BRIO") > 0.5, "{}", answer.kept(near, "BRIO"));
}

#[test]
fn a_phone_seized_is_not_kept_any_more() {
    let mut country = Country::usual();
    let seized = country.add(Person::new(MINI, 902_090, cell(ALBA, 38), HIDDEN).off(|day, _| day >= 18));
    country.seize(seized, 18);
    let answer = country.trace();
    assert!(answer.kept(seized, "ALBA") < 0.3, "{}", answer.kept(seized, "ALBA"));
}

#[test]
fn an_inmate_released_with_the_phone() {
    let mut country = Country::usual();
    let free = |day: i32, _| day >= 15;
    let inside = || Person::new(MINI, 902_100, cell(ALBA, 39), HIDDEN);
    let released = country.add(inside().goes((4_500.0, 6_500.0), free));
    let answer = country.trace();
    assert!(answer.kept(released, "ALBA") < 0.1, "{}", answer.kept(released, "ALBA"));
}
