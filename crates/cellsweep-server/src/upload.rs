//! Files on their way in, piece by piece: a line that breaks costs the piece that was on it.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cellsweep_accounts::PersonId;
use cellsweep_flow::{CaseWriter, Coming, FileOutcome, FlowError, Originals, Session, import_files};
use cellsweep_model::table::Table;
use jiff::{SignedDuration, Timestamp};

use crate::problem::Problem;

/// The largest piece, in bytes.
pub const PIECE: usize = 8 << 20;
/// The largest file, in bytes.
const LARGEST: u64 = 1 << 40;
/// Uploads that one person may have under way.
const EACH: usize = 20;
/// An upload of which nothing came for so long is dropped.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// A file on its way in.
#[derive(Debug)]
pub struct Upload {
    of: PersonId,
    name: String,
    size: u64,
    table: Table,
    authority: Option<String>,
    offset: u64,
    last: Timestamp,
    busy: bool,
}

impl Upload {
    /// One of which nothing has come yet.
    ///
    /// # Errors
    /// Where the name leads to a folder, the file is too large, or nobody can tell which table it is.
    pub fn new(
        of: &PersonId,
        name: &str,
        size: u64,
        table: Option<&str>,
        authority: Option<String>,
    ) -> Result<Self, Problem> {
        let plain = !name.contains(['/', '\\', ':']) && !name.starts_with('.') && !name.chars().any(char::is_control);
        if !plain || name.is_empty() || name.chars().count() > 200 {
            tracing::warn!(person = %of, "an upload whose name is no plain file name was refused");
            return Err(Problem::field("name", "A file's own name, without folders, of up to 200 characters."));
        }
        if size == 0 || size > LARGEST {
            return Err(Problem::field("size", format!("A file has between 1 and {LARGEST} bytes.")));
        }
        let stem = name.split('.').next().unwrap_or_default();
        let table = match table {
            Some(word) => Table::from_name(word),
            None => Table::ALL.into_iter().find(|table| stem.starts_with(table.name())),
        };
        let table = table.ok_or_else(|| Problem::field("table", "Say which table it is."))?;
        Ok(Self {
            of: of.clone(),
            name: name.to_owned(),
            size,
            table,
            authority,
            offset: 0,
            last: Timestamp::now(),
            busy: false,
        })
    }
}

/// All that are under way, and where their bytes are.
#[derive(Debug)]
pub struct Uploads {
    dir: PathBuf,
    list: Mutex<HashMap<String, Upload>>,
}

/// A file that has wholly come, to be imported; its bytes are gone when this is.
#[derive(Debug)]
pub struct Arrived {
    dir: PathBuf,
    upload: Upload,
}

impl Uploads {
    /// None yet, in a folder of their own.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, list: Mutex::default() }
    }

    /// Begins one; its number.
    ///
    /// # Errors
    /// Where somebody has too many under way, or the disk refuses.
    pub fn begin(&self, upload: Upload) -> Result<String, Problem> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        let old = |upload: &Upload| !upload.busy && now.duration_since(upload.last) > FORGOTTEN;
        for id in list.iter().filter(|(_, upload)| old(upload)).map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            list.remove(&id);
            _ = std::fs::remove_dir_all(self.dir.join(id));
        }
        if list.values().filter(|other| other.of == upload.of).count() >= EACH {
            return Err(Problem::invalid(format!("{EACH} uploads are under way: finish some first.")));
        }
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Problem::internal(&error))?;
        let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let dir = self.dir.join(&id);
        std::fs::create_dir_all(&dir)
            .and_then(|()| File::create(dir.join(&upload.name)))
            .map_err(|error| Problem::internal(&error))?;
        list.insert(id.clone(), upload);
        Ok(id)
    }

    /// Takes a piece; how much has come.
    ///
    /// # Errors
    /// Where it isn't the next one, is too much, or the disk refuses.
    pub fn piece(&self, id: &str, of: &PersonId, offset: u64, bytes: &[u8]) -> Result<u64, Problem> {
        let path = {
            let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
            let upload = own(&mut list, id, of)?;
            if upload.busy {
                return Err(Problem::stale("Another piece of this file is being written."));
            }
            if upload.offset != offset {
                return Err(Problem::goes_on(upload.offset));
            }
            if bytes.len() > PIECE || offset + bytes.len() as u64 > upload.size {
                return Err(Problem::field(
                    "Upload-Offset",
                    "The piece is longer than what is left of the file, or than 8 MiB.",
                ));
            }
            upload.busy = true;
            self.dir.join(id).join(&upload.name)
        };
        let written = append(&path, offset, bytes);
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let upload = own(&mut list, id, of)?;
        upload.busy = false;
        written.map_err(|error| Problem::internal(&error))?;
        upload.offset += bytes.len() as u64;
        upload.last = Timestamp::now();
        Ok(upload.offset)
    }

    /// Takes a file that has wholly come out of the list.
    ///
    /// # Errors
    /// Where something of it is missing.
    pub fn take(&self, id: &str, of: &PersonId) -> Result<Arrived, Problem> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let upload = own(&mut list, id, of)?;
        if upload.busy || upload.offset != upload.size {
            return Err(Problem::stale(format!("{} of {} bytes have come.", upload.offset, upload.size)));
        }
        let upload = list.remove(id).ok_or_else(none)?;
        Ok(Arrived { dir: self.dir.join(id), upload })
    }
}

fn none() -> Problem {
    Problem::not_found("There is no such upload of yours.")
}

fn own<'a>(list: &'a mut HashMap<String, Upload>, id: &str, of: &PersonId) -> Result<&'a mut Upload, Problem> {
    list.get_mut(id).filter(|upload| upload.of == *of).ok_or_else(none)
}

fn append(path: &Path, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)?;
    file.sync_data()
}

impl Arrived {
    /// Imports it: rows that went on and rows in quarantine.
    ///
    /// # Errors
    /// As [`import_files`], and where the file can't be used.
    pub fn import(&self, case: &mut CaseWriter, session: &Session<'_>) -> Result<(u64, u64), FlowError> {
        let coming = Coming {
            table: self.upload.table,
            profile: None,
            authority: self.upload.authority.as_deref(),
            originals: Originals::AsTheCaseWants,
            persons: None,
        };
        let summary = import_files(case, coming, &[self.dir.join(&self.upload.name)], session)?;
        match summary.files.into_iter().next() {
            Some(FileOutcome::Imported { import, .. }) => Ok((import.rows.kept, import.rows.rejected_total())),
            Some(FileOutcome::Refused { why, hint, .. }) => Err(FlowError::Limits { why, hint: Some(hint) }),
            Some(FileOutcome::SameBytes { .. }) | None => Ok((0, 0)),
        }
    }
}

impl Drop for Arrived {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.dir) {
            tracing::warn!(%error, "an upload's bytes could not be removed");
        }
    }
}
