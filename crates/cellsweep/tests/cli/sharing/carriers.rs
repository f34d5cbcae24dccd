//! Requests to operators: over a threshold, by what is a handset's alone, never before the morning; answered, and
//! taken back where one was wrong.

use std::collections::BTreeSet;
use std::error::Error;
use std::process::Command;

use super::{ASKED, HERE, exhibits, traced};
use crate::{Desk, Outcome};

/// An order's file as a person fills it in.
fn order(desk: &Desk, number: &str, threshold: f64) -> Result<String, Box<dyn Error>> {
    let template = desk.run(&["share", "carriers", "template"])?.expect(0)?.out;
    let filled = template
        .replace("M-2026-001", number)
        .replace("authority = \"\"", "authority = \"PARIS-2026-0412\"")
        .replace("certification = \"\"", "certification = \"I certify that these devices are contraband.\"")
        .replace("threshold = 2.0", &format!("threshold = {threshold:.2}"))
        .replace("operators = []", "operators = [\"208-01\", \"208-10\"]")
        .replace("name = \"\"", "name = \"C. Durand\"")
        .replace("title = \"\"", "title = \"designated official\"")
        .replace("agency = \"\"", "agency = \"the administration\"")
        .replace("contact = \"\"", "contact = \"desk@administration.example\"");
    let name = format!("{number}.toml");
    std::fs::write(desk.path(&name), filled)?;
    Ok(name)
}

fn make(desk: &Desk, file: &str, more: &[&str]) -> Result<crate::Ended, Box<dyn Error>> {
    desk.run(&[&["share", "carriers", "make", file, "out", "--json"], &ASKED[..], &HERE, more].concat())
}

/// A table's rows by column.
fn table(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    lines.map(|line| header.iter().cloned().zip(line).collect()).collect()
}

fn devices(desk: &Desk) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
    let told = desk.run(&[&["devices", "--json"], &HERE[..]].concat())?.expect(0)?.json()?;
    Ok(told["devices"].as_array().ok_or("no devices")?.clone())
}

#[test]
fn operators_are_asked_for_what_weighs_enough_and_is_a_handset_s_alone() -> Outcome {
    let desk = traced()?;
    let listed = devices(&desk)?;
    let weight = |row: &serde_json::Value| row["log10_lr"].as_f64().unwrap_or_default();
    let mut weights: Vec<f64> = listed.iter().map(weight).collect();
    weights.sort_by(f64::total_cmp);
    let threshold = (100.0 * weights[weights.len() / 2]).ceil() / 100.0;
    let made = make(&desk, &order(&desk, "M-1", threshold)?, &[])?.expect(0)?.json()?;
    let sent = made["sent"].as_array().ok_or("nothing sent")?;
    assert!(!sent.is_empty() && made["skipped"]["below the threshold"].as_u64() > Some(0), "{made}");
    let known: BTreeSet<String> = table(&desk.read("world/case/known_devices.csv")?)
        .iter()
        .filter_map(|row| row["imei"].get(..14).map(str::to_owned))
        .collect();
    let imei_of = |row: &serde_json::Value| row["imei"].as_str().map(|imei| imei[..14].to_owned());
    let enough: BTreeSet<String> = listed.iter().filter(|row| weight(row) >= threshold).filter_map(imei_of).collect();
    let cloned: BTreeSet<String> = listed.iter().filter(|row| row["cloned"] == true).filter_map(imei_of).collect();
    let dir = sent[0]["disclosure"].as_str().ok_or("no number")?;
    let rows = table(&desk.read(&format!("out/{dir}/requests.csv"))?);
    assert!(!rows.is_empty());
    for row in &rows {
        let imei = row["imei"].get(..14).unwrap_or_default();
        if imei.is_empty() {
            assert!(!row["imsi"].is_empty(), "neither handset nor subscription: {row:?}");
            continue;
        }
        assert!(!known.contains(imei) && !cloned.contains(imei), "somebody's handset is asked for");
        let other_slot = listed.iter().any(|known| known["other_imeis"].to_string().contains(imei));
        assert!(enough.contains(imei) || other_slot, "a handset below the threshold is asked for");
        assert_eq!((row["action"].as_str(), row["agency"].as_str()), ("disable", "the administration"));
    }
    // The block list is the IMEIs and nothing else; the letter says the same to people.
    let blocked = table(&desk.read(&format!("out/{dir}/block-list.csv"))?);
    let asked: BTreeSet<&String> = rows.iter().map(|row| &row["imei"]).filter(|imei| !imei.is_empty()).collect();
    assert_eq!(blocked.iter().map(|row| &row["imei"]).collect::<BTreeSet<_>>(), asked);
    let letter = Command::new("pdftotext")
        .args(["-layout", &format!("out/{dir}/letter.pdf"), "-"])
        .current_dir(desk.dir.path())
        .output()?;
    let letter = String::from_utf8_lossy(&letter.stdout).into_owned();
    assert!(letter.contains("M-1-1") && letter.contains("C. Durand"), "{letter}");
    // What the weights are worth, with sample sizes and how long was observed.
    let evidence = table(&desk.read(&format!("out/{dir}/evidence.csv"))?);
    let kinds: Vec<&str> = evidence.iter().map(|row| row["devices"].as_str()).collect();
    assert_eq!(kinds, ["contraband", "not_contraband"]);
    for row in &evidence {
        let (sample, detected): (u64, u64) = (row["sample"].parse()?, row["detected"].parse()?);
        assert!(detected <= sample && row["observed_hours"].parse::<u64>()? > 24, "{row:?}");
        assert_eq!(row["share"].is_empty(), sample == 0, "{row:?}");
    }
    // A mailing's number serves once.
    make(&desk, "M-1.toml", &[])?.expect(3)?;
    Ok(())
}

