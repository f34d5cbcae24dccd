//! Any order, any repetition: the same day. What is written reads back.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_sweep::day::{
    Audience, Checked, Day, DayEvent, DayWhat, Envelope, Post, Power, Replaces, Rules, Screen, Stop, write,
};
use cellsweep_sweep::sync::{
    FromPhone, FromServer, Ranges, read_from_phone, read_from_server, write_from_phone, write_from_server,
};
use proptest::prelude::*;

use super::made::{acknowledged, at, cell, find, found, measured, nothing, offered, planned, started};
use crate::made::party;

const DEVICES: [&str; 4] = ["c", "a1", "b1", "m"];
const CELLS: [&str; 3] = ["a1", "b1", "z9"];
const ITEMS: [&str; 3] = ["P1", "P2", "P3"];

fn one(names: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(names.to_vec())
}

fn what() -> impl Strategy<Value = DayWhat> {
    let parts = (0..16u8, one(&CELLS), one(&ITEMS), one(&DEVICES), 0i64..40, 0u64..5);
    parts.prop_map(|(which, name, item, device, minute, count)| match which {
        0 => DayWhat::Opened { plan: super::made::plan(), command: Vec::new() },
        1 => DayWhat::Replanned {
            site: "F1".parse().unwrap(),
            number: 1 + count as u32,
            cells: vec![planned(name, if minute % 2 == 0 { "A" } else { "B" }, 300)],
            why: "x".parse().unwrap(),
        },
        2 => DayWhat::Enrolled {
            device: device.parse().unwrap(),
            key: crate::sim::made::key(device),
            post: match count {
                0 => Post::Command,
                1 => Post::Desk("F1".parse().unwrap()),
                2 => Post::Team("A".parse().unwrap()),
                _ => Post::Team("B".parse().unwrap()),
            },
            replaces: Replaces::Nothing,
        },
        3 | 4 => measured(device, count, at(minute + 60 * i64::from(which == 4)), at(minute), count * 900),
        5 => started(name),
        6 => nothing(name),
        7 => DayWhat::Stopped {
            cell: cell(name),
            why: if count < 2 { Stop::Done } else { Stop::Interrupted("x".parse().unwrap()) },
        },
        8 => found(name, item),
        9 => {
            let mut find = find(item);
            (find.state, find.screen) = (Power::On, Screen::Lit);
            DayWhat::Found { cell: cell(name), find: Box::new(find) }
        }
        10 => offered(&[&format!("X-{item}")], &[&format!("photo-{item}")], party("receiver")),
        11 => acknowledged(&[&format!("X-{item}")], &[&format!("photo-{item}")]),
        12 => DayWhat::Lost { device: device.parse().unwrap() },
        13 => DayWhat::Aborted { scope: Audience::All, why: "x".parse().unwrap() },
        14 => DayWhat::Finished {},
        _ => DayWhat::Closed {},
    })
}

prop_compose! {
    /// Few devices, numbers and times, so that much collides.
    fn entry()(device in one(&DEVICES), sequence in 1u64..6, minute in 0i64..40, late in 0i64..4, what in what(),
               by in one(&DEVICES), forged in prop::bool::weighted(0.1), checked in 0..10u8)
        -> (DayEvent, cellsweep_sweep::Signature, Checked) {
        let event = DayEvent {
            id: format!("{device}:{sequence}").parse().unwrap(),
            occurred: at(minute),
            received: at(minute + late),
            device: device.parse().unwrap(),
            sequence,
            by: party(by),
            what,
        };
        let signature = crate::sim::made::sign(&crate::sim::made::key(if forged { "x" } else { device }), "text");
        let checked = match checked { 0 => Checked::Unknown, 1 => Checked::Bad, _ => Checked::Good };
        (event, signature, checked)
    }
}

fn all(entries: &[(DayEvent, cellsweep_sweep::Signature, Checked)]) -> Day {
    let mut day = Day::new("c".parse().unwrap());
    for (event, signature, checked) in entries {
        day.apply(event.clone(), signature.clone(), *checked).unwrap();
    }
    day
}

