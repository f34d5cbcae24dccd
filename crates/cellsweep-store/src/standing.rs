//! A case's database kept open for whoever serves many: a server notes each look, and asks whether something happened.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use cellsweep_proof::{Entry, LogKind};

use crate::access::{Consultation, entry_of};
use crate::db::Db;
use crate::keys::{Keys, Unlock};
use crate::log::{self, KeyChanges};
use crate::place::CasePlace;
use crate::{StoreError, moving};

/// An entry of a log without what is sealed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its index.
    pub n: u64,
    /// When the log took it in.
    pub at: jiff::Timestamp,
    /// Who.
    pub by: String,
    /// What happened, such as `imported` or `consulted.plan`.
    pub kind: String,
    /// What it concerns.
    pub refs: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A case whose database is kept open, and opened anew where the case was moved to another.
///
/// It is not to be used or dropped in an asynchronous context: it waits.
#[derive(Debug)]
pub struct Standing {
    dir: PathBuf,
    unlock: Unlock,
    open: RwLock<Arc<Open>>,
}

/// What is kept open.
#[derive(Debug)]
struct Open {
    place: CasePlace,
    db: Db,
    keys: Keys,
}

impl Open {
    fn at(dir: &Path, unlock: &Unlock) -> Result<Self, StoreError> {
        let place = CasePlace::read(dir)?.ok_or_else(|| StoreError::NotACase { dir: dir.to_owned() })?;
        let db = place.database(dir, false)?;
        let keys = Keys::open(&db, dir, unlock)?;
        Ok(Self { place, db, keys })
    }
}

impl Standing {
    /// Opens it.
    ///
    /// # Errors
    /// When there is no case, it is of a format without a database, or the key doesn't fit.
    pub fn open(dir: &Path, unlock: &Unlock) -> Result<Self, StoreError> {
        let open = RwLock::new(Arc::new(Open::at(dir, unlock)?));
        Ok(Self { dir: dir.to_owned(), unlock: unlock.clone(), open })
    }

    /// Does something with the database that has the case, wherever it was moved to meanwhile.
    fn with<T>(&self, work: impl Fn(&Open) -> Result<T, StoreError>) -> Result<T, StoreError> {
        moving::through(&self.dir, || {
            let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
            match work(&open) {
                Err(error) => match CasePlace::read(&self.dir)? {
                    Some(place) if place != open.place => work(&*self.again()?),
                    _ => Err(error),
                },
                done => done,
            }
        })
    }

    fn again(&self) -> Result<Arc<Open>, StoreError> {
        let open = Arc::new(Open::at(&self.dir, &self.unlock)?);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = open.clone();
        Ok(open)
    }

    /// Notes that people looked at something, as [`crate::note_consultation`] does: all of it or nothing, with one wait
    /// for the disk.
    ///
    /// # Errors
    /// When the log can't be written: then nothing may be shown.
    pub fn note_consultations(&self, looks: &[Consultation<'_>], now: jiff::Timestamp) -> Result<(), StoreError> {
        self.with(|Open { db, keys, .. }| {
            let mut left = looks.iter();
            let mut make = |n: u64| match left.next() {
                Some(look) => entry_of(&self.dir, keys, look, now, n),
                None => {
                    Err(StoreError::Log { place: self.dir.display().to_string(), n, why: "nobody looked".to_owned() })
                }
            };
            let sign = |size, root| keys.checkpoint(LogKind::Access, size, root);
            let count = looks.len() as u64;
            log::append(db, LogKind::Access, count, &mut make, &sign, &KeyChanges::default()).map(drop)
        })
    }

    /// Entries that the custody log has: it grows with whatever happens in the case.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn size(&self) -> Result<u64, StoreError> {
        self.with(|open| log::size(&open.db, LogKind::Custody))
    }

    /// The latest `count` entries of a log before index `before`, latest first.
    ///
    /// # Errors
    /// When the database can't be read or an entry is damaged.
    pub fn page(&self, which: LogKind, before: Option<u64>, count: u32) -> Result<Vec<LogLine>, StoreError> {
        let lines = self.with(|open| {
            // Where the logs have left, it says so.
            log::size(&open.db, which)?;
            log::page(&open.db, which, before, count)
        })?;
        let line = |bytes: &Vec<u8>| {
            let entry = Entry::parse(bytes).map_err(|error| StoreError::Log {
                place: self.dir.display().to_string(),
                n: 0,
                why: error.to_string(),
            })?;
            Ok(LogLine {
                n: entry.n,
                at: entry.received.timestamp(),
                by: entry.by.name,
                kind: entry.kind.to_string(),
                refs: entry.refs.iter().map(ToString::to_string).collect(),
                reason: entry.reason,
            })
        };
        lines.iter().map(line).collect()
    }
}
