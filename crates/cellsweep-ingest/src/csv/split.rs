//! A block's lines as rows of fields.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use crate::reason::ReasonCode;

/// Lines that a quoted field may span. A quote that isn't closed must not swallow the file.
const MAX_QUOTED_LINES: usize = 64;

/// What ends a line, and how long one may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines {
    pub delimiter: u8,
    pub terminator: u8,
    pub max_bytes: usize,
}

/// A field's place in the text, without its quotes.
#[derive(Debug, Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    /// Quotes stand doubled in it.
    escaped: bool,
}

/// A row of fields.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Physical line within the block, from 0.
    pub line: u64,
    /// As it stands, without its end.
    pub raw: &'a [u8],
    text: &'a [u8],
    fields: &'a [Field],
}

impl<'a> Row<'a> {
    /// How many fields.
    pub(crate) fn width(&self) -> usize {
        self.fields.len()
    }

    /// A field's bytes.
    pub(crate) fn field(&self, index: usize) -> Cow<'a, [u8]> {
        let Some(field) = self.fields.get(index) else { return Cow::Borrowed(&[]) };
        let bytes = &self.text[field.start..field.end];
        if field.escaped { Cow::Owned(unescape(bytes)) } else { Cow::Borrowed(bytes) }
    }
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(quote) = memchr(b'"', rest) {
        plain.extend_from_slice(&rest[..=quote]);
        rest = rest.get(quote + 2..).unwrap_or(&[]);
    }
    plain.extend_from_slice(rest);
    plain
}

/// A line that is not a row.
#[derive(Debug)]
pub(crate) struct BadRow<'a> {
    /// Physical line within the block, from 0.
    pub line: u64,
    pub raw: &'a [u8],
    pub reason: ReasonCode,
}

/// Takes rows as they are found.
pub(crate) trait RowSink {
    fn row(&mut self, row: &Row<'_>);
    fn bad(&mut self, bad: &BadRow<'_>);
}

/// What a block was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    /// Physical lines gone through.
    pub lines: u64,
    /// Where a row begins whose quoted field goes on beyond the block.
    pub tail: Option<usize>,
}

/// Splits a block that begins with a row; `last` says that nothing follows it.
pub(crate) fn split(text: &[u8], lines: Lines, last: bool, sink: &mut impl RowSink) -> Rows {
    let mut splitter = Splitter { text, lines, last, fields: Vec::with_capacity(32) };
    let mut at = 0;
    let mut line = 0;
    while at < text.len() {
        match splitter.record(at) {
            Record::Whole { end, next, lines } => {
                let raw = splitter.without_cr(at, end);
                if !raw.is_empty() {
                    sink.row(&Row { line, raw, text, fields: &splitter.fields });
                }
                (at, line) = (next, line + lines);
            }
            Record::Open => return Rows { lines: line, tail: Some(at) },
            Record::Bad(reason) => {
                let end = splitter.line_end(at);
                sink.bad(&BadRow { line, raw: splitter.without_cr(at, end), reason });
                (at, line) = (end + 1, line + 1);
            }
        }
    }
    Rows { lines: line, tail: None }
}

enum Record {
    /// Ends before `end`; the next begins at `next`.
    Whole {
        end: usize,
        next: usize,
        lines: u64,
    },
    /// Goes on beyond the block.
    Open,
    Bad(ReasonCode),
}

enum Quoted {
    /// The closing quote's place, whether there are doubled ones before it, and lines that end.
    Closed {
        end: usize,
        escaped: bool,
        lines: u64,
    },
    Open,
    Bad,
}

struct Splitter<'a> {
    text: &'a [u8],
    lines: Lines,
    last: bool,
    fields: Vec<Field>,
}

impl<'a> Splitter<'a> {
    fn record(&mut self, at: usize) -> Record {
        self.fields.clear();
        let mut position = at;
        let mut lines = 1;
        loop {
            let (end, next_field) = match self.text.get(position) {
                Some(b'"') => match self.quoted(at, position, &mut lines) {
                    Ok(found) => found,
                    Err(record) => return record,
                },
                _ => self.unquoted(position),
            };
            if let Some(next) = next_field {
                position = next;
                continue;
            }
            if lines == 1 && end - at > self.lines.max_bytes {
                return Record::Bad(ReasonCode::LineTooLong);
            }
            return Record::Whole { end, next: end + 1, lines };
        }
    }

