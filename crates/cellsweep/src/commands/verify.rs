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
  cellsweep verify --case lyon-2026 --vkey key-from-the-registry.txt
  cellsweep verify log FOLDER       what `cellsweep log export` wrote, as cellsweep-verify checks it
  cellsweep verify item FILE        one item's history
  cellsweep verify files FOLDER     files beside their manifest.sha256")]
pub struct Verify {
    /// `log FOLDER`, `item FILE` or `files FOLDER`, and that checker's own options; a whole case if not given.
    #[arg(value_name = "EXPORT", trailing_var_arg = true, allow_hyphen_values = true)]
    exported: Vec<String>,

    #[command(flatten)]
    case: CaseArg,

    /// The verifier's key of the custody log, as it was had elsewhere: a file.
    #[arg(long, value_name = "FILE")]
    vkey: Option<PathBuf>,

    /// The key of a witness whose co-signature the last checkpoint must bear: a file.
    #[arg(long, value_name = "FILE")]
    witness: Vec<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if !self.exported.is_empty() {
            return exported(&self.exported);
        }
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(ShellError::io("read", path));
        let known = self.vkey.as_ref().map(read).transpose()?;
        let witnesses = self.witness.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let told =
            shell.call(&config, "verify", |session| verify(&self.case.dir, known.as_deref(), &witnesses, session))?;
        if self.json {
            show::json(&shell.ui, &told)?;
        } else {
            shell.ui.result(words(&told, known.is_some()))?;
        }
        Ok(if told.faults.is_empty() { Exit::Fine } else { Exit::Altered })
    }
}

/// What was taken out of a case, checked as the checker that stands alone does it.
fn exported(words: &[String]) -> Result<Exit, ShellError> {
    let (mut out, mut errors) = (std::io::stdout().lock(), std::io::stderr().lock());
    Ok(match cellsweep_verify::run(words, &mut out, &mut errors) {
        cellsweep_verify::HOLDS => Exit::Fine,
        cellsweep_verify::DOES_NOT_HOLD => Exit::Altered,
        _ => Exit::Usage,
    })
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
    for name in &told.left {
        lines.push(format!(
            "{name}: left by a killed process, or put there; nothing reads it, and the next writer removes it"
        ));
    }
    if !told.bytes_checked {
        lines.push(
            "not checked: bytes of case.sqlite that no table holds; open and close the case, then verify it again"
                .to_owned(),
        );
    }
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
