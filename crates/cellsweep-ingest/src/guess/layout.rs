//! How rows and fields seem to stand in a file.

use std::io::Read;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::guess::values::is_data;
use crate::guess::{Confidence, Remark};
use crate::profile::{FileKind, Layout};
use crate::source::{Container, Input};

/// Bytes that are looked at.
const START: u64 = 1 << 16;
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

pub(super) fn guess(input: &Input, options: &IngestOptions) -> Result<(Layout, Vec<Remark>), IngestError> {
    let head = input.head()?;
    let kind = kind(input, &head)?;
    match kind {
        FileKind::Csv => text(input),
        FileKind::Workbook => workbook(input, options),
        FileKind::Sql => {
            let layout = Layout { kind, header: 1, ..Layout::default() };
            let remark =
                remark("file.sheet", Confidence::Likely, "the first table of the dump; name another with `sheet`");
            Ok((layout, vec![remark]))
        }
        kind => Ok((Layout { kind, ..Layout::default() }, Vec::new())),
    }
}

pub(super) fn remark(about: &str, confidence: Confidence, text: &str) -> Remark {
    Remark { about: about.to_owned(), confidence, text: text.to_owned() }
}

fn kind(input: &Input, head: &[u8]) -> Result<FileKind, IngestError> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(FileKind::Workbook);
    }
    if head.get(4..15) == Some(b"\x0a\x09OSMHeader") {
        return Ok(FileKind::Osm);
    }
    let container = input.container()?;
    if container == Container::Parquet {
        return Ok(FileKind::Parquet);
    }
    let start = start(input, container)?;
    let text = String::from_utf8_lossy(&start);
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    let upper = trimmed.get(..trimmed.len().min(4096)).unwrap_or(trimmed).to_uppercase();
    Ok(match trimmed.as_bytes().first() {
        Some(b'{') if trimmed.contains("\"FeatureCollection\"") => FileKind::Geojson,
        Some(b'{' | b'[') => FileKind::Json,
        Some(b'<') if trimmed.contains("<osm") => FileKind::Osm,
        Some(b'<') => FileKind::Etsi,
        _ if upper.contains("INSERT INTO") => FileKind::Sql,
        _ => FileKind::Csv,
    })
}

fn start(input: &Input, container: Container) -> Result<Vec<u8>, IngestError> {
    let mut start = Vec::new();
    // What can't be read on is told by the reader that follows.
    let _ = input.text(container)?.reader.take(START).read_to_end(&mut start);
    Ok(start)
}

fn text(input: &Input) -> Result<(Layout, Vec<Remark>), IngestError> {
    let start = start(input, input.container()?)?;
    let mut layout = Layout::default();
    let mut remarks = Vec::new();
    let text = match std::str::from_utf8(&start) {
        Ok(text) => text.to_owned(),
        // The end may cut a character in two.
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(&start[..error.valid_up_to()]).into_owned()
        }
        Err(_) => {
            layout.encoding = Some("windows-1252".to_owned());
            remarks.push(remark(
                "file.encoding",
                Confidence::Likely,
                "not UTF-8; Windows-1252 has a character for every byte: look at the accents",
            ));
            encoding_rs::WINDOWS_1252.decode(&start).0.into_owned()
        }
    };
    let lines: Vec<&str> = text.lines().take(400).collect();
    let (delimiter, width) = delimiter(&lines);
    layout.delimiter = delimiter;
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| fields(line, delimiter)).collect();
    layout.preamble = rows.iter().position(|row| row.len() == width && is_filled(row)).unwrap_or(0);
    if rows[layout.preamble..].iter().any(|row| row.len() != width && row.len() > 1) {
        remarks.push(remark("file.delimiter", Confidence::Unsure, "the lines differ in their number of fields"));
    }
    header(&rows[layout.preamble..], width, &mut layout, &mut remarks);
    Ok((layout, remarks))
}

/// Whether most of a line's fields say something: a spreadsheet pads titles above a table with empty ones.
fn is_filled(row: &[&str]) -> bool {
    row.iter().filter(|value| !value.is_empty()).count() * 2 > row.len()
}

