//! Operators are asked, answer, and what they don't say is known.

use crate::authority::ORDER;
use crate::{BOTH, Desk, Outcome, contents};

const RECORDS: &str =
    "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n";

fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(
        desk.path("sectors.csv"),
        "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n\
         208-01-256-1,GSM,208-01,43.6,3.9,,,3000\n208-10-25612,LTE,208-10,43.6,3.9,0,65,3000\n",
    )?;
    desk.run(&["import", "sectors", "sectors.csv", "--case", "case"])?.expect(0)?;
    std::fs::write(desk.path("imeis.txt"), "# suspects\n35920411223344\n35-920411-223345-1\n359204112233478\n")?;
    Ok(desk)
}

fn make<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec![
        "request",
        "make",
        "out",
        "--case",
        "case",
        "--authority",
        "TJ 12/2026",
        "--from",
        "2025-03-01T00:00:00Z",
        "--to",
        "2025-04-01T00:00:00Z",
    ];
    words.extend(more);
    words
}

fn record(time: &str, imei: &str) -> String {
    format!("{time},208-01,voice,out,{imei},208011234567890,33612345678,,60,GSM,208-01-256-1,\n")
}

#[test]
fn lists_are_cut_to_each_operators_limit_and_written_in_every_form() -> Outcome {
    let desk = desk()?;
    let told =
        desk.run(&make(&["--list", "imeis.txt", "--request-limit", "5000,208-10=2", "--json"]))?.expect(0)?.json()?;
    let parts: Vec<String> = told
        .as_array()
        .ok_or("no list")?
        .iter()
        .map(|r| {
            format!("{} {} {}/{} {}", r["request"], r["operator"], r["part"], r["parts"], r["values"]).replace('"', "")
        })
        .collect();
    assert_eq!(parts, ["R0001 208-01 1/1 3", "R0002 208-10 1/2 2", "R0003 208-10 2/2 1"]);
    assert_eq!(
        desk.read("out/R0003-208-10/R0003-list.csv")?,
        "imei_14,imei_15_check_digit,imei_15_zero,imeisv_16_pattern\n\
         35920411223347,359204112233478,359204112233470,35920411223347??\n"
    );
    for (lang, word) in [("fr", "EXERCICE"), ("en", "EXERCISE")] {
        let letter = desk.read(&format!("out/R0001-208-01/R0001-letter.{lang}.html"))?;
        assert!(letter.contains(word) && letter.contains("TJ 12/2026") && letter.contains("35920411223344"));
    }
    Ok(())
}

