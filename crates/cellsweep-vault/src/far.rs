//! Files that lie on another machine.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A folder on another machine.
pub trait Far: Debug + Send + Sync {
    /// The names of its files.
    fn names(&self) -> Vec<String>;

    /// Opens the file that a path's last part names.
    ///
    /// # Errors
    /// When there is none.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Raw>>;
}

/// A file's bytes as they lie, sealed or not.
pub trait Raw: Send {
    /// How many.
    ///
    /// # Errors
    /// When it can't be told.
    fn size(&self) -> io::Result<u64>;

    /// Fills `bytes` from a place on.
    ///
    /// # Errors
    /// When the file ends before, or can't be read.
    fn read_at(&mut self, start: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Whether many small reads cost much more than one that is large.
    fn is_slow(&self) -> bool {
        true
    }
}

impl Raw for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&mut self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(start))?;
        self.read_exact(bytes)
    }

    fn is_slow(&self) -> bool {
        false
    }
}
