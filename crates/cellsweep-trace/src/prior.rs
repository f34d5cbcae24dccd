//! How many of the handsets near facilities are kept there, from their likelihood ratios alone.

use std::f64::consts::PI;
use std::ops::Range;

use crate::phones::Phones;

/// Share of stays that were real in the worlds that the weights were fitted on, and
/// how much it counts beside the case's own estimate: ratios that are too cautious would else talk
/// the prior, and themselves, down to nothing.
pub const USUAL_PRIOR: f64 = 0.2;
const USUAL_WEIGHT: f64 = 0.03;

/// By at most so many times do two groups among the ratios raise what the ratios themselves say.
const MOST_RAISED: f64 = 3.0;

/// The share of stays near facilities that are real.
///
/// The ratios say so themselves, if they mean what they say: it is the fixed point of the mean posterior (Saerens, Latinne &
/// Decaestecker 2002, eq. 2.3). Where evidence is poor, ratios are too cautious, and then that is too low, which makes
/// what the case teaches poorer still. So the ratios' histogram is looked at too: those kept inside are a group of their own in
/// it, whatever the scale says (the two-groups model, Efron 2010, chapter 2). The greater of the two counts.
pub fn estimated(phones: &Phones, ln_lrs: &[f64]) -> f64 {
    if ln_lrs.is_empty() {
        return USUAL_PRIOR;
    }
    let all = ln_lrs.len() as f64;
    let kept = |prior: f64| {
        let mut stays = Vec::new();
        let of_phone = |Range { start, end }| {
            stays.clear();
            stays.extend_from_slice(&ln_lrs[start..end]);
            to_posteriors(&mut stays, prior);
            stays.iter().sum::<f64>()
        };
        phones.each().map(of_phone).sum::<f64>()
    };
    let mut prior = USUAL_PRIOR;
    for _ in 0..50 {
        let next = ((kept(prior) + USUAL_WEIGHT * all * USUAL_PRIOR) / (all + USUAL_WEIGHT * all)).min(MOST);
        let settled = (next - prior).abs() < 1e-4 * prior;
        prior = next;
        if settled {
            break;
        }
    }
    let said = kept(prior);
    let seen = Groups::of(
        phones.each().map(|Range { start, end }| ln_lrs[start..end].iter().copied().fold(f64::MIN, f64::max)),
    );
    let wanted = seen.map_or(said, |groups| groups.inside.min(MOST_RAISED * said));
    if wanted <= said { prior } else { reaching(wanted, prior, kept) }
}

/// No case holds more than this share of the handsets near its facilities.
const MOST: f64 = 0.9;

/// The prior from which so many are kept: what rises with the prior, halved until it is near.
fn reaching(wanted: f64, least: f64, kept: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (least, MOST);
    for _ in 0..20 {
        let middle = (low * high).sqrt();
        if kept(middle) < wanted { low = middle } else { high = middle }
    }
    (low * high).sqrt()
}

/// From the ln of a phone's ratios to the probabilities of its stays, against each other and against "nowhere".
pub fn to_posteriors(stays: &mut [f64], prior: f64) {
    let ln_prior = (prior / (1.0 - prior)).ln();
    let greatest = stays.iter().map(|ln_lr| ln_lr + ln_prior).fold(0.0, f64::max);
    stays.iter_mut().for_each(|ln_lr| *ln_lr = (*ln_lr + ln_prior - greatest).exp());
    let total = (-greatest).exp() + stays.iter().sum::<f64>();
    stays.iter_mut().for_each(|odds| *odds /= total);
}

/// Two groups of handsets by the ln of their best ratio: outside, whose numbers fall off exponentially the more it speaks for
/// inside, and inside, about a mean.
#[derive(Debug, Clone, Copy)]
struct Groups {
    inside: f64,
    /// A nat.
    rate: f64,
    mean: f64,
    spread: f64,
}

impl Groups {
    /// Below this nobody is taken for inside, and numbers fall off otherwise.
    const LEAST: f64 = -5.0;
    const BIN: f64 = 0.1;
    const BINS: usize = 200;
    /// What is expected of the rate and the spread beforehand, and the handsets that it counts for.
    const USUAL: (f64, f64) = (0.4, 2.5);
    const USUAL_HANDSETS: f64 = 20.0;
    /// Fewer handsets show no groups, nor does one that is hardly likelier inside than out.
    const LEAST_HANDSETS: f64 = 100.0;
    const LEAST_INSIDE: f64 = 20.0;
    const LEAST_MEAN: f64 = 1.0;

