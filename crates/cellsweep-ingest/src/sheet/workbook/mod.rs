//! Workbooks: .xlsx and .ods as they stream, .xls in memory behind a look at its size. Formulas are not
//! calculated: the value that the sender's program stored counts.

mod archive;
mod ods;
mod xls;
mod xlsx;

use std::io::{Cursor, Read, Seek};

use crate::error::{IngestError, Refusal};
use crate::profile::Layout;
use crate::reason::{Doubt, ReasonCode};
use crate::reject::{self, Reject};
use crate::sheet::names::names;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::Input;
use crate::value::Cell;

/// The widest that a sheet can be.
const MAX_COLUMNS: usize = 16_384;

/// A file that can be read at any place.
trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xlsx,
    Xls,
    Ods,
}

/// One sheet of a workbook.
pub(crate) struct WorkbookSheet<'a> {
    input: &'a Input,
    layout: &'a Layout,
    format: Format,
    width: usize,
}

/// A value of a sheet, on its own.
#[derive(Debug, Clone, PartialEq)]
enum SheetValue {
    Blank,
    Text(String),
    Integer(i64),
    Float(f64),
    Local(i64),
}

impl SheetValue {
    fn cell(&self) -> Cell<'_> {
        match self {
            SheetValue::Blank => Cell::Blank,
            SheetValue::Text(text) => Cell::text(text.as_bytes()),
            SheetValue::Integer(value) => Cell::Integer(*value),
            SheetValue::Float(value) => Cell::Float(*value),
            SheetValue::Local(value) => Cell::Local(*value),
        }
    }
}

/// A row's number, from 1, and its values.
type TakeRow<'t> = dyn FnMut(u64, &[SheetValue]) -> Result<Go, IngestError> + 't;

pub(super) fn open<'a>(input: &'a Input, layout: &'a Layout) -> Result<Opened<'a>, IngestError> {
    let format = format(input)?;
    let mut sheet = WorkbookSheet { input, layout, format, width: 0 };
    let mut header: Vec<Vec<String>> = Vec::new();
    let (first, lines) = (layout.preamble as u64 + 1, layout.header as u64);
    let others = sheet.rows(&mut |line, values| {
        // Rows that nothing stands in are not stored.
        if line >= first && line < first + lines {
            header.push(values.iter().map(text).collect());
        }
        Ok(if line + 1 < first + lines { Go::On } else { Go::Enough })
    })?;
    if header.is_empty() && layout.names.is_empty() {
        return Err(input.refuse(Refusal::BrokenHeader("the sheet ends before its rows begin")));
    }
    let names = names(&header, &layout.names);
    sheet.width = names.len();
    let doubts = if others > 0 && layout.sheet.is_none() { vec![Doubt::OtherSheets(others)] } else { Vec::new() };
    Ok(Opened { names, doubts, body: Body::Workbook(sheet) })
}

fn text(value: &SheetValue) -> String {
    value.cell().printed().map_or_else(String::new, |text| crate::value::decode(&text).into_owned())
}

fn format(input: &Input) -> Result<Format, IngestError> {
    match input.head()?.as_slice() {
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Ok(Format::Xls),
        [b'P', b'K', 3, 4, ..] => archive::format(input),
        _ => Err(input.refuse(Refusal::OtherKind("not a workbook"))),
    }
}

/// The bytes, to be read at any place.
fn bytes(input: &Input) -> Result<Box<dyn ReadSeek>, IngestError> {
    match input.in_memory() {
        Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
        None => Ok(Box::new(std::fs::File::open(&input.path).map_err(|error| IngestError::io(&input.path, error))?)),
    }
}

impl WorkbookSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let first = (self.layout.preamble + self.layout.header) as u64 + 1;
        self.rows(&mut |line, values| {
            if line < first || values.iter().all(|value| *value == SheetValue::Blank) || self.is_comment(values) {
                return Ok(Go::On);
            }
            let raw = || reject::raw(values.iter().map(text).collect::<Vec<_>>().join(",").as_bytes());
            let cells: Vec<Cell<'_>> = values.iter().map(SheetValue::cell).collect();
            if cells.iter().skip(self.width).any(|cell| *cell != Cell::Blank) {
                let detail = format!("{} fields, not {}", cells.len(), self.width);
                return take(Found::Bad(Reject {
                    line,
                    column: None,
                    reason: ReasonCode::TooManyFields,
                    detail,
                    raw: raw(),
                }));
            }
            take(Found::Row(RawRow { line, cells: &cells, raw: &raw }))
        })?;
        Ok(())
    }

    fn is_comment(&self, values: &[SheetValue]) -> bool {
        let Some(sign) = &self.layout.comment else { return false };
        values.first().is_some_and(|value| text(value).starts_with(sign.as_str()))
    }

    /// Every stored row in order; says how many other sheets there are.
    fn rows(&self, take: &mut TakeRow<'_>) -> Result<u64, IngestError> {
        match self.format {
            Format::Xlsx => xlsx::rows(self.input, self.layout.sheet.as_deref(), take),
            Format::Xls => xls::rows(self.input, self.layout.sheet.as_deref(), take),
            Format::Ods => ods::rows(self.input, self.layout.sheet.as_deref(), take),
        }
    }
}

/// Which of a workbook's sheets is wanted: by name, by number from 1, or the first.
fn choose(input: &Input, sheets: &[String], wanted: Option<&str>) -> Result<usize, IngestError> {
    let Some(wanted) = wanted else {
        return if sheets.is_empty() { Err(input.refuse(Refusal::Empty)) } else { Ok(0) };
    };
    let named = sheets
        .iter()
        .position(|sheet| sheet == wanted)
        .or_else(|| sheets.iter().position(|sheet| sheet.eq_ignore_ascii_case(wanted)));
    let numbered =
        || wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|index| *index < sheets.len());
    named
        .or_else(numbered)
        .ok_or_else(|| input.refuse(Refusal::NoSheet { wanted: wanted.to_owned(), found: sheets.join(", ") }))
}

/// The first rows that are stored, as texts.
pub(super) fn first_rows(
    input: &Input,
    layout: &Layout,
    most: usize,
    each: &mut dyn FnMut(u64, &[String]),
) -> Result<(), IngestError> {
    let sheet = WorkbookSheet { input, layout, format: format(input)?, width: 0 };
    let mut count = 0;
    sheet.rows(&mut |line, values| {
        let texts: Vec<String> = values.iter().map(text).collect();
        each(line, &texts);
        count += 1;
        Ok(if count < most { Go::On } else { Go::Enough })
    })?;
    Ok(())
}
