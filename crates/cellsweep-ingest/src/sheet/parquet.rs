//! Parquet under names of its own.

use arrow::array::ArrayRef;

use crate::error::IngestError;
use crate::parquet::{AnyParquet, cell, csv_line, guarded, open_any, plain};
use crate::reject;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::{Container, Input};
use crate::value::Cell;

/// A Parquet file with any columns.
pub(crate) struct ParquetSheet<'a> {
    file: AnyParquet<'a>,
    input: &'a Input,
}

pub(super) fn open(input: &Input) -> Result<Opened<'_>, IngestError> {
    if input.container()? != Container::Parquet {
        return Err(input.refuse(crate::Refusal::NotParquet));
    }
    let file = open_any(input)?;
    let names = file.names();
    Ok(Opened { names, doubts: Vec::new(), body: Body::Parquet(ParquetSheet { file, input }) })
}

impl ParquetSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        guarded(self.input, || {
            let mut line = 1;
            for batch in self.file.batches()? {
                let batch = batch?;
                let columns: Result<Vec<ArrayRef>, _> = batch.columns().iter().map(plain).collect();
                let columns = columns.map_err(|error| self.file.broken(&error.to_string()))?;
                for row in 0..batch.num_rows() {
                    let cells: Vec<Cell<'_>> = columns.iter().map(|column| cell(column.as_ref(), row)).collect();
                    let raw = || reject::raw(csv_line(&batch, row).as_bytes());
                    if take(Found::Row(RawRow { line, cells: &cells, raw: &raw }))? == Go::Enough {
                        return Ok(());
                    }
                    line += 1;
                }
            }
            Ok(())
        })
    }
}
