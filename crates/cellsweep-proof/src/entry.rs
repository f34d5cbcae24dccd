//! An entry of the log: one line of canonical JSON, whose exact bytes are what the tree hashes.

use std::fmt;

use serde_json::Value;

use crate::canonical::{self, JsonError, Object};
use crate::hash::Hash;
use crate::seal::BoxPlace;
use crate::text;
use crate::words::{Kind, LogKind, Moment, Operation, Ref, Salt, WordError};

mod members;

pub(crate) use members::Head;
use members::{Parts, Shape};

/// The envelope's version.
pub const VERSION: i64 = 1;
/// A longer line is not read.
pub const MOST_BYTES: usize = 1 << 20;

/// Why a line is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// More than a mebibyte.
    #[error("the entry is longer than 1 MiB")]
    Long,
    /// Not UTF-8.
    #[error("the entry is not UTF-8")]
    Utf8,
    /// Not canonical JSON.
    #[error("{0}")]
    Json(#[from] JsonError),
    /// Something that must be there isn't.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// Something is there that no version of the envelope has.
    #[error("`{0}` is unknown")]
    Unknown(String),
    /// Something is not of the kind that it should be.
    #[error("`{key}` is not {expected}")]
    Type {
        /// The key.
        key: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// A word that isn't one.
    #[error("`{key}`: {error}")]
    Word {
        /// The key.
        key: &'static str,
        /// What is wrong.
        error: WordError,
    },
    /// Another version of the envelope.
    #[error("version {0} of the envelope: this program reads version 1")]
    Version(i64),
    /// A number that no reader of JSON would keep.
    #[error("`{0}` is larger than 2^53-1")]
    Large(&'static str),
}

/// Who did it, as entered. `Debug` redacts the name.
#[derive(Clone, PartialEq, Eq)]
pub struct By {
    /// The account or the person's name, as entered.
    pub name: String,
    /// In what role.
    pub role: Option<String>,
}

impl fmt::Debug for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("By").field("role", &self.role).finish_non_exhaustive()
    }
}

/// The device on which it was entered, and its own count of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceMark {
    /// The device's key.
    pub key: Ref,
    /// The device's own number for this entry; a gap shows a lost one.
    pub sequence: u64,
}

/// People's data, encrypted: readable while its key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which data key it takes.
    pub key: Ref,
    /// Nonce and ciphertext ([`crate::seal`]).
    pub sealed: Vec<u8>,
}

/// An entry. [`Entry::to_line`] and [`Entry::parse`] are each other's inverse. `Debug` shows which entry, not what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its index in the log, from 0.
    pub n: u64,
    /// Which log.
    pub log: LogKind,
    /// When the log took it in.
    pub received: Moment,
    /// When it happened, where that is another time.
    pub occurred: Option<Moment>,
    /// Who.
    pub by: By,
    /// On which device.
    pub device: Option<DeviceMark>,
    /// Under which authority.
    pub authority: Option<Ref>,
    /// Which of the six operations.
    pub operation: Operation,
    /// What happened.
    pub kind: Kind,
    /// Why.
    pub reason: Option<String>,
    /// What it concerns.
    pub refs: Vec<Ref>,
    /// What else there is to say, without people's data.
    pub data: Object,
    /// People's data.
    pub sealed: Option<Sealed>,
    /// Against guessing.
    pub salt: Salt,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, log, kind, .. } = self;
        f.debug_struct("Entry").field("n", n).field("log", log).field("kind", kind).finish_non_exhaustive()
    }
}

impl Entry {
    /// The entry's exact bytes: one line, without a newline at its end.
    ///
    /// # Errors
    /// Where a value has no place in the log, or a text is blank or too long.
    pub fn to_line(&self) -> Result<String, EntryError> {
        let line = canonical::print(&Value::Object(self.members()?))?;
        // What can't be read back must not be appended.
        Self::parse(line.as_bytes())?;
        Ok(line)
    }

    /// Reads an entry's exact bytes.
    ///
    /// # Errors
    /// Where they are not an entry in the one form that it has.
    pub fn parse(line: &[u8]) -> Result<Self, EntryError> {
        let Shape {
            authority,
            by,
            data,
            device,
            kind,
            log,
            n,
            occurred,
            operation,
            reason,
            received,
            refs,
            salt,
            sealed,
        } = Shape::of(line)?;
        Ok(Self {
            n: n.count()?,
            log: log.word()?,
            received: received.word()?,
            occurred: occurred.map(Parts::word).transpose()?,
            by: By { name: by.name.text()?.into_owned(), role: by.role.map(owned).transpose()? },
            device: device
                .map(|device| {
                    Ok::<_, EntryError>(DeviceMark { key: device.key.word()?, sequence: device.sequence.count()? })
                })
                .transpose()?,
            authority: authority.map(Parts::word).transpose()?,
            operation: operation.word()?,
            kind: kind.word()?,
            reason: reason.map(owned).transpose()?,
            refs: refs.words()?,
            data: data.object()?,
            sealed: sealed
                .map(|sealed| Ok::<_, EntryError>(Sealed { key: sealed.key.word()?, sealed: sealed.sealed.base64()? }))
                .transpose()?,
            salt: salt.word()?,
        })
    }

    /// The hash of an entry's exact bytes in the tree.
    ///
    /// # Errors
    /// As [`Entry::to_line`].
    pub fn leaf(&self) -> Result<Hash, EntryError> {
        Ok(Hash::leaf(self.to_line()?.as_bytes()))
    }

    /// Where the entry's box belongs.
    pub fn place(&self) -> BoxPlace<'_> {
        BoxPlace { log: self.log, n: self.n, kind: &self.kind, salt: &self.salt }
    }

    fn members(&self) -> Result<Object, EntryError> {
        let mut object = Object::new();
        let mut set = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
        set("v", VERSION.into());
        set("n", count("n", self.n)?);
        set("log", self.log.as_str().into());
        set("received", self.received.to_string().into());
        set("by", self.by_members());
        set("operation", self.operation.as_str().into());
        set("kind", self.kind.as_str().into());
        set("refs", self.refs.iter().map(Ref::as_str).collect::<Vec<_>>().into());
        set("data", self.data.clone().into());
        set("salt", self.salt.to_string().into());
        let optional = [
            ("occurred", self.occurred.map(|at| at.to_string())),
            ("authority", self.authority.as_ref().map(Ref::to_string)),
            ("reason", self.reason.clone()),
        ];
        for (key, text) in optional {
            text.into_iter().for_each(|text| set(key, text.into()));
        }
        if let Some(DeviceMark { key, sequence }) = &self.device {
            set("device", object_of([("key", key.as_str().into()), ("sequence", count("sequence", *sequence)?)]));
        }
        if let Some(Sealed { key, sealed }) = &self.sealed {
            set("sealed", object_of([("key", key.as_str().into()), ("box", text::base64(sealed).into())]));
        }
        Ok(object)
    }

    fn by_members(&self) -> Value {
        let mut by = Object::new();
        by.insert("name".to_owned(), self.by.name.clone().into());
        by.extend(self.by.role.iter().map(|role| ("role".to_owned(), role.clone().into())));
        by.into()
    }
}

fn object_of<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn count(key: &'static str, number: u64) -> Result<Value, EntryError> {
    let number = i64::try_from(number).ok().filter(|number| *number <= canonical::MOST);
    number.map(Value::from).ok_or(EntryError::Large(key))
}

fn owned(part: Parts<'_>) -> Result<String, EntryError> {
    Ok(part.text()?.into_owned())
}
