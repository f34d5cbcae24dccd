//! What leaves a case: rows, imports, runs, and the keys to what is said of people in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cellsweep_model::case::{CaseEvent, Import, Manifest, Reduction, folder_of};
use cellsweep_proof::export::Closed;
use cellsweep_proof::{Entry, LogKind, Note};

use super::CaseWriter;
use crate::atomic::{create_private_dir, entries, sync_dir};
use crate::case::{import_key, imports_dir, project, protected_key, run_key, runs_dir, staging_dir};
use crate::db::Db;
use crate::log::{self, KeyChanges};
use crate::staging::FolderLock;
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
        mut sealed: Sealed,
        what: Reduced,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        let import = self.case.manifest().imports().find(|import| import.id == id);
        let import = import.ok_or_else(|| StoreError::NoSuchImport { id: id.to_owned() })?;
        let (old, generation) = (import.folder(), import.left.as_ref().map_or(0, |left| left.generation) + 1);
        let folder = folder_of(id, generation);
        let protected = sealed.take_protected().unwrap_or(FolderLock::None);
        let (outputs, lock) = sealed.move_to(&imports_dir(self.case.dir()).join(&folder))?;
        let mut changes = self.keeping(import_key(&folder), &lock)?;
        changes.kept.extend(self.keeping(protected_key(&folder), &protected)?.kept);
        changes.destroyed.extend([import_key(&old), protected_key(&old)]);
        let Reduced { why, kept, dropped, by } = what;
        let event = CaseEvent::Reduced { import: id.to_owned(), generation, why, kept, dropped, outputs, by };
        self.append_with(vec![(event, None)], vec![None], changes, now)?;
        self.learn(import_key(&folder), &lock);
        self.learn(protected_key(&folder), &protected);
        self.clear_unnamed()
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
            [format!("import/{}", import.id), import_key(&import.folder()), protected_key(&import.folder())]
        };
        let destroyed: Vec<String> = erased.flat_map(keys).chain(runs.iter().map(|id| run_key(id))).collect();
        let event = CaseEvent::Erased { imports, runs: runs.clone(), entries: Vec::new(), keys: Vec::new(), by };
        self.append_all(vec![(event, None)], &destroyed, now)?;
        self.clear_unnamed()?;
        Ok(runs)
    }

    /// Destroys what runs left that rest on imports, what these runs left and those that read them, and the keys of what
    /// entries of the log say of people.
    ///
    /// # Errors
    /// When the log can't be written; nothing is then erased.
    pub fn erase_beside(
        &mut self,
        imports: &[String],
        runs: &BTreeSet<String>,
        entries: Vec<u64>,
        by: Vec<String>,
        now: jiff::Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let runs = with_readers(self.case.manifest(), &resting_on(self.case.manifest(), imports), runs);
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
        self.clear_unnamed()?;
        Ok(runs)
    }

    /// Erases the access log's entries from before an instant, up to a checkpoint. What is kept of them proves that the
    /// rest is what it was. Gives how many are gone in all; `None` where none is that old.
    ///
    /// # Errors
    /// When the log can't be read or written.
    pub fn close_access_log(
        &mut self,
        before: jiff::Timestamp,
        now: jiff::Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let Some((until, closed)) = closing(&self.db, before)? else { return Ok(None) };
        let changes = KeyChanges { closed: Some((LogKind::Access, until, closed)), ..KeyChanges::default() };
        self.append_with(vec![(CaseEvent::AccessLogClosed { until, before }, None)], vec![None], changes, now)?;
        Ok(Some(until))
    }

    /// Removes staged work, and what [`CaseWriter::clear_unnamed`] does: nobody else is at work.
    pub(super) fn clear_leftovers(&self) -> Result<(), StoreError> {
        clear(&staging_dir(self.case.dir()), &BTreeSet::new())?;
        self.clear_unnamed()
    }

    /// Removes folders that were moved to their place and are not, or no longer, named, and keys that the log says are
    /// destroyed.
    fn clear_unnamed(&self) -> Result<(), StoreError> {
        let dir = self.case.dir();
        let manifest = self.case.manifest();
        let imports = manifest.imports().map(Import::folder).collect();
        let runs = manifest.runs().map(|run| run.id.clone()).collect();
        log::destroy(&self.db, &erased_keys(manifest))?;
        clear(&imports_dir(dir), &imports)?;
        clear(&runs_dir(dir), &runs)
    }
}

/// What to keep of the access log's entries from before an instant, and up to which they go.
fn closing(db: &Db, before: jiff::Timestamp) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let wrong = |n: u64, why: String| StoreError::Log { place: "the access log".to_owned(), n, why };
    let known = log::closed(db, LogKind::Access)?.map(|bytes| Closed::parse(&bytes));
    let known = known.transpose().map_err(|error| wrong(0, error.to_string()))?;
    let first = known.as_ref().map_or(0, |closed| closed.until);
    let mut old = first;
    for bytes in log::entries(db, LogKind::Access)? {
        let entry = Entry::parse(&bytes).map_err(|error| wrong(old, error.to_string()))?;
        if entry.received.timestamp() >= before {
            break;
        }
        old = entry.n + 1;
    }
    let signed = log::checkpoints(db, LogKind::Access)?;
    let last = signed.iter().rev().find(|(size, _)| *size > first && *size <= old);
    let Some((until, note)) = last else { return Ok(None) };
    let note = Note::parse(note).map_err(|error| wrong(*until, error.to_string()))?;
    let read = |positions: &[u64]| log::nodes(db, LogKind::Access, positions);
    // The access log's key never changes: there is no hand-over among its entries.
    let closed = Closed::close(known.as_ref(), &[], &note, read).map_err(|error| wrong(*until, error.to_string()))?;
    let text = closed.to_text().map_err(|error| wrong(*until, error.to_string()))?;
    Ok(Some((*until, text.into_bytes())))
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
            CaseEvent::Reduced { import, generation, .. } => {
                let before = folder_of(import, generation - 1);
                names.extend([import_key(&before), protected_key(&before)]);
            }
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
            .map(|(id, generation)| folder_of(id, generation))
            .flat_map(|folder| [import_key(&folder), protected_key(&folder)]),
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

/// These runs, and `others` with the runs that read one of them, in the log's order.
fn with_readers(manifest: &Manifest, runs: &[String], others: &BTreeSet<String>) -> Vec<String> {
    let mut gone = others.clone();
    let mut list = Vec::new();
    for run in manifest.runs() {
        if runs.contains(&run.id) || gone.contains(&run.id) {
            list.push(run.id.clone());
        } else if run.inputs.iter().any(|input| gone.contains(input)) {
            gone.insert(run.id.clone());
            list.push(run.id.clone());
        }
    }
    list
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
