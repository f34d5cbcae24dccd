//! A folder that operators drop files into, day by day.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::{BOTH, Desk, Files, Outcome, contents};

const ONCE: [&str; 7] = ["watch", "drop", "--case", "case", "--once", "--settle", "0"];
const BECAUSE: [&str; 2] = ["--because", "the daily look"];

/// The world's records, by day and by the operator that hands them over.
type Days = BTreeMap<String, BTreeMap<String, String>>;

/// Cuts the world's records into a file for each operator and day.
fn by_day(desk: &Desk) -> Result<Days, Box<dyn Error>> {
    let (mut days, mut header) = (Days::new(), String::new());
    let mut add = |operator: &str, head: &str, line: &str| {
        header = head.to_owned();
        let day = line.get(..10).unwrap_or_default().to_owned();
        let file = days.entry(day).or_default().entry(operator.to_owned()).or_insert_with(|| format!("{head}\n"));
        file.push_str(line);
        file.push('\n');
    };
    for entry in fs::read_dir(desk.path("world/case"))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(stem) = name.strip_prefix("records-") else { continue };
        let operator: String = stem.chars().take(6).collect();
        if stem.ends_with(".csv") {
            let text = fs::read_to_string(&path)?;
            let mut lines = text.lines();
            let head = lines.next().ok_or("an empty file")?;
            lines.for_each(|line| add(&operator, head, line));
            continue;
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?.build()?;
        for batch in reader {
            let batch = batch?;
            let schema = batch.schema();
            let head = schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(",");
            let options = FormatOptions::default();
            let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                let mut line = String::new();
                for (index, column) in columns.iter().enumerate() {
                    write!(line, "{}{}", if index > 0 { "," } else { "" }, column.value(row))?;
                }
                add(&operator, &head, &line);
            }
        }
    }
    Ok(days)
}

/// Drops everything but the records.
fn drop_tables(desk: &Desk, folder: &str) -> Outcome {
    fs::create_dir_all(desk.path(folder))?;
    for entry in fs::read_dir(desk.path("world/case"))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with("records") && name != "operation.json" {
            fs::copy(&path, desk.path(folder).join(name))?;
        }
    }
    Ok(())
}

fn drop_day(desk: &Desk, folder: &str, day: &str, files: &BTreeMap<String, String>) -> Outcome {
    for (operator, text) in files {
        fs::write(desk.path(folder).join(format!("records-{operator}-{day}.csv")), text)?;
    }
    Ok(())
}

/// Watches once; some of the world's rows are bad, as anywhere.
fn once(desk: &Desk, more: &[&str]) -> Result<Value, Box<dyn Error>> {
    let ended = desk.run(&[&ONCE[..], &["--json", "--quiet"], more].concat())?;
    if ![0, 4].contains(&ended.code) {
        return Err(format!("ended with {}: {}{}", ended.code, ended.out, ended.err).into());
    }
    ended.json()
}

fn alerts(desk: &Desk, more: &[&str]) -> Result<Vec<Value>, Box<dyn Error>> {
    let told = desk.run(&[&["alerts", "--case", "case", "--json"], more].concat())?.expect(0)?.json()?;
    Ok(told["alerts"].as_array().cloned().unwrap_or_default())
}

/// What the latest runs of trace and attribution left, to the byte.
fn results(desk: &Desk, case: &str) -> Result<Files, Box<dyn Error>> {
    let manifest = desk.manifest(case)?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let mut results = Files::new();
    for step in ["trace", "attribute"] {
        let run = events.iter().rev().find(|event| event["run"]["step"] == step).ok_or("no such run")?;
        let folder = desk.path(case).join("runs").join(run["run"]["id"].as_str().ok_or("no name")?);
        results.extend(contents(&folder)?);
    }
    Ok(results)
}

