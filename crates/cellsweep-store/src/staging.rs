//! Work under way: a folder that becomes part of the case whole, or never.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use cellsweep_model::case::Digest;
use cellsweep_model::{Device, Holder, Place};
use serde::Serialize;
use tempfile::TempDir;

use crate::atomic::{create_private_dir, digest_of_file, files_under, sync_dir};
use crate::{Quarantine, StoreError, devices, holders, table};

/// A folder in the case's `staging`; dropped unsealed, it vanishes.
#[derive(Debug)]
pub struct Staging {
    dir: TempDir,
}

impl Staging {
    pub(crate) fn new_in(staging: &Path) -> Result<Self, StoreError> {
        let dir =
            tempfile::Builder::new().tempdir_in(staging).map_err(StoreError::io("create a folder in", staging))?;
        Ok(Self { dir })
    }

    /// Where the work goes; also good as room to spill.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The folder that the engine fills with canonical records.
    ///
    /// # Errors
    /// When it can't be created.
    pub fn records_dir(&self) -> Result<PathBuf, StoreError> {
        let dir = self.path().join("records");
        create_private_dir(&dir)?;
        Ok(dir)
    }

    /// The file of rejected rows.
    pub fn quarantine(&self, file_name: &str) -> Quarantine {
        Quarantine::new(self.path(), file_name)
    }

    /// Keeps a small table.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_table(&self, batch: &RecordBatch) -> Result<(), StoreError> {
        table::write(&self.path().join("table.parquet"), batch)
    }

    /// Keeps the names that stand where numbers should, with the codes that the canonical columns
    /// hold for them; none leaves no file.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_peer_names(&self, names: &[(i64, String)]) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let path = self.path().join("peer_names.csv");
        let sorted: BTreeMap<i64, &String> = names.iter().map(|(code, name)| (*code, name)).collect();
        let mut writer = csv::Writer::from_path(&path).map_err(StoreError::table(&path))?;
        writer.write_record(["code", "name"]).map_err(StoreError::table(&path))?;
        for (code, name) in sorted {
            writer.write_record([&code.to_string(), name]).map_err(StoreError::table(&path))?;
        }
        writer.flush().map_err(StoreError::io("write", &path))
    }

    /// Keeps a run's devices with their findings.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_devices(&self, list: &[Device]) -> Result<(), StoreError> {
        devices::write(&self.path().join(devices::FILE), list)
    }

    /// Keeps a run's holders with their findings, and its places.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_holders(&self, list: &[Holder], cells: &[Place]) -> Result<(), StoreError> {
        holders::write_holders(&self.path().join(holders::HOLDERS), list)?;
        holders::write_places(&self.path().join(holders::PLACES), cells)
    }

    /// Keeps a value as JSON.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let path = self.path().join(name);
        let mut text = serde_json::to_vec_pretty(value).map_err(StoreError::table(&path))?;
        text.push(b'\n');
        std::fs::write(&path, text).map_err(StoreError::io("write", &path))
    }

    /// Flushes every file to disk and takes its digest: what is left of the work is the commit.
    ///
    /// # Errors
    /// When a file can't be read back or flushed.
    pub fn seal(self) -> Result<Sealed, StoreError> {
        let mut digests = BTreeMap::new();
        for path in files_under(self.path())? {
            File::open(&path).and_then(|file| file.sync_all()).map_err(StoreError::io("flush", &path))?;
            digests.insert(relative(self.path(), &path), digest_of_file(&path)?);
            path.parent().map_or(Ok(()), sync_dir)?;
        }
        sync_dir(self.path())?;
        Ok(Sealed { dir: self.dir, digests })
    }
}

/// A staged folder whose bytes are on disk.
#[derive(Debug)]
pub struct Sealed {
    dir: TempDir,
    digests: BTreeMap<String, Digest>,
}

impl Sealed {
    /// Adds a file that `write` makes, flushed, with its digest.
    pub(crate) fn add(
        &mut self,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path = self.dir.path().join(name);
        write(&path)?;
        sync_dir(self.dir.path())?;
        self.digests.insert(name.to_owned(), digest_of_file(&path)?);
        Ok(())
    }

    /// Every file's digest, by relative path.
    pub fn digests(&self) -> &BTreeMap<String, Digest> {
        &self.digests
    }

    /// Moves the folder to its place in the case.
    pub(crate) fn move_to(self, target: &Path) -> Result<BTreeMap<String, Digest>, StoreError> {
        std::fs::rename(self.dir.path(), target).map_err(StoreError::io("move a staged folder to", target))?;
        // It has moved: there is nothing left to clear away.
        let _ = self.dir.keep();
        target.parent().map_or(Ok(()), sync_dir)?;
        Ok(self.digests)
    }
}

/// A path within the folder, with `/` whatever the system, so that digests are the same anywhere.
pub(crate) fn relative(dir: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(dir).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
