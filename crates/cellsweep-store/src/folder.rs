//! A folder of the case as its readers have it: what lies in it, and the key that opens it.

use std::path::{Path, PathBuf};

use cellsweep_vault::Keeping;

use crate::StoreError;
use crate::atomic::{create_private_dir, files_under};

/// An import's or a run's folder.
#[derive(Debug, Clone)]
pub struct Folder {
    dir: PathBuf,
    keeping: Keeping,
}

impl Folder {
    pub(crate) fn new(dir: PathBuf, keeping: Keeping) -> Self {
        Self { dir, keeping }
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How its files are kept.
    pub fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    /// Whether it has such a file.
    pub fn has(&self, name: &str) -> bool {
        self.dir.join(name).exists()
    }

    /// Its files' names, folders before them, in order.
    ///
    /// # Errors
    /// When it can't be listed.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let files = files_under(&self.dir)?;
        Ok(files.iter().map(|path| crate::staging::relative(&self.dir, path)).collect())
    }

    /// What a file holds.
    ///
    /// # Errors
    /// When it isn't there, or isn't what was written.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let path = self.dir.join(name);
        self.keeping.read(&path).map_err(StoreError::io("read", &path))
    }

    /// A file that holds text.
    ///
    /// # Errors
    /// As [`Folder::read`], and when it is no text.
    pub fn read_text(&self, name: &str) -> Result<String, StoreError> {
        String::from_utf8(self.read(name)?).map_err(StoreError::table(&self.dir.join(name)))
    }

    /// Copies what its files hold into a folder outside the case.
    ///
    /// # Errors
    /// When one can't be read or written.
    pub fn copy_to(&self, out: &Path) -> Result<(), StoreError> {
        for path in files_under(&self.dir)? {
            let target = out.join(path.strip_prefix(&self.dir).unwrap_or(&path));
            target.parent().map_or(Ok(()), create_private_dir)?;
            let bytes = self.keeping.read(&path).map_err(StoreError::io("read", &path))?;
            std::fs::write(&target, bytes).map_err(StoreError::io("write", &target))?;
        }
        Ok(())
    }
}
