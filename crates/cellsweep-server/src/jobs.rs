//! Long work: one thing at a time, its progress for everybody who watches.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cellsweep_flow::{Progress, Task};
use serde::Serialize;
use utoipa::ToSchema;

use crate::bus::Bus;

/// Finished jobs that are still told of.
const KEPT: usize = 50;

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// `import`, `trace`, `plan`.
    pub kind: &'static str,
    /// How much is done, 0 to 1.
    pub share: f64,
    /// What it is doing.
    pub doing: String,
    /// `running`, `done` or `failed`.
    pub state: &'static str,
    /// What came of it, in words.
    pub detail: Option<String>,
}

/// All jobs of this server's life.
#[derive(Debug, Clone)]
pub struct Jobs {
    list: Arc<Mutex<VecDeque<Job>>>,
    bus: Arc<Bus>,
}

impl Jobs {
    /// None yet.
    pub fn new(bus: Arc<Bus>) -> Self {
        Self { list: Arc::default(), bus }
    }

    /// Begins one.
    pub fn begin(&self, kind: &'static str) -> JobHandle {
        let mut list = self.locked();
        let id = list.back().map_or(1, |last| last.id + 1);
        list.push_back(Job { id, kind, share: 0.0, doing: String::new(), state: "running", detail: None });
        while list.len() > KEPT && list.front().is_some_and(|oldest| oldest.state != "running") {
            list.pop_front();
        }
        drop(list);
        let handle = JobHandle { jobs: self.clone(), id };
        handle.tell();
        handle
    }

    /// Those that are running and the last that ended, latest first.
    pub fn list(&self) -> Vec<Job> {
        self.locked().iter().rev().cloned().collect()
    }

    fn locked(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job under way; whoever does it tells through it how far it is.
#[derive(Debug, Clone)]
pub struct JobHandle {
    jobs: Jobs,
    id: u64,
}

impl JobHandle {
    /// Its number.
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// It has ended, well or not.
    pub fn end(&self, outcome: Result<String, String>) {
        let (state, detail) = match outcome {
            Ok(detail) => ("done", detail),
            Err(detail) => ("failed", detail),
        };
        self.change(|job| {
            job.state = state;
            job.detail = Some(detail);
            job.share = 1.0;
        });
        self.tell();
    }

    fn change(&self, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.jobs.locked().iter_mut().find(|job| job.id == self.id) {
            change(job);
        }
    }

    fn tell(&self) {
        self.jobs.bus.tell("job", &serde_json::json!({ "id": self.id }));
    }
}

impl Progress for JobHandle {
    fn begin(&self, what: &str) -> Box<dyn Task> {
        self.change(|job| {
            what.clone_into(&mut job.doing);
            job.share = 0.0;
        });
        self.tell();
        Box::new(self.clone())
    }

    fn note(&self, _text: &str) {}
}

impl Task for JobHandle {
    /// Watchers are told at each hundredth: more is more than anybody sees.
    fn advance(&self, share: f64) {
        let mut told = false;
        self.change(|job| {
            told = (job.share * 100.0).floor() < (share * 100.0).floor();
            job.share = job.share.max(share);
        });
        if told {
            self.tell();
        }
    }
}
