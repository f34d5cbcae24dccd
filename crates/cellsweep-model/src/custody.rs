//! What the prison administration and investigators hand over, as values: who is held where, whom
//! inmates listed, who visited, what is known of cases, what sensors heard.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{CellId, FacilityId, IdError, Imei, Msisdn};
use crate::record::Technology;
use crate::rows::{FromRow, Row, RowError, imeis};

/// An inmate, as the administration numbers them; redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InmateId(Box<str>);

impl InmateId {
    /// The number as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InmateId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(IdError::Blank { what: "inmate" }),
            1..=64 if !text.chars().any(char::is_control) => Ok(Self(text.into())),
            got => Err(IdError::Length { what: "inmate", got, expected: "1 to 64 plain characters" }),
        }
    }
}

impl TryFrom<String> for InmateId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<InmateId> for String {
    fn from(inmate: InmateId) -> Self {
        inmate.0.into()
    }
}

impl fmt::Display for InmateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for InmateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InmateId(…)")
    }
}

/// A row's value that must be there and parse.
fn must<T: FromStr>(row: &Row<'_>, column: &'static str) -> Result<T, RowError>
where
    T::Err: fmt::Display,
{
    let value = row.parsed(column)?;
    row.must(column, value)
}

/// A prison cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its prison.
    pub facility: FacilityId,
    /// Its wing, where given.
    pub wing: Option<String>,
    /// Its floor, where given.
    pub floor: Option<String>,
    /// Its name.
    pub cell: CellId,
    /// Its beds, where counted.
    pub beds: Option<u32>,
    /// Metres east and north of the facility's south-west corner, where measured.
    pub place_m: Option<(f64, f64)>,
}

impl FromRow for Cell {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            facility: must(row, "facility")?,
            wing: row.text("wing").map(str::to_owned),
            floor: row.text("floor").map(str::to_owned),
            cell: must(row, "cell")?,
            beds: row.integer("beds").and_then(|beds| u32::try_from(beds).ok()),
            place_m: row.number("x_m").zip(row.number("y_m")),
        })
    }
}

/// A line of the roster: who was held where, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Who.
    pub inmate: InmateId,
    /// In which prison.
    pub facility: FacilityId,
    /// In which cell, where given.
    pub cell: Option<CellId>,
    /// From, microseconds since 1970 UTC.
    pub from: i64,
    /// To; `None` = still there.
    pub to: Option<i64>,
}

impl Held {
    /// Whether this holds at an instant.
    pub fn at(&self, time: i64) -> bool {
        self.from <= time && self.to.is_none_or(|to| time < to)
    }

    /// Whether one was in custody from this row to a later one: who is on no row for two weeks was free; for less, on the way
    /// or in hospital.
    pub fn leads_to(&self, later: &Held) -> bool {
        const AWAY_US: i64 = 14 * 86_400_000_000;
        self.to.is_none_or(|to| later.from - to <= AWAY_US)
    }
}

impl FromRow for Held {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            inmate: must(row, "inmate")?,
            facility: must(row, "facility")?,
            cell: row.parsed("cell")?,
            from: row.must("from", row.micros("from"))?,
            to: row.micros("to"),
        })
    }
}

/// A number that an inmate listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Who listed it.
    pub inmate: InmateId,
    /// The number.
    pub number: Msisdn,
    /// The contact's name, where given.
    pub name: Option<String>,
    /// The contact's address, where given.
    pub address: Option<String>,
    /// The contact's postcode, where given.
    pub postcode: Option<String>,
    /// A lawyer's, doctor's or controller's number: never a finding.
    pub protected: bool,
}

impl FromRow for Contact {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            inmate: must(row, "inmate")?,
            number: must(row, "msisdn")?,
            name: row.text("name").map(str::to_owned),
            address: row.text("address").map(str::to_owned),
            postcode: row.text("postcode").map(str::to_owned),
            protected: row.text("protected").is_some(),
        })
    }
}

/// A contact's time in the visiting room.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Whom they visited.
    pub inmate: InmateId,
    /// The visitor's number.
    pub number: Msisdn,
    /// From, microseconds since 1970 UTC.
    pub from: i64,
    /// To.
    pub to: i64,
}

