//! A log as files, for anyone to check: what they are called, and whether they hold.
//!
//! ```text
//! log/vkey              the log's first verifier's key
//! log/entries.jsonl     each line the exact bytes of an entry
//! log/hashes            each line an entry's leaf hash, in hexadecimal
//! log/checkpoint        the latest checkpoint, a signed note
//! log/checkpoints/SIZE  earlier ones
//! log/stamps/SIZE.tsr   a time stamp over the checkpoint of that size
//! log/closed.json       what is kept of the oldest entries, where the law had them erased
//! log/manifest.sha256   SHA-256 of all of these, as sha256sum writes it
//! item.json             one item's history: entries, proofs, a checkpoint
//! ```
//!
//! `hashes` is signed by nobody, but its root must be the checkpoint's. So a changed entry is named exactly, and a
//! changed hash is told from a changed entry. The manifest proves nothing against a forger, who writes it anew; it
//! names what was damaged on the way. Where `closed.json` stands, `entries.jsonl` and `hashes` begin with the first entry
//! that is left; checkpoints over erased entries are still there.

use std::fmt;

use serde::Serialize;

use crate::key::Verifier;

mod closed;
mod code;
mod hand_over;
mod item;
mod json;
mod lines;
mod log;
mod manifest;
mod marks;
mod report;
mod segment;

pub use closed::{CloseError, Closed, ClosedRotation, ClosedStep, HandOver};
pub use code::{Code, CodeError, CodeReport, RootSeen};
pub use item::{BoxSeen, BoxState, DiscloseError, Item, ItemEntry, ItemReport, ItemRotation, Plain};
pub use json::JsonFileError;
pub use log::{LogFiles, check_log};
pub use manifest::{Manifest, ManifestError};
pub use marks::{Stamped, WitnessedAt};
pub use report::{ClosedReport, LogReport};

/// The log's first verifier's key.
pub const VKEY: &str = "vkey";
/// The entries.
pub const ENTRIES: &str = "entries.jsonl";
/// The entries' leaf hashes.
pub const HASHES: &str = "hashes";
/// The latest checkpoint.
pub const CHECKPOINT: &str = "checkpoint";
/// The folder of earlier checkpoints.
pub const CHECKPOINTS: &str = "checkpoints";
/// The folder of time stamps.
pub const STAMPS: &str = "stamps";
/// What is kept of erased entries.
pub const CLOSED: &str = "closed.json";
/// The digests of a folder's files.
pub const MANIFEST: &str = "manifest.sha256";

/// What is believed before anything is read.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The log's key, the first or a later one, got from elsewhere than the files. Without it whoever wrote the files
    /// chose the key.
    pub vkey: Option<Verifier>,
    /// Witnesses' keys.
    pub witnesses: Vec<Verifier>,
}

/// Something that doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// In which file.
    pub file: String,
    /// In which line, from 1, where it has lines.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

