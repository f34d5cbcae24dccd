//! How often chance alone does as much: the jammed facilities' days are dealt out to facilities at random.
//!
//! Randomisation inference with a studentised statistic (Young 2019; MacKinnon and Webb 2020): where facilities could
//! have changed places, its share of false alarms is right for any number of them.

use serde::Serialize;

use super::design::Design;
use super::noise::{Beside, Core};
use super::outcome::Outcome;
use super::ratio::Ratio;
use crate::draw::Draws;

/// The permutation test's answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// The share of the dealings, the real one included, that show at least as much, in either direction.
    pub p: f64,
    /// The smallest that there could be: with few facilities no result is rarer than this.
    pub least_p: f64,
    /// Dealings looked at, the real one included.
    pub dealings: usize,
}

/// Ratios of the facilities that have one in every slot, and where the real ones stand.
pub struct Table {
    /// By facility of the pool, then by slot.
    ratios: Vec<Vec<Ratio>>,
    /// Each slot's own facility, as a row of `ratios`.
    real: Vec<usize>,
}

impl Table {
    /// `None` where a jammed facility has no ratio in another one's slot.
    pub fn of(design: &Design<'_>, outcome: Outcome) -> Option<Self> {
        let own: Vec<usize> = design.slots.iter().map(|slot| slot.facility).collect();
        let in_pool = |facility: &usize| {
            own.contains(facility) || design.slots.iter().all(|slot| design.is_clean(*facility, slot))
        };
        let row = |facility: usize| -> Option<Vec<Ratio>> {
            design.slots.iter().map(|slot| design.ratio(facility, slot, outcome)).collect()
        };
        let pool = (0..design.facilities.len()).filter(in_pool);
        let rows: Vec<(usize, Vec<Ratio>)> = pool.filter_map(|facility| Some((facility, row(facility)?))).collect();
        let place = |facility: &usize| rows.iter().position(|(other, _)| other == facility);
        let real: Option<Vec<usize>> = own.iter().map(place).collect();
        let real = real?;
        Some(Self { ratios: rows.into_iter().map(|(_, row)| row).collect(), real })
    }

    /// The real dealing's rank among `draws` others.
    pub fn chance(&self, draws: usize, seed: u64) -> Option<Chance> {
        let observed = self.t(&self.real)?.abs();
        let mut stream = Draws::new(seed);
        let mut as_much = 1;
        for _ in 0..draws {
            let dealt = stream.choose(self.real.len(), self.ratios.len());
            // A dealing that can't be judged counts against us.
            if self.t(&dealt).is_none_or(|t| t.abs() >= observed) {
                as_much += 1;
            }
        }
        let dealings = draws + 1;
        let p = f64::from(as_much) / dealings as f64;
        Some(Chance { p, least_p: self.least_p().max(1.0 / dealings as f64), dealings })
    }

    /// One over the number of ways to choose which facilities are jammed.
    pub fn least_p(&self) -> f64 {
        let (all, jammed) = (self.ratios.len(), self.real.len());
        (0..jammed).map(|step| (jammed - step) as f64 / (all - step) as f64).product()
    }

    fn t(&self, dealt: &[usize]) -> Option<f64> {
        let free: Vec<usize> = (0..self.ratios.len()).filter(|row| !dealt.contains(row)).collect();
        let beside = |(slot, &row): (usize, &usize)| Beside {
            own: self.ratios[row][slot],
            others: free.iter().map(|&other| (other, self.ratios[other][slot])).collect(),
        };
        let sites: Vec<Beside> = dealt.iter().enumerate().map(beside).collect();
        Core::of(&sites).map(|core| core.t())
    }
}
