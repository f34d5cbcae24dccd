//! A Parquet file: its columns checked against the table's, its rows read slice by slice.

use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use cellsweep_model::table::{Kind, Table};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, EncodingMask};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;

use crate::error::{IngestError, Refusal};
use crate::header::{Header, match_columns};
use crate::source::Input;

/// Rows that one thread reads at a time: enough that reading dictionaries again for each slice
/// costs little, few enough that a huge row group is shared out.
const SLICE_ROWS: usize = 1 << 18;

/// A Parquet file whose columns have been checked.
pub(crate) struct ParquetTable<'a> {
    input: &'a Input,
    pub header: Header,
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    mask: ProjectionMask,
}

/// Rows of one row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    group: usize,
    offset: usize,
    pub rows: usize,
    /// Number of the slice's first row in the file, from 0.
    pub first: u64,
}

/// Opens a Parquet file of a table.
pub(crate) fn open(input: &Input, table: Table) -> Result<ParquetTable<'_>, IngestError> {
    let metadata = guarded(input, || load(input))?;
    let schema = Arc::clone(metadata.schema());
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let header = match_columns(table, &names).map_err(|why| input.refuse(why))?;
    check_types(table, &header, &schema).map_err(|why| input.refuse(why))?;
    let roots = header.positions.iter().flatten().copied();
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
    Ok(ParquetTable { input, header, metadata: Arc::clone(metadata.metadata()), schema, mask })
}

fn load(input: &Input) -> Result<ArrowReaderMetadata, IngestError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let loaded = match input.in_memory() {
        Some(bytes) => ArrowReaderMetadata::load(bytes, options),
        None => ArrowReaderMetadata::load(&file(input)?, options),
    };
    loaded.map_err(|error| broken(input, &error))
}

/// Damaged files make the decoder panic in places; to us that is one more way to be damaged.
/// What it worked on is thrown away, so nothing half done is seen.
pub(crate) fn guarded<T>(input: &Input, decode: impl FnOnce() -> Result<T, IngestError>) -> Result<T, IngestError> {
    match std::panic::catch_unwind(AssertUnwindSafe(decode)) {
        Ok(result) => result,
        Err(_panic) => Err(input.refuse(Refusal::BrokenParquet("the decoder gave up".to_owned()))),
    }
}

fn file(input: &Input) -> Result<File, IngestError> {
    File::open(&input.path).map_err(|error| IngestError::io(&input.path, error))
}

fn broken(input: &Input, error: &ParquetError) -> IngestError {
    input.refuse(Refusal::BrokenParquet(error.to_string()))
}

/// A Parquet file of any columns, read in one go.
pub(crate) struct AnyParquet<'a> {
    input: &'a Input,
    metadata: ArrowReaderMetadata,
}

/// Opens a Parquet file whose columns a profile will name.
pub(crate) fn open_any(input: &Input) -> Result<AnyParquet<'_>, IngestError> {
    Ok(AnyParquet { input, metadata: guarded(input, || load(input))? })
}

impl AnyParquet<'_> {
    pub(crate) fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    pub(crate) fn broken(&self, why: &str) -> IngestError {
        self.input.refuse(Refusal::BrokenParquet(why.to_owned()))
    }

    /// Every row, in the file's order.
    pub(crate) fn batches(&self) -> Result<Batches<'_>, IngestError> {
        const ROWS: usize = 8192;
        let metadata = self.metadata.clone();
        let reader = match self.input.in_memory() {
            Some(bytes) => ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata)
                .with_batch_size(ROWS)
                .build(),
            None => ParquetRecordBatchReaderBuilder::new_with_metadata(file(self.input)?, metadata)
                .with_batch_size(ROWS)
                .build(),
        };
        Ok(Batches { reader: reader.map_err(|error| broken(self.input, &error))?, input: self.input })
    }
}

/// Refuses columns whose type can't hold such values whatever stands in them.
fn check_types(table: Table, header: &Header, schema: &Schema) -> Result<(), Refusal> {
    for (column, position) in table.columns().iter().zip(&header.positions) {
        let Some(position) = position else { continue };
        let found = schema.field(*position).data_type();
        let refuse = |expected| Refusal::ColumnType { column: column.name, found: found.to_string(), expected };
        match (column.kind, found) {
            (Kind::Time, DataType::Timestamp(_, None)) => return Err(Refusal::NoTimeZone(column.name)),
            (Kind::Time, DataType::Timestamp(_, Some(_))) => {}
            (Kind::Time, found) if !is_text(found) => return Err(refuse("a timestamp or text")),
            (_, found) if found.is_nested() => return Err(refuse("one value a row")),
            (kind, DataType::Timestamp(..)) if kind != Kind::Text => return Err(refuse("a number or text")),
            _ => {}
        }
    }
    Ok(())
}

