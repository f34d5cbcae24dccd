//! Each finding is beaten by a stronger one that points elsewhere.

use cellsweep_attribute::{AttributeSettings, Evidence, Phone, attribute};
use cellsweep_model::custody::{Detection, Find, HeldFor, OffenceNumber, Sale, Sensor, Visit};
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::Technology;
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
fn a_device_that_was_sold_on_is_its_last_buyer_s() {
    let mut evidence = prison();
    let imei = "35000000000001".parse().unwrap();
    let sale = |time: i64, inmate: u64| Sale {
        order: Some(format!("X{inmate}")),
        time,
        imeis: vec![imei],
        quantity: 1,
        buyer: None,
        email: None,
        phone: Some(number(10 * inmate).to_string()),
        address: None,
        postcode: None,
    };
    // Whichever stands first in the ledger.
    evidence.sales = vec![sale(START, WEAK), sale(START - DAY, STRONG)];
    evidence.buyers = vec![vec![0], vec![1]];
    let bought = Phone { imei: Some(imei), ..phone("x", &[10 * STRONG]) };
    let rows = attributed(&evidence, bought.clone()).1;
    let is_bought = |fact: &HolderFact| matches!(fact, HolderFact::Buyer { .. });
    assert!(has(&rows, WEAK, is_bought) && !has(&rows, STRONG, is_bought), "{rows:#?}");
    let leads = cellsweep_attribute::leads(&evidence, &[bought]);
    let traced =
        |order: &str| leads.iter().filter(|lead| lead.orders == [order]).map(|lead| lead.traced.len()).sum::<usize>();
    assert_eq!((traced(&format!("X{WEAK}")), traced(&format!("X{STRONG}"))), (1, 0));
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

/// A prison of two wings, thirty metres and more apart: I000 to I039 in A, the others in B.
fn two_wings() -> Evidence {
    let mut evidence = prison();
    for cell in &mut evidence.cells {
        let number: f64 = cell.cell.as_str()[1..].parse().unwrap();
        let wing = if number < 20.0 { ("A", 0.0) } else { ("B", 300.0) };
        cell.wing = Some(wing.0.to_owned());
        cell.place_m = Some((3.0 * number, wing.1));
    }
    evidence
}

/// A handset whose records are of the sector that serves a wing, six hours a day.
fn heard_at(wing: u64, phone: Phone) -> Phone {
    let sector = format!("208-01-{}", 1_000 + wing).parse().unwrap();
    let day = |day: i32| DayRow {
        day: (START / DAY) as i32 + day,
        sector,
        technology: 2,
        operator: 0,
        imsi: None,
        hours: 0b11_1111 << 8,
        counts: Counts::default(),
        timing_advances: TimingAdvances::default(),
        first: START + i64::from(day) * DAY,
        last: START + i64::from(day) * DAY,
    };
    Phone { days: (0..20).map(day).collect(), ..phone }
}

#[test]
fn the_sectors_of_a_wing() {
    let evidence = two_wings();
    let phones: Vec<Phone> = (0..INMATES / 2)
        .map(|half| 2 * half)
        .map(|inmate| heard_at(inmate / 40, phone(&format!("p{inmate}"), &[10 * inmate, 10 * inmate + 1])))
        .collect();
    let asked = |numbers: &[u64]| {
        let mut all = phones.clone();
        all.push(heard_at(1, plain(numbers)));
        let rows = attribute(&evidence, &all, &AttributeSettings::default()).holders;
        rows.into_iter().filter(|row| row.handset == "x").collect::<Vec<_>>()
    };
    let alone = asked(&[]);
    assert!(named(&alone, 71) > 1.3 * named(&alone, 31), "{} {}", named(&alone, 71), named(&alone, 31));
    let both = asked(&[310, 311, 312]);
    assert!(has(&both, 31, |fact| matches!(fact, HolderFact::Wing)), "{both:#?}");
    assert!(named(&both, 31) > 0.5, "{}", named(&both, 31));
}

#[test]
fn what_sensors_heard() {
    let mut evidence = two_wings();
    evidence.sensors.push(Sensor {
        sensor: "S1".to_owned(),
        facility: "F1".parse().unwrap(),
        wing: Some("B".to_owned()),
        place_m: Some((3.0 * (STRONG / 2) as f64, 300.0)),
    });
    let instants: Vec<i64> = (0..10).map(|event| START + event * DAY + 3_600_000_000).collect();
    evidence.detections = instants
        .iter()
        .map(|time| Detection {
            time: time + 1_000_000,
            sensor: "S1".to_owned(),
            technology: Technology::Gsm,
            rssi_dbm: -60.0,
            identity: None,
        })
        .collect();
    let events: Vec<(i64, u8)> = instants.iter().map(|time| (*time, Technology::Gsm.code())).collect();
    let asked = |numbers: &[u64]| Phone { events: events.clone(), ..phone("x", numbers) };
    let alone = attributed(&evidence, asked(&[])).1;
    assert!(named(&alone, STRONG) > 3.0 * named(&alone, WEAK), "{} {}", named(&alone, STRONG), named(&alone, WEAK));
    assert!(has(&alone, STRONG, |fact| matches!(fact, HolderFact::Sensors { .. })), "{alone:#?}");
    let both = attributed(&evidence, asked(&[10 * WEAK, 10 * WEAK + 1, 10 * WEAK + 2])).1;
    assert!(named(&both, WEAK) > 5.0 * named(&both, STRONG), "{} {}", named(&both, STRONG), named(&both, WEAK));
}
