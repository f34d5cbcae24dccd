//! Small tables from CSV, one block after the other.

use std::borrow::Cow;

use arrow::array::RecordBatch;

use crate::IngestOptions;
use crate::csv::{BadRow, BlockKind, Lines, Row, RowSink, open, split, width_reason};
use crate::error::IngestError;
use crate::header::Header;
use crate::reason::{Doubt, ReasonCode};
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::source::{Container, Input};
use crate::tables::builder::TableRows;
use crate::value::Cell;

pub(super) fn read(
    input: &Input,
    container: Container,
    options: &IngestOptions,
    mut rows: TableRows<'_>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let file = open(input, container, rows.table, options)?;
    for doubt in &file.doubts {
        rows.report.doubt(doubt, 1);
    }
    let mut reader = Reader {
        sink: TableSink { header: &file.header, rows, first_line: file.first_line, failed: None },
        lines: file.lines,
        tail: Vec::new(),
    };
    for block in file.blocks {
        match block.kind {
            BlockKind::Lines { bytes, last } => reader.feed(&bytes, last)?,
            BlockKind::LongLine(start) => reader.single(ReasonCode::LineTooLong, &start)?,
            BlockKind::CutOff(start) => {
                reader.sink.rows.report.doubt(&Doubt::CutOff, 1);
                reader.single(ReasonCode::CutOff, &start)?;
            }
            BlockKind::Failed(ending) => return Err(ending.into_error(input)),
        }
    }
    reader.feed(&[], true)?;
    reader.sink.rows.finish(input)
}

/// Goes through the blocks in order.
struct Reader<'a, 'b> {
    sink: TableSink<'a, 'b>,
    lines: Lines,
    /// The beginning of a row whose quoted field goes on in the next block.
    tail: Vec<u8>,
}

impl Reader<'_, '_> {
    fn feed(&mut self, bytes: &[u8], last: bool) -> Result<(), IngestError> {
        let mut text = std::mem::take(&mut self.tail);
        text.extend_from_slice(bytes);
        let rows = split(&text, self.lines, last, &mut self.sink);
        self.sink.first_line += rows.lines;
        self.tail = rows.tail.map_or_else(Vec::new, |at| text.split_off(at));
        self.sink.failed.take().map_or(Ok(()), Err)
    }

    fn single(&mut self, reason: ReasonCode, start: &[u8]) -> Result<(), IngestError> {
        self.feed(&[], true)?;
        let line = self.sink.first_line;
        self.sink.first_line += 1;
        self.sink.rows.bad(reject::bad_line(line, reason, start))
    }
}

/// Takes a block's rows in.
struct TableSink<'a, 'b> {
    header: &'a Header,
    rows: TableRows<'b>,
    /// The physical line, from 1, that the block begins on.
    first_line: u64,
    failed: Option<IngestError>,
}

impl TableSink<'_, '_> {
    fn take(&mut self, row: &Row<'_>) -> Result<(), IngestError> {
        let line = self.first_line + row.line;
        let not_utf8 = std::str::from_utf8(row.raw).is_err();
        if row.raw.contains(&0) {
            return self.rows.bad(reject::bad_line(line, ReasonCode::NulByte, row.raw));
        }
        if let Some(reason) = width_reason(row, self.header.width) {
            let detail = format!("{} fields, not {}", row.width(), self.header.width);
            return self.rows.bad(Reject { line, column: None, reason, detail, raw: reject::raw(row.raw) });
        }
        let fields = self.header.positions.iter().map(|position| position.map(|position| row.field(position)));
        let fields: Vec<Option<Cow<'_, [u8]>>> = fields.collect();
        let cells: Vec<Cell<'_>> =
            fields.iter().map(|field| field.as_deref().map_or(Cell::Blank, Cell::text)).collect();
        let kept = self.rows.push(line, &cells, || reject::raw(row.raw))?;
        if kept && not_utf8 {
            self.rows.report.doubt(&Doubt::Windows1252, 1);
        }
        Ok(())
    }

    fn note(&mut self, result: Result<(), IngestError>) {
        if let Err(error) = result {
            self.failed.get_or_insert(error);
        }
    }
}

impl RowSink for TableSink<'_, '_> {
    fn row(&mut self, row: &Row<'_>) {
        let result = self.take(row);
        self.note(result);
    }

    fn bad(&mut self, bad: &BadRow<'_>) {
        let result = self.rows.bad(reject::bad_line(self.first_line + bad.line, bad.reason, bad.raw));
        self.note(result);
    }
}
