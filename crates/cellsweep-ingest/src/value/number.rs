//! Numbers.

use crate::reason::ReasonCode;
use crate::value::Cell;

/// A whole number within bounds; `48.0` is one, `48.5` isn't.
///
/// # Errors
/// When it isn't, or is out of bounds.
pub fn integer(cell: Cell<'_>, min: i64, max: i64) -> Result<i64, ReasonCode> {
    let value = match cell {
        Cell::Integer(value) | Cell::Micros(value) => value,
        Cell::Float(value) => whole(value)?,
        Cell::Text(text) => match plain(text) {
            Some(value) => value,
            None => from_text(text)?,
        },
        Cell::Blank => return Err(ReasonCode::Blank),
        Cell::Local(_) => return Err(ReasonCode::NotWholeNumber),
    };
    if (min..=max).contains(&value) { Ok(value) } else { Err(ReasonCode::OutOfRange) }
}

/// 1 to 9 digits, which nearly all are.
fn plain(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    let mut value = 0;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(value)
}

fn from_text(text: &[u8]) -> Result<i64, ReasonCode> {
    let text = std::str::from_utf8(text).unwrap_or("");
    let whole_part = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    match whole_part.parse::<i64>() {
        Ok(value) => Ok(value),
        Err(error) if is_overflow(&error) => Err(ReasonCode::OutOfRange),
        Err(_) => Err(ReasonCode::NotWholeNumber),
    }
}

fn is_overflow(error: &std::num::ParseIntError) -> bool {
    matches!(error.kind(), std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow)
}

fn whole(value: f64) -> Result<i64, ReasonCode> {
    if value.fract() != 0.0 || !value.is_finite() {
        return Err(ReasonCode::NotWholeNumber);
    }
    // Beyond 2^53 neighbouring whole numbers share a float.
    if value.abs() > 9_007_199_254_740_992.0 { Err(ReasonCode::OutOfRange) } else { Ok(value as i64) }
}

/// A finite number within bounds.
///
/// # Errors
/// When it isn't, or is out of bounds.
pub fn number(cell: Cell<'_>, min: f64, max: f64) -> Result<f64, ReasonCode> {
    let value = match cell {
        Cell::Integer(value) | Cell::Micros(value) => value as f64,
        Cell::Float(value) => value,
        Cell::Text(text) => match std::str::from_utf8(text).map(str::parse::<f64>) {
            Ok(Ok(value)) => value,
            _ => return Err(not_a_number(text)),
        },
        Cell::Blank => return Err(ReasonCode::Blank),
        Cell::Local(_) => return Err(ReasonCode::NotNumber),
    };
    if !value.is_finite() {
        return Err(ReasonCode::NotNumber);
    }
    if (min..=max).contains(&value) { Ok(value) } else { Err(ReasonCode::OutOfRange) }
}

fn not_a_number(text: &[u8]) -> ReasonCode {
    let digits_and_comma = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b'+');
    let commas = text.iter().filter(|byte| **byte == b',').count();
    if commas == 1 && text.iter().all(digits_and_comma) { ReasonCode::DecimalComma } else { ReasonCode::NotNumber }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let read = |text: &str| integer(Cell::Text(text.as_bytes()), 0, 1_000);
        assert_eq!(read("48"), Ok(48));
        assert_eq!(read("0048"), Ok(48));
        assert_eq!(read("48.0"), Ok(48));
        assert_eq!(read("+48"), Ok(48));
        assert_eq!(read("48.5"), Err(ReasonCode::NotWholeNumber));
        assert_eq!(read("48."), Err(ReasonCode::NotWholeNumber));
        assert_eq!(read("1001"), Err(ReasonCode::OutOfRange));
        assert_eq!(read("-12"), Err(ReasonCode::OutOfRange));
        assert_eq!(read("99999999999999999999"), Err(ReasonCode::OutOfRange));
        assert_eq!(read("n/a"), Err(ReasonCode::NotWholeNumber));
        assert_eq!(integer(Cell::Float(48.0), 0, 1_000), Ok(48));
        assert_eq!(integer(Cell::Float(48.5), 0, 1_000), Err(ReasonCode::NotWholeNumber));
        assert_eq!(integer(Cell::Float(f64::NAN), 0, 1_000), Err(ReasonCode::NotWholeNumber));
    }

    #[test]
    fn numbers() {
        let read = |text: &str| number(Cell::Text(text.as_bytes()), -90.0, 90.0);
        assert_eq!(read("48.85"), Ok(48.85));
        assert_eq!(read("48,85"), Err(ReasonCode::DecimalComma));
        assert_eq!(read("148.85"), Err(ReasonCode::OutOfRange));
        assert_eq!(read("inf"), Err(ReasonCode::NotNumber));
        assert_eq!(read("NaN"), Err(ReasonCode::NotNumber));
        assert_eq!(read("x"), Err(ReasonCode::NotNumber));
    }
}
