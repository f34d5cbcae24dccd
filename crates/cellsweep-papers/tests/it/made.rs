//! A made-up case, and its papers' inputs in either language. No number in it is anybody’s.

use cellsweep_papers::{
    Asked, AskedKind, Authority, CaseKind, Checkpoint, Datum, Head, Lang, ListFile, LogName, NamedDigest, Offence,
    OperatorRequest, Ordered, Paper, Source, impact_assessment, operator_request, seal_report, search_report,
    subject_data, trace_report,
};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

mod exhibits;
mod people;
mod weighed;

pub use exhibits::{seal, search};
pub use people::{impact, subject};
pub use weighed::trace;

pub const MADE: &str = "2026-03-12T08:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A text from the log.
pub fn said(text: &str, entry: u64) -> Datum<String> {
    Datum::logged(text.to_owned(), entry)
}

/// A digest that looks like one.
pub fn digest(seed: u8) -> String {
    (0..32_u8).map(|index| format!("{:02x}", index.wrapping_mul(37).wrapping_add(seed.wrapping_mul(91)))).collect()
}

pub fn file(name: &str, seed: u8) -> NamedDigest {
    NamedDigest { name: name.to_owned(), sha256: digest(seed) }
}

pub fn head(reference: &str, lang: Lang) -> Head {
    Head {
        reference: Datum::Given(reference.to_owned()),
        case: said("lyon-2026", 0),
        kind: CaseKind::Exercise,
        service: Datum::Given(
            lang.pick("Service d’enquête de l’exercice", "The exercise’s investigation unit").to_owned(),
        ),
        drawn_up: at(MADE),
        zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
        checkpoints: vec![checkpoint(LogName::Custody, 40), checkpoint(LogName::Access, 212)],
    }
}

fn checkpoint(log: LogName, size: u64) -> Checkpoint {
    let root = match log {
        LogName::Custody => "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
        LogName::Access => "yv66vgABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=",
    };
    Checkpoint { log, origin: "cellsweep.example/lyon-2026".to_owned(), size, root: root.to_owned() }
}

pub fn authority(lang: Lang) -> Authority {
    Authority {
        id: said("PARIS-2026-0412", 1),
        country: said("France", 1),
        body: said(lang.pick("Tribunal judiciaire de Valmont (exercice)", "Court of Valmont (exercise)"), 1),
        number: said("0412/2026", 1),
        legal_basis: said(lang.pick("art. 60-1-2 CPP", "CPP art. 60-1-2"), 1),
        offences: Datum::logged(vec![offence(lang)], 1),
        reviewed_by: Datum::Missing,
        orders: Datum::logged(vec![Ordered::Records, Ordered::Search], 1),
        facilities: Datum::logged(vec!["Valmont-Nord".to_owned(), "Valmont-Sud".to_owned()], 1),
        window: Datum::logged((at("2025-12-31T23:00:00Z"), at("2026-02-28T22:59:59Z")), 1),
        valid_until: Datum::logged(at("2026-12-30T23:00:00Z"), 1),
        cross_border: Datum::Missing,
    }
}

fn offence(lang: Lang) -> Offence {
    Offence {
        name: lang.pick("trafic de stupéfiants", "drug trafficking").to_owned(),
        citation: said(lang.pick("art. 222-37 CP", "CP art. 222-37"), 1),
        maximum_penalty_years: 10.0,
        as_of: date(2026, 1, 1),
    }
}

pub fn request(lang: Lang) -> OperatorRequest {
    let imeis = (0..11).map(|index| format!("3500000000{:04}", 1000 + index * 37)).collect();
    OperatorRequest {
        head: head("R0001", lang),
        authority: authority(lang),
        operator: said("Opérateur Un (001-01)", 5),
        addressee: Datum::Missing,
        asked: vec![
            Asked { kind: AskedKind::Imei, values: imeis, source: Source::entry(5) },
            Asked { kind: AskedKind::Sector, values: vec!["001-01-4100-30211".to_owned()], source: Source::entry(5) },
        ],
        window: Datum::logged((at("2026-01-31T23:00:00Z"), at("2026-02-28T22:59:59Z")), 5),
        list: Datum::logged(ListFile { name: "R0001-list.csv".to_owned(), sha256: digest(1) }, 5),
        answer_to: Datum::Given("enquete@exercice.example".to_owned()),
        answer_by: Datum::logged(at("2026-03-26T17:00:00Z"), 5),
        answer_by_way_of: Datum::Missing,
        secrecy_basis: Datum::Missing,
        signatory: Datum::Missing,
    }
}

/// Every paper of the case, with a name for files.
pub fn papers(lang: Lang) -> Vec<(&'static str, Paper)> {
    vec![
        ("request", operator_request(&request(lang), lang)),
        ("trace", trace_report(&trace(lang), lang)),
        ("search", search_report(&search(lang), lang)),
        ("seal", seal_report(&seal(lang), lang)),
        ("impact", impact_assessment(&impact(lang), lang)),
        ("subject", subject_data(&subject(lang), lang)),
    ]
}