#[test]
fn numbers_and_each_operators_own_sectors_are_asked_for_too() -> Outcome {
    let desk = desk()?;
    std::fs::write(desk.path("numbers.txt"), "+33 6 12 34 56 78\n")?;
    desk.run(&make(&["--list", "numbers.txt", "--kind", "msisdn", "--operator", "208-01"]))?.expect(0)?;
    let list = desk.read("out/R0001-208-01/R0001-list.csv")?;
    assert_eq!(list, "e164,international,national\n33612345678,0033612345678,0612345678\n");

    let ring = "[3.89,43.59],[3.91,43.59],[3.91,43.61],[3.89,43.61],[3.89,43.59]";
    let feature = r#"{"type":"Feature","properties":{"facility":"F1"},"geometry":{"type":"Polygon","coordinates":[["#;
    let json = format!(r#"{{"type":"FeatureCollection","features":[{feature}{ring}]]}}}}]}}"#);
    std::fs::write(desk.path("facilities.geojson"), json)?;
    let ended = desk.run(&["import", "facilities", "facilities.geojson", "--case", "case"])?;
    assert!([0, 4].contains(&ended.code), "{}", ended.err);
    desk.run(&make(&["--around", "F1", "--metres", "500"]))?.expect(0)?;
    assert!(desk.read("out/R0002-208-01/R0002-list.csv")?.contains("208-01-256-1,208-01,256,1,,"));
    assert!(desk.read("out/R0003-208-10/R0003-list.csv")?.contains("208-10-25612,208-10,,12,25612,100"));
    Ok(())
}

#[test]
fn an_answer_says_what_it_does_not_say() -> Outcome {
    let desk = desk()?;
    desk.run(&make(&["--list", "imeis.txt", "--operator", "208-01", "--due-days", "10"]))?.expect(0)?;
    let state = || -> Result<String, Box<dyn std::error::Error>> {
        let told = desk.run(&["request", "list", "--case", "case", "--json"])?.expect(0)?.json()?;
        Ok(told["requests"][0]["status"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(state()?, "made");
    desk.run(&["request", "sent", "R0001", "--case", "case"])?.expect(0)?;
    assert_eq!(state()?, "waiting");

    let first = RECORDS.to_owned() + &record("2025-03-02T10:00:00Z", "359204112233444");
    std::fs::write(desk.path("first.csv"), first)?;
    let answer = |file: &str, more: &[&str]| {
        let mut words = vec!["request", "answer", "R0001", file, "--case", "case", "--json"];
        words.extend(more);
        desk.run(&words)
    };
    let told = answer("first.csv", &[])?.expect(0)?.json()?;
    assert_eq!((&told["check"]["found"], &told["check"]["missing"]), (&1.into(), &2.into()));
    assert_eq!(state()?, "partial");

    let second = RECORDS.to_owned() + &record("2025-03-03T10:00:00Z", "3592041122334500");
    std::fs::write(desk.path("second.csv"), second)?;
    let told = answer("second.csv", &["--complete"])?.expect(0)?.json()?;
    assert_eq!((&told["check"]["found"], &told["check"]["missing"]), (&2.into(), &1.into()));
    assert_eq!(state()?, "complete");

    let third = RECORDS.to_owned()
        + &record("2025-03-04T10:00:00Z", "359204112233478")
        + &record("2025-06-04T10:00:00Z", "359204112233444")
        + &record("2025-03-04T10:00:00Z", "867000000000001");
    std::fs::write(desk.path("third.csv"), third)?;
    let told = answer("third.csv", &[])?.expect(0)?.json()?;
    let check = &told["check"];
    assert_eq!(
        (&check["unsaid_before"], &check["outside_window"], &check["not_asked"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(state()?, "contradictory");

    // What trace reads: a row for each answer, with the list in the case.
    let manifest = desk.manifest("case")?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let rows: Vec<_> = events.iter().filter(|event| event["import"]["table"] == "requests").collect();
    assert_eq!(rows.len(), 3);
    let id = rows[0]["import"]["id"].as_str().ok_or("no id")?;
    let values = desk.read(&format!("case/imports/{id}/values/R0001-values.txt"))?;
    assert_eq!(values, "35920411223344\n35920411223345\n35920411223347\n");
    Ok(())
}

#[test]
fn an_operator_may_have_nothing_and_late() -> Outcome {
    let desk = desk()?;
    desk.run(&make(&["--list", "imeis.txt", "--operator", "208-01", "--due-days", "1"]))?.expect(0)?;
    desk.run(&["request", "sent", "R0001", "--case", "case"])?.expect(0)?;
    let told = desk.run(&[
        "request",
        "answer",
        "R0001",
        "--nothing",
        "--complete",
        "--at",
        "2099-01-01T00:00:00Z",
        "--case",
        "case",
    ])?;
    let told = told.expect(0)?.out;
    assert!(told.contains("of 3 values asked for, 0 have records, 3 have none (said to be whole)"), "{told}");
    let list = desk.run(&["request", "list", "--case", "case"])?.expect(0)?.out;
    assert!(list.contains("complete") && list.contains("late"), "{list}");
    Ok(())
}

#[test]
fn what_cannot_be_asked_is_said() -> Outcome {
    let desk = desk()?;
    std::fs::write(desk.path("bad.txt"), "35920411223344\nhello\n")?;
    std::fs::write(desk.path("empty.txt"), "\n")?;
    for (more, message) in [
        (&["--list", "bad.txt"][..], "bad.txt:2: imei holds something other than digits"),
        (&["--list", "empty.txt"], "there is nothing to ask for: the list is empty"),
        (&["--around", "F001"], "the case has no facility F001"),
        (&["--ledger"], "the ledger names no device that is out there"),
        (&["--devices", "0.5"], "has not been traced yet"),
    ] {
        let ended = desk.run(&make(more))?.expect(3)?;
        assert!(ended.err.contains(message), "{more:?}: {}", ended.err);
    }
    let ended = desk.run(&["request", "answer", "R0009", "--nothing", "--case", "case"])?.expect(3)?;
    assert!(ended.err.contains("the case has no request R0009"), "{}", ended.err);
    desk.run(&make(&[]))?.expect(2)?;
    desk.run(&["init", "real"])?.expect(0)?;
    let mut words = make(&["--list", "imeis.txt", "--operator", "208-01"]);
    words[4] = "real";
    let ended = desk.run(&words)?.expect(3)?;
    assert!(ended.err.contains("no authority TJ 12/2026 has been granted in this case"), "{}", ended.err);
    Ok(())
}

#[test]
fn a_list_beside_a_table_of_requests_comes_into_the_case() -> Outcome {
    let desk = desk()?;
    std::fs::write(desk.path("mine.txt"), "35920411223344\n")?;
    std::fs::write(
        desk.path("requests.csv"),
        "request,authority,operator,kind,values_file,from,to,sent,answered,complete\n\
         Q1,A,208-01,imei,mine.txt,2025-03-01T00:00:00Z,2025-04-01T00:00:00Z,,2025-04-03T00:00:00Z,true\n\
         Q2,A,208-01,imei,../secret.txt,2025-03-01T00:00:00Z,2025-04-01T00:00:00Z,,,\n\
         Q3,A,208-01,imei,gone.txt,2025-03-01T00:00:00Z,2025-04-01T00:00:00Z,,,\n",
    )?;
    let told = desk.run(&["import", "requests", "requests.csv", "--case", "case", "--json"])?.expect(0)?.json()?;
    let import = &told["files"][0]["import"];
    let id = import["id"].as_str().ok_or("no id")?;
    assert_eq!(desk.read(&format!("case/imports/{id}/values/mine.txt"))?, "35920411223344\n");
    assert_eq!(import["rows"]["doubts"]["values_file is not beside the table"], 1);
    assert_eq!(import["rows"]["doubts"]["values_file names another folder and was left where it is"], 1);
    assert!(import["outputs"]["values/mine.txt"].is_string());
    Ok(())
}

#[test]
fn an_answer_comes_in_under_its_request_s_order_where_there_are_several() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case"])?.expect(0)?;
    let grant = |file: &str, order: String| -> Outcome {
        std::fs::write(desk.path(file), order)?;
        desk.run(&[&["authority", "grant", file, "--case", "case"], &BOTH[..]].concat())?.expect(0).map(drop)
    };
    grant("records.toml", ORDER.replace("[\"records\", \"search\"]", "[\"records\"]"))?;
    grant("search.toml", ORDER.replace("0412", "0413").replace("[\"records\", \"search\"]", "[\"search\"]"))?;
    std::fs::write(desk.path("imeis.txt"), "35920411223344\n35920411223345\n")?;
    let mut words = make(&["--list", "imeis.txt", "--operator", "208-01"]);
    words[6] = "PARIS-2026-0412";
    desk.run(&words)?.expect(0)?;
    std::fs::write(desk.path("a.csv"), RECORDS.to_owned() + &record("2025-03-02T10:00:00Z", "359204112233444"))?;
    let answer = ["request", "answer", "R0001", "a.csv", "--complete", "--case", "case"];
    desk.run(&answer)?.expect(0)?;
    let list = desk.run(&["request", "list", "--case", "case", "--because", "a test", "--json"])?.expect(0)?.json()?;
    assert_eq!(list["requests"][0]["status"], "complete");
    let manifest = desk.manifest("case")?;
    let events = manifest["events"].as_array().ok_or("no events")?;
    let imports: Vec<_> = events.iter().map(|event| &event["import"]).filter(|import| !import.is_null()).collect();
    let tables: Vec<_> = imports.iter().map(|import| (&import["table"], &import["authority"])).collect();
    let order = &serde_json::json!("PARIS-2026-0412");
    assert_eq!(tables, [(&"records".into(), order), (&"requests".into(), order)]);
    assert!(imports[1]["outputs"]["values/R0001-values.txt"].is_string(), "the list is in the case: {}", imports[1]);
    for (path, bytes) in contents(&desk.path("case"))? {
        assert!(!String::from_utf8_lossy(&bytes).contains("35920411223345"), "{} shows an IMEI", path.display());
    }
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    Ok(())
}

#[test]
fn a_list_goes_with_what_it_was_made_from() -> Outcome {
    let desk = desk()?;
    std::fs::write(desk.path("ledger.csv"), "time,quantity,imei\n2025-01-02T10:00:00Z,1,35920411223344\n")?;
    desk.run(&["import", "ledger", "ledger.csv", "--case", "case"])?.expect(0)?;
    desk.run(&make(&["--ledger", "--operator", "208-01"]))?.expect(0)?;
    desk.run(&["request", "answer", "R0001", "--nothing", "--case", "case"])?.expect(0)?;
    let manifest = desk.manifest("case")?;
    let imports = manifest["events"].as_array().ok_or("no events")?.iter().map(|event| &event["import"]);
    let ledger = imports.clone().find(|import| import["table"] == "ledger").ok_or("no ledger")?;
    let ledger = ledger["id"].as_str().ok_or("no id")?;
    desk.run(&[&["erase", ledger, "--because", "a test", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    let runs = contents(&desk.path("case/runs"))?;
    assert!(runs.is_empty(), "{:?}", runs.iter().map(|(path, _)| path).collect::<Vec<_>>());
    let list = desk.run(&["request", "list", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(list["requests"], serde_json::json!([]));
    // Its number stands in a letter that somebody may still answer: it is not given again.
    let made = desk.run(&make(&["--list", "imeis.txt", "--operator", "208-01", "--json"]))?.expect(0)?.json()?;
    assert_eq!(made[0]["request"], "R0002");
    Ok(())
}

#[test]
fn not_being_heard_elsewhere_counts_for_whom_a_list_names() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    let devices = desk.read("out/devices.csv")?;
    let imei_of = |at: usize| devices.lines().nth(at).and_then(|line| line.split(',').nth(1)).unwrap_or_default();
    let (named, other) = (imei_of(1), imei_of(2));
    std::fs::write(desk.path("one.txt"), format!("{named}\n"))?;
    let rows = |answered: &str| {
        "request,authority,operator,kind,values_file,from,to,sent,answered,complete\n".to_owned()
            + "Q1,A,A,sector,,2025-03-01T00:00:00Z,2025-06-01T00:00:00Z,,2025-06-03T00:00:00Z,true\n"
            + &format!("Q2,A,A,imei,one.txt,2025-03-01T00:00:00Z,2025-06-01T00:00:00Z,,{answered},\n")
    };
    for (answered, excursions) in [("", [false, false]), ("2025-06-03T00:00:00Z", [true, false])] {
        std::fs::write(desk.path("requests.csv"), rows(answered))?;
        desk.run(&["import", "requests", "requests.csv", "--case", "case"])?.expect(0)?;
        let traced = desk.run(&["trace", "--case", "case", "--json"])?.expect(0)?.json()?;
        assert_eq!(traced["asked_by_name"], excursions[0], "{traced}");
        for (imei, expected) in [named, other].into_iter().zip(excursions) {
            let explained = desk.run(&["explain", imei, "--case", "case", "--json"])?.expect(0)?.out;
            assert_eq!(explained.contains("\"excursions\""), expected, "{imei}: {explained}");
        }
    }
    Ok(())
}
