//! Import profiles: which of a file's columns is which of the contract's, and how its values are
//! written. A profile is data that a person can read, keep and hand on; nothing in it is guessed.

mod check;
mod column;
mod join;
mod layout;
mod library;
mod map;
mod source;
mod time;

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::case::{Digest, ProfileUse};
use cellsweep_model::table::Table;
use serde::{Deserialize, Serialize};

pub use column::{ColumnSpec, Reading, Round};
pub(crate) use join::{Beside, Joined, read_all as read_joins};
pub use join::{JoinSpec, is_like};
pub use layout::{Escapes, FileKind, FillDown, Layout};
pub use library::{Shipped, library, shipped};
pub(crate) use map::{Blame, MapState, Mapper};
pub use source::{SectorParts, Virtual};
pub use time::{Ambiguous, TimeSpec};
pub(crate) use time::{Format, local_text, parse_local};

use crate::error::{IngestError, Refusal};

/// The JSON schema of profiles, for editors.
pub const SCHEMA: &str = include_str!("../../profiles/schema/v1.json");

/// The newest version of the format that this program reads.
pub const FORMAT: u32 = 1;

/// How a file becomes one of the contract's tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Version of the profile's own format: 1.
    pub format: u32,
    /// What it is called: letters, digits and hyphens.
    pub name: String,
    /// Which edition of it; a changed profile gets another.
    pub version: String,
    /// The contract's table that the rows become.
    pub table: Table,
    /// What it is for, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub describes: String,
    /// Whose files it reads; the value of `operator` where no column gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// How rows and fields stand in the file.
    #[serde(default, skip_serializing_if = "Layout::is_default")]
    pub file: Layout,
    /// How times are written, and in which zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeSpec>,
    /// How numbers are written.
    #[serde(default, skip_serializing_if = "Numbers::is_default")]
    pub numbers: Numbers,
    /// Only the first row for each value of this column of the contract goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_per: Option<String>,
    /// Rows that are not for this table; each is counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Skip>,
    /// Second sheets and files.
    #[serde(default, rename = "join", skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<JoinSpec>,
    /// Columns made of others.
    #[serde(default, rename = "virtual", skip_serializing_if = "Vec::is_empty")]
    pub virtuals: Vec<Virtual>,
    /// By the contract's columns: where their values come from.
    pub columns: BTreeMap<String, ColumnSpec>,
}

/// How numbers are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// What stands before the fraction: `.` if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// What groups digits by thousands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// The country code that national phone numbers get for their leading zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl Numbers {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Rows that are left out, and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// Which column tells.
    pub column: String,
    /// Rows with one of these values; capitals and small letters are the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<String>,
    /// Rows whose value begins like one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<String>,
    /// Rows with none of these values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is_not: Vec<String>,
    /// Rows that have any value there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub present: bool,
}

impl Profile {
    /// From TOML.
    ///
    /// # Errors
    /// When it isn't a profile of a version that this program reads, or contradicts itself.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(|error| ProfileError::of_toml(&error, text))?;
        check::check(&profile)?;
        Ok(profile)
    }

    /// Whether it says something that can be done.
    ///
    /// # Errors
    /// When it contradicts itself.
    pub fn check(&self) -> Result<(), ProfileError> {
        check::check(self)
    }

    /// From a file.
    ///
    /// # Errors
    /// When it can't be read or is no profile.
    pub fn read(path: &Path) -> Result<(Self, ProfileUse), IngestError> {
        let text = std::fs::read_to_string(path).map_err(|error| IngestError::io(path, error))?;
        let refuse = |error: ProfileError| IngestError::Refused {
            path: path.to_owned(),
            line: error.line,
            why: Refusal::Profile { why: error.why, hint: error.hint },
        };
        let profile = Self::parse(&text).map_err(refuse)?;
        let used = profile.used(&text);
        Ok((profile, used))
    }

    /// What an import's log keeps of it.
    pub(crate) fn used(&self, text: &str) -> ProfileUse {
        let digest = Digest(crate::digest::digest_of_text(text));
        ProfileUse { name: self.name.clone(), version: self.version.clone(), digest }
    }
}

/// Why a text is no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct ProfileError {
    /// Line in the text, from 1, where one is to blame.
    pub line: Option<u64>,
    /// What is wrong.
    pub why: String,
    /// What to do.
    pub hint: String,
}

impl ProfileError {
    pub(crate) fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: None, why: why.into(), hint: hint.into() }
    }

    fn of_toml(error: &toml::de::Error, text: &str) -> Self {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        let hint = "`cellsweep profile show NAME` prints one that is whole; the book lists every key";
        Self { line, why: error.message().lines().collect::<Vec<_>>().join(" "), hint: hint.to_owned() }
    }
}
