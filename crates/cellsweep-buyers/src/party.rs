//! A party as a file writes it, and cleaned for comparing.

use crate::text::{fold, words};

/// Somebody as a file writes them: a buyer of an order, a contact that an inmate listed. Blank is `None` or
/// nothing but spaces.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Party {
    /// First and family name in any order, or a firm's.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number in any notation.
    pub phone: Option<String>,
    /// Number and street.
    pub address: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// Town.
    pub city: Option<String>,
}

impl std::fmt::Debug for Party {
    /// People's data stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Party(…)")
    }
}

/// A party ready to be compared: the same person written twice by two clerks gives mostly the same here.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cleaned {
    /// The name's words without titles, in alphabetical order.
    pub(crate) name: Vec<String>,
    pub(crate) email: Option<Email>,
    /// International digits.
    pub(crate) phone: Option<String>,
    /// House number with its letter, such as `12bis`.
    pub(crate) house: Option<String>,
    /// The street's words in alphabetical order, abbreviations written out.
    pub(crate) street: Vec<String>,
    pub(crate) postcode: Option<String>,
    pub(crate) city: Option<String>,
}

impl std::fmt::Debug for Cleaned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cleaned(…)")
    }
}

/// An e-mail address in small letters, without what stands behind a `+`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Email {
    pub local: String,
    pub domain: String,
}

