//! The engine: canonical records in, daily handset profiles out, on Arrow and Parquet.
//!
//! Belongs here: how records lie on disk, the fold, the merge, memory's bound.
//! Does not belong here: what a profile means (trace), where a case keeps its folders (store).
//!
//! A file's records are cut into *runs* that fit in memory. Each run is sorted by handset and
//! time, written as Parquet, and folded at once into daily profiles and peers (whom a handset spoke
//! with, day by day), also sorted by handset. A
//! reader takes a range of handsets from all runs of all imports and merges it: profiles add up,
//! so neither the order of files nor where a run was cut shows in the result.

mod cut;
mod fold;
mod merge;
mod peers;
mod read_calls;
mod read_events;
mod read_peers;
mod repeats;
mod run;
mod sorted;
mod writer;

use std::path::{Path, PathBuf};

pub use cut::{Cut, CutRows, Subjects, cut, subscribers_under};
pub use fold::fold_days;
pub use merge::{Decoded, ProfileImport, Profiles, Range, Wanted, map_profiles, over};
pub use read_calls::{CallRow, HandsetCalls, map_calls};
pub use read_events::{EventRow, HandsetEvents, map_events};
pub use read_peers::{Peers, WantedPeers, map_peers};
pub use repeats::{Repeats, repeats};
pub use writer::{Elsewhere, RecordWriter, RunFiles, Written, run_files};

/// What steers the engine.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Bound on memory in bytes: it says how large runs and ranges are.
    pub memory_bytes: u64,
    /// Threads that work.
    pub threads: usize,
    /// Rows of a run. The bytes on disk depend on it, so it must not depend on the threads.
    pub run_rows: usize,
}

impl EngineSettings {
    /// Rows of a run under a bound on the whole process's memory. A row costs 66 bytes in columns,
    /// twice that while it is sorted and half as much again while it is encoded; a 1024th of the
    /// bound leaves room for some ten runs at a time beside what reads the files.
    pub fn run_rows_for(memory_bytes: u64) -> usize {
        usize::try_from(memory_bytes / 1_024).unwrap_or(usize::MAX).clamp(1 << 13, 1 << 20)
    }

    /// Profile rows of a range that one thread merges in memory at a time. A row costs about 100
    /// bytes as columns and 16 in the order; half the bound is left to what the caller keeps.
    fn merge_rows(&self) -> u64 {
        (self.memory_bytes / (self.threads.max(1) as u64 * 400)).clamp(1 << 13, 1 << 20)
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A Parquet file of the case is not as written, or can't be written.
    #[error("{path}: {source}")]
    Parquet {
        /// Which.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// Columns are not as they should be: our own mistake.
    #[error("columns: {source}")]
    Columns {
        /// Why.
        source: arrow::error::ArrowError,
    },
    /// Other machines did not do what they were given.
    #[error("{why}")]
    Elsewhere {
        /// Why not.
        why: String,
    },
    /// A worker did not come back.
    #[error("a worker thread of the engine stopped")]
    Worker,
}

impl EngineError {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    fn parquet(path: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let path = path.to_owned();
        move |source| Self::Parquet { path, source }
    }
}

impl From<arrow::error::ArrowError> for EngineError {
    fn from(source: arrow::error::ArrowError) -> Self {
        Self::Columns { source }
    }
}
