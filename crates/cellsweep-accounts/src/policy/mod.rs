//! Who may do what: Cedar's rules, in files that a lawyer can read, and the answer in words.

mod decide;
mod load;
mod memory;
mod resource;
mod rule;
pub mod table;

pub use decide::{Decision, Need};
pub use load::PolicyError;
pub use resource::Resource;
pub use rule::Rule;

use std::collections::BTreeMap;

use cedar_policy::{Authorizer, Entities, PolicySet, Schema};

/// A language that the office speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
}

/// How somebody is signed in, as far as rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// By more than a password.
    pub strong: bool,
    /// A short while ago.
    pub fresh: bool,
}

/// The rules, read and checked.
pub struct Policies {
    authorizer: Authorizer,
    schema: Schema,
    set: PolicySet,
    /// Roles and groups of actions, which no question changes.
    base: Entities,
    rules: BTreeMap<String, Rule>,
    memory: memory::Memory,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policies").field("rules", &self.rules.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

impl Policies {
    /// The rules, in the order of their files.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let mut rules: Vec<&Rule> = self.rules.values().collect();
        rules.sort_by(|a, b| (&a.file, a.position).cmp(&(&b.file, b.position)));
        rules.into_iter()
    }
}
