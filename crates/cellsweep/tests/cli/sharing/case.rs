//! A case goes out and comes back in, equal field by field; what leaves is told beforehand.

use std::collections::BTreeSet;
use std::io::Read as _;

use serde_json::Value;

use super::{ASKED, HERE, LATE, exhibits, hand_over, know, receive, traced};
use crate::authority::ORDER;
use crate::{BOTH, Desk, Outcome};

/// A member of a package.
pub(super) fn member(path: &std::path::Path, name: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    zip::ZipArchive::new(std::fs::File::open(path)?)?.by_name(name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[test]
fn a_case_comes_in_as_it_went_out() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 3)?;
    let (package, told) = hand_over(&desk, &["--copies", "2"])?;
    assert_eq!(told["sent"]["files"].as_array().map(Vec::len), Some(2));
    desk.run(&["init", "there", "--exercise", "--country", "BE"])?.expect(0)?;
    know(&desk, "here", LATE)?;
    let package_name = package.to_string_lossy().into_owned();
    let shown = receive(&desk, &[&package_name])?.expect(0)?.out;
    assert!(shown.contains("D0001-1") && shown.contains("approved by A. Martin and B. Roche"), "{shown}");
    let take = ["--take-in", "--case", "there", "--out", "received", "--json"];
    let taken = receive(&desk, &[&[package_name.as_str()], &take[..]].concat())?.expect(0)?.json()?;
    let sent: Value = serde_json::from_slice(&member(&package, "snapshot.json")?)?;
    let run = taken["run"].as_str().ok_or("no run")?;
    let kept: Value = serde_json::from_str(&desk.read(&format!("there/runs/{run}/snapshot.json"))?)?;
    assert_eq!(sent, kept);
    assert_eq!(sent, serde_json::from_str::<Value>(&desk.read("received/snapshot.json")?)?);
    for table in ["facilities", "devices", "sims", "holders", "searches", "exhibits", "runs", "persons"] {
        assert!(sent[table].as_array().is_some_and(|rows| !rows.is_empty()), "no {table}: {}", sent[table]);
    }
    assert_eq!(sent["exhibits"].as_array().map(Vec::len), Some(3));
    assert_eq!(sent["exhibits"][0]["custody"].as_array().map(Vec::len), Some(4));
    // Taken in again it is the same run.
    let again = receive(&desk, &[&[package_name.as_str()], &take[..]].concat())?.expect(0)?.json()?;
    assert_eq!(again["run"], taken["run"]);
    assert_eq!(desk.run(&["verify", "--case", "there"])?.code, 0);
    // The paper is one, and each exhibit's proof holds by itself.
    assert!(member(&package, "papers/package.pdf")?.starts_with(b"%PDF"));
    std::fs::write(desk.path("proof.json"), member(&package, "proofs/0001.json")?)?;
    desk.run(&["verify", "item", "proof.json"])?.expect(0)?;
    Ok(())
}

#[test]
fn whoever_is_erased_is_gone_from_cases_that_came_in() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 1)?;
    let (package, _) = hand_over(&desk, &[])?;
    desk.run(&["init", "there", "--exercise", "--country", "BE"])?.expect(0)?;
    know(&desk, "here", LATE)?;
    let take = [package.to_string_lossy().into_owned(), "--take-in".into(), "--case".into(), "there".into()];
    receive(&desk, &take.each_ref().map(String::as_str))?.expect(0)?;
    let sent: Value = serde_json::from_slice(&member(&package, "snapshot.json")?)?;
    let imei = sent["devices"].as_array().into_iter().flatten().find_map(|device| device["imeis"][0].as_str());
    let imei = imei.ok_or("no IMEI was sent")?;
    let naming = || -> Result<usize, Box<dyn std::error::Error>> {
        let files = crate::contents(&desk.path("there"))?;
        let digits = imei.as_bytes();
        Ok(files.iter().filter(|(_, bytes)| bytes.windows(digits.len()).any(|window| window == digits)).count())
    };
    let erase = |imei: &str| {
        desk.run(&[&["erase", "--imei", imei, "--json", "--case", "there"], &BOTH[..]].concat())?.expect(0)?.json()
    };
    // Somebody else's erasure touches nothing that came in.
    assert_eq!(erase("49015420323751")?["runs"], serde_json::json!([]));
    assert!(naming()? > 0, "what came in names the handset");
    assert_eq!(erase(imei)?["runs"].as_array().map(Vec::len), Some(1));
    assert_eq!(naming()?, 0);
    desk.run(&["verify", "--case", "there"])?.expect(0)?;
    Ok(())
}

