//! Rows that did not go on, with the reason.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// The columns of `quarantine.csv`.
const COLUMNS: [&str; 6] = ["file", "line", "column", "reason", "detail", "raw"];

/// Writes `quarantine.csv` as rejects come; without any there is no file.
pub struct Quarantine {
    path: PathBuf,
    file_name: String,
    writer: Option<csv::Writer<File>>,
}

impl Quarantine {
    pub(crate) fn new(dir: &Path, file_name: &str) -> Self {
        Self { path: dir.join("quarantine.csv"), file_name: file_name.to_owned(), writer: None }
    }

    /// Takes one rejected row.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push(&mut self, line: u64, column: &str, reason: &str, detail: &str, raw: &str) -> Result<(), StoreError> {
        let row = [&self.file_name, &line.to_string(), column, reason, detail, raw].map(str::to_owned);
        let path = self.path.clone();
        self.writer()?.write_record(&row).map_err(StoreError::table(&path))
    }

    fn writer(&mut self) -> Result<&mut csv::Writer<File>, StoreError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => open(&self.path)?,
        };
        Ok(self.writer.insert(writer))
    }

    /// Flushes what was written.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn finish(self) -> Result<(), StoreError> {
        let Some(mut writer) = self.writer else { return Ok(()) };
        writer.flush().map_err(StoreError::io("write", &self.path))
    }
}

fn open(path: &Path) -> Result<csv::Writer<File>, StoreError> {
    let file = File::create(path).map_err(StoreError::io("create", path))?;
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(COLUMNS).map_err(StoreError::table(path))?;
    Ok(writer)
}
