//! Records that came more than once, counted over all imports.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt64Type};

use crate::fold::column;
use crate::merge::{self, ProfileImport, Range, Reader, Shelf};
use crate::{EngineError, EngineSettings};

const COLUMNS: [&str; 8] = ["handset", "time", "event", "direction", "imsi", "peer", "operator", "sector"];

/// Records that came more than once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Beyond the first of those that say the same in every respect: copies.
    pub copies: u64,
    /// Events that another operator recorded, too, at the same instant: roaming, or one answer inside another.
    pub told_twice: u64,
}

/// What tells a record from another; the operator and its sector come last, so that two operators' accounts of one
/// event are neighbours.
type Told = (u64, i64, u8, u8, u64, i64, u16, u64);

/// Counts them, range by range in parallel.
///
/// # Errors
/// When a file can't be read.
pub fn repeats(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
) -> Result<Repeats, EngineError> {
    let shelf = Shelf::open(imports, "records-", settings)?;
    let each = |reader: &Reader<'_>, range: Range| Ok(vec![of_range(reader, range)?]);
    let parts = merge::over_ranges(&shelf, settings, progress, &each)?;
    Ok(parts.into_iter().fold(Repeats::default(), |sum, part| Repeats {
        copies: sum.copies + part.copies,
        told_twice: sum.told_twice + part.told_twice,
    }))
}

fn of_range(reader: &Reader<'_>, range: Range) -> Result<Repeats, EngineError> {
    let mut rows: Vec<Told> = Vec::new();
    for (batch, operators) in reader.columns(range, &COLUMNS)? {
        add(&batch, operators, &mut rows).ok_or(EngineError::Worker)?;
    }
    rows.sort_unstable();
    let mut found = Repeats::default();
    for pair in rows.windows(2) {
        let (one, other) = (&pair[0], &pair[1]);
        let same_event =
            (one.0, one.1, one.2, one.3, one.4, one.5) == (other.0, other.1, other.2, other.3, other.4, other.5);
        found.copies += u64::from(one == other);
        found.told_twice += u64::from(same_event && one.6 != other.6);
    }
    Ok(found)
}

/// A batch's records; `None` where a column is not as written.
fn add(batch: &RecordBatch, operators: &[u16], rows: &mut Vec<Told>) -> Option<()> {
    let handsets: PrimitiveArray<UInt64Type> = column(batch, "handset")?;
    let times: PrimitiveArray<TimestampMicrosecondType> = column(batch, "time")?;
    let events: PrimitiveArray<UInt8Type> = column(batch, "event")?;
    let directions: PrimitiveArray<UInt8Type> = column(batch, "direction")?;
    let recorders: PrimitiveArray<UInt16Type> = column(batch, "operator")?;
    let sectors: PrimitiveArray<UInt64Type> = column(batch, "sector")?;
    let (imsis, peers): (&ArrayRef, &ArrayRef) = (batch.column_by_name("imsi")?, batch.column_by_name("peer")?);
    let (imsis, peers) = (imsis.as_primitive_opt::<UInt64Type>()?, peers.as_primitive_opt::<Int64Type>()?);
    rows.reserve(batch.num_rows());
    for row in 0..batch.num_rows() {
        rows.push((
            handsets.value(row),
            times.value(row),
            events.value(row),
            directions.value(row),
            if imsis.is_valid(row) { imsis.value(row) } else { 0 },
            if peers.is_valid(row) { peers.value(row) } else { 0 },
            operators.get(usize::from(recorders.value(row))).copied()?,
            sectors.value(row),
        ));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordWriter;
    use cellsweep_model::record::RecordColumns;
    use cellsweep_vault::Keeping;

    /// Records by handset, second, operator and sector.
    fn import(dir: &std::path::Path, operators: &[&str], rows: &[(u64, i64, u16, u64)]) -> ProfileImport {
        std::fs::create_dir_all(dir).unwrap();
        let mut columns = RecordColumns::default();
        for &(handset, second, operator, sector) in rows {
            columns.handset.push(handset);
            columns.time.push(1_742_000_000_000_000 + second * 1_000_000);
            columns.imei.push(0);
            columns.imsi.push(1_208_010_000_000_000);
            columns.msisdn.push(0);
            columns.peer.push(0);
            columns.operator.push(operator);
            columns.event.push(0);
            columns.direction.push(0);
            columns.technology.push(0);
            columns.sector.push(sector);
            columns.timing_advance.push(-1);
            columns.duration_s.push(-1);
        }
        let mut writer = RecordWriter::create(dir, &Keeping::Plain, &settings());
        writer.push(columns).unwrap();
        writer.finish().unwrap();
        ProfileImport {
            dir: dir.to_owned(),
            keeping: Keeping::Plain,
            operators: operators.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn settings() -> EngineSettings {
        EngineSettings { memory_bytes: 1 << 26, threads: 2, run_rows: 4_096 }
    }

    #[test]
    fn copies_and_second_accounts_are_told_apart_over_all_imports() {
        let dir = tempfile::tempdir().unwrap();
        let first = import(&dir.path().join("a"), &["Uno"], &[(1, 0, 0, 7), (1, 0, 0, 7), (1, 9, 0, 7), (2, 0, 0, 7)]);
        // A copy of one record, and the same event as another operator tells it; numbers of operators are the file's own.
        let second = import(&dir.path().join("b"), &["Due", "Uno"], &[(1, 9, 1, 7), (2, 0, 0, 8), (3, 0, 0, 8)]);
        let found = repeats(&[first, second], &settings(), &|_| {}).unwrap();
        assert_eq!(found, Repeats { copies: 2, told_twice: 1 });
    }
}
