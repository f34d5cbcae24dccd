//! Answers that are large and the same for whoever may see the same: worked out and compressed once for each state of the
//! case.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
pub struct Answers(Mutex<BTreeMap<String, Packed>>);

/// JSON, compressed.
#[derive(Debug, Clone)]
pub struct Packed(Bytes);

impl Answers {
    /// The answer that `key` names: everything that it depends on but the state of the case.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn of<T: Serialize>(&self, key: String, make: impl FnOnce() -> Result<T, Problem>) -> Result<Packed, Problem> {
        if let Some(packed) = self.locked().get(&key) {
            return Ok(packed.clone());
        }
        // Two who ask at once both have it made: nobody waits for what somebody else asked.
        let packed = Packed::of(&make()?).map_err(|error| Problem::internal(&error))?;
        let mut kept = self.locked();
        if kept.iter().map(|(key, packed)| key.len() + packed.0.len()).sum::<usize>() >= KEPT {
            kept.clear();
        }
        kept.insert(key, packed.clone());
        Ok(packed)
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Packed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Packed {
    fn of(answer: &impl Serialize) -> std::io::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        serde_json::to_writer(&mut encoder, answer)?;
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