#[test]
fn the_preview_lists_every_category_that_is_in_the_package() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 2)?;
    let preview = |profile: &str| -> Result<Value, Box<dyn std::error::Error>> {
        desk.run(&[&["share", "preview", "--profile", profile, "--json"], &HERE[..]].concat())?.expect(0)?.json()
    };
    let court = preview("court")?;
    let lines = court["lines"].as_array().ok_or("no lines")?;
    let listed: BTreeSet<&str> = lines.iter().filter_map(|line| line["category"].as_str()).collect();
    let expected = [
        "assessment",
        "card_number",
        "free_text",
        "handset_identifier",
        "location",
        "official",
        "person_category",
        "person_reference",
        "subscriber_identity",
        "traffic",
    ];
    for category in expected {
        assert!(listed.contains(category), "{category} is not listed: {listed:?}");
    }
    assert!(lines.iter().all(|line| line["why"].as_str().is_some_and(|why| !why.is_empty())), "{court}");
    // Every value of a category is counted: here those that stand in the snapshot as they are.
    let (package, _) = hand_over(&desk, &[])?;
    let sent: Value = serde_json::from_slice(&member(&package, "snapshot.json")?)?;
    let count =
        |category: &str| lines.iter().find(|line| line["category"] == category).map(|line| line["count"].clone());
    let names = sent["persons"].as_array().ok_or("no persons")?.iter().filter(|row| !row["name"].is_null());
    let officials = names.clone().filter(|row| row["category"] == "official").count();
    assert_eq!(officials, names.count(), "no inmate has a name in a case");
    let identities = sent["sims"].as_array().ok_or("no sims")?.iter().filter(|row| !row["imsi"].is_null()).count();
    assert_eq!(count("subscriber_identity"), Some(identities.into()));
    // An operator gets no assessment and no name.
    let carrier = preview("carrier")?;
    let lines = carrier["lines"].as_array().ok_or("no lines")?;
    assert!(lines.iter().all(|line| line["category"] != "assessment" && line["category"] != "name"), "{carrier}");
    assert_eq!(preview("nobody").err().map(|_refused| ()), Some(()));
    let shown = desk.run(&[&["share", "preview", "--profile", "court"], &HERE[..]].concat())?.expect(0)?.out;
    assert!(shown.contains("handset identifier") && shown.contains("which handset is meant"), "{shown}");
    Ok(())
}

