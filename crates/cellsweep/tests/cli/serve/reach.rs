//! How far roles reach: in which prisons, and what reaches nobody by a side page.

use std::collections::BTreeSet;
use std::error::Error;

use serde_json::{Value, json};

use super::super::Outcome;
use super::{Browser, Served};

const PASSWORD: &str = "three plain walls of brick";

fn list<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    value[name].as_array().into_iter().flatten().collect()
}

fn of<'a>(rows: &[&'a Value], name: &str) -> BTreeSet<&'a str> {
    rows.iter().filter_map(|row| row[name].as_str()).collect()
}

/// Somebody who joins the office with these roles, each in one prison or in all.
fn joins(served: &Served, name: &str, roles: &[(&str, Option<&str>)]) -> Result<Browser, Box<dyn Error>> {
    let roles: Vec<Value> =
        roles.iter().map(|(role, facility)| json!({ "role": role, "facility": facility })).collect();
    let person = json!({ "name": name, "sign_in": name, "roles": roles, "clearances": ["judicial"] });
    let invited = served.browser("administrator")?.ask("POST", "/people", Some(&person))?.expect(201)?;
    let accepted = json!({ "token": invited["invitation"], "password": PASSWORD });
    served.stranger().ask("POST", "/invitation", Some(&accepted))?.expect(204)?;
    served.sign_in(name, PASSWORD)
}

/// Two prisons where handsets are listed.
fn two_prisons(served: &Served) -> Result<(String, String), Box<dyn Error>> {
    let listed = served.browser("investigator")?.get("/handsets")?.expect(200)?;
    let mut ids = of(&list(&listed, "rows"), "facility").into_iter().map(str::to_owned);
    Ok((ids.next().ok_or("no prison")?, ids.next().ok_or("one prison")?))
}

fn first_handset(list: &Value) -> Result<&str, Box<dyn Error>> {
    Ok(list["rows"][0]["handset"].as_str().ok_or("no handset")?)
}

#[test]
fn two_roles_never_add_up_to_a_reach_that_neither_has() -> Outcome {
    let served = Served::demo()?;
    let (here, there) = two_prisons(&served)?;
    let there_list = served.browser("investigator")?.get(&format!("/handsets?facility={there}"))?.expect(200)?;
    let there_handset = first_handset(&there_list)?;
    let page = format!("/handsets/{there_handset}?facility={there}");

    let both = joins(&served, "both", &[("investigator", Some(&here)), ("commander", None)])?;
    let rows = both.get("/handsets")?.expect(200)?;
    assert_eq!(of(&list(&rows, "rows"), "facility"), BTreeSet::from([here.as_str()]));
    assert_eq!(list(&both.get(&format!("/handsets?facility={there}"))?.expect(200)?, "rows"), Vec::<&Value>::new());
    both.get(&page)?.expect(404)?;
    let judged = json!({ "decision": "confirm", "reason": "seen" });
    both.ask("POST", &format!("/handsets/{there_handset}/review"), Some(&judged))?.expect(404)?;
    let named = |browser: &Browser, id: &str| -> Result<usize, Box<dyn Error>> {
        let facility = browser.get(&format!("/facilities/{id}"))?.expect(200)?;
        let cells = list(&facility, "wings").into_iter().flat_map(|wing| list(wing, "floors"));
        Ok(cells.flat_map(|floor| list(floor, "cells")).map(|cell| list(cell, "handsets").len()).sum())
    };
    assert!(named(&both, &here)? > 0, "the commander's role sees the prison, the investigator's the handsets in it");
    assert_eq!(named(&both, &there)?, 0);

    // The analyst's role lists handsets everywhere, the investigator's says who may hold those of one prison.
    let also = joins(&served, "also", &[("analyst", None), ("investigator", Some(&here))])?;
    let rows = also.get("/handsets")?.expect(200)?;
    let with_cell: Vec<&Value> = list(&rows, "rows").into_iter().filter(|row| row["cell"].is_string()).collect();
    assert!(of(&list(&rows, "rows"), "facility").contains(there.as_str()));
    assert_eq!(of(&with_cell, "facility"), BTreeSet::from([here.as_str()]));
    let handset = also.get(&page)?.expect(200)?;
    assert_eq!((list(&handset, "holders").len(), list(&handset, "segments").len()), (0, 0));
    Ok(())
}

