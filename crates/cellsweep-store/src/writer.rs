//! A case as its one writer sees it: staging, committing, clearing up.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cellsweep_model::case::{CaseEvent, CaseKind, Digest, Import, Kept, ProfileUse, Review, RowCounts, Run};
use cellsweep_model::persons::Persons;
use cellsweep_model::table::Table;
use cellsweep_proof::{Checkpoint, DataKey, Entry, LogKind, Ref, Sealed as SealedPart, Signer, rotation_data};
use cellsweep_vault::Keeping;

use crate::atomic::{digest_of_bytes, digest_of_file, replace};
use crate::case::{
    folder_keys, import_key, imports_dir, manifest_path, project, protected_key, read_old, run_key, runs_dir,
    staging_dir,
};
use crate::db::Db;
use crate::events::{self, Circumstances};
use crate::keys::{Keys, Unlock};
use crate::lock::WriteLock;
use crate::log::{self, KeyChanges};
use crate::moving;
use crate::original;
use crate::place::CasePlace;
use crate::staging::FolderLock;
use crate::{Case, Sealed, Staging, StoreError};

mod backup;
mod begin;
mod erase;
mod prove;

pub use backup::{Copied, copy_files, list_files, new_folders, restore};
use begin::clear_database;
pub use erase::Reduced;

/// A case open for writing, by this process alone.
#[derive(Debug)]
pub struct CaseWriter {
    case: Case,
    db: Db,
    keys: Keys,
    by: String,
    reason: Option<String>,
    _lock: WriteLock,
}

/// What people are shown is written when the writer is done; whoever is killed before leaves it
/// behind the log, and the next one catches up.
impl Drop for CaseWriter {
    fn drop(&mut self) {
        let begun = matches!(CasePlace::read(self.case.dir()), Ok(Some(_)));
        if begun && let Err(error) = self.show() {
            tracing::warn!(%error, "manifest.json could not be written; the log is whole");
        }
    }
}

/// Who opens a case.
#[derive(Debug, Clone)]
pub struct Caller<'a> {
    /// What others are told while they wait: "cellsweep import, process 4711".
    pub holder: &'a str,
    /// Who answers for what is logged, as entered.
    pub by: &'a str,
    /// Why, where it was said.
    pub reason: Option<&'a str>,
    /// How the case's key is had.
    pub unlock: &'a Unlock,
}

/// What the log keeps of an imported file.
#[derive(Debug, Clone)]
pub struct ImportFacts {
    /// Which table.
    pub table: Table,
    /// The file's name, without its folder.
    pub file: String,
    /// Of its bytes.
    pub digest: Digest,
    /// The authority that covers it; `None` in an exercise.
    pub authority: Option<String>,
    /// Rows read, kept and rejected.
    pub rows: RowCounts,
    /// Operators by first appearance.
    pub operators: Vec<String>,
    /// First and last record.
    pub window: Option<(i64, i64)>,
    /// The import profile that its columns were read by.
    pub profile: Option<ProfileUse>,
    /// Blank values by column.
    pub blanks: BTreeMap<String, u64>,
    /// Which category its persons are of, where somebody said so.
    pub persons: Option<Persons>,
}

/// What the log keeps of a run.
#[derive(Debug, Clone)]
pub struct RunFacts {
    /// Which step.
    pub step: String,
    /// cellsweep's version.
    pub version: String,
    /// Everything that steered it.
    pub settings: serde_json::Value,
    /// Imports that it read.
    pub inputs: Vec<String>,
}

impl CaseWriter {
    /// Opens a case for writing and clears away what a killed process left. A case of an older
    /// format is taken over, with a copy of what was there in `backup`.
    ///
    /// # Errors
    /// When there is none, it is damaged, locked or of a newer format, or somebody else writes to it.
    pub fn open(dir: &Path, caller: &Caller<'_>, now: jiff::Timestamp) -> Result<Self, StoreError> {
        // Before the lock, so that a folder which is no case isn't given one.
        if CasePlace::read(dir)?.is_none() {
            read_old(dir)?;
        }
        let lock = WriteLock::take(dir, caller.holder)?;
        let Some(place) = CasePlace::read(dir)? else { return Self::upgrade(dir, caller, lock, now) };
        let db = place.database(dir, false)?;
        // A move that was killed left its mark.
        log::stay(&db)?;
        let keys = Keys::open(&db, dir, caller.unlock)?;
        let case = Case::with(dir, project(dir, &db, &keys)?, folder_keys(&db, &keys)?);
        let writer = Self::with(case, db, keys, caller, lock);
        writer.clear_leftovers()?;
        writer.show()?;
        Ok(writer)
    }

