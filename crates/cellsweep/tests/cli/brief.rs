//! What goes out on paper before the morning, and who gets it.

use std::path::Path;

use crate::{Desk, Outcome, contents};

/// A PDF's text, as another project's program reads it.
fn text_of(path: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let output = std::process::Command::new("pdftotext").arg("-layout").arg(path).arg("-").output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn attributed() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--quiet"])?.expect(0)?;
    Ok(desk)
}

#[test]
fn a_brief_names_cells_and_nothing_that_a_score_says() -> Outcome {
    let desk = attributed()?;
    let plan = desk.read("out/plan.csv")?;
    let facility = plan.lines().nth(1).and_then(|line| line.split(',').next()).ok_or("no plan")?.to_owned();
    let brief = ["plan", "brief", "--case", "case", "--out", "briefs", "--facility", &facility];
    desk.run(&[&brief[..], &["--copies", "2"]].concat())?.expect(0)?;
    desk.run(&[&brief[..], &["--lang", "fr"]].concat())?.expect(0)?;
    let text = text_of(&desk.path(&format!("briefs/brief-{facility}-plan00003-copy01.pdf")))?;
    for line in plan.lines().skip(1).filter(|line| line.starts_with(&facility)) {
        let cell = line.split(',').nth(1).ok_or("no cell")?;
        assert!(text.contains(cell), "{cell} is missing: {text}");
    }
    let devices = desk.read("out/devices.csv")?;
    for imei in devices.lines().skip(1).filter_map(|line| line.split(',').nth(1)).filter(|imei| !imei.is_empty()) {
        assert!(!text.contains(imei));
    }
    assert!(!text.contains('%') && !text.contains("0."), "{text}");
    assert!(text.contains("copy 1 of 2") && text.contains("What to look for"), "{text}");
    let french = text_of(&desk.path(&format!("briefs/brief-{facility}-plan00003-copy03.pdf")))?;
    assert!(french.contains("exemplaire 3 sur 3") && french.contains("Ce que l'on cherche"), "{french}");
    let told = desk.run(&["verify", "--case", "case"])?.expect(0)?;
    assert!(told.out.starts_with("holds"), "{}", told.out);
    Ok(())
}

#[test]
fn command_s_brief_has_the_waves_and_what_each_limit_costs() -> Outcome {
    let desk = attributed()?;
    let limits = "cells = 4\nfacilities = 2\nwaves = 3\nwave_minutes = 60\ncells_per_facility = 5\n\
                  [[teams]]\nname = \"A\"\ndetectors = [\"nonlinear_junction\"]\n";
    std::fs::write(desk.path("limits.toml"), limits)?;
    let plan = ["plan", "--case", "case", "--limits", "limits.toml", "--json"];
    let made = desk.run(&plan)?.expect(0)?.json()?;
    let cells = made["prices"].as_array().into_iter().flatten().find(|price| price["limit"] == "cells");
    let brings = cells.and_then(|price| price["brings"].as_f64()).ok_or("no price of cells")?;
    let read = |lang: &str, copy: &str| -> Result<String, Box<dyn std::error::Error>> {
        desk.run(&["plan", "brief", "--case", "case", "--out", "all", "--lang", lang])?.expect(0)?;
        text_of(&desk.path(&format!("all/command-plan00004-copy{copy}.pdf")))
    };
    let (english, french) = (read("en", "01")?, read("fr", "02")?);
    let (point, comma) = (format!("+ {brings:.1}"), format!("+ {brings:.1}").replace('.', ","));
    for said in ["copy 1 of 1", "The waves", "What each limit costs", "10 more cells", &point, "phones found"] {
        assert!(english.replace('\u{a0}', " ").contains(said), "{said} is not in: {english}");
    }
    for said in
        ["exemplaire 2 sur 2", "Les vagues", "Ce que coûte chaque limite", "10 cellules de plus", &comma, "trouvés"]
    {
        assert!(french.replace('\u{a0}', " ").contains(said), "{said} is not in: {french}");
    }
    let shown = desk.run(&["plan", "show", "--case", "case", "--json"])?.expect(0)?.json()?;
    let first = shown.as_array().into_iter().flatten().filter(|row| row["wave"] == 1).count().to_string();
    let waves = english.split("The waves").nth(1).ok_or("no waves")?;
    let line = waves.lines().find(|line| line.split_whitespace().next() == Some("1")).ok_or("no first wave")?;
    assert_eq!(line.split_whitespace().last(), Some(first.as_str()), "{english}");
    Ok(())
}

/// The closed list of these tests.
const CLOSED: &str =
    "readers = [\"A. Roy\", \"B. Lin\"]\n[[staff]]\nname = \"Zoë Quillfeather\"\nreason = \"tipped off\"\n";