#[test]
fn a_plan_is_seen_prison_by_prison_and_decided_on_whole() -> Outcome {
    let served = Served::demo()?;
    let (investigator, magistrate) = (served.browser("investigator")?, served.browser("magistrate")?);
    let wide = json!({ "limits": { "raw": "cells = 6\ncells_per_facility = 2\n" } });
    let plan = investigator.ask("POST", "/plan", Some(&wide))?.expect(200)?;
    let prisons = of(&list(&plan, "rows"), "facility");
    let here = *prisons.first().ok_or("an empty plan")?;
    assert!(prisons.len() > 1, "{prisons:?}");

    let one = joins(&served, "one", &[("investigator", Some(here))])?;
    let seen = one.get("/plan")?.expect(200)?;
    assert_eq!(of(&list(&seen, "rows"), "facility"), BTreeSet::from([here]));
    assert_eq!(of(&list(&seen, "by_facility"), "facility"), BTreeSet::from([here]));
    let limits = json!({ "limits": { "cells": 4 } });
    for path in ["/plan/trial", "/plan"] {
        one.ask("POST", path, Some(&limits))?.expect(403)?;
    }
    let approval = json!({ "plan": plan["id"] });
    let approves = joins(&served, "approves", &[("magistrate", Some(here))])?;
    let refused = approves.ask("POST", "/plan/approve", Some(&approval))?.expect(403)?;
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("prisons that it was given for")), "{refused}");
    let may = approves.get("/me")?.expect(200)?["may"].clone();
    assert!(!may.as_array().is_some_and(|may| may.contains(&json!("plan.approve"))), "{may}");
    magistrate.ask("POST", "/plan/approve", Some(&approval))?.expect(200)?;
    let commands = joins(&served, "commands", &[("commander", Some(here))])?;
    commands.ask("POST", "/day", None)?.expect(403)?;
    served.browser("commander")?.ask("POST", "/day", None)?.expect(204)?;
    commands.get("/field/wall")?.expect(403)?;
    one.get("/field/wall")?.expect(403)?;
    served.browser("magistrate")?.get("/field/wall")?.expect(200)?;
    Ok(())
}

