//! Any case.

use std::fmt::Debug;
use std::str::FromStr;

use cellsweep_proof::Hash;
use cellsweep_share::snapshot::*;
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::made::{authority, head};

fn text<T: FromStr<Err: Debug> + Debug>(form: &'static str) -> impl Strategy<Value = T> {
    form.prop_map(|text| text.parse().unwrap())
}

fn name<T: FromStr<Err: Debug> + Debug>() -> impl Strategy<Value = T> {
    text("[a-zA-Z0-9é-][a-zA-Z0-9 _/é,\"<&=-]{0,9}[a-zA-Z0-9\u{1F4F1}]")
}

fn words() -> impl Strategy<Value = Words> {
    text("\\PC{0,20}[a-z\u{e9}<&\"',;=\n]x")
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-62_000_000_000_000_000i64..253_000_000_000_000_000).prop_map(|at| Timestamp::from_microsecond(at).unwrap())
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let any = any::<f64>().prop_filter_map("finite", Decimal::new);
    prop_oneof![any, (-9_999i32..9_999).prop_map(|n| Decimal::new(f64::from(n) / 1_000.0).unwrap())]
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn class() -> impl Strategy<Value = SourceClass> {
    prop_oneof![Just(SourceClass::Open), Just(SourceClass::Judicial), Just(SourceClass::Intelligence)]
}

prop_compose! {
    fn finding()(
        code in text("[a-z_]{1,12}"),
        parameters in prop::collection::btree_map(text("[a-z_0-9]{1,9}"), words(), 0..3),
        source in prop_oneof![Just(Source::Records), Just(Source::Ledger), Just(Source::Administration)],
        class in class(),
        log10_lr in decimal(),
    ) -> Finding {
        Finding { code, parameters, source, class, log10_lr }
    }
}

fn assessment() -> impl Strategy<Value = Assessment> {
    let stated = (words(), words(), decimal(), vec(finding(), 0..4), option::of(name()));
    let stated = stated.prop_map(|(proposition, alternative, log10_lr, findings, run)| {
        Assessment::Stated(Box::new(Stated { proposition, alternative, log10_lr, findings, run }))
    });
    prop_oneof![Just(Assessment::NotStated), stated]
}

/// Few, so that they meet.
fn handset() -> impl Strategy<Value = HandsetName> {
    text("3520990000001[0-9]")
}

fn imei() -> impl Strategy<Value = Imei> {
    text("3520990000001[0-9]")
}

fn sim_name() -> impl Strategy<Value = SimName> {
    text("S[0-9]")
}

fn order() -> impl Strategy<Value = Option<AuthorityName>> {
    option::of(text("A[12]"))
}

prop_compose! {
    fn device()(
        handset in handset(),
        imeis in vec(imei(), 0..3),
        class in option::of(prop_oneof![Just(DeviceClass::Mini), Just(DeviceClass::Unknown)]),
        model in option::of(words()),
        facility in option::of(text("MA-[AB]")),
        cloned in any::<bool>(),
        (first_seen, last_seen) in (option::of(time()), option::of(time())),
        authority in order(),
        assessment in assessment(),
    ) -> Device {
        Device { handset, imeis, class, model, facility, cloned, first_seen, last_seen, authority, assessment }
    }
}

prop_compose! {
    fn sim()(
        sim in sim_name(),
        imsi in option::of(text("[0-9]{6,15}")),
        msisdn in option::of(text("[0-9]{2,15}")),
        iccid in option::of(text("[0-9]{18,22}")),
        operator in option::of(words()),
        handsets in vec(handset(), 0..3),
        subscriber in option::of(text("P[0-9]")),
        authority in order(),
    ) -> Sim {
        Sim { sim, imsi, msisdn, iccid, operator, handsets, subscriber, authority }
    }
}

fn end() -> impl Strategy<Value = CallEnd> {
    let number = text("[0-9]{2,15}").prop_map(CallEnd::Number);
    prop_oneof![sim_name().prop_map(CallEnd::Sim), number, Just(CallEnd::NotStated)]
}

prop_compose! {
    fn call()(
        call in name(),
        time in time(),
        kind in prop_oneof![Just(CallKind::Voice), Just(CallKind::Sms)],
        (from, to) in (end(), end()),
        duration_s in option::of(any::<u32>()),
        handset in option::of(handset()),
        sector in option::of(text("999-70-[0-9]{1,9}(-[0-9]{1,8})?")),
        authority in order(),
    ) -> Call {
        Call { call, time, kind, from, to, duration_s, handset, sector, authority }
    }
}

prop_compose! {
    fn exhibit()(
        exhibit in name(),
        kind in prop_oneof![Just(ExhibitKind::Phone), Just(ExhibitKind::Sim), Just(ExhibitKind::Other)],
        description in option::of(words()),
        imeis in vec(imei(), 0..2),
        iccids in vec(text("[0-9]{18,22}"), 0..2),
        facility in text("MA-[AB]"),
        cell in option::of(name()),
        authority in order(),
        custody in vec((name(), time(), text("P[0-9]"), option::of(words()), option::of(any::<u64>())), 0..4),
    ) -> Exhibit {
        let custody = custody.into_iter().map(|(event, time, by, seal, log_entry)| {
            CustodyEvent { event, time, what: CustodyKind::Sealed, by, to: None, seal, log_entry }
        });
        let (search, custody) = (None, custody.collect());
        Exhibit { exhibit, kind, description, imeis, iccids, search, facility, cell, authority, custody }
    }
}

prop_compose! {
    fn run()(run in name(), version in words(), settings in hash(), inputs in vec((name(), hash()), 0..3)) -> Run {
        let inputs = inputs.into_iter().map(|(file, digest)| FileDigest { file, digest }).collect();
        Run { run, step: "trace".parse().unwrap(), version, settings, inputs, outputs: Vec::new() }
    }
}

prop_compose! {
    pub fn case()(
        taken in time(),
        devices in vec(device(), 0..5),
        sims in vec(sim(), 0..5),
        holders in vec((handset(), text("P[0-9]"), assessment()), 0..3),
        calls in vec(call(), 0..6),
        exhibits in vec(exhibit(), 0..3),
        runs in vec(run(), 0..2),
        people in vec((text("P[0-9]"), option::of(words())), 0..3),
    ) -> CaseSnapshot {
        let mut case = CaseSnapshot::new(CaseHead { taken, ..head() });
        case.authorities = vec![authority()];
        (case.devices, case.sims, case.calls, case.exhibits, case.runs) = (devices, sims, calls, exhibits, runs);
        let holders = holders.into_iter().map(|(handset, person, assessment)| Holder { handset, person, assessment });
        case.holders = holders.collect();
        let people = people.into_iter().map(|(person, name)| {
            Person { person, category: PersonCategory::NotYetDetermined, name, role: None, authority: None }
        });
        case.persons = people.collect();
        case
    }
}
