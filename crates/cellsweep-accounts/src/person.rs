//! A person in the office.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Clearance, Grant, PersonId};

/// Somebody with an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Says nothing of whom.
    pub id: PersonId,
    /// The name to sign in with: lower case, unique.
    pub name: String,
    /// As others see them.
    pub display: String,
    /// The service's number of them, if any.
    pub service_number: Option<String>,
    /// Roles, with how far each reaches; those that have lapsed are not among them.
    pub grants: Vec<Grant>,
    /// Restricted sources that they may see.
    pub clearances: BTreeSet<Clearance>,
    /// May not sign in, and no rule allows them anything.
    pub disabled: bool,
    /// Since when there is an account.
    pub created: Timestamp,
}

/// People's data is not printed.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a new account starts with.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewPerson {
    /// The name to sign in with.
    pub name: String,
    /// As others see them.
    pub display: String,
    /// The service's number of them, if any.
    pub service_number: Option<String>,
    /// Roles.
    pub grants: Vec<Grant>,
    /// Restricted sources that they may see.
    pub clearances: BTreeSet<Clearance>,
}

impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson").field("grants", &self.grants).finish_non_exhaustive()
    }
}
