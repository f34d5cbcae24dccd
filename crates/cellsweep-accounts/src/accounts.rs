//! The accounts of an office.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::db::Db;
use crate::password::Passwords;
use crate::{AccountEvent, AccountsError, Clock, Cost, Events, SealKey, throttle, ticket};

/// Where the accounts are kept.
#[derive(Clone)]
pub enum Place {
    /// A SQLite file, made if it isn't there.
    Sqlite(PathBuf),
    /// A schema in a PostgreSQL database, made if it isn't there.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: String,
        /// Up to 60 of a-z, 0-9 and _.
        schema: String,
    },
}

/// A URL may have a password in it.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres { schema, .. } => f.debug_struct("Postgres").field("schema", schema).finish_non_exhaustive(),
        }
    }
}

/// Where the office is on the network; passkeys are bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// As people know it: "cellsweep, Lyon".
    pub name: String,
    /// Where browsers reach it: `https://office.example`. Passkeys need a name and not an address.
    pub origin: Url,
}

/// How long things last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What a password costs to work out.
    pub cost: Cost,
    /// A session ends after this long without a request.
    pub idle: SignedDuration,
    /// A session ends after this long, whatever happens in it.
    pub absolute: SignedDuration,
    /// For this long after signing in, or proving it again, somebody may do what weighs.
    pub fresh: SignedDuration,
    /// A sign-in or set-up under way ends after this long.
    pub ceremony: SignedDuration,
    /// An invitation ends after this long.
    pub invitation: SignedDuration,
}

impl Default for Terms {
    /// Half an hour idle, twelve hours in all, fresh for a quarter of an hour, five minutes to sign in, three days for an
    /// invitation.
    fn default() -> Self {
        Self {
            cost: Cost::RFC_9106,
            idle: SignedDuration::from_mins(30),
            absolute: SignedDuration::from_hours(12),
            fresh: SignedDuration::from_mins(15),
            ceremony: SignedDuration::from_mins(5),
            invitation: SignedDuration::from_hours(72),
        }
    }
}

/// The accounts. Cloning it is cheap and gives the same ones.
#[derive(Clone)]
pub struct Accounts(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) key: SealKey,
    pub(crate) site: Site,
    pub(crate) terms: Terms,
    pub(crate) passwords: Passwords,
    pub(crate) webauthn: Webauthn,
    clock: Box<dyn Clock>,
    events: Box<dyn Events>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").field("site", &self.0.site).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Opens the accounts at `place`. What is secret in them is sealed with `key`, which lies somewhere else.
    ///
    /// # Errors
    /// When the place can't be used, is of a newer version, or the site's origin has no name that passkeys can be bound to.
    pub async fn open(
        place: &Place,
        key: SealKey,
        site: Site,
        terms: Terms,
        clock: impl Clock,
        events: impl Events,
    ) -> Result<Self, AccountsError> {
        let webauthn = webauthn(&site, terms)?;
        let db = match place {
            Place::Sqlite(path) => Db::sqlite(path).await?,
            Place::Postgres { url, schema } => Db::postgres(url, schema).await?,
        };
        let passwords = Passwords::new(terms.cost)?;
        let (clock, events) = (Box::new(clock), Box::new(events));
        Ok(Self(Arc::new(Inner { db, key, site, terms, passwords, webauthn, clock, events })))
    }

    /// Forgets what no longer matters: sessions that ended, tickets, old counts of failures. To be called now and then.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn tidy(&self) -> Result<(), AccountsError> {
        let now = self.now();
        throttle::forget(&self.0.db, now).await?;
        ticket::forget(&self.0.db, now).await?;
        self.forget_sessions(now).await
    }

    /// Copies the accounts in an SQLite file, as they are at one moment, whoever uses them meanwhile, into a file that isn't
    /// there yet. What is secret in them stays sealed.
    ///
    /// # Errors
    /// When the one can't be read, or the other can't be written.
    pub async fn copy(from: &Path, to: &Path) -> Result<(), AccountsError> {
        let db = Db::sqlite(from).await?;
        let copied = db.copy_into(to).await;
        db.close().await;
        copied
    }

    /// Closes the database; for a server that stops.
    pub async fn close(&self) {
        self.0.db.close().await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn tell(&self, event: AccountEvent) {
        self.0.events.happened(event);
    }
}

fn webauthn(site: &Site, terms: Terms) -> Result<Webauthn, AccountsError> {
    let field = |why: &str| AccountsError::Field { field: "origin", why: why.to_owned() };
    let host = site.origin.domain().ok_or_else(|| field("it has to have a name, such as https://office.example"))?;
    if site.origin.scheme() != "https" && host != "localhost" {
        return Err(field("it has to begin with https://"));
    }
    let timeout = terms.ceremony.unsigned_abs();
    let builder = WebauthnBuilder::new(host, &site.origin).map_err(|error| field(&error.to_string()))?;
    let builder = builder.rp_name(&site.name).timeout(timeout);
    builder.build().map_err(|error| field(&error.to_string()))
}
