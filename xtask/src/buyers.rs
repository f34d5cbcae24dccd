//! The ledger's part of `cargo xtask bench`: buyers by cellsweep and by splink on the same made-up ledgers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::bench::{make_world, remove};
use crate::measure;
use crate::python::Python;
use crate::repo;

/// Thresholds at which splink's clusters are scored: the best counts.
const THRESHOLDS: [&str; 5] = ["0.5", "0.8", "0.9", "0.95", "0.99"];
/// A ledger doesn't grow with the records.
const RECORDS: u64 = 60_000;

struct Line {
    world: String,
    orders: usize,
    ours: Score,
    ours_seconds: f64,
    theirs: Score,
    at: &'static str,
    theirs_seconds: f64,
}

/// Pairs of orders that are one buyer's.
#[derive(Clone, Copy, Default)]
struct Score {
    precision: f64,
    recall: f64,
    f1: f64,
}

/// Makes ledgers of both families, resolves their buyers with both programs, and prints the table.
pub fn run(program: &Path, folder: &Path, python: &Python, repeat: usize) -> Result<()> {
    let mut lines = Vec::new();
    for (kind, seed) in [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("b", 3)] {
        eprintln!("buyers of a ledger: family {kind}, seed {seed}");
        lines.push(world(program, folder, python, (kind, seed), repeat)?);
    }
    print(&lines);
    Ok(())
}

fn world(program: &Path, folder: &Path, python: &Python, (kind, seed): (&str, u64), repeat: usize) -> Result<Line> {
    let world = folder.join(format!("ledger-{kind}-{seed}"));
    remove(&world)?;
    repo::check(make_world(program, &world, RECORDS, seed).args(["--quiet", "--days", "2", "--kind", kind]))?;
    let (raw, case) = (world.join("case"), world.join("opened"));
    let (own, peer) = (world.join("own.csv"), world.join("peer.csv"));
    let quiet = |words: &[&str]| {
        let mut command = Command::new(program);
        command.arg("--quiet").args(words);
        command
    };
    let import = measure::median(repeat, || {
        remove(&case)?;
        repo::check(quiet(&["init", "--exercise"]).arg(&case).stdout(std::process::Stdio::null()))?;
        let mut command = quiet(&["import", "ledger"]);
        command.arg(raw.join("ledger.csv")).arg("--case").arg(&case);
        Ok(command)
    })?;
    let resolve = measure::median(repeat, || {
        let mut command = quiet(&["ledger", "--list", "lines", "--format", "csv"]);
        command.arg("--case").arg(&case).arg("--output").arg(&own);
        Ok(command)
    })?;
    let splink = |out: &Path, thresholds: &[&str]| {
        let mut command = python.script("splink_buyers.py");
        command.arg("--case").arg(&raw).arg("--out").arg(out).arg("--threshold").args(thresholds);
        command
    };
    let theirs = measure::median(repeat, || Ok(splink(&peer, &["0.9"])))?;
    measure::run(&mut splink(&peer, &THRESHOLDS))?;
    let truth = buyers(&world.join("truth").join("buyers.csv"))?;
    let mut best = (Score::default(), THRESHOLDS[0]);
    for at in THRESHOLDS {
        let found = score(&truth, &buyers(&world.join(format!("peer-{at}.csv")))?);
        if found.f1 > best.0.f1 {
            best = (found, at);
        }
    }
    let line = Line {
        world: format!("{kind}, seed {seed}"),
        orders: truth.len(),
        ours: score(&truth, &buyers(&own)?),
        ours_seconds: import.seconds + resolve.seconds,
        theirs: best.0,
        at: best.1,
        theirs_seconds: theirs.seconds,
    };
    remove(&world)?;
    Ok(line)
}

/// The buyer of each order, from a table in which both stand as columns; lines without a buyer have none.
fn buyers(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| header.iter().position(|column| *column == name).with_context(|| format!("no {name}"));
    let (order, buyer) = (column("order")?, column("buyer")?);
    let mut found = BTreeMap::new();
    for line in lines {
        // Neither is ever quoted, and both stand before anything that is.
        let fields: Vec<&str> = line.split(',').collect();
        if let (Some(order), Some(buyer)) = (fields.get(order), fields.get(buyer).filter(|buyer| !buyer.is_empty())) {
            found.insert((*order).to_owned(), (*buyer).to_owned());
        }
    }
    Ok(found)
}

fn score(truth: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Score {
    let (wanted, got) = (pairs(truth), pairs(found));
    let right = wanted.intersection(&got).count() as f64;
    let precision = right / got.len().max(1) as f64;
    let recall = right / wanted.len().max(1) as f64;
    Score { precision, recall, f1: 2.0 * precision * recall / (precision + recall).max(1e-9) }
}

fn pairs(of: &BTreeMap<String, String>) -> BTreeSet<(&str, &str)> {
    let mut orders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (order, buyer) in of {
        orders.entry(buyer).or_default().push(order);
    }
    let mut pairs = BTreeSet::new();
    for list in orders.values() {
        for (index, a) in list.iter().enumerate() {
            pairs.extend(list[index + 1..].iter().map(|b| (*a, *b)));
        }
    }
    pairs
}

fn print(lines: &[Line]) {
    println!("\n### Buyers of a ledger\n");
    println!("| world | orders | | precision | recall | F1 | seconds |\n|---|---|---|---|---|---|---|");
    for line in lines {
        let row = |who: &str, score: Score, seconds: f64| {
            let Score { precision, recall, f1 } = score;
            println!(
                "| {} | {} | {who} | {precision:.3} | {recall:.3} | {f1:.3} | {seconds:.2} |",
                line.world, line.orders
            );
        };
        row("cellsweep", line.ours, line.ours_seconds);
        row(&format!("splink, at its best threshold, {}", line.at), line.theirs, line.theirs_seconds);
    }
    let mean = |pick: fn(&Line) -> f64| lines.iter().map(pick).sum::<f64>() / lines.len().max(1) as f64;
    println!("\n| ratio | value | bar |\n|---|---|---|");
    println!("| F1, mean | {:.3} | ≥ splink's |", mean(|line| line.ours.f1));
    println!("| F1 of splink, mean | {:.3} | |", mean(|line| line.theirs.f1));
    println!("| splink ÷ cellsweep, seconds | {:.1} | ≥ 10 |", mean(|line| line.theirs_seconds / line.ours_seconds));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_scored() {
        let table = |rows: &[(&str, &str)]| rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let truth: BTreeMap<String, String> = table(&[("1", "x"), ("2", "x"), ("3", "x"), ("4", "y")]);
        let found: BTreeMap<String, String> = table(&[("1", "p"), ("2", "p"), ("3", "q"), ("4", "q")]);
        let score = score(&truth, &found);
        assert!((score.precision - 0.5).abs() < 1e-9 && (score.recall - 1.0 / 3.0).abs() < 1e-9);
    }
}
