//! What operators are asked, and what they answer.

use std::collections::BTreeSet;

use cellsweep_share::carrier::{
    Action, Answer, AnswerError, Evidence, Official, Order, Outcome, Requests, Sample, Target, Why, answers,
    block_list_csv, evidence_csv, requests, requests_csv, restore, tally,
};
use cellsweep_share::snapshot::{CaseSnapshot, SourceClass, Words};
use proptest::prelude::*;

use crate::made::{at, case, decimal, finding, handset, imei, of, stated};
use crate::strategies;

fn order() -> Order {
    Order {
        number: of("M7"),
        made: at(10),
        authority: of("A1"),
        official: Official {
            name: of("An Official"),
            title: of("director"),
            agency: of("prisons"),
            contact: of("office 1"),
        },
        certification: of("I certify that the devices were found inside the institution"),
        reason: of("contraband device"),
        carve_out: of("falls away where the device proves to be outside the institution"),
        comply_by: at(58),
        threshold: decimal(2.0),
        classes: [SourceClass::Open, SourceClass::Judicial].into(),
        operators: [of("Operator-1"), of("Operator-2")].into(),
    }
}

fn ask(case: &CaseSnapshot) -> Requests {
    requests(case, &order(), &BTreeSet::new(), &BTreeSet::new())
}

fn table(case: &CaseSnapshot, requests: &Requests, operator: &str) -> String {
    let operator: Words = of(operator);
    let theirs = requests.by_operator.get(&operator).map_or(&[][..], Vec::as_slice);
    String::from_utf8(requests_csv(case, &order(), &operator, theirs)).unwrap()
}

#[test]
fn a_mailing_has_what_the_law_asks_for() {
    let case = case(3, 0);
    let text = table(&case, &ask(&case), "Operator-2");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let fields: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(lines.count(), 2);
    let check = |name: &str, expected: &str| {
        let at = names.iter().position(|known| *known == name).unwrap();
        assert_eq!(fields[at], expected, "{name}");
    };
    check("request", "M7-1");
    check("action", "disable");
    check("imei", "352099000000006");
    check("imsi", "");
    check("last_record", "2026-11-03T05:00:00Z");
    check("facility", "MA-A");
    check("facility_lat", "48.5");
    check("official", "An Official");
    check("comply_by", "2026-11-05T16:00:00Z");
    assert!(text.contains(",\"TJ Paris, juge d'instruction\",2026/0001,CPP 99-3,"), "{text}");
    assert!(!text.contains("sector_fit") && !names.contains(&"log10_lr"));
}

#[test]
fn only_what_is_surely_inside_and_alone_is_asked_for() {
    let check = |change: fn(&mut CaseSnapshot), expected: Option<Why>| {
        let mut case = case(3, 0);
        change(&mut case);
        let asked = ask(&case);
        let why = asked.skipped.iter().find(|skip| skip.handset == handset(0)).map(|skip| skip.why);
        assert_eq!(why, expected);
        let named = table(&case, &asked, "Operator-1").contains("352099000000006");
        assert_eq!(named, expected.is_none());
    };
    check(|_| (), None);
    check(
        |case| case.devices[0].assessment = stated(vec![finding("x", SourceClass::Open, 1.99)]),
        Some(Why::BelowThreshold),
    );
    check(|case| case.devices[0].assessment = Default::default(), Some(Why::NotWeighed));
    check(
        |case| case.devices[0].assessment = stated(vec![finding("x", SourceClass::Intelligence, 5.0)]),
        Some(Why::Restricted),
    );
    check(
        |case| {
            case.devices[0].cloned = true;
            case.sims.clear();
        },
        Some(Why::NotAlone),
    );
    // Its card was heard in another handset, too: neither is its alone.
    check(
        |case| {
            case.devices[0].cloned = true;
            case.sims[0].handsets.push(handset(2));
        },
        Some(Why::NotAlone),
    );
}

#[test]
fn a_clone_is_asked_for_by_its_subscription() {
    let mut case = case(3, 0);
    case.devices[1].imeis = vec![imei(0)];
    let asked = ask(&case);
    let one = table(&case, &asked, "Operator-1");
    assert!(!one.contains("352099000000006"), "{one}");
    assert!(one.contains("999700000000000,12025550100") && one.contains("999700000000001,12025550101"), "{one}");
    // The other operator has no subscription of theirs, and is asked for the third handset only.
    assert_eq!(table(&case, &asked, "Operator-2").lines().count(), 2);
    let blocked: Vec<u8> = block_list_csv(&order(), &asked.by_operator[&of::<Words>("Operator-1")]);
    assert_eq!(String::from_utf8(blocked).unwrap().lines().count(), 2);
}

