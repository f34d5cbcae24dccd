//! A report of a search: who searched which cell when and with what, what was found in which state, and under which seals
//! it went.

use jiff::Timestamp;

use crate::datum::{Datum, Source};
use crate::draft::{Draft, cite};
use crate::paper::{Line, Paper};
use crate::{Head, Lang};

mod items;

pub(crate) use items::{imeis, kind};

/// What a report of a search says.
#[derive(Debug, Clone)]
pub struct SearchReport {
    /// The paper's head.
    pub head: Head,
    /// The order to search, by its reference.
    pub authority: Datum<String>,
    /// The facility, by name.
    pub facility: Datum<String>,
    /// The prison cell, or the common place.
    pub place: Datum<String>,
    /// When it began.
    pub begun: Datum<Timestamp>,
    /// When it ended.
    pub ended: Datum<Timestamp>,
    /// Who searched, by service number.
    pub officers: Vec<Datum<String>>,
    /// Who saw it, by service number or as they are to be named.
    pub witnesses: Vec<Datum<String>>,
    /// Whether who is held there was present.
    pub occupants: Datum<String>,
    /// What was searched with, in the paper's language.
    pub detector: Datum<String>,
    /// What came of it.
    pub outcome: Datum<Outcome>,
    /// What else is to be said.
    pub remarks: Datum<String>,
}

/// What came of a search.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing was found.
    Nothing,
    /// These were.
    Found(Vec<FoundItem>),
}

/// An item that was found.
#[derive(Clone, PartialEq)]
pub struct FoundItem {
    /// Its number in the case.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it looks like.
    pub description: String,
    /// Where it lay.
    pub hiding_place: Datum<String>,
    /// Whether it was on.
    pub state: PhoneState,
    /// What was read off it.
    pub imeis: Imeis,
    /// Its seal.
    pub seal: SealOf,
    /// Where the find is logged.
    pub source: Source,
}

impl std::fmt::Debug for FoundItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FoundItem").field("id", &self.id).field("source", &self.source).finish_non_exhaustive()
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A phone.
    Phone,
    /// A SIM card.
    Sim,
    /// A charger, a cable, a battery.
    Charger,
    /// Something else.
    Other,
}

/// Whether a phone was on when it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneState {
    /// It was on.
    On,
    /// It was off, and was left so.
    Off,
    /// It could not be told.
    NotTold,
    /// It is none.
    NotAPhone,
    /// Nobody wrote it down.
    NotRecorded,
}

/// What was read off an item.
#[derive(Clone, PartialEq, Eq)]
pub enum Imeis {
    /// As read, 14 to 16 digits.
    Read(Vec<String>),
    /// There is one, and it can't be read.
    NotReadable,
    /// Nobody looked, so as to open nothing.
    NotLooked,
    /// It bears none.
    NotApplicable,
    /// Nobody wrote it down.
    NotRecorded,
}

impl std::fmt::Debug for Imeis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Imeis(…)")
    }
}

/// An item's seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealOf {
    /// Its number.
    Sealed(String),
    /// Not under seal.
    NotSealed,
    /// Nobody wrote it down.
    NotRecorded,
}

impl SearchReport {
    /// A form with nothing filled in.
    pub const fn blank(head: Head) -> Self {
        Self {
            head,
            authority: Datum::Missing,
            facility: Datum::Missing,
            place: Datum::Missing,
            begun: Datum::Missing,
            ended: Datum::Missing,
            officers: Vec::new(),
            witnesses: Vec::new(),
            occupants: Datum::Missing,
            detector: Datum::Missing,
            outcome: Datum::Missing,
            remarks: Datum::Missing,
        }
    }
}

/// The report as a paper.
pub fn search_report(report: &SearchReport, lang: Lang) -> Paper {
    let mut draft = Draft::new(lang, &report.head, "Procès-verbal de fouille", "Search report");
    circumstances(&mut draft, report);
    people(&mut draft, report);
    outcome(&mut draft, report);
    remarks(&mut draft, report);
    signatures(&mut draft, report);
    draft.finish()
}

