//! JSON objects, one a line or in an array of a modest size: their members as columns, `a.b` for one within
//! another.

use std::io::Read;

use serde_json::Value;

use crate::IngestOptions;
use crate::csv::{Block, BlockKind, Blocks};
use crate::error::{IngestError, Refusal};
use crate::profile::Layout;
use crate::reason::{Doubt, ReasonCode};
use crate::reject;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::{Container, Input};
use crate::value::Cell;

/// Objects that are looked at for the columns' names.
const LOOKED_AT: usize = 1000;
/// An array has to be read whole.
const MAX_ARRAY: u64 = 256 << 20;
/// More members than that are data, not columns.
const MAX_COLUMNS: usize = 4096;

/// A file of JSON objects.
pub(crate) struct JsonSheet<'a> {
    input: &'a Input,
    container: Container,
    names: Vec<String>,
    preamble: usize,
    max_line: usize,
}

pub(super) fn open<'a>(input: &'a Input, layout: &Layout, options: &IngestOptions) -> Result<Opened<'a>, IngestError> {
    let container = input.container()?;
    let mut sheet =
        JsonSheet { input, container, names: Vec::new(), preamble: layout.preamble, max_line: options.max_line_bytes };
    let mut names = layout.names.clone();
    let (mut looked_at, mut found) = (0, false);
    sheet.objects(&mut |_, object| {
        if let Ok(Value::Object(members)) = &object {
            found = true;
            collect("", members, &mut names);
        }
        looked_at += 1;
        Ok(if looked_at < LOOKED_AT && names.len() < MAX_COLUMNS { Go::On } else { Go::Enough })
    })?;
    if !found && looked_at > 0 {
        return Err(input.refuse(Refusal::OtherKind("neither lines nor an array of JSON objects")));
    }
    sheet.names.clone_from(&names);
    Ok(Opened { names, doubts: Vec::new(), body: Body::Json(sheet) })
}

/// Adds the names of an object's members that aren't known yet.
fn collect(prefix: &str, members: &serde_json::Map<String, Value>, names: &mut Vec<String>) {
    for (name, value) in members {
        let path = format!("{prefix}{name}");
        match value {
            Value::Object(inner) => collect(&format!("{path}."), inner, names),
            _ if names.contains(&path) || names.len() >= MAX_COLUMNS => {}
            _ => names.push(path),
        }
    }
}

/// What an object is: itself, or the text that isn't one.
type Object = Result<Value, Vec<u8>>;

impl JsonSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let paths: Vec<Vec<&str>> = self.names.iter().map(|name| name.split('.').collect()).collect();
        self.objects(&mut |line, object| match object {
            Ok(object) => {
                let texts: Vec<Option<String>> = paths.iter().map(|path| nested(&object, path)).collect();
                let cells: Vec<Cell<'_>> =
                    paths.iter().zip(&texts).map(|(path, text)| cell(&object, path, text.as_deref())).collect();
                let raw = || reject::raw(object.to_string().as_bytes());
                take(Found::Row(RawRow { line, cells: &cells, raw: &raw }))
            }
            Err(text) if text.is_empty() => take(Found::Doubt(Doubt::CutOff)),
            Err(text) => take(Found::Bad(reject::bad_line(line, ReasonCode::NotJson, &text))),
        })
    }

    /// Every object with its line, or with its number in an array.
    fn objects(&self, each: &mut dyn FnMut(u64, Object) -> Result<Go, IngestError>) -> Result<(), IngestError> {
        let mut text = self.input.text(self.container)?;
        let mut start = Vec::new();
        let damaged = |error: std::io::Error| self.input.refuse(Refusal::Damaged(error.to_string()));
        (&mut text.reader).take(4096).read_to_end(&mut start).map_err(damaged)?;
        if start.trim_ascii_start().first() == Some(&b'[') {
            let mut whole = start;
            text.reader.take(MAX_ARRAY).read_to_end(&mut whole).map_err(damaged)?;
            return self.array(&whole, each);
        }
        self.lines(Blocks::new(text, b'\n', self.max_line, start), each)
    }

    fn array(
        &self,
        text: &[u8],
        each: &mut dyn FnMut(u64, Object) -> Result<Go, IngestError>,
    ) -> Result<(), IngestError> {
        if text.len() as u64 >= MAX_ARRAY {
            return Err(self.input.refuse(Refusal::TooBig("a JSON array", "256 MiB")));
        }
        let objects: Vec<Value> = serde_json::from_slice(text).map_err(|error| IngestError::Refused {
            path: self.input.path.clone(),
            line: Some(error.line() as u64),
            why: Refusal::BrokenJson(error.to_string().split(" at line ").next().unwrap_or_default().to_owned()),
        })?;
        for (index, object) in objects.into_iter().enumerate() {
            let object = if object.is_object() { Ok(object) } else { Err(object.to_string().into_bytes()) };
            if each(index as u64 + 1, object)? == Go::Enough {
                break;
            }
        }
        Ok(())
    }

    fn lines(
        &self,
        blocks: Blocks,
        each: &mut dyn FnMut(u64, Object) -> Result<Go, IngestError>,
    ) -> Result<(), IngestError> {
        let mut line = 0;
        for Block { kind, .. } in blocks {
            let bytes = match kind {
                BlockKind::Lines { bytes, .. } => bytes,
                BlockKind::LongLine(start) => start,
                BlockKind::CutOff(start) => {
                    each(line + 1, Err(Vec::new()))?;
                    start
                }
                BlockKind::Failed(ending) => return Err(ending.into_error(self.input)),
            };
            for text in bytes.split_inclusive(|byte| *byte == b'\n') {
                line += 1;
                let text = text.trim_ascii();
                if text.is_empty() || line <= self.preamble as u64 {
                    continue;
                }
                if each(line, parse(text))? == Go::Enough {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn parse(text: &[u8]) -> Object {
    match serde_json::from_slice::<Value>(text) {
        Ok(object @ Value::Object(_)) => Ok(object),
        _ => Err(text.to_vec()),
    }
}

fn member<'v>(object: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(object, |value, name| value.get(name))
}

/// A list in one field is separated by spaces.
fn nested(object: &Value, path: &[&str]) -> Option<String> {
    let items = member(object, path)?.as_array()?;
    let plain = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    Some(items.iter().map(plain).collect::<Vec<_>>().join(" "))
}

fn cell<'v>(object: &'v Value, path: &[&str], list: Option<&'v str>) -> Cell<'v> {
    if let Some(list) = list {
        return Cell::text(list.as_bytes());
    }
    match member(object, path) {
        Some(Value::String(text)) => Cell::text(text.as_bytes()),
        Some(Value::Number(number)) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Cell::Blank, Cell::Float), Cell::Integer)
        }
        Some(Value::Bool(true)) => Cell::Text(b"true"),
        Some(Value::Bool(false)) => Cell::Text(b"false"),
        _ => Cell::Blank,
    }
}
