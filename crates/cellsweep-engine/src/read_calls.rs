//! The calls and messages of a few handsets read back one by one, for what has to name each of them.

use arrow::array::{Array, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{ArrowPrimitiveType, Int32Type, Int64Type, TimestampMicrosecondType, UInt8Type, UInt64Type};
use cellsweep_model::record::{Direction, Event};
use cellsweep_model::{HandsetKey, Imsi, Msisdn, SectorId};

use crate::fold::column;
use crate::merge::{self, ProfileImport, Range, Reader, Shelf};
use crate::{EngineError, EngineSettings};

/// The files' names begin with this.
const PREFIX: &str = "records-";
/// What is read of a record.
const COLUMNS: [&str; 9] = ["handset", "time", "imsi", "msisdn", "peer", "event", "direction", "sector", "duration_s"];

/// A call or a message; never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallRow {
    /// Microseconds since 1970 UTC.
    pub time: i64,
    /// [`Event::Voice`] or [`Event::Sms`].
    pub event: Event,
    /// Which way it went.
    pub direction: Direction,
    /// The subscriber, where recorded.
    pub imsi: Option<Imsi>,
    /// The subscriber's own number, where recorded.
    pub own: Option<Msisdn>,
    /// The other party's number; `None` where it is a name or not recorded.
    pub peer: Option<Msisdn>,
    /// The sector that served it.
    pub sector: SectorId,
    /// Seconds, where recorded.
    pub duration_s: Option<u32>,
}

/// One handset's calls and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandsetCalls {
    /// What the records are joined on.
    pub key: HandsetKey,
    /// By time, each once: what two operators recorded alike (roaming) is one.
    pub calls: Vec<CallRow>,
}

/// The calls and messages of the handsets for whose key `wanted` holds, mapped range by range in parallel; results
/// come in the handsets' order whatever the number of threads.
///
/// # Errors
/// When a file can't be read.
pub fn map_calls<T: Send>(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    wanted: &(dyn Fn(HandsetKey) -> bool + Sync),
    map: &(dyn Fn(HandsetCalls) -> Vec<T> + Sync),
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
    show: &mut dyn FnMut(HandsetCalls),
) -> Result<(), EngineError> {
    let mut rows: Vec<(u64, CallRow)> = Vec::new();
    for (batch, _operators) in reader.columns(range, &COLUMNS)? {
        let columns = Columns::new(&batch).ok_or(EngineError::Worker)?;
        for (index, &handset) in columns.handsets.values().iter().enumerate() {
            if wanted(HandsetKey::from_value(handset)) {
                rows.extend(columns.call(index).map(|call| (handset, call)));
            }
        }
    }
    rows.sort_unstable();
    rows.dedup();
    for handset in rows.chunk_by(|a, b| a.0 == b.0) {
        let calls = handset.iter().map(|(_, row)| *row).collect();
        show(HandsetCalls { key: HandsetKey::from_value(handset[0].0), calls });
    }
    Ok(())
}

struct Columns<'a> {
    batch: &'a RecordBatch,
    handsets: PrimitiveArray<UInt64Type>,
    times: PrimitiveArray<TimestampMicrosecondType>,
    events: PrimitiveArray<UInt8Type>,
    directions: PrimitiveArray<UInt8Type>,
    sectors: PrimitiveArray<UInt64Type>,
}

impl<'a> Columns<'a> {
    fn new(batch: &'a RecordBatch) -> Option<Self> {
        Some(Self {
            batch,
            handsets: column(batch, "handset")?,
            times: column(batch, "time")?,
            events: column(batch, "event")?,
            directions: column(batch, "direction")?,
            sectors: column(batch, "sector")?,
        })
    }

    /// A column's value, where there is one.
    fn value<T: ArrowPrimitiveType>(&self, name: &str, row: usize) -> Option<T::Native> {
        let column = self.batch.column_by_name(name)?.as_primitive_opt::<T>()?;
        column.is_valid(row).then(|| column.value(row))
    }

    fn call(&self, row: usize) -> Option<CallRow> {
        let event =
            Event::from_code(self.events.value(row)).filter(|event| matches!(event, Event::Voice | Event::Sms))?;
        let peer = self.value::<Int64Type>("peer", row).and_then(|peer| u64::try_from(peer).ok());
        Some(CallRow {
            time: self.times.value(row),
            event,
            direction: Direction::from_code(self.directions.value(row))?,
            imsi: self.value::<UInt64Type>("imsi", row).and_then(Imsi::from_packed),
            own: self.value::<UInt64Type>("msisdn", row).and_then(Msisdn::from_packed),
            peer: peer.and_then(Msisdn::from_packed),
            sector: SectorId::from_value(self.sectors.value(row)),
            duration_s: self.value::<Int32Type>("duration_s", row).and_then(|seconds| u32::try_from(seconds).ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordWriter;
    use cellsweep_model::record::{RecordColumns, Technology, name_code};
    use cellsweep_vault::Keeping;

    /// Handset, hour, event, direction, peer, seconds.
    type Made = (u64, i64, Event, Direction, i64, i32);

    fn columns(rows: &[Made]) -> RecordColumns {
        let mut columns = RecordColumns::default();
        for &(handset, hour, event, direction, peer, seconds) in rows {
            columns.handset.push(handset);
            columns.time.push(hour * 3_600_000_000);
            columns.imei.push(0);
            columns.imsi.push(1_208);
            columns.msisdn.push(if handset == 1 { 1_336 } else { 0 });
            columns.peer.push(peer);
            columns.operator.push(0);
            columns.event.push(event.code());
            columns.direction.push(direction.code());
            columns.technology.push(Technology::Gsm.code());
            columns.sector.push(7);
            columns.timing_advance.push(-1);
            columns.duration_s.push(seconds);
        }
        columns
    }

    #[test]
    fn calls_come_back_one_by_one_and_what_two_operators_recorded_is_one() {
        let dir = tempfile::tempdir().unwrap();
        let settings = EngineSettings { memory_bytes: 1 << 26, threads: 2, run_rows: 64 };
        let (number, named) = (1_337_i64, name_code("INFO"));
        let rows = [
            (1, 2, Event::Voice, Direction::Out, number, 30),
            (1, 1, Event::Sms, Direction::In, named, -1),
            (1, 2, Event::Voice, Direction::Out, number, 30),
            (1, 3, Event::Data, Direction::None, 0, 60),
            (2, 1, Event::Voice, Direction::Out, number, 5),
        ];
        let folder = dir.path().join("case");
        std::fs::create_dir_all(&folder).unwrap();
        let mut writer = RecordWriter::create(&folder, &Keeping::Plain, &settings);
        writer.push(columns(&rows)).unwrap();
        writer.finish().unwrap();
        let import = ProfileImport { dir: folder, keeping: Keeping::Plain, operators: vec!["208-01".to_owned()] };
        let wanted = |key: HandsetKey| key.value() == 1;
        let shown = map_calls(&[import], &settings, &|_| {}, &wanted, &|handset| vec![handset]).unwrap();
        let [HandsetCalls { calls, .. }] = shown.as_slice() else { panic!("one handset is wanted") };
        let told: Vec<_> = calls.iter().map(|call| (call.event, call.peer.is_some(), call.duration_s)).collect();
        assert_eq!(told, [(Event::Sms, false, None), (Event::Voice, true, Some(30))]);
        assert!(calls.iter().all(|call| call.own == Msisdn::from_packed(1_336) && call.imsi.is_some()));
    }
}
