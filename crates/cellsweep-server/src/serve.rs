//! The server's life: from its settings to its end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use axum::{Json, Router};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use cellsweep_accounts::{IdError, Organisation, OrganisationFile, Policies, PolicyError};
use cellsweep_field::rehearse::{Live, live};
use cellsweep_flow::sweep::{IdError as NameError, Party};
use cellsweep_flow::{FlowError, Settings, Unlock};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::day::Days;
use crate::desk::Desk;
use crate::limits::{self, FORM, Rates};
use crate::office::{Office, Parts, off_thread};
use crate::problem::Problem;
use crate::setup::{OfficeError, OfficePlace};
use crate::tiles::{Tiles, TilesError};
use crate::upload::{PIECE, Uploads};
use crate::watch::{WatchFolder, watch};
use crate::{assets, routes};

/// Requests that are under way when the server is told to stop have so long.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// A certificate and its key, PEM.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate's chain.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// An organisation that signs people in.
#[derive(Debug, Clone)]
pub struct OrganisationFiles {
    /// What it is, and which of its claims give which roles (TOML).
    pub file: PathBuf,
    /// The secret that it gave this office.
    pub secret: PathBuf,
    /// Certificates that are trusted besides the system's (PEM).
    pub roots: Option<PathBuf>,
}

impl OrganisationFiles {
    fn read(&self) -> Result<Organisation, ServeError> {
        let text = |path: &PathBuf| std::fs::read_to_string(path).map_err(ServeError::io(path.display().to_string()));
        let file = OrganisationFile::parse(&text(&self.file)?).map_err(OfficeError::from)?;
        let roots = self.roots.as_ref().map(text).transpose()?.unwrap_or_default();
        Ok(Organisation::new(file, text(&self.secret)?.trim(), roots.as_bytes()).map_err(OfficeError::from)?)
    }
}

/// What is served, to whom, where.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    /// The case's folder.
    pub case: PathBuf,
    /// How its key is had.
    pub unlock: Unlock,
    /// What steers its steps.
    pub steps: Settings,
    /// Where the accounts are.
    pub office: OfficePlace,
    /// Where it listens.
    pub listen: SocketAddr,
    /// How the line is encrypted; `None` only on this machine's own addresses.
    pub tls: Option<Tls>,
    /// Rules in a folder instead of the program's own.
    pub policies: Option<PathBuf>,
    /// The organisation that signs people in.
    pub organisation: Option<OrganisationFiles>,
    /// The background of its maps, a PMTiles file; countries' outlines alone if not given.
    pub tiles: Option<PathBuf>,
    /// A folder whose files go into the case as they are dropped.
    pub watch: Option<WatchFolder>,
    /// How many times faster than real made-up officers play the approved plan's day: for invented data alone.
    pub play: Option<f64>,
}

impl ServeSettings {
    /// What can be told before anything is opened or made.
    ///
    /// # Errors
    /// When people could read along, or the maps' background is none.
    pub fn check(&self) -> Result<(), ServeError> {
        if self.tls.is_none() && !self.listen.ip().is_loopback() {
            return Err(ServeError::Plain(self.listen));
        }
        self.background()?;
        Ok(())
    }

