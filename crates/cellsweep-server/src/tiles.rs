//! The maps' background: one PMTiles file (version 3, <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>) of
//! vector tiles, given out in ranges. Browsers find in it what they need.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use axum::body::Bytes;

/// The most that is given out at once, in bytes: directories and tiles are far smaller.
const MOST: u64 = 16 << 20;
/// The header's length, in bytes.
const HEADER: usize = 127;
/// Where the header says where something begins and how long it is: root directory, metadata, leaf directories, tiles.
const SECTIONS: [usize; 4] = [8, 24, 40, 56];
/// Compressions that browsers' side reads: none, and gzip.
const COMPRESSIONS: [u8; 2] = [1, 2];
/// Tiles of the Mapbox Vector Tile form.
const VECTOR: u8 = 1;

/// Why a file is no background.
#[derive(Debug, thiserror::Error)]
pub enum TilesError {
    /// It can't be read.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is another kind of file.
    #[error(
        "{path} can't be a background for maps: {why}. Give a PMTiles file of version 3 with vector tiles, as `pmtiles extract` writes it"
    )]
    Not {
        /// Which.
        path: PathBuf,
        /// What it is instead.
        why: String,
    },
}

/// A file of tiles, open.
#[derive(Debug)]
pub struct Tiles {
    file: Mutex<File>,
    size: u64,
    tag: String,
}

/// Bytes that are asked for, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first, from 0.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Tiles {
    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// When it can't be read, is no PMTiles file of vector tiles, or is cut short.
    pub fn open(path: &Path) -> Result<Self, TilesError> {
        let io = |source| TilesError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(io)?;
        let facts = file.metadata().map_err(io)?;
        let mut header = Vec::with_capacity(HEADER);
        file.by_ref().take(HEADER as u64).read_to_end(&mut header).map_err(io)?;
        check(&header, facts.len()).map_err(|why| TilesError::Not { path: path.to_owned(), why })?;
        let changed = facts.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let tag = format!("\"{:x}-{:x}\"", facts.len(), changed.as_nanos());
        Ok(Self { file: Mutex::new(file), size: facts.len(), tag })
    }

    /// Its length, in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// What tells it from another one, as an entity tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The stretch that a `Range` header asks for, as far as the file goes; `None` where it asks for something else than
    /// one stretch of some length.
    pub fn stretch(&self, range: &str) -> Option<Stretch> {
        stretch(range, self.size)
    }

    /// Reads a stretch. It may wait for the disk.
    ///
    /// # Errors
    /// When the file can't be read any more.
    pub fn read(&self, stretch: Stretch) -> std::io::Result<Bytes> {
        let mut bytes = Vec::new();
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(stretch.first))?;
        let length = stretch.last - stretch.first + 1;
        let read = file.by_ref().take(length).read_to_end(&mut bytes)?;
        if read as u64 == length { Ok(bytes.into()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn stretch(range: &str, size: u64) -> Option<Stretch> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let last = last.min(size.saturating_sub(1));
    (first <= last && last - first < MOST).then_some(Stretch { first, last })
}

/// What is wrong with a file that begins so and is so long.
fn check(header: &[u8], size: u64) -> Result<(), String> {
    if !header.starts_with(b"PMTiles") {
        return Err("it doesn't begin as one".to_owned());
    }
    match header.get(7) {
        Some(3) => {}
        Some(version) => return Err(format!("it is of version {version}")),
        None => return Err("it is cut short".to_owned()),
    }
    if header.len() < HEADER {
        return Err("it is cut short".to_owned());
    }
    if header[99] != VECTOR {
        return Err("its tiles are pictures, not vectors".to_owned());
    }
    if header[97..99].iter().any(|kind| !COMPRESSIONS.contains(kind)) {
        return Err("it is compressed by something else than gzip, which browsers can't undo".to_owned());
    }
    let number = |at: usize| header[at..at + 8].iter().rev().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
    let end = SECTIONS.iter().map(|at| number(*at).saturating_add(number(at + 8))).max().unwrap_or(0);
    if end > size {
        return Err(format!("it is cut short: {size} bytes of {end} are there"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Vec<u8> {
        let mut header = vec![0; HEADER];
        header[..8].copy_from_slice(b"PMTiles\x03");
        header[56] = 127;
        header[64] = 73;
        header[97..100].copy_from_slice(&[2, 2, 1]);
        header
    }

    #[test]
    fn what_is_no_background_says_why() {
        assert_eq!(check(&header(), 200), Ok(()));
        let changed = |at: usize, to: u8| {
            let mut header = header();
            header[at] = to;
            header
        };
        for (file, size, expected) in [
            (b"PK\x03\x04".to_vec(), 4, "doesn't begin"),
            (b"PMTiles".to_vec(), 7, "cut short"),
            (header()[..100].to_vec(), 100, "cut short"),
            (header(), 199, "199 bytes of 200"),
            (changed(7, 2), 200, "version 2"),
            (changed(99, 2), 200, "pictures"),
            (changed(98, 4), 200, "gzip"),
            (vec![255; HEADER], 200, "doesn't begin"),
        ] {
            let why = check(&file, size).unwrap_err();
            assert!(why.contains(expected), "{why}, not {expected}");
        }
        let mut far = header();
        far[40..56].fill(255);
        assert!(check(&far, 200).unwrap_err().contains("cut short"));
    }

    #[test]
    fn a_range_is_one_stretch_of_the_file() {
        assert_eq!(stretch("bytes=127-129", 200), Some(Stretch { first: 127, last: 129 }));
        assert_eq!(stretch("bytes=199-16383", 200), Some(Stretch { first: 199, last: 199 }), "as far as it goes");
        for other in
            ["bytes=200-210", "bytes=5-4", "bytes=-5", "bytes=5-", "bytes=0-1,5-6", "items=0-1", "", "bytes=a-b"]
        {
            assert_eq!(stretch(other, 200), None, "{other}");
        }
        assert_eq!(stretch("bytes=0-18446744073709551615", 1 << 40), None, "more than is given out at once");
    }
}
