//! What a profile makes of a file's first rows, shown beside what stood there: a test before an import.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::profile::{MapState, Mapper};
use crate::reason::Doubt;
use crate::shape::{Shape, rejected};
use crate::sheet::{Found, Go, RawRow, Sheet};
use crate::source::Input;
use crate::tables::RowCheck;
use crate::value::Cell;

/// What a profile makes of a file's first rows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Preview {
    /// The file's columns.
    pub names: Vec<String>,
    /// The contract's columns that the profile fills.
    pub columns: Vec<String>,
    /// The first rows, before and after.
    pub rows: Vec<PreviewRow>,
    /// Rows looked at.
    pub read: u64,
    /// Rows that would go on.
    pub kept: u64,
    /// Rows that would go to quarantine, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Doubts about rows that would go on, and about the file.
    pub doubts: BTreeMap<String, u64>,
}

/// One row, before and after.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewRow {
    /// Where it stands in the file.
    pub line: u64,
    /// As the file has it, by the file's columns.
    pub before: Vec<String>,
    /// As the contract has it, by `columns`; nothing where it can't be used.
    pub after: Option<Vec<String>>,
    /// Why it can't be used.
    pub why: Option<String>,
}

/// Tries a profile on a file's first rows; `shown` of them are given back whole.
///
/// # Errors
/// When the file isn't as the profile says.
pub fn preview(
    path: &Path,
    shape: &Shape<'_>,
    shown: usize,
    looked_at: u64,
    options: &IngestOptions,
) -> Result<Preview, IngestError> {
    let input = Input::file(path)?;
    let joins = shape.joins(&input, options)?;
    let sheet = Sheet::open(&input, &shape.profile.file, options)?;
    let mapper = Mapper::new(shape.profile, &sheet.names, joins).map_err(|why| input.refuse(why))?;
    let filled = |name: &str| {
        shape.profile.columns.contains_key(name) || (name == "operator" && shape.profile.operator.is_some())
    };
    let places: Vec<usize> = (0..shape.profile.table.columns().len())
        .filter(|place| filled(shape.profile.table.columns()[*place].name))
        .collect();
    let columns = places.iter().map(|place| shape.profile.table.columns()[*place].name.to_owned()).collect();
    let mut trial = Trial {
        shape,
        mapper: &mapper,
        state: MapState::default(),
        places,
        shown,
        preview: Preview { names: sheet.names.clone(), columns, ..Preview::default() },
    };
    let unused = shape.unused(&sheet, &mapper);
    for doubt in sheet.doubts.iter().chain(&unused) {
        trial.doubt(doubt, 1);
    }
    sheet.read(&mut |found| {
        trial.take(found);
        Ok(if trial.preview.read < looked_at { Go::On } else { Go::Enough })
    })?;
    let Trial { state, mut preview, .. } = trial;
    for (doubt, count) in state.doubts.into_iter().chain(mapper.join_doubts()).filter(|(_, count)| *count > 0) {
        *preview.doubts.entry(doubt.to_string()).or_default() += count;
    }
    Ok(preview)
}

struct Trial<'a> {
    shape: &'a Shape<'a>,
    mapper: &'a Mapper,
    state: MapState,
    places: Vec<usize>,
    shown: usize,
    preview: Preview,
}

impl Trial<'_> {
    fn doubt(&mut self, doubt: &Doubt, count: u64) {
        *self.preview.doubts.entry(doubt.to_string()).or_default() += count;
    }

    fn take(&mut self, found: Found<'_>) {
        match found {
            Found::Row(row) => self.row(&row),
            Found::Doubt(doubt) => self.doubt(&doubt, 1),
            Found::Bad(bad) => self.reject(bad.line, Vec::new(), &bad.sentence(), &bad.detail),
        }
    }

    fn reject(&mut self, line: u64, before: Vec<String>, sentence: &str, detail: &str) {
        self.preview.read += 1;
        *self.preview.rejected.entry(sentence.to_owned()).or_default() += 1;
        let why = if detail.is_empty() { sentence.to_owned() } else { format!("{sentence} ({detail})") };
        self.show(PreviewRow { line, before, after: None, why: Some(why) });
    }

    fn show(&mut self, row: PreviewRow) {
        if self.preview.rows.len() < self.shown {
            self.preview.rows.push(row);
        }
    }

    fn row(&mut self, row: &RawRow<'_>) {
        let text =
            |cell: &Cell<'_>| cell.printed().map_or_else(String::new, |text| crate::value::decode(&text).into_owned());
        let before: Vec<String> = row.cells.iter().map(text).collect();
        let table = self.shape.profile.table;
        let values = match self.mapper.map(row.cells, &mut self.state) {
            Ok(values) => values,
            Err(blame) => {
                let reject = rejected(table, row.line, &blame, String::new());
                return self.reject(row.line, before, &reject.sentence(), &reject.detail);
            }
        };
        let cells: Vec<Cell<'_>> = values.iter().map(|value| value.cell()).collect();
        match RowCheck::of(table, &cells) {
            Err((sentence, detail)) => self.reject(row.line, before, &sentence, &detail),
            Ok(RowCheck { texts, doubts }) => {
                self.state.kept();
                self.preview.read += 1;
                self.preview.kept += 1;
                doubts.iter().for_each(|doubt| self.doubt(doubt, 1));
                let after = self.places.iter().map(|place| texts[*place].clone()).collect();
                self.show(PreviewRow { line: row.line, before, after: Some(after), why: None });
            }
        }
    }
}
