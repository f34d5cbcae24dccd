//! The lists beside a table of requests come into the case with it: what was asked is in them.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use cellsweep_model::case::{Import, RowCounts};
use cellsweep_model::rows::{self, FromRow, RecordBatch, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_model::{Imei, Imsi, Msisdn};
use cellsweep_store::{Case, Staging};
use cellsweep_trace::AskedFor;

use crate::FlowError;

/// Where the lists lie in an import's folder.
const FOLDER: &str = "values";

/// A request's list.
struct List {
    /// The name in `values_file`.
    name: Option<String>,
    /// Of what it is a list.
    kind: String,
    answered: bool,
}

impl FromRow for List {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            name: row.text("values_file").map(str::to_owned),
            kind: row.must("kind", row.text("kind"))?.to_owned(),
            answered: row.micros("answered").is_some(),
        })
    }
}

/// Whom the lists of answered requests name; of all where no answer is noted. A value that can't be what it should
/// names nobody.
pub(crate) fn asked_for(case: &Case) -> Result<AskedFor, FlowError> {
    let mut lists: Vec<(&Import, List)> = Vec::new();
    for import in case.imports_of(Table::Requests) {
        let rows = rows::read(&case.table_of(import)?).map_err(source)?;
        lists.extend(rows.into_iter().map(|list| (import, list)));
    }
    let noted = lists.iter().any(|(_, list)| list.answered);
    let mut asked = AskedFor::default();
    for (import, List { name, kind, .. }) in lists.iter().filter(|(_, list)| list.answered || !noted) {
        let file = name.as_ref().map(|name| format!("{FOLDER}/{name}"));
        let Some(file) = file.filter(|file| import.files().contains_key(file)) else { continue };
        let bytes = case.import_folder(import)?.read(&file)?;
        for value in String::from_utf8_lossy(&bytes).split_ascii_whitespace() {
            match kind.as_str() {
                "imei" => asked.imeis.extend(value.parse::<Imei>().ok()),
                "imsi" => asked.imsis.extend(value.parse::<Imsi>().ok()),
                "msisdn" => asked.numbers.extend(value.parse::<Msisdn>().ok()),
                _ => break,
            }
        }
    }
    Ok(asked)
}

fn source(source: RowError) -> FlowError {
    FlowError::Rows { table: Table::Requests.name(), source }
}

/// Copies the lists that the table names into the staged import. One that isn't there, or a name that leads to
/// another folder, is a doubt: the request itself goes on.
pub(crate) fn keep(
    table: &Path,
    staging: &Staging,
    batch: &RecordBatch,
    counts: &mut RowCounts,
) -> Result<(), FlowError> {
    let lists: Vec<List> = rows::read(std::slice::from_ref(batch)).map_err(source)?;
    let names: BTreeSet<String> = lists.into_iter().filter_map(|list| list.name).collect();
    for name in names {
        let beside = table.parent().unwrap_or(Path::new(".")).join(&name);
        if !is_plain(&name) {
            doubt(counts, "values_file names another folder and was left where it is");
        } else if !beside.is_file() {
            doubt(counts, "values_file is not beside the table");
        } else {
            let bytes = std::fs::read(&beside).map_err(FlowError::io("read", &beside))?;
            keep_list(staging, &name, &bytes)?;
        }
    }
    Ok(())
}

/// Keeps one list in the staged import.
pub(crate) fn keep_list(staging: &Staging, name: &str, bytes: &[u8]) -> Result<(), FlowError> {
    Ok(staging.write(&format!("{FOLDER}/{name}"), bytes)?)
}

fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) && !name.contains(['/', '\\', ':'])
}

fn doubt(counts: &mut RowCounts, what: &str) {
    *counts.doubts.entry(what.to_owned()).or_default() += 1;
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert!(is_plain("requests-1.txt"));
        for name in ["../x.txt", "/etc/passwd", "a/b.txt", "..", ".", "", "a\\b", "C:x"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
