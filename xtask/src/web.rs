//! The browser's side: built into the program, and tried in a real browser against it.

use std::process::Command;

use anyhow::{Context, Result};

use crate::repo::{Repo, check};

/// Installs what `web/package-lock.json` says, checks and builds: what `web/dist` holds, the next build of the program
/// brings along.
pub fn build(repo: &Repo) -> Result<Option<String>> {
    check(npm(repo).args(["ci", "--no-audit", "--no-fund"])).context("Node 20 and npm are needed")?;
    check(npm(repo).args(["run", "check"])).map(|()| None)
}

/// Tries it with Chromium.
pub fn browser(repo: &Repo) -> Result<Option<String>> {
    check(npm(repo).args(["run", "test:browser"])).map(|()| None)
}

fn npm(repo: &Repo) -> Command {
    let mut npm = repo.command("npm");
    npm.current_dir(repo.root.join("web"));
    npm
}
