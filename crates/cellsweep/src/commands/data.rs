//! `cellsweep data`

use cellsweep_flow::{
    DataSet, Persons, Subject, consult, consult_at_work, data_sets, held_of, open_even_locked, restrict, review_data,
    unrestrict,
};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// See what a case holds of people and for how long; review, restrict, find what is held of somebody.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep data list --because \"yearly review\"
  cellsweep data reviewed 00007-records-1f3c9d20 --next 2027-05-01
  cellsweep data restrict 00004-contacts-5b1c7a90 --because \"accuracy is contested\"
  cellsweep data about --msisdn 33700000042 --because \"request of the data subject\"")]
pub struct Data {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(List),
    Reviewed(Reviewed),
    Restrict(Restrict),
    Unrestrict(Unrestrict),
    About(About),
}

/// List the data sets: whose data, under which authority, since when, when to look again.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Note that somebody looked whether data sets are still needed.
#[derive(Debug, Args)]
struct Reviewed {
    /// The imports.
    #[arg(value_name = "IMPORT", required = true)]
    imports: Vec<String>,

    #[command(flatten)]
    case: CaseArg,

    /// The day of the next look.
    #[arg(long, value_name = "DAY")]
    next: Date,
}

/// Keep data sets and use them no longer: no trace reads them.
#[derive(Debug, Args)]
struct Restrict {
    /// The imports.
    #[arg(value_name = "IMPORT", required = true)]
    imports: Vec<String>,

    #[command(flatten)]
    case: CaseArg,
}

/// Use data sets again.
#[derive(Debug, Args)]
struct Unrestrict {
    /// The imports.
    #[arg(value_name = "IMPORT", required = true)]
    imports: Vec<String>,

    #[command(flatten)]
    case: CaseArg,
}

/// Say what the case holds of a person: rows by import, runs, entries of the log; not the data.
#[derive(Debug, Args)]
struct About {
    #[command(flatten)]
    subject: SubjectArgs,

    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Who, by any of their identifiers.
#[derive(Debug, Args)]
pub struct SubjectArgs {
    /// A handset's IMEI; may be given several times, as may the others.
    #[arg(long, value_name = "IMEI")]
    imei: Vec<String>,

    /// A subscriber's IMSI.
    #[arg(long, value_name = "IMSI")]
    imsi: Vec<String>,

    /// A number, E.164 digits.
    #[arg(long, value_name = "NUMBER")]
    msisdn: Vec<String>,

    /// An inmate, as the roster names them.
    #[arg(long, value_name = "ID")]
    inmate: Vec<String>,
}

impl SubjectArgs {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.imei.is_empty() && self.imsi.is_empty() && self.msisdn.is_empty() && self.inmate.is_empty()
    }

    /// The person.
    pub fn subject(self) -> Result<Subject, ShellError> {
        fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
            texts: &[String],
            what: &str,
        ) -> Result<Vec<T>, ShellError> {
            // What was typed is somebody's number: it is not repeated.
            let wrong =
                |error: T::Err| ShellError::new(Kind::User, format!("what --{what} was given is none: {error}"));
            texts.iter().map(|text| text.parse().map_err(wrong)).collect()
        }
        if self.is_empty() {
            let error = ShellError::new(Kind::User, "nobody is named");
            return Err(error.hint("name them by --imei, --imsi, --msisdn or --inmate"));
        }
        Ok(Subject {
            imeis: parse(&self.imei, "imei")?,
            imsis: parse(&self.imsi, "imsi")?,
            numbers: parse(&self.msisdn, "msisdn")?,
            inmates: self.inmate,
        })
    }
}

impl Data {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::List(command) => command.run(shell),
            What::Reviewed(command) => command.run(shell),
            What::Restrict(command) => command.run(shell),
            What::Unrestrict(command) => command.run(shell),
            What::About(command) => command.run(shell),
        }
    }
}

impl List {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let sets = shell.call(&config, "data list", |session| {
            Ok(data_sets(&consult(&self.case.dir, "data", session)?, session.now()))
        })?;
        if self.json {
            show::json(&shell.ui, &sets)?;
            return Ok(Exit::Fine);
        }
        let mut table = show::table(&["import", "whose data", "authority", "rows", "dropped", "review", ""], &[3, 4]);
        for set in &sets {
            table.add_row(row(set));
        }
        shell.ui.result(table.trim_fmt())?;
        Ok(Exit::Fine)
    }
}

fn row(set: &DataSet) -> Vec<String> {
    let mut standing = Vec::new();
    if set.overdue {
        standing.push("overdue");
    }
    if set.restricted {
        standing.push("restricted");
    }
    vec![
        set.import.clone(),
        set.persons.map_or("nobody's", Persons::word).replace('_', " "),
        set.authority.clone().unwrap_or_default(),
        show::grouped(set.rows),
        show::grouped(set.dropped.iter().map(|(_, rows)| rows).sum()),
        set.review.to_string(),
        standing.join(", "),
    ]
}

impl Reviewed {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let count = self.imports.len();
        shell.call(&config, "data reviewed", |session| {
            review_data(&mut open_even_locked(&self.case.dir, session)?, self.imports, self.next, session)
        })?;
        shell.ui.result(format!("{count} data sets are to be looked at again by {}", self.next))?;
        Ok(Exit::Fine)
    }
}

impl Restrict {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let count = self.imports.len();
        shell.call(&config, "data restrict", |session| {
            restrict(&mut open_even_locked(&self.case.dir, session)?, self.imports, session)
        })?;
        shell.ui.result(format!("{count} data sets are kept and no longer used; trace again without them"))?;
        Ok(Exit::Fine)
    }
}

impl Unrestrict {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let count = self.imports.len();
        shell.call(&config, "data unrestrict", |session| {
            unrestrict(&mut open_even_locked(&self.case.dir, session)?, self.imports, session)
        })?;
        shell.ui.result(format!("{count} data sets may be used again"))?;
        Ok(Exit::Fine)
    }
}

impl About {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let subject = self.subject.subject()?;
        let held = shell.call(&config, "data about", |session| {
            held_of(&mut consult_at_work(&self.case.dir, "data_about", session)?, &subject, session)
        })?;
        if self.json {
            show::json(&shell.ui, &held)?;
            return Ok(Exit::Fine);
        }
        if held.rows.is_empty() && held.entries.is_empty() && held.runs.is_empty() {
            shell.ui.result("the case holds nothing of them")?;
        }
        for rows in &held.rows {
            shell.ui.result(format!("{}: {} rows", rows.import, show::grouped(rows.rows)))?;
        }
        if !held.runs.is_empty() {
            shell.ui.result(format!("runs that read or name them: {}", held.runs.join(", ")))?;
        }
        for n in &held.entries {
            shell.ui.result(format!("entry {n} of the log is a decision on them"))?;
        }
        Ok(Exit::Fine)
    }
}
