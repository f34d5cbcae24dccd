//! The facilities' pages.

use cellsweep_model::geometry::Point;
use cellsweep_model::rows::{Facility, Sector};
use cellsweep_report::{FacilityPage, FacilitySector};
use cellsweep_trace::Evidence;

use super::sectors::SectorBook;

/// Sectors farther away than this are not on a facility's map.
const MAP_REACH_M: f64 = 6_000.0;
/// Nor are more than this.
const MOST_SECTORS: usize = 60;

pub(crate) fn pages(evidence: &Evidence, book: &SectorBook) -> Vec<FacilityPage> {
    evidence.facilities.iter().map(|facility| page(facility, book)).collect()
}

fn page(facility: &Facility, book: &SectorBook) -> FacilityPage {
    let middle = facility.outline.centroid();
    let mut near: Vec<&Sector> = book.all().filter(|sector| is_near(sector, middle)).collect();
    near.sort_by(|a, b| a.at.distance_m(middle).total_cmp(&b.at.distance_m(middle)).then_with(|| a.id.cmp(&b.id)));
    near.truncate(MOST_SECTORS);
    let mut page = FacilityPage::from(facility);
    page.surveyed = book.surveyed(&facility.id);
    page.sectors = near.into_iter().filter_map(|sector| entry(facility, sector, book)).collect();
    page
}

/// A degree is never more than 112 km: most of a country is passed over without a square root.
fn is_near(sector: &Sector, middle: Point) -> bool {
    (sector.at.lat - middle.lat).abs() < 0.1 && sector.at.distance_m(middle) <= MAP_REACH_M
}

fn entry(facility: &Facility, sector: &Sector, book: &SectorBook) -> Option<FacilitySector> {
    Some(FacilitySector {
        sector: book.page(sector.id)?,
        serves_inside: book.serves(facility, sector.id),
        survey_share: book.share(&facility.id, sector.id),
    })
}
