//! `cargo xtask score`: how well trace finds what is there, beside a page of SQL, on made-up
//! worlds whose truth is known.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
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
    ("cllr_min", "Cllr-min"),
    ("cllr_of_probability", "Cllr of probability"),
    ("right_facility", "right facility"),
    ("positives", "there"),
    ("listed", "listed"),
    ("expected", "expected"),
];

/// What `bench/score_holders.py` returns, likewise.
const HOLDER_COLUMNS: &[(&str, &str)] = &[
    ("first_cell_of_holders", "right cell first"),
    ("cell_in_three_of_holders", "among three"),
    ("first_inmate", "right inmate first"),
    ("bits", "bits"),
    ("loose", "loose"),
    ("traced", "traced"),
    ("kept", "kept"),
];

/// What the operators of a world may hand over (`cellsweep world --shape`).
const SHAPES: [&str; 3] = ["everything", "prison-sectors", "imei-list"];

/// Makes a world for each seed, traces it and prints the scores.
pub fn run(repo: &Repo, words: Vec<String>) -> Result<()> {
    let mut options = Options::new(words);
    let seeds = seeds(&options.value("--seeds")?.unwrap_or_else(|| "1..5".to_owned()))?;
    let records = volume(&options.value("--records")?.unwrap_or_else(|| "5M".to_owned()))?;
    let folder = bench::folder(repo, &mut options, "score")?;
    let world_words = world_words(&mut options)?;
    let keep = options.flag("--keep");
    let asked = options.value("--program")?;
    options.finish()?;
    let program = bench::program(repo, asked)?;
    std::fs::create_dir_all(&folder)?;
    let python = Python::prepare(repo, &folder)?;
    let (mut ours, mut sql, mut holders, mut sql_holders) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for seed in seeds {
        let world = folder.join(format!("world-{seed}"));
        bench::remove(&world)?;
        repo::check(bench::make_world(&program, &world, records, seed).args(&world_words))?;
        let pair = scores(&program, &python, &world);
        if !keep {
            bench::remove(&world)?;
        }
        let Scores { cellsweep, page, named } = pair?;
        let [named, page_named] = named;
        holders.push((seed, named));
        sql_holders.push((seed, page_named));
        eprintln!("seed {seed}: cellsweep {cellsweep}, SQL {page}");
        ours.push((seed, cellsweep));
        sql.push((seed, page));
    }
    for (name, scores) in [("cellsweep", &ours), ("a page of SQL (DuckDB)", &sql)] {
        print_table(name, COLUMNS, scores);
        print_strata(&strata(scores));
    }
    print_table("holders", HOLDER_COLUMNS, &holders);
    print_named(&named(&holders));
    print_table("holders, a page of SQL (DuckDB)", HOLDER_COLUMNS, &sql_holders);
    Ok(())
}

/// What is passed on to `cellsweep world`; a mistake is said before anything is built.
fn world_words(options: &mut Options) -> Result<Vec<String>> {
    let kind = options.value("--kind")?.unwrap_or_else(|| "a".to_owned());
    let shape = options.value("--shape")?.unwrap_or_else(|| SHAPES[0].to_owned());
    ensure!(SHAPES.contains(&shape.as_str()), "--shape is one of {}, not `{shape}`", SHAPES.join(", "));
    let mut words = vec!["--kind".to_owned(), kind, "--shape".to_owned(), shape];
    for name in ["--facilities", "--days"] {
        if let Some(text) = options.value(name)? {
            let count: u32 = text.parse().context(name)?;
            words.extend([name.to_owned(), count.to_string()]);
        }
    }
    Ok(words)
}

/// What one world gives.
struct Scores {
    cellsweep: Value,
    page: Value,
    /// Holders: cellsweep's, and the page's.
    named: [Value; 2],
}

fn scores(program: &Path, python: &Python, world: &Path) -> Result<Scores> {
    let (raw, out) = (world.join("case"), world.join("out"));
    std::fs::create_dir_all(&out)?;
    let mut cellsweep = Command::new(program);
    cellsweep.arg("run").arg(world.join("opened")).arg("--from").arg(&raw).arg("--out").arg(&out).arg("--exercise");
    measure::run(&mut cellsweep)?;
    let page = out.join("sql.csv");
    repo::check(python.script("duckdb_devices.py").arg("--case").arg(&raw).arg("--out").arg(&page))?;
    let asked = out.join("sql");
    let mut holders = python.script("duckdb_holders.py");
    holders.arg("--case").arg(&raw).arg("--devices").arg(out.join("devices.csv")).arg("--out").arg(&asked);
    repo::check(&mut holders)?;
    let named = [score_holders(python, world, &out)?, score_holders(python, world, &asked)?];
    let cellsweep = score(python, world, &out.join("devices.csv"))?;
    Ok(Scores { cellsweep, page: score(python, world, &page)?, named })
}

