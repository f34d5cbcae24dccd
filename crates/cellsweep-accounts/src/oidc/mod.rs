//! Sign-in by an organisation: OpenID Connect's code flow with PKCE, state and nonce.
//!
//! The organisation says who somebody is, and by its claims which roles they have here: they are set anew at each sign-in.
//! An ID token is taken if its signature, issuer, audience, times and nonce hold; nobody is let in whom no claim gives a role.

mod client;
mod mapping;

pub use mapping::OrganisationFile;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SubjectIdentifier, TokenResponse, UserInfoClaims,
    UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::Row;
use url::Url;

use crate::ticket::What;
use crate::{
    AccountEvent, Accounts, AccountsError, Grant, How, NewPerson, NewSession, Origin, PersonId, Refusal, SessionId,
    SetBy, Token, people,
};

/// Signatures that are taken: none that rests on a secret both sides know, and none at all.
const SIGNATURES: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A token that is good from a moment on is taken this many seconds before: clocks differ.
const LEEWAY: f64 = 60.0;

type Party =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// An organisation that signs people in.
#[derive(Clone)]
pub struct Organisation {
    file: OrganisationFile,
    secret: ClientSecret,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    client: client::Client,
}

impl std::fmt::Debug for Organisation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Organisation").field("issuer", &self.file.issuer).finish_non_exhaustive()
    }
}

/// Where a browser is sent to sign in.
#[derive(Debug, Clone)]
pub struct Redirect {
    /// The organisation's page.
    pub url: Url,
    /// For a short-lived cookie: who comes back without it is not the one who was sent.
    pub ticket: Token,
}

/// What is kept while somebody is with the organisation.
#[derive(Serialize, Deserialize)]
struct Away {
    state: String,
    nonce: String,
    verifier: String,
    /// The session that the browser had when it was sent: its cookie doesn't come back with it from another site.
    former: Option<SessionId>,
}

/// Claims of any name.
#[derive(Debug, Serialize, Deserialize)]
struct Claims(Map<String, Value>);

impl AdditionalClaims for Claims {}

impl Organisation {
    /// An organisation as its file has it, with the secret that it gave this office. `roots` (PEM) are certificates that are
    /// trusted besides the system's; empty = none. Nothing is asked of it yet.
    ///
    /// # Errors
    /// When an address or a certificate in it is none. Plain HTTP is for `localhost` alone.
    pub fn new(file: OrganisationFile, secret: &str, roots: &[u8]) -> Result<Self, AccountsError> {
        let wrong =
            |what: &str, why: &dyn std::fmt::Display| AccountsError::Organisation { why: format!("{what}: {why}") };
        let issuer = IssuerUrl::new(file.issuer.clone()).map_err(|error| wrong("issuer", &error))?;
        let redirect = RedirectUrl::new(file.redirect.clone()).map_err(|error| wrong("redirect", &error))?;
        let local = issuer.url().scheme() == "http" && issuer.url().host_str() == Some("localhost");
        let client = client::Client::new(roots, !local, std::time::Duration::from_secs(file.patience_seconds))?;
        Ok(Self { file, secret: ClientSecret::new(secret.to_owned()), issuer, redirect, client })
    }

    /// What people call it: as its file says, or where it is.
    pub fn name(&self) -> &str {
        let host = || self.issuer.url().host_str().unwrap_or(&self.file.issuer);
        self.file.name.as_deref().unwrap_or_else(host)
    }

    /// Reads the organisation's metadata and keys, as they are now.
    async fn party(&self) -> Result<Party, AccountsError> {
        let ask = self.asking();
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &ask).await;
        let metadata = metadata.map_err(|error| self.silent(&error))?;
        let id = ClientId::new(self.file.client_id.clone());
        let party = CoreClient::from_provider_metadata(metadata, id, Some(self.secret.clone()));
        Ok(party.set_redirect_uri(self.redirect.clone()))
    }

    /// The organisation could not be asked.
    fn silent(&self, error: &dyn std::error::Error) -> AccountsError {
        let why = format!("{} can't be asked: {}", self.file.issuer, chain(error));
        AccountsError::Organisation { why: format!("{why}. Try again later; if it stays so, tell an administrator") }
    }

    fn asking(
        &self,
    ) -> impl Fn(
        openidconnect::HttpRequest,
    ) -> std::pin::Pin<
        Box<dyn Future<Output = Result<openidconnect::HttpResponse, client::ClientError>> + Send>,
    > + Send
    + Sync
    + use<> {
        let client = self.client.clone();
        move |request| Box::pin(client.clone().ask(request))
    }
}

/// Who came back, and what the organisation says of them.
struct Answer {
    subject: String,
    claims: Value,
}

/// Why a code came to nobody.
enum Failure {
    /// Something else than the answer is at fault: the organisation could not be asked.
    Ours(AccountsError),
    /// What it answered doesn't hold.
    Answer(String),
}

impl From<AccountsError> for Failure {
    fn from(error: AccountsError) -> Self {
        Self::Ours(error)
    }
}

impl Failure {
    fn answer(error: &dyn std::error::Error) -> Self {
        Self::Answer(chain(error))
    }
}

