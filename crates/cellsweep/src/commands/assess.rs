//! `cellsweep assess`

mod jamming;
mod model;
mod operation;
mod register;
mod routes;
mod told;

use clap::{Args, Subcommand};

use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Say what jamming, detectors, routes, searches and the method itself come to, with intervals that hold; or what
/// would be needed to tell.
///
/// "Can't tell" is an answer: the command then ends with 0, as with numbers, says what there is too little of, and
/// gives no number. In JSON the result is null and `needed` says it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep assess jamming -o jamming.html
  cellsweep assess jamming --trial 6x45 --panel panel.csv
  cellsweep assess operation --json
  cellsweep assess routes --closed F003:drone:2025-05-01
  cellsweep assess register --one-find each-phone --from 2025-01-01 --to 2025-12-31
  cellsweep assess searches --json")]
pub struct Assess {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Jamming(jamming::Jamming),
    Detectors(operation::Detectors),
    Routes(routes::Routes),
    Register(register::Register),
    Searches(register::Searches),
    Operation(operation::Operation),
    Model(model::Model),
}

impl Assess {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Jamming(command) => command.run(shell),
            What::Detectors(command) => command.run(shell),
            What::Routes(command) => command.run(shell),
            What::Register(command) => command.run(shell),
            What::Searches(command) => command.run(shell),
            What::Operation(command) => command.run(shell),
            What::Model(command) => command.run(shell),
        }
    }
}
