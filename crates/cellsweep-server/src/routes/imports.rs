//! What comes in: uploads that can be resumed, imports, the trace; what came in, and how good it is.

use std::sync::Arc;

use crate::input::Bytes;
use crate::input::{Form, Path};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cellsweep_accounts::Action;
use cellsweep_flow::views::{ImportLine, Views};
use cellsweep_flow::{attribute, trace as run_trace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guard::Who;
use crate::jobs::Job;
use crate::office::Office;
use crate::problem::Problem;
use crate::upload::Upload;

/// Files that came in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportList {
    /// Latest first.
    imports: Vec<ImportLine>,
}

/// Every file that came in and wasn't erased.
#[utoipa::path(get, path = "/imports", responses((status = 200, body = ImportList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn imports(State(office): State<Arc<Office>>, who: Who) -> Result<Json<ImportList>, Problem> {
    who.must(&office, Action::ImportsSee, &office.case())?;
    let list =
        office.look(&who, Action::ImportsSee, "imports", Vec::new(), |loaded, _, _| Ok(Views::imports(&loaded.case)));
    Ok(Json(ImportList { imports: list.await? }))
}

/// A file that is to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadAsked {
    /// Its name, without folders.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Its bytes.
    #[schema(minimum = 1)]
    size: u64,
    /// Which table; told by the name if not given.
    table: Option<String>,
    /// Under which authority.
    authority: Option<String>,
}

/// How far an upload is.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadState {
    /// Its number.
    id: String,
    /// Bytes that came.
    offset: u64,
}

/// Begins an upload.
#[utoipa::path(post, path = "/uploads", request_body = UploadAsked, responses((status = 201, body = UploadState), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn begin(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<UploadAsked>,
) -> Result<(StatusCode, Json<UploadState>), Problem> {
    who.must(&office, Action::ImportMake, &office.case())?;
    let upload = Upload::new(&who.person.id, &asked.name, asked.size, asked.table.as_deref(), asked.authority)?;
    let id = office.uploads().begin(upload)?;
    Ok((StatusCode::CREATED, Json(UploadState { id, offset: 0 })))
}

/// A piece of a file, at most 8 MiB, from the byte that the header `Upload-Offset` says; where another one is due, the
/// answer is 409 and its `offset` says from where.
#[utoipa::path(patch, path = "/uploads/{id}", params(("id" = String, Path), ("Upload-Offset" = u64, Header)), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 200, body = UploadState), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn piece(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    Bytes(body): Bytes,
) -> Result<Json<UploadState>, Problem> {
    who.must(&office, Action::ImportMake, &office.case())?;
    let offset = headers.get("upload-offset").and_then(|text| text.to_str().ok()?.parse().ok());
    let offset = offset.ok_or_else(|| Problem::field("Upload-Offset", "Say from which byte the piece is."))?;
    let (uploads, of) = (office.clone(), who.person.id.clone());
    let name = id.clone();
    let offset = crate::office::off_thread(move || uploads.uploads().piece(&name, &of, offset, &body)).await?;
    Ok(Json(UploadState { id, offset }))
}

/// A job that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobBegun {
    /// Its number.
    job: u64,
}

/// Imports a file that has wholly come.
#[utoipa::path(post, path = "/uploads/{id}/import", params(("id" = String, Path)), responses((status = 202, body = JobBegun), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn import(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<JobBegun>), Problem> {
    who.must(&office, Action::ImportMake, &office.case())?;
    let coming = office.uploads().take(&id, &who.person.id)?;
    let job = office.begin_job("import", &who, move |case, session| {
        let (kept, rejected) = coming.import(case, session)?;
        Ok(format!("{kept} + {rejected}"))
    });
    Ok((StatusCode::ACCEPTED, Json(JobBegun { job })))
}

/// Long work of this server's life, latest first.
#[utoipa::path(get, path = "/jobs", responses((status = 200, body = Vec<Job>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn jobs(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Vec<Job>>, Problem> {
    who.must(&office, Action::ImportsSee, &office.case())?;
    Ok(Json(office.jobs().list()))
}

/// Traces the case; for those who may have it done, its handsets are attributed, too.
#[utoipa::path(post, path = "/trace", responses((status = 202, body = JobBegun), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn trace(State(office): State<Arc<Office>>, who: Who) -> Result<(StatusCode, Json<JobBegun>), Problem> {
    who.must(&office, Action::TraceRun, &office.case())?;
    let attributes = who.may(&office, Action::AttributeRun, &office.case());
    let job = office.begin_job("trace", &who, move |case, session| {
        let traced = run_trace(case, session)?;
        if !attributes {
            return Ok(traced.run);
        }
        let attributed = attribute(case, session)?;
        Ok(format!("{} · {}", traced.run, attributed.run))
    });
    Ok((StatusCode::ACCEPTED, Json(JobBegun { job })))
}

/// What came in, before anybody trusts it: the report's `quality`.
#[utoipa::path(get, path = "/quality", responses((status = 200, body = serde_json::Value), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn quality(State(office): State<Arc<Office>>, who: Who, headers: HeaderMap) -> Result<Response, Problem> {
    who.must(&office, Action::ImportsSee, &office.case())?;
    let view = office.look(&who, Action::ImportsSee, "quality", Vec::new(), |loaded, _, session| {
        let make = || Ok(cellsweep_flow::quality_of(&loaded.case, session)?);
        loaded.lasting.of("quality".to_owned(), make)
    });
    view.await?.response(&headers)
}
