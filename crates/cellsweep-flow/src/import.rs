//! Import: files into the case, several at a time, in the order in which they were named.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use cellsweep_cluster::Cluster;
use cellsweep_ingest::{FileReport, IngestError, Refusal};
use cellsweep_model::Scope;
use cellsweep_model::case::{CaseKind, Digest, Import, Kept, RowCounts};
use cellsweep_model::persons::Persons;
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter, ImportFacts, QUARANTINE, Sealed, Staging, StoreError};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::authority;
use crate::profiles::ProfileChoice;
use crate::session::MOST_THREADS;
use crate::source::{self, KnownSectors};
use crate::{FlowError, Session};

/// What became of the files.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportSummary {
    /// One for each file, in the order in which they were named.
    pub files: Vec<FileOutcome>,
}

/// What became of one file.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FileOutcome {
    /// It is in the case.
    Imported {
        /// As the case's log keeps it.
        import: Box<Import>,
        /// Its rejected rows, where there are any: the file, or the command that opens it.
        quarantine: Option<String>,
    },
    /// Its bytes were there already: nothing changed.
    SameBytes {
        /// The file.
        file: String,
        /// The import that brought them in.
        import: String,
    },
    /// It can't be used.
    Refused {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
        /// What to do.
        hint: String,
    },
}

impl ImportSummary {
    /// The rows of the files that went in, together.
    pub fn rows(&self) -> RowCounts {
        let mut rows = RowCounts::default();
        for file in &self.files {
            if let FileOutcome::Imported { import, .. } = file {
                rows.add(&import.rows);
            }
        }
        rows
    }

    /// Files that can't be used.
    pub fn refused(&self) -> usize {
        self.files.iter().filter(|file| matches!(file, FileOutcome::Refused { .. })).count()
    }

    /// Adds what became of other files.
    pub fn append(&mut self, mut other: Self) {
        self.files.append(&mut other.files);
    }
}

/// What files come in as.
#[derive(Clone, Copy)]
pub struct Coming<'a> {
    /// Which table.
    pub table: Table,
    /// The profile that they are read by; `None` where they have the contract's names.
    pub profile: Option<&'a ProfileChoice>,
    /// The authority that they come in under; `None` = the case's only one.
    pub authority: Option<&'a str>,
    /// Whether the files themselves are kept under seal.
    pub originals: Originals,
    /// Which category their persons are of, where somebody says so.
    pub persons: Option<Persons>,
}

/// Whether files are kept as they came, encrypted, for whoever doubts what was read of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Originals {
    /// In an investigation, not in an exercise.
    #[default]
    AsTheCaseWants,
    /// In any case.
    Kept,
}

impl Coming<'_> {
    /// Files with the contract's names, under the case's only authority.
    pub const fn plain(table: Table) -> Self {
        Self { table, profile: None, authority: None, originals: Originals::AsTheCaseWants, persons: None }
    }
}

/// Imports files as one table. A file that can't be used is reported and the others go on; a case
/// or a disk that fails stops it all.
///
/// Imports are named and numbered in the order of `files`, whichever is ready first. Rows that the
/// authority doesn't order go to quarantine.
///
/// # Errors
/// When nothing may enter the case, the profile makes another table, or the case or the engine fails.
pub fn import_files(
    case: &mut CaseWriter,
    coming: Coming<'_>,
    files: &[PathBuf],
    session: &Session<'_>,
) -> Result<ImportSummary, FlowError> {
    let Coming { table, profile, authority, originals, persons } = coming;
    profile.map_or(Ok(()), |profile| profile.must_make(table))?;
    let order = authority::order_for(case.case(), authority, table, session.now())?;
    let (jobs, mut outcomes) = sort_out(case, table, files, session.settings.threads)?;
    let known = if table == Table::Records { source::known_sectors(case.case())? } else { None };
    let workers = jobs.len().min(session.settings.threads.min(MOST_THREADS)).max(1);
    let keep = originals == Originals::Kept || case.case().kind() == CaseKind::Investigation;
    let cluster = if table == Table::Records && !jobs.is_empty() { session.cluster()? } else { None };
    let desk = Desk { table, profile, order, known, cluster, keep, persons, workers, session };
    desk.work_off(jobs, case, &mut outcomes)?;
    Ok(ImportSummary { files: outcomes.into_values().collect() })
}

