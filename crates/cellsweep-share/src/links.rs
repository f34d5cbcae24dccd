//! A snapshot as things and links between them, for tools that draw networks (i2, Gephi, Cytoscape) and maps (QGIS,
//! kepler.gl): CSV, GraphML, GeoJSON, GeoPackage.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::csv::{Csv, prose};
use crate::snapshot::{Call, CallEnd, CaseSnapshot, Decimal, Sector};

mod geopackage;
mod graphml;
mod network;

pub use geopackage::geopackage;
pub use graphml::graphml;
use network::Network;

/// Links, one a line: `link, from_kind, from, to_kind, to, time, duration_s, log10_lr`.
pub fn links_csv(snapshot: &CaseSnapshot) -> Vec<u8> {
    let columns = ["link", "from_kind", "from", "to_kind", "to", "time", "duration_s", "log10_lr"];
    let mut csv = Csv::new(&columns);
    for link in Network::of(snapshot).links {
        let time = link.time.map_or(String::new(), |time| time.to_string());
        let duration = link.duration_s.map_or(String::new(), |seconds| seconds.to_string());
        let weight = link.log10_lr.map_or(String::new(), |weight| weight.to_string());
        let (from, to) = (link.from, link.to);
        csv.row(&[link.kind, from.kind, &prose(&from.name), to.kind, &prose(&to.name), &time, &duration, &weight]);
    }
    csv.into_bytes()
}

/// Calls with the place of the sector that served them, as kepler.gl and QGIS read it: `time, lat, lon, call, kind,
/// handset, sector`. Calls whose sector has no known place are left out: the place is an antenna's, not a phone's.
pub fn calls_csv(snapshot: &CaseSnapshot) -> Vec<u8> {
    let mut csv = Csv::new(&["time", "lat", "lon", "call", "kind", "handset", "sector"]);
    for (call, row) in served_calls(snapshot) {
        let Some((lat, lon)) = row.lat.zip(row.lon) else { continue };
        let handset = call.handset.as_ref().map_or(String::new(), |handset| prose(handset.as_str()));
        let (time, lat, lon) = (call.time.to_string(), lat.to_string(), lon.to_string());
        let sector = row.sector.as_str();
        csv.row(&[&time, &lat, &lon, &prose(call.call.as_str()), call.kind.word(), &handset, sector]);
    }
    csv.into_bytes()
}

/// Calls with the sector that served them, where it has a known place.
fn served_calls(snapshot: &CaseSnapshot) -> impl Iterator<Item = (&Call, &Sector)> {
    let placed = snapshot.sectors.iter().filter(|row| row.lat.is_some() && row.lon.is_some());
    let by_name: BTreeMap<_, _> = placed.map(|row| (&row.sector, row)).collect();
    snapshot.calls.iter().filter_map(move |call| Some((call, *by_name.get(call.sector.as_ref()?)?)))
}

/// Facilities and sectors with a known place, as points (RFC 7946, WGS 84, longitude first).
///
/// # Errors
/// Never in practice: all of it is text and finite numbers.
pub fn places_geojson(snapshot: &CaseSnapshot) -> Result<Vec<u8>, serde_json::Error> {
    let facilities = snapshot.facilities.iter().filter_map(|row| {
        let name = row.name.as_ref().map_or(row.facility.as_str(), |name| name.as_str());
        point(row.lat, row.lon, json!({ "kind": "facility", "facility": row.facility, "name": name }))
    });
    let sectors = snapshot.sectors.iter().filter_map(|row| {
        let properties = json!({
            "kind": "sector",
            "sector": row.sector,
            "technology": row.technology,
            "operator": row.operator,
        });
        point(row.lat, row.lon, properties)
    });
    let features: Vec<Value> = facilities.chain(sectors).collect();
    let mut bytes = serde_json::to_vec_pretty(&json!({ "type": "FeatureCollection", "features": features }))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn point(lat: Option<Decimal>, lon: Option<Decimal>, properties: Value) -> Option<Value> {
    let coordinates = [lon?.value(), lat?.value()];
    let geometry = json!({ "type": "Point", "coordinates": coordinates });
    Some(json!({ "type": "Feature", "geometry": geometry, "properties": properties }))
}

fn end_of(end: &CallEnd) -> Option<network::Thing> {
    match end {
        CallEnd::Sim(sim) => Some(network::thing("sim", sim)),
        CallEnd::Number(number) => Some(network::thing("number", number)),
        CallEnd::NotStated => None,
    }
}
