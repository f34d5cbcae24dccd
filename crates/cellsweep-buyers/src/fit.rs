//! The Fellegi–Sunter model: what a comparison weighs, and its fit by expectation maximisation.

use serde::Serialize;

use crate::block::Pair;
use crate::compare::{Comparison, Field, LEVELS, Level, compare};
use crate::party::{Cleaned, Party};
use crate::terms::{Rarity, Terms};

/// Probabilities of a field's levels, in the order of [`LEVELS`].
type Table = [f64; 5];

/// What one field says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FieldEvidence {
    /// Which field.
    pub field: Field,
    /// How far it agrees.
    pub level: Level,
    /// The log10 likelihood ratio of "one party" against "two".
    pub log10_lr: f64,
    /// How probable such an agreement is between two strangers.
    pub coincidence: f64,
}

/// What a comparison says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Field by field, those that say something.
    pub fields: Vec<FieldEvidence>,
    /// Their sum, log10. The prior is not in it.
    pub log10_lr: f64,
}

/// A fitted model: weighs any two parties, of the ledger it was fitted on or not.
#[derive(Debug, Clone)]
pub struct Model {
    /// Probability of each level where the two are one.
    same: [Table; 4],
    /// Probability of each level where they are two, whatever the values.
    other: [Table; 4],
    /// Probability that two parties drawn at random are one.
    prior: f64,
    terms: Terms,
    calling_code: String,
}

/// What is expected before anything is seen, and how many pairs that is worth.
const SAME_BEFORE: [Table; 4] = [
    [0.03, 0.02, 0.03, 0.22, 0.70],
    [0.25, 0.001, 0.001, 0.05, 0.70],
    [0.30, 0.001, 0.001, 0.05, 0.65],
    [0.15, 0.001, 0.10, 0.10, 0.65],
];
const OTHER_BEFORE: [Table; 4] = [
    [0.93, 0.059, 0.001, 0.008, 0.002],
    [0.9988, 0.0001, 0.0001, 0.0005, 0.0005],
    [0.9988, 0.0001, 0.0001, 0.0005, 0.0005],
    [0.9689, 0.0001, 0.03, 0.0005, 0.0005],
];
/// Kin live under one roof, and may have one telephone: where the names share a word but are not the same, an
/// agreement in these is no coincidence. How probable it is then, between two buyers.
const KIN_ROOF: f64 = 0.2;
const KIN_PHONE: f64 = 0.05;
const SAME_WORTH: f64 = 8.0;
const OTHER_WORTH: f64 = 20.0;
/// Random pairs from which it is learnt how often strangers agree.
const SAMPLE: usize = 60_000;
const ROUNDS: usize = 40;

impl Model {
    /// Weighs two parties as they are written.
    pub fn compare(&self, a: &Party, b: &Party) -> Evidence {
        self.weigh(&a.cleaned(&self.calling_code), &b.cleaned(&self.calling_code))
    }

    /// Weighs two parties.
    pub fn weigh(&self, a: &Cleaned, b: &Cleaned) -> Evidence {
        let look = Look::at(&self.terms, a, b);
        let mut fields = Vec::new();
        for field in Field::ALL {
            let Some((same, other)) = self.chances(&look, field) else { continue };
            let level = look.levels[field as usize];
            fields.push(FieldEvidence { field, level, log10_lr: libm::log10(same / other), coincidence: other });
        }
        let log10_lr = fields.iter().map(|field| field.log10_lr).sum();
        Evidence { fields, log10_lr }
    }

    /// The log10 odds that two parties drawn at random are one.
    pub fn prior_log10_odds(&self) -> f64 {
        libm::log10(self.prior / (1.0 - self.prior))
    }

    /// The probability behind log10 odds.
    pub fn probability(log10_odds: f64) -> f64 {
        1.0 / (1.0 + libm::exp10(-log10_odds))
    }

    /// How probable a field's level is for one party and for two; `None` for blank.
    fn chances(&self, look: &Look, field: Field) -> Option<(f64, f64)> {
        let at = field as usize;
        let level = look.levels[at];
        let index = level.index()?;
        let other = self.terms.coincidence(look.rarities[at], self.other[at][index]);
        let floor = if look.may_be_kin() { among_kin(field, level) } else { 0.0 };
        Some((self.same[at][index], other.max(floor)))
    }

    /// The probability that two are one.
    fn posterior(&self, look: &Look) -> f64 {
        let mut odds = self.prior / (1.0 - self.prior);
        for field in Field::ALL {
            if let Some((same, other)) = self.chances(look, field) {
                odds *= same / other;
            }
        }
        odds / (1.0 + odds)
    }
}

/// A comparison, with all that doesn't change while the model is fitted.
struct Look {
    levels: Comparison,
    rarities: [Rarity; 4],
}

