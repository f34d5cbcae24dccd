//! The search day: opening it, its pages, and taking its exhibits into the case.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use cellsweep_accounts::Action;
use cellsweep_flow::{Entered, Silent, enter, morning};
use serde::Serialize;
use tower::ServiceExt;
use utoipa::ToSchema;

use crate::day::party;
use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Opens the search day of the approved plan, or goes on with it.
#[utoipa::path(post, path = "/day", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn open(State(office): State<Arc<Office>>, who: Who) -> Result<StatusCode, Problem> {
    let none = || Problem::stale("There is no approved plan: the day begins with one.");
    let resource = office.plan(None).await?.ok_or_else(none)?;
    who.must(&office, Action::SweepCommand, &resource)?;
    let by = party(&who)?;
    let begun = office.look(&who, "morning", Vec::new(), |loaded, _, _| Ok(morning(&loaded.case)?)).await?;
    let begun = begun.ok_or_else(none)?;
    office.days().open(begun, by, &office).await.map_err(|error| Problem::internal(&error))?;
    office.bus().tell("sweep", &serde_json::json!({}));
    Ok(StatusCode::NO_CONTENT)
}

/// What became of the day's exhibits in the case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenIn {
    /// Events that are new in the case's log.
    new: usize,
    /// Events that it had already.
    known: usize,
    /// Events that contradict others: both are kept, neither counts.
    contradicting: usize,
    /// Places where a chain of custody doesn't hold.
    breaks: usize,
}

/// Takes the day's finds, seals and hand-overs into the case's log: once the day is closed, for until then clocks are
/// still measured. What is there already changes nothing.
#[utoipa::path(post, path = "/day/custody", responses((status = 200, body = TakenIn), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn take_in(State(office): State<Arc<Office>>, who: Who) -> Result<Json<TakenIn>, Problem> {
    let none = || Problem::stale("No search day is open here.");
    let resource = office.plan(None).await?.ok_or_else(none)?;
    who.must(&office, Action::SweepCommand, &resource)?;
    let events = office.days().exhibit_events().await.map_err(|error| Problem::internal(&error))?;
    let events = events.ok_or_else(none)?;
    let entered = office.write(&who, Silent, move |case, session| enter(case, events, session));
    let Entered { new, known, contradicting, breaks } = entered.await?;
    Ok(Json(TakenIn { new, known, contradicting, breaks: breaks.len() }))
}

/// The day's own pages, as `PROTOCOL.md` of the field has them: phones', the wall's, command's.
pub async fn pages(State(office): State<Arc<Office>>, request: Request) -> Response {
    match office.days().router().await {
        Some(router) => router.oneshot(request).await.unwrap_or_else(|never| match never {}),
        None if request.method() == Method::GET && request.uri().path() == "/wall" => nothing_yet(),
        None => Problem::stale("No search day is open here.").into_response(),
    }
}

/// The wall before the day.
fn nothing_yet() -> Response {
    let empty: [u8; 0] = [];
    Json(serde_json::json!({
        "day": null, "sites": empty, "finds": empty, "flags": empty, "announcements": empty, "distress": empty,
        "quarantined": 0, "unsent": 0, "lines": 0
    }))
    .into_response()
}
