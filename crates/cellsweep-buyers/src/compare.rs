//! Two parties, field by field.

use serde::Serialize;

use crate::party::{Cleaned, Email};
use crate::text::near;

/// What two parties are compared on. Number, street, postcode and town are one field, for they are not
/// independent of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Names.
    Name,
    /// E-mail.
    Email,
    /// Telephone.
    Phone,
    /// Street and place.
    Address,
}

impl Field {
    /// All fields.
    pub const ALL: [Field; 4] = [Field::Name, Field::Email, Field::Phone, Field::Address];

    /// Its name in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Address => "address",
        }
    }
}

/// How far a field agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Blank on a side: says nothing.
    Blank,
    /// Nothing in common.
    Different,
    /// Of a name only: a word agrees and another contradicts, as with kin.
    Kin,
    /// A part agrees and nothing contradicts: a bare family name; the place, not the street.
    Part,
    /// The same but for slips, an initial, or a word more.
    Near,
    /// The same.
    Same,
}

/// Levels that say something.
pub(crate) const LEVELS: [Level; 5] = [Level::Different, Level::Kin, Level::Part, Level::Near, Level::Same];

impl Level {
    /// Its name in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Blank => "blank",
            Level::Different => "different",
            Level::Kin => "kin",
            Level::Part => "part",
            Level::Near => "near",
            Level::Same => "same",
        }
    }

    /// Position among [`LEVELS`]; `None` for blank.
    pub(crate) const fn index(self) -> Option<usize> {
        match self {
            Level::Blank => None,
            Level::Different => Some(0),
            Level::Kin => Some(1),
            Level::Part => Some(2),
            Level::Near => Some(3),
            Level::Same => Some(4),
        }
    }
}

/// The level of each field, in the order of [`Field::ALL`].
pub type Comparison = [Level; 4];

/// Compares two parties.
pub fn compare(a: &Cleaned, b: &Cleaned) -> Comparison {
    [names(&a.name, &b.name), emails(&a.email, &b.email), phones(&a.phone, &b.phone), addresses(a, b)]
}

fn names(a: &[String], b: &[String]) -> Level {
    if a.is_empty() || b.is_empty() {
        return Level::Blank;
    }
    if a == b || run_together(a, b) {
        return Level::Same;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let pairs = pair_off(short, long);
    let exact = pairs.iter().filter(|(one, other)| one == other).count();
    // One of the words must be the other's to the letter, or all of several be near: a lone word that is
    // merely near is a coincidence too often.
    let all = pairs.len() == short.len();
    if all && short.len() >= 2 && (exact >= 1 || long.len() == short.len()) {
        return Level::Near;
    }
    let telling = pairs.iter().any(|(one, other)| one == other && one.chars().count() >= 3);
    if all && short.len() == 1 && long.len() == 1 && near(&short[0], &long[0]) {
        Level::Near
    } else if telling && all {
        Level::Part
    } else if telling {
        Level::Kin
    } else {
        Level::Different
    }
}

/// Whether two words of the one are one word of the other: `Marie-Claude`, `Marieclaude`.
fn run_together(a: &[String], b: &[String]) -> bool {
    let but = |all: &[String], common: &[String]| {
        all.iter().filter(|word| !common.contains(word)).cloned().collect::<Vec<_>>()
    };
    let (mut few, mut many) = (but(a, b), but(b, a));
    if few.len() > many.len() {
        std::mem::swap(&mut few, &mut many);
    }
    let ([one], [first, second]) = (few.as_slice(), many.as_slice()) else { return false };
    *one == format!("{first}{second}") || *one == format!("{second}{first}")
}

/// Each word of the shorter name with a word of the longer: the same, else one that is near or its initial.
fn pair_off<'a>(short: &'a [String], long: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let mut free: Vec<&str> = long.iter().map(String::as_str).collect();
    let mut pairs = Vec::with_capacity(short.len());
    let fits: [fn(&str, &str) -> bool; 2] =
        [|one, other| one == other, |one, other| near(one, other) || initial(one, other)];
    let mut left: Vec<&str> = short.iter().map(String::as_str).collect();
    for fit in fits {
        left.retain(|word| match free.iter().position(|other| fit(word, other)) {
            Some(index) => {
                pairs.push((*word, free.swap_remove(index)));
                false
            }
            None => true,
        });
    }
    pairs
}

fn initial(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().count() == 1 && long.starts_with(short)
}

/// Addresses are made of names, and so of the same letters: only a slip or another provider is near, and the
/// digits in it must be the same.
fn emails(a: &Option<Email>, b: &Option<Email>) -> Level {
    let (Some(a), Some(b)) = (a, b) else { return Level::Blank };
    if a == b {
        return Level::Same;
    }
    let digits = |email: &Email| email.local.chars().filter(char::is_ascii_digit).collect::<String>();
    let provider = a.local == b.local && (a.local.len() >= 8 || near(&a.domain, &b.domain));
    let slip = near(&a.local, &b.local) && a.domain == b.domain && digits(a) == digits(b);
    if provider || slip { Level::Near } else { Level::Different }
}

