//! The command: arguments, environment and the clock in; results on stdout, words on stderr.
//!
//! Belongs here: one file a subcommand, each with its arguments, whose comments are the manual.
//! Does not belong here: any step's logic, which order steps come in (flow).

mod cli;
mod commands;
mod config;
mod error;
mod logging;
mod memory;
mod shell;
mod ui;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::error::Exit;

/// Import allocates and frees in many threads at once; the system's allocator makes them wait.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    error::report_panics();
    let cli = Cli::parse();
    logging::start(cli.global.verbose, cli.serves());
    // A panic is reported by its hook; here it only has to become an exit code.
    let outcome = std::panic::catch_unwind(|| cli.run());
    outcome.unwrap_or(Exit::Internal).into()
}
