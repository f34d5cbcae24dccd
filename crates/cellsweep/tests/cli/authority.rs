//! Under whose order data come in, what it lets in, and what its end locks.

use crate::{BOTH, Desk, Outcome};

pub(super) const ORDER: &str = r#"
id = "PARIS-2026-0412"
country = "FR"
body = "Tribunal judiciaire de Paris"
number = "2026/0412"
legal_basis = "CPP art. 60-1-2"
reviewed_by = "JLD"
kinds = ["records", "search"]
facilities = ["*"]
data_from = "2000-01-01T00:00:00Z"
data_to = "2099-12-31T00:00:00Z"
valid_until = "2099-12-31T00:00:00Z"

[[offences]]
code = "drug_trafficking"
maximum_penalty_years = 10
as_of = "2026-01-01"
"#;

fn grant<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["authority", "grant", file, "--case", "case"], more].concat()
}

/// An investigation with its order beside it.
fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case"])?.expect(0)?;
    std::fs::write(desk.path("order.toml"), ORDER)?;
    Ok(desk)
}

#[test]
fn an_authority_takes_two_people_and_every_field() -> Outcome {
    let desk = desk()?;
    let ended = desk.run(&grant("order.toml", &["--by", "A. Martin", "--by", "a. martin"]))?.expect(3)?;
    insta::assert_snapshot!(ended.err);
    std::fs::write(desk.path("bad.toml"), ORDER.replace("body = \"Tribunal judiciaire de Paris\"", "body = \"\""))?;
    let ended = desk.run(&grant("bad.toml", &BOTH))?.expect(3)?;
    insta::assert_snapshot!(ended.err);
    std::fs::write(desk.path("odd.toml"), ORDER.replace("number", "nubmer"))?;
    let ended = desk.run(&grant("odd.toml", &BOTH))?.expect(3)?;
    assert!(ended.err.contains("odd.toml: line 5: unknown field `nubmer`"), "{}", ended.err);
    desk.run(&grant("order.toml", &BOTH))?.expect(0)?;
    let listed = desk.run(&["authority", "list", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(listed[0]["by"], serde_json::json!(["A. Martin", "B. Roche"]));
    assert_eq!(listed[0]["lapsed"], false);
    let template = desk.run(&["authority", "template"])?.expect(0)?.out;
    std::fs::write(desk.path("template.toml"), template)?;
    desk.run(&["authority", "check", "template.toml"])?.expect(0)?;
    Ok(())
}

#[test]
fn a_doubtful_order_needs_the_magistrate_s_words() -> Outcome {
    let desk = desk()?;
    let doubtful = ORDER.replace("drug_trafficking", "supply_to_inmate").replace("years = 10", "years = 1");
    std::fs::write(desk.path("doubtful.toml"), doubtful.replace("reviewed_by = \"JLD\"", ""))?;
    let ended = desk.run(&grant("doubtful.toml", &BOTH))?.expect(3)?;
    assert!(ended.err.contains("fr-60-1-2-penalty") && ended.err.contains("fr-prior-review"), "{}", ended.err);
    let words = ["--decision", "the act was committed through a network", "--decided-by", "C. Vidal"];
    desk.run(&grant("doubtful.toml", &[&BOTH[..], &words].concat()))?.expect(0)?;
    let listed = desk.run(&["authority", "list", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(listed[0]["settled"][0]["by"], "C. Vidal");
    Ok(())
}

#[test]
fn what_the_order_does_not_cover_is_in_quarantine() -> Outcome {
    let desk = desk()?;
    let facility = {
        let roster = desk.read("world/case/roster.csv")?;
        roster.lines().nth(1).and_then(|line| line.split(',').nth(1)).ok_or("no roster")?.to_owned()
    };
    let narrow = ORDER
        .replace("[\"*\"]", &format!("[\"{facility}\"]"))
        .replace("valid_until", "operators = [\"208-01\"]\nevents = [\"voice\"]\nvalid_until");
    std::fs::write(desk.path("order.toml"), narrow)?;
    desk.run(&grant("order.toml", &BOTH))?.expect(0)?;
    let import = |table: &str, file: &str| {
        desk.run(&["import", table, &format!("world/case/{file}"), "--case", "case", "--json", "--quiet"])
    };
    let told = import("records", "records-208-10.parquet")?.json()?;
    let rows = &told["files"][0]["import"]["rows"];
    assert_eq!(rows["kept"], 0, "{rows}");
    assert_eq!(rows["rejected"]["operator is outside the authority"], rows["read"]);
    let told = import("records", "records-208-01.parquet")?.expect(4)?.json()?;
    let rows = &told["files"][0]["import"]["rows"];
    assert!(rows["rejected"]["event is outside the authority"].as_u64() > Some(0), "{rows}");
    assert_eq!(told["files"][0]["import"]["authority"], "PARIS-2026-0412");
    let told = import("roster", "roster.csv")?.expect(4)?.json()?;
    let rows = &told["files"][0]["import"]["rows"];
    assert!(rows["rejected"]["facility is outside the authority"].as_u64() > Some(0), "{rows}");
    assert!(rows["kept"].as_u64() > Some(0), "{rows}");
    // Tables that name no facility: whoever isn't on the order's roster is outside.
    for table in ["contacts", "visits", "cases"] {
        let told = import(table, &format!("{table}.csv"))?.expect(4)?.json()?;
        let rows = &told["files"][0]["import"]["rows"];
        assert!(rows["rejected"]["inmate is outside the authority"].as_u64() > Some(0), "{table}: {rows}");
        assert!(rows["kept"].as_u64() > Some(0), "{table}: {rows}");
    }
    Ok(())
}

#[test]
fn what_a_lapsed_order_brought_in_is_locked_until_it_is_prolonged_or_erased() -> Outcome {
    let desk = desk()?;
    let lapses = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    std::fs::write(
        desk.path("order.toml"),
        ORDER.replace("valid_until = \"2099-12-31T00:00:00Z\"", &format!("valid_until = \"{lapses}\"")),
    )?;
    desk.run(&grant("order.toml", &BOTH))?.expect(0)?;
    desk.run(&["import", "models", "world/case/models.csv", "--case", "case", "--quiet"])?.expect(0)?;
    let left = jiff::Timestamp::now().until(lapses)?.total(jiff::Unit::Millisecond)?.max(0.0);
    std::thread::sleep(std::time::Duration::from_millis(left as u64 + 20));
    for words in
        [&["quality"][..], &["trace"], &["devices"], &["data", "list"], &["import", "models", "world/case/models.csv"]]
    {
        let ended = desk.run(&[words, &["--case", "case", "--because", "a test"]].concat())?.expect(3)?;
        assert!(ended.err.contains("lapsed"), "{words:?}: {}", ended.err);
    }
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    std::fs::write(desk.path("order.toml"), ORDER)?;
    desk.run(&grant("order.toml", &BOTH))?.expect(0)?;
    desk.run(&["quality", "--case", "case", "--because", "a test"])?.expect(0)?;
    Ok(())
}

#[test]
fn an_investigation_is_looked_into_for_a_reason() -> Outcome {
    let desk = desk()?;
    let ended = desk.run(&["devices", "--case", "case"])?.expect(3)?;
    insta::assert_snapshot!(ended.err);
    let ended = desk.run(&["devices", "--case", "case", "--because", "preparing the hearing"])?.expect(3)?;
    assert!(ended.err.contains("has not been traced"), "{}", ended.err);
    let written = ["attribute", "--output", "results"];
    for words in
        [&["quality"][..], &["plan", "show"], &["buyers"], &["offences"], &["ledger"], &["custody", "list"], &written]
    {
        let ended = desk.run(&[words, &["--case", "case"]].concat())?.expect(3)?;
        assert!(ended.err.contains("says why"), "{words:?}: {}", ended.err);
    }
    assert!(!desk.path("results").exists());
    let told = desk.run(&["verify", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!((&told["custody_entries"], &told["access_entries"]), (&1.into(), &1.into()));
    Ok(())
}

#[test]
fn two_orders_must_be_told_apart() -> Outcome {
    let desk = desk()?;
    std::fs::write(desk.path("second.toml"), ORDER.replace("0412", "0413"))?;
    desk.run(&grant("order.toml", &BOTH))?.expect(0)?;
    desk.run(&grant("second.toml", &BOTH))?.expect(0)?;
    let import = ["import", "sectors", "world/case/sectors.csv", "--case", "case"];
    let ended = desk.run(&import)?.expect(3)?;
    assert!(ended.err.contains("several authorities, PARIS-2026-0412, PARIS-2026-0413"), "{}", ended.err);
    desk.run(&[&import[..], &["--authority", "PARIS-2026-0413"]].concat())?.expect(0)?;
    desk.run(&[&import[..], &["--authority", "PARIS-2026-0499"]].concat())?.expect(3)?;
    Ok(())
}
