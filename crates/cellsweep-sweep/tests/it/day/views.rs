//! What entries tell together.

use std::collections::BTreeMap;

use cellsweep_sweep::day::{
    Audience, CellStatus, Certainty, Contact, DayWhat, Detector, Flag, Obstacle, OpenEnd, Post, Referral, Replaces,
    Rules, Waiting, Whereabouts, Word,
};
use cellsweep_sweep::{Holder, ItemState};

use super::made::{
    Morning, acknowledged, at, cell, cells, done, enrolled, find, found, interrupted, measured, nothing, offered, plan,
    planned, started,
};
use crate::made::party;

/// How cells stand after these words of the teams, each a minute after the one before.
fn check(words: &[(&str, DayWhat)], expected: &[&str]) {
    let mut morning = Morning::opened();
    for (minute, (device, what)) in words.iter().enumerate() {
        morning.say(device, i64::try_from(minute).unwrap(), what.clone());
    }
    let day = morning.day();
    assert_eq!(cells(&day.view(Rules::USUAL)), expected);
}

#[test]
fn a_cell_is_planned_running_done_or_in_conflict() {
    let referred = || DayWhat::Referred { cell: cell("a1"), why: Referral::SuspectedInBody };
    let locked = || DayWhat::CouldNot { cell: cell("a1"), why: Obstacle::Locked };
    check(&[], &[]);
    check(&[("a1", started("a1"))], &["a1 Running"]);
    check(&[("a1", started("a1")), ("a1", found("a1", "P1")), ("a1", done("a1"))], &["a1 Done"]);
    check(&[("a1", started("a1")), ("a1", nothing("a1"))], &["a1 Done"]);
    check(&[("a1", locked())], &["a1 CouldNot"]);
    check(&[("a1", started("a1")), ("a1", referred()), ("a1", done("a1"))], &["a1 Referred"]);
    check(&[("a1", started("a1")), ("a1", interrupted("a1"))], &["a1 Interrupted"]);
    // Left to the other team: no conflict.
    check(&[("a1", started("a1")), ("a1", interrupted("a1")), ("b1", nothing("a1"))], &["a1 Done"]);
    check(&[("a1", started("a1")), ("b1", started("a1"))], &[r#"a1 Conflict {Team(TeamId(A)), Team(TeamId(B))}"#]);
    check(&[("a1", nothing("a1")), ("b1", found("a1", "P1"))], &[r#"a1 Conflict {Team(TeamId(A)), Team(TeamId(B))}"#]);
    // Nobody's device: kept, and not taken for anybody's.
    check(&[("a1", nothing("a1")), ("z", started("a1"))], &["a1 Conflict {Team(TeamId(A)), Device(DeviceKey(z))}"]);
}

#[test]
fn finds_of_both_teams_are_kept_in_a_conflict_and_no_item_counts_twice() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, found("a1", "P1"));
    morning.say("b1", 2, found("a1", "P2"));
    morning.say("b1", 3, found("a1", "P1"));
    let day = morning.day();
    let view = day.view(Rules::USUAL);
    let nation = view.nation();
    assert_eq!((nation.phones, nation.conflicts), (2, 1));
    assert_eq!(view.cells()[&cell("a1")].finds.len(), 3);
    let breaks: Vec<String> = view.exhibits().custody().breaks.iter().map(|broken| broken.what.to_string()).collect();
    assert!(breaks.contains(&"P1 was found before, in a1:2".to_owned()), "{breaks:?}");
}

#[test]
fn expected_is_held_against_found_where_it_was_searched() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, found("a1", "P1"));
    morning.say("a1", 2, done("a1"));
    morning.say("b1", 2, nothing("b1"));
    morning.say("b1", 3, found("yard", "P2"));
    let nation = morning.day().view(Rules::USUAL).nation();
    assert_eq!((nation.planned, nation.searched, nation.unplanned), (4, 2, 1));
    assert_eq!((nation.expected_milli, nation.expected_searched_milli), (1_600, 1_100));
    assert_eq!((nation.phones, nation.phones_where_expected), (2, 1));
}

