//! A log as files: whatever is changed is found, and named as exactly as can be.

use std::collections::BTreeMap;

use cellsweep_proof::export::{Item, LogFiles, LogReport, Manifest, Problem, Trust, check_log};
use cellsweep_proof::{Hash, Verifier};
use proptest::prelude::*;

use crate::made_log::MadeLog;

/// Checks files that lie in memory.
pub fn check(files: &BTreeMap<String, Vec<u8>>, trust: &Trust) -> LogReport {
    let under = |folder: &str| {
        let name = |(path, bytes): (&String, &Vec<u8>)| Some((path.strip_prefix(folder)?.to_owned(), bytes.clone()));
        files.iter().filter_map(name).collect()
    };
    let small = LogFiles {
        vkey: files.get("vkey").cloned(),
        checkpoint: files.get("checkpoint").cloned(),
        checkpoints: under("checkpoints/"),
        stamps: under("stamps/"),
        closed: files.get("closed.json").cloned(),
    };
    let entries = files.get("entries.jsonl").map_or(&[] as &[u8], Vec::as_slice);
    check_log(&small, entries, files.get("hashes").map(Vec::as_slice), trust).unwrap()
}

fn nobody() -> Trust {
    Trust::default()
}

fn given(vkey: &Verifier) -> Trust {
    Trust { vkey: Some(vkey.clone()), witnesses: Vec::new() }
}

/// Three checkpoints, a change of keys, a witness.
fn made() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(3);
    log.checkpoint();
    log.grow(1);
    log.rotate(2);
    log.grow(3);
    log.checkpoint();
    log
}

fn edit(log: &MadeLog, path: &str, change: impl Fn(String) -> String) -> LogReport {
    let mut files = log.files();
    let text = files.remove(path).unwrap();
    files.insert(path.to_owned(), change(String::from_utf8(text).unwrap()).into_bytes());
    check(&files, &nobody())
}

