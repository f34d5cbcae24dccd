//! Breaks of a chain of custody in words, by their codes.

use crate::Lang;

const WORDS: [(&str, &str, &str); 24] = [
    (
        "versions",
        "l'événement a été saisi en plusieurs versions, dont aucune ne compte",
        "the event was entered in several versions, none of which counts",
    ),
    (
        "same_sequence",
        "deux événements portent le même rang sur un même appareil",
        "two events bear the same number on one device",
    ),
    (
        "clock_went_back",
        "l'ordre de saisie et l'horloge de l'appareil se contredisent",
        "the device's count and its clock disagree",
    ),
    ("received_early", "l'événement a été reçu avant d'avoir eu lieu", "the event was received before it happened"),
    ("unknown_item", "aucune découverte de cet objet n'est enregistrée", "no find has brought this item in"),
    ("before_find", "l'objet n'a été découvert que plus tard", "the item was found only later"),
    ("found_twice", "l'objet figure dans deux découvertes", "the item stands in two finds"),
    ("unknown_seal", "la pose de ce scellé n'est pas enregistrée", "nobody had put this seal on"),
    ("seal_used_twice", "ce numéro de scellé avait déjà servi", "this seal's number was used before"),
    (
        "under_seal",
        "l'objet se trouvait sous un scellé que personne n'avait ouvert",
        "the item was under a seal that nobody had opened",
    ),
    ("open_already", "le scellé était déjà ouvert", "the seal was open already"),
    (
        "not_sealed_again",
        "l'objet a été remis sans nouveau scellé après ouverture",
        "the item was handed on without a new seal after its seal had been opened",
    ),
    ("not_holder", "qui a agi ne détenait pas l'objet", "whoever acted did not hold the item"),
    ("after_its_end", "l'objet avait déjà été restitué ou détruit", "the item had been returned or destroyed before"),
    ("unknown_hand_over", "la remise reçue n'est pas enregistrée", "what was received was never handed on"),
    ("handed_twice", "la remise a été saisie deux fois", "the hand-over was entered twice"),
    ("acknowledged_twice", "la réception a été saisie deux fois", "the receipt was entered twice"),
    (
        "acknowledged_early",
        "la réception précède la remise, selon les horloges de deux appareils",
        "it was received before it was handed on, by the clocks of two devices",
    ),
    (
        "other_receiver",
        "qui a reçu l'objet n'en était pas le destinataire",
        "whoever received it was not whom it was handed to",
    ),
    (
        "seal_misread",
        "remettant et destinataire n'ont pas lu les mêmes scellés",
        "giver and receiver did not read the same seals",
    ),
    (
        "item_missing",
        "remettant et destinataire n'ont pas nommé les mêmes objets",
        "giver and receiver did not name the same items",
    ),
    ("damaged", "le scellé n'était pas intact à la réception", "the seal was not whole when it was received"),
    ("file_changed", "un fichier joint n'a plus la même empreinte", "an attached file has another digest than it had"),
    ("not_rehashed", "l'empreinte d'un fichier joint n'a pas été recalculée", "an attached file was not hashed anew"),
];

/// What a break's code means; a code that isn't known here is shown as it is.
pub fn words(code: &str, lang: Lang) -> String {
    match WORDS.iter().find(|(known, _, _)| *known == code) {
        Some((_, fr, en)) => lang.say(fr, en),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code of custody's own crate: its variant in small letters.
    fn code(variant: &str) -> String {
        let mut out = String::new();
        for c in variant.chars() {
            if c.is_uppercase() && !out.is_empty() {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        }
        out
    }

    #[test]
    fn every_break_that_custody_knows_has_words() {
        let source = include_str!("../../../cellsweep-sweep/src/breaks.rs");
        let variants = source.split("pub enum Break {").nth(1).unwrap();
        let names = variants.lines().filter_map(|line| line.strip_prefix("    "));
        let names = names.filter(|line| line.starts_with(char::is_uppercase));
        let codes: Vec<String> = names.map(|line| code(line.trim_end_matches([' ', '{', ',']))).collect();
        let known: Vec<&str> = WORDS.iter().map(|(known, _, _)| *known).collect();
        assert_eq!(codes, known);
        assert_eq!(words("not_yet_known", Lang::Fr), "not_yet_known");
    }
}
