use super::*;
use crate::{Lang, Text};

/// Every version ever shipped keeps its file; this program must read it.
const V1: &str = include_str!("fixtures/v1.json");
const V1_EXPECTED: &str = include_str!("fixtures/v1.expected.json");

fn v1() -> Result<Report, Box<dyn std::error::Error>> {
    Ok(serde_json::from_str(V1)?)
}

fn page_of(report: &Report) -> Result<String, Box<dyn std::error::Error>> {
    let mut out = Vec::new();
    html(report, &mut out)?;
    Ok(String::from_utf8(out)?)
}

/// The JSON of the block with this id, as a browser would read it.
fn block_of(page: &str, id: &str) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).ok_or("no such block")?;
    let (json, _) = rest.split_once("</script>").ok_or("no end")?;
    Ok(serde_json::from_str(json)?)
}

#[test]
fn version_1_is_read_and_shown() -> Result<(), Box<dyn std::error::Error>> {
    let report = v1()?;
    assert_eq!(serde_json::to_value(&report)?, serde_json::from_str::<serde_json::Value>(V1)?);
    let page = page_of(&report)?;
    let shown = serde_json::json!({
        "data": block_of(&page, "data")?,
        "details-0": block_of(&page, "details-0")?,
    });
    let expected: serde_json::Value = serde_json::from_str(V1_EXPECTED)?;
    assert_eq!(shown, expected, "{shown:#}");
    Ok(())
}

#[test]
fn another_version_is_refused() -> Result<(), Box<dyn std::error::Error>> {
    let report = Report { version: 2, ..v1()? };
    assert!(matches!(html(&report, &mut Vec::new()), Err(ReportError::Version { found: 2 })));
    Ok(())
}

#[test]
fn names_can_do_no_harm() -> Result<(), Box<dyn std::error::Error>> {
    let mut report = v1()?;
    let nasty = "</script><b>{{style}}<!--<script>";
    report.facilities[0].name = nasty.to_owned();
    report.case.title = nasty.to_owned();
    report.case.prior = Text::new(nasty, nasty);
    report.devices[0].known_role = Some(nasty.to_owned());
    let page = page_of(&report)?;
    let plain = page_of(&v1()?)?;
    let ends =
        |text: &str| (text.matches("<script").count(), text.matches("</script").count(), text.matches("<!--").count());
    assert_eq!(ends(&page), ends(&plain));
    assert!(!page.contains("<b>"));
    assert_eq!(block_of(&page, "data")?["facilities"][0]["name"], nasty);
    Ok(())
}

#[test]
fn the_page_needs_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
    let page = page_of(&v1()?)?;
    assert!(page.contains("default-src 'none'"));
    for address in ["http://", "https://", "src=", "@import", "url("] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(address), "{address}");
    }
    Ok(())
}

#[test]
fn the_same_report_gives_the_same_bytes() -> Result<(), Box<dyn std::error::Error>> {
    let report = v1()?;
    assert_eq!(page_of(&report)?, page_of(&report)?);
    assert!(page_of(&Report { lang: Lang::En, ..report })?.contains("<html lang=\"en\""));
    Ok(())
}

#[test]
fn facilities_are_tallied() -> Result<(), Box<dyn std::error::Error>> {
    let mut report = v1()?;
    report.facilities[0].expected = 7.0;
    report.tally();
    assert_eq!((report.facilities[0].expected, report.facilities[0].listed), (0.97, 1));
    assert_eq!((report.facilities[1].expected, report.facilities[1].listed), (0.0, 0));
    Ok(())
}
