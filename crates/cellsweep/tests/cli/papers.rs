//! What leaves a case on paper: drafts of the procedure, an exhibit's sheet and label, the register.

use std::io::Read as _;
use std::process::Command;

use crate::{BOTH, Desk, Outcome};

const CASE: [&str; 4] = ["--case", "case", "--because", "a test"];

/// An investigation with an exhibit that was found, sealed and badly handed on.
fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_investigation()?;
    for table in ["sectors.csv", "facilities.geojson", "models.csv", "ledger.csv", "records-208-01.parquet"] {
        let name = table.split(['.', '-']).next().unwrap_or_default();
        desk.run(&["import", name, &format!("world/case/{table}"), "--case", "case", "--quiet"])?;
    }
    let by = ["--by", "M-4711"];
    let custody =
        |words: &[&str]| -> Outcome { desk.run(&[&["custody"], words, &by, &CASE].concat())?.expect(0).map(drop) };
    let found = ["found", "P-7=phone:black, no mark", "--imei", "P-7=359204112233445", "--facility", "F001"];
    custody(&[&found[..], &["--cell", "A-101", "--hidden", "behind the pipe"]].concat())?;
    custody(&["sealed", "P-7", "--seal", "S-0007"])?;
    custody(&["handed-on", "--number", "H-1", "--seal", "S-0007", "--to", "Registry"])?;
    let received = ["custody", "acknowledged", "--number", "H-1", "--seal", "S-0008", "--by", "Registry"];
    desk.run(&[&received[..], &CASE].concat())?.expect(0)?;
    Ok(desk)
}

