//! `cellsweep man`

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use crate::cli::Cli;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Write the manual pages into a folder.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep man ~/.local/share/man/man1")]
pub struct Man {
    /// The folder; it is made if it doesn't exist.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Man {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        std::fs::create_dir_all(&self.dir).map_err(ShellError::io("create", &self.dir))?;
        clap_mangen::generate_to(Cli::command(), &self.dir).map_err(ShellError::io("write into", &self.dir))?;
        shell.ui.result(format!("written: {}", self.dir.display()))?;
        Ok(Exit::Fine)
    }
}