#[test]
fn a_team_is_somewhere_and_goes_somewhere() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, started("a1"));
    let contacts = BTreeMap::from([("a1".parse().unwrap(), Contact { at: at(3), last: 9, unsent: 4 })]);
    let now_next = |morning: &Morning| {
        let team = morning.day().view(Rules::USUAL).teams(&contacts)[&"A".parse().unwrap()].clone();
        let name = |cell: Option<cellsweep_sweep::day::CellRef>| cell.map(|cell| cell.cell.to_string());
        (name(team.now), name(team.next), team.done, team.unsent)
    };
    assert_eq!(now_next(&morning), (Some("a1".into()), Some("a2".into()), 0, 4));
    morning.say("a1", 2, nothing("a1"));
    assert_eq!(now_next(&morning), (None, Some("a2".into()), 1, 4));
    let cells = vec![planned("b2", "A", 0), planned("a2", "B", 0)];
    let why = "faster".parse().unwrap();
    morning.say("c", 3, DayWhat::Replanned { site: "F1".parse().unwrap(), number: 1, cells, why });
    assert_eq!(now_next(&morning).1, Some("b2".into()));
}

#[test]
fn a_silent_site_is_shown() {
    let mut morning = Morning::opened();
    let word = |morning: &Morning, minute| morning.day().view(Rules::USUAL).sites(&BTreeMap::new(), at(minute));
    let site = |sites: BTreeMap<_, cellsweep_sweep::day::SiteView>| sites[&"F1".parse().unwrap()].word;
    assert_eq!(site(word(&morning, 0)), Word::Silent { since: Some(at(-49)) });
    morning.say("a1", 5, started("a1"));
    assert_eq!(site(word(&morning, 15)), Word::Heard(at(6)));
    assert_eq!(site(word(&morning, 17)), Word::Silent { since: Some(at(6)) });
    let calls = BTreeMap::from([("b1".parse().unwrap(), Contact { at: at(16), last: 1, unsent: 0 })]);
    assert_eq!(site(morning.day().view(Rules::USUAL).sites(&calls, at(17))), Word::Heard(at(16)));
}

#[test]
fn an_entry_dated_wrong_is_kept_flagged_and_corrected() {
    let mut morning = Morning::opened();
    morning.say("c", -40, enrolled("a2", Post::Team("A".parse().unwrap())));
    // Three hours ahead.
    morning.say_late("a2", 180, 0, measured("a2", 0, at(180), at(0), 500));
    let wrong = morning.say_late("a2", 185, 5, started("a1"));
    let day = morning.day();
    let view = day.view(Rules::USUAL);
    let dated = view.entries().iter().find(|dated| dated.event.id == wrong).unwrap();
    assert_eq!((dated.at, dated.event.occurred), (at(5), at(185)));
    assert_eq!(dated.certainty, Certainty::Beyond { within_ms: 650 });
    assert_eq!(dated.flags, [Flag::DatedWrong { add_ms: -10_800_000 }]);
}

