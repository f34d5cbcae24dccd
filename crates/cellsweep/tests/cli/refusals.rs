//! What is refused, and what is said then.

use crate::{Desk, Files, Outcome, contents};

#[test]
fn nothing_enters_an_investigation_without_an_authority() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case"])?.expect(0)?;
    std::fs::write(desk.path("sectors.csv"), "sector\n")?;
    let before = contents(&desk.path("case"))?;
    let ended = desk.run(&["import", "sectors", "sectors.csv", "--case", "case"])?.expect(3)?;
    insta::assert_snapshot!(ended.err, @r"
    error: case is an investigation, and nothing may enter it without an authority
      hint: grant one: `cellsweep authority template > order.toml`, fill it in, `cellsweep authority grant order.toml`; a case of invented data is begun with `cellsweep init --exercise`
    ");
    // Only who tried last is written down.
    let but_lock = |files: Files| files.into_iter().filter(|(path, _)| !path.ends_with("lock")).collect::<Files>();
    assert_eq!(but_lock(contents(&desk.path("case"))?), but_lock(before));
    desk.run(&["run", "other", "--from", ".", "--out", "out"])?.expect(3)?;
    assert!(!desk.path("other").exists());
    Ok(())
}

#[test]
fn an_investigation_never_becomes_an_exercise() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case"])?.expect(0)?;
    let ended = desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(3)?;
    assert!(ended.err.contains("never becomes an exercise"), "{}", ended.err);
    Ok(())
}

#[test]
fn all_missing_tables_are_one_error() -> Outcome {
    let desk = Desk::new()?;
    std::fs::create_dir(desk.path("inputs"))?;
    let ended = desk.run(&["run", "case", "--from", "inputs", "--out", "out", "--exercise"])?.expect(3)?;
    insta::assert_snapshot!(ended.err, @r"
    error: inputs lacks records (records*.csv or records*.parquet), sectors (sectors.csv or sectors.parquet), facilities (facilities.geojson)
      hint: all other tables are optional; `cellsweep import --help` lists the columns
    ");
    assert!(!desk.path("case").exists());
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let ended = desk.run(&["trace", "--case", "case"])?.expect(3)?;
    assert!(ended.err.starts_with("error: case lacks records"), "{}", ended.err);
    Ok(())
}

#[test]
fn a_needed_table_that_cannot_be_used_ends_a_run_with_its_reason() -> Outcome {
    let desk = Desk::new()?;
    std::fs::create_dir(desk.path("inputs"))?;
    for name in ["records.csv", "sectors.csv", "facilities.geojson"] {
        std::fs::write(desk.path("inputs").join(name), "")?;
    }
    let ended = desk.run(&["run", "case", "--from", "inputs", "--out", "out", "--exercise", "--quiet"])?.expect(3)?;
    insta::assert_snapshot!(ended.err, @r"
    error: no file of sectors can be used: inputs/sectors.csv: the file is empty
      hint: ask for the file again: nothing arrived
    ");
    Ok(())
}

#[test]
fn no_case_no_trace_no_device() -> Outcome {
    let desk = Desk::new()?;
    let ended = desk.run(&["devices"])?.expect(3)?;
    assert!(ended.err.contains(". is not a case"), "{}", ended.err);
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let ended = desk.run(&["devices", "--case", "case"])?.expect(3)?;
    assert!(ended.err.contains("run `cellsweep trace` first"), "{}", ended.err);
    let ended = desk.run(&["init", "case", "--exercise"])?.expect(3)?;
    assert!(ended.err.contains("case is not empty"), "{}", ended.err);
    Ok(())
}

#[test]
fn a_newer_case_is_left_alone() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let newer = desk.read("case/case.json")?.replace("\"format\": 2", "\"format\": 9");
    std::fs::write(desk.path("case/case.json"), &newer)?;
    let ended = desk.run(&["import", "cells", "x.csv", "--case", "case"])?.expect(3)?;
    assert!(ended.err.contains("case of format 9"), "{}", ended.err);
    assert_eq!(desk.read("case/case.json")?, newer);
    Ok(())
}

#[test]
fn bad_files_are_refused_and_bad_rows_are_kept_apart() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("a.csv"), "imei,role\n35920411223344,officer\nnot an imei,officer\n")?;
    std::fs::write(desk.path("b.csv"), "")?;
    let import = |file: &str| desk.run(&["import", "known_devices", file, "--case", "case", "--json"]);

    let told = import("a.csv")?.expect(4)?.json()?;
    let quarantine = told["files"][0]["quarantine"].as_str().ok_or("no quarantine")?;
    let rows = desk.read(quarantine)?;
    assert!(rows.starts_with("file,line,column,reason,detail,raw\na.csv,3,imei,"), "{rows}");
    assert_eq!(told["files"][0]["import"]["rows"]["kept"], 1);

    let told = import("b.csv")?.expect(3)?.json()?;
    assert_eq!(told["files"][0]["outcome"], "refused");
    assert_eq!(import("nowhere.csv")?.expect(3)?.json()?["files"][0]["outcome"], "refused");
    let both = import("*.csv")?.expect(3)?.json()?;
    let outcomes: Vec<&str> =
        both["files"].as_array().ok_or("no list")?.iter().filter_map(|file| file["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["same_bytes", "refused"]);
    assert_eq!(desk.manifest("case")?["events"].as_array().map(Vec::len), Some(2));
    Ok(())
}
