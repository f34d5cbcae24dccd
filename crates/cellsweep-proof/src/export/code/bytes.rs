//! The parts of a code: numbers of any length, and the check sum.

use super::CodeError;

/// What is left to read.
pub(super) struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N], CodeError> {
        let (these, rest) = self.0.split_first_chunk::<N>().ok_or(CodeError::Form)?;
        self.0 = rest;
        Ok(*these)
    }

    /// A number in base 128, in its shortest form.
    pub fn number(&mut self) -> Result<u64, CodeError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits || (byte == 0 && shift > 0) {
                return Err(CodeError::Form);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(CodeError::Form)
    }
}

pub(super) fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// CRC-32/ISO-HDLC. It finds any change within 32 bits in a row, so any wrong character of base64, and any two neighbours
/// that were swapped.
pub(super) fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1));
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_catalogue_s() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_number_has_one_form() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut bytes = Vec::new();
            put_number(number, &mut bytes);
            assert_eq!(Bytes(&bytes).number(), Ok(number));
        }
        for bad in [[0x80, 0].as_slice(), &[0xff; 10], &[0x80], &[]] {
            assert_eq!(Bytes(bad).number(), Err(CodeError::Form), "{bad:?}");
        }
    }
}
