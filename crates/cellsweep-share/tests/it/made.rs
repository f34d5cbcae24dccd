//! A made-up case: numbers are from blocks kept for fiction, or of no network that exists.

use std::str::FromStr;

use cellsweep_proof::{Hash, Signer, Verifier};
use cellsweep_share::Package;
use cellsweep_share::package::{Content, Head, Kind, Trusted};
use cellsweep_share::snapshot::*;
use jiff::{SignedDuration, Timestamp};

pub fn of<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn at(hours: i64) -> Timestamp {
    of::<Timestamp>("2026-11-03T06:00:00Z") + SignedDuration::from_hours(hours)
}

pub fn decimal(number: f64) -> Decimal {
    Decimal::new(number).unwrap()
}

pub fn imei(number: usize) -> Imei {
    of(&format!("{:014}", 35_209_900_000_000 + number))
}

pub fn handset(number: usize) -> HandsetName {
    of(imei(number).as_str())
}

pub fn head() -> CaseHead {
    CaseHead { case: of("OP-2026-1"), kind: CaseKind::Exercise, country: of("FR"), taken: at(200) }
}

pub fn authority() -> Authority {
    Authority {
        authority: of("A1"),
        country: of("FR"),
        body: of("TJ Paris, juge d'instruction"),
        number: of("2026/0001"),
        legal_basis: of("CPP 99-3"),
        offences: vec![Offence {
            code: of("drug_trafficking"),
            maximum_penalty_years: decimal(10.0),
            as_of: of("2026-01-01"),
        }],
        reviewed_by: Some(of("a judge")),
        kinds: vec![AuthorityKind::Records, AuthorityKind::Search],
        covers: Some(Coverage::All),
        data_from: at(-10_000),
        data_to: at(0),
        valid_until: at(5_000),
        cross_border_reference: Some(of("EIO-1")),
    }
}

pub fn finding(code: &str, class: SourceClass, weight: f64) -> Finding {
    let parameters = [(of("events"), of("412"))].into_iter().collect();
    Finding { code: of(code), parameters, source: Source::Records, class, log10_lr: decimal(weight) }
}

pub fn stated(findings: Vec<Finding>) -> Assessment {
    let log10_lr = decimal(findings.iter().map(|finding| finding.log10_lr.value()).sum());
    let (proposition, alternative) = (of("kept in this facility"), of("kept elsewhere"));
    Assessment::Stated(Box::new(Stated { proposition, alternative, log10_lr, findings, run: Some(of("run-1")) }))
}

pub fn device(number: usize) -> Device {
    Device {
        handset: handset(number),
        imeis: vec![imei(number)],
        class: Some(DeviceClass::Mini),
        model: Some(of("L8STAR BM10")),
        facility: Some(of("MA-A")),
        cloned: false,
        first_seen: Some(at(-500)),
        last_seen: Some(at(-1)),
        authority: Some(of("A1")),
        assessment: stated(vec![
            finding("sector_fit", SourceClass::Judicial, 1.5),
            finding("ledger", SourceClass::Open, 0.75),
        ]),
    }
}

pub fn sim(number: usize) -> Sim {
    Sim {
        sim: of(&format!("S{number}")),
        imsi: Some(of(&format!("99970{number:010}"))),
        msisdn: Some(of(&format!("1202555{:04}", 100 + number % 100))),
        iccid: Some(of(&format!("8999970{number:012}"))),
        operator: Some(of("Operator-1")),
        handsets: vec![handset(number)],
        subscriber: Some(of("P1")),
        authority: Some(of("A1")),
    }
}

fn person(name: &str, category: PersonCategory) -> Person {
    let role = (category == PersonCategory::Official).then(|| of("officer"));
    Person { person: of(name), category, name: Some(of(&format!("Name of {name}"))), role, authority: Some(of("A1")) }
}

fn call(number: usize, handsets: usize) -> Call {
    let handset_number = number % handsets;
    Call {
        call: of(&format!("C{number}")),
        time: at(-500) + SignedDuration::from_secs(number as i64 * 61),
        kind: if number.is_multiple_of(3) { CallKind::Sms } else { CallKind::Voice },
        from: CallEnd::Sim(of(&format!("S{handset_number}"))),
        to: CallEnd::Number(of(&format!("1303555{:04}", 100 + number % 100))),
        duration_s: (!number.is_multiple_of(3)).then_some(17 + number as u32),
        handset: Some(handset(handset_number)),
        sector: Some(of(["999-70-4660-22136", "999-70-262657"][number % 2])),
        authority: Some(of("A1")),
    }
}

fn event(number: usize, hours: i64, what: CustodyKind, by: &str) -> CustodyEvent {
    CustodyEvent {
        event: of(&format!("E{number}-{}", what.word())),
        time: at(hours),
        what,
        by: of(by),
        to: (what == CustodyKind::HandedOn).then(|| of("P3")),
        seal: (what == CustodyKind::Sealed).then(|| of(&format!("SC-{number:04}"))),
        log_entry: Some(number as u64),
    }
}

