//! Events of every version that was shipped, and what they must say for ever.
//!
//! `CELLSWEEP_BLESS=1` writes what is said today; a diff in an old version's file is a fault.

use std::path::{Path, PathBuf};

use cellsweep_sweep::{Exhibits, FindRule, wire};
use serde_json::{Value, json};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

#[test]
fn version_1_stays_readable() {
    let text = std::fs::read_to_string(path("v1.json")).unwrap();
    let events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut exhibits = Exhibits::new();
    for event in &events {
        let read = wire::read(&event.to_string()).unwrap();
        let written: Value = serde_json::from_str(&wire::write(&read).unwrap()).unwrap();
        assert_eq!(written, *event, "version 1 is what is written today");
        exhibits.apply(read).unwrap();
    }
    let said = json!({ "custody": exhibits.custody(), "register": exhibits.register(FindRule::EachPhone) });
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(path("v1.expected.json"), format!("{said:#}\n")).unwrap();
    }
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(path("v1.expected.json")).unwrap()).unwrap();
    assert_eq!(said, expected);
}

#[test]
fn what_is_of_no_version_is_refused() {
    let check = |text: &str, expected: &str| {
        let error = wire::read(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    check(r#"{"v":2,"event":{}}"#, "version 2 of events: this program reads up to version 1");
    check(r#"{"event":{}}"#, "missing field `v`");
    check(r#"{"v":1,"event":{},"more":1}"#, "missing field `id`");
    let text = std::fs::read_to_string(path("v1.json")).unwrap();
    let events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let with = |pointer: &str, key: &str, value: Value| {
        let mut event = events[0].clone();
        event.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value);
        event.to_string()
    };
    check(&with("/event", "more", 1.into()), "unknown field `more`");
    check(&with("/event/what", "more", 1.into()), "unknown field `more`");
    check(&with("/event/what/items/0", "imeis", json!(["12"])), "an IMEI is not 14 to 16 digits");
    check(&with("/event/what", "kind", "lost".into()), "unknown variant `lost`");
}
