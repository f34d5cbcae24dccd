//! The model of a user's calls: how likely a handset's numbers are if one inmate uses it.
//!
//! Each number that a handset speaks with comes from its user's list with a share λ, or from the
//! background. Users differ in λ, and about half have none: its distribution over a grid is
//! estimated from the case (a nonparametric maximum-likelihood mixture, Laird 1978). How often a
//! number was called tells listed ones from chance, so λ is read for each class.

use crate::phone::CLASSES;

/// A number on the user's list: its class, and how many times likelier the list makes it than
/// chance does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// How often it was called.
    pub class: usize,
    /// 1 / (numbers on the list × background).
    pub scale: f64,
}

/// A mixture over shares of calls that go to listed numbers.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CallModel {
    /// Shares.
    pub grid: Vec<f64>,
    /// How many users have each.
    pub weights: Vec<f64>,
    /// By class: how many times likelier it is among listed numbers than among others.
    pub classes: [f64; CLASSES],
    /// The same made ready, for a user who makes all calls and for one who makes a part, by the
    /// list's size.
    #[serde(skip)]
    ready: [[Vec<Ready>; SIZES.len()]; 2],
}

/// What list a user has: none, or one of so many numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(Option<u8>);

/// Numbers on a list, up to each and beyond, and by what they multiply the odds of calling a
/// listed number against those of one of four: who lists more has more of their circle on it.
const SIZES: [(u32, f64); 6] = [(1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0), (6, 1.4), (u32::MAX, 2.0)];

impl Size {
    /// Of a list with so many numbers.
    pub fn of(numbers: u32) -> Self {
        Self((numbers > 0).then(|| SIZES.partition_point(|(most, _)| *most < numbers) as u8))
    }

    /// Of a list whose length says nothing of how much of it is called.
    pub fn any(numbers: u32) -> Self {
        Self((numbers > 0).then_some(3))
    }

    /// All there are, for tables by size.
    pub const ALL: usize = SIZES.len() + 1;

    /// Its place in such a table.
    pub fn index(self) -> usize {
        self.0.map_or(0, |size| usize::from(size) + 1)
    }

    /// The size at a place in such a table.
    pub fn at(index: usize) -> Self {
        Self(index.checked_sub(1).map(|size| size as u8))
    }
}

/// How much of a handset's calls a user makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The main user: all of them.
    Main,
    /// A second one.
    Second,
}

/// The part that a second user makes.
const SECOND: f64 = 0.4;

/// A grid point's shares by class, and the logarithms of what they leave.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Ready {
    shares: [f64; CLASSES],
    ln_rest: [f64; CLASSES],
}

/// What expectation counts.
#[derive(Debug, Clone)]
pub struct CallCounts {
    weights: Vec<f64>,
    listed: [f64; CLASSES],
    all: [f64; CLASSES],
}

/// Users that the prior mixture counts for.
const PRIOR_USERS: f64 = 8.0;
/// Numbers that the prior of classes counts for.
const PRIOR_NUMBERS: f64 = 20.0;

impl CallModel {
    /// Before the case speaks.
    pub fn prior(grid: &[f64], weights: &[f64]) -> Self {
        Self::new(grid.to_vec(), weights.to_vec(), [1.0; CLASSES])
    }

    fn new(grid: Vec<f64>, weights: Vec<f64>, classes: [f64; CLASSES]) -> Self {
        let ready = |part: f64, odds: f64| -> Vec<Ready> {
            let of = |share: &f64| {
                let share = share * odds / (1.0 - share + share * odds) * part;
                // The share of a class's numbers that are listed, where `share` of all are.
                let shares = classes.map(|ratio| {
                    let listed = share * ratio;
                    listed / (listed + 1.0 - share)
                });
                Ready { shares, ln_rest: shares.map(|share| (1.0 - share).ln()) }
            };
            grid.iter().map(of).collect()
        };
        let ready = [1.0, SECOND].map(|part| SIZES.map(|(_, odds)| ready(part, odds)));
        Self { grid, weights, classes, ready }
    }

