//! How often strangers call a number that somebody happened to list: the other side of every
//! weight that a shared number carries.

use cellsweep_model::Msisdn;
use rustc_hash::FxHashMap;

use crate::lists::Lists;
use crate::phone::Sums;

/// Shape of the gamma prior over numbers' popularity: most are hardly ever called by chance, a
/// taxi or a town hall often.
const SHAPE: f64 = 0.3;
/// Before the case speaks: the share of a handset's numbers that are on somebody's list by
/// chance, and how many such calls this prior counts for.
const CHANCE_SHARE: f64 = 0.03;
const CHANCE_COUNT: f64 = 2.0;

/// The background of one kind of lists.
#[derive(Debug, Default)]
pub struct Background {
    /// Probability that a number drawn by chance is a given one that is nobody else's.
    usual: f64,
    /// Handsets that spoke with a number, each by how likely it is kept somewhere.
    callers: FxHashMap<Msisdn, f64>,
    /// All numbers of all handsets, so weighted.
    draws: f64,
}

/// A handset in a facility, as far as the background needs it.
pub struct Seen<'a> {
    /// Index of the facility.
    pub prison: u32,
    /// Its numbers.
    pub sums: &'a Sums,
    /// That it is kept there.
    pub probability: f64,
}

impl Background {
    /// Counts on lists of people held elsewhere: nobody here has a reason to call those.
    pub fn new<'a>(
        lists: &Lists,
        seen: impl Iterator<Item = Seen<'a>> + Clone,
        held_here: &dyn Fn(u32, u32) -> bool,
    ) -> Self {
        let mut background = Self::default();
        for seen in seen.clone() {
            background.draws += seen.probability * f64::from(seen.sums.count());
            for peer in seen.sums.peers.iter().filter(|peer| !lists.of(peer.number).is_empty()) {
                *background.callers.entry(peer.number).or_default() += seen.probability;
            }
        }
        let chance = CHANCE_SHARE / (lists.total().max(1) as f64);
        let (mut hits, mut chances) = (CHANCE_COUNT, CHANCE_COUNT / chance);
        for seen in seen {
            chances += seen.probability * f64::from(seen.sums.count()) * lists.elsewhere(seen.prison) as f64;
            for peer in &seen.sums.peers {
                let inmates = lists.of(peer.number);
                if !inmates.is_empty() && !inmates.iter().any(|inmate| held_here(seen.prison, *inmate)) {
                    let callers = background.callers.get(&peer.number).copied().unwrap_or(1.0);
                    hits += seen.probability * (2.0 / callers.max(2.0));
                }
            }
        }
        background.usual = hits / chances;
        background
    }

    /// Probability that a number drawn by chance is this one, as the other handsets show it; `own`
    /// is what this handset itself counts for among them.
    pub fn of(&self, number: Msisdn, own: f64) -> f64 {
        let others = (self.others(number) - own).max(0.0);
        (SHAPE + others) / (SHAPE / self.usual + self.draws)
    }

    /// Handsets that spoke with a number, weighted by how likely each is kept.
    pub fn others(&self, number: Msisdn) -> f64 {
        self.callers.get(&number).copied().unwrap_or(0.0)
    }
}
