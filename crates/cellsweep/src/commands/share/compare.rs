//! `cellsweep share compare`

use std::path::PathBuf;

use cellsweep_flow::{CompareList, answer_compare, begin_compare, conclude_compare, consult_at_work};
use clap::{Args, Subcommand};

use super::{Answered, show_sent};
use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Learn with another side which handsets both know, and nothing else.
///
/// It protects against whoever reads the files on their way, and against a partner who keeps to the protocol and is
/// curious. It doesn't protect against a partner who puts guessed IMEIs on its list, or who drops the line when it has
/// learnt: agree on a small size, and count the sessions.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Both sides:
  cellsweep share compare begin out --ledger --session \"2026-11 FR-BE\" --size 5000 --to \"Belgium\" --approved-by \"B. Roche\"
                                        send out/D0001-list.bin, keep out/D0001.secret
  cellsweep share compare answer out/D0001.secret theirs.bin -o answer.bin
                                        send answer.bin
  cellsweep share compare conclude out/D0001.secret theirs.bin their-answer.bin")]
pub(super) struct Compare {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Begin(Begin),
    Answer(Answer),
    Conclude(Conclude),
}

/// Write the list that is sent, of which nothing can be read, and a private file that stays here.
#[derive(Debug, Args)]
struct Begin {
    /// The folder that both are written into.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    list: List,

    /// What both sides call this session; never used before.
    #[arg(long, value_name = "TEXT")]
    session: String,

    /// How long both lists are made, 10000 at most.
    #[arg(long, value_name = "N")]
    size: usize,

    /// With whom.
    #[arg(long, value_name = "NAME")]
    to: String,

    #[command(flatten)]
    answered: Answered,
}

/// Which IMEIs.
#[derive(Debug, Args)]
#[group(required = true, multiple = false, id = "which")]
struct List {
    /// Those that the ledger names.
    #[arg(long)]
    ledger: bool,

    /// The latest trace's from this probability on.
    #[arg(long, value_name = "P")]
    devices: Option<f64>,

    /// A file of them, one a line.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
}

impl List {
    fn list(self) -> CompareList {
        match (self.devices, self.list) {
            (Some(least), _) => CompareList::Devices(least),
            (None, Some(path)) => CompareList::File(path),
            (None, None) => CompareList::Ledger,
        }
    }
}

/// Answer the other side's list: once a session.
#[derive(Debug, Args)]
struct Answer {
    /// The private file.
    #[arg(value_name = "SECRET")]
    secret: PathBuf,

    /// What the other side sent first.
    #[arg(value_name = "THEIRS")]
    theirs: PathBuf,

    /// Where to.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Say which handsets both have, and destroy the private file.
#[derive(Debug, Args)]
struct Conclude {
    /// The private file.
    #[arg(value_name = "SECRET")]
    secret: PathBuf,

    /// What the other side sent first.
    #[arg(value_name = "THEIRS")]
    theirs: PathBuf,

    /// Its answer to the list from here.
    #[arg(value_name = "ANSWER")]
    answer: PathBuf,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Begin(command) => command.run(shell),
            What::Answer(command) => command.run(shell),
            What::Conclude(command) => command.run(shell),
        }
    }
}

impl Begin {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let (list, sending) = (self.list.list(), self.answered.sending(self.to, 1, self.out));
        let (sent, embargoed) = shell.call(&config, "share compare", |session| {
            let mut case = consult_at_work(&self.case.dir, "share_compare", session)?;
            begin_compare(&mut case, &list, (&self.session, self.size), &sending, session)
        })?;
        if embargoed > 0 {
            let which = "IMEIs of handsets of a plan that isn't over";
            shell.ui.result(format!("{embargoed} {which} are not compared, and nothing says so to the other side"))?;
        }
        show_sent(shell, &sent)?;
        Ok(Exit::Fine)
    }
}

impl Answer {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        answer_compare(&self.secret, &self.theirs, &self.output)?;
        shell.ui.result(format!("{}: to be sent back", self.output.display()))?;
        Ok(Exit::Fine)
    }
}

impl Conclude {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let both = conclude_compare(&self.secret, &self.theirs, &self.answer)?;
        if self.json {
            show::json(&shell.ui, &both)?;
            return Ok(Exit::Fine);
        }
        for imei in &both.imeis {
            shell.ui.result(imei)?;
        }
        shell.ui.result(format!("{} handsets are on both lists", both.imeis.len()))?;
        Ok(Exit::Fine)
    }
}
