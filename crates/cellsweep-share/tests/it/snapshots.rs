//! Snapshots: what was ever written is read for ever.

use std::collections::BTreeSet;

use cellsweep_share::case_jsonld;
use cellsweep_share::snapshot::{CaseSnapshot, Decimal, Imei, SnapshotError};
use proptest::prelude::*;
use serde_json::Value;

use crate::made::case;
use crate::strategies;

/// Version 1, as it was first shipped. This file never changes: a new form is a new version.
const V1: &[u8] = include_bytes!("../golden/v1/snapshot.json");

#[test]
fn version_1_is_read_for_ever() {
    let read = CaseSnapshot::from_json(V1).unwrap();
    assert_eq!(read, case(2, 3));
    assert_eq!(String::from_utf8(read.to_json().unwrap()).unwrap(), String::from_utf8(V1.to_vec()).unwrap());
}

#[test]
fn other_versions_and_unknown_fields_are_refused() {
    let text = std::str::from_utf8(V1).unwrap();
    let check = |from: &str, to: &str, expected: &str| {
        assert!(text.contains(from), "{from}");
        let error = CaseSnapshot::from_json(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("\"version\": 1", "\"version\": 2", "version 2 of snapshots: this program reads up to version 1");
    check("\"sims\": [", "\"cards\": [], \"sims\": [", "unknown field `cards`");
    check("\"cell\": \"B200\"", "\"cell\": \"B200\", \"inmate\": \"Q1\"", "unknown field `inmate`");
    check("\"35209900000000\"\n", "\"352099000000000\"\n", "an IMEI is not 14 digits");
    check("\"10\"", "\"1e1\"", "a number is not a finite decimal number in its shortest form");
    let newer = CaseSnapshot::from_json(b"{\"version\": 7, \"cases\": []}");
    assert!(matches!(newer, Err(SnapshotError::Newer { found: 7 })));
}

#[test]
fn an_imei_gets_its_check_digit() {
    let check = |digits: &str, expected: &str| {
        assert_eq!(digits.parse::<Imei>().unwrap().with_check_digit(), expected);
    };
    check("49015420323751", "490154203237518");
    check("35209900176148", "352099001761481");
    check("00000000000000", "000000000000000");
}

#[test]
fn people_are_redacted_in_debug() {
    let debug = format!("{:?}", case(2, 3));
    for number in ["35209900000000", "999700000000000", "12025550100", "13035550100", "Name of", "8999970"] {
        assert!(!debug.contains(number), "{number}");
    }
}

/// All ids, and those that have a class.
fn ids<'a>(value: &'a Value, all: &mut BTreeSet<&'a str>, described: &mut BTreeSet<&'a str>) {
    if let Some(id) = value["@id"].as_str() {
        all.insert(id);
        described.extend(value.get("@type").map(|_| id));
        assert!(id.starts_with("kb:") && id.as_bytes()[id.len() - 37] == b'-' && id.as_bytes()[id.len() - 22] == b'5');
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| ids(value, all, described)),
        Value::Object(members) => members.values().for_each(|value| ids(value, all, described)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(case in strategies::case()) {
        let bytes = case.to_json().unwrap();
        let read = CaseSnapshot::from_json(&bytes).unwrap();
        prop_assert_eq!(&read, &case);
        prop_assert_eq!(read.to_json().unwrap(), bytes);
    }

    #[test]
    fn what_a_graph_refers_to_is_in_it(case in strategies::case()) {
        let graph: Value = serde_json::from_slice(&case_jsonld(&case).unwrap()).unwrap();
        let (mut all, mut described) = Default::default();
        ids(&graph["@graph"], &mut all, &mut described);
        prop_assert_eq!(all, described);
    }

    #[test]
    fn the_order_of_rows_does_not_show(case in strategies::case(), by in 0usize..5) {
        let mut turned = case.clone();
        let len = turned.calls.len();
        turned.calls.rotate_left(by.min(len));
        let (mut one, mut two) = (case, turned);
        one.calls.dedup_by(|a, b| a.call == b.call);
        two.calls = one.calls.clone();
        two.calls.reverse();
        one.sort();
        two.sort();
        prop_assert_eq!(one.calls, two.calls);
    }

    #[test]
    fn numbers_come_out_as_they_went_in(number in any::<f64>()) {
        prop_assume!(number.is_finite());
        let decimal = Decimal::new(number).unwrap();
        prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap().value(), decimal.value());
    }
}
