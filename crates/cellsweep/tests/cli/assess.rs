//! What measures really do: a made-up country whose jamming has a known effect, through import, trace and attribution.

use serde_json::Value;

use crate::{Desk, Outcome};

const CASE: [&str; 2] = ["--case", "case"];

/// Fourteen facilities of which three are jammed, and everything done with them.
fn tried() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    let size = ["world", "world", "--facilities", "14", "--days", "64", "--records", "400000", "--seed", "4"];
    let jamming = ["--jammed", "3", "--jam-from", "36", "--jam-effect", "0.6"];
    desk.run(&[&size[..], &jamming[..]].concat())?.expect(0)?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--quiet"])?.expect(0)?;
    Ok(desk)
}

fn json(desk: &Desk, words: &[&str]) -> Result<Value, Box<dyn std::error::Error>> {
    desk.run(&[&["assess"], words, &["--json"], &CASE[..]].concat())?.expect(0)?.json()
}

#[test]
fn a_known_effect_comes_out_of_the_records_and_every_question_is_answered() -> Outcome {
    let desk = tried()?;
    let told = json(&desk, &["jamming", "-o", "jamming.html", "--panel", "panel.csv"])?;
    let effect = &told["jamming"]["result"]["effect"];
    let fall = |end: &str| effect["fall"][end].as_f64().unwrap_or(f64::NAN);
    assert_eq!(effect["verdict"], "fall", "{effect}");
    assert!(
        (0.4..0.75).contains(&fall("value")) && fall("low") < fall("value") && fall("value") < fall("high"),
        "{effect}"
    );
    assert_eq!(effect["sites"].as_array().map(Vec::len), Some(3));
    assert!(told["jamming"]["result"]["weeks"].as_array().map_or(0, Vec::len) >= 5, "{told}");
    assert!(told["trial"]["result"]["fall"].as_f64().is_some_and(|fall| (0.0..1.0).contains(&fall)), "{told}");
    let again = json(&desk, &["jamming"])?;
    assert_eq!(again, told, "the same case gives the same answer");

    let page = desk.read("jamming.html")?;
    assert!(page.contains("Under jamming, handset activity fell by") && page.contains("Sous brouillage"), "{page}");
    assert!(page.contains("<svg") && page.contains("EXERCICE"));
    assert!(["<script", "http://", "https://"].iter().all(|never| !page.contains(never)));
    let panel = desk.read("panel.csv")?;
    assert!(panel.starts_with("facility,place,technology,day,heard,known,air\n"), "{}", &panel[..80]);
    assert!(panel.contains(",jammed") && panel.contains(",outside,"));

    let spoken = desk.run(&[&["assess", "jamming"], &CASE[..]].concat())?.expect(0)?.out;
    assert!(spoken.contains("Callaway and Sant’Anna 2021"), "{spoken}");
    the_others(&desk)
}

fn the_others(desk: &Desk) -> Outcome {
    let told = json(desk, &["routes", "--closed", "F002:drone:2025-05-01"])?;
    let shares = told["seized"].as_array().ok_or("no routes of what was seized")?;
    let phones: u64 = shares.iter().filter_map(|row| row["phones"].as_u64()).sum();
    assert!(phones > 100 && shares.iter().any(|row| row["route"] == "unknown"), "{told}");
    assert_eq!(told["closure"]["routes"].as_array().map(Vec::len), Some(6));
    let told = json(desk, &["operation"])?;
    assert!(told["plan"].is_null() && told["planned"]["result"].is_null(), "no plan was approved: {told}");
    assert!(told["other"]["result"]["share"]["value"].as_f64().is_some(), "{told}");
    let told = json(desk, &["model", "--truth", "world/truth"])?;
    let cost = told["presence"][0]["cllr"].as_f64();
    assert!(cost.is_some_and(|cost| (0.0..1.0).contains(&cost)), "{told}");
    assert!(told["fairness"].as_array().map_or(0, Vec::len) >= 5, "{told}");
    assert!(told["carries"]["result"].as_array().map_or(0, Vec::len) >= 5, "{told}");
    assert_eq!(told["presence_drift"]["said"]["code"], "cant_tell", "one run is nothing to compare with");
    what_was_missed(desk)
}

