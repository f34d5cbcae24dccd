//! .xls: at most 65,536 rows of 256 columns a sheet. The reader holds a workbook in memory as full rectangles, so
//! its records are looked through first.

use std::io::Read;

use calamine::{Reader, Xls};

use crate::error::{IngestError, Refusal};
use crate::sheet::Go;
use crate::sheet::workbook::{ReadSeek, SheetValue, TakeRow, archive, bytes, choose, xlsx};
use crate::source::Input;

/// The whole file is read into memory.
const MAX_BYTES: u64 = 256 << 20;
/// Cells of all sheets' rectangles; one takes some 50 bytes.
const MAX_CELLS: u64 = 24_000_000;

pub(super) fn rows(input: &Input, wanted: Option<&str>, take: &mut TakeRow<'_>) -> Result<u64, IngestError> {
    if input.size > MAX_BYTES {
        return Err(input.refuse(Refusal::TooBig("an .xls file", "256 MiB")));
    }
    check(input)?;
    let broken = |error: &dyn std::fmt::Display| archive::broken(input, error);
    // Damaged records make the decoder panic in places; to us that is one more way to be damaged.
    let opened = std::panic::catch_unwind(|| -> Result<Xls<Box<dyn ReadSeek>>, String> {
        let bytes = bytes(input).map_err(|error| error.to_string())?;
        Xls::new(bytes).map_err(|error| error.to_string())
    });
    let mut workbook = opened.map_err(|_panic| broken(&"the decoder gave up"))?.map_err(|error| broken(&error))?;
    let sheets = workbook.sheet_names();
    let chosen = choose(input, &sheets, wanted)?;
    let range = workbook.worksheet_range(&sheets[chosen]).map_err(|error| broken(&error))?;
    let others = sheets.len() as u64 - 1;
    let Some((first_row, first_column)) = range.start() else { return Ok(others) };
    for (index, row) in range.rows().enumerate() {
        let mut values = vec![SheetValue::Blank; first_column as usize];
        values.extend(row.iter().map(xlsx::of_data));
        while values.last() == Some(&SheetValue::Blank) {
            values.pop();
        }
        if take(u64::from(first_row) + index as u64 + 1, &values)? == Go::Enough {
            break;
        }
    }
    Ok(others)
}

/// Adds up the rectangles that the sheets' cells span.
fn check(input: &Input) -> Result<(), IngestError> {
    let broken = |error: std::io::Error| archive::broken(input, &error);
    let mut container = cfb::CompoundFile::open(bytes(input)?).map_err(broken)?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name));
    let Some(name) = name else { return Err(input.refuse(Refusal::OtherKind("an old document, but not a workbook"))) };
    let mut stream = std::io::BufReader::with_capacity(1 << 16, container.open_stream(name).map_err(broken)?);
    let mut spans = Spans::default();
    let mut head = [0; 4];
    while stream.read_exact(&mut head).is_ok() {
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        let mut data = vec![0; usize::from(length)];
        if stream.read_exact(&mut data).is_err() {
            break;
        }
        spans.record(kind, &data);
    }
    spans.end();
    if spans.cells > MAX_CELLS {
        Err(input.refuse(Refusal::Bomb("the sheets span more cells than an .xls file can hold")))
    } else {
        Ok(())
    }
}

/// What the sheets' cells span (MS-XLS §2.4: the records that hold cells begin with row and column).
#[derive(Default)]
struct Spans {
    /// Lowest and highest row and column of the sheet at hand.
    span: Option<[(u16, u16); 2]>,
    cells: u64,
}

impl Spans {
    fn record(&mut self, kind: u16, data: &[u8]) {
        const BEGIN: u16 = 0x0809;
        const CELLS: [u16; 9] = [0x0203, 0x0204, 0x0205, 0x0006, 0x00fd, 0x027e, 0x00bd, 0x00d6, 0x0201];
        if kind == BEGIN {
            self.end();
        }
        let [row_low, row_high, column_low, column_high, rest @ ..] = data else { return };
        if !CELLS.contains(&kind) {
            return;
        }
        let (row, column) =
            (u16::from_le_bytes([*row_low, *row_high]), u16::from_le_bytes([*column_low, *column_high]));
        // Several numbers in a row: six bytes each, then the last column.
        let last = if kind == 0x00bd { column.saturating_add((rest.len() / 6) as u16) } else { column };
        let [rows, columns] = self.span.unwrap_or([(row, row), (column, column)]);
        self.span = Some([(rows.0.min(row), rows.1.max(row)), (columns.0.min(column), columns.1.max(last))]);
    }

    fn end(&mut self) {
        if let Some([rows, columns]) = self.span.take() {
            self.cells += (u64::from(rows.1 - rows.0) + 1) * (u64::from(columns.1 - columns.0) + 1);
        }
    }
}
