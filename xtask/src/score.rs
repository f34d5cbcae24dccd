//! `cargo xtask score`: how well trace finds what is there, beside a page of SQL, on made-up
//! worlds whose truth is known.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench;
use crate::measure;
use crate::options::{Options, seeds, volume};
use crate::python::Python;
use crate::repo::{self, Repo};

/// What `bench/score.py` returns, as the table names it.
const COLUMNS: &[(&str, &str)] = &[
    ("average_precision", "average precision"),
    ("recall_at_90", "recall at precision 0.9"),
    ("cllr", "Cllr of log10_lr"),
    ("cllr_of_probability", "Cllr of probability"),
    ("right_facility", "right facility"),
    ("positives", "there"),
    ("listed", "listed"),
];

/// Makes a world for each seed, traces it and prints the scores.
pub fn run(repo: &Repo, words: Vec<String>) -> Result<()> {
    let mut options = Options::new(words);
    let seeds = seeds(&options.value("--seeds")?.unwrap_or_else(|| "1..5".to_owned()))?;
    let records = volume(&options.value("--records")?.unwrap_or_else(|| "5M".to_owned()))?;
    let folder = bench::folder(repo, &mut options, "score")?;
    let kind = options.value("--kind")?.unwrap_or_else(|| "a".to_owned());
    let keep = options.flag("--keep");
    let asked = options.value("--program")?;
    options.finish()?;
    let program = bench::program(repo, asked)?;
    std::fs::create_dir_all(&folder)?;
    let python = Python::prepare(repo, &folder)?;
    let (mut ours, mut sql) = (Vec::new(), Vec::new());
    for seed in seeds {
        let world = folder.join(format!("world-{seed}"));
        bench::remove(&world)?;
        repo::check(bench::make_world(&program, &world, records, seed).args(["--kind", &kind]))?;
        let pair = pair(&program, &python, &world);
        if !keep {
            bench::remove(&world)?;
        }
        let (cellsweep, page) = pair?;
        eprintln!("seed {seed}: cellsweep {cellsweep}, SQL {page}");
        ours.push((seed, cellsweep));
        sql.push((seed, page));
    }
    print_table("cellsweep", &ours);
    print_table("a page of SQL (DuckDB)", &sql);
    Ok(())
}

fn pair(program: &Path, python: &Python, world: &Path) -> Result<(Value, Value)> {
    let (raw, out) = (world.join("case"), world.join("out"));
    std::fs::create_dir_all(&out)?;
    let mut cellsweep = Command::new(program);
    cellsweep.arg("run").arg(world.join("opened")).arg("--from").arg(&raw).arg("--out").arg(&out).arg("--exercise");
    measure::run(&mut cellsweep)?;
    let page = out.join("sql.csv");
    repo::check(python.script("duckdb_devices.py").arg("--case").arg(&raw).arg("--out").arg(&page))?;
    Ok((score(python, world, &out.join("devices.csv"))?, score(python, world, &page)?))
}

fn score(python: &Python, world: &Path, devices: &Path) -> Result<Value> {
    let mut command = python.script("score.py");
    command.arg("--truth").arg(world.join("truth")).arg("--devices").arg(devices);
    serde_json::from_str(&repo::output(&mut command)?).context("bench/score.py returned no JSON")
}

fn print_table(name: &str, scores: &[(u64, Value)]) {
    let titles: Vec<&str> = COLUMNS.iter().map(|(_, title)| *title).collect();
    println!("\n### {name}\n\n| seed | {} |\n|{}", titles.join(" | "), "---|".repeat(COLUMNS.len() + 1));
    for (seed, score) in scores {
        let cells: Vec<String> = COLUMNS.iter().map(|(key, _)| cell(score[*key].as_f64())).collect();
        println!("| {seed} | {} |", cells.join(" | "));
    }
    let means: Vec<String> = COLUMNS.iter().map(|(key, _)| cell(mean(scores, key))).collect();
    println!("| mean | {} |", means.join(" | "));
}

fn mean(scores: &[(u64, Value)], key: &str) -> Option<f64> {
    let values: Vec<f64> = scores.iter().filter_map(|(_, score)| score[key].as_f64()).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Counts without decimals, shares with three.
fn cell(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.fract() == 0.0 && value.abs() > 1.0 => format!("{value:.0}"),
        Some(value) => format!("{value:.3}"),
    }
}
