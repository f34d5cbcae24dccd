//! A data-protection impact assessment (Directive (EU) 2016/680, article 27), filled with what the case really does; what
//! only the controller and the data protection officer can judge is left to them.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::datum::{Datum, Source};
use crate::draft::Draft;
use crate::paper::Paper;
use crate::{Authority, Head, Lang};

mod risks;
mod tables;

/// What an impact assessment says.
#[derive(Debug, Clone)]
pub struct ImpactAssessment {
    /// The paper's head.
    pub head: Head,
    /// The competent authority that decides on the processing.
    pub controller: Datum<String>,
    /// The data protection officer's office.
    pub officer: Datum<String>,
    /// What the data are processed for, in the paper's language.
    pub purposes: Vec<Datum<String>>,
    /// The orders that data were taken in under.
    pub authorities: Vec<Authority>,
    /// What is held, table by table.
    pub data: Vec<DataHeld>,
    /// Of whom.
    pub persons: Vec<PersonsHeld>,
    /// Who handed data over: operators, prison administrations.
    pub sources: Vec<Datum<String>>,
    /// What was done with them, by the operations of article 25.
    pub operations: Vec<OperationCount>,
    /// To whom something was disclosed: nothing so far, or nobody has looked.
    pub disclosures: Datum<Vec<Disclosure>>,
    /// For how long they are kept, in the paper's language.
    pub retention: Datum<String>,
    /// When it is reviewed whether they are still needed.
    pub reviews: Vec<ReviewDate>,
    /// What is encrypted where it lies.
    pub encryption: Encryption,
    /// What was erased: nothing so far, or nobody has looked.
    pub erasures: Datum<Vec<Erasure>>,
    /// How often the case was looked at.
    pub consultations: Datum<Consultations>,
}

/// Data of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataHeld {
    /// What they are, in the paper's language.
    pub kind: String,
    /// Rows that are held.
    pub rows: u64,
    /// Imports that they came with.
    pub imports: u64,
    /// Where they are logged.
    pub source: Source,
}

/// Persons of one category (article 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonsHeld {
    /// The category.
    pub category: crate::PersonCategory,
    /// How many.
    pub count: Datum<u64>,
}

/// An operation that article 25 wants logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Data came in.
    Collection,
    /// Data were altered, or a decision added.
    Alteration,
    /// Data were looked at.
    Consultation,
    /// Data went out.
    Disclosure,
    /// Data were brought together.
    Combination,
    /// Data were erased.
    Erasure,
}

/// How often something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationCount {
    /// What.
    pub operation: Operation,
    /// How often; nought stands as nought.
    pub count: Datum<u64>,
}

/// Something that was disclosed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// To whom: a body, not a person.
    pub to: Datum<String>,
    /// What, in the paper's language.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Where it is logged.
    pub source: Source,
}

/// When it is reviewed whether data are still needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDate {
    /// Which data, in the paper's language.
    pub what: String,
    /// The day.
    pub on: Datum<Date>,
}

/// What is encrypted where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encryption {
    /// What the log says of people, under keys that can be destroyed one by one.
    pub people_in_log: Datum<bool>,
    /// The files as the operators handed them over.
    pub originals: Datum<bool>,
    /// The tables and runs that the program works on.
    pub tables: Datum<bool>,
    /// Backups.
    pub backups: Datum<bool>,
}

/// Something that was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Which imports and runs, by their names in the case.
    pub what: String,
    /// Why.
    pub reason: Datum<String>,
    /// When.
    pub at: Timestamp,
    /// Where it is logged.
    pub source: Source,
}

/// How often a case was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consultations {
    /// How often.
    pub count: u64,
    /// By how many accounts.
    pub accounts: u64,
    /// How often without a stated reason.
    pub without_reason: u64,
}

/// The assessment as a paper.
pub fn impact_assessment(assessment: &ImpactAssessment, lang: Lang) -> Paper {
    let (fr, en) = ("Analyse d'impact relative à la protection des données", "Data protection impact assessment");
    let mut draft = Draft::new(lang, &assessment.head, fr, en);
    draft.para(
        "Établie au titre de l'article 27 de la directive (UE) 2016/680. Elle décrit ce que l'affaire fait réellement, d'après \
         son journal ; ce que seuls le responsable du traitement et le délégué à la protection des données peuvent \
         apprécier leur est laissé.",
        "Drawn up under article 27 of Directive (EU) 2016/680. It describes what the case really does, by its log; what \
         only the controller and the data protection officer can judge is left to them.",
    );
    tables::responsible(&mut draft, assessment);
    tables::purposes(&mut draft, assessment);
    tables::held(&mut draft, assessment);
    tables::done(&mut draft, assessment);
    tables::kept(&mut draft, assessment);
    risks::risks(&mut draft);
    risks::left_to_others(&mut draft);
    let controller = draft.signatory("Le responsable du traitement", "The controller", &Datum::Missing);
    let officer =
        draft.signatory("Le délégué à la protection des données", "The data protection officer", &Datum::Missing);
    draft.signatures(vec![controller, officer]);
    draft.finish()
}
