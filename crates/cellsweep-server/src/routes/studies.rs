//! What measures really do: the studies that `cellsweep assess` makes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use cellsweep_accounts::Action;
use cellsweep_flow::{Study, StudyOf, study};

use crate::guard::Who;
use crate::input::Path;
use crate::office::Office;
use crate::problem::Problem;

/// A study: sentences for whoever decides and for whoever checks, tables and drawings; where there is too little to tell,
/// what it would take. It takes seconds where operators' records are read; the same one is made once for each state of the case.
#[utoipa::path(get, path = "/studies/{study}", params(("study" = String, Path, description = "jamming, detectors, routes, operation, register, searches or model")), responses((status = 200, body = Study), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn one(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(word): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    who.must(&office, Action::AssessSee, &office.case())?;
    let of: StudyOf = word.parse().map_err(|_none| Problem::not_found("There is no such study."))?;
    let made =
        office.look(&who, Action::AssessSee, "assess", vec![format!("study/{of}")], move |loaded, _, session| {
            loaded.lasting.of(format!("study {of}"), || Ok(study(&loaded.case, of, session)?))
        });
    made.await?.response(&headers)
}
