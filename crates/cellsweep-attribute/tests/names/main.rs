//! Who is named and who must not be: relatives, cellmates, a shared lawyer, a communal phone.
#![expect(clippy::unwrap_used, reason = "what the test makes up parses")]

mod contrary;
mod made_up;
mod segments;

use cellsweep_attribute::Evidence;
use cellsweep_model::HolderFact;
use cellsweep_model::custody::Visit;

use made_up::*;

#[test]
fn who_calls_two_of_their_contacts_is_named_with_reasons() {
    let (_, rows) = attributed(&prison(), phone("x", &[100, 101]));
    assert!(named(&rows, 10) > 0.7, "{}", named(&rows, 10));
    assert_eq!(rows[0].cell.as_ref().map(ToString::to_string).as_deref(), Some("C05"));
    let listed = rows[0].findings.iter().filter(|finding| matches!(finding.fact, HolderFact::ListedNumber { .. }));
    assert_eq!(listed.count(), 2);
    let sum: f64 = rows[0].findings.iter().map(|finding| finding.log10_lr).sum();
    assert!((sum - rows[0].log10_lr).abs() < 1e-9, "{sum} {}", rows[0].log10_lr);
}

#[test]
fn rows_sum_to_the_probability_of_being_kept_and_none_is_always_there() {
    let (attributed, rows) = attributed(&prison(), phone("x", &[100]));
    let sum: f64 = rows.iter().map(|row| row.probability).sum();
    assert!((sum - KEPT).abs() < 1e-9, "{sum}");
    assert!(rows.last().is_some_and(|row| row.inmate.is_none() && row.probability > 0.0));
    let places: f64 = attributed.places.iter().filter(|row| row.handset == "x").map(|row| row.probability).sum();
    assert!((places - KEPT).abs() < 1e-9, "{places}");
}

#[test]
fn who_calls_nobody_listed_is_not_named() {
    let (_, rows) = attributed(&prison(), phone("x", &[]));
    assert!(greatest(&rows) < 0.05, "{}", greatest(&rows));
}

#[test]
fn a_lawyer_shared_by_forty_names_nobody() {
    let mut evidence = prison();
    for inmate in 0..40 {
        list(&mut evidence, inmate, 555, false);
    }
    let (_, rows) = attributed(&evidence, phone("x", &[555]));
    assert!(greatest(&rows) < 0.1, "{}", greatest(&rows));
}

#[test]
fn a_protected_number_is_never_a_finding() {
    let mut evidence = prison();
    list(&mut evidence, 10, 777, true);
    // Listed by another as an ordinary number: protected all the same.
    list(&mut evidence, 11, 777, false);
    let nobody = attributed(&evidence, phone("x", &[])).1;
    // Nor is that the lawyer came.
    evidence.visits.push(visit(10, 777, 8));
    let (_, rows) = attributed(&evidence, phone("x", &[777]));
    assert!(greatest(&rows) < 0.05, "{}", greatest(&rows));
    // It is as if neither number nor visit were there at all.
    assert_eq!(rows, nobody);
    // A call to the lawyer while somebody else visits is no use of the handset.
    evidence.visits.push(visit(10, 100, 9));
    let mut during = phone("x", &[]);
    during.peers.push(call(777, 9));
    assert_eq!(attributed(&evidence, during).1, nobody);
}

/// That the number's owner sat with an inmate on a day at the hour at which calls are made.
fn visit(inmate: u64, value: u64, day: i64) -> Visit {
    let at = START + day * DAY + 10 * 3_600_000_000;
    Visit {
        inmate: format!("I{inmate:03}").parse().unwrap(),
        number: number(value),
        from: at - 1_800_000_000,
        to: at + 1_800_000_000,
    }
}

#[test]
fn brothers_with_one_mother_are_told_apart_only_by_what_is_one_s_own() {
    let mut evidence = prison();
    list(&mut evidence, 10, 888, false);
    list(&mut evidence, 20, 888, false);
    let (_, rows) = attributed(&evidence, phone("x", &[888]));
    assert!(greatest(&rows) < 0.55 && (named(&rows, 10) - named(&rows, 20)).abs() < 0.05);
    let (_, rows) = attributed(&evidence, phone("y", &[888, 100]));
    assert!(named(&rows, 10) > 5.0 * named(&rows, 20), "{} {}", named(&rows, 10), named(&rows, 20));
}

