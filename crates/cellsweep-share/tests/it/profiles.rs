//! What each recipient gets, and what nobody may guess from it.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_share::forms;
use cellsweep_share::profile::{Category, PreviewError, Profile, ProfileError};
use cellsweep_share::snapshot::{Assessment, Call, CallEnd, CaseSnapshot, Sim, SimName, SourceClass};
use proptest::prelude::*;

use crate::made::{at, case, device, finding, handset, imei, of, stated};
use crate::strategies;

fn json(case: &CaseSnapshot) -> String {
    String::from_utf8(case.to_json().unwrap()).unwrap()
}

#[test]
fn each_recipient_gets_its_fields() {
    let check = |profile: &str, there: &[&str], not_there: &[&str]| {
        let cut = Profile::known(profile).unwrap().cut(&case(4, 20), &BTreeSet::new()).unwrap();
        let text = json(&cut.snapshot);
        there.iter().for_each(|word| assert!(text.contains(word), "{profile}: {word} is not there"));
        not_there.iter().for_each(|word| assert!(!text.contains(word), "{profile}: {word} is there"));
    };
    check("court", &["Name of P4", "13035550101", "\"custody\": [", "sector_fit", "999-70-262657"], &[]);
    check(
        "eurojust",
        &["35209900000001", "sector_fit", "\"P2\""],
        &["Name of", "13035550101", "999-70-262657", "\"P1\"", "B200"],
    );
    check(
        "carrier",
        &["35209900000001", "999700000000001", "MA-A"],
        &["Name of", "log10_lr", "sector_fit", "custody", "8999970", "1303555", "first_seen", "trace"],
    );
}

