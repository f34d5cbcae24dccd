//! The engine: canonical records in, daily handset profiles out, on DataFusion and Parquet.
//!
//! Belongs here: how records lie on disk, the fold, the merge, memory's bound.
//! Does not belong here: what a profile means (trace), where a case keeps its folders (store).

use std::path::{Path, PathBuf};

use cellsweep_model::HandsetKey;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::record::RecordColumns;

/// What steers the engine.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Bound on memory in bytes; past it the engine spills to disk.
    pub memory_bytes: u64,
    /// Threads that work.
    pub threads: usize,
    /// Where it spills.
    pub spill_dir: PathBuf,
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
}

/// Takes a file's canonical records in order and leaves sorted Parquet and its daily profiles.
pub struct RecordWriter {}

/// What a [`RecordWriter`] left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Files, in order.
    pub files: Vec<PathBuf>,
    /// Rows.
    pub rows: u64,
    /// First and last record, microseconds since 1970 UTC.
    pub window: Option<(i64, i64)>,
}

impl RecordWriter {
    /// Writes into a folder that exists and is empty.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn create(dir: &Path, settings: &EngineSettings) -> Result<Self, EngineError> {
        let _ = (dir, settings);
        Ok(Self {})
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// When a run can't be written.
    pub fn push(&mut self, columns: RecordColumns) -> Result<(), EngineError> {
        let _ = columns;
        Ok(())
    }

    /// Writes what is left and folds it.
    ///
    /// # Errors
    /// When a run can't be written.
    pub fn finish(self) -> Result<Written, EngineError> {
        Ok(Written { files: Vec::new(), rows: 0, window: None })
    }
}

/// An import's profiles, as trace reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileImport {
    /// The folder that a [`RecordWriter`] filled.
    pub dir: PathBuf,
    /// The import's operators: what its columns' numbers stand for.
    pub operators: Vec<String>,
}

/// Merges the imports' daily profiles handset by handset and maps them, bucket by bucket in
/// parallel; results come in the buckets' order whatever the number of threads.
///
/// # Errors
/// When a file can't be read.
pub fn map_profiles<T: Send>(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    map: &(dyn Fn(Vec<HandsetProfile>) -> Vec<T> + Sync),
) -> Result<Vec<T>, EngineError> {
    let _ = (imports, settings, progress, map);
    Ok(Vec::new())
}

/// The profiles of a few handsets, in the order of their keys.
///
/// # Errors
/// When a file can't be read.
pub fn profiles_of(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    keys: &[HandsetKey],
) -> Result<Vec<HandsetProfile>, EngineError> {
    let _ = (imports, settings, keys);
    Ok(Vec::new())
}
