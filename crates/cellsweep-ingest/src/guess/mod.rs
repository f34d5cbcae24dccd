//! A profile proposed for a file that nobody wrote one for, with how sure each part of it is.
//!
//! Nothing here is used at import: a person reads the proposal, mends it, tests it, and imports by it.

mod columns;
mod layout;
mod values;
mod words;
mod write;

use std::path::Path;

use cellsweep_model::table::Table;
use serde::Serialize;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::profile::{FileKind, Profile, library};
use crate::sheet::{Found, Go, Sheet};
use crate::source::Input;
use columns::propose;

/// How sure a part of the proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Somebody has to say it.
    Unsure,
    /// Name or values point there, not both.
    Likely,
    /// Name and values agree.
    Sure,
}

/// A remark on one part of the proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The key of the profile or the column of the contract.
    pub about: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why, or what to look at.
    pub text: String,
}

/// A proposal.
#[derive(Debug, Clone, Serialize)]
pub struct Guess {
    /// A profile that ships with the program and has every column that it needs in the file.
    pub shipped: Option<String>,
    /// The table that it makes.
    pub table: Table,
    /// What is sure and what isn't.
    pub remarks: Vec<Remark>,
    /// The profile as TOML, its remarks as comments.
    pub text: String,
}

/// What a person knows of the file already.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The table that it should become.
    pub table: Option<Table>,
    /// The zone of its times.
    pub zone: Option<String>,
    /// Whose file it is.
    pub operator: Option<String>,
    /// What the profile is to be called.
    pub name: Option<String>,
}

/// Rows that are looked at.
const SAMPLE: usize = 2_000;

/// Columns' names and the texts of the first rows.
pub(crate) struct Sample {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Proposes a profile for a file.
///
/// # Errors
/// When the file can't be read or is of a kind that no reader takes.
pub fn guess(path: &Path, known: &Known, options: &IngestOptions) -> Result<Guess, IngestError> {
    guess_input(path, &Input::file(path)?, known, options)
}

/// The same for bytes in memory, called `name`.
///
/// # Errors
/// As [`guess`].
pub fn guess_bytes(name: &str, bytes: &[u8], known: &Known, options: &IngestOptions) -> Result<Guess, IngestError> {
    guess_input(Path::new(name), &Input::bytes(name, bytes), known, options)
}

fn guess_input(path: &Path, input: &Input, known: &Known, options: &IngestOptions) -> Result<Guess, IngestError> {
    let (layout, mut remarks) = layout::guess(input, options)?;
    if let Some(name) = fitting(input, layout.kind, known.table, options)
        && let Some(Ok((profile, _))) =
            library().iter().find(|shipped| shipped.name == name).map(|shipped| shipped.profile())
    {
        let text = format!("`--profile {name}` fits: every column that it reads is in the file");
        remarks = vec![Remark { about: "profile".to_owned(), confidence: Confidence::Likely, text }];
        return Ok(finish(profile, Some(name), remarks));
    }
    let sample = sample(&Sheet::open(input, &layout, options)?, Sheet::open(input, &layout, options)?)?;
    let (profile, more) = propose(path, layout, &sample, known);
    remarks.extend(more);
    Ok(finish(profile, None, remarks))
}

fn finish(profile: Profile, shipped: Option<String>, remarks: Vec<Remark>) -> Guess {
    let text = write::text(&profile, &remarks);
    Guess { shipped, table: profile.table, remarks, text }
}

/// The first rows as texts.
pub(crate) fn sample(named: &Sheet<'_>, sheet: Sheet<'_>) -> Result<Sample, IngestError> {
    let mut rows = Vec::new();
    sheet.read(&mut |found| {
        if let Found::Row(row) = found {
            let text = |cell: &crate::value::Cell<'_>| {
                cell.printed().map_or_else(String::new, |text| crate::value::decode(&text).into_owned())
            };
            rows.push(row.cells.iter().map(text).collect());
        }
        Ok(if rows.len() < SAMPLE { Go::On } else { Go::Enough })
    })?;
    Ok(Sample { names: named.names.clone(), rows })
}

/// The profile that ships and reads most columns, all of them in the file. Examples to copy never fit.
fn fitting(input: &Input, kind: FileKind, table: Option<Table>, options: &IngestOptions) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for shipped in library().iter().filter(|shipped| !shipped.name.starts_with("example-")) {
        let Ok((profile, _)) = shipped.profile() else { continue };
        if profile.file.kind != kind || table.is_some_and(|table| table != profile.table) {
            continue;
        }
        let fits = reads(input, &profile, options);
        if fits > best.as_ref().map_or(0, |(count, _)| *count) {
            best = Some((fits, shipped.name.to_owned()));
        }
    }
    best.map(|(_, name)| name)
}

/// How many of the file's columns a profile reads; 0 where one is missing. A file without header would take any
/// profile without one, so that names alone are no proof.
fn reads(input: &Input, profile: &Profile, options: &IngestOptions) -> usize {
    if profile.file.header == 0 && profile.file.kind == FileKind::Csv {
        return 0;
    }
    let Ok(sheet) = Sheet::open(input, &profile.file, options) else { return 0 };
    let own: Vec<&str> = profile.references().filter(|name| is_the_file_s(profile, name)).collect();
    if own.iter().all(|name| sheet.names.iter().any(|other| other == name)) { own.len() } else { 0 }
}

fn is_the_file_s(profile: &Profile, name: &str) -> bool {
    let made = profile.virtuals.iter().any(|made| made.name == name);
    let joined = profile.joins.iter().any(|join| name.starts_with(&format!("{}.", join.name)));
    !made && !joined
}
