//! One writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::StoreError;

/// The file that is locked; who holds it stands in there.
pub(crate) const FILE: &str = "lock";

/// The right to write to a case, for as long as it lives. The system takes it back when a
/// process dies, so a killed writer never locks anybody out.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the lock and leaves `holder` there for others to read.
    pub(crate) fn take(dir: &Path, holder: &str) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let mut options = OpenOptions::new();
        let opened = options.read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(dir, &mut file)),
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path)(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(StoreError::io("write", &path))?;
        Ok(Self { _file: file })
    }
}

fn busy(dir: &Path, file: &mut File) -> StoreError {
    let mut holder = String::new();
    // Whoever holds it may be between taking it and signing: then nobody is named.
    if file.read_to_string(&mut holder).is_err() || holder.is_empty() {
        holder = "another process".to_owned();
    }
    StoreError::Busy { dir: dir.to_owned(), holder }
}
