//! An exhibit from cell to court, and a chain that doesn't hold.

use crate::{Desk, Outcome};

fn enter(desk: &Desk, words: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    Ok(desk.run(&[&["custody"], words, &["--case", "case"]].concat())?.expect(0)?.out)
}

#[test]
fn an_exhibit_goes_from_cell_to_court() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("photo.jpg"), "a photo")?;
    std::fs::write(desk.path("report.pdf"), "a report")?;
    let found =
        ["found", "P-1=phone:small, black", "C-1=charger:white", "--imei", "P-1=35920411223344", "--facility", "F001"];
    let more = ["--cell", "A-101", "--hidden", "in the bread", "--witness", "Sgt. Bo", "--photo", "photo.jpg"];
    let at = |hour: &'static str| ["--by", "Lt. Roy", "--at", hour];
    enter(&desk, &[&found[..], &more, &at("2026-03-01T06:00:00Z")].concat())?;
    enter(&desk, &[&["sealed", "P-1", "C-1", "--seal", "S-0001"][..], &at("2026-03-01T06:10:00Z")].concat())?;
    let given = ["handed-on", "--number", "H-1", "--seal", "S-0001", "--to", "Registry", "--file", "photo.jpg"];
    enter(&desk, &[&given[..], &at("2026-03-01T09:00:00Z")].concat())?;
    let told = enter(&desk, &["list"])?;
    assert!(told.contains("H-1 to registry is not acknowledged"), "{told}");
    let taken = ["acknowledged", "--number", "H-1", "--seal", "S-0001", "--file", "photo.jpg", "--by", "Registry"];
    enter(&desk, &[&taken[..], &["--at", "2026-03-01T09:05:00Z"]].concat())?;
    let opened = ["opened", "S-0001", "--why", "examination", "--by", "Registry", "--at", "2026-03-02T08:00:00Z"];
    enter(&desk, &opened)?;
    let examined = ["examined", "P-1", "--report", "report.pdf", "--by", "Registry", "--at", "2026-03-02T10:00:00Z"];
    enter(&desk, &examined)?;
    insta::assert_snapshot!(enter(&desk, &["show", "P-1"])?);
    insta::assert_snapshot!(enter(&desk, &["register"])?);
    let told = desk.run(&["verify", "--case", "case"])?.expect(0)?;
    assert!(told.out.contains("7 entries of the custody log"), "{}", told.out);
    Ok(())
}

#[test]
fn a_broken_chain_is_shown_and_stays() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let found = ["found", "P-1=phone:black", "--facility", "F001", "--cell", "A-101", "--by", "Lt. Roy"];
    enter(&desk, &[&found[..], &["--at", "2026-03-01T06:00:00Z"]].concat())?;
    let told = enter(&desk, &["sealed", "P-1", "--seal", "S-1", "--by", "Sgt. Bo", "--at", "2026-03-01T07:00:00Z"])?;
    assert!(told.contains("the chain breaks at desk/2: sgt. bo did not hold P-1"), "{told}");
    let text = ["explained", "desk/2", "--text", "she was standing beside him", "--by", "Sgt. Bo"];
    enter(&desk, &[&text[..], &["--at", "2026-03-01T08:00:00Z"]].concat())?;
    let told = enter(&desk, &["list"])?;
    assert!(told.contains("(explained)"), "{told}");
    let shown = desk.run(&["custody", "show", "P-9", "--case", "case"])?.expect(3)?;
    assert!(shown.err.contains("no find has brought P-9 in"), "{}", shown.err);
    Ok(())
}

#[test]
fn what_devices_entered_is_taken_in_once() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let lines: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../cellsweep-sweep/tests/fixtures/v1.json"))?;
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    std::fs::write(desk.path("late.jsonl"), lines.iter().rev().cloned().collect::<Vec<_>>().join("\n"))?;
    std::fs::write(desk.path("all.jsonl"), lines.join("\n"))?;
    let told = enter(&desk, &["add", "late.jsonl"])?;
    assert!(told.starts_with(&format!("entered: {}", lines.len())), "{told}");
    let told = enter(&desk, &["add", "all.jsonl"])?;
    assert_eq!(told, format!("entered: 0; known already: {}\n", lines.len()));
    std::fs::write(desk.path("bad.jsonl"), format!("{}\nhello\n", lines[0]))?;
    let ended = desk.run(&["custody", "add", "bad.jsonl", "--case", "case"])?.expect(3)?;
    assert!(ended.err.contains("bad.jsonl:2: this is not an event"), "{}", ended.err);
    Ok(())
}
