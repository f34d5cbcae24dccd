//! From a file's canonical rows, as they come, to runs on disk.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use cellsweep_model::record::RecordColumns;
use cellsweep_vault::Keeping;

use crate::{EngineError, EngineSettings, fold, peers, run, session};

/// Takes a file's canonical records in order and leaves sorted Parquet, its daily profiles and peers.
///
/// Runs are cut at fixed numbers of rows, so the same rows leave the same bytes on any number of
/// threads; while one run fills up, others are sorted, written and folded beside it.
pub struct RecordWriter {
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
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn create(dir: &Path, keeping: &Keeping, settings: &EngineSettings) -> Result<Self, EngineError> {
        std::fs::create_dir_all(&settings.spill_dir).map_err(EngineError::io(&settings.spill_dir))?;
        Ok(Self {
            dir: dir.to_owned(),
            keeping: keeping.clone(),
            settings: settings.clone(),
            filling: RecordColumns::default(),
            at_work: VecDeque::new(),
            spare: Vec::new(),
            written: Written::default(),
            runs: 0,
        })
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
        if self.at_work.len() >= self.settings.threads.max(1) {
            self.collect_oldest()?;
        }
        let records = self.dir.join(format!("records-{:05}.parquet", self.runs));
        let profiles = self.dir.join(format!("profiles-{:05}.parquet", self.runs));
        let peers = self.dir.join(format!("peers-{:05}.parquet", self.runs));
        self.runs += 1;
        let (settings, keeping) = (self.settings.clone(), self.keeping.clone());
        let work = move || write_run(&settings, &keeping, columns, [records, profiles, peers]);
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

fn write_run(
    settings: &EngineSettings,
    keeping: &Keeping,
    mut columns: RecordColumns,
    [records, profiles, peers]: [PathBuf; 3],
) -> Result<RunWritten, EngineError> {
    let sorted = Arc::new(run::sort(&columns));
    columns.clear();
    let context = session::context(&session::shared(settings)?);
    session::runtime()?.block_on(fold::fold(&context, &sorted, keeping, &profiles))?;
    peers::fold(&sorted, keeping, &peers)?;
    let sorted = Arc::try_unwrap(sorted).unwrap_or_else(|shared| (*shared).clone());
    let batch = sorted.into_batch().map_err(|error| EngineError::Query { source: error.into() })?;
    run::write(keeping, &records, &batch)?;
    Ok((vec![records, profiles, peers], columns))
}

fn widen(window: &mut Option<(i64, i64)>, times: &[i64]) {
    let (Some(&low), Some(&high)) = (times.iter().min(), times.iter().max()) else { return };
    *window = Some(window.map_or((low, high), |(first, last)| (first.min(low), last.max(high))));
}
