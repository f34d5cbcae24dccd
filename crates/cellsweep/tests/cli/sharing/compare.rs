//! Two sides learn which handsets both have, by files alone.

use serde_json::json;

use super::ASKED;
use crate::{Desk, Outcome};

#[test]
fn both_sides_learn_the_same_handsets_once() -> Outcome {
    let desk = Desk::new()?;
    let imei = |number: u64| format!("{}", 35_209_900_000_000_u64 + number);
    let list = |numbers: std::ops::Range<u64>| numbers.map(imei).collect::<Vec<_>>().join("\n");
    std::fs::write(desk.path("a.txt"), list(0..30))?;
    std::fs::write(desk.path("b.txt"), list(25..60))?;
    for side in ["a", "b"] {
        desk.run(&["init", side, "--exercise"])?.expect(0)?;
        let file = format!("{side}.txt");
        let out = format!("out-{side}");
        let words = ["share", "compare", "begin", &out, "--case", side, "--list", &file, "--session", "A-B 1"];
        desk.run(&[&words[..], &["--size", "50", "--to", "the other side"], &ASKED].concat())?.expect(0)?;
        let known = desk.run(&["share", "list", "--case", side, "--json"])?.expect(0)?.json()?;
        assert_eq!(known[0]["disclosure"]["kind"], "compare");
    }
    let sizes =
        ["a", "b"].map(|side| std::fs::metadata(desk.path(&format!("out-{side}/D0001-list.bin"))).map(|m| m.len()));
    assert!(matches!(sizes, [Ok(a), Ok(b)] if a == b), "lists of other lengths look alike");
    for (side, other) in [("a", "b"), ("b", "a")] {
        let (secret, theirs) = (format!("out-{side}/D0001.secret"), format!("out-{other}/D0001-list.bin"));
        let answer = format!("answer-of-{side}.bin");
        desk.run(&["share", "compare", "answer", &secret, &theirs, "-o", &answer])?.expect(0)?;
        // One's own list is none to answer, nor is a second one.
        let own = format!("out-{side}/D0001-list.bin");
        desk.run(&["share", "compare", "answer", &secret, &own, "-o", "never.bin"])?.expect(3)?;
        assert!(!desk.path("never.bin").exists());
    }
    let expected: Vec<String> = (25..30).map(imei).collect();
    for (side, other) in [("a", "b"), ("b", "a")] {
        let secret = format!("out-{side}/D0001.secret");
        let (theirs, answer) = (format!("out-{other}/D0001-list.bin"), format!("answer-of-{other}.bin"));
        let words = ["share", "compare", "conclude", &secret, &theirs, &answer, "--json"];
        assert_eq!(desk.run(&words)?.expect(0)?.json()?, json!({ "imeis": expected }));
        assert!(!desk.path(&secret).exists(), "the secret is destroyed");
        desk.run(&words)?.expect(3)?;
    }
    std::fs::write(desk.path("bad.txt"), "352099001761481\n0612345678\n")?;
    let words =
        ["share", "compare", "begin", "out", "--case", "a", "--list", "bad.txt", "--session", "2", "--size", "9"];
    let ended = desk.run(&[&words[..], &["--to", "B"], &ASKED].concat())?.expect(3)?;
    assert!(ended.err.contains("line 2 is no IMEI") && !ended.err.contains("0612345678"), "{}", ended.err);
    Ok(())
}
