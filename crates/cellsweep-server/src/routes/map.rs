//! The maps' background.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::guard::Who;
use crate::office::{Office, off_thread};
use crate::problem::Problem;

/// A stretch of the PMTiles file that maps are drawn over. Nothing of the case is in it: whoever is signed in may have it.
#[utoipa::path(get, path = "/map/tiles", params(("range" = Option<String>, Header)), responses((status = 206, body = Vec<u8>, content_type = "application/octet-stream"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn tiles(State(office): State<Arc<Office>>, _who: Who, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(tiles) = office.tiles() else {
        return Err(Problem::not_found("This office has no background for its maps."));
    };
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(stretch) = tiles.stretch(asked) else {
        let detail = "Ask for one stretch of the file: Range: bytes=FIRST-LAST, of 16 MiB at most.";
        return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "about:blank", "No such range", detail));
    };
    let about = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_RANGE, format!("bytes {}-{}/{}", stretch.first, stretch.last, tiles.size())),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tiles.tag().to_owned()),
        // The same for everybody, and of nobody.
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    let known = office.clone();
    let bytes = off_thread(move || {
        let tiles = known.tiles().ok_or_else(|| Problem::not_found("It is gone."))?;
        tiles.read(stretch).map_err(|error| Problem::internal(&error))
    });
    Ok((StatusCode::PARTIAL_CONTENT, about, bytes.await?).into_response())
}