/// The sign that cuts most lines into the same number of fields.
fn delimiter(lines: &[&str]) -> (char, usize) {
    let mut best = (',', 1, 0.0);
    for delimiter in DELIMITERS {
        let counts: Vec<usize> = lines.iter().map(|line| fields(line, delimiter).len()).collect();
        let Some(width) = most_common(&counts).filter(|width| *width > 1) else { continue };
        let share = counts.iter().filter(|count| **count == width).count() as f64 / counts.len() as f64;
        if share * (width as f64).sqrt() > best.2 * (best.1 as f64).sqrt() {
            best = (delimiter, width, share);
        }
    }
    (best.0, best.1)
}

fn most_common(counts: &[usize]) -> Option<usize> {
    let often = |value: usize| counts.iter().filter(|count| **count == value).count();
    counts.iter().copied().max_by_key(|value| (often(*value), *value))
}

/// Fields of a line, quotes kept together and taken off.
pub(super) fn fields(line: &str, delimiter: char) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut from, mut quoted) = (0, false);
    for (at, char) in line.char_indices() {
        if char == '"' {
            quoted = !quoted;
        } else if char == delimiter && !quoted {
            fields.push(&line[from..at]);
            from = at + char.len_utf8();
        }
    }
    fields.push(&line[from..]);
    fields.into_iter().map(|field| field.trim().trim_matches('"')).collect()
}

/// Lines above the first that holds data are the header.
fn header(rows: &[Vec<&str>], width: usize, layout: &mut Layout, remarks: &mut Vec<Remark>) {
    let first = rows.iter().take(4).position(|row| row.iter().any(|value| is_data(value)));
    match first {
        Some(0) => {
            layout.header = 0;
            layout.names = (1..=width).map(|number| format!("c{number}")).collect();
            remarks.push(remark(
                "file.header",
                Confidence::Unsure,
                "the first line holds data: the columns are named c1, c2, … until you name them",
            ));
        }
        Some(lines) => {
            layout.header = lines;
            if lines > 1 {
                remarks.push(remark(
                    "file.header",
                    Confidence::Likely,
                    "several lines stand above the first data; their names are put together",
                ));
            }
        }
        None => {
            layout.header = 1;
            remarks.push(remark("file.header", Confidence::Unsure, "no line looks like data"));
        }
    }
}

/// The first sheet; its header is the first row that is as wide as the widest.
fn workbook(input: &Input, options: &IngestOptions) -> Result<(Layout, Vec<Remark>), IngestError> {
    let bare =
        Layout { kind: FileKind::Workbook, header: 0, names: vec!["c1".to_owned()], ragged: true, ..Layout::default() };
    let mut rows: Vec<(u64, usize, bool)> = Vec::new();
    crate::sheet::workbook_rows(input, &bare, 60, &mut |line, values| {
        let filled = values.iter().filter(|value| !value.is_empty()).count();
        rows.push((line, filled, values.iter().any(|value| is_data(value))));
    })?;
    let _ = options;
    let widest = rows.iter().map(|(_, filled, _)| *filled).max().unwrap_or(0);
    let header = rows.iter().find(|(_, filled, data)| *filled * 2 > widest && !data).or(rows.first());
    let preamble = header.map_or(0, |(line, ..)| *line as usize - 1);
    let layout = Layout { kind: FileKind::Workbook, preamble, ..Layout::default() };
    let remark = remark("file.sheet", Confidence::Likely, "the workbook's first sheet; name another with `sheet`");
    Ok((layout, vec![remark]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Layout {
        guess(&Input::bytes("x.csv", text.as_bytes()), &IngestOptions::default()).unwrap().0
    }

    #[test]
    fn separators_titles_and_headers() {
        let layout =
            check("Report\n\nDate;IMEI;Note\n17/03/2026;490154203237518;a, b, c\n18/03/2026;490154203237518;a\n");
        assert_eq!((layout.delimiter, layout.preamble, layout.header), (';', 2, 1));
        let layout = check("Title\nDepartment;;\n\nIMEI;Number;Note\n490154203237518;33639980001;\n");
        assert_eq!((layout.delimiter, layout.preamble, layout.header), (';', 3, 1));
        let layout = check("A,B\nIMEI,Number\n490154203237518,33639980001\n490154203237518,33639980001\n");
        assert_eq!((layout.delimiter, layout.preamble, layout.header), (',', 0, 2));
        let layout = check("490154203237518\t33639980001\n490154203237518\t33639980001\n");
        assert_eq!((layout.delimiter, layout.header, layout.names), ('\t', 0, vec!["c1".to_owned(), "c2".to_owned()]));
    }
}