#[test]
fn day_by_day_comes_to_what_all_at_once_does_even_when_killed() -> Outcome {
    let desk = Desk::with_world()?;
    let days = by_day(&desk)?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    drop_tables(&desk, "drop")?;
    let waits = once(&desk, &[])?;
    assert_eq!(waits["waits_for"], serde_json::json!(["records"]), "{waits}");
    let mut raised = Vec::new();
    for (index, (day, files)) in days.iter().enumerate() {
        drop_day(&desk, "drop", day, files)?;
        if index == 2 {
            for moment in [40, 250, 700] {
                let mut child = desk.command(&[&ONCE[..], &["--quiet"]].concat()).stdout(Stdio::null()).spawn()?;
                std::thread::sleep(Duration::from_millis(moment + u64::from(std::process::id() % 50)));
                child.kill()?;
                child.wait()?;
                desk.run(&["alerts", "--case", "case"])?.expect(0)?;
            }
        }
        let pass = once(&desk, &[])?;
        assert_eq!(pass["waits_for"], serde_json::json!([]));
        raised.push(pass["alerts"].as_array().map_or(0, Vec::len));
    }
    assert_eq!(raised[0], 0, "the first comparison raises nothing");
    let kept = alerts(&desk, &[])?;
    assert!(!kept.is_empty());
    let things: BTreeSet<String> =
        kept.iter().map(|alert| format!("{}{}{}", alert["kind"], alert["handset"], alert["title"])).collect();
    assert!(things.len() == kept.len(), "something was raised twice: {kept:#?}");
    for alert in &kept {
        assert!(alert["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty()), "{alert}");
        assert!(alert["limits"]["fr"].as_str().is_some_and(|text| text.starts_with("Peut être faux")), "{alert}");
    }

    // Nothing new: nothing is done.
    let before = desk.manifest("case")?;
    let idle = once(&desk, &[])?;
    assert_eq!((&idle["trace"], &idle["alerts"]), (&Value::Null, &serde_json::json!([])));
    assert_eq!(desk.manifest("case")?, before);
    desk.run(&["verify", "--case", "case"])?.expect(0)?;

    // All at once, and by import, trace and attribute.
    desk.run(&["init", "whole", "--exercise"])?.expect(0)?;
    drop_tables(&desk, "all")?;
    for (day, files) in days.iter().rev() {
        drop_day(&desk, "all", day, files)?;
    }
    let all = ["watch", "all", "--case", "whole", "--once", "--settle", "0", "--quiet"];
    assert!([0, 4].contains(&desk.run(&all)?.code));
    assert!(results(&desk, "case")? == results(&desk, "whole")?, "day by day came to something else");
    Ok(())
}

#[test]
fn a_bad_file_is_told_once_and_what_is_unfinished_waits() -> Outcome {
    let desk = Desk::with_world()?;
    let days = by_day(&desk)?;
    let (day, files) = days.first_key_value().ok_or("no day")?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    drop_tables(&desk, "drop")?;
    drop_day(&desk, "drop", day, files)?;
    fs::write(desk.path("drop/records-bad.csv"), "no,such,columns\n1,2,3\n")?;
    fs::write(desk.path("drop/records-half.csv.part"), "time,opera")?;
    fs::write(desk.path("drop/.records-hidden.csv"), "time,opera")?;
    fs::write(desk.path("drop/notes.csv"), "to,whom\n")?;
    let ended = desk.run(&ONCE)?.expect(3)?;
    assert_eq!(ended.out.matches("refused: ").count(), 1, "{}", ended.out);
    assert!(ended.out.contains("records-bad.csv") && !ended.out.contains("records-half"), "{}", ended.out);
    assert!(ended.err.contains("note: notes.csv is no table of the contract and was passed over"), "{}", ended.err);
    // The good ones went on.
    desk.run(&["devices", "--case", "case"])?.expect(0)?;
    let again = desk.run(&[&ONCE[..], &["--quiet"]].concat())?.expect(0)?;
    assert_eq!(again.out, "");
    // It was mended.
    let (_, second) = days.iter().nth(1).ok_or("no second day")?;
    fs::write(desk.path("drop/records-bad.csv"), second.values().next().ok_or("no file")?)?;
    let pass = once(&desk, &[])?;
    assert_eq!(pass["import"]["files"][0]["outcome"], "imported", "{pass}");
    // The same bytes under another name change nothing.
    fs::copy(desk.path("drop/records-bad.csv"), desk.path("drop/records-copy.csv"))?;
    let pass = once(&desk, &[])?;
    assert_eq!((&pass["import"]["files"][0]["outcome"], &pass["trace"]), (&"same_bytes".into(), &Value::Null));
    Ok(())
}

#[test]
fn an_investigation_is_watched_under_its_order_and_for_a_reason() -> Outcome {
    let desk = Desk::with_investigation()?;
    let days = by_day(&desk)?;
    drop_tables(&desk, "drop")?;
    for (day, files) in days.iter().take(3) {
        drop_day(&desk, "drop", day, files)?;
    }
    let ended = desk.run(&ONCE)?.expect(3)?;
    assert!(ended.err.contains("--because"), "{}", ended.err);
    once(&desk, &BECAUSE)?;
    for (day, files) in days.iter().skip(3) {
        drop_day(&desk, "drop", day, files)?;
        once(&desk, &BECAUSE)?;
    }
    let raised = alerts(&desk, &BECAUSE)?;
    let handset = raised.iter().find_map(|alert| alert["handset"].as_str()).ok_or("no handset was raised")?;
    assert!(!desk.read("case/manifest.json")?.contains(handset), "people's data stay sealed");

    // What was erased doesn't come back because its file still lies there.
    let manifest = desk.manifest("case")?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let last = events.iter().rev().find_map(|event| event["import"]["id"].as_str()).ok_or("no import")?;
    desk.run(&[&["erase", last, "--case", "case"], &BOTH[..], &BECAUSE[..]].concat())?.expect(0)?;
    let ended = desk.run(&[&ONCE[..], &BECAUSE[..], &["--quiet"]].concat())?.expect(3)?;
    assert!(ended.out.contains("these very bytes were erased from the case"), "{}", ended.out);
    desk.run(&["verify", "--case", "case"])?.expect(0)?;

    // Nor does the log keep what was raised about somebody who is erased.
    let erased = [&["erase", "--imei", handset, "--json", "--case", "case"], &BOTH[..], &BECAUSE[..]].concat();
    let erased = desk.run(&erased)?.expect(0)?.json()?;
    assert!(erased["entries"].as_array().is_some_and(|entries| !entries.is_empty()), "{erased}");
    assert!(alerts(&desk, &BECAUSE)?.iter().all(|alert| alert["handset"] != handset));
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    Ok(())
}

#[test]
fn it_goes_on_until_it_is_told_to_stop() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    fs::create_dir(desk.path("drop"))?;
    fs::copy(desk.path("world/case/facilities.geojson"), desk.path("drop/facilities.geojson"))?;
    let arguments = ["watch", "drop", "--case", "case", "--every", "1", "--settle", "0", "--json"];
    let mut child = desk.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let first: Value = serde_json::from_str(&lines.next().ok_or("it ended")??)?;
    assert_eq!(first["import"]["files"][0]["import"]["table"], "facilities");
    fs::copy(desk.path("world/case/sectors.csv"), desk.path("drop/sectors.csv.part"))?;
    fs::rename(desk.path("drop/sectors.csv.part"), desk.path("drop/sectors.csv"))?;
    let second: Value = serde_json::from_str(&lines.next().ok_or("it ended")??)?;
    assert_eq!(second["import"]["files"][0]["import"]["table"], "sectors");
    // Between two looks others may write.
    desk.run(&["import", "models", "world/case/models.csv", "--case", "case"])?;
    assert!(Command::new("kill").arg(child.id().to_string()).status()?.success());
    assert_eq!(child.wait()?.code(), Some(0));
    Ok(())
}