    fn of(best: impl Iterator<Item = f64>) -> Option<Self> {
        let mut counts = vec![0.0; Self::BINS];
        for ln_lr in best.filter(|ln_lr| *ln_lr > Self::LEAST) {
            counts[(((ln_lr - Self::LEAST) / Self::BIN) as usize).min(Self::BINS - 1)] += 1.0;
        }
        let all: f64 = counts.iter().sum();
        let groups = [1.0, 3.0, 5.0].map(|mean| {
            let begin = Self { inside: 0.3 * all, rate: Self::USUAL.0, mean, spread: Self::USUAL.1 };
            (0..300).fold(begin, |groups, _| groups.settled(&counts, all))
        });
        let best = groups
            .into_iter()
            .max_by(|a, b| a.ln_likelihood(&counts, all).total_cmp(&b.ln_likelihood(&counts, all)))?;
        let told = all >= Self::LEAST_HANDSETS && best.inside >= Self::LEAST_INSIDE && best.mean >= Self::LEAST_MEAN;
        told.then_some(best)
    }

    /// Numbers expected a nat at a distance from [`Groups::LEAST`]: inside, outside.
    fn at(&self, x: f64, all: f64) -> (f64, f64) {
        let z = (x + Self::LEAST - self.mean) / self.spread;
        let inside = self.inside * (-0.5 * z * z).exp() / (self.spread * (2.0 * PI).sqrt());
        (inside, (all - self.inside) * self.rate * (-self.rate * x).exp())
    }

    /// Once more by expectation-maximisation (Dempster, Laird & Rubin 1977).
    fn settled(self, counts: &[f64], all: f64) -> Self {
        let mut sums = [0.0; 4];
        for (x, count) in Self::bins(counts) {
            let (inside, outside) = self.at(x, all);
            let share = count * inside / (inside + outside).max(f64::MIN_POSITIVE);
            sums[0] += share;
            sums[1] += share * (x + Self::LEAST);
            sums[2] += share * (x + Self::LEAST - self.mean).powi(2);
            sums[3] += (count - share) * x;
        }
        let (usual, inside) = (Self::USUAL_HANDSETS, sums[0].max(1e-6));
        Self {
            inside,
            rate: (all - inside + usual) / (sums[3] + usual / Self::USUAL.0),
            mean: sums[1] / inside,
            spread: ((sums[2] + usual * Self::USUAL.1.powi(2)) / (inside + usual)).sqrt(),
        }
    }

    fn ln_likelihood(&self, counts: &[f64], all: f64) -> f64 {
        let of_bin = |(x, count): (f64, f64)| {
            let (inside, outside) = self.at(x, all);
            count * (inside + outside).max(f64::MIN_POSITIVE).ln()
        };
        Self::bins(counts).map(of_bin).sum()
    }

    fn bins(counts: &[f64]) -> impl Iterator<Item = (f64, f64)> {
        let bins = counts.iter().enumerate().map(|(bin, count)| ((bin as f64 + 0.5) * Self::BIN, *count));
        bins.filter(|(_, count)| *count > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many outside, fewer with each nat, and so many inside about a mean with a spread of two.
    fn ratios(outside: usize, inside: usize, mean: f64) -> impl Iterator<Item = f64> {
        let quantile = |index: usize, all: usize| (index as f64 + 0.5) / all as f64;
        let out = (0..outside).map(move |index| Groups::LEAST - (1.0 - quantile(index, outside)).ln() / 0.4);
        // Logistic of the normal's spread: the quantiles are near enough.
        let within = (0..inside).map(move |index| {
            let p = quantile(index, inside);
            mean + 2.0 * (p / (1.0 - p)).ln() / 1.7
        });
        out.chain(within)
    }

    #[test]
    fn a_group_inside_is_counted_whatever_its_ratios_say() {
        for mean in [2.0, 5.0] {
            let groups = Groups::of(ratios(1_500, 400, mean)).unwrap();
            assert!((300.0..450.0).contains(&groups.inside), "{groups:?}");
        }
    }

    /// How many are kept by the prior that is estimated of such a case.
    fn kept(ln_lrs: Vec<f64>) -> f64 {
        let phones = Phones::of_one_stay(ln_lrs.len() as u32);
        let prior = estimated(&phones, &ln_lrs);
        let of_phone = |ln_lr: &f64| 1.0 / (1.0 + (-ln_lr).exp() * (1.0 - prior) / prior);
        ln_lrs.iter().map(of_phone).sum()
    }

    #[test]
    fn ratios_that_are_too_cautious_dont_talk_the_prior_down() {
        let far = || (0..3_000).map(|_| -9.0);
        let sure = kept(far().chain(ratios(1_500, 400, 6.0)).collect());
        let cautious = kept(far().chain(ratios(1_500, 400, 2.5)).collect());
        assert!((350.0..480.0).contains(&sure) && (300.0..480.0).contains(&cautious), "{sure} and {cautious}");
    }

    #[test]
    fn one_group_shows_no_other() {
        assert!(Groups::of(ratios(1_500, 0, 0.0)).is_none_or(|groups| groups.inside < 40.0));
        assert!(Groups::of(ratios(30, 10, 5.0)).is_none());
    }
}