/// A file to read.
struct Job {
    index: usize,
    path: PathBuf,
    name: String,
    /// Taken beforehand where the bytes may be known, else while the file is read.
    digest: Option<Digest>,
    size: u64,
    /// Before anything of it was read.
    state: Option<FileState>,
    staging: Staging,
}

/// What shows that a file was written to: its size, and when that was last done.
type FileState = (u64, Option<std::time::SystemTime>);

/// A plain file's; `None` where there is none, and reading it says why.
fn state(path: &Path) -> Option<FileState> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.len(), metadata.modified().ok()))
}

/// A file that was read.
struct Ready {
    facts: ImportFacts,
    sealed: Sealed,
}

type Outcomes = BTreeMap<usize, FileOutcome>;

/// Tells files to read from those whose bytes are known, whether from the case or from earlier in
/// the list, and from those that can't even be opened. A file whose name and size are new is read
/// and digested at once; that its bytes are known all the same then shows at the commit.
fn sort_out(
    case: &CaseWriter,
    table: Table,
    files: &[PathBuf],
    threads: usize,
) -> Result<(Vec<Job>, Outcomes), FlowError> {
    let mut jobs = Vec::new();
    let mut outcomes = Outcomes::new();
    let mut named: FxHashMap<Digest, String> = FxHashMap::default();
    let states: Vec<Option<FileState>> = files.iter().map(|path| state(path)).collect();
    let sizes: Vec<Option<u64>> = states.iter().map(|state| state.map(|(size, _)| size)).collect();
    let known_first = |index: usize| {
        let twins = sizes.iter().filter(|size| **size == sizes[index]).count();
        let name = file_name(&files[index]);
        sizes[index].is_none() || twins > 1 || case.case().imports_of(table).any(|import| import.file == name)
    };
    let first: Vec<bool> = (0..files.len()).map(known_first).collect();
    for (index, (path, digest)) in files.iter().zip(digests(files, &first, threads)).enumerate() {
        let name = file_name(path);
        let (digest, size) = match digest.transpose() {
            Ok(found) => found.map_or((None, sizes[index].unwrap_or_default()), |(digest, size)| (Some(digest), size)),
            Err(error) => {
                outcomes.insert(index, refused(path, &error));
                continue;
            }
        };
        if let Some(digest) = &digest {
            let known = case.case().import_of(table, digest).map(|import| import.id.clone());
            if let Some(import) = known.or_else(|| named.get(digest).cloned()) {
                outcomes.insert(index, FileOutcome::SameBytes { file: name, import });
                continue;
            }
            named.insert(digest.clone(), format!("the same {} file earlier in the list, {name}", table.name()));
        }
        jobs.push(Job { index, path: path.clone(), name, digest, size, state: states[index], staging: case.stage()? });
    }
    Ok((jobs, outcomes))
}

type Digested = Result<(Digest, u64), IngestError>;

/// The digests and sizes of the files that are to have one now, in their order.
fn digests(files: &[PathBuf], first: &[bool], threads: usize) -> Vec<Option<Digested>> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.min(files.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = files.get(index) else { return };
                    let digest = first[index].then(|| cellsweep_ingest::digest(path));
                    lock(&found).insert(index, digest);
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn changed(path: &Path) -> IngestError {
    IngestError::Refused { path: path.to_owned(), line: None, why: Refusal::Changed }
}

fn refused(path: &Path, error: &IngestError) -> FileOutcome {
    FileOutcome::Refused { file: path.to_owned(), why: error.to_string(), hint: error.hint().to_owned() }
}

/// What all workers share.
struct Desk<'a> {
    table: Table,
    profile: Option<&'a ProfileChoice>,
    /// The authority's reference and what it lets in.
    order: Option<(String, Scope)>,
    known: Option<KnownSectors>,
    /// The machines that records are sorted and folded on; `None` = this one.
    cluster: Option<Cluster>,
    /// Whether the files themselves are kept under seal.
    keep: bool,
    persons: Option<Persons>,
    workers: usize,
    session: &'a Session<'a>,
}

