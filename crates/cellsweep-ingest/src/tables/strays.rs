//! Sectors that don't belong among a table's others: of another country, or far from all of them.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Float64Type;
use cellsweep_model::geometry::Point;
use cellsweep_model::sector::SectorId;
use cellsweep_model::table::Table;

use crate::reason::Doubt;
use crate::report::FileReport;

/// Rows below which nothing stands out.
const LEAST_ROWS: usize = 20;
/// More than one row in so many is no stray.
const RARE: usize = 20;
/// A country's mainland is hardly wider.
const FAR_M: f64 = 1_000_000.0;
/// So many strays of a country are named; more are counted.
const NAMED: usize = 5;

/// Countries with several codes (ITU-T E.212): the first and the last of each.
const SEVERAL_CODES: [(u16, u16); 5] = [(234, 235), (310, 316), (404, 406), (440, 441), (460, 461)];

/// Counts the strays of a table of sectors as doubts; other tables have none.
pub(super) fn doubt(table: Table, columns: &[ArrayRef], report: &mut FileReport) {
    let Some(rows) = (table == Table::Sectors).then(|| rows(columns)).flatten() else { return };
    if rows.len() < LEAST_ROWS {
        return;
    }
    let abroad = rare(&rows, abroad(&rows));
    name(&abroad, report, Doubt::ForeignSector);
    let far = rare(&rows, far(&rows));
    name(&far, report, Doubt::FarSector);
}

/// What is looked at of a row.
struct Row {
    sector: SectorId,
    at: Point,
}

fn rows(columns: &[ArrayRef]) -> Option<Vec<Row>> {
    let column = |name: &str| {
        let place = Table::Sectors.columns().iter().position(|column| column.name == name)?;
        columns.get(place)
    };
    let sectors = column("sector")?.as_string_opt::<i32>()?;
    let lat = column("lat")?.as_primitive_opt::<Float64Type>()?;
    let lon = column("lon")?.as_primitive_opt::<Float64Type>()?;
    let row = |row: usize| {
        let sector = SectorId::parse_bytes(sectors.value(row).as_bytes()).ok()?;
        Some(Row { sector, at: Point { lat: lat.value(row), lon: lon.value(row) } })
    };
    (0..sectors.len()).map(row).collect()
}

/// A country's first code.
fn country(row: &Row) -> u16 {
    let mcc = row.sector.plmn().mcc;
    SEVERAL_CODES.iter().find(|(first, last)| (*first..=*last).contains(&mcc)).map_or(mcc, |(first, _)| *first)
}

/// Rows of another country than most.
fn abroad(rows: &[Row]) -> Vec<&Row> {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(country(row)).or_default() += 1);
    let home = counts.iter().max_by_key(|(_, count)| **count).map_or(0, |(country, _)| *country);
    rows.iter().filter(|row| country(row) != home).collect()
}

/// Rows far from the middle one.
fn far(rows: &[Row]) -> Vec<&Row> {
    let middle = |pick: fn(&Row) -> f64| {
        let mut values: Vec<f64> = rows.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let middle = Point { lat: middle(|row| row.at.lat), lon: middle(|row| row.at.lon) };
    rows.iter().filter(|row| middle.distance_m(row.at) > FAR_M).collect()
}

/// What many rows have in common is no mistake of one.
fn rare<'r>(rows: &[Row], found: Vec<&'r Row>) -> Vec<&'r Row> {
    if found.len() * RARE > rows.len() { Vec::new() } else { found }
}

/// Names a country's few strays one by one; of many, the country.
fn name(found: &[&Row], report: &mut FileReport, doubt: impl Fn(String) -> Doubt) {
    let mut countries: BTreeMap<u16, Vec<&Row>> = BTreeMap::new();
    found.iter().for_each(|row| countries.entry(row.sector.plmn().mcc).or_default().push(row));
    for (mcc, rows) in countries {
        if rows.len() > NAMED {
            report.doubt(&doubt(format!("MCC {mcc}")), rows.len() as u64);
            continue;
        }
        rows.iter().for_each(|row| report.doubt(&doubt(row.sector.to_string()), 1));
    }
}

#[cfg(test)]
mod tests {
    use crate::IngestOptions;
    use cellsweep_model::table::Table;

    fn doubts(rows: &[(&str, f64, f64)]) -> Vec<String> {
        let mut text = "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n".to_owned();
        for number in 0..60 {
            text.push_str(&format!("310-01-7-{number},GSM,A,40.{number},-100.{number},,,\n"));
        }
        for (sector, lat, lon) in rows {
            text.push_str(&format!("{sector},GSM,A,{lat},{lon},,,\n"));
        }
        let options = IngestOptions { threads: 1, ..IngestOptions::default() };
        let (_, report) = crate::read_table_bytes(Table::Sectors, text.as_bytes(), &options, &mut |_| Ok(())).unwrap();
        report.rows.doubts.into_iter().map(|(doubt, count)| format!("{doubt}: {count}")).collect()
    }

    #[test]
    fn a_stray_row_is_named_and_a_second_code_of_the_country_is_not() {
        assert_eq!(doubts(&[("311-480-7-9", 40.5, -100.5)]), Vec::<String>::new());
        assert_eq!(
            doubts(&[("208-15-831-9", 40.5, -100.5), ("310-01-8-1", -40.5, 100.5)]),
            [
                "sector is of another country than all others (208-15-831-9): 1",
                "sector stands far from all others (310-01-8-1): 1"
            ]
        );
    }

    #[test]
    fn what_many_rows_share_is_no_stray() {
        let border: Vec<(&str, f64, f64)> = vec![("302-220-1-1", 40.1, -100.1); 20];
        assert_eq!(doubts(&border), Vec::<String>::new());
    }
}
