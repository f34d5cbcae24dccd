//! Two sides learn which handsets both have, by files alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::case::{member, planned};
use super::{ASKED, HERE, traced};
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

#[test]
fn handsets_of_a_plan_that_is_not_over_are_not_compared() -> Outcome {
    let desk = traced()?;
    let begin = |which: &[&str], number: &str| -> Result<(String, BTreeSet<String>), Box<dyn std::error::Error>> {
        let words = ["share", "compare", "begin", "out", "--session", number, "--size", "5000", "--to", "B"];
        let told = desk.run(&[&words[..], which, &ASKED, &HERE].concat())?.expect(0)?.out;
        let secret: Value = serde_json::from_str(&desk.read(&format!("out/{number}.secret"))?)?;
        let list = secret["list"].as_array().ok_or("no list")?;
        Ok((told, list.iter().filter_map(|imei| imei.as_str().map(str::to_owned)).collect()))
    };
    let (told, before) = begin(&["--ledger"], "D0001")?;
    assert!(!told.contains("not compared"), "{told}");
    std::fs::write(desk.path("limits.toml"), "facilities = 1\nrelease = \"2090-01-01T04:00:00Z\"\n")?;
    desk.run(&[&["plan", "--limits", "limits.toml"], &HERE[..]].concat())?.expect(0)?;
    let (planned, listed) = (planned(&desk)?, desk.run(&[&["devices", "--json"], &HERE[..]].concat())?.json()?);
    let rows = listed["devices"].as_array().ok_or("no devices")?.iter();
    let rows = rows.filter(|row| row["facility"].as_str().is_some_and(|facility| planned.contains(facility)));
    let imeis =
        rows.flat_map(|row| std::iter::once(&row["imei"]).chain(row["other_imeis"].as_array().into_iter().flatten()));
    let closed: BTreeSet<String> = imeis.filter_map(|imei| Some(imei.as_str()?.get(..14)?.to_owned())).collect();
    assert!(before.intersection(&closed).count() > 0, "the ledger names none of them: no test");
    std::fs::write(desk.path("list.txt"), before.iter().chain(&closed).cloned().collect::<Vec<_>>().join("\n"))?;
    for (which, number) in
        [(&["--ledger"][..], "D0002"), (&["--devices", "0"], "D0003"), (&["--list", "list.txt"], "D0004")]
    {
        let (told, list) = begin(which, number)?;
        assert!(list.is_disjoint(&closed) && told.contains("not compared"), "{which:?}: {told}");
    }
    // Nor do they leave with a method.
    std::fs::write(desk.path("terms.txt"), "For prisons.\n")?;
    let words = ["share", "method", "method", "--name", "M", "--agency", "DAP", "--to", "B", "--terms", "terms.txt"];
    let sent = desk.run(&[&words[..], &["--list-handsets", "--json"], &ASKED, &HERE].concat())?.expect(0)?.json()?;
    let package = sent["sent"]["files"][0].as_str().ok_or("no package")?;
    let method: Value = serde_json::from_slice(&member(&desk.path(package), "method.json")?)?;
    let text = method["handsets"].to_string();
    assert!(before.difference(&closed).any(|imei| text.contains(imei.as_str())), "no list of handsets: {text}");
    assert!(closed.iter().all(|imei| !text.contains(imei.as_str())), "{text}");
    Ok(())
}