fn score(python: &Python, world: &Path, devices: &Path) -> Result<Value> {
    let mut command = python.script("score.py");
    command.arg("--truth").arg(world.join("truth")).arg("--devices").arg(devices);
    serde_json::from_str(&repo::output(&mut command)?).context("bench/score.py returned no JSON")
}

fn score_holders(python: &Python, world: &Path, out: &Path) -> Result<Value> {
    let mut command = python.script("score_holders.py");
    command.arg("--truth").arg(world.join("truth")).arg("--out").arg(out);
    serde_json::from_str(&repo::output(&mut command)?).context("bench/score_holders.py returned no JSON")
}

fn print_table(name: &str, columns: &[(&str, &str)], scores: &[(u64, Value)]) {
    let titles: Vec<&str> = columns.iter().map(|(_, title)| *title).collect();
    println!("\n### {name}\n\n| seed | {} |\n|{}", titles.join(" | "), "---|".repeat(columns.len() + 1));
    for (seed, score) in scores {
        let cells: Vec<String> = columns.iter().map(|(key, _)| cell(score[*key].as_f64())).collect();
        println!("| {seed} | {} |", cells.join(" | "));
    }
    let means: Vec<String> = columns.iter().map(|(key, _)| cell(mean(scores, key))).collect();
    println!("| mean | {} |", means.join(" | "));
}

/// Phones by stratum over all seeds: those there, and those of them in rows down to each seed's cut.
fn strata(scores: &[(u64, Value)]) -> BTreeMap<String, [u64; 2]> {
    let mut pooled = BTreeMap::new();
    for (name, counts) in scores.iter().filter_map(|(_, score)| score["strata"].as_object()).flatten() {
        let sums: &mut [u64; 2] = pooled.entry(name.clone()).or_default();
        for (sum, count) in sums.iter_mut().zip(counts.as_array().into_iter().flatten()) {
            *sum += count.as_u64().unwrap_or_default();
        }
    }
    pooled
}

fn print_strata(strata: &BTreeMap<String, [u64; 2]>) {
    let recall = |[there, found]: [u64; 2]| (there > 0).then(|| found as f64 / there as f64);
    let whole = strata.get("all").copied().and_then(recall);
    println!("\n| phones, all seeds | there | recall at precision 0.9 | less than all |\n|---|---|---|---|");
    for (name, &counts) in strata {
        let less = recall(counts).zip(whole).map(|(recall, whole)| whole - recall);
        println!("| {name} | {} | {} | {} |", counts[0], cell(recall(counts)), cell(less));
    }
}

/// By threshold over all seeds: how many are named, how many wrongly, how many who don't use it at all.
fn named(scores: &[(u64, Value)]) -> BTreeMap<String, [f64; 3]> {
    let mut pooled = BTreeMap::new();
    for (threshold, row) in scores.iter().filter_map(|(_, score)| score["named"].as_object()).flatten() {
        let sums: &mut [f64; 3] = pooled.entry(threshold.clone()).or_default();
        let of = |index: usize| row[index].as_f64().unwrap_or_default();
        sums[0] += of(0);
        sums[1] += of(0) * of(1) / 100.0;
        sums[2] += of(0) * of(2) / 100.0;
    }
    pooled
}

fn print_named(named: &BTreeMap<String, [f64; 3]>) {
    println!("\n| named from | named | not the holder, of 100 | no user, of 100 |\n|---|---|---|---|");
    for (threshold, [count, wrong, no_user]) in named {
        let share = |wrong: f64| (*count > 0.0).then(|| wrong * 100.0 / count);
        println!("| {threshold} | {count:.0} | {} | {} |", cell(share(*wrong)), cell(share(*no_user)));
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_world_is_made_from_is_checked_first() {
        let words = |text: &str| {
            let mut options = Options::new(text.split_whitespace().map(str::to_owned).collect());
            world_words(&mut options).map(|words| words.join(" "))
        };
        assert_eq!(words("").unwrap(), "--kind a --shape everything");
        assert_eq!(
            words("--shape imei-list --facilities 8 --kind b").unwrap(),
            "--kind b --shape imei-list --facilities 8"
        );
        assert!(words("--shape half").is_err());
        assert!(words("--facilities few").is_err());
    }

    #[test]
    fn wrong_names_add_up_over_seeds() {
        let score = |count: u64, wrong: f64| (1, serde_json::json!({ "named": { "0.5": [count, wrong, 0.0] } }));
        assert_eq!(named(&[score(10, 10.0), score(30, 0.0)])["0.5"], [40.0, 1.0, 0.0]);
    }

    #[test]
    fn strata_add_up_over_seeds() {
        let score = |there: u64| (1, serde_json::json!({ "strata": { "all": [there, 3], "jammed": [2, 1] } }));
        let pooled = strata(&[score(4), score(6), (3, Value::Null)]);
        assert_eq!(pooled["all"], [10, 6]);
        assert_eq!(pooled["jammed"], [4, 2]);
    }
}
