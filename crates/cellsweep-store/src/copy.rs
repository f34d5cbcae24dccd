//! A log as files, and one item's history, for anyone to check without us.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_proof::export::{
    CHECKPOINT, CHECKPOINTS, CLOSED, Closed, Code, ENTRIES, HASHES, Item, ItemEntry, ItemRotation, LogFiles, LogReport,
    MANIFEST, Manifest, STAMPS, Trust, VKEY, check_log,
};
use cellsweep_proof::{
    Checkpoint, CheckpointError, Entry, Hash, KeyError, LogKind, Note, NoteError, Operation, ROTATED, Verifier,
    prove_consistency, prove_inclusion, stored_index,
};

use crate::StoreError;
use crate::db::Db;
use crate::keys::{Keys, Unlock};
use crate::log;
use crate::place::CasePlace;

/// A log as it stands in its database, in the form of its files.
pub(crate) struct LogCopy {
    pub files: LogFiles,
    pub entries: Vec<Vec<u8>>,
    /// The stored leaf hashes, one a line.
    hashes: String,
}

impl LogCopy {
    /// Reads a whole log.
    pub(crate) fn read(db: &Db, which: LogKind, keys: &Keys) -> Result<Self, StoreError> {
        let entries = log::entries(db, which)?;
        let stored = log::all_nodes(db, which)?;
        let closed = log::closed(db, which)?;
        let first = match &closed {
            Some(bytes) => Closed::parse(bytes).map_err(|error| damaged(0, &error))?.until,
            None => 0,
        };
        let mut hashes = String::with_capacity(65 * entries.len());
        for n in first..first + entries.len() as u64 {
            let hash = stored.get(&stored_index(0, n)).copied().unwrap_or_else(Hash::empty);
            hashes += &format!("{hash}\n");
        }
        let mut checkpoints = log::checkpoints(db, which)?;
        let checkpoint = checkpoints.pop().map(|(_, note)| note);
        let vkey = first_key(&entries).unwrap_or_else(|| keys.signer(which).verifier().to_string());
        let files = LogFiles {
            vkey: Some(format!("{vkey}\n").into_bytes()),
            checkpoint,
            checkpoints: checkpoints.into_iter().map(|(size, note)| (size.to_string(), note)).collect(),
            stamps: log::stamps(db, which)?.into_iter().map(|(size, token)| (format!("{size}.tsr"), token)).collect(),
            closed,
        };
        Ok(Self { files, entries, hashes })
    }

    /// Checks it as anybody would check its files.
    pub(crate) fn check(&self, trust: &Trust) -> Result<LogReport, StoreError> {
        let report = check_log(&self.files, self.lines().as_slice(), Some(self.hashes.as_bytes()), trust);
        report.map_err(StoreError::io("read", Path::new(ENTRIES)))
    }

    fn lines(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for entry in &self.entries {
            lines.extend_from_slice(entry);
            lines.push(b'\n');
        }
        lines
    }

    /// The files by name.
    fn by_name(self) -> BTreeMap<String, Vec<u8>> {
        let lines = self.lines();
        let mut files = BTreeMap::from([(ENTRIES.to_owned(), lines), (HASHES.to_owned(), self.hashes.into_bytes())]);
        files.extend(self.files.closed.map(|bytes| (CLOSED.to_owned(), bytes)));
        files.extend(self.files.vkey.map(|bytes| (VKEY.to_owned(), bytes)));
        files.extend(self.files.checkpoint.map(|bytes| (CHECKPOINT.to_owned(), bytes)));
        files.extend(self.files.checkpoints.into_iter().map(|(name, bytes)| (format!("{CHECKPOINTS}/{name}"), bytes)));
        files.extend(self.files.stamps.into_iter().map(|(name, bytes)| (format!("{STAMPS}/{name}"), bytes)));
        files
    }
}

/// The log's first key: the one that its first change of key hands on from.
fn first_key(entries: &[Vec<u8>]) -> Option<String> {
    let rotated = format!("\"kind\":\"{ROTATED}\"");
    let entry = entries.iter().find(|bytes| memchr::memmem::find(bytes, rotated.as_bytes()).is_some())?;
    Entry::parse(entry).ok()?.data.get("from")?.as_str().map(str::to_owned)
}

/// Writes a log as files into a folder that doesn't exist yet. Gives the verifier's key.
///
/// # Errors
/// When the case can't be opened, or the folder can't be written.
pub fn export_log(dir: &Path, unlock: &Unlock, which: LogKind, out: &Path) -> Result<String, StoreError> {
    let (db, keys) = opened(dir, unlock)?;
    let files = LogCopy::read(&db, which, &keys)?.by_name();
    std::fs::create_dir(out).map_err(StoreError::io("create", out))?;
    let mut digests = BTreeMap::new();
    for (name, bytes) in &files {
        let path = out.join(name);
        path.parent()
            .map_or(Ok(()), |parent| std::fs::create_dir_all(parent).map_err(StoreError::io("create", parent)))?;
        std::fs::write(&path, bytes).map_err(StoreError::io("write", &path))?;
        digests.insert(name.clone(), Hash::of(bytes));
    }
    let manifest = Manifest::new(digests).map_err(|why| StoreError::Table { path: out.join(MANIFEST), why })?;
    let path = out.join(MANIFEST);
    std::fs::write(&path, manifest.to_string()).map_err(StoreError::io("write", &path))?;
    Ok(String::from_utf8_lossy(&files[VKEY]).trim_end().to_owned())
}

