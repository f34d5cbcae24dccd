//! `cargo xtask bench`: cellsweep, DuckDB, Polars and chDB in one go on the same files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use serde_json::Value;

use crate::measure::{self, Run};
use crate::metadata::Metadata;
use crate::options::{Options, volume};
use crate::python::Python;
use crate::repo::{self, Repo};

/// Raw files, the case and what spills, a record, with room to spare.
const BYTES_A_RECORD: u64 = 150;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Records,
    Buyers,
    Formats,
}

struct Settings {
    only: Only,
    program: PathBuf,
    volumes: Vec<u64>,
    folder: PathBuf,
    repeat: usize,
    keep: bool,
}

/// One measured program on one world.
#[derive(Serialize)]
struct Line {
    what: &'static str,
    #[serde(flatten)]
    run: Run,
    /// What the program says of its stages.
    stages: Value,
}

/// One world.
#[derive(Serialize)]
struct Sheet {
    records: u64,
    lines: Vec<Line>,
}

/// Makes the worlds, measures, prints the table and writes `bench-DATE.json`.
pub fn run(repo: &Repo, words: Vec<String>) -> Result<()> {
    let settings = settings(repo, words)?;
    std::fs::create_dir_all(&settings.folder)?;
    let python = Python::prepare(repo, &settings.folder)?;
    if matches!(settings.only, Only::All | Only::Formats) {
        crate::formats::run(&settings.program, &settings.folder, &python, settings.repeat)?;
    }
    if matches!(settings.only, Only::All | Only::Buyers) {
        crate::buyers::run(&settings.program, &settings.folder, &python, settings.repeat)?;
    }
    if matches!(settings.only, Only::Buyers | Only::Formats) {
        return Ok(());
    }
    let mut sheets = Vec::new();
    for &records in &settings.volumes {
        let sheet = world(repo, &settings, &python, records)?;
        print_sheet(&sheet);
        sheets.push(sheet);
    }
    print_growth(&sheets);
    write(repo, &settings.folder, &sheets)
}

fn settings(repo: &Repo, words: Vec<String>) -> Result<Settings> {
    let mut options = Options::new(words);
    let only = match options.value("--only")?.as_deref() {
        None => Only::All,
        Some("records") => Only::Records,
        Some("buyers") => Only::Buyers,
        Some("formats") => Only::Formats,
        Some(other) => bail!("--only {other}: records, buyers or formats"),
    };
    let volumes = options.value("--records")?.unwrap_or_else(|| "30M,100M".to_owned());
    let folder = folder(repo, &mut options, "bench")?;
    let repeat = options.value("--repeat")?.map_or(Ok(3), |text| text.parse()).context("--repeat")?;
    let keep = options.flag("--keep");
    let asked = options.value("--program")?;
    // Whatever is wrong with the options is said before anything is built.
    options.finish()?;
    let volumes = volumes.split(',').map(volume).collect::<Result<_>>()?;
    Ok(Settings { only, program: program(repo, asked)?, volumes, folder, repeat, keep })
}

/// `--dir`, or a folder of that name where cargo builds.
pub fn folder(repo: &Repo, options: &mut Options, name: &str) -> Result<PathBuf> {
    match options.value("--dir")? {
        Some(folder) => std::path::absolute(folder).context("--dir"),
        None => Ok(Metadata::load(repo)?.target_directory.join(name)),
    }
}

/// The program asked for by `--program`, such as an earlier version's, else the one that is built now.
pub fn program(repo: &Repo, asked: Option<String>) -> Result<PathBuf> {
    if let Some(program) = asked {
        return std::path::absolute(program).context("--program");
    }
    repo::check(repo.cargo().args(["build", "--release", "--locked", "--package", "cellsweep"]))?;
    Ok(Metadata::load(repo)?.target_directory.join("release").join("cellsweep"))
}

fn world(repo: &Repo, settings: &Settings, python: &Python, records: u64) -> Result<Sheet> {
    check_disk(repo, &settings.folder, records)?;
    let world = settings.folder.join(format!("world-{records}"));
    remove(&world)?;
    eprintln!("making a world of {records} records");
    repo::check(make_world(&settings.program, &world, records, 1).args(["--facilities", "66", "--days", "30"]))?;
    let lines = lines(settings, python, &world);
    if !settings.keep {
        remove(&world)?;
    }
    Ok(Sheet { records, lines: lines? })
}

/// `cellsweep world`, quietly.
pub fn make_world(program: &Path, world: &Path, records: u64, seed: u64) -> Command {
    let mut command = Command::new(program);
    command.arg("world").arg(world).args(["--records", &records.to_string(), "--seed", &seed.to_string()]);
    command.stdout(std::process::Stdio::null());
    command
}

