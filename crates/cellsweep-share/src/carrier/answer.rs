//! What operators answer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::{Action, Order, Request};
use crate::csv::{CsvError, rows};

/// Longer tables of answers are not read.
const MOST_BYTES: usize = 16 << 20;
const COLUMNS: &[&str] = &["request", "outcome", "time", "note"];

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Service is refused.
    Disabled,
    /// Service is given again.
    Restored,
    /// The operator doesn't do it; its note says why.
    Refused,
    /// The operator doesn't know the device or subscription.
    NotFound,
}

impl Outcome {
    const ALL: [(&'static str, Self); 4] = [
        ("disabled", Self::Disabled),
        ("restored", Self::Restored),
        ("refused", Self::Refused),
        ("not_found", Self::NotFound),
    ];
}

/// An operator's answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which request.
    pub request: String,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub time: Timestamp,
    /// What else it says.
    pub note: String,
}

/// Why a table of answers is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Another table.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A word that is no outcome.
    #[error("line {line}: the outcome is disabled, restored, refused or not_found")]
    Outcome {
        /// From 1.
        line: usize,
    },
    /// No instant.
    #[error("line {line}: the time is not RFC 3339 with its offset")]
    Time {
        /// From 1.
        line: usize,
    },
}

/// Reads a table of answers: `request, outcome, time, note`.
///
/// # Errors
/// Where it is another table, or a line says something that no answer does: the file goes back to the operator.
pub fn answers(bytes: &[u8]) -> Result<Vec<Answer>, AnswerError> {
    rows(bytes, COLUMNS, MOST_BYTES)?.into_iter().map(|(line, fields)| answer(line, fields)).collect()
}

fn answer(line: usize, fields: Vec<String>) -> Result<Answer, AnswerError> {
    let [request, outcome, time, note] =
        <[String; 4]>::try_from(fields).map_err(|fields| CsvError::Width { line, found: fields.len(), expected: 4 })?;
    let known = Outcome::ALL.iter().find(|(word, _)| *word == outcome.trim());
    let outcome = known.ok_or(AnswerError::Outcome { line })?.1;
    let time = time.trim().parse().map_err(|_not_a_time| AnswerError::Time { line })?;
    Ok(Answer { request: request.trim().to_owned(), outcome, time, note })
}

/// What came of a mailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Devices and subscriptions that were disabled, and not restored since.
    pub disabled: usize,
    /// Those that were restored: what the method got wrong, as far as anybody complained.
    pub restored: usize,
    /// Requests that were refused.
    pub refused: usize,
    /// Requests of which the operator knows nothing.
    pub not_found: usize,
    /// Requests without an answer.
    pub unanswered: usize,
    /// Answers that came after the day by which they were asked for.
    pub late: usize,
    /// Answers to requests that nobody made.
    pub strange: usize,
}

/// Counts what became of an operator's requests. The last answer to a request counts; a restored one stays restored.
pub fn tally(order: &Order, requests: &[Request], answers: &[Answer]) -> Tally {
    let mut last: BTreeMap<&str, &Answer> = BTreeMap::new();
    let mut tally = Tally::default();
    for answer in answers {
        if !requests.iter().any(|request| request.number == answer.request) {
            tally.strange += 1;
            continue;
        }
        let known = last.entry(answer.request.as_str()).or_insert(answer);
        if (known.time, known.outcome) < (answer.time, answer.outcome) {
            *known = answer;
        }
    }
    for request in requests {
        match last.get(request.number.as_str()) {
            None => tally.unanswered += 1,
            Some(answer) => {
                tally.late += usize::from(answer.time > order.comply_by);
                count(&mut tally, request.action, answer.outcome);
            }
        }
    }
    tally.disabled -= taken_back(requests, &last);
    tally
}

/// How many devices that were disabled have been restored since by a request of their own.
fn taken_back(requests: &[Request], last: &BTreeMap<&str, &Answer>) -> usize {
    let became = |number: &str, outcome| last.get(number).is_some_and(|answer| answer.outcome == outcome);
    let restored = requests.iter().filter(|request| became(&request.number, Outcome::Restored));
    let whose: BTreeSet<&String> = restored.filter_map(|request| request.restores.as_ref()).collect();
    let asked = requests.iter().filter(|request| request.action == Action::Disable && whose.contains(&request.number));
    asked.filter(|request| became(&request.number, Outcome::Disabled)).count()
}

fn count(tally: &mut Tally, asked: Action, outcome: Outcome) {
    match (asked, outcome) {
        (Action::Disable, Outcome::Disabled) => tally.disabled += 1,
        (_, Outcome::Restored) => tally.restored += 1,
        (_, Outcome::Refused) => tally.refused += 1,
        (_, Outcome::NotFound) => tally.not_found += 1,
        // Asked to restore, and disabled: it isn't done.
        (Action::Restore, Outcome::Disabled) => tally.refused += 1,
    }
}
