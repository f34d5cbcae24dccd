//! What every answer says to browsers, what is refused before anything is read, and the maps' background.

use serde_json::{Value, json};

use super::super::{Desk, Outcome};
use super::{Answer, Browser, Served};

const SERVE: [&str; 7] = ["serve", "--case", "d/case", "--office", "d/office", "--listen", "127.0.0.1:0"];

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[test]
fn every_answer_tells_browsers_what_they_may() -> Outcome {
    let served = Served::demo()?;
    let page = served.page.replace("localhost", "127.0.0.1");
    let root = Browser { api: page, ..served.stranger() };
    let investigator = Browser { api: root.api.clone(), ..served.browser("investigator")? };
    for (browser, path, status) in [
        (&root, "/", 200),
        (&root, "/handsets", 200),
        (&root, "/phone/", 200),
        (&root, "/assets/none.js", 404),
        (&root, "/api/v1/health", 200),
        (&root, "/api/v1/session/options", 200),
        (&root, "/api/v1/me", 401),
        (&root, "/api/v1/nothing", 404),
        (&investigator, "/api/v1/handsets", 200),
        (&investigator, "/api/v1/people", 403),
    ] {
        let answer = browser.get(path)?;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        let policy = header(&answer, "content-security-policy");
        for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        // WebAssembly reads bar codes on phones; nothing else runs what isn't a file of ours.
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(policy.contains("wasm-unsafe-eval"), path.starts_with("/phone"), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert!(["no-referrer", "same-origin"].contains(&header(&answer, "referrer-policy")), "{path}");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(header(&answer, "permissions-policy").contains("microphone=()"), "{path}");
        assert_eq!(header(&answer, "strict-transport-security"), "", "{path}: the line isn't encrypted here");
        if path.starts_with("/api") {
            assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        }
    }
    Ok(())
}

#[test]
fn who_asks_too_often_waits() -> Outcome {
    let served = Served::demo()?;
    let stranger = served.stranger();
    let refused = (0..600).find_map(|_| match stranger.ask("POST", "/session", Some(&json!({}))) {
        Ok(answer) if answer.status == 422 => None,
        other => Some(other),
    });
    let refused = refused.ok_or("600 sign-ins went through")??;
    let problem = refused.expect(429)?;
    assert_eq!(header(&refused, "content-type"), "application/problem+json");
    assert!(header(&refused, "retry-after").parse::<u64>()? > 0, "{problem}");
    // Others' pages go on: what is counted are sign-ins.
    assert_eq!(stranger.get("/health")?.status, 200);
    Ok(())
}

#[test]
fn nothing_is_served_in_the_clear_to_other_machines() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.7:8080"] {
        let refused = desk.run(&["serve", "--case", "case", "--listen", address])?.expect(3)?;
        assert!(refused.err.contains("can be reached from other machines"), "{}", refused.err);
    }
    assert!(!desk.path("case.office").exists(), "and no invitation is made that nobody has seen");
    Ok(())
}

/// The smallest file that a header can describe: no tile is in it.
fn land() -> Vec<u8> {
    let mut file = vec![0; 127];
    file[..8].copy_from_slice(b"PMTiles\x03");
    for (at, begins, length) in [(8, 127_u64, 1_u64), (24, 128, 2), (40, 130, 0), (56, 130, 10)] {
        file[at..at + 8].copy_from_slice(&begins.to_le_bytes());
        file[at + 8..at + 16].copy_from_slice(&length.to_le_bytes());
    }
    file[97..100].copy_from_slice(&[1, 1, 1]);
    file.extend([0, b'{', b'}']);
    file.extend(0..10);
    file
}

#[test]
fn a_background_for_maps_is_given_out_in_ranges_to_those_who_are_signed_in() -> Outcome {
    let served = Served::demo()?;
    let (name, password) = ("investigator", served.logins.iter().find(|login| login.0 == "investigator"));
    let password = password.ok_or("no login")?.2.clone();
    let none = served.browser(name)?;
    assert_eq!(none.get("/me")?.expect(200)?["tiles"], false);
    none.get("/map/tiles")?.expect(404)?;
    std::fs::write(served.desk().path("land.pmtiles"), land())?;
    std::fs::write(served.desk().path("cut.pmtiles"), &land()[..135])?;
    std::fs::write(served.desk().path("picture.png"), b"\x89PNG\r\n")?;
    let tiles = |file| [&SERVE[..], &["--tiles", file]].concat();
    for (file, why) in [
        ("cut.pmtiles", "cut short: 135 bytes of 140"),
        ("picture.png", "doesn't begin as one"),
        ("none.pmtiles", "No such file"),
    ] {
        let refused = served.desk().run(&tiles(file))?.expect(3)?;
        assert!(refused.err.contains(file) && refused.err.contains(why), "{}", refused.err);
        assert_eq!(refused.err.trim().lines().count(), 1, "{}", refused.err);
    }
    let served = served.again(&tiles("land.pmtiles"))?;
    let investigator = served.sign_in(name, &password)?;
    assert_eq!(investigator.get("/me")?.expect(200)?["tiles"], true);
    let ask = |browser: &Browser, range: &str| browser.send("GET", "/map/tiles", None, &[("range", range)]);
    let part = ask(&investigator, "bytes=130-16383")?;
    assert_eq!((part.status, part.body.as_bytes()), (206, &land()[130..]), "as far as the file goes");
    assert_eq!(header(&part, "content-range"), "bytes 130-139/140");
    assert!(header(&part, "etag").starts_with('"') && header(&part, "cache-control").starts_with("private"));
    assert_eq!(header(&part, "content-encoding"), "", "a range of what is there, and not of what is packed");
    for range in ["", "bytes=140-150", "bytes=9-1", "bytes=-5", "bytes=0-1,5-6"] {
        assert_eq!(ask(&investigator, range)?.status, 416, "{range}");
    }
    assert_eq!(ask(&served.stranger(), "bytes=0-10")?.status, 401);
    Ok(())
}

#[test]
fn a_page_knows_what_its_reader_may_open_and_how_the_account_stands() -> Outcome {
    let served = Served::demo()?;
    let may = |role: &str| -> Result<bool, Box<dyn std::error::Error>> {
        let me = served.browser(role)?.get("/me")?.expect(200)?;
        Ok(me["may"].as_array().is_some_and(|may| may.contains(&Value::from("facility.see"))))
    };
    for (role, expected) in [
        ("investigator", true),
        ("commander", true),
        ("prison_security", true),
        ("custodian", false),
        ("auditor", false),
    ] {
        assert_eq!(may(role)?, expected, "{role}");
    }
    let first = served.browser("custodian")?;
    assert_eq!(first.get("/me/totp")?.expect(200)?, json!({ "set": false, "codes_left": 0 }));
    // The same browser signs in anew: the session that it had is over, and another browser's is not.
    let other = served.browser("custodian")?;
    let (_, name, password) = served.logins.iter().find(|login| login.0 == "custodian").ok_or("no custodian")?;
    first.ask("POST", "/session", Some(&json!({ "name": name, "password": password })))?.expect(200)?;
    first.get("/me")?.expect(401)?;
    other.get("/me")?.expect(200)?;
    Ok(())
}
