//! `cellsweep assess routes`

use cellsweep_flow::{ClosureAsked, StudyOf, assess_routes};
use clap::Args;

use super::told::{Answered, Told};
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// How phones come in: the share of each route, with what nothing tells as a share of its own; hot spots; and what a
/// closed route moved to others.
#[derive(Debug, Args)]
pub struct Routes {
    #[command(flatten)]
    told: Told,

    /// A route that was closed: where, which, and from which day on.
    #[arg(long, value_name = "FACILITY:ROUTE:DAY")]
    closed: Option<ClosureAsked>,
}

impl Routes {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let closed = self.closed;
        self.told.tell(shell, "assess routes", |case, session| {
            let found = assess_routes(case, closed, session)?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Routes.title(), found, parts })
        })
    }
}