    /// Each grid point's likelihood of the numbers, against chance alone.
    fn likelihoods<'a>(
        &'a self,
        (size, part): (u8, Part),
        by_class: &'a [u32; CLASSES],
        hits: &'a [Hit],
    ) -> impl Iterator<Item = f64> + 'a {
        self.ready[part as usize][size as usize].iter().map(move |ready| {
            let ln: f64 = ready.ln_rest.iter().zip(by_class).map(|(ln, count)| ln * f64::from(*count)).sum();
            let mut likelihood = ln.exp();
            for hit in hits {
                let listed = ready.shares[hit.class];
                likelihood *= (listed * hit.scale + 1.0 - listed) / (1.0 - listed);
            }
            // Never so sure that sums overflow.
            likelihood.min(1e120)
        })
    }

    /// How likely the numbers are if an inmate with such a list makes the calls, or a part of
    /// them, against chance alone.
    pub fn likelihood(&self, size: Size, part: Part, by_class: &[u32; CLASSES], hits: &[Hit]) -> f64 {
        let Some(size) = size.0 else { return 1.0 };
        let likelihoods = self.likelihoods((size, part), by_class, hits);
        likelihoods.zip(&self.weights).map(|(likelihood, weight)| likelihood * weight).sum()
    }

    /// Counts a user who is the right one with this probability; gives for each hit how likely it
    /// is that the list, and not chance, explains it.
    pub fn count(
        &self,
        counts: &mut CallCounts,
        size: Size,
        (by_class, hits): (&[u32; CLASSES], &[Hit]),
        probability: f64,
    ) -> Vec<f64> {
        let mut explained = vec![0.0; hits.len()];
        let Some(size) = size.0 else { return explained };
        let likelihoods = self.likelihoods((size, Part::Main), by_class, hits);
        let joint: Vec<f64> = likelihoods.zip(&self.weights).map(|(likelihood, weight)| likelihood * weight).collect();
        let total: f64 = joint.iter().sum();
        let ready = &self.ready[Part::Main as usize][size as usize];
        for ((joint, ready), weight) in joint.iter().zip(ready).zip(&mut counts.weights) {
            let user = joint / total;
            *weight += probability * user;
            for (hit, explained) in hits.iter().zip(&mut explained) {
                let listed = ready.shares[hit.class];
                *explained += user * listed * hit.scale / (listed * hit.scale + 1.0 - listed);
            }
        }
        for (hit, explained) in hits.iter().zip(&explained) {
            counts.listed[hit.class] += probability * explained;
        }
        explained
    }

    /// Empty counts.
    pub fn counts(&self) -> CallCounts {
        CallCounts { weights: vec![0.0; self.grid.len()], listed: [0.0; CLASSES], all: [0.0; CLASSES] }
    }

    /// The model that the counts speak for, shrunk to the prior.
    pub fn update(&self, prior: &CallModel, counts: &CallCounts) -> Self {
        let users: f64 = counts.weights.iter().sum::<f64>() + PRIOR_USERS;
        let weights = counts
            .weights
            .iter()
            .zip(&prior.weights)
            .map(|(count, prior)| (count + PRIOR_USERS * prior) / users)
            .collect();
        let listed: f64 = counts.listed.iter().sum();
        let other: f64 = counts.all.iter().sum::<f64>() - listed;
        let mut classes = [1.0; CLASSES];
        for (class, ratio) in classes.iter_mut().enumerate() {
            // Both shrunk to the classes of all numbers.
            let usual = counts.all[class] / counts.all.iter().sum::<f64>().max(1.0);
            let among_listed = (counts.listed[class] + PRIOR_NUMBERS * usual) / (listed + PRIOR_NUMBERS);
            let rest = (counts.all[class] - counts.listed[class]).max(0.0);
            let among_other = (rest + PRIOR_NUMBERS * usual) / (other.max(0.0) + PRIOR_NUMBERS);
            if among_other > 0.0 && among_listed > 0.0 {
                *ratio = among_listed / among_other;
            }
        }
        Self::new(self.grid.clone(), weights, classes)
    }
}

impl CallCounts {
    /// Counts a handset's numbers, kept with this probability.
    pub fn numbers(&mut self, by_class: &[u32; CLASSES], probability: f64) {
        for (all, count) in self.all.iter_mut().zip(by_class) {
            *all += probability * f64::from(*count);
        }
    }

    /// Adds another part's counts.
    pub fn add(&mut self, other: &CallCounts) {
        let pairs = self.weights.iter_mut().zip(&other.weights);
        let pairs = pairs.chain(self.listed.iter_mut().zip(&other.listed)).chain(self.all.iter_mut().zip(&other.all));
        for (sum, part) in pairs {
            *sum += part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> CallModel {
        CallModel::prior(&[0.0, 0.2, 0.6], &[0.5, 0.3, 0.2])
    }

    #[test]
    fn a_rare_shared_number_weighs_more_than_a_common_one() {
        let numbers = [2, 1, 1];
        let rare = model().likelihood(Size::of(4), Part::Main, &numbers, &[Hit { class: 1, scale: 10_000.0 }]);
        let common = model().likelihood(Size::of(4), Part::Main, &numbers, &[Hit { class: 1, scale: 20.0 }]);
        let none = model().likelihood(Size::of(4), Part::Main, &numbers, &[]);
        assert!(rare > 50.0 * common && common > none && none < 1.0, "{rare} {common} {none}");
    }

    #[test]
    fn many_numbers_of_which_none_is_listed_speak_against_but_never_rule_out() {
        let few = model().likelihood(Size::of(4), Part::Main, &[1, 0, 0], &[]);
        let many = model().likelihood(Size::of(4), Part::Main, &[40, 20, 20], &[]);
        assert!(many < few && many >= 0.5, "{many} {few}");
    }

    #[test]
    fn who_lists_nobody_is_not_spoken_against_by_calls_to_nobody_listed() {
        let of = |size| model().likelihood(Size::of(size), Part::Main, &[2, 4, 1], &[]);
        assert!(of(0) == 1.0 && of(1) < 1.0 && of(8) < of(1), "{} {} {}", of(0), of(1), of(8));
    }

    #[test]
    fn the_mixture_follows_the_case() {
        let mut now = model();
        for _ in 0..20 {
            let mut counts = now.counts();
            for handset in 0..200 {
                let hits = [Hit { class: 1, scale: 5_000.0 }; 3];
                let hits = if handset % 4 == 0 { &hits[..] } else { &[] };
                counts.numbers(&[2, 4, 0], 1.0);
                now.count(&mut counts, Size::of(4), (&[2, 4, 0], hits), 1.0);
            }
            now = now.update(&model(), &counts);
        }
        assert!((now.weights[0] - 0.75).abs() < 0.05, "{:?}", now.weights);
    }
}
