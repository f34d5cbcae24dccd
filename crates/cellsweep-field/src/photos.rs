//! Photos, by their digests. They come in pieces over bad networks, and count once their bytes are those of their name.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cellsweep_sweep::Digest;
use sha2::{Digest as _, Sha256};

use crate::keys::hex;

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

/// Photos as files in a folder, as they are.
#[derive(Debug)]
pub struct FolderPhotos {
    folder: PathBuf,
    /// One piece at a time.
    writing: Mutex<()>,
}

impl FolderPhotos {
    /// In this folder, which is made if it isn't there.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), writing: Mutex::new(()) })
    }

    fn part(&self, photo: &Digest) -> PathBuf {
        self.folder.join(format!("{photo}.part"))
    }

    /// All pieces are there: they count if they are what the name says.
    fn finish(&self, photo: &Digest, length: u64) -> io::Result<Put> {
        let part = self.part(photo);
        if digest_of(&part)? != photo.as_str() {
            std::fs::remove_file(&part)?;
            return Ok(Put::Another);
        }
        File::open(&part)?.sync_all()?;
        std::fs::rename(&part, self.folder.join(photo.as_str()))?;
        File::open(&self.folder)?.sync_all()?;
        Ok(Put::Kept(Held::Whole(length)))
    }
}

impl Photos for FolderPhotos {
    fn held(&self, photo: &Digest) -> io::Result<Held> {
        if let Some(length) = length_of(&self.folder.join(photo.as_str()))? {
            return Ok(Held::Whole(length));
        }
        Ok(Held::Part(length_of(&self.part(photo))?.unwrap_or(0)))
    }

    fn put(&self, photo: &Digest, at: u64, length: u64, piece: &[u8]) -> io::Result<Put> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.held(photo)?;
        match held {
            Held::Whole(_) => return Ok(Put::Kept(held)),
            Held::Part(there) if there != at => return Ok(Put::Elsewhere(held)),
            Held::Part(_) => {}
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(self.part(photo))?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(piece)?;
        let there = at + piece.len() as u64;
        if there < length { Ok(Put::Kept(Held::Part(there))) } else { self.finish(photo, there) }
    }

    fn read(&self, photo: &Digest) -> io::Result<Vec<u8>> {
        std::fs::read(self.folder.join(photo.as_str()))
    }
}

fn length_of(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn digest_of(path: &Path) -> io::Result<String> {
    let (mut file, mut digest, mut piece) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&digest.finalize())),
            read => digest.update(&piece[..read]),
        }
    }
}
