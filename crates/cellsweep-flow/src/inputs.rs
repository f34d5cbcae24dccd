//! A folder of inputs, laid out as the contract says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cellsweep_model::table::Table;

use crate::FlowError;

/// What a folder holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Inputs {
    /// Files by table, each table's by name.
    pub files: BTreeMap<Table, Vec<PathBuf>>,
    /// The asked time of `operation.json`, microseconds since 1970 UTC.
    pub at: Option<i64>,
    /// Its caps on facilities and cells.
    pub caps: (Option<usize>, Option<usize>),
    /// What a person should know about the folder.
    pub notes: Vec<String>,
}

/// Endings that a table's file may have.
const ENDINGS: [&str; 4] = [".csv", ".csv.gz", ".csv.zst", ".parquet"];

impl Inputs {
    /// Looks into a folder.
    ///
    /// # Errors
    /// When it can't be listed, lacks a needed table, or its `operation.json` can't be used.
    pub(crate) fn of(from: &Path) -> Result<Self, FlowError> {
        let mut inputs = Self::default();
        for path in listing(from)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name == "operation.json" {
                (inputs.at, inputs.caps) = operation(&path)?;
            } else {
                inputs.sort_in(path, &name);
            }
        }
        inputs.check(from)?;
        Ok(inputs)
    }

    fn sort_in(&mut self, path: PathBuf, name: &str) {
        match table_of(name) {
            Named::Table(table) => self.files.entry(table).or_default().push(path),
            Named::Other { stem } => self.notes.push(passed_over(name, &stem)),
            Named::NoTable => {}
        }
    }

    fn check(&mut self, from: &Path) -> Result<(), FlowError> {
        let absent = |table: &Table| !self.files.contains_key(table);
        let missing: Vec<Table> = Table::ALL.into_iter().filter(|table| table.needed()).filter(absent).collect();
        if !missing.is_empty() {
            return Err(FlowError::MissingTables { place: from.display().to_string(), missing });
        }
        let optional: Vec<&str> = Table::ALL.into_iter().filter(absent).map(Table::name).collect();
        if !optional.is_empty() {
            self.notes.push(format!("optional tables that are not there: {}", optional.join(", ")));
        }
        Ok(())
    }

    /// Tables in the order in which they are imported: records last, so that sectors which the
    /// table doesn't have can be told.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (Table, &[PathBuf])> {
        let (records, others): (Vec<_>, Vec<_>) = self.files.iter().partition(|(table, _)| **table == Table::Records);
        others.into_iter().chain(records).map(|(table, files)| (*table, files.as_slice()))
    }
}

/// What a file's name says.
enum Named {
    Table(Table),
    /// A table's ending, but no table's name.
    Other {
        stem: String,
    },
    NoTable,
}

fn table_of(name: &str) -> Named {
    if name == "facilities.geojson" {
        return Named::Table(Table::Facilities);
    }
    let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) else { return Named::NoTable };
    if stem.starts_with(Table::Records.name()) {
        return Named::Table(Table::Records);
    }
    Table::from_name(stem).map_or_else(|| Named::Other { stem: stem.to_owned() }, Named::Table)
}

fn passed_over(name: &str, stem: &str) -> String {
    let near = Table::ALL
        .into_iter()
        .map(Table::name)
        .max_by(|a, b| strsim::jaro_winkler(a, stem).total_cmp(&strsim::jaro_winkler(b, stem)));
    match near.filter(|near| strsim::jaro_winkler(near, stem) > 0.8) {
        Some(near) => format!("{name} is no table of the contract and was passed over (is it {near}?)"),
        None => format!("{name} is no table of the contract and was passed over"),
    }
}

fn listing(from: &Path) -> Result<Vec<PathBuf>, FlowError> {
    let entries = std::fs::read_dir(from).map_err(FlowError::io("list", from))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(FlowError::io("list", from))?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// When, how many facilities, how many cells.
type Operation = (Option<i64>, (Option<usize>, Option<usize>));

/// The operation's time and caps.
fn operation(path: &Path) -> Result<Operation, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let unusable = |why: String| FlowError::Operation { path: path.to_owned(), why };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| unusable(error.to_string()))?;
    let cap = |key: &str| match value.get(key).filter(|cap| !cap.is_null()) {
        None => Ok(None),
        Some(cap) => match cap.as_u64().and_then(|cap| usize::try_from(cap).ok()) {
            Some(cap) => Ok(Some(cap)),
            None => Err(unusable(format!("{key} is not a number from 0 on"))),
        },
    };
    let caps = (cap("facilities")?, cap("cells")?);
    let Some(time) = value.get("time").filter(|time| !time.is_null()) else { return Ok((None, caps)) };
    let text = time.as_str().ok_or_else(|| unusable("time is not a text".to_owned()))?;
    let time: jiff::Timestamp = text.parse().map_err(|error| unusable(format!("time: {error}")))?;
    Ok((Some(time.as_microsecond()), caps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> std::io::Result<tempfile::TempDir> {
        let dir = tempfile::tempdir()?;
        for name in names {
            std::fs::write(dir.path().join(name), r#"{"time": "2025-03-31T04:00:00Z", "else": 1}"#)?;
        }
        Ok(dir)
    }

    #[test]
    fn a_folder_as_the_contract_lays_it_out() -> Result<(), Box<dyn std::error::Error>> {
        let dir = folder(&[
            "records-a.parquet",
            "records.csv.gz",
            "sectors.csv",
            "facilities.geojson",
            "ledgers.csv",
            "SOURCE.txt",
            "operation.json",
        ])?;
        let inputs = Inputs::of(dir.path())?;
        let order: Vec<_> = inputs.in_order().map(|(table, files)| (table.name(), files.len())).collect();
        assert_eq!(order, [("sectors", 1), ("facilities", 1), ("records", 2)]);
        assert_eq!(inputs.at, Some(1_743_393_600_000_000));
        assert_eq!(inputs.notes[0], "ledgers.csv is no table of the contract and was passed over (is it ledger?)");
        assert!(inputs.notes[1].starts_with("optional tables that are not there: survey, cells"));
        Ok(())
    }

    #[test]
    fn all_missing_tables_are_named_at_once() -> Result<(), Box<dyn std::error::Error>> {
        let dir = folder(&["records.csv"])?;
        let message = Inputs::of(dir.path()).map(|_| ()).map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| {
            text.ends_with("lacks sectors (sectors.csv or sectors.parquet), facilities (facilities.geojson)")
        }));
        Ok(())
    }
}