#[test]
fn answers_are_counted_and_a_wrong_block_is_restored() -> Outcome {
    let desk = traced()?;
    make(&desk, &order(&desk, "M-1", 0.0)?, &[])?.expect(0)?;
    let rows = table(&desk.read("out/D0001/requests.csv")?);
    let operator = rows[0]["operator"].clone();
    assert!(rows.len() >= 2, "one request is too few for this test");
    let line = |number: &str, outcome: &str, day: &str| format!("{number},{outcome},2026-{day}T10:00:00Z,\n");
    let head = "request,outcome,time,note\n";
    let all: String = rows.iter().map(|row| line(&row["request"], "disabled", "06-01")).collect();
    std::fs::write(desk.path("answer.csv"), head.to_owned() + &all)?;
    let answer =
        |file: &str| desk.run(&[&["share", "carriers", "answer", &operator, file, "--json"], &HERE[..]].concat());
    let told = answer("answer.csv")?.expect(0)?.json()?;
    assert_eq!((&told[0]["disabled"], &told[0]["restored"]), (&rows.len().into(), &0.into()), "{told}");
    // An answer to what nobody asked is not taken, and neither is anything else of its file.
    std::fs::write(
        desk.path("strange.csv"),
        head.to_owned() + &line("M-1-1", "restored", "06-02") + &line("X-9", "disabled", "06-02"),
    )?;
    let ended = answer("strange.csv")?.expect(3)?;
    assert!(ended.err.contains("no request X-9"), "{}", ended.err);
    std::fs::write(desk.path("wrong.csv"), head.to_owned() + &line("M-1-1", "perhaps", "06-02"))?;
    let ended = answer("wrong.csv")?.expect(3)?;
    assert!(ended.err.contains("line 2: the outcome is"), "{}", ended.err);
    // Somebody calls: the first was theirs.
    let request = format!("{operator}={}", rows[0]["request"]);
    let file = order(&desk, "M-2", 0.0)?;
    let restore = ["share", "carriers", "restore", &file, "out", "--request", &request, "--json"];
    let made = desk.run(&[&restore[..], &ASKED, &HERE].concat())?.expect(0)?.json()?;
    let dir = made["sent"][0]["disclosure"].as_str().ok_or("no number")?;
    let taken_back = table(&desk.read(&format!("out/{dir}/requests.csv"))?);
    assert_eq!((taken_back[0]["action"].as_str(), &taken_back[0]["restores"]), ("restore", &rows[0]["request"]));
    assert_eq!((&taken_back[0]["imei"], &taken_back[0]["imsi"]), (&rows[0]["imei"], &rows[0]["imsi"]));
    assert!(!desk.path(&format!("out/{dir}/block-list.csv")).exists(), "what is restored is on no block list");
    std::fs::write(desk.path("back.csv"), head.to_owned() + &line("M-2-1", "restored", "06-03"))?;
    answer("back.csv")?.expect(0)?;
    let told = desk.run(&[&["share", "carriers", "list", "--json"], &HERE[..]].concat())?.expect(0)?.json()?;
    let first = told
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["mailing"] == "M-1" && row["operator"] == operator.as_str()));
    let first = first.ok_or("no such mailing")?;
    assert_eq!((&first["disabled"], &first["restored"]), (&(rows.len() - 1).into(), &1.into()), "{told}");
    let unknown = ["share", "carriers", "restore", &order(&desk, "M-3", 0.0)?, "out", "--request", "208-01=M-9-1"];
    desk.run(&[&unknown[..], &ASKED, &HERE].concat())?.expect(3)?;
    Ok(())
}