#[test]
fn whoever_opened_the_day_measures_the_clocks_and_is_measured_by_nobody() {
    let mut morning = Morning::default();
    morning.say("c", -60, DayWhat::Opened { plan: plan(), command: vec![party("c")] });
    morning.say("c", -59, enrolled("a1", Post::Team("A".parse().unwrap())));
    let officer = morning.say("a1", 1, started("a1"));
    assert_eq!(morning.flags(), [format!(r#"{officer} [{{"code":"clock_not_measured"}}]"#)]);
}

#[test]
fn a_clock_that_was_set_is_corrected_on_both_sides() {
    let mut morning = Morning::opened();
    morning.say("c", -40, enrolled("a2", Post::Team("A".parse().unwrap())));
    morning.say_late("a2", 60, 0, measured("a2", 0, at(60), at(0), 500));
    let before = morning.say_late("a2", 65, 5, started("a1"));
    let after = morning.say_late("a2", 10, 10, nothing("a1"));
    morning.say_late("a2", 20, 20, measured("a2", 3, at(20), at(20), 500));
    let day = morning.day();
    let view = day.view(Rules::USUAL);
    let of = |id| view.entries().iter().find(|dated| dated.event.id == id).map(|dated| (dated.at, dated.certainty));
    assert_eq!(of(before), Some((at(5), Certainty::Between { within_ms: 650 })));
    assert_eq!(of(after), Some((at(10), Certainty::Between { within_ms: 800 })));
}

#[test]
fn a_clock_that_was_set_before_it_was_measured_says_nothing_of_what_came_before() {
    let mut morning = Morning::opened();
    morning.say("c", -40, enrolled("a2", Post::Team("A".parse().unwrap())));
    let before = morning.say_late("a2", 4, 5, started("a1"));
    // Set back by half an hour; what was measured then would put the first word after its own arrival.
    morning.say_late("a2", -24, 6, measured("a2", 1, at(-24), at(6), 500));
    let after = morning.say_late("a2", -21, 9, nothing("a1"));
    let day = morning.day();
    let view = day.view(Rules::USUAL);
    let of = |id| view.entries().iter().find(|dated| dated.event.id == id).map(|dated| (dated.at, dated.certainty));
    assert_eq!(of(before), Some((at(4), Certainty::NotMeasured)));
    assert_eq!(of(after), Some((at(9), Certainty::Beyond { within_ms: 590 })));
}

#[test]
fn whoever_plans_the_rest_is_told_how_far_the_day_is() {
    let mut morning = Morning::opened();
    assert_eq!(morning.day().view(Rules::USUAL).progress().between, None);
    morning.say("a1", 1, started("a1"));
    morning.say("a1", 2, found("a1", "P1"));
    morning.say("a1", 3, done("a1"));
    morning.say("a1", 4, started("a2"));
    morning.say("b1", 5, interrupted("b1"));
    let (cells, why) = (vec![planned("b2", "B", 0), planned("b1", "B", 300)], "slow".parse().unwrap());
    morning.say("c", 6, DayWhat::Replanned { site: "F1".parse().unwrap(), number: 3, cells: cells.clone(), why });
    let progress = morning.day().view(Rules::USUAL).progress();
    let site = "F1".parse().unwrap();
    assert_eq!((&progress.planned[&site], progress.numbers[&site]), (&cells, 3));
    assert_eq!(progress.taken, [cell("a1"), cell("a2")].into());
    let [search] = progress.searches.as_slice() else { panic!("{:?}", progress.searches) };
    assert_eq!(
        (&search.cell, search.at, search.detector, search.phones),
        (&cell("a1"), at(3), Some(Detector::Visual), 1)
    );
    let [find] = progress.finds.as_slice() else { panic!("{:?}", progress.finds) };
    assert_eq!((&find.cell, find.at, find.imei.is_some()), (&cell("a1"), at(3), true));
    assert_eq!(progress.between, Some((at(1), at(5))));
}

#[test]
fn what_is_worth_a_look_is_flagged_and_kept() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, started("b1"));
    morning.say("a1", 2, started("z9"));
    morning.say("z", 3, started("a2"));
    morning.say("a1", 4, DayWhat::Closed {});
    morning.say("c", 5, DayWhat::Aborted { scope: Audience::Team("B".parse().unwrap()), why: "fire".parse().unwrap() });
    morning.say("b1", 6, started("b2"));
    morning.say("a1", 7, found("a1", "P1"));
    morning.say("a1", 8, nothing("a1"));
    let mut on = find("P1");
    (on.state, on.lay) = (cellsweep_sweep::day::Power::On, cellsweep_sweep::day::Lay::Person);
    morning.say("a1", 9, DayWhat::Found { cell: cell("a1"), find: Box::new(on) });
    morning.say("a1", 10, DayWhat::Referred { cell: cell("a2"), why: Referral::OnPerson });
    morning.say("a1", 11, found("a2", "P2"));
    morning.say("c", 12, DayWhat::Revoked { device: "b1".parse().unwrap(), why: "stolen".parse().unwrap() });
    morning.say("b1", 13, started("b1"));
    morning.say("c", 14, DayWhat::Closed {});
    morning.say("a1", 15, started("a2"));
    let expected = [
        r#"a1:2 [{"code":"planned_for_other","team":"B"}]"#,
        r#"a1:3 [{"code":"not_in_plan","cell":{"facility":"F1","cell":"z9"}}]"#,
        r#"z:1 [{"code":"clock_not_measured"},{"code":"not_enrolled"}]"#,
        r#"a1:4 [{"code":"not_command"}]"#,
        r#"b1:2 [{"code":"after_abort","abort":"c:6"}]"#,
        r#"a1:6 [{"code":"nothing_among_finds"}]"#,
        r#"a1:7 [{"code":"not_referred"},{"code":"switched_on","first":"a1:5"}]"#,
        r#"a1:9 [{"code":"after_referral","referred":"a1:8"}]"#,
        r#"b1:3 [{"code":"device_gone","since":"2026-03-01T06:12:00Z"},{"code":"after_abort","abort":"c:6"}]"#,
        r#"a1:10 [{"code":"after_close"},{"code":"after_referral","referred":"a1:8"}]"#,
    ];
    assert_eq!(morning.flags(), expected);
    assert_eq!(morning.day().view(Rules::USUAL).entries().len(), morning.events.len(), "all are kept");
}

#[test]
fn only_command_opens_plans_and_enrols() {
    let mut morning = Morning::opened();
    let cells = vec![planned("a1", "B", 0)];
    let why = || "mine".parse().unwrap();
    let site = || "F1".parse().unwrap();
    morning.say("a1", 1, DayWhat::Replanned { site: site(), number: 9, cells: cells.clone(), why: why() });
    morning.say("a1", 2, enrolled("m", Post::Command));
    morning.say("m", 3, DayWhat::Replanned { site: site(), number: 10, cells: cells.clone(), why: why() });
    assert_eq!(morning.day().view(Rules::USUAL).planned(&cell("a1")).unwrap().team.as_str(), "A");
    assert!(!morning.day().keys().contains_key(&"m".parse().unwrap()));
    // A deputy that command enrolled does.
    morning.say("c", 4, enrolled("m", Post::Command));
    assert_eq!(morning.day().view(Rules::USUAL).planned(&cell("a1")).unwrap().team.as_str(), "B");
    morning.say("c", 5, DayWhat::Replanned { site: site(), number: 10, cells, why: why() });
    let twice = r#"c:7 [{"code":"plan_twice","counts":"m:1"}]"#.to_owned();
    assert!(morning.flags().contains(&twice), "{:?}", morning.flags());
}

#[test]
fn a_find_goes_from_the_cell_to_the_desk() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, found("a1", "P1"));
    morning.say("a1", 2, offered(&["X-P1"], &["photo-P1"], party("d")));
    let day = morning.day();
    let waiting = day.view(Rules::USUAL).unacknowledged();
    assert!(matches!(&waiting[..], [Waiting::HandOver { to, since, .. }] if to.as_str() == "d" && *since == at(2)));
    morning.say("d", 4, acknowledged(&["X-P1"], &["photo-P1"]));
    let custody = morning.exhibits().custody();
    assert_eq!(custody.breaks, []);
    let item = &custody.items[&"P1".parse().unwrap()];
    assert_eq!(item.holder, Holder::Held("d".parse().unwrap()));
    assert_eq!(item.state, ItemState::Sealed("X-P1".parse().unwrap()));
    assert!(morning.day().view(Rules::USUAL).unacknowledged().is_empty());
}

