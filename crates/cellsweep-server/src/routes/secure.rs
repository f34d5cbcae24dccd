//! One's own second factors, and signing in with them: authenticators, recovery codes, passkeys, the organisation.

use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use cellsweep_accounts::{AccountsError, Factor, Refusal, Token};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::guard::{Who, cookie, origin};
use crate::input::{Form, Path, Query};
use crate::office::Office;
use crate::problem::Problem;
use crate::routes::me::{SignedInView, opened, refused};

/// Whoever comes back from the organisation without it is not the one who was sent there.
const AWAY_COOKIE: &str = "cellsweep-away";
/// How long somebody may be with the organisation, in seconds.
const AWAY_SECONDS: u32 = 600;

/// An authenticator that is being set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpSetupView {
    /// What finishes it.
    ticket: String,
    /// `otpauth://…`, for a QR code.
    url: String,
    /// The secret in base32, to be typed.
    secret: String,
}

/// How one's second factors stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpView {
    /// Whether there is an authenticator.
    set: bool,
    /// Recovery codes that are left.
    codes_left: u64,
}

/// How one's authenticator and recovery codes stand.
#[utoipa::path(get, path = "/me/totp", responses((status = 200, body = TotpView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn totp(State(office): State<Arc<Office>>, who: Who) -> Result<Json<TotpView>, Problem> {
    let factors = office.accounts().factors(&who.person.id).await.map_err(refused)?;
    let codes_left = office.accounts().codes_left(&who.person.id).await.map_err(refused)?;
    Ok(Json(TotpView { set: factors.contains(&Factor::Totp), codes_left }))
}

/// Begins setting up an authenticator.
#[utoipa::path(post, path = "/me/totp", responses((status = 200, body = TotpSetupView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn totp_begin(State(office): State<Arc<Office>>, who: Who) -> Result<Json<TotpSetupView>, Problem> {
    let setup = office.accounts().totp_begin(&who.signed_in()).await.map_err(refused)?;
    Ok(Json(TotpSetupView {
        ticket: setup.ticket.expose().to_owned(),
        url: setup.url.to_string(),
        secret: setup.secret.to_string(),
    }))
}

/// A code of the new authenticator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// What `POST /me/totp` gave.
    #[schema(max_length = 200)]
    ticket: String,
    /// The code it shows.
    #[schema(max_length = 20)]
    code: String,
}

/// Codes for the day the authenticator is lost, each good once; shown now and never again.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    codes: Vec<String>,
}

/// Finishes setting up an authenticator.
#[utoipa::path(put, path = "/me/totp", request_body = TotpCode, responses((status = 200, body = RecoveryCodes), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn totp_finish(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<TotpCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let ticket = token(&asked.ticket)?;
    let codes = office.accounts().totp_finish(&who.signed_in(), &ticket, &asked.code).await.map_err(refused)?;
    Ok(Json(RecoveryCodes { codes: codes.iter().map(|code| code.to_string()).collect() }))
}

/// Takes one's authenticator away.
#[utoipa::path(delete, path = "/me/totp", responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn totp_remove(State(office): State<Arc<Office>>, who: Who) -> Result<StatusCode, Problem> {
    office.accounts().totp_remove(&who.signed_in()).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyView {
    /// Its name here.
    id: String,
    /// What its owner calls it.
    label: String,
    /// Since when.
    added: String,
    /// When it was last used.
    used: Option<String>,
}

impl From<cellsweep_accounts::Passkey> for PasskeyView {
    fn from(passkey: cellsweep_accounts::Passkey) -> Self {
        let (added, used) = (passkey.added.to_string(), passkey.used.map(|at| at.to_string()));
        Self { id: passkey.id, label: passkey.label, added, used }
    }
}

/// One's passkeys.
#[utoipa::path(get, path = "/me/passkeys", responses((status = 200, body = Vec<PasskeyView>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkeys(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Vec<PasskeyView>>, Problem> {
    let passkeys = office.accounts().passkeys(&who.person.id).await.map_err(refused)?;
    Ok(Json(passkeys.into_iter().map(PasskeyView::from).collect()))
}

/// What a browser is asked (WebAuthn).
#[derive(Debug, Serialize, ToSchema)]
pub struct Challenge {
    /// What finishes it.
    ticket: String,
    /// `{"publicKey": …}` for `navigator.credentials`.
    options: serde_json::Value,
}

impl From<cellsweep_accounts::PasskeyChallenge> for Challenge {
    fn from(challenge: cellsweep_accounts::PasskeyChallenge) -> Self {
        Self { ticket: challenge.ticket.expose().to_owned(), options: challenge.options }
    }
}

/// Begins adding a passkey.
#[utoipa::path(post, path = "/me/passkeys", responses((status = 200, body = Challenge), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkey_begin(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Challenge>, Problem> {
    let asked = office.accounts().passkey_add_begin(&who.signed_in()).await.map_err(refused)?;
    Ok(Json(asked.into()))
}

/// What a browser answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// What the challenge gave.
    #[schema(max_length = 200)]
    ticket: String,
    /// What one calls the passkey; of use when it is added.
    #[serde(default)]
    #[schema(max_length = 100)]
    label: String,
    /// The browser's answer, as JSON.
    answer: serde_json::Value,
}

