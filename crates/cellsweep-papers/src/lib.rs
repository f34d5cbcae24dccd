//! Papers: editable drafts (OpenDocument text, French and English) of what the procedure needs, to be checked and signed.
//!
//! Belongs here: what each paper says and in which words, where each fact stands in the log, how a paper looks.
//! Does not belong here: reading a case, deciding what goes into a paper, PDFs and screens (report), the clock.
//!
//! A paper's input is a plain struct of [`Datum`]s: what the log says and in which entry, what only the drafter says,
//! or nothing, which becomes a blank to fill in. Identifiers come as text that their own crates have parsed; here they are
//! only printed. Texts from outside (names of offences, sentences of findings) are given in the paper's language.
//!
//! ```
//! use cellsweep_papers::{CaseKind, Datum, Head, Lang, SearchReport, odt, search_report};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let made: jiff::Timestamp = "2026-03-12T08:00:00Z".parse()?;
//! let head = Head {
//!     reference: Datum::Given("PV-7".to_owned()),
//!     case: Datum::logged("lyon-2026".to_owned(), 0),
//!     kind: CaseKind::Exercise,
//!     service: Datum::Missing,
//!     drawn_up: made,
//!     zone: jiff::tz::TimeZone::UTC,
//!     checkpoints: Vec::new(),
//! };
//! let paper = search_report(&SearchReport::blank(head), Lang::En);
//! assert_eq!(odt(&paper, made)?, odt(&paper, made)?);
//! # Ok(())
//! # }
//! ```

mod authority;
mod datum;
mod draft;
mod head;
mod impact;
mod lang;
mod odt;
mod paper;
mod request;
mod seal_report;
mod search_report;
mod subject;
mod trace_report;
mod verbal;

pub use authority::{Authority, Offence, Ordered};
pub use datum::{Checkpoint, Datum, LogName, Source};
pub use head::{CaseKind, Head};
pub use impact::{
    Consultations, DataHeld, Disclosure, Encryption, Erasure, ImpactAssessment, Operation, OperationCount, PersonsHeld,
    ReviewDate, impact_assessment,
};
pub use lang::Lang;
pub use odt::{MEDIA_TYPE, PaperError, odt};
pub use paper::{Align, Block, Cell, Column, Fact, Line, Mark, Paper, Signatory, Span};
pub use request::{Asked, AskedKind, ListFile, OperatorRequest, operator_request};
pub use seal_report::{
    ChainBreak, Custody, Explanation, SealReport, SealStep, SealedItem, StepKind, break_words, seal_report,
};
pub use search_report::{FoundItem, Imeis, ItemKind, Outcome, PhoneState, SealOf, SearchReport, search_report};
pub use subject::{Finding, HeldFact, MeasureState, Nature, PersonCategory, Release, SubjectData, subject_data};
pub use trace_report::{Basis, ImportFact, Listed, NamedDigest, RunFact, TraceReport, Weighed, Weight, trace_report};
