//! The checkout that the commands work on, and how they start programs in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The checkout.
pub struct Repo {
    /// Its top folder.
    pub root: PathBuf,
}

impl Repo {
    /// The checkout of the running xtask: cargo says where its package lies.
    pub fn find() -> Result<Self> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask`")?;
        let root = Path::new(&package).parent().context("xtask lies in no workspace")?.to_path_buf();
        Ok(Self { root })
    }

    /// The cargo that started us.
    pub fn cargo(&self) -> Command {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// A program that starts at the top folder.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// A text file of the checkout.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<String> {
        let path = self.root.join(path);
        std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
    }

    /// Every file that is or would be committed, by relative path, sorted.
    pub fn files(&self) -> Result<Vec<String>> {
        let listing = output(self.command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
        let mut files: Vec<String> =
            listing.lines().filter(|file| self.root.join(file).is_file()).map(str::to_owned).collect();
        files.sort();
        files.dedup();
        Ok(files)
    }
}

/// Runs a command, its output shown, and fails when it does.
pub fn check(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("start {}", shown(command)))?;
    ensure!(status.success(), "{} ended with {status}", shown(command));
    Ok(())
}

/// Runs a command and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(std::process::Stdio::inherit()).output().with_context(|| format!("start {}", shown(command)))?;
    ensure!(output.status.success(), "{} ended with {}", shown(command), output.status);
    String::from_utf8(output.stdout).context("output is not UTF-8")
}

/// Whether a command runs and succeeds, its output passed over.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The command line as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
