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
    #[error("{dir} is not a case: it has no manifest.json")]
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
    /// The case was written by a newer version.
    #[error("{dir} is a case of format {found}; this version reads up to format {supported}")]
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
            Self::NewerFormat { .. } => Some("open it with the version of cellsweep that wrote it, or a later one"),
            Self::DamagedManifest { .. } => {
                Some("the manifest is only ever replaced whole: restore the case from its backup and keep this copy")
            }
            Self::Busy { .. } => Some("wait until it is done; reading the case needs no waiting"),
            Self::Table { .. } => Some("a file of the case was altered or lost: restore the case from its backup"),
        }
    }
}
