//! Photos come in pieces.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cellsweep_sweep::Digest;
use serde_json::{Value, json};

use super::PHOTO_BYTES;
use super::who::{self, Device, Looks};
use crate::field::Field;
use crate::photos::{Held, Photos, Put};
use crate::problem::Problem;

pub(super) async fn put(
    State(field): State<Field>,
    _device: Device,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let (digest, piece) = (named(&digest)?, who::body(body)?);
    let (at, length) = (number(&headers, "upload-offset")?, number(&headers, "upload-length")?);
    if length > PHOTO_BYTES || length == 0 {
        return Err(Problem::TooLarge("a photo has 1 byte to 12 MiB: take it with fewer dots"));
    }
    if at.saturating_add(piece.len() as u64) > length {
        return Err(Problem::Invalid("upload-length: this piece goes beyond the photo's end".into()));
    }
    match with(&field, move |photos| photos.put(&digest, at, length, &piece)).await? {
        Put::Kept(Held::Whole(offset)) => Ok((StatusCode::CREATED, Json(json!({"offset": offset, "complete": true})))),
        Put::Kept(Held::Part(offset)) => Ok((StatusCode::OK, Json(json!({"offset": offset, "complete": false})))),
        Put::Elsewhere(Held::Part(offset) | Held::Whole(offset)) => Err(Problem::Offset(offset)),
        Put::Another => Err(Problem::Digest),
    }
}

pub(super) async fn head(
    State(field): State<Field>,
    _device: Device,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let digest = named(&digest)?;
    let (offset, complete) = match with(&field, move |photos| photos.held(&digest)).await? {
        Held::Whole(length) => (length, "?1"),
        Held::Part(length) => (length, "?0"),
    };
    Ok([("upload-offset", offset.to_string()), ("upload-complete", complete.into())].into_response())
}

pub(super) async fn get(
    State(field): State<Field>,
    _office: Looks,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let digest = named(&digest)?;
    let bytes = with(&field, move |photos| match photos.read(&digest) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    });
    let bytes = bytes.await?.ok_or(Problem::NotFound)?;
    let webp = bytes.get(8..12) == Some(b"WEBP");
    Ok(([(header::CONTENT_TYPE, if webp { "image/webp" } else { "image/jpeg" })], bytes).into_response())
}

fn named(digest: &str) -> Result<Digest, Problem> {
    digest.parse().map_err(|error| Problem::Invalid(format!("the photo's name: {error}")))
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    value.ok_or_else(|| Problem::Invalid(format!("{name}: a whole number is needed")))
}

async fn with<T: Send + 'static>(
    field: &Field,
    act: impl FnOnce(&dyn Photos) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let photos: Arc<dyn Photos> = field.inner.photos.clone();
    let done = tokio::task::spawn_blocking(move || act(photos.as_ref())).await;
    done.ok().and_then(Result::ok).ok_or(Problem::NotKept)
}
