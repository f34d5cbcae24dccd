//! Comma-separated values (RFC 4180): a line a row, CRLF, UTF-8.

/// Why bytes are not the table that they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// More than is read.
    #[error("the table has more than {most} bytes")]
    Large {
        /// How many are read.
        most: usize,
    },
    /// Not UTF-8.
    #[error("the table is not UTF-8")]
    Text,
    /// A quote where none may be, or one that nobody closes.
    #[error("line {line}: a quotation mark stands alone")]
    Quote {
        /// From 1.
        line: usize,
    },
    /// Other columns than asked for.
    #[error("the table's first line is not `{expected}`")]
    Columns {
        /// What it must be.
        expected: String,
    },
    /// A row that is too long or too short.
    #[error("line {line} has {found} fields, not {expected}")]
    Width {
        /// From 1.
        line: usize,
        /// Fields that it has.
        found: usize,
        /// Fields that it must have.
        expected: usize,
    },
}

/// A table under construction.
pub(crate) struct Csv(String);

impl Csv {
    pub(crate) fn new(columns: &[&str]) -> Self {
        let mut csv = Self(String::new());
        csv.row(columns);
        csv
    }

    pub(crate) fn row<T: AsRef<str>>(&mut self, fields: &[T]) {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            self.field(field.as_ref());
        }
        self.0.push_str("\r\n");
    }

    fn field(&mut self, text: &str) {
        if text.contains(['"', ',', '\r', '\n']) {
            self.0.push('"');
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(text);
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// What people wrote, so that a spreadsheet doesn't take it for a formula.
pub(crate) fn prose(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The rows of a table with exactly these columns, without the first line, each with its line's number.
///
/// # Errors
/// Where it is another table, or none.
pub(crate) fn rows(bytes: &[u8], columns: &[&str], most: usize) -> Result<Vec<(usize, Vec<String>)>, CsvError> {
    if bytes.len() > most {
        return Err(CsvError::Large { most });
    }
    let text = std::str::from_utf8(bytes).map_err(|_not_text| CsvError::Text)?;
    let mut rows = parse(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
    if rows.next().is_none_or(|(_, first)| first != columns) {
        return Err(CsvError::Columns { expected: columns.join(",") });
    }
    let rows: Vec<_> = rows.filter(|(_, fields)| fields.iter().any(|field| !field.is_empty())).collect();
    match rows.iter().find(|(_, fields)| fields.len() != columns.len()) {
        Some((line, fields)) => Err(CsvError::Width { line: *line, found: fields.len(), expected: columns.len() }),
        None => Ok(rows),
    }
}

fn parse(text: &str) -> Result<Vec<(usize, Vec<String>)>, CsvError> {
    let (mut rows, mut fields, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut started) = (1, 1);
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => {
                quoted = false;
                if chars.peek().is_some_and(|next| ![',', '\r', '\n'].contains(next)) {
                    return Err(CsvError::Quote { line });
                }
            }
            '"' if field.is_empty() => quoted = true,
            '"' => return Err(CsvError::Quote { line }),
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                fields.push(std::mem::take(&mut field));
                rows.push((started, std::mem::take(&mut fields)));
                started = line;
            }
            c => field.push(c),
        }
    }
    if quoted {
        return Err(CsvError::Quote { line });
    }
    if !field.is_empty() || !fields.is_empty() {
        fields.push(field);
        rows.push((started, fields));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<&[&[&str]], CsvError>) {
        let rows = parse(text).map(|rows| rows.into_iter().map(|(_, fields)| fields).collect::<Vec<_>>());
        assert_eq!(
            rows,
            expected.map(|rows| rows.iter().map(|row| row.iter().map(|field| (*field).to_owned()).collect()).collect()),
            "{text:?}"
        );
    }

    #[test]
    fn quotes_commas_and_lines() {
        check("a,b\r\n1,\"x,\"\"y\"\"\nz\"\r\n", Ok(&[&["a", "b"], &["1", "x,\"y\"\nz"]]));
        check("a\nb", Ok(&[&["a"], &["b"]]));
        check("a\"b\n", Err(CsvError::Quote { line: 1 }));
        check("a\n\"b\"c\n", Err(CsvError::Quote { line: 2 }));
        check("\"a", Err(CsvError::Quote { line: 1 }));
    }

    fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
        prop::collection::vec(prop::collection::vec("[a-z\",\r\n é=]{0,6}[a-z]", 2), 0..6)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cells in cells()) {
            let mut csv = Csv::new(&["one", "two"]);
            cells.iter().for_each(|row| csv.row(row));
            let read = rows(&csv.into_bytes(), &["one", "two"], 10_000).unwrap();
            prop_assert_eq!(read.into_iter().map(|(_, fields)| fields).collect::<Vec<_>>(), cells);
        }
    }
}
