//! A case from its first file to its report.

use std::path::Path;

use crate::{Desk, Outcome, contents};

/// The tables that trace and attribution read, in an order in which a user would import them.
const TABLES: [&str; 19] = [
    "sectors",
    "facilities",
    "survey",
    "models",
    "ledger",
    "known_devices",
    "seizures",
    "requests",
    "cells",
    "roster",
    "contacts",
    "visits",
    "offences",
    "cases",
    "sensors",
    "detections",
    "stock",
    "jamming",
    "outages",
];

fn import_all(desk: &Desk, case: &str) -> Outcome {
    for table in TABLES {
        let file = if table == "facilities" { "facilities.geojson".to_owned() } else { format!("{table}.csv") };
        let path = format!("world/case/{file}");
        if desk.path(&path).exists() {
            let ended = desk.run(&["import", table, &path, "--case", case])?;
            assert!([0, 4].contains(&ended.code), "{table}: {}", ended.err);
        }
    }
    let ended = desk.run(&["import", "records", "world/case/records*", "--case", case])?;
    assert!([0, 4].contains(&ended.code), "{}", ended.err);
    Ok(())
}

#[test]
fn step_by_step_and_all_at_once_say_the_same() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    import_all(&desk, "case")?;
    let operation: serde_json::Value = serde_json::from_str(&desk.read("world/case/operation.json")?)?;
    let at = operation["time"].as_str().ok_or("no time")?;
    let summary = desk.run(&["trace", "--case", "case", "--at", at, "--json"])?.expect(0)?.json()?;
    let attribute = ["attribute", "--case", "case", "--at", at, "--output", "step"];
    desk.run(&attribute)?.expect(0)?;
    let csv = desk.run(&["devices", "--case", "case", "--format", "csv"])?.expect(0)?.out;
    assert_eq!(csv.lines().count() as u64 - 1, summary["devices"].as_u64().unwrap_or_default());

    desk.run(&["run", "other", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    assert!(desk.read("out/devices.csv")? == csv, "the lists differ");
    for table in ["holders.csv", "places.csv", "segments.csv"] {
        assert!(desk.read(&format!("out/{table}"))? == desk.read(&format!("step/{table}"))?, "{table} differ");
    }
    Ok(())
}

#[test]
fn what_comes_after_the_asked_time_names_nobody() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    let operation: serde_json::Value = serde_json::from_str(&desk.read("world/case/operation.json")?)?;
    let at = operation["time"].as_str().ok_or("no time")?;
    // The first handset calls all of another inmate's list in the week after.
    let holders = desk.read("out/holders.csv")?;
    let first: Vec<&str> = holders.lines().nth(1).ok_or("nobody")?.split(',').collect();
    let (imei, holder) = (first[1], first[3]);
    let contacts = desk.read("world/case/contacts.csv")?;
    let listed =
        contacts.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).filter(|row| row[0] != holder);
    let sectors = desk.read("world/case/sectors.csv")?;
    let sector = sectors.lines().nth(1).and_then(|line| line.split(',').next()).ok_or("no sector")?;
    let mut later =
        "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n".to_owned();
    let at_once: jiff::Timestamp = at.parse()?;
    for (index, row) in (1..).zip(listed.take(30)) {
        let time = at_once + jiff::SignedDuration::from_hours(5 * index);
        later += &format!("{time},A,voice,out,{imei},,,{},60,GSM,{sector},\n", row[1]);
    }
    std::fs::write(desk.path("later.csv"), later)?;
    let told = desk.run(&["import", "records", "later.csv", "--case", "case", "--json"])?;
    assert!(told.json()?["files"][0]["import"]["rows"]["kept"].as_u64() == Some(30));
    desk.run(&["trace", "--case", "case", "--at", at])?.expect(0)?;
    desk.run(&["attribute", "--case", "case", "--at", at, "--output", "step"])?.expect(0)?;
    for table in ["holders.csv", "segments.csv"] {
        assert!(desk.read(&format!("out/{table}"))? == desk.read(&format!("step/{table}"))?, "{table} differ");
    }
    Ok(())
}

