//! Any order, any repetition: the same state.

use cellsweep_sweep::{Condition, Event, Exhibits, FindRule, FoundItem, ItemKind, Occasion, Place, Spot, What, wire};
use proptest::prelude::*;

use crate::made::{file, ids, party};

const ITEMS: [&str; 3] = ["P1", "P2", "S1"];
const SEALS: [&str; 3] = ["X1", "X2", "X3"];
const PARTIES: [&str; 3] = ["a", "b", "c"];
const HAND_OVERS: [&str; 2] = ["H1", "H2"];

fn some(names: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(names.to_vec(), 0..=names.len())
}

fn one(names: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(names.to_vec())
}

fn found(items: &[&str], cell: u8) -> What {
    let item = |id: &&str| FoundItem {
        id: id.parse().unwrap(),
        kind: if id.starts_with('P') { ItemKind::Phone } else { ItemKind::Sim },
        description: "x".parse().unwrap(),
        imeis: ids(&["353918057234561"]),
        sims: ids(&["893301000000000000"]),
    };
    What::Found {
        items: items.iter().map(item).collect(),
        place: Place {
            facility: "F".parse().unwrap(),
            spot: Spot::Cell(format!("c{cell}").parse().unwrap()),
            hiding_place: None,
        },
        occasion: Occasion::Routine,
        one_find: FindRule::EachPhone,
        witnesses: Vec::new(),
        photos: vec![file("photo", cell)],
    }
}

fn what() -> impl Strategy<Value = What> {
    let parties = (some(&ITEMS), some(&SEALS), one(&PARTIES), one(&HAND_OVERS), 0u8..3, 0..9u8);
    parties.prop_map(|(items, seals, to, hand_over, seed, which)| match which {
        0 => found(&items, seed),
        1 => What::Sealed {
            seal: SEALS[usize::from(seed)].parse().unwrap(),
            items: ids(&items),
            photos: vec![file("seal", seed)],
        },
        2 => What::HandedOn {
            hand_over: hand_over.parse().unwrap(),
            to: party(to),
            seals: ids(&seals),
            items: ids(&items),
            rehashed: vec![file("photo", seed)],
        },
        3 => What::Acknowledged {
            hand_over: hand_over.parse().unwrap(),
            condition: if seals.is_empty() { Condition::Unsealed } else { Condition::Intact },
            seals: ids(&seals),
            items: ids(&items),
            rehashed: vec![file("photo", seed)],
        },
        4 => What::Opened {
            seal: SEALS[usize::from(seed)].parse().unwrap(),
            reason: "x".parse().unwrap(),
            witnesses: vec![party(to)],
        },
        5 => What::Examined { items: ids(&items), report: file("report", seed), imeis: Vec::new(), sims: Vec::new() },
        6 => What::Returned { items: ids(&items), to: party(to), papers: vec![file("receipt", seed)] },
        7 => What::Destroyed { items: ids(&items), witnesses: Vec::new(), papers: Vec::new() },
        _ => What::Explained { about: format!("E{seed}").parse().unwrap(), text: "x".parse().unwrap() },
    })
}

prop_compose! {
    /// Few ids, times and devices, so that much collides.
    fn event()(id in 0u8..14, at in 0i64..6, late in -1i64..3, device in 0u8..2, sequence in 0u64..9,
               by in one(&PARTIES), what in what()) -> Event {
        let occurred = jiff::Timestamp::from_second(1_772_344_800 + at * 60).unwrap();
        Event {
            id: format!("E{id}").parse().unwrap(),
            occurred,
            received: occurred + jiff::SignedDuration::from_mins(late),
            device: format!("D{device}").parse().unwrap(),
            sequence,
            by: party(by),
            what,
        }
    }
}

fn all(events: &[Event]) -> Exhibits {
    let mut exhibits = Exhibits::new();
    for event in events {
        let _ = exhibits.apply(event.clone());
    }
    exhibits
}

fn shuffled() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    prop::collection::vec(event(), 0..24).prop_flat_map(|events| {
        let twice = [events.clone(), events.clone()].concat();
        (Just(events), Just(twice).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_and_number_of_arrivals_do_not_show((events, otherwise) in shuffled()) {
        let (one, other) = (all(&events), all(&otherwise));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.custody(), other.custody());
        prop_assert_eq!(one.register(FindRule::EachPhone), other.register(FindRule::EachPhone));
    }

    /// A device that got no answer sends again, and the case takes it in at another time.
    #[test]
    fn when_a_repetition_came_in_does_not_show(
        (events, order) in prop::collection::vec((event(), 0i64..90), 0..16)
            .prop_flat_map(|events| (Just(events.clone()), Just((0..events.len() * 2).collect::<Vec<_>>()).prop_shuffle()))
    ) {
        let once: Vec<Event> = events.iter().map(|(event, _)| event.clone()).collect();
        let again = |(event, late): &(Event, i64)| {
            let received = event.received + jiff::SignedDuration::from_mins(*late);
            Event { received, ..event.clone() }
        };
        let both: Vec<Event> = once.iter().cloned().chain(events.iter().map(again)).collect();
        let otherwise: Vec<Event> = order.iter().map(|index| both[*index].clone()).collect();
        prop_assert_eq!(all(&once), all(&otherwise));
    }

    #[test]
    fn whatever_is_shown_belongs_to_an_event(events in prop::collection::vec(event(), 0..24)) {
        let exhibits = all(&events);
        let custody = exhibits.custody();
        let known = |id: &cellsweep_sweep::EventId| exhibits.events().any(|event| event.id == *id);
        for broken in &custody.breaks {
            prop_assert!(known(&broken.event));
        }
        for (id, item) in &custody.items {
            prop_assert!(!item.history.is_empty(), "{}", id);
            prop_assert!(item.history.iter().all(|(_, event)| known(event)));
        }
    }

    #[test]
    fn events_survive_the_wire(event in event()) {
        let text = wire::write(&event).unwrap();
        prop_assert_eq!(wire::read(&text).unwrap(), event);
    }

    #[test]
    fn any_text_is_answered(text in "[{}\\[\\]\",:a-z0-9 ]{0,60}") {
        let _ = wire::read(&text);
        let _ = wire::read(&format!("{{\"v\":1,\"event\":{text}}}"));
    }

    /// An event that is said to break nothing new breaks nothing new.
    #[test]
    fn a_warning_is_what_then_shows(events in prop::collection::vec(event(), 0..12), next in event()) {
        let mut exhibits = all(&events);
        let Ok(warned) = exhibits.would_break(next.clone()) else { return Ok(()) };
        exhibits.apply(next).unwrap();
        let after = exhibits.custody().breaks;
        prop_assert!(warned.iter().all(|broken| after.contains(broken)));
    }
}
