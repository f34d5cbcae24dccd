//! What every command starts from: the screen, the settings, the clock.

use std::path::{Path, PathBuf};

use cellsweep_flow::{FlowError, Session};
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

    /// Bound on memory, such as 512MiB or 2GiB; past it import and trace spill to disk.
    #[arg(long, global = true, value_name = "SIZE", help_heading = "Everywhere")]
    pub memory: Option<String>,

    /// Threads that work; the number of cores if not given.
    #[arg(long, global = true, value_name = "N", help_heading = "Everywhere")]
    pub threads: Option<String>,

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
        let session = Session {
            settings: &settings,
            clock: &clock,
            holder: &holder,
            progress: &self.ui,
            peak: &memory::peak_since_last_asked,
        };
        Ok(step(&session)?)
    }
}
