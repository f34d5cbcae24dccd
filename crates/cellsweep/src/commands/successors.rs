//! `cellsweep successors`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use cellsweep_flow::{Compared, SuccessorSettings, consult_at_work, successors, timestamp, write_successors_csv};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Find handsets whose users went on with another one.
///
/// A seized phone's successor speaks with the same rare numbers, from a new handset and a new SIM
/// card, within days. Pairs come best first, with their weight. Where the records have no IMEI,
/// subscribers' numbers are compared. It needs no table but records.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep successors
  cellsweep successors --all --output successors.csv
  cellsweep successors --gap-days 10 --min-probability 0.5 --json")]
pub struct Successors {
    #[command(flatten)]
    case: CaseArg,

    /// Compare all handsets of the records, not only those that a trace listed.
    #[arg(long)]
    all: bool,

    /// The later handset begins at most so many days after the earlier's end.
    #[arg(long, value_name = "DAYS", default_value_t = 21)]
    gap_days: i64,

    /// Leave out pairs below this probability.
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    min_probability: f64,

    /// Write the contract's CSV to a file.
    #[arg(long, short, value_name = "FILE", conflicts_with = "json")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Successors {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let settings = SuccessorSettings {
            gap_days: self.gap_days,
            threshold: self.min_probability,
            ..SuccessorSettings::default()
        };
        let compared = if self.all { Compared::All } else { Compared::Traced };
        let rows = shell.call(&config, "successors", |session| {
            let case = consult_at_work(&self.case.dir, "successors", session)?;
            successors(&case, compared, &settings, session)
        })?;
        if self.json {
            show::json(&shell.ui, &rows)?;
        } else if let Some(path) = &self.output {
            let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
            write_successors_csv(&rows, &mut file)
                .and_then(|()| file.flush())
                .map_err(ShellError::io("write", path))?;
        } else {
            let header = ["probability", "log10 LR", "from", "to", "last seen", "first seen", "shared"];
            let mut table = show::table(&header, &[0, 1, 6]);
            for row in &rows {
                table.add_row(vec![
                    show::probability(row.probability),
                    format!("{:+.1}", row.log10_lr),
                    row.from.clone(),
                    row.to.clone(),
                    timestamp(row.last_seen).chars().take(16).collect(),
                    timestamp(row.first_seen).chars().take(16).collect(),
                    row.shared_contacts.to_string(),
                ]);
            }
            shell.ui.write_result(|out| writeln!(out, "{}", table.trim_fmt()))?;
        }
        Ok(Exit::Fine)
    }
}
