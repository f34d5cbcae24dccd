//! .ods, row by row out of its content (OASIS OpenDocument 1.3, part 3). A library would hold the whole workbook
//! in memory, and repeated cells can make that as large as a sender likes.

use std::io::Read;
use std::sync::mpsc;

use crate::error::{IngestError, Refusal};
use crate::sheet::Go;
use crate::sheet::workbook::{MAX_COLUMNS, SheetValue, TakeRow, archive, choose};
use crate::sheet::xml::{Node, Tag, Xml};
use crate::source::Input;
use crate::value::micros_of_civil;

/// Rows that the largest of sheets has.
const MAX_LINES: u64 = 1 << 20;

pub(super) fn rows(input: &Input, wanted: Option<&str>, take: &mut TakeRow<'_>) -> Result<u64, IngestError> {
    let names = sheet_names(input)?;
    let chosen = choose(input, &names, wanted)?;
    let mut xml = content(input)?;
    let mut sheet = 0;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "table" => {
                if sheet == chosen {
                    read_sheet(&mut xml, take)?;
                    return Ok(names.len() as u64 - 1);
                }
                sheet += 1;
            }
            Node::End => return Ok(names.len() as u64 - 1),
            _ => {}
        }
    }
}

fn sheet_names(input: &Input) -> Result<Vec<String>, IngestError> {
    let mut xml = content(input)?;
    let mut names = Vec::new();
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "table" => names.push(tag.attribute("name").unwrap_or_default()),
            Node::End => return Ok(names),
            _ => {}
        }
    }
}

/// The content as it is unpacked, by a thread of its own: the archive lends its parts for no longer than it lives.
fn content(input: &Input) -> Result<Xml<'_>, IngestError> {
    let mut archive = archive::open(input)?;
    let encrypted = archive.by_name("content.xml").map_err(|error| archive::broken(input, &error))?.encrypted();
    if encrypted {
        return Err(input.refuse(Refusal::Encrypted));
    }
    let (send, receive) = mpsc::sync_channel(4);
    std::thread::spawn(move || {
        let Ok(mut part) = archive.by_name("content.xml") else { return };
        loop {
            let mut piece = vec![0; 1 << 16];
            let read = part.read(&mut piece).map(|read| {
                piece.truncate(read);
                piece
            });
            let ended = read.as_ref().map_or(true, Vec::is_empty);
            if send.send(read).is_err() || ended {
                return;
            }
        }
    });
    Ok(Xml::over(input, Box::new(Pieces { receive, piece: Vec::new(), given: 0 })))
}

/// What the thread unpacks.
struct Pieces {
    receive: mpsc::Receiver<std::io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    given: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.piece.len() {
            // A thread that is gone has sent its end or its error.
            self.piece = self.receive.recv().unwrap_or_else(|_gone| Ok(Vec::new()))?;
            self.given = 0;
        }
        let read = (&self.piece[self.given..]).read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

fn read_sheet(xml: &mut Xml<'_>, take: &mut TakeRow<'_>) -> Result<(), IngestError> {
    let mut line: u64 = 1;
    let mut depth = 1;
    while depth > 0 {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "table-row" => {
                let repeated = repeated(&tag, "number-rows-repeated");
                let values = read_row(xml)?;
                if line.saturating_add(repeated) > MAX_LINES && !values.is_empty() {
                    return Err(xml.refuse(Refusal::Bomb("the sheet has more than 1048576 rows")));
                }
                if values.is_empty() {
                    line = line.saturating_add(repeated);
                    continue;
                }
                for _ in 0..repeated {
                    if take(line, &values)? == Go::Enough {
                        return Ok(());
                    }
                    line += 1;
                }
            }
            Node::Open(_) => depth += 1,
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => return Ok(()),
        }
    }
    Ok(())
}

fn repeated(tag: &Tag<'_>, name: &str) -> u64 {
    tag.attribute(name).and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}

