//! A rule as people read it.

use std::collections::BTreeSet;

use cedar_policy::{ActionConstraint, Effect, Policy, PrincipalConstraint};
use serde::Serialize;

use super::{Language, Need, PolicyError};
use crate::Role;

/// A rule: its name, its sentence, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// The file it stands in.
    pub file: String,
    /// Which of its file, from 0.
    pub position: usize,
    /// The sentence in English.
    pub en: String,
    /// The sentence in French.
    pub fr: String,
    /// Whether it forbids.
    pub forbids: bool,
    /// What whom it forbids something can do about it.
    pub need: Option<Need>,
    #[serde(skip)]
    role: Option<String>,
    /// Words of the actions it names; `None` = any.
    #[serde(skip)]
    actions: Option<BTreeSet<String>>,
}

impl Rule {
    pub(super) fn read(policy: &Policy, file: &str, position: usize) -> Result<Self, PolicyError> {
        let missing = |what| PolicyError::Annotation { file: file.to_owned(), position: position + 1, what };
        let text =
            |key: &'static str| policy.annotation(key).filter(|text| !text.is_empty()).ok_or_else(|| missing(key));
        Ok(Self {
            id: text("id")?.to_owned(),
            file: file.to_owned(),
            position,
            en: text("en")?.to_owned(),
            fr: text("fr")?.to_owned(),
            forbids: policy.effect() == Effect::Forbid,
            need: match policy.annotation("need") {
                None => None,
                Some(word) => Some(Need::parse(word).ok_or_else(|| missing("need"))?),
            },
            role: match policy.principal_constraint() {
                PrincipalConstraint::In(role) | PrincipalConstraint::IsIn(_, role) => {
                    Some(role.id().unescaped().to_owned())
                }
                _ => None,
            },
            actions: match policy.action_constraint() {
                ActionConstraint::Any => None,
                ActionConstraint::Eq(one) => Some(BTreeSet::from([one.id().unescaped().to_owned()])),
                ActionConstraint::In(many) => Some(many.iter().map(|one| one.id().unescaped().to_owned()).collect()),
            },
        })
    }

    /// Its sentence.
    pub fn says(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
        }
    }

    /// Whether it lets this role do this, by its head alone: its conditions may say otherwise.
    pub(super) fn lets(&self, role: Option<Role>, action: &str) -> bool {
        let named = self.role.as_deref().is_none_or(|named| named == super::resource::role_word(role));
        !self.forbids && named && self.actions.as_ref().is_none_or(|actions| actions.contains(action))
    }
}
