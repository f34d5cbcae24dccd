//! The arguments as a whole, and which command they start.

use clap::{Parser, Subcommand};

use crate::commands::{
    alerts, assess, attribute, authority, backup, buyers, case, completions, config, custody, data, demo, devices,
    erase, explain, import, init, ledger, log, man, models, offences, paper, plan, profile, quality, receive, rehearse,
    report, request, review, run, serve, share, successors, trace, verify, watch, world,
};
use crate::error::{EXIT_CODES, Exit, ShellError};
use crate::shell::{Global, Shell};

/// Find the phones that are hidden in prisons, from operators' records, with how sure and why.
///
/// A case is a folder. Files go in with `import`, `trace` weighs which handsets are kept in which
/// prison, `attribute` who may use them and in which cells they may lie, `plan` which cells to search,
/// `devices` and `explain` show them with their reasons, `report` writes them for people.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXIT_CODES, max_term_width = 100, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Authority(authority::Authority),
    Profile(profile::Profile),
    Import(import::Import),
    Quality(quality::Quality),
    Ledger(ledger::Ledger),
    Trace(trace::Trace),
    Attribute(attribute::Attribute),
    Plan(plan::PlanCommand),
    Successors(successors::Successors),
    Watch(watch::Watch),
    Alerts(alerts::Alerts),
    Offences(offences::Offences),
    Buyers(buyers::Buyers),
    Review(review::ReviewCommand),
    Devices(devices::Devices),
    Explain(explain::Explain),
    Models(models::Models),
    Report(report::Report),
    Request(request::Request),
    Custody(custody::Custody),
    Assess(assess::Assess),
    Data(data::Data),
    Paper(paper::PaperCommand),
    Share(share::Share),
    Receive(receive::Receive),
    Case(case::CaseCommand),
    Log(log::LogCommand),
    Erase(erase::Erase),
    Verify(verify::Verify),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Run(run::Run),
    Serve(serve::Serve),
    Rehearse(rehearse::Rehearse),
    World(world::World),
    Config(config::Config),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Cli {
    /// Whether it opens an office.
    pub const fn serves(&self) -> bool {
        matches!(self.command, Command::Serve(_))
    }

    /// Runs the command; whatever went wrong has been said when this returns.
    pub fn run(self) -> Exit {
        let shell = Shell::new(self.global);
        match self.command.run(&shell) {
            Ok(exit) => exit,
            Err(error) => {
                shell.ui.error(&error);
                error.exit()
            }
        }
    }
}

impl Command {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self {
            Command::Demo(command) => command.run(shell),
            Command::Init(command) => command.run(shell),
            Command::Authority(command) => command.run(shell),
            Command::Profile(command) => command.run(shell),
            Command::Import(command) => command.run(shell),
            Command::Quality(command) => command.run(shell),
            Command::Ledger(command) => command.run(shell),
            Command::Trace(command) => command.run(shell),
            Command::Attribute(command) => command.run(shell),
            Command::Plan(command) => command.run(shell),
            Command::Successors(command) => command.run(shell),
            Command::Watch(command) => command.run(shell),
            Command::Alerts(command) => command.run(shell),
            Command::Offences(command) => command.run(shell),
            Command::Buyers(command) => command.run(shell),
            Command::Review(command) => command.run(shell),
            Command::Devices(command) => command.run(shell),
            Command::Explain(command) => command.run(shell),
            Command::Models(command) => command.run(shell),
            Command::Report(command) => command.run(shell),
            Command::Request(command) => command.run(shell),
            Command::Custody(command) => command.run(shell),
            Command::Assess(command) => command.run(shell),
            Command::Data(command) => command.run(shell),
            Command::Paper(command) => command.run(shell),
            Command::Share(command) => command.run(shell),
            Command::Receive(command) => command.run(shell),
            Command::Case(command) => command.run(shell),
            Command::Log(command) => command.run(shell),
            Command::Erase(command) => command.run(shell),
            Command::Verify(command) => command.run(shell),
            Command::Backup(command) => command.run(shell),
            Command::Restore(command) => command.run(shell),
            Command::Run(command) => command.run(shell),
            Command::Serve(command) => command.run(shell),
            Command::Rehearse(command) => command.run(shell),
            Command::World(command) => command.run(shell),
            Command::Config(command) => command.run(shell),
            Command::Completions(command) => command.run(shell),
            Command::Man(command) => command.run(shell),
        }
    }
}
