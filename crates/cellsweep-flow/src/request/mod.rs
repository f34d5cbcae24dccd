//! Asking operators: lists and letters out, what became of them, and answers in against what was asked.
//!
//! ```text
//! make ─> list, values, letters (a run of the case) ─> sent ─> answer ─> records, what is missing, `requests`
//! ```
//!
//! Nothing of it is changed later: each step leaves a run of its own, and the state of a request is read from them.

mod answer;
mod entry;
mod forms;
mod make;
mod state;

use std::path::PathBuf;

use cellsweep_model::case::Run;
use cellsweep_store::{Case, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use answer::asked_for;
pub use answer::{AnswerCheck, answer_request};
pub use forms::AskedKind;
pub use make::{Ask, AskFor, Limits, make_requests};
pub(crate) use state::find;
pub use state::{RequestState, RequestStatus, mark_sent, requests};

/// The steps' names in the case's log.
const MADE: &str = "request";
const SENT: &str = "request-sent";
const ANSWERED: &str = "request-answer";

/// Files of a request's run.
const REQUEST_FILE: &str = "request.json";
const VALUES_FILE: &str = "values.txt";
const ANSWER_FILE: &str = "answer.json";
const MISSING_FILE: &str = "missing.csv";

/// One operator's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// This record's version.
    pub version: u32,
    /// `R0001` and so on.
    pub request: String,
    /// The order's reference.
    pub authority: String,
    /// Who is asked.
    pub operator: String,
    /// What is listed.
    pub kind: AskedKind,
    /// How many values.
    pub values: usize,
    /// Which part of the operator's list, from 1.
    pub part: usize,
    /// How many parts.
    pub parts: usize,
    /// First instant asked for.
    pub from: Timestamp,
    /// Last instant.
    pub to: Timestamp,
    /// When the answer is due.
    pub due: Option<Timestamp>,
}

/// Why nothing could be asked, or an answer not be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A value of a list can't be read.
    #[error("{}:{line}: {why}", path.display())]
    Value {
        /// The list.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong; never the value.
        why: String,
    },
    /// There is nobody to ask.
    #[error("{} names no operator in its sectors, and none was given", dir.display())]
    NoOperator {
        /// The case.
        dir: PathBuf,
    },
    /// The list is empty.
    #[error("there is nothing to ask for: {why}")]
    Nothing {
        /// Why.
        why: String,
    },
    /// The window is none.
    #[error("the window ends before it begins")]
    Window,
    /// No such facility.
    #[error("the case has no facility {asked}")]
    NoFacility {
        /// Which was asked for.
        asked: String,
    },
    /// No such request.
    #[error("the case has no request {asked}")]
    NoRequest {
        /// Which was asked for.
        asked: String,
    },
    /// None of the answer's files can be used.
    #[error("no file of the answer can be used: {why}")]
    NoAnswer {
        /// What is wrong with the first.
        why: String,
    },
    /// An answer can't be noted.
    #[error("the answer to {asked} can't be entered among the requests: {why}")]
    NotEntered {
        /// Which request.
        asked: String,
        /// Why.
        why: String,
    },
}

impl RequestError {
    /// What to do next.
    pub(crate) const fn hint(&self) -> &'static str {
        match self {
            Self::Value { .. } => {
                "one value a line: IMEI, number in E.164, IMSI, or sector as MCC-MNC-LAC-CI or MCC-MNC-ECI"
            }
            Self::NoOperator { .. } => "name them with --operator, or import the sectors first",
            Self::Nothing { .. } => "another source of values, or a lower threshold",
            Self::Window => "--from and --to are instants such as 2025-03-01T00:00:00Z",
            Self::NoFacility { .. } => "its id is the property `facility` of facilities.geojson",
            Self::NoRequest { .. } => "`cellsweep request list` shows them",
            Self::NoAnswer { .. } => "an answer that says only that there is nothing is taken with --nothing",
            Self::NotEntered { .. } => "ask anew with a reference and an operator's name that a table can have",
        }
    }
}

/// The requests made, with the run that holds each.
fn made(case: &Case) -> Result<Vec<(Run, Request)>, StoreError> {
    let runs = case.manifest().runs().filter(|run| run.step == MADE);
    runs.map(|run| Ok((run.clone(), case.json_of(run, REQUEST_FILE)?))).collect()
}