#[test]
fn whoever_is_on_the_closed_list_gets_no_brief_opens_nothing_and_is_named_nowhere() -> Outcome {
    let desk = attributed()?;
    let closed = tempfile::tempdir()?;
    let list = closed.path().join("closed.toml");
    std::fs::write(&list, CLOSED)?;
    let list = ["--exclusions", list.to_str().ok_or("no path")?];
    // A team that is called after the person is no team.
    let limits = "release = \"2999-01-01T00:00:00Z\"\ncells = 4\n[[teams]]\nname = \"A\"\n[[teams]]\nname = \"QUILLFEATHER, Zoe\"\n";
    let limits_file = closed.path().join("limits.toml");
    std::fs::write(&limits_file, limits)?;
    let limits_file = limits_file.to_str().ok_or("no path")?;
    let mut said = String::new();
    let mut run = |words: &[&str], code: i32| -> Result<String, Box<dyn std::error::Error>> {
        let ended = desk.run(&[words, &["--case", "case"], &list].concat())?.expect(code)?;
        said.push_str(&ended.out);
        said.push_str(&ended.err);
        Ok(ended.out + &ended.err)
    };
    run(&["plan", "--limits", limits_file, "--json"], 0)?;
    let brief = ["plan", "brief", "--out", "briefs"];
    let early = |names: [&'static str; 2]| ["--early-by", names[0], "--early-by", names[1]];

    // Two names, and one of them opens nothing: what one person alone is told.
    let alone = run(&[&brief[..], &["--early-by", "A. Roy"]].concat(), 3)?;
    let with = run(&[&brief[..], &early(["A. Roy", "quillfeather  zoë"])].concat(), 3)?;
    assert_eq!(alone, with);
    let shown = ["plan", "show"];
    let alone = run(&[&shown[..], &["--early-by", "A. Roy"]].concat(), 3)?;
    let with = run(&[&shown[..], &early(["Zoe Quillfeather", "A. Roy"])].concat(), 3)?;
    assert_eq!(alone, with);

    let open = early(["A. Roy", "B. Lin"]);
    let to = ["--to", "C. Petit", "--to", "Zoë QUILLFEATHER", "--to", "D. Blanc"];
    let told = run(&[&brief[..], &open, &to].concat(), 0)?;
    let names: Vec<String> = std::fs::read_dir(desk.path("briefs"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    assert!(names.iter().any(|name| name.ends_with("copy02.pdf")), "{names:?}");
    assert!(!names.iter().any(|name| name.ends_with("copy03.pdf")), "{names:?}");
    assert!(told.contains(&format!("{} briefs", names.len())), "{told}");
    let second = text_of(&desk.path("briefs/command-plan00004-copy02.pdf"))?;
    assert!(second.contains("copy 2 of 2 — D. Blanc"), "{second}");
    let issued = desk.manifest("case")?["events"].to_string();
    assert!(issued.contains("C. Petit") && issued.contains("D. Blanc"), "{issued}");
    // Copies for that person alone are no copies.
    let none = run(&[&brief[..], &open, &["--to", "Zoë Quillfeather"]].concat(), 0)?;
    assert!(none.starts_with("nothing of the plan is open to you now"), "{none}");

    let mut pages = said;
    for name in &names {
        pages.push_str(&text_of(&desk.path(&format!("briefs/{name}")))?);
    }
    pages.push_str(&desk.run(&["log", "show", "--case", "case"])?.out);
    for hidden in ["quillfeather", "tipped off", "closed.toml"] {
        assert!(!pages.to_lowercase().contains(hidden), "{hidden} is told: {pages}");
        for (path, bytes) in contents(desk.dir.path())? {
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains(hidden), "{hidden} is kept in {}", path.display());
        }
    }
    Ok(())
}

#[test]
fn a_closed_list_that_leaves_no_team_is_told_of_without_a_name() -> Outcome {
    let desk = attributed()?;
    std::fs::write(desk.path("closed.toml"), CLOSED)?;
    std::fs::write(desk.path("limits.toml"), "[[teams]]\nname = \"Zoë Quillfeather\"\n")?;
    let plan = ["plan", "--case", "case", "--limits", "limits.toml", "--exclusions", "closed.toml"];
    let refused = desk.run(&plan)?.expect(3)?.err;
    assert!(refused.contains("no team can be planned") && !refused.contains("Zo"), "{refused}");
    std::fs::write(desk.path("closed.toml"), "readers = [\"A\", \"B\"]\n[[staff]]\nname = \" \"\n")?;
    assert!(desk.run(&plan)?.expect(3)?.err.contains("has no name"));
    Ok(())
}
