//! The answers to ASVS name tests and files: each of them has to be there.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where code is, and what is no code of ours.
const FOLDERS: [&str; 3] = ["crates", "web/src", "xtask"];
const NOT_OURS: [&str; 2] = ["node_modules", "target"];
/// Endings of files that the answers name.
const FILES: [&str; 5] = [".rs", ".ts", ".tsx", ".cedar", ".toml"];

#[test]
fn what_the_answers_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/src/asvs.md")).unwrap();
    let mut files = vec![root.join("Cargo.toml")];
    FOLDERS.iter().for_each(|folder| collect(&root.join(folder), &mut files));
    let missing: Vec<&str> = quoted(&page).filter(|name| !is_there(name, &files)).collect();
    assert!(missing.is_empty(), "docs/src/asvs.md names what isn't there: {missing:#?}");
}

/// What stands between backticks on one line, and looks like a test or a file.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    let all = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    all.filter(|name| name.contains("::") || is_file(name) || is_test(name))
}

fn is_file(name: &str) -> bool {
    FILES.iter().any(|ending| name.ends_with(ending)) && !name.contains('*')
}

/// A function of several words: shorter names are settings, parameters and crates.
fn is_test(name: &str) -> bool {
    let plain = name.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_');
    plain && name.matches('_').count() >= 2
}

fn is_there(name: &str, files: &[PathBuf]) -> bool {
    match name.split_once("::") {
        Some((file, test)) if is_file(file) => {
            files.iter().filter(|path| path.ends_with(file)).any(|path| has(path, test))
        }
        // A type and one of its functions or variants.
        Some((_, item)) => files.iter().any(|path| names(path, item)),
        None if is_file(name) => files.iter().any(|path| path.ends_with(name)),
        None => files.iter().any(|path| has(path, name)),
    }
}

fn has(path: &Path, test: &str) -> bool {
    words(path).contains(&format!("fn {test}"))
}

fn names(path: &Path, item: &str) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split(|char: char| !char.is_alphanumeric() && char != '_').any(|word| word == item)
}

/// The functions that a file has, as `fn name`.
fn words(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let name = |rest: &str| {
        rest.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or_default().to_owned()
    };
    text.split("fn ").skip(1).map(|rest| format!("fn {}", name(rest))).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !NOT_OURS.iter().any(|name| path.ends_with(name)) {
            collect(&path, files);
        } else if path.to_str().is_some_and(is_file) {
            files.push(path);
        }
    }
}
