//! An executor: asks the scheduler for tasks, does them, sends what came of them.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cellsweep_engine::EngineSettings;

use crate::ClusterError;
use crate::board::BEAT;
use crate::line::{self, Line};
use crate::wire::{self, JOB_HEADER, TASK_HEADER};
use crate::work::Prepared;

/// Jobs that it is ready for, at most: what a tracer holds of a country is large.
const MOST_JOBS: usize = 2;
/// A job of which no task came for so long has ended: what was held of it goes, with its keys.
const ENDED: Duration = Duration::from_secs(60);

/// What an executor is told.
#[derive(Debug, Clone)]
pub struct ExecutorSettings {
    /// The scheduler's address.
    pub url: String,
    /// The file with the token.
    pub token: PathBuf,
    /// Certificates that are trusted besides the system's (PEM).
    pub roots: Option<PathBuf>,
    /// Tasks that it does at once.
    pub slots: usize,
    /// Bound on its memory, in bytes.
    pub memory_bytes: u64,
}

struct Executor {
    line: Line,
    agent: ureq::Agent,
    name: String,
    settings: ExecutorSettings,
    /// By job, with when it was last asked for; the latest last.
    ready: Mutex<Vec<(String, Instant, Arc<Readiness>)>>,
    /// Tasks that it is at.
    at: Mutex<BTreeSet<(String, u32)>>,
}

/// A job, ready once somebody has made it so; the others wait meanwhile.
type Readiness = Mutex<Option<Arc<Prepared>>>;

/// Works until told to stop; what is under way then is done first.
///
/// # Errors
/// When the scheduler takes other tokens, or the settings can't be used. A scheduler that is away is waited for.
pub fn execute(settings: ExecutorSettings, stop: &AtomicBool) -> Result<(), ClusterError> {
    let mut name = [0; 8];
    getrandom::fill(&mut name).map_err(|error| ClusterError::Wire(error.to_string()))?;
    let executor = Executor {
        line: Line::new(&settings.url, &settings.token, settings.roots.as_ref())?,
        agent: line::agent(settings.roots.as_deref())?,
        name: name.iter().map(|byte| format!("{byte:02x}")).collect(),
        settings,
        ready: Mutex::default(),
        at: Mutex::default(),
    };
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let heart = scope.spawn(|| executor.beat(&done));
        let workers: Vec<_> =
            (0..executor.settings.slots.max(1)).map(|_| scope.spawn(|| executor.work(stop))).collect();
        let worked: Result<Vec<()>, ClusterError> = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_panic| Err(ClusterError::Wire("a worker stopped".to_owned()))))
            .collect();
        done.store(true, Ordering::Relaxed);
        heart.thread().unpark();
        worked.map(|_| ())
    })
}

impl Executor {
    fn work(&self, stop: &AtomicBool) -> Result<(), ClusterError> {
        let path = format!("{}?executor={}&slots={}", wire::WORK, self.name, self.settings.slots);
        while !stop.load(Ordering::Relaxed) {
            let answer = match self.line.once("POST", &path, &[]) {
                Ok(answer) if answer.status == 200 => answer,
                Ok(answer) if answer.status == 401 => return Err(ClusterError::Token { url: self.line.url.clone() }),
                Ok(answer) if answer.status == 204 => continue,
                Ok(answer) => {
                    tracing::warn!(status = answer.status, "the scheduler has an odd answer");
                    std::thread::sleep(Duration::from_secs(1));
                    continue;
                }
                Err(why) => {
                    tracing::info!(%why, "the scheduler is away");
                    std::thread::sleep(Duration::from_secs(1));
                    continue;
                }
            };
            let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
            let Some(job) = header(JOB_HEADER).map(str::to_owned) else { continue };
            let Some(task) = header(TASK_HEADER).and_then(|task| task.parse().ok()) else { continue };
            self.do_one(&job, task, &answer.body);
        }
        Ok(())
    }

    fn do_one(&self, job: &str, task: u32, body: &[u8]) {
        let at = (job.to_owned(), task);
        lock(&self.at).insert(at.clone());
        let path = format!("/v1/jobs/{job}/tasks/{task}");
        let sent = match self.result(job, body) {
            Ok(result) => self.line.ask("PUT", &format!("{path}/result"), &result),
            Err(why) => {
                tracing::warn!(task, %why, "a task failed");
                self.line.ask("PUT", &format!("{path}/failure?executor={}", self.name), why.as_bytes())
            }
        };
        if let Err(error) = sent {
            tracing::warn!(task, %error, "a result can't be sent: another executor will do the task again");
        }
        lock(&self.at).remove(&at);
    }

    fn result(&self, job: &str, task: &[u8]) -> Result<Vec<u8>, String> {
        let perform = || self.prepared(job)?.perform(task).map_err(|error| error.to_string());
        catch_unwind(AssertUnwindSafe(perform)).unwrap_or_else(|_panic| Err("a fault of the program".to_owned()))
    }

    /// A job that couldn't be made ready is tried again with its next task.
    fn prepared(&self, job: &str) -> Result<Arc<Prepared>, String> {
        let readiness = self.readiness(job);
        let mut ready = lock(&readiness);
        if let Some(prepared) = ready.as_ref() {
            return Ok(Arc::clone(prepared));
        }
        let prepared = Arc::new(self.prepare(job, &self.engine())?);
        *ready = Some(Arc::clone(&prepared));
        Ok(prepared)
    }

    fn prepare(&self, job: &str, settings: &EngineSettings) -> Result<Prepared, String> {
        let work = self.line.ask("GET", &format!("/v1/jobs/{job}"), &[]).map_err(|error| error.to_string())?;
        if work.status != 200 {
            return Err(format!("the job is answered with {}", work.status));
        }
        Prepared::new(&work.body, settings, &self.agent).map_err(|error| error.to_string())
    }

    fn readiness(&self, job: &str) -> Arc<Readiness> {
        let mut ready = lock(&self.ready);
        let found = ready.iter().position(|(name, ..)| name == job);
        let known = found.map_or_else(Arc::default, |index| ready.remove(index).2);
        ready.push((job.to_owned(), Instant::now(), Arc::clone(&known)));
        let many = ready.len().saturating_sub(MOST_JOBS);
        ready.drain(..many);
        known
    }

    fn engine(&self) -> EngineSettings {
        EngineSettings {
            memory_bytes: self.settings.memory_bytes,
            threads: self.settings.slots.max(1),
            // Runs come cut.
            run_rows: usize::MAX,
        }
    }

    /// Says what it is at, and lets go of jobs that have ended.
    fn beat(&self, done: &AtomicBool) {
        while !done.load(Ordering::Relaxed) {
            std::thread::park_timeout(BEAT);
            lock(&self.ready).retain(|(_, asked, _)| asked.elapsed() < ENDED);
            let at: Vec<(String, u32)> = lock(&self.at).iter().cloned().collect();
            if let Some(body) = (!at.is_empty()).then(|| serde_json::to_vec(&at).unwrap_or_default()) {
                _ = self.line.once("POST", &format!("/v1/alive?executor={}", self.name), &body);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
