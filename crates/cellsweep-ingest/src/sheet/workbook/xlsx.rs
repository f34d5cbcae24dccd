//! .xlsx, cell by cell.

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx};

use crate::error::IngestError;
use crate::sheet::Go;
use crate::sheet::workbook::{MAX_COLUMNS, ReadSeek, SheetValue, TakeRow, archive, bytes, choose};
use crate::source::Input;
use crate::value::micros_of_civil;

pub(super) fn rows(input: &Input, wanted: Option<&str>, take: &mut TakeRow<'_>) -> Result<u64, IngestError> {
    archive::check(input)?;
    let broken = |error: &dyn std::fmt::Display| archive::broken(input, error);
    let mut workbook: Xlsx<Box<dyn ReadSeek>> = Xlsx::new(bytes(input)?).map_err(|error| broken(&error))?;
    let sheets = workbook.sheet_names();
    let chosen = choose(input, &sheets, wanted)?;
    let mut cells = workbook.worksheet_cells_reader(&sheets[chosen]).map_err(|error| broken(&error))?;
    let mut row = Row::default();
    let others = sheets.len() as u64 - 1;
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (line, column) = cell.get_position();
        if u64::from(line) + 1 != row.line {
            if row.hand_on(take)? == Go::Enough {
                return Ok(others);
            }
            row.line = u64::from(line) + 1;
        }
        row.put(column as usize, of_ref(cell.get_value()));
    }
    row.hand_on(take)?;
    Ok(others)
}

/// Values of one row, as far as they have come.
#[derive(Default)]
struct Row {
    line: u64,
    values: Vec<SheetValue>,
}

impl Row {
    fn put(&mut self, column: usize, value: SheetValue) {
        if column >= MAX_COLUMNS || value == SheetValue::Blank {
            return;
        }
        if self.values.len() <= column {
            self.values.resize(column + 1, SheetValue::Blank);
        }
        self.values[column] = value;
    }

    fn hand_on(&mut self, take: &mut TakeRow<'_>) -> Result<Go, IngestError> {
        if self.line == 0 {
            return Ok(Go::On);
        }
        let go = take(self.line, &self.values);
        self.values.clear();
        go
    }
}

fn of_ref(value: &DataRef<'_>) -> SheetValue {
    match value {
        DataRef::Int(value) => SheetValue::Integer(*value),
        DataRef::Float(value) => SheetValue::Float(*value),
        DataRef::String(text) => SheetValue::Text(text.clone()),
        DataRef::SharedString(text) => SheetValue::Text((*text).to_owned()),
        DataRef::Bool(flag) => SheetValue::Text(flag.to_string()),
        DataRef::DateTime(time) => date_time(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => SheetValue::Text(text.clone()),
        DataRef::Error(error) => SheetValue::Text(error.to_string()),
        DataRef::Empty => SheetValue::Blank,
    }
}

/// The same of a value on its own.
pub(super) fn of_data(value: &Data) -> SheetValue {
    match value {
        Data::Int(value) => SheetValue::Integer(*value),
        Data::Float(value) => SheetValue::Float(*value),
        Data::String(text) => SheetValue::Text(text.clone()),
        Data::Bool(flag) => SheetValue::Text(flag.to_string()),
        Data::DateTime(time) => date_time(time),
        Data::DateTimeIso(text) | Data::DurationIso(text) => SheetValue::Text(text.clone()),
        Data::Error(error) => SheetValue::Text(error.to_string()),
        Data::Empty => SheetValue::Blank,
    }
}

/// A date and time of day; a time of day alone, or a duration, as `1:02:03`.
fn date_time(time: &ExcelDateTime) -> SheetValue {
    let serial = time.as_f64();
    if !time.is_duration() && (1.0..3_000_000.0).contains(&serial) {
        let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
        let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        let micros = (seconds * 1000 + i64::from(milli)) * 1000;
        if let Some(date) = micros_of_civil(year.into(), month.into(), day.into()) {
            return SheetValue::Local(date + micros);
        }
    }
    if !(0.0..3_000_000.0).contains(&serial) {
        return SheetValue::Float(serial);
    }
    let seconds = (serial * 86_400.0).round() as u64;
    SheetValue::Text(format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}
