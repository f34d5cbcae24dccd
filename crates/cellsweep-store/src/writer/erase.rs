//! What leaves a case: rows, imports, runs, and the keys to what is said of people in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cellsweep_model::case::{CaseEvent, Import, Manifest, Reduction, folder_of};
use cellsweep_proof::{Entry, LogKind};

use super::CaseWriter;
use crate::atomic::{create_private_dir, entries, sync_dir};
use crate::case::{import_key, imports_dir, project, protected_key, run_key, runs_dir, staging_dir};
use crate::log;
use crate::{Sealed, StoreError};

/// What was taken out of an import.
#[derive(Debug, Clone)]
pub struct Reduced {
    /// Why.
    pub why: Reduction,
    /// Raw rows that stayed.
    pub kept: u64,
    /// Raw rows that went.
    pub dropped: u64,
    /// Who decided on it.
    pub by: Vec<String>,
}

impl CaseWriter {
    /// Puts a staged folder in the place of an import's: what isn't in it is gone, for the key of what was there is
    /// destroyed with the entry that says so.
    ///
    /// # Errors
    /// When there is no such import, or the log can't be written; the case is then as before.
    pub fn reduce_import(
        &mut self,
        id: &str,
        sealed: Sealed,
        what: Reduced,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let import = self.case.manifest().imports().find(|import| import.id == id);
        let import = import.ok_or_else(|| StoreError::NoSuchImport { id: id.to_owned() })?;
        let (old, generation) = (import.folder(), import.left.as_ref().map_or(0, |left| left.generation) + 1);
        let folder = folder_of(id, generation);
        let (outputs, lock) = sealed.move_to(&imports_dir(self.case.dir()).join(&folder))?;
        let mut changes = self.keeping(import_key(&folder), &lock)?;
        changes.destroyed.push(import_key(&old));
        let Reduced { why, kept, dropped, by } = what;
        let event = CaseEvent::Reduced { import: id.to_owned(), generation, why, kept, dropped, outputs, by };
        self.append_with(vec![(event, None)], vec![None], changes, now)?;
        self.learn(import_key(&folder), &lock);
        self.clear_leftovers()
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
        let erased = manifest.imports().filter(|import| imports.contains(&import.id));
        let keys = |import: &Import| {
            [format!("import/{}", import.id), import_key(&import.folder()), protected_key(&import.id)]
        };
        let destroyed: Vec<String> = erased.flat_map(keys).chain(runs.iter().map(|id| run_key(id))).collect();
        let event = CaseEvent::Erased { imports, runs: runs.clone(), entries: Vec::new(), keys: Vec::new(), by };
        self.append_all(vec![(event, None)], &destroyed, now)?;
        self.clear_leftovers()?;
        Ok(runs)
    }

    /// Destroys what runs left that rest on imports, and the keys of what entries of the log say of people.
    ///
    /// # Errors
    /// When the log can't be written; nothing is then erased.
    pub fn erase_beside(
        &mut self,
        imports: &[String],
        entries: Vec<u64>,
        by: Vec<String>,
        now: jiff::Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let runs = resting_on(self.case.manifest(), imports);
        let mut keys = Vec::new();
        let written = log::entries(&self.db, LogKind::Custody)?;
        for n in &entries {
            let bytes = written.get(*n as usize).map_or(&[][..], Vec::as_slice);
            let entry = Entry::parse(bytes).map_err(|error| StoreError::Log {
                place: self.case.dir().display().to_string(),
                n: *n,
                why: error.to_string(),
            })?;
            keys.extend(entry.sealed.map(|sealed| sealed.key.to_string()));
        }
        let destroyed: Vec<String> = runs.iter().map(|id| run_key(id)).chain(keys.iter().cloned()).collect();
        let event = CaseEvent::Erased { imports: Vec::new(), runs: runs.clone(), entries, keys, by };
        self.append_all(vec![(event, None)], &destroyed, now)?;
        self.case.replace_manifest(project(self.case.dir(), &self.db, &self.keys)?);
        self.clear_leftovers()?;
        Ok(runs)
    }

    /// Removes staged work, folders that were moved to their place but never named.
    pub(super) fn clear_leftovers(&self) -> Result<(), StoreError> {
        let dir = self.case.dir();
        let manifest = self.case.manifest();
        let imports = manifest.imports().map(Import::folder).collect();
        let runs = manifest.runs().map(|run| run.id.clone()).collect();
        log::destroy(&self.db, &erased_keys(manifest))?;
        clear(&staging_dir(dir), &BTreeSet::new())?;
        clear(&imports_dir(dir), &imports)?;
        clear(&runs_dir(dir), &runs)
    }
}

/// The data keys that the log says are destroyed.
fn erased_keys(manifest: &Manifest) -> Vec<String> {
    let mut names = Vec::new();
    for logged in &manifest.events {
        match &logged.event {
            CaseEvent::Erased { imports, runs, keys, .. } => {
                names.extend(imports.iter().flat_map(|id| [format!("import/{id}"), import_key(id), protected_key(id)]));
                names.extend(runs.iter().map(|id| run_key(id)));
                names.extend(keys.iter().cloned());
            }
            CaseEvent::Reduced { import, generation, .. } => names.push(import_key(&folder_of(import, generation - 1))),
            _ => {}
        }
    }
    // What is left of an erased import has a key of its own.
    let last = manifest.events.iter().filter_map(|logged| match &logged.event {
        CaseEvent::Reduced { import, generation, .. } => Some((import, *generation)),
        _ => None,
    });
    names.extend(
        last.filter(|(id, _)| !manifest.imports().any(|import| import.id == **id))
            .map(|(id, generation)| import_key(&folder_of(id, generation))),
    );
    names
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

/// Removes everything from a folder of the case but what is named.
fn clear(dir: &Path, keep: &BTreeSet<String>) -> Result<(), StoreError> {
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
