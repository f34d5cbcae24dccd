//! How good a list of devices is against the truth.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::truth::Handset;

/// One row of `devices`: a handset listed in a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// Fourteen digits (more are cut).
    pub imei: String,
    /// Other IMEIs of the same handset.
    pub other_imeis: Vec<String>,
    /// Where it is said to be kept.
    pub facility: String,
    /// How sure.
    pub probability: f64,
}

/// Figures over all (handset, facility) rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Rows listed.
    pub listed: usize,
    /// Handsets kept that left at least one row: those who could be listed.
    pub positives: usize,
    /// Area under precision and recall; positives that aren't listed are misses.
    pub average_precision: f64,
    /// Largest recall while at least nine rows in ten are right.
    pub recall_at_precision_90: f64,
    /// Among listed handsets that are kept somewhere: share whose best row names the right facility.
    pub right_facility: f64,
    /// Cost of the rows' probabilities as log likelihood ratios, in bits: the rows' own prior is taken out.
    /// A positive that isn't listed counts as a row with probability 0.005.
    pub cllr: f64,
    /// Mean of (probability − truth)², same rows.
    pub brier: f64,
}

/// Scores a list. A match on either IMEI of a dual-SIM handset counts; of clones, one row each.
pub fn score(truth: &[Handset], guesses: &[Guess]) -> Score {
    let kept: Vec<&Handset> = truth.iter().filter(|h| h.kept && h.events > 0).collect();
    let mut order: Vec<&Guess> = guesses.iter().collect();
    order.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| (&a.imei, &a.facility).cmp(&(&b.imei, &b.facility)))
    });
    let mut matcher = Matcher::new(&kept);
    let marks: Vec<(f64, bool)> = order.iter().map(|g| (g.probability, matcher.take(g))).collect();
    let missed = kept.len() - marks.iter().filter(|m| m.1).count();
    let (average_precision, recall_at_precision_90) = curve(&marks, kept.len());
    Score {
        listed: guesses.len(),
        positives: kept.len(),
        average_precision,
        recall_at_precision_90,
        right_facility: right_facility(&kept, &order),
        cllr: cllr(&marks, missed),
        brier: brier(&marks, missed),
    }
}

fn digits14(imei: &str) -> &str {
    imei.get(..14).unwrap_or(imei)
}

struct Matcher<'a> {
    by_imei: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    taken: FxHashSet<usize>,
}

