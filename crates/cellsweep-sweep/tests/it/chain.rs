//! A chain that holds, and each way in which one doesn't.

use cellsweep_sweep::{Applied, Condition, Holder, ItemKind, ItemState, Refusal, What};

use crate::made::{Day, file, ids, party, whole};

#[test]
fn a_whole_chain_holds() {
    let custody = whole().custody();
    assert_eq!(custody.breaks, []);
    let item = &custody.items[&"P1".parse().unwrap()];
    assert_eq!(item.state, ItemState::Sealed("X2".parse().unwrap()));
    assert_eq!(item.holder, Holder::Held("c".parse().unwrap()));
    assert_eq!(item.history.len(), 9);
    assert_eq!(custody.items[&"S1".parse().unwrap()].history.len(), 8, "the SIM was not examined");
    assert_eq!(custody.under_way().count(), 0);
}

#[test]
fn a_hand_over_is_complete_when_it_is_acknowledged() {
    let mut day = Day::default();
    let photo = [file("photo-P1", 1)];
    day.found("a", &[("P1", ItemKind::Phone)]).sealed("a", "X1", &["P1"]);
    day.handed("a", "b", "H1", &["X1"], &photo);
    let custody = day.custody();
    let (id, hand_over) = custody.under_way().next().unwrap();
    assert_eq!((id.as_str(), hand_over.to.as_str()), ("H1", "b"));
    let holder = &custody.items[&"P1".parse().unwrap()].holder;
    assert!(matches!(holder, Holder::UnderWay { from, .. } if from.as_str() == "a"));
    assert_eq!(day.breaks(), [""; 0]);
    day.opened("b", "X1");
    assert_eq!(day.breaks(), ["E4: b did not hold P1: it was under way from a to b"]);
    day.acknowledged("b", "H1", &["X1"], &photo);
    assert!(day.custody().under_way().next().is_none());
}

/// What `change` makes of the whole chain.
fn check(change: impl Fn(&mut Day), expected: &[&str]) {
    let mut day = whole();
    change(&mut day);
    assert_eq!(day.breaks(), expected);
}

#[test]
fn each_break_is_named_at_its_event() {
    check(|day| drop(day.events.remove(0)), UNKNOWN);
    check(
        |day| drop(day.events.remove(3)),
        &[
            "E5: b did not hold P1: it was under way from a to b",
            "E5: b did not hold S1: it was under way from a to b",
            "E6: b did not hold P1: it was under way from a to b",
            "E7: b did not hold P1: it was under way from a to b",
            "E7: b did not hold S1: it was under way from a to b",
            "E8: b did not hold P1: it was under way from a to b",
            "E8: b did not hold S1: it was under way from a to b",
        ],
    );
    check(
        |day| drop(day.events.remove(4)),
        &[
            "E6: P1 was under seal X1, which nobody had opened",
            "E7: P1 was under seal X1, which nobody had opened",
            "E7: S1 was under seal X1, which nobody had opened",
        ],
    );
    check(
        |day| day.events[3].by = party("z"),
        &[
            "E4: z acknowledged what was handed to b",
            "E5: b did not hold P1: z held it",
            "E5: b did not hold S1: z held it",
            "E6: b did not hold P1: z held it",
            "E7: b did not hold P1: z held it",
            "E7: b did not hold S1: z held it",
            "E8: b did not hold P1: z held it",
            "E8: b did not hold S1: z held it",
        ],
    );
    check(|day| drop(day.events.remove(7)), &["E9: no hand-over H2 was entered"]);
}

const UNKNOWN: &[&str] = &[
    "E2: no find has brought P1 in",
    "E2: no find has brought S1 in",
    "E3: no find has brought P1 in",
    "E3: no find has brought S1 in",
    "E5: no find has brought P1 in",
    "E5: no find has brought S1 in",
    "E6: no find has brought P1 in",
    "E7: no find has brought P1 in",
    "E7: no find has brought S1 in",
    "E8: no find has brought P1 in",
    "E8: no find has brought S1 in",
];

