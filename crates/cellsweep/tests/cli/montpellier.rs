//! A world on the masts of a real city, from the public register as it is handed out.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use calamine::{Data, DataType, Reader, Xls};

use crate::ground::{chain, prison};
use crate::{Desk, Outcome};

const MONTPELLIER: &str = "../../../shared/data/anfr-montpellier/ANFR_MTP_Supports.xls";

/// What the register says.
struct Masts {
    /// Sectors in our own table. The file doesn't name operators: each station is given to one of three.
    sectors: String,
    /// Latitude and longitude of each mast.
    places: Vec<(f64, f64)>,
    /// Rows of antennas.
    antennas: usize,
}

/// The city's masts of 2013.
fn montpellier(file: &Path) -> Result<Masts, Box<dyn Error>> {
    let mut book: Xls<_> = calamine::open_workbook(file)?;
    let text = |cell: Option<&Data>| cell.map(ToString::to_string).unwrap_or_default();
    let supports = book.worksheet_range("Supports")?;
    let mut places = BTreeMap::new();
    for row in supports.rows().skip(1) {
        let number = |index: usize| row.get(index).and_then(|cell| cell.as_f64());
        if let (Some(lon), Some(lat)) = (number(1), number(2)) {
            places.insert(text(row.first()), (lat, lon));
        }
    }
    let antennas = book.worksheet_range("Antennes|Emetteurs|Bandes")?;
    let mut seen = BTreeSet::new();
    let mut csv = String::from("sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n");
    for row in antennas.rows().skip(1) {
        let (support, station, antenna, system) =
            (text(row.first()), text(row.get(1)), text(row.get(3)), text(row.get(8)));
        let technology = ["GSM", "UMTS", "LTE"].into_iter().find(|name| system.starts_with(name));
        let (Some((lat, lon)), Some(technology)) = (places.get(&support), technology) else { continue };
        if !seen.insert((station.clone(), antenna, system)) {
            continue;
        }
        let n = seen.len();
        let which = station.bytes().map(usize::from).sum::<usize>() % 3;
        let operator = ["208-01", "208-10", "208-20"][which];
        let id = if technology == "LTE" {
            format!("{operator}-{}", 256 * 1000 + n)
        } else {
            format!("{operator}-{}-{n}", 300 + which)
        };
        let azimuth = row.get(6).and_then(|cell| cell.as_f64()).map(|degrees| degrees.to_string()).unwrap_or_default();
        writeln!(csv, "{id},{technology},{operator},{lat},{lon},{azimuth},,")?;
    }
    Ok(Masts { sectors: csv, places: places.into_values().collect(), antennas: antennas.rows().count() - 1 })
}

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests must see that this one did nothing")]
fn the_whole_chain_runs_on_the_masts_of_montpellier() -> Outcome {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(MONTPELLIER);
    if !file.is_file() {
        eprintln!("SKIPPED: {} is not here", file.display());
        return Ok(());
    }
    let Masts { sectors, places, antennas } = montpellier(&file)?;
    assert_eq!((places.len(), antennas), (206, 6_035));
    let desk = Desk::new()?;
    std::fs::write(desk.path("sectors.csv"), sectors)?;
    // In the middle of them.
    let count = places.len() as f64;
    let sum = places.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
    std::fs::write(desk.path("prison.geojson"), prison(sum.0 / count, sum.1 / count))?;
    let score = chain(&desk)?;
    assert!(score["positives"].as_u64().unwrap_or_default() > 5, "{score}");
    assert!(score["average_precision"].as_f64().unwrap_or_default() > 0.2, "{score}");
    Ok(())
}