#[test]
fn cellmates_share_the_doubt_and_their_cell_is_sure() {
    let (attributed, rows) = attributed(&prison(), phone("x", &[100, 110]));
    let (one, other) = (named(&rows, 10), named(&rows, 11));
    assert!(one < 0.7 && other < 0.7 && one + other > 0.6, "{one} {other}");
    let place = attributed.places.iter().find(|row| row.handset == "x").unwrap();
    assert_eq!(place.cell.as_ref().map(ToString::to_string).as_deref(), Some("C05"));
}

#[test]
fn a_communal_phone_names_no_single_user() {
    let (_, rows) = attributed(&prison(), phone("x", &[100, 200, 300]));
    assert!(greatest(&rows) < 0.6, "{}", greatest(&rows));
}

#[test]
fn calls_from_before_somebody_came_say_nothing_of_them() {
    let mut evidence = prison();
    for held in evidence.roster.iter_mut().filter(|held| held.inmate.as_str() == "I010") {
        held.from = START + 20 * DAY;
    }
    let (_, rows) = attributed(&evidence, phone("x", &[100, 101]));
    assert!(named(&rows, 10) < 0.05, "{}", named(&rows, 10));
    // Years ago they were here, or elsewhere, and were free between.
    for facility in ["F1", "F2"] {
        let mut before = evidence.roster[10].clone();
        before.facility = facility.parse().unwrap();
        (before.from, before.to) = (START - 2_000 * DAY, Some(START - 1_000 * DAY));
        let mut evidence = evidence.clone();
        evidence.roster.push(before);
        let (_, rows) = attributed(&evidence, phone("x", &[100, 101]));
        assert!(named(&rows, 10) < 0.05, "{facility}: {}", named(&rows, 10));
    }
}

#[test]
fn who_was_in_hospital_for_a_week_never_left() {
    let mut evidence = prison();
    let whole = attributed(&evidence, phone("x", &[100, 101])).1;
    let mut back = evidence.roster[10].clone();
    (evidence.roster[10].to, back.from) = (Some(START + 9 * DAY), START + 16 * DAY);
    evidence.roster.push(back);
    let (_, rows) = attributed(&evidence, phone("x", &[100, 101]));
    assert!((named(&rows, 10) - named(&whole, 10)).abs() < 1e-9, "{} {}", named(&rows, 10), named(&whole, 10));
}

#[test]
fn a_visitor_called_during_the_visit_speaks_against() {
    let without = attributed(&prison(), phone("x", &[100])).1;
    let mut evidence = prison();
    evidence.visits.push(visit(10, 100, 8));
    let with = attributed(&evidence, phone("x", &[100])).1;
    assert!(named(&with, 10) < 0.7 * named(&without, 10), "{} {}", named(&with, 10), named(&without, 10));
}

#[test]
fn without_a_roster_nobody_is_named() {
    let evidence = Evidence { at: START, ..Evidence::default() };
    let (_, rows) = attributed(&evidence, phone("x", &[100]));
    assert_eq!(rows.len(), 1);
    assert!(rows[0].inmate.is_none() && rows[0].probability == 0.95);
}

#[test]
fn a_rented_phone_names_its_user_beside_who_rents_it() {
    let (_, rows) = attributed(&prison(), phone("x", &[100, 101, 102, 300]));
    assert!(named(&rows, 10) > 10.0 * named(&rows, 30), "{} {}", named(&rows, 10), named(&rows, 30));
    let (_, rows) = attributed(&prison(), phone("y", &[100, 101, 300, 301]));
    assert!(greatest(&rows) < 0.65, "{}", greatest(&rows));
    assert!(named(&rows, 10) + named(&rows, 30) > 0.6, "{} {}", named(&rows, 10), named(&rows, 30));
}

#[test]
fn a_mother_of_two_and_an_office_that_eight_listed_weigh_less_than_a_friend_of_one() {
    let mut evidence = prison();
    for inmate in [10, 20] {
        list(&mut evidence, inmate, 888, false);
    }
    for inmate in 30..38 {
        list(&mut evidence, inmate, 889, false);
    }
    let weight = |value| {
        let rows = attributed(&evidence, phone("x", &[value])).1;
        rows.iter().map(|row| row.log10_lr).fold(f64::MIN, f64::max)
    };
    let (own, mother, office) = (weight(150), weight(888), weight(889));
    assert!(own > mother && mother > office, "{own} {mother} {office}");
}

#[test]
fn who_lists_nobody_is_likelier_where_nobody_listed_is_called() {
    let mut evidence = prison();
    evidence.contacts.retain(|contact| contact.inmate.as_str() != "I070");
    let (_, rows) = attributed(&evidence, phone("x", &[]));
    assert!(named(&rows, 70) > 1.1 * named(&rows, 72), "{} {}", named(&rows, 70), named(&rows, 72));
}
