//! From an attributed case to a plan, its update and its approval.

use std::collections::BTreeSet;

use crate::{Desk, Outcome};

/// A field of each row of a CSV text.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let position = header.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    lines.map(|line| line.split(',').nth(position).unwrap_or_default().to_owned()).collect()
}

fn attributed() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    Ok(desk)
}

#[test]
fn run_writes_a_plan_within_the_operations_limits_and_so_does_plan() -> Outcome {
    let desk = attributed()?;
    let operation: serde_json::Value = serde_json::from_str(&desk.read("world/case/operation.json")?)?;
    let text = desk.read("out/plan.csv")?;
    let cells = column(&text, "cell");
    let facilities: BTreeSet<String> = column(&text, "facility").into_iter().collect();
    assert!(!cells.is_empty() && cells.len() as u64 <= operation["cells"].as_u64().unwrap_or_default());
    assert!(facilities.len() as u64 <= operation["facilities"].as_u64().unwrap_or_default());
    assert!(column(&text, "target").iter().all(|target| target == "cell"));
    let (count, most) = (operation["cells"].to_string(), operation["facilities"].to_string());
    let at = operation["time"].as_str().ok_or("no time")?;
    let words = ["plan", "--case", "case", "--at", at, "--cells", &count, "--facilities", &most, "-o", "again.csv"];
    desk.run(&words)?.expect(0)?;
    assert!(desk.read("again.csv")? == text, "the plans differ");
    Ok(())
}