#[test]
fn an_imei_that_lives_outside_is_never_asked_for() {
    let case = case(3, 0);
    let asked = requests(&case, &order(), &BTreeSet::new(), &[imei(0)].into());
    let targets = asked.by_operator.values().flatten().map(|request| &request.target);
    assert!(!targets.into_iter().any(|target| *target == Target::Handset(imei(0))));
}

#[test]
fn answers_are_read_and_counted() {
    let asked = ask(&case(4, 0)).by_operator.remove(&of::<Words>("Operator-1")).unwrap();
    let said = answers(
        b"request,outcome,time,note\r\nM7-1,disabled,2026-11-04T08:00:00Z,\r\n\
        M7-2,disabled,2026-11-09T08:00:00+01:00,late\r\n\
        M7-3,refused,2026-11-04T08:00:00Z,\"not ours, sorry\"\r\nM7-77,disabled,2026-11-04T08:00:00Z,\r\n",
    );
    let said = said.unwrap();
    assert_eq!(said[2].note, "not ours, sorry");
    let counted = tally(&order(), &asked, &said);
    assert_eq!((counted.disabled, counted.refused, counted.unanswered), (2, 1, 1));
    assert_eq!((counted.late, counted.strange, counted.restored), (1, 1, 0));
    // Somebody outside complains about the first: it is restored, and counted.
    let second = Order { number: of("M8"), ..order() };
    let back = restore(&second, &asked, &["M7-1".to_owned()].into());
    assert_eq!((back.len(), back[0].action, back[0].restores.as_deref()), (1, Action::Restore, Some("M7-1")));
    let answer = Answer { request: "M8-1".to_owned(), outcome: Outcome::Restored, time: at(40), note: String::new() };
    let all = tally(&order(), &[asked, back].concat(), &[said, vec![answer]].concat());
    assert_eq!((all.disabled, all.restored), (1, 1));
}

#[test]
fn a_table_that_is_no_answer_goes_back() {
    let check = |text: &str, expected: &str| {
        let error: AnswerError = answers(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("request,result\n", "the table's first line is not `request,outcome,time,note`");
    check("request,outcome,time,note\nM7-1,done,2026-11-04T08:00:00Z,\n", "line 2: the outcome is");
    check("request,outcome,time,note\n\nM7-1,disabled,4/11/2026,\n", "line 3: the time is not");
    check("request,outcome,time,note\nM7-1,disabled\n", "line 2 has 2 fields, not 4");
    check("request,outcome,time,note\nM7-1,\"disabled\n", "a quotation mark stands alone");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A closed plan's handsets: the mailing is the one that would be sent if nobody had heard of them.
    #[test]
    fn nothing_hints_at_a_closed_plan(rest in strategies::case(), under in 0usize..3) {
        let mut with = case(3, 0);
        with.devices.extend(rest.devices.into_iter().map(|mut row| {
            row.imeis.retain(|number| *number != imei(under));
            row
        }).filter(|row| row.handset != handset(under)));
        let mut without = with.clone();
        without.devices.retain(|row| row.handset != handset(under));
        without.sims.retain(|row| !row.handsets.contains(&handset(under)));
        let none = BTreeSet::new();
        let asked = requests(&with, &order(), &[handset(under)].into(), &none);
        let never = requests(&without, &order(), &BTreeSet::new(), &none);
        prop_assert_eq!(&asked.by_operator, &never.by_operator);
        for operator in ["Operator-1", "Operator-2"] {
            prop_assert_eq!(table(&with, &asked, operator), table(&without, &never, operator));
        }
    }

    /// Whatever the case, no IMEI is asked for that two handsets have.
    #[test]
    fn no_shared_imei_is_asked_for(case in strategies::case()) {
        let loose = Order { threshold: decimal(-1e300), ..order() };
        let asked = requests(&case, &loose, &BTreeSet::new(), &BTreeSet::new());
        for request in asked.by_operator.values().flatten() {
            let Target::Handset(imei) = &request.target else { continue };
            let with = case.devices.iter().filter(|row| row.imeis.contains(imei)).map(|row| &row.handset);
            prop_assert_eq!(with.collect::<BTreeSet<_>>().len(), 1);
        }
    }
}

#[test]
fn what_weights_are_worth_is_said_with_its_sample_or_not_at_all() {
    let none = Sample { devices: 0, detected: 0, share: None };
    let some = Sample { devices: 40, detected: 30, share: Some((decimal(0.75), decimal(0.59), decimal(0.87))) };
    let (method, threshold) = (of("presence-2"), decimal(2.0));
    let evidence = Evidence { method, threshold, from: at(0), to: at(720), contraband: some, other: none };
    let text = String::from_utf8(evidence_csv(&evidence)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let window = "2026-11-03T06:00:00Z,2026-12-03T06:00:00Z,720,presence-2";
    assert_eq!(lines[1], format!("contraband,40,30,0.75,0.59,0.87,2,{window}"));
    assert_eq!(lines[2], format!("not_contraband,0,0,,,,2,{window}"));
}
