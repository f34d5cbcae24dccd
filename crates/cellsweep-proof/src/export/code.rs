//! A code to print on an exhibit (QR): which entries of which log tell its history, and what they hash to.
//!
//! `CSW1:` and base64url without padding of
//!
//! ```text
//! key hash      4 bytes, of the log's first key
//! root         32 bytes, of the tree over `size` entries
//! history      32 bytes, the root (RFC 6962) over the leaf hashes of the entries named; of one entry, its leaf hash
//! size         a number
//! entries      a number each, ascending: the first as it is, each later one as its distance from the one before, less one
//! check sum     4 bytes, CRC-32 (ISO-HDLC) of all that stands before, `CSW1:` included, the highest first
//! ```
//!
//! A number is base 128, the lowest seven bits first, the top bit set where more follow, in its shortest form. The sum
//! finds every wrong character, and two that were swapped; it is no protection against a forger. The hashes are: they
//! are held against a bundle and its signed checkpoint. Entries are salted, so a code gives nothing away of what they say.

use std::fmt;
use std::str::FromStr;

use super::Item;
use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::key::{KeyHash, Verifier};
use crate::note::Note;
use crate::text;
use crate::tree::Frontier;

mod bytes;
mod check;

use bytes::{Bytes, crc, put_number};
pub use check::{CodeReport, RootSeen};

const PREFIX: &str = "CSW1:";
/// Longer codes are hard to print and to scan.
const MOST_BYTES: usize = 300;

/// Why a text is not a code, or none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// It begins otherwise, or with another version's letters.
    #[error("a code begins with `CSW1:`")]
    Prefix,
    /// Not base64url, or not of the parts that a code has.
    #[error("this is no code, or a part of it is missing")]
    Form,
    /// The check sum doesn't fit.
    #[error("the check sum does not fit: a character is wrong or missing")]
    Sum,
    /// No entries, entries out of order, or entries behind the tree's end.
    #[error("a code names one entry or more, in order, each below the tree's size")]
    Entries,
    /// More entries than fit.
    #[error("a code of {entries} entries would be longer than 300 bytes")]
    Long {
        /// Entries that it would name.
        entries: usize,
    },
    /// The bundle's key, checkpoint or entries can't be read.
    #[error("the bundle's {0} can't be read")]
    Bundle(&'static str),
}

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    key: KeyHash,
    entries: Vec<u64>,
    history: Hash,
    size: u64,
    root: Hash,
}

impl Code {
    /// One that names entries, given by index and leaf hash, of the tree with this root.
    ///
    /// # Errors
    /// Where there are none, or they are out of order, behind the tree's end, or too many.
    pub fn new(key: KeyHash, entries: &[(u64, Hash)], size: u64, root: Hash) -> Result<Self, CodeError> {
        let history = history(entries.iter().map(|(_, leaf)| *leaf));
        let entries = entries.iter().map(|(n, _)| *n).collect();
        let code = Self { key, entries, history, size, root };
        code.ordered()?;
        if code.to_string().len() > MOST_BYTES {
            return Err(CodeError::Long { entries: code.entries.len() });
        }
        Ok(code)
    }

    /// That of a bundle: all its entries, its checkpoint. Nothing is checked; [`Item::check`] does.
    ///
    /// # Errors
    /// Where the bundle can't be read, or has too many entries.
    pub fn of(item: &Item) -> Result<Self, CodeError> {
        let key: Verifier = item.vkey.parse().map_err(|_key| CodeError::Bundle("key"))?;
        let checkpoint = Note::parse(item.checkpoint.as_bytes()).ok();
        let checkpoint = checkpoint.and_then(|note| note.text().parse::<Checkpoint>().ok());
        let Checkpoint { size, root, .. } = checkpoint.ok_or(CodeError::Bundle("checkpoint"))?;
        let read = |entry: &str| Some((Entry::parse(entry.as_bytes()).ok()?.n, Hash::leaf(entry.as_bytes())));
        let entries: Option<Vec<(u64, Hash)>> = item.entries.iter().map(|part| read(&part.entry)).collect();
        Self::new(key.hash(), &entries.ok_or(CodeError::Bundle("entries"))?, size, root)
    }

    /// The hash of the log's first key: which log, as far as 32 bits tell.
    pub fn key(&self) -> KeyHash {
        self.key
    }

    /// The indices of the entries, ascending.
    pub fn entries(&self) -> &[u64] {
        &self.entries
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        self.root
    }

    fn ordered(&self) -> Result<(), CodeError> {
        let ascending = self.entries.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = self.entries.last().is_some_and(|last| *last < self.size);
        if ascending && inside { Ok(()) } else { Err(CodeError::Entries) }
    }
}

/// One hash over the entries named.
fn history(leaves: impl Iterator<Item = Hash>) -> Hash {
    let mut frontier = Frontier::new();
    leaves.for_each(|leaf| frontier.push(leaf));
    frontier.root()
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [self.key.0.as_slice(), &self.root.0, &self.history.0].concat();
        put_number(self.size, &mut bytes);
        let mut next = 0;
        for n in &self.entries {
            put_number(n - next, &mut bytes);
            next = n + 1;
        }
        let sum = crc(&[PREFIX.as_bytes(), &bytes].concat());
        bytes.extend(sum.to_be_bytes());
        write!(f, "{PREFIX}{}", text::base64url(&bytes))
    }
}

impl FromStr for Code {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = text.strip_prefix(PREFIX).ok_or(CodeError::Prefix)?;
        let bytes = (text.len() <= MOST_BYTES).then(|| text::unbase64url(code)).flatten().ok_or(CodeError::Form)?;
        let (bytes, sum) = bytes.split_last_chunk::<4>().ok_or(CodeError::Form)?;
        if crc(&[PREFIX.as_bytes(), bytes].concat()) != u32::from_be_bytes(*sum) {
            return Err(CodeError::Sum);
        }
        let mut bytes = Bytes(bytes);
        let (key, root, history) = (KeyHash(bytes.take()?), Hash(bytes.take()?), Hash(bytes.take()?));
        let size = bytes.number()?;
        let (mut entries, mut next) = (Vec::new(), 0u64);
        while !bytes.0.is_empty() {
            let n = next.checked_add(bytes.number()?).ok_or(CodeError::Form)?;
            entries.push(n);
            next = n.checked_add(1).ok_or(CodeError::Form)?;
        }
        let code = Self { key, entries, history, size, root };
        code.ordered().map(|()| code)
    }
}
