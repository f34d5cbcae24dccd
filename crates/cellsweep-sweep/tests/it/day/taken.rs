//! What is taken, what is refused, and what is set apart.

use cellsweep_sweep::day::{
    Apart, Checked, Day, DayEvent, DayWhat, Envelope, ImeiRead, Power, Refusal, Rules, Scrap, Screen, Taken, write,
};
use cellsweep_sweep::{Applied, ItemKind, What};

use super::made::{Morning, at, cell, find, found, measured, nothing, planned, signature, started};

/// What is said of an entry by itself.
fn check(change: impl Fn(&mut DayEvent), expected: Refusal) {
    let mut morning = Morning::default();
    morning.say("a1", 1, found("a1", "P1"));
    let mut event = morning.events[0].clone();
    change(&mut event);
    let mut day = Day::new("c".parse().unwrap());
    assert_eq!(day.apply(event.clone(), signature(&event), Checked::Good), Err(expected), "{event:?}");
    // As a text it isn't lost: it is set apart.
    let envelope = Envelope { text: write(&event).unwrap(), signature: signature(&event) };
    assert_eq!(day.take(envelope, at(2), Checked::Good), Taken::Apart);
    assert!(matches!(&day.apart()[..], [Apart::Text { scrap: Scrap::Refused(why), .. }] if *why == expected));
}

fn find_with(change: impl Fn(&mut cellsweep_sweep::day::Find)) -> impl Fn(&mut DayEvent) {
    move |event| {
        let mut find = find("P1");
        change(&mut find);
        event.what = DayWhat::Found { cell: cell("a1"), find: Box::new(find) };
    }
}

#[test]
fn what_makes_no_sense_by_itself_is_refused() {
    check(|event| event.id = "b1:1".parse().unwrap(), Refusal::Id);
    check(|event| event.sequence = 2, Refusal::Id);
    check(|event| event.sequence = 0, Refusal::Sequence);
    check(find_with(|find| find.state = Power::NotApplicable), Refusal::State);
    check(find_with(|find| find.screen = Screen::Lit), Refusal::OffStaysOff);
    check(find_with(|find| find.imei = ImeiRead::Shown("35391805723456".parse().unwrap())), Refusal::OffStaysOff);
    check(find_with(|find| find.kind = ItemKind::Charger), Refusal::NoPhone);
    check(
        find_with(|find| find.witnesses = (0..33).map(|n| format!("W{n}").parse().unwrap()).collect()),
        Refusal::TooMany,
    );
    check(|event| event.what = measured("a1", 0, at(0), at(0), 3_600_001), Refusal::Clock);
    let replan = |cells: Vec<cellsweep_sweep::day::PlannedCell>, number| {
        let (site, why) = ("F1".parse().unwrap(), "x".parse().unwrap());
        move |event: &mut DayEvent| {
            event.what =
                DayWhat::Replanned { site: Clone::clone(&site), number, cells: cells.clone(), why: Clone::clone(&why) };
        }
    };
    check(replan(vec![planned("a1", "A", 0), planned("a1", "B", 0)], 1), Refusal::Twice);
    check(replan(Vec::new(), 0), Refusal::Plan);
    let mut foreign = planned("a1", "A", 0);
    foreign.cell.facility = "F9".parse().unwrap();
    check(replan(vec![foreign], 1), Refusal::Plan);
    let mut plan = super::made::plan();
    plan.teams.pop();
    check(move |event| event.what = DayWhat::Opened { plan: plan.clone(), command: Vec::new() }, Refusal::Plan);
    let what = || DayWhat::Exhibit {
        what: What::Sealed { seal: "X".parse().unwrap(), items: Vec::new(), photos: Vec::new() },
    };
    check(move |event| event.what = what(), Refusal::Custody(cellsweep_sweep::Refusal::Nothing));
}

