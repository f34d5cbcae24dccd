//! The register counts by a rule that is said.

use cellsweep_sweep::{FindRule, ItemKind};

use crate::made::Day;

fn day() -> Day {
    let mut day = Day::default();
    day.found("a", &[("P1", ItemKind::Phone), ("S1", ItemKind::Sim), ("C1", ItemKind::Charger)]);
    day.found("b", &[("S2", ItemKind::Sim), ("C2", ItemKind::Charger)]);
    day.found("a", &[("P2", ItemKind::Phone), ("P3", ItemKind::Phone)]);
    // Entered again by somebody else.
    day.found("c", &[("P1", ItemKind::Phone)]);
    day
}

#[test]
fn finds_are_counted_by_the_rule() {
    let check = |rule, expected| assert_eq!(day().exhibits().register(rule).finds(), expected, "{rule:?}");
    check(FindRule::EachItem, 7);
    check(FindRule::EachPhone, 4);
    check(FindRule::EachPlace, 3);
}

#[test]
fn every_item_stands_in_it_once() {
    let register = day().exhibits().register(FindRule::EachPhone);
    let items: Vec<&str> = register.rows.iter().map(|row| row.item.as_str()).collect();
    assert_eq!(items, ["P1", "S1", "C1", "S2", "C2", "P2", "P3"]);
    assert_eq!((register.items(ItemKind::Phone), register.items(ItemKind::Sim)), (3, 2));
    assert!(register.rows.iter().all(|row| row.entered_under == FindRule::EachItem));
}
