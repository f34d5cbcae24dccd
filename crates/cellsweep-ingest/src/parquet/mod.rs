//! Parquet in slices that are read on their own.

mod cells;
mod file;

pub(crate) use cells::{cell, csv_line, plain};
pub(crate) use file::{AnyParquet, ParquetTable, Slice, guarded, open, open_any};
