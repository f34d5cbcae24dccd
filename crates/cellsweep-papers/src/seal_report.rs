//! A report of a seal: what is in it, who sealed it, and who has had it since, with every break of the chain shown.

use jiff::Timestamp;

use crate::datum::{Datum, Source};
use crate::draft::{Draft, cited, words};
use crate::paper::{Cell, Line, Paper, Span};
use crate::search_report::{imeis, kind};
use crate::{Head, Imeis, ItemKind, Lang, NamedDigest};

mod breaks;

pub use breaks::words as break_words;

/// What a report of a seal says.
#[derive(Debug, Clone)]
pub struct SealReport {
    /// The paper's head.
    pub head: Head,
    /// The number printed on the seal.
    pub number: Datum<String>,
    /// When it was put on.
    pub sealed_at: Datum<Timestamp>,
    /// Who put it on, by service number.
    pub sealed_by: Datum<String>,
    /// Where.
    pub place: Datum<String>,
    /// Who saw it.
    pub witnesses: Vec<Datum<String>>,
    /// What is in it.
    pub items: Vec<SealedItem>,
    /// Photos of it, with their digests.
    pub photos: Datum<Vec<NamedDigest>>,
    /// Who has had it since.
    pub custody: Custody,
}

/// An item under the seal.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedItem {
    /// Its number in the case.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// What it looks like.
    pub description: String,
    /// What was read off it before it was sealed.
    pub imeis: Imeis,
    /// Where the find is logged.
    pub source: Source,
}

impl std::fmt::Debug for SealedItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedItem").field("id", &self.id).field("source", &self.source).finish_non_exhaustive()
    }
}

/// Who has had it since.
#[derive(Debug, Clone)]
pub enum Custody {
    /// Nobody has worked it out: the paper says so.
    NotWorkedOut,
    /// Every event up to now, in the order in which they happened, with the breaks that show at each.
    Steps(Vec<SealStep>),
}

/// An event of the seal's history.
#[derive(Debug, Clone)]
pub struct SealStep {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: StepKind,
    /// Who acted, by service number or as they are to be named.
    pub by: Datum<String>,
    /// To whom or why, in the paper's language.
    pub detail: Datum<String>,
    /// Where the chain doesn't hold, at this event.
    pub breaks: Vec<ChainBreak>,
    /// Where it is logged.
    pub source: Source,
}

/// What happens to a sealed item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// It was found.
    Found,
    /// It was sealed.
    Sealed,
    /// It was handed on.
    HandedOn,
    /// It was received.
    Acknowledged,
    /// The seal was opened.
    Opened,
    /// It was examined.
    Examined,
    /// It was given back.
    Returned,
    /// It was destroyed.
    Destroyed,
}

/// Where a chain of custody doesn't hold.
#[derive(Clone, PartialEq, Eq)]
pub struct ChainBreak {
    /// Its code, as custody's own crate names it (`not_holder`, `seal_misread`, …).
    pub code: String,
    /// What is known of it beyond the code, in the paper's language; may be empty.
    pub detail: String,
    /// How it came about, as entered; none mends it.
    pub explanations: Vec<Explanation>,
}

impl std::fmt::Debug for ChainBreak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainBreak").field("code", &self.code).finish_non_exhaustive()
    }
}

/// How a break came about, as somebody entered it.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    /// In their words.
    pub text: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where it is logged.
    pub source: Source,
}

impl std::fmt::Debug for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Explanation").field("source", &self.source).finish_non_exhaustive()
    }
}

/// The report as a paper.
pub fn seal_report(report: &SealReport, lang: Lang) -> Paper {
    let mut draft = Draft::new(lang, &report.head, "Procès-verbal de mise sous scellé", "Seal report");
    seal(&mut draft, report);
    items(&mut draft, report);
    custody(&mut draft, report);
    signatures(&mut draft, report);
    draft.finish()
}

fn seal(draft: &mut Draft<'_>, report: &SealReport) {
    draft.heading("Le scellé", "The seal");
    let mut facts = vec![
        draft.code_fact("Numéro du scellé", "Number of the seal", &report.number),
        draft.moment_fact("Posé le", "Put on at", &report.sealed_at),
        draft.fact("Lieu", "Place", &report.place),
        draft.fact("Posé par (matricule)", "Put on by (service number)", &report.sealed_by),
    ];
    if report.witnesses.is_empty() {
        facts.push(draft.fact("Témoin", "Witness", &Datum::Missing));
    }
    facts.extend(report.witnesses.iter().map(|one| draft.fact("Témoin", "Witness", one)));
    let photos = report.photos.map(|all| all.iter().flat_map(photo).collect());
    facts.push(draft.fact_lines("Photographies (SHA-256)", "Photos (SHA-256)", &photos));
    draft.facts(facts);
}

fn photo(photo: &NamedDigest) -> [Line; 2] {
    [Line::text(photo.name.clone()), Line::code(photo.sha256.clone())]
}

