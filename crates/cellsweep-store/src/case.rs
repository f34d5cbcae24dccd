//! A case as readers see it: its manifest, and its tables and runs by what the manifest names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use cellsweep_model::case::{CaseEvent, CaseKind, Digest, Import, Kept, LoggedEvent, Manifest, Run};
use cellsweep_model::table::Table;
use cellsweep_proof::{LogKind, Ref};
use cellsweep_vault::{FileKey, Keeping};
use serde::de::DeserializeOwned;

use crate::db::Db;
use crate::keys::{Keys, Unlock};
use crate::place::CasePlace;
use crate::{Folder, RunDevices, RunHolders, StoreError, events, log, table};

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
    keys: FolderKeys,
}

/// The keys of the folders that are sealed, by the names that the database keeps them under.
pub(crate) type FolderKeys = HashMap<String, FileKey>;

impl Case {
    /// Opens a case for reading.
    ///
    /// # Errors
    /// When there is none, it is damaged, locked or of a newer format.
    pub fn open(dir: &Path, unlock: &Unlock) -> Result<Self, StoreError> {
        let Some(place) = CasePlace::read(dir)? else {
            return Ok(Self::with(dir, read_old(dir)?, FolderKeys::new()));
        };
        let db = place.database(dir, false)?;
        let keys = Keys::open(&db, dir, unlock)?;
        Ok(Self::with(dir, project(dir, &db, &keys)?, folder_keys(&db, &keys)?))
    }

    /// Whether a case lies there, readable or not.
    pub fn is_one(dir: &Path) -> bool {
        dir.join(crate::place::FILE).exists() || manifest_path(dir).exists()
    }

    pub(crate) fn with(dir: &Path, manifest: Manifest, keys: FolderKeys) -> Self {
        Self { dir: dir.to_owned(), manifest, keys }
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What happened in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Knows a folder's key from now on.
    pub(crate) fn add_key(&mut self, name: String, key: FileKey) {
        self.keys.insert(name, key);
    }

    pub(crate) fn add(&mut self, event: LoggedEvent) {
        self.manifest.add(event);
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
        Self { dir: self.dir.clone(), manifest, keys: self.keys.clone() }
    }

    /// Exercise or investigation.
    pub fn kind(&self) -> CaseKind {
        self.manifest.kind
    }

    /// The import that brought in these very bytes, if one did.
    pub fn import_of(&self, table: Table, digest: &Digest) -> Option<&Import> {
        self.manifest.imports().find(|import| import.table == table && import.digest == *digest)
    }

    /// The imports of a table that may be used, in order: those that are restricted are left out.
    pub fn imports_of(&self, table: Table) -> impl Iterator<Item = &Import> {
        let restricted = self.manifest.restricted();
        let may_be_used = move |import: &&Import| import.table == table && !restricted.contains(import.id.as_str());
        self.manifest.imports().filter(may_be_used)
    }

    /// Where the engine finds an import's records.
    ///
    /// # Errors
    /// As [`Case::import_folder`].
    pub fn records_folder(&self, import: &Import) -> Result<Folder, StoreError> {
        let folder = self.import_folder(import)?;
        Ok(Folder::new(folder.dir().join("records"), folder.keeping().clone()))
    }

    /// An import's folder.
    ///
    /// # Errors
    /// When its key is gone.
    pub fn import_folder(&self, import: &Import) -> Result<Folder, StoreError> {
        self.folder(imports_dir(&self.dir).join(import.folder()), import.kept, &import_key(&import.folder()))
    }

    /// A run's folder.
    ///
    /// # Errors
    /// When its key is gone.
    pub fn run_folder(&self, run: &Run) -> Result<Folder, StoreError> {
        self.folder(runs_dir(&self.dir).join(&run.id), run.kept, &run_key(&run.id))
    }

    fn folder(&self, dir: PathBuf, kept: Kept, key: &str) -> Result<Folder, StoreError> {
        let keeping = match kept {
            Kept::Plain => Keeping::Plain,
            Kept::Sealed => match self.keys.get(key) {
                Some(key) => Keeping::Sealed(key.clone()),
                None => return Err(StoreError::Keys { why: format!("the key of {} is gone", dir.display()) }),
            },
        };
        Ok(Folder::new(dir, keeping))
    }

    /// A small table: the imports' rows one after another. Rows that are the same count once; of events that may look
    /// alike ([`Table::alike`]), as often as in the one import that has most of them.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn table(&self, table: Table) -> Result<Vec<RecordBatch>, StoreError> {
        Ok(self.table_by_import(table)?.into_iter().flat_map(|(_, batches)| batches).collect())
    }

