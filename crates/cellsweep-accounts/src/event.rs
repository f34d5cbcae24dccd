//! What the caller is told, to be logged: who signed in, who was refused, whose roles changed.

use serde::Serialize;

use crate::{PersonId, Refusal, SessionId};

/// From where somebody comes, as the server sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The address; empty = not known.
    pub address: String,
    /// What the browser calls itself, cut to 200 characters where it is kept.
    pub agent: String,
    /// What [`crate::NewSession::device`] gave this browser at an earlier sign-in: its failures are counted
    /// apart from strangers', so that nobody else can lock it out.
    #[serde(skip)]
    pub device: Option<crate::Token>,
    /// What opens the session that this browser still has: it ends where a new one is opened.
    #[serde(skip)]
    pub session: Option<crate::Token>,
}

impl Origin {
    /// The same without what opens anything: what is told and kept.
    pub(crate) fn told(&self) -> Self {
        Self { device: None, session: None, ..self.clone() }
    }
}

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A password alone: enough to set up a second factor and for nothing else.
    Password,
    /// A password and a code of an authenticator.
    Totp,
    /// A password and a recovery code.
    RecoveryCode,
    /// A passkey, unlocked by its owner.
    Passkey,
    /// The organisation's own sign-in.
    Organisation,
}

impl How {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Password, Self::Totp, Self::RecoveryCode, Self::Passkey, Self::Organisation];

    /// Whether more than a password stands behind it.
    pub const fn strong(self) -> bool {
        !matches!(self, Self::Password)
    }

    /// As it is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::Organisation => "organisation",
        }
    }
}

/// Something that happened to an account. It holds no secret and no name that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant's line says what its fields are")]
pub enum AccountEvent {
    /// Somebody signed in.
    SignedIn { person: PersonId, session: SessionId, how: How, from: Origin },
    /// Somebody was not let in; `person` is `None` when there is no account of that name.
    SignInRefused { person: Option<PersonId>, why: Refusal, from: Origin },
    /// Failures came so often that the next try has to wait this many seconds.
    Locked { person: Option<PersonId>, seconds: i64, from: Origin },
    /// Somebody proved again who they are.
    ProvedAgain { person: PersonId, session: SessionId, how: How },
    /// Somebody signed out.
    SignedOut { person: PersonId, session: SessionId },
    /// A session ended because its browser opened another one, `by`: nobody is left who could end it.
    SessionReplaced { person: PersonId, session: SessionId, by: SessionId },
    /// A session was ended by `by`.
    SessionRevoked { person: PersonId, session: SessionId, by: PersonId },
    /// All sessions of a person were ended, but for the one kept.
    SessionsRevoked { person: PersonId, by: PersonId, count: u64 },
    /// An account was made. `by` is `None` for the first one, and for those that an organisation brings.
    PersonAdded { person: PersonId, by: Option<PersonId> },
    /// The name, the display name or the service number changed.
    PersonRenamed { person: PersonId, by: PersonId },
    /// Roles or clearances changed, to these.
    RolesChanged { person: PersonId, by: Option<PersonId>, before: Vec<crate::Grant>, after: Vec<crate::Grant> },
    /// Clearances changed, to these.
    ClearancesChanged {
        person: PersonId,
        by: Option<PersonId>,
        before: Vec<crate::Clearance>,
        after: Vec<crate::Clearance>,
    },
    /// An account was closed; its sessions ended.
    Disabled { person: PersonId, by: PersonId },
    /// An account was opened again.
    Enabled { person: PersonId, by: PersonId },
    /// An invitation to set a password was made. Whoever had one before can't use it any more.
    Invited { person: PersonId, by: Option<PersonId> },
    /// A password was set by an invitation.
    InvitationUsed { person: PersonId, from: Origin },
    /// A password was changed by its owner.
    PasswordChanged { person: PersonId },
    /// An authenticator was set up.
    TotpSet { person: PersonId },
    /// An authenticator was taken away.
    TotpRemoved { person: PersonId, by: PersonId },
    /// New recovery codes were made.
    RecoveryCodesMade { person: PersonId },
    /// A recovery code was used; this many are left.
    RecoveryCodeUsed { person: PersonId, left: u64 },
    /// A passkey was added.
    PasskeyAdded { person: PersonId },
    /// A passkey was taken away.
    PasskeyRemoved { person: PersonId, by: PersonId },
    /// A passkey's counter went back: there may be a copy of it. It was refused.
    PasskeyCopied { person: PersonId },
}

/// Where events go. It must not wait long: it is called while somebody waits.
pub trait Events: Send + Sync + 'static {
    /// Takes an event.
    fn happened(&self, event: AccountEvent);
}

impl<F: Fn(AccountEvent) + Send + Sync + 'static> Events for F {
    fn happened(&self, event: AccountEvent) {
        self(event);
    }
}
