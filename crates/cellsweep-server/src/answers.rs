//! Answers that are large and the same for whoever may see the same: worked out and compressed once for each state of the
//! case.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::problem::Problem;

/// Bytes of answers that are kept; with more, all are worked out anew.
const KEPT: usize = 64 << 20;

/// Those of one state of the case.
#[derive(Debug, Default)]
pub struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    slots: BTreeMap<String, Arc<Mutex<Option<Packed>>>>,
    bytes: usize,
}

/// JSON, compressed.
#[derive(Debug, Clone)]
pub struct Packed(Bytes);

impl Answers {
    /// The answer that `key` names: everything that it depends on but the state of the case. Those who ask for the same
    /// at once wait for one that makes it.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn of<T: Serialize>(&self, key: String, make: impl FnOnce() -> Result<T, Problem>) -> Result<Packed, Problem> {
        let slot = locked(&self.0).slots.entry(key).or_default().clone();
        let mut made = locked(&slot);
        if let Some(packed) = &*made {
            return Ok(packed.clone());
        }
        let packed = Packed::of(&make()?).map_err(|error| Problem::internal(&error))?;
        *made = Some(packed.clone());
        locked(&self.0).keep(packed.0.len());
        Ok(packed)
    }
}

impl Kept {
    fn keep(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes > KEPT {
            *self = Self::default();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Packed {
    fn of(answer: &impl Serialize) -> std::io::Result<Self> {
        // In one piece: serde's are of a few bytes each, and each costs the encoder more than they do.
        let plain = serde_json::to_vec(answer)?;
        let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
        encoder.write_all(&plain)?;
        Ok(Self(encoder.finish()?.into()))
    }

    /// As whoever asks can read it.
    ///
    /// # Errors
    /// When it can't be unpacked; never in practice.
    pub fn response(self, asked: &HeaderMap) -> Result<Response, Problem> {
        let json = HeaderValue::from_static("application/json");
        let takes = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        if takes.flat_map(|value| value.split(',')).any(|coding| coding.trim() == "gzip") {
            let headers = [
                (header::CONTENT_TYPE, json),
                (header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
                (header::VARY, HeaderValue::from_static("accept-encoding")),
            ];
            return Ok((headers, self.0).into_response());
        }
        let mut plain = Vec::new();
        GzDecoder::new(self.0.as_ref()).read_to_end(&mut plain).map_err(|error| Problem::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, json)], plain).into_response())
    }
}