/// What a search missed is told only by a list from before it.
fn what_was_missed(desk: &Desk) -> Outcome {
    let told = json(desk, &["detectors"])?;
    assert_eq!((told["searches"].as_u64(), told["missed"].as_f64()), (Some(0), Some(0.0)), "{told}");
    assert!(told["detectors"]["*"]["result"].is_null(), "{told}");
    for at in [&["--at", "2025-05-01T00:00:00Z"][..], &[]] {
        for step in ["trace", "attribute"] {
            desk.run(&[&[step, "--quiet"], at, &CASE[..]].concat())?.expect(0)?;
        }
    }
    let told = json(desk, &["detectors", "-o", "detectors.html"])?;
    let found = |name: &str| told["detectors"][name]["result"]["untried"]["value"].as_f64();
    assert!(told["searches"].as_u64().is_some_and(|searches| searches > 50), "{told}");
    assert!(
        ["visual", "nonlinear_junction"]
            .iter()
            .filter_map(|name| found(name))
            .all(|chance| (0.0..1.0).contains(&chance))
    );
    Ok(())
}

#[test]
fn an_operation_is_held_against_its_approved_plan() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--quiet"])?.expect(0)?;
    desk.run(&["plan", "approve", "--case", "case", "--by", "A. Martin"])?.expect(0)?;
    // Every planned cell is searched when the plan says; every third search finds a phone.
    let plan = desk.read("out/plan.csv")?;
    let mut lines = plan.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |row: &[&str], name: &str| {
        head.iter()
            .position(|known| *known == name)
            .and_then(|at| row.get(at))
            .map_or(String::new(), ToString::to_string)
    };
    let mut done = "time,facility,cell,detector,officers,minutes,found\n".to_owned();
    let mut count = 0;
    for row in lines.map(|line| line.split(',').collect::<Vec<_>>()) {
        let [start, facility, cell] = ["start", "facility", "cell"].map(|name| column(&row, name));
        done += &format!("{start},{facility},{cell},dog,2,30,{}\n", u32::from(count % 3 == 0));
        count += 1;
    }
    std::fs::write(desk.path("done.csv"), done)?;
    desk.run(&[&["import", "searches", "done.csv", "--quiet"], &CASE[..]].concat())?.expect(0)?;
    let told = json(&desk, &["operation"])?;
    assert!(told["plan"].is_string(), "{told}");
    assert_eq!(told["done"][0].as_u64(), Some(count), "{told}");
    let rows = told["by_facility"].as_array().ok_or("nothing by facility")?;
    let found: u64 = rows.iter().filter_map(|row| row["found"].as_u64()).sum();
    let expected: f64 = rows.iter().filter_map(|row| row["expected"].as_f64()).sum();
    assert_eq!(found, count.div_ceil(3), "{told}");
    assert!(expected > 0.0);
    assert_eq!(told["per_search"]["said"]["code"], "cant_tell", "two facilities don't tell how facilities scatter");
    Ok(())
}

#[test]
fn with_too_little_there_is_no_number_but_what_it_would_take() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--quiet"])?.expect(0)?;
    let told = json(&desk, &["jamming"])?;
    assert!(told["jamming"]["result"].is_null() && told["trial"]["result"].is_null(), "{told}");
    let needed = told["jamming"]["needed"].as_array().ok_or("it doesn't say what it would take")?;
    assert!(needed.iter().any(|needed| needed["what"] == "jammed_sites"), "{told}");
    assert!(told["by_hours"].as_array().is_some_and(Vec::is_empty), "{told}");
    let spoken = desk.run(&[&["assess", "jamming"], &CASE[..]].concat())?.expect(0)?.out;
    assert!(spoken.contains("There is not enough to tell. It would take: "), "{spoken}");
    let told = json(&desk, &["routes"])?;
    assert!(told["arrivals"]["result"].is_null(), "{told}");
    Ok(())
}

#[test]
fn what_can_t_be_asked_is_refused_in_one_message() -> Outcome {
    let desk = Desk::with_investigation()?;
    let because = ["--because", "yearly report"];
    let ask = |words: &[&str]| desk.run(&[&["assess"], words, &CASE[..]].concat());
    assert!(ask(&["jamming"])?.expect(3)?.err.contains("--because"));
    assert!(ask(&[&["jamming"], &because[..]].concat())?.expect(3)?.err.contains("cellsweep trace"));
    ask(&["jamming", "--trial", "three"])?.expect(2)?;
    ask(&["routes", "--closed", "F001:tunnel:2025-04-20"])?.expect(2)?;
    let refused = ask(&[&["model", "--truth", "world/truth"], &because[..]].concat())?.expect(3)?;
    assert!(refused.err.contains("investigation"), "{}", refused.err);
    desk.run(&["world", "other", "--jam-effect", "0.3"])?.expect(2)?;
    desk.run(&["world", "other", "--jammed", "2", "--jam-effect", "1.3"])?.expect(2)?;
    Ok(())
}
