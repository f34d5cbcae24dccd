//! Files of every shape through profiles.

mod broken;
mod csv;
mod etsi;
mod json;
mod limits;
mod osm;
mod real;
mod refused;
mod shops;
mod sql;
mod workbook;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use cellsweep_ingest::profile::shipped;
use cellsweep_ingest::{Against, IngestError, IngestOptions, Profile, Shape, read_records_shaped, read_table_shaped};
use cellsweep_model::table::Table;

use crate::{Folder, Outcome, refusal, summary};

fn ship(name: &str) -> Profile {
    shipped(name).unwrap().profile().unwrap().0
}

fn parse(text: &str) -> Profile {
    Profile::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// A profile of records with these lines and the usual columns.
fn records_profile(lines: &str) -> Profile {
    let head = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"records\"\noperator = \"208-01\"\n";
    parse(&format!("{head}{lines}"))
}

fn records_of(path: &Path, profile: &Profile, options: &IngestOptions) -> Result<Outcome, IngestError> {
    let (mut chunks, mut rejects) = (Vec::new(), Vec::new());
    let joins = BTreeMap::new();
    let report = read_records_shaped(
        path,
        &Shape { profile, joins: &joins },
        Against::default(),
        options,
        &mut |chunk| {
            chunks.push(chunk);
            Ok(())
        },
        &mut |reject| {
            rejects.push(reject);
            Ok(())
        },
        &|_| {},
    )?;
    Ok(Outcome { chunks, rejects, report })
}

/// What a person would be told, and the rows that went on.
fn told_shaped(profile: &Profile, name: &str, bytes: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    told_shaped_at(profile, &path)
}

fn told_shaped_at(profile: &Profile, path: &Path) -> String {
    let folder = path.parent().unwrap();
    if profile.table == Table::Records {
        return match records_of(path, profile, &IngestOptions::default()) {
            Ok(outcome) => format!("{}{}", summary(&outcome.report, &outcome.rejects), records_text(&outcome)),
            Err(error) => refusal(&error, folder),
        };
    }
    match table_of(path, profile) {
        Ok((batch, told)) => format!("{told}{}", rows_text(&batch)),
        Err(error) => refusal(&error, folder),
    }
}

fn table_of(path: &Path, profile: &Profile) -> Result<(RecordBatch, String), IngestError> {
    let joins = BTreeMap::new();
    let mut rejects = Vec::new();
    let (batch, report) = read_table_shaped(
        path,
        &Shape { profile, joins: &joins },
        Against::default(),
        &IngestOptions::default(),
        &mut |reject| {
            rejects.push(reject);
            Ok(())
        },
    )?;
    assert_eq!(batch.num_rows() as u64, report.rows.kept);
    Ok((batch, summary(&report, &rejects)))
}

/// Rows as lines of values, blanks as nothing; at most twenty.
fn rows_text(batch: &RecordBatch) -> String {
    let value = |column: usize, row: usize| array_value_to_string(batch.column(column), row).unwrap();
    let line = |row| (0..batch.num_columns()).map(|column| value(column, row)).collect::<Vec<_>>().join(",");
    (0..batch.num_rows().min(20)).map(|row| format!("\n{}", line(row))).collect()
}

/// Records as the contract writes them.
fn records_text(outcome: &Outcome) -> String {
    use cellsweep_model::SectorId;
    use cellsweep_model::id::unpack_digits;
    use cellsweep_model::record::{Direction, Event, Technology};
    let mut text = String::new();
    for rows in &outcome.chunks {
        for row in 0..rows.time.len().min(20) {
            let digits = |packed: u64| if packed == 0 { String::new() } else { unpack_digits(packed) };
            let number = |value: i64| if value < 0 { String::new() } else { value.to_string() };
            let peer = if rows.peer[row] < 0 { "(name)".to_owned() } else { digits(rows.peer[row] as u64) };
            let line = [
                jiff::Timestamp::from_microsecond(rows.time[row]).unwrap().to_string(),
                outcome.report.operators[usize::from(rows.operator[row])].clone(),
                Event::from_code(rows.event[row]).unwrap().word().to_owned(),
                Direction::from_code(rows.direction[row]).unwrap().word().to_owned(),
                digits(rows.imei[row]),
                digits(rows.imsi[row]),
                digits(rows.msisdn[row]),
                peer,
                number(rows.duration_s[row].into()),
                Technology::from_code(rows.technology[row]).unwrap().word().to_owned(),
                SectorId::from_value(rows.sector[row]).to_string(),
                number(rows.timing_advance[row].into()),
            ];
            text.push('\n');
            text.push_str(&line.join(","));
        }
    }
    text
}

/// A folder of `shared/data`, or a word that the test is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn shared(name: &str) -> Option<PathBuf> {
    let ancestors = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = ancestors.map(|path| path.join("shared/data").join(name)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: shared/data/{name} is not beside the clone");
    }
    found
}
