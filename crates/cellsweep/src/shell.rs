//! What every command starts from: the screen, the settings, the clock.

use std::path::{Path, PathBuf};

use cellsweep_flow::{Case, ClusterPlace, FlowError, Session, StorePlace, Unlock, consult};
use clap::Args;

use crate::config::{Config, Key};
use crate::error::ShellError;
use crate::memory;
use crate::ui::Ui;

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Read this configuration file, over the user's and the case's.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub config: Option<PathBuf>,

    /// Bound on memory, such as 512MiB or 2GiB; the smaller, the more parts import and trace go in.
    #[arg(long, global = true, value_name = "SIZE", help_heading = "Everywhere")]
    pub memory: Option<String>,

    /// Threads that work; the number of cores if not given.
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere")]
    pub threads: Option<String>,

    /// Who answers for what is logged; the system's account if not given.
    #[arg(long = "as", global = true, value_name = "NAME", env = "CELLSWEEP_AS", help_heading = "Everywhere")]
    pub account: Option<String>,

    /// Why the case is opened; kept in its log.
    #[arg(
        long = "because",
        global = true,
        value_name = "TEXT",
        env = "CELLSWEEP_BECAUSE",
        help_heading = "Everywhere"
    )]
    pub because: Option<String>,

    /// The key file that opens the case, where it isn't kept in the case's folder.
    #[arg(long, global = true, value_name = "FILE", env = "CELLSWEEP_KEY_FILE", help_heading = "Everywhere")]
    pub key_file: Option<PathBuf>,

    /// The file whose first line is the passphrase that opens the case.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CELLSWEEP_PASSPHRASE_FILE",
        conflicts_with = "key_file",
        help_heading = "Everywhere"
    )]
    pub passphrase_file: Option<PathBuf>,

    /// Say nothing on stderr but errors.
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,

    /// Log what the steps do to stderr; twice for details.
    #[arg(long, short, global = true, action = clap::ArgAction::Count, help_heading = "Everywhere")]
    pub verbose: u8,
}

/// Which case.
#[derive(Debug, Args)]
pub struct CaseArg {
    /// The case's folder.
    #[arg(long = "case", value_name = "DIR", default_value = ".", env = "CELLSWEEP_CASE")]
    pub dir: PathBuf,
}

/// The machines that a command's work is shared out to.
#[derive(Debug, Args)]
#[command(next_help_heading = "On a cluster")]
pub struct ClusterArgs {
    /// Share the work out to the executors of this scheduler (`cellsweep-cluster`); the result is the same, byte for byte.
    #[arg(long, value_name = "URL", env = "CELLSWEEP_CLUSTER", requires = "cluster_token")]
    cluster: Option<String>,

    /// The file with the token that the cluster takes.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_CLUSTER_TOKEN")]
    cluster_token: Option<PathBuf>,

    /// Certificates that are trusted besides the system's, PEM.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_CLUSTER_CA")]
    cluster_ca: Option<PathBuf>,

    /// The object store by which executors get the case's files, s3://BUCKET/PREFIX, its keys and address in the usual
    /// variables (AWS_ACCESS_KEY_ID, …); where it isn't given, they must have the case's folder at the same path.
    #[arg(long, value_name = "URL", env = "CELLSWEEP_CLUSTER_STORE")]
    cluster_store: Option<String>,
}

impl ClusterArgs {
    /// Where it is, where one is named.
    pub fn place(&self) -> Result<Option<ClusterPlace>, ShellError> {
        let Some((url, token)) = self.cluster.clone().zip(self.cluster_token.clone()) else { return Ok(None) };
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let store = self.cluster_store.as_deref().map(|url| StorePlace::of_variables(url, &variable));
        let store = store.transpose().map_err(FlowError::from)?;
        Ok(Some(ClusterPlace { url, token, roots: self.cluster_ca.clone(), store }))
    }
}

/// A command's settings given as options, over every file and variable.
pub type Flags<'a> = &'a [(Key, Option<String>)];

/// What a command works with.
pub struct Shell {
    pub ui: Ui,
    global: Global,
}

impl Shell {
    pub fn new(global: Global) -> Self {
        Self { ui: Ui::new(global.quiet), global }
    }

    /// The settings in force for a case.
    pub fn config(&self, case: Option<&Path>, flags: Flags<'_>) -> Result<Config, ShellError> {
        let everywhere = [(Key::Memory, self.global.memory.clone()), (Key::Threads, self.global.threads.clone())];
        let given = everywhere.iter().chain(flags).filter_map(|(key, text)| Some((*key, text.clone()?)));
        Config::resolve(self.global.config.as_deref(), case, given)
    }

    /// Why, where it was said.
    pub fn because(&self) -> Option<String> {
        self.global.because.clone()
    }

    /// Who it is.
    pub fn by(&self) -> String {
        let named = self.global.account.clone().or_else(account).map(|name| name.trim().to_owned());
        named.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned())
    }

    /// Whether nobody said where else a case's key is.
    pub fn key_is_in_the_case(&self) -> bool {
        self.global.key_file.is_none() && self.global.passphrase_file.is_none()
    }

    /// How the case's key is had.
    pub fn unlock(&self) -> Result<Unlock, ShellError> {
        match (&self.global.key_file, &self.global.passphrase_file) {
            (Some(path), _) => Ok(Unlock::KeyFile(path.clone())),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path).map_err(ShellError::io("read", path))?;
                Ok(Unlock::Passphrase(text.lines().next().unwrap_or_default().to_owned()))
            }
            (None, None) => Ok(Unlock::InCase),
        }
    }

    /// Opens a case for a command that shows what is in it.
    pub fn consult(&self, dir: &Path, command: &str) -> Result<Case, ShellError> {
        self.call(&self.config(Some(dir), &[])?, command, |session| consult(dir, command, session))
    }

    /// Calls a step.
    pub fn call<T>(
        &self,
        config: &Config,
        command: &str,
        step: impl FnOnce(&Session<'_>) -> Result<T, FlowError>,
    ) -> Result<T, ShellError> {
        let holder = format!("cellsweep {command}, process {}", std::process::id());
        let clock = jiff::Timestamp::now;
        let settings = config.settings();
        let (by, unlock) = (self.by(), self.unlock()?);
        let session = Session {
            settings: &settings,
            clock: &clock,
            holder: &holder,
            by: &by,
            reason: self.global.because.as_deref(),
            unlock: &unlock,
            progress: &self.ui,
            peak: &memory::peak_since_last_asked,
        };
        Ok(step(&session)?)
    }
}

/// The system's account, as the system itself names it: an environment may say anything, or nothing.
fn account() -> Option<String> {
    #[cfg(unix)]
    let known = nix::unistd::User::from_uid(nix::unistd::Uid::effective()).ok().flatten().map(|user| user.name);
    #[cfg(not(unix))]
    let known = std::env::var("USERNAME").ok();
    known
}
