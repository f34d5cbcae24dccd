//! Checked rows on their way into a table's canonical columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use cellsweep_model::Scope;
use cellsweep_model::geometry::Polygon;
use cellsweep_model::id::{RecordedImei, Tac};
use cellsweep_model::sector::SectorId;
use cellsweep_model::table::{Column, Kind, Presence, Table};

use crate::error::{IngestError, Refusal};
use crate::reason::{Doubt, ReasonCode};
use crate::reject::{self, Reject};
use crate::report::{FileReport, RejectSink};
use crate::source::Input;
use crate::value::{self, Cell};

/// A table's rows, good ones kept and bad ones handed on.
pub(super) struct TableRows<'a> {
    pub table: Table,
    pub report: FileReport,
    scope: Option<&'a Scope>,
    reject: RejectSink<'a>,
    builders: Vec<Builder>,
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Time(TimestampMicrosecondBuilder),
}

/// A checked value.
enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    Number(f64),
    Time(i64),
}

type Checked<'a> = (Value<'a>, Option<Doubt>);

impl<'a> TableRows<'a> {
    pub(super) fn new(table: Table, scope: Option<&'a Scope>, reject: RejectSink<'a>) -> Self {
        let builders = table.columns().iter().map(|column| Builder::of(column.kind)).collect();
        Self { table, report: FileReport::default(), scope, reject, builders }
    }

    /// Takes a row in: its cells by the contract's columns. `raw` is asked for bad rows only.
    pub(super) fn push(
        &mut self,
        line: u64,
        cells: &[Cell<'_>],
        raw: impl FnOnce() -> String,
    ) -> Result<bool, IngestError> {
        let columns = self.table.columns();
        let mut values = Vec::with_capacity(columns.len());
        for (column, cell) in columns.iter().zip(cells) {
            match check(column, *cell) {
                Ok(checked) if self.outside(column, &checked.0) => {
                    let reason = ReasonCode::OutsideAuthority;
                    return self.bad_value(line, column, *cell, reason, raw()).map(|()| false);
                }
                Ok(checked) => values.push(checked),
                Err(reason) => return self.bad_value(line, column, *cell, reason, raw()).map(|()| false),
            }
        }
        self.keep(values);
        Ok(true)
    }

    /// Whether the authority keeps a row with this value out.
    fn outside(&self, column: &Column, value: &Value<'_>) -> bool {
        let Some(scope) = self.scope else { return false };
        let Value::Text(text) = value else { return false };
        match column.name {
            "facility" => !scope.lets_facility(self.table, text),
            "inmate" => !scope.lets_inmate(self.table, text),
            _ => false,
        }
    }

    fn keep(&mut self, values: Vec<Checked<'_>>) {
        self.report.kept(1);
        for ((value, doubt), (builder, column)) in
            values.into_iter().zip(self.builders.iter_mut().zip(self.table.columns()))
        {
            if let (Value::Time(time), "time") = (&value, column.name) {
                self.report.see_window(Some((*time, *time)));
            }
            builder.append(value);
            if let Some(doubt) = doubt {
                self.report.doubt(&doubt, 1);
            }
        }
    }

    fn bad_value(
        &mut self,
        line: u64,
        column: &Column,
        cell: Cell<'_>,
        reason: ReasonCode,
        raw: String,
    ) -> Result<(), IngestError> {
        let detail = cell.printed().map_or_else(String::new, |value| reject::detail(column, &value));
        self.bad(Reject { line, column: Some(column.name), reason, detail, raw })
    }

    pub(super) fn bad(&mut self, reject: Reject) -> Result<(), IngestError> {
        self.report.reject(reject, self.reject)
    }

    pub(super) fn finish(mut self, input: &Input) -> Result<(RecordBatch, FileReport), IngestError> {
        if self.report.rows.read == 0 {
            self.report.doubt(&Doubt::NoRows, 1);
        }
        let columns: Vec<ArrayRef> = self.builders.into_iter().map(Builder::finish).collect();
        for (column, values) in self.table.columns().iter().zip(&columns) {
            self.report.see_blanks(column.name, values.null_count());
        }
        super::strays::doubt(self.table, &columns, &mut self.report);
        match RecordBatch::try_new(self.table.schema(), columns) {
            Ok(batch) => Ok((batch, self.report)),
            Err(_differs) => Err(input.refuse(Refusal::Internal("a table's columns differ from its schema"))),
        }
    }
}

/// One row checked on its own, as a test of a profile shows it.
pub(crate) struct RowCheck {
    /// By the table's columns, as the contract writes them.
    pub texts: Vec<String>,
    pub doubts: Vec<Doubt>,
}

impl RowCheck {
    /// Checks a row; what is wrong comes as a sentence and what stood there.
    pub(crate) fn of(table: Table, cells: &[Cell<'_>]) -> Result<Self, (String, String)> {
        let mut checked = Self { texts: Vec::new(), doubts: Vec::new() };
        for (column, cell) in table.columns().iter().zip(cells) {
            let (value, doubt) = check(column, *cell).map_err(|reason| {
                let detail = cell.printed().map_or_else(String::new, |value| reject::detail(column, &value));
                (reason.sentence(Some(column.name)), detail)
            })?;
            checked.texts.push(value.text());
            checked.doubts.extend(doubt);
        }
        let blank = |name: &str| {
            table.columns().iter().zip(&checked.texts).any(|(column, text)| column.name == name && text.is_empty())
        };
        if table == Table::Records && ["imei", "imsi", "msisdn"].into_iter().all(blank) {
            return Err((ReasonCode::NamesNobody.sentence(None), String::new()));
        }
        Ok(checked)
    }
}

impl Value<'_> {
    fn text(&self) -> String {
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Time(micros) => {
                jiff::Timestamp::from_microsecond(*micros).map_or_else(|_| micros.to_string(), |time| time.to_string())
            }
        }
    }
}

