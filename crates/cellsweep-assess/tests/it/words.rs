//! What a minister and a statistician read.

use cellsweep_assess::jamming::{Outcome, Settings, assess, effect, power};
use cellsweep_assess::register::{Confiscations, funnel};
use cellsweep_assess::{CantTell, Shortage, say};

use crate::made::Recipe;

fn check(words: &say::Words, french: &str, english: &str) {
    assert_eq!((words.fr.as_str(), words.en.as_str()), (french, english));
}

#[test]
fn a_refusal_says_what_it_would_take() {
    let refusal = CantTell::one(Shortage::JammedSites, 1.0, 2.0);
    let said = say::cant_tell(&refusal);
    check(
        &said.plain,
        "On ne peut pas le dire avec ce que l’on a. Il faudrait\u{a0}: 2 établissements brouillés assez longtemps (il y en a 1).",
        "There is not enough to tell. It would take: 2 facilities jammed long enough (there are 1).",
    );
}

#[test]
fn sentences_have_their_numbers() {
    let made = Recipe { fall: 0.6, jammed: 6, ..Recipe::default() }.make(3);
    let result = assess(&made.panel, &Settings::default()).unwrap();
    let said = say::jamming(&result);
    assert_eq!(said.code, if result.leads.in_doubt { "jamming_in_doubt" } else { "jamming_fall" });
    let fall = format!("{:.0}", 100.0 * result.effect.fall.value);
    assert!(said.plain.en.contains(&format!("fell by {fall}% at 6 facilities")), "{}", said.plain.en);
    assert!(said.plain.fr.contains(&format!("baissé de {fall}\u{202f}% dans 6 établissements")), "{}", said.plain.fr);
    assert!(said.method.en.contains("permutation test, 1000 dealings: p"), "{}", said.method.en);
    let planned = say::planned(&power(&made.panel, 3, 30, &Settings::default()).unwrap());
    assert!(planned.plain.en.starts_with("With 3 facilities and 30 days, a fall of "), "{}", planned.plain.en);
}

#[test]
fn no_effect_shown_is_not_said_to_be_none() {
    let made = Recipe { jammed: 3, ..Recipe::default() }.make(21);
    let said = say::displacement(&effect(&made.panel, Outcome::Outside, &Settings::default()).unwrap());
    assert!(said.plain.en.starts_with("No change is shown among those who live around"), "{}", said.plain.en);
    assert!(said.plain.fr.starts_with("Aucun changement n’est établi chez les riverains"), "{}", said.plain.fr);
}

#[test]
fn the_funnel_names_who_stands_out() {
    let row = |index: u32| Confiscations {
        of: format!("F{index}").parse().unwrap(),
        finds: if index == 3 { 60 } else { 20 },
        inmate_days: 100_000.0,
    };
    let said = say::funnel(&funnel(&(0..20).map(row).collect::<Vec<_>>()).unwrap());
    assert!(said.plain.en.contains("clearly more than elsewhere: F3; clearly fewer: none"), "{}", said.plain.en);
}
