//! Any file as rows of cells under names: what stands in it, before anybody says what it means.

mod csv;
mod etsi;
mod geojson;
mod json;
mod names;
mod osm;
mod parquet;
mod sql;
mod workbook;
mod xml;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::profile::{FileKind, Layout};
use crate::reason::Doubt;
use crate::reject::Reject;
use crate::source::Input;
use crate::value::Cell;

pub(crate) use csv::{CsvSheet, RowShape};

/// Whether a reader should go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Go {
    On,
    Enough,
}

/// A row as it stands in the file.
pub(crate) struct RawRow<'r> {
    /// CSV, JSON, SQL and XML: the physical line that it begins on. Workbooks and Parquet: the row, from 1.
    pub line: u64,
    pub cells: &'r [Cell<'r>],
    /// The row as a reject keeps it.
    pub raw: &'r dyn Fn() -> String,
}

/// What a reader found.
pub(crate) enum Found<'r> {
    Row(RawRow<'r>),
    Bad(Reject),
    /// Something about the file, or the row that follows.
    Doubt(Doubt),
}

/// Takes rows as they come.
pub(crate) type Take<'t> = dyn FnMut(Found<'_>) -> Result<Go, IngestError> + 't;

/// A file whose columns are known.
pub(crate) struct Sheet<'a> {
    pub names: Vec<String>,
    /// What was doubtful about the file.
    pub doubts: Vec<Doubt>,
    pub body: Body<'a>,
    pub layout: &'a Layout,
}

/// Where the rows come from.
pub(crate) enum Body<'a> {
    Csv(Box<CsvSheet>),
    Workbook(workbook::WorkbookSheet<'a>),
    Parquet(parquet::ParquetSheet<'a>),
    Json(json::JsonSheet<'a>),
    Etsi(etsi::EtsiSheet<'a>),
    Sql(sql::SqlSheet<'a>),
    Geojson(geojson::GeojsonSheet),
    Osm(osm::OsmSheet<'a>),
}

/// A body with its columns' names and what is doubtful about the file.
pub(crate) struct Opened<'a> {
    pub names: Vec<String>,
    pub doubts: Vec<Doubt>,
    pub body: Body<'a>,
}

impl<'a> Sheet<'a> {
    /// Opens a file by its layout.
    ///
    /// # Errors
    /// When it is refused or can't be read.
    pub(crate) fn open(input: &'a Input, layout: &'a Layout, options: &IngestOptions) -> Result<Self, IngestError> {
        let opened = match layout.kind {
            FileKind::Csv => csv::open(input, layout, options),
            FileKind::Workbook => workbook::open(input, layout),
            FileKind::Parquet => parquet::open(input),
            FileKind::Json => json::open(input, layout, options),
            FileKind::Etsi => etsi::open(input),
            FileKind::Sql => sql::open(input, layout),
            FileKind::Geojson => geojson::open(input),
            FileKind::Osm => osm::open(input),
        };
        let Opened { names, doubts, body } = opened?;
        Ok(Self { names, doubts, body, layout })
    }

    /// Which column has a name, as the file writes it or in other letters.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|other| other == name);
        exact.or_else(|| self.names.iter().position(|other| other.to_lowercase() == name.to_lowercase()))
    }

    /// The columns' names as a message shows them.
    pub(crate) fn shown_names(&self) -> String {
        self.names.iter().map(|name| crate::header::shown(name)).collect::<Vec<_>>().join(", ")
    }

    /// Reads every row, in the file's order, on this thread.
    pub(crate) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let mut fill = self.layout.fill_down.as_ref().and_then(|fill| names::FillDown::new(fill, &self.names));
        let mut filled = |found: Found<'_>| match (&mut fill, found) {
            (Some(fill), Found::Row(row)) => {
                let cells = fill.fill(row.cells);
                take(Found::Row(RawRow { cells: &cells, ..row }))
            }
            (_, found) => take(found),
        };
        match self.body {
            Body::Csv(sheet) => sheet.read(&mut filled),
            Body::Workbook(sheet) => sheet.read(&mut filled),
            Body::Parquet(sheet) => sheet.read(&mut filled),
            Body::Json(sheet) => sheet.read(&mut filled),
            Body::Etsi(sheet) => sheet.read(&mut filled),
            Body::Sql(sheet) => sheet.read(&mut filled),
            Body::Geojson(sheet) => sheet.read(&mut filled),
            Body::Osm(sheet) => sheet.read(&mut filled),
        }
    }
}

/// The first rows of a workbook's first sheet as they are stored: their numbers and texts.
pub(crate) fn workbook_rows(
    input: &Input,
    layout: &Layout,
    most: usize,
    each: &mut dyn FnMut(u64, &[String]),
) -> Result<(), IngestError> {
    workbook::first_rows(input, layout, most, each)
}
