//! JSON lines and arrays.

use insta::assert_snapshot;

use super::{parse, ship, told_shaped};
use crate::gzip;

const LINE: &str = r#"{"ts": 1773738307, "network": "208-01", "type": "call", "dir": "MO", "imei": "490154203237518", "imsi": 208011234567890, "msisdn": "33639980001", "other": "33639980002", "seconds": 61, "rat": "4G", "cell": {"mcc": 208, "mnc": 1, "lac": 1234, "ci": 5666817}, "ta": 3}"#;

#[test]
fn json_lines() {
    let two = LINE.replace("4G", "2G").replace("MO", "XX").replace("5666817", "56789");
    let text = format!("{LINE}\n\n{two}\n[1]\n{{\"ts\": 1\n{}\n", LINE.replace("\"ts\": 1773738307, ", ""));
    let told = told_shaped(&ship("example-cdr-jsonl"), "x.jsonl", text.as_bytes());
    assert_snapshot!(told, @"
    2 of 5 kept
    line 4: row is not a JSON object
    line 5: row is not a JSON object
    line 6: time is blank
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,208011234567890,33639980001,33639980002,61,LTE,208-01-5666817,3
    2026-03-17T09:05:07Z,208-01,voice,none,490154203237518,208011234567890,33639980001,33639980002,61,GSM,208-01-1234-56789,3
    ");
    assert_eq!(told_shaped(&ship("example-cdr-jsonl"), "x.jsonl.gz", &gzip(text.as_bytes())), told);
}

#[test]
fn a_json_array() {
    let text = r#"[{"Abbreviated": "ARWCF", "Official Name": "A", "Capacity": 359, "Latitude": -37.0, "Longitude": 174.8, "Classification": "Max"}, {"Abbreviated": "", "Capacity": "many"}, 5]"#;
    assert_snapshot!(told_shaped(&ship("establishments-nz"), "x.json", text.as_bytes()), @"
    1 of 3 kept
    line 2: establishment is blank
    line 3: row is not a JSON object
    ARWCF,A,Max,,359,,-37.0,174.8,,,,,NZ
    ");
    assert_snapshot!(told_shaped(&ship("establishments-nz"), "x.json", b"[{\"a\": 1},\n{\"b\": "), @"
    refused: x.json, line 2: this is not valid JSON: EOF while parsing a value
    hint: ask for the file again: it may be cut off
    ");
}

#[test]
fn geojson_with_other_names() {
    let profile = parse(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"facilities\"\n[file]\nkind = \"geojson\"\n[columns]\nfacility = \"ref\"\nname = \"label\"\ngeometry = \"geometry\"\n",
    );
    let text = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"ref": "F1", "label": "One"}, "geometry": {"type": "Polygon", "coordinates": [[[2, 48], [2.1, 48], [2.1, 48.1], [2, 48]]]}},
        {"type": "Feature", "properties": {"ref": "F2"}, "geometry": {"type": "Point", "coordinates": [2, 48]}}]}"#;
    assert_snapshot!(told_shaped(&profile, "x.geojson", text.as_bytes()), @"
    1 of 2 kept
    line 2: geometry is not a polygon (Point)
    doubt: column `lat` is not used: 1
    doubt: column `lon` is not used: 1
    F1,One,,,,POLYGON((2 48, 2.1 48, 2.1 48.1, 2 48))
    ");
}
