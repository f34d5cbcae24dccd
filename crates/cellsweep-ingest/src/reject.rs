//! A row in quarantine.

use std::borrow::Cow;

use cellsweep_model::table::{Column, Kind};

use crate::reason::ReasonCode;
use crate::value::decode;

/// A row that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// CSV: the physical line that the row starts on, the header's being 1. Parquet and GeoJSON:
    /// the row's or feature's number from 1.
    pub line: u64,
    /// The column to blame, where one is.
    pub column: Option<&'static str>,
    /// Why.
    pub reason: ReasonCode,
    /// What stood there, in 80 characters; of a person's number or name only the shape.
    pub detail: String,
    /// The row as it stood, in 4 KiB. The only place where a person's data may stand.
    pub raw: String,
}

impl Reject {
    /// The reason as reports count it: "time has no zone".
    pub fn sentence(&self) -> String {
        self.reason.sentence(self.column)
    }
}

const DETAIL_CHARS: usize = 80;
const RAW_BYTES: usize = 4096;

/// The row as a reject keeps it.
pub(crate) fn raw(row: &[u8]) -> String {
    let cut = &row[..row.len().min(RAW_BYTES)];
    let mut text = match std::str::from_utf8(cut) {
        Ok(text) => text.to_owned(),
        // A character that the cut went through.
        Err(error) if cut.len() < row.len() && error.error_len().is_none() => {
            String::from_utf8_lossy(&cut[..error.valid_up_to()]).into_owned()
        }
        Err(_) => decode(cut).into_owned(),
    };
    while text.len() > RAW_BYTES {
        text.pop();
    }
    text
}

/// A line that is not even a row.
pub(crate) fn bad_line(line: u64, reason: ReasonCode, start: &[u8]) -> Reject {
    Reject { line, column: None, reason, detail: String::new(), raw: raw(start) }
}

/// What stood in a column, as a reject shows it.
pub(crate) fn detail(column: &Column, value: &[u8]) -> String {
    let text = decode(value.trim_ascii());
    if text.is_empty() {
        return String::new();
    }
    if is_personal(column) || longest_digit_run(&text) >= 9 { shape(&text) } else { shorten(&text).into_owned() }
}

/// What stood somewhere else in the file.
pub(crate) fn plain_detail(value: &[u8]) -> String {
    let text = decode(value.trim_ascii());
    if longest_digit_run(&text) >= 9 { shape(&text) } else { shorten(&text).into_owned() }
}

fn shorten(text: &str) -> Cow<'_, str> {
    let plain = || text.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char });
    if text.chars().count() <= DETAIL_CHARS {
        return plain().collect::<String>().into();
    }
    let mut short: String = plain().take(DETAIL_CHARS - 1).collect();
    short.push('…');
    short.into()
}

/// Numbers and names of people, wherever they stand.
fn is_personal(column: &Column) -> bool {
    const NAMES: [&str; 12] = [
        "peer", "name", "buyer", "email", "phone", "address", "postcode", "city", "inmate", "identity", "order", "role",
    ];
    matches!(column.kind, Kind::Imei | Kind::Imeis | Kind::Imsi | Kind::Msisdn) || NAMES.contains(&column.name)
}

/// A number that slipped into another column must not show there either.
fn longest_digit_run(text: &str) -> usize {
    text.split(|char: char| !char.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

fn shape(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.chars().count() {
        all if all == digits => format!("{digits} digits"),
        all if digits == 0 => format!("{all} characters"),
        all => format!("{all} characters, {digits} of them digits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellsweep_model::table::Table;

    fn column(name: &str) -> &'static Column {
        Table::Records.columns().iter().find(|column| column.name == name).unwrap_or(&Table::Records.columns()[0])
    }

    #[test]
    fn people_are_shown_by_shape_alone() {
        assert_eq!(detail(column("msisdn"), b"33612345678"), "11 digits");
        assert_eq!(detail(column("imei"), b"35ABC"), "5 characters, 2 of them digits");
        assert_eq!(detail(column("peer"), b"Mum"), "3 characters");
        // A shifted row: the number stands where the time should.
        assert_eq!(detail(column("time"), b"33612345678"), "11 digits");
        assert_eq!(detail(column("time"), b"31/02/2025 25:61"), "31/02/2025 25:61");
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(detail(column("event"), "é".repeat(500).as_bytes()).chars().count(), 80);
        assert_eq!(raw("é".repeat(5000).as_bytes()).len(), 4096);
        assert!(raw(&vec![0xe9; 9000]).len() <= 4096);
    }
}
