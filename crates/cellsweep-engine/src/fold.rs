//! The fold: a sorted run to daily profiles, one row a handset, day, sector, operator and
//! subscriber.
//!
//! A run is sorted by handset and time, so a handset's day is a stretch of it, in which a handset is heard at a few sectors:
//! one pass adds each record to one of the day's rows, and no table of keys is kept beyond the day.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, AsArray, Int32Array, Int64Array, PrimitiveArray, RecordBatch, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::{Direction, Event, RecordColumns};
use cellsweep_model::{Imsi, SectorId};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::{EngineError, run};

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const ROW_GROUP_ROWS: usize = 1 << 14;
/// Rows of a page: what a reader of a range of handsets skips by.
const PAGE_ROWS: usize = 1 << 10;
/// Rows of a day among which a record's is looked for; a handset of more sectors than that in a day is sorted.
const NEAR: usize = 16;

/// Counters that are summed, in the order of the columns.
const COUNTERS: [&str; 8] = ["voice_out", "voice_in", "sms_out", "sms_in", "data", "attach", "update", "detach"];

/// Folds one sorted run: its profiles, sorted by their keys, as the bytes of a Parquet file.
pub fn fold(sorted: &RecordColumns) -> Result<Vec<u8>, EngineError> {
    let mut encoder = run::Encoder::new(schema(), properties())?;
    let mut folded = Folded::default();
    fold_days(sorted, |handset, days| {
        folded.handsets.resize(folded.rows.len() + days.len(), handset);
        folded.rows.extend_from_slice(days);
        // A group's rows are encoded together, and the room for them is filled again.
        if folded.rows.len() < ROW_GROUP_ROWS {
            return Ok(());
        }
        let batch = folded.batch()?;
        folded.handsets.clear();
        folded.rows.clear();
        encoder.write(&batch)
    })?;
    encoder.write(&folded.batch()?)?;
    encoder.finish()
}

/// Folds records that are sorted by handset and time: shows each handset's key and its days, in order. A row's operator
/// is the records' own number.
///
/// # Errors
/// Those of `show`.
pub fn fold_days<E>(sorted: &RecordColumns, mut show: impl FnMut(u64, &[DayRow]) -> Result<(), E>) -> Result<(), E> {
    let mut days = Vec::new();
    let mut start = 0;
    for handset in sorted.handset.chunk_by(|a, b| a == b) {
        let end = start + handset.len();
        days.clear();
        take(sorted, start..end, &mut days);
        show(handset[0], &days)?;
        start = end;
    }
    Ok(())
}

/// Folds a handset's records, which are in order of time.
fn take(sorted: &RecordColumns, records: Range<usize>, rows: &mut Vec<DayRow>) {
    let mut keys: Vec<Key> = Vec::with_capacity(NEAR);
    let (mut day_start, mut midnight) = (0, i64::MIN);
    for record in records {
        if sorted.time[record] >= midnight {
            close(rows, day_start);
            keys.clear();
            day_start = rows.len();
            midnight = (i64::from(day_of(sorted.time[record])) + 1).saturating_mul(DAY_US);
        }
        let key = key_of(sorted, record);
        let near = keys.len().saturating_sub(NEAR);
        let known = keys[near..].iter().rposition(|known| *known == key);
        let index = known.map_or(keys.len(), |index| near + index);
        if index == keys.len() {
            keys.push(key);
            rows.push(opened(sorted, record));
        }
        add(&mut rows[day_start + index], sorted, record);
    }
    close(rows, day_start);
}

/// What tells a day's rows apart: sector, operator, subscriber.
type Key = (u64, u16, u64);

fn key_of(columns: &RecordColumns, record: usize) -> Key {
    (columns.sector[record], columns.operator[record], columns.imsi[record])
}

/// A day's rows in order of their keys, each once.
fn close(rows: &mut Vec<DayRow>, day_start: usize) {
    let key = |row: &DayRow| (row.sector.value(), row.operator, row.imsi.map_or(0, Imsi::packed));
    rows[day_start..].sort_unstable_by_key(key);
    let mut kept = day_start;
    for index in day_start + 1..rows.len() {
        let row = rows[index];
        if rows[kept].same_place(&row) {
            rows[kept].absorb(&row);
        } else {
            kept += 1;
            rows[kept] = row;
        }
    }
    rows.truncate(rows.len().min(kept + 1));
}

