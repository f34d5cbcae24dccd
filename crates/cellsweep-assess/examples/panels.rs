//! What the intervals cover and how often an effect is claimed where there is none, on made-up panels.
//!
//! `cargo run --release -p cellsweep-assess --example panels -- [PANELS] [WORD]`, 2,000 panels a line by default; with a
//! word, only the lines that have it.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it is what it is for")]

use cellsweep_assess::groups::Controls;
use cellsweep_assess::jamming::{Least, Outcome, Settings, Verdict, effect, weekly_rows};

#[path = "../tests/it/made.rs"]
mod made;

use made::{Made, Recipe};

fn main() {
    let panels: u64 = std::env::args().nth(1).map_or(2_000, |text| text.parse().unwrap());
    let word = std::env::args().nth(2).unwrap_or_default();
    println!("{panels} panels a line; shares in %, intervals at 95 %");
    println!(
        "{:<34} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7} {:>7} {:>7}",
        "", "covers", "claims", "perm.", "s.e.", "outside", "claims", "refused", "CS 2021"
    );
    for (name, recipe) in recipes() {
        if name.contains(&word) {
            line(&name, &recipe, panels);
        }
    }
}

fn recipes() -> Vec<(String, Recipe)> {
    let mut recipes = Vec::new();
    for jammed in [3, 4, 6] {
        for fall in [0.0, 0.1, 0.6] {
            let base = Recipe { jammed, fall, uneven: if fall > 0.0 { 0.15 } else { 0.0 }, ..Recipe::default() };
            recipes.push((format!("plain, {jammed} jammed, fall {fall}"), base.clone()));
            let hard = Recipe { outage: true, spill: 0.08, larger_first: true, ..base.clone() };
            recipes.push((format!("outage+spill, {jammed} jammed, fall {fall}"), hard));
        }
    }
    let null = Recipe { jammed: 3, ..Recipe::default() };
    recipes.push(("small sites".into(), Recipe { handsets: 20.0, ..null.clone() }));
    recipes.push(("small sites, fall 0.6".into(), Recipe { handsets: 20.0, fall: 0.6, ..null.clone() }));
    recipes.push(("small sites, larger jammed".into(), Recipe { handsets: 20.0, larger_first: true, ..null.clone() }));
    recipes.push(("over-dispersed".into(), Recipe { shape: 1.0, ..null.clone() }));
    recipes.push(("wandering, correlation 0.95".into(), Recipe { correlation: 0.95, wander: 0.3, ..null.clone() }));
    recipes.push(("12 facilities, 3 jammed".into(), Recipe { facilities: 12, ..null.clone() }));
    recipes.push(("12 facilities, 3 jammed, fall 0.6".into(), Recipe { facilities: 12, fall: 0.6, ..null.clone() }));
    recipes.push(("66 facilities, 6 jammed".into(), Recipe { facilities: 66, jammed: 6, ..null.clone() }));
    recipes.push(("2 jammed".into(), Recipe { jammed: 2, ..null.clone() }));
    recipes.push(("1 jammed".into(), Recipe { jammed: 1, ..null.clone() }));
    recipes.push(("60 facilities, 25 jammed".into(), Recipe { facilities: 60, jammed: 25, ..null.clone() }));
    recipes.push(("100 facilities, 45 jammed".into(), Recipe { facilities: 100, jammed: 45, ..null }));
    recipes
}

#[derive(Default)]
struct Sums {
    judged: f64,
    covers: f64,
    claims: f64,
    permuted: f64,
    error: f64,
    outside: f64,
    outside_covers: f64,
    outside_claims: f64,
    textbook: f64,
}

fn line(name: &str, recipe: &Recipe, panels: u64) {
    let mut sums = Sums::default();
    for seed in 0..panels {
        judge(&recipe.make(seed), seed, &mut sums);
    }
    let share = |part: f64, of: f64| 100.0 * part / of;
    println!(
        "{name:<34} {:>6.1} {:>6.1} {:>6.1} {:>6.1} {:>7.1} {:>7.1} {:>7} {:>7.1}",
        share(sums.covers, sums.judged),
        share(sums.claims, sums.judged),
        share(sums.permuted, sums.judged),
        share(sums.error, sums.judged),
        share(sums.outside_covers, sums.outside),
        share(sums.outside_claims, sums.outside),
        panels as f64 - sums.judged,
        share(sums.textbook, sums.judged)
    );
}

fn judge(made: &Made, seed: u64, sums: &mut Sums) {
    let least = Least { sites: 1, ..Least::default() };
    let settings = Settings { seed, draws: 199, least, ..Settings::default() };
    let Ok(effect) = effect(&made.panel, Outcome::Jammed, &settings) else { return };
    sums.judged += 1.0;
    sums.covers += f64::from(effect.log_ratio.holds(made.log_ratio));
    sums.claims += f64::from(effect.verdict != Verdict::NotShown);
    sums.permuted += f64::from(effect.chance.p <= 0.05);
    sums.error += effect.standard_error;
    if let Ok(outside) = cellsweep_assess::jamming::effect(&made.panel, Outcome::Outside, &settings) {
        sums.outside += 1.0;
        sums.outside_covers += f64::from(outside.log_ratio.holds(made.outside));
        sums.outside_claims += f64::from(outside.verdict != Verdict::NotShown);
    }
    let classic = weekly_rows(&made.panel).group_times(Controls::NotYet).by_event_time();
    let weeks: Vec<_> = classic.range(0..4).map(|(_, week)| week).collect();
    let first = weeks[1];
    sums.textbook += f64::from((first.effect - made.log_ratio).abs() <= 1.96 * first.standard_error);
}
