//! Notices of recall, and the forms that were shipped: read for ever.

use std::path::Path;

use cellsweep_proof::Hash;
use cellsweep_share::open;
use cellsweep_share::recall::{Recall, is_recall};
use cellsweep_share::snapshot::Version;
use cellsweep_share::zip::Limits;

use crate::made::{at, case, of, package, signer, trusted};

pub fn notice() -> Recall {
    Recall {
        version: Version,
        disclosure: of("D1"),
        copies: vec![Hash::of(b"one"), Hash::of(b"two")],
        made: at(250),
        why: of("sent to the wrong desk"),
    }
}

/// A file as it was first shipped: it never changes, a new form is a new version. Written where it isn't there yet and
/// that is asked for.
fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1").join(name);
    if std::env::var_os("CELLSWEEP_BLESS").is_some() && !path.exists() {
        std::fs::write(&path, made).unwrap();
    }
    std::fs::read(&path).unwrap()
}

#[test]
fn version_1_of_packages_and_notices_is_read_for_ever() {
    let sent = package(case(2, 3));
    let sealed = sent.seal(&signer(1), &Limits::default()).unwrap();
    let (read, _) = open(&golden("package.zip", &sealed), &[trusted(1)], at(300), &Limits::default()).unwrap();
    assert_eq!(read, sent);
    let note = notice().to_note(&signer(1)).unwrap();
    let (read, _) = Recall::read(&golden("recall.note", &note), &[trusted(1)], at(300)).unwrap();
    assert_eq!(read, notice());
}

#[test]
fn a_notice_is_its_sender_s_or_none() {
    let note = notice().to_note(&signer(1)).unwrap();
    assert!(is_recall(&note) && !is_recall(b"PK\x03\x04"));
    let text = String::from_utf8(note).unwrap();
    let check = |text: &str, keys: u8, hours: i64, expected: &str| {
        let error = Recall::read(text.as_bytes(), &[trusted(keys)], at(hours)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(&text, 2, 300, "signed by nobody known here");
    check(&text, 1, 2_000, "counted until");
    check(&text.replace("wrong desk", "right desk"), 1, 300, "signature");
    check(&text.replace("recall 1", "recall 2"), 1, 300, "the notice has version 2");
    check(&text.replace("cellsweep recall", "cellsweep package"), 1, 300, "is not a recall");
    check("hello", 1, 300, "can't be read");
}

#[test]
fn a_package_is_known_by_what_its_signature_is_over() {
    let sent = package(case(2, 3));
    let sealed = sent.seal(&signer(1), &Limits::default()).unwrap();
    let (read, _) = open(&sealed, &[trusted(1)], at(300), &Limits::default()).unwrap();
    assert_eq!(read.digest().unwrap(), sent.digest().unwrap());
    assert_ne!(package(case(2, 4)).digest().unwrap(), sent.digest().unwrap());
}