fn exhibit(number: usize) -> Exhibit {
    let steps = [
        (CustodyKind::Found, "P2"),
        (CustodyKind::Sealed, "P2"),
        (CustodyKind::HandedOn, "P2"),
        (CustodyKind::Acknowledged, "P3"),
    ];
    Exhibit {
        exhibit: of(&format!("X-{number}")),
        kind: if number % 5 == 4 { ExhibitKind::Sim } else { ExhibitKind::Phone },
        description: Some(of("black, the size of a lighter")),
        imeis: if number % 5 == 4 { Vec::new() } else { vec![imei(number)] },
        iccids: vec![of(&format!("8999970{number:012}"))],
        search: Some(of(&format!("Q{}", number / 2))),
        facility: of("MA-A"),
        cell: Some(of(&format!("B2{number:02}"))),
        authority: Some(of("A1")),
        custody: (0..).zip(steps).map(|(hours, (what, by))| event(number, hours, what, by)).collect(),
    }
}

fn search(number: usize, exhibits: usize) -> Search {
    Search {
        search: of(&format!("Q{number}")),
        facility: of("MA-A"),
        cell: Some(of(&format!("B2{number:02}"))),
        start: at(0),
        end: at(1),
        detector: Some(of("ferrous_pole")),
        officers: vec![of("P2"), of("P3")],
        found: exhibits.saturating_sub(2 * number).min(2) as u32,
        authority: Some(of("A1")),
    }
}

/// So many exhibits and calls, and one search more than it takes to find them.
pub fn case(exhibits: usize, calls: usize) -> CaseSnapshot {
    let handsets = exhibits.max(3);
    let place = |lat, lon| (Some(decimal(lat)), Some(decimal(lon)));
    let mut case = CaseSnapshot::new(head());
    case.authorities = vec![authority()];
    let (lat, lon) = place(48.5, 2.25);
    case.facilities = vec![Facility { facility: of("MA-A"), name: Some(of("Maison d'arrêt A")), lat, lon }];
    for sector in ["999-70-262657", "999-70-4660-22136"] {
        let (lat, lon) = place(48.51, 2.26);
        let technology = if sector.len() > 14 { of("GSM") } else { of("LTE") };
        case.sectors.push(Sector { sector: of(sector), technology, operator: of("Operator-1"), lat, lon });
    }
    case.persons = vec![
        person("P1", PersonCategory::ThirdParty),
        person("P2", PersonCategory::Official),
        person("P3", PersonCategory::Official),
        person("P4", PersonCategory::Suspect),
    ];
    case.devices = (0..handsets).map(device).collect();
    case.sims = (0..handsets).map(sim).collect();
    case.holders = vec![Holder {
        handset: handset(0),
        person: of("P4"),
        assessment: stated(vec![finding("listed", SourceClass::Judicial, 1.25)]),
    }];
    case.calls = (0..calls).map(|number| call(number, handsets)).collect();
    case.searches = (0..=exhibits.div_ceil(2)).map(|number| search(number, exhibits)).collect();
    case.exhibits = (0..exhibits).map(exhibit).collect();
    let file = |file: &str| vec![FileDigest { file: of(file), digest: Hash::of(file.as_bytes()) }];
    case.runs = vec![Run {
        run: of("run-1"),
        step: of("trace"),
        version: of("0.1.0"),
        settings: Hash::of(b"settings"),
        inputs: file("records.csv"),
        outputs: file("devices.csv"),
    }];
    case.disclosures = vec![Disclosure {
        disclosure: of("D1"),
        time: at(100),
        recipient: of("the court"),
        profile: of("court"),
        authority: Some(of("A1")),
        approved_by: Some(of("P3")),
        manifest: Some(Hash::of(b"manifest")),
    }];
    case
}

pub fn signer(seed: u8) -> Signer {
    Signer::from_seed(of("share.example/OP-2026-1"), &[seed; 32])
}

pub fn trusted(seed: u8) -> Trusted {
    Trusted { key: key(seed), until: at(1_000) }
}

pub fn key(seed: u8) -> Verifier {
    signer(seed).verifier().clone()
}

pub fn package_head(kind: Kind) -> Head {
    Head {
        version: Version,
        kind,
        disclosure: of("D2"),
        data: CaseKind::Exercise,
        made: at(200),
        expires: at(900),
        recipient: of("another country"),
        purpose: of("co-operation"),
        profile: of("eurojust"),
        authority: Some(of("A1")),
        approved_by: vec![of("a prosecutor")],
    }
}

pub fn package(snapshot: CaseSnapshot) -> Package {
    let files = [("log/checkpoint.txt", "origin\n7\n…\n"), ("papers/report.html", "<!doctype html><p>é")];
    let files = files.into_iter().map(|(name, text)| (of(name), text.as_bytes().to_vec())).collect();
    Package { head: package_head(Kind::Case), content: Content::Case(Box::new(snapshot)), files }
}
