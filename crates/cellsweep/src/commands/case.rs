//! `cellsweep case`

use cellsweep_flow::{open_even_locked, open_for_writing, replay};
use clap::{Args, Subcommand};

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Move a case's log between databases, or write again what it comes to.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep case move --to postgres://cellsweep@db.example/cases
  cellsweep case move --to sqlite
  cellsweep case rebuild
  cellsweep case replay 00001-trace-516f4669")]
pub struct CaseCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Move(Move),
    Rebuild(Rebuild),
    Replay(Replay),
}

/// Move the case's log to a PostgreSQL database, for several machines, or back into its folder.
///
/// The log stays byte for byte what it was. Its files stay in the folder.
#[derive(Debug, Args)]
struct Move {
    #[command(flatten)]
    case: CaseArg,

    /// A PostgreSQL database's address, or `sqlite` for the case's own folder.
    #[arg(long, value_name = "URL")]
    to: String,
}

/// Repeat a trace or an attribution, and say whether the same bytes come out.
///
/// It runs with its own settings on the case as it then stood. Nothing is kept of it.
#[derive(Debug, Args)]
struct Replay {
    /// The run.
    #[arg(value_name = "RUN")]
    run: String,

    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Write manifest.json again, from the log alone.
#[derive(Debug, Args)]
struct Rebuild {
    #[command(flatten)]
    case: CaseArg,
}

impl CaseCommand {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Move(command) => command.run(shell),
            What::Rebuild(command) => command.run(shell),
            What::Replay(command) => command.run(shell),
        }
    }
}

impl Move {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let url = (self.to != "sqlite").then_some(self.to.as_str());
        shell.call(&config, "case move", |session| Ok(open_even_locked(&self.case.dir, session)?.move_to(url)?))?;
        shell.ui.result(match url {
            Some(_) => "the log is in the PostgreSQL database",
            None => "the log is in case.sqlite",
        })?;
        Ok(Exit::Fine)
    }
}

impl Replay {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let told = shell.call(&config, "case replay", |session| {
            replay(&mut open_for_writing(&self.case.dir, session)?, &self.run, session)
        })?;
        if self.json {
            show::json(&shell.ui, &told)?;
        } else {
            for name in &told.same {
                shell.ui.result(format!("{name}: the same bytes"))?;
            }
            for name in told.different.keys() {
                shell.ui.result(format!("{name}: OTHER BYTES"))?;
            }
            if told.versions.0 != told.versions.1 {
                shell.ui.result(format!("made by version {}, repeated by {}", told.versions.0, told.versions.1))?;
            }
        }
        Ok(if told.different.is_empty() { Exit::Fine } else { Exit::Altered })
    }
}

impl Rebuild {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        // Opening for writing does it: what is shown is made from the log each time.
        let events = shell.call(&config, "case rebuild", |session| {
            Ok(open_even_locked(&self.case.dir, session)?.case().manifest().events.len())
        })?;
        shell.ui.result(format!("manifest.json is what {events} entries of the log come to"))?;
        Ok(Exit::Fine)
    }
}
