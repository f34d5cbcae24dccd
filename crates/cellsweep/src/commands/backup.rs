//! `cellsweep backup` and `cellsweep restore`

use std::path::PathBuf;

use cellsweep_flow::{Copied, backup, restore};
use cellsweep_server::{OfficePlace, ServeError, backup_office};
use clap::Args;

use crate::commands::serve::office_beside;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// In a backup and beside its keys: the case, and the office that serves it.
const CASE: &str = "case";
const OFFICE: &str = "office";

/// Copy a case and its office, for the day when a disk is lost.
///
/// The office may be open meanwhile: the copy is of one moment. The keys to people's data go to a folder of their own: keep
/// it elsewhere than the copy, and destroy what is in it when something was erased and a newer one was made. A key file or
/// passphrase of your own is in neither. A log that lies in PostgreSQL is in the copy as an SQLite file.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep backup /backups/2026-11-28 --keys /vault/2026-11-28 --case lyon-2026 --because \"nightly copy\"
  cellsweep restore /backups/2026-11-28 --keys /vault/2026-11-28 --to restored/lyon-2026")]
pub struct Backup {
    /// Where to; a folder that doesn't exist yet.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    /// Where its keys go; a folder that doesn't exist yet.
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// The folder of the office; beside the case if not given.
    #[arg(long, value_name = "DIR")]
    office: Option<PathBuf>,
}

/// Make a case and its office from a backup, and check it.
///
/// Every file is held against the backup's list first. Name the folder as it was named: what people may in the office is
/// given for a case by its folder's name. What is there afterwards lies in one folder, whatever database it
/// lay in before: `cellsweep case move` brings the log to PostgreSQL.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep restore /backups/2026-11-28 --keys /vault/2026-11-28 --to restored/lyon-2026")]
pub struct Restore {
    /// What `cellsweep backup` wrote.
    #[arg(value_name = "DIR")]
    backup: PathBuf,

    /// The keys that it wrote.
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,

    /// The case's new folder, which doesn't exist yet.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,

    /// The folder of the office; beside the case if not given.
    #[arg(long, value_name = "DIR")]
    office: Option<PathBuf>,
}

impl Backup {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let dir = self.office.unwrap_or_else(|| office_beside(&self.case.dir));
        let (out, keys) = (&self.out, &self.keys);
        let copied = shell
            .call(&config, "backup", |session| backup(&self.case.dir, &out.join(CASE), &keys.join(CASE), session))?;
        shell.ui.result(format!("the case: {}", told(copied)))?;
        if dir.exists() {
            let place = OfficePlace { dir, key: None, origin: None, accounts: None };
            let copied = backup_office(&place, &out.join(OFFICE), &keys.join(OFFICE)).map_err(ServeError::from)?;
            shell.ui.result(format!("its office: {}", told(copied)))?;
        }
        shell.ui.result(format!("the keys: {}; keep them elsewhere than {}", keys.display(), out.display()))?;
        Ok(Exit::Fine)
    }
}

impl Restore {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let (backup, keys) = (&self.backup, &self.keys);
        let config = shell.config(None, &[])?;
        let copied = shell.call(&config, "restore", |_| restore(&[&backup.join(CASE), &keys.join(CASE)], &self.to))?;
        shell.ui.result(format!("the case: {}, in {}", told(copied), self.to.display()))?;
        if backup.join(OFFICE).exists() {
            let office = self.office.unwrap_or_else(|| office_beside(&self.to));
            let copied =
                shell.call(&config, "restore", |_| restore(&[&backup.join(OFFICE), &keys.join(OFFICE)], &office))?;
            shell.ui.result(format!("its office: {}, in {}", told(copied), office.display()))?;
        }
        shell.ui.result(format!("now check it: cellsweep verify --case {}", self.to.display()))?;
        Ok(Exit::Fine)
    }
}

fn told(copied: Copied) -> String {
    format!("{} files, {} bytes", copied.files, copied.bytes)
}
