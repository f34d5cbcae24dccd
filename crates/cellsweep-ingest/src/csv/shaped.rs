//! CSV whose shape a profile describes: lines before the header, headers of several lines or none.

use encoding_rs::Encoding;
use memchr::{memchr, memchr_iter};

use crate::IngestOptions;
use crate::csv::blocks::Blocks;
use crate::csv::head::{START, StartEnd, read_start, terminator};
use crate::csv::split::{BadRow, Lines, Row, RowSink, split};
use crate::error::{IngestError, Refusal};
use crate::profile::Layout;
use crate::reason::Doubt;
use crate::source::{Container, Input};
use crate::value::decode;

/// A CSV file of which the lines before the rows have been read.
pub(crate) struct ShapedCsv {
    /// The header's lines, each by its fields.
    pub header: Vec<Vec<String>>,
    pub lines: Lines,
    pub blocks: Blocks,
    /// The physical line, from 1, that the rows begin on.
    pub first_line: u64,
    pub doubts: Vec<Doubt>,
}

/// Opens a CSV file of a profile's shape.
pub(crate) fn open_shaped(
    input: &Input,
    container: Container,
    layout: &Layout,
    options: &IngestOptions,
) -> Result<ShapedCsv, IngestError> {
    let encoding = layout.encoding.as_ref().and_then(|name| Encoding::for_label(name.as_bytes()));
    let mut text = input.text_as(container, encoding)?;
    let start = read_start(&mut text, input)?;
    let mut doubts = std::mem::take(&mut text.doubts);
    let terminator = terminator(&start.bytes);
    if terminator == b'\r' {
        doubts.push(Doubt::LoneCr);
    }
    let delimiter = u8::try_from(layout.delimiter).unwrap_or(b',');
    let lines = Lines { delimiter, terminator, max_bytes: options.max_line_bytes };
    let refuse = |line: usize, why| IngestError::Refused { path: input.path.clone(), line: Some(line as u64), why };
    let cut = |line| refuse(line, Refusal::BrokenHeader("the file ends before its rows begin"));
    let at = after_lines(&start.bytes, terminator, layout.preamble).ok_or_else(|| cut(layout.preamble + 1))?;
    let last = start.end != StartEnd::More;
    let (header, used) =
        header(&start.bytes[at..], lines, layout.header, last).ok_or_else(|| cut(layout.preamble + 1))?;
    let rest = start.bytes[at + used..].to_vec();
    let first_line = memchr_iter(terminator, &start.bytes[..at + used]).count() as u64 + 1;
    let blocks = Blocks::new(text, terminator, options.max_line_bytes, rest);
    Ok(ShapedCsv { header, lines, blocks, first_line, doubts })
}

/// Where the text goes on behind some lines.
fn after_lines(text: &[u8], terminator: u8, lines: usize) -> Option<usize> {
    let mut at = 0;
    for _ in 0..lines {
        at += memchr(terminator, &text[at..])? + 1;
    }
    Some(at)
}

/// The first rows, and how many bytes they took.
fn header(text: &[u8], lines: Lines, count: usize, last: bool) -> Option<(Vec<Vec<String>>, usize)> {
    struct First {
        rows: Vec<Vec<String>>,
        ends: Vec<usize>,
        wanted: usize,
        base: usize,
    }
    impl RowSink for First {
        fn row(&mut self, row: &Row<'_>) {
            if self.rows.len() < self.wanted {
                self.rows.push((0..row.width()).map(|index| decode(&row.field(index)).into_owned()).collect());
                self.ends.push(row.raw.as_ptr() as usize - self.base + row.raw.len());
            }
        }
        fn bad(&mut self, _: &BadRow<'_>) {
            self.wanted = self.rows.len();
        }
    }
    if count == 0 {
        return Some((Vec::new(), 0));
    }
    let mut first = First { rows: Vec::new(), ends: Vec::new(), wanted: count, base: text.as_ptr() as usize };
    split(text, Lines { max_bytes: START, ..lines }, last, &mut first);
    let end = *first.ends.get(count - 1)?;
    let used = memchr(lines.terminator, &text[end..]).map_or(text.len(), |more| end + more + 1);
    Some((first.rows, used))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, layout: &Layout) -> Result<(Vec<Vec<String>>, u64), String> {
        let input = Input::bytes("x.csv", text.as_bytes());
        open_shaped(&input, Container::Plain, layout, &IngestOptions::default())
            .map(|csv| (csv.header, csv.first_line))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn lines_before_the_rows() {
        let layout = Layout { preamble: 2, header: 2, delimiter: ';', ..Layout::default() };
        let (header, line) = check("Report\n\nA;;\"B\nb\"\nx;y;z\n1;2;3\n", &layout).unwrap();
        assert_eq!(header, [vec!["A", "", "B\nb"], vec!["x", "y", "z"]]);
        assert_eq!(line, 6);
        let none = Layout { header: 0, ..Layout::default() };
        assert_eq!(check("1,2\n", &none), Ok((Vec::new(), 1)));
    }

    #[test]
    fn files_that_end_too_soon() {
        let layout = Layout { preamble: 3, ..Layout::default() };
        assert_eq!(
            check("a\nb\n", &layout),
            Err("x.csv, line 4: the header can't be read: the file ends before its rows begin".to_owned())
        );
        let layout = Layout { header: 2, ..Layout::default() };
        assert!(check("a\n", &layout).is_err());
    }
}
