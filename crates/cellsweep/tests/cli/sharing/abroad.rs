//! Two countries with two made-up worlds, two numbering plans and two languages: a method is handed over here, and
//! tried there.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use super::{ASKED, LATE, know, receive};
use crate::{Desk, Outcome};

/// A value under the other country's plan: networks 234, mobile numbers 44 7….
fn moved(text: &str) -> String {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match (text.get(..3), digits) {
        (Some("208"), true) if text.len() == 15 => format!("234{}", &text[3..]),
        (Some("208"), false) if text.as_bytes()[3] == b'-' => format!("234{}", &text[3..]),
        (Some("336"), true) if text.len() == 11 => format!("4474{}", &text[3..]),
        (Some("337"), true) if text.len() == 11 => format!("4475{}", &text[3..]),
        _ => text.to_owned(),
    }
}

fn move_table(path: &Path) -> Outcome {
    let text = std::fs::read_to_string(path)?;
    let line = |line: &str| line.split(',').map(moved).collect::<Vec<_>>().join(",") + "\n";
    Ok(std::fs::write(path, text.lines().map(line).collect::<String>())?)
}

fn move_records(path: &Path) -> Outcome {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?;
    let batches = reader.map(|batch| Ok(move_batch(&batch?)?)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let schema = batches.first().ok_or("no records")?.schema();
    let mut writer = ArrowWriter::try_new(File::create(path)?, schema, None)?;
    batches.iter().try_for_each(|batch| writer.write(batch))?;
    writer.close()?;
    Ok(())
}

fn move_batch(batch: &RecordBatch) -> Result<RecordBatch, arrow::error::ArrowError> {
    let (mut fields, mut columns): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        if ["imsi", "msisdn", "peer", "operator", "sector"].contains(&field.name().as_str()) {
            let texts = cast(column, &DataType::Utf8)?;
            let texts: StringArray = texts.as_string::<i32>().iter().map(|text| text.map(moved)).collect();
            fields.push(Field::new(field.name(), DataType::Utf8, true));
            columns.push(Arc::new(texts));
        } else {
            fields.push(field.as_ref().clone());
            columns.push(Arc::clone(column));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// A case on a world of its own. Its records are under this country's plan where it is moved.
fn country(desk: &Desk, name: &str, world: [&str; 4], code: &str) -> Outcome {
    let folder = format!("{name}-world");
    let size = ["--facilities", "3", "--days", "8", "--records", "90000"];
    desk.run(&[&["world", &folder], &world[..], &size].concat())?.expect(0)?;
    let inputs = desk.path(&folder).join("case");
    if code != "FR" {
        for entry in std::fs::read_dir(&inputs)? {
            let path = entry?.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("parquet") => move_records(&path)?,
                Some("csv") => move_table(&path)?,
                _ => {}
            }
        }
    }
    desk.run(&["init", name, "--exercise", "--country", code])?.expect(0)?;
    let (from, out) = (format!("{folder}/case"), format!("{name}-results"));
    desk.run(&["run", name, "--from", &from, "--out", &out, "--exercise", "--quiet"])?.expect(0)?;
    Ok(())
}

#[test]
fn a_method_of_one_country_is_tried_in_another() -> Outcome {
    let desk = Desk::new()?;
    country(&desk, "france", ["--seed", "3", "--kind", "a"], "FR")?;
    country(&desk, "britain", ["--seed", "8", "--kind", "b"], "GB")?;
    let networks = desk.read("britain-world/case/sectors.csv")?;
    assert!(networks.contains("234-") && !networks.contains("208-"), "the plan was not moved");
    std::fs::write(desk.path("terms.txt"), "For the hunt for contraband phones in prisons alone.\n")?;
    let words = ["share", "method", "out", "--case", "france", "--name", "Minis in prisons", "--agency", "DAP"];
    let more = ["--terms", "terms.txt", "--to", "HMPPS", "--indicator", "shop=lighter-phones.example"];
    let lots = ["--range", "35209900:0-4999", "--world", "a:3", "--json"];
    let made = desk.run(&[&words[..], &more, &lots, &ASKED].concat())?.expect(0)?.json()?;
    let package = made["sent"]["files"][0].as_str().ok_or("no package")?.to_owned();
    know(&desk, "france", LATE)?;
    // What is in it names nobody: no number of the case's own stands in the method.
    let mut archive = zip::ZipArchive::new(File::open(desk.path(&package))?)?;
    let mut method = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("method.json")?, &mut method)?;
    for row in desk.read("france-world/case/contacts.csv")?.lines().skip(1).take(200) {
        let number = row.split(',').nth(1).unwrap_or_default();
        assert!(!method.contains(number), "a contact's number is in the method");
    }
    let method: Value = serde_json::from_str(&method)?;
    assert_eq!((&method["country"], &method["world"]["seed"]), (&"FR".into(), &3.into()));
    assert!(method["models"].as_array().is_some_and(|models| models.iter().any(|model| model["class"] == "mini")));
    assert!(method["lessons"].as_array().is_some_and(|lessons| lessons.len() >= 3), "{}", method["lessons"]);
    // Shown first: whose, under which terms, what it would do. Nothing is done.
    let before = desk.read("britain/manifest.json")?;
    let shown = desk.run(&["receive", &package, "--known-keys", "keys.toml"])?.expect(0)?.out;
    for said in ["for HMPPS", "contraband phones in prisons alone", "a lot of 5000 handsets", "seed 3", "lessons"] {
        assert!(shown.contains(said), "{said} is not said: {shown}");
    }
    assert_eq!(desk.read("britain/manifest.json")?, before);
    // Taken in: traced with its settings, and compared.
    let take = [package.as_str(), "--take-in", "--case", "britain", "--out", "received", "--json"];
    let taken = receive(&desk, &[&take[..], &["--lang", "en"]].concat())?.expect(0)?.json()?;
    let figures = taken["compared"]["figures"].as_array().ok_or("no figures")?;
    let both = figures.iter().filter(|figure| !figure["theirs"].is_null() && !figure["ours"].is_null()).count();
    assert!(both >= 3, "{taken}");
    let manifest = desk.manifest("britain")?;
    let runs: Vec<&Value> =
        manifest["events"].as_array().ok_or("no events")?.iter().filter(|event| event["event"] == "ran").collect();
    let last = runs.last().ok_or("no run")?;
    assert_eq!((&last["run"]["step"], &last["run"]["inputs"][0]), (&"received".into(), &taken["trace"]));
    assert_eq!(desk.run(&["verify", "--case", "britain"])?.code, 0);
    // For people, in either language.
    let page = |lang: &str| -> Result<String, Box<dyn Error>> {
        receive(&desk, &[&take[..], &["--lang", lang]].concat())?.expect(0)?;
        let told = Command::new("pdftotext")
            .args(["-layout", "received/comparison.pdf", "-"])
            .current_dir(desk.dir.path())
            .output()?;
        Ok(String::from_utf8_lossy(&told.stdout).into_owned())
    };
    let (english, french) = (page("en")?, page("fr")?);
    assert!(english.contains("Theirs") && english.contains("Intervals overlap"), "{english}");
    assert!(french.contains("Les leurs") && french.contains("Intervalles communs"), "{french}");
    Ok(())
}

#[test]
fn what_looks_like_somebody_s_stops_a_method() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "here", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("terms.txt"), "Ask Mr Dupont on 06 12 34 56 78.\n")?;
    let words = ["share", "method", "out", "--case", "here", "--name", "M", "--agency", "DAP", "--to", "HMPPS"];
    let ended = desk.run(&[&words[..], &["--terms", "terms.txt"], &ASKED].concat())?.expect(3)?;
    assert!(ended.err.contains("method.terms has 10 digits in a row"), "{}", ended.err);
    assert!(!ended.err.contains("06 12") && !desk.path("out").exists(), "{}", ended.err);
    std::fs::write(desk.path("terms.txt"), "For prisons.\n")?;
    desk.run(&[&words[..], &["--terms", "terms.txt"], &ASKED].concat())?.expect(0)?;
    // A case without records can try nothing, and takes nothing in by halves.
    know(&desk, "here", LATE)?;
    desk.run(&["init", "there", "--exercise"])?.expect(0)?;
    let before = desk.read("there/manifest.json")?;
    let ended = receive(&desk, &["out/D0001-1.zip", "--take-in", "--case", "there"])?.expect(3)?;
    assert!(ended.err.contains("records"), "{}", ended.err);
    assert_eq!(desk.read("there/manifest.json")?, before);
    Ok(())
}