impl<'a> Matcher<'a> {
    fn new(kept: &[&'a Handset]) -> Matcher<'a> {
        let mut by_imei: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
        for (index, h) in kept.iter().enumerate() {
            for imei in [&h.imei14, &h.other_imei] {
                if !imei.is_empty() {
                    by_imei.entry((imei, &h.facility)).or_default().push(index);
                }
            }
        }
        Matcher { by_imei, taken: FxHashSet::default() }
    }

    /// Whether a row is right; each true handset makes one row right.
    fn take(&mut self, guess: &Guess) -> bool {
        let imeis = std::iter::once(&guess.imei).chain(&guess.other_imeis);
        let mut found = imeis.filter_map(|i| self.by_imei.get(&(digits14(i), guess.facility.as_str()))).flatten();
        let free = found.find(|i| !self.taken.contains(*i)).copied();
        free.is_some_and(|i| self.taken.insert(i))
    }
}

/// Average precision and recall at precision 0.9. Rows of equal probability are one step.
fn curve(marks: &[(f64, bool)], positives: usize) -> (f64, f64) {
    let total = positives.max(1) as f64;
    let (mut area, mut recall90) = (0.0, 0.0);
    let (mut hits, mut seen, mut last) = (0.0, 0.0, 0.0);
    for group in marks.chunk_by(|a, b| a.0 == b.0) {
        hits += group.iter().filter(|m| m.1).count() as f64;
        seen += group.len() as f64;
        let (precision, recall) = (hits / seen, hits / total);
        area += precision * (recall - last);
        last = recall;
        if precision >= 0.9 {
            recall90 = f64::max(recall90, recall);
        }
    }
    (area, recall90)
}

fn right_facility(kept: &[&Handset], order: &[&Guess]) -> f64 {
    let mut places: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for h in kept {
        places.entry(&h.imei14).or_default().push(&h.facility);
        if !h.other_imei.is_empty() {
            places.entry(&h.other_imei).or_default().push(&h.facility);
        }
    }
    let mut seen = FxHashSet::default();
    let (mut right, mut all) = (0.0, 0.0);
    for guess in order {
        let imei = digits14(&guess.imei);
        if let Some(facilities) = places.get(imei)
            && seen.insert(imei)
        {
            all += 1.0;
            right += f64::from(u8::from(facilities.contains(&guess.facility.as_str())));
        }
    }
    if all > 0.0 { right / all } else { 0.0 }
}

const UNLISTED: f64 = 0.005;

/// Cllr (Brümmer & du Preez 2006) of posterior odds divided by the prior odds of the rows.
fn cllr(marks: &[(f64, bool)], missed: usize) -> f64 {
    let positives = marks.iter().filter(|m| m.1).count() + missed;
    let negatives = marks.len() + missed - positives;
    if positives == 0 || negatives == 0 {
        return f64::NAN;
    }
    let prior = positives as f64 / negatives as f64;
    let cost = |p: f64, truth: bool| {
        let p = p.clamp(1e-9, 1.0 - 1e-9);
        let lr = p / (1.0 - p) / prior;
        if truth { (1.0 + 1.0 / lr).log2() } else { (1.0 + lr).log2() }
    };
    let side = |truth: bool| marks.iter().filter(|m| m.1 == truth).map(|m| cost(m.0, truth)).sum::<f64>();
    let hits = side(true) + missed as f64 * cost(UNLISTED, true);
    0.5 * (hits / positives as f64 + side(false) / negatives as f64)
}

fn brier(marks: &[(f64, bool)], missed: usize) -> f64 {
    let listed: f64 = marks.iter().map(|(p, t)| (p - f64::from(u8::from(*t))).powi(2)).sum();
    (listed + missed as f64 * (1.0 - UNLISTED).powi(2)) / (marks.len() + missed).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handset(imei: &str, other: &str, facility: &str) -> Handset {
        Handset {
            key: 0,
            imei14: imei.to_owned(),
            other_imei: other.to_owned(),
            class: crate::truth::Class::InmateMini,
            stratum_facility: facility.to_owned(),
            facility: facility.to_owned(),
            kept: !facility.is_empty(),
            holder: String::new(),
            users: String::new(),
            cell: String::new(),
            jammed: false,
            rented: false,
            transferred: false,
            seized: false,
            arrives_mid: false,
            cloned: false,
            in_ledger: false,
            known: false,
            uses: 3,
            events: 9,
            first: String::new(),
            last: String::new(),
            successor_of: None,
        }
    }

    fn guess(imei: &str, facility: &str, probability: f64) -> Guess {
        Guess { imei: imei.to_owned(), other_imeis: Vec::new(), facility: facility.to_owned(), probability }
    }

    #[test]
    fn perfect_list() {
        let truth = [
            handset("35000000000001", "35000000000002", "F1"),
            handset("35000000000003", "", "F2"),
            handset("35000000000009", "", ""),
        ];
        let list = [
            guess("350000000000020", "F1", 0.9),
            guess("35000000000003", "F2", 0.8),
            guess("35000000000009", "F2", 0.1),
        ];
        let s = score(&truth, &list);
        assert_eq!((s.positives, s.listed), (2, 3));
        assert!(
            (s.average_precision - 1.0).abs() < 1e-12 && s.recall_at_precision_90 == 1.0 && s.right_facility == 1.0
        );
        assert!(s.cllr < 0.5);
    }

    #[test]
    fn misses_and_wrong_places_cost() {
        let truth = [handset("35000000000001", "", "F1"), handset("35000000000003", "", "F2")];
        let s = score(&truth, &[guess("35000000000001", "F2", 0.9)]);
        assert_eq!((s.average_precision, s.right_facility), (0.0, 0.0));
        // A row said twice is right once.
        let s = score(&truth, &[guess("35000000000001", "F1", 0.9), guess("35000000000001", "F1", 0.8)]);
        assert!((s.average_precision - 0.5).abs() < 1e-12);
    }
}
