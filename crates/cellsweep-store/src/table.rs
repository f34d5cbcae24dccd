//! Small tables as Parquet.

use std::path::Path;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::row::{RowConverter, SortField};
use cellsweep_vault::Keeping;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rustc_hash::FxHashSet;

use crate::StoreError;

/// Writes one batch as a Parquet file.
pub(crate) fn write(keeping: &Keeping, path: &Path, batch: &RecordBatch) -> Result<(), StoreError> {
    let sink = keeping.create(path).map_err(StoreError::io("create", path))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut writer = ArrowWriter::try_new(sink, batch.schema(), Some(properties)).map_err(StoreError::table(path))?;
    writer.write(batch).map_err(StoreError::table(path))?;
    let sink = writer.into_inner().map_err(StoreError::table(path))?;
    sink.finish().map_err(StoreError::io("write", path))
}

/// Reads a Parquet file whole.
pub(crate) fn read(keeping: &Keeping, path: &Path) -> Result<Vec<RecordBatch>, StoreError> {
    let bytes = bytes::Bytes::from(keeping.read(path).map_err(StoreError::io("read", path))?);
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(StoreError::table(path))?;
    reader.collect::<Result<_, _>>().map_err(StoreError::table(path))
}

/// Keeps the first of rows that are the same in every column: a table handed over twice, once
/// with three lines more, counts its old lines once.
pub(crate) fn without_repeats(dir: &Path, batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>, StoreError> {
    let Some(first) = batches.first() else { return Ok(batches) };
    let fields = first.schema().fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(StoreError::table(dir))?;
    let mut seen: FxHashSet<Box<[u8]>> = FxHashSet::default();
    let mut kept = Vec::with_capacity(batches.len());
    for batch in batches {
        let rows = converter.convert_columns(batch.columns()).map_err(StoreError::table(dir))?;
        let fresh: BooleanArray = rows.iter().map(|row| Some(seen.insert(row.as_ref().into()))).collect();
        kept.push(filter_record_batch(&batch, &fresh).map_err(StoreError::table(dir))?);
    }
    Ok(kept)
}
