//! What was imported, run and weighed.

use cellsweep_papers::{Basis, Datum, ImportFact, Lang, Listed, RunFact, Source, TraceReport, Weighed, Weight};

use super::{at, authority, digest, file, head, said};

pub fn trace(lang: Lang) -> TraceReport {
    TraceReport {
        head: head("RA-2026-3", lang),
        authorities: vec![authority(lang)],
        imports: imports(lang),
        runs: vec![run()],
        listed: Datum::logged(Listed { handsets: 1_284, facilities: 2, threshold: 0.01 }, 11),
        weighed: weighed(),
        limits: vec![said(
            lang.pick(
                "Aucun relevé radio n’a été fait à l’intérieur de Valmont-Sud.",
                "No survey was taken inside Valmont-Sud.",
            ),
            11,
        )],
        signatory: Datum::Missing,
    }
}

fn imports(lang: Lang) -> Vec<ImportFact> {
    let records = ImportFact {
        id: "00003-records-1f3c9d20".to_owned(),
        kind: lang.pick("Données de trafic de l’opérateur 001-01", "Records of operator 001-01").to_owned(),
        rows: 1_204_518,
        quarantined: vec![
            (lang.pick("heure hors de l’ordre", "time is outside the authority").to_owned(), 1_204),
            (lang.pick("IMEI illisible", "IMEI can’t be read").to_owned(), 17),
        ],
        period: Datum::logged((at("2026-01-31T23:00:04Z"), at("2026-02-28T22:59:51Z")), 6),
        sha256: digest(2),
        authority: said("PARIS-2026-0412", 6),
        source: Source::entry(6),
    };
    let sectors = ImportFact {
        id: "00004-sectors-77aa01be".to_owned(),
        kind: lang.pick("Table des secteurs radio", "Table of radio sectors").to_owned(),
        rows: 318,
        quarantined: Vec::new(),
        period: Datum::Missing,
        sha256: digest(3),
        authority: said("PARIS-2026-0412", 7),
        source: Source::entry(7),
    };
    vec![records, sectors]
}

fn run() -> RunFact {
    RunFact {
        id: "00007-trace".to_owned(),
        step: "trace".to_owned(),
        version: "0.1.0".to_owned(),
        settings: vec![
            ("at".to_owned(), "2026-03-01T00:00:00Z".to_owned()),
            ("threshold".to_owned(), "0.01".to_owned()),
        ],
        inputs: vec![file("00003-records-1f3c9d20", 2), file("00004-sectors-77aa01be", 3)],
        outputs: vec![file("devices.parquet", 4), file("findings.parquet", 5)],
        source: Source::entry(11),
    }
}

fn weighed() -> Vec<Weighed> {
    let row = |imei: &str, facility: &str, weight, basis| Weighed {
        imei: imei.to_owned(),
        facility: facility.to_owned(),
        weight,
        basis,
        source: Source::entry(11),
    };
    vec![
        row("35000000001037", "Valmont-Nord", Weight::Log10(1.42), Basis::KeptApart),
        row("35000000001074", "Valmont-Nord", Weight::Log10(0.61), Basis::Exploratory),
        row("35000000001111", "Valmont-Sud", Weight::Log10(-1.2), Basis::Exploratory),
        row("35000000001148", "Valmont-Sud", Weight::Restricted, Basis::NotSettled),
        row("35000000001185", "Valmont-Sud", Weight::NotComputed, Basis::NotSettled),
        row("35000000001222", "Valmont-Sud", Weight::Log10(2.3), Basis::NotSettled),
    ]
}
