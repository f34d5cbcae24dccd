//! `cellsweep trace`

use cellsweep_flow::{open_for_writing, trace};
use clap::Args;

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, ClusterArgs, Shell};

/// Weigh which handsets are kept in which facility.
///
/// Reads everything that was imported and leaves a run in the case: one row for each handset and
/// facility with its likelihood ratio ("kept in this facility" against "kept elsewhere"), its
/// probability at the asked time, and the findings that both are made of. The same inputs and
/// settings give the same bytes.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep trace
  cellsweep trace --at 2025-03-31T04:00:00Z
  cellsweep trace --threshold 0.2 --json")]
pub struct Trace {
    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    asked: Asked,

    #[command(flatten)]
    cluster: ClusterArgs,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What trace is asked.
#[derive(Debug, Args)]
pub struct Asked {
    /// The time that "kept there" is asked for; the end of the records if not given.
    #[arg(long, value_name = "TIME")]
    pub at: Option<jiff::Timestamp>,

    /// Leave out rows below this probability.
    #[arg(long, value_name = "P")]
    pub threshold: Option<String>,

    /// The probability that a handset heard at a facility is kept there, before its findings are
    /// looked at; estimated from the case if not given.
    #[arg(long, value_name = "P")]
    pub prior: Option<String>,
}

impl Asked {
    /// The options that are settings, too.
    pub fn flags(&self) -> [(Key, Option<String>); 2] {
        [(Key::Threshold, self.threshold.clone()), (Key::Prior, self.prior.clone())]
    }

    /// The asked time in microseconds.
    pub fn at(&self) -> Option<i64> {
        self.at.map(jiff::Timestamp::as_microsecond)
    }
}

impl Trace {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mut config = shell.config(Some(&self.case.dir), &self.asked.flags())?;
        config.at = self.asked.at();
        config.cluster = self.cluster.place()?;
        let summary = shell.call(&config, "trace", |session| {
            let mut case = open_for_writing(&self.case.dir, session)?;
            trace(&mut case, session)
        })?;
        if self.json {
            show::json(&shell.ui, &summary)?
        } else {
            show::trace(&shell.ui, &summary)?
        }
        Ok(Exit::Fine)
    }
}