#[test]
fn a_custodian_sees_the_exhibits_of_the_prisons_that_the_role_reaches() -> Outcome {
    let served = Served::demo()?;
    let (here, there) = two_prisons(&served)?;
    for (item, facility) in [("P-1", &here), ("P-2", &there)] {
        let found = ["custody", "found", &format!("{item}=phone:black"), "--facility", facility, "--cell", "A-1"];
        let by = ["--by", "Lt. Roy", "--at", "2026-03-01T06:00:00Z", "--case", "d/case"];
        served.desk().run(&[&found[..], &by].concat())?.expect(0)?;
    }
    let (all, one) = (served.browser("custodian")?, joins(&served, "one", &[("custodian", Some(&here))])?);
    // A page is a second behind what others write.
    let items = |browser: &Browser, count| -> Result<Value, Box<dyn Error>> {
        for _ in 0..100 {
            let view = browser.get("/custody")?.expect(200)?;
            if list(&view, "exhibits").len() == count {
                return Ok(view);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Err(format!("there never were {count} exhibits").into())
    };
    assert_eq!(of(&list(&items(&all, 2)?, "exhibits"), "item"), BTreeSet::from(["P-1", "P-2"]));
    assert_eq!(of(&list(&items(&one, 1)?, "exhibits"), "item"), BTreeSet::from(["P-1"]));
    assert_eq!(all.get("/custody/P-2")?.expect(200)?["line"]["facility"], json!(there));
    one.get("/custody/P-1")?.expect(200)?;
    one.get("/custody/P-2")?.expect(404)?;
    let registers = [all.get("/register")?.expect(200)?, one.get("/register")?.expect(200)?];
    let [both, own] = [&registers[0], &registers[1]].map(|register| of(&list(register, "rows"), "facility"));
    assert!(both.is_superset(&BTreeSet::from([&*here, &*there])), "{both:?}");
    assert_eq!(own, BTreeSet::from([&*here]));
    all.get(&format!("/facilities/{here}"))?.expect(403)?;
    Ok(())
}

/// Cells of a plan that somebody is told of by a prison's page and the case's own.
fn told(browser: &Browser, facility: &str) -> Result<(usize, u64, Value), Box<dyn Error>> {
    let page = browser.get(&format!("/facilities/{facility}"))?.expect(200)?;
    let cells = list(&page, "wings").into_iter().flat_map(|wing| list(wing, "floors"));
    let planned = cells.flat_map(|floor| list(floor, "cells")).filter(|cell| cell["planned"] == true).count();
    let case = browser.get("/case")?.expect(200)?;
    let dots = list(&case, "facilities").into_iter().filter_map(|dot| dot["planned"].as_u64()).sum();
    let step = list(&case, "funnel").into_iter().find(|step| step["step"] == "planned").ok_or("no step")?;
    Ok((planned, dots, json!([case["planned"], step["count"].is_number()])))
}

#[test]
fn a_draft_is_told_nowhere_and_a_plan_to_nobody_who_may_not_see_it() -> Outcome {
    let served = Served::demo()?;
    let (investigator, analyst) = (served.browser("investigator")?, served.browser("analyst")?);
    let plan = investigator.get("/plan")?.expect(200)?;
    let row = list(&plan, "rows").into_iter().find(|row| row["cell"].is_string()).ok_or("no cell")?.clone();
    let facility = row["facility"].as_str().ok_or("no prison")?;
    assert_eq!(
        told(&investigator, facility)?,
        (0, 0, json!([true, true])),
        "a draft's cells stand on its own page alone"
    );
    assert_eq!(told(&analyst, facility)?, (0, 0, json!([false, false])));
    let magistrate = served.browser("magistrate")?;
    magistrate.ask("POST", "/plan/approve", Some(&json!({ "plan": plan["id"] })))?.expect(200)?;
    let (cells, all, _) = told(&investigator, facility)?;
    assert!(cells > 0 && all >= cells as u64);
    assert_eq!(told(&analyst, facility)?, (0, 0, json!([false, false])));
    Ok(())
}

#[test]
fn an_analyst_traces_and_attributes_nothing() -> Outcome {
    let served = Served::demo()?;
    let analyst = served.browser("analyst")?;
    let runs = |browser: &Browser| -> Result<Vec<String>, Box<dyn Error>> {
        let case = browser.get("/case")?.expect(200)?;
        Ok(list(&case, "runs").into_iter().filter_map(|run| run["step"].as_str()).map(str::to_owned).collect())
    };
    let before = runs(&analyst)?.len();
    let job = analyst.ask("POST", "/trace", None)?.expect(202)?["job"].clone();
    let ended = super::rights::wait_for(&analyst, &job)?;
    assert_eq!(ended["state"], "done", "{ended}");
    let after = runs(&analyst)?;
    assert_eq!(after[..after.len() - before], ["trace".to_owned()]);
    Ok(())
}

#[test]
fn a_look_at_a_handset_says_which_one_in_the_access_log() -> Outcome {
    let served = Served::demo()?;
    let investigator = served.browser("investigator")?;
    let rows = investigator.get("/handsets")?.expect(200)?;
    let all_digits = |name: &&str| name.len() >= 9 && name.bytes().all(|digit| digit.is_ascii_digit());
    let handset = of(&list(&rows, "rows"), "handset").into_iter().find(all_digits).ok_or("no handset has an IMEI")?;
    investigator.get(&format!("/handsets/{handset}"))?.expect(200)?;
    let page = served.browser("magistrate")?.get("/audit?log=access")?.expect(200)?;
    let look = list(&page, "entries").into_iter().find(|entry| entry["what"] == "consulted.explain");
    let refs = look.ok_or("the look isn't logged")?["refs"].clone();
    let named = refs[0].as_str().unwrap_or_default();
    assert!(named.starts_with("handset/x") && refs.as_array().is_some_and(|refs| refs.len() == 1), "{refs}");
    assert!(!page.to_string().contains(handset), "and no number is told");
    Ok(())
}

#[test]
fn findings_of_a_source_are_unfolded_for_those_who_are_cleared_for_it() -> Outcome {
    let served = Served::demo()?;
    let investigator = served.browser("investigator")?;
    let rows = investigator.get("/handsets")?.expect(200)?;
    let path = format!("/handsets/{}", first_handset(&rows)?);
    let open = investigator.get(&path)?.expect(200)?;
    assert!(list(&open, "findings").iter().all(|finding| finding["restricted"] == false));
    let administrator = served.browser("administrator")?;
    let people = administrator.get("/people")?.expect(200)?;
    let own = list(&people, "people").into_iter().find(|one| one["sign_in"] == "investigator").ok_or("nobody")?;
    let change = format!("/people/{}", own["id"].as_str().ok_or("no id")?);
    administrator.ask("PATCH", &change, Some(&json!({ "clearances": [] })))?.expect(200)?;
    let shut = investigator.get(&path)?.expect(200)?;
    let pairs: Vec<(&Value, &Value)> = list(&open, "findings").into_iter().zip(list(&shut, "findings")).collect();
    assert!(pairs.iter().all(|(open, shut)| open["log10_lr"] == shut["log10_lr"]), "what each weighs stays");
    let of_operators: Vec<_> =
        pairs.into_iter().filter(|(open, _)| open["source"]["en"] == "operators’ records").collect();
    assert!(!of_operators.is_empty(), "{open}");
    for (open, shut_one) in of_operators {
        assert_eq!((&shut_one["restricted"], &shut_one["sentence"]["en"]), (&json!(true), &json!("")), "{open}");
        let title = open["title"]["en"].as_str().ok_or("no title")?;
        let told = format!("Without \"{title}\"");
        let would_change = list(&shut, "would_change").into_iter().filter_map(|text| text["en"].as_str());
        assert_eq!(would_change.filter(|text| text.contains(&told)).count(), 0, "{}", shut["would_change"]);
    }
    Ok(())
}
