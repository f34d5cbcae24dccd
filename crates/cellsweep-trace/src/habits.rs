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

/// A handset's counts, and how likely it is inside.
pub struct Member {
    /// Counts by part.
    pub counts: Vec<f64>,
    /// Probability that it is inside.
    pub belief: f64,
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

impl Habits {
    /// Learns both families.
    pub fn learn(members: &[Member]) -> Self {
        Self {
            inside: Family::learn(members, |member| member.belief),
            around: Family::learn(members, |member| 1.0 - member.belief),
        }
    }

    /// ln of the likelihood ratio of a member's counts, without what it taught itself.
    pub fn fit(&self, member: &Member) -> f64 {
        self.inside.ln_likelihood(member, member.belief) - self.around.ln_likelihood(member, 1.0 - member.belief)
    }
}

impl Family {
    fn learn(members: &[Member], weight_of: impl Fn(&Member) -> f64 + Sync) -> Self {
        let parts = members.first().map_or(1, |member| member.counts.len());
        let mut sums = vec![EVEN_HANDSETS / parts as f64; parts];
        let mut weight = EVEN_HANDSETS;
        for member in members {
            let (total, says) = said(member, weight_of(member));
            for (sum, count) in sums.iter_mut().zip(&member.counts) {
                *sum += says * count / total;
            }
            weight += says;
        }
        let mut family = Self { sums, weight, concentration: 1.0 };
        family.concentration = family.best_concentration(members, weight_of);
        family
    }

    fn best_concentration(&self, members: &[Member], weight_of: impl Fn(&Member) -> f64 + Sync) -> f64 {
        let step = members.len().div_ceil(MOST_TRIED).max(1);
        let tried: Vec<(&Member, f64)> =
            members.iter().step_by(step).map(|member| (member, weight_of(member))).filter(|m| m.1 > 0.02).collect();
        let scores: Vec<f64> = CONCENTRATIONS
            .par_iter()
            .map(|concentration| {
                let family = Self { sums: self.sums.clone(), weight: self.weight, concentration: *concentration };
                tried.iter().map(|(member, weight)| weight * family.ln_likelihood(member, 0.0)).sum()
            })
            .collect();
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or_default();
        CONCENTRATIONS[best]
    }

    fn ln_likelihood(&self, member: &Member, own: f64) -> f64 {
        let (total, says) = said(member, own);
        let rest = (self.weight - says).max(EVEN_HANDSETS * 0.5);
        let mut ln = -rising(self.concentration, member.counts.iter().sum());
        for (sum, count) in self.sums.iter().zip(&member.counts).filter(|(_, count)| **count > 0.0) {
            let share = ((sum - says * count / total) / rest).max(1e-4);
            ln += rising(self.concentration * share, *count);
        }
        ln
    }
}

/// A member's counts in all, and how much it says of its family's mean.
fn said(member: &Member, weight: f64) -> (f64, f64) {
    let total: f64 = member.counts.iter().sum();
    (total.max(1.0), weight * total / (total + HALF_COUNTS))
}

/// ln of the rising factorial: lnΓ(a + n) − lnΓ(a).
pub fn rising(a: f64, n: f64) -> f64 {
    libm::lgamma(a + n) - libm::lgamma(a)
}
