//! Photos, by their digests. They come in pieces over bad networks, and count once their bytes are those of their name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cellsweep_sweep::Digest;
use cellsweep_vault::Keeping;

use crate::keys::sha256;

/// What is there of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of it, so many bytes.
    Whole(u64),
    /// Its first bytes, so many; none at first.
    Part(u64),
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is there, and durable if it was the last.
    Kept(Held),
    /// It doesn't go where the photo goes on; it goes on here.
    Elsewhere(Held),
    /// All bytes are there, and they aren't those of the name; nothing is kept of them.
    Another,
}

/// A place that keeps photos; an investigation's seals them.
pub trait Photos: Send + Sync {
    /// What is there of it.
    ///
    /// # Errors
    /// Where that can't be told.
    fn held(&self, photo: &Digest) -> io::Result<Held>;

    /// Takes a piece that begins at byte `at` of `length` in all.
    ///
    /// # Errors
    /// Where it can't be kept.
    fn put(&self, photo: &Digest, at: u64, length: u64, piece: &[u8]) -> io::Result<Put>;

    /// A whole photo.
    ///
    /// # Errors
    /// Where it isn't there whole, or can't be read.
    fn read(&self, photo: &Digest) -> io::Result<Vec<u8>>;
}

/// Photos whose pieces are taken one after the other; those of others are taken meanwhile.
const AT_ONCE: usize = 64;

/// Photos as files in a folder, sealed under the case's data key where there is one. The pieces of one that isn't whole
/// are files by themselves, named by where they begin: `DIGEST.part/OFFSET`.
#[derive(Debug)]
pub struct FolderPhotos {
    folder: PathBuf,
    keeping: Keeping,
    writing: [Mutex<()>; AT_ONCE],
}

impl FolderPhotos {
    /// In this folder, which is made if it isn't there.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn open(folder: &Path, keeping: Keeping) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), keeping, writing: [const { Mutex::new(()) }; AT_ONCE] })
    }

    fn whole(&self, photo: &Digest) -> PathBuf {
        self.folder.join(photo.as_str())
    }

    fn part(&self, photo: &Digest) -> PathBuf {
        self.folder.join(format!("{photo}.part"))
    }

    /// The turn of a photo: who has it is alone with it.
    fn turn(&self, photo: &Digest) -> &Mutex<()> {
        let first = photo.as_str().bytes().take(4).fold(0, |sum, byte| sum * 31 + usize::from(byte));
        &self.writing[first % AT_ONCE]
    }

    /// The pieces that are there whole, one behind the other: where each begins, and its bytes' count.
    fn pieces(&self, photo: &Digest) -> io::Result<BTreeMap<u64, u64>> {
        let part = self.part(photo);
        let entries = match std::fs::read_dir(&part) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            entries => entries?,
        };
        let mut found = BTreeMap::new();
        for entry in entries {
            let Some(at) = entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()) else { continue };
            // What a crash tore doesn't open, and comes again.
            if let Ok(piece) = self.keeping.open(&part.join(at.to_string())) {
                found.insert(at, piece.len());
            }
        }
        let mut end = 0;
        found.retain(|at, length| {
            let follows = *at == end;
            end += if follows { *length } else { 0 };
            follows
        });
        Ok(found)
    }

    fn there(&self, photo: &Digest) -> io::Result<Held> {
        match self.keeping.open(&self.whole(photo)) {
            Ok(whole) => return Ok(Held::Whole(whole.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let pieces = self.pieces(photo)?;
        Ok(Held::Part(pieces.last_key_value().map_or(0, |(at, length)| at + length)))
    }

    fn keep_piece(&self, photo: &Digest, at: u64, piece: &[u8]) -> io::Result<()> {
        let part = self.part(photo);
        std::fs::create_dir_all(&part)?;
        self.keeping.write(&part.join(at.to_string()), piece)
    }

    /// All pieces are there: they count if they are what the name says.
    fn finish(&self, photo: &Digest, last: &[u8]) -> io::Result<Put> {
        let part = self.part(photo);
        let mut bytes = Vec::new();
        for at in self.pieces(photo)?.keys() {
            bytes.extend(self.keeping.read(&part.join(at.to_string()))?);
        }
        bytes.extend(last);
        if sha256(&bytes) != photo.as_str() {
            removed(std::fs::remove_dir_all(&part))?;
            return Ok(Put::Another);
        }
        let new = self.folder.join(format!("{photo}.new"));
        removed(std::fs::remove_file(&new))?;
        self.keeping.write(&new, &bytes)?;
        std::fs::rename(&new, self.whole(photo))?;
        File::open(&self.folder)?.sync_all()?;
        removed(std::fs::remove_dir_all(&part))?;
        Ok(Put::Kept(Held::Whole(bytes.len() as u64)))
    }
}

/// What isn't there need not be removed.
fn removed(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Photos for FolderPhotos {
    fn held(&self, photo: &Digest) -> io::Result<Held> {
        self.there(photo)
    }

    fn put(&self, photo: &Digest, at: u64, length: u64, piece: &[u8]) -> io::Result<Put> {
        let _alone = self.turn(photo).lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.there(photo)?;
        match held {
            Held::Whole(_) => return Ok(Put::Kept(held)),
            Held::Part(there) if there != at => return Ok(Put::Elsewhere(held)),
            Held::Part(_) => {}
        }
        let there = at + piece.len() as u64;
        if there >= length {
            return self.finish(photo, piece);
        }
        if !piece.is_empty() {
            removed(std::fs::remove_file(self.part(photo).join(at.to_string())))?;
            self.keep_piece(photo, at, piece)?;
        }
        Ok(Put::Kept(Held::Part(there)))
    }

    fn read(&self, photo: &Digest) -> io::Result<Vec<u8>> {
        self.keeping.read(&self.whole(photo))
    }
}