impl FromRow for Visit {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            inmate: must(row, "inmate")?,
            number: must(row, "msisdn")?,
            from: row.must("from", row.micros("from"))?,
            to: row.must("to", row.micros("to"))?,
        })
    }
}

/// A number known from an investigation.
#[derive(Debug, Clone, PartialEq)]
pub struct OffenceNumber {
    /// Which case.
    pub case: String,
    /// The offence in the case's own words.
    pub offence: String,
    /// The number.
    pub number: Msisdn,
    /// Since when it is known to have been used for it, where known.
    pub from: Option<i64>,
    /// Until when.
    pub to: Option<i64>,
}

impl FromRow for OffenceNumber {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            case: row.must("case", row.text("case"))?.to_owned(),
            offence: row.must("offence", row.text("offence"))?.to_owned(),
            number: must(row, "msisdn")?,
            from: row.micros("from"),
            to: row.micros("to"),
        })
    }
}

/// An inmate's case.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldFor {
    /// Who.
    pub inmate: InmateId,
    /// Which case.
    pub case: String,
}

impl FromRow for HeldFor {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self { inmate: must(row, "inmate")?, case: row.must("case", row.text("case"))?.to_owned() })
    }
}

/// Who bought, on a line of the supplier's ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Sale {
    /// The order, where given.
    pub order: Option<String>,
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// The device, where the ledger names it: a dual-SIM handset has two IMEIs.
    pub imeis: Vec<Imei>,
    /// Devices on the line.
    pub quantity: i64,
    /// The buyer's name.
    pub buyer: Option<String>,
    /// The buyer's e-mail address.
    pub email: Option<String>,
    /// The buyer's number, as typed.
    pub phone: Option<String>,
    /// The buyer's address.
    pub address: Option<String>,
    /// The buyer's postcode.
    pub postcode: Option<String>,
}

impl FromRow for Sale {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Self {
            order: text("order"),
            time: row.must("time", row.micros("time"))?,
            imeis: imeis(row, "imei")?,
            quantity: row.integer("quantity").unwrap_or(1),
            buyer: text("buyer"),
            email: text("email"),
            phone: text("phone"),
            address: text("address"),
            postcode: text("postcode"),
        })
    }
}

/// A find, with its cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Find {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// In which prison.
    pub facility: FacilityId,
    /// In which cell, where known.
    pub cell: Option<CellId>,
    /// Which device, where it could be read.
    pub imei: Option<Imei>,
}

impl FromRow for Find {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: must(row, "facility")?,
            cell: row.parsed("cell")?,
            imei: row.parsed("imei")?,
        })
    }
}

/// A passive radio sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    /// Its name.
    pub sensor: String,
    /// Where it hangs.
    pub facility: FacilityId,
    /// Its wing, where given.
    pub wing: Option<String>,
    /// Metres east and north of the facility's south-west corner, where measured.
    pub place_m: Option<(f64, f64)>,
}

impl FromRow for Sensor {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            sensor: row.must("sensor", row.text("sensor"))?.to_owned(),
            facility: must(row, "facility")?,
            wing: row.text("wing").map(str::to_owned),
            place_m: row.number("x_m").zip(row.number("y_m")),
        })
    }
}

/// What a sensor heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// Which sensor.
    pub sensor: String,
    /// On which technology.
    pub technology: Technology,
    /// How loud.
    pub rssi_dbm: f64,
    /// The digits it caught, an IMSI's or an IMEI's; most it doesn't.
    pub identity: Option<String>,
}

impl FromRow for Detection {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let technology = row.must("technology", row.text("technology"))?;
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            sensor: row.must("sensor", row.text("sensor"))?.to_owned(),
            technology: row.must("technology", Technology::from_word(technology.as_bytes()))?,
            rssi_dbm: row.must("rssi_dbm", row.number("rssi_dbm"))?,
            identity: row.text("identity").map(digits).filter(|digits| !digits.is_empty()),
        })
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inmates_are_redacted_and_blank_is_no_inmate() {
        let inmate: Result<InmateId, _> = " I000123 ".parse();
        assert_eq!(inmate.as_ref().map(InmateId::as_str), Ok("I000123"));
        assert_eq!(inmate.map(|inmate| format!("{inmate:?}")), Ok("InmateId(…)".to_owned()));
        assert!("  ".parse::<InmateId>().is_err());
    }
}
