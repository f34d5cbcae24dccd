//! Whether a case is what was written: its logs, its files, and what is shown of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cellsweep_model::case::{CaseEvent, Digest, Manifest};
use cellsweep_proof::export::{Closed, LogReport, Stamped, Trust, WitnessedAt};
use cellsweep_proof::{Frontier, Hash, LogKind, stored_index};
use cellsweep_vault::Keeping;
use serde::Serialize;

use crate::atomic::{digest_of_kept, entries, files_under};
use crate::case::{folder_keys, imports_dir, manifest_path, project, runs_dir};
use crate::copy::{self, LogCopy};
use crate::db::{self, Db};
use crate::keys::{IN_CASE, Keys, Unlock};
use crate::place::{CasePlace, DATABASES, FILE, KEYS, SQLITE};
use crate::{Case, Folder, StoreError, events, log, original};

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
    /// Whether the database's bytes were compared as well, and not only what its tables hold: not
    /// while somebody has it open, nor after somebody was killed.
    pub bytes_checked: bool,
    /// The custody log's verifier's key: to be compared with one that was had elsewhere.
    pub key: String,
    /// The last checkpoint of the custody log, as anybody may keep it.
    pub checkpoint: String,
    /// Time stamps over its checkpoints; the authorities' signatures are for `openssl ts -verify`.
    pub stamps: Vec<Stamped>,
    /// Co-signatures of the witnesses that were asked for.
    pub witnessed: Vec<WitnessedAt>,
    /// Folders that a killed process left, which nothing reads and whoever writes next removes.
    pub left: Vec<String>,
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
/// who made everything anew would not be noticed; `witnesses` are the keys of those whose co-signature the
/// last checkpoint must bear.
///
/// # Errors
/// When the case can't be opened at all.
pub fn verify(dir: &Path, unlock: &Unlock, known: Option<&str>, witnesses: &[String]) -> Result<Verified, StoreError> {
    let Some(place) = CasePlace::read(dir)? else { return Err(StoreError::NotACase { dir: dir.to_owned() }) };
    let mut told = Verified::default();
    if place.postgres.is_none() {
        told.bytes_checked = file(&dir.join(SQLITE), &mut told)?;
        if place.keys_apart {
            told.bytes_checked &= file(&dir.join(KEYS), &mut told)?;
        }
    }
    let db = place.database(dir, false)?;
    if place.postgres.is_none() {
        database(&db, SQLITE, &mut told)?;
        if place.keys_apart {
            database(db.keys(), KEYS, &mut told)?;
        }
    }
    let keys = Keys::open(&db, dir, unlock)?;
    let trust = copy::trust(known, witnesses)?;
    let custody = one_log(&db, LogKind::Custody, &keys, &trust, &mut told)?;
    told.key = custody.vkey;
    (told.custody_entries, told.stamps) = (custody.entries, custody.stamped);
    told.witnessed = custody.witnessed;
    let access = one_log(&db, LogKind::Access, &keys, &Trust::default(), &mut told)?;
    told.access_entries = access.entries;
    match project(dir, &db, &keys) {
        Ok(manifest) => {
            let case = Case::with(dir, manifest, folder_keys(&db, &keys)?);
            state(&case, &place, &mut told)?;
        }
        Err(error) => told.fault("the custody log", error.to_string()),
    }
    Ok(told)
}

impl Verified {
    fn fault(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), what: what.into() });
    }
}

/// The database's bytes, those among them that no table holds: while nobody has it open its digest
/// lies beside it. Gives whether there was one to compare them with.
fn file(path: &Path, told: &mut Verified) -> Result<bool, StoreError> {
    let sum = db::beside(path, db::SUM);
    match std::fs::read(&sum) {
        // Somebody has it open, or was killed while they had: what the file lacks is beside it.
        Ok(_) if db::beside(path, "-wal").exists() => Ok(false),
        Ok(text) => {
            if text != db::sum_of(path)?.into_bytes() {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                told.fault(name, "was altered: its SHA-256 is not the one beside it, or that was");
            }
            Ok(true)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::io("read", &sum)(source)),
    }
}

/// SQLite's own look at its pages.
fn database(db: &Db, name: &str, told: &mut Verified) -> Result<(), StoreError> {
    for line in log::integrity(db)? {
        if line != "ok" {
            told.fault(name, line);
        }
    }
    Ok(())
}

/// Checks a log as anybody would check its files, and the tree's stored hashes, which proofs are
/// made of, beside.
fn one_log(db: &Db, which: LogKind, keys: &Keys, trust: &Trust, told: &mut Verified) -> Result<LogReport, StoreError> {
    let copy = LogCopy::read(db, which, keys)?;
    if which == LogKind::Custody {
        told.checkpoint = String::from_utf8_lossy(copy.files.checkpoint.as_deref().unwrap_or_default()).into_owned();
    }
    let mut report = copy.check(trust)?;
    if copy.entries.is_empty() && copy.files.checkpoint.is_none() {
        // Nobody has looked yet.
        report.findings.clear();
    }
    told.checkpoints += report.checkpoints as usize;
    for finding in &report.findings {
        told.fault(format!("the {which} log"), finding.to_string());
    }
    let stored = log::all_nodes(db, which)?;
    let mut frontier = match &copy.files.closed {
        Some(bytes) => start(bytes, which, told)?,
        None => Frontier::new(),
    };
    for bytes in &copy.entries {
        let first = stored_index(0, frontier.size());
        for (position, hash) in (first..).zip(frontier.append(Hash::leaf(bytes))) {
            if position > first && stored.get(&position) != Some(&hash) {
                told.fault(format!("the {which} log"), format!("stored hash {position} is not what its entries give"));
            }
        }
    }
    Ok(report)
}

