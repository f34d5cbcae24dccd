//! `cellsweep completions`

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell as Which;

use crate::cli::Cli;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Print a shell's completions.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep completions bash > ~/.local/share/bash-completion/completions/cellsweep
  cellsweep completions fish > ~/.config/fish/completions/cellsweep.fish")]
pub struct Completions {
    /// Which shell.
    #[arg(value_name = "SHELL", value_enum)]
    which: Which,
}

impl Completions {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mut bytes = Vec::new();
        clap_complete::generate(self.which, &mut Cli::command(), "cellsweep", &mut bytes);
        shell.ui.write_result(|out| out.write_all(&bytes))?;
        Ok(Exit::Fine)
    }
}
