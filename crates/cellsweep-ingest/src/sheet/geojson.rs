//! A GeoJSON FeatureCollection: properties as columns, and `geometry` as the contract keeps outlines.

use cellsweep_model::geometry::Polygon;
use serde_json::Value;

use crate::error::IngestError;
use crate::reason::Doubt;
use crate::reject;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::Input;
use crate::tables::{features, outline};
use crate::value::Cell;

/// A FeatureCollection, whole.
pub(crate) struct GeojsonSheet {
    names: Vec<String>,
    features: Vec<Value>,
}

pub(super) fn open(input: &Input) -> Result<Opened<'_>, IngestError> {
    let features = features(input, input.container()?)?;
    let mut names = vec!["geometry".to_owned(), "lat".to_owned(), "lon".to_owned()];
    for feature in &features {
        for name in feature.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    Ok(Opened { names: names.clone(), doubts: Vec::new(), body: Body::Geojson(GeojsonSheet { names, features }) })
}

impl GeojsonSheet {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        for (index, feature) in self.features.iter().enumerate() {
            let geometry = feature.get("geometry").unwrap_or(&Value::Null);
            let shape = outline(geometry);
            if let Ok((_, Some(doubt))) = &shape {
                take(Found::Doubt(doubt.clone()))?;
            }
            // What is no polygon stays what it is, so that its check says so.
            let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("nothing");
            let wkt = shape.map_or_else(|_| kind.to_owned(), |(polygon, _): (Polygon, Option<Doubt>)| polygon.to_wkt());
            let cells: Vec<Cell<'_>> = self.names.iter().map(|name| cell(feature, geometry, name, &wkt)).collect();
            let raw = || reject::raw(feature.to_string().as_bytes());
            if take(Found::Row(RawRow { line: index as u64 + 1, cells: &cells, raw: &raw }))? == Go::Enough {
                break;
            }
        }
        Ok(())
    }
}

fn cell<'v>(feature: &'v Value, geometry: &'v Value, name: &str, wkt: &'v str) -> Cell<'v> {
    let point = |index: usize| match geometry.get("type").and_then(Value::as_str) {
        Some("Point") => geometry.get("coordinates").and_then(|place| place.get(index)).and_then(Value::as_f64),
        _ => None,
    };
    match (name, feature.get("properties").and_then(|properties| properties.get(name))) {
        ("geometry", _) => Cell::text(wkt.as_bytes()),
        ("lat", None) => point(1).map_or(Cell::Blank, Cell::Float),
        ("lon", None) => point(0).map_or(Cell::Blank, Cell::Float),
        (_, Some(Value::String(text))) => Cell::text(text.as_bytes()),
        (_, Some(Value::Number(number))) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Cell::Blank, Cell::Float), Cell::Integer)
        }
        (_, Some(Value::Bool(flag))) => Cell::Text(if *flag { b"true" } else { b"false" }),
        _ => Cell::Blank,
    }
}
