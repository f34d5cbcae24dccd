//! A case as readers see it: its manifest, and its tables and runs by what the manifest names.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use cellsweep_model::case::{CaseKind, Digest, Import, Manifest, Run};
use cellsweep_model::table::Table;
use serde::de::DeserializeOwned;

use crate::{RunDevices, RunHolders, StoreError, table};

/// The version of the case's layout that this version writes.
pub const FORMAT: u32 = 1;

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
    /// When there is none, or it is damaged or of a newer format.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self { dir: dir.to_owned(), manifest: read_manifest(dir)? })
    }

    /// Whether a case lies there, readable or not.
    pub fn is_one(dir: &Path) -> bool {
        manifest_path(dir).exists()
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

    pub(crate) fn replace_manifest(&mut self, manifest: Manifest) {
        self.manifest = manifest;
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

fn read_manifest(dir: &Path) -> Result<Manifest, StoreError> {
    let path = manifest_path(dir);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Err(StoreError::NotACase { dir: dir.to_owned() });
        }
        Err(source) => return Err(StoreError::io("read", &path)(source)),
    };
    let damaged = |error: serde_json::Error| StoreError::DamagedManifest { path: path.clone(), why: error.to_string() };
    // The version is looked at by itself: a newer format may have fields that don't parse here.
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(damaged)?;
    let found = value.get("format").and_then(serde_json::Value::as_u64);
    match found {
        Some(found) if found > u64::from(FORMAT) => {
            Err(StoreError::NewerFormat { dir: dir.to_owned(), found, supported: FORMAT })
        }
        Some(_) => serde_json::from_value(value).map_err(damaged),
        None => Err(StoreError::DamagedManifest { path, why: "it does not say its format".to_owned() }),
    }
}
