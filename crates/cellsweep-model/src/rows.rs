//! Rows of the small tables as values, read from their canonical Arrow form.

pub use arrow::array::RecordBatch;
use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};

use crate::geometry::{Point, Polygon};
use crate::id::{FacilityId, Imei, Tac};
use crate::record::Technology;
use crate::sector::SectorId;

mod parts;
mod silence;

pub use parts::{only, partition};
pub use silence::{Jamming, Outage};

/// A canonical table did not hold what its schema promises: our own mistake or an altered file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("canonical table is not as written: column {column}, row {row}: {why}")]
pub struct RowError {
    /// The column's name.
    pub column: &'static str,
    /// Row within its batch.
    pub row: usize,
    /// What is wrong.
    pub why: String,
}

/// A row type and how to read it.
pub trait FromRow: Sized {
    /// Reads one row.
    ///
    /// # Errors
    /// When a value is not what the table's description says.
    fn from_row(row: &Row<'_>) -> Result<Self, RowError>;
}

/// Reads a canonical table.
///
/// # Errors
/// When a value is not what the table's description says.
pub fn read<T: FromRow>(batches: &[RecordBatch]) -> Result<Vec<T>, RowError> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        for index in 0..batch.num_rows() {
            rows.push(T::from_row(&Row { batch, index })?);
        }
    }
    Ok(rows)
}

/// One row of a canonical batch; a column that is not there reads as blank.
pub struct Row<'a> {
    batch: &'a RecordBatch,
    index: usize,
}

impl<'a> Row<'a> {
    fn column(&self, name: &str) -> Option<&'a dyn Array> {
        let column = self.batch.column_by_name(name)?;
        column.is_valid(self.index).then_some(column.as_ref())
    }

    /// A text, blank as `None`.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.column(name).and_then(|column| column.as_string_opt::<i32>()).map(|column| column.value(self.index))
    }

    /// Every column that has a text here, with it.
    pub fn texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (batch, index) = (self.batch, self.index);
        let columns = batch.schema_ref().fields().iter().zip(batch.columns());
        columns.filter_map(move |(field, column)| {
            let texts = column.as_string_opt::<i32>().filter(|texts| texts.is_valid(index))?;
            Some((field.name().as_str(), texts.value(index)))
        })
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.column(name)
            .and_then(|column| column.as_primitive_opt::<Float64Type>())
            .map(|column| column.value(self.index))
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.column(name)
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .map(|column| column.value(self.index))
    }

    /// Microseconds since 1970 UTC.
    pub fn micros(&self, name: &str) -> Option<i64> {
        self.column(name)
            .and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>())
            .map(|column| column.value(self.index))
    }

    /// A text that parses, blank as `None`.
    ///
    /// # Errors
    /// When it stands there and does not parse.
    pub fn parsed<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, RowError>
    where
        T::Err: std::fmt::Display,
    {
        self.text(name).map(str::parse).transpose().map_err(|error: T::Err| RowError {
            column: name,
            row: self.index,
            why: error.to_string(),
        })
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// When it is blank.
    pub fn must<T>(&self, name: &'static str, value: Option<T>) -> Result<T, RowError> {
        value.ok_or_else(|| RowError { column: name, row: self.index, why: "blank".to_owned() })
    }

    fn parsed_must<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, RowError>
    where
        T::Err: std::fmt::Display,
    {
        let value = self.parsed(name)?;
        self.must(name, value)
    }
}

/// IMEIs separated by spaces; blank gives none.
///
/// # Errors
/// When one of them is none.
pub fn imeis(row: &Row<'_>, column: &'static str) -> Result<Vec<Imei>, RowError> {
    let parse = |text: &str| {
        text.parse().map_err(|error: crate::id::IdError| RowError { column, row: row.index, why: error.to_string() })
    };
    row.text(column).unwrap_or_default().split_ascii_whitespace().map(parse).collect()
}

/// Which way an antenna looks.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Antenna {
    /// All around.
    Omni,
    /// A main lobe.
    Directed {
        /// Clockwise from north.
        azimuth_deg: f64,
        /// Between the half-power points; 65 where the table leaves it blank.
        beamwidth_deg: f64,
    },
}

/// A radio sector of the operators' table.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sector {
    /// Its identity.
    pub id: SectorId,
    /// Its technology.
    pub technology: Technology,
    /// Where the antenna stands.
    pub at: Point,
    /// Which way it looks.
    pub antenna: Antenna,
    /// Its planned range in metres, where known.
    pub range_m: Option<f64>,
}

impl FromRow for Sector {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let technology = row.must("technology", row.text("technology"))?;
        let antenna = row.number("azimuth_deg").map_or(Antenna::Omni, |azimuth_deg| Antenna::Directed {
            azimuth_deg,
            beamwidth_deg: row.number("beamwidth_deg").filter(|width| *width > 0.0).unwrap_or(65.0),
        });
        Ok(Self {
            id: row.parsed_must("sector")?,
            technology: row.must("technology", Technology::from_word(technology.as_bytes()))?,
            at: Point { lat: row.must("lat", row.number("lat"))?, lon: row.must("lon", row.number("lon"))? },
            antenna,
            range_m: row.number("range_m").filter(|range| *range > 0.0),
        })
    }
}

/// A prison.
#[derive(Debug, Clone, PartialEq)]
pub struct Facility {
    /// Its identifier.
    pub id: FacilityId,
    /// Its name; the identifier where it has none.
    pub name: String,
    /// Its outline.
    pub outline: Polygon,
    /// Places, where known.
    pub capacity: Option<i64>,
    /// IANA time zone, where known.
    pub timezone: Option<String>,
}

