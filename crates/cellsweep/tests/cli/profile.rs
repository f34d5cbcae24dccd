//! From a file of a shape that nobody wrote a profile for to the case.

use crate::{Desk, Outcome};

const ODD: &str = "Export des communications\n\nLigne;Terminal;Carte SIM;Jour;Heure;Nature;Correspondant;Durée (s);Génération;Antenne\n\
    0639980001;490154203237518;208011234567890;17/03/2026;09:05:07;Appel sortant;0639980002;62;4G;208-01-5666817\n\
    0639980001;490154203237518;208011234567890;28/03/2026;10:05:07;Appel entrant;0639980002;5;4G;208-01-5666817\n\
    0639980001;490154203237518;208011234567890;29/03/2026;02:30:00;SMS sortant;0639980002;0;2G;208-01-1234-56789\n";

#[test]
fn three_commands_from_an_unknown_file_to_the_case() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("odd.csv"), ODD)?;
    let guess = ["profile", "guess", "odd.csv", "--zone", "Europe/Paris", "--operator", "208-01", "--out", "odd.toml"];
    let told = desk.run(&guess)?.expect(0)?;
    assert!(told.out.contains("UNSURE"), "{}", told.out);
    let tried = desk.run(&["profile", "test", "odd.csv", "--profile", "odd.toml"])?.expect(4)?;
    assert!(tried.out.contains("2 of 3 rows would go on"), "{}", tried.out);
    assert!(tried.out.contains("time was skipped when clocks went forward"), "{}", tried.out);
    let import = ["import", "records", "odd.csv", "--profile", "odd.toml", "--case", "case", "--json"];
    let imported = desk.run(&import)?.expect(4)?.json()?;
    let file = &imported["files"][0]["import"];
    assert_eq!((&file["rows"]["kept"], &file["rows"]["read"]), (&2.into(), &3.into()));
    assert_eq!(file["operators"][0], "208-01");
    assert_eq!((&file["profile"]["name"], &file["profile"]["version"]), (&"odd".into(), &"1".into()));
    // The log keeps by which profile; the same bytes again change nothing.
    let events = desk.manifest("case")?["events"].clone();
    let kept =
        events.as_array().and_then(|events| events.last()).map(|event| event["import"]["profile"]["name"].clone());
    assert_eq!(kept, Some("odd".into()));
    let again = desk.run(&import)?.expect(0)?.json()?;
    assert_eq!(again["files"][0]["outcome"], "same_bytes");
    Ok(())
}

#[test]
fn what_is_left_open_is_not_imported() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("odd.csv"), ODD)?;
    desk.run(&["profile", "guess", "odd.csv", "--out", "odd.toml"])?.expect(0)?;
    let refused = desk.run(&["import", "records", "odd.csv", "--profile", "odd.toml", "--case", "case"])?.expect(3)?;
    assert!(refused.err.contains("the zone is left open"), "{}", refused.err);
    let unknown =
        desk.run(&["import", "records", "odd.csv", "--profile", "etsi-ts-102-65", "--case", "case"])?.expect(3)?;
    assert!(unknown.err.contains("is it etsi-ts-102-657?"), "{}", unknown.err);
    let other =
        desk.run(&["import", "sectors", "odd.csv", "--profile", "etsi-ts-102-657", "--case", "case"])?.expect(3)?;
    assert!(other.err.contains("the profile makes records, not sectors"), "{}", other.err);
    Ok(())
}

#[test]
fn profiles_that_ship_can_be_copied() -> Outcome {
    let desk = Desk::new()?;
    let list = desk.run(&["profile", "list", "--json"])?.expect(0)?.json()?;
    for line in list.as_array().into_iter().flatten() {
        let name = line["name"].as_str().unwrap_or_default();
        let text = desk.run(&["profile", "show", name])?.expect(0)?.out;
        assert!(text.contains(&format!("name = \"{name}\"")), "{name}");
    }
    let schema = desk.run(&["profile", "schema"])?.expect(0)?.json()?;
    assert_eq!(schema["properties"]["format"]["const"], 1);
    Ok(())
}
