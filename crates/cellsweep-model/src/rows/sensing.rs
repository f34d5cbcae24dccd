//! What passive sensors inside facilities heard, and where they hang.

use super::{FromRow, Row, RowError};
use crate::id::FacilityId;

/// A passive radio sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensor {
    /// Its name.
    pub sensor: String,
    /// Where it hangs.
    pub facility: FacilityId,
}

impl FromRow for Sensor {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            sensor: row.must("sensor", row.text("sensor"))?.to_owned(),
            facility: row.parsed_must("facility")?,
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
    /// The digits it caught: an IMSI or an IMEI; blank for most.
    pub identity: Option<String>,
}

impl FromRow for Detection {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let identity = row.text("identity").map(|text| text.chars().filter(char::is_ascii_digit).collect::<String>());
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            sensor: row.must("sensor", row.text("sensor"))?.to_owned(),
            identity: identity.filter(|digits| !digits.is_empty()),
        })
    }
}
