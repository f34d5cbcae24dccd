//! How often a number is called by people whom it doesn't lead to: the other side of every weight
//! that a shared number carries.
//!
//! A number that leads to one inmate of a facility is hardly ever called there by another; a lawyer
//! or a taxi that eight of them listed is. So chance is estimated for each kind of number, from
//! calls to numbers that lead to nobody held here and from those that the model leaves unexplained.

use std::ops::Range;

use cellsweep_model::Msisdn;
use rustc_hash::FxHashMap;

use crate::lists::Lists;
use crate::phone::Sums;
use crate::roll::Roll;

/// Kinds of numbers, by how many they lead to.
pub const KINDS: usize = 7;
/// Those on lists; the others lead to inmates by their case only.
const LISTED_KINDS: usize = 4;
/// A number on many lists: it tells two users of a phone apart from nobody.
pub const ON_MANY: usize = 3;

/// Shape of the gamma prior over numbers' popularity within a kind: most are hardly ever called by
/// chance, a town hall often.
const SHAPE: f64 = 0.3;
/// Before the case speaks: the share of a handset's numbers that are on somebody's list by
/// chance, and how many such calls this prior counts for.
const CHANCE_SHARE: f64 = 0.03;
const CHANCE_COUNT: f64 = 2.0;
/// And how many times likelier each kind is than the first.
const KIND_RATIOS: [f64; KINDS] = [1.0, 3.0, 20.0, 150.0, 1.0, 1.0, 1.0];

/// The kind of a number that leads to so many by a list and to so many by a case.
const fn kind(listed: usize, of_case: usize) -> usize {
    match (listed, of_case) {
        (1, _) => 0,
        (2, _) => 1,
        (3..=8, _) => 2,
        (9.., _) => ON_MANY,
        (0, 0..=2) => 4,
        (0, 3..=8) => 5,
        (0, _) => 6,
    }
}

/// Calls that nobody's list explains.
#[derive(Debug, Default)]
pub struct Background {
    /// By kind: probability that a number drawn by chance is a given one.
    usual: [f64; KINDS],
    /// By facility: handsets that called a number by chance, weighted by how likely each is kept.
    callers: Vec<FxHashMap<Msisdn, f64>>,
    /// By facility: all numbers of its handsets, so weighted.
    draws: Vec<f64>,
    /// Numbers of each kind times the draws that could have met them.
    chances: [f64; KINDS],
    /// The same where a number leads to nobody, of those on lists and of those of cases only.
    elsewhere: [f64; 2],
    /// Calls of handsets that are kept there to numbers of cases only.
    called_elsewhere: f64,
    /// Handsets that spoke with a number at all, so weighted.
    spoke: FxHashMap<Msisdn, f64>,
    /// Of them, those kept where it leads to nobody.
    strangers: FxHashMap<Msisdn, f64>,
    /// Callers by chance of all facilities together.
    everywhere: FxHashMap<Msisdn, f64>,
}

/// A handset in a facility, as far as the background needs it.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Index of the facility.
    pub prison: u32,
    /// Its numbers.
    pub sums: &'a Sums,
    /// That it is kept there.
    pub probability: f64,
}