    /// A field without quotes: where it ends, and where the next one begins unless the row ends.
    fn unquoted(&mut self, start: usize) -> (usize, Option<usize>) {
        let rest = self.text.get(start..).unwrap_or(&[]);
        let end =
            memchr2(self.lines.delimiter, self.lines.terminator, rest).map_or(self.text.len(), |length| start + length);
        if self.text.get(end) == Some(&self.lines.delimiter) {
            self.fields.push(Field { start, end, escaped: false });
            return (end, Some(end + 1));
        }
        let plain = start + self.without_cr(start, end).len();
        self.fields.push(Field { start, end: plain, escaped: false });
        (end, None)
    }

    /// The same for a field that begins with a quote, in a row that begins at `row`.
    fn quoted(&mut self, row: usize, start: usize, lines: &mut u64) -> Result<(usize, Option<usize>), Record> {
        let (close, escaped) = match self.closing_quote(row, start + 1) {
            Quoted::Closed { end, escaped, lines: more } => {
                *lines += more;
                (end, escaped)
            }
            Quoted::Open => return Err(Record::Open),
            Quoted::Bad => return Err(self.unbalanced(row)),
        };
        self.fields.push(Field { start: start + 1, end: close, escaped });
        let behind = &self.text[close + 1..];
        match behind {
            [byte, ..] if *byte == self.lines.delimiter => Ok((close + 1, Some(close + 2))),
            [] => Ok((close + 1, None)),
            [byte, ..] if *byte == self.lines.terminator => Ok((close + 1, None)),
            [b'\r'] => Ok((close + 2, None)),
            [b'\r', byte, ..] if *byte == self.lines.terminator => Ok((close + 2, None)),
            _ => Err(self.unbalanced(row)),
        }
    }

    fn closing_quote(&self, row: usize, start: usize) -> Quoted {
        let limit = (row + self.lines.max_bytes).min(self.text.len());
        // Nearly always the first quote closes the field on the line that it began on.
        let window = self.text.get(start..limit).unwrap_or(&[]);
        match memchr2(b'"', self.lines.terminator, window).map(|length| start + length) {
            Some(end) if self.text[end] == b'"' && self.text.get(end + 1) != Some(&b'"') => {
                Quoted::Closed { end, escaped: false, lines: 0 }
            }
            _ => self.far_closing_quote(start, limit),
        }
    }

    #[cold]
    fn far_closing_quote(&self, start: usize, limit: usize) -> Quoted {
        let mut escaped = false;
        let mut from = start;
        while let Some(length) = self.text.get(from..limit).and_then(|window| memchr(b'"', window)) {
            let quote = from + length;
            if self.text.get(quote + 1) == Some(&b'"') {
                escaped = true;
                from = quote + 2;
                continue;
            }
            let lines = self.line_ends(start, quote);
            return if lines > MAX_QUOTED_LINES {
                Quoted::Bad
            } else {
                Quoted::Closed { end: quote, escaped, lines: lines as u64 }
            };
        }
        let goes_on = !self.last && limit == self.text.len() && self.line_ends(start, limit) <= MAX_QUOTED_LINES;
        if goes_on { Quoted::Open } else { Quoted::Bad }
    }

    /// Lines that end between two places, as far as it matters.
    fn line_ends(&self, start: usize, end: usize) -> usize {
        let within = self.text.get(start..end).unwrap_or(&[]);
        memchr_iter(self.lines.terminator, within).take(MAX_QUOTED_LINES + 1).count()
    }

    /// A row whose quotes can't be paired: its first line alone is bad.
    fn unbalanced(&self, row: usize) -> Record {
        let too_long = self.line_end(row) - row > self.lines.max_bytes;
        Record::Bad(if too_long { ReasonCode::LineTooLong } else { ReasonCode::UnbalancedQuote })
    }

    fn line_end(&self, at: usize) -> usize {
        memchr(self.lines.terminator, &self.text[at..]).map_or(self.text.len(), |length| at + length)
    }

