//! Work under way: a folder that becomes part of the case whole, or never.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow::array::RecordBatch;
use cellsweep_model::case::{Digest, Kept};
use cellsweep_model::{Device, Holder, Place, Segment};
use cellsweep_vault::{FileKey, Keeping};
use serde::Serialize;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::atomic::{create_private_dir, digest_of_kept, files_under, sync_dir};
use crate::case::{PROTECTED, TABLE};
use crate::keys::random;
use crate::{Folder, Quarantine, StoreError, devices, holders, original, table};

/// Names that stand where numbers should, with their codes: its name in an import's folder.
pub const PEER_NAMES: &str = "peer_names.csv";

/// A folder in the case's `staging`; dropped unsealed, it vanishes.
#[derive(Debug)]
pub struct Staging {
    dir: TempDir,
    lock: FolderLock,
    protected: OnceLock<FolderLock>,
}

/// How a folder's files are kept, with the key that the case's log is to keep of it.
pub(crate) enum FolderLock {
    /// As they are.
    None,
    /// Sealed under this key.
    Key(Zeroizing<[u8; 32]>),
}

impl fmt::Debug for FolderLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if matches!(self, Self::None) { "None" } else { "Key(…)" })
    }
}

impl FolderLock {
    pub(crate) fn new(kept: Kept) -> Result<Self, StoreError> {
        match kept {
            Kept::Plain => Ok(Self::None),
            Kept::Sealed => random().map(|bytes| Self::Key(Zeroizing::new(bytes))),
        }
    }

    pub(crate) fn kept(&self) -> Kept {
        match self {
            Self::None => Kept::Plain,
            Self::Key(_) => Kept::Sealed,
        }
    }

    pub(crate) fn keeping(&self) -> Keeping {
        match self {
            Self::None => Keeping::Plain,
            Self::Key(bytes) => Keeping::Sealed(FileKey::from_bytes(**bytes)),
        }
    }
}

impl Staging {
    pub(crate) fn new_in(staging: &Path, kept: Kept) -> Result<Self, StoreError> {
        let dir =
            tempfile::Builder::new().tempdir_in(staging).map_err(StoreError::io("create a folder in", staging))?;
        Ok(Self { dir, lock: FolderLock::new(kept)?, protected: OnceLock::new() })
    }

    /// How its files are to be kept.
    pub fn keeping(&self) -> Keeping {
        self.lock.keeping()
    }

