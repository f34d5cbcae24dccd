//! What can go wrong with a case on disk.

use std::path::{Path, PathBuf};

/// Why the store can't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder could not be read or written.
    #[error("can't {doing} {path}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// No case lies there.
    #[error("{dir} is not a case: it has no case.json")]
    NotACase {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// Something lies there already.
    #[error("{dir} is not empty")]
    NotEmpty {
        /// Where a case should begin.
        dir: PathBuf,
    },
    /// A copy of a case isn't what its list of files says.
    #[error("{path}: {why}")]
    DamagedBackup {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The case was written by a newer version.
    #[error("{dir} is a case of format {found}, says its case.json; this version reads up to format {supported}")]
    NewerFormat {
        /// The case.
        dir: PathBuf,
        /// Its format.
        found: u64,
        /// What is understood here.
        supported: u32,
    },
    /// The manifest is not what was written.
    #[error("{path} is damaged: {why}")]
    DamagedManifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another process writes to the case.
    #[error("{dir} is being written by {holder}")]
    Busy {
        /// The case.
        dir: PathBuf,
        /// Who, as it named itself.
        holder: String,
    },
    /// The case's database can't do what was asked.
    #[error("{place}: {why}")]
    Database {
        /// Which.
        place: String,
        /// What it says.
        why: String,
    },
    /// The case's logs are, or are about to be, in another database.
    #[error("{place}: the case is moved to another database")]
    Moved {
        /// Where they were.
        place: String,
    },
    /// Somebody reads what was erased, so that it can't be overwritten yet.
    #[error("{place}: what was erased is not overwritten yet, for somebody is reading it")]
    StillRead {
        /// Which database.
        place: String,
    },
    /// A file that is not any more what was read of it.
    #[error("{}: the file was changed while it was imported", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The case's key isn't where it was looked for.
    #[error("the case is locked: there is no key at {path}")]
    NoKey {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The case's keys can't be used.
    #[error("the case is locked: {why}")]
    Keys {
        /// Why.
        why: String,
    },
    /// The case's log isn't what was written.
    #[error("{place}: entry {n} of the log: {why}")]
    Log {
        /// The case.
        place: String,
        /// The entry's index.
        n: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A time stamp or a co-signature that can't be kept.
    #[error("this can't be kept beside the log: {why}")]
    Mark {
        /// Why not.
        why: String,
    },
    /// A key or a reference that was given and isn't one.
    #[error("{what}: {why}")]
    NotOne {
        /// What was given.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Something that no entry of the log speaks of.
    #[error("no entry of the log speaks of {about}")]
    NoSuchItem {
        /// What was asked for.
        about: String,
    },
    /// An import whose original was not kept.
    #[error("no original is kept of {id}")]
    NoOriginal {
        /// Which import.
        id: String,
    },
    /// An import that the case doesn't have.
    #[error("the case has no import {id}")]
    NoSuchImport {
        /// What was asked for.
        id: String,
    },
    /// A table of the case can't be read or written.
    #[error("{path}: {why}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    /// For `map_err`: an I/O error with what was tried on what.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// For `map_err`: the database with what it says.
    pub(crate) fn database(place: &str) -> impl FnOnce(sqlx::Error) -> Self {
        let place = place.to_owned();
        move |error| Self::Database { place, why: error.to_string() }
    }

    /// For `map_err`: a mark that can't be kept.
    pub(crate) fn mark<E: std::fmt::Display>(error: E) -> Self {
        Self::Mark { why: error.to_string() }
    }

    /// For `map_err`: a key that can't be used.
    pub(crate) fn keys<E: std::fmt::Display>(error: E) -> Self {
        Self::Keys { why: error.to_string() }
    }

    /// For `map_err`: a table's file with what is wrong.
    pub(crate) fn table<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |error| Self::Table { path, why: error.to_string() }
    }

    /// What to do next, where that can be said.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { .. } => None,
            Self::NotACase { .. } => Some("begin one with `cellsweep init DIR`, or name it with --case DIR"),
            Self::NotEmpty { .. } => Some("name a folder that doesn't exist yet, or an empty one"),
            Self::DamagedBackup { .. } => Some("restore another copy; nothing was taken from this one"),
            Self::NewerFormat { .. } => Some("open it with the version of cellsweep that wrote it, or a later one"),
            Self::DamagedManifest { .. } => {
                Some("the manifest is only ever replaced whole: restore the case from its backup and keep this copy")
            }
            Self::NotOne { .. } | Self::Mark { .. } => None,
            Self::NoSuchItem { .. } => Some("exhibits are item/ID, imports import/ID, runs run/ID"),
            Self::NoOriginal { .. } => {
                Some("originals are kept in investigations, and where `import --keep-original` says so")
            }
            Self::NoSuchImport { .. } => Some("`cellsweep quality` lists the imports"),
            Self::Busy { .. } => Some("wait until it is done; reading the case needs no waiting"),
            Self::Database { .. } => {
                Some("see that the database can be reached and its disk has room; nothing was half done")
            }
            Self::Moved { .. } => {
                Some("open it again; where a move was interrupted, `cellsweep case move` once more completes it")
            }
            Self::StillRead { .. } => {
                Some("the log says that it is erased; whoever opens the case for writing next overwrites it")
            }
            Self::Changed { .. } => Some("import it again once nobody writes to it; nothing of it was kept"),
            Self::NoKey { .. } | Self::Keys { .. } => Some(
                "name its key file with --key-file FILE, or the file of its passphrase with --passphrase-file FILE",
            ),
            Self::Log { .. } => {
                Some("`cellsweep verify` says what was altered; restore the case from its backup and keep this copy")
            }
            Self::Table { .. } => Some("a file of the case was altered or lost: restore the case from its backup"),
        }
    }
}
