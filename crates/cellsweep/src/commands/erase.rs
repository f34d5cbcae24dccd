//! `cellsweep erase`

use cellsweep_flow::{erase_imports, open_even_locked};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Erase imports, with every run that rested on them.
///
/// Their files are removed and the keys to what the log says of people in them are destroyed: the log stays whole and
/// can be checked, and what was erased can't be read from it, nor from a copy of it. It takes two people.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep erase 00007-records-1f3c9d20 --by \"A. Martin\" --by \"B. Roche\" --because \"art. 41 of the order\"")]
pub struct Erase {
    /// The imports, as `cellsweep quality` names them.
    #[arg(value_name = "IMPORT", required = true)]
    imports: Vec<String>,

    #[command(flatten)]
    case: CaseArg,

    /// Who erases it; twice, for it takes two people.
    #[arg(long, value_name = "NAME", required = true)]
    by: Vec<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Erase {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let erased = shell.call(&config, "erase", |session| {
            let mut case = open_even_locked(&self.case.dir, session)?;
            erase_imports(&mut case, self.imports, &self.by, session)
        })?;
        if self.json {
            show::json(&shell.ui, &erased)?;
        } else {
            let (imports, runs) = (erased.imports.len(), erased.runs.len());
            shell.ui.result(format!("erased: {imports} imports, and {runs} runs that rested on them"))?;
        }
        Ok(Exit::Fine)
    }
}
