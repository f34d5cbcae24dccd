//! Handsets and what people decide on them.

use std::sync::Arc;

use crate::input::{Form, Path, Query};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cellsweep_accounts::Action;
use cellsweep_flow::views::{HandsetPage, HandsetRow};
use cellsweep_flow::{Silent, review as decide};
use cellsweep_model::FacilityId;
use cellsweep_model::case::Decision;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Which handsets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Only this facility's.
    facility: Option<String>,
    /// Only from this probability on.
    #[param(minimum = 0.0, maximum = 1.0)]
    min_probability: Option<f64>,
}

/// Handsets.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandsetList {
    /// Best first.
    rows: Vec<HandsetRow>,
}

/// Every listed handset that may be seen.
#[utoipa::path(get, path = "/handsets", params(Asked), responses((status = 200, body = HandsetList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn handsets(
    State(office): State<Arc<Office>>,
    who: Who,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    who.must(&office, Action::HandsetsList, &office.case())?;
    let facility = facility(asked.facility.as_deref())?;
    let least = asked.min_probability.unwrap_or(0.0);
    if !(0.0..=1.0).contains(&least) {
        return Err(Problem::field("min_probability", "A probability is between 0 and 1."));
    }
    let list = office.look(&who, Action::HandsetsList, "devices", Vec::new(), move |loaded, eyes, _| {
        let rows = || loaded.views.handsets(facility.as_ref(), least, eyes);
        loaded.answers.of(format!("handsets {facility:?} {least} {eyes:?}"), || Ok(HandsetList { rows: rows() }))
    });
    list.await?.response(&headers)
}

/// Which of a handset's facilities.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// The facility; the likeliest if not given.
    facility: Option<String>,
}

/// A handset's page.
#[utoipa::path(get, path = "/handsets/{handset}", params(("handset" = String, Path), Where), responses((status = 200, body = HandsetPage), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn handset(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(handset): Path<String>,
    Query(at): Query<Where>,
) -> Result<Json<HandsetPage>, Problem> {
    who.must(&office, Action::HandsetSee, &office.case())?;
    let facility = facility(at.facility.as_deref())?;
    let refs = vec![format!("handset/{handset}")];
    let page = office.look(&who, Action::HandsetSee, "explain", refs, move |loaded, eyes, session| {
        Ok(loaded.views.handset(&loaded.case, &handset, facility.as_ref(), eyes, session)?)
    });
    page.await?.map(Json).ok_or_else(no_handset)
}

fn no_handset() -> Problem {
    Problem::not_found("The latest trace lists no such handset.")
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is so.
    Confirm,
    /// It is not so.
    Reject,
    /// Neither: a remark.
    Comment,
}

/// What a person decides on a handset.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewAsked {
    /// What.
    decision: Verdict,
    /// Why.
    #[schema(min_length = 1, max_length = 4000)]
    reason: String,
}

/// Keeps a decision; it stands beside what the method says and is never overwritten.
#[utoipa::path(post, path = "/handsets/{handset}/review", params(("handset" = String, Path)), request_body = ReviewAsked, responses((status = 201), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn review(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(handset): Path<String>,
    Form(asked): Form<ReviewAsked>,
) -> Result<StatusCode, Problem> {
    who.must(&office, Action::ReviewDecide, &office.case())?;
    let reason = asked.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 4_000 {
        return Err(Problem::field("reason", "Say why, in 1 to 4000 characters."));
    }
    let decision = match asked.decision {
        Verdict::Confirm => Decision::Confirmed,
        Verdict::Reject => Decision::Rejected,
        Verdict::Comment => Decision::Comment,
    };
    let by = who.asker().by;
    let key = handset.clone();
    let listed = office.before(&who, Action::ReviewDecide, move |loaded, eyes| {
        if loaded.views.lists(&key, eyes) { Ok(()) } else { Err(no_handset()) }
    });
    listed.await?;
    let done = office.write(&who, Silent, move |case, session| {
        decide(case, &handset, None, decision, (reason, by), session).map(drop)
    });
    done.await?;
    Ok(StatusCode::CREATED)
}

/// A facility's identifier as it came.
pub(super) fn facility(text: Option<&str>) -> Result<Option<FacilityId>, Problem> {
    let read =
        |text: &str| text.parse().map_err(|_none| Problem::field("facility", "That is no facility's identifier."));
    text.map(read).transpose()
}
