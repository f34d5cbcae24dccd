//! A method for the next country.

use cellsweep_proof::Hash;
use cellsweep_share::method::{
    Calibration, Effect, HandsetSet, ImportProfile, Indicator, Lesson, Method, Model, Personal, StepSettings, World,
};
use cellsweep_share::package::{Content, Kind, OpenError, SealError};
use cellsweep_share::snapshot::{DeviceClass, Version};
use cellsweep_share::zip::Limits;
use cellsweep_share::{Package, open};

use crate::made::{at, decimal, imei, of, package_head, signer, trusted};

/// Version 1, as it was first shipped; never changes.
const V1: &[u8] = include_bytes!("../golden/v1/method.json");

fn method() -> Method {
    Method {
        version: Version,
        name: of("minis in prisons"),
        country: of("FR"),
        agency: of("an agency"),
        terms: of("for the search of prisons; not to be published"),
        expires: at(9_000),
        models: vec![Model {
            tac: "35209900".to_owned().try_into().unwrap(),
            brand: of("L8STAR"),
            model: of("BM10"),
            class: DeviceClass::Mini,
        }],
        handsets: vec![
            HandsetSet::Range { tac: "35209900".to_owned().try_into().unwrap(), from: 170_000, to: 179_999 },
            HandsetSet::List { imeis: vec![imei(1), imei(2)], allowed_by: of("order 2026/0001") },
        ],
        indicators: vec![Indicator { kind: of("domain"), value: of("shop.example") }],
        import_profiles: vec![ImportProfile { name: of("operator_1"), toml: "delimiter = \";\"\n".to_owned() }],
        settings: vec![StepSettings {
            step: of("trace"),
            version: of("0.1.0"),
            settings: [(of("threshold"), of("0.01"))].into_iter().collect(),
            digest: Hash::of(b"settings"),
            calibration: Some(Calibration {
                positives: 400,
                negatives: 4_000,
                cllr: decimal(0.25),
                cllr_min: decimal(0.21),
                elub_lower: decimal(-2.5),
                elub_upper: decimal(2.25),
                measured: of("2026-10-01"),
            }),
        }],
        world: Some(World { seed: 12_345_678_901, family: of("b"), version: of("0.1.0") }),
        lessons: vec![Lesson {
            about: of("jamming"),
            measure: of("hours heard a day, jammed over not"),
            estimate: decimal(0.9),
            lower: decimal(0.82),
            upper: decimal(0.99),
            percent: 95,
            n: 66,
        }],
    }
}

fn package(method: Method) -> Package {
    let content = Content::Method(Box::new(method));
    Package { head: package_head(Kind::Method), content, files: Default::default() }
}

#[test]
fn version_1_is_read_for_ever() {
    let read = Method::from_json(V1).unwrap();
    assert_eq!(read, method());
    assert_eq!(read.to_json().unwrap(), V1);
}

#[test]
fn a_method_travels_as_a_package_does() {
    let sent = package(method());
    let bytes = sent.seal(&signer(1), &Limits::default()).unwrap();
    let (read, _) = open(&bytes, &[trusted(1)], at(300), &Limits::default()).unwrap();
    assert_eq!(read, sent);
    let mut old = sent;
    let Content::Method(method) = &mut old.content else { panic!() };
    method.expires = at(299);
    let bytes = old.seal(&signer(1), &Limits::default()).unwrap();
    assert!(matches!(open(&bytes, &[trusted(1)], at(300), &Limits::default()), Err(OpenError::Lapsed { .. })));
}

#[test]
fn what_it_will_do_is_told_beforehand() {
    let effects = method().effects();
    assert_eq!(
        effects,
        [
            Effect::AddsModels { count: 1 },
            Effect::LooksForRange { handsets: 10_000 },
            Effect::LooksForList { handsets: 2, allowed_by: of("order 2026/0001") },
            Effect::AddsIndicators { count: 1 },
            Effect::OffersImportProfile { name: of("operator_1") },
            Effect::OffersSettings { step: of("trace"), values: 1, calibrated: true },
            Effect::OffersWorld { seed: 12_345_678_901 },
            Effect::ShowsLessons { count: 1 },
        ]
    );
}

#[test]
fn nobody_s_number_goes_with_it() {
    let check = |change: fn(&mut Method), expected: &str| {
        let mut method = method();
        change(&mut method);
        let refused = package(method).seal(&signer(1), &Limits::default());
        let Err(SealError::Personal(personal)) = refused else { panic!("{refused:?}") };
        assert!(personal.to_string().contains(expected), "{personal}");
    };
    check(|m| m.terms = of("ask +33 6 39 98 00 01"), "method.terms has 11 digits");
    check(|m| m.indicators[0].value = of("buyer@shop.example"), "method.indicators.value has an e-mail address");
    check(|m| m.import_profiles[0].toml.push_str("# 208011234567890"), "15 digits");
    check(|m| m.lessons[0].upper = decimal(0.5), "doesn't hold its estimate");
    check(
        |m| m.handsets[0] = HandsetSet::Range { tac: "35209900".to_owned().try_into().unwrap(), from: 5, to: 4 },
        "from 5 to 4",
    );
    assert_eq!(method().check(), Ok::<(), Personal>(()));
}
