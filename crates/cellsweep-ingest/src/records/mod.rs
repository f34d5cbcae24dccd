//! Records: streamed, parsed on all threads, delivered in the file's order.

mod code;
mod csv;
mod delivery;
mod parquet;
mod part;
mod shaped;

use std::path::Path;

use crate::error::{BoxError, IngestError};
use crate::reject::Reject;
use crate::report::FileReport;
use crate::shape::Shape;
use crate::source::{Container, Input};
use crate::{Against, IngestOptions};
use cellsweep_model::record::RecordColumns;

/// What a reader of records needs besides its file.
struct Job<'a> {
    against: Against<'a>,
    options: IngestOptions,
    progress: &'a dyn Fn(f64),
}

/// Streams a file of records: canonical rows go to `sink` in chunks and bad rows to `reject`, both
/// in the file's order. A sector that isn't among the known ones is a doubt; a row that the authority
/// doesn't cover is a bad one. `progress` is told the share done, 0 to 1.
///
/// # Errors
/// When the file is refused, can't be read to its end, or `sink` or `reject` fails. What went to
/// them before is then to be thrown away.
pub fn read_records(
    path: &Path,
    against: Against<'_>,
    options: &IngestOptions,
    sink: &mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
    progress: &dyn Fn(f64),
) -> Result<FileReport, IngestError> {
    let job = Job { against, options: *options, progress };
    read(&Input::file(path)?, &job, sink, reject)
}

/// The same of a file of any shape, through a profile.
///
/// # Errors
/// As [`read_records`], and when the file isn't as the profile says.
pub fn read_records_shaped(
    path: &Path,
    shape: &Shape<'_>,
    against: Against<'_>,
    options: &IngestOptions,
    sink: &mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
    progress: &dyn Fn(f64),
) -> Result<FileReport, IngestError> {
    let job = Job { against, options: *options, progress };
    let input = Input::file(path)?;
    shaped::read(&input, shape, &job, delivery::Delivery::new(&input, sink, reject))
}

/// The same for bytes in memory, called `name`.
///
/// # Errors
/// As [`read_records_shaped`].
pub fn read_records_shaped_bytes(
    name: &str,
    bytes: &[u8],
    shape: &Shape<'_>,
    options: &IngestOptions,
    sink: &mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<FileReport, IngestError> {
    let job = Job { against: Against::default(), options: *options, progress: &|_| {} };
    let input = Input::bytes(name, bytes);
    shaped::read(&input, shape, &job, delivery::Delivery::new(&input, sink, reject))
}

/// The contract's records in memory.
///
/// # Errors
/// As [`read_records`].
pub fn read_records_bytes(
    bytes: &[u8],
    options: &IngestOptions,
    sink: &mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<FileReport, IngestError> {
    let job = Job { against: Against::default(), options: *options, progress: &|_| {} };
    read(&Input::bytes("bytes", bytes), &job, sink, reject)
}

fn read(
    input: &Input,
    job: &Job<'_>,
    sink: &mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: &mut dyn FnMut(Reject) -> Result<(), BoxError>,
) -> Result<FileReport, IngestError> {
    let container = input.container()?;
    let delivery = delivery::Delivery::new(input, sink, reject);
    match container {
        Container::Parquet => parquet::read(input, job, delivery),
        Container::Gzip | Container::Zstd | Container::Plain => csv::read(input, container, job, delivery),
    }
}