fn phones(a: &Option<String>, b: &Option<String>) -> Level {
    let (Some(a), Some(b)) = (a, b) else { return Level::Blank };
    if a == b {
        Level::Same
    } else if strsim::osa_distance(a, b) == 1 {
        Level::Near
    } else {
        Level::Different
    }
}

fn addresses(a: &Cleaned, b: &Cleaned) -> Level {
    if !a.has_place() || !b.has_place() {
        return Level::Blank;
    }
    let place = same_place(a, b);
    if a.street.is_empty() || b.street.is_empty() {
        return match place {
            Some(true) => Level::Part,
            Some(false) => Level::Different,
            None => Level::Blank,
        };
    }
    let house = a.house == b.house;
    let street = a.street == b.street || a.street.concat() == b.street.concat();
    let alike = street || streets_near(&a.street, &b.street);
    match (place, house, street, alike) {
        (Some(true), true, true, _) => Level::Same,
        (Some(true), true, _, true) | (None, true, true, _) => Level::Near,
        // The whole line but not the place: moved in a list by one, or a typing slip in the postcode.
        (Some(false), true, true, _) if a.street.len() > 1 => Level::Part,
        (Some(true), ..) => Level::Part,
        _ => Level::Different,
    }
}

/// Whether both lie in one town; `None` where nothing can be compared.
fn same_place(a: &Cleaned, b: &Cleaned) -> Option<bool> {
    let code = a.postcode.as_ref().zip(b.postcode.as_ref()).map(|(a, b)| a == b);
    let city = a.city.as_ref().zip(b.city.as_ref()).map(|(a, b)| a == b || near(a, b));
    match (code, city) {
        (None, None) => None,
        (code, city) => Some(code == Some(true) || city == Some(true)),
    }
}

fn streets_near(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let pairs = pair_off(short, long);
    pairs.len() == short.len()
        && long.len() - short.len() <= 1
        && pairs.iter().any(|(one, other)| one.len().max(other.len()) >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Party;

    fn name(text: &str) -> Cleaned {
        Party { name: Some(text.to_owned()), ..Party::default() }.cleaned("33")
    }

    #[test]
    fn levels_of_names() {
        for (a, b, level) in [
            ("Jean Dupont", "DUPONT Jean", Level::Same),
            ("Marie-Claude Petit", "Petit Marieclaude", Level::Same),
            ("Jean Dupont", "Jean Dupond", Level::Near),
            ("J. Dupont", "Jean Dupont", Level::Near),
            ("Jean Marc Dupont", "Jean Dupont", Level::Near),
            ("Jean Dupont", "Lina Dupont", Level::Kin),
            ("Dupont", "Lina Dupont", Level::Part),
            ("Jean Dupont", "Lina Moreau", Level::Different),
            ("Jean Dupont", "", Level::Blank),
        ] {
            assert_eq!(compare(&name(a), &name(b))[0], level, "{a} / {b}");
            assert_eq!(compare(&name(b), &name(a))[0], level, "{b} / {a}");
        }
    }

    #[test]
    fn levels_of_emails_and_numbers() {
        let mail = |text: &str| Party { email: Some(text.to_owned()), ..Party::default() }.cleaned("33");
        for (a, b, level) in [
            ("jean.dupont12@mail.example", "Jean.Dupont12@mail.example", Level::Same),
            ("jean.dupont12@mail.example", "jean.dupont12@boite.example", Level::Near),
            ("jean.dupont12@mail.example", "jean.duponr12@mail.example", Level::Near),
            ("jean.dupont12@mail.example", "jean.dupont13@mail.example", Level::Different),
            ("jd@mail.example", "jd@boite.example", Level::Different),
        ] {
            assert_eq!(compare(&mail(a), &mail(b))[1], level, "{a} / {b}");
        }
        let call = |text: &str| Party { phone: Some(text.to_owned()), ..Party::default() }.cleaned("33");
        assert_eq!(compare(&call("0612345678"), &call("+33612345687"))[2], Level::Near);
        assert_eq!(compare(&call("0612345678"), &call("0712345687"))[2], Level::Different);
    }

    #[test]
    fn levels_of_addresses() {
        let at = |address: &str, postcode: &str, city: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Party { address: some(address), postcode: some(postcode), city: some(city), ..Party::default() }
                .cleaned("33")
        };
        let home = at("12 rue Malnay", "34070", "Belmont");
        for (other, level) in [
            (at("12, r. Malnay", "34070", "BELMONT"), Level::Same),
            (at("12 rue Malney", "34070", ""), Level::Near),
            (at("14 rue Malnay", "34070", "Belmont"), Level::Part),
            (at("12 rue Malnay", "75011", "Paris"), Level::Part),
            (at("", "34070", ""), Level::Part),
            (at("3 place Verdun", "75011", "Paris"), Level::Different),
            (at("", "", ""), Level::Blank),
        ] {
            assert_eq!(compare(&home, &other)[3], level, "{other:?}");
        }
    }
}
