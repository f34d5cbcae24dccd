//! The browser's side: built into the program, and tried in a real browser against it.

use std::process::Command;

use anyhow::{Context, Result};

use crate::repo::{Repo, check, output};

/// Installs what `web/package-lock.json` says, checks and builds: what `web/dist` holds, the next build of the program
/// brings along.
pub fn build(repo: &Repo) -> Result<Option<String>> {
    check(npm(repo).args(["ci", "--no-audit", "--no-fund"])).context("Node 20 and npm are needed")?;
    check(npm(repo).args(["run", "check"])).map(|()| None)
}

/// Tries all of it with Chromium: the office's pages with made-up answers, and the officer's phone.
pub fn browser(repo: &Repo) -> Result<Option<String>> {
    check(npm(repo).args(["run", "test:browser"]))?;
    phone(repo)
}

/// Tries the officer's phone with Chromium against the day's real server, five times with all that can fail.
pub fn phone(repo: &Repo) -> Result<Option<String>> {
    let example =
        ["build", "--release", "--locked", "--workspace", "--example", "field-server", "--message-format=json"];
    let built = output(repo.cargo().args(example)).context("build the day's server")?;
    let server = built.lines().find_map(field_server).context("cargo built no field-server")?;
    check(npm(repo).args(["run", "test:phone"]).env("CELLSWEEP_FIELD_SERVER", server)).map(|()| None)
}

/// The day's server among cargo's messages.
fn field_server(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("\"executable\":\"")?;
    let (path, _) = rest.split_once('"')?;
    path.ends_with("/examples/field-server").then(|| path.to_owned())
}

fn npm(repo: &Repo) -> Command {
    let mut npm = repo.command("npm");
    npm.current_dir(repo.root.join("web"));
    npm
}