/// Finishes adding a passkey.
#[utoipa::path(put, path = "/me/passkeys", request_body = Answered, responses((status = 201, body = PasskeyView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkey_finish(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<Answered>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    let ticket = token(&asked.ticket)?;
    let added = office.accounts().passkey_add_finish(&who.signed_in(), &ticket, &asked.label, &asked.answer).await;
    Ok((StatusCode::CREATED, Json(added.map_err(refused)?.into())))
}

/// Takes one of one's passkeys away.
#[utoipa::path(delete, path = "/me/passkeys/{id}", params(("id" = String, Path)), responses((status = 204), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkey_remove(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    office.accounts().passkey_remove(&who.signed_in(), &id).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins signing in with a passkey.
#[utoipa::path(post, path = "/session/passkey", security(), responses((status = 200, body = Challenge), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkey_ask(State(office): State<Arc<Office>>) -> Result<Json<Challenge>, Problem> {
    let asked = office.accounts().passkey_begin().await.map_err(refused)?;
    Ok(Json(asked.into()))
}

/// Signs in with a passkey.
#[utoipa::path(put, path = "/session/passkey", security(), request_body = Answered, responses((status = 200, body = SignedInView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn passkey_sign_in(
    State(office): State<Arc<Office>>,
    address: ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Form(asked): Form<Answered>,
) -> Result<impl IntoResponse, Problem> {
    let (ticket, from) = (token(&asked.ticket)?, origin(&office, &headers, Some(&address)));
    let session = office.accounts().passkey_sign_in(&ticket, &asked.answer, &from).await.map_err(refused)?;
    opened(&office, &session)
}

/// Begins signing in by the organisation: the browser is sent there. Where that fails it is sent to the sign-in page, which
/// says why.
#[utoipa::path(get, path = "/organisation", security(), responses((status = 303), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn organisation_begin(
    State(office): State<Arc<Office>>,
    address: ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let organisation = office.organisation().ok_or_else(no_organisation)?;
    let from = origin(&office, &headers, Some(&address));
    let away = match office.accounts().organisation_begin(organisation, &from).await {
        Ok(away) => away,
        Err(error) => return Ok(not_signed_in(&error)),
    };
    let secure = if office.tls() { "; Secure" } else { "" };
    let ticket = away.ticket.expose();
    // Lax: the organisation's page sends the browser back here.
    let cookie = format!("{AWAY_COOKIE}={ticket}; Path=/api; Max-Age={AWAY_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| Problem::internal(&error))?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(away.url.as_str())).into_response())
}

/// What the organisation sends back.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// What was sent along.
    #[serde(default)]
    state: String,
    /// What is exchanged for who it is.
    code: Option<String>,
}

/// Finishes signing in by the organisation: the browser is sent to the office's pages, or to the sign-in page, which says why
/// not.
#[utoipa::path(get, path = "/organisation/back", security(), params(Back), responses((status = 303), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn organisation_back(
    State(office): State<Arc<Office>>,
    address: ConnectInfo<std::net::SocketAddr>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Problem> {
    let organisation = office.organisation().ok_or_else(no_organisation)?;
    // The organisation signed nobody in (RFC 6749, 4.1.2.1): somebody left its page, or it refused.
    let Some(code) = back.code else { return Ok(sign_in_page("left")) };
    let from = origin(&office, &headers, Some(&address));
    let ticket = cookie(&headers, AWAY_COOKIE).and_then(|text| Token::parse(&text));
    let session = match ticket {
        Some(ticket) => office.accounts().organisation_finish(organisation, &ticket, &back.state, &code, &from).await,
        None => Err(AccountsError::Stale),
    };
    let session = match session {
        Ok(session) => session,
        Err(error) => return Ok(not_signed_in(&error)),
    };
    let opened = opened(&office, &session)?.into_response();
    let mut answer = Redirect::to("/").into_response();
    for cookie in opened.headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(answer)
}

fn no_organisation() -> Problem {
    Problem::not_found("No organisation signs people in here.")
}

/// Why the organisation's sign-in came to nothing, as the sign-in page reads it. What is told of closed accounts and of
/// wrong answers is what [`Refusal::shown`] tells.
fn not_signed_in(error: &AccountsError) -> Response {
    sign_in_page(match error {
        AccountsError::NotLetIn { why: Refusal::NoRole } => "no-role",
        AccountsError::NotLetIn { why: Refusal::OrganisationAnswer } => "answer",
        AccountsError::NotLetIn { why: Refusal::Stale } | AccountsError::Stale => "stale",
        AccountsError::NotLetIn { .. } => "refused",
        AccountsError::Organisation { .. } => {
            tracing::warn!(%error, "nobody can sign in by the organisation");
            "unreachable"
        }
        error => {
            tracing::error!(%error, "a sign-in by the organisation failed");
            "mistake"
        }
    })
}

/// The sign-in page, with what went wrong.
fn sign_in_page(why: &str) -> Response {
    Redirect::to(&format!("/?organisation={why}")).into_response()
}

fn token(text: &str) -> Result<Token, Problem> {
    Token::parse(text).ok_or_else(|| Problem::stale("This took too long or never began here: begin again."))
}
