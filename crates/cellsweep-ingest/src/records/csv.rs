//! Records from CSV.

use std::borrow::Cow;

use cellsweep_model::table::Table;

use crate::Against;
use crate::csv::{BadRow, Block, BlockKind, Blocks, Lines, Row, RowSink, Rows, Spare, open, split, width_reason};
use crate::error::IngestError;
use crate::header::Header;
use crate::pipeline::ordered;
use crate::profile::Mapper;
use crate::reason::{Doubt, ReasonCode};
use crate::records::Job;
use crate::records::code::{Coder, Codes, FLAG, column};
use crate::records::delivery::Delivery;
use crate::records::part::{Part, PartBuilder};
use crate::records::shaped::Rows as MappedRows;
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::sheet::{CsvSheet, RawRow, RowShape};
use crate::source::{Container, Input};
use crate::value::{Cell, decode};

/// Bytes that a row has at least, for making room.
const SHORT_ROW: usize = 80;

pub(super) fn read(
    input: &Input,
    container: Container,
    job: &Job<'_>,
    mut delivery: Delivery<'_>,
) -> Result<FileReport, IngestError> {
    let file = open(input, container, Table::Records, &job.options)?;
    for doubt in &file.doubts {
        delivery.report.doubt(doubt, 1);
    }
    let parser = Parser {
        way: Way::Contract(&file.header),
        lines: file.lines,
        against: job.against,
        chunk_rows: job.options.chunk_rows,
    };
    read_blocks(input, file.blocks, file.first_line, &parser, job, delivery)
}

/// The same of a file that a profile describes.
pub(super) fn read_shaped(
    input: &Input,
    sheet: CsvSheet,
    mapper: &Mapper,
    job: &Job<'_>,
    delivery: Delivery<'_>,
) -> Result<FileReport, IngestError> {
    let parser = Parser {
        way: Way::Profile(mapper, &sheet.shape),
        lines: sheet.file.lines,
        against: job.against,
        chunk_rows: job.options.chunk_rows,
    };
    read_blocks(input, sheet.file.blocks, sheet.file.first_line, &parser, job, delivery)
}

fn read_blocks(
    input: &Input,
    blocks: Blocks,
    next_line: u64,
    parser: &Parser<'_>,
    job: &Job<'_>,
    delivery: Delivery<'_>,
) -> Result<FileReport, IngestError> {
    let spare = blocks.spare();
    let mut assembly = Assembly { parser, delivery, next_line, tail: Vec::new(), spare };
    let work = |block: Block| {
        let parsed = match &block.kind {
            BlockKind::Lines { bytes, last } => Some(parser.parse(bytes, *last)),
            _ => None,
        };
        (block, parsed)
    };
    ordered(job.options.threads, blocks, work, |(block, parsed)| {
        (job.progress)(share(block.read, input.size));
        assembly.add(block, parsed)
    })?;
    assembly.flush()?;
    (job.progress)(1.0);
    Ok(assembly.delivery.finish())
}

fn share(done: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { (done as f64 / all as f64).min(1.0) }
}

/// How fields become the contract's values.
enum Way<'a> {
    /// They have the contract's names.
    Contract(&'a Header),
    /// A profile says.
    Profile(&'a Mapper, &'a RowShape),
}

/// Turns blocks into parts.
struct Parser<'a> {
    way: Way<'a>,
    lines: Lines,
    against: Against<'a>,
    chunk_rows: usize,
}

impl Parser<'_> {
    fn parse(&self, text: &[u8], last: bool) -> (Part, Rows) {
        let builder = PartBuilder::new(self.against, self.chunk_rows, text.len() / SHORT_ROW);
        match self.way {
            Way::Contract(header) => self.parse_contract(header, builder, text, last),
            Way::Profile(mapper, shape) => {
                let mut sink = ShapedSink { rows: MappedRows::expecting(mapper, builder), mapper, shape };
                let rows = split(text, self.lines, last, &mut sink);
                (sink.rows.finish(), rows)
            }
        }
    }

    fn parse_contract(&self, header: &Header, builder: PartBuilder<'_>, text: &[u8], last: bool) -> (Part, Rows) {
        let mut positions = [None; column::COUNT];
        positions.copy_from_slice(&header.positions);
        let mut sink = PartSink {
            positions,
            width: header.width,
            coder: Coder::against(self.against),
            builder,
            holds_nul: memchr::memchr(0, text).is_some(),
            is_utf8: std::str::from_utf8(text).is_ok(),
        };
        let rows = split(text, self.lines, last, &mut sink);
        (sink.builder.finish(sink.coder.operators), rows)
    }
}

/// Takes a block's rows in.
struct PartSink<'a> {
    positions: [Option<usize>; column::COUNT],
    width: usize,
    coder: Coder<'a>,
    builder: PartBuilder<'a>,
    holds_nul: bool,
    is_utf8: bool,
}

