//! A whole made-up search day against a real server, faster than real time.
//!
//! Officers' phones are the real half of the protocol, with real keys; the network between them and the server drops,
//! delays, reorders and doubles what it carries; phones die and are rescued or lost, clocks are wrong, somebody forges,
//! and the server is killed and begins anew on what it kept. What people do comes from a seed. At the end it is checked
//! that nothing acknowledged or entered is lost, that nothing counts twice, and that each chain of custody is whole.
//!
//! [`live`] lets the same officers play on an office's server that runs, to be looked at.

mod act;
mod check;
mod device;
mod http;
mod live;
mod local;
pub mod made;
mod run;

use std::collections::BTreeMap;

use async_trait::async_trait;
use cellsweep_sweep::PublicKey;
use cellsweep_sweep::day::{DayWhat, Plan};
use cellsweep_sweep::sync::Record;
use jiff::Timestamp;
use serde::Serialize;

use crate::routes::Invite;

pub use live::{Live, live};
pub use local::{Anybody, LocalStage};

/// When a rehearsed day begins.
pub const START: Timestamp = Timestamp::constant(run::START_MS / 1_000, 0);

/// What a rehearsed day is like.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// What everything that is made up is drawn from.
    pub seed: u64,
    /// How bad the day is.
    pub weather: Weather,
}

/// How bad a day is: shares between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// Requests, and answers, that are lost.
    pub drop: f64,
    /// Requests that come twice.
    pub double: f64,
    /// Requests and answers that come minutes late.
    pub late: f64,
    /// Calls after which a wall or a jammer swallows everything for up to half an hour.
    pub jammed: f64,
    /// Phones that die.
    pub deaths: f64,
    /// Dead phones whose entries can be taken off them.
    pub rescues: f64,
    /// Phones whose clock is off by hours.
    pub wrong_clocks: f64,
    /// Messages along with which somebody sends a forged one.
    pub forged: f64,
    /// Cells that a team enters in place of the one it was sent to.
    pub astray: f64,
    /// How often the server is killed in the day.
    pub restarts: usize,
}

impl Weather {
    /// A morning among thick walls.
    pub const BAD: Self = Self {
        drop: 0.15,
        double: 0.1,
        late: 0.03,
        jammed: 0.15,
        deaths: 0.06,
        rescues: 0.7,
        wrong_clocks: 0.2,
        forged: 0.005,
        astray: 0.03,
        restarts: 3,
    };
}

/// The server that made-up officers play on.
#[async_trait]
pub trait Stage: Send + Sync {
    /// Where the field's pages are now, as `http://HOST:PORT/api/v1/field`.
    fn url(&self) -> String;
    /// The command post's device key.
    fn root(&self) -> PublicKey;
    /// What a right clock says at this time of the day that is played.
    fn clock(&self, now: Timestamp) -> Timestamp {
        now
    }
    /// It becomes this time of the day: a made-up clock is set, a real one is waited for.
    async fn reach(&mut self, now: Timestamp);
    /// Invites a phone, and gives its code.
    ///
    /// # Errors
    /// Where the server doesn't.
    async fn invite(&self, invite: Invite) -> Result<String, RehearsalError>;
    /// The command post enters something.
    ///
    /// # Errors
    /// Where the server doesn't take it.
    async fn command(&self, what: DayWhat) -> Result<(), RehearsalError>;
    /// Kills the server and begins anew on what it kept, where it may be.
    ///
    /// # Errors
    /// Where it doesn't begin anew.
    async fn restart(&mut self) -> Result<(), RehearsalError>;
}

/// A server whose day is checked at its end.
#[async_trait]
pub trait Rehearsed: Stage {
    /// Headers with which the command post asks.
    fn office(&self) -> Vec<(String, String)>;
    /// What the server kept of entries, in its order.
    ///
    /// # Errors
    /// Where that can't be read.
    async fn records(&mut self) -> Result<Vec<Record>, RehearsalError>;
}

/// Why a rehearsal broke off.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The server answered what it must not, or not at all.
    #[error("the server answered {status} to {what}: {detail}")]
    Answer {
        /// What was asked.
        what: String,
        /// HTTP's number; 0 where there was no answer.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// The server could not be begun or read.
    #[error("{0}")]
    Stage(String),
}

/// What was in the day, and what doesn't hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// How many of everything there were.
    pub figures: BTreeMap<&'static str, u64>,
    /// What doesn't hold; empty where the day is as it must be.
    pub failures: Vec<String>,
    /// Seconds that it took.
    pub seconds: f64,
}

impl Report {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.failures.is_empty()
    }

    fn count(&mut self, what: &'static str, many: usize) {
        *self.figures.entry(what).or_default() += many as u64;
    }
}

/// Rehearses the made-up day that is open on a server.
///
/// # Errors
/// Where the server can't be talked to at all. What doesn't hold is in the report.
pub async fn rehearse<S: Rehearsed>(
    rehearsal: &Rehearsal,
    plan: &Plan,
    stage: &mut S,
) -> Result<Report, RehearsalError> {
    let start = std::time::Instant::now();
    let mut run = run::Run::new(rehearsal.clone(), plan.clone(), stage);
    run.day().await?;
    let mut report = run.end().await?;
    report.seconds = start.elapsed().as_secs_f64();
    Ok(report)
}
