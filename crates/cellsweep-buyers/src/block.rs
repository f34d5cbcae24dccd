//! Which pairs are worth comparing: those that share a key. Never all pairs.

use rustc_hash::FxHashMap;

use crate::compare::Field;
use crate::party::Cleaned;
use crate::text::sound;

/// What a key is made of, and so which fields it says something of before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Key {
    Email,
    Local,
    Phone,
    Name,
    Doorstep,
    WordAndPlace,
}

impl Key {
    const ALL: [Key; 6] = [Key::Email, Key::Local, Key::Phone, Key::Name, Key::Doorstep, Key::WordAndPlace];

    /// What a person is told of a key that too many share.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Key::Email => "e-mail",
            Key::Local => "e-mail before the @",
            Key::Phone => "phone",
            Key::Name => "sound of the name",
            Key::Doorstep => "street and place",
            Key::WordAndPlace => "word of the name and place",
        }
    }

    const fn says(self, field: Field) -> bool {
        matches!(
            (self, field),
            (Key::Email | Key::Local, Field::Email)
                | (Key::Phone, Field::Phone)
                | (Key::Name | Key::WordAndPlace, Field::Name)
                | (Key::Doorstep | Key::WordAndPlace, Field::Address)
        )
    }
}

/// Two parties that share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub a: u32,
    pub b: u32,
    keys: u8,
}

impl Pair {
    /// Whether a key that says nothing of this field would have brought the two together, too: only then
    /// does the pair tell how often buyers agree in it.
    pub(crate) fn teaches(self, field: Field) -> bool {
        Key::ALL.iter().any(|key| self.keys & (1 << *key as u8) != 0 && !key.says(field))
    }
}

/// Pairs, and keys that too many share to be followed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks {
    pub pairs: Vec<Pair>,
    /// What the key is made of, and how many share it.
    pub too_large: Vec<(&'static str, usize)>,
}

/// Finds the pairs; a key that more than `limit` parties share is left out and told.
pub(crate) fn blocks(parties: &[Cleaned], limit: usize) -> Blocks {
    let mut members: FxHashMap<(Key, String), Vec<u32>> = FxHashMap::default();
    for (index, party) in parties.iter().enumerate() {
        for key in keys(party) {
            let list = members.entry(key).or_default();
            if list.last() != Some(&(index as u32)) {
                list.push(index as u32);
            }
        }
    }
    let mut found: FxHashMap<(u32, u32), u8> = FxHashMap::default();
    let mut blocks = Blocks::default();
    for ((key, _), list) in members {
        if list.len() > limit {
            blocks.too_large.push((key.word(), list.len()));
            continue;
        }
        for (position, &a) in list.iter().enumerate() {
            for &b in &list[position + 1..] {
                *found.entry((a, b)).or_default() |= 1 << key as u8;
            }
        }
    }
    blocks.pairs = found.into_iter().map(|((a, b), keys)| Pair { a, b, keys }).collect();
    blocks.pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
    blocks.too_large.sort_unstable();
    blocks
}

fn keys(party: &Cleaned) -> Vec<(Key, String)> {
    let mut keys = Vec::new();
    if let Some(email) = &party.email {
        keys.push((Key::Email, format!("{}@{}", email.local, email.domain)));
        keys.push((Key::Local, email.local.clone()));
    }
    keys.extend(party.phone.clone().map(|phone| (Key::Phone, phone)));
    if !party.name.is_empty() {
        let mut sounds: Vec<String> = party.name.iter().map(|word| sound(word)).collect();
        sounds.sort();
        keys.push((Key::Name, sounds.join(" ")));
    }
    if let Some(place) = party.place() {
        let long = party.name.iter().filter(|word| word.chars().count() >= 3);
        keys.extend(long.map(|word| (Key::WordAndPlace, format!("{word} {place}"))));
        // By the longest word, in which a slip is rarest to the sound.
        if let Some(street) = party.street.iter().max_by_key(|word| (word.chars().count(), word.as_str())) {
            let house = party.house.as_deref().unwrap_or("?");
            keys.push((Key::Doorstep, format!("{house} {} {place}", sound(street))));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Party;

    fn party(name: &str, phone: &str, postcode: &str) -> Cleaned {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Party { name: some(name), phone: some(phone), postcode: some(postcode), ..Party::default() }.cleaned("33")
    }

    #[test]
    fn who_shares_nothing_is_not_compared() {
        let parties = [
            party("Jean Dupont", "", "34000"),
            party("Dupnt Jean", "", ""),
            party("Lina Dupont", "", "34000"),
            party("Ana Ruiz", "", ""),
        ];
        let pairs: Vec<(u32, u32)> = blocks(&parties, 10).pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        assert_eq!(pairs, [(0, 1), (0, 2)]);
    }

    #[test]
    fn a_field_is_learnt_from_pairs_that_others_found() {
        let parties = [party("Jean Dupont", "0612345678", ""), party("Jean Dupond", "0612345678", "")];
        let pair = blocks(&parties, 10).pairs[0];
        assert!(pair.teaches(Field::Name) && pair.teaches(Field::Email));
        let parties = [party("Jean Dupont", "0612345678", ""), party("Ana Ruiz", "0612345678", "")];
        assert!(!blocks(&parties, 10).pairs[0].teaches(Field::Phone));
    }

    #[test]
    fn a_key_of_too_many_is_told() {
        let parties: Vec<Cleaned> = (0..20).map(|index| party("Shop", "", &format!("{index:05}"))).collect();
        let blocks = blocks(&parties, 10);
        assert_eq!((blocks.pairs.len(), blocks.too_large), (0, vec![("sound of the name", 20)]));
    }
}
