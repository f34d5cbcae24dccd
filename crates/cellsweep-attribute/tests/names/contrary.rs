//! Each finding is beaten by a stronger one that points elsewhere.

use cellsweep_attribute::{Evidence, Phone};
use cellsweep_model::custody::{Find, HeldFor, OffenceNumber, Sale, Visit};
use cellsweep_model::{Holder, HolderFact};

use crate::made_up::*;

/// The one whom the weaker finding leads to, and the one whom the stronger does.
const WEAK: u64 = 12;
const STRONG: u64 = 40;

fn has(rows: &[Holder], inmate: u64, is: fn(&HolderFact) -> bool) -> bool {
    let id = format!("I{inmate:03}");
    let of = rows.iter().filter(|row| row.inmate.as_ref().is_some_and(|inmate| inmate.as_str() == id));
    of.flat_map(|row| &row.findings).any(|finding| is(&finding.fact))
}

/// The finding leads to the weak one when it is alone; three numbers of the strong one's beat it.
fn beaten(evidence: &Evidence, asked: &dyn Fn(&[u64]) -> Phone, is: fn(&HolderFact) -> bool, numbers: &[u64]) {
    let alone = attributed(evidence, asked(numbers)).1;
    assert!(
        named(&alone, WEAK) > 1.05 * named(&alone, WEAK + 4),
        "{} {}",
        named(&alone, WEAK),
        named(&alone, WEAK + 4)
    );
    assert!(has(&alone, WEAK, is), "{alone:#?}");
    let own = [10 * STRONG, 10 * STRONG + 1, 10 * STRONG + 2];
    let both = attributed(evidence, asked(&[numbers, &own].concat())).1;
    assert!(named(&both, STRONG) > 5.0 * named(&both, WEAK), "{} {}", named(&both, STRONG), named(&both, WEAK));
}

fn plain(numbers: &[u64]) -> Phone {
    phone("x", numbers)
}

#[test]
fn a_listed_number() {
    beaten(&prison(), &plain, |fact| matches!(fact, HolderFact::ListedNumber { .. }), &[10 * WEAK]);
}

#[test]
fn a_number_of_the_case() {
    let mut evidence = prison();
    evidence.offences.push(OffenceNumber {
        case: "C1".to_owned(),
        offence: "arson".to_owned(),
        number: number(999_999),
        from: None,
        to: None,
    });
    evidence.cases.push(HeldFor { inmate: format!("I{WEAK:03}").parse().unwrap(), case: "C1".to_owned() });
    beaten(&evidence, &plain, |fact| matches!(fact, HolderFact::CaseNumber { .. }), &[999_999]);
}

#[test]
fn a_cellmate_s_number() {
    // The weak one's cellmate is of the number after.
    let rows = attributed(&prison(), plain(&[10 * (WEAK + 1)])).1;
    assert!(has(&rows, WEAK, |fact| matches!(fact, HolderFact::Cellmates { .. })), "{rows:#?}");
    assert!(named(&rows, WEAK) > 2.0 * named(&rows, WEAK + 4));
    let own = [10 * STRONG, 10 * STRONG + 1, 10 * STRONG + 2, 10 * (WEAK + 1)];
    let both = attributed(&prison(), plain(&own)).1;
    assert!(named(&both, STRONG) > 5.0 * named(&both, WEAK));
}

#[test]
fn a_call_from_a_listed_number() {
    let called = |numbers: &[u64]| Phone { called_by: vec![number(10 * WEAK)], ..phone("x", numbers) };
    beaten(&prison(), &called, |fact| matches!(fact, HolderFact::CalledByListed { .. }), &[]);
}

#[test]
fn a_buyer_who_is_a_contact() {
    let mut evidence = prison();
    let imei = "35000000000001".parse().unwrap();
    evidence.sales.push(Sale {
        order: None,
        time: START,
        imeis: vec![imei],
        quantity: 1,
        buyer: None,
        email: None,
        phone: Some(number(10 * WEAK).to_string()),
        address: None,
        postcode: None,
    });
    evidence.buyers.push(vec![0]);
    let bought = |numbers: &[u64]| Phone { imei: Some(imei), ..phone("x", numbers) };
    beaten(&evidence, &bought, |fact| matches!(fact, HolderFact::Buyer { .. }), &[]);
}

#[test]
fn a_phone_found_in_the_cell() {
    let mut evidence = prison();
    for day in 1..4 {
        evidence.finds.push(Find {
            time: START - day * DAY,
            facility: "F1".parse().unwrap(),
            cell: Some(format!("C{:02}", WEAK / 2).parse().unwrap()),
            imei: None,
        });
    }
    beaten(&evidence, &plain, |fact| matches!(fact, HolderFact::FoundInCell { .. }), &[]);
}

#[test]
fn talk_during_a_visit_is_no_alibi() {
    let mut evidence = prison();
    let at = START + 8 * DAY + 10 * 3_600_000_000;
    evidence.visits.push(Visit {
        inmate: format!("I{STRONG:03}").parse().unwrap(),
        number: number(10 * STRONG + 3),
        from: at - 1_800_000_000,
        to: at + 1_800_000_000,
    });
    // It speaks against, and many of the visited one's own numbers beat it.
    let rows = attributed(&evidence, plain(&[10 * STRONG, 10 * STRONG + 1, 10 * STRONG + 2])).1;
    assert!(has(&rows, STRONG, |fact| matches!(fact, HolderFact::DuringVisit { .. })), "{rows:#?}");
    assert!(named(&rows, STRONG) > 0.5, "{}", named(&rows, STRONG));
}

#[test]
fn use_before_the_arrival_is_no_alibi() {
    let mut evidence = prison();
    let id = format!("I{STRONG:03}");
    for held in evidence.roster.iter_mut().filter(|held| held.inmate.as_str() == id) {
        held.from = START + 3 * DAY;
    }
    let rows = attributed(&evidence, plain(&[10 * STRONG, 10 * STRONG + 1, 10 * STRONG + 2])).1;
    assert!(named(&rows, STRONG) > 0.5, "{}", named(&rows, STRONG));
}
