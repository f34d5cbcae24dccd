//! Why a file is refused, and what to do about it.

use std::path::{Path, PathBuf};

/// An error of the caller's own, carried through.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A file that can't be imported.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file is not what it should be.
    #[error("{}{}: {why}", path.display(), line.map_or_else(String::new, |line| format!(", line {line}")))]
    Refused {
        /// Which file.
        path: PathBuf,
        /// Where in it, where that applies.
        line: Option<u64>,
        /// Why.
        why: Refusal,
    },
    /// The file can't be read.
    #[error("{}: can't be read: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The caller's sink failed.
    #[error("rows could not be passed on: {0}")]
    Sink(BoxError),
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such file.
    #[error("there is no such file")]
    Missing,
    /// A folder.
    #[error("this is a folder, not a file")]
    Folder,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file, by its first bytes.
    #[error("this is {0}, not a table")]
    OtherFormat(&'static str),
    /// The name says Parquet, the first bytes don't.
    #[error("the file's name says Parquet, its content does not")]
    NotParquet,
    /// Parquet that can't be read.
    #[error("the Parquet file is cut off or damaged: {0}")]
    BrokenParquet(String),
    /// Parquet within gzip or zstd.
    #[error("this is a compressed Parquet file")]
    CompressedParquet,
    /// A checksum or the compressed stream is wrong.
    #[error("the compressed data are damaged: {0}")]
    Damaged(String),
    /// UTF-16 that doesn't say so.
    #[error("this looks like UTF-16{} without a byte order mark", if *big_endian { "BE" } else { "LE" })]
    Utf16WithoutMark {
        /// Which half of a character comes first.
        big_endian: bool,
    },
    /// Another separator than the comma.
    #[error("fields are separated by {0}, not by commas")]
    Delimiter(Delimiter),
    /// The first line is not a header.
    #[error("the first line is not a header: none of {expected} is in it")]
    NoHeader {
        /// The contract's columns.
        expected: String,
    },
    /// Columns that must be there aren't.
    #[error("{}; found {found}", missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    MissingColumns {
        /// Which ones, with the nearest found.
        missing: Vec<MissingColumn>,
        /// What the header has.
        found: String,
    },
    /// A name twice in the header.
    #[error("column `{0}` stands twice in the header")]
    DuplicateColumn(String),
    /// The header line is longer than lines may be, or its quotes are not closed.
    #[error("the header can't be read: {0}")]
    BrokenHeader(&'static str),
    /// A timestamp column without a time zone.
    #[error("column `{0}` has no time zone")]
    NoTimeZone(&'static str),
    /// A column of a type that can't hold such values.
    #[error("column `{column}` is {found}, not {expected}")]
    ColumnType {
        /// Which.
        column: &'static str,
        /// Its type in the file.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// JSON that isn't.
    #[error("this is not valid JSON: {0}")]
    BrokenJson(String),
    /// JSON that isn't a FeatureCollection.
    #[error("this is not a GeoJSON FeatureCollection")]
    NotFeatures,
    /// Coordinates in another reference system.
    #[error("the coordinates are in {0}, not in WGS 84")]
    OtherCrs(String),
    /// So many operators that the column must be something else.
    #[error("the file names more than 65535 operators")]
    TooManyOperators,
    /// Our own mistake.
    #[error("internal error: {0}")]
    Internal(&'static str),
}

/// What separates fields where commas should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Bar,
}

impl Delimiter {
    pub(crate) const ALL: [Delimiter; 3] = [Delimiter::Semicolon, Delimiter::Tab, Delimiter::Bar];

    pub(crate) const fn byte(self) -> u8 {
        match self {
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
            Delimiter::Bar => b'|',
        }
    }

    const fn hint(self) -> &'static str {
        macro_rules! convert {
            ($delimiter:literal) => {
                concat!(
                    "save it with commas: `python3 -c \"import csv, sys; csv.writer(sys.stdout).writerows(",
                    "csv.reader(sys.stdin, delimiter='",
                    $delimiter,
                    "'))\" < IN > OUT`"
                )
            };
        }
        match self {
            Delimiter::Semicolon => convert!(";"),
            Delimiter::Tab => convert!("\\t"),
            Delimiter::Bar => convert!("|"),
        }
    }
}

impl std::fmt::Display for Delimiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Delimiter::Semicolon => "semicolons",
            Delimiter::Tab => "tabs",
            Delimiter::Bar => "vertical bars",
        })
    }
}

/// A column that must be there and isn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its name.
    pub column: &'static str,
    /// The nearest name in the file, where one is near.
    pub nearest: Option<String>,
}

impl std::fmt::Display for MissingColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "column `{}` is missing", self.column)?;
        match &self.nearest {
            Some(nearest) => write!(f, " (is it `{nearest}`?)"),
            None => Ok(()),
        }
    }
}

impl IngestError {
    pub(crate) fn refused(path: &Path, why: Refusal) -> Self {
        Self::Refused { path: path.to_owned(), line: None, why }
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::refused(path, Refusal::Missing),
            std::io::ErrorKind::IsADirectory => Self::refused(path, Refusal::Folder),
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &str {
        match self {
            Self::Refused { why, .. } => why.hint(),
            Self::Io { .. } => "check that the file may be read and its disk is well",
            Self::Sink(_) => "see the cause; nothing is wrong with the file",
        }
    }

    /// The file, where the error is about one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Refused { path, .. } | Self::Io { path, .. } => Some(path),
            Self::Sink(_) => None,
        }
    }
}

impl Refusal {
    fn hint(&self) -> &'static str {
        match self {
            Refusal::Missing => "check the path",
            Refusal::Folder => "name the files in it, for example `FOLDER/*.csv`",
            Refusal::Empty => "ask for the file again: nothing arrived",
            Refusal::OtherFormat(_) => "unpack it, or save it as CSV (UTF-8) or Parquet",
            Refusal::NotParquet => {
                "give the file the name of what it is (.csv, .csv.gz, .csv.zst), or ask for it again"
            }
            Refusal::BrokenParquet(_) | Refusal::Damaged(_) => {
                "ask for the file again and compare sizes or digests with the sender"
            }
            Refusal::CompressedParquet => "decompress it first: Parquet is compressed inside",
            Refusal::Utf16WithoutMark { big_endian: false } => "convert it: `iconv -f UTF-16LE -t UTF-8 IN > OUT`",
            Refusal::Utf16WithoutMark { big_endian: true } => "convert it: `iconv -f UTF-16BE -t UTF-8 IN > OUT`",
            Refusal::Delimiter(delimiter) => delimiter.hint(),
            Refusal::NoHeader { .. } => "put the contract's header line first",
            Refusal::MissingColumns { .. } => "rename or add the columns so that they carry the contract's names",
            Refusal::DuplicateColumn(_) => "rename or take out one of the two",
            Refusal::BrokenHeader(_) => "look at the first line: it must hold the columns' names, separated by commas",
            Refusal::NoTimeZone(_) => "ask which zone the times are in and write the column as a UTC timestamp",
            Refusal::ColumnType { .. } => "write the column as text or as the type that the contract names",
            Refusal::BrokenJson(_) => "ask for the file again: it may be cut off",
            Refusal::NotFeatures => "save it as a GeoJSON FeatureCollection of Polygons",
            Refusal::OtherCrs(_) => "convert it, for example `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.geojson`",
            Refusal::TooManyOperators => "check that `operator` says who recorded the event",
            Refusal::Internal(_) => "report this as a fault of cellsweep",
        }
    }
}
