//! The scheduler: the board over HTTP, for those who have the token.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use tokio::sync::Notify;

use crate::ClusterError;
use crate::board::{Board, Outcome, Refusal};
use crate::wire::{self, JOB_HEADER, TASK_HEADER, WAIT_S};

/// Requests that are under way when it is told to stop have so long.
const LAST_REQUESTS: Duration = Duration::from_secs(2);
/// A body is no longer than this: a run of records under a bound on memory of many GiB.
const MOST_BODY: usize = 1 << 30;

/// A certificate and its key, PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate's chain.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What is served.
#[derive(Debug, Clone)]
pub struct SchedulerSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How the line is encrypted; `None` only on this machine's own addresses.
    pub tls: Option<Tls>,
    /// The file with the token that everybody has to bring.
    pub token: PathBuf,
    /// Bound on what waits in memory, in bytes.
    pub memory_bytes: u64,
}

struct Desk {
    board: Mutex<Board>,
    /// Told when a task comes, is done, or has failed.
    news: Notify,
    token: Vec<u8>,
    most_bytes: u64,
}

/// Serves until the program is told to stop (`stop` then resolves).
///
/// # Errors
/// When the token, the certificate or the address can't be used, or others could read along.
pub fn schedule(
    settings: &SchedulerSettings,
    ready: impl FnOnce(SocketAddr) + Send + 'static,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ClusterError> {
    if settings.tls.is_none() && !settings.listen.ip().is_loopback() {
        return Err(ClusterError::Plain { url: settings.listen.to_string() });
    }
    let token = crate::line::token(&settings.token)?.into_bytes();
    let desk =
        Arc::new(Desk { board: Mutex::default(), news: Notify::new(), token, most_bytes: settings.memory_bytes });
    let serve = |what: String| move |source| ClusterError::Serve { what, source };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(serve("the runtime".to_owned()))?.block_on(async {
        let handle = Handle::new();
        let (waiting, ending) = (handle.clone(), handle.clone());
        tokio::spawn(async move {
            if let Some(address) = waiting.listening().await {
                ready(address);
            }
        });
        tokio::spawn(async move {
            stop.await;
            ending.graceful_shutdown(Some(LAST_REQUESTS));
        });
        let (app, address) = (app(desk).into_make_service(), settings.listen);
        let served = match &settings.tls {
            None => axum_server::bind(address).handle(handle).serve(app).await,
            Some(Tls { certificate, key }) => {
                // Another part of the program may have chosen already.
                _ = rustls::crypto::ring::default_provider().install_default();
                let what = format!("{} and {}", certificate.display(), key.display());
                let config = RustlsConfig::from_pem_file(certificate, key).await.map_err(serve(what))?;
                axum_server::bind_rustls(address, config).handle(handle).serve(app).await
            }
        };
        served.map_err(serve(format!("{address} can't be listened at")))
    })
}

fn app(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/v1/status", get(status))
        .route("/v1/jobs", post(begin))
        .route("/v1/jobs/{job}", get(work).delete(end))
        .route("/v1/jobs/{job}/tasks/{task}", put(give).get(outcome).delete(forget))
        .route("/v1/jobs/{job}/tasks/{task}/result", put(finish))
        .route("/v1/jobs/{job}/tasks/{task}/failure", put(fail))
        .route(wire::WORK, post(take))
        .route("/v1/alive", post(alive))
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(from_fn_with_state(Arc::clone(&desk), must_have_token))
        .with_state(desk)
}

type OfDesk = State<Arc<Desk>>;

async fn must_have_token(State(desk): OfDesk, request: Request, next: Next) -> Response {
    let brought = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = brought.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(&desk.token)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(request).await
}

