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

/// What each facility's ratio would be on each jammed one's days.
pub struct Table {
    /// By facility of the pool, then by slot; none where its days there say nothing.
    ratios: Vec<Vec<Option<Ratio>>>,
    /// Each slot's own facility, as a row of `ratios`.
    real: Vec<usize>,
}

impl Table {
    /// The pool are the jammed facilities and those that were not jammed on any jammed one's days.
    pub fn of(design: &Design<'_>, outcome: Outcome) -> Self {
        let own: Vec<usize> = design.slots.iter().map(|slot| slot.facility).collect();
        let is_clean = |facility: usize| design.slots.iter().all(|slot| design.is_clean(facility, slot));
        let others = (0..design.facilities.len()).filter(|&facility| !own.contains(&facility) && is_clean(facility));
        let row = |facility| design.slots.iter().map(|slot| design.ratio(facility, slot, outcome)).collect();
        let ratios: Vec<Vec<Option<Ratio>>> = own.iter().copied().chain(others).map(row).collect();
        Self { ratios, real: (0..own.len()).collect() }
    }

    /// The real dealing's rank among `draws` others; those in which a facility would get days that say nothing of it
    /// are not dealt. `None` where the real one can't be judged.
    pub fn chance(&self, draws: usize, seed: u64) -> Option<Chance> {
        let observed = self.t(&self.real)?.abs();
        let mut stream = Draws::new(seed);
        let (mut as_much, mut dealings) = (1, 1);
        for _ in 0..draws {
            let dealt = stream.choose(self.real.len(), self.ratios.len());
            let Some(t) = self.t(&dealt) else { continue };
            dealings += 1;
            as_much += usize::from(t.abs() >= observed);
        }
        let least_p = self.least_p().max(1.0 / dealings as f64);
        Some(Chance { p: as_much as f64 / dealings as f64, least_p, dealings })
    }

    /// One over the number of ways to choose which facilities are jammed.
    pub fn least_p(&self) -> f64 {
        let (all, jammed) = (self.ratios.len(), self.real.len());
        (0..jammed).map(|step| (jammed - step) as f64 / (all - step) as f64).product()
    }

    fn t(&self, dealt: &[usize]) -> Option<f64> {
        let free: Vec<usize> = (0..self.ratios.len()).filter(|row| !dealt.contains(row)).collect();
        let others = |slot: usize| free.iter().filter_map(|&row| Some((row, self.ratios[row][slot]?))).collect();
        let beside =
            |(slot, &row): (usize, &usize)| Some(Beside { own: self.ratios[row][slot]?, others: others(slot) });
        let sites: Option<Vec<Beside>> = dealt.iter().enumerate().map(beside).collect();
        Core::of(&sites?).map(|core| core.t())
    }
}