#[test]
fn teams_waves_and_what_was_searched_since() -> Outcome {
    let desk = attributed()?;
    let limits = "cells = 12\nfacilities = 2\nwaves = 3\nwave_minutes = 60\nrelease = \"2999-01-01T00:00:00Z\"\n\
                  [[teams]]\nname = \"A\"\ndetectors = [\"nonlinear_junction\"]\n[[teams]]\nname = \"dog\"\n\
                  detectors = [\"dog\"]\n";
    std::fs::write(desk.path("limits.toml"), limits)?;
    let make = ["plan", "--case", "case", "--limits", "limits.toml", "--output", "plan.csv", "--json"];
    let made = desk.run(&make)?.expect(0)?.json()?;
    assert!(made["gap"].as_f64().is_some_and(|gap| gap < 0.05), "{made}");
    assert!(column(&desk.read("plan.csv")?, "cell").is_empty(), "a file holds what is released");

    // Not released: nobody sees a cell, one person alone gets an error, two get the list.
    let shown = desk.run(&["plan", "show", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(shown.as_array().map(Vec::len), Some(0));
    let told = desk.run(&["plan", "show", "--case", "case"])?.expect(0)?.out;
    assert!(told.starts_with("nothing of the plan is open to you now"), "{told}");
    desk.run(&["plan", "show", "--case", "case", "--early-by", "A. Roy"])?.expect(3)?;
    desk.run(&["plan", "show", "--case", "case", "--early-by", "A. Roy", "--early-by", "a. roy"])?.expect(3)?;
    let early = ["plan", "show", "--case", "case", "--early-by", "A. Roy", "--early-by", "B. Lin", "--output", "s.csv"];
    desk.run(&early)?.expect(0)?;
    let plan = desk.read("s.csv")?;
    assert!((1..=12).contains(&column(&plan, "cell").len()), "{plan}");
    let brief = ["plan", "brief", "--case", "case", "--out", "briefs"];
    let told = desk.run(&brief)?.expect(0)?.out;
    assert!(told.starts_with("nothing of the plan is open to you now"), "{told}");
    desk.run(&[&brief[..], &["--early-by", "A. Roy"]].concat())?.expect(3)?;
    desk.run(&[&brief[..], &["--early-by", "A. Roy", "--early-by", "B. Lin"]].concat())?.expect(0)?;
    assert!(desk.path("briefs/command-plan00004-copy01.pdf").exists());

    let (facility, cell) = (&column(&plan, "facility")[0], &column(&plan, "cell")[0]);
    let start = &column(&plan, "start")[0];
    let done = format!("time,facility,cell,detector,officers,minutes,found\n{start},{facility},{cell},dog,2,20,0\n");
    std::fs::write(desk.path("done.csv"), done)?;
    desk.run(&["plan", "update", "--case", "case", "--searches", "done.csv"])?.expect(0)?;
    desk.run(&early)?.expect(0)?;
    let rest = desk.read("s.csv")?;
    assert!(column(&rest, "cell").len() <= 11);
    assert!(column(&rest, "wave").iter().all(|wave| wave != "1"), "the first wave is over");
    let pairs: Vec<(String, String)> = column(&rest, "facility").into_iter().zip(column(&rest, "cell")).collect();
    assert!(!pairs.contains(&(facility.clone(), cell.clone())), "searched already");
    let facilities: BTreeSet<&String> = pairs.iter().map(|pair| &pair.0).chain([facility]).collect();
    assert!(facilities.len() <= 2);
    desk.run(&["plan", "approve", "--case", "case", "--by", "Judge Lin"])?.expect(0)?;

    // Under an authority that has lapsed nobody can take it on.
    let lapsed = "cells = 3\n[authority]\nreference = \"R 1\"\nvalid_until = \"2020-01-01T00:00:00Z\"\n";
    std::fs::write(desk.path("lapsed.toml"), lapsed)?;
    desk.run(&["plan", "--case", "case", "--limits", "lapsed.toml"])?.expect(0)?;
    let refused = desk.run(&["plan", "approve", "--case", "case", "--by", "Judge Lin"])?.expect(3)?.err;
    assert!(refused.contains("the authority R 1 lapsed at 2020-01-01"), "{refused}");
    Ok(())
}

#[test]
fn limits_that_cant_be_used_or_met_say_why() -> Outcome {
    let desk = attributed()?;
    let plan = desk.read("out/plan.csv")?;
    let (facility, cell) = (&column(&plan, "facility")[0], &column(&plan, "cell")[0]);
    let said = |text: &str| -> Result<String, Box<dyn std::error::Error>> {
        std::fs::write(desk.path("limits.toml"), text)?;
        let ended = desk.run(&["plan", "--case", "case", "--limits", "limits.toml"])?;
        assert_eq!(ended.code, 3, "{text}");
        Ok(ended.err)
    };
    let unknown = said("\ncels = 3")?;
    assert!(
        unknown.contains("limits.toml:2: unknown field `cels`") && unknown.contains("did you mean `cells`?"),
        "{unknown}"
    );
    assert!(said("control_share = 0.1")?.contains("control_share needs an authority that says control_cells = true"));
    let must = format!("[[must]]\nfacility = \"{facility}\"\ncells = [\"{cell}\"]\n");
    let conflict = said(&format!("facilities = 0\ncells = 5\n{must}"))?;
    let expected = format!("at most 0 facilities; {cell} of {facility} have to be searched");
    assert!(conflict.contains(&expected) && !conflict.contains("5 cells"), "{conflict}");
    let outside = said(&format!("{must}[authority]\nreference = \"R 1\"\nfacilities = [\"elsewhere\"]"))?;
    assert!(outside.contains(&format!("cell {cell} of {facility} has to be searched, but the authority")), "{outside}");

    let closed = format!(
        "readers = [\"A\", \"B\"]\n[[exclude]]\nfacility = \"{facility}\"\ncells = [\"{cell}\"]\nreason = \"source\""
    );
    std::fs::write(desk.path("closed.toml"), closed)?;
    let make = ["plan", "--case", "case", "--exclusions", "closed.toml", "--output", "without.csv", "--json"];
    let ended = desk.run(&make)?.expect(0)?;
    let without = desk.read("without.csv")?;
    let pairs: Vec<(String, String)> = column(&without, "facility").into_iter().zip(column(&without, "cell")).collect();
    assert!(!pairs.contains(&(facility.clone(), cell.clone())));
    let manifest = desk.read("case/manifest.json")?;
    assert!(!ended.out.contains("source") && !manifest.contains("exclu") && !manifest.contains("closed.toml"));
    Ok(())
}

#[test]
fn a_plan_states_what_detectors_find_in_which_hiding_places() -> Outcome {
    let desk = attributed()?;
    let plan = kept(&desk, "case")?;
    let detection = &plan["detection"];
    let hiding = &detection["hiding"];
    assert!(hiding["finds"].as_u64() > Some(0), "{hiding}");
    let whole = |mix: &serde_json::Value| {
        let shares = mix.as_object().into_iter().flatten().filter_map(|(_, share)| share.as_f64());
        (shares.sum::<f64>() - 1.0).abs() < 1e-9
    };
    assert!(whole(&hiding["mix"]), "{hiding}");
    let facilities = hiding["facilities"].as_object().ok_or("no facilities")?;
    assert!(!facilities.is_empty() && facilities.values().all(whole), "{hiding}");
    let sight = &detection["rows"][0];
    assert!(sight["by_hiding_place"]["open"].as_f64() > sight["by_hiding_place"]["body"].as_f64(), "{sight}");
    assert!(detection["source"].as_str().is_some_and(|source| source.contains("estimates")), "{detection}");
    Ok(())
}

/// The latest plan as the case keeps it.
fn kept(desk: &Desk, case: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let manifest = desk.manifest(case)?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let runs = events.iter().filter(|event| event["run"]["step"] == "plan");
    let run = runs.filter_map(|event| event["run"]["id"].as_str()).next_back().ok_or("no plan")?;
    Ok(serde_json::from_str(&desk.read(&format!("{case}/runs/{run}/plan.json"))?)?)
}
