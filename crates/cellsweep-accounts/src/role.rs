//! Roles, how far each reaches, and clearances.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CaseId, FacilityId, TeamId};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal, $en:literal, $fr:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All of them, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As rules and files write it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// For people.
            pub const fn says(self, language: $crate::Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, $crate::Language::English) => $en,
                      (Self::$variant, $crate::Language::French) => $fr,)*
                }
            }

            /// The one that rules and files write so.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words!(
    /// What a person does in the office. A person may have several, each with its own reach.
    Role {
        /// Looks, imports, traces, and proposes plans.
        Investigator = "investigator", "investigator", "enquêteur";
        /// Grants authorities, approves plans that somebody else made, approves what leaves.
        Magistrate = "magistrate", "magistrate", "magistrat";
        /// Steers the searches.
        Commander = "commander", "commander", "commandant des opérations";
        /// Security of one prison: sees it once the plan is released.
        PrisonSecurity = "prison_security", "prison security", "sécurité de l'établissement";
        /// Leads a search team.
        TeamLead = "team_lead", "team lead", "chef d'équipe";
        /// Searches the cells of a team.
        Searcher = "searcher", "searcher", "fouilleur";
        /// Keeps exhibits.
        Custodian = "custodian", "custodian", "gardien des scellés";
        /// Works on the data and the method.
        Analyst = "analyst", "analyst", "analyste";
        /// Looks after people's data: data sets, reviews, erasure.
        DataProtectionOfficer = "data_protection_officer", "data-protection officer", "délégué à la protection des données";
        /// Reads who did what.
        Auditor = "auditor", "auditor", "auditeur";
        /// Runs the office's machine and accounts; sees no case.
        Administrator = "administrator", "administrator", "administrateur";
    }
);

words!(
    /// Which findings a person may see beyond the everyday ones.
    Clearance {
        /// The administration's everyday papers.
        Open = "open", "open", "ouvert";
        /// Obtained under a magistrate's order.
        Judicial = "judicial", "judicial", "judiciaire";
        /// From intelligence work.
        Intelligence = "intelligence", "intelligence", "renseignement";
    }
);

/// How far something reaches: everywhere, or to what is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach<T: Ord> {
    /// To all there are, and to those to come.
    All,
    /// To these only; an empty set reaches nothing.
    Only(BTreeSet<T>),
}

impl<T: Ord> Reach<T> {
    /// To nothing.
    pub fn nothing() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// To one.
    pub fn one(one: T) -> Self {
        Self::Only(BTreeSet::from([one]))
    }
}

/// Who gave a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// An administrator of the office.
    Office,
    /// The organisation that signs the person in: set anew at each sign-in.
    Organisation,
}

impl SetBy {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Organisation => "organisation",
        }
    }
}

/// A role and how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// In which cases.
    pub cases: Reach<CaseId>,
    /// In which prisons.
    pub facilities: Reach<FacilityId>,
    /// In which search teams.
    pub teams: Reach<TeamId>,
    /// Until when; `None` = until it is taken away.
    pub until: Option<Timestamp>,
}

impl Grant {
    /// A role that reaches nothing yet.
    pub fn of(role: Role) -> Self {
        let (cases, facilities, teams) = (Reach::nothing(), Reach::nothing(), Reach::nothing());
        Self { role, cases, facilities, teams, until: None }
    }

    /// The same, reaching these cases.
    #[must_use]
    pub fn cases(self, cases: Reach<CaseId>) -> Self {
        Self { cases, ..self }
    }

    /// The same, reaching these prisons.
    #[must_use]
    pub fn facilities(self, facilities: Reach<FacilityId>) -> Self {
        Self { facilities, ..self }
    }

    /// The same, reaching these teams.
    #[must_use]
    pub fn teams(self, teams: Reach<TeamId>) -> Self {
        Self { teams, ..self }
    }

    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
