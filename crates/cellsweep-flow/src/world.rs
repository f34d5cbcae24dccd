//! A made-up country to practise on.

use std::path::Path;

use cellsweep_model::geometry::Point;
use cellsweep_model::rows::{self, Facility, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_world::{GivenFacility, GivenSector, Ground, Summary, WorldSettings};

use crate::{FlowError, Session};

/// Makes up a country into `out/case` (what an operation would be handed) and `out/truth` (what
/// nothing but a comparison reads).
///
/// # Errors
/// When the settings ask for nothing, or the folder can't be written.
pub fn world(settings: &WorldSettings, out: &Path, session: &Session<'_>) -> Result<Summary, FlowError> {
    let task = session.progress.begin("making up a country");
    let progress = |progress: cellsweep_world::Progress| task.advance(progress.done as f64 / progress.of.max(1) as f64);
    Ok(cellsweep_world::generate(settings, out, &progress)?)
}

/// Reads antennas and prisons for a world to stand on, in the tables of the contract. Rows that can't be used are
/// told and left out.
///
/// # Errors
/// When a file can't be used.
pub fn ground(sectors: &Path, facilities: &Path, session: &Session<'_>) -> Result<Ground, FlowError> {
    let sectors: Vec<Antenna> = given(Table::Sectors, sectors, session)?;
    let facilities: Vec<Facility> = given(Table::Facilities, facilities, session)?;
    let facility = |given: Facility| GivenFacility {
        id: given.id.to_string(),
        name: given.name,
        capacity: given.capacity.and_then(|places| u32::try_from(places).ok()),
        outline: given.outline.ring.iter().map(|Point { lat, lon }| (*lon, *lat)).collect(),
    };
    Ok(Ground {
        sectors: sectors.into_iter().map(|antenna| antenna.0).collect(),
        facilities: facilities.into_iter().map(facility).collect(),
    })
}

fn given<T: FromRow>(table: Table, path: &Path, session: &Session<'_>) -> Result<Vec<T>, FlowError> {
    let mut rejected = 0;
    let mut reject = |_reject| {
        rejected += 1;
        Ok(())
    };
    let (batch, _report) = cellsweep_ingest::read_table(
        table,
        path,
        cellsweep_ingest::Against::default(),
        &session.ingest(1),
        &mut reject,
    )?;
    if rejected > 0 {
        session.progress.note(&format!("{}: {rejected} rows can't be used and are left out", path.display()));
    }
    rows::read(&[batch]).map_err(|source| FlowError::Rows { table: table.name(), source })
}

struct Antenna(GivenSector);

impl FromRow for Antenna {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |name: &'static str| Ok(row.must(name, row.text(name))?.to_owned());
        Ok(Self(GivenSector {
            name: text("sector")?,
            technology: text("technology")?,
            operator: text("operator")?,
            lat: row.must("lat", row.number("lat"))?,
            lon: row.must("lon", row.number("lon"))?,
            azimuth_deg: row.number("azimuth_deg"),
            beamwidth_deg: row.number("beamwidth_deg"),
            range_m: row.number("range_m"),
        }))
    }
}
