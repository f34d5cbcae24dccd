//! The fold: sorted records to daily profiles, one row a handset, day, sector, operator and
//! subscriber. The aggregation is DataFusion's; the input's order lets it stream.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{SortColumn, cast, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::{Direction, Event, RecordColumns};
use cellsweep_model::{HandsetKey, Imsi, SectorId};
use datafusion::datasource::MemTable;
use datafusion::functions_aggregate::expr_fn::{bit_or, max, min, sum};
use datafusion::logical_expr::{Expr, SortExpr};
use datafusion::prelude::{SessionContext, col};
use parquet::arrow::ArrowWriter;

use crate::session::BATCH_ROWS;
use crate::{EngineError, run};

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const ROW_GROUP_ROWS: usize = 1 << 13;

/// The columns that make one profile row.
const KEYS: [&str; 5] = ["handset", "day", "sector", "operator", "imsi"];
/// Counters that are summed, and which records each counts.
const COUNTERS: [(&str, Option<Event>, Option<Direction>); 8] = [
    ("voice_out", Some(Event::Voice), Some(Direction::Out)),
    ("voice_in", Some(Event::Voice), Some(Direction::In)),
    ("sms_out", Some(Event::Sms), Some(Direction::Out)),
    ("sms_in", Some(Event::Sms), Some(Direction::In)),
    ("data", Some(Event::Data), None),
    ("attach", Some(Event::Attach), None),
    ("update", Some(Event::Update), None),
    ("detach", Some(Event::Detach), None),
];

/// Folds one sorted run and writes its profiles, sorted by their keys.
pub async fn fold(context: &SessionContext, sorted: &RecordColumns, path: &Path) -> Result<(), EngineError> {
    let input = fold_input(sorted)?;
    let batches = slices(&input);
    let ascending = |name: &str| SortExpr::new(col(name), true, false);
    let table = MemTable::try_new(input.schema(), vec![batches])
        .map(|table| table.with_sort_order(vec![vec![ascending("handset"), ascending("day")]]))?;
    let keys: Vec<Expr> = KEYS.iter().map(|name| col(*name)).collect();
    let frame = context.read_table(Arc::new(table))?.aggregate(keys, aggregates())?;
    let batches = frame.collect().await?;
    write(path, &batches)
}

fn aggregates() -> Vec<Expr> {
    let mut expressions = vec![sum(col("one")).alias("events")];
    expressions.extend(COUNTERS.iter().map(|(name, _, _)| sum(col(*name)).alias(*name)));
    expressions.extend([
        bit_or(col("hour")).alias("hours"),
        max(col("technology")).alias("technology"),
        sum(col("ta_count")).alias("ta_count"),
        sum(col("ta_sum")).alias("ta_sum"),
        sum(col("ta_squares")).alias("ta_squares"),
        min(col("time")).alias("first"),
        max(col("time")).alias("last"),
    ]);
    expressions
}

/// The fold's input: the keys, and each record as numbers that add up.
fn fold_input(columns: &RecordColumns) -> Result<RecordBatch, EngineError> {
    use arrow::array::{Int32Array, Int64Array, UInt8Array, UInt16Array, UInt32Array, UInt64Array};
    let rows = columns.len();
    let mut fields: Vec<(String, Arc<dyn Array>)> = vec![
        ("handset".into(), Arc::new(UInt64Array::from(columns.handset.clone()))),
        ("day".into(), Arc::new(Int32Array::from_iter_values(columns.time.iter().map(|time| day_of(*time))))),
        ("sector".into(), Arc::new(UInt64Array::from(columns.sector.clone()))),
        ("operator".into(), Arc::new(UInt16Array::from(columns.operator.clone()))),
        ("imsi".into(), Arc::new(UInt64Array::from(columns.imsi.clone()))),
        ("one".into(), Arc::new(UInt64Array::from_value(1, rows))),
        ("hour".into(), Arc::new(UInt32Array::from_iter_values(columns.time.iter().map(|time| hour_bit(*time))))),
        ("technology".into(), Arc::new(UInt8Array::from(columns.technology.clone()))),
        ("time".into(), Arc::new(Int64Array::from(columns.time.clone()))),
    ];
    for (name, event, direction) in COUNTERS {
        let matches = columns.event.iter().zip(&columns.direction).map(|(code, way)| {
            let hit = event.is_none_or(|event| event.code() == *code)
                && direction.is_none_or(|direction| direction.code() == *way);
            u64::from(hit)
        });
        fields.push((name.to_owned(), Arc::new(UInt64Array::from_iter_values(matches))));
    }
    let advances = || columns.timing_advance.iter().map(|value| u64::try_from(*value));
    fields.push(("ta_count".into(), Arc::new(UInt64Array::from_iter_values(advances().map(|v| u64::from(v.is_ok()))))));
    fields.push(("ta_sum".into(), Arc::new(UInt64Array::from_iter_values(advances().map(|v| v.unwrap_or(0))))));
    let squares = advances().map(|value| value.unwrap_or(0).pow(2));
    fields.push(("ta_squares".into(), Arc::new(UInt64Array::from_iter_values(squares))));
    RecordBatch::try_from_iter(fields).map_err(|error| EngineError::Query { source: error.into() })
}

