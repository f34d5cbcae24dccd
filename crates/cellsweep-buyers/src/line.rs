//! The ledger's lines, and what lay unsold.

use cellsweep_model::id::Imei;
use cellsweep_model::rows::{FromRow, Row, RowError};

use crate::Party;

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The order's number, as the shop gives it.
    pub order: Option<String>,
    /// When it was placed, microseconds since 1970 UTC.
    pub time: i64,
    /// The model's name.
    pub model: Option<String>,
    /// Devices: negative where they came back.
    pub quantity: i64,
    /// The devices' IMEIs: none, one, or both of a dual-SIM handset.
    pub imeis: Vec<Imei>,
    /// Who ordered.
    pub party: Party,
    /// Country of delivery.
    pub country: Option<String>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            order: owned(row, "order"),
            time: row.must("time", row.micros("time"))?,
            model: owned(row, "model"),
            quantity: signed(row.integer("quantity"), row.number("unit_price")),
            imeis: imeis(row)?,
            party: Party {
                name: owned(row, "buyer"),
                email: owned(row, "email"),
                phone: owned(row, "phone"),
                address: owned(row, "address"),
                postcode: owned(row, "postcode"),
                city: owned(row, "city"),
            },
            country: owned(row, "country"),
        })
    }
}

/// What a supplier still had.
#[derive(Debug, Clone, PartialEq)]
pub struct StockItem {
    /// When it was counted, microseconds since 1970 UTC.
    pub time: Option<i64>,
    /// The model's name.
    pub model: Option<String>,
    /// Devices.
    pub quantity: i64,
    /// The device's IMEIs, where it is named.
    pub imeis: Vec<Imei>,
}

impl FromRow for StockItem {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        Ok(Self {
            time: row.micros("time"),
            model: owned(row, "model"),
            quantity: row.integer("quantity").unwrap_or(1),
            imeis: imeis(row)?,
        })
    }
}

fn owned(row: &Row<'_>, column: &str) -> Option<String> {
    row.text(column).map(str::to_owned)
}

/// One device where nothing is said; a refund is a negative quantity or a negative price.
fn signed(quantity: Option<i64>, price: Option<f64>) -> i64 {
    let quantity = quantity.unwrap_or(1);
    if price.is_some_and(|price| price < 0.0) { -quantity.abs() } else { quantity }
}

/// A list in one field is separated by spaces.
fn imeis(row: &Row<'_>) -> Result<Vec<Imei>, RowError> {
    cellsweep_model::rows::imeis(row, "imei")
}
