//! Orders that the case rests on.

use std::sync::Arc;

use crate::input::Form;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cellsweep_accounts::{Action, Resource};
use cellsweep_flow::views::{AuthorityLine, Views};
use cellsweep_flow::{Granting, authority_of_text, grant_authority};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Authorities.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorityList {
    /// In the order in which they were granted.
    authorities: Vec<AuthorityLine>,
}

/// Every authority of the case, also when one has lapsed.
#[utoipa::path(get, path = "/authorities", responses((status = 200, body = AuthorityList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn authorities(State(office): State<Arc<Office>>, who: Who) -> Result<Json<AuthorityList>, Problem> {
    who.must(&office, Action::AuthoritySee, &office.case())?;
    let list = office
        .look_even_locked(&who, "authority", |loaded, session| Ok(Views::authorities(&loaded.case, session.now())));
    Ok(Json(AuthorityList { authorities: list.await? }))
}

/// An authority that is granted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAsked {
    /// The order, as `cellsweep authority template` has it.
    #[schema(max_length = 100000)]
    toml: String,
    /// Who drew it up: the second of the two people that it takes, by the name to sign in with.
    drawn_up_by: String,
    /// The magistrate's words on rules that it doesn't seem to satisfy.
    decision: Option<String>,
}

/// Grants an authority that somebody else drew up; so is one that lapsed prolonged.
#[utoipa::path(post, path = "/authorities", request_body = GrantAsked, responses((status = 201), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn grant(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<GrantAsked>,
) -> Result<StatusCode, Problem> {
    let Some(author) = office.person_named(&asked.drawn_up_by).await? else {
        return Err(Problem::field("drawn_up_by", "Nobody in this office has that name."));
    };
    let resource = Resource::Proposal { case: office.case_id().clone(), author: author.id.clone() };
    who.must(&office, Action::AuthorityGrant, &resource)?;
    let authority = authority_of_text(&asked.toml).map_err(|error| Problem::field("toml", error.to_string()))?;
    let by = vec![crate::guard::logged_as(&author), who.asker().by];
    let decision = asked.decision.filter(|words| !words.trim().is_empty()).map(|words| (words, who.asker().by));
    let granting = Granting { by, decision };
    let done = office
        .write_even_locked(&who, move |case, session| grant_authority(case, authority, &granting, session).map(drop));
    done.await?;
    Ok(StatusCode::CREATED)
}
