//! Signing in by an organisation: a browser's way to a real provider and back to the real server.

use std::collections::BTreeMap;

use serde_json::json;
use ureq::Agent;

use super::super::Outcome;
use super::{Answer, Browser, Served};
use provider::{Provider, SECRET};

#[path = "../../../../cellsweep-accounts/tests/it/provider/process.rs"]
mod provider;

/// Where the provider sends browsers back to; here they are taken to the server that the test started.
const REDIRECT: &str = "https://office.example/api/v1/organisation/back";
const SERVE: [&str; 11] = [
    "serve",
    "--case",
    "d/case",
    "--office",
    "d/office",
    "--listen",
    "127.0.0.1:0",
    "--organisation",
    "organisation.toml",
    "--organisation-secret",
    "secret",
];

fn file(issuer: &str) -> String {
    format!(
        r#"
        name = "Ministry of the tests"
        issuer = "{issuer}"
        client_id = "cellsweep"
        redirect = "{REDIRECT}"
        scopes = ["profile", "groups"]
        # The machine may have other things to do.
        patience_seconds = 300

        [[role]]
        claim = "groups"
        value = "investigators"
        role = "investigator"
        cases = ["*"]
        facilities = ["*"]
        "#
    )
}

/// A header that is there.
fn header<'a>(answer: &'a Answer, name: &str) -> Result<&'a str, Box<dyn std::error::Error>> {
    Ok(answer.headers.get(name).ok_or_else(|| format!("no {name}: {} {}", answer.status, answer.body))?.to_str()?)
}

/// Signs in at the provider, whose pages are opened one after the other; what it sends back, as a path of the server.
fn sign_in_there(issuer: &str, begin: &str, who: &str) -> Result<String, Box<dyn std::error::Error>> {
    let agent: Agent = Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent();
    let (mut cookies, mut url) = (BTreeMap::new(), begin.to_owned());
    for _ in 0..10 {
        if url.contains("/sign-in/") {
            url = format!("{url}?as={who}&amr=mfa");
        }
        let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = Answer::of(agent.get(&url).header("cookie", jar.join("; ")).call()?)?;
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').ok_or("a cookie without a value")?;
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let next = header(&answer, "location")?;
        if let Some(query) = next.strip_prefix(REDIRECT) {
            return Ok(format!("/organisation/back{query}"));
        }
        url = if next.starts_with("http") { next.to_owned() } else { format!("{issuer}{next}") };
    }
    Err("the provider sends the browser round and round".into())
}

/// Goes there and comes back: what the server answers then, and with which cookie.
fn comes_back(browser: &Browser, issuer: &str, who: &str) -> Result<Answer, Box<dyn std::error::Error>> {
    let sent = browser.get("/organisation")?;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let away = header(&sent, "set-cookie")?;
    assert!(away.contains("HttpOnly") && away.contains("SameSite=Lax"), "{away}");
    let away = away.split(';').next().unwrap_or_default().to_owned();
    let path = sign_in_there(issuer, header(&sent, "location")?, who)?;
    // The session's own cookie doesn't come along from another site: SameSite=Strict.
    Browser { cookie: away, csrf: String::new(), ..browser.clone() }.get(&path)
}

#[test]
fn a_browser_goes_to_the_organisation_and_comes_back() -> Outcome {
    let provider = Provider::start(REDIRECT)?;
    let served = Served::demo()?;
    served.stranger().get("/organisation")?.expect(404)?;
    assert_eq!(served.stranger().get("/session/options")?.expect(200)?, json!({ "organisation": null }));
    std::fs::write(served.desk().path("organisation.toml"), file(&provider.issuer))?;
    std::fs::write(served.desk().path("secret"), SECRET)?;
    let served = served.again(&SERVE)?;
    let options = served.stranger().get("/session/options")?.expect(200)?;
    assert_eq!(options, json!({ "organisation": { "name": "Ministry of the tests" } }));

    let back = comes_back(&served.stranger(), &provider.issuer, "claire")?;
    assert_eq!((back.status, header(&back, "location")?), (303, "/"), "{}", back.body);
    let cookie = header(&back, "set-cookie")?.split(';').next().unwrap_or_default().to_owned();
    let claire = Browser { cookie, ..served.stranger() };
    let me = claire.get("/me")?.expect(200)?;
    assert_eq!(me["person"]["name"], "Claire M.");
    assert_eq!(me["person"]["roles"][0]["role"], "investigator");

    // The same browser again: its former session ends.
    let again = comes_back(&claire, &provider.issuer, "claire")?;
    assert_eq!(header(&again, "location")?, "/");
    claire.get("/me")?.expect(401)?;

    let told = |answer: &Answer| -> Result<String, Box<dyn std::error::Error>> {
        assert_eq!(answer.status, 303, "{}", answer.body);
        Ok(header(answer, "location")?.to_owned())
    };
    assert_eq!(told(&comes_back(&served.stranger(), &provider.issuer, "denis")?)?, "/?organisation=no-role");
    let left = served.stranger().get("/organisation/back?error=access_denied&state=x")?;
    assert_eq!(told(&left)?, "/?organisation=left");
    let never = served.stranger().get("/organisation/back?code=x&state=x")?;
    assert_eq!(told(&never)?, "/?organisation=stale");
    drop(provider);
    assert_eq!(told(&served.stranger().get("/organisation")?)?, "/?organisation=unreachable");
    Ok(())
}
