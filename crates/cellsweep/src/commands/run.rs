//! `cellsweep run`

use std::path::PathBuf;

use cellsweep_flow::{FlowError, run_folder};
use clap::Args;

use crate::commands::trace::Asked;
use crate::commands::{plan, show};
use crate::error::{Exit, ShellError};
use crate::shell::{ClusterArgs, Shell};

/// All steps for a folder of inputs.
///
/// Begins an exercise in DIR (or goes on with the one that is there), imports every table that
/// lies in FOLDER under its contract's name (records*.csv, records*.parquet, sectors.csv,
/// facilities.geojson, survey.csv, …), traces, attributes, plans, and writes devices.csv, holders.csv,
/// places.csv, segments.csv, successors.csv and plan.csv into OUT. Records, sectors and facilities are needed. A
/// file of another shape is read by the profile in FOLDER/profiles whose name its own begins with.
/// The time of operation.json, where there is one, is the asked time unless --at names another; its
/// caps are the plan's, beside limits.toml where there is one.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep run case --from inputs --out results --exercise
  cellsweep run case --from inputs --out results --exercise --at 2025-03-31T04:00:00Z --json")]
pub struct Run {
    /// The case's folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// The folder of inputs.
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,

    /// The folder for the outputs; it is made if it doesn't exist.
    #[arg(long, value_name = "OUT")]
    out: PathBuf,

    /// The data are invented: no authority is needed, and the case says so wherever it shows.
    #[arg(long)]
    exercise: bool,

    #[command(flatten)]
    asked: Asked,

    #[command(flatten)]
    cluster: ClusterArgs,

    /// Exit with 4, as `import` does, where rows went to quarantine.
    #[arg(long)]
    strict: bool,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Run {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if !self.exercise {
            return Err(FlowError::ExerciseNotSaid.into());
        }
        let mut config = shell.config(Some(&self.dir), &self.asked.flags())?;
        config.at = self.asked.at();
        config.cluster = self.cluster.place()?;
        let summary = shell.call(&config, "run", |session| run_folder(&self.dir, &self.from, &self.out, session))?;
        if self.json {
            show::json(&shell.ui, &summary)?;
        } else {
            show::import(&shell.ui, &summary.import)?;
            show::trace(&shell.ui, &summary.trace)?;
            show::attribute(&shell.ui, &summary.attribute)?;
            plan::summary(&shell.ui, &summary.plan)?;
            show::stages(&shell.ui, &summary.stages)?;
            for output in &summary.outputs {
                shell.ui.result(format!("written: {}", output.display()))?;
            }
        }
        Ok(match show::import_exit(&summary.import) {
            Exit::Rejects if !self.strict => Exit::Fine,
            exit => exit,
        })
    }
}
