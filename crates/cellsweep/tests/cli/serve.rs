//! The office: the real program serving a real case, asked over HTTP as browsers ask it.

mod day;
mod organisation;
mod outside;
mod plans;
mod reach;
mod rights;
mod safe;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::rc::Rc;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

use super::{Desk, Outcome};

/// A server that lives as long as this.
pub struct Served {
    child: Child,
    /// Where it is.
    pub page: String,
    /// Names and passwords, by role.
    pub logins: Vec<(String, String, String)>,
    desk: Rc<Desk>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Answer {
    fn of(mut response: Response<ureq::Body>) -> Result<Self, Box<dyn Error>> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.body_mut().read_to_vec()?;
        Ok(Self { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() })
    }

    pub fn json(&self) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&self.body).map_err(|error| format!("{error}: {}", self.body))?)
    }

    /// The answer as JSON, if its status is this.
    pub fn expect(&self, status: u16) -> Result<Value, Box<dyn Error>> {
        assert_eq!(self.status, status, "{}", self.body);
        if self.body.is_empty() { Ok(Value::Null) } else { self.json() }
    }
}

/// Somebody at a desk.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    pub api: String,
    pub cookie: String,
    pub csrf: String,
    pub reason: Option<&'static str>,
}

impl Browser {
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, Box<dyn Error>> {
        let bytes = body.map(|body| body.to_string().into_bytes());
        self.send(method, path, bytes.as_deref(), &[("content-type", "application/json")])
    }

    pub fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, Box<dyn Error>> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.api));
        let own = [("cookie", self.cookie.as_str()), ("x-csrf", self.csrf.as_str())];
        let reason = self.reason.map(|reason| ("x-reason", reason));
        for (name, value) in headers.iter().copied().chain(own).chain(reason).filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        let answered = match body {
            Some(bytes) => self.agent.run(request.body(bytes)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        Answer::of(answered)
    }

    pub fn get(&self, path: &str) -> Result<Answer, Box<dyn Error>> {
        self.ask("GET", path, None)
    }
}

impl Served {
    /// A small made-up country, traced, with one login for each role.
    pub fn demo() -> Result<Self, Box<dyn Error>> {
        let desk = Desk::new()?;
        let made = ["demo", "d", "--facilities", "3", "--days", "6", "--records", "60000", "--seed", "5", "--quiet"];
        desk.run(&made)?.expect(0)?;
        Self::start(Rc::new(desk), &["demo", "d", "--serve", "--listen", "127.0.0.1:0"])
    }

    /// Starts the program and waits until it says where it is.
    pub fn start(desk: Rc<Desk>, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut command = desk.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let out = child.stdout.take().ok_or("no stdout")?;
        let mut served = Self { child, page: String::new(), logins: Vec::new(), desk };
        for line in BufReader::new(out).lines() {
            let line = line?;
            if let Some(page) = line.strip_prefix("the office is open: ") {
                page.clone_into(&mut served.page);
                return Ok(served);
            }
            if let [role, name, password] = line.split_whitespace().collect::<Vec<_>>()[..] {
                served.logins.push((role.to_owned(), name.to_owned(), password.to_owned()));
            }
        }
        Err("the program ended without saying where it is".into())
    }

    /// The same office, opened by another command once this one has ended.
    pub fn again(mut self, arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        self.kill();
        let mut again = Self::start(self.desk.clone(), arguments)?;
        again.logins = std::mem::take(&mut self.logins);
        Ok(again)
    }

    pub fn desk(&self) -> &Rc<Desk> {
        &self.desk
    }

    /// Ends it as a loss of power would.
    pub fn kill(&mut self) {
        // What had ended by itself is no concern here.
        _ = self.child.kill();
        _ = self.child.wait();
    }

    pub fn stranger(&self) -> Browser {
        let agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
        let api = format!("{}/api/v1", self.page.replace("localhost", "127.0.0.1"));
        Browser { agent, api, cookie: String::new(), csrf: String::new(), reason: None }
    }

    pub fn browser(&self, role: &str) -> Result<Browser, Box<dyn Error>> {
        let (_, name, password) = self.logins.iter().find(|login| login.0 == role).ok_or("no such role")?;
        self.sign_in(name, password)
    }

