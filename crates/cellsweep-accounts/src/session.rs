//! Sessions: who is signed in, since when, from where; and how to end one.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{instant, micros};
use crate::seal::hmac;
use crate::{AccountEvent, Accounts, AccountsError, How, Origin, Person, PersonId, SessionId, Standing, Token};

/// That somebody was there is written down this often at most.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many characters are kept of what a browser calls itself.
const AGENT: usize = 200;
/// So many browsers of a person are known.
const DEVICES: i64 = 10;

/// A session, as its owner sees it in a list. What opens it is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// By what it was opened.
    pub how: How,
    /// Since when.
    pub began: Timestamp,
    /// When its owner last proved who they are.
    pub proved: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// From where it was opened.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

impl Session {
    /// Whether its owner proved who they are within this long.
    pub fn fresh(&self, now: Timestamp, within: SignedDuration) -> bool {
        now.duration_since(self.proved) <= within
    }
}

/// Somebody who is signed in, as of this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who, with the roles that hold now.
    pub person: Person,
    /// In which session.
    pub session: Session,
}

/// A session that was just opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// What opens it: for a cookie that scripts can't read. Shown once.
    pub token: Token,
    /// What requests that change something have to bring along: [`Accounts::csrf`] gives it again.
    pub csrf: Token,
    /// What tells this browser from strangers at the next sign-in: for a long-lived cookie. `None` after a password alone.
    pub device: Option<Token>,
    /// Who, and in which session.
    pub signed_in: SignedIn,
}

const COLUMNS: &str = "SELECT id, how, began, proved, seen, address, agent, person FROM session";

