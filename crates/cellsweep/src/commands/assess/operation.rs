//! `cellsweep assess operation` and `assess detectors`

use cellsweep_flow::{StudyOf, assess_detectors, assess_operation};
use clap::Args;

use super::told::{Answered, Told};
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// What a search day brought: against the approved plan, against cells drawn by lot, against public figures.
///
/// Found against expected by facility and by tenths of the cells, hits a search with intervals, phones an
/// officer-hour, how long it stayed quiet, and what detectors turned out to find: proposed, never applied unasked.
#[derive(Debug, Args)]
pub struct Operation {
    #[command(flatten)]
    told: Told,
}

/// What each detector finds of what lies there, and how much there was that nobody found.
///
/// From searches whose truth came out later: a handset that was found; one that had lain in the searched cell and
/// spoke afterwards; one that a later search found there.
#[derive(Debug, Args)]
pub struct Detectors {
    #[command(flatten)]
    told: Told,
}

impl Operation {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.told.tell(shell, "assess operation", |case, session| {
            let found = assess_operation(case, session)?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Operation.title(), found, parts })
        })
    }
}

impl Detectors {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.told.tell(shell, "assess detectors", |case, session| {
            let found = assess_detectors(case, session)?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Detectors.title(), found, parts })
        })
    }
}
