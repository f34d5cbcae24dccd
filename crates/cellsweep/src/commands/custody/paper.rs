//! Exhibits on paper.

use std::path::{Path, PathBuf};

use cellsweep_flow::sweep::ItemId;
use cellsweep_flow::{Case, FlowError, Lang, Session, consult, exhibit_label, exhibit_sheet};
use clap::Args;

use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Write one item's history on a page (PDF), with the code by which it can be checked.
#[derive(Debug, Args)]
pub(super) struct Sheet {
    #[command(flatten)]
    paper: Paper,
}

/// Write a label for an item's bag (PDF, 90 mm by 45 mm), with the same code.
#[derive(Debug, Args)]
pub(super) struct Label {
    #[command(flatten)]
    paper: Paper,
}

#[derive(Debug, Args)]
struct Paper {
    /// The item.
    #[arg(value_name = "ITEM")]
    item: ItemId,

    #[command(flatten)]
    case: CaseArg,

    /// Where to.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

impl Sheet {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.paper.write(shell, "custody_sheet", exhibit_sheet)
    }
}

impl Label {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.paper.write(shell, "custody_label", exhibit_label)
    }
}

type Make = fn(&Case, &ItemId, Lang, &Session<'_>) -> Result<Vec<u8>, FlowError>;

impl Paper {
    fn write(self, shell: &Shell, command: &str, make: Make) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let lang = config.lang();
        let bytes = shell.call(&config, command, |session| {
            make(&consult(&self.case.dir, command, session)?, &self.item, lang, session)
        })?;
        put(&self.output, &bytes)?;
        shell.ui.result(self.output.display())?;
        Ok(Exit::Fine)
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), ShellError> {
    let write = std::fs::write(path, bytes);
    Ok(write.map_err(|source| FlowError::Io { doing: "write", path: path.to_owned(), source })?)
}