/// A row's values up to its end, without blanks at its end.
fn read_row(xml: &mut Xml<'_>) -> Result<Vec<SheetValue>, IngestError> {
    let mut values: Vec<SheetValue> = Vec::new();
    let mut blanks = 0;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "table-cell" || tag.name() == "covered-table-cell" => {
                let repeated = repeated(&tag, "number-columns-repeated") as usize;
                let known = typed(&tag);
                let text = cell_text(xml)?;
                let value = known.unwrap_or(if text.is_empty() { SheetValue::Blank } else { SheetValue::Text(text) });
                if value == SheetValue::Blank {
                    blanks = repeated.saturating_add(blanks).min(MAX_COLUMNS);
                    continue;
                }
                let room = MAX_COLUMNS.saturating_sub(values.len());
                values.resize(values.len() + blanks.min(room), SheetValue::Blank);
                let room = MAX_COLUMNS.saturating_sub(values.len());
                values.resize(values.len() + repeated.min(room), value);
                blanks = 0;
            }
            Node::Open(_) => skip(xml)?,
            Node::Close | Node::End => return Ok(values),
            Node::Text(_) => {}
        }
    }
}

/// A value that the cell's attributes say; nothing for a text, which stands within.
fn typed(tag: &Tag<'_>) -> Option<SheetValue> {
    let kind = tag.attribute("value-type")?;
    match kind.as_str() {
        "float" | "currency" | "percentage" => {
            let value: f64 = tag.attribute("value")?.parse().ok()?;
            Some(SheetValue::Float(value))
        }
        "date" => {
            let text = tag.attribute("date-value")?;
            Some(local(&text).map_or(SheetValue::Text(text), SheetValue::Local))
        }
        "time" => tag.attribute("time-value").map(|text| SheetValue::Text(clock(&text).unwrap_or(text))),
        "boolean" => tag.attribute("boolean-value").map(SheetValue::Text),
        _ => None,
    }
}

/// `2025-03-17T21:41:15` or a date alone.
fn local(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let numbers = |text: &str, sign| text.split(sign).map(|part| part.parse::<f64>().ok()).collect::<Option<Vec<_>>>();
    let [year, month, day]: [f64; 3] = numbers(date, '-')?.try_into().ok()?;
    let [hour, minute, second]: [f64; 3] = numbers(time, ':')?.try_into().ok()?;
    let seconds = (hour * 60.0 + minute) * 60.0 + second;
    (0.0..86_400.0).contains(&seconds).then_some(())?;
    Some(micros_of_civil(year as i64, month as i64, day as i64)? + (seconds * 1e6).round() as i64)
}

/// `PT01H02M03S` as `1:02:03`.
fn clock(text: &str) -> Option<String> {
    let rest = text.strip_prefix("PT")?;
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    let number = |text: &str| text.parse::<u32>().ok();
    Some(format!("{}:{:02}:{:02}", number(hours)?, number(minutes)?, number(seconds)?))
}

/// What stands in a cell: its paragraphs, but not its notes.
fn cell_text(xml: &mut Xml<'_>) -> Result<String, IngestError> {
    let mut text = String::new();
    let mut depth = 1;
    while depth > 0 {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "annotation" => skip(xml)?,
            Node::Open(tag) => {
                if tag.name() == "s" {
                    let spaces = repeated(&tag, "c").min(1024) as usize;
                    text.extend(std::iter::repeat_n(' ', spaces));
                } else if tag.name() == "p" && !text.is_empty() {
                    text.push(' ');
                }
                depth += 1;
            }
            Node::Close => depth -= 1,
            // No cell holds more; what is cut then fails its check.
            Node::Text(piece) if depth > 1 && text.len() < 1 << 16 => text.push_str(piece),
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    Ok(text)
}

/// Passes over an element that has been opened.
fn skip(xml: &mut Xml<'_>) -> Result<(), IngestError> {
    let mut depth = 1;
    while depth > 0 {
        match xml.next()? {
            Node::Open(_) => depth += 1,
            Node::Close => depth -= 1,
            Node::Text(_) => {}
            Node::End => break,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_clocks() {
        assert_eq!(local("2025-03-17T21:41:15"), Some(1_742_247_675_000_000));
        assert_eq!(local("2025-03-17"), Some(1_742_169_600_000_000));
        assert_eq!(local("2025-03-17T25:00:00"), None);
        assert_eq!(clock("PT01H02M03S").as_deref(), Some("1:02:03"));
        assert_eq!(clock("P1D"), None);
    }
}
