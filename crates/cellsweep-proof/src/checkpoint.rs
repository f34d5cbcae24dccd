//! Checkpoints (C2SP tlog-checkpoint): how long a log was and what its root was, as a note to sign.

use std::fmt;
use std::str::FromStr;

use crate::hash::Hash;
use crate::key::{KeyName, Signer, Verifier};
use crate::note::{Note, NoteError, SignatureError};
use crate::text;

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it can't be read.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// The signature isn't there or doesn't fit.
    #[error("{0}")]
    Signature(#[from] SignatureError),
    /// Fewer than three lines, or a line that is not what it should be.
    #[error("a checkpoint's {0}")]
    Line(&'static str),
    /// The checkpoint is another log's.
    #[error("the checkpoint is of the log `{found}`, not of `{expected}`")]
    Origin {
        /// The log that was expected.
        expected: String,
        /// The log that it names.
        found: String,
    },
}

/// A log's state at one moment. The text is its origin, size, root in base64, and extension lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; its signing keys bear the same.
    pub origin: KeyName,
    /// Entries in the log.
    pub size: u64,
    /// The tree's root over them.
    pub root: Hash,
    /// Further lines; none of cellsweep's own checkpoints has any.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// One without extension lines.
    pub fn new(origin: KeyName, size: u64, root: Hash) -> Self {
        Self { origin, size, root, extensions: Vec::new() }
    }

    /// The checkpoint as a note, signed by each of the signers.
    ///
    /// # Errors
    /// Where an extension line can't stand in a note.
    pub fn sign(&self, signers: &[&Signer]) -> Result<Note, CheckpointError> {
        let text = self.to_string();
        // What can't be read back must not be signed.
        text.parse::<Self>()?;
        let mut note = Note::new(text)?;
        signers.iter().for_each(|signer| note.sign(signer));
        Ok(note)
    }

    /// The checkpoint that a note holds, where this key signed it and it is of the log that the key is named after.
    ///
    /// # Errors
    /// Where the note is no checkpoint, another log's, not signed by this key, or changed.
    pub fn open(note: &Note, verifier: &Verifier) -> Result<Self, CheckpointError> {
        note.verify(verifier)?;
        let checkpoint: Self = note.text().parse()?;
        if checkpoint.origin == *verifier.name() {
            return Ok(checkpoint);
        }
        let (expected, found) = (verifier.name().to_string(), checkpoint.origin.to_string());
        Err(CheckpointError::Origin { expected, found })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Line("last line has no newline"))?;
        let mut lines = lines.split('\n');
        let mut next = |what| lines.next().ok_or(CheckpointError::Line(what));
        let origin = next("first line is the log's origin")?;
        let size = next("second line is its size")?;
        let root = next("third line is its root hash")?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Line("extension lines are not blank"));
        }
        Ok(Self {
            origin: origin.parse().map_err(|_name| CheckpointError::Line("first line is the log's origin"))?,
            size: text::number(size).ok_or(CheckpointError::Line("second line is its size, in digits"))?,
            root: Hash::from_base64(root).map_err(|_hash| CheckpointError::Line("third line is its root hash"))?,
            extensions,
        })
    }
}