#[test]
fn a_find_is_entered_as_a_find() {
    let mut morning = crate::made::Day::default();
    morning.found("a", &[("P1", ItemKind::Phone)]);
    let what = morning.events[0].what.clone();
    check(move |event| event.what = DayWhat::Exhibit { what: what.clone() }, Refusal::FindAsExhibit);
}

#[test]
fn what_has_a_bad_signature_is_set_apart_until_it_is_good() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, started("a1"));
    let event = morning.events.pop().unwrap();
    let mut day = morning.day();
    let take = |day: &mut Day, checked| day.apply(event.clone(), signature(&event), checked).unwrap();
    assert_eq!(take(&mut day, Checked::Unknown), Taken::Apart);
    assert_eq!(day.view(Rules::USUAL).nation().running, 0);
    assert!(matches!(&day.apart()[..], [Apart::Signature { checked: Checked::Unknown, .. }]));
    assert_eq!(take(&mut day, Checked::Good), Taken::Counts(Applied::New));
    assert_eq!(take(&mut day, Checked::Good), Taken::Counts(Applied::Known));
    assert_eq!(take(&mut day, Checked::Bad), Taken::Apart);
    assert_eq!((day.apart().len(), day.view(Rules::USUAL).nation().running), (0, 1));
    // Somebody else's signature under the same words: beside it, and nothing changes.
    let forged = crate::sim::made::sign(&crate::sim::made::key("x"), "x");
    day.apply(event.clone(), forged, Checked::Bad).unwrap();
    assert_eq!((day.apart().len(), day.view(Rules::USUAL).nation().running), (1, 1));
}

#[test]
fn one_number_with_two_signed_contents_counts_for_none() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, started("a1"));
    let mut other = morning.events[8].clone();
    other.what = nothing("a2");
    let mut day = morning.day();
    let taken = day.apply(other.clone(), signature(&other), Checked::Good).unwrap();
    assert_eq!(taken, Taken::Counts(Applied::Contradicts));
    let disputed: Vec<String> = day.disputed().map(|(id, versions)| format!("{id} {versions}")).collect();
    assert_eq!(disputed, ["a1:2 2"]);
    assert!(day.view(Rules::USUAL).entries().iter().all(|dated| dated.event.id != other.id));
}

#[test]
fn texts_that_are_no_entries_are_kept() {
    let mut morning = Morning::default();
    morning.say("a1", 1, started("a1"));
    let good = write(&morning.events[0]).unwrap();
    let check = |text: &str, expected: Scrap| {
        let envelope = Envelope { text: text.to_owned(), signature: signature(&morning.events[0]) };
        assert_eq!(envelope.open(at(2)), Err(expected), "{text}");
        let mut day = Day::new("c".parse().unwrap());
        assert_eq!(day.take(envelope.clone(), at(2), Checked::Good), Taken::Apart);
        assert_eq!(day.take(envelope, at(1), Checked::Good), Taken::Apart);
        assert_eq!(day.apart().len(), 1, "once");
    };
    check("", Scrap::Unreadable);
    check(&good.replacen(r#"{"v":1"#, r#"{"v":2"#, 1), Scrap::Newer(2));
    check(&good.replacen(',', ", ", 1), Scrap::Unreadable);
    check(&good.replacen("}", r#","more":1}"#, 1), Scrap::Unreadable);
    check(&good.replacen("06:01:00Z", "07:01:00+01:00", 1), Scrap::Unreadable);
    check(&" ".repeat((16 << 20) + 1), Scrap::TooLong);
}

#[test]
fn people_and_numbers_are_redacted() {
    let mut morning = Morning::opened();
    morning.say("a1", 1, found("a1", "P1"));
    let day = morning.day();
    let view = day.view(Rules::USUAL);
    let shown = format!("{day:?} {view:?} {:?}", view.report(&std::collections::BTreeMap::new(), at(5)));
    for hidden in ["Officer", "35391805723456", "behind the sink", "small, black", "W-17"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    assert!(shown.contains("P1"));
}
