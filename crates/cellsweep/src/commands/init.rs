//! `cellsweep init`

use std::path::PathBuf;

use cellsweep_flow::init_in;
use cellsweep_model::case::CaseKind;
use clap::Args;
use serde_json::json;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Begin a case in a new or empty folder.
///
/// A case is either an investigation (real data, each file under an authority) or an exercise
/// (invented data). It stays what it was begun as.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep init --exercise rehearsal      a case of invented data
  cellsweep init lyon-2026                 a case of real data, under authorities
  cellsweep init --country BE antwerp      the same under another country's law")]
pub struct Init {
    /// The case's folder; it is made if it doesn't exist.
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// The data are invented: no authority is needed, and the case says so wherever it shows.
    #[arg(long)]
    exercise: bool,

    /// Whose law applies, by ISO 3166-1: it is in every package that leaves the case.
    #[arg(long, value_name = "COUNTRY", default_value = "FR")]
    country: String,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Init {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let kind = if self.exercise { CaseKind::Exercise } else { CaseKind::Investigation };
        let config = shell.config(Some(&self.dir), &[])?;
        shell.call(&config, "init", |session| init_in(&self.dir, kind, &self.country, session))?;
        if self.json {
            show::json(&shell.ui, &json!({ "case": self.dir, "kind": kind }))?;
        } else {
            shell.ui.result(format!("{} is a new {}", self.dir.display(), kind_word(kind)))?;
            if kind == CaseKind::Investigation && shell.key_is_in_the_case() {
                shell.ui.result(format!(
                    "its key lies in {}: whoever has the folder can read it. Move the key elsewhere and give --key-file",
                    self.dir.join("case.key").display()
                ))?;
            }
        }
        Ok(Exit::Fine)
    }
}

const fn kind_word(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Exercise => "exercise: its data are invented",
        CaseKind::Investigation => "investigation: nothing enters it without an authority",
    }
}
