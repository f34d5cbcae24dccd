//! Where the day's lines are kept. Nothing counts before a journal has it, and nothing of a journal ever changes.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// A place that keeps lines. The case's log can be one.
pub trait Journal: Send {
    /// Keeps lines after those that are there. When this returns without an error they are on the disk, all of them;
    /// with an error, none of them is there.
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
    /// Somebody else has it.
    #[error("{} is in use by another process: a search day has one server", .0.display())]
    InUse(PathBuf),
    /// A line that no program of this version wrote.
    #[error("line {0} of the day's log can't be read: it was changed, or a newer program wrote it")]
    Line(usize),
    /// Another kind of journal.
    #[error("{0}")]
    Other(String),
}

/// Lines in a file in a folder: appended, flushed to the disk, one write for all that came together.
#[derive(Debug)]
pub struct FileJournal {
    file: File,
    path: PathBuf,
    /// Bytes that are surely there; a write that failed is cut off behind them.
    length: u64,
}

impl FileJournal {
    /// Opens `day.jsonl` in a folder, or begins one. A last line that was torn by a crash was never acknowledged, and is
    /// cut off.
    ///
    /// # Errors
    /// Where the file can't be opened, or another process has it.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join("day.jsonl");
        let failed = |what, source| JournalError::File { what, path: path.clone(), source };
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|source| failed("cannot open", source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse(path)),
            Err(TryLockError::Error(source)) => return Err(failed("cannot lock", source)),
        }
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| failed("cannot flush the folder of", source))?;
        let mut journal = Self { file, path, length: 0 };
        journal.mend().map_err(|source| journal.failed("cannot mend", source))?;
        Ok(journal)
    }

    fn mend(&mut self) -> io::Result<()> {
        let text = self.bytes()?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.length = whole as u64;
        if whole < text.len() {
            self.file.set_len(self.length)?;
            self.file.sync_all()?;
        }
        Ok(())
    }

    fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }

    fn failed(&self, what: &'static str, source: io::Error) -> JournalError {
        JournalError::File { what, path: self.path.clone(), source }
    }
}

impl Journal for FileJournal {
    fn append(&mut self, lines: &[String]) -> Result<(), JournalError> {
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        match self.write(&text) {
            Ok(()) => {
                self.length += text.len() as u64;
                Ok(())
            }
            Err(source) => {
                // What can't be cut off now is written over by the next line, or cut off when it is opened again.
                let _ = self.file.set_len(self.length);
                Err(self.failed("cannot write to", source))
            }
        }
    }

    fn read(&mut self) -> Result<Vec<String>, JournalError> {
        let bytes = self.bytes().map_err(|source| self.failed("cannot read", source))?;
        let whole = usize::try_from(self.length).unwrap_or(usize::MAX).min(bytes.len());
        let lines = bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).zip(1..);
        let text = |(line, number): (&[u8], usize)| {
            std::str::from_utf8(line).map(str::to_owned).ok().ok_or(JournalError::Line(number))
        };
        lines.map(text).collect()
    }
}