    /// Keeps a file; its name may have folders before it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path().join(name);
        path.parent().map_or(Ok(()), create_private_dir)?;
        self.keeping().write(&path, bytes).map_err(StoreError::io("write", &path))
    }

    /// Where the work goes.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Takes over a folder's files, but for those that `skip` names by how their names begin.
    ///
    /// # Errors
    /// When one can't be read or written.
    pub fn take_over(&self, folder: &Folder, skip: &[&str]) -> Result<(), StoreError> {
        let keeping = self.keeping();
        for path in files_under(folder.dir())? {
            let name = relative(folder.dir(), &path);
            if skip.iter().any(|start| name.starts_with(start)) {
                continue;
            }
            let from = original::keeping_of(&name, folder.keeping());
            let source = from.open(&path).map_err(StoreError::io("read", &path))?;
            let target = self.path().join(&name);
            target.parent().map_or(Ok(()), create_private_dir)?;
            let to = original::keeping_of(&name, &keeping);
            let copied = to.create(&target).and_then(|mut sink| {
                // An operator's file may be larger than memory.
                std::io::copy(&mut source.stream(), &mut sink)?;
                sink.finish()
            });
            copied.map_err(StoreError::io("copy into", &target))?;
        }
        Ok(())
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
        Quarantine::new(self.path(), &self.keeping(), file_name)
    }

    /// Keeps a small table.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_table(&self, batch: &RecordBatch) -> Result<(), StoreError> {
        table::write(&self.keeping(), &self.path().join(TABLE), batch)
    }

    /// Keeps rows of a small table under a seal of their own, whatever the case.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_protected(&self, batch: &RecordBatch) -> Result<(), StoreError> {
        let lock = FolderLock::new(Kept::Sealed)?;
        table::write(&lock.keeping(), &self.path().join(PROTECTED), batch)?;
        // Once a table: the first lock stays.
        let _ = self.protected.set(lock);
        Ok(())
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
        let path = self.path().join(PEER_NAMES);
        let sorted: BTreeMap<i64, &String> = names.iter().map(|(code, name)| (*code, name)).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["code", "name"]).map_err(StoreError::table(&path))?;
        for (code, name) in sorted {
            writer.write_record([&code.to_string(), name]).map_err(StoreError::table(&path))?;
        }
        let bytes = writer.into_inner().map_err(|error| StoreError::io("write", &path)(error.into_error()))?;
        self.write(PEER_NAMES, &bytes)
    }

    /// Keeps a run's devices with their findings.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_devices(&self, list: &[Device]) -> Result<(), StoreError> {
        devices::write(&self.keeping(), &self.path().join(devices::FILE), list)
    }

    /// Keeps a run's holders with their findings, its places, and its segments of use.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write_holders(&self, list: &[Holder], cells: &[Place], segments: &[Segment]) -> Result<(), StoreError> {
        holders::write_holders(&self.keeping(), &self.path().join(holders::HOLDERS), list)?;
        holders::write_places(&self.keeping(), &self.path().join(holders::PLACES), cells)?;
        holders::write_segments(&self.keeping(), &self.path().join(holders::SEGMENTS), segments)
    }

    /// Keeps a value as JSON.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let path = self.path().join(name);
        let mut text = serde_json::to_vec_pretty(value).map_err(StoreError::table(&path))?;
        text.push(b'\n');
        self.write(name, &text)
    }

    /// Flushes every file to disk and takes its digest: what is left of the work is the commit.
    ///
    /// # Errors
    /// When a file can't be read back or flushed.
    pub fn seal(self) -> Result<Sealed, StoreError> {
        let (mut digests, keeping) = (BTreeMap::new(), self.keeping());
        for path in files_under(self.path())? {
            File::open(&path).and_then(|file| file.sync_all()).map_err(StoreError::io("flush", &path))?;
            let name = relative(self.path(), &path);
            let digest = digest_of_kept(original::keeping_of(&name, &keeping), &path)?;
            digests.insert(name, digest);
            path.parent().map_or(Ok(()), sync_dir)?;
        }
        sync_dir(self.path())?;
        Ok(Sealed { dir: self.dir, lock: self.lock, protected: self.protected.into_inner(), digests })
    }
}

/// A staged folder whose bytes are on disk.
#[derive(Debug)]
pub struct Sealed {
    dir: TempDir,
    lock: FolderLock,
    protected: Option<FolderLock>,
    digests: BTreeMap<String, Digest>,
}

impl Sealed {
    /// Adds a file that `write` makes, flushed, with its digest.
    pub(crate) fn add(
        &mut self,
        name: &str,
        keeping: &Keeping,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path = self.dir.path().join(name);
        write(&path)?;
        sync_dir(self.dir.path())?;
        self.digests.insert(name.to_owned(), digest_of_kept(keeping, &path)?);
        Ok(())
    }

    /// What its protected rows are sealed under, where it has any.
    pub(crate) fn take_protected(&mut self) -> Option<FolderLock> {
        self.protected.take()
    }

    /// Every file's digest, by relative path.
    pub fn digests(&self) -> &BTreeMap<String, Digest> {
        &self.digests
    }

    /// Moves the folder to its place in the case. What is left of it is its files' digests and its key.
    pub(crate) fn move_to(self, target: &Path) -> Result<(BTreeMap<String, Digest>, FolderLock), StoreError> {
        std::fs::rename(self.dir.path(), target).map_err(StoreError::io("move a staged folder to", target))?;
        // It has moved: there is nothing left to clear away.
        let _ = self.dir.keep();
        target.parent().map_or(Ok(()), sync_dir)?;
        Ok((self.digests, self.lock))
    }
}

/// A path within the folder, with `/` whatever the system, so that digests are the same anywhere.
pub(crate) fn relative(dir: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(dir).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
