//! The fold: sorted records to daily profiles, one row a handset, day, sector, operator and
//! subscriber. The aggregation is DataFusion's; the input's order lets it stream.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, ArrowPrimitiveType, AsArray, Int32Array, Int64Array, PrimitiveArray, RecordBatch, UInt8Array,
    UInt16Array, UInt32Array, UInt64Array,
};
use arrow::compute::{SortColumn, cast, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::{Direction, Event, RecordColumns};
use cellsweep_model::{Imsi, SectorId};
use cellsweep_vault::Keeping;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::functions_aggregate::expr_fn::{bit_or, max, min, sum};
use datafusion::logical_expr::{Expr, SortExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::prelude::{SessionContext, col};
use futures::StreamExt;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::session::BATCH_ROWS;
use crate::{EngineError, run};

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const ROW_GROUP_ROWS: usize = 1 << 14;
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
pub async fn fold(
    context: &SessionContext,
    sorted: &Arc<RecordColumns>,
    keeping: &Keeping,
    path: &Path,
) -> Result<(), EngineError> {
    let input = RunStream { columns: Arc::clone(sorted), schema: input_schema() };
    let ascending = |name: &str| SortExpr::new(col(name), true, false);
    let table = StreamingTable::try_new(input_schema(), vec![Arc::new(input)])?
        .with_sort_order(vec![ascending("handset"), ascending("day")]);
    let keys: Vec<Expr> = KEYS.iter().map(|name| col(*name)).collect();
    let frame = context.read_table(Arc::new(table))?.aggregate(keys, aggregates())?;
    write(keeping, path, frame.execute_stream().await?).await
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
    fields.extend(COUNTERS.iter().map(|(name, _, _)| Field::new(*name, DataType::UInt32, false)));
    fields.push(Field::new("ta_count", DataType::UInt32, false));
    fields.push(Field::new("ta_sum", DataType::UInt64, false));
    fields.push(Field::new("ta_squares", DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}

/// Writes folded batches in the profile schema, each sorted by its keys.
async fn write(keeping: &Keeping, path: &Path, mut batches: SendableRecordBatchStream) -> Result<(), EngineError> {
    let mut writer = run::begin(keeping, path, schema(), properties())?;
    while let Some(batch) = batches.next().await {
        writer.write(&in_key_order(&batch?)?).map_err(EngineError::parquet(path))?;
    }
    run::finish(path, writer)
}

/// What the profiles' files have of their own.
pub fn properties() -> WriterProperties {
    run::properties_of_sorted(ROW_GROUP_ROWS)
        .set_column_statistics_enabled("handset".into(), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .build()
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
            COUNTERS.iter().map(|(name, _, _)| column::<UInt32Type>(batch, name)).collect::<Option<_>>()?;
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