/// The history of whatever `about` refers to, with its proofs: the text of `item.json`.
///
/// # Errors
/// When the case can't be opened, or no entry of the custody log speaks of it.
pub fn item_proof(dir: &Path, unlock: &Unlock, about: &str) -> Result<String, StoreError> {
    let (db, keys) = opened(dir, unlock)?;
    let item = item(&db, &keys, about)?;
    item.to_text().map_err(|error| damaged(0, &error))
}

/// The same of a case that is open.
pub(crate) fn item_text(db: &Db, keys: &Keys, about: &str) -> Result<String, StoreError> {
    item(db, keys, about)?.to_text().map_err(|error| damaged(0, &error))
}

/// The custody log's state: its verifier's key and last checkpoint, and the last one that bears a time stamp with it.
pub(crate) fn marks(db: &Db, keys: &Keys) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
    let files = LogCopy::read(db, LogKind::Custody, keys)?.files;
    let mut marks = BTreeMap::new();
    let last = files.checkpoint.clone();
    if let Some((name, token)) = files.stamps.into_iter().max_by_key(|(name, _)| size_of(name)) {
        let size = size_of(&name).to_string();
        let stamped = files.checkpoints.get(&size).or(last.as_ref()).cloned();
        marks.extend(stamped.map(|note| (format!("{CHECKPOINTS}/{size}"), note)));
        marks.insert(format!("{STAMPS}/{name}"), token);
    }
    marks.extend(files.vkey.map(|bytes| (VKEY.to_owned(), bytes)));
    marks.extend(last.map(|bytes| (CHECKPOINT.to_owned(), bytes)));
    Ok(marks)
}

/// Of a stamp's file: the size of the log that it stamps.
fn size_of(stamp: &str) -> u64 {
    stamp.trim_end_matches(".tsr").parse().unwrap_or_default()
}

/// The same with the keys of its entries' boxes, so that whoever gets it can read what is in there. Gives the entries
/// whose boxes it opens, too.
pub(crate) fn item_disclosed(db: &Db, keys: &Keys, about: &str) -> Result<(String, Vec<u64>), StoreError> {
    let mut item = item(db, keys, about)?;
    let wrapped = log::data_keys(db)?;
    let mut opened = Vec::new();
    for part in item.entries.clone() {
        let entry = Entry::parse(part.entry.as_bytes()).map_err(|error| damaged(0, &error))?;
        let Some(sealed) = &entry.sealed else { continue };
        // What was erased stays sealed.
        let Some(kept) = wrapped.get(sealed.key.as_str()) else { continue };
        let key = keys.data_key(&sealed.key, kept)?;
        item.disclose(entry.n, &key).map_err(|error| damaged(entry.n, &error))?;
        opened.push(entry.n);
    }
    Ok((item.to_text().map_err(|error| damaged(0, &error))?, opened))
}

fn item(db: &Db, keys: &Keys, about: &str) -> Result<Item, StoreError> {
    let not_one = || StoreError::NotOne { what: "the reference", why: "it is item/ID, import/ID or run/ID".to_owned() };
    let wanted = keys.reference(about).map_err(|_no_reference| not_one())?;
    let copy = LogCopy::read(db, LogKind::Custody, keys)?;
    let checkpoint = copy.files.checkpoint.clone().unwrap_or_default();
    let size = copy.entries.len() as u64;
    let proof = |n: u64, size: u64| {
        let read = |positions: &[u64]| log::nodes(db, LogKind::Custody, positions);
        prove_inclusion(size, n, read).map_err(|error| damaged(n, &error))
    };
    let mut entries = Vec::new();
    let mut rotations = Vec::new();
    for (n, bytes) in (0..).zip(&copy.entries) {
        let entry = Entry::parse(bytes).map_err(|error| damaged(n, &error))?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        if entry.kind.as_str() == ROTATED {
            let handed = copy.files.checkpoints.get(&(n + 1).to_string()).or(copy.files.checkpoint.as_ref());
            let read = |positions: &[u64]| log::nodes(db, LogKind::Custody, positions);
            rotations.push(ItemRotation {
                entry: text.clone(),
                proof: proof(n, n + 1)?,
                checkpoint: String::from_utf8_lossy(handed.map_or(&[][..], Vec::as_slice)).into_owned(),
                consistency: prove_consistency(size, n + 1, read).map_err(|error| damaged(n, &error))?,
            });
        }
        if entry.refs.contains(&wanted) {
            entries.push(ItemEntry { entry: text, proof: proof(n, size)?, box_key: None });
        }
    }
    if entries.is_empty() {
        return Err(StoreError::NoSuchItem { about: about.to_owned() });
    }
    Ok(Item {
        v: 1,
        item: wanted.to_string(),
        vkey: String::from_utf8_lossy(copy.files.vkey.as_deref().unwrap_or_default()).trim_end().to_owned(),
        checkpoint: String::from_utf8_lossy(&checkpoint).into_owned(),
        entries,
        rotations,
    })
}

