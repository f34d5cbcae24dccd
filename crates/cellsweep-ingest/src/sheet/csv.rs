//! CSV as rows of cells.

use std::borrow::Cow;

use crate::IngestOptions;
use crate::csv::{BadRow, BlockKind, Lines, Row, RowSink, ShapedCsv, open_shaped, split};
use crate::error::IngestError;
use crate::profile::Layout;
use crate::reason::{Doubt, ReasonCode};
use crate::reject::{self, Reject};
use crate::sheet::names::names;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::{Container, Input};
use crate::value::Cell;

/// A CSV file ready for its rows.
pub(crate) struct CsvSheet {
    pub file: ShapedCsv,
    pub shape: RowShape,
    input: Input,
}

/// What a row must look like.
#[derive(Debug, Clone)]
pub(crate) struct RowShape {
    pub width: usize,
    pub ragged: bool,
    pub comment: Option<Vec<u8>>,
}

impl RowShape {
    /// Why a row has the wrong number of fields.
    pub(crate) fn refuse(&self, row: &Row<'_>) -> Option<ReasonCode> {
        match row.width() {
            fields if fields == self.width => None,
            fields if fields < self.width => (!self.ragged).then_some(ReasonCode::TooFewFields),
            fields => {
                let blank = self.ragged && (self.width..fields).all(|index| row.field(index).trim_ascii().is_empty());
                (!blank).then_some(ReasonCode::TooManyFields)
            }
        }
    }

    pub(crate) fn is_comment(&self, row: &Row<'_>) -> bool {
        self.comment.as_ref().is_some_and(|sign| row.raw.starts_with(sign))
    }
}

pub(super) fn open<'a>(
    input: &'a Input,
    layout: &'a Layout,
    options: &IngestOptions,
) -> Result<Opened<'a>, IngestError> {
    let container = input.container()?;
    if container == Container::Parquet {
        return Err(input.refuse(crate::Refusal::OtherKind("a Parquet file")));
    }
    let mut file = open_shaped(input, container, layout, options)?;
    let names = names(&file.header, &layout.names);
    let comment = layout.comment.clone().map(String::into_bytes);
    let shape = RowShape { width: names.len(), ragged: layout.ragged, comment };
    let doubts = std::mem::take(&mut file.doubts);
    Ok(Opened { names, doubts, body: Body::Csv(Box::new(CsvSheet { file, shape, input: input.clone() })) })
}

impl CsvSheet {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let lines = self.file.lines;
        let sink = CellSink { take, shape: &self.shape, first_line: self.file.first_line, ended: None };
        let mut reader = Reader { sink, lines, tail: Vec::new() };
        for block in self.file.blocks {
            let ended = match block.kind {
                BlockKind::Lines { bytes, last } => reader.feed(&bytes, last),
                BlockKind::LongLine(start) => reader.single(ReasonCode::LineTooLong, &start),
                BlockKind::CutOff(start) => {
                    (reader.sink.take)(Found::Doubt(Doubt::CutOff))?;
                    reader.single(ReasonCode::CutOff, &start)
                }
                BlockKind::Failed(ending) => return Err(ending.into_error(&self.input)),
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
        reader.feed(&[], true).unwrap_or(Ok(()))
    }
}

/// How reading ended before the file did.
type Ended = Option<Result<(), IngestError>>;

struct Reader<'a, 't> {
    sink: CellSink<'a, 't>,
    lines: Lines,
    /// The beginning of a row whose quoted field goes on in the next block.
    tail: Vec<u8>,
}

impl Reader<'_, '_> {
    fn feed(&mut self, bytes: &[u8], last: bool) -> Ended {
        let mut text = std::mem::take(&mut self.tail);
        text.extend_from_slice(bytes);
        let rows = split(&text, self.lines, last, &mut self.sink);
        self.sink.first_line += rows.lines;
        self.tail = rows.tail.map_or_else(Vec::new, |at| text.split_off(at));
        self.sink.ended.take()
    }

    fn single(&mut self, reason: ReasonCode, start: &[u8]) -> Ended {
        if let Some(ended) = self.feed(&[], true) {
            return Some(ended);
        }
        let line = self.sink.first_line;
        self.sink.first_line += 1;
        self.sink.hand_on(Found::Bad(reject::bad_line(line, reason, start)));
        self.sink.ended.take()
    }
}

struct CellSink<'a, 't> {
    take: &'a mut Take<'t>,
    shape: &'a RowShape,
    first_line: u64,
    ended: Ended,
}

impl CellSink<'_, '_> {
    fn hand_on(&mut self, found: Found<'_>) {
        match (self.take)(found) {
            Ok(Go::On) => {}
            Ok(Go::Enough) => self.ended = Some(Ok(())),
            Err(error) => self.ended = Some(Err(error)),
        }
    }
}

impl RowSink for CellSink<'_, '_> {
    fn row(&mut self, row: &Row<'_>) {
        if self.ended.is_some() || self.shape.is_comment(row) {
            return;
        }
        let line = self.first_line + row.line;
        if row.raw.contains(&0) {
            return self.hand_on(Found::Bad(reject::bad_line(line, ReasonCode::NulByte, row.raw)));
        }
        if let Some(reason) = self.shape.refuse(row) {
            let detail = format!("{} fields, not {}", row.width(), self.shape.width);
            return self.hand_on(Found::Bad(Reject { line, column: None, reason, detail, raw: reject::raw(row.raw) }));
        }
        if std::str::from_utf8(row.raw).is_err() {
            self.hand_on(Found::Doubt(Doubt::Windows1252));
        }
        let fields: Vec<Cow<'_, [u8]>> = (0..self.shape.width).map(|index| row.field(index)).collect();
        let cells: Vec<Cell<'_>> = fields.iter().map(|field| Cell::text(field)).collect();
        self.hand_on(Found::Row(RawRow { line, cells: &cells, raw: &|| reject::raw(row.raw) }));
    }

    fn bad(&mut self, bad: &BadRow<'_>) {
        if self.ended.is_none() {
            self.hand_on(Found::Bad(reject::bad_line(self.first_line + bad.line, bad.reason, bad.raw)));
        }
    }
}
