//! `cellsweep case`

use cellsweep_flow::{consult, open_even_locked, open_for_writing, open_original, quarantined, replay};
use std::io::Write as _;
use std::path::PathBuf;

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
    Original(Original),
    Quarantine(Quarantine),
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

/// Take a file that was kept under seal out of the case, as it came.
///
/// For a counter-examination. It takes two people, and is logged before the seal is opened.
#[derive(Debug, Args)]
struct Original {
    /// The import that the file came in by.
    #[arg(value_name = "IMPORT")]
    import: String,

    #[command(flatten)]
    case: CaseArg,

    /// Who opens it; twice, for it takes two people.
    #[arg(long, value_name = "NAME", required = true)]
    by: Vec<String>,

    /// Where to.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Show the rows of an import that can't be used, with line and reason, as CSV.
///
/// In an investigation they lie in the case sealed, as everything does.
#[derive(Debug, Args)]
struct Quarantine {
    /// The import.
    #[arg(value_name = "IMPORT")]
    import: String,

    #[command(flatten)]
    case: CaseArg,
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
            What::Original(command) => command.run(shell),
            What::Quarantine(command) => command.run(shell),
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

impl Original {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let import = shell.call(&config, "case original", |session| {
            let mut case = open_for_writing(&self.case.dir, session)?;
            open_original(&mut case, &self.import, &self.output, &self.by, session)
        })?;
        let (path, file, digest) = (self.output.display(), import.file, import.digest.0);
        shell.ui.result(format!("{path}: {file} as it came in, SHA-256 {digest}"))?;
        Ok(Exit::Fine)
    }
}

impl Quarantine {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let rows = shell.call(&config, "case quarantine", |session| {
            quarantined(&consult(&self.case.dir, "quarantine", session)?, &self.import)
        })?;
        match rows {
            Some(rows) => shell.ui.write_result(|out| out.write_all(&rows))?,
            None => shell.ui.result("every row of this import went on")?,
        }
        Ok(Exit::Fine)
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
