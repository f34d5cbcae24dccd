//! Names of people, sessions, cases, facilities and teams, which can't be taken for one another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters a name may have.
const MOST: usize = 128;

/// Why a text is no name of a thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} has to be 1 to {MOST} visible characters and not `*`")]
pub struct IdError {
    /// Of what.
    what: &'static str,
}

fn parse(what: &'static str, text: &str) -> Result<String, IdError> {
    let visible = text.chars().all(|char| !char.is_control()) && text.trim() == text;
    let fits = (1..=MOST).contains(&text.chars().count());
    if visible && fits && text != "*" { Ok(text.to_owned()) } else { Err(IdError { what }) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name in `text`.
            ///
            /// # Errors
            /// When it is empty, long, has characters that can't be seen, or is `*`, which stands for all.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse($what, text).map(Self)
            }

            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A person in the office: a UUID, so that it says nothing of whom.
    ///
    /// Ids don't mix:
    ///
    /// ```compile_fail
    /// fn of(person: &cellsweep_accounts::PersonId) {}
    /// of(&cellsweep_accounts::CaseId::parse("lyon-2026").unwrap());
    /// ```
    PersonId, "a person's id"
);
id!(/// A session, as it is named to people; it isn't what opens it.
    SessionId, "a session's id");
id!(/// A case, as the office names it.
    CaseId, "a case's name");
id!(/// A prison.
    FacilityId, "a facility's name");
id!(/// A search team.
    TeamId, "a team's name");

impl PersonId {
    pub(crate) fn draw() -> Result<Self, crate::AccountsError> {
        crate::token::uuid().map(|uuid| Self(uuid.to_string()))
    }

    pub(crate) fn uuid(&self) -> Result<uuid::Uuid, crate::AccountsError> {
        uuid::Uuid::parse_str(&self.0).map_err(|_not_ours| crate::AccountsError::kept("a person's id"))
    }
}

impl SessionId {
    pub(crate) fn draw() -> Result<Self, crate::AccountsError> {
        crate::token::uuid().map(|uuid| Self(uuid.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_name() {
        let check = |text: &str, expected: bool| assert_eq!(CaseId::parse(text).is_ok(), expected, "{text:?}");
        check("lyon-2026", true);
        check("Maison d'arrêt de Corbas", true);
        check("", false);
        check("*", false);
        check(" a", false);
        check("a\n", false);
        check(&"a".repeat(128), true);
        check(&"a".repeat(129), false);
    }
}
