//! `cellsweep assess jamming`

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use cellsweep_flow::{FlowError, JammingAsked, StudyOf, assess_jamming};
use clap::Args;

use super::told::{Answered, Told};
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// What jamming does to the handsets inside, and to those who live around.
///
/// Handsets heard inside, day by day, from operators' records, at jammed facilities against those that weren't jammed
/// (staggered difference-in-differences by Callaway and Sant'Anna 2021), with the weeks before and after, placebos in
/// time and space, a permutation test, what could have been seen, and where activity went. Outages and technologies
/// that were switched off are taken out.
#[derive(Debug, Args)]
pub struct Jamming {
    #[command(flatten)]
    told: Told,

    /// Days before a facility's start that it is compared with, at most.
    #[arg(long, value_name = "DAYS", default_value_t = 56)]
    before: usize,

    /// Days from its start on that are judged, at most.
    #[arg(long, value_name = "DAYS", default_value_t = 56)]
    after: usize,

    /// A trial to come: how many facilities, for how many days each; what it would show is said.
    #[arg(long, value_name = "SITESxDAYS", default_value = "3x30", value_parser = trial)]
    trial: (usize, usize),

    /// What the permutation test deals from.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Write the panel as CSV: handsets heard and known by facility, wing, technology and day, for whoever computes
    /// it again with other software.
    #[arg(long, value_name = "FILE")]
    panel: Option<PathBuf>,
}

/// `3x30`.
fn trial(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(['x', '×']).and_then(|(sites, days)| Some((sites.parse().ok()?, days.parse().ok()?)));
    parts.ok_or_else(|| "facilities and days, such as 3x30".to_owned())
}

impl Jamming {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let asked =
            JammingAsked { before_days: self.before, after_days: self.after, trial: self.trial, seed: self.seed };
        self.told.tell(shell, "assess jamming", |case, session| {
            let found = assess_jamming(case, &asked, session)?;
            if let Some(path) = &self.panel {
                let file = File::create(path).map_err(|error| cant_write(path, error))?;
                found.panel.write_csv(&mut BufWriter::new(file)).map_err(|error| cant_write(path, error))?;
            }
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Jamming.title(), found, parts })
        })
    }
}

fn cant_write(path: &std::path::Path, source: std::io::Error) -> FlowError {
    FlowError::Io { doing: "write", path: path.to_owned(), source }
}
