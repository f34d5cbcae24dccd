//! The real program, as a user starts it.

mod asking;
mod assess;
mod authority;
mod backup;
mod brief;
mod cluster;
mod config;
mod custody;
mod data;
mod faults;
mod flow;
mod ground;
mod help;
mod killed;
mod ledger;
mod montpellier;
mod odd;
mod papers;
mod plan;
#[path = "../../../cellsweep-store/tests/it/postgres.rs"]
mod postgres;
mod profile;
mod proof;
mod quality;
mod refusals;
mod serve;
mod sharing;
mod stamping;
mod watch;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;
/// Files by relative path, with their bytes.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// Two people.
const BOTH: [&str; 4] = ["--by", "A. Martin", "--by", "B. Roche"];

/// A folder to work in, and the program started in it with nothing of the user's own around.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self { dir: tempfile::tempdir()? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cellsweep"));
        command.args(arguments).current_dir(self.dir.path());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CELLSWEEP_")) {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", self.path("no-user-config"));
        command
    }

    /// Starts the program and waits for it.
    fn run(&self, arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
        Ok(Ended::of(&self.command(arguments).output()?))
    }

    /// A small country in `world`.
    fn with_world() -> Result<Self, Box<dyn Error>> {
        let desk = Self::new()?;
        let made = ["world", "world", "--facilities", "2", "--days", "5", "--records", "50000", "--seed", "3"];
        assert_eq!(desk.run(&made)?.code, 0);
        Ok(desk)
    }

    /// The same with an investigation beside it, `case`, and its order granted.
    fn with_investigation() -> Result<Self, Box<dyn Error>> {
        let desk = Self::with_world()?;
        desk.run(&["init", "case"])?.expect(0)?;
        std::fs::write(desk.path("order.toml"), authority::ORDER)?;
        desk.run(&[&["authority", "grant", "order.toml", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
        Ok(desk)
    }

    fn read(&self, name: &str) -> Result<String, Box<dyn Error>> {
        Ok(std::fs::read_to_string(self.path(name))?)
    }

    fn manifest(&self, case: &str) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&self.read(&format!("{case}/manifest.json"))?)?)
    }
}

/// How the program ended.
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails with what the program said when it didn't end as expected.
    fn expect(self, code: i32) -> Result<Self, Box<dyn Error>> {
        if self.code == code {
            return Ok(self);
        }
        Err(format!("ended with {}, not {code}\nstdout: {}\nstderr: {}", self.code, self.out, self.err).into())
    }

    fn json(&self) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&self.out)?)
    }
}

/// Everything in a folder.
fn contents(dir: &Path) -> Result<Files, Box<dyn Error>> {
    let mut found = Files::new();
    let mut pending = vec![dir.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push((path.strip_prefix(dir)?.to_owned(), std::fs::read(&path)?));
            }
        }
    }
    found.sort();
    Ok(found)
}