fn is_text(found: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary, LargeUtf8, Null, Utf8, Utf8View};
    matches!(found, Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | Null)
}

impl ParquetTable<'_> {
    /// The file's column for the contract's column of that position, where there is one.
    pub(crate) fn column<'b>(&self, batch: &'b RecordBatch, position: usize) -> Option<&'b ArrayRef> {
        let root = (*self.header.positions.get(position)?)?;
        // The batch has the wanted columns in the file's order.
        let before = self.header.positions.iter().flatten().filter(|other| **other < root).count();
        batch.columns().get(before)
    }

    /// The refusal of a file whose pages can't be read.
    pub(crate) fn broken(&self, why: &str) -> IngestError {
        self.input.refuse(Refusal::BrokenParquet(why.to_owned()))
    }

    /// Rows in the file.
    pub(crate) fn rows(&self) -> u64 {
        self.metadata.row_groups().iter().map(|group| group.num_rows().max(0) as u64).sum()
    }

    /// The file's rows, in order.
    pub(crate) fn slices(&self) -> Vec<Slice> {
        let mut slices = Vec::new();
        let mut first = 0;
        for (group, metadata) in self.metadata.row_groups().iter().enumerate() {
            let rows = usize::try_from(metadata.num_rows()).unwrap_or(0);
            // The last slice of a group may be half as long again, none is a small rest.
            let parts = ((rows + SLICE_ROWS / 2) / SLICE_ROWS).max(1);
            for part in 0..if rows == 0 { 0 } else { parts } {
                let (from, to) = (rows * part / parts, rows * (part + 1) / parts);
                slices.push(Slice { group, offset: from, rows: to - from, first: first + from as u64 });
            }
            first += rows as u64;
        }
        slices
    }

    /// Reads a slice in batches of the contract's columns, in the file's order of columns.
    pub(crate) fn read(&self, slice: Slice, batch_rows: usize) -> Result<Batches<'_>, IngestError> {
        let reader = match self.input.in_memory() {
            Some(bytes) => self.reader(bytes.clone(), slice, batch_rows),
            None => self.reader(file(self.input)?, slice, batch_rows),
        };
        Ok(Batches { reader: reader.map_err(|error| broken(self.input, &error))?, input: self.input })
    }

    fn reader<R: ChunkReader + 'static>(
        &self,
        bytes: R,
        slice: Slice,
        batch_rows: usize,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        let options = ArrowReaderOptions::new().with_schema(self.hinted(slice.group));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), options)?;
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata)
            .with_projection(self.mask.clone())
            .with_row_groups(vec![slice.group])
            .with_batch_size(batch_rows)
            .with_limit(slice.rows);
        if slice.offset > 0 {
            builder = builder.with_offset(slice.offset);
        }
        builder.build()
    }

    /// The schema to decode a row group with: texts stay dictionaries where the file has nothing
    /// else, so that each value is looked at once, and are views of the file's pages elsewhere.
    fn hinted(&self, group: usize) -> SchemaRef {
        let group = self.metadata.row_group(group);
        let leaves = group.schema_descr();
        let mut fields: Vec<Arc<Field>> = self.schema.fields().iter().cloned().collect();
        for leaf in 0..leaves.num_columns() {
            let field = &mut fields[leaves.get_column_root_idx(leaf)];
            if let Some(hint) = hint(field.data_type(), group.column(leaf)) {
                *field = Arc::new(field.as_ref().clone().with_data_type(hint));
            }
        }
        Arc::new(Schema::new(fields))
    }
}

fn hint(found: &DataType, chunk: &ColumnChunkMetaData) -> Option<DataType> {
    match found {
        DataType::Utf8 if is_all_dictionary(chunk) => {
            Some(DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)))
        }
        DataType::Utf8 => Some(DataType::Utf8View),
        DataType::Binary => Some(DataType::BinaryView),
        _ => None,
    }
}

fn is_all_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let only = |mask: &EncodingMask| mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY);
    chunk.page_encoding_stats_mask().is_some_and(only)
}

/// A slice's batches.
pub(crate) struct Batches<'a> {
    reader: ParquetRecordBatchReader,
    input: &'a Input,
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.map_err(|error| self.input.refuse(Refusal::BrokenParquet(error.to_string()))))
    }
}
