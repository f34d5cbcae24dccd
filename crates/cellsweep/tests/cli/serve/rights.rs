//! Who may what, asked over HTTP: every route for every role, and what is refused whoever asks.

use std::fmt::Write;

use serde_json::{Value, json};

use super::super::{Desk, Outcome};
use super::{Browser, Served};

/// A body that a route takes without doing anything: what it asks for isn't there, or can't be used.
fn harmless(path: &str) -> Value {
    match path {
        "/plan/trial" | "/plan" => json!({ "limits": { "raw": "no such limit = 1" } }),
        "/plan/approve" => json!({ "plan": "none" }),
        "/handsets/{handset}/review" => json!({ "decision": "comment", "reason": "" }),
        "/uploads" => json!({ "name": "../x", "size": 1 }),
        "/authorities" => json!({ "toml": "", "drawn_up_by": "investigator" }),
        "/people" => json!({ "name": "", "sign_in": "", "roles": [] }),
        "/people/{id}" => json!({}),
        _ => json!({}),
    }
}

/// Routes that are one's own account's, or nobody's: no role is asked.
const NO_ROLE: [&str; 7] = ["/session", "/me", "/invitation", "/organisation", "/health", "/metrics", "/events"];

#[test]
fn every_route_for_every_role() -> Outcome {
    let served = Served::demo()?;
    let document = served.stranger().get("/openapi.json")?.expect(200)?;
    let facility = served.browser("investigator")?.get("/case")?.expect(200)?["facilities"][0]["id"].clone();
    let facility = facility.as_str().ok_or("no facility")?.to_owned();
    // With an approved plan, so that the morning can be asked for.
    let plan = served.browser("magistrate")?.get("/plan")?.expect(200)?["id"].clone();
    served.browser("magistrate")?.ask("POST", "/plan/approve", Some(&json!({ "plan": plan })))?.expect(200)?;
    let browsers: Vec<(String, Browser)> = served
        .logins
        .iter()
        .map(|(role, ..)| Ok((role.clone(), served.browser(role)?)))
        .collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let mut table = String::from("| route |");
    browsers.iter().try_for_each(|(role, _)| write!(table, " {} |", role.replace('_', " ")))?;
    write!(table, "\n|---|{}\n", "---|".repeat(browsers.len()))?;
    for (path, methods) in document["paths"].as_object().ok_or("no paths")? {
        if NO_ROLE.iter().any(|open| path == open || path.starts_with(&format!("{open}/"))) {
            continue;
        }
        // One that starts work is asked of nobody here: what it does is told elsewhere.
        if path == "/trace" {
            continue;
        }
        for method in methods.as_object().ok_or("no methods")?.keys() {
            let asked = path.replace("{id}", if path.starts_with("/facilities") { &facility } else { "none" });
            let asked = asked.replace("{facility}", &facility).replace("{handset}", "none").replace("{item}", "none");
            let asked = asked.replace("{other}", "none");
            let body = (method != "get").then(|| harmless(path));
            write!(table, "| {} {path} |", method.to_uppercase())?;
            for (role, browser) in &browsers {
                let answer = browser.ask(&method.to_uppercase(), &asked, body.as_ref())?;
                assert!(answer.status < 500, "{role} {method} {path}: {}", answer.body);
                let may = if answer.status == 403 { "" } else { "yes" };
                write!(table, " {may} |")?;
            }
            table.push('\n');
        }
        let stranger = served.stranger().ask("GET", path, None)?;
        assert!(matches!(stranger.status, 401 | 405), "a stranger at {path}: {}", stranger.status);
    }
    insta::assert_snapshot!("every_route_for_every_role", table);
    Ok(())
}

