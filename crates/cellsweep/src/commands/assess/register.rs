//! `cellsweep assess register` and `assess searches`

use std::path::PathBuf;

use cellsweep_flow::{StudyOf, assess_register, assess_searches};
use clap::Args;
use jiff::civil::Date;

use super::told::{Answered, Told};
use crate::commands::custody::Rule;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Confiscations per 100 inmates and year, and which facility differs by more than chance (a funnel plot's limits).
///
/// By facility and month by month, under one rule of what counts as a find; public figures that you have stand beside
/// them with --public.
#[derive(Debug, Args)]
pub struct Register {
    #[command(flatten)]
    told: Told,

    /// What counts as one find; countries count differently.
    #[arg(long, value_name = "RULE", value_enum, default_value_t = Rule::EachPhone)]
    one_find: Rule,

    /// First day; that of the first find if not given.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,

    /// Last day; that of the last find if not given.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,

    /// Public figures to stand beside the case's own: CSV with the header `name,from,to,finds,inmates`, inmates being
    /// those held on average.
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
}

/// How many searches find something, and phones a search, beside the public figures of May 2025.
#[derive(Debug, Args)]
pub struct Searches {
    #[command(flatten)]
    told: Told,
}

impl Register {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.told.tell(shell, "assess register", |case, _session| {
            let found = assess_register(case, self.one_find.rule(), (self.from, self.to), self.public.as_deref())?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Register.title(), found, parts })
        })
    }
}

impl Searches {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        self.told.tell(shell, "assess searches", |case, _session| {
            let found = assess_searches(case)?;
            let parts = found.parts();
            Ok(Answered { title: StudyOf::Searches.title(), found, parts })
        })
    }
}