/// What can be wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Problem {
    /// It must be there and isn't.
    #[error("is missing")]
    Missing,
    /// It is there and isn't named.
    #[error("is not among the files that the manifest names")]
    Extra,
    /// Its digest is not the manifest's.
    #[error("was altered: its SHA-256 is not the one in {MANIFEST}")]
    Digest,
    /// Not in the form that it must have.
    #[error("can't be read: {why}")]
    Form {
        /// Why.
        why: String,
    },
    /// The last line has no newline.
    #[error("its last line has no newline: something was cut off")]
    CutOff,
    /// The entry is another than the one that was signed for.
    #[error("the entry was altered: its hash is not the one that the checkpoint over {size} entries vouches for")]
    EntryAltered {
        /// The checkpoint that tells.
        size: u64,
    },
    /// The hash is another than the one that was signed for; the entry is good.
    #[error("the hash was altered; the entry itself is the one that the checkpoint over {size} entries vouches for")]
    HashAltered {
        /// The checkpoint that tells.
        size: u64,
    },
    /// Entry and hash don't belong together, and nothing tells which was altered.
    #[error("entry and hash don't belong together, and no checkpoint tells which of the two was altered")]
    EitherAltered,
    /// Entries are altered, and nothing tells which; counted from 1 over the whole log.
    #[error(
        "among the entries {from} to {to} something was altered, added or taken out: the root is not the signed one"
    )]
    Between {
        /// The first entry that may be concerned.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// More lines are altered than are named.
    #[error("{lines} more lines are altered")]
    More {
        /// How many.
        lines: u64,
    },
    /// Entries were taken out at the end.
    #[error("has {found} entries where {expected} were signed for: entries were taken out")]
    Short {
        /// Entries signed for.
        expected: u64,
        /// Entries there.
        found: u64,
    },
    /// Nobody signed for the last entries.
    #[error("the entries from here on are more than the {signed} that the latest checkpoint vouches for")]
    Unsigned {
        /// Entries signed for.
        signed: u64,
    },
    /// The entry's own number is another.
    #[error("the entry says that it is number {found}, counted from 0, and stands at {expected}")]
    Number {
        /// Where it stands.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// The entry is of the other log.
    #[error("the entry is of another log than the ones before it")]
    OtherLog,
    /// The checkpoint isn't one, or isn't signed.
    #[error("the checkpoint doesn't hold: {why}")]
    Checkpoint {
        /// Why.
        why: String,
    },
    /// The checkpoint is of another size than its file's name says.
    #[error("the checkpoint is over {found} entries, and the file's name says {expected}")]
    Size {
        /// The file's name.
        expected: u64,
        /// The checkpoint's size.
        found: u64,
    },
    /// Two signed checkpoints that can't both be of one log.
    #[error("its root is not the one that another checkpoint over {size} entries has: two histories were signed")]
    Fork {
        /// Their size.
        size: u64,
    },
    /// What is kept of erased entries is not what was signed for.
    #[error("the hashes kept of the first {until} entries don't lead to the root of the checkpoint over them")]
    ClosedFrontier {
        /// Entries said to be erased.
        until: u64,
    },
    /// The checkpoint at the closing isn't there.
    #[error(
        "the checkpoint over exactly {until} entries, at which the log was closed, is missing: the last is over {found}"
    )]
    ClosedSize {
        /// Entries said to be erased.
        until: u64,
        /// The last checkpoint's size; 0 where there is none.
        found: u64,
    },
    /// More entries are said to be erased than there ever were.
    #[error("says that the first {until} entries were erased, and the log's latest checkpoint is over {latest}")]
    ClosedBeyond {
        /// Entries said to be erased.
        until: u64,
        /// The latest checkpoint's size.
        latest: u64,
    },
    /// Two closings, or a closing and a change of keys, that can't both be of one log.
    #[error("what was kept over {later} entries doesn't continue what was kept over {earlier}: {why}")]
    ClosingsDisagree {
        /// The earlier one's size.
        earlier: u64,
        /// The later one's size.
        later: u64,
        /// Why.
        why: String,
    },
    /// A log that the law has nobody erase.
    #[error("says that entries were erased, and this is the custody log: only the access log has a term")]
    ClosedCustody,
    /// A log whose entries are all gone, and that may be the custody log.
    #[error(
        "says that all entries were erased, and neither they nor the log's name tell that this is the access log: only that has a term"
    )]
    ClosedUnnamed,
    /// Entries that should be gone.
    #[error("{entries} from number {n} on are still there, although all below number {until} are said to be erased")]
    NotErased {
        /// The first one's index.
        n: u64,
        /// How many.
        entries: u64,
        /// The first index that may be there.
        until: u64,
    },
    /// The key that was given is not among the log's.
    #[error("the key that was given is none of this log's")]
    OtherKey,
    /// A change of keys that can't be followed.
    #[error("the change of the signing key can't be followed: {why}")]
    Rotation {
        /// Why.
        why: String,
    },
    /// A witness's line that doesn't fit.
    #[error("the witness's co-signature doesn't hold: {why}")]
    Witness {
        /// Why.
        why: String,
    },
    /// A witness that signed nothing.
    #[error("no checkpoint is co-signed by the witness {name}")]
    NotWitnessed {
        /// Its name.
        name: String,
    },
    /// A time stamp that doesn't fit.
    #[error("the time stamp doesn't hold: {why}")]
    Stamp {
        /// Why.
        why: String,
    },
    /// An entry of a bundle that isn't in the log.
    #[error("entry {n} is not in the log: {why}")]
    NotIncluded {
        /// Its index.
        n: u64,
        /// Why.
        why: String,
    },
    /// A key for a box that doesn't open it.
    #[error("the key given for what is sealed in entry {n} does not open it: {why}")]
    BoxClosed {
        /// Its index.
        n: u64,
        /// Why.
        why: String,
    },
    /// A key where there is no box.
    #[error("a key is given for entry {n}, in which nothing is sealed")]
    NoBox {
        /// Its index.
        n: u64,
    },
    /// A code of another log.
    #[error("the code is of a log whose first key has the hash {named}, and the bundle's has {found}")]
    CodeKey {
        /// The code's.
        named: String,
        /// The bundle's.
        found: String,
    },
    /// An entry that the code names and the bundle hasn't.
    #[error("the code names entry {n}, which the bundle doesn't have or can't prove")]
    CodeEntry {
        /// Its index.
        n: u64,
    },
    /// Other entries than the code was made of.
    #[error("the entries that the code names are not the ones that it was made of: their hashes differ")]
    CodeHistory,
    /// Another log than the code was made of.
    #[error("the code's root over {size} entries is not the one that was signed")]
    CodeRoot {
        /// The code's size.
        size: u64,
    },
    /// An entry of a bundle that isn't about its item.
    #[error("entry {n} doesn't speak of the item, or stands out of order")]
    OffItem {
        /// Its index.
        n: u64,
    },
}

fn finding(file: &str, line: Option<u64>, problem: Problem) -> Finding {
    Finding { file: file.to_owned(), line, problem }
}
