//! How operators spoil what they record: forms of an IMEI, blanks, zeros, a clock an hour off.

use rand::RngExt;

use crate::clock::{Clock, DAY, HOUR};
use crate::identity::check_digit;
use crate::params::Params;
use crate::rng::{Gen, Purpose, below, chance, instant, stream, weighted};

/// How an IMEI is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImeiForm {
    /// Fifteen digits with the right check digit.
    Checked,
    /// Fifteen digits, the last always zero.
    ZeroCheck,
    /// Fourteen digits.
    Bare,
    /// Sixteen digits: IMEI and software version.
    Version,
    /// Fifteen digits, the last wrong.
    WrongCheck,
    /// Nothing.
    Blank,
    /// Fifteen zeros.
    Zeros,
}

/// An operator's habit for each technology.
pub(crate) fn draw_forms(rng: &mut Gen) -> [ImeiForm; 4] {
    let forms = [ImeiForm::Checked, ImeiForm::ZeroCheck, ImeiForm::Bare, ImeiForm::Version];
    let usual = forms[weighted(rng, &[0.4, 0.25, 0.2, 0.15])];
    std::array::from_fn(|_| if chance(rng, 0.75) { usual } else { forms[below(rng, 4)] })
}

/// A stretch during which one operator's clock was off.
pub(crate) struct ClockSlip {
    pub op: u8,
    pub from: i64,
    pub to: i64,
    pub shift: i64,
}

impl ClockSlip {
    pub(crate) fn draw(seed: u64, clock: &Clock, params: &Params) -> ClockSlip {
        let mut rng = stream(seed, Purpose::Quirk, 0);
        let long = ((params.clock_shift_days * DAY as f64) as i64).min((clock.end() - clock.start()) / 3);
        let from = instant(&mut rng, clock.start(), clock.end() - long);
        let shift = if chance(&mut rng, 0.7) { HOUR } else { -HOUR };
        ClockSlip { op: below(&mut rng, 4) as u8, from, to: from + long, shift }
    }
}

/// The form one row's IMEI takes.
pub(crate) fn row_form(rng: &mut Gen, usual: ImeiForm, params: &Params) -> ImeiForm {
    let u: f64 = rng.random();
    let blank = params.blank_imei;
    let zero = blank + params.zero_imei;
    let wrong = zero + params.wrong_check;
    if u < blank {
        ImeiForm::Blank
    } else if u < zero {
        ImeiForm::Zeros
    } else if u < wrong {
        ImeiForm::WrongCheck
    } else if u < wrong + 0.01 {
        [ImeiForm::Checked, ImeiForm::Bare, ImeiForm::Version][below(rng, 3)]
    } else {
        usual
    }
}

/// Writes an IMEI of fourteen digits into a buffer; returns the text, empty for a blank.
pub(crate) fn write_imei(buffer: &mut [u8; 16], imei: u64, form: ImeiForm) -> &str {
    let (value, digits) = match form {
        ImeiForm::Checked => (imei * 10 + check_digit(imei), 15),
        ImeiForm::ZeroCheck => (imei * 10, 15),
        ImeiForm::Bare => (imei, 14),
        // The software version follows from the handset, not from the row.
        ImeiForm::Version => (imei * 100 + (imei / 7) % 40 + 1, 16),
        ImeiForm::WrongCheck => (imei * 10 + (check_digit(imei) + 1 + imei % 8) % 10, 15),
        ImeiForm::Blank => return "",
        ImeiForm::Zeros => (0, 15),
    };
    digits_into(buffer, value, digits)
}

/// Decimal digits, padded with zeros to a length of at most 16.
pub(crate) fn digits_into(buffer: &mut [u8; 16], mut value: u64, digits: usize) -> &str {
    for slot in buffer[..digits].iter_mut().rev() {
        *slot = b'0' + (value % 10) as u8;
        value /= 10;
    }
    std::str::from_utf8(&buffer[..digits]).unwrap_or("")
}

/// Decimal digits without padding.
pub(crate) fn number_into(buffer: &mut [u8; 16], value: u64) -> &str {
    let digits = if value == 0 { 1 } else { value.ilog10() as usize + 1 };
    digits_into(buffer, value, digits.min(16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let mut b = [0; 16];
        assert_eq!(write_imei(&mut b, 49_015_420_323_751, ImeiForm::Checked), "490154203237518");
        assert_eq!(write_imei(&mut b, 1_015_420_323_751, ImeiForm::Bare), "01015420323751");
        assert_eq!(write_imei(&mut b, 1, ImeiForm::Blank), "");
        assert_eq!(write_imei(&mut b, 1, ImeiForm::Zeros), "000000000000000");
        assert_eq!(number_into(&mut b, 33_612_345_678), "33612345678");
    }
}
