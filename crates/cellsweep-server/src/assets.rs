//! The browser's side, built into the program.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// What `npm run build` left in `web/dist` when the program was built; empty where it wasn't run.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Web;

/// What stands where the program was built without the browser's side.
const MISSING: &str = "<!doctype html><html lang=en><title>cellsweep</title><h1>cellsweep</h1>\
    <p>This program was built without its pages. The interface is under <code>/api/v1</code>; to have the pages, \
    install Node 20, run <code>npm ci && npm run build</code> in <code>web/</code>, and build again.";

/// A file of the browser's side; where a path names none, the page that finds its way by the path.
pub async fn asset(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let shell = if path.starts_with("phone") { "phone/index.html" } else { "index.html" };
    if let Some(file) = Web::get(path) {
        return answer(path, file, request.headers().get(header::IF_NONE_MATCH));
    }
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Web::get(shell) {
        Some(file) => answer(shell, file, request.headers().get(header::IF_NONE_MATCH)),
        None => Html(MISSING).into_response(),
    }
}

fn answer(path: &str, file: rust_embed::EmbeddedFile, known: Option<&HeaderValue>) -> Response {
    let digest: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digest}\"");
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    // Names under assets/ hold a digest of what is in them.
    let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, kind_of(path).to_owned()),
        (header::CACHE_CONTROL, kept.to_owned()),
        (header::ETAG, tag),
    ];
    (headers, file.data).into_response()
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "geojson" => "application/geo+json",
        _ => "application/octet-stream",
    }
}
