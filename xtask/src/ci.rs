//! `cargo xtask ci`: the one gate. One profile, release, for everything, so that the heavy
//! dependencies are compiled once.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::repo::{Repo, check};
use crate::{deny, setup, tidy, web};

/// A gate: its name, what it does, and the line that it leaves for the end.
type Gate = (&'static str, fn(&Repo) -> Result<Option<String>>);

/// Cheap ones first. A later gate runs though an earlier one failed: one run shows everything.
const GATES: [Gate; 11] = [
    ("setup", |repo| setup::run(repo).map(|()| None)),
    ("rustfmt", |repo| check(repo.cargo().args(["fmt", "--all", "--check"])).map(|()| None)),
    ("tidy", |repo| tidy::run(repo).map(|()| None)),
    ("deny", |repo| deny::run(repo).map(|()| None)),
    ("web", web::build),
    ("clippy", clippy),
    ("tests", tests),
    ("phone", web::phone),
    ("office", web::story),
    ("doctests", doctests),
    ("docs", docs),
];

struct Outcome {
    name: &'static str,
    result: Result<Option<String>>,
    took: Duration,
}

/// Runs every gate, or those that are named, and fails when one did.
pub fn run(repo: &Repo, named: &[String]) -> Result<()> {
    if let Some(name) = named.iter().find(|name| !GATES.iter().any(|(gate, _)| gate == name)) {
        bail!("no gate `{name}`");
    }
    let wanted = |(gate, _): &Gate| named.is_empty() || named.iter().any(|name| name == gate);
    let outcomes: Vec<Outcome> = GATES.into_iter().filter(wanted).map(|gate| pass(repo, gate)).collect();
    print_table(&outcomes);
    let failed: Vec<&str> = outcomes.iter().filter(|outcome| outcome.result.is_err()).map(|o| o.name).collect();
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

fn pass(repo: &Repo, (name, gate): Gate) -> Outcome {
    println!("\n=== {name} ===");
    let start = Instant::now();
    let result = gate(repo);
    if let Err(error) = &result {
        println!("{name} FAILED: {error:#}");
    }
    Outcome { name, result, took: start.elapsed() }
}

/// The closing lines: who reads only the end of a log reads this.
fn print_table(outcomes: &[Outcome]) {
    println!("\n=== summary ===");
    for outcome in outcomes {
        let word = if outcome.result.is_ok() { "ok" } else { "FAILED" };
        println!("{:<10} {:<6} {:>8.1} s", outcome.name, word, outcome.took.as_secs_f64());
    }
    let total: Duration = outcomes.iter().map(|outcome| outcome.took).sum();
    println!("{:<10} {:<6} {:>8.1} s", "all", "", total.as_secs_f64());
    for outcome in outcomes {
        match &outcome.result {
            Ok(Some(line)) => println!("{line}"),
            Ok(None) => {}
            Err(error) => println!("{}: {error:#}", outcome.name),
        }
    }
}

fn clippy(repo: &Repo) -> Result<Option<String>> {
    let mut cargo = release(repo, &["clippy", "--workspace", "--all-targets"]);
    check(cargo.args(["--", "--deny", "warnings"])).map(|()| None)
}

fn tests(repo: &Repo) -> Result<Option<String>> {
    let mut cargo = release(repo, &["nextest", "run", "--workspace"]);
    if std::io::stderr().is_terminal() {
        cargo.args(["--color", "always"]);
    }
    let summary = run_and_find(&mut cargo, "Summary [")?;
    Ok(Some(summary.context("nextest closed without a summary")?))
}

fn doctests(repo: &Repo) -> Result<Option<String>> {
    check(&mut release(repo, &["test", "--workspace", "--doc"])).map(|()| None)
}

fn docs(repo: &Repo) -> Result<Option<String>> {
    let mut cargo = release(repo, &["doc", "--workspace", "--no-deps"]);
    check(cargo.env("RUSTDOCFLAGS", "--deny warnings")).map(|()| None)
}

fn release(repo: &Repo, words: &[&str]) -> Command {
    let mut cargo = repo.cargo();
    cargo.args(words).args(["--release", "--locked"]);
    cargo
}

/// Runs a command, shows its messages as they come and returns the last that holds `mark`.
fn run_and_find(command: &mut Command, mark: &str) -> Result<Option<String>> {
    let mut child = command.stderr(Stdio::piped()).spawn().context("start cargo")?;
    let messages = child.stderr.take().context("no messages")?;
    let mut found = None;
    for line in BufReader::new(messages).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        writeln!(std::io::stderr(), "{line}")?;
        if line.contains(mark) {
            found = Some(line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{}", found.unwrap_or_else(|| format!("ended with {status}")));
    }
    Ok(found)
}