    fn with(case: Case, db: Db, keys: Keys, caller: &Caller<'_>, lock: WriteLock) -> Self {
        let (by, reason) = (caller.by.to_owned(), caller.reason.map(str::to_owned));
        Self { case, db, keys, by, reason, _lock: lock }
    }

    /// The case as it stands.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// What signs the custody log, and what leaves the case beside it. A note says in its first line what it is, so
    /// that one can't pass for another.
    pub fn signer(&self) -> &Signer {
        self.keys.signer(LogKind::Custody)
    }

    /// A folder to work in.
    ///
    /// # Errors
    /// When it can't be created.
    pub fn stage(&self) -> Result<Staging, StoreError> {
        let kept = match self.case.kind() {
            CaseKind::Exercise => Kept::Plain,
            CaseKind::Investigation => Kept::Sealed,
        };
        Staging::new_in(&staging_dir(self.case.dir()), kept)
    }

    /// Makes a staged folder an import of the case.
    ///
    /// # Errors
    /// When it can't be moved or the manifest can't be replaced; the case is then as before.
    pub fn commit_import(
        &mut self,
        sealed: Sealed,
        facts: ImportFacts,
        now: jiff::Timestamp,
    ) -> Result<Import, StoreError> {
        let id = self.next_import(&facts);
        let name = format!("import/{id}").parse().map_err(StoreError::keys)?;
        let (key, wrapped) = self.keys.new_data_key(&name)?;
        self.commit_as(&id, sealed, facts, NewKey { name, key, wrapped }, now)
    }

    /// The same with the file itself under seal beside its rows, encrypted under the import's own key.
    ///
    /// # Errors
    /// As [`CaseWriter::commit_import`], and when the file can't be read or is not any more what the facts were read of.
    pub fn commit_import_with(
        &mut self,
        mut sealed: Sealed,
        facts: ImportFacts,
        original: &Path,
        now: jiff::Timestamp,
    ) -> Result<Import, StoreError> {
        let id = self.next_import(&facts);
        let name = format!("import/{id}").parse().map_err(StoreError::keys)?;
        let (key, wrapped) = self.keys.new_data_key(&name)?;
        let mut kept = None;
        sealed.add(original::FILE, &Keeping::Plain, |path| {
            kept = Some(original::seal(&key, original, path)?);
            Ok(())
        })?;
        if kept.as_ref() != Some(&facts.digest) {
            return Err(StoreError::Changed { path: original.to_owned() });
        }
        self.commit_as(&id, sealed, facts, NewKey { name, key, wrapped }, now)
    }

    fn commit_as(
        &mut self,
        id: &str,
        mut sealed: Sealed,
        facts: ImportFacts,
        key: NewKey,
        now: jiff::Timestamp,
    ) -> Result<Import, StoreError> {
        let protected = sealed.take_protected().unwrap_or(FolderLock::None);
        let (outputs, lock) = sealed.move_to(&imports_dir(self.case.dir()).join(id))?;
        let import = facts.into_import(id, outputs, lock.kept());
        let mut changes = self.keeping(import_key(id), &lock)?;
        changes.kept.extend(self.keeping(protected_key(id), &protected)?.kept);
        self.append_with(vec![(CaseEvent::Imported { import: import.clone() }, None)], vec![Some(key)], changes, now)?;
        self.learn(import_key(id), &lock);
        self.learn(protected_key(id), &protected);
        Ok(import)
    }

    /// Keeps a folder's key with the event that names the folder.
    fn keeping(&self, name: String, lock: &FolderLock) -> Result<KeyChanges, StoreError> {
        let mut changes = KeyChanges::default();
        if let FolderLock::Key(bytes) = lock {
            let wrapped = self.keys.wrap(&name.parse().map_err(StoreError::keys)?, DataKey::from_bytes(**bytes))?;
            changes.kept.push((name, wrapped));
        }
        Ok(changes)
    }

    fn learn(&mut self, name: String, lock: &FolderLock) {
        if let Keeping::Sealed(key) = lock.keeping() {
            self.case.add_key(name, key);
        }
    }

    fn next_import(&self, facts: &ImportFacts) -> String {
        let number = self.case.manifest().imports_ever() + 1;
        format!("{number:05}-{}-{}", facts.table.name(), start_of(&facts.digest))
    }

