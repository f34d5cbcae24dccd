//! `closed.json`: what is kept of a log's oldest entries once the law had them erased.
//!
//! Only a prefix can go, the entries below `until`. What stays of them is the frontier at `until`, the checkpoint signed
//! at exactly that size, and the way there from the log's first key: each hand-over checkpoint with the entry that names
//! the new key, and the checkpoints of former closings. Each of these *steps* is proved to continue the one before, by
//! proofs that were made while the hashes were still there. Later entries grow from the frontier as they grew from the
//! entries.
//!
//! Canonical JSON and a newline. Nobody signed the file; all that it says is held against signed checkpoints. It can't
//! show that the law asked for the erasure.

use serde::{Deserialize, Serialize};

use super::json::{JsonFileError, from_text, to_text};
use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::note::Note;
use crate::tree::{Frontier, PeaksError, TreeError, prove_consistency, prove_inclusion};

mod check;

pub(super) use check::{Kept, Start};

/// Larger files are not read.
const MOST_BYTES: usize = 1 << 20;
const VERSION: u64 = 1;

/// A log whose entries below `until` were erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// The format's version, 1.
    pub v: u64,
    /// Entries that were erased: the first one still there has this number.
    pub until: u64,
    /// The roots of the complete subtrees over the erased entries, largest first.
    pub frontier: Vec<Hash>,
    /// Checkpoints that are kept with a proof, by size; the last is over `until` entries.
    pub steps: Vec<ClosedStep>,
}

/// A checkpoint over erased entries: a hand-over of the signing key, a former closing, or this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedStep {
    /// The checkpoint's note.
    pub checkpoint: String,
    /// The proof that it continues the step before; of the first step, none.
    pub consistency: Vec<Hash>,
    /// The change of keys that it ends with, where it ends with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<ClosedRotation>,
}

/// The entry of a change of keys. It names keys and whoever changed them, and is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedRotation {
    /// The entry's exact text.
    pub entry: String,
    /// The proof of its inclusion in the step's checkpoint.
    pub proof: Vec<Hash>,
}

/// A change of keys among the entries that are to be erased, for [`Closed::close`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// The exact text of the entry that names the new key.
    pub entry: String,
    /// The hand-over checkpoint's note.
    pub checkpoint: String,
}

/// Why a log can't be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseError<E> {
    /// A checkpoint or an entry can't be read.
    #[error("{0}")]
    Form(String),
    /// A hand-over's checkpoint doesn't end with its entry.
    #[error("the hand-over checkpoint over {size} entries does not end with the entry {n} that names the new key")]
    HandOver {
        /// The checkpoint's size.
        size: u64,
        /// The entry's index.
        n: u64,
    },
    /// Nothing new is closed, or hand-overs are out of order or behind the closing.
    #[error("a checkpoint over {size} entries can't follow one over {before}, in a log closed at {until}")]
    Order {
        /// The size before.
        before: u64,
        /// The checkpoint's size.
        size: u64,
        /// Where the log is to be closed.
        until: u64,
    },
    /// The checkpoint is not over these stored hashes.
    #[error("the stored hashes don't lead to the root of the checkpoint over {until} entries: nothing may be erased")]
    Root {
        /// The checkpoint's size.
        until: u64,
    },
    /// The stored hashes can't be had.
    #[error("{0}")]
    Tree(#[from] TreeError<E>),
}

impl Closed {
    /// What to keep of the entries below a checkpoint's size, made while all of it is still there.
    ///
    /// `before` is the log's former closing, `hand_overs` are the changes of keys since then, by size. Signatures are not
    /// looked at. Then the entries may go, and the stored hashes below [`crate::stored_count`]`(until)` but those that
    /// [`crate::nodes_to_keep`] names.
    ///
    /// # Errors
    /// Where nothing would be closed, something is out of order or unreadable, or the stored hashes are not those that the
    /// checkpoint was signed over.
    pub fn close<E>(
        before: Option<&Self>,
        hand_overs: &[HandOver],
        checkpoint: &Note,
        mut reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, CloseError<E>> {
        let last = read_checkpoint(checkpoint).map_err(CloseError::Form)?;
        let until = last.size;
        let mut steps = before.map_or_else(Vec::new, |before| before.steps.clone());
        let mut at = before.map_or(0, |before| before.until);
        for hand_over in hand_overs {
            let size = size_of_hand_over(hand_over)?;
            let mut step = step(&hand_over.checkpoint, (at, size, until), &mut reader)?;
            let proof = prove_inclusion(size, size - 1, &mut reader)?;
            step.rotation = Some(ClosedRotation { entry: hand_over.entry.clone(), proof });
            steps.push(step);
            at = size;
        }
        if at != until || hand_overs.is_empty() {
            steps.push(step(&checkpoint.to_string(), (at, until, until), &mut reader)?);
        }
        let frontier = Frontier::read(until, &mut reader)?;
        if frontier.root() != last.root {
            return Err(CloseError::Root { until });
        }
        Ok(Self { v: VERSION, until, frontier: frontier.peaks().to_vec(), steps })
    }

    /// Where later entries grow from. Whether it is the signed one is for [`super::check_log`] to say.
    ///
    /// # Errors
    /// Where there are more or fewer hashes than a log of this size has.
    pub fn start(&self) -> Result<Frontier, PeaksError> {
        Frontier::from_peaks(self.until, self.frontier.clone())
    }

    /// The note of the checkpoint at which the log was closed; none where the value was made by hand without any.
    pub fn checkpoint(&self) -> Option<&str> {
        self.steps.last().map(|step| step.checkpoint.as_str())
    }

    /// Whether an earlier closing of the same log was kept as this one's beginning: for whoever holds both.
    pub fn continues(&self, earlier: &Self) -> bool {
        self.steps.starts_with(&earlier.steps) && (self.until > earlier.until || self == earlier)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// Where the bytes are not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonFileError> {
        let closed: Self = from_text(bytes, MOST_BYTES)?;
        if closed.v == VERSION { Ok(closed) } else { Err(JsonFileError::Version(closed.v)) }
    }

    /// The file as text, with its newline.
    ///
    /// # Errors
    /// Where a number is larger than 2^53-1.
    pub fn to_text(&self) -> Result<String, JsonFileError> {
        to_text(self)
    }
}

fn step<E>(
    checkpoint: &str,
    (before, size, until): (u64, u64, u64),
    reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>,
) -> Result<ClosedStep, CloseError<E>> {
    if size <= before || size > until {
        return Err(CloseError::Order { before, size, until });
    }
    let consistency = prove_consistency(size, before, reader)?;
    Ok(ClosedStep { checkpoint: checkpoint.to_owned(), consistency, rotation: None })
}

fn size_of_hand_over<E>(hand_over: &HandOver) -> Result<u64, CloseError<E>> {
    let note = Note::parse(hand_over.checkpoint.as_bytes()).map_err(|error| CloseError::Form(error.to_string()))?;
    let size = read_checkpoint(&note).map_err(CloseError::Form)?.size;
    let n = Entry::parse(hand_over.entry.as_bytes()).map_err(|error| CloseError::Form(error.to_string()))?.n;
    if n + 1 == size { Ok(size) } else { Err(CloseError::HandOver { size, n }) }
}

fn read_checkpoint(note: &Note) -> Result<Checkpoint, String> {
    note.text().parse().map_err(|error: crate::checkpoint::CheckpointError| error.to_string())
}
