//! `cellsweep report`

use std::path::PathBuf;

use cellsweep_flow::{ReportAsked, consult, report};
use clap::Args;
use serde_json::json;

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Write the latest trace as one HTML page for people.
///
/// The page needs nothing else and no network: a map of the facilities, their devices, a page for
/// each device with its hours, its sectors and the findings that its weight is made of, what came
/// in and what is odd about it, and how the case came about.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep report
  cellsweep report --output lyon.html --lang fr")]
pub struct Report {
    #[command(flatten)]
    case: CaseArg,

    /// The page; report.html in the case's folder if not given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    looks: Looks,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// How a report looks.
#[derive(Debug, Args)]
pub struct Looks {
    /// The language in which it opens, fr or en; readers can switch.
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,

    /// So many of the best devices get a full page with hours and sectors.
    #[arg(long, value_name = "N", default_value_t = 1500)]
    pub full_pages: usize,
}

impl Report {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[(Key::Lang, self.looks.lang)])?;
        let path = self.output.unwrap_or_else(|| self.case.dir.join("report.html"));
        let asked = ReportAsked { lang: config.lang(), full_pages: self.looks.full_pages, comparison: None };
        shell.call(&config, "report", |session| {
            report(&consult(&self.case.dir, "report", session)?, &path, &asked, session)
        })?;
        if self.json {
            show::json(&shell.ui, &json!({ "report": path }))?;
        } else {
            shell.ui.result(format!("written: {}", path.display()))?;
        }
        Ok(Exit::Fine)
    }
}