    pub fn sign_in(&self, name: &str, password: &str) -> Result<Browser, Box<dyn Error>> {
        let mut browser = self.stranger();
        let answer = browser.ask("POST", "/session", Some(&json!({ "name": name, "password": password })))?;
        let csrf = answer.expect(200)?["csrf"].as_str().ok_or("no csrf")?.to_owned();
        let cookie = answer.headers.get("set-cookie").ok_or("no cookie")?.to_str()?;
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        cookie.split(';').next().unwrap_or_default().clone_into(&mut browser.cookie);
        browser.csrf = csrf;
        Ok(browser)
    }
}

#[test]
fn from_the_case_to_an_approved_plan() -> Outcome {
    let served = Served::demo()?;
    let investigator = served.browser("investigator")?;
    let case = investigator.get("/case")?.expect(200)?;
    assert_eq!((case["kind"].as_str(), case["traced"].as_bool()), (Some("exercise"), Some(true)));
    assert_eq!(case["facilities"].as_array().map(Vec::len), Some(3));
    let list = investigator.get("/handsets")?.expect(200)?;
    let first = &list["rows"][0];
    let (handset, facility) = (first["handset"].as_str().ok_or("none")?, first["facility"].as_str().ok_or("none")?);
    let page = investigator.get(&format!("/handsets/{handset}?facility={facility}"))?.expect(200)?;
    let sum: f64 = page["findings"].as_array().into_iter().flatten().filter_map(|one| one["log10_lr"].as_f64()).sum();
    assert!((sum - page["row"]["log10_lr"].as_f64().ok_or("no weight")?).abs() < 1e-6, "the findings add up");
    assert!(
        page["activity"]["here"]
            .as_array()
            .is_some_and(|hours| hours.len() as u64 == 24 * page["activity"]["days"].as_u64().unwrap_or(0))
    );
    let reviewed = json!({ "decision": "confirm", "reason": "seen by the sensor in wing B" });
    investigator.ask("POST", &format!("/handsets/{handset}/review"), Some(&reviewed))?.expect(201)?;
    let again = investigator.get("/handsets")?.expect(200)?;
    assert_eq!(again["rows"][0]["decision"], "confirm");
    let facility = investigator.get(&format!("/facilities/{facility}"))?.expect(200)?;
    assert!(facility["wings"].as_array().is_some_and(|wings| !wings.is_empty()));

    let limits = json!({ "limits": { "cells": 6, "facilities": 2 } });
    let trial = investigator.ask("POST", "/plan/trial", Some(&limits))?.expect(200)?;
    assert!(trial["id"].is_null() && trial["cells"].as_u64() <= Some(6));
    assert_eq!(trial["limits"]["waves"], 0, "none are named, and none are made up");
    let before = investigator.get("/plan")?.expect(200)?;
    let plan = investigator.ask("POST", "/plan", Some(&limits))?.expect(200)?;
    assert_ne!(before["id"], plan["id"], "a trial is not kept, a plan is");
    assert!(plan["value"].as_f64() <= plan["bound"].as_f64().map(|bound| bound + 1e-9));
    let approval = json!({ "plan": plan["id"] });
    investigator.ask("POST", "/plan/approve", Some(&approval))?.expect(403)?;
    let magistrate = served.browser("magistrate")?;
    magistrate.ask("POST", "/plan/approve", Some(&json!({ "plan": before["id"] })))?.expect(409)?;
    let approved = magistrate.ask("POST", "/plan/approve", Some(&approval))?.expect(200)?;
    assert_eq!(approved["approved_by"], "magistrate (magistrate)");
    let brief = magistrate
        .get(&format!("/plan/brief/{}?lang=fr", approved["by_facility"][0]["facility"].as_str().ok_or("none")?))?;
    assert_eq!((brief.status, brief.headers["content-type"].to_str()?), (200, "application/pdf"));
    Ok(())
}

#[test]
fn the_pages_that_were_built_are_in_the_program() -> Outcome {
    let served = Served::demo()?;
    let shell = ureq::get(&served.page.replace("localhost", "127.0.0.1")).call()?.body_mut().read_to_string()?;
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/index.html").exists();
    let has_pages = shell.contains("/assets/");
    assert_eq!(has_pages, built, "`cargo xtask web` builds the pages, and the next build brings them along: {shell}");
    Ok(())
}

/// The browsers' types are generated from this file, and held against those that pages are written with.
#[test]
fn the_pages_types_are_made_of_what_the_server_says() -> Outcome {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/openapi.json");
    let said = cellsweep_server::openapi()? + "\n";
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(&path, &said)?;
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    assert_eq!(kept, serde_json::from_str::<Value>(&said)?, "CELLSWEEP_BLESS=1 writes web/openapi.json anew");
    Ok(())
}