#[test]
fn two_people_answer_and_an_investigation_needs_an_order() -> Outcome {
    let desk = traced()?;
    let words = ["share", "case", "out", "--profile", "court", "--to", "A court"];
    let alone = ["--asked-by", "A. Martin", "--approved-by", "a. martin "];
    let ended = desk.run(&[&words[..], &alone, &HERE].concat())?.expect(3)?;
    assert!(ended.err.contains("two people") && !desk.path("out").exists(), "{}", ended.err);
    // The account counts as the one who asks.
    let approved = ["--approved-by", "B. Roche"];
    desk.run(&[&words[..], &approved, &HERE, &["--as", "B. ROCHE"]].concat())?.expect(3)?;
    desk.run(&[&words[..], &approved, &HERE, &["--as", "C. Petit"]].concat())?.expect(0)?;
    let known = desk.run(&[&["share", "list", "--json"], &HERE[..]].concat())?.expect(0)?.json()?;
    assert_eq!(known[0]["disclosure"]["asked_by"], "C. Petit");
    assert_eq!(known[0]["disclosure"]["approved_by"], "B. Roche");
    assert_eq!(known.as_array().map(Vec::len), Some(1));
    // What lies there already is not written over, and nothing is logged of it.
    let other = Desk::with_investigation()?;
    exhibits(&other, "case", 1)?;
    let case = ["--case", "case", "--because", "a test"];
    let refused = other.run(&[&words[..], &ASKED, &case].concat())?.expect(3)?;
    assert!(refused.err.contains("no authority in this case orders a disclosure"), "{}", refused.err);
    let order = ORDER.replace("PARIS-2026-0412", "PARIS-2026-0500").replace("\"search\"]", "\"disclosure\"]");
    std::fs::write(other.path("disclosure.toml"), order)?;
    other.run(&[&["authority", "grant", "disclosure.toml", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    let silent = other.run(&[&words[..], &ASKED, &["--case", "case"]].concat())?.expect(3)?;
    assert!(silent.err.contains("says why"), "{}", silent.err);
    other.run(&[&words[..], &ASKED, &case].concat())?.expect(0)?;
    let known = other.run(&[&["share", "list", "--json"], &case[..]].concat())?.expect(0)?.json()?;
    assert_eq!(known[0]["disclosure"]["authority"], "PARIS-2026-0500");
    // Real data do not go into an exercise.
    know(&other, "case", LATE)?;
    other.run(&["init", "there", "--exercise"])?.expect(0)?;
    let ended = receive(&other, &["out/D0001-1.zip", "--take-in", "--case", "there"])?.expect(3)?;
    assert!(ended.err.contains("real data") && ended.err.contains("exercise"), "{}", ended.err);
    Ok(())
}

/// The facilities that the latest plan searches.
pub(super) fn planned(desk: &Desk) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let manifest = desk.manifest("here")?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let runs = events.iter().filter(|event| event["run"]["step"] == "plan");
    let run = runs.filter_map(|event| event["run"]["id"].as_str()).next_back().ok_or("no plan")?;
    let plan: Value = serde_json::from_str(&desk.read(&format!("here/runs/{run}/plan.json"))?)?;
    let rows = plan["rows"].as_array().ok_or("no rows")?;
    Ok(rows.iter().filter_map(|row| row["facility"].as_str().map(str::to_owned)).collect())
}

#[test]
fn handsets_of_a_plan_that_is_not_over_stay() -> Outcome {
    let desk = traced()?;
    let (before, _) = hand_over(&desk, &[])?;
    let devices = |path: &std::path::Path| -> Result<Vec<Value>, Box<dyn std::error::Error>> {
        let sent: Value = serde_json::from_slice(&member(path, "snapshot.json")?)?;
        Ok(sent["devices"].as_array().ok_or("no devices")?.clone())
    };
    exhibits(&desk, "here", 1)?;
    std::fs::write(desk.path("limits.toml"), "release = \"2090-01-01T04:00:00Z\"\n")?;
    desk.run(&[&["plan", "--limits", "limits.toml"], &HERE[..]].concat())?.expect(0)?;
    let planned = planned(&desk)?;
    let is_planned = |row: &Value| row["facility"].as_str().is_some_and(|facility| planned.contains(facility));
    assert!(devices(&before)?.iter().any(is_planned), "nothing of the plan went out before it: no test");
    let (after, told) = hand_over(&desk, &[])?;
    assert!(!devices(&after)?.iter().any(is_planned), "{told}");
    assert!(told["preview"]["embargoed"].as_u64() > Some(0), "{told}");
    // Nothing in the package says that something is missing.
    for name in ["package.json", "snapshot.json"] {
        let text = String::from_utf8(member(&after, name)?)?;
        assert!(!text.contains("embargo"), "{text}");
    }
    Ok(())
}

#[test]
fn an_approved_plan_stays_closed_whatever_is_drawn_up_after_it() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 1)?;
    let facilities = || -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
        let (package, _) = hand_over(&desk, &["--min-probability", "0", "--calls", "none"])?;
        let sent: Value = serde_json::from_slice(&member(&package, "snapshot.json")?)?;
        let devices = sent["devices"].as_array().ok_or("no devices")?;
        Ok(devices.iter().filter_map(|row| row["facility"].as_str().map(str::to_owned)).collect())
    };
    let all = facilities()?;
    let [one, other] = &all.iter().collect::<Vec<_>>()[..] else { return Err("not two facilities".into()) };
    let plan = |without: &str, more: &str| -> Outcome {
        std::fs::write(desk.path("limits.toml"), format!("{more}\n[[must_not]]\nfacility = \"{without}\"\n"))?;
        desk.run(&[&["plan", "--limits", "limits.toml"], &HERE[..]].concat())?.expect(0).map(drop)
    };
    // It names no hour, and begins where the records end: nothing says that its morning is over.
    plan(other, "")?;
    assert_eq!(planned(&desk)?, BTreeSet::from([(*one).clone()]));
    assert_eq!(facilities()?, all, "a draft without an hour is no morning");
    desk.run(&[&["plan", "approve", "--by", "Judge Lin"], &HERE[..]].concat())?.expect(0)?;
    assert_eq!(facilities()?, BTreeSet::from([(*other).clone()]));
    plan(one, "")?;
    assert_eq!(facilities()?, BTreeSet::from([(*other).clone()]), "another draft opens nothing");
    Ok(())
}

#[test]
fn what_is_recalled_stays_out() -> Outcome {
    let desk = traced()?;
    let (package, _) = hand_over(&desk, &[])?;
    know(&desk, "here", LATE)?;
    desk.run(&["init", "there", "--exercise"])?.expect(0)?;
    let package = package.to_string_lossy().into_owned();
    let take = || receive(&desk, &[&package, "--take-in", "--case", "there", "--json"]);
    let run = take()?.expect(0)?.json()?["run"].clone();
    let recall = ["share", "recall", "D0001", "out", "--why", "sent to the wrong desk"];
    desk.run(&[&recall[..], &["--by", "A. Martin"], &HERE].concat())?.expect(3)?;
    desk.run(&[&recall[..], &BOTH, &HERE].concat())?.expect(0)?;
    let notice = receive(&desk, &["out/D0001-recall.note", "--take-in", "--case", "there", "--json"])?;
    let heeded = notice.expect(0)?.json()?;
    assert_eq!(heeded["recalled"][0], run);
    let ended = take()?.expect(3)?;
    assert!(ended.err.contains("recalled: sent to the wrong desk"), "{}", ended.err);
    let known = desk.run(&[&["share", "list", "--json"], &HERE[..]].concat())?.expect(0)?.json()?;
    assert_eq!(known[0]["recalled"], "sent to the wrong desk");
    // A notice with a changed word is none.
    let text = desk.read("out/D0001-recall.note")?.replace("wrong desk", "right desk");
    std::fs::write(desk.path("forged.note"), text)?;
    receive(&desk, &["forged.note", "--take-in", "--case", "there"])?.expect(3)?;
    Ok(())
}
