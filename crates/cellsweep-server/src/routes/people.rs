//! Who works in the office, and in which roles.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::input::{Form, Path};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cellsweep_accounts::{
    Action, CaseId, Clearance, FacilityId, Grant, NewPerson, Person, PersonId, Reach, Resource, Role, TeamId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;
use crate::routes::me::refused;

/// A role and how far it reaches in this case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleView {
    /// Which: `investigator`, `magistrate`, …
    role: String,
    /// Only in this facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facility: Option<String>,
    /// Only in this search team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<String>,
}

/// A person's roles, one for each facility and team that they reach.
pub(super) fn role_views(person: &Person) -> Vec<RoleView> {
    let mut views = Vec::new();
    for grant in &person.grants {
        let names =
            |reach: Vec<String>| if reach.is_empty() { vec![None] } else { reach.into_iter().map(Some).collect() };
        let facilities = match &grant.facilities {
            Reach::All => Vec::new(),
            Reach::Only(some) => some.iter().map(ToString::to_string).collect(),
        };
        let teams = match &grant.teams {
            Reach::All => Vec::new(),
            Reach::Only(some) => some.iter().map(ToString::to_string).collect(),
        };
        for facility in names(facilities) {
            for team in names(teams.clone()) {
                views.push(RoleView { role: grant.role.word().to_owned(), facility: facility.clone(), team });
            }
        }
    }
    views
}

fn grants(roles: &[RoleView], case: &CaseId) -> Result<Vec<Grant>, Problem> {
    let read = |view: &RoleView| {
        let wrong = |what: &str| Problem::field("roles", format!("{} is no {what}.", view.role));
        let role = Role::parse(&view.role).ok_or_else(|| wrong("role"))?;
        let facilities = match &view.facility {
            None => Reach::All,
            Some(id) => Reach::one(FacilityId::parse(id).map_err(|error| Problem::field("roles", error.to_string()))?),
        };
        let teams = match &view.team {
            None => Reach::All,
            Some(id) => Reach::one(TeamId::parse(id).map_err(|error| Problem::field("roles", error.to_string()))?),
        };
        Ok(Grant::of(role).cases(Reach::one(case.clone())).facilities(facilities).teams(teams))
    };
    roles.iter().map(read).collect()
}

fn clearances(words: &[String]) -> Result<BTreeSet<Clearance>, Problem> {
    let read = |word: &String| {
        Clearance::parse(word).ok_or_else(|| Problem::field("clearances", "open, judicial or intelligence"))
    };
    words.iter().map(read).collect()
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Says nothing of whom.
    id: String,
    /// As others see them.
    name: String,
    /// The name to sign in with.
    sign_in: String,
    /// The service's number of them.
    service_number: Option<String>,
    /// Their roles.
    roles: Vec<RoleView>,
    /// Restricted sources that they may see.
    clearances: Vec<&'static str>,
    /// Whether the account is closed.
    disabled: bool,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.display.clone(),
            sign_in: person.name.clone(),
            service_number: person.service_number.clone(),
            roles: role_views(person),
            clearances: person.clearances.iter().map(|clearance| clearance.word()).collect(),
            disabled: person.disabled,
        }
    }
}

/// People.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleList {
    /// By name.
    people: Vec<PersonView>,
}

/// Everybody with an account.
#[utoipa::path(get, path = "/people", responses((status = 200, body = PeopleList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn people(State(office): State<Arc<Office>>, who: Who) -> Result<Json<PeopleList>, Problem> {
    who.must(&office, Action::PeopleSee, &Resource::Office)?;
    let people = office.accounts().people().await.map_err(refused)?;
    Ok(Json(PeopleList { people: people.iter().map(PersonView::from).collect() }))
}

/// Somebody who is to have an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonAsked {
    /// As others see them.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The name to sign in with.
    #[schema(min_length = 1, max_length = 64)]
    sign_in: String,
    /// The service's number of them.
    #[schema(max_length = 100)]
    service_number: Option<String>,
    /// Their roles in this case.
    roles: Vec<RoleView>,
    /// Restricted sources that they may see.
    #[serde(default)]
    clearances: Vec<String>,
}

/// An invitation, shown once: whoever has it sets the account's password.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// The account.
    id: String,
    /// What `POST /invitation` takes.
    invitation: String,
}

/// Adds somebody. They set their password by the invitation.
#[utoipa::path(post, path = "/people", request_body = PersonAsked, responses((status = 201, body = Invited), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn add(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<PersonAsked>,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    who.must(&office, Action::PeopleManage, &Resource::Office)?;
    let new = NewPerson {
        name: asked.sign_in,
        display: asked.name,
        service_number: asked.service_number.filter(|number| !number.trim().is_empty()),
        grants: grants(&asked.roles, office.case_id())?,
        clearances: clearances(&asked.clearances)?,
    };
    let person = office.accounts().add_person(&new, &who.person.id).await.map_err(refused)?;
    let invitation = office.accounts().invite(&person.id, &who.person.id).await.map_err(refused)?;
    office.bus().tell("accounts", &serde_json::json!({}));
    let invited = Invited { id: person.id.to_string(), invitation: invitation.expose().to_owned() };
    Ok((StatusCode::CREATED, Json(invited)))
}

/// What changes about somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Whether the account is closed.
    disabled: Option<bool>,
    /// Their roles in this case, all of them.
    roles: Option<Vec<RoleView>>,
    /// Restricted sources that they may see, all of them.
    clearances: Option<Vec<String>>,
}

/// Changes somebody's roles, clearances, or whether the account is open.
#[utoipa::path(patch, path = "/people/{id}", params(("id" = String, Path)), request_body = PersonChange, responses((status = 200, body = PersonView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn change(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
    Form(asked): Form<PersonChange>,
) -> Result<Json<PersonView>, Problem> {
    who.must(&office, Action::PeopleManage, &Resource::Office)?;
    let id = person_id(&id)?;
    let (accounts, by) = (office.accounts(), &who.person.id);
    if let Some(roles) = &asked.roles {
        accounts.set_grants(&id, &grants(roles, office.case_id())?, by).await.map_err(refused)?;
    }
    if let Some(words) = &asked.clearances {
        accounts.set_clearances(&id, &clearances(words)?, by).await.map_err(refused)?;
    }
    match asked.disabled {
        Some(true) => accounts.disable(&id, by).await.map_err(refused)?,
        Some(false) => accounts.enable(&id, by).await.map_err(refused)?,
        None => {}
    }
    office.bus().tell("accounts", &serde_json::json!({}));
    let person = accounts.person(&id).await.map_err(refused)?;
    let person = person.ok_or_else(|| Problem::not_found("There is no such person."))?;
    Ok(Json(PersonView::from(&person)))
}

/// Ends all sessions of somebody.
#[utoipa::path(delete, path = "/people/{id}/sessions", params(("id" = String, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_sessions(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    who.must(&office, Action::PeopleManage, &Resource::Office)?;
    let id = person_id(&id)?;
    office.accounts().revoke_all(&id, None, &who.person.id).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

fn person_id(text: &str) -> Result<PersonId, Problem> {
    PersonId::parse(text).map_err(|_none| Problem::not_found("There is no such person."))
}
