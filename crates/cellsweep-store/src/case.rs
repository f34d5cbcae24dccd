//! A case as readers see it: its manifest, and its tables and runs by what the manifest names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use cellsweep_model::case::{CaseEvent, CaseKind, Digest, Import, LoggedEvent, Manifest, Run};
use cellsweep_model::table::Table;
use cellsweep_proof::LogKind;
use serde::de::DeserializeOwned;

use crate::db::Db;
use crate::keys::{Keys, Unlock};
use crate::place::CasePlace;
use crate::{RunDevices, RunHolders, StoreError, events, log, table};

/// The version of the case's layout that this version writes.
pub const FORMAT: u32 = 2;

/// What was the log itself in format 1, and shows what the log comes to in format 2.
const MANIFEST: &str = "manifest.json";

/// A case on disk.
///
/// Readers need no lock: what the manifest names never changes, and the manifest is replaced
/// whole.
#[derive(Debug, Clone)]
pub struct Case {
    dir: PathBuf,
    manifest: Manifest,
}

impl Case {
    /// Opens a case for reading.
    ///
    /// # Errors
    /// When there is none, it is damaged, locked or of a newer format.
    pub fn open(dir: &Path, unlock: &Unlock) -> Result<Self, StoreError> {
        let manifest = match CasePlace::read(dir)? {
            Some(place) => {
                let db = place.database(dir, false)?;
                let keys = Keys::open(&db, dir, unlock)?;
                project(dir, &db, &keys)?
            }
            None => read_old(dir)?,
        };
        Ok(Self { dir: dir.to_owned(), manifest })
    }

    /// Whether a case lies there, readable or not.
    pub fn is_one(dir: &Path) -> bool {
        dir.join(crate::place::FILE).exists() || manifest_path(dir).exists()
    }

    pub(crate) fn with(dir: &Path, manifest: Manifest) -> Self {
        Self { dir: dir.to_owned(), manifest }
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What happened in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    pub(crate) fn add(&mut self, event: LoggedEvent) {
        self.manifest.events.push(event);
    }

    pub(crate) fn replace_manifest(&mut self, manifest: Manifest) {
        self.manifest = manifest;
    }

    /// The case as it stood before a run, without what was erased since.
    pub fn before(&self, run: &Run) -> Self {
        let mut manifest = self.manifest.clone();
        let erasures: Vec<_> =
            manifest.events.iter().filter(|l| matches!(l.event, CaseEvent::Erased { .. })).cloned().collect();
        let at = manifest.events.iter().position(|l| matches!(&l.event, CaseEvent::Ran { run: of } if of.id == run.id));
        manifest.events.truncate(at.unwrap_or(manifest.events.len()));
        let later = manifest.events.len() as u64;
        manifest.events.extend(erasures.into_iter().filter(|erased| erased.sequence >= later));
        Self { dir: self.dir.clone(), manifest }
    }

    /// Exercise or investigation.
    pub fn kind(&self) -> CaseKind {
        self.manifest.kind
    }

    /// The import that brought in these very bytes, if one did.
    pub fn import_of(&self, table: Table, digest: &Digest) -> Option<&Import> {
        self.manifest.imports().find(|import| import.table == table && import.digest == *digest)
    }

    /// The imports of a table, in order.
    pub fn imports_of(&self, table: Table) -> impl Iterator<Item = &Import> {
        self.manifest.imports().filter(move |import| import.table == table)
    }

    /// Where the engine finds an import's records.
    pub fn records_dir(&self, import: &Import) -> PathBuf {
        self.import_dir(import).join("records")
    }

    /// An import's folder.
    pub fn import_dir(&self, import: &Import) -> PathBuf {
        imports_dir(&self.dir).join(&import.id)
    }

    /// A small table: the imports' rows one after another, rows that are the same only once.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn table(&self, table: Table) -> Result<Vec<RecordBatch>, StoreError> {
        let mut batches = Vec::new();
        for import in self.imports_of(table) {
            batches.extend(table::read(&self.import_dir(import).join("table.parquet"))?);
        }
        table::without_repeats(&self.dir, batches)
    }

    /// The latest run of a step.
    pub fn latest_run(&self, step: &str) -> Option<&Run> {
        self.manifest.runs().filter(|run| run.step == step).last()
    }

    /// A run's devices.
    pub fn devices_of(&self, run: &Run) -> RunDevices {
        RunDevices::in_folder(&runs_dir(&self.dir).join(&run.id))
    }

    /// A run's holders and places.
    pub fn holders_of(&self, run: &Run) -> RunHolders {
        RunHolders::in_folder(&runs_dir(&self.dir).join(&run.id))
    }

    /// A value that a run kept as JSON.
    ///
    /// # Errors
    /// When it isn't there or isn't what was written.
    pub fn json_of<T: DeserializeOwned>(&self, run: &Run, name: &str) -> Result<T, StoreError> {
        let path = runs_dir(&self.dir).join(&run.id).join(name);
        let text = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
        serde_json::from_slice(&text).map_err(StoreError::table(&path))
    }
}

pub(crate) fn manifest_path(dir: &Path) -> PathBuf {
    dir.join(MANIFEST)
}

pub(crate) fn staging_dir(dir: &Path) -> PathBuf {
    dir.join("staging")
}

pub(crate) fn imports_dir(dir: &Path) -> PathBuf {
    dir.join("imports")
}

pub(crate) fn runs_dir(dir: &Path) -> PathBuf {
    dir.join("runs")
}

/// The current state, from the log alone.
pub(crate) fn project(dir: &Path, db: &Db, keys: &Keys) -> Result<Manifest, StoreError> {
    let wrapped = log::data_keys(db)?;
    let mut opened: HashMap<String, cellsweep_proof::DataKey> = HashMap::new();
    let mut open = |entry: &cellsweep_proof::Entry, sealed: &cellsweep_proof::Sealed| {
        let Some(kept) = wrapped.get(sealed.key.as_str()) else { return Ok(None) };
        if !opened.contains_key(sealed.key.as_str()) {
            opened.insert(sealed.key.to_string(), keys.data_key(&sealed.key, kept)?);
        }
        events::open(entry, sealed, &opened[sealed.key.as_str()]).map(Some)
    };
    let entries = log::entries(db, LogKind::Custody)?;
    let logged = entries.iter().map(|bytes| events::decode(bytes, &mut open)).collect::<Result<Vec<_>, _>>()?;
    match logged.first().map(|first| &first.event) {
        Some(CaseEvent::Opened { kind, country, .. }) => {
            Ok(Manifest { format: FORMAT, kind: *kind, country: country.clone(), events: logged })
        }
        _ => Err(StoreError::NotACase { dir: dir.to_owned() }),
    }
}

/// A case of format 1: its manifest was its log.
pub(crate) fn read_old(dir: &Path) -> Result<Manifest, StoreError> {
    let path = manifest_path(dir);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Err(StoreError::NotACase { dir: dir.to_owned() });
        }
        Err(source) => return Err(StoreError::io("read", &path)(source)),
    };
    let damaged = |why: String| StoreError::DamagedManifest { path: path.clone(), why };
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(1) => serde_json::from_value(value).map_err(|error| damaged(error.to_string())),
        Some(_) => Err(damaged("case.json, which should lie beside it, is missing".to_owned())),
        None => Err(damaged("it does not say its format".to_owned())),
    }
}
