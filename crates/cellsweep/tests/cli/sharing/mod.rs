//! What leaves a case for others, and what comes in from them.

mod abroad;
mod bad;
mod carriers;
mod case;
mod compare;
mod outside;
#[expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]
#[path = "../../../../cellsweep-share/tests/it/tools.rs"]
mod tools;

use std::error::Error;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{Desk, Ended, Outcome};

/// Who asks and who approves.
const ASKED: [&str; 4] = ["--asked-by", "A. Martin", "--approved-by", "B. Roche"];
const HERE: [&str; 2] = ["--case", "here"];
const TIME: &str = "2026-03-01T06:00:00Z";

/// A traced and attributed exercise, `here`.
fn traced() -> Result<Desk, Box<dyn Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["run", "here", "--from", "world/case", "--out", "results", "--exercise", "--quiet"])?.expect(0)?;
    Ok(desk)
}

/// Puts a file of known keys beside the case: the one that signs what leaves `of`, until `until`.
fn know(desk: &Desk, of: &str, until: &str) -> Result<(), Box<dyn Error>> {
    let key = desk.run(&["share", "key", "--case", of, "--because", "a test"])?.expect(0)?.out;
    let row = format!("version = 1\n[[key]]\nof = \"{of}\"\nkey = \"{}\"\nuntil = \"{until}\"\n", key.trim());
    Ok(std::fs::write(desk.path("keys.toml"), row)?)
}

const LATE: &str = "2099-01-01T00:00:00Z";

/// Exhibits that were found, sealed, handed on and acknowledged, as devices enter them.
fn exhibits(desk: &Desk, case: &str, count: usize) -> Outcome {
    let by = |id: &str| json!({ "id": id, "name": format!("Officer {id}"), "role": "search team" });
    let mut lines = Vec::new();
    let mut enter = |who: &str, minute: usize, what: Value| {
        let sequence = lines.len() + 1;
        let start: jiff::Timestamp = TIME.parse()?;
        let at = start + jiff::SignedDuration::from_mins(minute as i64);
        let event = json!({
            "id": format!("E{sequence}"), "occurred": at, "received": at, "device": format!("D-{who}"),
            "sequence": sequence, "by": by(who), "what": what,
        });
        lines.push(json!({ "v": 1, "event": event }).to_string());
        Ok::<(), Box<dyn Error>>(())
    };
    for number in 1..=count {
        let (item, seal, hand) = (format!("P-{number}"), format!("S-{number:04}"), format!("H-{number}"));
        let found = json!({
            "kind": "found",
            "items": [{
                "id": item, "kind": "phone", "description": "small, black",
                "imeis": [format!("35{:012}", 209_900_000_000_u64 + number as u64)], "sims": [format!("89333{number:014}")],
            }],
            "place": { "facility": "F001", "spot": { "cell": format!("A-{}", 100 + number) } },
            "occasion": "routine", "one_find": "each_phone", "witnesses": [by("w")], "photos": [],
        });
        enter("a", 4 * number, found)?;
        enter("a", 4 * number + 1, json!({ "kind": "sealed", "seal": seal, "items": [item], "photos": [] }))?;
        let given = json!({
            "kind": "handed_on", "hand_over": hand, "to": by("b"), "seals": [seal], "items": [], "rehashed": [],
        });
        enter("a", 4 * number + 2, given)?;
        let taken = json!({
            "kind": "acknowledged", "hand_over": hand, "seals": [seal], "items": [], "condition": "intact",
            "rehashed": [],
        });
        enter("b", 4 * number + 3, taken)?;
    }
    std::fs::write(desk.path("events.jsonl"), lines.join("\n"))?;
    desk.run(&["custody", "add", "events.jsonl", "--case", case])?.expect(0)?;
    Ok(())
}

/// Hands the case over to a court, and says where the first copy is.
fn hand_over(desk: &Desk, more: &[&str]) -> Result<(PathBuf, Value), Box<dyn Error>> {
    let words = ["share", "case", "out", "--profile", "court", "--to", "A court", "--json"];
    let told = desk.run(&[&words[..], &ASKED, &HERE, more].concat())?.expect(0)?.json()?;
    let path = told["sent"]["files"][0].as_str().ok_or("no file")?.to_owned();
    Ok((desk.path(&path), told))
}

/// Looks at, or takes in, what came.
fn receive(desk: &Desk, words: &[&str]) -> Result<Ended, Box<dyn Error>> {
    desk.run(&[&["receive"], words, &["--known-keys", "keys.toml"]].concat())
}
