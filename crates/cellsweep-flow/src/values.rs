//! The lists beside a table of requests come into the case with it: what was asked is in them.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use cellsweep_model::case::RowCounts;
use cellsweep_model::rows::{self, FromRow, RecordBatch, Row, RowError};
use cellsweep_store::Staging;

use crate::FlowError;

/// Where the lists lie in an import's folder.
const FOLDER: &str = "values";

/// The name in `values_file`.
struct ListName(Option<String>);

impl FromRow for ListName {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self(row.text("values_file").map(str::to_owned)))
    }
}

/// Copies the lists that the table names into the staged import. One that isn't there, or a name that leads to
/// another folder, is a doubt: the request itself goes on.
pub(crate) fn keep(
    table: &Path,
    staging: &Staging,
    batch: &RecordBatch,
    counts: &mut RowCounts,
) -> Result<(), FlowError> {
    let source = |source| FlowError::Rows { table: "requests", source };
    let names: Vec<ListName> = rows::read(std::slice::from_ref(batch)).map_err(source)?;
    let names: BTreeSet<String> = names.into_iter().filter_map(|name| name.0).collect();
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
