//! How the files of a case lie on the disk: as they are, or sealed, so that whoever takes the disk
//! has nothing; and either way read at any place, on this machine's disk or on another machine.
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

mod far;
mod file;
mod key;
mod piece;
mod sink;
mod source;

pub use far::{Far, Raw};
pub use key::FileKey;
pub use sink::Sink;
pub use source::Source;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a folder's files are kept.
#[derive(Debug, Clone, Default)]
pub enum Keeping {
    /// As they are, for any tool to read: invented data.
    #[default]
    Plain,
    /// Sealed under a key.
    Sealed(FileKey),
    /// On another machine, to be read only: as they are, or sealed under a key.
    Far(Arc<dyn Far>, Option<FileKey>),
}

impl Keeping {
    /// Begins a file that isn't there yet.
    ///
    /// # Errors
    /// When it is there, or can't be written.
    pub fn create(&self, path: &Path) -> io::Result<Sink> {
        if let Keeping::Far(..) = self {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "files on another machine are read only"));
        }
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
        let raw: Box<dyn Raw> = match self {
            Keeping::Far(far, _) => far.open(path)?,
            Keeping::Plain | Keeping::Sealed(_) => Box::new(File::open(path)?),
        };
        Source::new(raw, self.key())
    }

    /// The paths of a folder's files, in order.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn files(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = match self {
            Keeping::Far(far, _) => far.names().into_iter().map(|name| dir.join(name)).collect(),
            Keeping::Plain | Keeping::Sealed(_) => {
                std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?
            }
        };
        files.sort();
        Ok(files)
    }

    /// The key that files are sealed under.
    pub fn key(&self) -> Option<&FileKey> {
        match self {
            Keeping::Plain => None,
            Keeping::Sealed(key) => Some(key),
            Keeping::Far(_, key) => key.as_ref(),
        }
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
