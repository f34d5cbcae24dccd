//! What is sealed in a bundle's entries, and who co-signed which of its checkpoints.

use std::path::Path;

use cellsweep_proof::export::{BoxState, DiscloseError, Item, ItemReport, JsonFileError, Problem, Trust};
use cellsweep_proof::{CosignError, DataKey, Note, add_cosigned, cosign, witnessed};

use crate::made_log::MadeLog;

/// Entries 1 and 4 about item 1 are sealed under one key; 2 is a change of keys, whose checkpoint is co-signed.
fn made() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(1);
    log.seal("exhibit.found", r#"{"imei":"made-up","remark":"under the bunk"}"#);
    log.rotate(2);
    let at = "2026-03-01T07:00:00Z".parse().unwrap();
    cosign(&mut log.checkpoints.last_mut().unwrap().1, &MadeLog::witness(), at).unwrap();
    log.grow(1);
    log.seal("exhibit.sealed", r#"{"remark":"bag 7"}"#);
    log.grow(3);
    log.checkpoint();
    log
}

fn check(item: &Item) -> ItemReport {
    item.check("item.json", &Trust::default())
}

#[test]
fn a_box_stays_sealed_or_shows_what_was_sealed() {
    let mut item = made().item("item:1");
    let report = check(&item);
    assert!(report.holds() && report.entries == [1, 4, 7]);
    assert_eq!(
        report.boxes.iter().map(|seen| (seen.n, &seen.state)).collect::<Vec<_>>(),
        [(1, &BoxState::Sealed), (4, &BoxState::Sealed)]
    );
    item.disclose(4, &MadeLog::data_key()).unwrap();
    let read = Item::parse(item.to_text().unwrap().as_bytes()).unwrap();
    assert_eq!((read.v, &read), (2, &item));
    let report = check(&read);
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!(report.boxes[0].state, BoxState::Sealed, "the same data key, and still closed");
    let BoxState::Opened { data } = &report.boxes[1].state else { panic!("{:?}", report.boxes) };
    assert_eq!(data.to_text(), r#"{"remark":"bag 7"}"#);
    assert_eq!(format!("{data:?} {:?}", read.entries[1].box_key), "Plain(…) Some(BoxKey(…))");
    let json = serde_json::to_value(&report.boxes).unwrap();
    assert_eq!((&json[0]["state"], &json[1]["data"]), (&"sealed".into(), &r#"{"remark":"bag 7"}"#.into()));
}

#[test]
fn one_box_s_key_opens_no_other() {
    let mut item = made().item("item:1");
    item.disclose(4, &MadeLog::data_key()).unwrap();
    item.entries[0].box_key = item.entries[1].box_key.clone();
    let report = check(&item);
    let problems: Vec<&Problem> = report.findings.iter().map(|finding| &finding.problem).collect();
    assert!(matches!(problems[..], [Problem::BoxClosed { n: 1, .. }]), "{problems:?}");
    assert_eq!(report.boxes[0].state, BoxState::Closed);
    item.entries[0].box_key = None;
    item.entries[2].box_key = item.entries[1].box_key.clone();
    assert_eq!(check(&item).findings[0].problem, Problem::NoBox { n: 7 });
}

#[test]
fn what_can_t_be_disclosed_says_why() {
    let mut item = made().item("item:1");
    let before = item.clone();
    assert_eq!(item.disclose(4, &DataKey::from_bytes([6; 32])), Err(DiscloseError::Closed { n: 4 }));
    assert_eq!(item.disclose(7, &MadeLog::data_key()), Err(DiscloseError::NoBox { n: 7 }));
    assert_eq!(item.disclose(5, &MadeLog::data_key()), Err(DiscloseError::Entry { n: 5 }));
    assert_eq!(item, before);
    item.disclose(4, &MadeLog::data_key()).unwrap();
    let text = item.to_text().unwrap();
    let older = text.replace("\"v\":2", "\"v\":1").replace("\\\"v\\\":2", "\\\"v\\\":1");
    assert!(matches!(Item::parse(older.as_bytes()), Err(JsonFileError::Members(_))), "version 1 has no such member");
    assert_eq!(Item::parse(text.replace("\"v\":2", "\"v\":3").as_bytes()), Err(JsonFileError::Version(3)));
}

#[test]
fn one_changed_byte_of_a_disclosing_bundle_is_refused() {
    let mut item = made().item("item:1");
    item.disclose(1, &MadeLog::data_key()).unwrap();
    let text = item.to_text().unwrap();
    let witness = text.find("\u{2014} witness").unwrap();
    let witness = witness..witness + text[witness..].find("\\n").unwrap();
    for at in (0..text.len()).filter(|at| !witness.contains(at)) {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (at % 8);
        assert!(!Item::parse(&bytes).is_ok_and(|item| check(&item).holds()), "byte {at}");
    }
}

#[test]
fn a_co_signature_over_any_checkpoint_of_the_chain_counts() {
    let log = made();
    let item = log.item("item:1");
    let by = |witness: cellsweep_proof::Signer| {
        item.check("item.json", &Trust { vkey: None, witnesses: vec![witness.verifier().clone()] })
    };
    let report = by(MadeLog::witness());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!(report.witnessed.iter().map(|by| by.size).collect::<Vec<_>>(), [3], "under the first key");
    let other = by(cellsweep_proof::Signer::witness_from_seed("other.example.org".parse().unwrap(), &[78; 32]));
    assert_eq!(other.findings[0].to_string(), "item.json: no checkpoint is co-signed by the witness other.example.org");
}

#[test]
fn what_a_witness_gave_back_only_adds() {
    let mut log = made();
    let kept = log.checkpoints[0].1.clone();
    let at = "2026-03-01T08:00:00Z".parse().unwrap();
    let other = cellsweep_proof::Signer::witness_from_seed("other.example.org".parse().unwrap(), &[78; 32]);
    // It sends the text with its own line alone, and a line in the log's name.
    let mut given = Note::new(kept.text().to_owned()).unwrap();
    cosign(&mut given, &other, at).unwrap();
    given.sign(&MadeLog::signer(9));
    let mut merged = kept.clone();
    assert_eq!(add_cosigned(&mut merged, &given), Ok(1));
    assert_eq!(add_cosigned(&mut merged, &given), Ok(0), "once");
    assert!(
        merged.verify(MadeLog::signer(1).verifier()).is_ok() && merged.verify(MadeLog::signer(2).verifier()).is_ok()
    );
    assert!(witnessed(&merged, other.verifier()).is_ok() && witnessed(&merged, MadeLog::witness().verifier()).is_ok());
    assert!(merged.verify(MadeLog::signer(9).verifier()).is_err());
    assert_eq!(add_cosigned(&mut merged, &log.checkpoints[1].1), Err(CosignError::Text));
    log.checkpoints[0].1 = merged;
    let trust = Trust { vkey: None, witnesses: vec![other.verifier().clone(), MadeLog::witness().verifier().clone()] };
    assert!(log.item("item:1").check("item.json", &trust).holds());
}

/// The files of versions 1 and 2, as they were first written: `CELLSWEEP_BLESS=1` writes them.
#[test]
fn bundles_of_every_version_stay_readable() {
    let mut opened = made().item("item:1");
    opened.disclose(4, &MadeLog::data_key()).unwrap();
    for (version, item) in [(1, made().item("item:1")), (2, opened)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/item-{version}.json"));
        let text = item.to_text().unwrap();
        if std::env::var_os("CELLSWEEP_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        let read = Item::parse(kept.as_bytes()).unwrap();
        let report = check(&read);
        assert!(report.holds() && read.v == version && report.entries == [1, 4, 7], "{:?}", report.findings);
        assert_eq!(kept, text, "and is written as it was");
    }
}
