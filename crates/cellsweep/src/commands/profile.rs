//! `cellsweep profile`

use std::collections::BTreeMap;
use std::path::PathBuf;

use cellsweep_flow::{
    Confidence, FlowError, Guess, Known, Preview, ProfileChoice, ProfileSaid, guess_profile, profile_schema,
    profile_text, profiles, test_profile,
};
use cellsweep_model::table::Table;
use clap::{Args, Subcommand};

use crate::commands::import::table_parser;
use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Say how files that others made are to be read.
///
/// An import profile (TOML) says which of a file's columns is which of the contract's, how its
/// times and numbers are written, and in which zone. Some ship with the program; `guess` proposes
/// one for any other file, `test` shows what it makes of the first rows. Nothing is guessed at
/// import.
#[derive(Debug, Args)]
#[command(after_long_help = "\
From a file that nobody wrote a profile for to the case, in three commands:
  cellsweep profile guess answer.csv --zone Europe/Paris --operator 208-01 --out answer.toml
  cellsweep profile test answer.csv --profile answer.toml
  cellsweep import records answer.csv --profile answer.toml")]
pub struct Profile {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Propose a profile for a file, with what is sure and what isn't.
    Guess(GuessArgs),
    /// Show what a profile makes of a file's first rows, and every doubt.
    Test(TestArgs),
    /// List the profiles that ship with the program.
    List {
        /// Print the result as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a profile that ships with the program: to read, or to copy and change.
    Show {
        /// Its name.
        name: String,
    },
    /// Print the JSON schema of profiles, for editors.
    Schema,
}

/// How a file is to be read.
#[derive(Debug, Args)]
pub struct ShapeArgs {
    /// Read the columns by this profile: one that ships with the program, or a file.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,

    /// The zone of the file's times, over the profile's.
    #[arg(long, value_name = "ZONE", requires = "profile")]
    zone: Option<String>,

    /// Whose file it is, over the profile's.
    #[arg(long, value_name = "OPERATOR", requires = "profile")]
    operator: Option<String>,

    /// A second file of the profile, by the join's name; others are looked for beside the main one.
    #[arg(long, value_name = "NAME=FILE", requires = "profile", value_parser = join)]
    join: Vec<(String, PathBuf)>,
}

impl ShapeArgs {
    /// The profile, where one was named.
    pub fn choice(&self) -> Result<Option<ProfileChoice>, FlowError> {
        let joins: BTreeMap<String, PathBuf> = self.join.iter().cloned().collect();
        let said = ProfileSaid { zone: self.zone.clone(), operator: self.operator.clone(), joins };
        self.profile.as_ref().map(|name| ProfileChoice::find(name, said)).transpose()
    }
}

fn join(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write it as NAME=FILE")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}

#[derive(Debug, Args)]
pub struct GuessArgs {
    /// The file.
    file: PathBuf,

    /// Which table it should become; by its columns' names if not given.
    #[arg(long, value_name = "KIND", value_parser = table_parser(), hide_possible_values = true)]
    table: Option<Table>,

    /// The zone of its times, which nothing in a file tells: Europe/Paris, +04:00.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,

    /// Whose file it is, such as 208-01.
    #[arg(long, value_name = "OPERATOR")]
    operator: Option<String>,

    /// Write the profile here instead of printing it.
    #[arg(long, value_name = "PROFILE")]
    out: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct TestArgs {
    /// The file.
    file: PathBuf,

    #[command(flatten)]
    shape: ShapeArgs,

    /// Rows to show.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rows: usize,

    /// Rows to look at for the counts.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    sample: u64,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Profile {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.action {
            Action::Guess(guess) => guess.run(shell),
            Action::Test(test) => test.run(shell),
            Action::List { json } => list(shell, json),
            Action::Show { name } => done(shell.ui.result(profile_text(&name)?.trim_end())),
            Action::Schema => done(shell.ui.result(profile_schema().trim_end())),
        }
    }
}

fn done(written: std::io::Result<()>) -> Result<Exit, ShellError> {
    written?;
    Ok(Exit::Fine)
}

fn list(shell: &Shell, json: bool) -> Result<Exit, ShellError> {
    let profiles = profiles()?;
    if json {
        show::json(&shell.ui, &profiles)?;
        return Ok(Exit::Fine);
    }
    let mut table = show::table(&["profile", "table", "version", "for"], &[]);
    for profile in &profiles {
        table.add_row(vec![profile.name, profile.table, &profile.version, &profile.describes]);
    }
    done(shell.ui.result(table.trim_fmt()))
}

impl GuessArgs {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let name = self.out.as_ref().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
        let known = Known { table: self.table, zone: self.zone, operator: self.operator, name };
        let config = shell.config(None, &[])?;
        let guess = shell.call(&config, "profile guess", |session| guess_profile(&self.file, &known, session))?;
        if let Some(path) = &self.out {
            std::fs::write(path, &guess.text).map_err(ShellError::io("write", path))?;
        }
        match (self.json, &self.out) {
            (true, _) => show::json(&shell.ui, &guess)?,
            (false, None) => shell.ui.result(guess.text.trim_end())?,
            (false, Some(path)) => {
                told(shell, &guess)?;
                shell.ui.result(format!("written: {}", path.display()))?;
            }
        }
        Ok(Exit::Fine)
    }
}

/// What is sure and what isn't, the unsure first.
fn told(shell: &Shell, guess: &Guess) -> Result<(), ShellError> {
    let mut table = show::table(&["", "about", ""], &[]);
    for confidence in [Confidence::Unsure, Confidence::Likely, Confidence::Sure] {
        let word = match confidence {
            Confidence::Unsure => "UNSURE",
            Confidence::Likely => "likely",
            Confidence::Sure => "sure",
        };
        for remark in guess.remarks.iter().filter(|remark| remark.confidence == confidence) {
            table.add_row(vec![word, &remark.about, &remark.text]);
        }
    }
    shell.ui.result(format!("table: {}\n{}", guess.table.name(), table.trim_fmt()))?;
    Ok(())
}

impl TestArgs {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(None, &[])?;
        let preview = shell.call(&config, "profile test", |session| {
            let choice = self.shape.choice()?.ok_or(FlowError::NoProfile)?;
            test_profile(&self.file, &choice, self.rows, self.sample, session)
        })?;
        if self.json {
            show::json(&shell.ui, &preview)?;
        } else {
            show_preview(shell, &preview)?;
        }
        Ok(if preview.rejected.is_empty() { Exit::Fine } else { Exit::Rejects })
    }
}

fn show_preview(shell: &Shell, preview: &Preview) -> Result<(), ShellError> {
    for row in &preview.rows {
        let mut table = show::table(&["", "", ""], &[]);
        for (name, value) in preview.names.iter().zip(&row.before) {
            table.add_row(vec!["before", name, value]);
        }
        for (name, value) in preview.columns.iter().zip(row.after.iter().flatten()) {
            table.add_row(vec!["after", name, value]);
        }
        if let Some(why) = &row.why {
            table.add_row(vec!["rejected", "", why]);
        }
        shell.ui.result(format!("row {}\n{}\n", row.line, table.trim_fmt()))?;
    }
    let counts = format!("{} of {} rows would go on", show::grouped(preview.kept), show::grouped(preview.read));
    shell.ui.write_result(|out| {
        use std::io::Write as _;
        writeln!(out, "{counts}")?;
        show::counts(out, "rows that can't be used, by reason", &preview.rejected)?;
        show::counts(out, "doubts", &preview.doubts)
    })?;
    Ok(())
}
