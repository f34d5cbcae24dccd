//! The provider as a process.
//!
//! Its packages lie in cargo's target folder: installed once from the lock file, used again. Where that can't be, the test
//! fails and says what is missing.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

pub const SECRET: &str = "a secret of the tests, and of nobody else";
const NEEDED: &str = "Node 20 or later with npm is needed (Debian: `apt-get install nodejs npm`), and a package index that \
    npm can reach; `cargo xtask ci setup` sees to the former where it can";

/// A provider that stops when it is dropped.
pub struct Provider {
    child: Child,
    /// Kept open: a provider that can't say something any more ends.
    _says: BufReader<ChildStdout>,
    pub issuer: String,
}

impl Provider {
    /// Starts one on a port that is free, which sends browsers back to `redirect`, and waits until it answers.
    pub fn start(redirect: &str) -> Result<Self, Box<dyn Error>> {
        let mut node = Command::new("node");
        node.arg("provider.mjs").args([SECRET, redirect]).current_dir(installed()?);
        let errors = tempfile::NamedTempFile::new()?;
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors.reopen()?);
        let mut child = node.spawn().map_err(|error| format!("node: {error}. {NEEDED}"))?;
        let mut says = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let mut issuer = String::new();
        says.read_line(&mut issuer)?;
        let provider = Self { child, _says: says, issuer: issuer.trim().to_owned() };
        if provider.issuer.starts_with("http://localhost:") {
            return Ok(provider);
        }
        let why = fs::read_to_string(errors.path())?;
        Err(format!("the provider did not start: {issuer} {why}. {NEEDED}").into())
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // What can't be stopped ends with its input; the test has said what it had to.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The provider's folder, with its packages as the lock file has them. Tests that run at once wait for each other.
fn installed() -> Result<PathBuf, Box<dyn Error>> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cellsweep-accounts/tests/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("provider");
    fs::create_dir_all(&to)?;
    let lock = File::create(to.join("installing"))?;
    lock.lock()?;
    for name in ["package.json", "package-lock.json", ".npmrc", "provider.mjs"] {
        put(&to.join(name), &fs::read(from.join(name))?)?;
    }
    let (stamp, wanted) = (to.join("installed"), fs::read(from.join("package-lock.json"))?);
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        let npm = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&to).output();
        let npm = npm.map_err(|error| format!("npm: {error}. {NEEDED}"))?;
        if !npm.status.success() {
            return Err(format!("npm ci: {} {NEEDED}", String::from_utf8_lossy(&npm.stderr)).into());
        }
        fs::write(&stamp, wanted)?;
    }
    Ok(to)
}

/// Another test's provider may be reading the file: it is written only where it is another.
fn put(path: &Path, text: &[u8]) -> std::io::Result<()> {
    if fs::read(path).ok().as_deref() == Some(text) { Ok(()) } else { fs::write(path, text) }
}
