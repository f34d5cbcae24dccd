//! Habits: when and for what handsets inside are used, and those around, as the case itself shows.
//!
//! Each is a family of compositions (shares of hours, of kinds of records) around a common one: a
//! Dirichlet-multinomial, whose mean and concentration are estimated from the handsets of the
//! case, weighed by how likely they are inside (Minka 2000, "Estimating a Dirichlet distribution").

use rayon::prelude::*;

/// Handsets' worth of the even composition that a family starts from.
const EVEN_HANDSETS: f64 = 3.0;
/// Concentrations that are tried.
const CONCENTRATIONS: [f64; 7] = [1.5, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0];
/// Handsets whose likelihood chooses among them.
const MOST_TRIED: usize = 3_000;
/// A handset with so many counts says half of what one with very many says of the mean.
const HALF_COUNTS: f64 = 10.0;

/// A handset's counts by part, and how likely it is inside.
struct Member {
    counts: Vec<f64>,
    belief: f64,
}

struct Family {
    sums: Vec<f64>,
    weight: f64,
    concentration: f64,
}

/// Two families: inside and around.
pub struct Habits {
    inside: Family,
    around: Family,
}

/// What handsets teach of their habits, one after the other.
pub struct Lesson {
    inside: Family,
    around: Family,
    /// Every so many-th handset: those by which a concentration is chosen.
    tried: Vec<Member>,
    every: usize,
    seen: usize,
}

impl Lesson {
    /// Before the first; a composition has so many parts.
    pub fn new(parts: usize) -> Self {
        Self { inside: Family::even(parts), around: Family::even(parts), tried: Vec::new(), every: 1, seen: 0 }
    }

    /// Adds a handset's counts by part, by how likely it is inside.
    pub fn take(&mut self, counts: &[f64], belief: f64) {
        self.inside.take(counts, belief);
        self.around.take(counts, 1.0 - belief);
        if self.seen.is_multiple_of(self.every) {
            self.tried.push(Member { counts: counts.to_vec(), belief });
        }
        self.seen += 1;
        if self.tried.len() > MOST_TRIED {
            let mut place = 0;
            self.tried.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.every *= 2;
        }
    }

    /// Both families.
    pub fn learn(self) -> Habits {
        let Self { inside, around, tried, .. } = self;
        Habits {
            inside: inside.settled(&tried, |member| member.belief),
            around: around.settled(&tried, |member| 1.0 - member.belief),
        }
    }
}

impl Habits {
    /// ln of the likelihood ratio of a handset's counts, without what it taught itself.
    pub fn fit(&self, counts: &[f64], belief: f64) -> f64 {
        self.inside.ln_likelihood(counts, belief) - self.around.ln_likelihood(counts, 1.0 - belief)
    }
}

impl Family {
    fn even(parts: usize) -> Self {
        Self { sums: vec![EVEN_HANDSETS / parts as f64; parts], weight: EVEN_HANDSETS, concentration: 1.0 }
    }

    fn take(&mut self, counts: &[f64], weight: f64) {
        let (total, says) = said(counts, weight);
        for (sum, count) in self.sums.iter_mut().zip(counts) {
            *sum += says * count / total;
        }
        self.weight += says;
    }

    /// With the concentration that those who are tried make likeliest.
    fn settled(mut self, tried: &[Member], weight_of: impl Fn(&Member) -> f64 + Sync) -> Self {
        let tried: Vec<(&Member, f64)> =
            tried.iter().map(|member| (member, weight_of(member))).filter(|(_, weight)| *weight > 0.02).collect();
        let scores: Vec<f64> = CONCENTRATIONS
            .par_iter()
            .map(|concentration| {
                let family = Self { sums: self.sums.clone(), weight: self.weight, concentration: *concentration };
                tried.iter().map(|(member, weight)| weight * family.ln_likelihood(&member.counts, 0.0)).sum()
            })
            .collect();
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
        self.concentration = CONCENTRATIONS[best];
        self
    }

    fn ln_likelihood(&self, counts: &[f64], own: f64) -> f64 {
        let (total, says) = said(counts, own);
        let rest = (self.weight - says).max(EVEN_HANDSETS * 0.5);
        let mut ln = -rising(self.concentration, counts.iter().sum());
        for (sum, count) in self.sums.iter().zip(counts).filter(|(_, count)| **count > 0.0) {
            let share = ((sum - says * count / total) / rest).max(1e-4);
            ln += rising(self.concentration * share, *count);
        }
        ln
    }
}

/// A handset's counts in all, and how much it says of its family's mean.
fn said(counts: &[f64], weight: f64) -> (f64, f64) {
    let total: f64 = counts.iter().sum();
    (total.max(1.0), weight * total / (total + HALF_COUNTS))
}

/// ln of the rising factorial: lnΓ(a + n) − lnΓ(a).
pub fn rising(a: f64, n: f64) -> f64 {
    libm::lgamma(a + n) - libm::lgamma(a)
}