#[test]
fn holders_are_unfolded_and_decisions_outlive_a_rerun() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    let holders = desk.read("out/holders.csv")?;
    assert!(holders.starts_with("handset,imei,rank,inmate,facility,cell,log10_lr,probability\n"));
    let first = holders.lines().nth(1).ok_or("nobody")?;
    let fields: Vec<&str> = first.split(',').collect();
    let (handset, inmate) = (fields[0], fields[3]);
    let explained = desk.run(&["explain", handset, "--case", "case", "--json"])?.expect(0)?.json()?;
    assert!(explained["devices"][0]["holders"].as_array().is_some_and(|rows| rows.len() > 1));

    let words = ["--reject", "--reason", "was in hospital", "--by", "Roy", "--case", "case"];
    let review: Vec<&str> = ["review", handset, "--inmate", inmate].into_iter().chain(words).collect();
    desk.run(&review)?.expect(0)?;
    let stranger: Vec<&str> = ["review", handset, "--inmate", "nobody"].into_iter().chain(words).collect();
    desk.run(&stranger)?.expect(3)?;
    desk.run(&["attribute", "--case", "case"])?.expect(0)?;
    let explained = desk.run(&["explain", handset, "--case", "case"])?.expect(0)?;
    assert!(explained.out.contains("was in hospital"), "{}", explained.out);
    for command in [&["offences"][..], &["buyers"], &["successors", "--all"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--case", "case", "--json"]).collect();
        assert!(desk.run(&arguments)?.expect(0)?.json()?.is_array(), "{command:?}");
    }
    Ok(())
}

#[test]
fn devices_are_explained_and_reported() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    let list = desk.run(&["devices", "--case", "case", "--json", "--limit", "3"])?.expect(0)?.json()?;
    assert_eq!(list["exercise"], true);
    let best = &list["devices"][0];
    let handset = best["handset"].as_str().ok_or("nothing was found")?;

    let table = desk.run(&["devices", "--case", "case", "--limit", "3"])?.expect(0)?;
    assert!(table.out.starts_with("EXERCISE"), "{}", table.out);
    let explained = desk.run(&["explain", handset, "--case", "case", "--json"])?.expect(0)?.json()?;
    let findings = explained["devices"][0]["findings"].as_array().ok_or("no findings")?;
    let sum: f64 = findings.iter().filter_map(|finding| finding["finding"]["log10_lr"].as_f64()).sum();
    assert!((sum - best["log10_lr"].as_f64().unwrap_or_default()).abs() < 1e-6, "findings add up to the weight");
    let without = findings.iter().filter_map(|finding| finding["probability_without"].as_f64());
    assert!(without.clone().all(|chance| (0.0..=1.0).contains(&chance)) && without.count() == findings.len());
    assert!(findings.iter().all(|finding| finding["limits"].as_str().is_some_and(|text| text.len() > 20)));
    let told = desk.run(&["explain", handset, "--case", "case", "--lang", "fr"])?.expect(0)?.out;
    assert!(told.contains("Ce qui changerait le plus la réponse") && told.contains("\n  sans "), "{told}");
    desk.run(&["explain", "35000000000000", "--case", "case"])?.expect(3)?;

    desk.run(&["devices", "--case", "case", "--format", "parquet", "--output", "devices.parquet"])?.expect(0)?;
    assert!(std::fs::read(desk.path("devices.parquet"))?.starts_with(b"PAR1"));
    desk.run(&["report", "--case", "case", "--output", "report.html"])?.expect(0)?;
    assert!(desk.read("report.html")?.contains("exercise"));
    Ok(())
}