fn items(draft: &mut Draft<'_>, report: &SealReport) {
    draft.heading("Contenu", "What is in it");
    if report.items.is_empty() {
        draft.blank("objets placés sous ce scellé", "items put under this seal");
        return;
    }
    let head = draft.columns(&[
        ("Objet", "Item", 12),
        ("Nature", "Kind", 11),
        ("Description", "Description", 32),
        ("IMEI lu", "IMEI as read", 22),
    ]);
    let rows = report.items.iter().map(|item| row(draft, item)).collect();
    draft.table(head, rows);
}

fn row(draft: &Draft<'_>, item: &SealedItem) -> Vec<Cell> {
    let (fr, en) = kind(item.kind);
    vec![
        words(item.id.clone()),
        words(draft.lang.say(fr, en)),
        words(item.description.clone()),
        imeis(draft, &item.imeis),
        vec![cited(&item.source)],
    ]
}

fn custody(draft: &mut Draft<'_>, report: &SealReport) {
    draft.heading("Chaîne de conservation", "Chain of custody");
    match &report.custody {
        Custody::NotWorkedOut => {
            draft.blank("chaîne de conservation, non établie à ce jour", "chain of custody, not worked out so far");
        }
        Custody::Steps(steps) if steps.is_empty() => {
            draft.blank("événements depuis la découverte", "events since the find");
        }
        Custody::Steps(steps) => history(draft, steps),
    }
}

fn history(draft: &mut Draft<'_>, steps: &[SealStep]) {
    let head = draft.columns(&[
        ("Quand", "When", 20),
        ("Quoi", "What", 14),
        ("Qui", "Who", 17),
        ("Précisions", "Details", 36),
    ]);
    let rows = steps.iter().map(|step| step_row(draft, step)).collect();
    draft.table(head, rows);
    let breaks: usize = steps.iter().map(|step| step.breaks.len()).sum();
    if breaks == 0 {
        draft.para(
            "Aucune rupture de la chaîne n'apparaît dans les événements enregistrés à ce jour.",
            "No break of the chain shows in the events that are recorded so far.",
        );
        return;
    }
    let count = Line::text(draft.lang.whole(breaks as u64));
    draft.para_with(
        "Ruptures apparues dans la chaîne : {}. Elles sont portées ci-dessus à l'événement où elles apparaissent ; une \
         explication se place à côté de la rupture et ne l'efface pas.",
        "Breaks that show in the chain: {}. They stand above at the event at which they show; an explanation stands beside \
         a break and does not mend it.",
        vec![count],
    );
}

fn step_row(draft: &Draft<'_>, step: &SealStep) -> Vec<Cell> {
    let (fr, en) = happened(step.kind);
    let mut details: Cell = step.detail.value().map(|text| Line::text(text.clone())).into_iter().collect();
    step.breaks.iter().for_each(|broken| details.extend(break_lines(draft, broken)));
    vec![
        words(draft.at(step.at)),
        words(draft.lang.say(fr, en)),
        draft.cell(&step.by, "qui", "who"),
        details,
        vec![cited(&step.source)],
    ]
}

const fn happened(kind: StepKind) -> (&'static str, &'static str) {
    match kind {
        StepKind::Found => ("découverte", "found"),
        StepKind::Sealed => ("mise sous scellé", "sealed"),
        StepKind::HandedOn => ("remise", "handed on"),
        StepKind::Acknowledged => ("réception", "received"),
        StepKind::Opened => ("ouverture du scellé", "seal opened"),
        StepKind::Examined => ("examen", "examined"),
        StepKind::Returned => ("restitution", "returned"),
        StepKind::Destroyed => ("destruction", "destroyed"),
    }
}

fn break_lines(draft: &Draft<'_>, broken: &ChainBreak) -> Vec<Line> {
    let mut said = vec![
        Span::Strong(draft.lang.say("RUPTURE : ", "BREAK: ")),
        Span::Text(breaks::words(&broken.code, draft.lang)),
    ];
    if !broken.detail.is_empty() {
        said.push(Span::Text(format!(" ({})", broken.detail)));
    }
    let mut lines = vec![Line(said)];
    if broken.explanations.is_empty() {
        lines.push(Line::blank(draft.lang.say("explication", "explanation")));
    }
    lines.extend(broken.explanations.iter().map(|explanation| explained(draft, explanation)));
    lines
}

fn explained(draft: &Draft<'_>, explanation: &Explanation) -> Line {
    let values = vec![
        Line::text(explanation.by.clone()),
        Line::text(draft.at(explanation.at)),
        Line::text(explanation.text.clone()),
        cited(&explanation.source),
    ];
    draft.line("Explication de {}, {} : {} {}", "Explanation by {}, {}: {} {}", values)
}

fn signatures(draft: &mut Draft<'_>, report: &SealReport) {
    let mut all = vec![draft.signatory("Posé par", "Put on by", &report.sealed_by)];
    let witnesses = if report.witnesses.is_empty() { &[Datum::Missing][..] } else { &report.witnesses };
    all.extend(witnesses.iter().map(|who| draft.signatory("Témoin", "Witness", who)));
    all.push(draft.signatory("Remis à", "Handed to", &Datum::Missing));
    draft.signatures(all);
}