/// Rows of whole handsets.
#[derive(Default)]
struct Folded {
    handsets: Vec<u64>,
    /// Their operators are numbers in the import's list.
    rows: Vec<DayRow>,
}

impl Folded {
    fn batch(&self) -> Result<RecordBatch, EngineError> {
        let rows = &self.rows;
        let narrow =
            |pick: fn(&DayRow) -> u32| -> ArrayRef { Arc::new(UInt32Array::from_iter_values(rows.iter().map(pick))) };
        let wide =
            |pick: fn(&DayRow) -> u64| -> ArrayRef { Arc::new(UInt64Array::from_iter_values(rows.iter().map(pick))) };
        let time =
            |pick: fn(&DayRow) -> i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(rows.iter().map(pick))) };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.handsets.clone())),
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.day))),
            wide(|row| row.sector.value()),
            Arc::new(UInt16Array::from_iter_values(rows.iter().map(|row| row.operator))),
            wide(|row| row.imsi.map_or(0, Imsi::packed)),
            Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| row.technology))),
            narrow(|row| row.hours),
            time(|row| row.first),
            time(|row| row.last),
            narrow(|row| row.counts.events),
            narrow(|row| row.counts.voice_out),
            narrow(|row| row.counts.voice_in),
            narrow(|row| row.counts.sms_out),
            narrow(|row| row.counts.sms_in),
            narrow(|row| row.counts.data),
            narrow(|row| row.counts.attach),
            narrow(|row| row.counts.update),
            narrow(|row| row.counts.detach),
            narrow(|row| row.timing_advances.count),
            wide(|row| row.timing_advances.sum),
            wide(|row| row.timing_advances.sum_of_squares),
        ];
        Ok(RecordBatch::try_new(schema(), columns)?)
    }
}

/// A day's row that a record belongs to, before any is counted.
fn opened(columns: &RecordColumns, record: usize) -> DayRow {
    let time = columns.time[record];
    DayRow {
        day: day_of(time),
        sector: SectorId::from_value(columns.sector[record]),
        technology: 0,
        operator: columns.operator[record],
        imsi: Imsi::from_packed(columns.imsi[record]),
        hours: 0,
        counts: Counts::default(),
        timing_advances: TimingAdvances::default(),
        first: time,
        last: time,
    }
}

/// Counts a record in its row.
fn add(row: &mut DayRow, columns: &RecordColumns, record: usize) {
    let (event, direction, time) = (columns.event[record], columns.direction[record], columns.time[record]);
    let is = |kind: Event| u32::from(event == kind.code());
    let went = |kind: Event, way: Direction| u32::from(event == kind.code() && direction == way.code());
    row.technology = row.technology.max(columns.technology[record]);
    row.hours |= hour_bit(time);
    (row.first, row.last) = (row.first.min(time), row.last.max(time));
    let counts = &mut row.counts;
    counts.events += 1;
    counts.voice_out += went(Event::Voice, Direction::Out);
    counts.voice_in += went(Event::Voice, Direction::In);
    counts.sms_out += went(Event::Sms, Direction::Out);
    counts.sms_in += went(Event::Sms, Direction::In);
    counts.data += is(Event::Data);
    counts.attach += is(Event::Attach);
    counts.update += is(Event::Update);
    counts.detach += is(Event::Detach);
    if let Ok(advance) = u64::try_from(columns.timing_advance[record]) {
        let advances = &mut row.timing_advances;
        advances.count += 1;
        advances.sum += advance;
        advances.sum_of_squares += advance * advance;
    }
}

/// A time's day since 1970 UTC.
pub fn day_of(time: i64) -> i32 {
    time.div_euclid(DAY_US) as i32
}

/// A time's hour of the day as a bit.
pub fn hour_bit(time: i64) -> u32 {
    1 << (time.rem_euclid(DAY_US) / HOUR_US)
}

