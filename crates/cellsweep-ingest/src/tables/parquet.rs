//! Small tables from Parquet.

use arrow::array::{ArrayRef, RecordBatch};

use crate::error::IngestError;
use crate::parquet::{ParquetTable, Slice, cell, csv_line, guarded, open, plain};
use crate::reject;
use crate::report::FileReport;
use crate::source::Input;
use crate::tables::builder::TableRows;
use crate::value::Cell;

const BATCH_ROWS: usize = 8192;

pub(super) fn read(input: &Input, mut rows: TableRows<'_>) -> Result<(RecordBatch, FileReport), IngestError> {
    let table = open(input, rows.table)?;
    for doubt in &table.header.doubts {
        rows.report.doubt(doubt, 1);
    }
    guarded(input, || table.slices().into_iter().try_for_each(|slice| read_slice(&table, slice, &mut rows)))?;
    rows.finish(input)
}

fn read_slice(table: &ParquetTable<'_>, slice: Slice, rows: &mut TableRows<'_>) -> Result<(), IngestError> {
    // Rows are numbered from 1.
    let mut line = slice.first + 1;
    for batch in table.read(slice, BATCH_ROWS)? {
        let batch = batch?;
        read_batch(table, &batch, line, rows)?;
        line += batch.num_rows() as u64;
    }
    Ok(())
}

fn read_batch(
    table: &ParquetTable<'_>,
    batch: &RecordBatch,
    first: u64,
    rows: &mut TableRows<'_>,
) -> Result<(), IngestError> {
    let count = rows.table.columns().len();
    let columns = (0..count).map(|position| table.column(batch, position).map(plain).transpose());
    let columns: Result<Vec<Option<ArrayRef>>, _> = columns.collect();
    let columns = columns.map_err(|error| table.broken(&error.to_string()))?;
    for row in 0..batch.num_rows() {
        let cells: Vec<Cell<'_>> =
            columns.iter().map(|column| column.as_ref().map_or(Cell::Blank, |column| cell(column, row))).collect();
        rows.push(first + row as u64, &cells, || reject::raw(csv_line(batch, row).as_bytes()))?;
    }
    Ok(())
}
