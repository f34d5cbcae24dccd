//! What the case holds of people.

use cellsweep_papers::{
    Consultations, DataHeld, Datum, Disclosure, Encryption, Finding, HeldFact, ImpactAssessment, Lang, MeasureState,
    Nature, Operation, OperationCount, PersonCategory, PersonsHeld, Release, ReviewDate, Source, SubjectData,
};
use jiff::civil::date;

use super::{at, authority, head, said};

pub fn impact(lang: Lang) -> ImpactAssessment {
    let held = |kind: &str, rows, imports, entries: &[u64]| DataHeld {
        kind: kind.to_owned(),
        rows,
        imports,
        source: Source::entries(entries.iter().copied()),
    };
    ImpactAssessment {
        head: head("AIPD-2026-1", lang),
        controller: Datum::Missing,
        officer: Datum::Missing,
        purposes: vec![said(
            lang.pick(
                "retrouver et saisir les téléphones détenus illicitement",
                "to find and seize phones held unlawfully",
            ),
            1,
        )],
        authorities: vec![authority(lang)],
        data: vec![
            held(lang.pick("données de trafic et de localisation", "traffic and location records"), 1_203_297, 1, &[6]),
            held(lang.pick("liste des personnes détenues", "roster of inmates"), 842, 2, &[8, 9]),
        ],
        persons: vec![
            PersonsHeld { category: PersonCategory::Convicted, count: Datum::logged(842, 8) },
            PersonsHeld { category: PersonCategory::NotDetermined, count: Datum::Missing },
        ],
        sources: vec![
            said(lang.pick("opérateur 001-01", "operator 001-01"), 6),
            said(lang.pick("administration pénitentiaire", "prison administration"), 8),
        ],
        operations: operations(),
        disclosures: Datum::Logged {
            value: vec![Disclosure {
                to: said(lang.pick("établissement de Valmont-Nord", "facility Valmont-Nord"), 16),
                what: lang.pick("ordre de fouille, exemplaire 1", "brief, copy 1").to_owned(),
                at: at("2026-03-10T03:30:00Z"),
                source: Source::entry(16),
            }],
            source: Source::entry(16),
        },
        retention: Datum::Missing,
        reviews: vec![ReviewDate {
            what: lang.pick("données de trafic", "records").to_owned(),
            on: Datum::Given(date(2026, 9, 1)),
        }],
        encryption: Encryption {
            people_in_log: Datum::logged(true, 0),
            originals: Datum::logged(true, 6),
            tables: Datum::Missing,
            backups: Datum::Given(false),
        },
        erasures: Datum::Logged { value: Vec::new(), source: Source::entries(0..40) },
        consultations: Datum::Logged {
            value: Consultations { count: 212, accounts: 4, without_reason: 0 },
            source: Source::access(0..212),
        },
    }
}

fn operations() -> Vec<OperationCount> {
    let count = |operation, count: u64, entries: &[u64]| OperationCount {
        operation,
        count: Datum::Logged { value: count, source: Source::entries(entries.iter().copied()) },
    };
    vec![
        count(Operation::Collection, 6, &[6, 7, 8, 9, 19, 20]),
        count(Operation::Alteration, 7, &[0, 1, 12, 22, 24, 25, 26]),
        OperationCount {
            operation: Operation::Consultation,
            count: Datum::Logged { value: 212, source: Source::access(0..212) },
        },
        count(Operation::Disclosure, 1, &[16]),
        count(Operation::Combination, 2, &[10, 11]),
        OperationCount { operation: Operation::Erasure, count: Datum::Missing },
    ]
}

pub fn subject(lang: Lang) -> SubjectData {
    let fact = |fr: &str, en: &str, value: &str, entry, release| HeldFact {
        label: lang.pick(fr, en).to_owned(),
        value: said(value, entry),
        release,
    };
    SubjectData {
        head: head("ACC-2026-2", lang),
        request: Datum::Given("ACC-2026-2".to_owned()),
        category: Datum::logged(PersonCategory::WitnessOrContact, 9),
        purposes: said(
            lang.pick("enquête sur les téléphones détenus illicitement", "inquiry into phones held unlawfully"),
            1,
        ),
        numbers: vec![fact("Numéro", "Number", "33000000017", 9, Release::Told)],
        handsets: vec![fact("Terminal (IMEI)", "Handset (IMEI)", "35000000001148", 11, Release::Restricted)],
        findings: findings(lang),
        sources: vec![fact(
            "Provenance",
            "Source",
            lang.pick(
                "liste de contacts de l’administration pénitentiaire",
                "the prison administration’s list of contacts",
            ),
            9,
            Release::Told,
        )],
        authorities: vec![authority(lang)],
        recipients: Vec::new(),
        retention: Datum::Missing,
        review: Datum::Given(date(2026, 9, 1)),
        rectification: MeasureState::Taken(said(lang.pick("adresse corrigée", "address corrected"), 14)),
        restriction: MeasureState::None,
        erasure: MeasureState::NotRecorded,
        controller: Datum::Missing,
        officer: Datum::Missing,
        complaints_to: Datum::Missing,
        signatory: Datum::Missing,
    }
}

fn findings(lang: Lang) -> Vec<Finding> {
    let finding = |fr: &str, en: &str, entry, nature, release| Finding {
        sentence: said(lang.pick(fr, en), entry),
        nature,
        origin: lang.pick("administration pénitentiaire", "prison administration").to_owned(),
        release,
    };
    vec![
        finding(
            "Votre numéro figure sur une liste de contacts.",
            "Your number is on a list of contacts.",
            9,
            Nature::Fact,
            Release::Told,
        ),
        finding(
            "Soutien faible à un usage partagé.",
            "Weak support for shared use.",
            31,
            Nature::Assessment,
            Release::Restricted,
        ),
    ]
}
