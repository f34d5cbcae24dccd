//! Entries come in, and command's words go out.

use std::fmt::Write as _;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cellsweep_sweep::day::{DayWhat, Post, Whereabouts};
use cellsweep_sweep::sync::{FromPhone, FromServer, Ranges, read_from_phone, write_from_server};
use cellsweep_sweep::{DeviceKey, Party};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::who::{self, Device};
use super::{SYNC_MESSAGES, who::bearer};
use crate::access::party;
use crate::field::{Field, Inner};
use crate::keeper::{Answer, Ask};
use crate::line::Line;
use crate::office::Action;
use crate::problem::Problem;

type Body = Result<Bytes, BytesRejection>;

/// Bytes that are kept of a message that can't be read.
const KEPT_BYTES: usize = 64 << 10;

pub(super) async fn sync(State(field): State<Field>, device: Device, body: Body) -> Result<Response, Problem> {
    let body = who::body(body)?;
    let messages = read(&field.inner, &device.name, &body).await?;
    if messages.len() > SYNC_MESSAGES {
        return Err(Problem::TooLarge("more messages than one request may have: send less at a time"));
    }
    if messages.iter().any(|message| *sender(message) != device.name) {
        return Err(Problem::Forbidden("a device sends its own messages: another one's are for the desk"));
    }
    let answers = exchange(&field.inner, device.name, messages).await?;
    Ok(lines(&answers))
}

/// Messages, one a line. What can't be read is kept for people.
async fn read(inner: &Inner, device: &DeviceKey, body: &Bytes) -> Result<Vec<FromPhone>, Problem> {
    let text = String::from_utf8_lossy(body);
    let (mut messages, mut wrong) = (Vec::new(), None);
    for (line, number) in text.lines().filter(|line| !line.trim().is_empty()).zip(1_usize..) {
        match read_from_phone(line) {
            Ok(message) => messages.push(message),
            Err(error) => wrong = wrong.or(Some((number, line, error))),
        }
    }
    let Some((number, line, error)) = wrong else { return Ok(messages) };
    let kept: String = line.chars().take(KEPT_BYTES / 4).collect();
    inner.ask(Ask::Keep(Line::Unreadable { at: (inner.clock)(), device: device.clone(), text: kept })).await?;
    Err(Problem::Invalid(format!("message {number} can't be read and was kept for people to look at: {error}")))
}

fn sender(message: &FromPhone) -> &DeviceKey {
    match message {
        FromPhone::Hello { device, .. } | FromPhone::Batch { device, .. } => device,
    }
}

async fn exchange(inner: &Inner, from: DeviceKey, messages: Vec<FromPhone>) -> Result<Vec<FromServer>, Problem> {
    match inner.ask(Ask::Messages { from, messages }).await? {
        Answer::Messages(answers) => Ok(answers),
        _ => Err(Problem::NotKept),
    }
}

fn lines(answers: &[FromServer]) -> Response {
    let mut text = String::new();
    for answer in answers.iter().filter_map(|answer| write_from_server(answer).ok()) {
        let _ = writeln!(text, "{answer}");
    }
    ([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Distress {
    place: Whereabouts,
    /// What the device's clock says: kept in nothing, for the server's own is better.
    #[serde(rename = "clock")]
    _clock: Timestamp,
}

pub(super) async fn distress(State(field): State<Field>, device: Device, body: Body) -> Result<StatusCode, Problem> {
    let Distress { place, .. } = who::json(body)?;
    let at = (field.inner.clock)();
    field.inner.ask(Ask::Keep(Line::Distress { at, device: device.name, place })).await?;
    Ok(StatusCode::ACCEPTED)
}

/// A dead phone's entries, taken off it at a desk or in the office.
pub(super) async fn rescue(State(field): State<Field>, request: Request) -> Result<Json<Value>, Response> {
    let (parts, body) = who::apart(request).await?;
    let inner = &field.inner;
    let (by, carrier) = if bearer(&parts.headers).is_some() {
        at_desk(&field, parts).await.map_err(who::refused)?
    } else {
        (inner.office.authorise(Action::Command, &parts).await?, inner.post.device().clone())
    };
    rescued(inner, by, carrier, &body).await.map(Json).map_err(who::refused)
}

async fn at_desk(field: &Field, mut parts: axum::http::request::Parts) -> Result<(Party, DeviceKey), Problem> {
    let device = <Device as axum::extract::FromRequestParts<Field>>::from_request_parts(&mut parts, field).await?;
    let officer = device.member.officer.as_ref().and_then(party);
    match (device.member.post, officer) {
        (Some(Post::Desk(_)), Some(officer)) if !device.member.revoked => Ok((officer, device.name)),
        _ => Err(Problem::Forbidden("another device's entries are taken over at a desk")),
    }
}

async fn rescued(inner: &Inner, by: Party, carrier: DeviceKey, body: &Bytes) -> Result<Value, Problem> {
    let messages = read(inner, &carrier, body).await?;
    let (dead, last) = whose(&messages)?;
    let answers = exchange(inner, carrier, messages).await?;
    let have = answers.into_iter().find_map(|answer| match answer {
        FromServer::Acknowledged { device, have } if device == dead => Some(have),
        _ => None,
    });
    let have: Ranges = have.unwrap_or_default();
    let whole = have.missing(last).is_empty();
    if whole {
        let what = Box::new(DayWhat::Rescued { device: dead.clone(), last });
        inner.ask(Ask::Enter { by, what }).await?;
    }
    Ok(json!({"device": dead, "last": last, "have": have, "whole": whole}))
}

/// Whose export it is, and its last entry's number.
fn whose(messages: &[FromPhone]) -> Result<(DeviceKey, u64), Problem> {
    let invalid =
        || Problem::Invalid("an export has batches of one device's entries, one a line, and nothing else".into());
    let mut whose: Option<(DeviceKey, u64)> = None;
    for message in messages {
        let FromPhone::Batch { device, first, entries } = message else { return Err(invalid()) };
        let end = first + entries.len() as u64 - 1;
        match &mut whose {
            None => whose = Some((device.clone(), end)),
            Some((known, last)) if known == device => *last = end.max(*last),
            Some(_) => return Err(invalid()),
        }
    }
    whose.ok_or_else(invalid)
}
