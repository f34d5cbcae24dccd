//! Candidates between looking and weighing: in memory as long as there is room, then in files beside what is being made,
//! kept as it is.

use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cellsweep_engine::Range;
use cellsweep_model::HandsetKey;
use cellsweep_store::Staging;
use cellsweep_trace::{Bulk, Candidate, Dossier, Files, Slot};
use cellsweep_vault::Keeping;
use rustc_hash::FxHashSet;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where blocks lie. What is in files goes with it.
pub(super) struct Shelf {
    dir: PathBuf,
    keeping: Keeping,
    /// Bytes that may still be kept in memory.
    room: AtomicU64,
    files: AtomicU32,
}

/// A block that was put on the shelf.
pub(super) enum Block<T> {
    /// In memory, where it takes so many bytes.
    Here(Arc<Vec<T>>, u64),
    /// In a file.
    There(PathBuf, PhantomData<T>),
}

impl Shelf {
    /// An empty shelf that keeps so many bytes in memory.
    pub(super) fn new(staging: &Staging, room: u64) -> io::Result<Self> {
        let dir = staging.path().join("shelf");
        std::fs::create_dir(&dir)?;
        Ok(Self { dir, keeping: staging.keeping(), room: AtomicU64::new(room), files: AtomicU32::new(0) })
    }

    /// Keeps a block.
    pub(super) fn put<T: Serialize + Bulk>(&self, items: Vec<T>) -> io::Result<Block<T>> {
        let bytes = items.iter().map(|item| item.bytes() as u64).sum::<u64>();
        let left = |room: u64| room.checked_sub(bytes);
        if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok() {
            return Ok(Block::Here(Arc::new(items), bytes));
        }
        let path = self.dir.join(format!("block-{}", self.files.fetch_add(1, Ordering::Relaxed)));
        let mut sink = self.keeping.create(&path)?;
        sink.write_all(&postcard::to_allocvec(&items).map_err(unreadable)?)?;
        sink.close()?;
        Ok(Block::There(path, PhantomData))
    }

    /// A block's contents.
    pub(super) fn read<T: DeserializeOwned>(&self, block: &Block<T>) -> io::Result<Arc<Vec<T>>> {
        match block {
            Block::Here(items, _) => Ok(Arc::clone(items)),
            Block::There(path, _) => postcard::from_bytes(&self.keeping.read(path)?).map(Arc::new).map_err(unreadable),
        }
    }

    /// Takes a block from the shelf.
    pub(super) fn take<T: DeserializeOwned + Clone>(&self, block: Block<T>) -> io::Result<Vec<T>> {
        match block {
            Block::Here(items, bytes) => {
                self.room.fetch_add(bytes, Ordering::Relaxed);
                Ok(Arc::unwrap_or_clone(items))
            }
            Block::There(ref path, _) => {
                let items = self.read(&block)?;
                std::fs::remove_file(path)?;
                Ok(Arc::unwrap_or_clone(items))
            }
        }
    }
}

/// Candidates by the ranges of handsets in which they were looked at.
pub(super) struct ByRange {
    pub(super) ranges: Vec<Range>,
    blocks: Vec<Mutex<Option<Block<Candidate>>>>,
}

impl ByRange {
    pub(super) fn new(ranges: Vec<Range>, blocks: Vec<Block<Candidate>>) -> Self {
        Self { ranges, blocks: blocks.into_iter().map(|block| Mutex::new(Some(block))).collect() }
    }

    /// Takes a range's candidates from the shelf.
    pub(super) fn take(&self, shelf: &Shelf, range: Range) -> io::Result<Vec<Candidate>> {
        let place = self.ranges.partition_point(|other| other.from < range.from);
        let block = self.blocks[place].lock().unwrap_or_else(PoisonError::into_inner).take();
        block.map_or(Ok(Vec::new()), |block| shelf.take(block))
    }

    /// The handsets that they are.
    pub(super) fn keys(&self, shelf: &Shelf) -> io::Result<FxHashSet<HandsetKey>> {
        let mut keys = FxHashSet::default();
        for block in &self.blocks {
            if let Some(block) = &*block.lock().unwrap_or_else(PoisonError::into_inner) {
                keys.extend(shelf.read(block)?.iter().map(|candidate| candidate.key));
            }
        }
        Ok(keys)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        // What can't be taken away goes with the staged folder, or fails with it.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn unreadable(error: postcard::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The candidates as they are weighed, on the shelf.
pub(super) struct Shelved {
    pub(super) shelf: Shelf,
    pub(super) blocks: Vec<(Block<Dossier>, Block<Slot>)>,
}

impl Files for Shelved {
    fn blocks(&self) -> usize {
        self.blocks.len()
    }

    fn dossiers(&self, block: usize) -> io::Result<Arc<Vec<Dossier>>> {
        self.shelf.read(&self.blocks[block].0)
    }

    fn slots(&self, block: usize) -> io::Result<Arc<Vec<Slot>>> {
        self.shelf.read(&self.blocks[block].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Brick(u64);

    impl Bulk for Brick {
        fn bytes(&self) -> usize {
            8
        }
    }

    fn shelf(dir: &std::path::Path, keeping: Keeping, room: u64) -> Shelf {
        let dir = dir.join("shelf");
        std::fs::create_dir(&dir).unwrap();
        Shelf { dir, keeping, room: AtomicU64::new(room), files: AtomicU32::new(0) }
    }

    #[test]
    fn what_finds_no_room_in_memory_lies_in_files_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let sealed = Keeping::Sealed(cellsweep_vault::FileKey::from_bytes([5; 32]));
        let shelf = shelf(dir.path(), sealed, 24);
        let bricks = |from: u64| (from..from + 2).map(Brick).collect::<Vec<_>>();
        let blocks: Vec<Block<Brick>> = (0..4).map(|n| shelf.put(bricks(10 * n)).unwrap()).collect();
        assert!(matches!(&blocks[..], [Block::Here(..), Block::There(..), Block::There(..), Block::There(..)]));
        for (n, block) in (0..).zip(&blocks) {
            assert_eq!(*shelf.read(block).unwrap(), bricks(10 * n));
        }
        for (n, block) in (0..).zip(blocks) {
            assert_eq!(shelf.take(block).unwrap(), bricks(10 * n));
        }
        let (one, place) = (bricks(0), |bricks: &Vec<Brick>| bricks.as_ptr());
        let before = place(&one);
        let kept = shelf.put(one).unwrap();
        assert!(matches!(kept, Block::Here(..)), "room was not given back");
        assert_eq!(place(&shelf.take(kept).unwrap()), before, "what is in memory is copied");
        assert_eq!(std::fs::read_dir(dir.path().join("shelf")).unwrap().count(), 0);
        drop(shelf);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
