//! Writes that are there whole or not at all, and digests of what was written.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use cellsweep_model::case::Digest;
use cellsweep_vault::Keeping;
use sha2::{Digest as _, Sha256};

use crate::StoreError;

/// Replaces a file: written beside in `staging`, flushed, renamed, and the rename flushed too.
pub(crate) fn replace(path: &Path, staging: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut temporary = tempfile::NamedTempFile::new_in(staging).map_err(StoreError::io("write into", staging))?;
    temporary.write_all(bytes).map_err(StoreError::io("write", path))?;
    temporary.as_file().sync_all().map_err(StoreError::io("flush", path))?;
    temporary.persist(path).map_err(|error| StoreError::io("replace", path)(error.error))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Flushes a folder's entries.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    // Only Unix lets a folder be opened and flushed; elsewhere the rename is all there is.
    if cfg!(unix) {
        File::open(dir).and_then(|handle| handle.sync_all()).map_err(StoreError::io("flush", dir))?;
    }
    Ok(())
}

/// Creates a folder, and those above it, that only its owner may enter: a case holds people's
/// data.
pub(crate) fn create_private_dir(dir: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(StoreError::io("create", dir))
}

/// Writes a new file that only its owner may read: a secret.
///
/// # Errors
/// When something lies there already, or it cannot be written.
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(StoreError::io("create", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(StoreError::io("write", path))?;
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).map_or(Ok(()), sync_dir)
}

/// The SHA-256 of a file's bytes.
///
/// # Errors
/// When it can't be read.
pub fn digest_of_file(path: &Path) -> Result<Digest, StoreError> {
    digest_of_kept(&Keeping::Plain, path)
}

/// The SHA-256 of what a file of the case holds.
pub(crate) fn digest_of_kept(keeping: &Keeping, path: &Path) -> Result<Digest, StoreError> {
    let source = keeping.open(path).map_err(StoreError::io("read", path))?;
    let mut file = source.stream();
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = file.read(&mut buffer).map_err(StoreError::io("read", path))?;
        if read == 0 {
            return Ok(hexadecimal(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

/// The SHA-256 of some bytes, in lower-case hexadecimal.
pub fn digest_of(bytes: &[u8]) -> String {
    digest_of_bytes(bytes).0
}

/// The SHA-256 of some bytes.
pub(crate) fn digest_of_bytes(bytes: &[u8]) -> Digest {
    hexadecimal(&Sha256::digest(bytes))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> Digest {
    Digest(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Every file under a folder, sorted.
pub(crate) fn files_under(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut files = Vec::new();
    let mut pending = vec![dir.to_owned()];
    while let Some(folder) = pending.pop() {
        for path in entries(&folder)? {
            if path.is_dir() { pending.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// What lies directly in a folder, sorted.
pub(crate) fn entries(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listing = fs::read_dir(dir).map_err(StoreError::io("list", dir))?;
    let mut paths = Vec::new();
    for entry in listing {
        paths.push(entry.map_err(StoreError::io("list", dir))?.path());
    }
    paths.sort();
    Ok(paths)
}