/// Where an item's history stands in the log, in what fits on its sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// The log's name.
    pub origin: String,
    /// Its size at the last checkpoint.
    pub size: u64,
    /// Its root there.
    pub root: String,
    /// The entries that speak of the item.
    pub entries: Vec<u64>,
    /// All of it in a text that a code can hold.
    pub code: String,
}

/// The log's head, and the entries that speak of what `about` refers to.
///
/// # Errors
/// As [`item_proof`].
pub fn item_head(dir: &Path, unlock: &Unlock, about: &str) -> Result<LogHead, StoreError> {
    let (db, keys) = opened(dir, unlock)?;
    let item = item(&db, &keys, about)?;
    let note = Note::parse(item.checkpoint.as_bytes()).map_err(|error: NoteError| damaged(0, &error))?;
    let checkpoint: Checkpoint = note.text().parse().map_err(|error: CheckpointError| damaged(0, &error))?;
    let code = Code::of(&item).map_err(|error| damaged(0, &error))?;
    Ok(LogHead {
        origin: checkpoint.origin.to_string(),
        size: checkpoint.size,
        root: checkpoint.root.to_string(),
        entries: code.entries().to_vec(),
        code: code.to_string(),
    })
}

/// What both logs come to in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogTally {
    /// Entries by operation, those of both logs together.
    pub operations: BTreeMap<Operation, u64>,
    /// Consultations in the access log.
    pub consultations: u64,
    /// Accounts that looked.
    pub accounts: u64,
    /// Consultations without a reason.
    pub without_reason: u64,
    /// The first and the last entry of the access log that are there; none where nobody has looked.
    pub access: Option<(u64, u64)>,
    /// The last checkpoints.
    pub heads: Vec<TallyHead>,
}

impl LogTally {
    /// The access log's entries that are there, by number.
    pub fn access_entries(&self) -> impl Iterator<Item = u64> + use<> {
        self.access.into_iter().flat_map(|(first, last)| first..=last)
    }
}

/// A log's last checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyHead {
    /// Which log.
    pub log: LogKind,
    /// Its name.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// Its root, as the checkpoint writes it (base64).
    pub root: String,
}

/// Counts both logs.
///
/// # Errors
/// When the case can't be opened, or a log is damaged.
pub fn log_tally(dir: &Path, unlock: &Unlock) -> Result<LogTally, StoreError> {
    let Some(_) = CasePlace::read(dir)? else { return Ok(LogTally::default()) };
    let (db, _) = opened(dir, unlock)?;
    let mut tally = LogTally::default();
    let mut accounts = std::collections::BTreeSet::new();
    for which in [LogKind::Custody, LogKind::Access] {
        for bytes in log::entries(&db, which)? {
            let entry = Entry::parse(&bytes).map_err(|error| damaged(0, &error))?;
            *tally.operations.entry(entry.operation).or_default() += 1;
            if which == LogKind::Access {
                tally.consultations += 1;
                tally.without_reason += u64::from(entry.reason.is_none());
                tally.access = Some((tally.access.map_or(entry.n, |(first, _)| first), entry.n));
                accounts.insert(entry.by.name);
            }
        }
        if let Some((_, note)) = log::checkpoints(&db, which)?.pop() {
            let note = Note::parse(&note).map_err(|error: NoteError| damaged(0, &error))?;
            let head: Checkpoint = note.text().parse().map_err(|error: CheckpointError| damaged(0, &error))?;
            let (origin, root) = (head.origin.to_string(), head.root.to_base64());
            tally.heads.push(TallyHead { log: which, origin, size: head.size, root });
        }
    }
    tally.accounts = accounts.len() as u64;
    Ok(tally)
}

pub(crate) fn opened(dir: &Path, unlock: &Unlock) -> Result<(Db, Keys), StoreError> {
    let Some(place) = CasePlace::read(dir)? else { return Err(StoreError::NotACase { dir: dir.to_owned() }) };
    let db = place.database(dir, false)?;
    let keys = Keys::open(&db, dir, unlock)?;
    Ok((db, keys))
}

/// The key that was in force when the log began, to trust; from elsewhere.
pub(crate) fn trust(known: Option<&str>, witnesses: &[String]) -> Result<Trust, StoreError> {
    let not_one = |error: KeyError| StoreError::NotOne { what: "the key that was given", why: error.to_string() };
    let parse = |text: &str| text.trim().parse::<Verifier>().map_err(not_one);
    let vkey = known.map(parse).transpose()?;
    Ok(Trust { vkey, witnesses: witnesses.iter().map(|text| parse(text)).collect::<Result<_, _>>()? })
}

fn damaged(n: u64, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Log { place: "the case".to_owned(), n, why: why.to_string() }
}
