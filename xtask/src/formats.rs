//! The files' part of `cargo xtask bench`: the same records as CSV, XML and XLSX by cellsweep and by what people use.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::bench::{make_world, remove};
use crate::measure::{self, Run};
use crate::python::Python;
use crate::repo;

/// Records of the CSV file.
const RECORDS: u64 = 5_000_000;
/// Rows of the XML file and of the workbook, which may have a million at most.
const ROWS: u64 = 200_000;

struct Line {
    what: &'static str,
    rows: u64,
    run: Run,
}

/// Makes the files, reads them with every program and prints the table.
pub fn run(program: &Path, folder: &Path, python: &Python, repeat: usize) -> Result<()> {
    let world = folder.join("formats");
    remove(&world)?;
    eprintln!("making files of {RECORDS} records");
    repo::check(make_world(program, &world, RECORDS, 1).args(["--quiet", "--facilities", "66", "--days", "30"]))?;
    let files = world.join("files");
    let mut make = python.script("make_formats.py");
    make.arg("--case").arg(world.join("case")).arg("--out").arg(&files).args(["--rows", &ROWS.to_string()]);
    repo::check(make.stdout(Stdio::null()))?;
    let lines = lines(&Bench { program, python, repeat, files, world: &world });
    remove(&world)?;
    print(&lines?);
    Ok(())
}

struct Bench<'a> {
    program: &'a Path,
    python: &'a Python,
    repeat: usize,
    files: PathBuf,
    world: &'a Path,
}

fn lines(bench: &Bench<'_>) -> Result<Vec<Line>> {
    let csv = bench.files.join("records.csv");
    let rows = lines_of(&csv)? - 1;
    let etsi = "etsi-ts-102-657".to_owned();
    let calls = bench.files.join("calls.toml").display().to_string();
    Ok(vec![
        bench.ours("CSV: cellsweep import", rows, "records.csv", None)?,
        bench.peer("CSV: DuckDB, COPY with the same casts", rows, "duckdb_import.py", "records.csv", &[])?,
        bench.peer(
            "CSV: DuckDB, the same sorted as an import is",
            rows,
            "duckdb_import.py",
            "records.csv",
            &["--sort"],
        )?,
        bench.ours("TS 102 657 XML: cellsweep import", ROWS, "calls.xml", Some(&etsi))?,
        bench.peer("TS 102 657 XML: lxml, iterparse", ROWS, "lxml_etsi.py", "calls.xml", &[])?,
        bench.ours("XLSX: cellsweep import", ROWS, "calls.xlsx", Some(&calls))?,
        bench.peer("XLSX: openpyxl, read-only", ROWS, "openpyxl_calls.py", "calls.xlsx", &[])?,
    ])
}

impl Bench<'_> {
    /// `cellsweep import` into a new case, all that it does: digest, checks, quarantine, sorting, profiles, peers.
    fn ours(&self, what: &'static str, rows: u64, file: &str, profile: Option<&str>) -> Result<Line> {
        eprintln!("measuring {what}");
        let case = self.world.join("opened");
        let run = measure::median(self.repeat, || {
            remove(&case)?;
            let mut init = Command::new(self.program);
            repo::check(init.args(["--quiet", "init", "--exercise"]).arg(&case).stdout(Stdio::null()))?;
            let mut command = Command::new(self.program);
            command.args(["--quiet", "import", "records"]).arg(self.files.join(file)).arg("--case").arg(&case);
            if let Some(profile) = profile {
                command.args(["--profile", profile]);
            }
            Ok(command)
        })?;
        Ok(Line { what, rows, run })
    }

    fn peer(&self, what: &'static str, rows: u64, script: &str, file: &str, more: &[&str]) -> Result<Line> {
        eprintln!("measuring {what}");
        let run = measure::median(self.repeat, || {
            let mut command = self.python.script(script);
            command.arg("--file").arg(self.files.join(file)).arg("--out").arg(self.world.join("peer.parquet"));
            command.args(more);
            Ok(command)
        })?;
        Ok(Line { what, rows, run })
    }
}

fn lines_of(path: &Path) -> Result<u64> {
    use std::io::BufRead as _;
    let mut file = std::io::BufReader::with_capacity(1 << 20, std::fs::File::open(path).context("records.csv")?);
    let mut lines = 0;
    loop {
        let buffer = file.fill_buf()?;
        if buffer.is_empty() {
            return Ok(lines);
        }
        lines += buffer.iter().filter(|byte| **byte == b'\n').count() as u64;
        let length = buffer.len();
        file.consume(length);
    }
}

fn print(lines: &[Line]) {
    println!("\n### Files that come in\n");
    println!("| | rows | seconds | thousand rows/s | peak memory, MiB |\n|---|---|---|---|---|");
    for Line { what, rows, run } in lines {
        let rate = *rows as f64 / run.seconds / 1e3;
        println!("| {what} | {rows} | {:.2} | {rate:.0} | {} |", run.seconds, run.peak_bytes >> 20);
    }
    println!("\n| ratio | value | bar |\n|---|---|---|");
    let ratio = |above: usize, below: usize| lines[above].run.seconds / lines[below].run.seconds;
    println!("| DuckDB's COPY ÷ import of CSV | {:.2} | ≥ 1 |", ratio(1, 0));
    println!("| DuckDB's COPY, sorted ÷ import of CSV | {:.2} | |", ratio(2, 0));
    println!("| lxml ÷ import of XML | {:.1} | ≥ 5 |", ratio(4, 3));
    println!("| openpyxl ÷ import of XLSX | {:.1} | ≥ 5 |", ratio(6, 5));
}
