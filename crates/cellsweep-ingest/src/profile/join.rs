//! Second sheets and files: a cell list beside the records, a price list beside the orders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::IngestOptions;
use crate::error::{IngestError, Refusal};
use crate::profile::{Layout, Profile};
use crate::sheet::{Found, Go, Sheet};
use crate::source::Input;

/// Text that all joins of a file may hold in memory.
const MAX_BYTES: usize = 512 << 20;

/// A second sheet or file, whose columns are then called `name.column`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JoinSpec {
    /// What it is called.
    pub name: String,
    /// The file's name beside the main one, `*` standing for anything; without it, the main file itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The column whose value is looked up.
    pub key: String,
    /// The second file's column that it is looked up in.
    pub on: String,
    /// How rows stand in it; as in the main file where it is that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
}

/// A row's wanted values, in as little memory as they take.
type Values = Box<[Option<Box<[u8]>>]>;

/// A second sheet or file, read.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub name: String,
    /// The columns that are wanted of it.
    pub columns: Vec<String>,
    rows: Vec<Values>,
    by_key: FxHashMap<Box<[u8]>, u32>,
    /// Keys that stood there more than once.
    pub repeated: u64,
}

impl Joined {
    pub(crate) fn find(&self, key: &[u8]) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    pub(crate) fn value(&self, row: u32, column: usize) -> Option<&[u8]> {
        self.rows.get(row as usize)?.get(column)?.as_deref()
    }
}

/// Where second files lie: those that a person named, and the folder of the main one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    pub given: &'a BTreeMap<String, PathBuf>,
}

/// Reads every second sheet and file of a profile.
pub(crate) fn read_all(
    input: &Input,
    profile: &Profile,
    beside: Beside<'_>,
    options: &IngestOptions,
) -> Result<Vec<Joined>, IngestError> {
    let mut room = MAX_BYTES;
    profile.joins.iter().map(|spec| read(input, profile, spec, beside, options, &mut room)).collect()
}

fn read(
    input: &Input,
    profile: &Profile,
    spec: &JoinSpec,
    beside: Beside<'_>,
    options: &IngestOptions,
    room: &mut usize,
) -> Result<Joined, IngestError> {
    let other = match (&spec.file, beside.given.get(&spec.name)) {
        (_, Some(path)) => Input::file(path)?,
        (None, None) => input.clone(),
        (Some(pattern), None) => Input::file(&find(input, &spec.name, pattern)?)?,
    };
    let layout = spec.layout.as_ref().unwrap_or(&profile.file);
    let sheet = Sheet::open(&other, layout, options)?;
    let missing =
        |column: &str| other.refuse(Refusal::NoSuchColumn { column: column.to_owned(), found: sheet.shown_names() });
    let on = sheet.position(&spec.on).ok_or_else(|| missing(&spec.on))?;
    let mut joined = Joined { name: spec.name.clone(), columns: wanted(profile, &spec.name), ..Joined::default() };
    let positions: Vec<usize> = joined
        .columns
        .iter()
        .map(|column| sheet.position(column).ok_or_else(|| missing(column)))
        .collect::<Result<_, _>>()?;
    sheet.read(&mut |found| {
        let Found::Row(row) = found else { return Ok(Go::On) };
        let Some(key) = row.cells.get(on).and_then(|cell| cell.printed()) else { return Ok(Go::On) };
        let value = |position: &usize| {
            row.cells.get(*position).and_then(|cell| cell.printed()).map(|text| text.into_owned().into_boxed_slice())
        };
        let values: Values = positions.iter().map(value).collect();
        let size = key.len() + values.iter().flatten().map(|text| text.len()).sum::<usize>() + 16 * values.len() + 64;
        *room = room.checked_sub(size).ok_or_else(|| other.refuse(Refusal::JoinTooBig(spec.name.clone())))?;
        joined.take(key.into_owned(), values);
        Ok(Go::On)
    })?;
    Ok(joined)
}

impl Joined {
    fn take(&mut self, key: Vec<u8>, values: Values) {
        // More rows than that don't fit the room.
        let row = self.rows.len() as u32;
        match self.by_key.entry(key.into_boxed_slice()) {
            std::collections::hash_map::Entry::Occupied(_) => self.repeated += 1,
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
                self.rows.push(values);
            }
        }
    }
}

/// The columns of a join that a profile uses.
fn wanted(profile: &Profile, join: &str) -> Vec<String> {
    let prefix = format!("{join}.");
    let mut wanted: Vec<String> =
        profile.references().filter_map(|name| name.strip_prefix(&prefix)).map(str::to_owned).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// The one file beside the main one that a pattern names. A pattern never leaves the folder: a profile is
/// somebody else's file.
fn find(input: &Input, join: &str, pattern: &str) -> Result<PathBuf, IngestError> {
    let refuse =
        |why: String| input.refuse(Refusal::NoJoinFile { join: join.to_owned(), pattern: pattern.to_owned(), why });
    let folder = match input.path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(refuse("the file has no folder".to_owned())),
    };
    let entries = std::fs::read_dir(folder).map_err(|error| refuse(error.to_string()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.file_name().is_some_and(|name| is_like(pattern, &name.to_string_lossy())))
        .collect();
    found.sort();
    match found.len() {
        1 => found.pop().ok_or_else(|| refuse("no file is called like that".to_owned())),
        0 => Err(refuse("no file is called like that".to_owned())),
        count => Err(refuse(format!("{count} files are called like that"))),
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
pub fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        last = Some(part);
        rest = &rest[at + part.len()..];
    }
    match last {
        None => rest.is_empty(),
        Some(last) => rest.is_empty() || name.ends_with(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, fits) in [
            ("cells.csv", "cells.csv", true),
            ("cells.csv", "cells.csv.gz", false),
            ("cells*.csv", "cells-2026.csv", true),
            ("*cells*", "a-cells-b", true),
            ("*.csv", "a.csv.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
        ] {
            assert_eq!(is_like(pattern, name), fits, "{pattern} {name}");
        }
    }
}
