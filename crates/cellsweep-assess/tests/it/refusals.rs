//! Too little gets no number, but what it would take.

use cellsweep_assess::capture::{TwoLists, lower_bound, two_lists};
use cellsweep_assess::detectors::{Trials, detectors};
use cellsweep_assess::groups::Controls;
use cellsweep_assess::jamming::{Outcome, Place, Settings, effect, power, weekly_rows};
use cellsweep_assess::operation::{Chosen, hits};
use cellsweep_assess::{CantTell, Shortage, Technology};

use crate::made::Recipe;

fn check<T: std::fmt::Debug>(result: Result<T, CantTell>, expected: &[Shortage]) {
    let needed: Vec<Shortage> = result.unwrap_err().needed.iter().map(|needed| needed.what).collect();
    assert_eq!(needed, expected);
}

fn jammed(recipe: &Recipe) -> Result<cellsweep_assess::jamming::Effect, CantTell> {
    effect(&recipe.make(1).panel, Outcome::Jammed, &Settings::default())
}

#[test]
fn too_few_facilities_days_or_handsets() {
    check(jammed(&Recipe { jammed: 0, ..Recipe::default() }), &[Shortage::JammedSites]);
    check(jammed(&Recipe { jammed: 1, ..Recipe::default() }), &[Shortage::JammedSites]);
    check(
        jammed(&Recipe { facilities: 7, jammed: 3, ..Recipe::default() }),
        &[Shortage::JammedSites, Shortage::ControlSites],
    );
    check(
        jammed(&Recipe { handsets: 2.0, jammed: 3, ..Recipe::default() }),
        &[Shortage::JammedSites, Shortage::Handsets, Shortage::HeardBefore],
    );
    let mut made = Recipe { jammed: 3, ..Recipe::default() }.make(2);
    for unit in &mut made.panel.units {
        unit.days.drain(..unit.days.len() - 50);
    }
    let refused = effect(&made.panel, Outcome::Jammed, &Settings::default()).unwrap_err();
    assert!(refused.needed.iter().any(|needed| needed.what == Shortage::JammedSites), "{refused}");
}

#[test]
fn where_everything_is_jammed_there_is_nowhere_to_move_to() {
    let mut panel = Recipe::default().make(1).panel;
    let elsewhere = |panel: &_, outcome| effect(panel, outcome, &Settings::default());
    panel.units.retain(|unit| unit.technology == Technology::Gsm);
    check(elsewhere(&panel, Outcome::OtherTechnologies), &[Shortage::FreeTechnologies]);
    panel.units.retain(|unit| unit.place == Place::Wing("A".into()));
    check(elsewhere(&panel, Outcome::OtherWings), &[Shortage::FreeWings]);
}

#[test]
fn no_power_is_promised_without_facilities() {
    let panel = Recipe { facilities: 9, jammed: 0, ..Recipe::default() }.make(1).panel;
    check(power(&panel, 3, 30, &Settings::default()), &[Shortage::ControlSites]);
    check(power(&panel, 1, 7, &Settings::default()), &[Shortage::JammedSites, Shortage::DaysJammed]);
    let too_long = power(&panel, 3, 10_000, &Settings::default()).unwrap_err();
    assert_eq!(too_long.needed.iter().map(|needed| needed.have).collect::<Vec<_>>(), [0.0], "no day is left before");
}

#[test]
fn the_textbook_s_interval_is_refused_with_few_jammed_facilities() {
    let panel = Recipe { jammed: 4, facilities: 30, ..Recipe::default() }.make(1).panel;
    let overall = weekly_rows(&panel).group_times(Controls::NotYet).overall().unwrap();
    check(overall.interval(0.95), &[Shortage::JammedSites, Shortage::ControlSites]);
    let many = Recipe { jammed: 45, facilities: 100, ..Recipe::default() }.make(1).panel;
    let overall = weekly_rows(&many).group_times(Controls::NotYet).overall().unwrap();
    let (analytic, drawn) = (overall.interval(0.95).unwrap(), overall.bootstrap_interval(0.95, 1_999, 1).unwrap());
    let width = |interval: cellsweep_assess::Interval| interval.high - interval.low;
    assert!((width(drawn) / width(analytic) - 1.0).abs() < 0.15, "{drawn:?} {analytic:?}");
}

#[test]
fn small_numbers_elsewhere() {
    check(two_lists(TwoLists { first: 20, second: 12, both: 3 }), &[Shortage::FoundTwice]);
    check(lower_bound(9, 2, 20), &[Shortage::FoundTwice]);
    check(hits(&[], Chosen::Planned), &[Shortage::Observations]);
    let few = Trials { detector: "dog".into(), class: "mini".into(), place: "mattress".into(), there: 4, found: 3 };
    check(detectors(&[few]).remove("dog").unwrap(), &[Shortage::Observations]);
}