impl PartSink<'_> {
    fn codes(&mut self, row: &Row<'_>) -> Codes {
        let mut codes = [0; column::COUNT];
        for (column, code) in codes.iter_mut().enumerate() {
            *code = match self.positions[column] {
                Some(position) => self.coder.code(column, Cell::text(&row.field(position))),
                None => self.coder.code(column, Cell::Blank),
            };
        }
        codes
    }

    #[cold]
    fn reject(&mut self, row: &Row<'_>, column: Option<usize>, reason: ReasonCode) {
        let position = column.and_then(|column| self.positions[column]);
        let column = column.and_then(|column| Table::Records.columns().get(column));
        let detail = match (column, position) {
            (Some(column), Some(position)) => reject::detail(column, &row.field(position)),
            (None, _) if row.width() != self.width => format!("{} fields, not {}", row.width(), self.width),
            _ => String::new(),
        };
        let column = column.map(|column| column.name);
        self.builder.part.rejects.push(Reject { line: row.line, column, reason, detail, raw: reject::raw(row.raw) });
    }

    fn keep_peer_name(&mut self, row: &Row<'_>, peer: u64) {
        if peer & FLAG != 0
            && let Some(position) = self.positions[column::PEER]
        {
            self.builder.see_peer_name(peer, || decode(row.field(position).trim_ascii()).into_owned());
        }
    }
}

impl RowSink for PartSink<'_> {
    fn row(&mut self, row: &Row<'_>) {
        if self.holds_nul && row.raw.contains(&0) {
            return self.reject(row, None, ReasonCode::NulByte);
        }
        if let Some(reason) = width_reason(row, self.width) {
            return self.reject(row, None, reason);
        }
        let codes = self.codes(row);
        if let Err((column, reason)) = self.builder.push(&codes) {
            return self.reject(row, column, reason);
        }
        self.keep_peer_name(row, codes[column::PEER]);
        if !self.is_utf8 && std::str::from_utf8(row.raw).is_err() {
            self.builder.part.doubts.windows_1252 += 1;
        }
    }

    fn bad(&mut self, bad: &BadRow<'_>) {
        self.builder.part.rejects.push(reject::bad_line(bad.line, bad.reason, bad.raw));
    }
}

/// Takes a block's rows in through a profile.
struct ShapedSink<'a> {
    rows: MappedRows<'a>,
    mapper: &'a Mapper,
    shape: &'a RowShape,
}

impl RowSink for ShapedSink<'_> {
    fn row(&mut self, row: &Row<'_>) {
        if self.shape.is_comment(row) {
            return;
        }
        let holds_nul = memchr::memchr(0, row.raw).is_some().then_some(ReasonCode::NulByte);
        if let Some(reason) = holds_nul.or_else(|| self.shape.refuse(row)) {
            let detail = match reason {
                ReasonCode::NulByte => String::new(),
                _ => format!("{} fields, not {}", row.width(), self.shape.width),
            };
            let reject = Reject { line: row.line, column: None, reason, detail, raw: reject::raw(row.raw) };
            return self.rows.builder.part.rejects.push(reject);
        }
        if std::str::from_utf8(row.raw).is_err() {
            self.rows.builder.part.doubts.windows_1252 += 1;
        }
        let field = |index| if self.mapper.uses(index) { row.field(index) } else { Cow::Borrowed(&[][..]) };
        let fields: Vec<Cow<'_, [u8]>> = (0..self.shape.width).map(field).collect();
        let cells: Vec<Cell<'_>> = fields.iter().map(|field| Cell::text(field)).collect();
        self.rows.row(&RawRow { line: row.line, cells: &cells, raw: &|| reject::raw(row.raw) });
    }

    fn bad(&mut self, bad: &BadRow<'_>) {
        self.rows.builder.part.rejects.push(reject::bad_line(bad.line, bad.reason, bad.raw));
    }
}

/// Puts blocks together again: counts their lines and joins rows that go over a block's end.
struct Assembly<'a, 'b> {
    parser: &'a Parser<'a>,
    delivery: Delivery<'b>,
    next_line: u64,
    /// The beginning of a row whose quoted field goes on in the next block.
    tail: Vec<u8>,
    spare: Spare,
}

impl Assembly<'_, '_> {
    fn add(&mut self, block: Block, parsed: Option<(Part, Rows)>) -> Result<(), IngestError> {
        match block.kind {
            BlockKind::Lines { bytes, last } => {
                match parsed {
                    Some((part, rows)) if self.tail.is_empty() => self.deliver(part, rows, &bytes)?,
                    _ => self.join(&bytes, last)?,
                }
                self.spare.give_back(bytes);
                Ok(())
            }
            BlockKind::LongLine(start) => {
                self.flush()?;
                self.single(ReasonCode::LineTooLong, &start)
            }
            BlockKind::CutOff(start) => {
                self.flush()?;
                self.delivery.report.doubt(&Doubt::CutOff, 1);
                self.single(ReasonCode::CutOff, &start)
            }
            BlockKind::Failed(ending) => Err(ending.into_error(self.delivery.input)),
        }
    }

    /// Parses a block again behind the row that began before it.
    fn join(&mut self, bytes: &[u8], last: bool) -> Result<(), IngestError> {
        let mut text = std::mem::take(&mut self.tail);
        text.extend_from_slice(bytes);
        let (part, rows) = self.parser.parse(&text, last);
        self.deliver(part, rows, &text)
    }

    /// Nothing follows what is left.
    fn flush(&mut self) -> Result<(), IngestError> {
        if self.tail.is_empty() { Ok(()) } else { self.join(&[], true) }
    }

    fn deliver(&mut self, part: Part, rows: Rows, text: &[u8]) -> Result<(), IngestError> {
        self.delivery.part(part, self.next_line)?;
        self.next_line += rows.lines;
        self.tail = rows.tail.map_or_else(Vec::new, |at| text[at..].to_vec());
        Ok(())
    }

    fn single(&mut self, reason: ReasonCode, start: &[u8]) -> Result<(), IngestError> {
        let line = self.next_line;
        self.next_line += 1;
        self.delivery.reject(reject::bad_line(line, reason, start))
    }
}
