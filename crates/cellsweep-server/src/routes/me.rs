//! Who is signed in, signing in and out.

use std::sync::Arc;

use crate::input::{Form, Path};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use cellsweep_accounts::{AccountsError, Action, FirstStep, NewSession, Reach, Resource, SessionId, Token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::guard::{DEVICE_COOKIE, Who, origin, session_cookie};
use crate::office::Office;
use crate::problem::Problem;
use crate::routes::people::{RoleView, role_views};

/// Who is signed in, as pages show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Who.
    person: MePerson,
    /// What writes have to bring along in `X-CSRF`.
    csrf: String,
    /// What the rules allow them to do with this case and this office, as things stand.
    may: Vec<&'static str>,
    /// Whether looks have to say why (`X-Reason`).
    needs_reason: bool,
    /// The case's name.
    case_name: String,
    /// Whether `GET /map/tiles` has a background for maps.
    tiles: bool,
}

/// The person.
#[derive(Debug, Serialize, ToSchema)]
pub struct MePerson {
    /// Says nothing of whom.
    id: String,
    /// As others see them.
    name: String,
    /// The service's number of them.
    service_number: Option<String>,
    /// Their roles.
    roles: Vec<RoleView>,
    /// Restricted sources that they may see.
    clearances: Vec<&'static str>,
}

/// Who is signed in.
#[utoipa::path(get, path = "/me", responses((status = 200, body = Me), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn me(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Me>, Problem> {
    Ok(Json(Me {
        person: MePerson {
            id: who.person.id.to_string(),
            name: who.person.display.clone(),
            service_number: who.person.service_number.clone(),
            roles: role_views(&who.person),
            clearances: who.person.clearances.iter().map(|clearance| clearance.word()).collect(),
        },
        may: allowed(&office, &who).await?,
        csrf: who.csrf,
        needs_reason: !office.password_is_enough(),
        case_name: office.desk().title(),
        tiles: office.tiles().is_some(),
    }))
}

/// Every action that the rules allow somewhere: what navigation shows.
async fn allowed(office: &Arc<Office>, who: &Who) -> Result<Vec<&'static str>, Problem> {
    let mut resources = vec![office.case(), Resource::Office, Resource::Account { owner: who.person.id.clone() }];
    let (plan, day) =
        (office.whole_plan(None).await?.unwrap_or_default(), office.day_plan().await?.unwrap_or_default());
    resources.extend(plan.first().cloned());
    let somewhere = office.some_facility().await?;
    for grant in &who.person.grants {
        let facilities: Vec<_> = match &grant.facilities {
            Reach::Only(facilities) => facilities.iter().cloned().collect(),
            // Any one stands for all of them.
            Reach::All => somewhere.iter().cloned().collect(),
        };
        let released = |facility| Resource::Facility { case: office.case_id().clone(), facility, released: true };
        resources.extend(facilities.into_iter().map(released));
    }
    // Whether somebody proved a moment ago who they are is asked when they do it, not when it is shown.
    let mut standing = who.standing;
    standing.fresh = true;
    let asks = |action, resource: &Resource| office.policies().may(&who.person, standing, action, resource).allowed;
    let may = |action: &Action| {
        // Of a plan one may see a part; it is approved, followed and commanded whole.
        let all = |plan: &[Resource]| !plan.is_empty() && plan.iter().all(|part| asks(*action, part));
        match action {
            Action::PlanApprove => return all(&plan),
            Action::SweepSee | Action::SweepCommand => return all(&day),
            _ => {}
        }
        let fitting = resources.iter().filter(|resource| resource.kind() == action.kind());
        fitting.into_iter().any(|resource| asks(*action, resource))
    };
    Ok(Action::ALL.iter().filter(|action| may(action)).map(|action| action.word()).collect())
}

/// How one may sign in here, for whoever isn't signed in yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInOptions {
    /// The organisation that signs people in, if one does: `GET /organisation` sends a browser there.
    organisation: Option<OrganisationOption>,
}

/// An organisation that signs people in.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationOption {
    /// What people call it.
    name: String,
}

/// How one may sign in here.
#[utoipa::path(get, path = "/session/options", security(), responses((status = 200, body = SignInOptions)))]
pub async fn options(State(office): State<Arc<Office>>) -> Json<SignInOptions> {
    let organisation = office.organisation().map(|known| OrganisationOption { name: known.name().to_owned() });
    Json(SignInOptions { organisation })
}

/// A name and what proves it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The name to sign in with.
    #[schema(max_length = 200)]
    name: String,
    /// The password.
    #[schema(max_length = 1000)]
    password: String,
    /// A code of the authenticator, or a recovery code, where there is one.
    #[schema(max_length = 100)]
    code: Option<String>,
}

/// Signs in. Where a second factor is needed and none was given, the answer is 401 of type `/problems/code-needed`.
#[utoipa::path(post, path = "/session", security(), request_body = SignIn, responses((status = 200, body = SignedInView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn sign_in(
    State(office): State<Arc<Office>>,
    address: ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Form(asked): Form<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let from = origin(&office, &headers, Some(&address));
    let first = office.accounts().sign_in(&asked.name, &asked.password, &from).await.map_err(refused)?;
    let session = match (first, asked.code) {
        (FirstStep::NoSecond(session), _) => *session,
        (FirstStep::Second { ticket, .. }, Some(code)) => {
            office.accounts().sign_in_code(&ticket, &code, &from).await.map_err(refused)?
        }
        (FirstStep::Second { .. }, None) => {
            let mut problem = Problem::sign_in("Give the code of your authenticator, too.");
            problem.kind = "/problems/code-needed";
            return Err(problem);
        }
    };
    opened(&office, &session)
}

