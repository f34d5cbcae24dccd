//! How the files of a case lie on the disk: as they are, or sealed, so that whoever takes the disk
//! has nothing; and either way read at any place.
//!
//! Belongs here: the form of a sealed file, writing one, reading parts of one; pieces that are sealed one by one.
//!
//! Does not belong here: whose key it is and when it is destroyed (`store`), what is in the files.
//!
//! ```text
//! 8 bytes    "cswseal1"
//! 16 bytes   salt, drawn anew for each file
//! parts      16 KiB of the file each, the last one shorter or not, and a tag of 16 bytes
//! ```
//!
//! Each part is XChaCha20-Poly1305 under the key, with salt, the part's number (7 bytes, big-endian)
//! and whether it is the last one (1 byte) as its nonce: the construction STREAM (Hoang, Reyhanitabar,
//! Rogaway and Vizár, 2015), as the file format age has it. Parts can't be changed, moved, left out or added, nor can
//! the end be cut off, without notice.

mod file;
mod key;
mod piece;
mod sink;
mod source;

pub use key::FileKey;
pub use sink::Sink;
pub use source::Source;

use std::fs::File;
use std::io;
use std::path::Path;

/// How a folder's files are kept.
#[derive(Debug, Clone, Default)]
pub enum Keeping {
    /// As they are, for any tool to read: invented data.
    #[default]
    Plain,
    /// Sealed under a key.
    Sealed(FileKey),
}

impl Keeping {
    /// Begins a file that isn't there yet.
    ///
    /// # Errors
    /// When it is there, or can't be written.
    pub fn create(&self, path: &Path) -> io::Result<Sink> {
        Sink::new(File::create_new(path)?, self)
    }

    /// Writes a file in one go.
    ///
    /// # Errors
    /// As [`Keeping::create`].
    pub fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut sink = self.create(path)?;
        io::Write::write_all(&mut sink, bytes)?;
        sink.finish()
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When it isn't there; of a sealed one also when the key is another, or its beginning or end is
    /// not as it was written.
    pub fn open(&self, path: &Path) -> io::Result<Source> {
        Source::new(File::open(path)?, self)
    }

    /// Reads a whole file.
    ///
    /// # Errors
    /// As [`Keeping::open`] and [`Source::read_at`].
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let source = self.open(path)?;
        source.read_range(0..source.len())
    }
}

#[cfg(test)]
mod tests;
