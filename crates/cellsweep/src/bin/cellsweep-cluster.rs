//! `cellsweep-cluster`: the scheduler and the executors of a cluster.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cellsweep_cluster::{ClusterError, ExecutorSettings, SchedulerSettings, Tls, execute, schedule};
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Machines that import and trace for `cellsweep`.
///
/// One scheduler, and executors that ask it for work; `cellsweep import` and `cellsweep trace` are told where it is
/// (`--cluster URL`). All of them bring the same token, and are of one version.
#[derive(Debug, Parser)]
#[command(
    name = "cellsweep-cluster",
    version,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  openssl rand -hex 32 > token
  cellsweep-cluster scheduler --token token
  cellsweep-cluster executor --scheduler http://127.0.0.1:8700 --token token
  cellsweep trace --cluster http://127.0.0.1:8700 --cluster-token token"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Log more; twice for details.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Keep the board of tasks: who does which, what came of them. All of it is in memory.
    Scheduler(Scheduler),
    /// Do tasks, as many at once as there are slots.
    Executor(Executor),
}

#[derive(Debug, Args)]
struct Scheduler {
    /// Where it listens; other machines can reach it only with a certificate.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8700")]
    listen: SocketAddr,

    /// The file with the token: 16 or more letters or digits in its first line.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_CLUSTER_TOKEN")]
    token: PathBuf,

    /// The certificate's chain, PEM.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,

    /// The certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,

    /// Bound on what waits in memory, MiB; past it, callers wait.
    #[arg(long, value_name = "MIB", default_value_t = 1_024)]
    memory: u64,
}

#[derive(Debug, Args)]
struct Executor {
    /// The scheduler's address, such as `https://cluster.example:8700`.
    #[arg(long, value_name = "URL", env = "CELLSWEEP_CLUSTER")]
    scheduler: String,

    /// The file with the token.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_CLUSTER_TOKEN")]
    token: PathBuf,

    /// Certificates that are trusted besides the system's, PEM.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_CLUSTER_CA")]
    ca: Option<PathBuf>,

    /// Tasks at once; the number of cores if not given.
    #[arg(long, value_name = "N")]
    slots: Option<usize>,

    /// Bound on memory, MiB.
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    memory: u64,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = ["info", "debug", "trace"][usize::from(cli.verbose.min(2))];
    let filter = EnvFilter::new(format!("warn,cellsweep_cluster={level}"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match cli.command {
        Command::Scheduler(scheduler) => scheduler.run(),
        Command::Executor(executor) => executor.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What a signal to stop does.
fn on_stop(stop: impl Fn() + Send + 'static) -> Result<(), ClusterError> {
    ctrlc::set_handler(stop)
        .map_err(|error| ClusterError::Serve { what: "signals".to_owned(), source: std::io::Error::other(error) })
}

impl Scheduler {
    fn run(self) -> Result<(), ClusterError> {
        let tls = self.certificate.zip(self.key).map(|(certificate, key)| Tls { certificate, key });
        let memory_bytes = self.memory << 20;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let settings = SchedulerSettings { listen: self.listen, tls, token: self.token, memory_bytes };
        let stop = Arc::new(tokio::sync::Notify::new());
        let told = Arc::clone(&stop);
        on_stop(move || told.notify_one())?;
        let ready = move |address: SocketAddr| tracing::info!("listens at {scheme}://{address}");
        schedule(&settings, ready, async move { stop.notified().await })
    }
}

impl Executor {
    fn run(self) -> Result<(), ClusterError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let settings = ExecutorSettings {
            url: self.scheduler,
            token: self.token,
            roots: self.ca,
            slots: self.slots.unwrap_or(cores),
            memory_bytes: self.memory << 20,
        };
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        on_stop(move || told.store(true, Ordering::Relaxed))?;
        tracing::info!(slots = settings.slots, "asks {} for work", settings.url);
        execute(settings, &stop)
    }
}
