//! What intervals cover, and how often an effect is claimed where there is none. `examples/panels.rs` does the same
//! with more panels of more kinds.

use cellsweep_assess::jamming::{Outcome, Settings, Verdict, assess, effect, power};

use crate::made::Recipe;

const PANELS: u64 = 200;

/// A share of 200 panels strays by 1.5 points; bounds are at three times that beyond the bar's own (93 to 97 %, and at
/// most 6.5 %).
const COVERS: std::ops::RangeInclusive<f64> = 0.885..=1.0;
const CLAIMS: f64 = 0.065 + 0.05;

struct Tally {
    covers: f64,
    claims: f64,
}

fn tally(recipe: &Recipe, outcome: Outcome, first: u64) -> Tally {
    let (mut covers, mut claims) = (0.0, 0.0);
    for seed in first..first + PANELS {
        let made = recipe.make(seed);
        let settings = Settings { seed, draws: 199, ..Settings::default() };
        let effect = effect(&made.panel, outcome, &settings).unwrap();
        let truth = if outcome == Outcome::Outside { made.outside } else { made.log_ratio };
        covers += f64::from(effect.log_ratio.holds(truth));
        claims += f64::from(effect.verdict != Verdict::NotShown);
    }
    Tally { covers: covers / PANELS as f64, claims: claims / PANELS as f64 }
}

fn check(recipe: &Recipe, outcome: Outcome, is_null: bool) {
    let tally = tally(recipe, outcome, 90_000);
    assert!(COVERS.contains(&tally.covers), "{recipe:?}: covers {}", tally.covers);
    assert!(!is_null || tally.claims <= CLAIMS, "{recipe:?}: claims {}", tally.claims);
}

#[test]
fn nothing_is_claimed_where_nothing_is() {
    check(&Recipe { jammed: 3, ..Recipe::default() }, Outcome::Jammed, true);
    check(&Recipe { jammed: 6, outage: true, larger_first: true, ..Recipe::default() }, Outcome::Jammed, true);
}

#[test]
fn a_fall_lies_in_its_interval() {
    check(&Recipe { jammed: 3, fall: 0.1, uneven: 0.15, ..Recipe::default() }, Outcome::Jammed, false);
    let hard = Recipe {
        jammed: 4,
        fall: 0.6,
        uneven: 0.15,
        outage: true,
        spill: 0.08,
        larger_first: true,
        ..Recipe::default()
    };
    check(&hard, Outcome::Jammed, false);
    check(&hard, Outcome::Outside, false);
}

#[test]
fn a_great_fall_is_found_and_said() {
    let made = Recipe { fall: 0.6, spill: 0.3, jammed: 6, ..Recipe::default() }.make(3);
    let jamming = assess(&made.panel, &Settings::default()).unwrap();
    assert_eq!(jamming.effect.verdict, Verdict::Fall);
    assert!(jamming.effect.fall.holds(0.6), "{:?}", jamming.effect.fall);
    assert!(jamming.effect.fewer_a_day.low > 0.0);
    assert_eq!(jamming.outside.as_ref().unwrap().verdict, Verdict::Fall);
    assert_eq!(jamming.other_technologies.as_ref().unwrap().verdict, Verdict::NotShown);
    let under: Vec<_> = jamming.weeks.iter().filter(|week| week.week >= 0).collect();
    assert!(under.iter().all(|week| week.log_ratio.high < 0.0), "{under:?}");
    assert!(jamming.weeks.iter().any(|week| week.week < 0));
}

#[test]
fn what_power_promises_is_found_four_times_in_five() {
    let free = Recipe { jammed: 0, ..Recipe::default() };
    let promised = (0..40).map(|seed| power(&free.make(seed).panel, 4, 49, &Settings::default()).unwrap().fall);
    let fall = promised.sum::<f64>() / 40.0;
    let found = tally(&Recipe { fall, ..Recipe::default() }, Outcome::Jammed, 70_000).claims;
    assert!((0.65..0.92).contains(&found), "{found} of those with a fall of {fall}");
}

#[test]
fn the_same_panel_gives_the_same_bytes_in_any_order() {
    let mut panel = Recipe::default().make(8).panel;
    let before = serde_json::to_string(&assess(&panel, &Settings::default()).unwrap()).unwrap();
    panel.units.reverse();
    let after = serde_json::to_string(&assess(&panel, &Settings::default()).unwrap()).unwrap();
    assert_eq!(before, after);
}
