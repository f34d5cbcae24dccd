//! A server in this process that can be killed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use axum::http::request::Parts;
use axum::response::Response;
use cellsweep_sweep::day::{DayWhat, Rules};
use cellsweep_sweep::sync::Record;
use cellsweep_sweep::{Party, PublicKey};
use cellsweep_vault::Keeping;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::http::{Ask, Http};
use super::made::{MadeUp, commander};
use super::{RehearsalError, Rehearsed, Stage};
use crate::field::{Field, Settings, Threads};
use crate::journal::{FileJournal, Journal};
use crate::keys::PostKey;
use crate::line::{self, Line};
use crate::office::{Action, Authorise};
use crate::photos::FolderPhotos;
use crate::routes::Invite;

/// An office in which whoever asks commands: for exercises on this machine alone.
#[derive(Debug, Clone)]
pub struct Anybody(pub Party);

#[async_trait]
impl Authorise for Anybody {
    async fn authorise(&self, _action: Action, _request: &Parts) -> Result<Party, Response> {
        Ok(self.0.clone())
    }
}

/// A made-up day's server on a folder, on a port of this machine.
pub struct LocalStage {
    folder: PathBuf,
    made: MadeUp,
    secret: [u8; 32],
    now: Arc<AtomicI64>,
    root: PublicKey,
    running: Option<Running>,
    http: Http,
}

struct Running {
    runtime: Runtime,
    threads: Threads,
    url: String,
}

fn failed(error: impl std::fmt::Display) -> RehearsalError {
    RehearsalError::Stage(error.to_string())
}

impl LocalStage {
    /// Begins a server on an empty folder.
    ///
    /// # Errors
    /// Where that doesn't work.
    pub async fn begin(folder: &Path, made: MadeUp, now: Timestamp) -> Result<Self, RehearsalError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(failed)?;
        let root = PostKey::new(&secret).map_err(failed)?.public().clone();
        let now = Arc::new(AtomicI64::new(now.as_millisecond()));
        let mut stage = Self { folder: folder.to_owned(), made, secret, now, root, running: None, http: Http::new() };
        stage.start().await?;
        Ok(stage)
    }

    async fn start(&mut self) -> Result<(), RehearsalError> {
        let now = self.now.clone();
        let settings = Settings {
            post: PostKey::new(&self.secret).map_err(failed)?,
            journal: Box::new(FileJournal::open(&self.folder, Keeping::Plain).map_err(failed)?),
            photos: Arc::new(FolderPhotos::open(&self.folder.join("photos"), Keeping::Plain).map_err(failed)?),
            office: Arc::new(Anybody(commander().map_err(failed)?)),
            brief: self.made.brief.clone(),
            clock: Arc::new(move || Timestamp::from_millisecond(now.load(Ordering::SeqCst)).unwrap_or_default()),
            rules: Rules::USUAL,
            origin: "http://127.0.0.1".into(),
        };
        let (field, threads) = Field::open(settings).map_err(failed)?;
        field.open_day(self.made.plan.clone(), commander().map_err(failed)?).await.map_err(failed)?;
        // A runtime of its own, which can be killed with all that it is doing.
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let serving = runtime.spawn(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let url = format!("http://{}/api/v1/field", listener.local_addr()?);
            let app = axum::Router::new().nest("/api/v1/field", field.router());
            tokio::spawn(async move { axum::serve(listener, app).await });
            Ok::<_, std::io::Error>(url)
        });
        let url = serving.await.map_err(failed)?.map_err(failed)?;
        self.running = Some(Running { runtime, threads, url });
        Ok(())
    }

    /// Kills the server: what it is doing is not finished, and nobody is answered.
    async fn kill(&mut self) -> Result<(), RehearsalError> {
        let Some(Running { runtime, threads, .. }) = self.running.take() else { return Ok(()) };
        runtime.shutdown_background();
        tokio::task::spawn_blocking(|| threads.join()).await.map_err(failed)
    }

    /// Posts to the command post's pages.
    async fn post(&self, path: &str, body: serde_json::Result<String>) -> Result<Value, RehearsalError> {
        let ask = Ask::post(path, self.office(), body.map_err(failed)?);
        self.http.json(&self.url(), ask).await
    }

    /// A line that a crash tore.
    fn tear(&self) -> Result<(), RehearsalError> {
        let file = OpenOptions::new().append(true).open(self.folder.join("day.jsonl"));
        file.and_then(|mut file| file.write_all(b"{\"v\":1,\"line\":{\"kind\":\"ent")).map_err(failed)
    }
}

#[async_trait]
impl Stage for LocalStage {
    fn url(&self) -> String {
        self.running.as_ref().map_or_else(String::new, |running| running.url.clone())
    }

    fn root(&self) -> PublicKey {
        self.root.clone()
    }

    async fn reach(&mut self, now: Timestamp) {
        self.now.fetch_max(now.as_millisecond(), Ordering::SeqCst);
    }

    async fn invite(&self, invite: Invite) -> Result<String, RehearsalError> {
        let invited = self.post("/invitations", serde_json::to_string(&invite)).await?;
        Ok(invited["code"].as_str().unwrap_or_default().to_owned())
    }

    async fn command(&self, what: DayWhat) -> Result<(), RehearsalError> {
        self.post("/command", serde_json::to_string(&json!({"what": what}))).await.map(|_| ())
    }

    async fn restart(&mut self) -> Result<(), RehearsalError> {
        self.kill().await?;
        self.tear()?;
        self.start().await
    }
}

#[async_trait]
impl Rehearsed for LocalStage {
    fn office(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    async fn records(&mut self) -> Result<Vec<Record>, RehearsalError> {
        self.kill().await?;
        let journal = FileJournal::open(&self.folder, Keeping::Plain);
        let texts = journal.and_then(|mut journal| journal.read()).map_err(failed)?;
        self.start().await?;
        let lines = texts.iter().map(|text| line::read(text).ok_or_else(|| failed("a line can't be read")));
        let lines: Vec<Line> = lines.collect::<Result<_, _>>()?;
        let record = |line| if let Line::Entry { record } = line { Some(record) } else { None };
        Ok(lines.into_iter().filter_map(record).collect())
    }
}

impl Drop for LocalStage {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.runtime.shutdown_background();
        }
    }
}
