//! `cellsweep authority`

use std::path::PathBuf;

use cellsweep_flow::{
    AUTHORITY_TEMPLATE, AuthorityState, Granting, Lang, authorities, grant_authority, law, legal_doubts,
    open_even_locked, read_authority,
};
use clap::{Args, Subcommand};

use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Grant the orders that data come in under, and see what they cover.
///
/// Nothing enters an investigation without an authority: who ordered it, for which offences, what, where, which
/// window, until when. Rows that it doesn't order go to quarantine; when it lapses, what it brought in is locked.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep authority template > order.toml
  cellsweep authority check order.toml
  cellsweep authority grant order.toml --by \"A. Martin\" --by \"B. Roche\"
  cellsweep authority list")]
pub struct Authority {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Template(Template),
    Law(Law),
    Check(Check),
    Grant(Grant),
    List(List),
}

/// Print an authority file with every field.
#[derive(Debug, Args)]
struct Template {}

/// Print what is known of a country's law: offences with their penalties, and what orders should satisfy.
///
/// Every entry is to be confirmed by a jurist.
#[derive(Debug, Args)]
struct Law {
    /// The country, ISO 3166-1 alpha-2.
    #[arg(value_name = "COUNTRY", default_value = "FR")]
    country: String,

    /// The language, fr or en.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Lang,
}

/// Say what an authority file lacks, and which rules it doesn't seem to satisfy.
#[derive(Debug, Args)]
struct Check {
    /// The authority, a TOML file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Grant an authority: two people answer for it.
///
/// One of the same id replaces the one before: so is an order prolonged. Where a rule of the country's profile
/// doesn't seem to be satisfied, the magistrate's words settle it, and they are kept.
#[derive(Debug, Args)]
struct Grant {
    /// The authority, a TOML file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Who grants it; twice, for it takes two people.
    #[arg(long, value_name = "NAME", required = true)]
    by: Vec<String>,

    /// What was decided on the rules that it doesn't seem to satisfy.
    #[arg(long, value_name = "TEXT", requires = "decided_by")]
    decision: Option<String>,

    /// Whose decision that is.
    #[arg(long, value_name = "NAME", requires = "decision")]
    decided_by: Option<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// List the case's authorities.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Authority {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Template(Template {}) => {
                shell.ui.result(AUTHORITY_TEMPLATE.trim_end())?;
                Ok(Exit::Fine)
            }
            What::Law(command) => command.run(shell),
            What::Check(command) => command.run(shell),
            What::Grant(command) => command.run(shell),
            What::List(command) => command.run(shell),
        }
    }
}

impl Law {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let unknown = || ShellError::new(Kind::User, format!("there is no profile of {}'s law", self.country));
        let law = law(&self.country).ok_or_else(|| unknown().hint("there are profiles of FR, GB and US"))?;
        for offence in &law.offences {
            let name = if self.lang == Lang::Fr { &offence.fr } else { &offence.en };
            let (code, years, citation) = (&offence.code, offence.maximum_penalty_years, &offence.citation);
            shell.ui.result(format!("{code}: {name}, {years} years ({citation}, from {})", offence.from))?;
        }
        for rule in &law.rules {
            let text = if self.lang == Lang::Fr { &rule.fr } else { &rule.en };
            shell.ui.result(format!("{}: {text} ({}, from {})", rule.id, rule.citation, rule.from))?;
        }
        shell.ui.result("every entry is to be confirmed by a jurist")?;
        Ok(Exit::Fine)
    }
}

impl Check {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let authority = read_authority(&self.file)?;
        let doubts = legal_doubts(&authority, jiff::Timestamp::now());
        for doubt in &doubts {
            shell.ui.result(format!("{}: {} ({})", doubt.rule, doubt.text(Lang::En), doubt.citation))?;
        }
        match doubts.is_empty() {
            true => shell.ui.result(format!("{} states what it has to", authority.id))?,
            false => shell.ui.result("a magistrate has to settle these in words (--decision)")?,
        }
        Ok(Exit::Fine)
    }
}

impl Grant {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let authority = read_authority(&self.file)?;
        let granting = Granting { by: self.by, decision: self.decision.zip(self.decided_by) };
        let grant = shell.call(&config, "authority grant", |session| {
            let mut case = open_even_locked(&self.case.dir, session)?;
            grant_authority(&mut case, authority, &granting, session)
        })?;
        if self.json {
            show::json(&shell.ui, &grant)?;
        } else {
            let authority = &grant.authority;
            shell.ui.result(format!("{} is granted until {}", authority.id, authority.valid_until))?;
        }
        Ok(Exit::Fine)
    }
}

impl List {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let states = shell.call(&config, "authority list", |session| {
            let case = open_even_locked(&self.case.dir, session)?;
            Ok(authorities(case.case(), session.now()))
        })?;
        if self.json {
            show::json(&shell.ui, &states)?;
        } else if states.is_empty() {
            shell.ui.result("no authority has been granted in this case")?;
        }
        for state in states.iter().filter(|_| !self.json) {
            shell.ui.result(line(state))?;
        }
        Ok(Exit::Fine)
    }
}

fn line(state: &AuthorityState) -> String {
    let authority = &state.grant.authority;
    let standing = if state.lapsed { "lapsed" } else { "valid until" };
    let (id, body, number) = (&authority.id, &authority.body, &authority.number);
    let (from, to, until) = (authority.data_from, authority.data_to, authority.valid_until);
    let files = state.imports;
    format!("{id}  {body}, {number}; data of {from} to {to}; files that came in under it: {files}; {standing} {until}")
}
