//! Made-up officers on an office's server that runs, at a chosen speed: for people to see a day on the wall.

use std::time::Duration;

use async_trait::async_trait;
use cellsweep_sweep::day::DayWhat;
use cellsweep_sweep::{Party, PublicKey};
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::run::Run;
use super::{Rehearsal, RehearsalError, Report, START, Stage, Weather};
use crate::field::Field;
use crate::routes::Invite;

/// How a day is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Live {
    /// What everything that is made up is drawn from.
    pub seed: u64,
    /// How many times faster than on a real day it goes; 12 plays an hour in five minutes. Never slower than 1.
    pub speed: f64,
}

/// Lets made-up officers play the day that is open on a server, which must be a demonstration's: what they enter stays in
/// its journal. It takes three hours divided by the speed, and ends when every phone has sent what it has. Nobody
/// closes the day: that is for whoever looks. Times are those of real clocks, so that an hour's searches are said to have
/// taken minutes.
///
/// # Errors
/// Where the day isn't open, the field can't be served on a port of this machine, or doesn't answer as it must.
pub async fn live(play: Live, field: &Field, by: Party) -> Result<Report, RehearsalError> {
    let plan = field.plan().ok_or_else(|| failed("the day isn't open yet: approve and release a plan"))?;
    let mut stage = LiveStage::begin(field.clone(), by, play.speed.max(1.0)).await?;
    let rehearsal = Rehearsal { seed: play.seed, weather: Weather { restarts: 0, ..Weather::BAD } };
    let mut run = Run::new(rehearsal, plan, &mut stage);
    run.day().await?;
    run.heal().await?;
    let mut report = std::mem::take(&mut run.report);
    report.seconds = stage.began.elapsed().as_secs_f64();
    Ok(report)
}

struct LiveStage {
    field: Field,
    by: Party,
    url: String,
    speed: f64,
    began: Instant,
    began_at: Timestamp,
    serving: tokio::task::JoinHandle<()>,
}

fn failed(error: impl std::fmt::Display) -> RehearsalError {
    RehearsalError::Stage(error.to_string())
}

impl LiveStage {
    /// Phones ask on a port of their own: the office's is for people, and lets each address ask so often only.
    async fn begin(field: Field, by: Party, speed: f64) -> Result<Self, RehearsalError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
        let url = format!("http://{}/api/v1/field", listener.local_addr().map_err(failed)?);
        let app = axum::Router::new().nest("/api/v1/field", field.router());
        let serving = tokio::spawn(async move { _ = axum::serve(listener, app).await });
        let (began, began_at) = (Instant::now(), field.now());
        Ok(Self { field, by, url, speed, began, began_at, serving })
    }

    /// How long after the beginning this time of the day is reached.
    fn after(&self, now: Timestamp) -> Duration {
        let played = now.duration_since(START).max(SignedDuration::ZERO);
        played.unsigned_abs().div_f64(self.speed)
    }
}

#[async_trait]
impl Stage for LiveStage {
    fn url(&self) -> String {
        self.url.clone()
    }

    fn root(&self) -> PublicKey {
        self.field.inner.post.public().clone()
    }

    fn clock(&self, now: Timestamp) -> Timestamp {
        self.began_at.checked_add(self.after(now)).unwrap_or(self.began_at)
    }

    async fn reach(&mut self, now: Timestamp) {
        tokio::time::sleep_until(self.began + self.after(now)).await;
    }

    async fn invite(&self, invite: Invite) -> Result<String, RehearsalError> {
        Ok(self.field.invite(self.by.clone(), invite).await.map_err(failed)?.code)
    }

    async fn command(&self, what: DayWhat) -> Result<(), RehearsalError> {
        self.field.enter(self.by.clone(), what).await.map(|_| ()).map_err(failed)
    }

    async fn restart(&mut self) -> Result<(), RehearsalError> {
        Ok(())
    }
}

impl Drop for LiveStage {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
