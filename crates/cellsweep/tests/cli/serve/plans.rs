//! Plans that a case keeps, compared over HTTP; a closed list shows nowhere.

use serde_json::{Value, json};

use super::super::Outcome;
use super::{Browser, Served};

fn list<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    value[name].as_array().into_iter().flatten().collect()
}

/// The names of kept plans, the latest first, once there are so many: a page is a second behind what others write.
fn kept(browser: &Browser, count: usize) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    for _ in 0..600 {
        let plans = browser.get("/plan/kept")?.expect(200)?;
        let ids: Vec<String> =
            plans.as_array().into_iter().flatten().filter_map(|plan| plan["id"].as_str()).map(str::to_owned).collect();
        if ids.len() == count {
            return Ok(ids);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Err(format!("the case never kept {count} plans").into())
}

fn limits(text: &str) -> Value {
    json!({ "limits": { "raw": text } })
}

#[test]
fn two_plans_are_compared_by_what_is_open_in_both() -> Outcome {
    let served = Served::demo()?;
    let (investigator, commander) = (served.browser("investigator")?, served.browser("commander")?);
    for text in ["cells = 12\n", "cells = 6\nfacilities = 2\n"] {
        investigator.ask("POST", "/plan", Some(&limits(text)))?.expect(200)?;
    }
    let ids = kept(&commander, 3)?;
    let compared = commander.get(&format!("/plan/kept/{}/against/{}", ids[0], ids[1]))?.expect(200)?;
    assert_eq!((compared["one"]["id"].as_str(), compared["other"]["id"].as_str()), (Some(&*ids[0]), Some(&*ids[1])));
    assert_eq!(
        compared["limits"],
        json!([{ "limit": "cells", "one": "6", "other": "12" }, { "limit": "facilities", "one": "2", "other": null }])
    );
    assert!(list(&compared["one"], "curve").len() > 1 && list(&compared["other"], "facility_curve").len() > 1);
    assert_eq!(compared["closed"], 0);
    // Cells in one alone, taken from and added to the other's, are all that tells them apart.
    let mut differ = 0;
    for facility in list(&compared, "facilities") {
        let cells = |plan: &str, id: &Value| {
            let rows = compared[plan]["rows"].as_array().into_iter().flatten();
            rows.filter(|row| row["facility"] == *id).map(|row| row["cell"].clone()).collect::<Vec<_>>()
        };
        let (one, other) = (cells("one", &facility["facility"]), cells("other", &facility["facility"]));
        for (alone, these, those) in [("only_one", &one, &other), ("only_other", &other, &one)] {
            for cell in list(facility, alone) {
                assert!(these.contains(&cell["cell"]) && !those.contains(&cell["cell"]), "{facility}");
                differ += 1;
            }
        }
        assert_eq!(facility["one"]["cells"].as_u64().unwrap_or(0), one.len() as u64, "{facility}");
    }
    assert!(differ > 0, "{compared}");
    commander.get(&format!("/plan/kept/{}/against/none", ids[0]))?.expect(404)?;
    served.browser("custodian")?.get(&format!("/plan/kept/{}/against/{}", ids[0], ids[1]))?.expect(403)?;
    served.browser("prison_security")?.get("/plan/kept")?.expect(403)?;

    // Before its hour nothing of a plan's cells is told, whichever plan it is held against.
    let later = limits("cells = 6\nrelease = \"2999-01-01T00:00:00Z\"\n");
    investigator.ask("POST", "/plan", Some(&later))?.expect(200)?;
    let shut = kept(&commander, 4)?;
    let compared = commander.get(&format!("/plan/kept/{}/against/{}", shut[0], ids[0]))?.expect(200)?;
    assert_eq!((list(&compared["one"], "rows").len(), compared["one"]["cells"].as_u64()), (0, Some(6)));
    let open: Vec<&Value> = list(&compared, "facilities").into_iter().filter(|one| !one["one"].is_null()).collect();
    assert_eq!(open, Vec::<&Value>::new());
    assert!(compared["closed"].as_u64() > Some(0));
    Ok(())
}

#[test]
fn what_is_left_out_for_a_closed_reason_shows_in_no_difference() -> Outcome {
    let served = Served::demo()?;
    let magistrate = served.browser("magistrate")?;
    let plan = magistrate.get("/plan")?.expect(200)?;
    let row = list(&plan, "rows").into_iter().find(|row| row["cell"].is_string()).ok_or("no cell")?.clone();
    let (facility, cell) = (row["facility"].as_str().ok_or("none")?, row["cell"].as_str().ok_or("none")?);
    let closed = format!(
        "readers = [\"A. Reader\", \"B. Reader\"]\n[[exclude]]\nfacility = \"{facility}\"\ncells = [\"{cell}\"]\nreason = \"an informer\""
    );
    std::fs::write(served.desk().path("closed.toml"), closed)?;
    served.desk().run(&["plan", "--case", "d/case", "--exclusions", "closed.toml"])?.expect(0)?;
    let ids = kept(&magistrate, 2)?;
    let answer = magistrate.get(&format!("/plan/kept/{}/against/{}", ids[0], ids[1]))?;
    let compared = answer.expect(200)?;
    let rows = list(&compared["one"], "rows");
    assert!(!rows.iter().any(|row| row["facility"] == facility && row["cell"] == cell), "it is left out");
    for word in ["informer", "exclu", "Reader", "closed.toml"] {
        assert!(!answer.body.contains(word), "{word} is told");
    }
    for side in ["one", "other"] {
        let raw = compared[side]["limits"]["raw"].as_str().ok_or("no limits")?;
        assert!(raw.contains("must_not = []"), "the limits that are told name no cell: {raw}");
    }
    Ok(())
}