/// A session that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInView {
    /// What writes have to bring along in `X-CSRF`.
    csrf: String,
}

pub(super) fn opened(office: &Office, session: &NewSession) -> Result<impl IntoResponse + use<>, Problem> {
    let (name, secure) = (session_cookie(office), if office.tls() { "; Secure" } else { "" });
    let mut cookies = vec![format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}", session.token.expose())];
    if let Some(device) = &session.device {
        let age = 365 * 86_400;
        let device = device.expose();
        cookies.push(format!("{DEVICE_COOKIE}={device}; Path=/api; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"));
    }
    let header = |cookie: String| HeaderValue::from_str(&cookie).map(|value| (header::SET_COOKIE, value));
    let headers = cookies.into_iter().map(header).collect::<Result<Vec<_>, _>>();
    let headers = headers.map_err(|error| Problem::internal(&error))?;
    Ok((AppendHeaders(headers), Json(SignedInView { csrf: session.csrf.expose().to_owned() })))
}

/// Setting one's first password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The invitation, as its link holds it.
    #[schema(max_length = 200)]
    token: String,
    /// The password that is chosen.
    #[schema(max_length = 1000)]
    password: String,
}

/// Sets a password by an invitation; then one signs in with it.
#[utoipa::path(post, path = "/invitation", security(), request_body = Acceptance, responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn accept(
    State(office): State<Arc<Office>>,
    address: ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Form(asked): Form<Acceptance>,
) -> Result<StatusCode, Problem> {
    let stale = || Problem::stale("This invitation is no longer good: ask for another one.");
    let token = Token::parse(&asked.token).ok_or_else(stale)?;
    let from = origin(&office, &headers, Some(&address));
    office.accounts().accept(&token, &asked.password, &from).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Proving again who one is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The password.
    #[schema(max_length = 1000)]
    password: String,
    /// A code of the authenticator, where there is one.
    #[schema(max_length = 100)]
    code: Option<String>,
}

/// Proves again who one is, before something that weighs.
#[utoipa::path(post, path = "/session/fresh", request_body = Proof, responses((status = 200, body = SignedInView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn prove_again(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(proof): Form<Proof>,
) -> Result<impl IntoResponse, Problem> {
    let proved =
        office.accounts().prove_again(&who.signed_in(), &proof.password, proof.code.as_deref(), &who.origin).await;
    opened(&office, &proved.map_err(refused)?)
}

/// Signs out.
#[utoipa::path(delete, path = "/session", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn sign_out(State(office): State<Arc<Office>>, who: Who) -> Result<StatusCode, Problem> {
    office.accounts().sign_out(&who.signed_in()).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A session, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Its name.
    id: String,
    /// Since when.
    created: String,
    /// When it was last used.
    last_seen: String,
    /// What the browser calls itself.
    agent: String,
    /// Whether it is this one.
    current: bool,
}

/// One's own sessions.
#[utoipa::path(get, path = "/me/sessions", responses((status = 200, body = Vec<SessionView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn sessions(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Vec<SessionView>>, Problem> {
    let sessions = office.accounts().sessions(&who.person.id).await.map_err(refused)?;
    let view = |session: cellsweep_accounts::Session| SessionView {
        current: session.id == who.session.id,
        id: session.id.to_string(),
        created: session.began.to_string(),
        last_seen: session.seen.to_string(),
        agent: session.agent,
    };
    Ok(Json(sessions.into_iter().map(view).collect()))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/me/sessions/{id}", params(("id" = String, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn end_session(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = SessionId::parse(&id).map_err(|_none| Problem::not_found("There is no such session of yours."))?;
    office.accounts().revoke(&who.person.id, &id, &who.person.id).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What accounts refuse, as pages are told.
pub(super) fn refused(error: AccountsError) -> Problem {
    let words = error.to_string();
    match error {
        AccountsError::NotLetIn { .. } => Problem::sign_in(words),
        AccountsError::Locked { wait } => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut problem = Problem::new(status, "/problems/locked-out", "Too many failures", words);
            problem.retry_after = Some(wait.as_secs().max(1));
            problem
        }
        AccountsError::ProveAgain => {
            let mut problem = Problem::forbidden(words);
            problem.kind = "/problems/sign-in-again";
            problem
        }
        AccountsError::Stale => Problem::stale(words),
        AccountsError::Unknown { .. } => Problem::not_found(words),
        AccountsError::Field { field, why } => Problem::field(field, why),
        AccountsError::Password(why) => Problem::field("password", why.to_string()),
        AccountsError::NameTaken => Problem::field("name", words),
        AccountsError::Id(_) | AccountsError::LastAdministrator | AccountsError::NotEmpty => Problem::invalid(words),
        AccountsError::Passkey { .. } => Problem::sign_in(words),
        AccountsError::Organisation { .. } => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "about:blank", "The organisation doesn't answer", words)
        }
        AccountsError::Database { .. }
        | AccountsError::Newer { .. }
        | AccountsError::Kept { .. }
        | AccountsError::Internal { .. } => Problem::internal(&words),
    }
}
