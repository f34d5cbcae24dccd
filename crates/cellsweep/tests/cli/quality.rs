//! What is looked at before anybody trusts a case, in words, as JSON and in the report.

use serde_json::Value;

use crate::{Desk, Outcome};

const SECTORS: &str = "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m,from,to\n\
    208-01-1-1,GSM,208-01,43.6,3.9,,,3000,,2025-03-02T00:00:00Z\n208-01-77,LTE,208-01,43.6,3.9,,,3000,,\n\
    208-01-1-9,GSM,208-01,43.6,3.9,,,3000,,\n";
const RECORDS: &str = "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n\
    2025-03-01T10:00:00Z,208-01,voice,out,490154203237518,208011234567890,,33612345678,60,GSM,208-01-1-1,\n\
    2025-03-01T10:05:00Z,208-01,voice,out,490154203237518,208011234567891,,33612345678,60,GSM,208-01-1-1,\n\
    2025-03-01T10:05:00Z,208-20,voice,out,490154203237518,208011234567891,,33612345678,60,GSM,208-01-1-1,\n\
    2025-03-03T10:00:00Z,208-01,voice,out,490154203237518,208011234567890,,33612345678,60,GSM,208-01-1-1,\n\
    2025-03-03T11:00:00Z,208-01,data,out,490154203237518,208011234567890,,,60,LTE,208-01-77,\n\
    2025-03-20T11:00:00Z,208-01,data,out,352099001761481,208011234567899,,,60,LTE,208-01-78,\n";
const AGAIN: &str = "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n\
    2025-03-01T10:00:00Z,208-01,voice,out,490154203237518,208011234567890,,33612345678,60,GSM,208-01-1-1,\n\
    2025-03-02T09:00:00Z,208-01,voice,out,,208011234567892,,33612345678,60,GSM,208-01-1-1,\n";
const MODELS: &str = "tac,brand,model,class,mass_g,length_mm,metal_share,technologies\n\
    49015420,Zanno,Z1,mini,20,70,0.1,GSM\n49015421,Orvia,O,smart,,,,GSM LTE\n49015421,Kelvar,K,smart,,,,GSM LTE\n";
const REQUESTS: &str = "request,authority,operator,kind,values_file,from,to,sent,answered,complete\n\
    Q1,A,208-01,all,,2025-03-01T00:00:00Z,2025-03-10T00:00:00Z,,2025-03-12T00:00:00Z,true\n";

fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    for (table, name, text) in [
        ("sectors", "sectors.csv", SECTORS),
        ("models", "models.csv", MODELS),
        ("requests", "requests.csv", REQUESTS),
        ("records", "records.csv", RECORDS),
        ("records", "again.csv", AGAIN),
    ] {
        std::fs::write(desk.path(name), text)?;
        desk.run(&["import", table, name, "--case", "case"])?.expect(0)?;
    }
    Ok(desk)
}

#[test]
fn every_oddity_is_counted_and_explained_in_both_languages() -> Outcome {
    let desk = desk()?;
    let found = desk.run(&["quality", "--case", "case", "--json"])?.expect(0)?.json()?;
    let remarks = found["remarks"].as_array().ok_or("no remarks")?;
    let count =
        |code: &str| remarks.iter().find(|remark| remark["code"] == code).map_or(0, |remark| number(&remark["count"]));
    let counts: Vec<u64> = [
        "handsets",
        "copies",
        "told_twice",
        "not_asked_for",
        "missing_sectors",
        "out_of_service",
        "silent_sectors",
        "several_cards",
        "unknown_models",
        "recycled_models",
        "ambiguous_codes",
        "without_imei",
    ]
    .map(count)
    .to_vec();
    assert_eq!(counts, [3, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1], "{found:#}");
    assert!(remarks.iter().all(|remark| {
        ["fr", "en"].iter().all(|lang| remark["meaning"][lang].as_str().is_some_and(|text| text.len() > 20))
    }));
    assert_eq!(found["covers"][0]["records"], 8);
    let french = desk.command(&["quality", "--case", "case"]).env("CELLSWEEP_LANG", "fr").output()?;
    let french = String::from_utf8_lossy(&french.stdout).into_owned();
    assert!(french.contains("enregistrements venus plus d’une fois"), "{french}");
    assert!(french.contains("sans autorisation (exercice) : 8 enregistrements"), "{french}");
    Ok(())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

#[test]
fn the_report_has_it_as_a_page() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "case", "--from", "world/case", "--out", "out", "--exercise"])?.expect(0)?;
    desk.run(&["report", "--case", "case", "--output", "report.html"])?.expect(0)?;
    let page = desk.read("report.html")?;
    let (_, rest) = page.split_once(r#"<script type="application/json" id="data">"#).ok_or("no data")?;
    let data: Value = serde_json::from_str(rest.split_once("</script>").ok_or("no end")?.0)?;
    let told = desk.run(&["quality", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(data["quality"], told);
    assert!(page.contains("qualityScreen"));
    Ok(())
}
