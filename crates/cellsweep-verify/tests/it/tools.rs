//! Files in a folder of the test's own, and programs that are not ours.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cellsweep_proof::Hash;
use cellsweep_proof::export::Manifest;

pub const NEEDED: &str = "Go with golang.org/x/mod, OpenSSL and Python 3.11 with venv are needed (Debian: `apt-get \
    install golang-go golang-golang-x-mod-dev openssl python3 python3-venv`), and a package index that pip can reach; \
    `cargo xtask ci setup` sees to the former where it can";

/// Writes files by their paths.
pub fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// The files' own manifest beside them.
pub fn with_manifest(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let digests = files.iter().map(|(path, bytes)| (path.clone(), Hash::of(bytes))).collect();
    let manifest = Manifest::new(digests).unwrap();
    files.insert("manifest.sha256".to_owned(), manifest.to_string().into_bytes());
    files
}

/// Runs a program that must be there.
pub fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"))
}

/// Runs a program that must be there and end well.
pub fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"));
    assert!(status.success(), "{command:?} ended with {status}. {NEEDED}");
}

/// A folder in cargo's target folder: made once, used again.
pub fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Our program: exit code, what it said.
pub fn verify(words: &[&OsStr]) -> (i32, String) {
    let output = output(Command::new(env!("CARGO_BIN_EXE_cellsweep-verify")).args(words));
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}
