//! A whole copy of a case elsewhere, and a case again from such a copy.
//!
//! The copy's log lies in SQLite, whatever the case's own lies in: what can read it is in this program. The data keys go to
//! a folder of their own, since whoever erases something has to reach every copy of them, and no copy of the rest; the key
//! that opens the case goes with them where the case's own folder has it.

use std::path::{Path, PathBuf};

use cellsweep_model::case::Digest;

use crate::StoreError;
use crate::atomic::{create_private, create_private_dir, digest_of_file, entries, files_under, sync_dir};
use crate::case::{imports_dir, runs_dir, staging_dir};
use crate::keys::IN_CASE;
use crate::place::{CasePlace, DATABASES, FILE, KEYS};
use crate::staging::relative;
use crate::writer::CaseWriter;
use crate::{lock, moving};

/// The list of a copy's files, as `sha256sum --check` reads it.
const SUMS: &str = "backup.sha256";

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Files, without the list of them.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl CaseWriter {
    /// Copies the case into `out`, and its data keys into `keys`; neither is there yet. Nobody else writes to the case
    /// meanwhile but those whose looks are noted; the copy is of one moment.
    ///
    /// # Errors
    /// When something lies there already, or what is to be copied can't be read or written.
    pub fn backup(&self, out: &Path, keys: &Path) -> Result<Copied, StoreError> {
        let dir = self.case.dir();
        let Some(place) = CasePlace::read(dir)? else { return Err(StoreError::NotACase { dir: dir.to_owned() }) };
        new_folders(&[out, keys])?;
        let copied = CasePlace { postgres: None, ..place };
        let database = copied.database(out, true)?;
        moving::copy(&self.db, &database)?;
        drop(database);
        for path in files_under(out)? {
            if name(&path).starts_with(KEYS) {
                rename(&path, &keys.join(name(&path)))?;
            }
        }
        if dir.join(IN_CASE).exists() {
            copy(&dir.join(IN_CASE), &keys.join(IN_CASE))?;
        }
        for path in own_files(dir)? {
            copy(&path, &out.join(relative(dir, &path)))?;
        }
        let path = out.join(FILE);
        create_private(&path, &copied.bytes().map_err(StoreError::table(&path))?)?;
        list_files(keys)?;
        list_files(out)
    }
}

/// Makes folders for a copy that only their owner may enter.
///
/// # Errors
/// When something lies there already, or one can't be made.
pub fn new_folders(folders: &[&Path]) -> Result<(), StoreError> {
    folders.iter().try_for_each(|folder| must_be_new(folder))?;
    folders.iter().try_for_each(|folder| create_private_dir(folder))
}

/// Copies every file under a folder to the same place under another.
///
/// # Errors
/// When one can't be read or written.
pub fn copy_files(from: &Path, to: &Path) -> Result<(), StoreError> {
    files_under(from)?.iter().try_for_each(|path| copy(path, &to.join(relative(from, path))))
}

/// Puts copies' files together in `dir`, which isn't there yet: a case of its copy and its keys. Each file is held against
/// its copy's list first; `case.json` comes last, so that what a killed process leaves is no case.
///
/// # Errors
/// When something lies there already, a file of a copy is missing, altered or not in its list, or one can't be read or
/// written.
pub fn restore(copies: &[&Path], dir: &Path) -> Result<Copied, StoreError> {
    must_be_new(dir)?;
    let whole: Vec<_> = copies.iter().map(|&from| Ok((from, checked(from)?))).collect::<Result<_, StoreError>>()?;
    let files = whole.iter().flat_map(|(from, files)| files.iter().map(|file| (*from, file.as_path())));
    let (last, first): (Vec<_>, Vec<_>) = files.partition(|(_, file)| name(file) == FILE);
    create_private_dir(dir)?;
    if !last.is_empty() {
        [staging_dir(dir), imports_dir(dir), runs_dir(dir)].iter().try_for_each(|folder| create_private_dir(folder))?;
    }
    let mut copied = Copied { files: 0, bytes: 0 };
    for (from, file) in first.into_iter().chain(last) {
        copy(file, &dir.join(relative(from, file)))?;
        copied = Copied { files: copied.files + 1, bytes: copied.bytes + size(file)? };
    }
    Ok(copied)
}

/// A case's files but for its databases, its lock, what is being made, and its key.
fn own_files(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let staging = staging_dir(dir);
    let mut files = files_under(dir)?;
    files.retain(|path| {
        let within = relative(dir, path);
        let apart = [FILE, lock::FILE, IN_CASE].contains(&within.as_str()) || DATABASES.contains(&within.as_str());
        !apart && !path.starts_with(&staging)
    });
    Ok(files)
}

/// Writes the list of a copy's files into its folder.
///
/// # Errors
/// When one can't be read, or there is a list.
pub fn list_files(dir: &Path) -> Result<Copied, StoreError> {
    let (mut lines, mut copied) = (String::new(), Copied { files: 0, bytes: 0 });
    for path in files_under(dir)? {
        let Digest(digest) = digest_of_file(&path)?;
        lines += &format!("{digest}  {}\n", relative(dir, &path));
        copied = Copied { files: copied.files + 1, bytes: copied.bytes + size(&path)? };
    }
    create_private(&dir.join(SUMS), lines.as_bytes())?;
    Ok(copied)
}

/// A copy's files, once each is what its list says and none is there besides.
fn checked(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let list = dir.join(SUMS);
    let text = std::fs::read_to_string(&list).map_err(StoreError::io("read", &list))?;
    let mut listed = std::collections::BTreeMap::new();
    for line in text.lines() {
        let Some((digest, name)) = line.split_once("  ") else {
            return Err(StoreError::DamagedBackup { path: list, why: "a line is no digest and name" });
        };
        listed.insert(name, digest);
    }
    let files: Vec<PathBuf> = files_under(dir)?.into_iter().filter(|path| *path != list).collect();
    for path in &files {
        match listed.remove(relative(dir, path).as_str()) {
            Some(digest) if digest_of_file(path)?.0 == digest => {}
            Some(_) => return Err(StoreError::DamagedBackup { path: path.clone(), why: "it was altered" }),
            None => return Err(StoreError::DamagedBackup { path: path.clone(), why: "it is not in the copy's list" }),
        }
    }
    match listed.keys().next() {
        Some(name) => Err(StoreError::DamagedBackup { path: dir.join(name), why: "it is missing" }),
        None => Ok(files),
    }
}

fn must_be_new(dir: &Path) -> Result<(), StoreError> {
    match dir.exists() && !entries(dir)?.is_empty() {
        true => Err(StoreError::NotEmpty { dir: dir.to_owned() }),
        false => Ok(()),
    }
}

/// Copies a file, and has it on the disk when it returns.
fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    to.parent().map_or(Ok(()), create_private_dir)?;
    std::fs::copy(from, to).map_err(StoreError::io("copy", from))?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(StoreError::io("flush", to))?;
    to.parent().map_or(Ok(()), sync_dir)
}

/// Moves a file, to another disk too.
fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    copy(from, to)?;
    std::fs::remove_file(from).map_err(StoreError::io("remove", from))
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn size(path: &Path) -> Result<u64, StoreError> {
    std::fs::metadata(path).map(|file| file.len()).map_err(StoreError::io("read", path))
}