    fn without_cr(&self, start: usize, end: usize) -> &'a [u8] {
        let line = &self.text[start..end];
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Seen {
        offset: u64,
        rows: Vec<String>,
    }

    impl RowSink for Seen {
        fn row(&mut self, row: &Row<'_>) {
            let fields: Vec<String> =
                (0..row.width()).map(|index| String::from_utf8_lossy(&row.field(index)).into_owned()).collect();
            self.rows.push(format!("{}: {}", self.offset + row.line, fields.join("|")));
        }

        fn bad(&mut self, bad: &BadRow<'_>) {
            self.rows.push(format!("{}! {}", self.offset + bad.line, bad.reason));
        }
    }

    const LINES: Lines = Lines { delimiter: b',', terminator: b'\n', max_bytes: 200 };

    fn check(text: &str, expect: &[&str]) {
        let mut seen = Seen::default();
        let rows = split(text.as_bytes(), LINES, true, &mut seen);
        assert_eq!(seen.rows, expect, "{text:?}");
        assert_eq!(rows.tail, None);
    }

    #[test]
    fn rows() {
        check("a,b\nc,d\n", &["0: a|b", "1: c|d"]);
        check("a,b\r\nc,d", &["0: a|b", "1: c|d"]);
        check("a,\n,b\n", &["0: a|", "1: |b"]);
        check("a,", &["0: a|"]);
        check("\n\r\n\na\n\n", &["3: a"]);
        check("\"a\",\"b\"\r\n\"c\",\"d\"\r", &["0: a|b", "1: c|d"]);
        check("\"a,b\",\"c\nd\"\ne,f\n", &["0: a,b|c\nd", "2: e|f"]);
        check("\"a\"\"b\",\"\"\"\",\"\"\n", &["0: a\"b|\"|"]);
        check("5\" pipe,b\n", &["0: 5\" pipe|b"]);
    }

    #[test]
    fn broken_quotes_cost_one_line() {
        check("\"a,b\nc,d\ne,f\n", &["0! quote is not closed", "1: c|d", "2: e|f"]);
        check("\"a\"x,b\nc,d\n", &["0! quote is not closed", "1: c|d"]);
        check("\"a,b\nc,d\n\"e\",f\n", &["0! quote is not closed", "1: c|d", "2: e|f"]);
        let far = format!("\"a\n{}\",b\nc,d\n", "x\n".repeat(70));
        let mut seen = Seen::default();
        split(far.as_bytes(), LINES, true, &mut seen);
        assert_eq!(seen.rows[0], "0! quote is not closed");
        assert_eq!(seen.rows.last().map(String::as_str), Some("72: c|d"));
    }

    #[test]
    fn long_lines_are_bad() {
        let long = "x".repeat(201);
        check(&format!("a,b\n{long},c\nd,e\n"), &["0: a|b", "1! line longer than the limit", "2: d|e"]);
        check(&format!("a,b\n\"{long}\",c\nd,e\n"), &["0: a|b", "1! line longer than the limit", "2: d|e"]);
        check(&"x".repeat(200), &[&format!("0: {}", "x".repeat(200))]);
    }

    #[test]
    fn an_open_field_waits_for_the_next_block() {
        let mut seen = Seen::default();
        let rows = split(b"a,b\nc,\"d\n", LINES, false, &mut seen);
        assert_eq!(rows, Rows { lines: 1, tail: Some(4) });
        assert_eq!(seen.rows, ["0: a|b"]);
    }

    proptest! {
        /// Wherever a text is cut, its rows are the same.
        #[test]
        fn cutting_changes_nothing(text in "[ab\",\n\r]{0,60}", cut in 0usize..60) {
            let mut whole = Seen::default();
            split(text.as_bytes(), LINES, true, &mut whole);
            let cut = text[..cut.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
            let (first, second) = text.as_bytes().split_at(cut);
            let mut parts = Seen::default();
            let rows = split(first, LINES, false, &mut parts);
            parts.offset = rows.lines;
            let rest = [&first[rows.tail.unwrap_or(first.len())..], second].concat();
            split(&rest, LINES, true, &mut parts);
            prop_assert_eq!(parts.rows, whole.rows);
        }
    }
}
