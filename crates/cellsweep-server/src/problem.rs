//! What is answered where something can't be done: RFC 9457, in words, with nothing of anybody's data.

use std::num::NonZero;

use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cellsweep_flow::{ErrorKind, FlowError, LegalDoubt, Text};
use serde::Serialize;
use utoipa::ToSchema;

use crate::french;

/// Something wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Which field.
    pub name: String,
    /// What is wrong, in words.
    pub message: String,
    /// The same in both languages, where it is known in both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Box<Text>>,
}

/// A problem (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Which kind: `about:blank`, or a path under `/problems/`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do, in words.
    pub detail: String,
    /// The same in both languages, where it is known in both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Box<Text>>,
    /// From which byte an upload goes on, where another one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub offset: Option<NonZero<u64>>,
    /// Fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// After how many seconds it may be tried again.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let text = both(&detail);
        Self { kind, title, status: status.as_u16(), detail, text, offset: None, fields: Vec::new(), retry_after: None }
    }

    /// With the same in French.
    pub fn in_french(mut self, fr: impl Into<String>) -> Self {
        self.text = Some(Box::new(Text::new(fr, self.detail.clone())));
        self
    }

    /// Nobody is signed in.
    pub fn sign_in(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "/problems/sign-in", "Sign in", detail)
    }

    /// The rules don't allow it.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "/problems/forbidden", "Not allowed", detail)
    }

    /// There is no such thing, or none that may be seen.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "about:blank", "Not found", detail)
    }

    /// What was sent can't be used.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "/problems/invalid", "Can't be used", detail)
    }

    /// One field can't be used.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        let mut problem = Self::invalid("A field can't be used as it stands.");
        let message = message.into();
        problem.fields.push(FieldProblem { name: name.to_owned(), text: both(&message), message });
        problem
    }

    /// Another piece of an upload is due.
    pub fn goes_on(offset: u64) -> Self {
        Self { offset: NonZero::new(offset), ..Self::stale(format!("The next piece is from byte {offset}.")) }
    }

    /// The state that it rests on has changed.
    pub fn stale(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "/problems/stale", "Something changed meanwhile", detail)
    }

    /// Our own mistake; what happened is in the server's log alone.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        let detail = "The server made a mistake. Its administrator finds more in the server's log.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "about:blank", "Server error", detail)
    }
}

/// A refusal that the day's own pages wrote, with its sentence in both languages where it is known in both.
pub async fn in_both_languages(answer: Response) -> Response {
    if answer.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != PROBLEM_JSON) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_PROBLEM).await else {
        return Problem::internal(&"a problem that is longer than problems are").into_response();
    };
    let translated = translated(&bytes);
    if translated.is_some() {
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    Response::from_parts(parts, translated.unwrap_or(bytes).into())
}

/// Bytes of a problem that are looked at.
const LONGEST_PROBLEM: usize = 1 << 20;
const PROBLEM_JSON: &str = "application/problem+json";

fn translated(bytes: &Bytes) -> Option<Bytes> {
    let mut problem: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes).ok()?;
    if problem.contains_key("text") {
        return None;
    }
    let text = both(problem.get("detail")?.as_str()?)?;
    problem.insert("text".to_owned(), serde_json::to_value(text).ok()?);
    serde_json::to_vec(&problem).ok().map(Bytes::from)
}

/// A sentence in both languages, where it is known in both.
fn both(english: &str) -> Option<Box<Text>> {
    Some(Box::new(Text::new(french::of(english)?, english)))
}

/// Rules of law that an authority doesn't seem to satisfy, as the country's profile says them.
fn doubtful(doubts: &[LegalDoubt], words: String) -> Problem {
    let line = |doubt: &LegalDoubt| format!("{} : {} ({})", doubt.rule, doubt.fr, doubt.citation);
    let fr: Vec<String> = doubts.iter().map(line).collect();
    Problem::invalid(words).in_french(fr.join("\n"))
}

impl From<FlowError> for Problem {
    fn from(error: FlowError) -> Self {
        let words = error.to_string();
        match error {
            FlowError::NoReason => Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "/problems/reason-needed",
                "Say why",
                "Whoever looks into an investigation says why: send the header X-Reason.",
            ),
            FlowError::NotTraced { .. } | FlowError::NotAttributed { .. } | FlowError::NotPlanned { .. } => {
                Problem::new(StatusCode::CONFLICT, "/problems/not-yet", "Not yet", "A step has not been run yet.")
            }
            FlowError::NoSuchDevice { .. } | FlowError::NoSuchHolder { .. } => Problem::not_found(words),
            FlowError::Locked { .. } => Problem::new(StatusCode::LOCKED, "/problems/locked", "Locked", words),
            FlowError::Unauthorised { .. } | FlowError::NotReleased => Problem::forbidden(words),
            FlowError::LegalDoubts { doubts } => doubtful(&doubts, words),
            error if error.kind() == ErrorKind::User => Problem::invalid(words),
            error => Problem::internal(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
