//! Other projects' programs, in a virtual environment in cargo's target folder: made once, used again. Where that
//! can't be, the test fails and says what is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("tools/requirements.txt");
const NEEDED: &str = "Python 3.11 or later with venv is needed (Debian: `apt-get install python3 python3-venv`), and \
    a package index that pip can reach; `cargo xtask ci setup` sees to the former where it can";

/// A program of the environment's.
pub fn program(name: &str) -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(environment).join("bin").join(name)
}

/// A folder of a test's own, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("share-files").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a program that must be there says.
pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"))
}

/// What a Python script says to files, one line each; it must end well and say nothing else.
pub fn python(script: &str, files: &[&Path]) -> String {
    let output = output(Command::new(program("python")).args(["-W", "ignore", "-c", script]).args(files));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// The virtual environment; whole where its list of packages is the one asked for. Tests run in processes of their
/// own: one makes it, the others wait.
fn environment() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("share");
    std::fs::create_dir_all(&folder).unwrap();
    let lock = std::fs::File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let made_of = folder.join("made-of.txt");
    if std::fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return folder;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut pip = Command::new(folder.join("bin").join("python"));
    // The list is whole, so that nothing is looked for that has to be compiled.
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]);
    run(pip.args(REQUIREMENTS.lines().filter(|line| !line.starts_with('#'))));
    std::fs::write(made_of, REQUIREMENTS).unwrap();
    folder
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"));
    assert!(status.success(), "{command:?} ended with {status}. {NEEDED}");
}