pub fn said(report: &LogReport) -> Vec<String> {
    report.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_log_holds() {
    let log = made();
    let report = check(&log.files(), &given(log.first.verifier()));
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!((report.entries, report.signed, report.checkpoints, report.rotations), (8, 8, 3, 1));
    assert!(report.vkey_given && !check(&log.files(), &nobody()).vkey_given);
    let mut empty = MadeLog::new();
    empty.checkpoint();
    assert!(check(&empty.files(), &nobody()).holds());
}

#[test]
fn one_changed_byte_anywhere_is_named_with_its_file() {
    let log = made();
    for (path, bytes) in log.files() {
        let mut files = log.files();
        for at in 0..bytes.len() {
            // The third turns letters into capitals, and line ends into stars.
            for by in [1, 0x80, 0x20] {
                files.get_mut(&path).unwrap()[at] ^= by;
                let report = check(&files, &nobody());
                let named = report.findings.iter().any(|finding| finding.file == path);
                assert!(named, "{path}, byte {at} ^ {by}: {:?}", said(&report));
                files.get_mut(&path).unwrap()[at] ^= by;
            }
        }
    }
}

#[test]
fn a_changed_entry_is_told_from_a_changed_hash() {
    let log = made();
    let entry = edit(&log, "entries.jsonl", |text| text.replacen("\"rows\":7", "\"rows\":8", 1));
    assert_eq!(
        said(&entry),
        ["entries.jsonl, line 2: the entry was altered: its hash is not the one that the checkpoint over 3 entries \
          vouches for"]
    );
    let second = Hash::leaf(log.lines[6].as_bytes()).to_string();
    let hash = edit(&log, "hashes", |text| text.replace(&second, &Hash::leaf(b"x").to_string()));
    assert_eq!(
        said(&hash),
        ["hashes, line 7: the hash was altered; the entry itself is the one that the checkpoint over 8 entries \
          vouches for"]
    );
}

#[test]
fn an_entry_changed_together_with_its_hash_is_between_two_checkpoints() {
    let log = made();
    let mut files = log.files();
    let altered = log.lines[3].replace("dupont", "durand");
    let swap = |text: &[u8], from: &str, to: &str| String::from_utf8_lossy(text).replace(from, to).into_bytes();
    let hash = |line: &str| Hash::leaf(line.as_bytes()).to_string();
    let entries = swap(&files["entries.jsonl"], &log.lines[3], &altered);
    let hashes = swap(&files["hashes"], &hash(&log.lines[3]), &hash(&altered));
    files.insert("entries.jsonl".to_owned(), entries);
    files.insert("hashes".to_owned(), hashes);
    let said = said(&check(&files, &nobody()));
    assert!(said[0].contains("among the entries 4 to 5 something was altered"), "{said:?}");
}

#[test]
fn what_was_cut_off_or_added_is_said() {
    let log = made();
    let mut longer = made();
    longer.grow(2);
    let has = |report: &LogReport, problem: Problem| {
        assert!(report.findings.iter().any(|f| f.problem == problem), "{:?}", said(report));
    };
    let cut = |text: String, lines: usize| text.split_inclusive('\n').take(lines).collect::<String>();
    has(&edit(&log, "entries.jsonl", |text| cut(text, 7)), Problem::Short { expected: 8, found: 7 });
    has(&edit(&log, "entries.jsonl", |text| text.trim_end().to_owned()), Problem::CutOff);
    has(&check(&longer.files(), &nobody()), Problem::Unsigned { signed: 8 });
    for gone in ["vkey", "checkpoint", "hashes"] {
        let mut files = log.files();
        files.remove(gone);
        let report = check(&files, &nobody());
        assert!(report.findings.iter().any(|f| f.file == gone && f.problem == Problem::Missing), "{gone}");
    }
    assert!(!edit(&log, "hashes", |text| cut(text, 7)).holds());
    assert!(!edit(&log, "hashes", |text| text.clone() + &cut(text, 1)).holds());
    assert!(!edit(&log, "entries.jsonl", |_| String::new()).holds());
}

#[test]
fn a_log_that_is_all_wrong_says_so_in_few_words() {
    let mut log = MadeLog::new();
    log.grow(400);
    log.checkpoint();
    let report = edit(&log, "entries.jsonl", |text| text.replace("dupont", "durand"));
    assert_eq!(report.findings.len(), 101);
    assert_eq!(report.findings[100].problem, Problem::More { lines: 300 });
}

/// Whoever writes all files anew under a key of his own is found out by the key that others hold, and by nothing else.
#[test]
fn a_forger_is_found_by_the_key_that_was_given() {
    let (log, mut forged) = (made(), MadeLog::new());
    (forged.first, forged.key) = (MadeLog::signer(9), MadeLog::signer(9));
    forged.grow(8);
    forged.checkpoint();
    assert!(check(&forged.files(), &nobody()).holds());
    let report = check(&forged.files(), &given(log.first.verifier()));
    assert_eq!(said(&report), ["vkey: the key that was given is none of this log's"]);
    // A change of keys to the given one takes that one's signature.
    forged.append("key.rotated", cellsweep_proof::rotation_data(forged.key.verifier(), log.first.verifier()));
    forged.checkpoint();
    assert!(!check(&forged.files(), &given(log.first.verifier())).holds());
}

#[test]
fn any_key_of_the_log_may_be_the_one_that_is_given() {
    let log = made();
    for key in [&log.first, &log.key] {
        assert!(check(&log.files(), &given(key.verifier())).holds());
        assert!(log.item("item:1").check("item.json", &given(key.verifier())).holds());
    }
    let other = MadeLog::signer(3);
    assert!(!check(&log.files(), &given(other.verifier())).holds());
    assert!(!log.item("item:1").check("item.json", &given(other.verifier())).holds());
}

#[test]
fn two_signed_histories_are_named() {
    let mut log = made();
    let mut other = made();
    log.grow(2);
    log.checkpoint();
    other.append("item.opened", cellsweep_proof::Object::new());
    other.grow(1);
    other.checkpoint();
    let mut files = log.files();
    files.insert("checkpoints/10".to_owned(), other.files()["checkpoint"].clone());
    let report = check(&files, &nobody());
    assert!(!report.holds());
    let kinds =
        report.findings.iter().any(|f| matches!(f.problem, Problem::Fork { size: 10 } | Problem::Between { .. }));
    assert!(kinds, "{:?}", said(&report));
}

#[test]
fn a_new_key_without_its_hand_over_is_not_followed() {
    let mut log = MadeLog::new();
    log.grow(2);
    log.rotate(2);
    log.checkpoints.pop();
    log.grow(1);
    log.checkpoint();
    let report = check(&log.files(), &nobody());
    assert!(
        said(&report)[0].starts_with("entries.jsonl, line 3: the change of the signing key"),
        "{:?}",
        said(&report)
    );
    // Signed on with the old key after a change.
    let mut log = MadeLog::new();
    log.rotate(2);
    log.grow(1);
    log.key = log.first.clone();
    log.checkpoint();
    assert!(said(&check(&log.files(), &nobody()))[0].starts_with("checkpoint: the checkpoint doesn't hold"));
}

#[test]
fn a_witness_that_is_given_must_have_signed() {
    let mut log = MadeLog::new();
    log.grow(2);
    log.witnessed_checkpoint();
    log.grow(2);
    log.checkpoint();
    let trust = Trust { vkey: None, witnesses: vec![MadeLog::witness().verifier().clone()] };
    let report = check(&log.files(), &trust);
    assert!(report.holds(), "{:?}", said(&report));
    assert_eq!(report.witnessed.iter().map(|by| by.size).collect::<Vec<_>>(), [2]);
    assert!(said(&check(&made().files(), &trust))[0].contains("no checkpoint is co-signed by the witness"));
    let text = log.files()["checkpoints/2"].clone();
    let line = String::from_utf8(text).unwrap();
    // Another time, under the same signature.
    let bent = line.replace("AAAABpo+Pw", "AAAABpo+Px");
    assert_ne!(bent, line);
    let mut files = log.files();
    files.insert("checkpoints/2".to_owned(), bent.into_bytes());
    let said = said(&check(&files, &trust));
    assert!(said[0].starts_with("checkpoints/2: the witness's co-signature doesn't hold"), "{said:?}");
}

#[test]
fn an_item_s_history_holds_and_every_changed_byte_is_refused() {
    let log = made();
    let item = log.item("item:1");
    let text = item.to_text().unwrap();
    let read = Item::parse(text.as_bytes()).unwrap();
    assert_eq!(read, item);
    let report = read.check("item.json", &given(log.first.verifier()));
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!((report.size, report.entries, report.rotations), (8, vec![1, 4, 7], 1));
    for at in 0..text.len() {
        for by in [1, 0x80, 0x20] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= by;
            let holds = Item::parse(&bytes).is_ok_and(|item| item.check("item.json", &nobody()).holds());
            assert!(!holds, "byte {at} ^ {by}");
        }
    }
}