impl Background {
    /// Counts draws, and the calls to numbers that lead to nobody here.
    pub fn new(roll: &Roll, lists: &Lists, cases: &Lists, seen: &[Seen<'_>]) -> Self {
        let mut background = Self { draws: vec![0.0; roll.prisons.len()], ..Self::default() };
        background.callers = vec![FxHashMap::default(); roll.prisons.len()];
        for seen in seen {
            background.draws[seen.prison as usize] += seen.probability * f64::from(seen.sums.count());
            for peer in &seen.sums.peers {
                if !lists.of(peer.number).is_empty() || !cases.of(peer.number).is_empty() {
                    *background.spoke.entry(peer.number).or_default() += seen.probability;
                }
            }
        }
        background.count_chances(roll, lists, cases);
        background.count_elsewhere(roll, lists, cases, seen);
        background.settle(&[0.0; KINDS]);
        background
    }

    fn count_chances(&mut self, roll: &Roll, lists: &Lists, cases: &Lists) {
        let all: f64 = self.draws.iter().sum();
        let only_of_cases = cases.numbers().filter(|number| lists.of(*number).is_empty());
        for number in lists.numbers().chain(only_of_cases) {
            let (mut prisons, mut there) = (places(roll, lists, number), 0.0);
            prisons.extend(places(roll, cases, number));
            prisons.sort_unstable();
            prisons.dedup();
            for prison in prisons {
                let draws = self.draws[prison as usize];
                self.chances[kind_in(roll, lists, cases, number, prison)] += draws;
                there += draws;
            }
            let whole = kind(lists.of(number).len(), cases.of(number).len());
            self.elsewhere[usize::from(whole >= LISTED_KINDS)] += all - there;
        }
    }

    fn count_elsewhere(&mut self, roll: &Roll, lists: &Lists, cases: &Lists, seen: &[Seen<'_>]) {
        for seen in seen {
            for peer in &seen.sums.peers {
                let (listed, of_case) = (lists.of(peer.number), cases.of(peer.number));
                let here = |inmate: &u32| roll.held_at[*inmate as usize] == Some(seen.prison);
                let leads = !listed.is_empty() || !of_case.is_empty();
                if leads && !listed.iter().chain(of_case).any(here) {
                    *self.strangers.entry(peer.number).or_default() += seen.probability;
                    if listed.is_empty() {
                        // One that everybody calls is that number's own matter.
                        let spoke = self.spoke.get(&peer.number).copied().unwrap_or(1.0);
                        self.called_elsewhere += seen.probability * (2.0 / spoke.max(2.0));
                    }
                }
            }
        }
    }

    /// Rates from what chance has to explain, by kind.
    fn settle(&mut self, here: &[f64; KINDS]) {
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        let draws = sum(&self.draws);
        let share = |kinds: Range<usize>, elsewhere: f64| {
            CHANCE_SHARE / ((elsewhere + sum(&self.chances[kinds])) / draws.max(1e-9)).max(1.0)
        };
        let [on_lists, of_cases] = self.elsewhere;
        let first = [share(0..LISTED_KINDS, on_lists), share(LISTED_KINDS..KINDS, of_cases)];
        for (kind, ratio) in KIND_RATIOS.into_iter().enumerate() {
            // What is on a list is known in its own neighbourhood. A case's numbers are called by strangers to it as often
            // elsewhere as here, and whether few or many here are held for it.
            let (first, alike, (calls, chances)) = if kind < LISTED_KINDS {
                (first[0], kind..kind + 1, (0.0, 0.0))
            } else {
                (first[1], LISTED_KINDS..KINDS, (self.called_elsewhere, of_cases))
            };
            let usual = (first * ratio).min(0.02);
            let chances = chances + sum(&self.chances[alike.clone()]) + CHANCE_COUNT / usual;
            self.usual[kind] = (calls + sum(&here[alike]) + CHANCE_COUNT) / chances;
        }
    }

    /// Takes in what chance had to explain: by facility and number, with the number's kind.
    pub fn update(&mut self, chance: impl Iterator<Item = (u32, Msisdn, u8, f64)>) {
        self.callers.iter_mut().for_each(FxHashMap::clear);
        self.everywhere.clone_from(&self.strangers);
        let mut here = [0.0; KINDS];
        for (prison, number, kind, handsets) in chance {
            *self.callers[prison as usize].entry(number).or_default() += handsets;
            *self.everywhere.entry(number).or_default() += handsets;
            here[kind as usize] += handsets;
        }
        self.settle(&here);
    }

    /// Probability that a number drawn by chance in a facility is this one, as the other handsets
    /// show it; `own` is what this handset itself counts for among its callers.
    pub fn of(&self, prison: u32, number: Msisdn, kind: u8, own: f64) -> f64 {
        // A shop of the neighbourhood is known here, a taxi office everywhere.
        let rate = |callers: &FxHashMap<Msisdn, f64>, draws: f64| {
            let others = (callers.get(&number).copied().unwrap_or(0.0) - own).max(0.0);
            (SHAPE + others) / (SHAPE / self.usual[kind as usize] + draws)
        };
        let here = rate(&self.callers[prison as usize], self.draws[prison as usize]);
        here.max(rate(&self.everywhere, self.draws.iter().sum()))
    }

    /// Handsets that spoke with a number, weighted by how likely each is kept.
    pub fn spoke(&self, number: Msisdn) -> f64 {
        self.spoke.get(&number).copied().unwrap_or(0.0)
    }
}

/// Where those are held whom a number leads to.
fn places(roll: &Roll, lists: &Lists, number: Msisdn) -> Vec<u32> {
    lists.of(number).iter().filter_map(|inmate| roll.held_at[*inmate as usize]).collect()
}

/// The kind of a number in a facility.
pub fn kind_in(roll: &Roll, lists: &Lists, cases: &Lists, number: Msisdn, prison: u32) -> usize {
    let here = |lists: &Lists| places(roll, lists, number).into_iter().filter(|place| *place == prison).count();
    kind(here(lists), here(cases))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(called_elsewhere: f64, here: [f64; KINDS]) -> [f64; KINDS] {
        let chances = [4e4, 9e3, 5e3, 800.0, 9e3, 4e3, 500.0];
        let elsewhere = [1e6, 8e5];
        let mut background =
            Background { draws: vec![200.0, 300.0], chances, elsewhere, called_elsewhere, ..Background::default() };
        background.settle(&here);
        background.usual
    }

    #[test]
    fn a_case_s_numbers_are_as_common_by_chance_whether_few_or_many_here_are_held_for_it() {
        let usual = settled(6.0, [0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0]);
        assert_eq!(usual[4..], [usual[4]; 3]);
        assert!(settled(60.0, [0.0; KINDS])[4] > 3.0 * settled(6.0, [0.0; KINDS])[4]);
    }

    #[test]
    fn what_is_listed_here_is_as_common_as_it_is_called_here() {
        let quiet = settled(6.0, [0.0; KINDS]);
        let called = settled(6.0, [40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(called[0] > 2.0 * quiet[0] && called[1..] == quiet[1..], "{quiet:?} {called:?}");
        // Calls elsewhere say nothing of it.
        assert_eq!(settled(60.0, [0.0; KINDS])[..LISTED_KINDS], quiet[..LISTED_KINDS]);
    }
}
