//! Bytes as text, each in one form only: what can be written in two ways could be changed unseen.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes behind standard base64; none where it isn't the one form of them.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    // The engine refuses missing padding and bits left over behind the last byte.
    STANDARD.decode(text).ok()
}

/// Lowercase hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// The bytes behind lowercase hexadecimal.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
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
        assert_eq!(unhex("00ff"), Some(vec![0, 255]));
        for text in ["0", "0F", "0g", "é"] {
            assert_eq!(unhex(text), None, "{text:?}");
        }
        assert_eq!((number("0"), number("10")), (Some(0), Some(10)));
        for text in ["", "00", "01", "+1", "-1", "18446744073709551616"] {
            assert_eq!(number(text), None, "{text:?}");
        }
    }
}
