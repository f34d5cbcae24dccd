//! Who is named and who must not be: relatives, cellmates, a shared lawyer, a communal phone.
#![expect(clippy::unwrap_used, reason = "what the test makes up parses")]

use cellsweep_attribute::{AttributeSettings, Attributed, Evidence, Phone, attribute};
use cellsweep_model::custody::{Cell, Contact, Held, Visit};
use cellsweep_model::peers::PeerRow;
use cellsweep_model::{Holder, HolderFact, Msisdn};

const DAY: i64 = 86_400_000_000;
const START: i64 = 20_000 * DAY;
const INMATES: u64 = 80;
/// Numbers that nobody listed.
const STRANGERS: u64 = 700_000;

fn number(value: u64) -> Msisdn {
    format!("336{value:08}").parse().unwrap()
}

/// The inmate's own four contacts are 10 × inmate + 0..4.
fn prison() -> Evidence {
    let mut evidence = Evidence { at: START + 31 * DAY, ..Evidence::default() };
    for inmate in 0..INMATES {
        let cell = format!("C{:02}", inmate / 2);
        evidence.roster.push(Held {
            inmate: format!("I{inmate:03}").parse().unwrap(),
            facility: "F1".parse().unwrap(),
            cell: Some(cell.parse().unwrap()),
            from: START - 100 * DAY,
            to: None,
        });
        if inmate % 2 == 0 {
            evidence.cells.push(Cell {
                facility: "F1".parse().unwrap(),
                wing: Some("A".to_owned()),
                floor: None,
                beds: None,
                cell: cell.parse().unwrap(),
                place_m: None,
            });
        }
        for contact in 0..4 {
            list(&mut evidence, inmate, 10 * inmate + contact, false);
        }
    }
    evidence
}

fn list(evidence: &mut Evidence, inmate: u64, value: u64, protected: bool) {
    evidence.contacts.push(Contact {
        inmate: format!("I{inmate:03}").parse().unwrap(),
        number: number(value),
        name: None,
        address: None,
        postcode: None,
        protected,
    });
}

fn call(value: u64, day: i64) -> PeerRow {
    let time = START + day * DAY + 10 * 3_600_000_000;
    PeerRow {
        peer: number(value).packed().cast_signed(),
        day: (time / DAY) as i32,
        imsi: None,
        own: None,
        voice_out: 1,
        voice_in: 0,
        sms_out: 0,
        sms_in: 0,
        seconds: 60,
        hours: 1 << 10,
        first: time,
        last: time,
    }
}

/// What trace says of every handset's being kept.
const KEPT: f64 = 0.95;

/// A handset that speaks with these numbers on three days each, and with four strangers.
fn phone(name: &str, numbers: &[u64]) -> Phone {
    let strangers = name.bytes().fold(STRANGERS, |sum, byte| sum * 31 % 90_000_000 + u64::from(byte));
    let strangers = (0..4).map(|index| strangers + index);
    let spoken = numbers.iter().copied().chain(strangers);
    Phone {
        handset: name.to_owned(),
        stays: vec![("F1".parse().unwrap(), KEPT)],
        peers: spoken.flat_map(|value| [1, 8, 15].map(|day| call(value, day))).collect(),
        ..Phone::default()
    }
}

/// Twenty handsets whose users call two of their contacts and twenty that call none, so that there
/// is something to learn from.
fn others() -> Vec<Phone> {
    let callers = (40..60).map(|inmate| phone(&format!("caller{inmate}"), &[10 * inmate, 10 * inmate + 1]));
    let silent = (0..20).map(|index| phone(&format!("silent{index}"), &[]));
    callers.chain(silent).collect()
}

fn attributed(evidence: &Evidence, asked: Phone) -> (Attributed, Vec<Holder>) {
    let mut phones = others();
    let handset = asked.handset.clone();
    phones.push(asked);
    let attributed = attribute(evidence, &phones, &AttributeSettings::default());
    let rows = attributed.holders.iter().filter(|row| row.handset == handset).cloned().collect();
    (attributed, rows)
}

fn named(rows: &[Holder], inmate: u64) -> f64 {
    let id = format!("I{inmate:03}");
    let of = rows.iter().filter(|row| row.inmate.as_ref().is_some_and(|inmate| inmate.as_str() == id));
    of.map(|row| row.probability).sum()
}

fn greatest(rows: &[Holder]) -> f64 {
    rows.iter().filter(|row| row.inmate.is_some()).map(|row| row.probability).fold(0.0, f64::max)
}

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
    let (_, rows) = attributed(&evidence, phone("x", &[777]));
    assert!(greatest(&rows) < 0.05, "{}", greatest(&rows));
    let fits = |row: &Holder| row.findings.iter().any(|found| matches!(found.fact, HolderFact::ListedNumber { .. }));
    assert!(!rows.iter().any(fits));
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
}

#[test]
fn a_visitor_called_during_the_visit_speaks_against() {
    let without = attributed(&prison(), phone("x", &[100])).1;
    let mut evidence = prison();
    let at = START + 8 * DAY + 10 * 3_600_000_000;
    evidence.visits.push(Visit {
        inmate: "I010".parse().unwrap(),
        number: number(100),
        from: at - 1_800_000_000,
        to: at + 1_800_000_000,
    });
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
