//! Whether the server lives, and its figures; nothing of anybody's data.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::office::Office;

/// Whether the case can be read. For whoever watches over servers: it says nothing else.
#[utoipa::path(get, path = "/health", security(), responses((status = 200, body = String, content_type = "text/plain"), (status = 503, body = String, content_type = "text/plain")))]
pub async fn health(State(office): State<Arc<Office>>) -> (StatusCode, &'static str) {
    match office.alive().await {
        true => (StatusCode::OK, "ok\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "the case can't be read\n"),
    }
}

/// Requests by status and how long they took, in Prometheus' form.
#[utoipa::path(get, path = "/metrics", security(), responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics(State(office): State<Arc<Office>>) -> impl IntoResponse {
    let mut text = String::new();
    let counts = office.counts();
    text.push_str("# TYPE cellsweep_requests_total counter\n");
    for (class, count) in counts.by_class() {
        _ = writeln!(text, "cellsweep_requests_total{{status=\"{class}xx\"}} {count}");
    }
    text.push_str("# TYPE cellsweep_request_seconds histogram\n");
    for (bound, count) in counts.buckets() {
        _ = writeln!(text, "cellsweep_request_seconds_bucket{{le=\"{bound}\"}} {count}");
    }
    _ = writeln!(
        text,
        "cellsweep_request_seconds_sum {}\ncellsweep_request_seconds_count {}",
        counts.seconds(),
        counts.all()
    );
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
