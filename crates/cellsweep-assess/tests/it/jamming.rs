//! What intervals cover, and how often an effect is claimed where there is none. `examples/panels.rs` does the same
//! with more panels of more kinds.

use cellsweep_assess::jamming::{Outcome, Settings, Verdict, assess, effect, power};

use crate::made::Recipe;

const PANELS: u64 = 200;

/// The bar, for all panels of a test together.
const COVERS: std::ops::RangeInclusive<f64> = 0.93..=0.97;
const CLAIMS: f64 = 0.065;
/// A share of 200 panels strays by 1.5 points; three times that for each kind of panels.
const STRAYS: f64 = 0.046;

#[derive(Default)]
struct Tally {
    panels: f64,
    covers: f64,
    claims: f64,
}

impl Tally {
    fn of(recipe: &Recipe, outcome: Outcome, first: u64) -> Self {
        let mut tally = Self::default();
        for seed in first..first + PANELS {
            let made = recipe.make(seed);
            // Panels of small facilities may be refused; nine in ten are not.
            let Ok(effect) = effect(&made.panel, outcome, &recipe.settings(seed)) else { continue };
            let truth = if outcome == Outcome::Outside { made.outside } else { made.log_ratio };
            tally.panels += 1.0;
            tally.covers += f64::from(effect.log_ratio.holds(truth));
            tally.claims += f64::from(effect.verdict != Verdict::NotShown);
        }
        assert!(tally.panels >= 0.9 * PANELS as f64, "{} judged", tally.panels);
        tally
    }

    fn covers(&self) -> f64 {
        self.covers / self.panels
    }

    fn claims(&self) -> f64 {
        self.claims / self.panels
    }
}

/// All kinds together, each of them checked by itself as well.
fn pooled(kinds: &[(Recipe, Outcome)]) -> Tally {
    let mut sum = Tally::default();
    for (recipe, outcome) in kinds {
        let tally = Tally::of(recipe, *outcome, 90_000);
        assert!((tally.covers() - 0.95).abs() <= STRAYS, "{recipe:?}, {outcome:?}: covers {}", tally.covers());
        sum.panels += tally.panels;
        sum.covers += tally.covers;
        sum.claims += tally.claims;
    }
    sum
}

#[test]
fn nothing_is_claimed_where_nothing_is() {
    let tally = pooled(&[
        (Recipe { jammed: 3, ..Recipe::default() }, Outcome::Jammed),
        (Recipe { jammed: 3, shape: 1.0, ..Recipe::default() }, Outcome::Jammed),
        (Recipe { jammed: 6, outage: true, larger_first: true, ..Recipe::default() }, Outcome::Jammed),
        (Recipe { jammed: 4, fall: 0.6, ..Recipe::default() }, Outcome::Outside),
    ]);
    assert!(COVERS.contains(&tally.covers()), "covers {}", tally.covers());
    assert!(tally.claims() <= CLAIMS, "claims {}", tally.claims());
}

#[test]
fn a_fall_lies_in_its_interval() {
    let plain = Recipe { jammed: 3, fall: 0.1, uneven: 0.15, ..Recipe::default() };
    let hard = Recipe { jammed: 4, fall: 0.6, outage: true, spill: 0.08, larger_first: true, ..plain.clone() };
    let small = Recipe { jammed: 3, fall: 0.6, handsets: 20.0, facilities: 30, ..Recipe::default() };
    let tally = pooled(&[
        (plain, Outcome::Jammed),
        (hard.clone(), Outcome::Jammed),
        (hard, Outcome::Outside),
        (small, Outcome::Jammed),
    ]);
    assert!(COVERS.contains(&tally.covers()), "covers {}", tally.covers());
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
    let found = Tally::of(&Recipe { fall, ..Recipe::default() }, Outcome::Jammed, 70_000).claims();
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
