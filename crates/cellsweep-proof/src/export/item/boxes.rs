//! What is sealed in a bundle's entries: closed, or opened with the key that the bundle carries for one box.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::{BoxKey, Check, DISCLOSING, DataKey, Entry, Item, ItemReport, Problem};
use crate::text;

/// An entry's box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoxSeen {
    /// The entry's index.
    pub n: u64,
    /// The name of the data key that it was sealed under.
    pub key: String,
    /// What can be seen of it.
    #[serde(flatten)]
    pub state: BoxState,
}

/// What can be seen of a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BoxState {
    /// The bundle has no key for it.
    Sealed,
    /// The bundle has a key for it, which doesn't open it: a finding says so.
    Closed,
    /// The bundle has its key.
    Opened {
        /// What was sealed.
        data: Plain,
    },
}

/// What was sealed: people's data. Redacted in `Debug`, wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(Zeroizing<Vec<u8>>);

impl Plain {
    /// The exact bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text; base64 behind `base64:` where they are none.
    pub fn to_text(&self) -> Cow<'_, str> {
        match std::str::from_utf8(&self.0) {
            Ok(plain) => plain.into(),
            Err(_) => format!("base64:{}", text::base64(&self.0)).into(),
        }
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(…)")
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

/// Why a box can't be disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiscloseError {
    /// The bundle has no such entry, or it can't be read.
    #[error("the bundle has no entry {n}")]
    Entry {
        /// The index.
        n: u64,
    },
    /// Nothing is sealed there.
    #[error("nothing is sealed in entry {n}")]
    NoBox {
        /// The index.
        n: u64,
    },
    /// Another key.
    #[error("the data key does not open the box of entry {n}")]
    Closed {
        /// The index.
        n: u64,
    },
}

impl Item {
    /// Puts the key of entry `n`'s box into the bundle, which is of version 2 then. Only this box can be opened with it,
    /// and nothing else that the data key seals.
    ///
    /// Whoever holds the bundle can read what is in there, and that can't be undone: who decides so is not asked here.
    ///
    /// # Errors
    /// Where there is no such entry or nothing is sealed in it, or the key is another.
    pub fn disclose(&mut self, n: u64, key: &DataKey) -> Result<(), DiscloseError> {
        for part in &mut self.entries {
            let Ok(entry) = Entry::parse(part.entry.as_bytes()) else { continue };
            if entry.n != n {
                continue;
            }
            let sealed = &entry.sealed.as_ref().ok_or(DiscloseError::NoBox { n })?.sealed;
            key.open(&entry.place(), sealed).map_err(|_closed| DiscloseError::Closed { n })?;
            part.box_key = Some(key.box_key(sealed).map_err(|_short| DiscloseError::Closed { n })?);
            self.v = DISCLOSING;
            return Ok(());
        }
        Err(DiscloseError::Entry { n })
    }
}

impl Check<'_> {
    /// Opens an entry's box where the bundle has its key.
    pub(super) fn look_into(&mut self, entry: &Entry, key: Option<&BoxKey>, report: &mut ItemReport) {
        let n = entry.n;
        let Some(sealed) = &entry.sealed else {
            if key.is_some() {
                self.find(Problem::NoBox { n });
            }
            return;
        };
        let state = match key.map(|key| key.open(&entry.place(), &sealed.sealed)) {
            None => BoxState::Sealed,
            Some(Ok(data)) => BoxState::Opened { data: Plain(data) },
            Some(Err(error)) => {
                self.find(Problem::BoxClosed { n, why: error.to_string() });
                BoxState::Closed
            }
        };
        report.boxes.push(BoxSeen { n, key: sealed.key.to_string(), state });
    }
}
