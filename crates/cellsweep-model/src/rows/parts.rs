//! Rows told apart, and columns.

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::{concat_batches, filter_record_batch, not};
use arrow::error::ArrowError;

use super::Row;

/// Tells rows apart: those for which `apart` doesn't hold, and those for which it does, each in one batch and in
/// their order; `None` where there is no batch at all.
///
/// # Errors
/// When the batches are not of one table.
pub fn partition(
    batches: &[RecordBatch],
    apart: impl Fn(&Row<'_>) -> bool,
) -> Result<Option<(RecordBatch, RecordBatch)>, ArrowError> {
    let Some(first) = batches.first() else { return Ok(None) };
    let (mut stay, mut go) = (Vec::new(), Vec::new());
    for batch in batches {
        let mask: BooleanArray = (0..batch.num_rows()).map(|index| Some(apart(&Row { batch, index }))).collect();
        stay.push(filter_record_batch(batch, &not(&mask)?)?);
        go.push(filter_record_batch(batch, &mask)?);
    }
    Ok(Some((concat_batches(&first.schema(), &stay)?, concat_batches(&first.schema(), &go)?)))
}

/// These columns only, those of them that are there.
///
/// # Errors
/// Never: the columns are there.
pub fn only(batch: &RecordBatch, names: &[&str]) -> Result<RecordBatch, ArrowError> {
    let wanted: Vec<usize> = names.iter().filter_map(|name| batch.schema().index_of(name).ok()).collect();
    batch.project(&wanted)
}
