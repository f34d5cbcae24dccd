//! `cellsweep models`

use std::io::{self, Write};

use cellsweep_flow::{Suggestion, trace_facts};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Suggest type allocation codes for the device catalogue.
///
/// Lists the codes that the catalogue doesn't know, or knows as something else than a mini, whose
/// handsets the latest trace puts mostly inside: new minis, recycled codes, and other makers' phones
/// that are smuggled. A person decides what goes into the catalogue: the list is a lead.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep models --suggest
  cellsweep models --suggest --json")]
pub struct Models {
    #[command(flatten)]
    case: CaseArg,

    /// List what the catalogue should know.
    #[arg(long, required = true)]
    suggest: bool,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Models {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let suggestions = trace_facts(&shell.consult(&self.case.dir, "models")?)?.suggestions;
        if self.json {
            show::json(&shell.ui, &suggestions)?;
        } else {
            shell.ui.write_result(|out| write_list(out, &suggestions))?;
        }
        Ok(Exit::Fine)
    }
}

fn write_list(out: &mut impl Write, suggestions: &[Suggestion]) -> io::Result<()> {
    if suggestions.is_empty() {
        return writeln!(out, "no code stands out: the catalogue knows the makes of the phones that were traced");
    }
    let mut table = show::table(&["TAC", "catalogue", "near", "expected inside", "data"], &[2, 3, 4]);
    for suggestion in suggestions {
        table.add_row(vec![
            suggestion.tac.to_string(),
            suggestion.class.word().to_owned(),
            suggestion.near.to_string(),
            format!("{:.1}", suggestion.expected),
            format!("{:.0} %", 100.0 * suggestion.data_share),
        ]);
    }
    writeln!(out, "{}", table.trim_fmt())
}