fn more(add: impl Fn(&mut Day), expected: &[&str]) {
    check(|day| add(day), expected);
}

#[test]
fn what_happens_twice_or_too_late_is_named() {
    more(|day| _ = day.found("c", &[("P1", ItemKind::Phone)]), &["E10: P1 was found before, in E1"]);
    more(|day| _ = day.sealed("c", "X3", &["P1"]), &["E10: P1 was under seal X2, which nobody had opened"]);
    more(|day| _ = day.opened("c", "X1"), &["E10: seal X1 was open already, since E5"]);
    more(|day| _ = day.opened("c", "X9"), &["E10: nobody had put seal X9 on"]);
    more(|day| _ = day.opened("b", "X2"), &["E10: b did not hold P1: c held it", "E10: b did not hold S1: c held it"]);
    more(|day| _ = day.acknowledged("c", "H2", &["X2"], &[]), &["E10: hand-over H2 was acknowledged before, in E9"]);
    more(|day| _ = day.handed("c", "d", "H2", &["X2"], &[]), &["E10: hand-over H2 was entered before, in E8"]);
    more(
        |day| {
            let (photo, report) = (file("photo-P1", 1), file("report-1", 2));
            day.opened("c", "X2").sealed("c", "X1", &["P1", "S1"]);
            day.handed("c", "d", "H3", &["X1"], &[photo, report]);
        },
        &["E11: seal X1 was used before, in E2", "E12: seal X1 was open already, since E5"],
    );
    more(
        |day| {
            let end = What::Destroyed { items: ids(&["P1"]), witnesses: vec![party("w")], papers: Vec::new() };
            day.opened("c", "X2").push("c", end).examined("c", &["P1"]);
        },
        &["E12: P1 had been returned or destroyed before"],
    );
}

#[test]
fn an_opened_item_is_sealed_again_before_it_goes_on() {
    let loose = |day: &mut Day| {
        day.opened("c", "X2");
        let (photo, report) = (file("photo-P1", 1), file("report-1", 2));
        let what = What::HandedOn {
            hand_over: "H3".parse().unwrap(),
            to: party("d"),
            seals: Vec::new(),
            items: ids(&["P1"]),
            rehashed: vec![photo, report],
        };
        day.push("c", what);
    };
    more(loose, &["E11: P1 was handed on without a seal after its seal had been opened"]);
    let mut first = Day::default();
    let (give, take) = (
        What::HandedOn {
            hand_over: "H1".parse().unwrap(),
            to: party("b"),
            seals: Vec::new(),
            items: ids(&["P1"]),
            rehashed: vec![file("photo-P1", 1)],
        },
        What::Acknowledged {
            hand_over: "H1".parse().unwrap(),
            seals: Vec::new(),
            items: ids(&["P1"]),
            condition: Condition::Unsealed,
            rehashed: vec![file("photo-P1", 1)],
        },
    );
    first.found("a", &[("P1", ItemKind::Phone)]).push("a", give).push("b", take).sealed("b", "X1", &["P1"]);
    assert_eq!(first.breaks(), [""; 0], "from the finder to whoever seals");
}

#[test]
fn seals_are_read_and_files_hashed_anew_at_each_hand_over() {
    let set = |day: &mut Day, at: usize, read: &[&str], files: Vec<cellsweep_sweep::Attachment>| {
        if let What::Acknowledged { seals, rehashed, .. } = &mut day.events[at].what {
            (*seals, *rehashed) = (ids(read), files);
        }
    };
    let (photo, report) = (file("photo-P1", 1), file("report-1", 2));
    check(|day| set(day, 8, &["X2"], vec![photo.clone()]), &["E9: report-1 was not hashed anew"]);
    check(
        |day| set(day, 8, &["X2"], vec![photo.clone(), file("report-1", 9)]),
        &["E9: report-1 has another digest than it had"],
    );
    check(
        |day| set(day, 8, &["X3"], vec![photo.clone(), report.clone()]),
        &[
            "E9: seal X2 stands on one side of the hand-over only",
            "E9: seal X3 stands on one side of the hand-over only",
        ],
    );
    let damaged = |day: &mut Day| {
        if let What::Acknowledged { condition, .. } = &mut day.events[8].what {
            *condition = Condition::Damaged("torn".parse().unwrap());
        }
    };
    check(damaged, &["E9: the seals were not whole when they were received"]);
}