fn lines(settings: &Settings, python: &Python, world: &Path) -> Result<Vec<Line>> {
    let (raw, case, out) = (world.join("case"), world.join("opened"), world.join("out"));
    std::fs::create_dir_all(&out)?;
    let line = |what: &'static str, make: &mut dyn FnMut() -> Result<Command>| {
        eprintln!("measuring {what}");
        let run = measure::median(settings.repeat, make)?;
        Ok::<_, anyhow::Error>(Line { what, stages: stages(&run.stdout), run })
    };
    let peer = |script: &str| {
        let mut command = python.script(script);
        command.arg("--case").arg(&raw).arg("--out").arg(out.join(format!("{script}.csv")));
        command
    };
    let cold = || {
        remove(&case)?;
        let mut command = Command::new(&settings.program);
        command.arg("run").arg(&case).arg("--from").arg(&raw).arg("--out").arg(&out).args(["--exercise", "--json"]);
        Ok(command)
    };
    let warm = || {
        let mut command = Command::new(&settings.program);
        command.arg("trace").arg("--case").arg(&case).arg("--json");
        Ok(command)
    };
    Ok(vec![
        // First, so that whoever comes later finds the files in the page cache as the others do.
        line("decode only", &mut || Ok(peer("decode_floor.py")))?,
        line("cellsweep run (cold)", &mut { cold })?,
        line("cellsweep trace (warm)", &mut { warm })?,
        line("DuckDB", &mut || Ok(peer("duckdb_devices.py")))?,
        line("Polars", &mut || Ok(peer("polars_devices.py")))?,
        line("chDB", &mut || Ok(peer("chdb_devices.py")))?,
    ])
}

/// The stages that `--json` tells, where it does.
fn stages(stdout: &str) -> Value {
    let last = stdout.trim();
    let value: Value = serde_json::from_str(last).unwrap_or(Value::Null);
    value.get("stages").cloned().unwrap_or(Value::Null)
}

fn print_sheet(sheet: &Sheet) {
    let seconds = |what: &str| sheet.lines.iter().find(|line| line.what == what).map(|line| line.run.seconds);
    let floor = seconds("decode only").unwrap_or(f64::NAN);
    println!("\n### {} million records\n", sheet.records as f64 / 1e6);
    println!("| | seconds | million records/s | peak memory, MiB | × decode only |\n|---|---|---|---|---|");
    for line in &sheet.lines {
        let (took, peak) = (line.run.seconds, line.run.peak_bytes >> 20);
        let rate = sheet.records as f64 / took / 1e6;
        println!("| {} | {took:.1} | {rate:.2} | {peak} | {:.1} |", line.what, took / floor);
    }
    println!("\n| ratio | value | bar |\n|---|---|---|");
    let warm = seconds("cellsweep trace (warm)");
    print_ratio("DuckDB ÷ warm trace", seconds("DuckDB"), warm, "≥ 8");
    print_ratio("Polars ÷ warm trace", seconds("Polars"), warm, "≥ 8");
    print_ratio("chDB ÷ warm trace", seconds("chDB"), warm, "≥ 8");
    print_ratio("cold run ÷ DuckDB", seconds("cellsweep run (cold)"), seconds("DuckDB"), "≤ 1");
    print_stages(sheet);
}

fn print_ratio(name: &str, above: Option<f64>, below: Option<f64>, bar: &str) {
    if let (Some(above), Some(below)) = (above, below) {
        println!("| {name} | {:.2} | {bar} |", above / below);
    }
}

fn print_stages(sheet: &Sheet) {
    for line in &sheet.lines {
        let Some(stages) = line.stages.as_array().filter(|stages| !stages.is_empty()) else { continue };
        println!("\n| {} by stage | seconds | million records/s |\n|---|---|---|", line.what);
        for stage in stages {
            let name = stage["name"].as_str().unwrap_or("?");
            let took = stage["seconds"].as_f64().unwrap_or(f64::NAN);
            println!("| {name} | {took:.2} | {:.2} |", sheet.records as f64 / took / 1e6);
        }
    }
}

/// What twice the records cost, from the first world to the last.
fn print_growth(sheets: &[Sheet]) {
    let [first, .., last] = sheets else { return };
    if last.records == first.records {
        return;
    }
    println!("\n| twice the records cost | × | peak memory, × |\n|---|---|---|");
    let doublings = (last.records as f64 / first.records as f64).log2();
    for (small, large) in first.lines.iter().zip(&last.lines) {
        let a_doubling = |ratio: f64| ratio.powf(1.0 / doublings);
        let time = a_doubling(large.run.seconds / small.run.seconds);
        let memory = a_doubling(large.run.peak_bytes as f64 / small.run.peak_bytes as f64);
        println!("| {} | {time:.2} | {memory:.2} |", small.what);
    }
}

fn write(repo: &Repo, folder: &Path, sheets: &[Sheet]) -> Result<()> {
    let date = repo::output(repo.command("date").args(["--utc", "+%Y-%m-%d"]))?;
    let file = folder.join(format!("bench-{}.json", date.trim()));
    let cores = std::thread::available_parallelism()?.get();
    let whole = serde_json::json!({ "date": date.trim(), "cores": cores, "worlds": sheets });
    std::fs::write(&file, serde_json::to_string_pretty(&whole)?)?;
    println!("\n{cores} cores; written to {}", file.display());
    Ok(())
}

/// Better refused than a full disk after ten minutes.
fn check_disk(repo: &Repo, folder: &Path, records: u64) -> Result<()> {
    let listing = repo::output(repo.command("df").args(["-P", "-k"]).arg(folder))?;
    let free =
        listing.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).and_then(|word| word.parse().ok());
    let free: u64 = free.context("df says nothing of free space")?;
    let needed = records * BYTES_A_RECORD / 1024;
    ensure!(free > needed, "{records} records need {} MiB on disk, {} are free", needed >> 10, free >> 10);
    Ok(())
}

/// Removes a folder that may not be there.
pub fn remove(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