fn day_of(time: i64) -> i32 {
    time.div_euclid(DAY_US) as i32
}

fn hour_bit(time: i64) -> u32 {
    1 << (time.rem_euclid(DAY_US) / HOUR_US)
}

fn slices(batch: &RecordBatch) -> Vec<RecordBatch> {
    (0..batch.num_rows())
        .step_by(BATCH_ROWS)
        .map(|start| batch.slice(start, BATCH_ROWS.min(batch.num_rows() - start)))
        .collect()
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
    fields.extend(COUNTERS.iter().map(|(name, _, _)| Field::new(*name, DataType::UInt32, false)));
    fields.push(Field::new("ta_count", DataType::UInt32, false));
    fields.push(Field::new("ta_sum", DataType::UInt64, false));
    fields.push(Field::new("ta_squares", DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}

/// Writes folded batches in the profile schema, sorted by their keys.
fn write(path: &Path, batches: &[RecordBatch]) -> Result<(), EngineError> {
    let file = File::create_new(path).map_err(EngineError::io(path))?;
    let properties = run::properties_of_sorted(ROW_GROUP_ROWS).build();
    let mut writer = ArrowWriter::try_new(file, schema(), Some(properties)).map_err(EngineError::parquet(path))?;
    if let Some(first) = batches.first() {
        let all = arrow::compute::concat_batches(&first.schema(), batches).map_err(query)?;
        let sorted = in_key_order(&all)?;
        writer.write(&sorted).map_err(EngineError::parquet(path))?;
    }
    let file = writer.into_inner().map_err(EngineError::parquet(path))?;
    file.sync_data().map_err(EngineError::io(path))
}

/// The aggregation streams by handset and day; within a day its order is the hash table's.
fn in_key_order(batch: &RecordBatch) -> Result<RecordBatch, EngineError> {
    let columns: Vec<ArrayRef> = schema()
        .fields()
        .iter()
        .map(|field| {
            let column = batch.column_by_name(field.name()).ok_or(EngineError::Worker)?;
            cast(column, field.data_type()).map_err(query)
        })
        .collect::<Result<_, _>>()?;
    let batch = RecordBatch::try_new(schema(), columns).map_err(query)?;
    let keys: Vec<SortColumn> = batch.columns()[..KEYS.len()]
        .iter()
        .map(|column| SortColumn { values: Arc::clone(column), options: None })
        .collect();
    let order = lexsort_to_indices(&keys, None).map_err(query)?;
    take_record_batch(&batch, &order).map_err(query)
}

fn query(error: arrow::error::ArrowError) -> EngineError {
    EngineError::Query { source: error.into() }
}

/// Reads folded rows back as values, with the operators' numbers translated to the case's.
pub fn day_rows(batch: &RecordBatch, operators: &[u16]) -> Option<Vec<(HandsetKey, DayRow)>> {
    let u64s = |name: &str| batch.column_by_name(name).map(|column| column.as_primitive::<UInt64Type>().values());
    let u32s = |name: &str| batch.column_by_name(name).map(|column| column.as_primitive::<UInt32Type>().values());
    let i64s = |name: &str| batch.column_by_name(name).map(|column| column.as_primitive::<Int64Type>().values());
    let days = batch.column_by_name("day")?.as_primitive::<Int32Type>().values();
    let recorders = batch.column_by_name("operator")?.as_primitive::<UInt16Type>().values();
    let technologies = batch.column_by_name("technology")?.as_primitive::<UInt8Type>().values();
    let (handsets, sectors, imsis) = (u64s("handset")?, u64s("sector")?, u64s("imsi")?);
    let (hours, first, last, events) = (u32s("hours")?, i64s("first")?, i64s("last")?, u32s("events")?);
    let (voice_out, voice_in, sms_out, sms_in) =
        (u32s("voice_out")?, u32s("voice_in")?, u32s("sms_out")?, u32s("sms_in")?);
    let (data, attach, update, detach) = (u32s("data")?, u32s("attach")?, u32s("update")?, u32s("detach")?);
    let (ta_count, ta_sum, ta_squares) = (u32s("ta_count")?, u64s("ta_sum")?, u64s("ta_squares")?);
    let mut rows = Vec::with_capacity(batch.num_rows());
    for at in 0..batch.num_rows() {
        let counts = Counts {
            events: events[at],
            voice_out: voice_out[at],
            voice_in: voice_in[at],
            sms_out: sms_out[at],
            sms_in: sms_in[at],
            data: data[at],
            attach: attach[at],
            update: update[at],
            detach: detach[at],
        };
        let row = DayRow {
            day: days[at],
            sector: SectorId::from_value(sectors[at]),
            technology: technologies[at],
            operator: operators.get(usize::from(recorders[at])).copied()?,
            imsi: Imsi::from_packed(imsis[at]),
            hours: hours[at],
            counts,
            timing_advances: TimingAdvances { count: ta_count[at], sum: ta_sum[at], sum_of_squares: ta_squares[at] },
            first: first[at],
            last: last[at],
        };
        rows.push((HandsetKey::from_value(handsets[at]), row));
    }
    Some(rows)
}
