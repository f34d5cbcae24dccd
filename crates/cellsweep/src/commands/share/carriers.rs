//! `cellsweep share carriers`

use std::path::PathBuf;

use cellsweep_flow::{
    Imei, Lang, MAILING_TEMPLATE, MailingMade, MailingState, Restoring, Sending, answer_mailing, consult,
    consult_at_work, mailings, make_mailing, open_for_writing, read_order, restore_mailing,
};
use clap::{Args, Subcommand};

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Ask operators to disable contraband handsets, and to restore one that turns out to be somebody's.
///
/// An IMEI that is also somebody's outside is never asked for: such a handset is asked for by its subscription. A
/// handset of a plan that isn't over is not asked for at all.
#[derive(Debug, Args)]
pub(super) struct Carriers {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Template(Template),
    Make(Make),
    Restore(Restore),
    Answer(Answer),
    List(List),
}

/// Print an order's file with every field.
#[derive(Debug, Args)]
struct Template {}

/// What every mailing has.
#[derive(Debug, Args)]
struct Mailing {
    /// The order's file: who asks, under which authority, from which weight on.
    #[arg(value_name = "ORDER")]
    order: PathBuf,

    /// The folder in which each operator's mailing gets a folder.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Who asks for it; the account if not given.
    #[arg(long, value_name = "NAME")]
    asked_by: Option<String>,

    /// Who approves it: somebody else.
    #[arg(long, value_name = "NAME")]
    approved_by: String,

    /// The letter's language; that of the settings unless given.
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Write each operator's requests to disable, its letter, its block list, and what the weights are worth.
#[derive(Debug, Args)]
struct Make {
    #[command(flatten)]
    mailing: Mailing,
}

/// Write requests to restore what was disabled.
#[derive(Debug, Args)]
struct Restore {
    #[command(flatten)]
    mailing: Mailing,

    /// A handset, whoever was asked for it; can be given again.
    #[arg(long, value_name = "IMEI")]
    imei: Vec<Imei>,

    /// A request by its operator and number; can be given again.
    #[arg(long, value_name = "OPERATOR=NUMBER", value_parser = named)]
    request: Vec<(String, String)>,
}

fn named(text: &str) -> Result<(String, String), String> {
    let (operator, number) = text.split_once('=').ok_or("OPERATOR=NUMBER, such as 208-01=M-2026-001-3")?;
    Ok((operator.to_owned(), number.to_owned()))
}

/// Take in what an operator answers: a table request,outcome,time,note.
#[derive(Debug, Args)]
struct Answer {
    /// The operator, as the mailing named it.
    #[arg(value_name = "OPERATOR")]
    operator: String,

    /// Its table; outcomes are disabled, restored, refused and not_found.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Show where the requests stand; a wrong block that was restored is counted.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Carriers {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Template(Template {}) => {
                shell.ui.result(MAILING_TEMPLATE.trim_end())?;
                Ok(Exit::Fine)
            }
            What::Make(command) => command.run(shell),
            What::Restore(command) => command.run(shell),
            What::Answer(command) => command.run(shell),
            What::List(command) => command.run(shell),
        }
    }
}

impl Mailing {
    fn sending(&self) -> Sending {
        Sending {
            // Each operator's own name stands in its mailing.
            recipient: String::new(),
            purpose: None,
            authority: None,
            asked_by: self.asked_by.clone(),
            approved_by: self.approved_by.clone(),
            days: None,
            copies: 1,
            out: self.out.clone(),
        }
    }

    fn show(&self, shell: &Shell, made: &MailingMade) -> Result<Exit, ShellError> {
        if self.json {
            show::json(&shell.ui, made)?;
            return Ok(Exit::Fine);
        }
        for (sent, (operator, count)) in made.sent.iter().zip(&made.asked) {
            shell.ui.result(format!("{}: {operator}, {count} requests", sent.disclosure))?;
            for path in &sent.files {
                shell.ui.result(format!("  {}", path.display()))?;
            }
        }
        for (why, count) in &made.skipped {
            shell.ui.result(format!("not asked for: {count} {why}"))?;
        }
        Ok(Exit::Fine)
    }
}

impl Make {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mailing = self.mailing;
        let config = shell.config(Some(&mailing.case.dir), &[])?;
        let lang = mailing.lang.unwrap_or_else(|| config.lang());
        let made = shell.call(&config, "share carriers", |session| {
            let order = read_order(&mailing.order)?;
            let mut case = consult_at_work(&mailing.case.dir, "share_carriers", session)?;
            make_mailing(&mut case, &order, &mailing.sending(), lang, session)
        })?;
        mailing.show(shell, &made)
    }
}

impl Restore {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mailing = self.mailing;
        let config = shell.config(Some(&mailing.case.dir), &[])?;
        let lang = mailing.lang.unwrap_or_else(|| config.lang());
        let restoring = Restoring { imeis: self.imei, requests: self.request.into_iter().collect() };
        let made = shell.call(&config, "share carriers", |session| {
            let order = read_order(&mailing.order)?;
            let mut case = consult_at_work(&mailing.case.dir, "share_carriers", session)?;
            restore_mailing(&mut case, &order, &restoring, &mailing.sending(), lang, session)
        })?;
        mailing.show(shell, &made)
    }
}

impl Answer {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let states = shell.call(&config, "share carriers", |session| {
            answer_mailing(&mut open_for_writing(&self.case.dir, session)?, &self.operator, &self.file, session)
        })?;
        show_states(shell, &states, self.json)
    }
}

impl List {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let states = shell.call(&config, "share carriers", |session| {
            mailings(&consult(&self.case.dir, "share_carriers", session)?)
        })?;
        show_states(shell, &states, self.json)
    }
}

fn show_states(shell: &Shell, states: &[MailingState], as_json: bool) -> Result<Exit, ShellError> {
    if as_json {
        show::json(&shell.ui, &states)?;
        return Ok(Exit::Fine);
    }
    let header =
        ["mailing", "operator", "requests", "disabled", "restored", "refused", "not found", "unanswered", "late"];
    let mut table = show::table(&header, &[2, 3, 4, 5, 6, 7, 8]);
    for state in states {
        let tally = state.tally;
        let counts = [
            state.requests,
            tally.disabled,
            tally.restored,
            tally.refused,
            tally.not_found,
            tally.unanswered,
            tally.late,
        ];
        let names = [state.mailing.clone(), state.operator.clone()];
        table.add_row(names.into_iter().chain(counts.map(|count| count.to_string())).collect::<Vec<_>>());
    }
    shell.ui.result(table.trim_fmt())?;
    Ok(Exit::Fine)
}
