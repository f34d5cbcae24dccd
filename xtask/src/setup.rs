//! What the gates need on a machine that has no more than Rust: installed where that is possible,
//! else named with what to do.

use anyhow::{Context, Result};

use crate::repo::{self, Repo};

/// Makes the machine ready for the gates.
pub fn run(repo: &Repo) -> Result<()> {
    component(repo, "rustfmt", &["fmt", "--version"])?;
    component(repo, "clippy", &["clippy", "--version"])?;
    nextest(repo)
}

fn component(repo: &Repo, name: &str, probe: &[&str]) -> Result<()> {
    if repo::succeeds(repo.cargo().args(probe)) {
        println!("  {name}: there");
        return Ok(());
    }
    println!("  {name}: missing, adding it to the toolchain");
    repo::check(repo.command("rustup").args(["component", "add", name])).with_context(|| {
        format!("{name} is missing and rustup could not add it: install it as your Rust was installed")
    })
}

fn nextest(repo: &Repo) -> Result<()> {
    if repo::succeeds(repo.cargo().args(["nextest", "--version"])) {
        println!("  cargo-nextest: there");
        return Ok(());
    }
    println!("  cargo-nextest: missing, building it (some minutes, once)");
    let mut cargo = repo.cargo();
    // Away from the project's own target folder, whose settings are not its.
    cargo.args(["install", "--locked", "cargo-nextest"]).env_remove("CARGO_TARGET_DIR").current_dir("/");
    repo::check(&mut cargo).context("install cargo-nextest by hand: `cargo install --locked cargo-nextest`")
}
