//! Who gets what: a recipient's profile says which fields leave, why, and which findings may.
//!
//! A profile is a file that a person can read and change; what it doesn't name stays. A row goes whole or not at all
//! where a weight rests on something that may not leave, and what hangs on it goes with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::snapshot::{Code, SourceClass, Version, Words};

mod cut;
mod depend;
mod field;
mod preview;

pub use cut::{Cut, CutError};
pub use field::Category;
pub use preview::{Preview, PreviewError, PreviewLine};

/// The version that is read.
pub const VERSION: u32 = 1;

/// Profiles that come with the program, by name.
pub const KNOWN: &[(&str, &str)] = &[
    ("carrier", include_str!("../profiles/carrier.toml")),
    ("court", include_str!("../profiles/court.toml")),
    ("eurojust", include_str!("../profiles/eurojust.toml")),
];

/// Why a text is not a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, or another shape.
    #[error("this is not a recipient's profile: {why}")]
    Toml {
        /// What is wrong with it.
        why: String,
    },
    /// A table that snapshots don't have.
    #[error("profile {profile}: snapshots have no `{section}`")]
    Section {
        /// Which profile.
        profile: Code,
        /// What it names.
        section: String,
    },
    /// A field that the table doesn't have.
    #[error("profile {profile}: `{section}` has no field `{field}`")]
    Field {
        /// Which profile.
        profile: Code,
        /// In which table.
        section: String,
        /// What it names.
        field: String,
    },
}

/// What a kind of recipient gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Always 1.
    pub version: Version<VERSION>,
    /// Its name.
    pub profile: Code,
    /// For whom it is.
    pub recipient: Words,
    /// What such a package is for.
    pub purpose: Words,
    /// How many days the recipient has to take it in.
    pub days: u16,
    /// Whose findings may leave; a weight that rests on any other doesn't.
    pub classes: BTreeSet<SourceClass>,
    /// Tables that leave, and which of their fields beside those without which a row is none.
    pub keep: BTreeMap<String, BTreeSet<String>>,
    /// Why each category of personal data leaves.
    pub why: BTreeMap<Category, Words>,
}

impl Profile {
    /// Reads a profile's file.
    ///
    /// # Errors
    /// Where it isn't one, or names a table or a field that snapshots don't have.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|error| ProfileError::Toml { why: error.to_string() })?;
        for (section, fields) in &profile.keep {
            let known = field::fields_of(section);
            let known = known
                .ok_or_else(|| ProfileError::Section { profile: profile.profile.clone(), section: section.clone() })?;
            if let Some(field) = fields.iter().find(|field| !known.iter().any(|known| known.name == field.as_str())) {
                let (section, field) = (section.clone(), field.clone());
                return Err(ProfileError::Field { profile: profile.profile, section, field });
            }
        }
        Ok(profile)
    }

    /// A profile that comes with the program.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn known(name: &str) -> Result<Self, ProfileError> {
        let found = KNOWN.iter().find(|(known, _)| *known == name);
        let unknown = || ProfileError::Toml { why: format!("no profile `{name}` comes with the program") };
        Self::parse(found.ok_or_else(unknown)?.1)
    }

    fn keeps(&self, section: &str, field: &str) -> bool {
        self.keep.get(section).is_some_and(|fields| fields.contains(field))
    }
}
