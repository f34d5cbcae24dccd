//! What became of mailings to operators.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cellsweep_share::carrier::{Answer, Order, Request, Tally, answers, tally};
use cellsweep_store::{Case, CaseWriter, RunFacts};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ShareError;
use super::send::Sent;
use crate::{FlowError, Session, VERSION};

/// The steps' names in the case's log.
pub(super) const MADE: &str = "mailing";
const ANSWERED: &str = "mailing-answer";

/// Files of their runs.
pub(super) const MAILING: &str = "mailing.json";
const ANSWERS: &str = "answers.csv";

/// A mailing as the case keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct MailingKept {
    /// The version of this form.
    pub version: u32,
    /// Who asks for what.
    pub order: Order,
    /// Each operator's requests.
    pub by_operator: BTreeMap<String, Vec<Request>>,
}

/// A mailing that was made.
#[derive(Debug, Clone, Serialize)]
pub struct MailingMade {
    /// Its number.
    pub mailing: String,
    /// The run that keeps it.
    pub run: String,
    /// Requests by operator.
    pub asked: BTreeMap<String, usize>,
    /// Handsets that are not asked for, by why; it stays here.
    pub skipped: BTreeMap<String, usize>,
    /// What left, an operator each.
    pub sent: Vec<Sent>,
}

/// What became of an operator's requests.
#[derive(Debug, Clone, Serialize)]
pub struct MailingState {
    /// The mailing.
    pub mailing: String,
    /// The operator.
    pub operator: String,
    /// Its requests.
    pub requests: usize,
    /// What became of them; a wrong block that was restored counts as restored.
    #[serde(flatten)]
    pub tally: Tally,
}

pub(super) fn kept_mailings(case: &Case) -> Result<Vec<MailingKept>, FlowError> {
    let runs = case.manifest().runs().filter(|run| run.step == MADE);
    runs.map(|run| Ok(case.json_of(run, MAILING)?)).collect()
}

/// The answers that came from an operator, in order.
fn answers_of(case: &Case, operator: &str) -> Result<Vec<Answer>, FlowError> {
    let mut all = Vec::new();
    for run in case.manifest().runs().filter(|run| run.step == ANSWERED && run.settings["operator"] == operator) {
        let bytes = case.run_folder(run)?.read(ANSWERS)?;
        let bad = |source| ShareError::Answer { path: ANSWERS.into(), source };
        all.extend(answers(&bytes).map_err(bad)?);
    }
    Ok(all)
}

/// What became of the case's mailings.
///
/// # Errors
/// When a file of the case can't be read.
pub fn mailings(case: &Case) -> Result<Vec<MailingState>, FlowError> {
    let kept = kept_mailings(case)?;
    let mut states = Vec::new();
    for mailing in &kept {
        for (operator, requests) in &mailing.by_operator {
            let numbers: BTreeSet<&String> = requests.iter().map(|request| &request.number).collect();
            // What was disabled here may have been restored by a later mailing.
            let takes_back = |request: &&Request| request.restores.as_ref().is_some_and(|of| numbers.contains(of));
            let later = kept.iter().filter(|other| other.order.number != mailing.order.number);
            let later = later.flat_map(|other| other.by_operator.get(operator).into_iter().flatten());
            let all: Vec<Request> = requests.iter().chain(later.filter(takes_back)).cloned().collect();
            let mut answered = answers_of(case, operator)?;
            answered.retain(|answer| all.iter().any(|request| request.number == answer.request));
            let tally = tally(&mailing.order, &all, &answered);
            let (mailing, operator) = (mailing.order.number.to_string(), operator.clone());
            states.push(MailingState { mailing, operator, requests: requests.len(), tally });
        }
    }
    Ok(states)
}

/// Takes an operator's answer in, and says where its requests stand. All of the file, or nothing.
///
/// # Errors
/// When the file can't be read, the operator was never asked, or an answer names a request that nobody made.
pub fn answer_mailing(
    case: &mut CaseWriter,
    operator: &str,
    path: &Path,
    session: &Session<'_>,
) -> Result<Vec<MailingState>, FlowError> {
    let bytes = std::fs::read(path).map_err(FlowError::io("read", path))?;
    let bad = |source| ShareError::Answer { path: path.to_owned(), source };
    let read = answers(&bytes).map_err(bad)?;
    let kept = kept_mailings(case.case())?;
    let asked: BTreeSet<&String> = kept
        .iter()
        .flat_map(|mailing| mailing.by_operator.get(operator).into_iter().flatten())
        .map(|request| &request.number)
        .collect();
    if asked.is_empty() {
        return Err(ShareError::NoSuch { what: "mailing to", asked: operator.to_owned() }.into());
    }
    if let Some(strange) = read.iter().find(|answer| !asked.contains(&answer.request)) {
        return Err(ShareError::NoSuch { what: "request", asked: strange.request.clone() }.into());
    }
    let staging = case.stage()?;
    staging.write(ANSWERS, &bytes)?;
    let settings = json!({ "operator": operator, "answers": read.len() });
    let facts = RunFacts { step: ANSWERED.to_owned(), version: VERSION.to_owned(), settings, inputs: Vec::new() };
    case.commit_run(staging.seal()?, facts, session.now())?;
    let mut states = mailings(case.case())?;
    states.retain(|state| state.operator == operator);
    Ok(states)
}