#[test]
fn nobody_is_asked_before_the_morning() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 1)?;
    std::fs::write(desk.path("limits.toml"), "release = \"2090-01-01T04:00:00Z\"\n")?;
    desk.run(&[&["plan", "--limits", "limits.toml"], &HERE[..]].concat())?.expect(0)?;
    let ended = make(&desk, &order(&desk, "M-1", 0.0)?, &[])?.expect(3)?;
    assert!(ended.err.contains("nothing to hand over") && ended.err.contains("under embargo"), "{}", ended.err);
    assert!(!desk.path("out").exists());
    let known = desk.run(&[&["share", "list", "--json"], &HERE[..]].concat())?.expect(0)?.json()?;
    assert_eq!(known.as_array().map(Vec::len), Some(0));
    // One person alone asks for nothing, and an order with a wrong word is refused by its line.
    let alone = ["--asked-by", "A. Martin", "--approved-by", "A. Martin"];
    let words = ["share", "carriers", "make", "M-1.toml", "out"];
    desk.run(&[&words[..], &alone, &HERE].concat())?.expect(3)?;
    std::fs::write(desk.path("bad.toml"), desk.read("M-1.toml")?.replace("reason =", "raison ="))?;
    let ended = make(&desk, "bad.toml", &[])?.expect(3)?;
    assert!(ended.err.contains("bad.toml: line") && ended.err.contains("raison"), "{}", ended.err);
    Ok(())
}

#[test]
fn nobody_is_asked_while_the_morning_goes_on() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 1)?;
    // Released long ago, but its searches are still ahead.
    std::fs::write(desk.path("limits.toml"), "release = \"2020-01-01T04:00:00Z\"\n")?;
    let plan = ["plan", "--limits", "limits.toml", "--at"];
    desk.run(&[&plan[..], &["2090-01-01T04:00:00Z"], &HERE].concat())?.expect(0)?;
    let ended = make(&desk, &order(&desk, "M-1", 0.0)?, &[])?.expect(3)?;
    assert!(ended.err.contains("nothing to hand over") && ended.err.contains("under embargo"), "{}", ended.err);
    assert!(!desk.path("out").exists());
    // Once the last search has ended, they may be asked.
    desk.run(&[&plan[..], &["2020-01-01T04:00:00Z"], &HERE].concat())?.expect(0)?;
    make(&desk, "M-1.toml", &[])?.expect(0)?;
    Ok(())
}
