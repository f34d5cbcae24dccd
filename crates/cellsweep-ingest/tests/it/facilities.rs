//! Facilities from GeoJSON and as WKT.

use cellsweep_ingest::{IngestOptions, read_table_bytes};
use cellsweep_model::rows::{self, Facility};
use cellsweep_model::table::Table;
use insta::assert_snapshot;

use crate::{gzip, told_table};

const SQUARE: &str = "[[[2, 48], [2.01, 48], [2.01, 48.01], [2, 48.01], [2, 48]]]";

fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type": "Feature", "properties": {properties}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, features.join(", "))
}

fn told(text: &str) -> String {
    told_table(Table::Facilities, "facilities.geojson", text.as_bytes())
}

#[test]
fn polygons() {
    let good = feature(r#"{"facility": "F1", "capacity": 731, "timezone": "Europe/Paris"}"#, "Polygon", SQUARE);
    let text = collection(&[good]);
    let (batch, _) =
        read_table_bytes(Table::Facilities, text.as_bytes(), &IngestOptions::default(), &mut |_| Ok(())).unwrap();
    let facilities: Vec<Facility> = rows::read(&[batch]).unwrap();
    assert_eq!(facilities[0].outline.ring.len(), 4);
    assert_eq!(facilities[0].capacity, Some(731));
    assert_snapshot!(told(&text), @"1 of 1 kept");
    assert_snapshot!(told_table(Table::Facilities, "f.geojson.gz", &gzip(text.as_bytes())), @"1 of 1 kept");
}

#[test]
fn bad_features_are_rejected_one_by_one() {
    let small = "[[[3, 48], [3.001, 48], [3.001, 48.001], [3, 48]]]";
    assert_snapshot!(told(&collection(&[
        feature(r#"{"facility": "F1", "owner": "x"}"#, "Polygon", SQUARE),
        feature(r#"{"facility": "F2"}"#, "Point", "[2, 48]"),
        feature(r#"{"name": "no id"}"#, "Polygon", SQUARE),
        feature(r#"{"facility": "F4"}"#, "Polygon", "[[[2, 48], [2.1, 48]]]"),
        feature(r#"{"facility": "F5"}"#, "Polygon", "[[[652000, 6862000], [652100, 6862000], [652100, 6862100]]]"),
        feature(r#"{"facility": "F6"}"#, "MultiPolygon", &format!("[{small}, {SQUARE}]")),
        feature(r#"{"facility": "F7", "capacity": "many"}"#, "Polygon", SQUARE),
        r#"{"type": "Feature", "properties": {"facility": "F8"}, "geometry": null}"#.to_owned(),
    ])), @"
    2 of 8 kept
    line 2: geometry is not a polygon (Point)
    line 3: facility is blank
    line 4: geometry is not a polygon (Polygon)
    line 5: geometry is not in degrees (Polygon)
    line 7: capacity is not a whole number (many)
    line 8: geometry is not a polygon (no geometry)
    doubt: column `owner` is not used: 1
    doubt: largest polygon of several kept: 1
    ");
}

#[test]
fn broken_documents_are_refused() {
    let whole = collection(&[feature(r#"{"facility": "F1"}"#, "Polygon", SQUARE)]);
    assert_snapshot!(told(&whole[..whole.len() / 2]), @"
    refused: facilities.geojson, line 1: this is not valid JSON: EOF while parsing a string
    hint: ask for the file again: it may be cut off
    ");
    assert_snapshot!(told(r#"{"type": "Topology"}"#), @"
    refused: facilities.geojson: this is not a GeoJSON FeatureCollection
    hint: save it as a GeoJSON FeatureCollection of Polygons
    ");
    assert_snapshot!(told("[1, 2]"), @"
    refused: facilities.geojson: this is not a GeoJSON FeatureCollection
    hint: save it as a GeoJSON FeatureCollection of Polygons
    ");
    let lambert =
        whole.replacen('{', r#"{"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}, "#, 1);
    assert_snapshot!(told(&lambert), @"
    refused: facilities.geojson: the coordinates are in urn:ogc:def:crs:EPSG::2154, not in WGS 84
    hint: convert it, for example `ogr2ogr -t_srs EPSG:4326 OUT.geojson IN.geojson`
    ");
    let deep = "[".repeat(100_000);
    assert_snapshot!(told(&deep), @"
    refused: facilities.geojson, line 1: this is not valid JSON: recursion limit exceeded
    hint: ask for the file again: it may be cut off
    ");
}

#[test]
fn well_known_text() {
    let text = "facility,name,kind,capacity,timezone,geometry\n\
        F1,A,,100,,\"POLYGON((2 48, 2.01 48, 2.01 48.01, 2 48.01, 2 48))\"\n\
        F2,B,,100,,\"POINT(2 48)\"\n\
        F3,C,,100,,\"POLYGON((652000 6862000, 652100 6862000, 652100 6862100))\"\n";
    assert_snapshot!(told_table(Table::Facilities, "facilities.csv", text.as_bytes()), @"
    1 of 3 kept
    line 3: geometry is not a polygon (POINT(2 48))
    line 4: geometry is not in degrees (POLYGON((652000 6862000, 652100 6862000, 652100 6862100)))
    ");
}