impl Accounts {
    /// Begins a sign-in by the organisation.
    ///
    /// # Errors
    /// When the organisation can't be reached.
    pub async fn organisation_begin(
        &self,
        organisation: &Organisation,
        from: &Origin,
    ) -> Result<Redirect, AccountsError> {
        let party = organisation.party().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut asked =
            party.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
        for scope in &organisation.file.scopes {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = asked.set_pkce_challenge(challenge).url();
        let (state, nonce) = (state.into_secret(), nonce.secret().clone());
        let former = self.named_by(from.session.as_ref()).await?;
        let away = Away { state, nonce, verifier: verifier.into_secret(), former };
        let ticket = self.ticket(What::Organisation, None, &away, self.0.terms.ceremony).await?;
        Ok(Redirect { url, ticket })
    }

    /// Signs in whoever came back, with the `state` and the `code` that the browser brought and the ticket of its cookie.
    ///
    /// # Errors
    /// When the answer doesn't hold, it took too long, no claim gives a role, the account is closed, or the organisation
    /// can't be reached.
    pub async fn organisation_finish(
        &self,
        organisation: &Organisation,
        ticket: &Token,
        state: &str,
        code: &str,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let away = self.ticket_take::<Away>(ticket, What::Organisation).await;
        let away = away.inspect_err(|_stale| drop(self.refuse(None, Refusal::Stale, from)))?.state;
        if !same(&away.state, state) {
            return Err(self.refuse(None, Refusal::Stale, from));
        }
        let former = away.former.clone();
        let answer = match self.redeem(organisation, away, code).await {
            Ok(answer) => answer,
            Err(Failure::Ours(error)) => return Err(error),
            Err(Failure::Answer(why)) => {
                tracing::warn!(why, "an organisation's answer was refused");
                return Err(self.refuse(None, Refusal::OrganisationAnswer, from));
            }
        };
        let grants = organisation.file.grants(&answer.claims)?;
        let known = self.linked(organisation, &answer.subject).await?;
        if !organisation.file.strong(&answer.claims) {
            return Err(self.refuse(known.as_ref(), Refusal::OrganisationAnswer, from));
        }
        if let Some(person) = &known
            && self.known(person).await?.disabled
        {
            return Err(self.refuse(Some(person), Refusal::Disabled, from));
        }
        let person = match known {
            Some(person) => self.refreshed(person, organisation, &answer, &grants).await?,
            None if grants.is_empty() => return Err(self.refuse(None, Refusal::NoRole, from)),
            None => self.joined(organisation, &answer, &grants).await?,
        };
        if self.known(&person).await?.grants.is_empty() {
            return Err(self.refuse(Some(&person), Refusal::NoRole, from));
        }
        let opened = self.open_session(&person, How::Organisation, from).await?;
        self.replace(former.as_ref(), &opened.signed_in.session.id).await?;
        Ok(opened)
    }

    /// Redeems a code, and reads what comes for it.
    async fn redeem(&self, organisation: &Organisation, away: Away, code: &str) -> Result<Answer, Failure> {
        let (party, ask) = (organisation.party().await?, organisation.asking());
        let exchange = party.exchange_code(AuthorizationCode::new(code.to_owned()));
        let exchange = exchange.map_err(|error| organisation.silent(&error))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(away.verifier)).request_async(&ask).await;
        let tokens = exchange.map_err(|error| match error {
            RequestTokenError::Request(error) => Failure::Ours(organisation.silent(&error)),
            error => Failure::answer(&error),
        })?;
        let id_token = tokens.id_token().ok_or_else(|| Failure::Answer("there is no ID token in it".to_owned()))?;
        let subject = self.verified(&party, id_token, &Nonce::new(away.nonce), tokens.access_token())?;
        let mut claims = payload(id_token)?;
        let from = claims.get("nbf").and_then(Value::as_f64).unwrap_or_default();
        if from - LEEWAY > self.now().as_second() as f64 {
            return Err(Failure::Answer("its ID token is not good yet".to_owned()));
        }
        if party.user_info_url().is_some() {
            let expected = SubjectIdentifier::new(subject.clone());
            let asked = party.user_info(tokens.access_token().clone(), Some(expected));
            let asked = asked.map_err(|error| organisation.silent(&error))?;
            let told = asked.request_async::<Claims, _, CoreGenderClaim>(&ask).await;
            let told: UserInfoClaims<Claims, CoreGenderClaim> = told.map_err(|error| match error {
                UserInfoError::Request(error) => Failure::Ours(organisation.silent(&error)),
                error => Failure::answer(&error),
            })?;
            merge(&mut claims, serde_json::to_value(&told).map_err(AccountsError::internal)?);
        }
        Ok(Answer { subject, claims })
    }

