//! What a report says of radio sectors.

use cellsweep_model::geometry::Point;
use cellsweep_model::rows::{Antenna, Facility, FromRow, Row, RowError, Sector};
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, SectorId};
use cellsweep_report::SectorPage;
use cellsweep_store::Case;
use cellsweep_trace::Evidence;
use rustc_hash::FxHashMap;

use crate::FlowError;
use crate::trace::read;

/// Without a planned range a sector is drawn as if it reached this far.
const USUAL_RANGE_M: f64 = 3_000.0;

/// The case's sectors with their operators, and where each was measured.
#[derive(Debug)]
pub(crate) struct SectorBook {
    sectors: FxHashMap<SectorId, (Sector, String)>,
    shares: FxHashMap<FacilityId, FxHashMap<SectorId, f64>>,
}

struct OperatorOf {
    sector: SectorId,
    operator: String,
}

impl FromRow for OperatorOf {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let sector = row.parsed("sector")?;
        Ok(Self { sector: row.must("sector", sector)?, operator: row.text("operator").unwrap_or_default().to_owned() })
    }
}

impl SectorBook {
    pub(crate) fn new(case: &Case, evidence: &Evidence) -> Result<Self, FlowError> {
        let operators: Vec<OperatorOf> = read(case, Table::Sectors)?;
        let operators: FxHashMap<SectorId, String> =
            operators.into_iter().map(|row| (row.sector, row.operator)).collect();
        let mut sectors = FxHashMap::default();
        for sector in &evidence.sectors {
            let operator = operators.get(&sector.id).cloned().unwrap_or_default();
            sectors.insert(sector.id, (sector.clone(), operator));
        }
        let mut shares: FxHashMap<FacilityId, FxHashMap<SectorId, f64>> = FxHashMap::default();
        for row in &evidence.survey {
            shares.entry(row.facility.clone()).or_default().insert(row.sector, row.share);
        }
        Ok(Self { sectors, shares })
    }

    pub(crate) fn page(&self, sector: SectorId) -> Option<SectorPage> {
        self.sectors.get(&sector).map(|(sector, operator)| SectorPage::new(sector, operator.clone()))
    }

    /// How far a sector was planned to reach, in metres.
    pub(crate) fn range_m(&self, sector: SectorId) -> Option<f64> {
        self.sectors.get(&sector)?.0.range_m
    }

    /// Every sector, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Sector> {
        self.sectors.values().map(|(sector, _)| sector)
    }

    pub(crate) fn surveyed(&self, facility: &FacilityId) -> bool {
        self.shares.contains_key(facility)
    }

    pub(crate) fn share(&self, facility: &FacilityId, sector: SectorId) -> Option<f64> {
        self.shares.get(facility).and_then(|shares| shares.get(&sector)).copied()
    }

    /// Whether a sector is drawn as serving inside: by the survey, else by the antenna's range
    /// and direction. For pictures alone; trace has its own and finer idea.
    pub(crate) fn serves(&self, facility: &Facility, sector: SectorId) -> bool {
        if self.surveyed(&facility.id) {
            return self.share(&facility.id, sector).is_some_and(|share| share > 0.0);
        }
        let middle = facility.outline.centroid();
        self.sectors.get(&sector).is_some_and(|(sector, _)| covers(sector, middle))
    }
}

fn covers(sector: &Sector, place: Point) -> bool {
    let near = sector.at.distance_m(place) <= sector.range_m.unwrap_or(USUAL_RANGE_M);
    let ahead = match sector.antenna {
        Antenna::Omni => true,
        Antenna::Directed { azimuth_deg, beamwidth_deg } => {
            let off = (sector.at.bearing_deg(place) - azimuth_deg + 180.0).rem_euclid(360.0) - 180.0;
            off.abs() <= beamwidth_deg
        }
    };
    near && ahead
}
