//! What became of requests.

use cellsweep_model::case::Run;
use cellsweep_store::{Case, CaseWriter, RunFacts};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{ANSWER_FILE, ANSWERED, AnswerCheck, Request, RequestError, SENT, made};
use crate::{FlowError, Session, VERSION};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// Written, not sent.
    Made,
    /// Sent, and not due yet.
    Waiting,
    /// Due, and no answer.
    Overdue,
    /// Answered in part.
    Partial,
    /// Answered whole.
    Complete,
    /// Answers contradict what was asked, or each other.
    Contradictory,
}

impl RequestStatus {
    /// Its name in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            RequestStatus::Made => "made",
            RequestStatus::Waiting => "waiting",
            RequestStatus::Overdue => "overdue",
            RequestStatus::Partial => "partial",
            RequestStatus::Complete => "complete",
            RequestStatus::Contradictory => "contradictory",
        }
    }
}

/// A request and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct RequestState {
    /// What was asked.
    #[serde(flatten)]
    pub request: Request,
    /// When it went out.
    pub sent: Option<Timestamp>,
    /// Answers, in the order in which they came in.
    pub answers: Vec<AnswerCheck>,
    /// Where it stands.
    pub status: RequestStatus,
    /// Whether an answer came, or is to come, after it was due.
    pub late: bool,
}

impl RequestState {
    /// Values asked for of which no answer has a record: `None` before any answer.
    pub fn missing(&self) -> Option<usize> {
        self.answers.last().map(|answer| answer.missing)
    }
}

/// The case's requests as they stand at an instant.
///
/// # Errors
/// When a file of the case can't be read.
pub fn requests(case: &Case, now: Timestamp) -> Result<Vec<RequestState>, FlowError> {
    let mut states = Vec::new();
    for (_, request) in made(case)? {
        let sent = sent(case, &request.request);
        let answers = answers(case, &request.request)?;
        let (status, late) = judge(&request, sent, &answers, now);
        states.push(RequestState { request, sent, answers, status, late });
    }
    Ok(states)
}

fn judge(request: &Request, sent: Option<Timestamp>, answers: &[AnswerCheck], now: Timestamp) -> (RequestStatus, bool) {
    let after_due = |at: Timestamp| request.due.is_some_and(|due| at > due);
    let Some(first) = answers.first() else {
        return match sent {
            None => (RequestStatus::Made, false),
            Some(_) if after_due(now) => (RequestStatus::Overdue, true),
            Some(_) => (RequestStatus::Waiting, false),
        };
    };
    let late = after_due(first.received);
    let status = if answers.iter().any(AnswerCheck::contradicts) {
        RequestStatus::Contradictory
    } else if answers.iter().any(|answer| answer.complete) {
        RequestStatus::Complete
    } else {
        RequestStatus::Partial
    };
    (status, late)
}

/// When a request went out: the last that was said counts.
pub(super) fn sent(case: &Case, request: &str) -> Option<Timestamp> {
    let said = case.manifest().runs().filter(|run| run.step == SENT && run.settings["request"] == *request);
    said.last().and_then(|run| run.settings["sent"].as_str().and_then(|text| text.parse().ok()))
}

pub(super) fn answers(case: &Case, request: &str) -> Result<Vec<AnswerCheck>, FlowError> {
    let runs = case.manifest().runs().filter(|run| run.step == ANSWERED && run.settings["request"] == *request);
    runs.map(|run| Ok(case.json_of(run, ANSWER_FILE)?)).collect()
}

/// Notes that a request went out.
///
/// # Errors
/// When there is none of that name, or the case can't be written.
pub fn mark_sent(case: &mut CaseWriter, asked: &str, sent: Timestamp, session: &Session<'_>) -> Result<(), FlowError> {
    find(case.case(), asked)?;
    let staging = case.stage()?;
    let settings = json!({ "request": asked, "sent": sent });
    let facts = RunFacts { step: SENT.to_owned(), version: VERSION.to_owned(), settings, inputs: Vec::new() };
    case.commit_run(staging.seal()?, facts, session.now())?;
    Ok(())
}

/// A request by its name, with the run that holds it.
pub(crate) fn find(case: &Case, asked: &str) -> Result<(Run, Request), FlowError> {
    let found = made(case)?.into_iter().find(|(_, request)| request.request == asked);
    Ok(found.ok_or_else(|| RequestError::NoRequest { asked: asked.to_owned() })?)
}