impl Desk<'_> {
    /// Workers read the largest files first; this thread commits in the order of the list.
    fn work_off(&self, mut jobs: Vec<Job>, case: &mut CaseWriter, outcomes: &mut Outcomes) -> Result<(), FlowError> {
        let order: Vec<(usize, PathBuf)> = jobs.iter().map(|job| (job.index, job.path.clone())).collect();
        jobs.sort_by_key(|job| (std::cmp::Reverse(job.size), job.index));
        let queue = Mutex::new(VecDeque::from(jobs));
        let (send, receive) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..self.workers {
                let (send, queue) = (send.clone(), &queue);
                scope.spawn(move || self.work(queue, &send));
            }
            drop(send);
            let committed = self.commit(&receive, &order, case, outcomes);
            // Whatever stopped this, the workers finish the file they hold and find no other.
            lock(&queue).clear();
            committed
        })
    }

    fn work(&self, queue: &Mutex<VecDeque<Job>>, done: &mpsc::Sender<(usize, Result<Ready, FlowError>)>) {
        loop {
            let Some(job) = lock(queue).pop_front() else { return };
            let index = job.index;
            if done.send((index, self.read(job))).is_err() {
                return;
            }
        }
    }

    /// Reads a file, and takes its digest beside that where it hasn't been taken.
    fn read(&self, job: Job) -> Result<Ready, FlowError> {
        std::thread::scope(|scope| {
            let digesting = job.digest.is_none().then(|| {
                let path = job.path.clone();
                scope.spawn(move || cellsweep_ingest::digest(&path))
            });
            let (report, job) = self.rows(job)?;
            let digest = match (job.digest, digesting) {
                (Some(digest), _) => digest,
                (None, Some(digesting)) => digesting.join().map_err(|_panic| FlowError::Worker)??.0,
                (None, None) => return Err(FlowError::Worker),
            };
            // Rows and digest, and the original that is sealed later, are read one beside the other.
            if state(&job.path) != job.state {
                return Err(FlowError::Ingest(changed(&job.path)));
            }
            let facts = ImportFacts {
                table: self.table,
                file: job.name,
                digest,
                authority: self.order.as_ref().map(|(id, _)| id.clone()),
                rows: report.rows,
                operators: report.operators,
                window: report.window,
                profile: self.profile.map(|choice| choice.used.clone()),
                blanks: report.blanks,
                persons: self.persons,
            };
            Ok(Ready { facts, sealed: job.staging.seal()? })
        })
    }

    fn rows(&self, job: Job) -> Result<(FileReport, Job), FlowError> {
        let task = self.session.progress.begin(&format!("importing {}", job.name));
        let progress = |share: f64| task.advance(share);
        let mut quarantine = job.staging.quarantine(&job.name);
        let read = source::Read {
            path: &job.path,
            profile: self.profile,
            staging: &job.staging,
            session: self.session,
            beside: self.workers,
            cluster: self.cluster.as_ref(),
            scope: self.order.as_ref().map(|(_, scope)| scope),
            progress: &progress,
        };
        let report = match self.table {
            Table::Records => read.records(self.known.as_ref(), &mut quarantine)?,
            table => read.table(table, &mut quarantine)?,
        };
        quarantine.finish()?;
        tracing::info!(file = job.name, read = report.rows.read, kept = report.rows.kept, "file read");
        Ok((report, job))
    }

    fn commit(
        &self,
        ready: &mpsc::Receiver<(usize, Result<Ready, FlowError>)>,
        order: &[(usize, PathBuf)],
        case: &mut CaseWriter,
        outcomes: &mut Outcomes,
    ) -> Result<(), FlowError> {
        let mut waiting = FxHashMap::default();
        for (index, path) in order {
            let result = loop {
                if let Some(result) = waiting.remove(index) {
                    break result;
                }
                let (other, result) = ready.recv().map_err(|_closed| FlowError::Worker)?;
                waiting.insert(other, result);
            };
            let outcome = match result {
                Ok(Ready { facts, .. }) if case.case().import_of(self.table, &facts.digest).is_some() => {
                    let known = case.case().import_of(self.table, &facts.digest).map(|import| import.id.clone());
                    FileOutcome::SameBytes { file: facts.file, import: known.unwrap_or_default() }
                }
                Ok(Ready { facts, sealed }) => {
                    let now = self.session.now();
                    let import = match self.keep {
                        true => case.commit_import_with(sealed, facts, path, now),
                        false => case.commit_import(sealed, facts, now),
                    };
                    match import {
                        Err(StoreError::Changed { path }) => refused(&path, &changed(&path)),
                        import => imported(case, import?),
                    }
                }
                Err(FlowError::Ingest(error)) => refused(path, &error),
                Err(error) => return Err(error),
            };
            outcomes.insert(*index, outcome);
        }
        Ok(())
    }
}

