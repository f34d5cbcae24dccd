//! `cellsweep share`

mod carriers;
mod case;
mod compare;
mod method;

use std::path::PathBuf;

use cellsweep_flow::{Sending, Sent, disclosures, recall, verifier_key};
use cellsweep_flow::{consult, consult_at_work, open_even_locked};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Hand over: a case to a court or another country, a method without anybody's data, requests to operators.
///
/// Two people answer for whatever leaves, an investigation needs an authority that orders a disclosure, and it is in
/// the log before it is in a file. Handsets of a plan that isn't over stay.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep share preview --profile court
  cellsweep share case out --profile court --to \"Tribunal judiciaire de Paris\" --asked-by \"A. Martin\" --approved-by \"B. Roche\"
  cellsweep share method out --name \"Minis in prisons\" --agency \"DAP\" --terms terms.txt --to \"Ministry of Justice\" --approved-by \"B. Roche\"
  cellsweep share carriers make order.toml out --approved-by \"B. Roche\"
  cellsweep share compare begin out --ledger --session \"2026-11 FR-BE\" --size 5000 --to \"Belgium\" --approved-by \"B. Roche\"
  cellsweep share list
  cellsweep share recall D0001 out --why \"sent to the wrong desk\" --by \"A. Martin\" --by \"B. Roche\"
  cellsweep share key")]
pub struct Share {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Preview(case::Preview),
    Case(case::Case),
    Method(method::Method),
    Carriers(carriers::Carriers),
    Compare(compare::Compare),
    List(List),
    Recall(Recall),
    Key(Key),
}

/// Who answers for what leaves, and how long it may be used.
#[derive(Debug, Args)]
struct Answered {
    /// Who asks for it; the account if not given.
    #[arg(long, value_name = "NAME")]
    asked_by: Option<String>,

    /// Who approves it: somebody else.
    #[arg(long, value_name = "NAME")]
    approved_by: String,

    /// Under which authority; the only one that orders a disclosure if not given.
    #[arg(long, value_name = "ID")]
    authority: Option<String>,

    /// What for; what the profile says if not given.
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,

    /// In how many days it lapses; what the profile says if not given.
    #[arg(long, value_name = "N")]
    days: Option<u16>,
}

impl Answered {
    fn sending(self, recipient: String, copies: u16, out: PathBuf) -> Sending {
        let Self { asked_by, approved_by, authority, purpose, days } = self;
        Sending { recipient, purpose, authority, asked_by, approved_by, days, copies, out }
    }
}

fn show_sent(shell: &Shell, sent: &Sent) -> Result<(), ShellError> {
    for path in &sent.files {
        shell.ui.result(path.display())?;
    }
    Ok(shell.ui.result(format!("{} is in the log; it lapses at {}", sent.disclosure, sent.expires))?)
}

/// List what was handed over.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Tell a recipient to use something no longer: a signed notice, in the log first.
#[derive(Debug, Args)]
struct Recall {
    /// Its number.
    #[arg(value_name = "DISCLOSURE")]
    disclosure: String,

    /// The folder that the notice is written into.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Why.
    #[arg(long, value_name = "TEXT")]
    why: String,

    /// Who recalls it; twice, for it takes two people.
    #[arg(long, value_name = "NAME", required = true)]
    by: Vec<String>,
}

/// Print the key that what leaves this case is signed with.
///
/// Recipients add it to their file of known keys. Tell it to them by another way than the package.
#[derive(Debug, Args)]
struct Key {
    #[command(flatten)]
    case: CaseArg,
}

impl Share {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Preview(command) => command.run(shell),
            What::Case(command) => command.run(shell),
            What::Method(command) => command.run(shell),
            What::Carriers(command) => command.run(shell),
            What::Compare(command) => command.run(shell),
            What::List(command) => command.run(shell),
            What::Recall(command) => command.run(shell),
            What::Key(command) => command.run(shell),
        }
    }
}

impl List {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let known = shell
            .call(&config, "share list", |session| Ok(disclosures(&consult(&self.case.dir, "share", session)?)))?;
        if self.json {
            let rows: Vec<_> = known
                .iter()
                .map(|(time, known, recalled)| json!({ "time": time, "disclosure": known, "recalled": recalled }))
                .collect();
            show::json(&shell.ui, &rows)?;
            return Ok(Exit::Fine);
        }
        let mut table = show::table(&["", "what", "profile", "recipient", "when", "lapses", "copies", ""], &[6]);
        for (time, known, recalled) in known {
            table.add_row(vec![
                known.id,
                known.kind,
                known.profile,
                known.recipient,
                time.to_string(),
                known.expires.to_string(),
                known.copies.len().to_string(),
                recalled.map(|_why| "recalled".to_owned()).unwrap_or_default(),
            ]);
        }
        shell.ui.result(table.trim_fmt())?;
        Ok(Exit::Fine)
    }
}

impl Recall {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let path = shell.call(&config, "share recall", |session| {
            let mut case = open_even_locked(&self.case.dir, session)?;
            recall(&mut case, &self.disclosure, &self.why, &self.by, &self.out, session)
        })?;
        shell.ui.result(format!("{}: to be sent to whoever got {}", path.display(), self.disclosure))?;
        Ok(Exit::Fine)
    }
}

impl Key {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let key = shell.call(&config, "share key", |session| {
            Ok(verifier_key(&consult_at_work(&self.case.dir, "share_key", session)?))
        })?;
        shell.ui.result(key)?;
        Ok(Exit::Fine)
    }
}
