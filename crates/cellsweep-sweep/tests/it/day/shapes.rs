//! Entries, messages and log lines of every version that was shipped, and what they must say for ever.
//!
//! `CELLSWEEP_BLESS=1` writes what is said today; a diff in an old version's file is a fault.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cellsweep_sweep::day::{
    Audience, Checked, Day, DayWhat, Envelope, Obstacle, Post, Referral, Replaces, Rules, Whereabouts, write,
};
use cellsweep_sweep::sync::{
    FromPhone, FromServer, Ranges, Record, Standing, read_from_phone, read_from_server, read_record, write_from_phone,
    write_from_server, write_record,
};
use serde_json::{Value, json};

use super::made::{
    Morning, acknowledged, at, cell, done, found, interrupted, nothing, offered, planned, signature, started,
};
use crate::made::party;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn kept(name: &str, said: &str) {
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(path(name), said).unwrap();
    }
    assert_eq!(said, std::fs::read_to_string(path(name)).unwrap(), "{name}");
}

/// A morning with an entry of each kind.
fn morning() -> Morning {
    let mut morning = Morning::opened();
    let (why, to) = ("x".parse().unwrap(), Audience::Site("F1".parse().unwrap()));
    morning.say("a1", 1, started("a1"));
    morning.say("a1", 2, found("a1", "P1"));
    morning.say("a1", 3, done("a1"));
    morning.say("b1", 3, nothing("b1"));
    morning.say("b1", 4, DayWhat::CouldNot { cell: cell("b2"), why: Obstacle::Other("flooded".parse().unwrap()) });
    morning.say("a1", 5, started("a2"));
    morning.say("a1", 6, DayWhat::Referred { cell: cell("a2"), why: Referral::OnPerson });
    morning.say("b1", 6, DayWhat::Distress { place: Whereabouts::Cell(cell("b2")) });
    morning.say("b1", 7, interrupted("b2"));
    let announced = morning.say("c", 8, DayWhat::Announced { to: to.clone(), text: "slower".parse().unwrap() });
    morning.say("a1", 9, DayWhat::Seen { about: announced });
    let cells = vec![planned("a2", "B", 500)];
    morning.say("c", 10, DayWhat::Replanned { site: "F1".parse().unwrap(), number: 1, cells, why });
    morning.say("a1", 11, offered(&["X-P1"], &["photo-P1"], party("d")));
    morning.say("d", 13, acknowledged(&["X-P1"], &["photo-P1"]));
    let (device, key) = ("b2".parse().unwrap(), crate::sim::made::key("b2"));
    let replaces = Replaces::Device("b1".parse().unwrap());
    morning.say("c", 14, DayWhat::Lost { device: "b1".parse().unwrap() });
    morning.say("c", 15, DayWhat::Enrolled { device, key, post: Post::Team("B".parse().unwrap()), replaces });
    morning.say("c", 16, DayWhat::Revoked { device: "b2".parse().unwrap(), why: "spare".parse().unwrap() });
    morning.say("c", 17, DayWhat::Rescued { device: "b1".parse().unwrap(), last: 6 });
    morning.say("c", 18, DayWhat::Aborted { scope: to, why: "fire".parse().unwrap() });
    morning.say("a1", 19, DayWhat::Finished {});
    morning.say("c", 20, DayWhat::Closed {});
    morning
}

#[test]
fn version_1_of_entries_stays_readable() {
    let written = morning().events.into_iter().map(|event| Record {
        received: event.received,
        checked: Checked::Good,
        envelope: Envelope { text: write(&event).unwrap(), signature: signature(&event) },
    });
    let lines: Vec<String> = written.map(|record| write_record(&record).unwrap()).collect();
    kept("day.v1.jsonl", &format!("{}\n", lines.join("\n")));
    let mut day = Day::new("c".parse().unwrap());
    for line in std::fs::read_to_string(path("day.v1.jsonl")).unwrap().lines() {
        let Record { received, checked, envelope } = read_record(line).unwrap();
        assert_eq!(write(&envelope.open(received).unwrap()).unwrap(), envelope.text);
        day.take(envelope, received, checked);
    }
    let report = day.view(Rules::USUAL).report(&BTreeMap::new(), at(30));
    let said = json!(report);
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(path("day.v1.expected.json"), format!("{said:#}\n")).unwrap();
    }
    let expected = std::fs::read_to_string(path("day.v1.expected.json")).unwrap();
    assert_eq!(said, serde_json::from_str::<Value>(&expected).unwrap());
}

