//! What the gates need on a machine that has no more than Rust: installed where that is possible,
//! else named with what to do.

use anyhow::{Context, Result, bail};

use crate::repo::{self, Repo};

/// Makes the machine ready for the gates.
pub fn run(repo: &Repo) -> Result<()> {
    component(repo, "rustfmt", &["fmt", "--version"])?;
    component(repo, "clippy", &["clippy", "--version"])?;
    nextest(repo)?;
    python(repo)
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

/// A Python that can make virtual environments: the tests measure against `lir` from PyPI.
fn python(repo: &Repo) -> Result<()> {
    if has_python(repo) {
        println!("  python: there");
        return Ok(());
    }
    if !is_root(repo) {
        bail!("{PYTHON_NEEDED}");
    }
    println!("  python: missing, too old or without venv; asking apt for it");
    let apt = |words: &[&str]| repo::check(repo.command("apt-get").args(words)).context(PYTHON_NEEDED);
    apt(&["update", "--quiet"])?;
    apt(&["install", "--quiet", "--yes", "--no-install-recommends", "python3", "python3-venv"])?;
    if has_python(repo) { Ok(()) } else { bail!("{PYTHON_NEEDED}") }
}

const PYTHON_NEEDED: &str = "Python 3.11 or later with venv is needed as `python3`: install it as your system does \
    (Debian 12: `apt-get install python3 python3-venv`)";

fn has_python(repo: &Repo) -> bool {
    let probe = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    repo::succeeds(repo.command("python3").args(["-c", probe]))
}

fn is_root(repo: &Repo) -> bool {
    repo::output(repo.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
