//! The day's pages over HTTP, as `PROTOCOL.md` has them.

mod command;
mod enrol;
mod photos;
mod sync;
mod who;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{get, post, put};
use axum::{Router, middleware, response::Response};

use crate::field::Field;

pub(crate) use enrol::invited;
pub use enrol::{Invite, Invited, Place};

/// Bytes of a device's messages in one request.
pub(crate) const SYNC_BYTES: usize = 1 << 20;
/// Messages in one request.
pub(crate) const SYNC_MESSAGES: usize = 16;
/// Bytes of a photo.
pub(crate) const PHOTO_BYTES: u64 = 12 << 20;
/// Bytes of a photo in one request.
pub(crate) const PIECE_BYTES: usize = 1 << 20;
/// Bytes of a dead phone's export.
const RESCUE_BYTES: usize = 32 << 20;
/// Bytes of a word of command; a site's new plan is the largest.
const COMMAND_BYTES: usize = 4 << 20;
/// Bytes of anything else.
const SMALL_BYTES: usize = 16 << 10;

/// All pages.
pub(crate) fn router(field: Field) -> Router {
    let small = Router::new()
        .route("/invitations", post(enrol::invite))
        .route("/enrol", post(enrol::enrol))
        .route("/bundle", get(enrol::bundle))
        .route("/distress", post(sync::distress))
        .route("/wall", get(command::wall))
        .route("/wall/events", get(command::events))
        .route("/report", get(command::report))
        .layer(DefaultBodyLimit::max(SMALL_BYTES));
    let sync = Router::new().route("/sync", post(sync::sync)).layer(DefaultBodyLimit::max(SYNC_BYTES));
    let photos = Router::new()
        .route("/photos/{digest}", put(photos::put).head(photos::head).get(photos::get))
        .layer(DefaultBodyLimit::max(PIECE_BYTES));
    let rescue = Router::new().route("/rescue", post(sync::rescue)).layer(DefaultBodyLimit::max(RESCUE_BYTES));
    let command = Router::new().route("/command", post(command::command)).layer(DefaultBodyLimit::max(COMMAND_BYTES));
    let all = small.merge(sync).merge(photos).merge(rescue).merge(command);
    all.layer(middleware::map_response(private)).with_state(field)
}

/// Nothing of the day is kept by whatever lies between.
async fn private(mut answer: Response) -> Response {
    let put = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-content-type-options"), "nosniff")];
    for (name, value) in put {
        if !answer.headers().contains_key(&name) {
            answer.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    answer
}
