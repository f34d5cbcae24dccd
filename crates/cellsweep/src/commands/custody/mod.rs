//! `cellsweep custody`

mod enter;
mod paper;
mod show;

use std::path::PathBuf;

use cellsweep_flow::sweep::FindRule;
use cellsweep_flow::{Entered, enter, open_even_locked, read_events};
use clap::{Args, Subcommand, ValueEnum};

use crate::commands::show as print;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Keep the chain of custody: what was found, under which seal, in whose hands, from cell to court.
///
/// Nothing is refused for what other entries say, since those may still be under way. A chain that doesn't hold is
/// shown, each break with its entry, and is never mended in silence: an explanation stands beside it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep custody found P-1=phone:\"small, black\" --imei P-1=35920411223344 --facility F001 --cell A-101 --by \"Lt. Roy\"
  cellsweep custody sealed P-1 --seal S-0001 --by \"Lt. Roy\"
  cellsweep custody handed-on --number H-1 --seal S-0001 --to \"Registry\" --by \"Lt. Roy\"
  cellsweep custody acknowledged --number H-1 --seal S-0001 --by \"Registry\"
  cellsweep custody show P-1
  cellsweep custody register --one-find each-phone
  cellsweep custody add entries-of-a-phone.jsonl")]
pub struct Custody {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Add(Add),
    #[command(flatten)]
    Enter(Box<enter::Enter>),
    Show(show::Show),
    List(show::List),
    Register(Register),
    Sheet(paper::Sheet),
    Label(paper::Label),
}

/// Take in what devices entered: a file of events, one a line.
#[derive(Debug, Args)]
struct Add {
    /// The file; what is known already changes nothing.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// List everything that any search brought to light, counted under a stated rule.
///
/// Finds that were entered here stand in it, and those of past registers, imported as the table `seizures`
/// (`cellsweep import seizures FILE --profile …` reads a register of any shape).
#[derive(Debug, Args)]
struct Register {
    #[command(flatten)]
    case: CaseArg,

    /// What counts as one find; countries count differently.
    #[arg(long, value_name = "RULE", value_enum, default_value_t = Rule::EachPhone)]
    one_find: Rule,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What counts as one find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "the variants are the words of the command line")]
pub(crate) enum Rule {
    /// A phone, its SIM and its charger are three.
    EachItem,
    /// A phone counts with all that lies beside it.
    EachPhone,
    /// All that was found at one place and time is one.
    EachPlace,
}

impl Rule {
    pub(crate) const fn rule(self) -> FindRule {
        match self {
            Rule::EachItem => FindRule::EachItem,
            Rule::EachPhone => FindRule::EachPhone,
            Rule::EachPlace => FindRule::EachPlace,
        }
    }
}

impl Custody {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Add(command) => command.run(shell),
            What::Enter(command) => command.run(shell),
            What::Show(command) => command.run(shell),
            What::List(command) => command.run(shell),
            What::Register(command) => command.run(shell),
            What::Sheet(command) => command.run(shell),
            What::Label(command) => command.run(shell),
        }
    }
}

impl Add {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let events = read_events(&self.file)?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let entered = shell.call(&config, "custody", |session| {
            enter(&mut open_even_locked(&self.case.dir, session)?, events, session)
        })?;
        told(shell, &entered, self.json)
    }
}

impl Register {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "register")?;
        let register = cellsweep_flow::register(&case, self.one_find.rule())?;
        if self.json {
            print::json(&shell.ui, &register)?;
        } else {
            shell.ui.write_result(|out| show::write_register(out, &register))?;
        }
        Ok(Exit::Fine)
    }
}

/// What was entered, and what of the chain it breaks.
fn told(shell: &Shell, entered: &Entered, json: bool) -> Result<Exit, ShellError> {
    if json {
        print::json(&shell.ui, entered)?;
        return Ok(Exit::Fine);
    }
    let Entered { new, known, contradicting, breaks } = entered;
    let mut line = format!("entered: {new}");
    if *known > 0 {
        line += &format!("; known already: {known}");
    }
    if *contradicting > 0 {
        line += &format!("; known with another content, so that neither counts: {contradicting}");
    }
    shell.ui.result(line)?;
    for broken in breaks {
        shell.ui.result(format!("  the chain breaks at {}: {}", broken.event, broken.what))?;
    }
    Ok(Exit::Fine)
}