fn imported(case: &CaseWriter, import: Import) -> FileOutcome {
    let place = match import.kept {
        Kept::Plain => case.case().dir().join("imports").join(import.folder()).join(QUARANTINE).display().to_string(),
        Kept::Sealed => format!("cellsweep case quarantine {}", import.id),
    };
    let quarantine = (import.rows.rejected_total() > 0).then_some(place);
    FileOutcome::Imported { import: Box::new(import), quarantine }
}

/// An import's rows that can't be used, as CSV; `None` where all went on.
///
/// # Errors
/// When there is no such import, or its file isn't what was written.
pub fn quarantined(case: &Case, id: &str) -> Result<Option<Vec<u8>>, FlowError> {
    let import = case.manifest().imports().find(|import| import.id == id);
    let import = import.ok_or_else(|| StoreError::NoSuchImport { id: id.to_owned() })?;
    let folder = case.import_folder(import)?;
    Ok(if folder.has(QUARANTINE) { Some(folder.read(QUARANTINE)?) } else { None })
}

/// A worker that panicked has left the queue as it should be.
fn lock<T>(queue: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use cellsweep_store::Unlock;
    use cellsweep_trace::TraceSettings;

    use super::*;
    use crate::{Progress, Settings, Silent, Task};

    /// Somebody else, who writes to a file as soon as it is read, or as it is committed.
    struct Meddler {
        file: PathBuf,
        at_once: bool,
        reading: AtomicBool,
    }

    impl Progress for Meddler {
        fn begin(&self, _what: &str) -> Box<dyn Task> {
            if self.at_once {
                std::fs::write(&self.file, "inmate,msisdn,source\nI-1,33700000043,visit_permit\n").unwrap();
            }
            self.reading.store(true, Ordering::SeqCst);
            Box::new(Silent)
        }

        fn note(&self, _text: &str) {}
    }

    fn outcome(at_once: bool, originals: Originals) -> FileOutcome {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("contacts.csv");
        std::fs::write(&file, "inmate,msisdn,source\nI-1,33700000042,phone_list\n").unwrap();
        let meddler = Meddler { file: file.clone(), at_once, reading: AtomicBool::new(false) };
        let clock = || {
            if meddler.reading.load(Ordering::SeqCst) {
                std::fs::write(&meddler.file, "inmate,msisdn,source\nI-1,33700000044,phone_list\n").unwrap();
            }
            jiff::Timestamp::UNIX_EPOCH
        };
        let settings = Settings { memory_bytes: 1 << 28, threads: 1, trace: TraceSettings::default(), cluster: None };
        let session = Session {
            settings: &settings,
            clock: &clock,
            holder: "a test",
            by: "A. Martin",
            reason: None,
            unlock: &Unlock::InCase,
            progress: &meddler,
            peak: &|| None,
        };
        let place = dir.path().join("case");
        let mut case = CaseWriter::create(&place, CaseKind::Exercise, &session.caller(), session.now()).unwrap();
        let coming = Coming { originals, ..Coming::plain(Table::Contacts) };
        let mut summary = import_files(&mut case, coming, &[file], &session).unwrap();
        let imports = case.case().manifest().imports().count();
        let outcome = summary.files.remove(0);
        assert_eq!(imports, usize::from(matches!(outcome, FileOutcome::Imported { .. })));
        outcome
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        for (at_once, originals) in
            [(true, Originals::AsTheCaseWants), (true, Originals::Kept), (false, Originals::Kept)]
        {
            let refused = outcome(at_once, originals);
            let FileOutcome::Refused { why, .. } = refused else { panic!("{refused:?}") };
            assert!(why.ends_with("the file was changed while it was imported"), "{why}");
        }
        // What is in the case by then is what was read, whatever becomes of the file.
        assert!(matches!(outcome(false, Originals::AsTheCaseWants), FileOutcome::Imported { .. }));
    }
}
