//! How every assessment is told: sentences and tables on the terminal, JSON, or a page.

use std::path::PathBuf;

use cellsweep_flow::{Case, FlowError, Lang, Session, StudyPart, StudyTable, Text, consult, write_study};
use clap::Args;
use serde::Serialize;

use crate::commands::show;
use crate::config::Config;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Of which case, and told how.
#[derive(Debug, Args)]
pub struct Told {
    #[command(flatten)]
    case: CaseArg,

    /// Write a page for people, too: sentences, tables and plots in French and English, in one file that needs no
    /// network.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What is told, and where its parts come from.
pub struct Answered<T> {
    pub title: Text,
    pub found: T,
    pub parts: Vec<StudyPart>,
}

impl Told {
    /// Consults the case (which is logged before anything is shown), answers, and tells it.
    pub fn tell<T: Serialize + Send>(
        &self,
        shell: &Shell,
        command: &'static str,
        answer: impl FnOnce(&Case, &Session<'_>) -> Result<Answered<T>, FlowError>,
    ) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let answered = shell.call(&config, command, |session| {
            let case = consult(&self.case.dir, command, session)?;
            let answered = answer(&case, session)?;
            if let Some(path) = &self.output {
                let (title, parts) = (answered.title.clone(), answered.parts.clone());
                write_study(&case, title, parts, (path, config.lang()), session)?;
            }
            Ok::<_, FlowError>(answered)
        })?;
        self.show(shell, &config, &answered)
    }

    fn show<T: Serialize>(&self, shell: &Shell, config: &Config, answered: &Answered<T>) -> Result<Exit, ShellError> {
        if self.json {
            show::json(&shell.ui, &answered.found)?;
            return Ok(Exit::Fine);
        }
        for part in &answered.parts {
            show_part(shell, part, config.lang())?;
        }
        if let Some(path) = &self.output {
            shell.ui.result(format!("written: {}", path.display()))?;
        }
        Ok(Exit::Fine)
    }
}

fn show_part(shell: &Shell, part: &StudyPart, lang: Lang) -> Result<(), ShellError> {
    let pick = |text: &Text| lang.pick(&text.fr, &text.en).to_owned();
    shell.ui.result(format!("{}\n", pick(&part.title)))?;
    for said in &part.said {
        shell.ui.result(format!("{}\n  {}", pick(&said.plain), pick(&said.method)))?;
    }
    if let Some(table) = part.table.as_ref().filter(|table| !table.rows.is_empty()) {
        shell.ui.result(lay_out(table, lang).trim_fmt())?;
    }
    for note in &part.notes {
        shell.ui.result(format!("  {}", pick(note)))?;
    }
    Ok(shell.ui.result("")?)
}

fn lay_out(table: &StudyTable, lang: Lang) -> comfy_table::Table {
    let head: Vec<&str> = table.head.iter().map(|title| lang.pick(&title.fr, &title.en)).collect();
    let is_figure = |column: &usize| table.rows.iter().any(|row| row.get(*column).is_some_and(|cell| cell.is_figure()));
    let right: Vec<usize> = (0..head.len()).filter(is_figure).collect();
    let mut laid = show::table(&head, &right);
    for row in &table.rows {
        laid.add_row(row.iter().map(|cell| cell.say(lang)).collect::<Vec<_>>());
    }
    laid
}
