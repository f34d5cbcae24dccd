//! What lies in a folder, handed to `cellsweep-proof`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use cellsweep_proof::export::{
    CHECKPOINT, CHECKPOINTS, CLOSED, Code, CodeReport, ENTRIES, Finding, HASHES, Item, ItemReport, LogFiles, LogReport,
    MANIFEST, Manifest, Problem, RootSeen, STAMPS, Trust, VKEY, check_log,
};
use cellsweep_proof::{Hash, Hasher, KeyError, Verifier};
use serde::Serialize;

use crate::args::Asked;

/// A note, a key or a stamp is far smaller.
const SMALL: u64 = 1 << 20;
/// A bundle is not larger.
const BUNDLE: u64 = (64 << 20) + 2;
const BUFFER: usize = 1 << 16;
/// A bundle's file in its folder.
const ITEM: &str = "item.json";

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A file or folder can't be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No log lies there.
    #[error("{}: there is no {ENTRIES} in it, so it is not a log's folder", path.display())]
    NoLog {
        /// The folder.
        path: PathBuf,
    },
    /// The key that was given is not one.
    #[error("{what}: {error}")]
    Key {
        /// The option.
        what: String,
        /// Why.
        error: KeyError,
    },
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Unreadable + '_ {
    move |error| Unreadable::Io { path: path.to_owned(), error }
}

/// The keys that were given.
pub(crate) fn trust(asked: &Asked) -> Result<Trust, Unreadable> {
    let key = |what: String, text: &str| text.trim().parse().map_err(|error| Unreadable::Key { what, error });
    let vkey = match &asked.vkey {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(unreadable(path))?;
            Some(key(path.display().to_string(), &text)?)
        }
        None => None,
    };
    let witnesses: Result<Vec<Verifier>, _> =
        asked.witnesses.iter().map(|text| key("--witness".to_owned(), text)).collect();
    Ok(Trust { vkey, witnesses: witnesses? })
}

/// What came out of checking a log's folder.
pub(crate) struct CheckedLog {
    pub folder: PathBuf,
    pub report: LogReport,
    /// Files whose digests were compared; none where there is no manifest.
    pub digests: Option<u64>,
}

/// Checks a log's folder, or the folder `log` in it.
pub(crate) fn log(folder: &Path, trust: &Trust) -> Result<CheckedLog, Unreadable> {
    let inner = folder.join("log");
    let folder = if !folder.join(ENTRIES).exists() && inner.join(ENTRIES).exists() { inner } else { folder.to_owned() };
    let path = folder.join(ENTRIES);
    if !path.is_file() {
        fs::read_dir(&folder).map_err(unreadable(&folder))?;
        return Err(Unreadable::NoLog { path: folder });
    }
    let files = LogFiles {
        vkey: small(&folder.join(VKEY))?,
        checkpoint: small(&folder.join(CHECKPOINT))?,
        checkpoints: all_small(&folder.join(CHECKPOINTS))?,
        stamps: all_small(&folder.join(STAMPS))?,
        closed: small(&folder.join(CLOSED))?,
    };
    let hashes = folder.join(HASHES);
    let hashes = if hashes.exists() { Some(open(&hashes)?) } else { None };
    let mut report = check_log(&files, open(&path)?, hashes, trust).map_err(unreadable(&path))?;
    let digests = if folder.join(MANIFEST).exists() {
        let checked = self::files(&folder)?;
        report.findings.extend(checked.findings);
        Some(checked.files)
    } else {
        None
    };
    Ok(CheckedLog { folder, report, digests })
}

/// What came out of checking a bundle.
pub(crate) struct CheckedItem {
    pub file: String,
    pub report: ItemReport,
}

/// Checks an item's bundle.
pub(crate) fn item(path: &Path, trust: &Trust) -> Result<CheckedItem, Unreadable> {
    let (file, bytes) = bundle(path)?;
    let report = match Item::parse(&bytes) {
        Ok(item) => item.check(&file, trust),
        Err(error) => unread(&file, &error.to_string(), trust),
    };
    Ok(CheckedItem { file, report })
}

/// A bundle's name and bytes.
fn bundle(path: &Path) -> Result<(String, Vec<u8>), Unreadable> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable(path))?;
    file.take(BUNDLE).read_to_end(&mut bytes).map_err(unreadable(path))?;
    Ok((path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()), bytes))
}

/// What came out of checking a code.
pub(crate) struct CheckedCode {
    pub file: String,
    pub report: CodeReport,
}

/// Holds a code against the bundle in a folder, and against the checkpoints that lie there or in its folder `log`.
pub(crate) fn code(text: &str, folder: &Path, trust: &Trust) -> Result<CheckedCode, Unreadable> {
    let path = if folder.is_dir() { folder.join(ITEM) } else { folder.to_owned() };
    let (file, bytes) = bundle(&path)?;
    let item = Item::parse(&bytes);
    let report = match (text.parse::<Code>(), &item) {
        (Ok(code), Ok(item)) => code.check(item, &file, &checkpoints(folder, code.size())?, trust),
        (Err(error), Ok(item)) => unread_code(item.check(&file, trust), "code", &error.to_string()),
        (_, Err(error)) => unread_code(unread(&file, &error.to_string(), trust), &file, &error.to_string()),
    };
    Ok(CheckedCode { file, report })
}

