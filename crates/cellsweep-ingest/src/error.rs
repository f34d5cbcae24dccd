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
    /// A profile that can't be used.
    #[error("{why}")]
    Profile {
        /// What is wrong with it.
        why: String,
        /// What to do.
        hint: String,
    },
    /// A profile made for another table.
    #[error("the profile makes {profile}, not {asked}")]
    OtherTable {
        /// The profile's.
        profile: &'static str,
        /// What was asked for.
        asked: &'static str,
    },
    /// A column that a profile names isn't there.
    #[error("the file has no column `{column}`; found {found}")]
    NoSuchColumn {
        /// Its name.
        column: String,
        /// What the file has.
        found: String,
    },
    /// A second file isn't there, or is there more than once.
    #[error("second file `{join}`, called {pattern}: {why}")]
    NoJoinFile {
        /// The join's name.
        join: String,
        /// What the profile looks for.
        pattern: String,
        /// Why it wasn't found.
        why: String,
    },
    /// A second file that doesn't fit into memory.
    #[error("second file `{0}` is too large to look things up in: more than 512 MiB")]
    JoinTooBig(String),
    /// Another kind of file than the profile says.
    #[error("this is {0}, and the profile says otherwise")]
    OtherKind(&'static str),
    /// A workbook that can't be read.
    #[error("the workbook is cut off or damaged: {0}")]
    BrokenWorkbook(String),
    /// A workbook behind a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// No sheet of that name.
    #[error("the workbook has no sheet `{wanted}`; found {found}")]
    NoSheet {
        /// What the profile names.
        wanted: String,
        /// What there is.
        found: String,
    },
    /// Built to exhaust whoever opens it.
    #[error("the file is built to exhaust its reader: {0}")]
    Bomb(&'static str),
    /// Larger than what has to be held in memory may be.
    #[error("{0} is larger than {1}")]
    TooBig(&'static str, &'static str),
    /// XML that isn't.
    #[error("this is not well-formed XML: {0}")]
    BrokenXml(String),
    /// The file ends in the middle.
    #[error("the file is cut off")]
    CutOff,
    /// XML of another kind.
    #[error("this is not retained data of ETSI TS 102 657")]
    NotEtsi,
    /// OpenStreetMap data that can't be read.
    #[error("the OpenStreetMap data are cut off or damaged: {0}")]
    BrokenOsm(String),
    /// A dump without rows of the table.
    #[error("no INSERT into {table} is in it{}", if found.is_empty() { String::new() } else { format!("; found {found}") })]
    NoInsert {
        /// Which table.
        table: String,
        /// Which others there are.
        found: String,
    },
    /// Another process wrote to it meanwhile.
    #[error("the file was changed while it was imported")]
    Changed,
    /// A dump that doesn't say which of two readings is meant.
    #[error("a backslash stands before a quote, and nothing before it says what that means")]
    BackslashQuote,
    /// A quote within a text that is not marked as one.
    #[error("more stands behind a text's closing quote: a quote in it is not marked")]
    LooseQuote,
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
            Self::Refused { why: Refusal::Profile { hint, .. }, .. } => hint,
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
            Refusal::OtherFormat(_) => {
                "workbooks, XML and the like come in by a profile: `cellsweep profile guess FILE` proposes one; unpack archives first"
            }
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
            Refusal::Profile { .. } => "see the profile",
            Refusal::OtherTable { .. } => "name the profile's table, or another profile",
            Refusal::NoSuchColumn { .. } => {
                "correct the profile, or see `cellsweep profile guess FILE`; a sender who changes columns makes another version of the profile"
            }
            Refusal::NoJoinFile { .. } => "put the second file beside the first, or name it with `--join NAME=FILE`",
            Refusal::JoinTooBig(_) => "keep only the columns and rows of it that are needed",
            Refusal::OtherKind(_) => "check `kind` in the profile's [file], or name another profile",
            Refusal::BrokenWorkbook(_) => {
                "ask for the file again, or open it in a spreadsheet program and save it as CSV"
            }
            Refusal::Encrypted => "open it with its password and save it without one",
            Refusal::NoSheet { .. } => "correct `sheet` in the profile's [file]",
            Refusal::Bomb(_) => "do not open it elsewhere either; ask the sender what it is, and for CSV",
            Refusal::TooBig(..) => "save it as CSV or as JSON lines, which are read as they stream",
            Refusal::BrokenXml(_) => "ask for the file again and compare sizes or digests with the sender",
            Refusal::CutOff => "ask for the file again: it ends in the middle",
            Refusal::NotEtsi => "name another profile; `cellsweep profile guess FILE` proposes one",
            Refusal::BrokenOsm(_) => "fetch the extract again",
            Refusal::NoInsert { .. } => "name the dump's table with `sheet` in the profile's [file]",
            Refusal::Changed => "import it again once nobody writes to it; nothing of it was kept",
            Refusal::BackslashQuote => {
                "say `escapes = \"backslash\"` in the profile's [file] where it is MySQL's or MariaDB's dump, `escapes = \"doubled\"` where it is another's"
            }
            Refusal::LooseQuote => {
                "ask for the dump anew, written by the database's own program; of MySQL's or MariaDB's without its head, say `escapes = \"backslash\"` in the profile's [file]"
            }
            Refusal::TooManyOperators => "check that `operator` says who recorded the event",
            Refusal::Internal(_) => "report this as a fault of cellsweep",
        }
    }
}