#[test]
fn a_profile_names_what_is_there() {
    let text = cellsweep_share::profile::KNOWN[0].1;
    let check = |from: &str, to: &str, expected: &str| {
        assert!(text.contains(from));
        let error: ProfileError = Profile::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("sims =", "simms =", "profile carrier: snapshots have no `simms`");
    check("\"msisdn\"", "\"misdn\"", "profile carrier: `sims` has no field `misdn`");
    check("days =", "hours =", "unknown field `hours`");
    check("version = 1", "version = 2", "version 2, not 1");
    check("location =", "place =", "unknown variant `place`");
}

#[test]
fn a_weight_that_rests_on_intelligence_goes_with_all_that_rests_on_it() {
    let mut case = case(1, 30);
    let tip = || finding("informant", SourceClass::Intelligence, 2.0);
    // Seized: stays as a fact. Not seized: goes.
    for number in [0, 1] {
        case.devices[number].assessment = stated(vec![finding("sector_fit", SourceClass::Judicial, 1.0), tip()]);
    }
    let cut = Profile::known("court").unwrap().cut(&case, &BTreeSet::new()).unwrap();
    assert_eq!(cut.withheld.restricted, 3, "two handsets and a holder");
    let text = json(&cut.snapshot);
    for hint in ["informant", "intelligence", "restricted", "35209900000001", "999700000000001", "P4", "Name of P4"] {
        assert!(!text.contains(hint), "{hint}");
    }
    let seized = &cut.snapshot.devices[0];
    assert_eq!((seized.handset.as_str(), &seized.assessment), ("35209900000000", &Assessment::NotStated));
    assert_eq!(seized.facility, None);
    assert_eq!(cut.snapshot.devices.len(), 2);
    // Where another handset has the seized one's IMEI, nobody knows which of them was seized.
    case.devices[2].imeis = vec![imei(0)];
    let cut = Profile::known("court").unwrap().cut(&case, &BTreeSet::new()).unwrap();
    assert!(cut.snapshot.devices.iter().all(|row| row.handset == handset(2)));
}

#[test]
fn calls_go_with_their_handset() {
    let mut case = case(1, 30);
    case.devices[1].assessment = stated(vec![finding("informant", SourceClass::Intelligence, 2.0)]);
    let cut = Profile::known("court").unwrap().cut(&case, &BTreeSet::new()).unwrap();
    // 30 calls from three handsets, ten of them from the one that goes.
    assert_eq!((cut.snapshot.calls.len(), cut.snapshot.holders.len()), (20, 1));
}

#[test]
fn without_imeis_handsets_are_numbered() {
    let mut profile = Profile::known("court").unwrap();
    profile.keep.get_mut("devices").unwrap().remove("imeis");
    profile.keep.get_mut("exhibits").unwrap().remove("imeis");
    let cut = profile.cut(&case(2, 5), &BTreeSet::new()).unwrap();
    let text = json(&cut.snapshot);
    assert!(!text.contains("352099"), "{text}");
    assert_eq!(cut.snapshot.calls[1].handset, Some(of("H-2")));
    assert_eq!(cut.snapshot.sims[1].handsets, [of("H-2")]);
}

#[test]
fn a_preview_lists_every_category_with_its_reason_and_order() {
    let profile = Profile::known("court").unwrap();
    let cut = profile.cut(&case(2, 5), &BTreeSet::new()).unwrap();
    let preview = profile.preview(&cut.snapshot).unwrap();
    let of_kind = |kind| preview.lines.iter().find(|line| line.category == kind).unwrap();
    let numbers = of_kind(Category::PhoneNumber);
    assert_eq!(numbers.count, 3 + 5 + 5);
    assert_eq!(numbers.fields, ["calls.from", "calls.to", "sims.msisdn"].map(String::from).into());
    assert_eq!(numbers.authorities, [of("A1")].into());
    assert_eq!(numbers.without_authority, 0);
    assert_eq!(numbers.why.as_str(), "who was called from it");
    assert_eq!(of_kind(Category::Name).count, 2, "two who are no officials");
    assert_eq!(of_kind(Category::Assessment).without_authority, 1, "a holder's row names no order");
    let mut silent = profile.clone();
    silent.why.remove(&Category::Name);
    let refused = silent.preview(&cut.snapshot);
    assert!(matches!(refused, Err(PreviewError::NoReason { category: Category::Name, count: 2, .. })));
}

/// Every form in which a case leaves; of the one that is no text, the text in it.
fn all_forms(case: &CaseSnapshot) -> String {
    let others = forms(case).unwrap().into_values();
    let bytes: Vec<u8> = others.chain([case.to_json().unwrap()]).flatten().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Cards and calls numbered from 1 as they stand, and all in the order of their names: as a case is gathered.
fn gathered(mut case: CaseSnapshot) -> CaseSnapshot {
    let number = |(number, sim): (usize, &Sim)| (sim.sim.clone(), of(&format!("S{number}")));
    let cards: BTreeMap<SimName, SimName> = (1..).zip(&case.sims).map(number).collect();
    case.sims.iter_mut().for_each(|row| row.sim = cards[&row.sim].clone());
    for (number, row) in (1..).zip(&mut case.calls) {
        row.call = of(&format!("C{number}"));
        for end in [&mut row.from, &mut row.to] {
            if let CallEnd::Sim(sim) = end {
                *sim = cards[sim].clone();
            }
        }
    }
    case.sort();
    case
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_hints_at_what_is_under_embargo(
        rest in strategies::case(),
        first in any::<bool>(),
        gone in 0..12_usize,
        other in 1..12_usize,
    ) {
        // Twelve handsets, each with its card and calls; nothing else in the case has to do with one of them.
        let mut with = case(12, 24);
        with.holders.clear();
        let other = (gone + other) % 12;
        let (number, sim) = (with.sims[gone].msisdn.clone().unwrap(), with.sims[gone].sim.clone());
        (with.devices[gone].first_seen, with.devices[gone].last_seen) = (Some(at(-7)), Some(at(-3)));
        let mut without = with.clone();
        without.calls.retain(|call| call.handset != Some(handset(gone)));
        without.devices.remove(gone);
        without.sims.remove(gone);
        // It has the IMEI of a handset that leaves, too; that is told of neither.
        (with.devices[gone].imeis, with.devices[other].cloned) = (vec![imei(other)], true);
        // It was called, by its number and by its card.
        let call = with.calls[other].clone();
        for to in [CallEnd::Number(number), CallEnd::Sim(sim)] {
            with.calls.insert(gone, Call { to, ..call.clone() });
        }
        let [mut with, mut without] = [with, without].map(gathered);
        for case in [&mut with, &mut without] {
            case.exhibits = rest.exhibits.clone();
            if first { case.devices.reverse(); }
        }
        for profile in ["court", "eurojust", "carrier"] {
            let profile = Profile::known(profile).unwrap();
            let cut = profile.cut(&with, &[handset(gone)].into()).unwrap();
            let never = profile.cut(&without, &BTreeSet::new()).unwrap();
            prop_assert_eq!(cut.withheld.embargoed, 1);
            prop_assert_eq!(all_forms(&cut.snapshot), all_forms(&never.snapshot));
        }
    }

    #[test]
    fn no_finding_of_another_class_leaves(case in strategies::case()) {
        for profile in ["court", "eurojust", "carrier"] {
            let cut = Profile::known(profile).unwrap().cut(&case, &BTreeSet::new()).unwrap();
            let text = json(&cut.snapshot);
            prop_assert!(!text.contains("\"intelligence\""));
            let again = Profile::known(profile).unwrap().cut(&cut.snapshot, &BTreeSet::new()).unwrap();
            prop_assert_eq!(again.snapshot, cut.snapshot);
        }
    }
}

#[test]
fn every_field_of_every_table_is_known() {
    let mut full = case(2, 4);
    full.devices[0].cloned = true;
    full.devices.push(device(7));
    let value: serde_json::Value = serde_json::from_slice(&full.to_json().unwrap()).unwrap();
    // A profile that keeps everything keeps everything: no field is missing from the tables of fields.
    let mut all = Profile::known("court").unwrap();
    for (section, rows) in value.as_object().unwrap() {
        let Some(rows) = rows.as_array() else { continue };
        let names = rows.iter().flat_map(|row| row.as_object().unwrap().keys().cloned()).collect();
        all.keep.insert(section.clone(), names);
    }
    let parsed = Profile::parse(&toml::to_string(&all).unwrap()).unwrap();
    assert_eq!(parsed.cut(&full, &BTreeSet::new()).unwrap().snapshot, gathered(full));
}
