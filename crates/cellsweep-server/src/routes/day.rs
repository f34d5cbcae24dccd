//! The search day: opening it, its pages, and taking its exhibits into the case.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cellsweep_accounts::Action;
use cellsweep_field::{Paper, PaperTable};
use cellsweep_flow::{Document, Entered, Section, document_pdf, enter, morning};
use cellsweep_model::case::CaseKind;
use serde::Serialize;
use tower::ServiceExt;
use utoipa::ToSchema;

use crate::day::party;
use crate::guard::Who;
use crate::input::Query;
use crate::office::Office;
use crate::problem::{Problem, in_both_languages};
use crate::routes::plan::Language;

/// Opens the search day of the approved plan, or goes on with it.
#[utoipa::path(post, path = "/day", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn open(State(office): State<Arc<Office>>, who: Who) -> Result<StatusCode, Problem> {
    let none = || Problem::stale("There is no approved plan: the day begins with one.");
    let plan = office.whole_plan(None).await?.ok_or_else(none)?;
    who.must_all(&office, Action::SweepCommand, &plan)?;
    let by = party(&who)?;
    let begun = office
        .look(&who, Action::SweepCommand, "morning", Vec::new(), |loaded, _, _| Ok(morning(&loaded.case)?))
        .await?;
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
/// still measured. What is there already changes nothing. It goes on when an authority has lapsed.
#[utoipa::path(post, path = "/day/custody", responses((status = 200, body = TakenIn), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn take_in(State(office): State<Arc<Office>>, who: Who) -> Result<Json<TakenIn>, Problem> {
    let none = || Problem::stale("No search day is open here.");
    let plan = office.day_plan().await?.ok_or_else(none)?;
    who.must_all(&office, Action::SweepCommand, &plan)?;
    let events = office.days().exhibit_events().await.map_err(|error| Problem::internal(&error))?;
    let events = events.ok_or_else(none)?;
    let entered = office.write_even_locked(&who, move |case, session| enter(case, events, session));
    let Entered { new, known, contradicting, breaks } = entered.await?;
    Ok(Json(TakenIn { new, known, contradicting, breaks: breaks.len() }))
}

/// The day's report: results against expectation, finds and exhibits, and all that doesn't hold.
#[utoipa::path(get, path = "/day/report", params(Language), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn report(
    State(office): State<Arc<Office>>,
    who: Who,
    Query(asked): Query<Language>,
) -> Result<impl IntoResponse, Problem> {
    let none = || Problem::stale("No search day is open here.");
    let plan = office.day_plan().await?.ok_or_else(none)?;
    who.must_all(&office, Action::SweepSee, &plan)?;
    let lang = asked.read()?;
    let paper = office.days().paper(lang).await.map_err(|error| Problem::internal(&error))?.ok_or_else(none)?;
    let pdf = office.look(&who, Action::SweepSee, "day report", Vec::new(), move |loaded, _, session| {
        let exercise = loaded.case.kind() == CaseKind::Exercise;
        let mark = lang.pick("EXERCICE", "EXERCISE").to_owned();
        document_pdf(&printed(paper, exercise.then_some(mark)), session.now())
            .map_err(|error| Problem::internal(&error))
    });
    let name = "inline; filename=\"day.pdf\"".to_owned();
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], pdf.await?))
}

fn printed(paper: Paper, mark: Option<String>) -> Document {
    let section =
        |table: PaperTable| Section { title: table.title, note: table.note, header: table.header, rows: table.rows };
    Document {
        lang: paper.lang,
        footer: paper.title.clone(),
        title: paper.title,
        marks: mark.into_iter().collect(),
        facts: paper.facts,
        paragraphs: paper.paragraphs,
        sections: paper.sections.into_iter().map(section).collect(),
    }
}

/// The day's own pages, as `PROTOCOL.md` of the field has them: phones', the wall's, command's.
pub async fn pages(State(office): State<Arc<Office>>, request: Request) -> Response {
    match office.days().router().await {
        Some(router) => in_both_languages(router.oneshot(request).await.unwrap_or_else(|never| match never {})).await,
        None if request.method() == Method::GET && request.uri().path() == "/wall" => nothing_yet(),
        None => Problem::stale("No search day is open here.").into_response(),
    }
}

/// The wall before the day.
fn nothing_yet() -> Response {
    let empty: [u8; 0] = [];
    Json(serde_json::json!({
        "day": null, "sites": empty, "finds": empty, "flags": empty, "announcements": empty, "distress": empty,
        "open": empty, "open_count": 0, "quarantined": 0, "unsent": 0, "lines": 0
    }))
    .into_response()
}
