//! What is under way: a sign-in between its two steps, a passkey's ceremony, an invitation. One is used once, in time.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use zeroize::Zeroizing;

use crate::db::{Db, Tx, micros};
use crate::{Accounts, AccountsError, PersonId, Token};

/// So many wrong codes end a sign-in that is under way.
const TRIES: i64 = 5;

/// What a ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    SecondStep,
    TotpSetup,
    PasskeySetup,
    PasskeySignIn,
    Organisation,
    Invitation,
}

impl What {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::SecondStep => "second step",
            Self::TotpSetup => "totp set-up",
            Self::PasskeySetup => "passkey set-up",
            Self::PasskeySignIn => "passkey sign-in",
            Self::Organisation => "organisation sign-in",
            Self::Invitation => "invitation",
        }
    }
}

/// A ticket's state and whose it is.
pub(crate) struct Ticket<T> {
    pub(crate) person: Option<PersonId>,
    pub(crate) state: T,
}

impl Accounts {
    /// Hands out a ticket that keeps `state`, sealed, for `lasts`.
    pub(crate) async fn ticket(
        &self,
        what: What,
        person: Option<&PersonId>,
        state: &impl Serialize,
        lasts: SignedDuration,
    ) -> Result<Token, AccountsError> {
        let token = Token::draw()?;
        let mut tx = self.0.db.begin().await?;
        self.ticket_in(&mut tx, &token, what, person, state, lasts).await?;
        self.0.db.commit(tx).await?;
        Ok(token)
    }

    /// As [`Self::ticket`], in a transaction.
    pub(crate) async fn ticket_in(
        &self,
        tx: &mut Tx,
        token: &Token,
        what: What,
        person: Option<&PersonId>,
        state: &impl Serialize,
        lasts: SignedDuration,
    ) -> Result<(), AccountsError> {
        let clear = Zeroizing::new(serde_json::to_vec(state).map_err(AccountsError::internal)?);
        let sealed = self.0.key.seal(what.word(), &clear)?;
        let expires = self.now().checked_add(lasts).map_err(AccountsError::internal)?;
        let insert = "INSERT INTO ticket (token, what, person, state, expires, tries) VALUES ($1, $2, $3, $4, $5, 0)";
        let insert = sqlx::query(insert).bind(token.digest()).bind(what.word());
        let insert = insert.bind(person.map(|person| person.as_str().to_owned())).bind(sealed).bind(micros(expires));
        self.0.db.run_in(tx, insert).await.map(|_one| ())
    }

    /// Looks at a ticket and counts the try; after too many it is gone.
    pub(crate) async fn ticket_try<T: DeserializeOwned>(
        &self,
        token: &Token,
        what: What,
    ) -> Result<Ticket<T>, AccountsError> {
        let db = &self.0.db;
        let count =
            "UPDATE ticket SET tries = tries + 1 WHERE token = $1 AND what = $2 AND expires > $3 AND tries < $4";
        let count = sqlx::query(count).bind(token.digest()).bind(what.word()).bind(micros(self.now())).bind(TRIES);
        if db.run(count).await? == 0 {
            return Err(AccountsError::Stale);
        }
        let read = sqlx::query("SELECT person, state FROM ticket WHERE token = $1").bind(token.digest());
        let row = db.one(read).await?.ok_or(AccountsError::Stale)?;
        let (person, sealed): (Option<String>, Vec<u8>) = db.cells(|| Ok((row.try_get(0)?, row.try_get(1)?)))?;
        let clear = self.0.key.open_for(what.word(), what.word(), &sealed)?;
        let state = serde_json::from_slice(&clear).map_err(|_other| AccountsError::kept(what.word()))?;
        Ok(Ticket { person: person.as_deref().map(PersonId::parse).transpose()?, state })
    }

    /// Whose a ticket is, without counting a try.
    pub(crate) async fn ticket_look(&self, token: &Token, what: What) -> Result<Option<PersonId>, AccountsError> {
        let query = sqlx::query("SELECT person FROM ticket WHERE token = $1 AND what = $2 AND expires > $3");
        let query = query.bind(token.digest()).bind(what.word()).bind(micros(self.now()));
        let row = self.0.db.one(query).await?.ok_or(AccountsError::Stale)?;
        let person: Option<String> = self.0.db.cells(|| row.try_get(0))?;
        Ok(person.as_deref().map(PersonId::parse).transpose()?)
    }

    /// Takes a ticket: whoever comes second, or late, gets none.
    pub(crate) async fn ticket_take<T: DeserializeOwned>(
        &self,
        token: &Token,
        what: What,
    ) -> Result<Ticket<T>, AccountsError> {
        let ticket = self.ticket_try(token, what).await?;
        self.ticket_spend(token).await?;
        Ok(ticket)
    }

    /// Makes a ticket that was looked at unusable; fails if somebody else did so first.
    pub(crate) async fn ticket_spend(&self, token: &Token) -> Result<(), AccountsError> {
        let gone = sqlx::query("DELETE FROM ticket WHERE token = $1").bind(token.digest());
        if self.0.db.run(gone).await? == 1 { Ok(()) } else { Err(AccountsError::Stale) }
    }
}

/// Forgets tickets whose time is up.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<(), AccountsError> {
    let gone = sqlx::query("DELETE FROM ticket WHERE expires <= $1").bind(micros(now));
    db.run(gone).await.map(|_count| ())
}
