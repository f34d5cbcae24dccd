//! The project's automation: `cargo xtask COMMAND`.
//!
//! Belongs here: what a developer, a reviewer or a release does with the repository as a whole.
//! Does not belong here: anything that the program does itself, and any dependency that would
//! make this crate slow to build.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is for the person who runs it")]

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod buyers;
mod ci;
mod deny;
mod formats;
mod jamming;
mod measure;
mod metadata;
mod options;
mod python;
mod release;
mod repo;
mod sbom;
mod score;
mod setup;
mod spdx;
mod third_party;
mod tidy;
mod web;

const USAGE: &str = "\
cargo xtask COMMAND

  ci        every gate in order, or those named; installs what is missing
              [setup] [rustfmt] [tidy] [deny] [web] [clippy] [tests] [phone] [doctests] [docs]
  web       the browser's side, built into the program when that is next built
  browser   the browser's side tried in Chromium: the office's pages (no gate), and the officer's phone
  tidy      the rules that neither rustc nor clippy knows
  deny      licences, bans and sources of the dependencies, by deny.toml, offline
  bench     cellsweep beside DuckDB, Polars and chDB on the same files, and beside splink on ledgers
              [--only records|buyers|formats] [--records 30M,100M] [--dir DIR] [--repeat 3] [--program FILE] [--keep]
  score     trace beside a page of SQL, and holders, on made-up worlds with known truth
              [--seeds 1..5] [--records 5M] [--kind a|b|c|d] [--shape everything|prison-sectors|imei-list]
              [--facilities 66] [--days 30] [--dir DIR] [--program FILE] [--keep]
  jamming   the effect of jamming that whole made-up worlds were given, and what assess says of it
              [--seeds 1..20] [--records 1M] [--facilities 16] [--jammed 4] [--days 70] [--dir DIR] [--program FILE]
              [--keep]
  sbom      the program's dependencies as CycloneDX 1.5, on standard output
  release   an archive with its checksums, SBOM and signature
              [--out DIR] [--dry-run] [--binary FILE]
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    match run(&command, arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, arguments: Vec<String>) -> Result<()> {
    let repo = repo::Repo::find()?;
    match command {
        "ci" => ci::run(&repo, &arguments),
        "web" => web::build(&repo).map(drop),
        "browser" => web::browser(&repo).map(drop),
        "tidy" => tidy::run(&repo),
        "deny" => deny::run(&repo),
        "bench" => bench::run(&repo, arguments),
        "jamming" => jamming::run(&repo, arguments),
        "score" => score::run(&repo, arguments),
        "sbom" => sbom::run(&repo),
        "release" => release::run(&repo, arguments),
        "" | "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("no command `{other}`\n\n{USAGE}"),
    }
}