    /// Takes a sealed original out of the case. It takes two people and is logged first.
    ///
    /// # Errors
    /// When there is no such import, it kept no original, or that isn't what came in.
    pub fn open_original(
        &mut self,
        id: &str,
        out: &Path,
        by: Vec<String>,
        now: jiff::Timestamp,
    ) -> Result<Import, StoreError> {
        let import = self.case.manifest().imports().find(|import| import.id == id).cloned();
        let import = import.ok_or_else(|| StoreError::NoSuchImport { id: id.to_owned() })?;
        let path = imports_dir(self.case.dir()).join(import.folder()).join(original::FILE);
        if !import.files().contains_key(original::FILE) {
            return Err(StoreError::NoOriginal { id: id.to_owned() });
        }
        let name = format!("import/{id}").parse().map_err(StoreError::keys)?;
        let wrapped = log::data_keys(&self.db)?.remove(&format!("import/{id}"));
        let wrapped = wrapped.ok_or_else(|| StoreError::NoOriginal { id: id.to_owned() })?;
        let key = self.keys.data_key(&name, &wrapped)?;
        self.append(CaseEvent::OriginalOpened { import: id.to_owned(), by }, now)?;
        original::open(&key, &path, out)?;
        if digest_of_file(out)? == import.digest {
            return Ok(import);
        }
        Err(StoreError::Table { path, why: "what it holds is not the file that came in".to_owned() })
    }

    /// Makes a staged folder a run of the case.
    ///
    /// # Errors
    /// When it can't be moved or the manifest can't be replaced; the case is then as before.
    pub fn commit_run(&mut self, sealed: Sealed, facts: RunFacts, now: jiff::Timestamp) -> Result<Run, StoreError> {
        let number = self.case.manifest().runs_ever() + 1;
        let asked = serde_json::json!([facts.step, facts.version, facts.settings, facts.inputs]);
        let digest = digest_of_bytes(asked.to_string().as_bytes());
        let id = format!("{number:05}-{}-{}", facts.step, start_of(&digest));
        let (outputs, lock) = sealed.move_to(&runs_dir(self.case.dir()).join(&id))?;
        let RunFacts { step, version, settings, inputs } = facts;
        let changes = self.keeping(run_key(&id), &lock)?;
        let run = Run { id, step, version, settings, inputs, outputs, kept: lock.kept() };
        self.append_with(vec![(CaseEvent::Ran { run: run.clone() }, None)], vec![None], changes, now)?;
        self.learn(run_key(&run.id), &lock);
        Ok(run)
    }

    /// Adds a person's decision.
    ///
    /// # Errors
    /// When the manifest can't be replaced; the case is then as before.
    pub fn add_review(&mut self, review: Review, now: jiff::Timestamp) -> Result<(), StoreError> {
        self.append(CaseEvent::Reviewed { review }, now)
    }

    /// Adds something that happened and left no folder.
    ///
    /// # Errors
    /// When the manifest can't be replaced; the case is then as before.
    pub fn log(&mut self, event: CaseEvent, now: jiff::Timestamp) -> Result<(), StoreError> {
        self.append(event, now)
    }

    /// Moves the case's logs to a PostgreSQL database, or back into SQLite where `url` is `None`.
    /// They stay byte for byte what they were. `case.json` changes last: until then the case is
    /// where it was.
    ///
    /// # Errors
    /// When either database can't be used, or the new one holds this case already.
    pub fn move_to(&mut self, url: Option<&str>) -> Result<(), StoreError> {
        let dir = self.case.dir().to_owned();
        let Some(old) = CasePlace::read(&dir)? else { return Err(StoreError::NotACase { dir }) };
        let new = CasePlace { postgres: url.map(str::to_owned), ..old.clone() };
        if new == old {
            return Ok(());
        }
        if new.postgres.is_none() {
            clear_database(&dir)?;
        }
        let db = new.database(&dir, true)?;
        // Whoever has the old one open appends nothing to it from here on: what they note would be lost.
        log::leave(&self.db)?;
        if let Err(error) = self.moved(&db, &new) {
            if CasePlace::read(&dir)?.as_ref() == Some(&old) {
                log::stay(&self.db)?;
            }
            return Err(error);
        }
        let left = std::mem::replace(&mut self.db, db);
        left.remove(old.schema().as_deref())?;
        if old.postgres.is_none() { clear_database(&dir) } else { Ok(()) }
    }

    fn moved(&self, db: &Db, new: &CasePlace) -> Result<(), StoreError> {
        moving::copy(&self.db, db)?;
        let dir = self.case.dir();
        let path = dir.join(crate::place::FILE);
        replace(&path, &staging_dir(dir), &new.bytes().map_err(StoreError::table(&path))?)
    }