    /// The same, with the import that each row counts for.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn table_by_import(&self, table: Table) -> Result<Vec<(&Import, Vec<RecordBatch>)>, StoreError> {
        let imports: Vec<&Import> = self.imports_of(table).collect();
        let read = imports.iter().map(|import| self.table_of(import)).collect::<Result<Vec<_>, _>>()?;
        Ok(imports.into_iter().zip(table::without_repeats(&self.dir, table, read)?).collect())
    }

    /// The rows that one import of a small table brought.
    ///
    /// # Errors
    /// When its file can't be read.
    pub fn table_of(&self, import: &Import) -> Result<Vec<RecordBatch>, StoreError> {
        let folder = self.import_folder(import)?;
        table::read(folder.keeping(), &folder.dir().join(TABLE))
    }

    /// The rows of a table that were sealed when they came in, for the one thing that they may be used for: that
    /// nothing is said of whom they protect.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn protected(&self, table: Table) -> Result<Vec<RecordBatch>, StoreError> {
        let mut batches = Vec::new();
        for import in self.imports_of(table) {
            batches.extend(self.protected_of(import)?);
        }
        Ok(batches)
    }

    /// Those of one import; it has none where its table had none.
    ///
    /// # Errors
    /// When its file can't be read.
    pub fn protected_of(&self, import: &Import) -> Result<Vec<RecordBatch>, StoreError> {
        if !import.files().contains_key(PROTECTED) {
            return Ok(Vec::new());
        }
        let dir = imports_dir(&self.dir).join(import.folder());
        let folder = self.folder(dir, Kept::Sealed, &protected_key(&import.folder()))?;
        table::read(folder.keeping(), &folder.dir().join(PROTECTED))
    }

    /// The latest run of a step.
    pub fn latest_run(&self, step: &str) -> Option<&Run> {
        self.manifest.runs().filter(|run| run.step == step).last()
    }

    /// A run's devices.
    ///
    /// # Errors
    /// As [`Case::run_folder`].
    pub fn devices_of(&self, run: &Run) -> Result<RunDevices, StoreError> {
        self.run_folder(run).map(RunDevices::in_folder)
    }

    /// A run's holders and places.
    ///
    /// # Errors
    /// As [`Case::run_folder`].
    pub fn holders_of(&self, run: &Run) -> Result<RunHolders, StoreError> {
        self.run_folder(run).map(RunHolders::in_folder)
    }

    /// A value that a run kept as JSON.
    ///
    /// # Errors
    /// When it isn't there or isn't what was written.
    pub fn json_of<T: DeserializeOwned>(&self, run: &Run, name: &str) -> Result<T, StoreError> {
        let folder = self.run_folder(run)?;
        serde_json::from_slice(&folder.read(name)?).map_err(StoreError::table(&folder.dir().join(name)))
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

/// A small table's file.
pub const TABLE: &str = "table.parquet";
/// What was sealed when the table came in.
pub const PROTECTED: &str = "protected.sealed";

/// What an import's protected rows are sealed under, in every case.
pub(crate) fn protected_key(folder: &str) -> String {
    format!("protected/{folder}")
}

/// What an import's files are sealed under; what the log itself says of it, and its original, are under `import/…`.
pub(crate) fn import_key(folder: &str) -> String {
    format!("import-files/{folder}")
}

/// What a run's files are sealed under.
pub(crate) fn run_key(id: &str) -> String {
    format!("run-files/{id}")
}

/// The keys of all folders that are sealed.
pub(crate) fn folder_keys(db: &Db, keys: &Keys) -> Result<FolderKeys, StoreError> {
    let mut opened = FolderKeys::new();
    for (name, wrapped) in log::data_keys(db)? {
        if ["import-files/", "run-files/", "protected/"].iter().any(|kind| name.starts_with(kind)) {
            let reference: Ref = name.parse().map_err(StoreError::keys)?;
            opened.insert(name, FileKey::from_bytes(*keys.data_key(&reference, &wrapped)?.bytes()));
        }
    }
    Ok(opened)
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
    let Some(CaseEvent::Opened { kind, country, .. }) = logged.first().map(|first| &first.event) else {
        return Err(StoreError::NotACase { dir: dir.to_owned() });
    };
    let mut manifest = Manifest { format: FORMAT, kind: *kind, country: country.clone(), events: Vec::new() };
    logged.into_iter().for_each(|event| manifest.add(event));
    Ok(manifest)
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