impl Accounts {
    /// Who is signed in by this token; `None` if nobody is, or no longer. Their session goes on from here.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn signed_in(&self, token: &Token) -> Result<Option<SignedIn>, AccountsError> {
        let Some(mut signed_in) = self.still_signed_in(token).await? else { return Ok(None) };
        self.goes_on(&mut signed_in).await?;
        Ok(Some(signed_in))
    }

    /// The same for what a page asks by itself: that nobody may be there doesn't make the session last.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn still_signed_in(&self, token: &Token) -> Result<Option<SignedIn>, AccountsError> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE token = $1"));
        let Some(row) = self.0.db.one(sqlx::query(query).bind(token.digest())).await? else { return Ok(None) };
        let (session, owner) = self.session(&row)?;
        if self.ended(&session, self.now()) {
            self.0.db.run(delete(&session.id)).await?;
            return Ok(None);
        }
        let person = self.person(&owner).await?.filter(|person| !person.disabled);
        Ok(person.map(|person| SignedIn { person, session }))
    }

    /// Somebody is there: their session goes on from here.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn goes_on(&self, signed_in: &mut SignedIn) -> Result<(), AccountsError> {
        let (session, now) = (&mut signed_in.session, self.now());
        if now.duration_since(session.seen) >= SEEN_EVERY {
            let seen = sqlx::query("UPDATE session SET seen = $1 WHERE id = $2").bind(micros(now));
            self.0.db.run(seen.bind(session.id.as_str().to_owned())).await?;
            session.seen = now;
        }
        Ok(())
    }

    /// How somebody is signed in, as rules ask.
    pub fn standing(&self, signed_in: &SignedIn) -> Standing {
        let fresh = signed_in.session.fresh(self.now(), self.0.terms.fresh);
        Standing { strong: signed_in.session.how.strong(), fresh }
    }

    /// What a request that changes something has to bring along in this session. It follows from the session's token.
    ///
    /// # Errors
    /// None: a MAC takes a key of any length.
    pub fn csrf(&self, token: &Token) -> Result<Token, AccountsError> {
        let mac = hmac(token.expose().as_bytes(), &[b"cellsweep-accounts/1 csrf"])?;
        Ok(Token::of(&mac))
    }

    /// Somebody's sessions, the latest first.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn sessions(&self, person: &PersonId) -> Result<Vec<Session>, AccountsError> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE person = $1 ORDER BY began DESC, id"));
        let rows = self.0.db.all(sqlx::query(query).bind(person.as_str().to_owned())).await?;
        let now = self.now();
        let sessions = rows.iter().map(|row| self.session(row).map(|(session, _owner)| session));
        let sessions = sessions.collect::<Result<Vec<_>, _>>()?;
        Ok(sessions.into_iter().filter(|session| !self.ended(session, now)).collect())
    }

    /// Ends one's own session.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn sign_out(&self, signed_in: &SignedIn) -> Result<(), AccountsError> {
        let (person, session) = (signed_in.person.id.clone(), signed_in.session.id.clone());
        if self.0.db.run(delete(&session)).await? == 1 {
            self.tell(AccountEvent::SignedOut { person, session });
        }
        Ok(())
    }

    /// Ends a session of `person`.
    ///
    /// # Errors
    /// When there is no such session of that person.
    pub async fn revoke(&self, person: &PersonId, session: &SessionId, by: &PersonId) -> Result<(), AccountsError> {
        let gone = sqlx::query("DELETE FROM session WHERE id = $1 AND person = $2");
        let gone = gone.bind(session.as_str().to_owned()).bind(person.as_str().to_owned());
        if self.0.db.run(gone).await? == 0 {
            return Err(AccountsError::unknown("session"));
        }
        let (person, session, by) = (person.clone(), session.clone(), by.clone());
        self.tell(AccountEvent::SessionRevoked { person, session, by });
        Ok(())
    }

    /// Ends all sessions of `person`, but for `keep`; how many there were.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn revoke_all(
        &self,
        person: &PersonId,
        keep: Option<&SessionId>,
        by: &PersonId,
    ) -> Result<u64, AccountsError> {
        let gone = sqlx::query("DELETE FROM session WHERE person = $1 AND id <> $2").bind(person.as_str().to_owned());
        let count = self.0.db.run(gone.bind(keep.map_or("", SessionId::as_str).to_owned())).await?;
        self.tell(AccountEvent::SessionsRevoked { person: person.clone(), by: by.clone(), count });
        Ok(count)
    }

    /// Opens a session for somebody who has proved who they are.
    pub(crate) async fn open_session(
        &self,
        person: &PersonId,
        how: How,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let person = self.known(person).await?;
        if person.disabled {
            return Err(self.refuse(Some(&person.id), crate::Refusal::Disabled, from));
        }
        let (token, now) = (Token::draw()?, self.now());
        let session = Session {
            id: SessionId::draw()?,
            how,
            began: now,
            proved: now,
            seen: now,
            address: from.address.chars().take(AGENT).collect(),
            agent: from.agent.chars().take(AGENT).collect(),
        };
        let insert = "INSERT INTO session (id, token, person, how, began, proved, seen, address, agent) \
                      VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7)";
        let insert = sqlx::query(insert).bind(session.id.as_str().to_owned()).bind(token.digest());
        let insert = insert.bind(person.id.as_str().to_owned()).bind(how.word()).bind(micros(now));
        self.0.db.run(insert.bind(session.address.clone()).bind(session.agent.clone())).await?;
        let device = if how.strong() { Some(self.remember(&person.id, from).await?) } else { None };
        let (told, former) = (from.told(), self.named_by(from.session.as_ref()).await?);
        self.tell(AccountEvent::SignedIn { person: person.id.clone(), session: session.id.clone(), how, from: told });
        self.replace(former.as_ref(), &session.id).await?;
        Ok(NewSession { csrf: self.csrf(&token)?, token, device, signed_in: SignedIn { person, session } })
    }

    /// The session that a token opens.
    pub(crate) async fn named_by(&self, token: Option<&Token>) -> Result<Option<SessionId>, AccountsError> {
        let Some(token) = token else { return Ok(None) };
        let query = sqlx::query("SELECT id FROM session WHERE token = $1").bind(token.digest());
        let Some(row) = self.0.db.one(query).await? else { return Ok(None) };
        let id: String = self.0.db.cells(|| row.try_get(0))?;
        Ok(Some(SessionId::parse(&id)?))
    }

    /// Ends the session that a browser had before it opened another one, whosever it was.
    pub(crate) async fn replace(&self, former: Option<&SessionId>, by: &SessionId) -> Result<(), AccountsError> {
        let Some(former) = former.filter(|former| *former != by) else { return Ok(()) };
        let query = sqlx::query("SELECT person FROM session WHERE id = $1").bind(former.as_str().to_owned());
        let Some(row) = self.0.db.one(query).await? else { return Ok(()) };
        let person: String = self.0.db.cells(|| row.try_get(0))?;
        if self.0.db.run(delete(former)).await? == 1 {
            let (person, session) = (PersonId::parse(&person)?, former.clone());
            self.tell(AccountEvent::SessionReplaced { person, session, by: by.clone() });
        }
        Ok(())
    }

    /// Its owner proved again who they are: the session goes on under another token.
    pub(crate) async fn proved(&self, signed_in: &SignedIn, how: How) -> Result<NewSession, AccountsError> {
        let (token, now) = (Token::draw()?, self.now());
        let update = sqlx::query("UPDATE session SET token = $1, proved = $2, seen = $2 WHERE id = $3");
        let update = update.bind(token.digest()).bind(micros(now)).bind(signed_in.session.id.as_str().to_owned());
        if self.0.db.run(update).await? == 0 {
            return Err(AccountsError::Stale);
        }
        let mut signed_in = signed_in.clone();
        (signed_in.session.proved, signed_in.session.seen) = (now, now);
        let (person, session) = (signed_in.person.id.clone(), signed_in.session.id.clone());
        self.tell(AccountEvent::ProvedAgain { person, session, how });
        Ok(NewSession { csrf: self.csrf(&token)?, token, device: None, signed_in })
    }

    pub(crate) async fn forget_sessions(&self, now: Timestamp) -> Result<(), AccountsError> {
        let before = |lasts: SignedDuration| now.checked_sub(lasts).map(micros).map_err(AccountsError::internal);
        let gone = sqlx::query("DELETE FROM session WHERE began <= $1 OR seen <= $2");
        let gone = gone.bind(before(self.0.terms.absolute)?).bind(before(self.0.terms.idle)?);
        self.0.db.run(gone).await.map(|_count| ())
    }

    fn ended(&self, session: &Session, now: Timestamp) -> bool {
        let terms = &self.0.terms;
        now.duration_since(session.began) >= terms.absolute || now.duration_since(session.seen) >= terms.idle
    }

    fn session(&self, row: &AnyRow) -> Result<(Session, PersonId), AccountsError> {
        let db = &self.0.db;
        let text = |n: usize| db.cells(|| row.try_get::<String, _>(n));
        let time = |n: usize| db.cells(|| row.try_get::<i64, _>(n)).and_then(instant);
        let how = text(1)?;
        let session = Session {
            id: SessionId::parse(&text(0)?)?,
            how: How::ALL.into_iter().find(|known| known.word() == how).ok_or(AccountsError::kept("a session"))?,
            began: time(2)?,
            proved: time(3)?,
            seen: time(4)?,
            address: text(5)?,
            agent: text(6)?,
        };
        Ok((session, PersonId::parse(&text(7)?)?))
    }

    /// Whether this browser has signed in as `person` before.
    pub(crate) async fn knows_device(&self, person: &PersonId, from: &Origin) -> Result<bool, AccountsError> {
        let Some(device) = &from.device else { return Ok(false) };
        let query = sqlx::query("SELECT person FROM device WHERE token = $1 AND person = $2");
        let query = query.bind(device.digest()).bind(person.as_str().to_owned());
        Ok(self.0.db.one(query).await?.is_some())
    }

    /// Remembers a browser; those that were not seen for the longest are forgotten.
    async fn remember(&self, person: &PersonId, from: &Origin) -> Result<Token, AccountsError> {
        let device = match &from.device {
            Some(device) if self.knows_device(person, from).await? => device.clone(),
            _ => Token::draw()?,
        };
        let put = "INSERT INTO device (token, person, seen) VALUES ($1, $2, $3) \
                   ON CONFLICT (token) DO UPDATE SET seen = excluded.seen";
        let put = sqlx::query(put).bind(device.digest()).bind(person.as_str().to_owned()).bind(micros(self.now()));
        self.0.db.run(put).await?;
        let gone = "DELETE FROM device WHERE person = $1 AND token NOT IN \
                    (SELECT token FROM device WHERE person = $1 ORDER BY seen DESC, token LIMIT $2)";
        self.0.db.run(sqlx::query(gone).bind(person.as_str().to_owned()).bind(DEVICES)).await?;
        Ok(device)
    }
}

fn delete(id: &SessionId) -> crate::db::Statement<'static> {
    sqlx::query("DELETE FROM session WHERE id = $1").bind(id.as_str().to_owned())
}
