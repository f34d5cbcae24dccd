//! `cargo xtask ci`: the one gate. One profile, release, for everything, so that the heavy
//! dependencies are compiled once.

use std::collections::BTreeSet;
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
    let mut told = Told::default();
    let passed = run_and_hear(&mut cargo, |line| told.hear(line))?;
    let summary = told.summary.context("nextest closed without a summary")?;
    ensure!(passed, "{summary}{}", told.failed.iter().map(|test| format!("\n  {test}")).collect::<String>());
    Ok(Some(summary))
}

/// What of nextest's messages is repeated in the gate's closing lines.
#[derive(Default)]
struct Told {
    summary: Option<String>,
    /// Package, binary and name of each test that did not pass.
    failed: BTreeSet<String>,
}

impl Told {
    fn hear(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("Summary [") {
            self.summary = Some(line.into());
        }
        let failure = ["FAIL", "TIMEOUT", "ABORT", "SIG"].iter().any(|word| line.starts_with(word));
        // `FAIL [   0.005s] (  3/1017) package::binary name`
        if let Some((_, test)) = line.split_once("s] ").filter(|_| failure) {
            let test =
                test.strip_prefix('(').and_then(|counted| counted.split_once(") ")).map_or(test, |(_, name)| name);
            self.failed.insert(test.trim().into());
        }
    }
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

/// Runs a command, shows its messages as they come, lets `hear` have each, and says whether it ended well.
fn run_and_hear(command: &mut Command, mut hear: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stderr(Stdio::piped()).spawn().context("start cargo")?;
    let messages = child.stderr.take().context("no messages")?;
    for line in BufReader::new(messages).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        writeln!(std::io::stderr(), "{line}")?;
        hear(&console_free(&line));
    }
    Ok(child.wait()?.success())
}

/// A line without the colours that a terminal gets.
fn console_free(line: &str) -> String {
    let mut pieces = line.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |free, piece| free + piece.split_once('m').map_or("", |(_, text)| text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_name_each_test_that_failed_once() {
        let mut told = Told::default();
        for line in [
            "        PASS [   0.010s] (   1/1017) cellsweep-plan waves::close",
            "        FAIL [   1.254s] (   2/1017) cellsweep::it trace::one",
            "     TIMEOUT [ 600.002s] (   3/1017) cellsweep-share outside::two",
            "     Summary [ 635.361s] 3 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped",
            "        \x1b[31;1mFAIL\x1b[0m [   1.254s] (   2/1017) \x1b[35mcellsweep::it\x1b[0m trace::one",
        ] {
            told.hear(&console_free(line));
        }
        assert_eq!(
            told.failed.iter().collect::<Vec<_>>(),
            ["cellsweep-share outside::two", "cellsweep::it trace::one"]
        );
        assert!(told.summary.is_some_and(|line| line.ends_with("0 skipped")));
    }
}
