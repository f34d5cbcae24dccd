//! A report of import and trace: what was taken in under whose order, what was computed from it, the weights that are
//! asked for, and what the method can't know. No posterior stands in it.

use jiff::Timestamp;

use crate::datum::{Datum, Source};
use crate::draft::Draft;
use crate::paper::Paper;
use crate::{Authority, Head, Lang};

mod limits;
mod tables;

/// What a report of import and trace says.
#[derive(Debug, Clone)]
pub struct TraceReport {
    /// The paper's head.
    pub head: Head,
    /// The orders that data were taken in under; none in an exercise.
    pub authorities: Vec<Authority>,
    /// What was imported, in order.
    pub imports: Vec<ImportFact>,
    /// What was run, in order.
    pub runs: Vec<RunFact>,
    /// What the list of handsets holds.
    pub listed: Datum<Listed>,
    /// The rows that are asked for.
    pub weighed: Vec<Weighed>,
    /// Limits of this case in the paper's language (no survey, answers for the prisons' sectors only, an operator that
    /// has not answered), beside those that always hold.
    pub limits: Vec<Datum<String>>,
    /// Who signs.
    pub signatory: Datum<String>,
}

/// An imported file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportFact {
    /// Its name in the case.
    pub id: String,
    /// What it holds, in the paper's language: records of an operator, a table of sectors.
    pub kind: String,
    /// Rows read.
    pub rows: u64,
    /// Rows that went into quarantine, by reason in the paper's language.
    pub quarantined: Vec<(String, u64)>,
    /// First and last record.
    pub period: Datum<(Timestamp, Timestamp)>,
    /// SHA-256 of the file as handed over, in hexadecimal.
    pub sha256: String,
    /// The order that it was taken in under, by its reference in the case.
    pub authority: Datum<String>,
    /// Where it is logged.
    pub source: Source,
}

/// A run of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFact {
    /// Its name in the case.
    pub id: String,
    /// The step.
    pub step: String,
    /// cellsweep's version.
    pub version: String,
    /// Everything that steered it, by name.
    pub settings: Vec<(String, String)>,
    /// What it read.
    pub inputs: Vec<NamedDigest>,
    /// What it left.
    pub outputs: Vec<NamedDigest>,
    /// Where it is logged.
    pub source: Source,
}

/// A file by name and SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDigest {
    /// Its name.
    pub name: String,
    /// Its digest.
    pub sha256: String,
}

/// What the list of handsets holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed {
    /// How many handsets.
    pub handsets: u64,
    /// In how many facilities.
    pub facilities: u64,
    /// The least probability (0 to 1) at which a handset is listed: it chooses where to look, and is no finding.
    pub threshold: f64,
}

/// A row that is asked for.
#[derive(Clone, PartialEq)]
pub struct Weighed {
    /// The handset's IMEI, 14 digits.
    pub imei: String,
    /// The facility, by name.
    pub facility: String,
    /// How the records weigh "kept in this facility" against "kept elsewhere".
    pub weight: Weight,
    /// What the weight may be used for.
    pub basis: Basis,
    /// Where the run is logged.
    pub source: Source,
}

impl std::fmt::Debug for Weighed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Weighed").field("basis", &self.basis).field("source", &self.source).finish_non_exhaustive()
    }
}

/// A weight, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weight {
    /// log10 of the likelihood ratio.
    Log10(f64),
    /// It rests on findings that may not leave as evidence, so it doesn't either.
    Restricted,
    /// The records didn't allow one.
    NotComputed,
}

/// What a weight may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// It, or the data behind it, chose a search.
    Exploratory,
    /// On data that were kept apart and chose nothing.
    KeptApart,
    /// Nobody has settled it.
    NotSettled,
}

/// The report as a paper.
pub fn trace_report(report: &TraceReport, lang: Lang) -> Paper {
    let (fr, en) = ("Rapport d'importation et d'analyse", "Report of import and trace");
    let mut draft = Draft::new(lang, &report.head, fr, en);
    tables::authorities(&mut draft, report);
    tables::imports(&mut draft, report);
    tables::runs(&mut draft, report);
    tables::listed(&mut draft, report);
    tables::weights(&mut draft, report);
    limits::limits(&mut draft, report);
    let signatory = draft.signatory("L'analyste", "The analyst", &report.signatory);
    let reader = draft.signatory("Relu par", "Read and checked by", &Datum::Missing);
    draft.signatures(vec![signatory, reader]);
    draft.finish()
}