impl Look {
    fn at(terms: &Terms, a: &Cleaned, b: &Cleaned) -> Self {
        let levels = compare(a, b);
        Self { levels, rarities: Field::ALL.map(|field| terms.rarity(field, levels[field as usize], a, b)) }
    }

    fn may_be_kin(&self) -> bool {
        matches!(self.levels[Field::Name as usize], Level::Kin | Level::Part)
    }
}

/// The least probability of an agreement between two buyers who may be kin.
const fn among_kin(field: Field, level: Level) -> f64 {
    match (field, level) {
        (Field::Address, Level::Near | Level::Same) => KIN_ROOF,
        (Field::Phone, Level::Near | Level::Same) => KIN_PHONE,
        _ => 0.0,
    }
}

/// What a fit learns from.
pub(crate) struct Lesson<'a> {
    pub parties: &'a [Cleaned],
    pub pairs: &'a [Pair],
    /// Parties that are taken for one buyer already.
    pub groups: &'a [Vec<u32>],
    pub calling_code: &'a str,
}

/// Fits a model.
pub(crate) fn fit(lesson: &Lesson<'_>) -> Model {
    let parties = lesson.parties;
    let mut model = Model {
        same: SAME_BEFORE,
        other: strangers(parties),
        prior: (1.0 / parties.len().max(2) as f64).min(0.1),
        terms: Terms::count(parties, lesson.groups),
        calling_code: lesson.calling_code.to_owned(),
    };
    let at = |index: u32| &parties[index as usize];
    let looks: Vec<Look> = lesson.pairs.iter().map(|pair| Look::at(&model.terms, at(pair.a), at(pair.b))).collect();
    for _ in 0..ROUNDS {
        let posterior: Vec<f64> = looks.iter().map(|look| model.posterior(look)).collect();
        let before = model.prior;
        model.learn(lesson, &looks, &posterior);
        if (model.prior - before).abs() < before * 1e-4 {
            break;
        }
    }
    model
}

impl Model {
    /// The step that maximises: tables and prior from what each pair probably is.
    fn learn(&mut self, lesson: &Lesson<'_>, looks: &[Look], posterior: &[f64]) {
        for field in Field::ALL {
            let at = field as usize;
            let mut same = SAME_BEFORE[at].map(|p| p * SAME_WORTH);
            // Parties that agree to the letter share a key, so that these pairs are all of them.
            let mut strangers_alike = 0.0;
            for ((pair, look), p) in lesson.pairs.iter().zip(looks).zip(posterior) {
                let Some(index) = look.levels[at].index() else { continue };
                if pair.teaches(field) {
                    same[index] += p;
                }
                if look.levels[at] == Level::Same {
                    strangers_alike += 1.0 - p;
                }
            }
            self.same[at] = shares(same);
            self.other[at][LEVELS.len() - 1] = (strangers_alike + 0.5) / pairs_of(lesson.parties, field).max(1.0);
        }
        let all = pairs_of_count(lesson.parties.len());
        let expected: f64 = posterior.iter().sum::<f64>() + 0.5;
        self.prior = (expected / all.max(1.0)).clamp(1e-9, 0.5);
    }
}

fn shares(counts: Table) -> Table {
    let sum: f64 = counts.iter().sum();
    counts.map(|count| (count / sum).max(1e-6))
}

fn pairs_of_count(count: usize) -> f64 {
    count as f64 * (count as f64 - 1.0) / 2.0
}

/// Pairs of parties that have a field.
fn pairs_of(parties: &[Cleaned], field: Field) -> f64 {
    let has = |party: &&Cleaned| match field {
        Field::Name => !party.name.is_empty(),
        Field::Email => party.email.is_some(),
        Field::Phone => party.phone.is_some(),
        Field::Address => !party.street.is_empty(),
    };
    pairs_of_count(parties.iter().filter(has).count())
}

/// How often random pairs agree: of so few of them are one buyer's that it doesn't matter, but for those
/// that agree to the letter, which are counted otherwise.
fn strangers(parties: &[Cleaned]) -> [Table; 4] {
    let mut counts = OTHER_BEFORE.map(|table| table.map(|p| p * OTHER_WORTH));
    let mut see = |a: usize, b: usize| {
        for (field, level) in compare(&parties[a], &parties[b]).into_iter().enumerate() {
            if let Some(index) = level.index() {
                counts[field][index] += 1.0;
            }
        }
    };
    let count = parties.len();
    if pairs_of_count(count) <= SAMPLE as f64 {
        (0..count).for_each(|a| (a + 1..count).for_each(|b| see(a, b)));
    } else {
        // Each party with the same number of others, spread evenly over the list.
        let each = SAMPLE.div_ceil(count);
        for a in 0..count {
            for step in 1..=each {
                let far = 1 + (step * 2_654_435_761 + a * 40_503) % (count - 1);
                see(a, (a + far) % count);
            }
        }
    }
    counts.map(shares)
}
