//! Bytes as text, each in one form only: what can be written in two ways could be changed unseen.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes behind standard base64; none where it isn't the one form of them.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    // The engine refuses missing padding and bits left over behind the last byte.
    STANDARD.decode(text).ok()
}

/// Base64 as URLs take it, without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind base64 as URLs take it; none where it isn't the one form of them.
pub(crate) fn unbase64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Lowercase hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// The bytes behind lowercase hexadecimal, so many as are asked for.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != N {
        return None;
    }
    let mut bytes = [0; N];
    // Every nibble is looked up and the bad ones are told at the end: this runs once an entry.
    let mut bad = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (NIBBLES[usize::from(*high)], NIBBLES[usize::from(*low)]);
        bad |= high | low;
        *byte = high << 4 | low;
    }
    (bad & BAD == 0).then_some(bytes)
}

const BAD: u8 = 0x80;
const NIBBLES: [u8; 256] = nibbles();

const fn nibbles() -> [u8; 256] {
    let mut table = [BAD; 256];
    let digits = b"0123456789abcdef";
    let mut value = 0;
    while value < digits.len() {
        table[digits[value] as usize] = value as u8;
        value += 1;
    }
    table
}

/// A decimal number as `u64` prints it: no sign, no leading zero.
pub(crate) fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_only() {
        assert_eq!(unbase64("AA=="), Some(vec![0]));
        for text in ["AA", "AA=", "AB==", "AA==\n", " AA=="] {
            assert_eq!(unbase64(text), None, "{text:?}");
        }
        assert_eq!(unhex("00ff"), Some([0, 255]));
        for text in ["0", "00", "00ff0", "00FF", "000g", "00é", "00ff00"] {
            assert_eq!(unhex::<2>(text), None, "{text:?}");
        }
        assert_eq!((number("0"), number("10")), (Some(0), Some(10)));
        for text in ["", "00", "01", "+1", "-1", "18446744073709551616"] {
            assert_eq!(number(text), None, "{text:?}");
        }
    }
}
