//! Who asks: the session's cookie, what a write has to bring along, and whether the rules allow it.

use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use cellsweep_accounts::{Action, Origin, Person, Resource, Session, SignedIn, Standing, Token};

use crate::desk::Asker;
use crate::office::Office;
use crate::problem::Problem;

/// The session's cookie over TLS: browsers take it from this very host alone.
pub const COOKIE: &str = "__Host-cellsweep";
/// Over plain HTTP on this machine, where browsers refuse the prefix.
pub const PLAIN_COOKIE: &str = "cellsweep";
/// What tells a known browser from a stranger's.
pub const DEVICE_COOKIE: &str = "cellsweep-device";

/// With this header a page says that nobody has touched it for a while: it asks by itself.
pub const UNATTENDED: &str = "x-unattended";

/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// Somebody who is signed in and asks for something.
#[derive(Debug, Clone)]
pub struct Who {
    /// Who.
    pub person: Person,
    /// In which session.
    pub session: Session,
    /// How they are signed in.
    pub standing: Standing,
    /// Why they look, where they said so.
    pub reason: Option<String>,
    /// From where.
    pub origin: Origin,
    /// What their writes have to bring along.
    pub csrf: String,
}

/// A person as the case's logs name them.
pub fn logged_as(person: &Person) -> String {
    format!("{} ({})", person.display, person.name)
}

impl Who {
    /// As the case's logs name them, and why they ask.
    pub fn asker(&self) -> Asker {
        Asker { by: logged_as(&self.person), reason: self.reason.clone() }
    }

    /// Signed in, as accounts know it.
    pub fn signed_in(&self) -> SignedIn {
        SignedIn { person: self.person.clone(), session: self.session.clone() }
    }

    /// Whether the rules allow it.
    pub fn may(&self, office: &Office, action: Action, resource: &Resource) -> bool {
        office.policies().may(&self.person, self.standing, action, resource).allowed
    }

    /// That the rules allow it.
    ///
    /// # Errors
    /// In the rules' own words, where they don't; refusals are logged.
    pub fn must(&self, office: &Office, action: Action, resource: &Resource) -> Result<(), Problem> {
        let decision = office.policies().may(&self.person, self.standing, action, resource);
        if decision.allowed {
            return Ok(());
        }
        tracing::warn!(person = %self.person.id, action = action.word(), rules = ?decision.rules, "refused");
        let mut problem = Problem::forbidden(decision.en).in_french(decision.fr);
        problem.kind = match decision.need {
            None => problem.kind,
            Some(cellsweep_accounts::Need::SecondFactor) => "/problems/second-factor",
            Some(cellsweep_accounts::Need::SignInAgain) => "/problems/sign-in-again",
        };
        Err(problem)
    }

    /// Whether the rules allow it in one role alone, the one at `post` of the person's.
    pub fn may_as(&self, office: &Office, post: usize, action: Action, resource: &Resource) -> bool {
        office.policies().may_as(&self.person, post, self.standing, action, resource).allowed
    }

    /// That the rules allow it for each of several: a plan, and its part in every prison that it goes to.
    ///
    /// # Errors
    /// As [`Who::must`].
    pub fn must_all(&self, office: &Office, action: Action, resources: &[Resource]) -> Result<(), Problem> {
        resources.iter().try_for_each(|resource| self.must(office, action, resource))
    }

    /// Somebody is there: their session goes on from here.
    ///
    /// # Errors
    /// When the accounts can't be written.
    pub async fn goes_on(&self, office: &Office) -> Result<(), Problem> {
        let mut signed_in = self.signed_in();
        office.accounts().goes_on(&mut signed_in).await.map_err(|error| Problem::internal(&error))
    }

    /// Who asks. What a page asks by itself, with nobody at it, says nothing of somebody being there.
    async fn of(parts: &Parts, office: &Office, by_itself: ByItself) -> Result<Self, Problem> {
        let none = || Problem::sign_in("Nobody is signed in here, or no longer.");
        let token =
            cookie(&parts.headers, session_cookie(office)).and_then(|text| Token::parse(&text)).ok_or_else(none)?;
        let signed_in = match by_itself {
            ByItself::Yes => office.accounts().still_signed_in(&token).await,
            ByItself::No => office.accounts().signed_in(&token).await,
        };
        let signed_in = signed_in.map_err(|error| Problem::internal(&error))?.ok_or_else(none)?;
        let csrf = office.accounts().csrf(&token).map_err(|error| Problem::internal(&error))?;
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            let brought = parts.headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default();
            if !csrf.matches(brought) {
                tracing::warn!(person = %signed_in.person.id, "a write without what its session has to bring along");
                return Err(Problem::forbidden("This request didn't come from a page of this office: read it again."));
            }
        }
        let mut standing = office.accounts().standing(&signed_in);
        standing.strong |= office.password_is_enough();
        Ok(Self {
            standing,
            reason: reason(&parts.headers)?,
            origin: origin(office, &parts.headers, parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>()),
            csrf: csrf.expose().to_owned(),
            person: signed_in.person,
            session: signed_in.session,
        })
    }
}

/// Whether a page asks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByItself {
    Yes,
    No,
}

/// Somebody whose page listens for news: nobody need be at it.
#[derive(Debug, Clone)]
pub struct Listening(pub Who);

impl FromRequestParts<Arc<Office>> for Listening {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, Problem> {
        Who::of(parts, office, ByItself::Yes).await.map(Self)
    }
}

impl FromRequestParts<Arc<Office>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, Problem> {
        let by_itself = if parts.headers.contains_key(UNATTENDED) { ByItself::Yes } else { ByItself::No };
        Self::of(parts, office, by_itself).await
    }
}

/// From where a request comes.
pub fn origin(office: &Office, headers: &HeaderMap, address: Option<&ConnectInfo<std::net::SocketAddr>>) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin {
        address: address.map(|ConnectInfo(address)| address.ip().to_string()).unwrap_or_default(),
        agent: agent.to_owned(),
        device: cookie(headers, DEVICE_COOKIE).and_then(|text| Token::parse(&text)),
        session: cookie(headers, session_cookie(office)).and_then(|text| Token::parse(&text)),
    }
}

/// The name of the session's cookie.
pub const fn session_cookie(office: &Office) -> &'static str {
    if office.tls() { COOKIE } else { PLAIN_COOKIE }
}

/// A cookie's value.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// Why somebody looks: percent-encoded UTF-8.
fn reason(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("x-reason") else { return Ok(None) };
    let wrong = || Problem::field("X-Reason", "A reason is percent-encoded UTF-8 of up to 1000 characters.");
    let text = decoded(value.as_bytes()).ok_or_else(wrong)?;
    let text = text.trim();
    if text.chars().count() > LONGEST_REASON || text.chars().any(char::is_control) {
        return Err(wrong());
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            text.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            text.push(byte);
        }
    }
    String::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_come_percent_encoded() {
        assert_eq!(decoded(b"enqu%C3%AAte%2012").as_deref(), Some("enquête 12"));
        assert_eq!(decoded(b"%C3"), None);
        assert_eq!(decoded(b"%4"), None);
    }

    #[test]
    fn a_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; cellsweep=abc; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, "cellsweep").as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, "ellsweep"), None);
    }
}
