//! Those who live or stay beside a prison, and pass by.

use crate::country::*;
use crate::person::*;

/// Beside the wall, so many metres from it.
fn beside(metres: f64) -> Place {
    (ALBA.0 - HALF_M - metres, ALBA.1 + 40.0)
}

#[test]
fn the_usual_ones_are_found_in_the_right_prison_and_residents_are_not() {
    let answer = Country::usual().trace();
    let (mut found, mut right) = (0, 0);
    for (prison, name) in ["ALBA", "BRIO", "CORA"].into_iter().enumerate() {
        for number in (0..USUAL).map(|index| usual_kept(prison, index)) {
            found += u32::from(answer.anywhere(number) > 0.5);
            right += u32::from(answer.rows(number).first().is_some_and(|best| best.facility.as_str() == name));
        }
    }
    assert!(found >= 86 && right >= 88, "of 90: {found} found, {right} in the right prison");
    assert!(answer.residents_taken_for_kept() <= 0.03, "{}", answer.residents_taken_for_kept());
}

#[test]
fn a_neighbour_who_never_leaves_home() {
    let mut country = Country::usual();
    let near = country.add(Person::new(FEATURE, 900_010, beside(60.0), PLAIN));
    let far = country.add(Person::new(FEATURE, 900_020, beside(400.0), PLAIN));
    let answer = country.trace();
    assert!(answer.kept(near, "ALBA") < 0.5, "{}", answer.kept(near, "ALBA"));
    assert!(answer.kept(far, "ALBA") < 0.3, "{}", answer.kept(far, "ALBA"));
    assert!(answer.usual(0) > 0.8);
}

/// Probabilities of eight free owners of the mini that most inside have, each alone beside the
/// prison, at work on some days.
fn free_owners(works: fn(i32) -> bool) -> Vec<f64> {
    let owner = |index: u64| {
        let mut country = Country::usual();
        let at_work = move |day, hour| works(day) && (8..16).contains(&hour);
        let home = beside(80.0 + 20.0 * index as f64);
        let owner = Person::new(MINI, 900_030 + 1_000 * index, home, PLAIN).goes((3_000.0, 5_000.0), at_work);
        let number = country.add(owner);
        country.trace().kept(number, "ALBA")
    };
    (0..8).map(owner).collect()
}

#[test]
fn the_free_owner_of_the_same_mini_next_door() {
    let owners = free_owners(|day| day % 7 < 5 || day == DAYS - 1);
    assert!(owners.iter().all(|owner| *owner < 0.5), "{owners:.2?}");
}

#[test]
fn the_free_owner_who_was_at_home_at_the_end_ranks_below() {
    let usual = Country::usual().trace().usual(0);
    let owners = free_owners(weekday);
    assert!(owners.iter().all(|owner| *owner < usual - 0.2), "{owners:.2?}");
}

#[test]
fn an_alarm_modem_beside_the_wall_and_inside() {
    let mut country = Country::usual();
    let beside = country.add(Person::new(MODEM_TAC, 900_040, beside(20.0), MODEM));
    let inside = country.add(Person::new(MODEM_TAC, 900_050, ALBA, MODEM));
    let answer = country.trace();
    assert!(answer.kept(beside, "ALBA") < 0.5, "beside: {}", answer.kept(beside, "ALBA"));
    assert!(answer.kept(inside, "ALBA") < 0.5, "inside: {}", answer.kept(inside, "ALBA"));
}

#[test]
fn a_traveller_of_two_nights() {
    let mut country = Country::usual();
    let there = |day: i32, _| (12..14).contains(&day);
    let traveller = country.add(Person::new(PHONE, 900_060, TOWN, SMART).goes(beside(200.0), there));
    let last = |day: i32, _| day >= DAYS - 2;
    let just_come = country.add(Person::new(PHONE, 900_070, TOWN, SMART).goes(beside(200.0), last));
    let answer = country.trace();
    assert!(answer.kept(traveller, "ALBA") < 0.1, "{}", answer.kept(traveller, "ALBA"));
    assert!(answer.kept(just_come, "ALBA") < 0.5, "{}", answer.kept(just_come, "ALBA"));
}

#[test]
fn a_passer_by_on_the_motorway() {
    let mut country = Country::usual();
    let driving = |day: i32, hour| day % 9 == 4 && hour == 15;
    let passer_by = country.add(Person::new(PHONE, 900_080, TOWN, SMART).goes(beside(300.0), driving).busy(3.0));
    let once = |day: i32, hour| day == DAYS - 1 && hour == 23;
    let last_heard = country.add(Person::new(PHONE, 900_090, TOWN, SMART).goes(beside(300.0), once).busy(9.0));
    let answer = country.trace();
    assert!(answer.kept(passer_by, "ALBA") < 0.1, "{}", answer.kept(passer_by, "ALBA"));
    assert!(answer.kept(last_heard, "ALBA") < 0.3, "{}", answer.kept(last_heard, "ALBA"));
}

#[test]
fn without_a_survey_neighbours_still_rank_below() {
    let mut country = Country::unmeasured();
    let near = country.add(Person::new(FEATURE, 900_100, beside(150.0), PLAIN));
    let answer = country.trace();
    assert!(answer.usual(0) > 0.5 && answer.usual(1) > 0.5 && answer.usual(2) > 0.5, "{}", answer.usual(0));
    assert!(answer.kept(near, "ALBA") < answer.usual(0), "{}", answer.kept(near, "ALBA"));
    assert!(answer.residents_taken_for_kept() <= 0.05, "{}", answer.residents_taken_for_kept());
}