fn circumstances(draft: &mut Draft<'_>, report: &SearchReport) {
    draft.heading("Lieu et heure", "Place and time");
    let facts = vec![
        draft.fact("Ordre de fouille", "Order to search", &report.authority),
        draft.fact("Établissement", "Facility", &report.facility),
        draft.fact("Cellule ou lieu", "Cell or place", &report.place),
        draft.moment_fact("Début", "Begun", &report.begun),
        draft.moment_fact("Fin", "Ended", &report.ended),
        draft.fact("Détecteur employé", "Detector used", &report.detector),
    ];
    draft.facts(facts);
}

fn people(draft: &mut Draft<'_>, report: &SearchReport) {
    draft.heading("Personnes présentes", "Who was present");
    let mut facts = Vec::new();
    facts.extend(named(draft, "Agent (matricule)", "Officer (service number)", &report.officers));
    facts.extend(named(draft, "Témoin", "Witness", &report.witnesses));
    facts.push(draft.fact("Présence des occupants", "Occupants' presence", &report.occupants));
    draft.facts(facts);
}

/// One row each; a blank where nobody is named.
fn named(draft: &Draft<'_>, fr: &str, en: &str, all: &[Datum<String>]) -> Vec<crate::paper::Fact> {
    if all.is_empty() {
        return vec![draft.fact(fr, en, &Datum::Missing)];
    }
    all.iter().map(|one| draft.fact(fr, en, one)).collect()
}

fn outcome(draft: &mut Draft<'_>, report: &SearchReport) {
    draft.heading("Résultat", "Outcome");
    match report.outcome.value() {
        None => draft.blank("rien trouvé, ou objets trouvés", "nothing found, or items found"),
        Some(Outcome::Nothing) => {
            let cited = cite(&report.outcome);
            draft.para_with("La fouille n'a rien fait découvrir. {}", "The search found nothing. {}", vec![cited]);
        }
        Some(Outcome::Found(items)) if items.is_empty() => draft.blank("objets trouvés", "items found"),
        Some(Outcome::Found(items)) => found(draft, items),
    }
}

fn found(draft: &mut Draft<'_>, items: &[FoundItem]) {
    let head = draft.columns(&[
        ("Objet", "Item", 9),
        ("Description", "Description", 21),
        ("Où il se trouvait", "Where it lay", 17),
        ("État constaté", "State as found", 12),
        ("IMEI lu", "IMEI as read", 18),
        ("Scellé n°", "Seal no.", 12),
    ]);
    let rows = items.iter().map(|item| items::row(draft, item)).collect();
    draft.table(head, rows);
    draft.para(
        "Par leur signature, les agents attestent que chaque téléphone a été laissé dans l'état où il a été trouvé : ni \
         allumé, ni éteint, ni déverrouillé, ni consulté. Toute exception est à porter aux observations.",
        "By signing, the officers certify that each phone was left in the state in which it was found: not switched on, \
         not switched off, not unlocked, not looked into. Any exception is to be entered under remarks.",
    );
}

fn remarks(draft: &mut Draft<'_>, report: &SearchReport) {
    draft.heading("Observations", "Remarks");
    match report.remarks.value() {
        Some(text) => {
            let cited = cite(&report.remarks);
            draft.para_with("{} {}", "{} {}", vec![Line::text(text.clone()), cited]);
        }
        None => draft.blank(
            "observations, incidents, dires des personnes présentes",
            "remarks, incidents, what those present said",
        ),
    }
}

fn signatures(draft: &mut Draft<'_>, report: &SearchReport) {
    let mut all = Vec::new();
    let officers = if report.officers.is_empty() { &[Datum::Missing][..] } else { &report.officers };
    all.extend(officers.iter().map(|who| draft.signatory("Agent", "Officer", who)));
    let witnesses = if report.witnesses.is_empty() { &[Datum::Missing][..] } else { &report.witnesses };
    all.extend(witnesses.iter().map(|who| draft.signatory("Témoin", "Witness", who)));
    draft.signatures(all);
}