#[test]
fn what_is_forged_stale_or_too_large_is_refused() -> Outcome {
    let served = Served::demo()?;
    let investigator = served.browser("investigator")?;
    let forged =
        Browser { cookie: "cellsweep=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(), ..investigator.clone() };
    forged.get("/case")?.expect(401)?;
    let alone = Browser { csrf: String::new(), ..investigator.clone() };
    alone.ask("POST", "/plan/trial", Some(&json!({ "limits": {} })))?.expect(403)?;
    let administrator = served.browser("administrator")?;
    administrator.get("/handsets")?.expect(403)?;
    administrator.get("/case")?.expect(403)?;
    for name in ["../records.csv", "a/b.csv", "..", ".hidden", "C:\\x", "records\n.csv"] {
        let refused = investigator.ask("POST", "/uploads", Some(&json!({ "name": name, "size": 10 })))?.expect(422)?;
        assert_eq!(refused["fields"][0]["name"], "name", "{name}");
    }
    let ten_gigabytes = json!({ "name": "records.csv", "size": 10_u64 << 30 });
    let begun = investigator.ask("POST", "/uploads", Some(&ten_gigabytes))?.expect(201)?;
    let id = begun["id"].as_str().ok_or("no id")?;
    let piece = vec![b'x'; (8 << 20) + 2];
    let too_much = investigator.send("PATCH", &format!("/uploads/{id}"), Some(&piece), &[("upload-offset", "0")])?;
    assert_eq!(too_much.status, 413, "{}", too_much.body);
    investigator.ask("POST", &format!("/uploads/{id}/import"), None)?.expect(409)?;
    let another = served.browser("analyst")?;
    let taken = another.send("PATCH", &format!("/uploads/{id}"), Some(b"x"), &[("upload-offset", "0")])?;
    assert!(matches!(taken.status, 403 | 404), "another's upload: {}", taken.status);
    let wrong =
        investigator.ask("POST", "/plan/trial", Some(&json!({ "limits": { "raw": "cels = 5" } })))?.expect(422)?;
    assert_eq!(wrong["fields"][0]["name"], "raw");
    investigator.ask("DELETE", "/session", None)?.expect(204)?;
    investigator.get("/me")?.expect(401)?;
    Ok(())
}

#[test]
fn an_upload_goes_on_where_it_broke_off_and_is_imported() -> Outcome {
    let served = Served::demo()?;
    let investigator = served.browser("investigator")?;
    let text = "time,facility,cell,detector,officers,minutes,found\n2026-01-05T06:00:00Z,F01,A-0-01,visual,2,20,0\n";
    let asked = json!({ "name": "searches.csv", "size": text.len() });
    let begun = investigator.ask("POST", "/uploads", Some(&asked))?.expect(201)?;
    let path = format!("/uploads/{}", begun["id"].as_str().ok_or("no id")?);
    let (first, rest) = text.as_bytes().split_at(30);
    investigator.send("PATCH", &path, Some(first), &[("upload-offset", "0")])?.expect(200)?;
    let again = investigator.send("PATCH", &path, Some(first), &[("upload-offset", "0")])?.expect(409)?;
    assert_eq!(again["offset"], 30, "where the answer was lost, the server says where it goes on");
    let all = investigator.send("PATCH", &path, Some(rest), &[("upload-offset", "30")])?.expect(200)?;
    assert_eq!(all["offset"].as_u64(), Some(text.len() as u64));
    let job = investigator.ask("POST", &format!("{path}/import"), None)?.expect(202)?["job"].clone();
    let ended = wait_for(&investigator, &job)?;
    assert_eq!(ended["state"], "done", "{ended}");
    let imports = investigator.get("/imports")?.expect(200)?;
    assert_eq!(
        (imports["imports"][0]["table"].as_str(), imports["imports"][0]["rows"].as_u64()),
        (Some("searches"), Some(1))
    );
    Ok(())
}

pub fn wait_for(browser: &Browser, job: &Value) -> Result<Value, Box<dyn std::error::Error>> {
    for _ in 0..600 {
        let jobs = browser.get("/jobs")?.expect(200)?;
        let found = jobs.as_array().into_iter().flatten().find(|one| one["id"] == *job).cloned();
        if let Some(ended) = found.filter(|one| one["state"] != "running") {
            return Ok(ended);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Err("the job did not end".into())
}

#[test]
fn an_investigation_is_looked_into_with_a_reason_and_the_look_is_logged() -> Outcome {
    let desk = Desk::with_investigation()?;
    let served = Served::start(desk.into(), &["serve", "--case", "case", "--listen", "127.0.0.1:0"])?;
    // The first administrator's invitation stands on the screen; here the office's own folder is asked instead.
    let invitation = served.desk().run(&["serve", "--case", "case", "--invite", "administrator"])?;
    let token = invitation.out.split('#').nth(1).and_then(|rest| rest.split(' ').next()).ok_or("no invitation")?;
    let accepted = json!({ "token": token, "password": "three plain walls of brick" });
    let weak = json!({ "token": token, "password": "passwordpassword" });
    let weak = served.stranger().ask("POST", "/invitation", Some(&weak))?.expect(422)?;
    let said = weak["fields"][0]["text"]["fr"].as_str().ok_or("no French")?;
    assert!(said.starts_with("Le mot de passe est fait de mots courants"), "{said}");
    served.stranger().ask("POST", "/invitation", Some(&accepted))?.expect(204)?;
    served.stranger().ask("POST", "/invitation", Some(&accepted))?.expect(409)?;
    let mut administrator = served.sign_in("administrator", "three plain walls of brick")?;
    // In an investigation a password alone opens one's own account and nothing else.
    let refused = administrator.get("/people")?.expect(403)?;
    assert_eq!(refused["type"], "/problems/second-factor");
    let rule = "Avec un mot de passe seul, on sécurise son propre compte et rien d'autre.";
    assert_eq!((&refused["text"]["fr"], &refused["text"]["en"]), (&json!(rule), &refused["detail"]));
    administrator.reason = Some("enqu%C3%AAte%2012");
    administrator.get("/case")?.expect(403)?;
    Ok(())
}
