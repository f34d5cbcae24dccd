//! What can be proved of a case, and what is gone when it was erased.

use std::path::Path;
use std::process::Command;

use crate::{Desk, Ended, Outcome, contents, stamping};

/// A case with a traced world.
fn traced() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--quiet"])?.expect(0)?;
    Ok(desk)
}

/// Alters a file of a copy of the case, so that nothing of one alteration is left for the next.
fn altered_is_found(desk: &Desk, path: &Path, altered: &[u8], at: usize) -> Outcome {
    let copy = desk.path("copy");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    for (name, bytes) in contents(&desk.path("case"))? {
        let to = copy.join(name);
        to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(to, bytes)?;
    }
    std::fs::write(copy.join(path), altered)?;
    let ended = desk.run(&["verify", "--case", "copy"])?;
    let told = format!("{} at {at}: {}{}", path.display(), ended.out, ended.err);
    assert!(ended.code == 5 || ended.code == 3, "{told}");
    let name = path.to_string_lossy().replace('\\', "/");
    let name = name.strip_suffix(".sha256").unwrap_or(&name);
    assert!(ended.out.contains(name) || ended.err.contains(name), "{told}");
    Ok(())
}

/// Who isn't named is who the system says runs the program, whatever the environment says.
#[test]
fn the_log_names_the_account_that_the_system_knows() -> Outcome {
    let desk = Desk::new()?;
    let mut init = desk.command(&["init", "case", "--exercise"]);
    for name in ["USER", "LOGNAME", "USERNAME"] {
        init.env(name, "somebody-else");
    }
    Ended::of(&init.output()?).expect(0)?;
    let account = String::from_utf8(Command::new("id").arg("-un").output()?.stdout)?;
    assert_eq!(desk.manifest("case")?["events"][0]["by"], account.trim());
    Ok(())
}

#[test]
fn every_altered_file_is_found_and_named() -> Outcome {
    let desk = traced()?;
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    for (path, bytes) in contents(&desk.path("case"))? {
        // Who wrote last is nobody's evidence.
        if bytes.is_empty() || path.ends_with("lock") {
            continue;
        }
        let places = 5.min(bytes.len());
        for place in 0..places {
            let at = (2 * place + 1) * bytes.len() / (2 * places);
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            altered_is_found(&desk, &path, &altered, at)?;
        }
    }
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    for (extra, code, said) in [
        ("case/extra", 5, "extra: is not in the log"),
        ("case/imports/extra", 0, "imports/extra: left by a killed process, or put there"),
        ("case/imports/../runs/extra", 0, "runs/extra: left by a killed process, or put there"),
    ] {
        std::fs::write(desk.path(extra), "x")?;
        let ended = desk.run(&["verify", "--case", "case"])?.expect(code)?;
        assert!(ended.out.contains(said), "{}", ended.out);
        std::fs::remove_file(desk.path(extra))?;
    }
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    Ok(())
}

#[test]
fn a_changed_entry_is_named() -> Outcome {
    let desk = traced()?;
    let database = std::fs::read(desk.path("case/case.sqlite"))?;
    let needle = b"\"kind\":\"run.done\"";
    let at = database.windows(needle.len()).position(|part| part == needle).ok_or("no entry in the file")?;
    let mut altered = database.clone();
    altered[at + 9] = b'f';
    std::fs::write(desk.path("case/case.sqlite"), altered)?;
    let ended = desk.run(&["verify", "--case", "case"])?.expect(5)?;
    assert!(ended.out.contains("the custody log: entries.jsonl, line 28: the entry was altered"), "{}", ended.out);
    Ok(())
}

#[test]
fn what_was_erased_is_gone_and_the_log_holds() -> Outcome {
    let desk = traced()?;
    let listed = desk.manifest("case")?;
    let events = listed["events"].as_array().ok_or("no events")?;
    let records = events.iter().filter(|event| event["import"]["table"] == "records");
    let ids: Vec<&str> = records.filter_map(|event| event["import"]["id"].as_str()).collect();
    let erase =
        [&["erase", "--case", "case", "--by", "A. Martin", "--by", "B. Roche", "--json"], ids.as_slice()].concat();
    desk.run(&[&["erase", "--case", "case", "--by", "A. Martin"], ids.as_slice()].concat())?.expect(3)?;
    let told = desk.run(&erase)?.expect(0)?.json()?;
    assert!(told["runs"].as_array().map(Vec::len) >= Some(3), "{told}");
    let left = contents(&desk.path("case"))?;
    let stray = left.iter().find(|(path, _)| path.to_string_lossy().contains("records") || path.starts_with("runs"));
    assert!(stray.is_none(), "{:?}", stray.map(|(path, _)| path));
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    desk.run(&["erase", "--case", "case", "--by", "A", "--by", "B", ids[0]])?.expect(3)?;
    let ended = desk.run(&["devices", "--case", "case"])?.expect(3)?;
    assert!(ended.err.contains("has not been traced"), "{}", ended.err);
    Ok(())
}

