//! What the intervals cover and how often an effect is claimed where there is none, on made-up panels.
//!
//! `cargo run --release -p cellsweep-assess --example panels -- [PANELS] [WORD]`, 2,000 panels a line by default; with a
//! word, only the lines that have it.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it is what it is for")]

use cellsweep_assess::groups::Controls;
use cellsweep_assess::jamming::{Least, Outcome, Settings, Verdict, assess, effect, weekly_rows};

#[path = "../tests/it/made.rs"]
mod made;

use made::{Made, Recipe};

/// Of the effect: how often its interval holds the truth, how often an effect is claimed, how often the permutation test
/// alone would, the mean standard error. Outside: holds, claims. Placebos that cry out: before, elsewhere. Refused. How
/// often the textbook's interval for the second week holds.
const HEAD: [&str; 10] =
    ["holds", "claims", "permut.", "s.e.", "outside", "claims", "before", "elsewh.", "refused", "textb."];

fn main() {
    let panels: u64 = std::env::args().nth(1).map_or(2_000, |text| text.parse().unwrap());
    let word = std::env::args().nth(2).unwrap_or_default();
    println!("{panels} panels a line; shares in %, intervals at 95 %");
    println!("{:<34}{}", "", HEAD.map(|head| format!("{head:>8}")).join(""));
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
    recipes.push(("four weeks before, two under".into(), Recipe { looked_at: (28, 14), ..null.clone() }));
    recipes.push(("four weeks before, four under".into(), Recipe { looked_at: (28, 28), ..null.clone() }));
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
    assessed: f64,
    leads: f64,
    elsewhere: f64,
}

fn line(name: &str, recipe: &Recipe, panels: u64) {
    let mut sums = Sums::default();
    for seed in 0..panels {
        judge(&recipe.make(seed), recipe.settings(seed), &mut sums);
    }
    let row = [
        sums.covers / sums.judged,
        sums.claims / sums.judged,
        sums.permuted / sums.judged,
        sums.error / sums.judged,
        sums.outside_covers / sums.outside,
        sums.outside_claims / sums.outside,
        sums.leads / sums.assessed,
        sums.elsewhere / sums.assessed,
        1.0 - sums.judged / panels as f64,
        sums.textbook / sums.judged,
    ];
    println!("{name:<34}{}", row.map(|share| format!("{:>8.1}", 100.0 * share)).join(""));
}

fn judge(made: &Made, settings: Settings, sums: &mut Sums) {
    let least = Least { sites: 1, ..Least::default() };
    let settings = Settings { least, ..settings };
    let Ok(found) = effect(&made.panel, Outcome::Jammed, &settings) else { return };
    sums.judged += 1.0;
    sums.covers += f64::from(found.log_ratio.holds(made.log_ratio));
    sums.claims += f64::from(found.verdict != Verdict::NotShown);
    sums.permuted += f64::from(found.chance.p <= 0.05);
    sums.error += found.standard_error;
    if let Ok(outside) = effect(&made.panel, Outcome::Outside, &settings) {
        sums.outside += 1.0;
        sums.outside_covers += f64::from(outside.log_ratio.holds(made.outside));
        sums.outside_claims += f64::from(outside.verdict != Verdict::NotShown);
    }
    // All the rest takes as long again: every fourth panel will do.
    if settings.seed.is_multiple_of(4)
        && let Ok(all) = assess(&made.panel, &Settings { draws: 19, ..settings })
    {
        sums.assessed += 1.0;
        sums.leads += f64::from(all.leads.in_doubt);
        sums.elsewhere += all.elsewhere.claimed as f64 / all.elsewhere.tried as f64;
    }
    // The second week: the first may be jammed in part.
    let weeks = weekly_rows(&made.panel).group_times(Controls::NotYet).by_event_time();
    let textbook = &weeks[&1];
    sums.textbook += f64::from((textbook.effect - made.log_ratio).abs() <= 1.96 * textbook.standard_error);
}
