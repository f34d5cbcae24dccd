//! Which of a file's columns is which of the table's.

use cellsweep_model::table::{Column, Presence, Table};

use crate::error::{MissingColumn, Refusal};
use crate::reason::Doubt;

/// Where each column of a table stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// By the table's columns: the position in the file, `None` where it isn't there.
    pub positions: Vec<Option<usize>>,
    /// Columns in the file.
    pub width: usize,
    /// What was doubtful.
    pub doubts: Vec<Doubt>,
}

/// Finds the table's columns among a file's names.
///
/// # Errors
/// When one that must be there isn't, or stands there twice.
pub(crate) fn match_columns(table: Table, names: &[String]) -> Result<Header, Refusal> {
    let columns = table.columns();
    let mut header = Header { positions: vec![None; columns.len()], width: names.len(), doubts: Vec::new() };
    for (position, name) in names.iter().enumerate() {
        place(columns, position, name, &mut header)?;
    }
    let absent = |presence: Presence| {
        let gaps = columns.iter().zip(&header.positions);
        gaps.filter(move |(column, at)| at.is_none() && column.presence == presence).map(|(column, _)| column.name)
    };
    let missing: Vec<&'static str> = absent(Presence::Required).collect();
    if !missing.is_empty() {
        return Err(refusal(table, &missing, names));
    }
    let blank: Vec<Doubt> = absent(Presence::MayBeBlank).map(Doubt::MissingColumn).collect();
    header.doubts.extend(blank);
    Ok(header)
}

fn place(columns: &'static [Column], position: usize, name: &str, header: &mut Header) -> Result<(), Refusal> {
    let plain = name.trim();
    let Some(index) = columns.iter().position(|column| column.name.eq_ignore_ascii_case(plain)) else {
        header.doubts.push(Doubt::UnusedColumn(shown(plain)));
        return Ok(());
    };
    if header.positions[index].is_some() {
        return Err(Refusal::DuplicateColumn(columns[index].name.to_owned()));
    }
    if columns[index].name != name {
        header.doubts.push(Doubt::HeaderSpelling(columns[index].name));
    }
    header.positions[index] = Some(position);
    Ok(())
}

fn refusal(table: Table, missing: &[&'static str], names: &[String]) -> Refusal {
    let known = |name: &&String| table.columns().iter().any(|column| column.name.eq_ignore_ascii_case(name.trim()));
    if names.iter().all(|name| !known(&name)) && names.iter().any(|name| is_data(name)) {
        let all: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        return Refusal::NoHeader { expected: all.join(", ") };
    }
    let free: Vec<&String> = names.iter().filter(|name| !known(name)).collect();
    let missing = missing.iter().map(|column| MissingColumn { column, nearest: nearest(column, &free) }).collect();
    let found: Vec<String> = names.iter().map(|name| shown(name.trim())).collect();
    Refusal::MissingColumns { missing, found: found.join(", ") }
}

/// The name that most likely means `column`: at most half its letters differ.
fn nearest(column: &str, names: &[&String]) -> Option<String> {
    let distance = |name: &str| strsim::damerau_levenshtein(column, &name.trim().to_lowercase());
    let (best, name) = names.iter().map(|name| (distance(name), name)).min_by_key(|(distance, _)| *distance)?;
    (best * 2 <= column.len()).then(|| shown(name.trim()))
}

/// A first line of data must not show people's numbers as if they were names of columns.
fn is_data(name: &str) -> bool {
    name.chars().filter(char::is_ascii_digit).count() >= 6
}

pub(crate) fn shown(name: &str) -> String {
    if is_data(name) {
        return "(a value)".to_owned();
    }
    name.chars().filter(|char| !char.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &str) -> Result<Header, String> {
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        match_columns(Table::Survey, &names).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn order_case_and_spaces_do_not_matter() {
        let header = check(" Share,sector,FACILITY,extra");
        assert_eq!(header.as_ref().map(|header| header.positions.clone()), Ok(vec![Some(2), Some(1), Some(0)]));
        let doubts: Vec<String> =
            header.into_iter().flat_map(|header| header.doubts).map(|doubt| doubt.to_string()).collect();
        insta::assert_snapshot!(doubts.join("; "), @"column `share` is spelt with other letters or spaces; column `facility` is spelt with other letters or spaces; column `extra` is not used");
    }

    #[test]
    fn missing_columns_name_the_nearest() {
        insta::assert_snapshot!(check("facility,secteur,part").unwrap_err(), @"column `sector` is missing (is it `secteur`?); column `share` is missing; found facility, secteur, part");
    }

    #[test]
    fn a_line_of_data_is_not_shown() {
        insta::assert_snapshot!(check("F001,33612345678,0.5").unwrap_err(), @"the first line is not a header: none of facility, sector, share is in it");
        insta::assert_snapshot!(check("facility,33612345678,0.5").unwrap_err(), @"column `sector` is missing; column `share` is missing; found facility, (a value), 0.5");
    }

    #[test]
    fn a_name_twice_is_refused() {
        insta::assert_snapshot!(check("facility,sector,share,Sector").unwrap_err(), @"column `sector` stands twice in the header");
    }
}
