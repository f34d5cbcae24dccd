//! Columns' names from headers as they come, and blanks that mean "as above".

use crate::profile;
use crate::value::Cell;

/// Names of columns from the header's lines, or those that a profile gives: one space where several or line
/// breaks stood, `#3` where the third has none, `name#2` where a name comes again.
pub(super) fn names(header: &[Vec<String>], given: &[String]) -> Vec<String> {
    let width = header.iter().map(Vec::len).max().unwrap_or(0).max(given.len());
    let mut names: Vec<String> = Vec::with_capacity(width);
    let filled: Vec<Vec<String>> =
        header.iter().enumerate().map(|(line, row)| spread(row, width, line + 1 < header.len())).collect();
    for column in 0..width {
        let own: Vec<&str> = filled.iter().map(|row| row[column].as_str()).filter(|part| !part.is_empty()).collect();
        let name = given.get(column).cloned().filter(|name| !name.is_empty()).unwrap_or_else(|| own.join(" "));
        names.push(unique(name, column, &names));
    }
    names
}

/// A header's line in plain words; in every line but the last a merged cell's name holds for those to its right.
fn spread(row: &[String], width: usize, merged: bool) -> Vec<String> {
    let mut last = String::new();
    (0..width)
        .map(|column| {
            let plain = row.get(column).map(|name| plain(name)).unwrap_or_default();
            if merged && plain.is_empty() {
                return last.clone();
            }
            last.clone_from(&plain);
            plain
        })
        .collect()
}

fn plain(name: &str) -> String {
    name.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unique(name: String, column: usize, before: &[String]) -> String {
    if name.is_empty() {
        return format!("#{}", column + 1);
    }
    let mut next = 2;
    let mut tried = name.clone();
    while before.contains(&tried) {
        tried = format!("{name}#{next}");
        next += 1;
    }
    tried
}

/// Remembers the row above.
pub(super) struct FillDown {
    key: usize,
    columns: Vec<usize>,
    above: Vec<Option<Vec<u8>>>,
    above_key: Option<Vec<u8>>,
}

impl FillDown {
    /// Nothing where the profile names columns that the file hasn't: the mapping says so.
    pub(super) fn new(fill: &profile::FillDown, names: &[String]) -> Option<Self> {
        let position = |name: &String| names.iter().position(|other| other == name);
        let columns: Vec<usize> = fill.columns.iter().filter_map(position).collect();
        Some(Self { key: position(&fill.while_same)?, above: vec![None; columns.len()], columns, above_key: None })
    }

    /// The row with its blanks filled.
    pub(super) fn fill<'b>(&'b mut self, row: &'b [Cell<'b>]) -> Vec<Cell<'b>> {
        let key = row.get(self.key).and_then(|cell| cell.printed()).map(|text| text.into_owned());
        let same = key.is_none() || key == self.above_key;
        self.above_key = key.or_else(|| self.above_key.take());
        for (column, above) in self.columns.iter().zip(&mut self.above) {
            match row.get(*column).and_then(|cell| cell.printed()) {
                Some(text) => *above = Some(text.into_owned()),
                None if !same => *above = None,
                None => {}
            }
        }
        let mut filled = row.to_vec();
        for (column, above) in self.columns.iter().zip(&self.above) {
            if let (Some(cell), Some(above)) = (filled.get_mut(*column), above)
                && *cell == Cell::Blank
            {
                *cell = Cell::text(above);
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_they_come() {
        let row = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            names(&[row("tac,name,name,,Numéro de \n support")], &[]),
            ["tac", "name", "name#2", "#4", "Numéro de support"]
        );
        assert_eq!(
            names(&[row("A party,,B"), row("IMEI,IMSI,Number")], &[]),
            ["A party IMEI", "A party IMSI", "B Number"]
        );
        assert_eq!(names(&[], &row("a,b")), ["a", "b"]);
        assert_eq!(names(&[row("a,b,c")], &row("x,,")), ["x", "b", "c"]);
    }

    #[test]
    fn blanks_as_above_while_the_key_stays() {
        let fill = profile::FillDown { while_same: "o".to_owned(), columns: vec!["buyer".to_owned()] };
        let mut fill = FillDown::new(&fill, &["o".to_owned(), "buyer".to_owned()]).unwrap();
        let mut seen = Vec::new();
        for row in [["1", "A"], ["1", ""], ["", ""], ["2", ""], ["2", "B"]] {
            let cells: Vec<Cell<'_>> = row.iter().map(|text| Cell::text(text.as_bytes())).collect();
            let printed = fill.fill(&cells)[1].printed().map(|text| String::from_utf8(text.into_owned()).unwrap());
            seen.push(printed.unwrap_or_default());
        }
        assert_eq!(seen, ["A", "A", "A", "", "B"]);
    }
}
