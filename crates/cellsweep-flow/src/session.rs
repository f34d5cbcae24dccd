//! What a caller brings along: settings, the clock, who it is, whom to tell.

use cellsweep_cluster::{Cluster, Place};
use cellsweep_engine::EngineSettings;
use cellsweep_ingest::IngestOptions;
use cellsweep_store::{Caller, Unlock};
use cellsweep_trace::TraceSettings;
use serde::Serialize;

use crate::{FlowError, Progress};

/// cellsweep's version, as runs keep it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Threads beyond which the memory's bound leaves too little for each.
pub(crate) const MOST_THREADS: usize = 8;

/// What steers the steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Bound on the memory of import and trace, in bytes: the smaller, the more parts they go in.
    pub memory_bytes: u64,
    /// Threads that work.
    pub threads: usize,
    /// What steers trace.
    pub trace: TraceSettings,
    /// Where the machines are that import and trace are shared out to; `None` = this machine alone.
    pub cluster: Option<Place>,
}

/// One caller's call.
pub struct Session<'a> {
    /// What steers the steps.
    pub settings: &'a Settings,
    /// The time, asked when something is logged.
    pub clock: &'a (dyn Fn() -> jiff::Timestamp + Sync),
    /// What others are told while this caller writes to the case.
    pub holder: &'a str,
    /// Who answers for what is logged, as entered.
    pub by: &'a str,
    /// Why the case is opened, where it was said.
    pub reason: Option<&'a str>,
    /// How the case's key is had.
    pub unlock: &'a Unlock,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
    /// The most memory that the process held since this was last asked, where the system tells.
    pub peak: &'a (dyn Fn() -> Option<u64> + Sync),
}

/// What one part of the work took.
#[derive(Debug, Clone, Serialize)]
pub struct Stage {
    /// Which part.
    pub name: &'static str,
    /// How long it took.
    pub seconds: f64,
    /// The most memory that was held, in bytes.
    pub peak_bytes: Option<u64>,
}

/// Takes the time of one stage after another.
pub(crate) struct Stopwatch<'a> {
    session: &'a Session<'a>,
    since: jiff::Timestamp,
    pub(crate) stages: Vec<Stage>,
}

impl<'a> Stopwatch<'a> {
    pub(crate) fn start(session: &'a Session<'a>) -> Self {
        (session.peak)();
        Self { session, since: session.now(), stages: Vec::new() }
    }

    /// Ends a stage and begins the next.
    pub(crate) fn lap(&mut self, name: &'static str) {
        self.lap_over(name, &[]);
    }

    /// The same for a stage that took the peaks of its own parts.
    pub(crate) fn lap_over(&mut self, name: &'static str, parts: &[Stage]) {
        let now = self.session.now();
        let seconds = now.duration_since(self.since).as_secs_f64();
        self.since = now;
        let of_parts = parts.iter().filter_map(|part| part.peak_bytes).max();
        self.stages.push(Stage { name, seconds, peak_bytes: (self.session.peak)().max(of_parts) });
    }
}

impl Session<'_> {
    /// The time.
    pub fn now(&self) -> jiff::Timestamp {
        (self.clock)()
    }

    /// Who opens a case.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller { holder: self.holder, by: self.by, reason: self.reason, unlock: self.unlock }
    }

    /// The engine's share for one of `beside` jobs at a time.
    pub(crate) fn engine(&self, beside: usize) -> EngineSettings {
        EngineSettings {
            memory_bytes: self.settings.memory_bytes / beside.max(1) as u64,
            threads: self.threads_of(beside),
            run_rows: EngineSettings::run_rows_for(self.settings.memory_bytes),
        }
    }

    /// The machines that work is shared out to, asked who they are.
    pub(crate) fn cluster(&self) -> Result<Option<Cluster>, FlowError> {
        Ok(self.settings.cluster.as_ref().map(Cluster::find).transpose()?)
    }

    /// The reader's share for one of `beside` jobs at a time.
    pub(crate) fn ingest(&self, beside: usize) -> IngestOptions {
        IngestOptions { threads: self.threads_of(beside), ..IngestOptions::default() }
    }

    fn threads_of(&self, beside: usize) -> usize {
        (self.settings.threads.min(MOST_THREADS) / beside.max(1)).max(1)
    }
}
