//! One run: records sorted by handset and time, encoded as Parquet.

use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use cellsweep_model::record::{self, RecordColumns};
use cellsweep_vault::{Keeping, Sink};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::EngineError;

/// Rows of a row group: small enough that a range of handsets reads little beside itself.
const ROW_GROUP_ROWS: usize = 1 << 15;

/// Sorts rows by handset, then time, then the order in which they came.
pub fn sort(columns: &RecordColumns) -> RecordColumns {
    let order = order(columns);
    RecordColumns {
        handset: gather(&columns.handset, &order),
        time: gather(&columns.time, &order),
        imei: gather(&columns.imei, &order),
        imsi: gather(&columns.imsi, &order),
        msisdn: gather(&columns.msisdn, &order),
        peer: gather(&columns.peer, &order),
        operator: gather(&columns.operator, &order),
        event: gather(&columns.event, &order),
        direction: gather(&columns.direction, &order),
        technology: gather(&columns.technology, &order),
        sector: gather(&columns.sector, &order),
        timing_advance: gather(&columns.timing_advance, &order),
        duration_s: gather(&columns.duration_s, &order),
    }
}

fn order(columns: &RecordColumns) -> Vec<u32> {
    let rows = columns.handset.iter().zip(0u32..);
    // Most files come in order of time: rows of a handset are then in order as they stand.
    if columns.time.is_sorted() {
        let mut order: Vec<(u64, u32)> = rows.map(|(&handset, index)| (handset, index)).collect();
        order.sort_unstable();
        return order.into_iter().map(|(_, index)| index).collect();
    }
    let mut order: Vec<(u64, i64, u32)> =
        rows.zip(&columns.time).map(|((&handset, index), &time)| (handset, time, index)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, index)| index).collect()
}

fn gather<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&index| values[index as usize]).collect()
}

/// Encodes sorted rows.
pub fn encode(sorted: RecordColumns) -> Result<Vec<u8>, EngineError> {
    let mut encoder = Encoder::new(record::schema(), properties())?;
    encoder.write(&sorted.into_batch()?)?;
    encoder.finish()
}

/// Encodes a Parquet file in memory: a run's are small, and go to a disk or over a line whole.
pub struct Encoder(ArrowWriter<Vec<u8>>);

impl Encoder {
    pub fn new(schema: SchemaRef, properties: WriterProperties) -> Result<Self, EngineError> {
        Ok(Self(ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(encoding)?))
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        self.0.write(batch).map_err(encoding)
    }

    /// The file's bytes.
    pub fn finish(self) -> Result<Vec<u8>, EngineError> {
        self.0.into_inner().map_err(encoding)
    }
}

fn encoding(source: ParquetError) -> EngineError {
    EngineError::Parquet { path: "a run".into(), source }
}

/// Begins a Parquet file.
pub fn begin(
    keeping: &Keeping,
    path: &Path,
    schema: SchemaRef,
    properties: WriterProperties,
) -> Result<ArrowWriter<Sink>, EngineError> {
    let sink = keeping.create(path).map_err(EngineError::io(path))?;
    ArrowWriter::try_new(sink, schema, Some(properties)).map_err(EngineError::parquet(path))
}

/// Writes a file's footer, and waits until all of it is on the disk.
pub fn finish(path: &Path, writer: ArrowWriter<Sink>) -> Result<(), EngineError> {
    let sink = writer.into_inner().map_err(EngineError::parquet(path))?;
    sink.finish().map_err(EngineError::io(path))
}

/// What the records' files have of their own.
pub fn properties() -> WriterProperties {
    let mut builder = properties_of_sorted(ROW_GROUP_ROWS);
    for column in ["operator", "event", "direction", "technology", "sector", "imei", "imsi", "msisdn"] {
        builder = builder.set_column_dictionary_enabled(ColumnPath::from(column), true);
    }
    builder.build()
}

/// What all files of the engine share: sorted integers, delta-packed, statistics on the key.
pub fn properties_of_sorted(row_group_rows: usize) -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_max_row_group_row_count(Some(row_group_rows))
        .set_compression(Compression::LZ4_RAW)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BINARY_PACKED)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from("handset"), EnabledStatistics::Chunk)
        .set_created_by("cellsweep".to_owned())
}
