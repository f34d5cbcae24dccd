//! Entries: one form, read strictly.

use cellsweep_proof::{Entry, Hash};
use proptest::prelude::*;

use crate::made::{entry, plain};

const LINE: &str = concat!(
    r#"{"authority":"authority:12","by":{"name":"A. Martin","role":"examiner"},"data":{"rows":3},"#,
    r#""device":{"key":"device:4","sequence":17},"kind":"item.sealed","log":"custody","n":7,"#,
    r#""occurred":"2026-03-01T05:59:00.000000Z","operation":"alteration","reason":"search","#,
    r#""received":"2026-03-01T06:00:00.000001Z","refs":["item:1"],"salt":"AAAAAAAAAAAAAAAAAAAAAA==","#,
    r#""sealed":{"box":"AAEC","key":"key:9"},"v":1}"#
);

#[test]
fn the_form_of_version_1_stays() {
    let entry = Entry::parse(LINE.as_bytes()).unwrap();
    assert_eq!(entry.to_line().unwrap(), LINE);
    assert_eq!(entry.device.as_ref().unwrap().sequence, 17);
    assert_eq!(entry.leaf().unwrap(), Hash::leaf(LINE.as_bytes()));
    assert!(!format!("{entry:?} {:?}", entry.by).contains("Martin"));
}

#[test]
fn what_is_no_entry_says_why() {
    let check = |from: &str, to: &str, expected: &str| {
        assert!(LINE.contains(from), "{from}");
        let error = Entry::parse(LINE.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{from} -> {to}: {error}");
    };
    check(r#""v":1"#, r#""v":2"#, "version 2 of the envelope");
    check(r#","v":1"#, "", "`v` is missing");
    check(r#","v":1"#, r#","v":1,"w":1"#, "`w` is unknown");
    check(r#""rows":3"#, r#""rows":3.5"#, "a fraction");
    check(r#""rows":3"#, r#""rows":null"#, "null");
    check(r#""rows":3"#, r#""rows":3,"rows":3"#, "the key `rows` comes twice");
    check(r#""n":7"#, r#""n": 7"#, "canonical form");
    check(r#""n":7"#, r#""n":-7"#, "`n` is not a whole number from 0");
    check(r#""n":7"#, r#""n":"7""#, "`n` is not a whole number");
    check(r#""custody""#, r#""keys""#, "`log`: the log is");
    check(r#""alteration""#, r#""reading""#, "`operation`: the operation is");
    check(r#""role":"examiner""#, r#""rule":"examiner""#, "`rule` is unknown");
    check("06:00:00.000001Z", "06:00:00Z", "`received`: a time is UTC");
    check(r#""item:1""#, r#""33612345678""#, "`refs`: a reference is opaque");
    check(r#""AAEC""#, r#""AAE""#, "`box` is not base64");
    check("AAAAAAAAAAAAAAAAAAAAAA==", "AAAA", "`salt`: a salt is 16 bytes");
    check(r#""A. Martin""#, r#"" ""#, "`name` is not a text of 1 to 4096 bytes");
    check(r#"{"rows":3}"#, "[]", "`data` is not an object");
    check(r#"{"rows":3}"#, "{}\n", "canonical form");
}

#[test]
fn what_could_not_be_read_back_is_not_printed() {
    let mut entry = plain(1);
    entry.data.insert("share".to_owned(), 0.5.into());
    assert!(entry.to_line().is_err());
    let mut entry = plain(1 << 53);
    assert!(entry.to_line().is_err());
    entry.n = 1;
    entry.reason = Some(String::new());
    assert!(entry.to_line().is_err());
    entry.reason = Some("x".repeat(5000));
    assert!(entry.to_line().is_err());
    entry.reason = None;
    assert!(entry.to_line().is_ok());
}

proptest! {
    #[test]
    fn parse_and_print_are_inverse(entry in entry()) {
        let line = entry.to_line().unwrap();
        prop_assert!(!line.contains('\n'));
        let read = Entry::parse(line.as_bytes()).unwrap();
        prop_assert_eq!(read.to_line().unwrap(), line);
        prop_assert_eq!(read, entry);
    }

    /// Whatever passes has one form: what is read prints as it was.
    #[test]
    fn a_changed_line_is_refused_or_another_entry(entry in entry(), at: prop::sample::Index, by in 1u8..) {
        let mut bytes = entry.to_line().unwrap().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        if let Ok(read) = Entry::parse(&bytes) {
            prop_assert_ne!(&read, &entry);
            prop_assert_eq!(read.to_line().unwrap().into_bytes(), bytes);
        }
    }
}

/// What serde_json, which reads any form, and our printer say together.
fn is_canonical(text: &str) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.is_ok_and(|value| cellsweep_proof::canonical::print(&value).is_ok_and(|form| form == text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn one_form_is_read_and_no_other(text in r#"[{}\[\]",:0-9a-c.eE+u\\ ntrué\u{1f600}\u{fb33}-]{0,14}"#) {
        prop_assert_eq!(cellsweep_proof::canonical::parse(&text).is_ok(), is_canonical(&text), "{}", text);
    }

    #[test]
    fn a_changed_form_is_read_where_it_is_one(
        object in crate::made::object(), at: prop::sample::Index, new in r#"[{}\[\]",:0-9a-f.eu\\ -]{0,3}"#,
    ) {
        let text = cellsweep_proof::canonical::print(&object.into()).unwrap();
        prop_assert!(cellsweep_proof::canonical::parse(&text).is_ok());
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars.splice(at..=at, new.chars());
        let text: String = chars.into_iter().collect();
        prop_assert_eq!(cellsweep_proof::canonical::parse(&text).is_ok(), is_canonical(&text), "{}", text);
    }
}
