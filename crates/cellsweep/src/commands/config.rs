//! `cellsweep config`

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Show the settings in force.
///
/// Settings are the same keys everywhere; what comes later wins: the defaults, cellsweep.toml in
/// the user's configuration folder (cellsweep/cellsweep.toml), cellsweep.toml in the case's
/// folder, the file named by --config, variables of the environment (CELLSWEEP_MEMORY, …),
/// options.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep config show
  CELLSWEEP_MEMORY=2GiB cellsweep config show --json

A cellsweep.toml:
  memory = \"1GiB\"
  threads = 4
  threshold = 0.05
  prior = 0.001
  lang = \"fr\"")]
pub struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
}

/// Print every setting with its value and where that comes from.
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Config {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let Command::Show(Show { case, json }) = self.command;
        let config = shell.config(Some(&case.dir), &[])?;
        if json {
            let pairs = config.shown().map(|(key, given)| {
                let value = json!({ "value": given.text, "from": given.origin.to_string() });
                (key.name().to_owned(), value)
            });
            show::json(&shell.ui, &Value::Object(pairs.collect::<Map<_, _>>()))?;
            return Ok(Exit::Fine);
        }
        let mut table = show::table(&["key", "value", "from", "meaning"], &[]);
        for (key, given) in config.shown() {
            table.add_row(vec![
                key.name().to_owned(),
                given.text.clone(),
                given.origin.to_string(),
                key.meaning().to_owned(),
            ]);
        }
        shell.ui.result(table.trim_fmt())?;
        Ok(Exit::Fine)
    }
}
