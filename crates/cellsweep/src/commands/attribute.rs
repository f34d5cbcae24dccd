//! `cellsweep attribute`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use cellsweep_flow::{
    CaseWriter, attribute, consult_at_work, holders, open_for_writing, places, segments, write_holders_csv,
    write_places_csv, write_segments_csv,
};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Weigh who may use each traced handset, and in which cell it may lie.
///
/// Reads the latest trace, the traced handsets' calls and what the prison administration and the
/// investigation handed over (roster, cells, contacts, visits, cases, ledger, seizures, sensors;
/// none of them is needed), and leaves a run in the case: holders, with the findings behind them,
/// and places. "Nobody on the roster" is always among the candidates. A handset's rows in a
/// facility add up to its probability of being kept there.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep attribute
  cellsweep attribute --at 2025-03-31T04:00:00Z
  cellsweep attribute --output results --json")]
pub struct Attribute {
    #[command(flatten)]
    case: CaseArg,

    /// The time that is asked for; the end of the records if not given. Give trace the same.
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,

    /// Write holders.csv, places.csv and segments.csv into this folder, too; in an investigation, say why (`--because`).
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Attribute {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mut config = shell.config(Some(&self.case.dir), &[])?;
        config.at = self.at.map(jiff::Timestamp::as_microsecond);
        let (summary, case) = shell.call(&config, "attribute", |session| {
            // Tables in the clear are a look at the case.
            let mut case = match &self.output {
                Some(_) => consult_at_work(&self.case.dir, "attribute", session)?,
                None => open_for_writing(&self.case.dir, session)?,
            };
            Ok((attribute(&mut case, session)?, case))
        })?;
        if let Some(out) = &self.output {
            write_tables(&case, out)?;
        }
        if self.json {
            show::json(&shell.ui, &summary)?;
        } else {
            show::attribute(&shell.ui, &summary)?;
        }
        Ok(Exit::Fine)
    }
}

fn write_tables(case: &CaseWriter, out: &Path) -> Result<(), ShellError> {
    let case = case.case();
    std::fs::create_dir_all(out).map_err(ShellError::io("create", out))?;
    let (holders, places, segments) = (holders(case)?, places(case)?, segments(case)?);
    write(&out.join("holders.csv"), &|file| write_holders_csv(&holders, file))?;
    write(&out.join("places.csv"), &|file| write_places_csv(&places, file))?;
    write(&out.join("segments.csv"), &|file| write_segments_csv(&segments, file))
}

fn write(path: &Path, rows: &dyn Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<(), ShellError> {
    let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
    rows(&mut file).and_then(|()| file.flush()).map_err(ShellError::io("write", path))
}