    fn background(&self) -> Result<Option<Tiles>, TilesError> {
        self.tiles.as_deref().map(Tiles::open).transpose()
    }
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The case.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// The accounts.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The rules.
    #[error(transparent)]
    Policies(#[from] PolicyError),
    /// The maps' background.
    #[error(transparent)]
    Tiles(#[from] TilesError),
    /// The case's folder has a name that no rule can name.
    #[error("the case's folder: {0}")]
    Name(#[from] IdError),
    /// Nobody may read along.
    #[error("{0} can be reached from other machines: give a certificate and its key, so that nobody reads along")]
    Plain(SocketAddr),
    /// The certificate, the key, or the address.
    #[error("{what}: {source}")]
    Io {
        /// What can't be used.
        what: String,
        /// Why not.
        source: std::io::Error,
    },
}

impl ServeError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// A server that listens.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
}

/// Serves until the process is told to stop (SIGINT, SIGTERM); `ready` is told once it listens.
///
/// # Errors
/// When the case, the accounts, the rules, the certificate or the address can't be used.
pub fn serve(settings: ServeSettings, ready: impl FnOnce(Listening) + Send + 'static) -> Result<(), ServeError> {
    settings.check()?;
    let tiles = settings.background()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::io("the runtime can't be started"))?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    ctrlc::set_handler(move || _ = stop.send(true)).map_err(|error| ServeError::Io {
        what: "signals can't be waited for".to_owned(),
        source: std::io::Error::other(error),
    })?;
    // Opened and dropped out here: the case's database waits when it closes.
    let desk = Desk::open(settings.case.clone(), settings.unlock.clone(), settings.steps.clone())?;
    let loaded = desk.loaded().map_err(|problem| FlowError::Limits { why: problem.detail, hint: None })?;
    let exercise = loaded.case.kind() == cellsweep_model::case::CaseKind::Exercise;
    drop(loaded);
    let origin = settings.office.origin(settings.listen, settings.tls.is_some());
    let accounts = runtime.block_on(settings.office.open(&origin))?;
    let policies = match &settings.policies {
        Some(folder) => Policies::folder(folder)?,
        None => Policies::own()?,
    };
    let organisation = settings.organisation.as_ref().map(OrganisationFiles::read).transpose()?;
    let uploads = Uploads::new(settings.office.uploads());
    let days = Days::new(settings.office.days(), origin);
    let tls = settings.tls.is_some();
    let office = Arc::new(Office::new(Parts {
        desk,
        accounts,
        policies,
        organisation,
        tiles,
        uploads,
        days,
        tls,
        exercise,
        stop: stopped,
    })?);
    runtime.block_on(go_on(&office));
    let ahead = office.clone();
    runtime.spawn(async move { ahead.read_ahead().await });
    if let Some(folder) = settings.watch.clone() {
        runtime.spawn(watch(office.clone(), folder));
    }
    if let Some(speed) = settings.play.filter(|_| exercise) {
        runtime.spawn(play(office.clone(), speed));
    }
    let outcome = runtime.block_on(listen(&settings, office.clone(), ready));
    // Whatever still holds the office ends with the runtime; then it is dropped here.
    runtime.block_on(office.accounts().close());
    runtime.shutdown_timeout(LAST_REQUESTS);
    outcome
}

async fn listen(
    settings: &ServeSettings,
    office: Arc<Office>,
    ready: impl FnOnce(Listening) + Send + 'static,
) -> Result<(), ServeError> {
    let stopping = office.stopping();
    let app = app(office).into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let (waiting, tidy) = (handle.clone(), handle.clone());
    tokio::spawn(async move {
        if let Some(address) = waiting.listening().await {
            ready(Listening { address });
        }
    });
    tokio::spawn(async move {
        stopping.await;
        tidy.graceful_shutdown(Some(LAST_REQUESTS));
    });
    let address = settings.listen;
    let served = match &settings.tls {
        None => axum_server::bind(address).handle(handle).serve(app).await,
        Some(Tls { certificate, key }) => {
            // Another part of the program may have chosen already.
            _ = rustls::crypto::ring::default_provider().install_default();
            let what = format!("{} and {}", certificate.display(), key.display());
            let config = RustlsConfig::from_pem_file(certificate, key).await.map_err(ServeError::io(what))?;
            axum_server::bind_rustls(address, config).handle(handle).serve(app).await
        }
    };
    served.map_err(ServeError::io(format!("{address} can't be listened at")))
}

/// Goes on with the search day that was served last, where it is still the latest plan's.
async fn go_on(office: &Arc<Office>) {
    let Some(last) = office.days().last() else { return };
    if let Err(why) = open_day(office, |run| run == last).await {
        tracing::warn!("the search day that was served is left closed: {why}");
    }
}

/// Opens the day of the approved plan, and has made-up officers play it.
async fn play(office: Arc<Office>, speed: f64) {
    let played = async {
        open_day(&office, |_| true).await?;
        let field = office.days().field().await.ok_or("no day is open")?;
        let by = of_the_office()?;
        live(Live { seed: 1, speed }, &field, by).await.map_err(|error| error.to_string())
    };
    match played.await {
        Ok(report) => tracing::info!(?report, "the made-up day is over"),
        Err(why) => tracing::error!("the made-up day can't be played: {why}"),
    }
}

fn of_the_office() -> Result<Party, String> {
    let id = "office".parse().map_err(|error: NameError| error.to_string())?;
    let name = "office".parse().map_err(|error: NameError| error.to_string())?;
    Ok(Party { id, name, role: None })
}

async fn open_day(office: &Arc<Office>, wanted: impl Fn(&str) -> bool) -> Result<(), String> {
    let known = office.clone();
    let morning = off_thread(move || Ok(cellsweep_flow::morning(&known.desk().loaded()?.case)?)).await;
    let morning = morning.map_err(|problem| problem.detail)?.ok_or("no plan is approved")?;
    if !wanted(&morning.run) {
        return Err("it is not the latest plan's".to_owned());
    }
    office.days().open(morning, of_the_office()?, office).await.map_err(|error| error.to_string())
}

/// All of it: the interface, the pages, and what every request passes.
pub(crate) fn app(office: Arc<Office>) -> Router {
    let (interface, document) = routes::all();
    let document = Arc::new(document);
    let interface = interface
        .route("/openapi.json", axum::routing::get(move || async move { Json(document.as_ref().clone()) }))
        .fallback(any(|| async { Problem::not_found("There is nothing at this path.") }))
        .method_not_allowed_fallback(|| async {
            let detail = "Something else can be done at this path, and not this.";
            Problem::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, "about:blank", "Method not allowed", detail)
        })
        .layer(DefaultBodyLimit::max(FORM.max(PIECE + 1)));
    let small = DefaultPredicate::new().and(NotForContentType::new("text/event-stream"));
    Router::new()
        .nest("/api/v1/field", routes::field())
        .nest("/api/v1", interface)
        .fallback(axum::routing::get(assets::asset))
        .layer(CompressionLayer::new().compress_when(small))
        .layer(from_fn_with_state(office.clone(), limits::headers))
        .layer(from_fn_with_state(Arc::new(Rates::new()), limits::rates))
        .layer(from_fn_with_state(office.clone(), limits::count))
        .with_state(office)
}