impl FromRow for Facility {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let id: FacilityId = row.parsed_must("facility")?;
        let geometry = row.must("geometry", row.text("geometry"))?;
        let outline = Polygon::from_wkt(geometry).ok_or_else(|| RowError {
            column: "geometry",
            row: row.index,
            why: "not a polygon".to_owned(),
        })?;
        Ok(Self {
            name: row.text("name").unwrap_or(id.as_str()).to_owned(),
            id,
            outline,
            capacity: row.integer("capacity"),
            timezone: row.text("timezone").map(str::to_owned),
        })
    }
}

/// A sector's share of the measurements taken inside a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyShare {
    /// Where it was measured.
    pub facility: FacilityId,
    /// What served.
    pub sector: SectorId,
    /// 0 to 1.
    pub share: f64,
}

impl FromRow for SurveyShare {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            facility: row.parsed_must("facility")?,
            sector: row.parsed_must("sector")?,
            share: row.must("share", row.number("share"))?,
        })
    }
}

/// The catalogue's classes of devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClass {
    /// The size of a lighter.
    Mini,
    /// A plain telephone.
    Feature,
    /// A smartphone.
    Smart,
    /// A machine's modem.
    Iot,
    /// The catalogue doesn't know the TAC: a signal, not a filter.
    Unknown,
}

impl DeviceClass {
    /// The catalogue's word.
    pub const fn word(self) -> &'static str {
        match self {
            DeviceClass::Mini => "mini",
            DeviceClass::Feature => "feature",
            DeviceClass::Smart => "smart",
            DeviceClass::Iot => "iot",
            DeviceClass::Unknown => "unknown",
        }
    }

    /// From the catalogue's word.
    pub fn from_word(word: &str) -> Option<Self> {
        [DeviceClass::Mini, DeviceClass::Feature, DeviceClass::Smart, DeviceClass::Iot]
            .into_iter()
            .find(|class| class.word() == word)
    }
}

/// A line of the device catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The model's code.
    pub tac: Tac,
    /// Its class.
    pub class: DeviceClass,
    /// Its name, where known.
    pub model: Option<String>,
}

impl FromRow for Model {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        // A list of TACs seldom says what class a model is of; its name is still worth having.
        let class = match row.text("class") {
            Some(word) => row.must("class", DeviceClass::from_word(word))?,
            None => DeviceClass::Unknown,
        };
        Ok(Self { tac: row.parsed_must("tac")?, class, model: row.text("model").map(str::to_owned) })
    }
}

/// A line of the supplier's ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerLine {
    /// When it was sold, microseconds since 1970 UTC.
    pub time: i64,
    /// The device, where the ledger names it.
    pub imei: Option<Imei>,
    /// A dual-SIM handset's other IMEI.
    pub other_imei: Option<Imei>,
    /// The model's name, where given.
    pub model: Option<String>,
    /// Devices on the line.
    pub quantity: i64,
}

impl FromRow for LedgerLine {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let mut imeis = imeis(row, "imei")?.into_iter();
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            imei: imeis.next(),
            other_imei: imeis.next(),
            model: row.text("model").map(str::to_owned),
            quantity: row.integer("quantity").unwrap_or(1),
        })
    }
}

/// A phone that may be there: staff's, or the facility's own.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownDevice {
    /// Its IMEI.
    pub imei: Imei,
    /// What the administration calls it; blank as "known".
    pub role: String,
}

impl FromRow for KnownDevice {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self { imei: row.parsed_must("imei")?, role: row.text("role").unwrap_or("known").to_owned() })
    }
}

/// A phone found in a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Seizure {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// Where.
    pub facility: FacilityId,
    /// Which, where it could be read.
    pub imei: Option<Imei>,
    /// Its model's name, where known.
    pub model: Option<String>,
}

impl FromRow for Seizure {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: row.parsed_must("facility")?,
            imei: row.parsed("imei")?,
            model: row.text("model").map(str::to_owned),
        })
    }
}

/// What operators were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Who was asked.
    pub operator: String,
    /// By what the answer is limited.
    pub kind: RequestKind,
    /// The window, microseconds since 1970 UTC.
    pub from: i64,
    /// Its end.
    pub to: i64,
    /// When the answer came; `None` while there is none.
    pub answered: Option<i64>,
    /// Whether the answer is whole; `None` where nothing is said.
    pub complete: Option<bool>,
}

/// What limits an operator's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A list of IMEIs, IMSIs or numbers: everywhere these went.
    Identities,
    /// A list of sectors: everyone, but only there.
    Sectors,
    /// Everything.
    All,
}

/// As people write it.
fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "oui" | "vrai" | "1" => Some(true),
        "false" | "no" | "non" | "faux" | "0" => Some(false),
        _ => None,
    }
}

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let kind = match row.must("kind", row.text("kind"))? {
            "sector" => RequestKind::Sectors,
            "all" => RequestKind::All,
            _ => RequestKind::Identities,
        };
        Ok(Self {
            operator: row.must("operator", row.text("operator"))?.to_owned(),
            kind,
            from: row.must("from", row.micros("from"))?,
            to: row.must("to", row.micros("to"))?,
            answered: row.micros("answered"),
            complete: row.text("complete").and_then(yes_or_no),
        })
    }
}
