//! The beginning of a CSV file: what ends its lines, its header, and where its rows begin.

use std::io::Read;

use cellsweep_model::table::{Column, Table};
use memchr::{memchr, memchr_iter};

use crate::IngestOptions;
use crate::csv::blocks::Blocks;
use crate::csv::split::{BadRow, Lines, Row, RowSink, split};
use crate::error::{Delimiter, IngestError, Refusal};
use crate::header::{Header, match_columns};
use crate::reason::{Doubt, ReasonCode};
use crate::source::{Broken, Container, Input, Text};
use crate::value::decode;

/// A header is in the first bytes or not at all.
pub(super) const START: usize = 1 << 16;

/// A CSV file whose header has been read.
pub(crate) struct CsvFile {
    pub header: Header,
    pub lines: Lines,
    /// The rows' blocks.
    pub blocks: Blocks,
    /// The physical line, from 1, that the first block begins on.
    pub first_line: u64,
    /// What was doubtful about the file.
    pub doubts: Vec<Doubt>,
}

/// Opens a CSV file of a table.
pub(crate) fn open(
    input: &Input,
    container: Container,
    table: Table,
    options: &IngestOptions,
) -> Result<CsvFile, IngestError> {
    let mut text = input.text(container)?;
    let Start { bytes: start, end } = read_start(&mut text, input)?;
    let mut doubts = std::mem::take(&mut text.doubts);
    let terminator = terminator(&start);
    if terminator == b'\r' {
        doubts.push(Doubt::LoneCr);
    }
    let blank = start.iter().take_while(|byte| byte.is_ascii_whitespace() && **byte != b'\t').count();
    let line_start = memchr::memrchr(terminator, &start[..blank]).map_or(0, |at| at + 1);
    if blank == start.len() {
        return Err(input.refuse(Refusal::Empty));
    }
    let (head, rest) = header_line(&start[line_start..], terminator, end).map_err(|why| input.refuse(why))?;
    let first_line = memchr_iter(terminator, &start[..start.len() - rest.len()]).count() as u64 + 1;
    let refuse =
        |why| IngestError::Refused { path: input.path.clone(), line: Some(first_line.saturating_sub(1).max(1)), why };
    check_delimiter(table, head).map_err(refuse)?;
    let mut header = match_columns(table, &names(head)).map_err(refuse)?;
    doubts.append(&mut header.doubts);
    let lines = Lines { delimiter: b',', terminator, max_bytes: options.max_line_bytes };
    let blocks = Blocks::new(text, terminator, options.max_line_bytes, rest.to_vec());
    Ok(CsvFile { header, lines, blocks, first_line, doubts })
}

/// A file's first bytes.
pub(super) struct Start {
    pub bytes: Vec<u8>,
    pub end: StartEnd,
}

/// What is behind a file's first bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StartEnd {
    More,
    Nothing,
    /// An error, which comes again when the rows are read.
    Broken,
}

pub(super) fn read_start(text: &mut Text, input: &Input) -> Result<Start, IngestError> {
    let mut bytes = Vec::new();
    let end = match (&mut text.reader).take(START as u64).read_to_end(&mut bytes) {
        Err(error) if bytes.is_empty() => return Err(input.refuse(Refusal::Damaged(error.to_string()))),
        Err(error) => {
            text.reader = Box::new(Broken::new(error));
            StartEnd::Broken
        }
        Ok(_) if bytes.len() < START => StartEnd::Nothing,
        Ok(_) => StartEnd::More,
    };
    Ok(Start { bytes, end })
}

/// LF, or CR where there is no LF.
pub(super) fn terminator(start: &[u8]) -> u8 {
    if memchr(b'\n', start).is_none() && memchr(b'\r', start).is_some() { b'\r' } else { b'\n' }
}

/// Splits off the header.
fn header_line(text: &[u8], terminator: u8, behind: StartEnd) -> Result<(&[u8], &[u8]), Refusal> {
    let end = match memchr(terminator, text) {
        Some(end) => end,
        None if behind == StartEnd::Nothing => text.len(),
        None if behind == StartEnd::Broken => return Err(Refusal::BrokenHeader("the file is cut off within it")),
        None => return Err(Refusal::BrokenHeader("the first line is longer than 64 KiB")),
    };
    Ok((&text[..end], text.get(end + 1..).unwrap_or(&[])))
}

fn names(line: &[u8]) -> Vec<String> {
    #[derive(Default)]
    struct Names(Vec<String>);
    impl RowSink for Names {
        fn row(&mut self, row: &Row<'_>) {
            self.0 = (0..row.width()).map(|index| decode(&row.field(index)).into_owned()).collect();
        }
        fn bad(&mut self, _: &BadRow<'_>) {}
    }
    let mut names = Names::default();
    split(line, Lines { delimiter: b',', terminator: b'\n', max_bytes: START }, true, &mut names);
    names.0
}

/// Refuses a file whose header makes more sense with another separator.
fn check_delimiter(table: Table, line: &[u8]) -> Result<(), Refusal> {
    let with_commas = known(table, line, b',');
    let best = Delimiter::ALL.into_iter().max_by_key(|delimiter| known(table, line, delimiter.byte()));
    match best.filter(|best| known(table, line, best.byte()) > with_commas) {
        Some(delimiter) => Err(Refusal::Delimiter(delimiter)),
        None => Ok(()),
    }
}

/// How many of the table's columns a line names, split at a separator.
fn known(table: Table, line: &[u8], delimiter: u8) -> usize {
    let names = |name: &[u8], column: &Column| column.name.as_bytes().eq_ignore_ascii_case(name);
    let plain = |part: &[u8]| part.trim_ascii().iter().copied().filter(|byte| *byte != b'"').collect::<Vec<u8>>();
    let parts = line.split(|byte| *byte == delimiter).map(plain);
    parts.filter(|part| table.columns().iter().any(|column| names(part.trim_ascii(), column))).count()
}

/// Whether a bad row's reason leaves its fields' number in doubt.
pub(crate) fn width_reason(row: &Row<'_>, width: usize) -> Option<ReasonCode> {
    match row.width() {
        fields if fields < width => Some(ReasonCode::TooFewFields),
        fields if fields > width => Some(ReasonCode::TooManyFields),
        _ => None,
    }
}