/// Where later entries grow from, where the oldest ones are gone; whether it is the signed one was looked at before.
fn start(bytes: &[u8], which: LogKind, told: &mut Verified) -> Result<Frontier, StoreError> {
    let read = Closed::parse(bytes).map_err(|error| error.to_string());
    match read.and_then(|closed| closed.start().map_err(|error| error.to_string())) {
        Ok(frontier) => Ok(frontier),
        Err(why) => {
            told.fault(format!("the {which} log"), why);
            Ok(Frontier::new())
        }
    }
}

/// Holds the folder against what the log says of it.
fn state(case: &Case, place: &CasePlace, told: &mut Verified) -> Result<(), StoreError> {
    let (dir, manifest) = (case.dir(), case.manifest());
    let named = manifest.events.iter().find_map(|logged| match &logged.event {
        CaseEvent::Opened { case, .. } => Some(case),
        _ => None,
    });
    if named != Some(&place.case) {
        told.fault(FILE, "names another case than the log");
    }
    if !is_shown(&manifest_path(dir), manifest)? {
        told.fault("manifest.json", "is not what the log comes to");
    }
    strangers(dir, manifest, told)?;
    for import in manifest.imports() {
        folder(case.import_folder(import), &format!("imports/{}", import.folder()), import.files(), told)?;
    }
    for run in manifest.runs() {
        folder(case.run_folder(run), &format!("runs/{}", run.id), &run.outputs, told)?;
    }
    Ok(())
}

/// What may lie in a case's folder, beside its databases and what the log names.
const OURS: [&str; 8] = [FILE, IN_CASE, "manifest.json", "lock", "staging", "imports", "runs", "backup"];

/// Files and folders that nobody of ours put there, and the backup of an older format.
fn strangers(dir: &Path, manifest: &Manifest, told: &mut Verified) -> Result<(), StoreError> {
    let imports: BTreeSet<String> = manifest.imports().map(|import| import.folder()).collect();
    let runs: BTreeSet<String> = manifest.runs().map(|run| run.id.clone()).collect();
    let ours =
        OURS.iter().chain(&DATABASES).map(|name| (*name).to_owned()).chain(["cellsweep.toml".to_owned()]).collect();
    for (folder, known) in [(dir.to_owned(), ours), (imports_dir(dir), imports), (runs_dir(dir), runs)] {
        for path in entries(&folder)? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let shown = crate::staging::relative(dir, &path);
            match known.contains(&name) {
                true => {}
                false if folder == *dir => told.fault(shown, "is not in the log: nobody of ours put it there"),
                false => told.left.push(shown),
            }
        }
    }
    let upgraded = manifest.events.iter().find_map(|logged| match &logged.event {
        CaseEvent::Upgraded { manifest, .. } => Some(manifest),
        _ => None,
    });
    if let Some(digest) = upgraded {
        let outputs = [("manifest-format-1.json".to_owned(), digest.clone())].into();
        folder(Ok(Folder::new(dir.join("backup"), Keeping::Plain)), "backup", &outputs, told)?;
    }
    Ok(())
}

/// Whether what people are shown is what the log comes to, or came to: a process that was killed
/// before it wrote that leaves it behind, and whoever writes next catches up.
fn is_shown(path: &Path, manifest: &Manifest) -> Result<bool, StoreError> {
    let found = match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        found => found.map_err(StoreError::io("read", path))?,
    };
    let listed = serde_json::from_slice::<serde_json::Value>(&found).ok();
    let listed = listed.and_then(|value| value.get("events")?.as_array().map(Vec::len));
    let Some(listed) = listed.filter(|listed| *listed <= manifest.events.len()) else { return Ok(false) };
    let then = Manifest { events: manifest.events[..listed].to_vec(), ..manifest.clone() };
    Ok(events::shown(&then).map_err(StoreError::table(path))? == found)
}

fn folder(
    folder: Result<Folder, StoreError>,
    name: &str,
    outputs: &BTreeMap<String, Digest>,
    told: &mut Verified,
) -> Result<(), StoreError> {
    let folder = match folder {
        Ok(folder) => folder,
        Err(error) => {
            told.fault(name, error.to_string());
            return Ok(());
        }
    };
    let path = folder.dir();
    let found: BTreeSet<String> = match path.is_dir() {
        true => files_under(path)?.iter().map(|file| crate::staging::relative(path, file)).collect(),
        false => BTreeSet::new(),
    };
    for (file, digest) in outputs {
        told.files += 1;
        let keeping = original::keeping_of(file, folder.keeping());
        if !found.contains(file) {
            told.fault(format!("{name}/{file}"), "is missing");
            continue;
        }
        match digest_of_kept(keeping, &path.join(file)) {
            Ok(found) if found == *digest => {}
            Ok(_) => told.fault(format!("{name}/{file}"), "was altered: its SHA-256 is not the one in the log"),
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::InvalidData => {
                told.fault(format!("{name}/{file}"), format!("was altered: {source}"));
            }
            Err(error) => return Err(error),
        }
    }
    for file in found.iter().filter(|file| !outputs.contains_key(*file)) {
        told.fault(format!("{name}/{file}"), "is not in the log: nobody of ours put it there");
    }
    Ok(())
}
