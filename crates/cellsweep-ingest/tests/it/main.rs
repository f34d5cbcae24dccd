//! Files as they arrive, and what is said of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod any_bytes;
mod bad_csv;
mod bad_parquet;
mod big;
mod corpora;
mod facilities;
mod guess;
mod order;
mod other_world;
mod shaped;
mod tables;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use cellsweep_ingest::{Against, FileReport, IngestError, IngestOptions, Reject, read_records, read_table};
use cellsweep_model::record::RecordColumns;
use cellsweep_model::table::Table;

const HEADER: &str = "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance";
const GOOD: &str = "2025-03-17T00:00:01Z,208-20,voice,out,490154203237518,208201000850066,33603991123,33612345678,33,LTE,208-20-4611,2";

/// A folder for one test's files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// The good row with one column's value exchanged.
fn row(column: &str, value: &str) -> String {
    let index = HEADER.split(',').position(|name| name == column).unwrap();
    let mut fields: Vec<&str> = GOOD.split(',').collect();
    fields[index] = value;
    fields.join(",")
}

/// A file of the header and these lines.
fn csv(lines: &[&str]) -> String {
    let mut text = format!("{HEADER}\n");
    for line in lines {
        text += line;
        text.push('\n');
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Everything that a file of records gave.
struct Outcome {
    chunks: Vec<RecordColumns>,
    rejects: Vec<Reject>,
    report: FileReport,
}

fn read_all(path: &Path, options: &IngestOptions) -> Result<Outcome, IngestError> {
    let (mut chunks, mut rejects) = (Vec::new(), Vec::new());
    let report = read_records(
        path,
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

/// What a person would be told about a file of records.
fn told(name: &str, bytes: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    told_of(&path, folder.path())
}

fn told_of(path: &Path, folder: &Path) -> String {
    match read_all(path, &IngestOptions::default()) {
        Ok(outcome) => summary(&outcome.report, &outcome.rejects),
        Err(error) => refusal(&error, folder),
    }
}

/// The same for another table.
fn told_table(table: Table, name: &str, bytes: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    let mut rejects = Vec::new();
    let result = read_table(table, &path, Against::default(), &IngestOptions::default(), &mut |reject| {
        rejects.push(reject);
        Ok(())
    });
    match result {
        Ok((batch, report)) => {
            assert_eq!(batch.schema(), table.schema());
            assert_eq!(batch.num_rows() as u64, report.rows.kept);
            summary(&report, &rejects)
        }
        Err(error) => refusal(&error, folder.path()),
    }
}

fn refusal(error: &IngestError, folder: &Path) -> String {
    format!("refused: {}\nhint: {}", error.to_string().replace(&format!("{}/", folder.display()), ""), error.hint())
}

fn summary(report: &FileReport, rejects: &[Reject]) -> String {
    let mut text = format!("{} of {} kept", report.rows.kept, report.rows.read);
    for reject in rejects {
        write!(text, "\nline {}: {}", reject.line, reject.sentence()).unwrap();
        if !reject.detail.is_empty() {
            write!(text, " ({})", reject.detail).unwrap();
        }
    }
    for (doubt, count) in &report.rows.doubts {
        write!(text, "\ndoubt: {doubt}: {count}").unwrap();
    }
    assert_eq!(report.rows.kept + report.rows.rejected_total(), report.rows.read);
    assert_eq!(report.rows.rejected_total(), rejects.len() as u64);
    text
}
