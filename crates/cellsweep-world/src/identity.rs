//! Identifiers, all drawn at random and never twice: nothing in them follows who made them or when.

use rand::RngExt;
use rustc_hash::FxHashSet;

use crate::network::Network;
use crate::params::Params;
use crate::rng::{Gen, below, chance, pick};
use crate::unit::Sim;

/// Hands out identifiers.
#[derive(Default)]
pub(crate) struct Minter {
    imeis: FxHashSet<u64>,
    imsis: FxHashSet<u64>,
    numbers: FxHashSet<u64>,
}

/// Networks of subscribers from abroad: IMSI prefix, country code and length of the rest of the number.
const ABROAD: &[(u64, u64, u32)] =
    &[(26_201, 49, 10), (22_201, 39, 10), (21_407, 34, 9), (20_610, 32, 9), (60_301, 213, 9), (60_401, 212, 9)];

impl Minter {
    /// Fourteen digits: the code and a random serial number.
    pub(crate) fn imei(&mut self, rng: &mut Gen, tac: u32) -> u64 {
        loop {
            let imei = u64::from(tac) * 1_000_000 + rng.random_range(0..1_000_000u64);
            if self.imeis.insert(imei) {
                return imei;
            }
        }
    }

    /// The IMEI of a second slot.
    pub(crate) fn second_imei(&mut self, rng: &mut Gen, first: u64, paired: bool) -> u64 {
        let next = first + 1;
        if paired && next / 1_000_000 == first / 1_000_000 && self.imeis.insert(next) {
            return next;
        }
        self.imei(rng, (first / 1_000_000) as u32)
    }

    /// A mobile number.
    pub(crate) fn number(&mut self, rng: &mut Gen) -> u64 {
        loop {
            let number = random_number(rng);
            if self.numbers.insert(number) {
                return number;
            }
        }
    }

    /// A SIM card of a drawn operator, for the whole window.
    pub(crate) fn sim(&mut self, rng: &mut Gen, net: &Network, params: &Params) -> Sim {
        let op = net.draw_operator(rng);
        let mut sim = Sim { op, also: None, imsi: 0, msisdn: 0, slot: 0, user: 0, from: i64::MIN, to: i64::MAX };
        if chance(rng, 0.012) {
            self.abroad(rng, &mut sim);
            return sim;
        }
        sim.imsi = self.imsi(rng, net.operators[op as usize].plmn);
        sim.msisdn = self.number(rng);
        if chance(rng, params.roaming) {
            // National roaming: the host network records the event too.
            sim.also = Some(((usize::from(op) + 1 + below(rng, 3)) % 4) as u8);
        }
        sim
    }

    fn abroad(&mut self, rng: &mut Gen, sim: &mut Sim) {
        let (prefix, country, digits) = pick(rng, ABROAD).copied().unwrap_or(ABROAD[0]);
        sim.imsi = self.imsi(rng, prefix);
        let low = 10u64.pow(digits - 1);
        sim.msisdn = country * 10u64.pow(digits) + rng.random_range(low..10 * low);
        self.numbers.insert(sim.msisdn);
    }

    fn imsi(&mut self, rng: &mut Gen, prefix: u64) -> u64 {
        loop {
            let imsi = prefix * 10_000_000_000 + rng.random_range(0..10_000_000_000u64);
            if self.imsis.insert(imsi) {
                return imsi;
            }
        }
    }
}

/// A mobile number that may or may not be somebody's.
pub(crate) fn random_number(rng: &mut Gen) -> u64 {
    let prefix = if chance(rng, 0.75) { 336 } else { 337 };
    prefix * 100_000_000 + rng.random_range(0..100_000_000u64)
}

/// Check digit of a 14-digit IMEI (Luhn).
pub(crate) fn check_digit(imei14: u64) -> u64 {
    let mut sum = 0;
    let mut rest = imei14;
    for i in 0..14 {
        let d = rest % 10;
        rest /= 10;
        let v = if i % 2 == 0 { d * 2 } else { d };
        sum += v / 10 + v % 10;
    }
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    #[test]
    fn check_digits() {
        // The example of 3GPP TS 23.003 annex B style documents: 490154203237518.
        assert_eq!(super::check_digit(49_015_420_323_751), 8);
        assert_eq!(super::check_digit(35_209_900_176_148), 1);
    }
}
