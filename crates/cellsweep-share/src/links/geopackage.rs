//! Places and served calls as an OGC GeoPackage 1.4 (12-128r19), for QGIS and whatever reads by GDAL.

use jiff::Timestamp;
use rusqlite::{Connection, MAIN_DB, params};

use crate::snapshot::{CaseSnapshot, Decimal};

/// WGS 84 in degrees, which every GeoPackage names (OGC 12-128r19, clause 1.1.2.1.2).
const WGS_84: i32 = 4326;

/// "GPKG" in the file's head, version 1.4.0, the tables that make a file a GeoPackage, and what they have to hold.
const FRAME: &str = r#"
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10400;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]',
   'longitude and latitude in degrees');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL PRIMARY KEY REFERENCES gpkg_contents(table_name), column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
  z TINYINT NOT NULL, m TINYINT NOT NULL);
CREATE TABLE facilities (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, facility TEXT NOT NULL, name TEXT);
CREATE TABLE sectors (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, sector TEXT NOT NULL, technology TEXT, operator TEXT);
CREATE TABLE calls (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, call TEXT NOT NULL, kind TEXT, time DATETIME,
  handset TEXT, sector TEXT);
"#;

/// Facilities and sectors with a known place, and calls at the place of the sector that served them (an antenna's place,
/// not a phone's): three layers of points.
///
/// # Errors
/// Never in practice: it is written in memory.
pub fn geopackage(snapshot: &CaseSnapshot) -> Result<Vec<u8>, rusqlite::Error> {
    let database = Connection::open_in_memory()?;
    database.execute_batch(FRAME)?;
    let (facilities, sectors) = (snapshot.facilities.iter(), snapshot.sectors.iter());
    let mut insert = database.prepare("INSERT INTO facilities (geom, facility, name) VALUES (?, ?, ?)")?;
    for (row, place) in facilities.filter_map(|row| Some((row, point(row.lat, row.lon)?))) {
        insert.execute(params![place, row.facility.as_str(), row.name.as_ref().map(|name| name.as_str())])?;
    }
    let mut insert =
        database.prepare("INSERT INTO sectors (geom, sector, technology, operator) VALUES (?, ?, ?, ?)")?;
    for (row, place) in sectors.filter_map(|row| Some((row, point(row.lat, row.lon)?))) {
        insert.execute(params![place, row.sector.as_str(), row.technology.as_str(), row.operator.as_str()])?;
    }
    let mut insert =
        database.prepare("INSERT INTO calls (geom, call, kind, time, handset, sector) VALUES (?, ?, ?, ?, ?, ?)")?;
    for (call, served) in super::served_calls(snapshot) {
        let handset = call.handset.as_ref().map(|handset| handset.as_str());
        let (place, at) = (point(served.lat, served.lon), moment(call.time));
        insert.execute(params![place, call.call.as_str(), call.kind.word(), at, handset, served.sector.as_str()])?;
    }
    drop(insert);
    for (layer, what) in [
        ("facilities", "prisons"),
        ("sectors", "radio cells, at their antennas"),
        ("calls", "calls, at the antenna that served them"),
    ] {
        let content = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) \
            VALUES (?1, 'features', ?1, ?2, ?3, ?4)";
        database.execute(content, params![layer, what, moment(snapshot.case.taken), WGS_84])?;
        let column = "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'POINT', ?2, 0, 0)";
        database.execute(column, params![layer, WGS_84])?;
    }
    Ok(database.serialize(MAIN_DB)?.to_vec())
}

/// A moment as the standard writes it: milliseconds, UTC.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A point as the standard stores it (clause 2.1.3.1.1): its header, then well-known binary, little-endian.
fn point(lat: Option<Decimal>, lon: Option<Decimal>) -> Option<Vec<u8>> {
    let (x, y) = (lon?.value(), lat?.value());
    let mut blob = b"GP\0\x01".to_vec();
    blob.extend(WGS_84.to_le_bytes());
    blob.push(1);
    blob.extend(1_u32.to_le_bytes());
    blob.extend(x.to_le_bytes());
    blob.extend(y.to_le_bytes());
    Some(blob)
}
