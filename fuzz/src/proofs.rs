//! What a target does with its bytes; the tests of cellsweep-proof do the same with the corpora.

use cellsweep_proof::export::{Closed, Code, Item, LogFiles, Manifest, Trust, check_log};
use cellsweep_proof::{Checkpoint, Entry, Note, Stamp, Verifier};

/// Reads bytes as one kind of text of the log; whatever they are, nothing may panic, and what is read has one form.
pub fn read(kind: &str, bytes: &[u8]) {
    match kind {
        "note" => note(bytes),
        "checkpoint" => log(bytes),
        "entry" => entry(bytes),
        "item" => item(bytes),
        "closed" => closed(bytes),
        "code" => code(bytes),
        _ => drop(Stamp::read(bytes)),
    }
}

fn note(bytes: &[u8]) {
    let Ok(note) = Note::parse(bytes) else { return };
    assert_eq!(note.to_string().as_bytes(), bytes, "a note has one form");
    let text = note.text();
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text, "a checkpoint has one form");
    }
    for line in text.lines() {
        if let Ok(key) = line.parse::<Verifier>() {
            assert_eq!(key.to_string(), line, "a key has one form");
            let _ = note.verify(&key);
            let _ = cellsweep_proof::witnessed(&note, &key);
        }
    }
}

/// A log's files: the parts of the bytes between `\n%\n`.
fn log(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split("\n%\n").map(|part| format!("{part}\n").into_bytes());
    let mut next = || parts.next();
    let (vkey, checkpoint, entries, hashes) = (next(), next(), next().unwrap_or_default(), next().unwrap_or_default());
    let files = LogFiles { vkey, checkpoint, ..LogFiles::default() };
    let report = check_log(&files, entries.as_slice(), Some(hashes.as_slice()), &Trust::default());
    assert!(report.is_ok(), "bytes in memory can be read");
    let _ = text.parse::<Manifest>();
}

fn entry(bytes: &[u8]) {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_line().ok().as_deref().map(str::as_bytes), Some(bytes), "an entry has one form");
    }
}

fn item(bytes: &[u8]) {
    if let Ok(item) = Item::parse(bytes) {
        assert_eq!(item.to_text().ok().as_deref().map(str::as_bytes), Some(bytes), "a bundle has one form");
        let _ = item.check("item.json", &Trust::default());
    }
}

/// What is kept of erased entries, in a log with nothing behind it.
fn closed(bytes: &[u8]) {
    if let Ok(closed) = Closed::parse(bytes) {
        assert_eq!(closed.to_text().ok().as_deref().map(str::as_bytes), Some(bytes), "a closing has one form");
        let _ = closed.start();
    }
    let files = LogFiles { vkey: Some(VKEY.to_vec()), closed: Some(bytes.to_vec()), ..LogFiles::default() };
    let report = check_log(&files, &[][..], Some(&[][..]), &Trust::default());
    assert!(report.is_ok(), "bytes in memory can be read");
}

/// The key of the made-up log in the corpora.
const VKEY: &[u8] = include_bytes!("../../crates/cellsweep-proof/tests/golden/closed-1/vkey");

fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = text.parse::<Code>() {
        assert_eq!(code.to_string(), text, "a code has one form");
    }
}
