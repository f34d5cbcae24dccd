//! Facilities from a GeoJSON FeatureCollection (RFC 7946).

use std::io::Read;

use arrow::array::RecordBatch;
use cellsweep_model::geometry::{Point, Polygon};
use cellsweep_model::table::Column;
use serde_json::{Map, Value};

use crate::error::{IngestError, Refusal};
use crate::reason::{Doubt, ReasonCode};
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::source::{Container, Input};
use crate::tables::builder::TableRows;
use crate::value::Cell;

/// Outlines of every prison of a large country take a few megabytes.
const MAX_BYTES: u64 = 256 << 20;

/// Whether the text begins as JSON does.
pub(super) fn is_json(input: &Input, container: Container) -> Result<bool, IngestError> {
    let mut start = Vec::new();
    // What can't be read is told by the reader that follows.
    let _ = input.text(container)?.reader.take(4096).read_to_end(&mut start);
    Ok(start.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'{' | b'[')))
}

pub(super) fn read(
    input: &Input,
    container: Container,
    mut rows: TableRows<'_>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let features = features(input, container)?;
    for (index, feature) in features.iter().enumerate() {
        read_feature(feature, index as u64 + 1, &mut rows)?;
    }
    rows.finish(input)
}

pub(crate) fn features(input: &Input, container: Container) -> Result<Vec<Value>, IngestError> {
    let mut text = Vec::new();
    let mut reader = input.text(container)?.reader.take(MAX_BYTES);
    reader.read_to_end(&mut text).map_err(|error| input.refuse(Refusal::Damaged(error.to_string())))?;
    let document: Value = serde_json::from_slice(&text).map_err(|error| IngestError::Refused {
        path: input.path.clone(),
        line: Some(error.line() as u64),
        why: Refusal::BrokenJson(without_place(&error)),
    })?;
    check_reference_system(&document).map_err(|why| input.refuse(why))?;
    match document {
        Value::Object(mut collection) if collection.get("type") == Some(&Value::from("FeatureCollection")) => {
            match collection.remove("features") {
                Some(Value::Array(features)) => Ok(features),
                _ => Err(input.refuse(Refusal::NotFeatures)),
            }
        }
        _ => Err(input.refuse(Refusal::NotFeatures)),
    }
}

/// The message without "at line 1 column 2", which the refusal says itself.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// An old `crs` member that names something else than WGS 84.
fn check_reference_system(document: &Value) -> Result<(), Refusal> {
    let Some(name) = document.pointer("/crs/properties/name").and_then(Value::as_str) else { return Ok(()) };
    let is_wgs84 = name.contains("CRS84") || name.ends_with(":4326");
    if is_wgs84 { Ok(()) } else { Err(Refusal::OtherCrs(name.chars().take(80).collect())) }
}

fn read_feature(feature: &Value, number: u64, rows: &mut TableRows<'_>) -> Result<(), IngestError> {
    let nothing = Map::new();
    let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let raw = || reject::raw(feature.to_string().as_bytes());
    let (polygon, doubt) = match outline(feature.get("geometry").unwrap_or(&Value::Null)) {
        Ok(found) => found,
        Err(reason) => {
            let detail = feature.pointer("/geometry/type").and_then(Value::as_str).unwrap_or("no geometry");
            let detail = detail.chars().take(80).collect();
            return rows.bad(Reject { line: number, column: Some("geometry"), reason, detail, raw: raw() });
        }
    };
    let wkt = polygon.to_wkt();
    let columns = rows.table.columns();
    let cells: Vec<Cell<'_>> = columns.iter().map(|column| property(properties, column, &wkt)).collect();
    if rows.push(number, &cells, raw)? {
        doubt.iter().for_each(|doubt| rows.report.doubt(doubt, 1));
    }
    let unused = properties.keys().filter(|name| columns.iter().all(|column| column.name != name.as_str()));
    for name in unused {
        rows.report.doubt(&Doubt::UnusedColumn(name.chars().take(80).collect()), 1);
    }
    Ok(())
}

fn property<'a>(properties: &'a Map<String, Value>, column: &Column, wkt: &'a str) -> Cell<'a> {
    match properties.get(column.name) {
        _ if column.name == "geometry" => Cell::text(wkt.as_bytes()),
        Some(Value::String(text)) => Cell::text(text.as_bytes()),
        Some(Value::Number(number)) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Cell::Blank, Cell::Float), Cell::Integer)
        }
        Some(Value::Bool(true)) => Cell::Text(b"true"),
        Some(Value::Bool(false)) => Cell::Text(b"false"),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => Cell::Blank,
    }
}

/// A feature's outline; of several polygons the largest.
pub(crate) fn outline(geometry: &Value) -> Result<(Polygon, Option<Doubt>), ReasonCode> {
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => Ok((ring(coordinates)?, None)),
        Some("MultiPolygon") => {
            let parts = coordinates.as_array().ok_or(ReasonCode::NotPolygon)?;
            let rings: Vec<Polygon> = parts.iter().map(ring).collect::<Result<_, _>>()?;
            let doubt = (rings.len() > 1).then_some(Doubt::LargestPart);
            let largest = rings.into_iter().max_by(|a, b| area(a).total_cmp(&area(b)));
            Ok((largest.ok_or(ReasonCode::NotPolygon)?, doubt))
        }
        _ => Err(ReasonCode::NotPolygon),
    }
}

/// A polygon's outer ring.
fn ring(coordinates: &Value) -> Result<Polygon, ReasonCode> {
    let positions = coordinates.get(0).and_then(Value::as_array).ok_or(ReasonCode::NotPolygon)?;
    let mut ring: Vec<Point> = positions.iter().map(point).collect::<Result<_, _>>()?;
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 { Err(ReasonCode::NotPolygon) } else { Ok(Polygon { ring }) }
}

fn point(position: &Value) -> Result<Point, ReasonCode> {
    let number = |index: usize| position.get(index).and_then(Value::as_f64).ok_or(ReasonCode::NotPolygon);
    let (lon, lat) = (number(0)?, number(1)?);
    if lat.abs() <= 90.0 && lon.abs() <= 180.0 { Ok(Point { lat, lon }) } else { Err(ReasonCode::NotDegrees) }
}

/// Square metres (shoelace formula on the local plane).
pub(crate) fn area(polygon: &Polygon) -> f64 {
    let Some(origin) = polygon.ring.first() else { return 0.0 };
    let plane: Vec<(f64, f64)> = polygon.ring.iter().map(|point| point.offset_from(*origin)).collect();
    let next = plane.iter().cycle().skip(1);
    plane.iter().zip(next).map(|((x0, y0), (x1, y1))| x0 * y1 - x1 * y0).sum::<f64>().abs() / 2.0
}