/// Titles before a name.
const TITLES: &[&str] = &["m", "mr", "mme", "mlle", "mrs", "ms", "monsieur", "madame", "mademoiselle", "dr", "me"];
/// Words of an address that clerks leave out or don't.
const SMALL: &[&str] = &["de", "du", "des", "la", "le", "les", "l", "d", "et", "the", "of", "n", "no", "num"];
/// Abbreviations in addresses, written out.
const SHORT: &[(&str, &str)] = &[
    ("r", "rue"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bd", "boulevard"),
    ("bld", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("ch", "chemin"),
    ("che", "chemin"),
    ("imp", "impasse"),
    ("all", "allee"),
    ("pl", "place"),
    ("rte", "route"),
    ("fg", "faubourg"),
    ("fbg", "faubourg"),
    ("sq", "square"),
    ("res", "residence"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("gal", "general"),
    ("dr", "docteur"),
    ("pdt", "president"),
];

impl Party {
    /// Cleans every field; `calling_code` is the country's, by which national numbers are completed ("33").
    pub fn cleaned(&self, calling_code: &str) -> Cleaned {
        let (house, street) = self.address.as_deref().map(address).unwrap_or_default();
        Cleaned {
            name: self.name.as_deref().map(name).unwrap_or_default(),
            email: self.email.as_deref().and_then(email),
            phone: self.phone.as_deref().and_then(|text| phone(text, calling_code)),
            house,
            street,
            postcode: self.postcode.as_deref().and_then(postcode),
            city: self.city.as_deref().and_then(city),
        }
    }
}

impl Cleaned {
    /// Fields that say something: name, e-mail, phone, address.
    pub(crate) fn filled(&self) -> usize {
        let filled = [!self.name.is_empty(), self.email.is_some(), self.phone.is_some(), self.has_place()];
        filled.iter().filter(|filled| **filled).count()
    }

    /// Whether anything of the address is known.
    pub(crate) fn has_place(&self) -> bool {
        !self.street.is_empty() || self.postcode.is_some() || self.city.is_some()
    }

    /// The place within the country: the postcode, else the town.
    pub(crate) fn place(&self) -> Option<&str> {
        self.postcode.as_deref().or(self.city.as_deref())
    }

    /// House, street and place as one text; `None` without a street or a place.
    pub(crate) fn doorstep(&self) -> Option<String> {
        if self.street.is_empty() {
            return None;
        }
        Some(format!("{} {} {}", self.house.as_deref().unwrap_or("?"), self.street.join(" "), self.place()?))
    }
}

fn name(text: &str) -> Vec<String> {
    let all = words(text);
    let mut kept: Vec<String> = all.iter().filter(|word| !TITLES.contains(&word.as_str())).cloned().collect();
    if kept.is_empty() {
        kept = all;
    }
    kept.sort();
    kept
}

fn email(text: &str) -> Option<Email> {
    let folded = fold(text.trim());
    let (local, domain) = folded.split_once('@')?;
    let local = local.split('+').next().unwrap_or(local);
    (!local.is_empty() && !domain.is_empty()).then(|| Email { local: local.to_owned(), domain: domain.to_owned() })
}

/// Digits with the country's code: `06 12…`, `+33 (0)6 12…` and `0033 6 12…` are one number.
fn phone(text: &str, calling_code: &str) -> Option<String> {
    let international = text.trim_start().starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 6 {
        return None;
    }
    let bare = match digits.strip_prefix("00") {
        Some(rest) => rest.to_owned(),
        None if !international && digits.starts_with('0') => format!("{calling_code}{}", &digits[1..]),
        None => digits,
    };
    let trunk = format!("{calling_code}0");
    Some(bare.strip_prefix(&trunk).map_or_else(|| bare.clone(), |rest| format!("{calling_code}{rest}")))
}

fn address(text: &str) -> (Option<String>, Vec<String>) {
    let mut house = None;
    let mut street = Vec::new();
    for word in words(text) {
        if house.is_none() && word.starts_with(|letter: char| letter.is_ascii_digit()) {
            house = Some(word);
        } else if matches!((&mut house, word.as_str()), (Some(_), "bis" | "ter" | "quater")) {
            house = house.map(|number| number + &word);
        } else if !SMALL.contains(&word.as_str()) {
            street.push(written_out(word));
        }
    }
    street.sort();
    (house, street)
}

fn written_out(word: String) -> String {
    SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| (*long).to_owned())
}

fn postcode(text: &str) -> Option<String> {
    let bare: String = fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect();
    match bare.len() {
        0 => None,
        // A spreadsheet takes the leading zero of 01000 for a number's.
        4 if bare.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("0{bare}")),
        _ => Some(bare),
    }
}

/// The town's words; `CEDEX` and its number are the post office's.
fn city(text: &str) -> Option<String> {
    let mut kept: Vec<String> = words(text).into_iter().take_while(|word| word != "cedex").map(written_out).collect();
    kept.sort();
    (!kept.is_empty()).then(|| kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(fields: [&str; 6]) -> Cleaned {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let [name, email, phone, address, postcode, city] = fields.map(some);
        Party { name, email, phone, address, postcode, city }.cleaned("33")
    }

    #[test]
    fn two_clerks_write_one_person() {
        let a = party([
            "Mme Élise DUPONT",
            "E.Dupont+shop@Mail.example",
            "06 12 34 56 78",
            "12 av. de la Gare",
            "1000",
            "St-Bel",
        ]);
        let b = party([
            "dupont elise",
            "e.dupont@mail.example",
            "+33 (0)6 12345678",
            "12, Avenue Gare",
            "01000",
            "SAINT BEL CEDEX 2",
        ]);
        assert_eq!(a, b);
        assert!(a == b && a.filled() == 4);
    }

    #[test]
    fn numbers_in_every_notation() {
        for text in
            ["0612345678", "06.12.34.56.78", "+33612345678", "0033 6 12 34 56 78", "33612345678", "330612345678"]
        {
            assert_eq!(phone(text, "33").as_deref(), Some("33612345678"), "{text}");
        }
        assert_eq!(phone("+44 7911 123456", "33").as_deref(), Some("447911123456"));
        assert_eq!(phone("none", "33"), None);
    }

    #[test]
    fn houses_and_streets() {
        assert_eq!(
            address("4 bis rue des Lilas"),
            (Some("4bis".to_owned()), vec!["lilas".to_owned(), "rue".to_owned()])
        );
        assert_eq!(address("rue Lilas 4"), (Some("4".to_owned()), vec!["lilas".to_owned(), "rue".to_owned()]));
        assert_eq!(party(["M", "", "", "", "", ""]).name, ["m"]);
    }

    #[test]
    fn nothing_of_a_person_in_debug() {
        assert_eq!(format!("{:?}", party(["Dupont", "", "", "", "", ""])), "Cleaned(…)");
    }
}