#[test]
fn the_same_bytes_twice_change_nothing() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let import = ["import", "sectors", "world/case/sectors.csv", "--case", "case"];
    desk.run(&import)?;
    let before = contents(&desk.path("case/imports"))?;
    let manifest = desk.read("case/manifest.json")?;
    std::fs::copy(desk.path("world/case/sectors.csv"), desk.path("again.csv"))?;
    let ended = desk.run(&["import", "sectors", "again.csv", "--case", "case"])?.expect(0)?;
    assert!(ended.out.contains("nothing to do: the same bytes as 00001-sectors-"), "{}", ended.out);
    assert_eq!(contents(&desk.path("case/imports"))?, before);
    assert_eq!(desk.read("case/manifest.json")?, manifest);
    Ok(())
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() -> Outcome {
    let desk = Desk::with_world()?;
    for (threads, memory) in [("1", "512MiB"), ("2", "512MiB"), ("3", "64MiB")] {
        let (case, out) = (format!("case-{threads}"), format!("out-{threads}"));
        let run = [
            "run",
            &case,
            "--from",
            "world/case",
            "--out",
            &out,
            "--exercise",
            "--threads",
            threads,
            "--memory",
            memory,
        ];
        desk.run(&run)?.expect(0)?;
    }
    let first = desk.read("out-1/devices.csv")?;
    assert!(first.lines().count() > 1, "nothing was found");
    assert!(first == desk.read("out-2/devices.csv")?, "two threads");
    assert!(first == desk.read("out-3/devices.csv")?, "three threads and little memory");
    for table in ["holders.csv", "places.csv", "segments.csv", "successors.csv"] {
        let first = desk.read(&format!("out-1/{table}"))?;
        assert!(first == desk.read(&format!("out-2/{table}"))?, "{table}, two threads");
        assert!(first == desk.read(&format!("out-3/{table}"))?, "{table}, three threads and little memory");
    }
    Ok(())
}

#[test]
fn a_demonstration_measures_itself() -> Outcome {
    let desk = Desk::new()?;
    let demo = ["demo", "demo", "--facilities", "2", "--days", "5", "--records", "50000", "--json"];
    let told = desk.run(&demo)?.expect(0)?.json()?;
    assert!(told["comparison"]["score"]["average_precision"].as_f64().is_some());
    assert!(desk.read("demo/report.html")?.len() > 10_000);
    let again = desk.run(&demo)?.expect(3)?;
    assert!(again.err.contains("demo/case is not empty"), "{}", again.err);
    Ok(())
}

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests must see that this one did nothing")]
fn a_case_made_by_other_code() -> Outcome {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/other-world");
    if !inputs.is_dir() {
        eprintln!("SKIPPED: {} is not here", inputs.display());
        return Ok(());
    }
    let desk = Desk::new()?;
    let from = inputs.to_string_lossy();
    let told =
        desk.run(&["run", "case", "--from", &from, "--out", "out", "--exercise", "--json"])?.expect(0)?.json()?;
    let files = told["import"]["files"].as_array().ok_or("no files")?;
    assert!(files.iter().all(|file| file["outcome"] == "imported"), "{files:?}");
    assert!(desk.read("out/devices.csv")?.lines().count() > 20);
    Ok(())
}

#[test]
fn what_was_imported_is_looked_through() -> Outcome {
    let desk = Desk::with_world()?;
    let run = ["run", "case", "--from", "world/case", "--out", "out", "--exercise"];
    desk.run(&run)?.expect(0)?;
    let found = desk.run(&["quality", "--case", "case", "--json"])?.expect(0)?.json()?;
    let records = found["tables"].as_array().into_iter().flatten().find(|table| table["table"] == "records");
    let kept = records.map(|table| table["rows"]["kept"].as_u64()).ok_or("no records")?;
    // Merged profiles hold a record that two operators tell of once.
    let days: u64 = found["days"].as_array().into_iter().flatten().filter_map(|day| day["records"].as_u64()).sum();
    assert!(days > 0 && Some(days) <= kept, "{days} {kept:?}");
    assert!(found["remarks"].as_array().is_some_and(|remarks| !remarks.is_empty()));
    let page = desk.run(&["quality", "--case", "case"])?.expect(0)?.out;
    assert!(page.contains("handsets in the records"), "{page}");
    Ok(())
}