    /// Signs the custody log with a new key from now on: an entry signed under both hands over, so
    /// that whoever trusts the first key can follow. Gives the new verifier's key.
    ///
    /// # Errors
    /// When the log can't be written; the old key is then still in force.
    pub fn rotate_key(&mut self, now: jiff::Timestamp) -> Result<String, StoreError> {
        let (new, secrets) = self.keys.new_signer()?;
        let old = self.keys.signer(LogKind::Custody);
        let data = rotation_data(old.verifier(), new.verifier());
        let changes = KeyChanges { secrets, ..KeyChanges::default() };
        let mut make = |n: u64| events::encode_rotation(&data, &self.circumstances(n, now));
        let sign = |size, root| {
            let name = new.verifier().name().clone();
            let note = Checkpoint::new(name, size, root).sign(&[old, &new]).map_err(StoreError::keys)?;
            Ok(note.to_string().into_bytes())
        };
        log::append(&self.db, LogKind::Custody, 1, &mut make, &sign, &changes)?;
        let key = new.verifier().to_string();
        self.keys.sign_with(new);
        let manifest = project(self.case.dir(), &self.db, &self.keys)?;
        self.case.replace_manifest(manifest);
        Ok(key)
    }

    fn circumstances(&self, n: u64, now: jiff::Timestamp) -> Circumstances<'_> {
        Circumstances {
            n,
            received: now,
            occurred: None,
            by: &self.by,
            reason: self.reason.as_deref(),
            keys: &self.keys,
        }
    }

    /// Adds several things that happened at once: all of them or none.
    ///
    /// # Errors
    /// When the log can't be written; the case is then as before.
    pub fn log_all(
        &mut self,
        list: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        if list.is_empty() { Ok(()) } else { self.append_all(list, &[], now) }
    }

    /// Appends an event: the one moment at which the case changes.
    fn append(&mut self, event: CaseEvent, now: jiff::Timestamp) -> Result<(), StoreError> {
        self.append_all(vec![(event, None)], &[], now)
    }

    fn append_all(
        &mut self,
        list: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        destroyed: &[String],
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let mut keys = Vec::with_capacity(list.len());
        for (event, _) in &list {
            keys.push(match events::key_name(event)? {
                Some(name) => {
                    let (key, wrapped) = self.keys.new_data_key(&name)?;
                    Some(NewKey { name, key, wrapped })
                }
                None => None,
            });
        }
        let changes = KeyChanges { destroyed: destroyed.to_vec(), ..KeyChanges::default() };
        self.append_with(list, keys, changes, now)
    }

    /// Appends events whose personal parts are sealed under these keys, which are kept with them.
    fn append_with(
        &mut self,
        list: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        keys: Vec<Option<NewKey>>,
        mut changes: KeyChanges,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let mut sealing = Vec::with_capacity(list.len());
        for new in keys {
            sealing.push(new.map(|NewKey { name, key, wrapped }| {
                changes.kept.push((name.to_string(), wrapped));
                (name, key)
            }));
        }
        let mut made: Vec<Vec<u8>> = Vec::with_capacity(list.len());
        let mut make = |n: u64| {
            let (event, occurred) = &list[made.len()];
            let circumstances = Circumstances { occurred: *occurred, ..self.circumstances(n, now) };
            let bytes = events::encode(event, &circumstances, sealing[made.len()].as_ref())?;
            made.push(bytes.clone());
            Ok(bytes)
        };
        let sign = |size, root| self.keys.checkpoint(LogKind::Custody, size, root);
        log::append(&self.db, LogKind::Custody, list.len() as u64, &mut make, &sign, &changes)?;
        // As it will be read back, to the microsecond.
        for (bytes, key) in made.iter().zip(&sealing) {
            let mut open = |entry: &Entry, sealed: &SealedPart| match key {
                Some((_, key)) => events::open(entry, sealed, key).map(Some),
                None => Ok(None),
            };
            self.case.add(events::decode(bytes, &mut open)?);
        }
        Ok(())
    }

    /// Writes what the log comes to where people can read it, without people's data. Nothing reads
    /// it back: it can be thrown away.
    fn show(&self) -> Result<(), StoreError> {
        let path = manifest_path(self.case.dir());
        let text = events::shown(self.case.manifest()).map_err(StoreError::table(&path))?;
        if fs::read(&path).is_ok_and(|known| known == text) {
            return Ok(());
        }
        replace(&path, &staging_dir(self.case.dir()), &text)
    }
}

/// A data key that is kept with the event that it seals.
struct NewKey {
    name: Ref,
    key: DataKey,
    wrapped: Vec<u8>,
}

impl ImportFacts {
    fn into_import(self, id: &str, outputs: BTreeMap<String, Digest>, kept: Kept) -> Import {
        let Self { table, file, digest, authority, rows, operators, window, profile, blanks, persons } = self;
        let id = id.to_owned();
        Import {
            id,
            table,
            file,
            digest,
            authority,
            rows,
            operators,
            window,
            profile,
            blanks,
            outputs,
            kept,
            persons,
            left: None,
        }
    }
}

/// Enough of a digest to tell files apart at a glance.
fn start_of(digest: &Digest) -> &str {
    digest.0.get(..8).unwrap_or(&digest.0)
}
