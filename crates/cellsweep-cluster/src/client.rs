//! The caller's side: a job, and its tasks given and waited for.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cellsweep_engine::{Elsewhere, EngineError, Range, RunFiles, over};
use cellsweep_model::record::RecordColumns;
use serde::de::DeserializeOwned;

use crate::ClusterError;
use crate::line::{self, Line};
use crate::store::{Store, StorePlace};
use crate::wire::{self, Status};
use crate::work::{Folder, Work};

/// Executors are waited for so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ranges under way at once, at most: they wait on the scheduler's board, and cost this machine a thread each.
const MOST_AT_ONCE: usize = 64;

/// Where a cluster is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The scheduler's address.
    pub url: String,
    /// The file with the token.
    pub token: PathBuf,
    /// Certificates that are trusted besides the system's (PEM).
    pub roots: Option<PathBuf>,
    /// The object store by which executors get the case's files; `None` where they have the case's folder at the
    /// same path.
    pub store: Option<StorePlace>,
}

/// A cluster that answers.
pub struct Cluster {
    line: Line,
    store: Option<Store>,
    slots: usize,
}

impl Cluster {
    /// Asks the scheduler who is there.
    ///
    /// # Errors
    /// When it can't be reached, or no executor is there.
    pub fn find(place: &Place) -> Result<Self, ClusterError> {
        let line = Line::new(&place.url, &place.token, place.roots.as_ref())?;
        let agent = || line::agent(place.roots.as_deref());
        let store = place.store.as_ref().map(|store| Store::new(store, agent()?)).transpose()?;
        let start = Instant::now();
        loop {
            let answer = line.ask("GET", "/v1/status", &[])?;
            let status: Status = serde_json::from_slice(&answer.body).map_err(|error| ClusterError::Reach {
                url: line.url.clone(),
                why: format!("it answers {} and is no scheduler ({error})", answer.status),
            })?;
            if status.version != env!("CARGO_PKG_VERSION") {
                return Err(ClusterError::Wire(format!("its version is {}", status.version)));
            }
            if status.executors > 0 {
                tracing::info!(executors = status.executors, slots = status.slots, "the cluster");
                return Ok(Self { line, store, slots: status.slots });
            }
            if start.elapsed() > PATIENCE {
                return Err(ClusterError::Nobody { url: line.url });
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// An import's files as executors find them: of those whose names begin so.
    ///
    /// # Errors
    /// When the object store can't be reached.
    pub fn folder(&self, import: &cellsweep_engine::ProfileImport, prefix: &str) -> Result<Folder, ClusterError> {
        Folder::of(import, prefix, self.store.as_ref())
    }

    /// Does a piece of work for every range; what `take` makes of each one's result comes in the ranges' order.
    ///
    /// # Errors
    /// When the cluster can't be reached, or three executors failed at a range.
    pub fn over<T: DeserializeOwned, U: Send>(
        &self,
        work: &Work,
        ranges: &[Range],
        progress: &(dyn Fn(f64) + Sync),
        take: &(dyn Fn(Range, T) -> U + Sync),
    ) -> Result<Vec<U>, ClusterError> {
        let job = Job::new(&self.line, work)?;
        let number = AtomicU32::new(0);
        let each = |range: Range| {
            let task = wire::pack(&(range.from, range.to))?;
            wire::unpack(&job.perform(number.fetch_add(1, Ordering::Relaxed), &task)?).map(|result| take(range, result))
        };
        over(ranges, ranges.len().min(MOST_AT_ONCE), progress, &each)
    }
}

/// A job that is begun when its first task is, and again where the scheduler has forgotten it.
struct Job {
    line: Line,
    work: Vec<u8>,
    /// Its name on the board.
    name: Mutex<Option<String>>,
}

impl Job {
    fn new(line: &Line, work: &Work) -> Result<Self, ClusterError> {
        Ok(Self { line: line.clone(), work: wire::pack(work)?, name: Mutex::new(None) })
    }

    /// Its name, which is asked for anew where it is still the one that the scheduler doesn't know.
    fn name(&self, unknown: Option<&str>) -> Result<String, ClusterError> {
        let mut name = self.name.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = name.as_deref().filter(|name| Some(*name) != unknown) {
            return Ok(known.to_owned());
        }
        let answer = self.line.ask("POST", "/v1/jobs", &self.work)?;
        let begun = String::from_utf8(answer.body).unwrap_or_default();
        if answer.status != 200 || begun.is_empty() || !begun.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ClusterError::Wire(format!("a job was answered with {}", answer.status)));
        }
        *name = Some(begun.clone());
        Ok(begun)
    }

    /// Gives a task and waits for its result, whoever is started anew meanwhile.
    fn perform(&self, number: u32, body: &[u8]) -> Result<Vec<u8>, ClusterError> {
        let mut name = self.name(None)?;
        let mut given = false;
        loop {
            let path = format!("/v1/jobs/{name}/tasks/{number}");
            let answer = if given { self.line.ask("GET", &path, &[]) } else { self.line.ask("PUT", &path, body) }?;
            match answer.status {
                204 => given = true,
                200 => {
                    // A scheduler that doesn't hear it forgets the task with the job.
                    _ = self.line.once("DELETE", &path, &[]);
                    return Ok(answer.body);
                }
                404 => {
                    tracing::info!("the scheduler began anew, and is told again");
                    name = self.name(Some(&name))?;
                    given = false;
                }
                409 => {
                    let told = String::from_utf8_lossy(&answer.body).into_owned();
                    let (tries, why) = told.split_once(' ').unwrap_or(("", &told));
                    return Err(ClusterError::Task { tries: tries.parse().unwrap_or(1), why: why.to_owned() });
                }
                other => return Err(ClusterError::Wire(format!("a task was answered with {other}"))),
            }
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(name) = self.name.get_mut().ok().and_then(Option::take) {
            _ = self.line.once("DELETE", &format!("/v1/jobs/{name}"), &[]);
        }
    }
}

/// Runs of an import that are sorted, folded and encoded by a cluster.
pub struct ClusterRuns {
    job: Job,
    next: AtomicU32,
    slots: usize,
}

impl ClusterRuns {
    /// Of one import.
    ///
    /// # Errors
    /// Never: what is sent can be written.
    pub fn new(cluster: &Cluster) -> Result<Self, ClusterError> {
        Ok(Self { job: Job::new(&cluster.line, &Work::Runs)?, next: AtomicU32::new(0), slots: cluster.slots })
    }
}

impl Elsewhere for ClusterRuns {
    fn run_files(&self, columns: &RecordColumns) -> Result<RunFiles, EngineError> {
        let perform = || {
            let task = wire::pack(columns)?;
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            wire::unpack_files(&self.job.perform(number, &task)?)
        };
        perform().map_err(|error: ClusterError| EngineError::Elsewhere { why: error.to_string() })
    }

    /// One for each of the executors' threads, and one that is on its way.
    fn at_once(&self) -> usize {
        (self.slots + 1).min(MOST_AT_ONCE)
    }
}
