//! Codes to print on an exhibit.

use std::collections::BTreeMap;

use cellsweep_proof::export::{Code, CodeError, CodeReport, Problem, RootSeen, Trust};
use cellsweep_proof::{Hash, KeyHash};
use proptest::prelude::*;

use crate::made_log::MadeLog;

fn made() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(4);
    log.checkpoint();
    log.rotate(2);
    log.grow(3);
    log.checkpoint();
    log
}

fn check(code: &Code, log: &MadeLog, checkpoints: &BTreeMap<String, Vec<u8>>) -> CodeReport {
    code.check(&log.item("item:1"), "item.json", checkpoints, &Trust::default())
}

fn none() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::new()
}

#[test]
fn a_code_is_of_its_bundle() {
    let log = made();
    let code = Code::of(&log.item("item:1")).unwrap();
    assert_eq!((code.entries(), code.size(), code.root()), ([1, 4, 7].as_slice(), 8, log.tree.root()));
    assert_eq!(code.key(), log.first.verifier().hash());
    let text = code.to_string();
    assert!(text.len() < 110 && text.starts_with("CSW1:"), "{text}");
    assert_eq!(text.parse(), Ok(code.clone()));
    let report = check(&code, &log, &none());
    assert!(report.findings.is_empty() && report.not_named.is_empty(), "{report:?}");
    assert_eq!(report.root, RootSeen::Compared { file: "item.json".to_owned() });
}

/// Of one entry, `history` is its leaf hash.
#[test]
fn the_form_of_version_1_stays() {
    let code = Code::new(KeyHash([1, 2, 3, 4]), &[(300, Hash::leaf(b"x"))], 1000, Hash::leaf(b"y")).unwrap();
    let text = code.to_string();
    assert_eq!(text, FORM);
    assert_eq!(FORM.parse(), Ok(code));
}

const FORM: &str =
    "CSW1:AQIDBDVT6zUa2scM9cqk_vocr4zscmQD_ks0wU8buNmAwguVPH6byTDck_AfppmF7yQtn56GHzxTVaokzl70tLinDMvoB6wC6Vy47Q";

#[test]
fn an_older_code_holds_against_a_longer_history() {
    let mut log = made();
    let code = Code::of(&log.item("item:1")).unwrap();
    let note = log.checkpoints.last().unwrap().1.to_string().into_bytes();
    log.rotate(3);
    log.grow(9);
    log.checkpoint();
    let report = check(&code, &log, &none());
    assert!(report.findings.is_empty() && report.root == RootSeen::NotCompared, "{report:?}");
    let beside: BTreeMap<_, _> = [("checkpoints/8".to_owned(), note.clone())].into();
    let report = check(&code, &log, &beside);
    assert!(report.findings.is_empty(), "{report:?}");
    assert_eq!(report.root, RootSeen::Compared { file: "checkpoints/8".to_owned() });
    let mut bent = note;
    bent[30] ^= 1;
    let report = check(&code, &log, &[("checkpoints/8".to_owned(), bent)].into());
    assert_eq!(report.root, RootSeen::NotCompared, "nobody signed that one");
}

#[test]
fn a_code_of_another_history_is_found() {
    let log = made();
    let item = log.item("item:1");
    let key = log.first.verifier().hash();
    let leaf = |n: usize| (n as u64, Hash::leaf(log.lines[n].as_bytes()));
    let found = |code: &Code| {
        let report = check(code, &log, &none());
        report.findings.into_iter().map(|finding| finding.problem).collect::<Vec<Problem>>()
    };
    let (size, root) = (8, log.tree.root());
    let whole = [leaf(1), leaf(4), leaf(7)];
    assert_eq!(found(&Code::new(key, &whole, size, root).unwrap()), []);
    let other = KeyHash([0; 4]);
    let expected = Problem::CodeKey { named: "00000000".to_owned(), found: key.to_string() };
    assert_eq!(found(&Code::new(other, &whole, size, root).unwrap()), [expected]);
    assert_eq!(found(&Code::new(key, &whole, size, Hash::leaf(b"")).unwrap()), [Problem::CodeRoot { size: 8 }]);
    let swapped = [leaf(1), (4, leaf(5).1), leaf(7)];
    assert_eq!(found(&Code::new(key, &swapped, size, root).unwrap()), [Problem::CodeHistory]);
    assert_eq!(found(&Code::new(key, &[leaf(1), leaf(5)], size, root).unwrap()), [Problem::CodeEntry { n: 5 }]);
    let part = Code::new(key, &whole[..2], size, root).unwrap();
    assert_eq!((found(&part), check(&part, &log, &none()).not_named), (vec![], vec![7]));
    let mut broken = item;
    broken.entries[1].proof[0] = Hash::leaf(b"");
    let report = part.check(&broken, "item.json", &none(), &Trust::default());
    let files: Vec<&str> = report.findings.iter().map(|finding| finding.file.as_str()).collect();
    assert_eq!(files, ["item.json", "code"], "the bundle's own fault, and that the code has nothing to hold on to");
}