impl Desk {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the board until it has something, or for as long as an answer is waited for.
    async fn until<T>(&self, ask: impl Fn(&mut Board) -> Option<T>) -> Option<T> {
        let end = Instant::now() + Duration::from_secs(WAIT_S);
        loop {
            let news = self.news.notified();
            if let Some(found) = ask(&mut self.board()) {
                return Some(found);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            // Leases run out without anybody telling.
            _ = tokio::time::timeout(left.min(Duration::from_secs(1)), news).await;
        }
    }
}

async fn status(State(desk): OfDesk) -> Json<wire::Status> {
    Json(desk.board().status(Instant::now()))
}

async fn begin(State(desk): OfDesk, work: Bytes) -> Result<String, StatusCode> {
    let mut name = [0; 16];
    getrandom::fill(&mut name).map_err(|_none| StatusCode::INTERNAL_SERVER_ERROR)?;
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    desk.board().begin(name.clone(), work, Instant::now());
    Ok(name)
}

async fn work(State(desk): OfDesk, Path(job): Path<String>) -> Result<Bytes, StatusCode> {
    desk.board().work(&job).ok_or(StatusCode::NOT_FOUND)
}

async fn end(State(desk): OfDesk, Path(job): Path<String>) -> StatusCode {
    desk.board().end(&job);
    StatusCode::NO_CONTENT
}

async fn give(State(desk): OfDesk, Path((job, task)): Path<(String, u32)>, body: Bytes) -> StatusCode {
    let given = desk.board().give(&job, task, body, desk.most_bytes, Instant::now());
    desk.news.notify_waiters();
    match given {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(Refusal::Unknown) => StatusCode::NOT_FOUND,
        Err(Refusal::Full) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn outcome(State(desk): OfDesk, Path((job, task)): Path<(String, u32)>) -> Response {
    let asked = |board: &mut Board| match board.outcome(&job, task, Instant::now()) {
        Outcome::Pending => None,
        outcome => Some(outcome),
    };
    match desk.until(asked).await {
        None | Some(Outcome::Pending) => StatusCode::NO_CONTENT.into_response(),
        Some(Outcome::Unknown) => StatusCode::NOT_FOUND.into_response(),
        Some(Outcome::Done(result)) => result.into_response(),
        Some(Outcome::Failed { tries, why }) => (StatusCode::CONFLICT, format!("{tries} {why}")).into_response(),
    }
}

async fn forget(State(desk): OfDesk, Path((job, task)): Path<(String, u32)>) -> StatusCode {
    desk.board().forget(&job, task);
    StatusCode::NO_CONTENT
}

/// Who asks for work.
#[derive(Deserialize)]
struct Hand {
    executor: String,
    #[serde(default)]
    slots: usize,
}

async fn take(State(desk): OfDesk, Query(hand): Query<Hand>) -> Response {
    let given = desk.until(|board| board.take(&hand.executor, hand.slots, Instant::now())).await;
    let Some(given) = given else { return StatusCode::NO_CONTENT.into_response() };
    let headers = [
        (HeaderName::from_static(JOB_HEADER), given.job),
        (HeaderName::from_static(TASK_HEADER), given.task.to_string()),
    ];
    (headers, given.body).into_response()
}

async fn alive(State(desk): OfDesk, Query(hand): Query<Hand>, Json(at): Json<Vec<(String, u32)>>) -> StatusCode {
    desk.board().alive(&hand.executor, &at, Instant::now());
    StatusCode::NO_CONTENT
}

async fn finish(State(desk): OfDesk, Path((job, task)): Path<(String, u32)>, result: Bytes) -> StatusCode {
    desk.board().finish(&job, task, result);
    desk.news.notify_waiters();
    StatusCode::NO_CONTENT
}

async fn fail(
    State(desk): OfDesk,
    Path((job, task)): Path<(String, u32)>,
    Query(hand): Query<Hand>,
    why: String,
) -> StatusCode {
    desk.board().fail(&hand.executor, &job, task, why);
    desk.news.notify_waiters();
    StatusCode::NO_CONTENT
}
