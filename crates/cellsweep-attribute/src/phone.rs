//! A handset's calls, summed over days.

use cellsweep_model::Msisdn;
use cellsweep_model::peers::PeerRow;

use crate::Phone;
use crate::protected::Protected;

/// Classes of how often a number was spoken with: on one day, on two or three, on more.
pub const CLASSES: usize = 3;

/// One number that a handset spoke with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeerSum {
    /// The number.
    pub number: Msisdn,
    /// Days on which it did.
    pub days: u32,
    /// First time.
    pub first: i64,
    /// Last time.
    pub last: i64,
}

/// All numbers that a handset spoke with.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// By number.
    pub peers: Vec<PeerSum>,
    /// How many of each class.
    pub by_class: [u32; CLASSES],
}

impl PeerSum {
    /// How often it was spoken with.
    pub fn class(&self) -> usize {
        match self.days {
            0 | 1 => 0,
            2 | 3 => 1,
            _ => 2,
        }
    }
}

impl Sums {
    /// Sums a handset's rows.
    pub fn new(phone: &Phone, protected: &Protected) -> Self {
        let of_row = |row: &PeerRow| Some((row.number()?, row.day, row.first, row.last));
        let mut rows: Vec<(Msisdn, i32, i64, i64)> = protected.spoken(phone).filter_map(of_row).collect();
        rows.sort_unstable();
        let mut sums = Self::default();
        for rows in rows.chunk_by(|a, b| a.0 == b.0) {
            let days = rows.chunk_by(|a, b| a.1 == b.1).count() as u32;
            let first = rows.iter().map(|row| row.2).min().unwrap_or_default();
            let last = rows.iter().map(|row| row.3).max().unwrap_or_default();
            let sum = PeerSum { number: rows[0].0, days, first, last };
            sums.by_class[sum.class()] += 1;
            sums.peers.push(sum);
        }
        sums
    }

    /// All numbers.
    pub fn count(&self) -> u32 {
        self.by_class.iter().sum()
    }
}
