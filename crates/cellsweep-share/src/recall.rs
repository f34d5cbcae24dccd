//! A notice that tells recipients to use something no longer: a signed note (C2SP signed-note) over one line of JSON.

use cellsweep_proof::{Hash, KeyName, Note, NoteError, Signer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::package::{OpenError, Trusted};
use crate::snapshot::{DisclosureName, Version, Words};

/// The version that is written.
pub const VERSION: u32 = 1;

/// How a notice's first line begins; the version follows.
pub(crate) const FORM: &str = "cellsweep recall ";

/// What is recalled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    /// Always 1.
    pub version: Version<VERSION>,
    /// Its number among the sender's disclosures; copies' numbers begin with it.
    pub disclosure: DisclosureName,
    /// Of each copy: SHA-256 of its manifest.
    pub copies: Vec<Hash>,
    /// When it was recalled.
    pub made: Timestamp,
    /// Why.
    pub why: Words,
}

/// Why a notice is not heeded.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// No signed note.
    #[error("the notice can't be read: {0}")]
    Note(#[from] NoteError),
    /// Signed by nobody known, or too late, or changed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A note that says something else.
    #[error("the signed note is not a recall: {why}")]
    Other {
        /// What is wrong with it.
        why: String,
    },
}

/// Whether bytes look like a notice, not like a package.
pub fn is_recall(bytes: &[u8]) -> bool {
    bytes.starts_with(FORM.as_bytes())
}

impl Recall {
    /// The notice, signed.
    ///
    /// # Errors
    /// Never in practice: JSON has no control characters.
    pub fn to_note(&self, signer: &Signer) -> Result<Vec<u8>, RecallError> {
        let line = serde_json::to_string(self).map_err(other)?;
        let mut note = Note::new(format!("{FORM}{VERSION}\n{line}\n"))?;
        note.sign(signer);
        Ok(note.to_string().into_bytes())
    }

    /// Reads a notice that came at a moment, and says whose it is.
    ///
    /// # Errors
    /// Where it isn't one, or nobody known signed it.
    pub fn read(bytes: &[u8], trusted: &[Trusted], at: Timestamp) -> Result<(Self, KeyName), RecallError> {
        let note = Note::parse(bytes)?;
        let mut lines = note.text().lines();
        let version = lines.next().and_then(|line| line.strip_prefix(FORM)).and_then(|text| text.parse::<u32>().ok());
        match version {
            Some(VERSION) => {}
            Some(found) => return Err(OpenError::Newer { what: "the notice", found, known: VERSION }.into()),
            None => return Err(other("its first line doesn't say so")),
        }
        let signer = crate::package::signed_by(&note, trusted, at)?;
        let recall = serde_json::from_str(lines.next().unwrap_or_default()).map_err(other)?;
        Ok((recall, signer))
    }
}

fn other(why: impl ToString) -> RecallError {
    RecallError::Other { why: why.to_string() }
}
