//! A case as its one writer sees it: staging, committing, clearing up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cellsweep_model::CountryProfile;
use cellsweep_model::case::{
    CaseEvent, CaseKind, Digest, Import, LoggedEvent, Manifest, ProfileUse, Review, RowCounts, Run,
};
use cellsweep_model::table::Table;

use crate::atomic::{create_private_dir, digest_of_bytes, entries, replace, sync_dir};
use crate::case::{imports_dir, manifest_path, runs_dir, staging_dir};
use crate::lock::WriteLock;
use crate::{Case, FORMAT, Sealed, Staging, StoreError};

/// A case open for writing, by this process alone.
#[derive(Debug)]
pub struct CaseWriter {
    case: Case,
    _lock: WriteLock,
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
    pub fn create(dir: &Path, kind: CaseKind, holder: &str, now: jiff::Timestamp) -> Result<Self, StoreError> {
        create_private_dir(dir)?;
        if !may_begin_in(dir)? {
            return Err(StoreError::NotEmpty { dir: dir.to_owned() });
        }
        let lock = WriteLock::take(dir, holder)?;
        for folder in [staging_dir(dir), imports_dir(dir), runs_dir(dir)] {
            create_private_dir(&folder)?;
        }
        let manifest = Manifest { format: FORMAT, kind, country: CountryProfile::default(), events: Vec::new() };
        let mut writer = Self { case: Case::with(dir, manifest), _lock: lock };
        writer.append(CaseEvent::Opened { kind }, now)?;
        Ok(writer)
    }

    /// Opens a case for writing and clears away what a killed process left. `holder` is what
    /// others are told while they wait: "cellsweep import, process 4711".
    ///
    /// # Errors
    /// When there is none, it is damaged or of a newer format, or somebody else writes to it.
    pub fn open(dir: &Path, holder: &str) -> Result<Self, StoreError> {
        // Before the lock, so that a folder which is no case isn't given one.
        Case::open(dir)?;
        let lock = WriteLock::take(dir, holder)?;
        // Again behind the lock: another writer may just have committed.
        let writer = Self { case: Case::open(dir)?, _lock: lock };
        writer.clear_leftovers()?;
        Ok(writer)
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
        let number = self.case.manifest().imports().count() + 1;
        let id = format!("{number:05}-{}-{}", facts.table.name(), start_of(&facts.digest));
        let outputs = sealed.move_to(&imports_dir(self.case.dir()).join(&id))?;
        let ImportFacts { table, file, digest, authority, rows, operators, window, profile, blanks } = facts;
        let import = Import { id, table, file, digest, authority, rows, operators, window, profile, blanks, outputs };
        self.append(CaseEvent::Imported { import: import.clone() }, now)?;
        Ok(import)
    }

    /// Makes a staged folder a run of the case.
    ///
    /// # Errors
    /// When it can't be moved or the manifest can't be replaced; the case is then as before.
    pub fn commit_run(&mut self, sealed: Sealed, facts: RunFacts, now: jiff::Timestamp) -> Result<Run, StoreError> {
        let number = self.case.manifest().runs().count() + 1;
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

    /// Appends an event and replaces the manifest: the one moment at which the case changes.
    fn append(&mut self, event: CaseEvent, now: jiff::Timestamp) -> Result<(), StoreError> {
        let mut manifest = self.case.manifest().clone();
        let sequence = manifest.events.len() as u64;
        manifest.events.push(LoggedEvent { sequence, time: now, event });
        let path = manifest_path(self.case.dir());
        let mut text = serde_json::to_vec_pretty(&manifest).map_err(StoreError::table(&path))?;
        text.push(b'\n');
        replace(&path, &staging_dir(self.case.dir()), &text)?;
        self.case.replace_manifest(manifest);
        Ok(())
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

/// Enough of a digest to tell files apart at a glance.
fn start_of(digest: &Digest) -> &str {
    digest.0.get(..8).unwrap_or(&digest.0)
}

/// Empty, but for the settings that a user may have laid there, or what a killed `create` left.
fn may_begin_in(dir: &Path) -> Result<bool, StoreError> {
    let allowed = ["cellsweep.toml", "lock", "staging", "imports", "runs"];
    Ok(entries(dir)?.iter().filter_map(|path| path.file_name()).all(|name| allowed.iter().any(|known| name == *known)))
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
