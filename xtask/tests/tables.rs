//! The book's chapter on tables says what the model says. `CELLSWEEP_BLESS=1 cargo nextest run
//! --release --package xtask` rewrites its columns; their meaning is written by hand and stays.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::table::{Column, Kind, Presence, Table};

const HEAD: &str = "| column | values | presence | meaning |\n|---|---|---|---|\n";

#[test]
fn the_book_s_tables_are_the_model_s() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/tables.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut expected = page.clone();
    for table in Table::ALL {
        expected = rewrite(&expected, table).unwrap_or_else(|| panic!("no section {} with columns", table.name()));
    }
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    assert!(page == expected, "{}", first_difference(&page, &expected));
}

#[test]
fn every_column_has_a_meaning() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/tables.md")).unwrap();
    let mute: Vec<&str> = page.lines().filter(|line| line.starts_with("| `") && line.ends_with("|  |")).collect();
    assert!(mute.is_empty(), "no meaning: {mute:#?}");
}

/// The page with one table's columns as the model has them; nothing where it has no such section.
fn rewrite(page: &str, table: Table) -> Option<String> {
    let heading = format!("### {}\n", table.name());
    let section = page.find(&heading)? + heading.len();
    let end = page[section..].find("\n#").map_or(page.len(), |offset| section + offset + 1);
    let rows_start = section + page[section..end].find(HEAD)? + HEAD.len();
    let rows_end = page[rows_start..].find("\n\n").map_or(page.len(), |offset| rows_start + offset + 1);
    let meanings = meanings(&page[rows_start..rows_end]);
    let rows: String = table.columns().iter().map(|column| row(column, &meanings)).collect();
    Some(format!("{}{rows}{}", &page[..rows_start], &page[rows_end..]))
}

/// What stands in the last field of each row, by column.
fn meanings(rows: &str) -> BTreeMap<String, String> {
    let pair = |row: &str| {
        let fields: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = fields.first()?.trim_matches('`').to_owned();
        Some((name, fields.get(3)?.to_string()))
    };
    rows.lines().filter_map(pair).collect()
}

fn row(column: &Column, meanings: &BTreeMap<String, String>) -> String {
    let meaning = meanings.get(column.name).map_or("", String::as_str);
    format!("| `{}` | {} | {} | {meaning} |\n", column.name, values(column.kind), presence(column.presence))
}

fn values(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Integer { min, max } => format!("whole number, {min} to {max}"),
        Kind::Number { min, max } => format!("number, {min} to {max}"),
        Kind::Time => "instant".to_owned(),
        Kind::Imei => "14 to 16 digits".to_owned(),
        Kind::Imeis => "one or two IMEIs".to_owned(),
        Kind::Imsi => "up to 15 digits".to_owned(),
        Kind::Msisdn => "phone number".to_owned(),
        Kind::Sector => "sector".to_owned(),
        Kind::Tac => "8 digits".to_owned(),
        Kind::OneOf(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "needed",
        Presence::MayBeBlank => "may be blank",
        Presence::Optional => "may be missing",
    }
}

fn first_difference(page: &str, expected: &str) -> String {
    let pair = page.lines().zip(expected.lines()).find(|(there, wanted)| there != wanted);
    let (there, wanted) = pair.unwrap_or(("the end", "more rows"));
    format!("docs/src/tables.md says\n  {there}\nwhere the model says\n  {wanted}\nCELLSWEEP_BLESS=1 rewrites it")
}
