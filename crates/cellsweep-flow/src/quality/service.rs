//! What the operators' table of sectors and the requests say a record should be within.

use std::collections::BTreeSet;

use cellsweep_model::SectorId;
use cellsweep_model::profile::DayRow;
use cellsweep_model::rows::{FromRow, Request, Row, RowError};
use rustc_hash::FxHashMap;

/// When a sector was in service.
pub(super) struct InService {
    sector: SectorId,
    from: i64,
    to: i64,
}

impl FromRow for InService {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let sector = row.parsed("sector")?;
        Ok(Self {
            sector: row.must("sector", sector)?,
            from: row.micros("from").unwrap_or(i64::MIN),
            to: row.micros("to").unwrap_or(i64::MAX),
        })
    }
}

/// The table's sectors with their dates; one may have several rows.
pub(super) struct Service {
    dates: FxHashMap<u64, Vec<(i64, i64)>>,
}

impl Service {
    pub(super) fn new(rows: Vec<InService>) -> Self {
        let mut dates: FxHashMap<u64, Vec<(i64, i64)>> = FxHashMap::default();
        for row in rows {
            dates.entry(row.sector.value()).or_default().push((row.from, row.to));
        }
        Self { dates }
    }

    /// Whether all of a day's records at a sector lie outside its dates.
    pub(super) fn outside(&self, row: &DayRow) -> bool {
        let dates = self.dates.get(&row.sector.value());
        dates.is_some_and(|dates| dates.iter().all(|(from, to)| row.last < *from || row.first > *to))
    }

    /// Sectors that records name and the table hasn't.
    pub(super) fn missing(&self, seen: &BTreeSet<u64>) -> u64 {
        if self.dates.is_empty() {
            return 0;
        }
        seen.iter().filter(|sector| !self.dates.contains_key(*sector)).count() as u64
    }

    /// Sectors of the table that no record names.
    pub(super) fn silent(&self, seen: &BTreeSet<u64>) -> u64 {
        self.dates.keys().filter(|sector| !seen.contains(*sector)).count() as u64
    }
}

/// What operators were asked for, by their numbers.
pub(super) struct Asked {
    windows: FxHashMap<u16, Vec<(i64, i64)>>,
}

impl Asked {
    pub(super) fn new(requests: &[Request], operators: &[String]) -> Self {
        let mut windows: FxHashMap<u16, Vec<(i64, i64)>> = FxHashMap::default();
        for request in requests {
            if let Ok(number) = operators.binary_search(&request.operator) {
                windows.entry(number as u16).or_default().push((request.from, request.to));
            }
        }
        Self { windows }
    }

    /// Whether a day's records lie outside all that their operator was asked for; nothing does where it is
    /// not known what it was asked.
    pub(super) fn outside(&self, row: &DayRow) -> bool {
        let windows = self.windows.get(&row.operator);
        windows.is_some_and(|windows| windows.iter().all(|(from, to)| row.last < *from || row.first > *to))
    }
}
