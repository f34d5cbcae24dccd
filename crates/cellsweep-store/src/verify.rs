//! Whether a case is what was written: its logs, its files, and what is shown of it.

use std::collections::BTreeSet;
use std::path::Path;

use cellsweep_model::case::{Digest, Manifest};
use cellsweep_proof::{Checkpoint, Frontier, Hash, LogKind, Note, Verifier, stored_index};
use serde::Serialize;

use crate::atomic::{digest_of_file, files_under};
use crate::case::{imports_dir, manifest_path, project, runs_dir};
use crate::db::Db;
use crate::keys::{Keys, Unlock};
use crate::place::{CasePlace, FILE, SQLITE};
use crate::{StoreError, events, log};

/// What was checked, and what doesn't hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verified {
    /// Entries of the custody log.
    pub custody_entries: u64,
    /// Entries of the access log.
    pub access_entries: u64,
    /// Signed checkpoints over both.
    pub checkpoints: usize,
    /// Files whose digests were compared.
    pub files: usize,
    /// The custody log's verifier's key: to be compared with one that was had elsewhere.
    pub key: String,
    /// The last checkpoint of the custody log, as anybody may keep it.
    pub checkpoint: String,
    /// What doesn't hold; none where all does.
    pub faults: Vec<Fault>,
}

/// Something that isn't as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// Checks a whole case. `known` is a verifier's key that was had elsewhere: without one, a forger
/// who made everything anew would not be noticed.
///
/// # Errors
/// When the case can't be opened at all.
pub fn verify(dir: &Path, unlock: &Unlock, known: Option<&str>) -> Result<Verified, StoreError> {
    let Some(place) = CasePlace::read(dir)? else { return Err(StoreError::NotACase { dir: dir.to_owned() }) };
    let db = place.database(dir, false)?;
    let mut told = Verified::default();
    if place.postgres.is_none() {
        database(&db, &mut told)?;
    }
    let keys = Keys::open(&db, dir, unlock)?;
    told.key = keys.signer(LogKind::Custody).verifier().to_string();
    if known.is_some_and(|known| known.trim() != told.key) {
        told.fault("the key", "is another one than the one that was given: this is not the log that it signed");
    }
    told.custody_entries = one_log(&db, LogKind::Custody, keys.signer(LogKind::Custody).verifier(), &mut told)?;
    told.access_entries = one_log(&db, LogKind::Access, keys.signer(LogKind::Access).verifier(), &mut told)?;
    match project(dir, &db, &keys) {
        Ok(manifest) => state(dir, &place, &manifest, &mut told)?,
        Err(error) => told.fault("the custody log", error.to_string()),
    }
    Ok(told)
}

impl Verified {
    fn fault(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), what: what.into() });
    }
}

/// SQLite's own look at its pages.
fn database(db: &Db, told: &mut Verified) -> Result<(), StoreError> {
    for line in log::integrity(db)? {
        if line != "ok" {
            told.fault(SQLITE, line);
        }
    }
    Ok(())
}

/// Hashes every entry anew and holds the tree and every checkpoint against them.
fn one_log(db: &Db, which: LogKind, verifier: &Verifier, told: &mut Verified) -> Result<u64, StoreError> {
    let entries = log::entries(db, which)?;
    let checkpoints = log::checkpoints(db, which)?;
    let size = entries.len() as u64;
    let place = |n: u64| format!("{SQLITE}: entry {n} of the {which} log");
    let stored = log::all_nodes(db, which)?;
    let mut frontier = Frontier::new();
    let mut roots = std::collections::HashMap::from([(0, frontier.root())]);
    for (n, bytes) in (0..).zip(&entries) {
        let leaf = Hash::leaf(bytes);
        if stored.get(&stored_index(0, n)) != Some(&leaf) {
            told.fault(place(n), "was altered, or its stored hash was");
        }
        let first = stored_index(0, n);
        for (position, hash) in (first..).zip(frontier.append(leaf)).skip(1) {
            if stored.get(&position) != Some(&hash) {
                told.fault(
                    format!("{SQLITE}: stored hash {position} of the {which} log"),
                    "is not what its entries give",
                );
            }
        }
        roots.insert(frontier.size(), frontier.root());
    }
    for (at, note) in &checkpoints {
        told.checkpoints += 1;
        if let Err(what) = checkpoint(note, verifier, *at, roots.get(at)) {
            told.fault(format!("{SQLITE}: the checkpoint at {at} of the {which} log"), what);
        }
    }
    match checkpoints.last() {
        Some((at, note)) if *at == size => {
            if which == LogKind::Custody {
                told.checkpoint = String::from_utf8_lossy(note).into_owned();
            }
        }
        None if size == 0 => {}
        _ => told.fault(format!("{SQLITE}: the {which} log"), "has entries that no checkpoint covers, or lost some"),
    }
    Ok(size)
}

fn checkpoint(note: &[u8], verifier: &Verifier, size: u64, root: Option<&Hash>) -> Result<(), String> {
    let note = Note::parse(note).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::open(&note, verifier).map_err(|error| error.to_string())?;
    if checkpoint.size == size && Some(&checkpoint.root) == root {
        return Ok(());
    }
    Err("its root is not that of the entries: an entry before it was altered, taken out or put in".to_owned())
}

/// Holds the folder against what the log says of it.
fn state(dir: &Path, place: &CasePlace, manifest: &Manifest, told: &mut Verified) -> Result<(), StoreError> {
    let named = manifest.events.iter().find_map(|logged| match &logged.event {
        cellsweep_model::case::CaseEvent::Opened { case, .. } => Some(case),
        _ => None,
    });
    if named != Some(&place.case) {
        told.fault(FILE, "names another case than the log");
    }
    let shown = manifest_path(dir);
    let expect = events::shown(manifest).map_err(StoreError::table(&shown))?;
    if std::fs::read(&shown).map_err(StoreError::io("read", &shown))? != expect {
        told.fault("manifest.json", "is not what the log comes to");
    }
    for import in manifest.imports() {
        folder(&imports_dir(dir).join(&import.id), &format!("imports/{}", import.id), &import.outputs, told)?;
    }
    for run in manifest.runs() {
        folder(&runs_dir(dir).join(&run.id), &format!("runs/{}", run.id), &run.outputs, told)?;
    }
    Ok(())
}

fn folder(
    path: &Path,
    name: &str,
    outputs: &std::collections::BTreeMap<String, Digest>,
    told: &mut Verified,
) -> Result<(), StoreError> {
    let found: BTreeSet<String> = match path.is_dir() {
        true => files_under(path)?.iter().map(|file| crate::staging::relative(path, file)).collect(),
        false => BTreeSet::new(),
    };
    for (file, digest) in outputs {
        told.files += 1;
        if !found.contains(file) {
            told.fault(format!("{name}/{file}"), "is missing");
        } else if digest_of_file(&path.join(file))? != *digest {
            told.fault(format!("{name}/{file}"), "was altered: its SHA-256 is not the one in the log");
        }
    }
    for file in found.iter().filter(|file| !outputs.contains_key(*file)) {
        told.fault(format!("{name}/{file}"), "is not in the log: nobody of ours put it there");
    }
    Ok(())
}