/// The checkpoints over so many entries, as far as their names tell, by path.
fn checkpoints(folder: &Path, size: u64) -> Result<BTreeMap<String, Vec<u8>>, Unreadable> {
    let mut found = BTreeMap::new();
    for under in ["", "log/"] {
        for name in [format!("{under}{CHECKPOINT}"), format!("{under}{CHECKPOINTS}/{size}")] {
            let path = folder.join(&name);
            if path.is_file() {
                found.extend(small(&path)?.map(|bytes| (name, bytes)));
            }
        }
    }
    Ok(found)
}

/// A report of a code that isn't one, or has no bundle to be held against.
fn unread_code(item: ItemReport, file: &str, why: &str) -> CodeReport {
    let problem = Problem::Form { why: why.to_owned() };
    let found = Finding { file: file.to_owned(), line: None, problem };
    let mut findings = item.findings.clone();
    if !findings.contains(&found) {
        findings.push(found);
    }
    CodeReport { entries: Vec::new(), size: 0, root: RootSeen::NotCompared, not_named: Vec::new(), item, findings }
}

/// A report of a bundle that isn't one.
fn unread(name: &str, why: &str, trust: &Trust) -> ItemReport {
    let problem = Problem::Form { why: why.to_owned() };
    ItemReport {
        origin: String::new(),
        vkey: String::new(),
        vkey_given: trust.vkey.is_some(),
        item: String::new(),
        size: 0,
        entries: Vec::new(),
        boxes: Vec::new(),
        rotations: 0,
        witnessed: Vec::new(),
        findings: vec![Finding { file: name.to_owned(), line: None, problem }],
    }
}

/// What came out of holding a folder against its manifest.
#[derive(Debug, Serialize)]
pub(crate) struct CheckedFiles {
    /// Files that the manifest names.
    pub files: u64,
    pub findings: Vec<Finding>,
}

/// Holds a folder's files against its `manifest.sha256`.
pub(crate) fn files(folder: &Path) -> Result<CheckedFiles, Unreadable> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).map_err(unreadable(&path))?;
    let manifest: Result<Manifest, String> =
        String::from_utf8(text).map_err(|error| error.to_string()).and_then(|text| {
            let parsed: Result<Manifest, _> = text.parse();
            parsed.map_err(|error| error.to_string())
        });
    let found = |file: String, problem| Finding { file, line: None, problem };
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(why) => {
            let findings = vec![found(MANIFEST.to_owned(), Problem::Form { why })];
            return Ok(CheckedFiles { files: 0, findings });
        }
    };
    let mut there = BTreeMap::new();
    let mut findings = Vec::new();
    walk(folder, "", &mut |name, path, is_file| {
        if is_file {
            there.insert(name, digest(path)?);
        } else {
            findings.push(found(name, Problem::Form { why: "it is neither a file nor a folder".to_owned() }));
        }
        Ok(())
    })?;
    there.remove(MANIFEST);
    findings.extend(manifest.check(&there));
    Ok(CheckedFiles { files: manifest.files().len() as u64, findings })
}

/// Every file under a folder, by its path with `/`. Links are not followed.
fn walk(
    folder: &Path,
    under: &str,
    each: &mut dyn FnMut(String, &Path, bool) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        let kind = entry.file_type().map_err(unreadable(folder))?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.path(), kind));
    }
    names.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, path, kind) in names {
        let name = format!("{under}{name}");
        if kind.is_dir() {
            walk(&path, &format!("{name}/"), each)?;
        } else {
            each(name, &path, kind.is_file())?;
        }
    }
    Ok(())
}

fn digest(path: &Path) -> Result<Hash, Unreadable> {
    let mut file = File::open(path).map_err(unreadable(path))?;
    let (mut hasher, mut buffer) = (Hasher::default(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer).map_err(unreadable(path))? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&buffer[..read]),
        }
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Unreadable> {
    Ok(BufReader::with_capacity(BUFFER, File::open(path).map_err(unreadable(path))?))
}

/// A small file, whole; none where there is none. Of a larger one so much that it is seen to be too large.
fn small(path: &Path) -> Result<Option<Vec<u8>>, Unreadable> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(SMALL + 1).read_to_end(&mut bytes).map_err(unreadable(path))?;
    Ok(Some(bytes))
}

/// All files right in a folder, by name; none where there is no folder.
fn all_small(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Unreadable> {
    let mut files = BTreeMap::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        files.extend(small(&path)?.map(|bytes| (name, bytes)));
    }
    Ok(files)
}
