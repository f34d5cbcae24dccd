//! Tables as assess reads them, with columns that no other step needs.

use std::fmt::Display;
use std::str::FromStr;

use cellsweep_assess::Technology;
use cellsweep_assess::routes::Route;
use cellsweep_model::record;
use cellsweep_model::rows::{FromRow, Row, RowError};
use cellsweep_model::{CellId, FacilityId, Imei, SectorId};

/// A jammer's stretch of work.
pub(super) struct JamRow {
    pub facility: FacilityId,
    /// `None` = all.
    pub wing: Option<String>,
    /// Empty = all.
    pub technologies: Vec<Technology>,
    pub from: i64,
    pub to: i64,
}

/// An antenna, an operator or a technology that was off.
#[derive(Clone)]
pub(super) struct OutageRow {
    pub sector: Option<SectorId>,
    pub operator: Option<String>,
    pub technology: Option<Technology>,
    pub facility: Option<FacilityId>,
    pub from: i64,
    pub to: i64,
}

/// A phone that came in, or several.
pub(super) struct IngressRow {
    pub time: i64,
    pub facility: FacilityId,
    pub route: Route,
}

/// A cell that was searched.
pub(super) struct SearchRow {
    pub time: i64,
    pub facility: FacilityId,
    pub cell: CellId,
    pub detector: Option<String>,
    pub officer_hours: f64,
    pub found: u32,
}

/// A phone that was found.
pub(super) struct SeizedRow {
    pub time: i64,
    pub facility: FacilityId,
    pub cell: Option<CellId>,
    pub imei: Option<Imei>,
    pub model: Option<String>,
    pub route: Option<Route>,
    pub hiding_place: Option<String>,
    pub is_phone: bool,
}

/// A technology by its code in profiles.
pub(super) fn technology(code: u8) -> Option<Technology> {
    record::Technology::from_code(code).and_then(|technology| by_word(technology.word()))
}

fn by_word(word: &str) -> Option<Technology> {
    match word {
        "GSM" => Some(Technology::Gsm),
        "UMTS" => Some(Technology::Umts),
        "LTE" => Some(Technology::Lte),
        "NR" => Some(Technology::Nr),
        _ => None,
    }
}

fn route(word: &str) -> Route {
    match word {
        "throw" => Route::Throw,
        "drone" => Route::Drone,
        "staff" => Route::Staff,
        "visitor" => Route::Visitor,
        "parcel" => Route::Parcel,
        _ => Route::Unknown,
    }
}

fn must<T: FromStr>(row: &Row<'_>, column: &'static str) -> Result<T, RowError>
where
    T::Err: Display,
{
    let value = row.parsed(column)?;
    row.must(column, value)
}

impl FromRow for JamRow {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let words = row.text("technologies").unwrap_or_default();
        Ok(Self {
            facility: must(row, "facility")?,
            wing: row.text("wing").map(str::to_owned),
            technologies: words.split_whitespace().filter_map(by_word).collect(),
            from: row.must("from", row.micros("from"))?,
            to: row.micros("to").unwrap_or(i64::MAX),
        })
    }
}

impl FromRow for OutageRow {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            sector: row.parsed("sector")?,
            operator: row.text("operator").map(str::to_owned),
            technology: row.text("technology").and_then(by_word),
            facility: row.parsed("facility")?,
            from: row.must("from", row.micros("from"))?,
            to: row.micros("to").unwrap_or(i64::MAX),
        })
    }
}

impl FromRow for IngressRow {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: must(row, "facility")?,
            route: route(row.text("route").unwrap_or_default()),
        })
    }
}

impl FromRow for SearchRow {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let found = row.must("found", row.integer("found"))?;
        let officers = row.integer("officers").unwrap_or(0) as f64;
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: must(row, "facility")?,
            cell: must(row, "cell")?,
            detector: row.text("detector").map(str::to_owned),
            officer_hours: officers * row.number("minutes").unwrap_or(0.0) / 60.0,
            found: u32::try_from(found).unwrap_or(u32::MAX),
        })
    }
}

impl FromRow for SeizedRow {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: must(row, "facility")?,
            cell: row.parsed("cell")?,
            imei: row.parsed("imei")?,
            model: text("model"),
            route: row.text("route").map(route),
            hiding_place: text("hiding_place"),
            is_phone: row.text("item").is_none_or(|item| item == "phone"),
        })
    }
}
