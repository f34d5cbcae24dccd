//! What a target does with its bytes; the tests of cellsweep-share do the same with the corpora.

use cellsweep_share::carrier::answers;
use cellsweep_share::compare::{Blinded, Doubled};
use cellsweep_share::method::Method;
use cellsweep_share::recall::Recall;
use cellsweep_share::snapshot::CaseSnapshot;
use cellsweep_share::trust::Keyring;
use cellsweep_share::zip::{Limits, pack, unpack};
use cellsweep_share::{forms, open};

/// Reads bytes as one kind of what comes in; whatever they are, nothing may panic, and what is read can be written.
pub fn read(kind: &str, bytes: &[u8]) {
    match kind {
        "package" => package(bytes),
        "snapshot" => snapshot(bytes),
        "answers" => drop(answers(bytes)),
        "notice" => notice(bytes),
        _ => comparison(bytes),
    }
}

fn package(bytes: &[u8]) {
    let limits = Limits { total_bytes: 1 << 20, ..Limits::default() };
    assert!(open(bytes, &[], jiff::Timestamp::UNIX_EPOCH, &limits).is_err(), "nobody is trusted");
    let Ok(members) = unpack(bytes, &limits) else { return };
    let again = pack(&members, &limits).map(|bytes| unpack(&bytes, &limits));
    assert_eq!(again, Ok(Ok(members)), "what is unpacked can be packed");
}

fn snapshot(bytes: &[u8]) {
    let _ = Method::from_json(bytes).map(|method| (method.check(), method.effects()));
    let Ok(snapshot) = CaseSnapshot::from_json(bytes) else { return };
    assert!(forms(&snapshot).is_ok(), "a snapshot has every form");
    let again = snapshot.to_json().and_then(|bytes| CaseSnapshot::from_json(&bytes));
    assert_eq!(again.ok(), Some(snapshot), "a snapshot is read as it was written");
}

fn notice(bytes: &[u8]) {
    assert!(Recall::read(bytes, &[], jiff::Timestamp::UNIX_EPOCH).is_err(), "nobody is trusted");
    let _ = std::str::from_utf8(bytes).map(|text| Keyring::parse(text).map(|ring| ring.trusted()));
}

fn comparison(bytes: &[u8]) {
    if let Ok(message) = Blinded::from_bytes(bytes) {
        assert_eq!(message.to_bytes(), bytes, "a message has one form");
    }
    if let Ok(message) = Doubled::from_bytes(bytes) {
        assert_eq!(message.to_bytes(), bytes, "a message has one form");
    }
}
