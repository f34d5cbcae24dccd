//! What went wrong, as RFC 9457 has it.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("this device isn't known here: have it enrolled at the desk")]
    SignIn,
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("nothing is kept under this name")]
    NotFound,
    #[error("the photo goes on at byte {0}")]
    Offset(u64),
    #[error("the code is unknown, was used by another device, or has expired: ask the desk for another one")]
    Code,
    #[error("{0}")]
    TooLarge(&'static str),
    #[error("{0}")]
    Invalid(String),
    #[error("these bytes aren't the photo that the name says: send it from its beginning")]
    Digest,
    #[error("too much that can't be accepted came from this device: wait")]
    TooMany,
    #[error("nothing could be kept, and nothing was: send it again")]
    NotKept,
}

impl Problem {
    fn status(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::SignIn => (StatusCode::UNAUTHORIZED, "sign-in", "Not signed in"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Offset(_) => (StatusCode::CONFLICT, "offset", "Elsewhere"),
            Self::Code => (StatusCode::GONE, "code", "The code doesn't hold"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Not valid"),
            Self::Digest => (StatusCode::UNPROCESSABLE_ENTITY, "digest", "Another photo"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many"),
            Self::NotKept => (StatusCode::SERVICE_UNAVAILABLE, "not-kept", "Not kept"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, title) = self.status();
        let body = json!({
            "type": format!("/problems/{kind}"), "title": title, "status": status.as_u16(), "detail": self.to_string(),
        });
        let mut body: Map<String, Value> = body.as_object().cloned().unwrap_or_default();
        if let Self::Offset(offset) = self {
            body.insert("offset".into(), offset.into());
        }
        let mut answer = (status, Json(body)).into_response();
        let mut put = |name: HeaderName, value| answer.headers_mut().insert(name, HeaderValue::from_static(value));
        put(header::CONTENT_TYPE, "application/problem+json");
        if matches!(self, Self::TooMany | Self::NotKept) {
            put(header::RETRY_AFTER, "5");
        }
        answer
    }
}
