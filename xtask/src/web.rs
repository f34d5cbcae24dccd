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

/// Tries all of it with Chromium: the office's pages with made-up answers and with the program's, and the officer's phone.
pub fn browser(repo: &Repo) -> Result<Option<String>> {
    check(npm(repo).args(["run", "test:browser"]))?;
    office(repo, &[])?;
    phone(repo)
}

/// Tries the officer's phone with Chromium against the day's real server, five times with all that can fail.
pub fn phone(repo: &Repo) -> Result<Option<String>> {
    let server = built(repo, "/examples/field-server")?;
    check(npm(repo).args(["run", "test:phone"]).env("CELLSWEEP_FIELD_SERVER", server)).map(|()| None)
}

/// Tries the office with Chromium against the real program and a made-up country: the story from the case to an approved plan and its
/// day, and what each role sees and is refused. What no screen reader could read is looked for beside the gate (`browser`): it takes longest.
pub fn story(repo: &Repo) -> Result<Option<String>> {
    office(repo, &["real/story", "real/roles", "real/account"])
}

fn office(repo: &Repo, files: &[&str]) -> Result<Option<String>> {
    let program = built(repo, "/cellsweep")?;
    let tests = ["run", "test:real", "--"].iter().chain(files);
    check(npm(repo).args(tests).env("CELLSWEEP_PROGRAM", program)).map(|()| None)
}

/// Builds as the tests are built, so that nothing is built twice, and says where one of the programs lies.
fn built(repo: &Repo, ending: &str) -> Result<String> {
    let all = ["test", "--no-run", "--release", "--locked", "--workspace", "--message-format=json"];
    let messages = output(repo.cargo().args(all)).context("build the programs")?;
    let found = messages.lines().find_map(|message| {
        let (_, rest) = message.split_once("\"executable\":\"")?;
        let (path, _) = rest.split_once('"')?;
        path.ends_with(ending).then(|| path.to_owned())
    });
    found.with_context(|| format!("cargo built no `{ending}`"))
}

fn npm(repo: &Repo) -> Command {
    let mut npm = repo.command("npm");
    npm.current_dir(repo.root.join("web"));
    npm
}
