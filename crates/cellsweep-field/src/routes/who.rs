//! Who asks.

use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use cellsweep_sweep::{DeviceKey, Party};
use serde::de::DeserializeOwned;

use crate::access::Member;
use crate::field::Field;
use crate::keys::sha256;
use crate::office::Action;
use crate::problem::Problem;

/// A device that was enrolled, revoked or not.
pub(super) struct Device {
    pub name: DeviceKey,
    pub member: Member,
}

impl FromRequestParts<Field> for Device {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, field: &Field) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::SignIn)?;
        let digest = sha256(token).parse().ok().ok_or(Problem::SignIn)?;
        let access = field.inner.access();
        let name = access.tokens.get(&digest).ok_or(Problem::SignIn)?.clone();
        let member = access.members.get(&name).cloned().unwrap_or_default();
        Ok(Self { name, member })
    }
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Somebody in the office who may look.
pub(super) struct Looks;

impl FromRequestParts<Field> for Looks {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, field: &Field) -> Result<Self, Response> {
        field.inner.office.authorise(Action::View, parts).await.map(|_| Self)
    }
}

/// Somebody in the office who may command.
pub(super) struct Commands(pub Party);

impl FromRequestParts<Field> for Commands {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, field: &Field) -> Result<Self, Response> {
        field.inner.office.authorise(Action::Command, parts).await.map(Self)
    }
}

/// A body that isn't larger than it may be.
pub(super) fn body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| match rejection.status().as_u16() {
        413 => Problem::TooLarge("more bytes than one request may have: send less at a time"),
        _ => Problem::Invalid("the body broke off".into()),
    })
}

/// A body as JSON.
pub(super) fn json<T: DeserializeOwned>(bytes: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    serde_json::from_slice(&body(bytes)?).map_err(|error| Problem::Invalid(format!("this can't be read: {error}")))
}

/// A request's head and its body, where who asks is told after looking at the head.
pub(super) async fn apart(request: Request) -> Result<(Parts, Bytes), Response> {
    let request = request.with_limited_body();
    let (parts, rest) = request.into_parts();
    let bytes = Request::new(rest).extract::<Bytes, _>().await;
    let bytes = body(bytes).map_err(axum::response::IntoResponse::into_response)?;
    Ok((parts, bytes))
}

/// An answer that says so itself.
pub(super) fn refused(problem: Problem) -> Response {
    problem.into_response()
}
