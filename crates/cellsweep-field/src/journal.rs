//! Where the day's lines are kept. Nothing counts before a journal has it, and nothing of a journal ever changes.
//!
//! A line is kept by itself, sealed under the case's data key where there is one; it opens at its own number only.

mod file;
mod sql;

use std::io;
use std::path::PathBuf;

use cellsweep_vault::Keeping;

pub use file::FileJournal;
pub use sql::SqlJournal;

/// A place that keeps lines.
pub trait Journal: Send {
    /// Keeps lines after those that are there. When this returns without an error they are on the disk, all of them;
    /// with an error, all of them are there or none, and [`Journal::read`] tells.
    ///
    /// # Errors
    /// Where they could not be kept.
    fn append(&mut self, lines: &[String]) -> Result<(), JournalError>;

    /// All lines, the oldest first.
    ///
    /// # Errors
    /// Where they can't be read.
    fn read(&mut self) -> Result<Vec<String>, JournalError>;
}

/// Why a journal doesn't keep or give.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file.
    #[error("{what} {}: {source}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A database.
    #[error("{place} doesn't keep or give the day's journal: {source}")]
    Database {
        /// Which.
        place: String,
        /// Why not.
        source: sqlx::Error,
    },
    /// A name that no schema may have.
    #[error("{0:?} is no schema's name: it has up to 60 of a-z, 0-9 and _, and begins with a letter")]
    Schema(String),
    /// Somebody else has it.
    #[error("{0} is in use by another process: a search day has one server")]
    InUse(String),
    /// A line that can't be kept.
    #[error("line {number} of the day's journal can't be sealed: {source}")]
    Seal {
        /// Which, from 1 on.
        number: usize,
        /// Why not.
        source: io::Error,
    },
    /// A line that doesn't open.
    #[error(
        "line {0} of the day's journal doesn't open: it was changed, or it was sealed under another key. Open the case \
         that the day belongs to, and if that is this one, take the journal from a backup"
    )]
    Sealed(usize),
    /// A line that no program of this version wrote.
    #[error("line {0} of the day's log can't be read: it was changed, or a newer program wrote it")]
    Line(usize),
    /// Another kind of journal.
    #[error("{0}")]
    Other(String),
}

/// A line as it is kept; it is the `number`th, from 1 on.
fn close(keeping: &Keeping, number: usize, line: &str) -> Result<Vec<u8>, JournalError> {
    keeping.close_piece(&place(number), line.as_bytes()).map_err(|source| JournalError::Seal { number, source })
}

/// A line from what was kept of it.
fn open(keeping: &Keeping, number: usize, kept: Vec<u8>) -> Result<String, JournalError> {
    let line = keeping.open_piece(&place(number), kept).ok().ok_or(JournalError::Sealed(number))?;
    String::from_utf8(line).ok().ok_or(JournalError::Line(number))
}

fn place(number: usize) -> String {
    format!("day.line.{number}")
}
