//! `cellsweep verify`

use std::path::PathBuf;

use cellsweep_flow::{Verified, verify};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Check that a case is what was written: every entry of its logs, every checkpoint, every file.
///
/// Without a key that was had elsewhere, somebody who made the whole case anew would not be noticed: keep the key and a
/// checkpoint that this prints where nobody who writes to the case can change them.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep verify --case lyon-2026
  cellsweep verify --case lyon-2026 --vkey key-from-the-registry.txt")]
pub struct Verify {
    #[command(flatten)]
    case: CaseArg,

    /// The verifier's key of the custody log, as it was had elsewhere: a file.
    #[arg(long, value_name = "FILE")]
    vkey: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(ShellError::io("read", path));
        let known = self.vkey.as_ref().map(read).transpose()?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let told = shell.call(&config, "verify", |session| verify(&self.case.dir, known.as_deref(), session))?;
        if self.json {
            show::json(&shell.ui, &told)?;
        } else {
            shell.ui.result(words(&told, known.is_some()))?;
        }
        Ok(if told.faults.is_empty() { Exit::Fine } else { Exit::Altered })
    }
}

fn words(told: &Verified, key_known: bool) -> String {
    let mut lines = Vec::new();
    match told.faults.len() {
        0 => lines.push("holds".to_owned()),
        _ => lines.push("DOES NOT HOLD".to_owned()),
    }
    lines.extend(told.faults.iter().map(|fault| format!("  {}: {}", fault.place, fault.what)));
    lines.push(format!(
        "checked: {} entries of the custody log and {} of the access log, {} checkpoints, {} files",
        told.custody_entries, told.access_entries, told.checkpoints, told.files
    ));
    if !key_known {
        lines.push(format!(
            "not checked: whose key this is. Compare it with one that was had elsewhere, or give that with --vkey:\n  {}",
            told.key
        ));
    }
    lines.push(format!(
        "its last checkpoint, to be kept elsewhere:\n  {}",
        told.checkpoint.trim_end().replace('\n', "\n  ")
    ));
    lines.join("\n")
}
