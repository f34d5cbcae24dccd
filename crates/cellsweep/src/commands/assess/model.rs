//! `cellsweep assess model`

use std::path::PathBuf;

use cellsweep_flow::{StudyOf, assess_model};
use clap::Args;

use super::told::{Answered, Told};
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// How well the method itself holds: what its weights cost from run to run, which finding carries how much, and whose
/// handsets are listed in error how often.
#[derive(Debug, Args)]
pub struct Model {
    #[command(flatten)]
    told: Told,

    /// A made-up world's truth folder, in an exercise. Without it the truth is what finds within fourteen days and
    /// declared handsets tell.
    #[arg(long, value_name = "DIR")]
    truth: Option<PathBuf>,
}

impl Model {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.told.tell(shell, "assess model", |case, _session| {
            let found = assess_model(case, self.truth.as_deref())?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Model.title(), found, parts })
        })
    }
}
