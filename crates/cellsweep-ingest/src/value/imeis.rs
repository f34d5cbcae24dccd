//! One or two IMEIs in a field, as people type them into a shop's list.

use std::borrow::Cow;

use super::digits::{imei, pack};
use crate::reason::ReasonCode;

/// What such a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// One or two, packed, and whether their check digits are right or absent.
    Read(Vec<u64>, bool),
    /// A spreadsheet's `3.5488E+14`: no device is named any more, but the line is what it is.
    Lost,
}

/// Reads spaces, hyphens, dots, the word `IMEI` before a number, two numbers beside each other, and scientific
/// notation that still shows all digits.
///
/// # Errors
/// When letters stand in it, or the digits are not one or two IMEIs'.
pub fn imeis(text: &[u8]) -> Result<Typed, ReasonCode> {
    match imei(text) {
        Ok((packed, fine)) => return Ok(Typed::Read(vec![packed], fine)),
        Err(ReasonCode::ScientificNotation) => return Ok(scientific(text)),
        Err(_) => {}
    }
    let text = unlabelled(&super::decode(text)).ok_or(ReasonCode::NotDigits)?;
    let numbers = numbers(&text).ok_or(ReasonCode::DigitCount)?;
    let mut packed = Vec::with_capacity(numbers.len());
    let mut fine = true;
    for number in numbers {
        let (one, right) = imei(number.as_bytes())?;
        fine &= right;
        packed.push(one);
    }
    packed.dedup();
    Ok(Typed::Read(packed, fine))
}

/// Without the word before a number (`IMEI`, `IMEI 2:`, `imei1=`); `None` where other letters stand.
fn unlabelled(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut plain = String::with_capacity(lower.len());
    let mut rest = lower.as_str();
    while let Some(at) = rest.find("imei") {
        plain.push_str(&rest[..at]);
        // What stood between two labels is one number, whatever signs it holds.
        plain.push(';');
        rest = rest[at + "imei".len()..].trim_start();
        let ordinal = rest.starts_with(['1', '2']) && !rest[1..].starts_with(|next: char| next.is_ascii_digit());
        if ordinal {
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    (!plain.contains(char::is_alphabetic)).then_some(plain)
}

/// The digits of one or two numbers: cut at a sign that separates, else between two groups of digits, else in
/// the middle.
fn numbers(text: &str) -> Option<Vec<String>> {
    let strong = [';', ',', '|', '\n', '\t', '&', '+'];
    for cut in [&strong[..], &['/'], &[' ']] {
        let pieces: Vec<String> = text.split(cut).map(digits).filter(|piece| !piece.is_empty()).collect();
        if (1..=2).contains(&pieces.len()) && pieces.iter().all(|piece| (14..=16).contains(&piece.len())) {
            return Some(pieces);
        }
    }
    let all = digits(text);
    match all.len() {
        14..=16 => Some(vec![all]),
        // Both with their check digit: nothing else says where the second begins.
        30 if [&all[..15], &all[15..]].iter().all(|half| imei(half.as_bytes()).is_ok_and(|(_, fine)| fine)) => {
            Some(vec![all[..15].to_owned(), all[15..].to_owned()])
        }
        _ => None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The first 14 digits, where they are all there and none is rounded.
fn scientific(text: &[u8]) -> Typed {
    let text: Cow<'_, str> = super::decode(text);
    let read = || {
        let (mantissa, exponent) = text.split_once(['e', 'E'])?;
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
        let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
        let shown = digits(whole).len() + fraction.len();
        let length = digits(whole).len() + exponent;
        // The last digit that is shown may be rounded, but not where all are or where it is the 15th.
        let sure = if shown >= length { length } else { 14 };
        let named = (14..=16).contains(&length) && (shown >= length || shown > 14);
        named.then(|| format!("{whole}{fraction}").get(..sure).map(str::to_owned)).flatten()
    };
    let number = read().and_then(|digits| pack(digits.as_bytes()));
    match number {
        Some(packed) => {
            Typed::Read(vec![packed], imei(&packed.to_string().as_bytes()[1..]).is_ok_and(|(_, fine)| fine))
        }
        None => Typed::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: u64 = 1_490_154_203_237_518;
    const TWO: u64 = 1_490_154_203_237_526;

    #[test]
    fn as_people_type_them() {
        for text in [
            "490154203237518",
            "49 015420 323751 8",
            "49-015420-323751-8",
            "490154/20/323751/8",
            "4901 5420 3237 518",
            "IMEI 490154203237518",
            "imei: 49.015420.323751.8",
            "IMEI1=490154203237518",
            "4.90154203237518E+14",
            "4,90154203237518e14",
        ] {
            assert_eq!(imeis(text.as_bytes()), Ok(Typed::Read(vec![ONE], true)), "{text}");
        }
    }

    #[test]
    fn two_of_a_dual_sim_handset() {
        for text in [
            "490154203237518 490154203237526",
            "490154203237518/490154203237526",
            "490154203237518 / 490154203237526",
            "49 015420 323751 8; 49 015420 323752 6",
            "49-015420-323751-8 / 49-015420-323752-6",
            "IMEI 1: 490154203237518 IMEI 2: 490154203237526",
            "IMEI1 490154203237518\nIMEI2 490154203237526",
            "490154203237518490154203237526",
        ] {
            assert_eq!(imeis(text.as_bytes()), Ok(Typed::Read(vec![ONE, TWO], true)), "{text}");
        }
        let twice = imeis(b"490154203237518 490154203237518");
        assert_eq!(twice, Ok(Typed::Read(vec![ONE], true)), "the same one twice is one");
    }

    #[test]
    fn a_wrong_check_digit_is_a_doubt() {
        assert_eq!(imeis(b"490154203237513"), Ok(Typed::Read(vec![1_490_154_203_237_513], false)));
        let two = imeis(b"490154203237518 / 490154203237523");
        assert_eq!(two, Ok(Typed::Read(vec![ONE, 1_490_154_203_237_523], false)));
    }

    #[test]
    fn lost_digits_name_no_device() {
        for text in ["3.5488E+14", "4,9015420323752E+14", "4.90154203237518E+11"] {
            assert_eq!(imeis(text.as_bytes()), Ok(Typed::Lost), "{text}");
        }
    }

    #[test]
    fn neither_one_nor_two() {
        for (text, reason) in [
            ("unknown", ReasonCode::NotDigits),
            ("49015420323751X", ReasonCode::NotDigits),
            ("12345", ReasonCode::DigitCount),
            ("490154203237518 4901", ReasonCode::DigitCount),
            ("490154203237518490154203237523", ReasonCode::DigitCount),
            ("490154203237518 490154203237526 490154203237534", ReasonCode::DigitCount),
        ] {
            assert_eq!(imeis(text.as_bytes()), Err(reason), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_fine(text in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = imeis(&text);
        }

        #[test]
        fn what_is_written_plainly_is_read(first in "[0-9]{14,16}", second in "[0-9]{14,16}") {
            proptest::prop_assume!(first != second);
            let read = imeis(format!("{first} / {second}").as_bytes());
            let packed = [first, second].map(|digits| pack(digits.as_bytes()).unwrap_or_default());
            proptest::prop_assert!(matches!(read, Ok(Typed::Read(found, _)) if found == packed));
        }
    }
}