    /// Whom an ID token is of, if its signature, issuer, audience, times, nonce and access token hold.
    fn verified(
        &self,
        party: &Party,
        token: &CoreIdToken,
        nonce: &Nonce,
        access: &AccessToken,
    ) -> Result<String, Failure> {
        let since = u64::try_from(self.now().as_microsecond()).unwrap_or_default();
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_micros(since);
        let verifier = party.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || now.into());
        let claims = token.claims(&verifier, nonce).map_err(|error| Failure::answer(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| Failure::answer(&error))?;
            let key = token.signing_key(&verifier).map_err(|error| Failure::answer(&error))?;
            let actual = AccessTokenHash::from_token(access, algorithm, key);
            if actual.map_err(|error| Failure::answer(&error))? != *expected {
                return Err(Failure::Answer("its access token is another one".to_owned()));
            }
        }
        Ok(claims.subject().as_str().to_owned())
    }

    /// The person here whom the organisation knows by this subject.
    async fn linked(&self, organisation: &Organisation, subject: &str) -> Result<Option<PersonId>, AccountsError> {
        let query = sqlx::query("SELECT person FROM organisation_person WHERE issuer = $1 AND subject = $2");
        let query = query.bind(organisation.file.issuer.clone()).bind(subject.to_owned());
        let Some(row) = self.0.db.one(query).await? else { return Ok(None) };
        let person: String = self.0.db.cells(|| row.try_get(0))?;
        Ok(Some(PersonId::parse(&person)?))
    }

    /// Somebody who comes for the first time.
    async fn joined(
        &self,
        organisation: &Organisation,
        answer: &Answer,
        grants: &[Grant],
    ) -> Result<PersonId, AccountsError> {
        let mut tx = self.begin_people().await?;
        let text = |claim: &str| answer.claims.get(claim).and_then(Value::as_str).map(str::to_owned);
        let drawn = format!("organisation-{}", crate::token::uuid()?);
        let named = text("preferred_username").and_then(|name| people::sign_in_name(&name).ok());
        let name = match named {
            Some(name) if !self.is_name_taken(&mut tx, &name).await? => name,
            _ => drawn,
        };
        let new = NewPerson {
            display: text(&organisation.file.display_claim).unwrap_or_else(|| name.clone()).chars().take(100).collect(),
            name,
            service_number: organisation.file.service_number_claim.as_deref().and_then(text),
            grants: grants.to_vec(),
            clearances: organisation.file.cleared(&answer.claims),
        };
        let person = self.insert(&mut tx, &new, SetBy::Organisation).await?;
        let link = sqlx::query("INSERT INTO organisation_person (issuer, subject, person) VALUES ($1, $2, $3)");
        let link =
            link.bind(organisation.file.issuer.clone()).bind(answer.subject.clone()).bind(person.as_str().to_owned());
        self.0.db.run_in(&mut tx, link).await?;
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::PersonAdded { person: person.clone(), by: None });
        self.tell_grants(&person, None, Vec::new(), grants.to_vec());
        Ok(person)
    }

    /// Somebody who comes again: with the roles and clearances that the claims give today.
    async fn refreshed(
        &self,
        person: PersonId,
        organisation: &Organisation,
        answer: &Answer,
        grants: &[Grant],
    ) -> Result<PersonId, AccountsError> {
        let before = self.known(&person).await?;
        let mut tx = self.begin_people().await?;
        self.put_grants(&mut tx, &person, grants, SetBy::Organisation).await?;
        let cleared = organisation.file.cleared(&answer.claims);
        if !organisation.file.clearances.is_empty() && cleared != before.clearances {
            let words: Vec<&str> = cleared.iter().map(|clearance| clearance.word()).collect();
            let update = sqlx::query("UPDATE person SET clearances = $1 WHERE id = $2").bind(words.join(" "));
            self.0.db.run_in(&mut tx, update.bind(person.as_str().to_owned())).await?;
        }
        self.0.db.commit(tx).await?;
        let after = self.known(&person).await?;
        self.tell_grants(&person, None, before.grants, after.grants);
        if before.clearances != after.clearances {
            let list = |set: BTreeSet<crate::Clearance>| set.into_iter().collect();
            let (before, after) = (list(before.clearances), list(after.clearances));
            self.tell(AccountEvent::ClearancesChanged { person: person.clone(), by: None, before, after });
        }
        Ok(person)
    }

    async fn is_name_taken(&self, tx: &mut crate::db::Tx, name: &str) -> Result<bool, AccountsError> {
        let query = sqlx::query("SELECT id FROM person WHERE name = $1").bind(name.to_owned());
        Ok(self.0.db.one_in(tx, query).await?.is_some())
    }
}

/// The claims of a token that holds: all of them, whatever they are named.
fn payload(token: &CoreIdToken) -> Result<Value, Failure> {
    let wrong = || Failure::Answer("its ID token can't be read".to_owned());
    let text = token.to_string();
    let body = text.split('.').nth(1).ok_or_else(wrong)?;
    let body = URL_SAFE_NO_PAD.decode(body).map_err(|_not_base64| wrong())?;
    serde_json::from_slice(&body).map_err(|_not_json| wrong())
}

/// Adds what the token doesn't say.
fn merge(claims: &mut Value, more: Value) {
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
    }
}

fn same(kept: &str, given: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(kept.as_bytes(), given.as_bytes()).into()
}

/// An error with what is behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