#[test]
fn a_key_elsewhere_opens_the_case_and_nothing_else_does() -> Outcome {
    let desk = Desk::new()?;
    std::fs::write(desk.path("phrase"), "three horses by the river\n")?;
    for lock in [["--key-file", "safe.key"], ["--passphrase-file", "phrase"]] {
        let case = lock[1].replace('.', "-") + "-case";
        desk.run(&[&["init", case.as_str(), "--exercise"], &lock[..]].concat())?.expect(0)?;
        assert!(!desk.path(&case).join("case.key").exists());
        let verify = ["verify", "--case", case.as_str()];
        let ended = desk.run(&verify)?.expect(3)?;
        assert!(ended.err.contains("the case is locked"), "{}", ended.err);
        desk.run(&[&verify[..], &lock[..]].concat())?.expect(0)?;
    }
    Ok(())
}

#[test]
fn no_person_s_number_stands_in_the_log() -> Outcome {
    let desk = traced()?;
    let devices = desk.read("out/devices.csv")?;
    let imei = devices.lines().nth(1).and_then(|line| line.split(',').nth(1)).ok_or("no device")?.to_owned();
    let review = ["review", &imei, "--case", "case", "--comment", "--reason", "his name is Toto", "--by", "A. Martin"];
    desk.run(&review)?.expect(0)?;
    let shown = desk.run(&["explain", &imei, "--case", "case"])?.expect(0)?;
    assert!(shown.out.contains("his name is Toto"), "{}", shown.out);
    let mut kept = Vec::new();
    for name in ["case.sqlite", "case.sqlite-wal", "manifest.json"] {
        kept.extend(std::fs::read(desk.path("case").join(name)).unwrap_or_default());
    }
    let holds = |text: &str| kept.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("run.done") && !holds("his name is Toto"));
    for line in devices.lines().skip(1) {
        let number = line.split(',').nth(1).ok_or("no number")?;
        assert!(number.is_empty() || !holds(number), "{number}");
    }
    Ok(())
}

#[test]
fn a_log_goes_out_and_others_check_it() -> Outcome {
    let desk = traced()?;
    let log = |words: &[&str]| desk.run(&[&["log"], words, &["--case", "case"]].concat());
    log(&["export", "out-log"])?.expect(0)?;
    log(&["export", "out-log"])?.expect(3)?;
    desk.run(&["verify", "log", "out-log"])?.expect(0)?;
    let entries = desk.read("out-log/entries.jsonl")?;
    std::fs::write(desk.path("out-log/entries.jsonl"), entries.replacen("import.done", "import.dont", 1))?;
    let ended = desk.run(&["verify", "log", "out-log"])?.expect(5)?;
    assert!(ended.out.contains("entries.jsonl, line 2"), "{}", ended.out);

    let found = ["custody", "found", "P-1=phone:black", "--facility", "F001", "--cell", "A-101", "--by", "Lt. Roy"];
    desk.run(&[&found[..], &["--case", "case"]].concat())?.expect(0)?;
    log(&["item", "item/P-1", "-o", "before.json"])?.expect(0)?;
    log(&["rotate-key"])?.expect(0)?;
    let sealed = ["custody", "sealed", "P-1", "--seal", "S-1", "--by", "Lt. Roy", "--case", "case"];
    desk.run(&sealed)?.expect(0)?;
    log(&["item", "item/P-1", "-o", "after.json"])?.expect(0)?;
    for name in ["before.json", "after.json"] {
        desk.run(&["verify", "item", name])?.expect(0)?;
    }
    let after = desk.read("after.json")?;
    assert!(!after.contains("Roy"), "who found it is nobody's business but the court's");
    log(&["item", "item/P-9", "-o", "none.json"])?.expect(3)?;
    std::fs::write(desk.path("no-key"), "hello")?;
    let ended = desk.run(&["verify", "--case", "case", "--vkey", "no-key"])?.expect(3)?;
    assert!(ended.err.contains("the key that was given: a key is"), "{}", ended.err);
    log(&["export", "whole"])?.expect(0)?;
    desk.run(&["verify", "log", "whole"])?.expect(0)?;
    let told = desk.run(&["verify", "--case", "case"])?.expect(0)?;
    assert!(told.out.starts_with("holds"), "{}", told.out);
    Ok(())
}

