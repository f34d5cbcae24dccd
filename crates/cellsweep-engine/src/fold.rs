//! The fold: sorted records to daily profiles, one row a handset, day, sector, operator and
//! subscriber. The aggregation is DataFusion's; the input's order lets it stream.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::compute::{SortColumn, cast, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::{Direction, Event, RecordColumns};
use cellsweep_model::{HandsetKey, Imsi, SectorId};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::functions_aggregate::expr_fn::{bit_or, max, min, sum};
use datafusion::logical_expr::{Expr, SortExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::prelude::{SessionContext, col};
use futures::StreamExt;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::EnabledStatistics;

use crate::session::BATCH_ROWS;
use crate::{EngineError, run};

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const ROW_GROUP_ROWS: usize = 1 << 13;
/// Rows of a page: what a reader of a range of handsets skips by.
const PAGE_ROWS: usize = 1 << 10;

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
pub async fn fold(context: &SessionContext, sorted: &Arc<RecordColumns>, path: &Path) -> Result<(), EngineError> {
    let input = RunStream { columns: Arc::clone(sorted), schema: input_schema() };
    let ascending = |name: &str| SortExpr::new(col(name), true, false);
    let table = StreamingTable::try_new(input_schema(), vec![Arc::new(input)])?
        .with_sort_order(vec![ascending("handset"), ascending("day")]);
    let keys: Vec<Expr> = KEYS.iter().map(|name| col(*name)).collect();
    let frame = context.read_table(Arc::new(table))?.aggregate(keys, aggregates())?;
    write(path, frame.execute_stream().await?).await
}

/// A sorted run as a source for DataFusion: its input columns are made batch by batch, so that a
/// run is in memory once.
#[derive(Debug)]
struct RunStream {
    columns: Arc<RecordColumns>,
    schema: SchemaRef,
}

impl PartitionStream for RunStream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let columns = Arc::clone(&self.columns);
        let starts = (0..columns.len()).step_by(BATCH_ROWS);
        let batches = starts.map(move |start| {
            let rows = start..(start + BATCH_ROWS).min(columns.len());
            fold_input(&columns, rows).map_err(DataFusionError::from)
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), futures::stream::iter(batches)))
    }
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

fn input_schema() -> SchemaRef {
    let mut fields = vec![
        Field::new("handset", DataType::UInt64, false),
        Field::new("day", DataType::Int32, false),
        Field::new("sector", DataType::UInt64, false),
        Field::new("operator", DataType::UInt16, false),
        Field::new("imsi", DataType::UInt64, false),
        Field::new("technology", DataType::UInt8, false),
        Field::new("time", DataType::Int64, false),
        Field::new("hour", DataType::UInt32, false),
        Field::new("one", DataType::UInt64, false),
    ];
    fields.extend(COUNTERS.iter().map(|(name, _, _)| Field::new(*name, DataType::UInt64, false)));
    fields.extend(["ta_count", "ta_sum", "ta_squares"].map(|name| Field::new(name, DataType::UInt64, false)));
    Arc::new(Schema::new(fields))
}

/// The fold's input for some rows: the keys, and each record as numbers that add up.
fn fold_input(columns: &RecordColumns, rows: Range<usize>) -> Result<RecordBatch, ArrowError> {
    let times = &columns.time[rows.clone()];
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from(columns.handset[rows.clone()].to_vec())),
        Arc::new(Int32Array::from_iter_values(times.iter().map(|time| day_of(*time)))),
        Arc::new(UInt64Array::from(columns.sector[rows.clone()].to_vec())),
        Arc::new(UInt16Array::from(columns.operator[rows.clone()].to_vec())),
        Arc::new(UInt64Array::from(columns.imsi[rows.clone()].to_vec())),
        Arc::new(UInt8Array::from(columns.technology[rows.clone()].to_vec())),
        Arc::new(Int64Array::from(times.to_vec())),
        Arc::new(UInt32Array::from_iter_values(times.iter().map(|time| hour_bit(*time)))),
        Arc::new(UInt64Array::from_value(1, rows.len())),
    ];
    let (events, directions) = (&columns.event[rows.clone()], &columns.direction[rows.clone()]);
    for (_, event, direction) in COUNTERS {
        let matches = events.iter().zip(directions).map(|(code, way)| {
            let hit = event.is_none_or(|event| event.code() == *code)
                && direction.is_none_or(|direction| direction.code() == *way);
            u64::from(hit)
        });
        arrays.push(Arc::new(UInt64Array::from_iter_values(matches)));
    }
    let advances = || columns.timing_advance[rows.clone()].iter().map(|value| u64::try_from(*value).ok());
    arrays.push(Arc::new(UInt64Array::from_iter_values(advances().map(|value| u64::from(value.is_some())))));
    arrays.push(Arc::new(UInt64Array::from_iter_values(advances().map(|value| value.unwrap_or(0)))));
    arrays.push(Arc::new(UInt64Array::from_iter_values(advances().map(|value| value.unwrap_or(0).pow(2)))));
    RecordBatch::try_new(input_schema(), arrays)
}

fn day_of(time: i64) -> i32 {
    time.div_euclid(DAY_US) as i32
}

fn hour_bit(time: i64) -> u32 {
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
    fields.extend(COUNTERS.iter().map(|(name, _, _)| Field::new(*name, DataType::UInt32, false)));
    fields.push(Field::new("ta_count", DataType::UInt32, false));
    fields.push(Field::new("ta_sum", DataType::UInt64, false));
    fields.push(Field::new("ta_squares", DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}

/// Writes folded batches in the profile schema, each sorted by its keys.
async fn write(path: &Path, mut batches: SendableRecordBatchStream) -> Result<(), EngineError> {
    let file = File::create_new(path).map_err(EngineError::io(path))?;
    let properties = run::properties_of_sorted(ROW_GROUP_ROWS)
        .set_column_statistics_enabled("handset".into(), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .build();
    let mut writer = ArrowWriter::try_new(file, schema(), Some(properties)).map_err(EngineError::parquet(path))?;
    while let Some(batch) = batches.next().await {
        writer.write(&in_key_order(&batch?)?).map_err(EngineError::parquet(path))?;
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

fn query(error: ArrowError) -> EngineError {
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
