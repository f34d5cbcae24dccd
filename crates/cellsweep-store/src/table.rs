//! Small tables as Parquet.

use std::path::Path;

use arrow::array::{Array, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::row::{RowConverter, SortField};
use cellsweep_model::table::Table;
use cellsweep_vault::Keeping;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rustc_hash::FxHashMap;

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

/// Keeps the first of rows that are the same in every column: a table handed over twice, once with three lines more,
/// counts its old lines once. Of events that may look alike, as many as one import has: a parcel's twelve phones are
/// twelve, and twelve when the whole register comes again.
pub(crate) fn without_repeats(
    dir: &Path,
    table: Table,
    imports: Vec<Vec<RecordBatch>>,
) -> Result<Vec<Vec<RecordBatch>>, StoreError> {
    let Some(first) = imports.iter().flatten().next() else { return Ok(imports) };
    let fields = first.schema().fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(StoreError::table(dir))?;
    let mut seen: FxHashMap<Box<[u8]>, u32> = FxHashMap::default();
    let mut kept = Vec::with_capacity(imports.len());
    for batches in imports {
        let mut own: FxHashMap<Box<[u8]>, u32> = FxHashMap::default();
        let mut left = Vec::with_capacity(batches.len());
        for batch in batches {
            let rows = converter.convert_columns(batch.columns()).map_err(StoreError::table(dir))?;
            let may_be_alike = alike(table, &batch);
            let fresh: BooleanArray = rows
                .iter()
                .enumerate()
                .map(|(at, row)| {
                    let before = seen.entry(row.as_ref().into()).or_default();
                    let mut here = 1;
                    if may_be_alike(at) {
                        let count = own.entry(row.as_ref().into()).or_default();
                        *count += 1;
                        here = *count;
                    }
                    let is_fresh = here > *before;
                    *before += u32::from(is_fresh);
                    Some(is_fresh)
                })
                .collect();
            left.push(filter_record_batch(&batch, &fresh).map_err(StoreError::table(dir))?);
        }
        kept.push(left);
    }
    Ok(kept)
}

/// Which rows may be events of their own though they look like others.
fn alike(table: Table, batch: &RecordBatch) -> impl Fn(usize) -> bool {
    let column = table.alike().map(|alike| alike.unless.and_then(|name| batch.column_by_name(name).cloned()));
    move |row| column.as_ref().is_some_and(|names| names.as_ref().is_none_or(|names| names.is_null(row)))
}
