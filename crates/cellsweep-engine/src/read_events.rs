//! The records of a few handsets read back, for what needs the very instant of an event.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{TimestampMicrosecondType, UInt8Type, UInt64Type};
use cellsweep_model::{HandsetKey, Imsi};

use crate::fold::column;
use crate::merge::{self, ProfileImport, Range, Reader, Shelf};
use crate::{EngineError, EngineSettings};

/// The files' names begin with this.
const PREFIX: &str = "records-";
/// What is read of a record.
const COLUMNS: [&str; 4] = ["handset", "time", "technology", "imsi"];

/// An event's instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventRow {
    /// Microseconds since 1970 UTC.
    pub time: i64,
    /// The technology's code.
    pub technology: u8,
    /// The subscriber, where recorded.
    pub imsi: Option<Imsi>,
}

/// One handset's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandsetEvents {
    /// What the records are joined on.
    pub key: HandsetKey,
    /// By time; one that two operators recorded (roaming) stands here twice.
    pub events: Vec<EventRow>,
}

/// The events of the handsets for whose key `wanted` holds, mapped range by range in parallel;
/// results come in the handsets' order whatever the number of threads.
///
/// # Errors
/// When a file can't be read.
pub fn map_events<T: Send>(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    wanted: &(dyn Fn(HandsetKey) -> bool + Sync),
    map: &(dyn Fn(HandsetEvents) -> Vec<T> + Sync),
) -> Result<Vec<T>, EngineError> {
    let shelf = Shelf::open(imports, PREFIX, settings)?;
    let each = |reader: &Reader<'_>, range: Range| {
        let mut mapped = Vec::new();
        show(reader, range, wanted, &mut |handset| mapped.extend(map(handset)))?;
        Ok(mapped)
    };
    merge::over_ranges(&shelf, settings, progress, &each)
}

fn show(
    reader: &Reader<'_>,
    range: Range,
    wanted: &(dyn Fn(HandsetKey) -> bool + Sync),
    show: &mut dyn FnMut(HandsetEvents),
) -> Result<(), EngineError> {
    let mut rows: Vec<(u64, EventRow)> = Vec::new();
    for (batch, _operators) in reader.columns(range, &COLUMNS)? {
        let columns = Columns::new(&batch).ok_or(EngineError::Worker)?;
        for (index, &handset) in columns.handsets.values().iter().enumerate() {
            if wanted(HandsetKey::from_value(handset)) {
                rows.push((handset, columns.row(index)));
            }
        }
    }
    rows.sort_unstable();
    for handset in rows.chunk_by(|a, b| a.0 == b.0) {
        let events = handset.iter().map(|(_, row)| *row).collect();
        show(HandsetEvents { key: HandsetKey::from_value(handset[0].0), events });
    }
    Ok(())
}

struct Columns {
    handsets: PrimitiveArray<UInt64Type>,
    times: PrimitiveArray<TimestampMicrosecondType>,
    technologies: PrimitiveArray<UInt8Type>,
    imsis: ArrayRef,
}

impl Columns {
    fn new(batch: &RecordBatch) -> Option<Self> {
        Some(Self {
            handsets: column(batch, "handset")?,
            times: column(batch, "time")?,
            technologies: column(batch, "technology")?,
            imsis: batch.column_by_name("imsi")?.clone(),
        })
    }

    fn row(&self, row: usize) -> EventRow {
        // A null's value is 0, which stands for blank.
        let imsi = self.imsis.as_primitive_opt::<UInt64Type>().filter(|_| self.imsis.is_valid(row));
        EventRow {
            time: self.times.value(row),
            technology: self.technologies.value(row),
            imsi: imsi.and_then(|imsis| Imsi::from_packed(imsis.value(row))),
        }
    }
}
