//! How common values are among buyers, not among lines: who orders often makes no name common.

use rustc_hash::FxHashMap;

use crate::compare::{Field, Level};
use crate::party::Cleaned;

/// Counts of values over groups of parties that are taken for one buyer each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    groups: f64,
    words: FxHashMap<String, u32>,
    emails: FxHashMap<String, u32>,
    phones: FxHashMap<String, u32>,
    doorsteps: FxHashMap<String, u32>,
    places: FxHashMap<String, u32>,
    /// The frequency that a name's word has on average: that of two names' common word.
    usual_word: f64,
}

/// How a value changes the probability of a coincidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rarity {
    /// Not at all.
    Usual,
    /// It is this, whatever is usual.
    Instead(f64),
    /// It is this more.
    Besides(f64),
    /// It is so many times the usual.
    Times(f64),
}

impl Terms {
    /// Counts each value once a group.
    pub(crate) fn count(parties: &[Cleaned], groups: &[Vec<u32>]) -> Self {
        let mut terms = Self { groups: groups.len() as f64, ..Self::default() };
        for group in groups {
            let members = || group.iter().map(|index| &parties[*index as usize]);
            once(&mut terms.words, members().flat_map(|party| party.name.iter().cloned()));
            once(&mut terms.emails, members().filter_map(email));
            once(&mut terms.phones, members().filter_map(|party| party.phone.clone()));
            once(&mut terms.doorsteps, members().filter_map(Cleaned::doorstep));
            once(&mut terms.places, members().filter_map(|party| party.place().map(str::to_owned)));
        }
        let sum: f64 = terms.words.values().map(|count| f64::from(*count)).sum();
        let squares: f64 = terms.words.values().map(|count| f64::from(*count).powi(2)).sum();
        terms.usual_word = squares / (sum * terms.groups).max(1.0);
        terms
    }

    /// What these very values say of how probable it is that a stranger agrees so.
    pub(crate) fn rarity(&self, field: Field, level: Level, a: &Cleaned, b: &Cleaned) -> Rarity {
        let found = match (field, level) {
            (Field::Name, Level::Same) => Some(Rarity::Instead(self.whole_name(a))),
            (Field::Name, Level::Near) => self.rarest_common(a, b).map(|rarest| {
                let usual = self.usual_word.max(1e-9);
                Rarity::Times((rarest / usual).clamp(0.05, 20.0))
            }),
            (Field::Name, Level::Part | Level::Kin) => self.rarest_common(a, b).map(Rarity::Instead),
            (Field::Email, Level::Same) => email(a).map(|value| self.others(&self.emails, &value)),
            (Field::Phone, Level::Same) => a.phone.as_ref().map(|value| self.others(&self.phones, value)),
            (Field::Address, Level::Same) => a.doorstep().map(|value| self.others(&self.doorsteps, &value)),
            (Field::Address, Level::Part) if a.place() == b.place() => {
                a.place().map(|place| Rarity::Instead(self.share(&self.places, place)))
            }
            _ => None,
        };
        found.unwrap_or(Rarity::Usual)
    }

    /// The probability of a coincidence, where the level's usual one is known.
    pub(crate) fn coincidence(&self, rarity: Rarity, usual: f64) -> f64 {
        let p = match rarity {
            Rarity::Usual => return usual,
            Rarity::Instead(own) => own,
            Rarity::Besides(others) => usual + others,
            Rarity::Times(factor) => usual * factor,
        };
        p.clamp(self.least(), 1.0)
    }

    /// Below this nothing can be said from so many parties: one pair of them.
    fn least(&self) -> f64 {
        1.0 / self.groups.max(2.0).powi(2)
    }

    /// First and family names are taken as drawn apart from each other.
    fn whole_name(&self, party: &Cleaned) -> f64 {
        party.name.iter().map(|word| self.share(&self.words, word)).product()
    }

    fn rarest_common(&self, a: &Cleaned, b: &Cleaned) -> Option<f64> {
        let common = a.name.iter().filter(|word| b.name.contains(word));
        common.map(|word| self.share(&self.words, word)).reduce(f64::min)
    }

    /// The share of groups that have a value; one that was never seen counts as seen once.
    fn share(&self, counts: &FxHashMap<String, u32>, value: &str) -> f64 {
        f64::from(counts.get(value).copied().unwrap_or(1)) / self.groups.max(1.0)
    }

    /// The share of groups beside the first that have it.
    fn others(&self, counts: &FxHashMap<String, u32>, value: &str) -> Rarity {
        let others = counts.get(value).copied().unwrap_or(1).saturating_sub(1);
        Rarity::Besides(f64::from(others) / self.groups.max(1.0))
    }
}

fn email(party: &Cleaned) -> Option<String> {
    party.email.as_ref().map(|email| format!("{}@{}", email.local, email.domain))
}

fn once(counts: &mut FxHashMap<String, u32>, values: impl Iterator<Item = String>) {
    let mut values: Vec<String> = values.collect();
    values.sort();
    values.dedup();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Party;

    #[test]
    fn rare_names_coincide_less() {
        let name = |text: &str| Party { name: Some(text.to_owned()), ..Party::default() }.cleaned("33");
        let mut parties = vec![name("Jean Rarissime")];
        parties.extend((0..99).map(|index| name(["Jean Martin", "Paul Martin", "Lina Petit"][index % 3])));
        let groups: Vec<Vec<u32>> = (0..100).map(|index| vec![index]).collect();
        let terms = Terms::count(&parties, &groups);
        let p = |text: &str| terms.coincidence(terms.rarity(Field::Name, Level::Same, &name(text), &name(text)), 0.01);
        assert!(p("Jean Rarissime") < p("Jean Martin") / 10.0);
        let whole = vec![(0..100).collect::<Vec<u32>>()];
        assert!(Terms::count(&parties, &whole).whole_name(&name("Jean Martin")) > 0.99, "one buyer's lines count once");
    }
}