/// A value as its column keeps it, or why it can't be used.
fn check<'a>(column: &Column, cell: Cell<'a>) -> Result<Checked<'a>, ReasonCode> {
    if cell == Cell::Blank {
        return if column.presence == Presence::Required { Err(ReasonCode::Blank) } else { Ok((Value::Null, None)) };
    }
    let value = match column.kind {
        Kind::Integer { min, max } => Value::Integer(value::integer(cell, min, max)?),
        Kind::Number { min, max } => Value::Number(value::number(cell, min, max)?),
        Kind::Time => Value::Time(time(cell)?),
        _ => return text_value(column, cell),
    };
    Ok((value, None))
}

fn time(cell: Cell<'_>) -> Result<i64, ReasonCode> {
    match cell {
        Cell::Micros(micros) => value::time_in_range(micros),
        Cell::Text(text) => value::time(text),
        _ => Err(ReasonCode::TimeNotRfc3339),
    }
}

/// The kinds that are kept as text, identifiers in the form that joins.
fn text_value<'a>(column: &Column, cell: Cell<'a>) -> Result<Checked<'a>, ReasonCode> {
    let Some(printed) = cell.printed() else { return Err(ReasonCode::Blank) };
    let (text, doubt): (Cow<'a, str>, Option<Doubt>) = match column.kind {
        Kind::Imei => imei(&printed)?,
        Kind::Imeis => return imeis(&printed),
        Kind::Imsi => (value::digits(value::imsi(&printed)?).into(), None),
        Kind::Msisdn => (value::digits(value::msisdn(&printed)?).into(), None),
        Kind::Sector => (sector(&printed)?.into(), None),
        Kind::Tac => (tac(&printed)?.into(), None),
        Kind::OneOf(words) => word(column.name, words, &printed)?,
        _ if column.name == "geometry" => (polygon(&printed)?.into(), None),
        _ => (value::text(&printed)?.into_owned().into(), None),
    };
    Ok((Value::Text(text), doubt))
}

fn imei<'a>(text: &[u8]) -> Result<(Cow<'a, str>, Option<Doubt>), ReasonCode> {
    let (packed, fine) = value::imei(text)?;
    let digits = RecordedImei::from_packed(packed).ok_or(ReasonCode::DigitCount)?.to_string();
    Ok((digits.into(), (!fine).then_some(Doubt::ImeiCheckDigit)))
}

/// A list in one field is separated by spaces; digits that a spreadsheet lost leave the line without a device.
fn imeis<'a>(text: &[u8]) -> Result<Checked<'a>, ReasonCode> {
    let value::Typed::Read(packed, fine) = value::imeis(text)? else {
        return Ok((Value::Null, Some(Doubt::ImeiLost)));
    };
    let digits: Vec<String> =
        packed.into_iter().filter_map(RecordedImei::from_packed).map(|recorded| recorded.to_string()).collect();
    Ok((Value::Text(digits.join(" ").into()), (!fine).then_some(Doubt::ImeiCheckDigit)))
}

fn sector(text: &[u8]) -> Result<String, ReasonCode> {
    match SectorId::parse_bytes(text) {
        Ok(sector) => Ok(sector.to_string()),
        Err(_why) => Err(ReasonCode::NotSector),
    }
}

fn tac(text: &[u8]) -> Result<String, ReasonCode> {
    let text = value::decode(text);
    match text.parse::<Tac>() {
        Ok(tac) => Ok(tac.to_string()),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => Err(ReasonCode::DigitCount),
        Err(_) => Err(ReasonCode::NotDigits),
    }
}

fn word<'a>(
    column: &'static str,
    words: &'static [&'static str],
    text: &[u8],
) -> Result<(Cow<'a, str>, Option<Doubt>), ReasonCode> {
    let (index, exact) = value::word(words, text)?;
    Ok((words[index].into(), (!exact).then_some(Doubt::WordCase(column))))
}

fn polygon(wkt: &[u8]) -> Result<String, ReasonCode> {
    let polygon = Polygon::from_wkt(&value::decode(wkt)).ok_or(ReasonCode::NotPolygon)?;
    let in_degrees = polygon.ring.iter().all(|point| point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0);
    if in_degrees { Ok(polygon.to_wkt()) } else { Err(ReasonCode::NotDegrees) }
}

impl Builder {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Integer { .. } => Builder::Integer(Int64Builder::new()),
            Kind::Number { .. } => Builder::Number(Float64Builder::new()),
            Kind::Time => Builder::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
            _ => Builder::Text(StringBuilder::new()),
        }
    }

    fn append(&mut self, value: Value<'_>) {
        match (self, value) {
            (Builder::Text(builder), Value::Text(text)) => builder.append_value(text),
            (Builder::Text(builder), _) => builder.append_null(),
            (Builder::Integer(builder), Value::Integer(value)) => builder.append_value(value),
            (Builder::Integer(builder), _) => builder.append_null(),
            (Builder::Number(builder), Value::Number(value)) => builder.append_value(value),
            (Builder::Number(builder), _) => builder.append_null(),
            (Builder::Time(builder), Value::Time(value)) => builder.append_value(value),
            (Builder::Time(builder), _) => builder.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Builder::Text(mut builder) => ArrayBuilder::finish(&mut builder),
            Builder::Integer(mut builder) => Arc::new(builder.finish()),
            Builder::Number(mut builder) => Arc::new(builder.finish()),
            Builder::Time(mut builder) => Arc::new(builder.finish()),
        }
    }
}