/// The desk's clock is an hour behind; its word stands behind the offer none the less.
#[test]
fn wrong_clocks_break_no_chain_once_they_are_measured() {
    let mut morning = Morning::opened();
    morning.say("c", -40, enrolled("e", Post::Desk("F1".parse().unwrap())));
    morning.say("a1", 1, found("a1", "P1"));
    morning.say("a1", 2, offered(&["X-P1"], &["photo-P1"], party("e")));
    morning.say_late("e", -56, 4, acknowledged(&["X-P1"], &["photo-P1"]));
    assert_eq!(morning.exhibits().custody().breaks.len(), 1, "not measured: early, and shown");
    morning.say("c", 9, measured("e", 1, at(-51), at(9), 1_000));
    assert_eq!(morning.exhibits().custody().breaks, []);
}

#[test]
fn what_nobody_has_seen_is_shown() {
    let mut morning = Morning::opened();
    let to = Audience::Team("A".parse().unwrap());
    let announced = morning.say("c", 1, DayWhat::Announced { to, text: "slower".parse().unwrap() });
    let distress = morning.say("b1", 2, DayWhat::Distress { place: Whereabouts::NotTold });
    let waiting = |morning: &Morning| morning.day().view(Rules::USUAL).unacknowledged().len();
    assert_eq!(waiting(&morning), 2);
    morning.say("b1", 3, DayWhat::Seen { about: announced.clone() });
    morning.say("a1", 3, DayWhat::Seen { about: distress.clone() });
    assert_eq!(waiting(&morning), 2, "seen by others");
    morning.say("a1", 4, DayWhat::Seen { about: announced });
    morning.say("c", 4, DayWhat::Seen { about: distress });
    assert_eq!(waiting(&morning), 0);
}

