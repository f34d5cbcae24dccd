//! Files of shapes that nobody wrote a profile for, each by three commands into the case.

use std::io::Write as _;

use serde_json::Value;

use crate::{Desk, Outcome};

/// Proposes, tries and imports; what the import says of the file.
fn three_commands(table: &str, name: &str, bytes: &[u8], known: &[&str]) -> Result<Value, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path(name), bytes)?;
    desk.run(&[&["profile", "guess", name, "--out", "my.toml"], known].concat())?.expect(0)?;
    desk.run(&["profile", "test", name, "--profile", "my.toml"])?.expect(0)?;
    let import = ["import", table, name, "--profile", "my.toml", "--case", "case", "--json"];
    let told = desk.run(&import)?.expect(0)?.json()?;
    let preview = desk.run(&["profile", "test", name, "--profile", "my.toml", "--json"])?.expect(0)?.json()?;
    let mut file = told["files"][0]["import"].clone();
    file["first"] = preview["rows"][0]["after"].clone();
    Ok(file)
}

fn check(file: &Value, rows: u64, first: &str) {
    assert_eq!((&file["rows"]["kept"], &file["rows"]["read"]), (&rows.into(), &rows.into()), "{file:#}");
    let values: Vec<&str> = file["first"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(values.join(","), first);
}

const CALLS: [&str; 4] = ["--zone", "Europe/Paris", "--operator", "208-01"];

#[test]
fn semicolons_decimal_commas_a_preamble_and_french_headers() -> Outcome {
    let text = "Relev\u{e9} des antennes au 01/03/2026\nService technique;;;;;;\n\n\
        Identifiant cellule;Technologie;Op\u{e9}rateur;Latitude (\u{b0});Longitude (\u{b0});Azimut (\u{b0});Port\u{e9}e (m)\n\
        208-01-256-1001;2G;208-01;43,6112;3,8767;120,0;3 500,0\n\
        208-01-256-1002;2G;208-01;43,6114;3,8769;240,5;3 500,0\n\
        208-01-5666817;4G;208-01;43,6120;3,8801;;1 200,5\n";
    let windows_1252: Vec<u8> = text.chars().map(|char| char as u8).collect();
    let file = three_commands("sectors", "antennes.csv", &windows_1252, &[])?;
    check(&file, 3, "208-01-256-1001,GSM,208-01,43.6112,3.8767,120,3500");
    Ok(())
}

#[test]
fn a_workbook_with_two_rows_of_headers() -> Outcome {
    let rows = [
        &["Abonn\u{e9}", "", "Communication", "", "", "", "R\u{e9}seau", ""],
        &["IMEI", "IMSI", "Date", "Heure", "Type", "Dur\u{e9}e", "Techno", "CGI"],
        &["490154203237518", "208011234567890", "17/03/2026", "09:05:07", "MOC", "62", "2G", "208-01-256-1001"],
        &["490154203237518", "208011234567890", "28/03/2026", "23:59:59", "SMS-MT", "0", "2G", "208-01-256-1001"],
    ];
    let file = three_commands("records", "trafic.xlsx", &workbook(&rows)?, &CALLS)?;
    check(&file, 2, "2026-03-17T08:05:07Z,208-01,voice,out,490154203237518,208011234567890,62,GSM,208-01-256-1001");
    Ok(())
}

#[test]
fn json_lines_with_members_within_members() -> Outcome {
    let line = |day: u32, kind: &str| {
        format!(
            r#"{{"event":{{"at":"2026-03-{day}T09:05:07+01:00","kind":"{kind}","seconds":30}},"device":{{"imei":"490154203237518"}},"subscriber":{{"imsi":"208011234567890","msisdn":"33639980001"}},"peer":{{"number":"33639980002"}},"radio":{{"rat":"4G","cell":"208-01-5666817"}}}}"#
        )
    };
    let text = format!("{}\n{}\n", line(17, "MOC"), line(18, "MTC"));
    let file = three_commands("records", "events.jsonl", text.as_bytes(), &["--operator", "208-01"])?;
    // The other party's number is not taken for the subscriber's own.
    check(
        &file,
        2,
        "2026-03-17T08:05:07Z,208-01,voice,out,490154203237518,208011234567890,33639980001,33639980002,30,LTE,208-01-5666817",
    );
    Ok(())
}

#[test]
fn dates_and_times_without_signs_in_two_columns() -> Outcome {
    let text = "CALL_DATE,CALL_TIME,CALL_TYPE,A_IMEI,A_IMSI,A_MSISDN,B_MSISDN,DURATION,RAT,CELL_ID\n\
        20260317,090507,MOC,490154203237518,208011234567890,33639980001,33639980002,62,GSM,208-01-256-1001\n\
        20260328,235959,MTC,490154203237518,208011234567890,33639980001,33639980003,5,GSM,208-01-256-1001\n\
        20260318,000007,SMO,490154203237518,208011234567890,33639980001,33639980002,0,GSM,208-01-256-1001\n";
    let file = three_commands("records", "fixed.csv", text.as_bytes(), &CALLS)?;
    check(
        &file,
        3,
        "2026-03-17T08:05:07Z,208-01,voice,out,490154203237518,208011234567890,33639980001,33639980002,62,GSM,208-01-256-1001",
    );
    Ok(())
}

/// The smallest .xlsx that spreadsheets open, with these texts.
fn workbook(rows: &[&[&str; 8]]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let cell = |row: usize, (column, text): (usize, &&str)| {
        let place = char::from(b'A' + column as u8);
        format!(r#"<c r="{place}{}" t="inlineStr"><is><t>{text}</t></is></c>"#, row + 1)
    };
    let row = |(number, cells): (usize, &&[&str; 8])| {
        let stored = cells.iter().enumerate().filter(|(_, text)| !text.is_empty());
        format!(r#"<row r="{}">{}</row>"#, number + 1, stored.map(|each| cell(number, each)).collect::<String>())
    };
    let sheet: String = rows.iter().enumerate().map(row).collect();
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        ("_rels/.rels", relation("rId1", "officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Trafic" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("rId1", "worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>"#),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

#[test]
fn a_folder_brings_the_profiles_of_its_files() -> Outcome {
    let desk = Desk::with_world()?;
    // The operators' records and antennas as bills of their own shape, with their profiles beside them.
    std::fs::create_dir(desk.path("world/case/profiles"))?;
    std::fs::rename(desk.path("world/case/sectors.csv"), desk.path("world/case/antennas-2026.txt"))?;
    let text = desk.read("world/case/antennas-2026.txt")?.replacen("sector,", "Cellule,", 1);
    std::fs::write(desk.path("world/case/antennas-2026.txt"), text)?;
    let profile = "format = 1\nname = \"antennas\"\nversion = \"1\"\ntable = \"sectors\"\n[time]\nzone = \"in-value\"\nformats = [\"iso\"]\n[columns]\n\
        sector = \"Cellule\"\ntechnology = \"technology\"\noperator = \"operator\"\nlat = \"lat\"\nlon = \"lon\"\nazimuth_deg = \"azimuth_deg\"\nbeamwidth_deg = \"beamwidth_deg\"\nrange_m = \"range_m\"\n";
    std::fs::write(desk.path("world/case/profiles/antennas.toml"), profile)?;
    let run = ["run", "case", "--from", "world/case", "--out", "out", "--exercise", "--json"];
    let told = desk.run(&run)?.expect(0)?.json()?;
    let files = told["import"]["files"].as_array().ok_or("no files")?;
    let of = files.iter().find(|file| file["import"]["table"] == "sectors").ok_or("no sectors")?;
    assert_eq!(of["import"]["profile"]["name"], "antennas");
    assert!(desk.read("out/devices.csv")?.lines().count() > 1);
    // A profile that can't be used ends the run before a case is begun.
    std::fs::write(desk.path("world/case/profiles/antennas.toml"), profile.replace("in-value", "Europe/Pari"))?;
    let refused = desk.run(&["run", "new", "--from", "world/case", "--out", "out", "--exercise"])?.expect(3)?;
    assert!(refused.err.contains("there is no time zone `Europe/Pari`"), "{}", refused.err);
    assert!(!desk.path("new").exists());
    Ok(())
}
