//! Every other table: whole in memory, one reader for all, steered by the contract's columns.

mod builder;
mod csv;
mod geojson;
mod parquet;
mod shaped;
mod strays;

use std::path::Path;

pub(crate) use builder::RowCheck;
pub(crate) use geojson::{area, features, outline};

use arrow::array::RecordBatch;
use cellsweep_model::table::Table;

use crate::error::{BoxError, IngestError};
use crate::reject::Reject;
use crate::report::FileReport;
use crate::shape::Shape;
use crate::source::{Container, Input};
use crate::{Against, IngestOptions};

/// Reads a table whole, in the columns of [`Table::schema`]; optional columns that the file hasn't
/// are null throughout. Bad rows, and those of facilities that the authority doesn't cover, go to `reject` in the file's order.
///
/// # Errors
/// When the file is refused, can't be read to its end, or `reject` fails.
pub fn read_table(
    table: Table,
    path: &Path,
    against: Against<'_>,
    options: &IngestOptions,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    read(table, &Input::file(path)?, against, options, reject)
}

/// The same of a file of any shape, through a profile.
///
/// # Errors
/// As [`read_table`], and when the file isn't as the profile says.
pub fn read_table_shaped(
    path: &Path,
    shape: &Shape<'_>,
    against: Against<'_>,
    options: &IngestOptions,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let rows = builder::TableRows::new(shape.profile.table, against.scope, reject);
    shaped::read_shaped(&Input::file(path)?, shape, options, rows)
}

/// The same for bytes in memory, called `name`.
///
/// # Errors
/// As [`read_table_shaped`].
pub fn read_table_shaped_bytes(
    name: &str,
    bytes: &[u8],
    shape: &Shape<'_>,
    options: &IngestOptions,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let rows = builder::TableRows::new(shape.profile.table, None, reject);
    shaped::read_shaped(&Input::bytes(name, bytes), shape, options, rows)
}

/// The same for bytes in memory.
///
/// # Errors
/// As [`read_table`].
pub fn read_table_bytes(
    table: Table,
    bytes: &[u8],
    options: &IngestOptions,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    read(table, &Input::bytes("bytes", bytes), Against::default(), options, reject)
}

fn read(
    table: Table,
    input: &Input,
    against: Against<'_>,
    options: &IngestOptions,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let container = input.container()?;
    let rows = builder::TableRows::new(table, against.scope, reject);
    match container {
        Container::Parquet => parquet::read(input, rows),
        _ if table == Table::Facilities && geojson::is_json(input, container)? => geojson::read(input, container, rows),
        _ => csv::read(input, container, options, rows),
    }
}
