//! The values that are asked for, read and written in all the forms that an operator's system may want.

use std::path::Path;
use std::str::FromStr;

use cellsweep_model::sector::Local;
use cellsweep_model::{Imei, Imsi, Msisdn, SectorId};
use serde::{Deserialize, Serialize};

use super::RequestError;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedKind {
    /// Handsets.
    Imei,
    /// Numbers.
    Msisdn,
    /// Subscribers.
    Imsi,
    /// Sectors: everybody who was there.
    Sector,
}

impl AskedKind {
    /// The contract's word.
    pub const fn word(self) -> &'static str {
        match self {
            AskedKind::Imei => "imei",
            AskedKind::Msisdn => "msisdn",
            AskedKind::Imsi => "imsi",
            AskedKind::Sector => "sector",
        }
    }
}

/// One value, as records are joined on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Asked {
    Imei(Imei),
    Msisdn(Msisdn),
    Imsi(Imsi),
    Sector(SectorId),
}

impl Asked {
    fn parse(kind: AskedKind, text: &str) -> Result<Self, String> {
        let bare: String = text.chars().filter(|sign| !matches!(sign, ' ' | '.' | '\u{a0}')).collect();
        match kind {
            AskedKind::Imei => parsed(&bare).map(Asked::Imei),
            AskedKind::Imsi => parsed(&bare).map(Asked::Imsi),
            AskedKind::Sector => parsed(&bare).map(Asked::Sector),
            AskedKind::Msisdn => {
                let digits = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")).unwrap_or(&bare);
                parsed(digits).map(Asked::Msisdn)
            }
        }
    }

    /// As one line of a list of values.
    pub(crate) fn text(self) -> String {
        match self {
            Asked::Imei(imei) => imei.to_string(),
            Asked::Msisdn(number) => number.to_string(),
            Asked::Imsi(imsi) => imsi.to_string(),
            Asked::Sector(sector) => sector.to_string(),
        }
    }

    /// The forms, in the columns of [`columns`].
    pub(crate) fn forms(self) -> Vec<String> {
        match self {
            Asked::Imei(imei) => {
                let check = imei.check_digit();
                vec![imei.to_string(), format!("{imei}{check}"), format!("{imei}0"), format!("{imei}??")]
            }
            Asked::Msisdn(number) => {
                let national = number.to_string().strip_prefix("33").map(|rest| format!("0{rest}")).unwrap_or_default();
                vec![number.to_string(), format!("00{number}"), national]
            }
            Asked::Imsi(imsi) => vec![imsi.to_string()],
            Asked::Sector(sector) => sector_forms(sector),
        }
    }
}

fn parsed<T: FromStr>(text: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Location area and cell; for LTE and NR also the node and its cell, as LTE divides them (28 bits: 20 and 8).
fn sector_forms(sector: SectorId) -> Vec<String> {
    let (mut lac, mut ci, mut number, mut node) = <(String, String, String, String)>::default();
    match sector.local() {
        Local::Area { lac: area, ci: cell } => (lac, ci) = (area.to_string(), cell.to_string()),
        Local::Flat { number: whole } => {
            number = whole.to_string();
            if whole < 1 << 28 {
                (node, ci) = ((whole >> 8).to_string(), (whole & 255).to_string());
            }
        }
    }
    vec![sector.to_string(), sector.plmn().to_string(), lac, ci, number, node]
}

/// The columns of an operator's list. No form begins with a sign that a spreadsheet takes for a formula's.
pub(crate) const fn columns(kind: AskedKind) -> &'static [&'static str] {
    match kind {
        AskedKind::Imei => &["imei_14", "imei_15_check_digit", "imei_15_zero", "imeisv_16_pattern"],
        AskedKind::Msisdn => &["e164", "international", "national"],
        AskedKind::Imsi => &["imsi"],
        AskedKind::Sector => &["sector", "network", "lac_or_tac", "cell", "eci_or_nci", "node"],
    }
}

/// Reads a list, one value a line; blank lines and those that begin with `#` are passed over.
pub(crate) fn read_list(kind: AskedKind, path: &Path, text: &str) -> Result<Vec<Asked>, RequestError> {
    let mut values = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |why| RequestError::Value { path: path.to_owned(), line: index + 1, why };
        values.push(Asked::parse(kind, line).map_err(wrong)?);
    }
    Ok(sorted(values))
}

/// Each once, in order.
pub(crate) fn sorted(mut values: Vec<Asked>) -> Vec<Asked> {
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: AskedKind, text: &str, expected: &[&str]) {
        let forms = Asked::parse(kind, text).map(Asked::forms);
        assert_eq!(forms, Ok(expected.iter().map(|form| (*form).to_owned()).collect()));
    }

    #[test]
    fn every_written_form() {
        let imei = ["49015420323751", "490154203237518", "490154203237510", "49015420323751??"];
        check(AskedKind::Imei, "49-015420-323751-8", &imei);
        check(AskedKind::Imei, "4901542032375177", &imei);
        check(AskedKind::Msisdn, "+33 6 12 34 56 78", &["33612345678", "0033612345678", "0612345678"]);
        check(AskedKind::Msisdn, "4479111234567", &["4479111234567", "004479111234567", ""]);
        check(AskedKind::Sector, "208-01-1234-56789", &["208-01-1234-56789", "208-01", "1234", "56789", "", ""]);
        check(AskedKind::Sector, "208-10-25612", &["208-10-25612", "208-10", "", "12", "25612", "100"]);
    }

    #[test]
    fn a_wrong_value_is_named_by_its_line_alone() {
        let path = Path::new("list.txt");
        let list = read_list(AskedKind::Imei, path, "# ours\n\n490154203237518\n49015420323751\n");
        assert_eq!(list.map(|values| values.len()).ok(), Some(1), "the same handset once");
        let wrong = read_list(AskedKind::Imei, path, "490154203237518\n12345\n").map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(wrong, Err("list.txt:2: imei has 5 digits, expected 14 to 16".to_owned()));
    }
}