#[test]
fn a_day_can_be_closed_after_the_last_word_or_a_rescue() {
    let mut morning = Morning::opened();
    let open = |morning: &Morning| -> Vec<String> {
        let day = morning.day();
        let open = day.view(Rules::USUAL).open_ends(&BTreeMap::new());
        let device = |open: &OpenEnd| match open {
            OpenEnd::Device { device, missing } => format!("{device} {missing:?}"),
            other => format!("{other:?}"),
        };
        open.iter().map(device).collect()
    };
    morning.say("a1", 1, started("a1"));
    morning.say("a1", 2, nothing("a1"));
    assert_eq!(open(&morning), ["a1 []", "b1 []", "d []"]);
    morning.say("d", 9, DayWhat::Finished {});
    morning.say("c", 9, DayWhat::Rescued { device: "a1".parse().unwrap(), last: 4 });
    assert_eq!(open(&morning), ["a1 [4..=4]", "b1 []"], "not rescued whole");
    morning.say("c", 10, DayWhat::Lost { device: "b1".parse().unwrap() });
    let replaces = Replaces::Device("b1".parse().unwrap());
    let (device, key) = ("b2".parse().unwrap(), crate::sim::made::key("b2"));
    morning.say("c", 11, DayWhat::Enrolled { device, key, post: Post::Team("B".parse().unwrap()), replaces });
    morning.say("b2", 12, DayWhat::Finished {});
    morning.say("a1", 13, DayWhat::Finished {});
    assert_eq!(open(&morning), [""; 0]);
    let devices = morning.day().view(Rules::USUAL).devices(&BTreeMap::new());
    assert_eq!(devices[&"b2".parse().unwrap()].replaces, ["b1".parse().unwrap()]);
}

#[test]
fn a_cell_of_no_plan_is_kept() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, found("z9", "P1"));
    let day = morning.day();
    let view = &day.view(Rules::USUAL).cells()[&cell("z9")];
    assert_eq!((view.planned.clone(), view.status, view.phones), (None, CellStatus::Running, 1));
}
