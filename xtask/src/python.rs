//! A Python of the bench's own, with the peers that cellsweep is measured against.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::repo::{self, Repo};

/// A virtual environment with `bench/requirements.txt` in it.
pub struct Python {
    program: PathBuf,
    scripts: PathBuf,
}

impl Python {
    /// Makes it under `folder`, or finds it there.
    pub fn prepare(repo: &Repo, folder: &Path) -> Result<Self> {
        let venv = folder.join("venv");
        let program = venv.join("bin").join("python");
        if !program.exists() {
            repo::check(repo.command("python3").args(["-m", "venv"]).arg(&venv))
                .context("Python 3.11 with venv is needed (Debian: python3-venv)")?;
        }
        let mut pip = repo.command(&program);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "bench/requirements.txt"]);
        repo::check(&mut pip)?;
        Ok(Self { program, scripts: repo.root.join("bench") })
    }

    /// A script of `bench/`.
    pub fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(self.scripts.join(name));
        command
    }
}
