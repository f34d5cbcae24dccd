//! `cellsweep review`

use cellsweep_flow::{open_for_writing, review};
use cellsweep_model::InmateId;
use cellsweep_model::case::Decision;
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Keep a person's decision on a handset, or on one of its holders.
///
/// The decision stands in the case with its reason and who made it. It is shown beside what the
/// method says, changes no figure, and no later run or decision overwrites it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep review 35920411223344 --confirm --reason \"seen by an officer\" --by \"Lt. Roy\"
  cellsweep review 35920411223344 --inmate I000123 --reject --reason \"in hospital\" --by \"Lt. Roy\"")]
pub struct ReviewCommand {
    /// The handset's IMEI (14 to 16 digits), or the key in the column `handset`.
    #[arg(value_name = "IMEI")]
    imei: String,

    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    decision: Decided,

    /// The holder that it is about; the handset itself if not given.
    #[arg(long, value_name = "ID")]
    inmate: Option<InmateId>,

    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Who decides.
    #[arg(long, value_name = "NAME")]
    by: String,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What is decided.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Decided {
    /// It is so.
    #[arg(long)]
    confirm: bool,

    /// It is not so.
    #[arg(long)]
    reject: bool,

    /// A remark, no decision.
    #[arg(long)]
    comment: bool,
}

impl Decided {
    const fn decision(&self) -> Decision {
        match (self.confirm, self.reject) {
            (true, _) => Decision::Confirmed,
            (_, true) => Decision::Rejected,
            _ => Decision::Comment,
        }
    }
}

impl ReviewCommand {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let decision = self.decision.decision();
        let kept = shell.call(&config, "review", |session| {
            let mut case = open_for_writing(&self.case.dir, session)?;
            review(&mut case, &self.imei, self.inmate, decision, (self.reason, self.by), session)
        })?;
        if self.json {
            show::json(&shell.ui, &kept)?;
        } else {
            shell.ui.result("kept")?;
        }
        Ok(Exit::Fine)
    }
}
