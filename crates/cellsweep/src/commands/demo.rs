//! `cellsweep demo`

use std::path::PathBuf;

use cellsweep_flow::{ReportAsked, demo};
use clap::Args;

use crate::commands::report::Looks;
use crate::commands::show;
use crate::commands::world::Made;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// See it work: a made-up country, traced, next to its truth.
///
/// Makes up a country in DIR/world, opens an exercise in DIR/case, imports everything, traces,
/// compares the list with what is true of that country, and writes DIR/report.html.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep demo
  cellsweep demo small --facilities 6 --days 14 --records 1000000
  cellsweep demo other --seed 7 --lang fr")]
pub struct Demo {
    /// The demonstration's folder.
    #[arg(value_name = "DIR", default_value = "cellsweep-demo")]
    dir: PathBuf,

    #[command(flatten)]
    made: Made,

    #[command(flatten)]
    looks: Looks,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.dir.join("case")), &[(Key::Lang, self.looks.lang)])?;
        let asked = ReportAsked { lang: config.lang(), full_pages: self.looks.full_pages, comparison: None };
        let settings = self.made.settings(shell, &config)?;
        let summary = shell.call(&config, "demo", |session| demo(&self.dir, &settings, asked, session))?;
        if self.json {
            show::json(&shell.ui, &summary)?;
            return Ok(Exit::Fine);
        }
        show::world(&shell.ui, &summary.world)?;
        show::import(&shell.ui, &summary.run.import)?;
        show::trace(&shell.ui, &summary.run.trace)?;
        show::comparison(&shell.ui, &summary.comparison)?;
        show::stages(&shell.ui, &summary.stages)?;
        shell.ui.result(format!("written: {}", summary.report.display()))?;
        Ok(Exit::Fine)
    }
}
