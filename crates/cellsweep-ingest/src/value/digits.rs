//! Identifiers made of digits, straight from bytes.

use cellsweep_model::id::{IdError, ImeiTail, RecordedImei, pack_digits, unpack_digits};
use cellsweep_model::record::name_code;

use crate::reason::ReasonCode;
use crate::value::{decode, text};

const POWERS: [u64; 17] = {
    let mut powers = [1; 17];
    let mut index = 1;
    while index < 17 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// Up to 18 digits behind a leading 1, as [`pack_digits`] packs them; `None` where anything else
/// stands there. 8 to 16 digits, which nearly all are, take two multiplications' worth of time.
pub fn pack(digits: &[u8]) -> Option<u64> {
    let len = digits.len();
    if !(8..=16).contains(&len) {
        return pack_digits(digits);
    }
    let tail = eight(digits[len - 8..].first_chunk()?)?;
    let head = eight_of(digits.first_chunk()?, len - 8)?;
    Some(POWERS[len] + head * 100_000_000 + tail)
}

/// The number that 8 ASCII digits make.
fn eight(text: &[u8; 8]) -> Option<u64> {
    eight_of(text, 8)
}

/// The number that the first `count` of 8 ASCII digits make: all 8 are looked at as one word
/// whose lowest byte is the first digit, pairs are added up to fours and fours to the eight.
fn eight_of(text: &[u8; 8], count: usize) -> Option<u64> {
    if count == 0 {
        return Some(0);
    }
    let word = u64::from_le_bytes(*text) ^ 0x3030_3030_3030_3030;
    // What falls out at the top was behind the first `count`; zeros come in at the bottom.
    let word = word << (64 - 8 * count as u32);
    let above_nine = (word.wrapping_add(0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080;
    if above_nine != 0 {
        return None;
    }
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

/// An IMEI's packed digits, and whether its check digit is right or absent.
///
/// # Errors
/// When it is not 14 to 16 digits with spaces, hyphens or slashes between them.
pub fn imei(text: &[u8]) -> Result<(u64, bool), ReasonCode> {
    let packed = match (text.len(), pack(text)) {
        (14..=16, Some(packed)) => packed,
        _ => imei_with_signs(text)?,
    };
    Ok((packed, packed / POWERS[15] != 1 || check_digit_is_fine(packed)))
}

fn imei_with_signs(text: &[u8]) -> Result<u64, ReasonCode> {
    let recorded = std::str::from_utf8(text).map_err(drop).and_then(|text| match RecordedImei::parse(text) {
        Ok(recorded) => Ok(Ok(recorded.packed())),
        Err(IdError::Length { .. }) => Ok(Err(ReasonCode::DigitCount)),
        Err(_) => Err(()),
    });
    recorded.unwrap_or_else(|()| Err(not_digits(text)))
}

/// Whether 15 packed digits end in the Luhn digit, or in the 0 that networks send.
fn check_digit_is_fine(packed: u64) -> bool {
    if packed.is_multiple_of(10) {
        return true;
    }
    RecordedImei::from_packed(packed).is_some_and(|recorded| recorded.tail != ImeiTail::WrongCheckDigit)
}

/// Letters and signs, or a spreadsheet's `3.5488E+14`.
fn not_digits(text: &[u8]) -> ReasonCode {
    let mantissa = text.iter().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')).count();
    match &text[mantissa..] {
        [b'e' | b'E', sign, rest @ ..] if mantissa > 0 => {
            let exponent = sign.is_ascii_digit() || (matches!(sign, b'+' | b'-') && !rest.is_empty());
            if exponent && rest.iter().all(u8::is_ascii_digit) {
                ReasonCode::ScientificNotation
            } else {
                ReasonCode::NotDigits
            }
        }
        _ => ReasonCode::NotDigits,
    }
}

/// An IMSI's packed digits.
///
/// # Errors
/// When it is not 6 to 15 digits.
pub fn imsi(text: &[u8]) -> Result<u64, ReasonCode> {
    let packed = pack(text).ok_or_else(|| not_digits_or_too_many(text))?;
    if (6..=15).contains(&text.len()) { Ok(packed) } else { Err(ReasonCode::DigitCount) }
}

fn not_digits_or_too_many(text: &[u8]) -> ReasonCode {
    if text.iter().all(u8::is_ascii_digit) { ReasonCode::DigitCount } else { not_digits(text) }
}

/// A subscriber's number's packed digits; spaces, a leading `+` or `00` and the `.0` of a column that passed through
/// floats are taken off.
///
/// # Errors
/// When it is not 2 to 15 digits then.
pub fn msisdn(text: &[u8]) -> Result<u64, ReasonCode> {
    if (8..=15).contains(&text.len())
        && !text.starts_with(b"00")
        && let Some(packed) = pack(text)
    {
        return Ok(packed);
    }
    let text = whole(text);
    let (digits, len) = bare_number(text).ok_or_else(|| not_digits_or_too_many(text))?;
    pack(&digits[..len]).filter(|_| (2..=15).contains(&len)).ok_or_else(|| {
        if digits[..len].iter().all(u8::is_ascii_digit) { ReasonCode::DigitCount } else { not_digits(text) }
    })
}

/// Digits without a `.0` behind them; anything else as it is.
pub(crate) fn whole(text: &[u8]) -> &[u8] {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &text[digits..] {
        [b'.', zeros @ ..] if digits > 0 && !zeros.is_empty() && zeros.iter().all(|zero| *zero == b'0') => {
            &text[..digits]
        }
        _ => text,
    }
}

/// Without spaces and international prefix; `None` where more than 15 characters stay.
fn bare_number(text: &[u8]) -> Option<([u8; 17], usize)> {
    let mut bare = [0; 17];
    let mut len = 0;
    for &byte in text.iter().filter(|byte| **byte != b' ') {
        *bare.get_mut(len)? = byte;
        len += 1;
    }
    let prefix = if bare[..len].starts_with(b"+") {
        1
    } else if bare[..len].starts_with(b"00") {
        2
    } else {
        0
    };
    bare.copy_within(prefix..len, 0);
    Some((bare, len - prefix))
}

/// The other party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// A number's packed digits.
    Number(u64),
    /// A sender's name by its code, which is negative.
    Name(i64),
}

/// The other party: a number, or a sender's name such as `INFO`.
///
/// # Errors
/// When it holds control characters, or is meant for a number and is none: as a name it would match no list.
pub fn peer(bytes: &[u8]) -> Result<Peer, ReasonCode> {
    match msisdn(bytes) {
        Ok(packed) => Ok(Peer::Number(packed)),
        Err(ReasonCode::ScientificNotation) => Err(ReasonCode::ScientificNotation),
        Err(reason) if is_like_a_number(bytes) => Err(reason),
        Err(_) => Ok(Peer::Name(name_code(&text(bytes)?))),
    }
}

/// Two digits or more, and nothing else but what people write between them. Services' codes (`*100#`) and addresses
/// of the Internet are something else.
fn is_like_a_number(bytes: &[u8]) -> bool {
    let text = decode(bytes);
    let between = |char: char| char.is_whitespace() || "+-.,()/'\u{2019}\u{2010}\u{2011}\u{2013}".contains(char);
    text.chars().all(|char| char.is_ascii_digit() || between(char))
        && text.chars().filter(char::is_ascii_digit).count() >= 2
        && text.parse::<std::net::Ipv4Addr>().is_err()
}

/// The digits that were packed.
pub(crate) fn digits_text(packed: u64) -> String {
    unpack_digits(packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn imeis() {
        assert_eq!(imei(b"490154203237518"), Ok((1_490_154_203_237_518, true)));
        assert_eq!(imei(b"490154203237510"), Ok((1_490_154_203_237_510, true)));
        assert_eq!(imei(b"490154203237513"), Ok((1_490_154_203_237_513, false)));
        assert_eq!(imei(b"49015420323751"), Ok((149_015_420_323_751, true)));
        assert_eq!(imei(b"4901542032375101"), Ok((14_901_542_032_375_101, true)));
        assert_eq!(imei(b"49 015420-323751/8"), Ok((1_490_154_203_237_518, true)));
        for (text, reason) in [
            ("35ABC", ReasonCode::NotDigits),
            ("3.5488E+14", ReasonCode::ScientificNotation),
            ("3,5488e14", ReasonCode::ScientificNotation),
            ("35E", ReasonCode::NotDigits),
            ("12345", ReasonCode::DigitCount),
            ("49015420323751812", ReasonCode::DigitCount),
            ("49015420323751é", ReasonCode::NotDigits),
        ] {
            assert_eq!(imei(text.as_bytes()), Err(reason), "{text}");
        }
    }

    #[test]
    fn numbers() {
        for text in
            ["33612345678", "+33612345678", "0033612345678", "+33 6 12 34 56 78", "00 33 612345678", "33612345678.0"]
        {
            assert_eq!(msisdn(text.as_bytes()), Ok(133_612_345_678), "{text}");
        }
        assert_eq!(msisdn(b"17"), Ok(117));
        assert_eq!(msisdn(b"7"), Err(ReasonCode::DigitCount));
        assert_eq!(msisdn(b"1234567890123456"), Err(ReasonCode::DigitCount));
        assert_eq!(msisdn(b"12345678901234567890"), Err(ReasonCode::DigitCount));
        assert_eq!(msisdn(b"INFO"), Err(ReasonCode::NotDigits));
        assert_eq!(msisdn(b"3.36E+10"), Err(ReasonCode::ScientificNotation));
        assert_eq!(imsi(b"208011"), Ok(1_208_011));
        assert_eq!(imsi(b"20801"), Err(ReasonCode::DigitCount));
        assert_eq!(imsi(b"2080112345678901"), Err(ReasonCode::DigitCount));
    }

    #[test]
    fn peers() {
        assert_eq!(peer(b"+33612345678"), Ok(Peer::Number(133_612_345_678)));
        assert_eq!(peer(b"INFO 36"), Ok(Peer::Name(name_code("INFO 36"))));
        assert_eq!(peer(b"a\x07b"), Err(ReasonCode::ControlCharacters));
        for name in ["INFO", "*100#", "10.0.0.1", "2001:db8::1", "La Poste", "0", "-", "36 EUR", "3.5E"] {
            assert_eq!(peer(name.as_bytes()), Ok(Peer::Name(name_code(name))), "{name}");
        }
    }

    #[test]
    fn what_is_meant_for_a_number_is_no_name() {
        for (text, reason) in [
            ("3.36E+10", ReasonCode::ScientificNotation),
            ("3,36123E10", ReasonCode::ScientificNotation),
            ("+33-6-12-34-56-78", ReasonCode::NotDigits),
            ("+33 (0)6 12 34 56 78", ReasonCode::NotDigits),
            ("33612345678.5", ReasonCode::NotDigits),
            ("06\u{a0}12\u{a0}34\u{a0}56\u{a0}78", ReasonCode::NotDigits),
            ("0612345678/0698765432", ReasonCode::NotDigits),
            ("3361234567800000", ReasonCode::DigitCount),
        ] {
            assert_eq!(peer(text.as_bytes()), Err(reason), "{text}");
        }
        assert_eq!(peer(b"33612345678.0"), Ok(Peer::Number(133_612_345_678)));
    }

    proptest! {
        #[test]
        fn packing_agrees_with_the_model(text in "[0-9]{1,18}") {
            prop_assert_eq!(pack(text.as_bytes()), pack_digits(text.as_bytes()));
        }

        #[test]
        fn packing_refuses_what_the_model_refuses(text in proptest::collection::vec(any::<u8>(), 0..20)) {
            prop_assert_eq!(pack(&text), pack_digits(&text));
        }

        #[test]
        fn any_bytes_are_fine(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = (imei(&text), imsi(&text), msisdn(&text), peer(&text));
        }
    }
}
