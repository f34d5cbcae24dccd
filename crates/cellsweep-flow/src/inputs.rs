//! A folder of inputs, laid out as the contract says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cellsweep_model::table::Table;

use crate::FlowError;
use crate::profiles::{ProfileChoice, ProfileSaid};

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Files by table, each table's by name.
    pub files: BTreeMap<Table, Vec<PathBuf>>,
    /// Files of other shapes, each profile's by name.
    shaped: Vec<Batch>,
    /// The asked time of `operation.json`, microseconds since 1970 UTC.
    pub at: Option<i64>,
    /// Its caps on facilities and cells.
    pub caps: (Option<usize>, Option<usize>),
    /// What a person should know about the folder.
    pub notes: Vec<String>,
}

/// Files that are imported together.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Which table they are.
    pub table: Table,
    /// What reads them, where they haven't the contract's columns.
    pub profile: Option<ProfileChoice>,
    /// In the order of their names.
    pub files: Vec<PathBuf>,
}

/// Where a folder keeps the profiles of its files: `profiles/bills.toml` reads every file whose name begins with
/// `bills`; of several, the longest name counts.
const PROFILES: &str = "profiles";

/// Endings that a table's file may have.
const ENDINGS: [&str; 4] = [".csv", ".csv.gz", ".csv.zst", ".parquet"];

impl Inputs {
    /// Looks into a folder.
    ///
    /// # Errors
    /// When it can't be listed, lacks a needed table, or its `operation.json` can't be used.
    pub(crate) fn of(from: &Path) -> Result<Self, FlowError> {
        let mut inputs = Self::sorted(from, listing(from)?)?;
        inputs.note_unused();
        inputs.check(from)?;
        Ok(inputs)
    }

    /// Sorts files of a folder by what they are, whether or not anything is missing.
    ///
    /// # Errors
    /// When a profile of the folder or its `operation.json` can't be used.
    pub(crate) fn sorted(from: &Path, files: Vec<PathBuf>) -> Result<Self, FlowError> {
        let mut inputs = Self { shaped: profiles_of(from)?, ..Self::default() };
        for path in files {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name == "operation.json" {
                (inputs.at, inputs.caps) = operation(&path)?;
            } else {
                inputs.sort_in(path, &name);
            }
        }
        Ok(inputs)
    }

    fn sort_in(&mut self, path: PathBuf, name: &str) {
        // The longest name stands first.
        if let Some(batch) = self.shaped.iter_mut().find(|batch| batch.reads(name)) {
            batch.files.push(path);
            return;
        }
        if self.shaped.iter().any(|batch| batch.joins(name)) {
            return;
        }
        match table_of(name) {
            Named::Table(table) => self.files.entry(table).or_default().push(path),
            Named::Other { stem } => self.notes.push(passed_over(name, &stem)),
            Named::NoTable => {}
        }
    }

    /// A profile that reads nothing is more likely a name misspelt than meant.
    fn note_unused(&mut self) {
        let unused = self.shaped.iter().filter(|batch| batch.files.is_empty()).map(Batch::stem);
        self.notes.extend(unused.map(|stem| format!("{PROFILES}/{stem}.toml reads no file: none is called {stem}…")));
        self.shaped.retain(|batch| !batch.files.is_empty());
    }

    fn check(&mut self, from: &Path) -> Result<(), FlowError> {
        let shaped: Vec<Table> = self.shaped.iter().map(|batch| batch.table).collect();
        let absent = |table: &Table| !self.files.contains_key(table) && !shaped.contains(table);
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
    pub(crate) fn in_order(self) -> Vec<Batch> {
        let plain = self.files.into_iter().map(|(table, files)| Batch { table, profile: None, files });
        let mut batches: Vec<Batch> = plain.chain(self.shaped).collect();
        batches.sort_by_key(|batch| (batch.table == Table::Records, batch.table));
        batches
    }
}

impl Batch {
    /// The name of its profile's file, which its files' names begin with.
    fn stem(&self) -> &str {
        self.profile.as_ref().map_or("", |choice| choice.stem.as_str())
    }

    fn reads(&self, name: &str) -> bool {
        name.starts_with(self.stem())
    }

    /// Whether a file is one that the profile looks things up in.
    fn joins(&self, name: &str) -> bool {
        let joins = self.profile.iter().flat_map(|choice| &choice.profile.joins);
        joins.filter_map(|join| join.file.as_deref()).any(|pattern| cellsweep_ingest::profile::is_like(pattern, name))
    }
}

/// A folder's profiles, the longest name first, with no files yet.
fn profiles_of(from: &Path) -> Result<Vec<Batch>, FlowError> {
    let dir = from.join(PROFILES);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut batches = Vec::new();
    for path in listing(&dir)? {
        if path.extension().is_some_and(|extension| extension == "toml") {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let choice =
                ProfileChoice { stem, ..ProfileChoice::find(&path.to_string_lossy(), ProfileSaid::default())? };
            batches.push(Batch { table: choice.profile.table, profile: Some(choice), files: Vec::new() });
        }
    }
    batches.sort_by_key(|batch| std::cmp::Reverse(batch.stem().len()));
    Ok(batches)
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

/// The files of a folder, by name.
pub(crate) fn listing(from: &Path) -> Result<Vec<PathBuf>, FlowError> {
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
        assert_eq!(inputs.at, Some(1_743_393_600_000_000));
        assert_eq!(inputs.notes[0], "ledgers.csv is no table of the contract and was passed over (is it ledger?)");
        assert!(inputs.notes[1].starts_with("optional tables that are not there: survey, cells"));
        assert_eq!(order(inputs), [("sectors", 1), ("facilities", 1), ("records", 2)]);
        Ok(())
    }

    fn order(inputs: Inputs) -> Vec<(&'static str, usize)> {
        inputs.in_order().into_iter().map(|batch| (batch.table.name(), batch.files.len())).collect()
    }

    #[test]
    fn profiles_read_the_files_that_begin_like_them() -> Result<(), Box<dyn std::error::Error>> {
        let names = ["records.csv", "sectors.csv", "facilities.geojson", "bills-1.txt", "bills-2.txt", "bills-old.txt"];
        let dir = folder(&[names.as_slice(), &["cells-b.csv", "unnamed.csv"]].concat())?;
        std::fs::create_dir(dir.path().join(PROFILES))?;
        let profile = |name: &str| {
            format!(
                "format = 1\nname = \"{name}\"\nversion = \"1\"\ntable = \"known_devices\"\n[[join]]\nname = \"c\"\nfile = \"cells*.csv\"\nkey = \"a\"\non = \"b\"\n[columns]\nimei = \"c.imei\"\n"
            )
        };
        for stem in ["bills", "bills-old", "nothing"] {
            std::fs::write(dir.path().join(PROFILES).join(format!("{stem}.toml")), profile(stem))?;
        }
        let inputs = Inputs::of(dir.path())?;
        assert_eq!(inputs.notes[0], "unnamed.csv is no table of the contract and was passed over");
        assert_eq!(inputs.notes[1], "profiles/nothing.toml reads no file: none is called nothing…");
        let shaped: Vec<_> = inputs.shaped.iter().map(|batch| (batch.stem(), batch.files.len())).collect();
        assert_eq!(shaped, [("bills-old", 1), ("bills", 2)]);
        let last = order(inputs).pop();
        assert_eq!(last, Some(("records", 1)));
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
