//! A real PostgreSQL server of a test's own, on a socket in a folder of its own.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A server that stops when it is dropped.
pub struct Postgres {
    dir: tempfile::TempDir,
    pg_ctl: PathBuf,
}

const NEEDED: &str = "PostgreSQL 15 or newer is needed for this test (Debian 12: `apt-get install postgresql`)";

impl Postgres {
    /// Makes a cluster and starts it.
    pub fn start() -> Result<Self, Box<dyn Error>> {
        let bin = programs().ok_or(NEEDED)?;
        let server = Self { dir: tempfile::tempdir()?, pg_ctl: bin.join("pg_ctl") };
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(server.dir.path()))?;
        }
        let data = server.data();
        done(as_nobody_special(&bin.join("initdb")).args(["-A", "trust", "-U", "cellsweep", "-N", "-D"]).arg(&data))?;
        let options = format!("-k {} -c listen_addresses='' -c fsync=off", server.dir.path().display());
        let log = server.dir.path().join("log");
        let mut start = as_nobody_special(&server.pg_ctl);
        done(start.args(["start", "-w", "-D"]).arg(&data).arg("-o").arg(options).arg("-l").arg(log))?;
        Ok(server)
    }

    /// Where its database is.
    pub fn url(&self) -> String {
        let folder = self.dir.path().display().to_string().replace('/', "%2F");
        format!("postgres://cellsweep@localhost/postgres?host={folder}")
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = as_nobody_special(&self.pg_ctl);
        // A server that can't be stopped goes with the machine; the test has said what it had to.
        let _ = stop.args(["stop", "-m", "immediate", "-D"]).arg(self.data()).output();
    }
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    found.into_iter().find(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// PostgreSQL doesn't run as root.
fn as_nobody_special(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn done(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        .into())
}
