//! How rows and fields stand in a file.

use serde::{Deserialize, Serialize};

/// Which reader takes a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Text with a separator between fields; gzip and Zstandard too.
    #[default]
    Csv,
    /// A workbook: .xlsx, .xls or .ods, told by its first bytes.
    Workbook,
    /// Parquet.
    Parquet,
    /// A JSON object a line, or an array of objects.
    Json,
    /// Retained data as ETSI TS 102 657 hands them over.
    Etsi,
    /// A database dump: `INSERT INTO … VALUES …`.
    Sql,
    /// A GeoJSON FeatureCollection.
    Geojson,
    /// OpenStreetMap, XML or PBF: its prisons.
    Osm,
}

/// How a dump writes a quote within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escapes {
    /// Behind a backslash, as MySQL and MariaDB do, or doubled.
    Backslash,
    /// Doubled; a backslash is a sign like any other.
    Doubled,
}

/// How rows and fields stand in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layout {
    /// Which reader takes it.
    pub kind: FileKind,
    /// CSV: what stands between fields.
    pub delimiter: char,
    /// Text: the encoding's name, as browsers know it (`utf-8`, `windows-1252`, `utf-16le`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Lines (of a workbook: rows) before the header, blank ones too.
    #[serde(skip_serializing_if = "is_zero")]
    pub preamble: usize,
    /// Lines of the header; 0 where there is none and `names` says them.
    pub header: usize,
    /// The columns' names where the file has none, or others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Workbook: the sheet's name or its number from 1. SQL: the table's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// SQL: what a backslash in a text is; told by the dump itself where it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escapes: Option<Escapes>,
    /// Lines that begin like this are passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Values that mean "nothing there".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blank: Vec<String>,
    /// Rows may be shorter than the header, or have blank fields behind its end.
    #[serde(skip_serializing_if = "is_false")]
    pub ragged: bool,
    /// Blank values that mean "as in the row above".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_down: Option<FillDown>,
}

/// Blank values that mean "as in the row above".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillDown {
    /// Only as long as this column's value stays the same (or is blank itself).
    pub while_same: String,
    /// Which columns.
    pub columns: Vec<String>,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            kind: FileKind::Csv,
            delimiter: ',',
            encoding: None,
            preamble: 0,
            header: 1,
            names: Vec::new(),
            sheet: None,
            escapes: None,
            comment: None,
            blank: Vec::new(),
            ragged: false,
            fill_down: None,
        }
    }
}

impl Layout {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}
