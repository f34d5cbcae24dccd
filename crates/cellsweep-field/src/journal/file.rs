//! Lines in a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use cellsweep_vault::Keeping;

use super::{Journal, JournalError};

/// Lines in a file in a folder: appended, flushed to the disk, one write for all that came together. A sealed line
/// stands there in base64.
#[derive(Debug)]
pub struct FileJournal {
    file: File,
    path: PathBuf,
    keeping: Keeping,
    /// Bytes and lines that are surely there; a write that failed is cut off behind them.
    length: u64,
    lines: usize,
}

/// Opens a file, or makes one for its owner's eyes only.
pub(super) fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a file that one process may have.
pub(super) fn alone(path: &Path) -> Result<File, JournalError> {
    let failed = |what, source| JournalError::File { what, path: path.to_owned(), source };
    let file = private(path).map_err(|source| failed("cannot open", source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse(path.display().to_string())),
        Err(TryLockError::Error(source)) => Err(failed("cannot lock", source)),
    }
}

impl FileJournal {
    /// Opens `day.jsonl` in a folder, or begins one. A last line that was torn by a crash was never acknowledged, and is
    /// cut off.
    ///
    /// # Errors
    /// Where the file can't be opened, or another process has it.
    pub fn open(folder: &Path, keeping: Keeping) -> Result<Self, JournalError> {
        let path = folder.join("day.jsonl");
        let file = alone(&path)?;
        let mut journal = Self { file, path, keeping, length: 0, lines: 0 };
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| journal.failed("cannot flush the folder of", source))?;
        journal.mend().map_err(|source| journal.failed("cannot mend", source))?;
        Ok(journal)
    }

    fn mend(&mut self) -> io::Result<()> {
        let text = self.bytes()?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.length = whole as u64;
        self.lines = text[..whole].iter().filter(|byte| **byte == b'\n').count();
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

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(text)?;
        self.file.sync_data()
    }

    fn failed(&self, what: &'static str, source: io::Error) -> JournalError {
        JournalError::File { what, path: self.path.clone(), source }
    }

    /// A line as it stands in the file.
    fn closed(&self, number: usize, line: &str) -> Result<Vec<u8>, JournalError> {
        let kept = super::close(&self.keeping, number, line)?;
        Ok(match self.keeping.key() {
            None => kept,
            Some(_) => STANDARD_NO_PAD.encode(kept).into_bytes(),
        })
    }

    fn opened(&self, number: usize, line: &[u8]) -> Result<String, JournalError> {
        let kept = match self.keeping.key() {
            None => line.to_vec(),
            Some(_) => STANDARD_NO_PAD.decode(line).ok().ok_or(JournalError::Sealed(number))?,
        };
        super::open(&self.keeping, number, kept)
    }
}

impl Journal for FileJournal {
    fn append(&mut self, lines: &[String]) -> Result<(), JournalError> {
        let mut text = Vec::new();
        for (line, number) in lines.iter().zip(self.lines + 1..) {
            text.extend(self.closed(number, line)?);
            text.push(b'\n');
        }
        match self.write(&text) {
            Ok(()) => {
                self.length += text.len() as u64;
                self.lines += lines.len();
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
        let lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n').zip(1..);
        lines.map(|(line, number)| self.opened(number, line.strip_suffix(b"\n").unwrap_or(line))).collect()
    }
}