#[test]
fn version_1_of_messages_stays_readable() {
    let device = || "a1".parse().unwrap();
    let mark = || "0123456789abcdef".repeat(2).parse().unwrap();
    let event = &morning().events[8];
    let entries = || vec![Envelope { text: write(event).unwrap(), signature: signature(event) }];
    let mut have = Ranges::new();
    have.insert_all(1, 4);
    have.insert(9);
    let phone = [
        FromPhone::Hello { device: device(), clock: at(1), last: 9, unsent: 4, heard: 2, mark: None },
        FromPhone::Batch { device: device(), first: 2, entries: entries() },
        FromPhone::Hello { device: device(), clock: at(1), last: 9, unsent: 4, heard: 2, mark: Some(mark()) },
    ];
    let server = [
        FromServer::Welcome {
            device: device(),
            clock: at(2),
            echo: at(1),
            have: have.clone(),
            standing: Standing::Enrolled,
        },
        FromServer::Acknowledged { device: device(), have },
        FromServer::News { device: device(), after: 1, upto: 2, entries: entries(), mark: None },
        FromServer::News { device: device(), after: 3, upto: 2, entries: entries(), mark: Some(mark()) },
    ];
    let mut lines: Vec<String> = phone.iter().map(|message| write_from_phone(message).unwrap()).collect();
    lines.extend(server.iter().map(|message| write_from_server(message).unwrap()));
    kept("sync.v1.jsonl", &format!("{}\n", lines.join("\n")));
    let text = std::fs::read_to_string(path("sync.v1.jsonl")).unwrap();
    let (first, second) = (text.lines().take(3), text.lines().skip(3));
    assert_eq!(first.map(|line| read_from_phone(line).unwrap()).collect::<Vec<_>>(), phone);
    assert_eq!(second.map(|line| read_from_server(line).unwrap()).collect::<Vec<_>>(), server);
}

#[test]
fn what_is_no_message_is_refused() {
    let check = |text: &str, expected: &str| {
        let error = read_from_phone(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    let hello = |members: &str| format!(r#"{{"v":1,"message":{{"kind":"hello","device":"a1",{members}}}}}"#);
    let clock = r#""clock":"2026-03-01T06:00:00Z""#;
    check(r#"{"v":2,"message":{}}"#, "version 2 of events: this program reads up to version 1");
    check(&hello(&format!(r#"{clock},"last":1,"unsent":0"#)), "missing field `heard`");
    check(&hello(&format!(r#"{clock},"last":1,"unsent":0,"heard":0,"more":1"#)), "unknown field `more`");
    check(&hello(&format!(r#"{clock},"last":9007199254740993,"unsent":0,"heard":0"#)), "out of bounds");
    check(r#"{"v":1,"message":{"kind":"batch","device":"a1","first":1,"entries":[]}}"#, "out of bounds");
    check(&" ".repeat((34 << 20) + 1), "longer than 35651584 bytes");
    let ranges = |have: &str| format!(r#"{{"v":1,"message":{{"kind":"acknowledged","device":"a1","have":{have}}}}}"#);
    for bad in ["[[0,1]]", "[[2,1]]", "[[1,2],[3,4]]", "[[5,6],[1,2]]", "[[1,9007199254740992]]"] {
        let error = read_from_server(&ranges(bad)).unwrap_err().to_string();
        assert!(error.contains("ranges of entries are sorted"), "{bad}: {error}");
    }
    assert!(read_from_server(&ranges("[[1,2],[4,4]]")).is_ok());
}