#[test]
fn an_authority_s_time_stamp_is_kept_and_openssl_agrees() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let kept = stamping::stamp(&desk, "case")?;
    assert!(kept.out.contains("the checkpoint over 1 entries existed at"), "{}", kept.out);
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    desk.run(&["log", "export", "out-log", "--case", "case"])?.expect(0)?;
    desk.run(&["verify", "log", "out-log"])?.expect(0)?;
    assert!(stamping::verifies(&desk, "out-log/stamps/1.tsr", "out-log/checkpoint"));
    let checkpoint = desk.read("out-log/checkpoint")?;
    std::fs::write(desk.path("out-log/checkpoint"), checkpoint.replacen("custody", "custodY", 1))?;
    assert!(!stamping::verifies(&desk, "out-log/stamps/1.tsr", "out-log/checkpoint"));
    desk.run(&["init", "other", "--exercise"])?.expect(0)?;
    let ended = desk.run(&["log", "stamp", "answer.tsr", "--case", "other"])?.expect(3)?;
    assert!(ended.err.contains("it stamps none of this log's checkpoints"), "{}", ended.err);
    Ok(())
}

#[test]
fn a_run_once_more_gives_the_same_bytes() -> Outcome {
    let desk = traced()?;
    let listed = desk.manifest("case")?;
    let runs: Vec<String> = listed["events"]
        .as_array()
        .ok_or("no events")?
        .iter()
        .filter_map(|event| event["run"]["id"].as_str().map(str::to_owned))
        .collect();
    for run in runs.iter().filter(|run| !run.contains("plan")) {
        let told =
            desk.run(&["case", "replay", run, "--case", "case", "--json", "--threads", "1"])?.expect(0)?.json()?;
        assert!(told["same"].as_array().map(Vec::len) >= Some(2), "{told}");
    }
    // What came in since changes nothing of what was.
    std::fs::write(desk.path("more.csv"), "imei,role\n35920411223344,officer\n")?;
    desk.run(&["import", "known_devices", "more.csv", "--case", "case"])?.expect(0)?;
    desk.run(&["case", "replay", &runs[0], "--case", "case", "--quiet"])?.expect(0)?;
    desk.run(&["case", "replay", "00009-trace-00000000", "--case", "case"])?.expect(3)?;
    Ok(())
}

#[test]
fn the_original_is_kept_under_seal_and_two_people_open_it() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let rows = "imei,role\n35920411223344,officer\nnot an imei,officer\n";
    std::fs::write(desk.path("a.csv"), rows)?;
    let import = ["import", "known_devices", "a.csv", "--case", "case", "--keep-original", "--json"];
    let told = desk.run(&import)?.expect(4)?.json()?;
    let id = told["files"][0]["import"]["id"].as_str().ok_or("no id")?.to_owned();
    let sealed = desk.path("case/imports").join(&id).join("original.sealed");
    let kept = std::fs::read(&sealed)?;
    assert!(!kept.windows(14).any(|part| part == b"35920411223344"));
    let original = ["case", "original", &id, "--case", "case", "-o", "back.csv", "--by", "A. Martin"];
    desk.run(&original)?.expect(3)?;
    assert!(!desk.path("back.csv").exists());
    desk.run(&[&original[..], &["--by", "B. Roche"]].concat())?.expect(0)?;
    assert_eq!(desk.read("back.csv")?, rows);
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    desk.run(&["erase", &id, "--case", "case", "--by", "A. Martin", "--by", "B. Roche"])?.expect(0)?;
    assert!(!sealed.exists());
    desk.run(&[&original[..], &["--by", "B. Roche"]].concat())?.expect(3)?;
    Ok(())
}