/// The text of an OpenDocument's content, its tags taken out.
fn text_of(path: &std::path::Path) -> Result<String, Box<dyn std::error::Error>> {
    let mut content = String::new();
    zip::ZipArchive::new(std::fs::File::open(path)?)?.by_name("content.xml")?.read_to_string(&mut content)?;
    let mut text = String::new();
    let mut inside = false;
    for sign in content.chars() {
        match sign {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_draft_says_what_the_log_says_and_where() -> Outcome {
    let desk = desk()?;
    desk.run(&["trace", "--case", "case", "--quiet"])?.expect(0)?;
    let devices = desk.run(&[&["devices", "--json"], &CASE[..]].concat())?.expect(0)?.json()?;
    let imei = devices["devices"][0]["imei"].as_str().ok_or("no device")?.to_owned();
    let asked = ["request", "make", "lists", "--ledger", "--authority", "PARIS-2026-0412", "--operator", "208-01"];
    let window = ["--from", "2025-03-01T00:00:00Z", "--to", "2025-03-02T00:00:00Z"];
    desk.run(&[&asked[..], &window, &CASE].concat())?.expect(0)?;
    for (words, fr, en) in [
        (vec!["request", "R0001"], "PARIS-2026-0412", "Tribunal judiciaire de Paris"),
        (vec!["trace", "--imei", &imei], imei.as_str(), "kept in this facility"),
        (vec!["search", "--item", "P-7"], "behind the pipe", "A-101"),
        (vec!["search"], "F", "S"),
        (vec!["seal", "S-0007"], "S-0007", "black, no mark"),
        (vec!["impact"], "2016/680", "operators' records"),
        (vec!["subject", "--imei", &imei], "2016/680", "IMEI"),
    ] {
        for (lang, said) in [("fr", fr), ("en", en)] {
            let paper = [&["paper"], &words[..], &["--lang", lang, "-o", "paper.odt"], &CASE].concat();
            desk.run(&paper)?.expect(0)?;
            let text = text_of(&desk.path("paper.odt"))?;
            assert!(text.contains(said), "{words:?} in {lang} lacks {said}: {text}");
            let cited = if lang == "fr" { "[journal" } else { "[log" };
            assert!(words == ["search"] || text.contains(cited), "{words:?} in {lang} cites nothing: {text}");
        }
    }
    desk.run(&[&["paper", "seal", "S-0007", "--lang", "en", "-o", "seal.odt"], &CASE[..]].concat())?.expect(0)?;
    let seal = text_of(&desk.path("seal.odt"))?;
    assert!(seal.to_lowercase().contains("break"), "a break is shown: {seal}");
    // A person is not told what was found of them unless it is asked for.
    desk.run(&[&["paper", "subject", "--imei", &imei, "--lang", "en", "-o", "s.odt"], &CASE[..]].concat())?
        .expect(0)?;
    let silent = text_of(&desk.path("s.odt"))?;
    let told = ["paper", "subject", "--imei", &imei, "--with-findings", "--lang", "en", "-o", "s.odt"];
    desk.run(&[&told[..], &CASE].concat())?.expect(0)?;
    assert!(text_of(&desk.path("s.odt"))?.len() > silent.len() + 100, "{silent}");
    let made = desk.read("case/manifest.json")?.matches("\"paper_made\"").count();
    assert_eq!(made, 17);
    desk.run(&[&["paper", "seal", "S-9", "-o", "x.odt"], &CASE[..]].concat())?.expect(3)?;
    Ok(())
}

#[test]
fn an_impact_assessment_names_who_got_a_package() -> Outcome {
    let desk = desk()?;
    let order =
        crate::authority::ORDER.replace("PARIS-2026-0412", "PARIS-2026-0500").replace("\"search\"]", "\"disclosure\"]");
    std::fs::write(desk.path("disclosure.toml"), order)?;
    desk.run(&[&["authority", "grant", "disclosure.toml", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    let impact = |lang: &str| -> Result<String, Box<dyn std::error::Error>> {
        desk.run(&[&["paper", "impact", "--lang", lang, "-o", "impact.odt"], &CASE[..]].concat())?.expect(0)?;
        text_of(&desk.path("impact.odt"))
    };
    assert!(impact("en")?.contains("No disclosure so far"));
    let share = ["share", "case", "out", "--profile", "court", "--to", "Tribunal judiciaire de Nancy"];
    let people = ["--asked-by", "A. Martin", "--approved-by", "B. Roche"];
    desk.run(&[&share[..], &people, &CASE].concat())?.expect(0)?;
    for (lang, none, said) in [
        ("en", "No disclosure so far", "Tribunal judiciaire de Nancy a copy of the case"),
        ("fr", "Aucune communication à ce jour", "Tribunal judiciaire de Nancy copie du dossier"),
    ] {
        let text = impact(lang)?;
        assert!(!text.contains(none) && text.contains(said), "{said} is not in it: {text}");
    }
    Ok(())
}

/// What a PDF says, by poppler.
fn pdf_text(desk: &Desk, name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let output = Command::new("pdftotext").args(["-layout", name, "-"]).current_dir(desk.dir.path()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn an_exhibit_s_sheet_has_its_history_its_breaks_and_a_code_that_holds() -> Outcome {
    let desk = desk()?;
    desk.run(&[&["custody", "sheet", "P-7", "-o", "sheet.pdf"], &CASE[..]].concat())?.expect(0)?;
    desk.run(&[&["custody", "label", "P-7", "-o", "label.pdf"], &CASE[..]].concat())?.expect(0)?;
    let sheet = pdf_text(&desk, "sheet.pdf")?;
    for said in ["Exhibit P-7", "359204112233445", "S-0007", "BREAK", "Registry", "cell A-101"] {
        assert!(sheet.contains(said), "{said} is not on the sheet: {sheet}");
    }
    assert!(pdf_text(&desk, "label.pdf")?.contains("P-7"));
    // The code's text stands under it, broken over lines.
    let squeezed: String = sheet.split_whitespace().collect();
    let start = squeezed.find("CSW1:").ok_or("no code on the sheet")?;
    let code: String = squeezed[start..].chars().take_while(|sign| sign.is_ascii() && !"()".contains(*sign)).collect();
    let code = code.split("Madeon").next().unwrap_or_default();
    desk.run(&["log", "item", "item/P-7", "-o", "item.json", "--case", "case"])?.expect(0)?;
    desk.run(&["verify", "code", code, "--item", "item.json"])?.expect(0)?;
    let other = if code.ends_with('A') { "B" } else { "A" };
    let wrong = format!("{}{other}", &code[..code.len() - 1]);
    assert_ne!(desk.run(&["verify", "code", &wrong, "--item", "item.json"])?.code, 0);
    // Opened by two people, the same history can be read.
    let open = ["log", "item", "item/P-7", "--open", "-o", "open.json", "--case", "case"];
    desk.run(&[&open[..], &["--by", "A. Martin"]].concat())?.expect(3)?;
    let unordered = desk.run(&[&open[..], &BOTH].concat())?.expect(3)?;
    assert!(unordered.err.contains("orders a disclosure"), "{}", unordered.err);
    let order =
        crate::authority::ORDER.replace("PARIS-2026-0412", "PARIS-2026-0500").replace("\"search\"]", "\"disclosure\"]");
    std::fs::write(desk.path("disclosure.toml"), order)?;
    desk.run(&[&["authority", "grant", "disclosure.toml", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    desk.run(&[&open[..], &BOTH].concat())?.expect(0)?;
    desk.run(&["verify", "item", "open.json"])?.expect(0)?;
    Ok(())
}

#[test]
fn the_register_takes_in_past_registers() -> Outcome {
    let desk = desk()?;
    let rows = "time,facility,cell,imei,model,route,detector,hiding_place,item,one_find\n\
                2020-01-05T10:00:00Z,F001,B-2,,,,,in a shoe,phone,each_place\n\
                2020-01-05T10:00:00Z,F001,B-2,,,,,in a shoe,charger,each_place\n\
                2020-02-01T10:00:00Z,F002,,,,,,,sim,each_item\n";
    std::fs::write(desk.path("seizures.csv"), rows)?;
    desk.run(&["import", "seizures", "seizures.csv", "--case", "case"])?.expect(0)?;
    let register = |rule: &str| -> Result<serde_json::Value, Box<dyn std::error::Error>> {
        let words = ["custody", "register", "--one-find", rule, "--json"];
        desk.run(&[&words[..], &CASE].concat())?.expect(0)?.json()
    };
    let each = register("each-item")?;
    let rows = each["rows"].as_array().ok_or("no rows")?;
    assert_eq!(rows.len(), 4);
    assert_eq!((&rows[0]["kind"], &rows[0]["entered_under"]), (&"phone".into(), &"each_place".into()));
    let finds = |told: &serde_json::Value| {
        told["rows"].as_array().into_iter().flatten().filter_map(|row| row["finds"].as_u64()).sum::<u64>()
    };
    assert_eq!(finds(&each), 4);
    Ok(())
}

#[test]
fn what_can_t_be_told_is_refused_with_what_it_would_take() -> Outcome {
    let desk = desk()?;
    let none = desk.run(&[&["assess", "register"], &CASE[..]].concat())?.expect(3)?;
    assert!(none.err.contains("roster"), "{}", none.err);
    for table in ["roster", "searches"] {
        desk.run(&["import", table, &format!("world/case/{table}.csv"), "--case", "case", "--quiet"])?;
    }
    let told = desk.run(&[&["assess", "register", "--from", "2025-03-01", "--json"], &CASE[..]].concat())?;
    let told = told.expect(0)?.json()?;
    assert_eq!(told["funnel"], serde_json::Value::Null, "two facilities make no funnel");
    assert_eq!(told["said"]["code"], "cant_tell", "{told}");
    assert!(told["rates"].as_array().map_or(0, Vec::len) >= 1, "{told}");
    let told = desk.run(&[&["assess", "searches", "--json"], &CASE[..]].concat())?.expect(0)?.json()?;
    let share = &told["hits"]["share"];
    let (low, value, high) = (share["low"].as_f64(), share["value"].as_f64(), share["high"].as_f64());
    assert!(told["hits"].is_null() || (low < value && value < high), "{told}");
    Ok(())
}
