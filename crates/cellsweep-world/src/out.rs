//! Small CSV tables, shuffled unless time orders them.

use std::path::Path;

use crate::WorldError;

/// A table in the making.
pub(crate) struct Table {
    header: &'static str,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a comma-separated header.
    pub(crate) fn new(header: &'static str) -> Table {
        Table { header, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }

    /// Orders rows by their first column: for tables that start with a time.
    pub(crate) fn by_time(mut self) -> Table {
        self.rows.sort();
        self
    }

    /// Orders rows at random: for tables whose order would tell how they were made.
    pub(crate) fn shuffled(mut self, rng: &mut crate::rng::Gen) -> Table {
        crate::rng::shuffle(rng, &mut self.rows);
        self
    }

    /// Writes it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), WorldError> {
        let mut writer = csv::Writer::from_path(path)?;
        writer.write_record(self.header.split(','))?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.flush().map_err(|source| WorldError::Write { path: path.to_owned(), source })
    }
}
