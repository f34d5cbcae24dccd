//! Every file that comes in, checked row by row and turned into the contract's tables.
//!
//! Belongs here: formats, encodings, compression, what a value may look like, and why a row or a
//! file can't be used. A reader's seam is a stream of rows of [`Cell`](value::Cell)s: what follows
//! does not know which format they came from.
//! Does not belong here: what the rows mean, where they are kept, what a person is told about them.
//!
//! Nothing is guessed in silence: a row that can't be used is a [`Reject`], a row or file that
//! could be read in only one sensible way is a doubt in the [`FileReport`], and anything else is
//! an [`IngestError`] that says what to do. The same bytes give the same rows, rejects and doubts
//! in the same order on any number of threads.

mod csv;
mod digest;
mod error;
pub mod guess;
mod header;
mod parquet;
mod pipeline;
mod preview;
pub mod profile;
mod reason;
mod records;
mod reject;
mod report;
mod shape;
mod sheet;
mod source;
mod tables;
pub mod value;

pub use digest::digest;
pub use error::{BoxError, Delimiter, IngestError, MissingColumn, Refusal};
pub use guess::Guess;
pub use preview::{Preview, PreviewRow, preview};
pub use profile::{Profile, ProfileError};
pub use reason::{Doubt, ReasonCode};
pub use records::{read_records, read_records_bytes, read_records_shaped, read_records_shaped_bytes};
pub use reject::Reject;
pub use report::FileReport;
pub use shape::Shape;
pub use tables::{read_table, read_table_bytes, read_table_shaped, read_table_shaped_bytes};

use cellsweep_model::Scope;
use rustc_hash::FxHashSet;

/// How much is done at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestOptions {
    /// Threads that parse; at 1 everything happens on the caller's thread.
    pub threads: usize,
    /// Most rows in a chunk of records.
    pub chunk_rows: usize,
    /// A line, or a quoted field over several lines, longer than this is rejected unread.
    pub max_line_bytes: usize,
}

/// What a file's rows are held against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// The sector table's values; `None` where there is no such table yet.
    pub sectors: Option<&'a FxHashSet<u64>>,
    /// What the authority lets in; `None` in an exercise, where everything may.
    pub scope: Option<&'a Scope>,
}

impl Default for IngestOptions {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { threads, chunk_rows: 65_536, max_line_bytes: 1 << 20 }
    }
}
