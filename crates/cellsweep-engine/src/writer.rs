//! From a file's canonical rows, as they come, to runs on disk.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use cellsweep_model::record::RecordColumns;
use cellsweep_vault::Keeping;

use crate::{EngineError, EngineSettings, fold, peers, run};

/// Takes a file's canonical records in order and leaves sorted Parquet, its daily profiles and peers.
///
/// Runs are cut at fixed numbers of rows, so the same rows leave the same bytes on any number of
/// threads; while one run fills up, others are sorted, written and folded beside it.
pub struct RecordWriter {
    /// Who sorts, folds and encodes runs; `None` = this machine.
    elsewhere: Option<Arc<dyn Elsewhere>>,
    dir: PathBuf,
    keeping: Keeping,
    settings: EngineSettings,
    filling: RecordColumns,
    at_work: VecDeque<JoinHandle<Result<RunWritten, EngineError>>>,
    /// Room of runs that are written, filled again: fresh memory costs more than writing into it.
    spare: Vec<RecordColumns>,
    written: Written,
    runs: usize,
}

/// Runs that are sorted, folded and encoded on other machines.
pub trait Elsewhere: Send + Sync {
    /// What [`run_files`] makes of a run.
    ///
    /// # Errors
    /// Why nobody could.
    fn run_files(&self, columns: &RecordColumns) -> Result<RunFiles, EngineError>;

    /// Runs that are worth being under way at once.
    fn at_once(&self) -> usize;
}

/// A run's records, profiles and peers: the bytes of a Parquet file each, before they are sealed.
pub type RunFiles = [Vec<u8>; 3];

/// A run's files, and the room of its rows.
type RunWritten = (Vec<PathBuf>, RecordColumns);

/// What a [`RecordWriter`] left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files, in order.
    pub files: Vec<PathBuf>,
    /// Rows.
    pub rows: u64,
    /// First and last record, microseconds since 1970 UTC.
    pub window: Option<(i64, i64)>,
}

impl RecordWriter {
    /// Writes into a folder that exists and is empty, its files kept as `keeping` says.
    pub fn create(dir: &Path, keeping: &Keeping, settings: &EngineSettings) -> Self {
        Self {
            elsewhere: None,
            dir: dir.to_owned(),
            keeping: keeping.clone(),
            settings: settings.clone(),
            filling: RecordColumns::default(),
            at_work: VecDeque::new(),
            spare: Vec::new(),
            written: Written::default(),
            runs: 0,
        }
    }

    /// The same with runs sorted, folded and encoded elsewhere: their bytes are the same.
    #[must_use]
    pub fn by(mut self, elsewhere: Option<Arc<dyn Elsewhere>>) -> Self {
        self.elsewhere = elsewhere;
        self
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// When a run can't be written.
    pub fn push(&mut self, columns: RecordColumns) -> Result<(), EngineError> {
        self.written.rows += columns.len() as u64;
        widen(&mut self.written.window, &columns.time);
        self.filling.append(columns);
        while self.filling.len() >= self.settings.run_rows.max(1) {
            let rest = self.filling.split_off(self.settings.run_rows.max(1));
            let full = std::mem::replace(&mut self.filling, self.spare.pop().unwrap_or_default());
            self.filling.append(rest);
            self.start(full)?;
        }
        Ok(())
    }

    /// Writes what is left and waits for all runs.
    ///
    /// # Errors
    /// When a run can't be written.
    pub fn finish(mut self) -> Result<Written, EngineError> {
        if !self.filling.is_empty() {
            let last = std::mem::take(&mut self.filling);
            self.start(last)?;
        }
        while !self.at_work.is_empty() {
            self.collect_oldest()?;
        }
        Ok(std::mem::take(&mut self.written))
    }

    fn start(&mut self, columns: RecordColumns) -> Result<(), EngineError> {
        let at_once = self.elsewhere.as_ref().map_or(self.settings.threads, |elsewhere| elsewhere.at_once());
        if self.at_work.len() >= at_once.max(1) {
            self.collect_oldest()?;
        }
        let paths = run_paths(&self.dir, self.runs);
        self.runs += 1;
        let (keeping, elsewhere) = (self.keeping.clone(), self.elsewhere.clone());
        let work = move || {
            let (files, columns) = match elsewhere {
                None => encode(columns)?,
                Some(elsewhere) => (elsewhere.run_files(&columns)?, columns),
            };
            for (path, bytes) in paths.iter().zip(&files) {
                keeping.write(path, bytes).map_err(EngineError::io(path))?;
            }
            Ok((paths.into(), cleared(columns)))
        };
        self.at_work.push_back(std::thread::spawn(work));
        Ok(())
    }

    fn collect_oldest(&mut self) -> Result<(), EngineError> {
        if let Some(oldest) = self.at_work.pop_front() {
            let (files, room) = oldest.join().map_err(|_panic| EngineError::Worker)??;
            self.written.files.extend(files);
            self.spare.push(room);
        }
        Ok(())
    }
}

/// A thread that outlives its writer would write into a folder that is being cleaned up.
impl Drop for RecordWriter {
    fn drop(&mut self) {
        for worker in self.at_work.drain(..) {
            drop(worker.join());
        }
    }
}

fn run_paths(dir: &Path, number: usize) -> [PathBuf; 3] {
    ["records", "profiles", "peers"].map(|kind| dir.join(format!("{kind}-{number:05}.parquet")))
}

/// A run sorted, folded and encoded: what a [`RecordWriter`] keeps of it.
///
/// # Errors
/// When it can't be encoded.
pub fn run_files(columns: RecordColumns) -> Result<RunFiles, EngineError> {
    Ok(encode(columns)?.0)
}

/// The same, and the room of its rows.
fn encode(columns: RecordColumns) -> Result<(RunFiles, RecordColumns), EngineError> {
    let sorted = run::sort(&columns);
    let columns = cleared(columns);
    let (profiles, peers) = (fold::fold(&sorted)?, peers::fold(&sorted)?);
    Ok(([run::encode(sorted)?, profiles, peers], columns))
}

fn cleared(mut columns: RecordColumns) -> RecordColumns {
    columns.clear();
    columns
}

fn widen(window: &mut Option<(i64, i64)>, times: &[i64]) {
    let (Some(&low), Some(&high)) = (times.iter().min(), times.iter().max()) else { return };
    *window = Some(window.map_or((low, high), |(first, last)| (first.min(low), last.max(high))));
}
