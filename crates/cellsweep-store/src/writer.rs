//! A case as its one writer sees it: staging, committing, clearing up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cellsweep_model::CountryProfile;
use cellsweep_model::case::{CaseEvent, CaseKind, Digest, Import, Manifest, ProfileUse, Review, RowCounts, Run};
use cellsweep_model::table::Table;
use cellsweep_proof::{Checkpoint, DataKey, Entry, LogKind, Ref, Sealed as SealedPart, rotation_data};

use crate::atomic::{create_private_dir, digest_of_bytes, digest_of_file, entries, replace, sync_dir};
use crate::case::{imports_dir, manifest_path, project, read_old, runs_dir, staging_dir};
use crate::db::Db;
use crate::events::{self, Circumstances};
use crate::keys::{IN_CASE, Keys, Unlock, random};
use crate::lock::WriteLock;
use crate::log::{self, KeyChanges};
use crate::moving;
use crate::original;
use crate::place::{CasePlace, SQLITE};
use crate::{Case, FORMAT, Sealed, Staging, StoreError};

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
    /// Begins a case in a folder that is empty or doesn't exist.
    ///
    /// # Errors
    /// When something lies there, or it can't be written.
    pub fn create(dir: &Path, kind: CaseKind, caller: &Caller<'_>, now: jiff::Timestamp) -> Result<Self, StoreError> {
        create_private_dir(dir)?;
        if !may_begin_in(dir)? {
            return Err(StoreError::NotEmpty { dir: dir.to_owned() });
        }
        let lock = WriteLock::take(dir, caller.holder)?;
        clear_unbegun(dir)?;
        for folder in [staging_dir(dir), imports_dir(dir), runs_dir(dir)] {
            create_private_dir(&folder)?;
        }
        let case = format!("{:016x}", u64::from_be_bytes(random()?));
        let opened = CaseEvent::Opened { kind, country: CountryProfile::default(), case: case.clone() };
        Self::begin(dir, case, vec![(opened, None)], caller, lock, now)
    }

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
        let keys = Keys::open(&db, dir, caller.unlock)?;
        let case = Case::with(dir, project(dir, &db, &keys)?);
        let writer = Self::with(case, db, keys, caller, lock);
        writer.clear_leftovers()?;
        writer.show()?;
        Ok(writer)
    }

    fn with(case: Case, db: Db, keys: Keys, caller: &Caller<'_>, lock: WriteLock) -> Self {
        let (by, reason) = (caller.by.to_owned(), caller.reason.map(str::to_owned));
        Self { case, db, keys, by, reason, _lock: lock }
    }

    /// Makes the log with its first events. `case.json` is written last: until then there is no case.
    fn begin(
        dir: &Path,
        name: String,
        first: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        caller: &Caller<'_>,
        lock: WriteLock,
        now: jiff::Timestamp,
    ) -> Result<Self, StoreError> {
        let place = CasePlace { format: FORMAT, case: name, postgres: None };
        let db = place.database(dir, true)?;
        let keys = Keys::create(&db, dir, &place.case, caller.unlock)?;
        let empty = Manifest {
            format: FORMAT,
            kind: CaseKind::Exercise,
            country: CountryProfile::default(),
            events: Vec::new(),
        };
        let mut writer = Self::with(Case::with(dir, empty), db, keys, caller, lock);
        writer.append_all(first, &[], now)?;
        let manifest = project(dir, &writer.db, &writer.keys)?;
        writer.case.replace_manifest(manifest);
        let path = dir.join(crate::place::FILE);
        replace(&path, &staging_dir(dir), &place.bytes().map_err(StoreError::table(&path))?)?;
        writer.show()?;
        Ok(writer)
    }

    /// Takes a case of format 1 over.
    fn upgrade(dir: &Path, caller: &Caller<'_>, lock: WriteLock, now: jiff::Timestamp) -> Result<Self, StoreError> {
        let old = read_old(dir)?;
        let path = manifest_path(dir);
        let bytes = fs::read(&path).map_err(StoreError::io("read", &path))?;
        let backup = dir.join("backup");
        create_private_dir(&backup)?;
        create_private_dir(&staging_dir(dir))?;
        replace(&backup.join("manifest-format-1.json"), &staging_dir(dir), &bytes)?;
        clear_unbegun(dir)?;
        let case = format!("{:016x}", u64::from_be_bytes(random()?));
        let opened = CaseEvent::Opened { kind: old.kind, country: old.country.clone(), case: case.clone() };
        let upgraded = CaseEvent::Upgraded { from: old.format, manifest: digest_of_bytes(&bytes) };
        let mut first = vec![(opened, old.events.first().map(|event| event.time)), (upgraded, None)];
        let rest = old.events.into_iter().filter(|logged| !matches!(logged.event, CaseEvent::Opened { .. }));
        first.extend(rest.map(|logged| (logged.event, Some(logged.time))));
        Self::begin(dir, case, first, caller, lock, now)
    }

    /// The case as it stands.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// A folder to work in.
    ///
    /// # Errors
    /// When it can't be created.
    pub fn stage(&self) -> Result<Staging, StoreError> {
        Staging::new_in(&staging_dir(self.case.dir()))
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
        let import = place(&self.next_import(&facts), sealed, facts, self.case.dir())?;
        self.append(CaseEvent::Imported { import: import.clone() }, now)?;
        Ok(import)
    }

    /// The same with the file itself under seal beside its rows, encrypted under the import's own key.
    ///
    /// # Errors
    /// As [`CaseWriter::commit_import`], and when the file can't be read.
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
        sealed.add(original::FILE, |path| original::seal(&key, original, path))?;
        let import = place(&id, sealed, facts, self.case.dir())?;
        let event = CaseEvent::Imported { import: import.clone() };
        self.append_with(vec![(event, None)], vec![Some(NewKey { name, key, wrapped })], &[], now)?;
        Ok(import)
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
        let path = self.case.import_dir(&import).join(original::FILE);
        if !import.outputs.contains_key(original::FILE) {
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
        let outputs = sealed.move_to(&runs_dir(self.case.dir()).join(&id))?;
        let RunFacts { step, version, settings, inputs } = facts;
        let run = Run { id, step, version, settings, inputs, outputs };
        self.append(CaseEvent::Ran { run: run.clone() }, now)?;
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
        moving::copy(&self.db, &db)?;
        let path = dir.join(crate::place::FILE);
        replace(&path, &staging_dir(&dir), &new.bytes().map_err(StoreError::table(&path))?)?;
        let left = std::mem::replace(&mut self.db, db);
        left.remove(old.schema().as_deref())?;
        if old.postgres.is_none() { clear_database(&dir) } else { Ok(()) }
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
        Circumstances { n, received: now, occurred: None, by: &self.by, reason: self.reason.as_deref() }
    }

    /// Destroys the keys of imports and removes their files and every run that rested on them.
    ///
    /// # Errors
    /// When there is no such import, or the log can't be written; nothing is then erased.
    pub fn erase_imports(
        &mut self,
        imports: Vec<String>,
        by: Vec<String>,
        now: jiff::Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let manifest = self.case.manifest();
        if let Some(id) = imports.iter().find(|id| !manifest.imports().any(|import| import.id == **id)) {
            return Err(StoreError::NoSuchImport { id: id.clone() });
        }
        let runs = resting_on(manifest, &imports);
        let destroyed: Vec<String> = imports.iter().map(|id| format!("import/{id}")).collect();
        self.append_all(vec![(CaseEvent::Erased { imports, runs: runs.clone(), by }, None)], &destroyed, now)?;
        self.clear_leftovers()?;
        Ok(runs)
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
        self.append_with(list, keys, destroyed, now)
    }

    /// Appends events whose personal parts are sealed under these keys, which are kept with them.
    fn append_with(
        &mut self,
        list: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        keys: Vec<Option<NewKey>>,
        destroyed: &[String],
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let mut changes = KeyChanges { destroyed: destroyed.to_vec(), ..KeyChanges::default() };
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

    /// Removes staged work, and folders that were moved to their place but never named.
    fn clear_leftovers(&self) -> Result<(), StoreError> {
        let dir = self.case.dir();
        let manifest = self.case.manifest();
        let imports = manifest.imports().map(|import| import.id.as_str()).collect();
        let runs = manifest.runs().map(|run| run.id.as_str()).collect();
        clear(&staging_dir(dir), &BTreeSet::new())?;
        clear(&imports_dir(dir), &imports)?;
        clear(&runs_dir(dir), &runs)
    }
}