#[test]
fn clocks_and_counts_are_held_against_each_other() {
    let early: jiff::Timestamp = "2026-03-01T06:03:50Z".parse().unwrap();
    let acknowledged_early = |day: &mut Day| {
        day.events[3].device = "D2".parse().unwrap();
        day.events[3].occurred = early - jiff::SignedDuration::from_mins(2);
    };
    check(acknowledged_early, &["E4: it was acknowledged before it was handed on, by the clocks of two devices"]);
    check(|day| day.events[8].received = early, &["E9: it was received at 2026-03-01T06:03:50Z, before it happened"]);
    check(|day| day.events[8].sequence = 8, &["E9: D1 numbered this event and E8 alike"]);
    let swapped = |day: &mut Day| {
        day.events[8].sequence = 100;
        day.found("q", &[("P2", ItemKind::Phone)]);
    };
    check(swapped, &["E9: D1 entered this after E10, and says that it happened before"]);
    check(
        |day| {
            let mut late = whole().events[0].clone();
            (late.occurred, late.received) =
                ("2026-03-01T06:02:30Z".parse().unwrap(), "2026-03-01T09:00:00Z".parse().unwrap());
            late.device = "D2".parse().unwrap();
            day.events[0] = late;
        },
        &["E2: P1 was found only later", "E2: S1 was found only later"],
    );
}

#[test]
fn an_explanation_stands_beside_the_break_and_mends_nothing() {
    let mut day = whole();
    day.opened("c", "X1");
    let text = "the number was misread on the label".parse().unwrap();
    day.push("c", What::Explained { about: "E10".parse().unwrap(), text });
    let custody = day.custody();
    assert_eq!(custody.breaks.len(), 1);
    assert_eq!(custody.breaks[0].explained_by, ids(&["E11"]));
    // The seal's items are P1 and S1: both histories show the event.
    assert_eq!(custody.breaks_of(&"P1".parse().unwrap()).len(), 1);
}

#[test]
fn one_id_with_two_contents_counts_for_none() {
    let mut exhibits = whole().exhibits();
    let mut other = whole().events[5].clone();
    assert_eq!(exhibits.apply(other.clone()), Ok(Applied::Known));
    other.by = party("z");
    assert_eq!(exhibits.apply(other), Ok(Applied::Contradicts));
    let said: Vec<String> = exhibits.custody().breaks.iter().map(|broken| broken.what.to_string()).collect();
    assert_eq!(said, ["the event was entered in 2 versions, none of which counts"]);
}

#[test]
fn what_makes_no_sense_by_itself_is_refused() {
    let mut day = Day::default();
    day.found("a", &[("P1", ItemKind::Phone), ("P1", ItemKind::Sim)]).sealed("a", "X1", &[]);
    day.handed("a", "a", "H1", &["X1"], &[]).acknowledged("a", "H1", &[], &[]);
    let refused: Vec<Refusal> =
        day.events.into_iter().map(|event| cellsweep_sweep::Exhibits::new().apply(event).unwrap_err()).collect();
    assert_eq!(refused, [Refusal::Twice, Refusal::Nothing, Refusal::ToOneself, Refusal::Nothing]);
}

#[test]
fn whoever_enters_is_warned_of_the_break() {
    let exhibits = whole().exhibits();
    let mut day = whole();
    day.opened("b", "X2");
    let warned = exhibits.would_break(day.events[9].clone()).unwrap();
    assert_eq!(warned.len(), 2);
    assert_eq!(exhibits, whole().exhibits(), "nothing was entered");
}

#[test]
fn people_and_numbers_are_redacted() {
    let shown = format!("{:?} {:?}", whole().events, whole().custody());
    for hidden in ["Officer", "35391805723456", "behind the sink", "small, black"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
}