#[test]
fn an_item_s_history_is_in_order_and_about_the_item() {
    let log = made();
    let refused = |change: &dyn Fn(&mut Item)| {
        let mut item = log.item("item:1");
        change(&mut item);
        assert!(!item.check("item.json", &nobody()).holds(), "{item:?}");
    };
    refused(&|item| item.entries.swap(0, 1));
    refused(&|item| item.entries[1] = log.item("item:2").entries[0].clone());
    refused(&|item| item.entries.clear());
    refused(&|item| item.rotations.clear());
    refused(&|item| item.vkey = MadeLog::signer(2).verifier().to_string());
    let mut left_out = log.item("item:1");
    left_out.entries.remove(1);
    assert!(left_out.check("item.json", &nobody()).holds(), "a bundle can't prove that nothing was left out");
}

#[test]
fn a_manifest_names_altered_missing_and_extra_files() {
    let files = |pairs: &[(&str, &str)]| -> BTreeMap<String, Hash> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), Hash::of(text.as_bytes()))).collect()
    };
    let manifest = Manifest::new(files(&[("a.txt", "a"), ("b/c.txt", "c"), ("d", "d")])).unwrap();
    let read: Manifest = manifest.to_string().parse().unwrap();
    assert_eq!(read, manifest);
    let found = manifest.check(&files(&[("a.txt", "a"), ("b/c.txt", "x"), ("e", "e")]));
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "b/c.txt: was altered: its SHA-256 is not the one in manifest.sha256",
            "d: is missing",
            "e: is not among the files that the manifest names"
        ]
    );
    let digest = Hash::of(b"").to_string();
    for bad in ["/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "", "."] {
        assert!(format!("{digest}  {bad}\n").parse::<Manifest>().is_err(), "{bad}");
    }
    assert!(format!("{digest}  a\n{digest}  a\n").parse::<Manifest>().is_err());
    assert!(format!("{digest} *a\n").parse::<Manifest>().is_err());
}

proptest! {
    #[test]
    fn any_files_are_answered(
        entries in prop::collection::vec(any::<u8>(), 0..200),
        hashes in prop::collection::vec(any::<u8>(), 0..200),
        note in "[a-z0-9\n\u{2014} +/=]{0,120}",
    ) {
        let mut files = made().files();
        let _ = Item::parse(&entries);
        let _ = String::from_utf8_lossy(&entries).parse::<Manifest>();
        let _ = cellsweep_proof::Stamp::read(&entries);
        files.insert("entries.jsonl".to_owned(), entries.clone());
        files.insert("hashes".to_owned(), hashes);
        files.insert("checkpoints/3".to_owned(), note.into_bytes());
        files.insert("stamps/3.tsr".to_owned(), entries);
        prop_assert!(!check(&files, &nobody()).holds());
    }
}