/// A data key that is kept with the event that it seals.
struct NewKey {
    name: Ref,
    key: DataKey,
    wrapped: Vec<u8>,
}

/// Moves a staged folder to its place as an import.
fn place(id: &str, sealed: Sealed, facts: ImportFacts, dir: &Path) -> Result<Import, StoreError> {
    let outputs = sealed.move_to(&imports_dir(dir).join(id))?;
    let ImportFacts { table, file, digest, authority, rows, operators, window, profile, blanks } = facts;
    let id = id.to_owned();
    Ok(Import { id, table, file, digest, authority, rows, operators, window, profile, blanks, outputs })
}

/// Enough of a digest to tell files apart at a glance.
fn start_of(digest: &Digest) -> &str {
    digest.0.get(..8).unwrap_or(&digest.0)
}

/// The runs that rest on imports: they read one, or came after one that did.
fn resting_on(manifest: &Manifest, imports: &[String]) -> Vec<String> {
    let mut tainted = false;
    let resting = manifest.runs().filter(|run| {
        tainted |= run.inputs.iter().any(|input| imports.contains(input));
        tainted
    });
    resting.map(|run| run.id.clone()).collect()
}

/// What a killed `create` may have left.
const UNBEGUN: [&str; 6] =
    [SQLITE, "case.sqlite-wal", "case.sqlite-shm", "case.sqlite.sha256", "case.sqlite.sha256-new", IN_CASE];

/// Empty, but for the settings that a user may have laid there, or what a killed `create` left.
fn may_begin_in(dir: &Path) -> Result<bool, StoreError> {
    let allowed = ["cellsweep.toml", "lock", "staging", "imports", "runs"];
    let allowed = |name: &std::ffi::OsStr| allowed.iter().chain(&UNBEGUN).any(|known| name == *known);
    Ok(entries(dir)?.iter().filter_map(|path| path.file_name()).all(allowed))
}

/// Removes the log of a case that was never begun: nobody was told of it.
fn clear_unbegun(dir: &Path) -> Result<(), StoreError> {
    remove(dir, &UNBEGUN)
}

/// Removes a SQLite database that `case.json` doesn't name.
fn clear_database(dir: &Path) -> Result<(), StoreError> {
    remove(dir, &UNBEGUN[..5])
}

fn remove(dir: &Path, names: &[&str]) -> Result<(), StoreError> {
    for name in names {
        match fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("remove", &dir.join(name))(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes everything from a folder of the case but what is named.
fn clear(dir: &Path, keep: &BTreeSet<&str>) -> Result<(), StoreError> {
    // A backup may have left out empty folders.
    create_private_dir(dir)?;
    let mut removed = false;
    for path in entries(dir)? {
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| keep.contains(name)) {
            continue;
        }
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.map_err(StoreError::io("remove", &path))?;
        removed = true;
    }
    if removed { sync_dir(dir) } else { Ok(()) }
}