fn report(day: &Day) -> String {
    serde_json::to_string(&day.view(Rules::USUAL).report(&BTreeMap::new(), at(60))).unwrap()
}

fn numbers() -> impl Strategy<Value = BTreeSet<u64>> {
    prop::collection::btree_set(1u64..60, 0..40)
}

fn ranges(numbers: &BTreeSet<u64>) -> Ranges {
    let mut ranges = Ranges::new();
    numbers.iter().rev().for_each(|number| ranges.insert(*number));
    ranges
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_order_and_number_of_arrivals_do_not_show(
        (entries, otherwise) in prop::collection::vec(entry(), 0..24).prop_flat_map(|entries| {
            let twice = [entries.clone(), entries.clone()].concat();
            (Just(entries), Just(twice).prop_shuffle())
        })
    ) {
        let (one, other) = (all(&entries), all(&otherwise));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(report(&one), report(&other));
    }

    #[test]
    fn nothing_that_came_in_is_dropped(entries in prop::collection::vec(entry(), 0..24)) {
        let day = all(&entries);
        let view = day.view(Rules::USUAL);
        let counted: BTreeSet<_> = view.entries().iter().map(|dated| dated.event.id.clone()).collect();
        let disputed: BTreeSet<_> = day.disputed().map(|(id, _)| id.clone()).collect();
        for (event, _, checked) in &entries {
            let shown = counted.contains(&event.id) || disputed.contains(&event.id);
            prop_assert!(shown || *checked != Checked::Good, "{}", event.id);
        }
        let refused = view.exhibit_events().into_iter().filter(|event| {
            cellsweep_sweep::Exhibits::new().apply(event.clone()).is_err()
        });
        prop_assert_eq!(refused.count(), 0, "custody takes what the day took");
    }

    #[test]
    fn entries_survive_the_wire((event, signature, _) in entry()) {
        let envelope = Envelope { text: write(&event).unwrap(), signature };
        prop_assert_eq!(envelope.open(event.received), Ok(event));
        let entries = vec![envelope.clone()];
        let batch = FromPhone::Batch { device: "a1".parse().unwrap(), first: 1, entries };
        prop_assert_eq!(read_from_phone(&write_from_phone(&batch).unwrap()).unwrap(), batch);
        if let Ok(code) = envelope.code() {
            prop_assert_eq!(Envelope::from_code(&code).unwrap(), envelope);
        }
    }

    #[test]
    fn any_text_is_answered(text in "[{}\\[\\]\",:a-z0-9 ]{0,60}") {
        let _ = read_from_phone(&text);
        let _ = read_from_server(&format!("{{\"v\":1,\"message\":{text}}}"));
        let signature = crate::sim::made::sign(&crate::sim::made::key("x"), "x");
        let _ = Envelope { text: format!("{{\"v\":1,{text}"), signature }.open(at(0));
    }

    #[test]
    fn ranges_are_sets(one in numbers(), other in numbers(), last in 0u64..70) {
        let (mut both, second) = (ranges(&one), ranges(&other));
        both.extend(&second);
        let union: BTreeSet<u64> = one.union(&other).copied().collect();
        prop_assert_eq!(&both, &ranges(&union));
        prop_assert_eq!(both.count(), union.len() as u64);
        prop_assert_eq!(both.last(), union.last().copied().unwrap_or(0));
        for number in 0..70 {
            prop_assert_eq!(both.contains(number), union.contains(&number));
        }
        let missing: BTreeSet<u64> = (1..=last).filter(|number| !union.contains(number)).collect();
        prop_assert_eq!(both.missing(last), ranges(&missing));
        let (device, have) = ("a1".parse().unwrap(), both);
        let message = FromServer::Acknowledged { device, have };
        prop_assert_eq!(read_from_server(&write_from_server(&message).unwrap()).unwrap(), message);
    }
}