/// The profile files' schema.
pub fn schema() -> SchemaRef {
    let mut fields = vec![
        Field::new("handset", DataType::UInt64, false),
        Field::new("day", DataType::Int32, false),
        Field::new("sector", DataType::UInt64, false),
        Field::new("operator", DataType::UInt16, false),
        Field::new("imsi", DataType::UInt64, false),
        Field::new("technology", DataType::UInt8, false),
        Field::new("hours", DataType::UInt32, false),
        Field::new("first", DataType::Int64, false),
        Field::new("last", DataType::Int64, false),
        Field::new("events", DataType::UInt32, false),
    ];
    fields.extend(COUNTERS.map(|name| Field::new(name, DataType::UInt32, false)));
    fields.push(Field::new("ta_count", DataType::UInt32, false));
    fields.push(Field::new("ta_sum", DataType::UInt64, false));
    fields.push(Field::new("ta_squares", DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}

/// What the profiles' files have of their own.
pub fn properties() -> WriterProperties {
    run::properties_of_sorted(ROW_GROUP_ROWS)
        .set_column_statistics_enabled("handset".into(), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .build()
}

/// A batch of a profile file, its rows read back as values one by one.
pub struct DayRows<'a> {
    handsets: UInt64Array,
    sectors: UInt64Array,
    imsis: UInt64Array,
    days: Int32Array,
    recorders: UInt16Array,
    technologies: UInt8Array,
    hours: UInt32Array,
    first: Int64Array,
    last: Int64Array,
    events: UInt32Array,
    counters: [UInt32Array; COUNTERS.len()],
    ta_count: UInt32Array,
    ta_sum: UInt64Array,
    ta_squares: UInt64Array,
    operators: &'a [u16],
}

impl<'a> DayRows<'a> {
    /// With the operators' numbers in the case's list; `None` where a column is not as written.
    pub fn new(batch: &RecordBatch, operators: &'a [u16]) -> Option<Self> {
        let counters: Vec<UInt32Array> =
            COUNTERS.iter().map(|name| column::<UInt32Type>(batch, name)).collect::<Option<_>>()?;
        Some(Self {
            handsets: column::<UInt64Type>(batch, "handset")?,
            sectors: column::<UInt64Type>(batch, "sector")?,
            imsis: column::<UInt64Type>(batch, "imsi")?,
            days: column::<Int32Type>(batch, "day")?,
            recorders: column::<UInt16Type>(batch, "operator")?,
            technologies: column::<UInt8Type>(batch, "technology")?,
            hours: column::<UInt32Type>(batch, "hours")?,
            first: column::<Int64Type>(batch, "first")?,
            last: column::<Int64Type>(batch, "last")?,
            events: column::<UInt32Type>(batch, "events")?,
            counters: counters.try_into().ok()?,
            ta_count: column::<UInt32Type>(batch, "ta_count")?,
            ta_sum: column::<UInt64Type>(batch, "ta_sum")?,
            ta_squares: column::<UInt64Type>(batch, "ta_squares")?,
            operators,
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.handsets.len()
    }

    /// Every row's handset.
    pub fn handsets(&self) -> &[u64] {
        self.handsets.values()
    }

    /// A row's sector.
    pub fn sector(&self, row: usize) -> SectorId {
        SectorId::from_value(self.sectors.value(row))
    }

    /// A row; `None` where its operator is not in the import's list.
    pub fn row(&self, row: usize) -> Option<DayRow> {
        let counter = |index: usize| self.counters[index].value(row);
        let counts = Counts {
            events: self.events.value(row),
            voice_out: counter(0),
            voice_in: counter(1),
            sms_out: counter(2),
            sms_in: counter(3),
            data: counter(4),
            attach: counter(5),
            update: counter(6),
            detach: counter(7),
        };
        let timing_advances = TimingAdvances {
            count: self.ta_count.value(row),
            sum: self.ta_sum.value(row),
            sum_of_squares: self.ta_squares.value(row),
        };
        Some(DayRow {
            day: self.days.value(row),
            sector: self.sector(row),
            technology: self.technologies.value(row),
            operator: self.operators.get(usize::from(self.recorders.value(row))).copied()?,
            imsi: Imsi::from_packed(self.imsis.value(row)),
            hours: self.hours.value(row),
            counts,
            timing_advances,
            first: self.first.value(row),
            last: self.last.value(row),
        })
    }
}

/// A batch's column of a primitive type; `None` where it is not as written.
pub fn column<T: ArrowPrimitiveType>(batch: &RecordBatch, name: &str) -> Option<PrimitiveArray<T>> {
    batch.column_by_name(name)?.as_primitive_opt::<T>().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type Keyed = (u64, i32, u64, u16, u64);

    /// Records of a few handsets, days and subscribers, at few sectors or at many.
    fn columns(rows: &[(u64, i64, u64, u64, u8, i16)]) -> RecordColumns {
        let mut columns = RecordColumns::default();
        for (index, &(handset, hour, sector, imsi, event, advance)) in rows.iter().enumerate() {
            columns.handset.push(handset);
            columns.time.push(1_742_000_000_000_000 + hour * HOUR_US + index as i64);
            columns.imei.push(0);
            columns.imsi.push(if imsi == 0 { 0 } else { 1_208_010_000_000_000 + imsi });
            columns.msisdn.push(0);
            columns.peer.push(0);
            columns.operator.push((index % 2) as u16);
            columns.event.push(event);
            columns.direction.push((index % 3) as u8);
            columns.technology.push((index % 4) as u8);
            columns.sector.push(sector);
            columns.timing_advance.push(advance);
            columns.duration_s.push(-1);
        }
        run::sort(&columns)
    }

    /// What a table of all keys comes to.
    fn by_table(sorted: &RecordColumns) -> Vec<(Keyed, DayRow)> {
        let mut table: BTreeMap<Keyed, DayRow> = BTreeMap::new();
        for record in 0..sorted.len() {
            let mut row = opened(sorted, record);
            add(&mut row, sorted, record);
            let key = (sorted.handset[record], row.day, row.sector.value(), row.operator, sorted.imsi[record]);
            table.entry(key).and_modify(|known| known.absorb(&row)).or_insert(row);
        }
        table.into_iter().collect()
    }

    proptest! {
        #[test]
        fn one_pass_comes_to_what_a_table_of_all_keys_comes_to(
            rows in proptest::collection::vec(
                (1u64..4, 0i64..90, prop_oneof![1u64..4, 1u64..60], 0u64..3, 0u8..6, -1i16..5), 0..400),
        ) {
            let sorted = columns(&rows);
            let mut one_pass: Vec<(Keyed, DayRow)> = Vec::new();
            fold_days(&sorted, |handset, days| {
                let key = |row: &DayRow| {
                    (handset, row.day, row.sector.value(), row.operator, row.imsi.map_or(0, Imsi::packed))
                };
                one_pass.extend(days.iter().map(|row| (key(row), *row)));
                Ok::<(), ()>(())
            })
            .unwrap();
            prop_assert_eq!(one_pass, by_table(&sorted));
        }
    }

    #[test]
    fn each_record_is_counted_as_what_it_is() {
        // Event, direction, and how often: each as often as no other.
        let kinds = [(0, 0, 1), (0, 1, 2), (1, 0, 3), (1, 1, 4), (2, 2, 5), (3, 2, 6), (4, 2, 7), (5, 2, 8)];
        let each = || kinds.into_iter().flat_map(|(event, way, count)| std::iter::repeat_n((event, way), count));
        let mut records = columns(&[(1, 5, 7, 2, 0, -1); 36]);
        records.operator = vec![0; 36];
        records.technology = (0..36).map(|n| n % 3).collect();
        records.timing_advance = (0..36).map(|n| if n < 3 { n + 2 } else { -1 }).collect();
        (records.event, records.direction) = each().unzip();
        // The last of them an hour later.
        records.time[35] += HOUR_US;
        let mut days = Vec::new();
        fold_days(&records, |_handset, of_handset| {
            days.extend_from_slice(of_handset);
            Ok::<(), ()>(())
        })
        .unwrap();
        let counts = Counts {
            events: 36,
            voice_out: 1,
            voice_in: 2,
            sms_out: 3,
            sms_in: 4,
            data: 5,
            attach: 6,
            update: 7,
            detach: 8,
        };
        let hour = hour_bit(records.time[0]);
        assert_eq!(days.len(), 1);
        assert_eq!((days[0].counts, days[0].technology, days[0].hours), (counts, 2, hour | hour << 1));
        assert_eq!(days[0].timing_advances, TimingAdvances { count: 3, sum: 9, sum_of_squares: 4 + 9 + 16 });
        assert_eq!((days[0].first, days[0].last), (records.time[0], records.time[35]));
    }

    #[test]
    fn a_run_of_no_records_has_no_profiles() {
        assert!(!fold(&RecordColumns::default()).unwrap().is_empty(), "a file without rows is still a file");
    }
}