#[test]
fn what_is_no_code_says_why() {
    let text = Code::of(&made().item("item:1")).unwrap().to_string();
    let check = |text: &str, expected: CodeError| assert_eq!(text.parse::<Code>(), Err(expected), "{text}");
    check("", CodeError::Prefix);
    check(&text.replace("CSW1", "CSW2"), CodeError::Prefix);
    check("CSW1:", CodeError::Form);
    check("CSW1:AAAAAAA", CodeError::Sum);
    check(&format!("{text}="), CodeError::Form);
    check(&format!("CSW1:{}", "A".repeat(400)), CodeError::Form);
    let leaf = Hash::leaf(b"");
    let new = |entries: &[(u64, Hash)]| Code::new(KeyHash([0; 4]), entries, 9, leaf).map(drop);
    assert_eq!(new(&[]), Err(CodeError::Entries));
    assert_eq!(new(&[(3, leaf), (3, leaf)]), Err(CodeError::Entries));
    assert_eq!(new(&[(9, leaf)]), Err(CodeError::Entries));
    let many: Vec<(u64, Hash)> = (0..200).map(|n| (n * 1_000, leaf)).collect();
    let long = Code::new(KeyHash([0; 4]), &many, u64::MAX, leaf);
    assert_eq!(long, Err(CodeError::Long { entries: 200 }));
}

fn code() -> impl Strategy<Value = Code> {
    let entries = prop::collection::vec((0u64..3_000_000, any::<[u8; 32]>()), 1..25);
    (any::<[u8; 4]>(), entries, any::<u64>(), any::<[u8; 32]>()).prop_map(|(key, mut entries, more, root)| {
        entries.sort_by_key(|(n, _)| *n);
        entries.dedup_by_key(|(n, _)| *n);
        let entries: Vec<(u64, Hash)> = entries.into_iter().map(|(n, leaf)| (n, Hash(leaf))).collect();
        let size = (entries.last().unwrap().0 + 1).max(more);
        Code::new(KeyHash(key), &entries, size, Hash(root)).unwrap()
    })
}

proptest! {
    #[test]
    fn parse_and_print_are_inverse(code in code()) {
        let text = code.to_string();
        prop_assert!(text.len() <= 300);
        let is_url_safe = |c: char| c.is_ascii_alphanumeric() || "-_:".contains(c);
        prop_assert!(text.chars().all(is_url_safe));
        prop_assert_eq!(text.parse::<Code>(), Ok(code));
    }

    /// Every wrong character, and any two neighbours that were swapped.
    #[test]
    fn a_wrong_character_is_found(code in code(), at: prop::sample::Index, by in "[A-Za-z0-9_-]") {
        let text = code.to_string();
        let at = at.index(text.len());
        let mut wrong = text.clone();
        wrong.replace_range(at..=at, &by);
        prop_assert!(wrong == text || wrong.parse::<Code>().is_err());
        let mut swapped = text.clone().into_bytes();
        let next = (at + 1).min(swapped.len() - 1);
        swapped.swap(at, next);
        let swapped = String::from_utf8(swapped).unwrap();
        prop_assert!(swapped == text || swapped.parse::<Code>().is_err());
        prop_assert!(text[..at].parse::<Code>().is_err());
    }

    #[test]
    fn any_text_is_answered(text in "(CSW1:)?[A-Za-z0-9_=-]{0,200}") {
        if let Ok(code) = text.parse::<Code>() {
            prop_assert_eq!(code.to_string(), text);
        }
    }
}
