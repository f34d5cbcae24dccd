//! Rows that did not go on, with the reason.

use std::path::{Path, PathBuf};

use cellsweep_vault::{Keeping, Sink};

use crate::StoreError;

/// Its name in the import's folder.
pub const FILE: &str = "quarantine.csv";

/// Its columns.
const COLUMNS: [&str; 6] = ["file", "line", "column", "reason", "detail", "raw"];

/// Writes `quarantine.csv` as rejects come; without any there is no file.
pub struct Quarantine {
    path: PathBuf,
    keeping: Keeping,
    file_name: String,
    writer: Option<csv::Writer<Sink>>,
}

impl Quarantine {
    pub(crate) fn new(dir: &Path, keeping: &Keeping, file_name: &str) -> Self {
        let path = dir.join(FILE);
        Self { path, keeping: keeping.clone(), file_name: file_name.to_owned(), writer: None }
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

    fn writer(&mut self) -> Result<&mut csv::Writer<Sink>, StoreError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => open(&self.keeping, &self.path)?,
        };
        Ok(self.writer.insert(writer))
    }

    /// Flushes what was written.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn finish(self) -> Result<(), StoreError> {
        let Some(writer) = self.writer else { return Ok(()) };
        let written = writer.into_inner().map_err(csv::IntoInnerError::into_error);
        written.and_then(Sink::finish).map_err(StoreError::io("write", &self.path))
    }
}

fn open(keeping: &Keeping, path: &Path) -> Result<csv::Writer<Sink>, StoreError> {
    let sink = keeping.create(path).map_err(StoreError::io("create", path))?;
    let mut writer = csv::Writer::from_writer(sink);
    writer.write_record(COLUMNS).map_err(StoreError::table(path))?;
    Ok(writer)
}
