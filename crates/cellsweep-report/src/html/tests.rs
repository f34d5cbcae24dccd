use cellsweep_model::Segment;

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
fn a_handset_that_changed_hands_shows_each_stretch_with_its_users() -> Result<(), Box<dyn std::error::Error>> {
    let mut report = v1()?;
    let page = &mut report.devices[0];
    let used = |(from, to): (i32, i32), changed: Option<f64>, rank: u32, inmate: &str, probability: f64| {
        Ok::<_, Box<dyn std::error::Error>>(Segment {
            handset: page.device.handset.clone(),
            imei: page.device.imei,
            facility: page.device.facility.clone(),
            from,
            to,
            changed,
            rank,
            inmate: (!inmate.is_empty()).then(|| inmate.parse()).transpose()?,
            cell: None,
            log10_lr: 1.0,
            probability,
        })
    };
    let segments = vec![
        used((20_000, 20_009), None, 1, "I1", 0.7)?,
        used((20_000, 20_009), None, 2, "", 0.3)?,
        used((20_010, 20_020), Some(0.8), 1, "I2", 0.6)?,
    ];
    page.segments = segments;
    let shown = &block_of(&page_of(&report)?, "details-0")?["devices"][0]["segments"];
    let user = |inmate: Option<&str>, probability: f64| serde_json::json!({ "inmate": inmate, "cell": null, "probability": probability });
    let expected = serde_json::json!([
        { "from": 20_000, "to": 20_009, "changed": null, "users": [user(Some("I1"), 0.7), user(None, 0.3)] },
        { "from": 20_010, "to": 20_020, "changed": 0.8, "users": [user(Some("I2"), 0.6)] },
    ]);
    assert_eq!(shown, &expected);
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
