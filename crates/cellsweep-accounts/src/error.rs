//! What can go wrong with accounts.

use std::time::Duration;

use serde::Serialize;

use crate::{IdError, PasswordError};

/// Why somebody isn't let in. Shown as it is it would tell a stranger which accounts there are: what is shown
/// of [`Refusal::Wrong`], [`Refusal::Disabled`] and [`Refusal::NoAccount`] is one and the same sentence. What only
/// somebody hears whom the organisation signed in, or who forges its answer, says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A wrong password, code or passkey.
    Wrong,
    /// Nobody has that name.
    NoAccount,
    /// The account is closed.
    Disabled,
    /// Too many failures: the next try has to wait.
    Locked,
    /// The sign-in took too long, was used already, or never began here.
    Stale,
    /// A code that was used before.
    CodeUsed,
    /// The organisation's answer doesn't hold.
    OrganisationAnswer,
    /// The organisation gives this person no role here.
    NoRole,
}

impl Refusal {
    /// What is shown of it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Wrong | Self::NoAccount | Self::Disabled | Self::Locked | Self::CodeUsed => {
                "the name and what was given with it don't match; check both and try again"
            }
            Self::Stale => "this took too long or was used already: begin again",
            Self::OrganisationAnswer => {
                "what your organisation answered doesn't hold: begin again, and if that doesn't help, tell an \
                 administrator: the office's log says why"
            }
            Self::NoRole => "your organisation gives you no role here: ask an administrator of the office",
        }
    }
}

/// Why something can't be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Not let in, for a reason that is logged; [`Refusal::shown`] says what is shown.
    #[error("{}", why.shown())]
    NotLetIn {
        /// For the log.
        why: Refusal,
    },
    /// Too many failures: wait.
    #[error("too many failures: try again in {} s, or use a passkey or a browser that you signed in with before", wait.as_secs())]
    Locked {
        /// For how long.
        wait: Duration,
    },
    /// A sign-in or a set-up that took too long, was used already or never began here.
    #[error("this took too long or was used already: begin again")]
    Stale,
    /// What weighs is done by whoever has just proved who they are.
    #[error("prove again who you are, then do this")]
    ProveAgain,
    /// There is none of that id.
    #[error("there is no such {what}")]
    Unknown {
        /// What it would be.
        what: &'static str,
    },
    /// A password that won't do.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A name that won't do.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A field that won't do.
    #[error("{field}: {why}")]
    Field {
        /// Which.
        field: &'static str,
        /// Why not, and what would.
        why: String,
    },
    /// The name to sign in with is somebody else's.
    #[error("that name is taken: choose another")]
    NameTaken,
    /// An office has one first administrator.
    #[error("the office has people already: an administrator adds others")]
    NotEmpty,
    /// Nobody could manage people any more.
    #[error("this is the last administrator: name another one first")]
    LastAdministrator,
    /// The passkey isn't one that holds.
    #[error("the passkey was not accepted: {why}")]
    Passkey {
        /// What doesn't hold.
        why: String,
    },
    /// Sign-in by the organisation isn't set up or can't be reached.
    #[error("sign-in by the organisation: {why}")]
    Organisation {
        /// What is wrong with it.
        why: String,
    },
    /// The file or server can't be used.
    #[error("the accounts at {place} can't be used: {source}")]
    Database {
        /// Where they are.
        place: String,
        /// Why not.
        source: sqlx::Error,
    },
    /// A newer version wrote the database.
    #[error("the accounts at {place} are of version {found}; this program reads up to {supported}: use a newer one")]
    Newer {
        /// Where they are.
        place: String,
        /// Their version.
        found: i64,
        /// What is understood here.
        supported: i64,
    },
    /// What is kept can't be read: another key, or a change from outside.
    #[error("{what} can't be read: was it kept under another key?")]
    Kept {
        /// What is kept.
        what: &'static str,
    },
    /// The system gave no random bytes, or something of ours went wrong.
    #[error("internal: {what}")]
    Internal {
        /// What went wrong.
        what: String,
    },
}

impl AccountsError {
    pub(crate) const fn kept(what: &'static str) -> Self {
        Self::Kept { what }
    }

    pub(crate) const fn unknown(what: &'static str) -> Self {
        Self::Unknown { what }
    }

    pub(crate) fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal { what: what.to_string() }
    }
}
