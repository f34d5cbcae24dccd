//! The search day in the office: made-up officers play it, command plans the rest anew.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Browser, Desk, Outcome, Served};

/// Longer than any machine takes for a few cells.
const PATIENCE: Duration = Duration::from_secs(120);

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Asks until the answer is one that is waited for.
fn wait(browser: &Browser, path: &str, enough: impl Fn(&Value) -> bool) -> Result<Value, Box<dyn std::error::Error>> {
    let begun = Instant::now();
    loop {
        let answer = browser.get(path)?.expect(200)?;
        if enough(&answer) {
            return Ok(answer);
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("{path} never came to what was waited for: {answer}").into());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

#[test]
fn the_rest_of_a_day_is_planned_anew_in_approved_cells() -> Outcome {
    let desk = Rc::new(Desk::new()?);
    let made = ["demo", "d", "--facilities", "3", "--days", "6", "--records", "60000", "--seed", "5", "--quiet"];
    desk.run(&made)?.expect(0)?;
    let play = ["demo", "d", "--sweep", "--speed", "400", "--listen", "127.0.0.1:0"];
    let served = Served::start(desk, &play)?;
    let commander = served.browser("commander")?;
    let changed = |anew: &Value| list(&anew["sites"]).count() > 0 && anew["searches"].as_u64() > Some(3);
    let anew = wait(&commander, "/day/anew", changed)?;
    let wall = commander.get("/field/wall")?.expect(200)?;
    let planned: BTreeSet<(&str, &str)> = list(&wall["sites"])
        .flat_map(|site| list(&site["cells_list"]).map(move |cell| (&site["facility"], &cell["cell"])))
        .filter_map(|(facility, cell)| Some((facility.as_str()?, cell.as_str()?)))
        .collect();
    for cell in list(&anew["sites"]).flat_map(|site| list(&site["cells"])) {
        let known = (cell["cell"]["facility"].as_str(), cell["cell"]["cell"].as_str());
        assert!(known.0.zip(known.1).is_some_and(|known| planned.contains(&known)), "{cell} is in no plan");
    }
    for change in list(&anew["sites"]).flat_map(|site| list(&site["changes"])) {
        assert_ne!(change["before"], change["after"], "what stays as it is isn't told");
    }

    let site = &anew["sites"][0];
    let give = |number: u64, cells: &Value| {
        let what =
            json!({ "kind": "replanned", "site": site["facility"], "number": number, "cells": cells, "why": "slow" });
        commander.ask("POST", "/field/command", Some(&json!({ "what": what })))
    };
    let number = site["number"].as_u64().ok_or("no number")?;
    let mut other = site["cells"].clone();
    other[0]["cell"]["cell"] = json!("Z-999");
    let refused = give(number, &other)?.expect(422)?;
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("Z-999 is not in the plan")), "{refused}");
    let french = refused["text"]["fr"].as_str();
    assert!(french.is_some_and(|why| why.contains("Z-999 n'est pas dans le plan approuvé")), "{refused}");
    give(number, &site["cells"])?.expect(201)?;
    give(number, &site["cells"])?.expect(422)?;
    // The investigator looks at the wall, and changes nothing there.
    let investigator = served.browser("investigator")?;
    investigator.get("/field/wall")?.expect(200)?;
    investigator.get("/day/anew")?.expect(403)?;
    let numbered = |anew: &Value| {
        list(&anew["sites"])
            .all(|one| one["facility"] != site["facility"] || one["number"].as_u64() == Some(number + 1))
    };
    wait(&commander, "/day/anew", numbered)?;
    // A wall that asks again and again is one look a session, and says of which plan's day.
    for _ in 0..3 {
        commander.get("/field/wall")?.expect(200)?;
    }
    let log = served.browser("magistrate")?.get("/audit?log=access")?.expect(200)?;
    let looks: Vec<&Value> = list(&log["entries"]).filter(|entry| entry["what"] == "consulted.wall").collect();
    let mut who: Vec<&str> = looks.iter().filter_map(|look| look["who"].as_str()).collect();
    who.sort_unstable();
    assert_eq!(who, ["commander (commander)", "investigator (investigator)"]);
    assert!(
        looks.iter().all(|look| look["refs"][0].as_str().is_some_and(|name| name.starts_with("run/"))),
        "{looks:?}"
    );
    Ok(())
}
