//! Invented names: of places, people and streets. None is taken from a register.

use crate::rng::{Gen, below, chance, word};

const STARTS: &[&str] = &[
    "Bel", "Mar", "Cor", "Val", "Mon", "Ser", "Lan", "Dor", "Ver", "Cha", "Tre", "Gri", "Pel", "Sau", "Ner", "Aub",
    "Bri", "Fon", "Gar", "Lou", "Mel", "Ros", "Tal", "Var", "Cla", "Esp", "Jou", "Hau", "Ker", "Plo", "Bar", "Cas",
];
const MIDDLES: &[&str] = &["", "", "i", "e", "a", "an", "ou", "er", "is", "on", "el", "ar"];
const ENDS: &[&str] = &[
    "ville", "court", "gnac", "mont", "zac", "sur", "ances", "ières", "val", "ney", "lles", "nay", "vron", "tot",
    "rac", "guen", "bourg", "cy", "dun", "lieu", "messe", "range", "thal", "villers", "gues", "ssan",
];
const FIRST: &[&str] = &[
    "Adrien",
    "Alice",
    "Amina",
    "Anaïs",
    "Bruno",
    "Camille",
    "Chloé",
    "Damien",
    "Élise",
    "Farid",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jean",
    "Julie",
    "Karim",
    "Laure",
    "Léo",
    "Lina",
    "Marc",
    "Maud",
    "Mehdi",
    "Nadia",
    "Nora",
    "Olivier",
    "Paul",
    "Rania",
    "Sarah",
    "Sofiane",
    "Théo",
    "Valérie",
    "Yann",
    "Zoé",
    "Marie-Claude",
    "Jean-Marc",
];
const STREETS: &[&str] = &["rue", "avenue", "chemin", "impasse", "allée", "place", "boulevard"];

/// A place name nobody has (or only by chance).
pub(crate) fn place(rng: &mut Gen) -> String {
    let mut name = format!("{}{}{}", word(rng, STARTS), word(rng, MIDDLES), word(rng, ENDS));
    if chance(rng, 0.2) {
        let tail = format!("{}{}", word(rng, STARTS), word(rng, ENDS));
        name = format!("{name}-{}-{tail}", word(rng, &["sur", "lès", "en"]));
    }
    name
}

/// A family name made of the same syllables.
pub(crate) fn surname(rng: &mut Gen) -> String {
    format!(
        "{}{}{}",
        word(rng, STARTS),
        word(rng, MIDDLES),
        word(rng, &["in", "ot", "ier", "al", "aud", "ec", "elle", "oux", "i", "eau", "ane", "our"])
    )
}

/// First name and family name.
pub(crate) fn person(rng: &mut Gen, surname: &str) -> String {
    format!("{} {surname}", word(rng, FIRST))
}

/// A street address.
pub(crate) fn street(rng: &mut Gen) -> String {
    let kind = word(rng, STREETS);
    format!("{} {kind} {}", 1 + below(rng, 140), surname(rng))
}

/// The same name as another clerk would type it: case, accents, order, a letter lost.
pub(crate) fn respell(rng: &mut Gen, text: &str) -> String {
    match below(rng, 6) {
        0 => text.to_uppercase(),
        1 => without_accents(text),
        2 => swap_words(text),
        3 => drop_letter(rng, text),
        4 => without_accents(text).to_lowercase(),
        _ => text.to_owned(),
    }
}

/// Letters without their accents.
pub(crate) fn without_accents(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'É' | 'È' => 'E',
            'à' | 'â' => 'a',
            'ï' | 'î' => 'i',
            'ô' => 'o',
            'û' | 'ù' => 'u',
            'ç' => 'c',
            other => other,
        })
        .collect()
}

fn swap_words(text: &str) -> String {
    match text.split_once(' ') {
        Some((a, b)) => format!("{b} {a}"),
        None => text.to_owned(),
    }
}

fn drop_letter(rng: &mut Gen, text: &str) -> String {
    let skip = 1 + below(rng, text.chars().count().saturating_sub(1));
    text.chars().enumerate().filter(|(i, _)| *i != skip).map(|(_, c)| c).collect()
}
