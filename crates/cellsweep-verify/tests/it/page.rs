//! The commands of the book's page "What can be proved", run as they stand there.

use std::path::Path;
use std::process::Command;

use crate::go::Verifier;
use crate::made_log::MadeLog;
use crate::tools::{output, with_manifest, write};

/// The page's block of commands that holds `mark`.
fn block(mark: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/proof.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("\n\n").filter(|block| block.starts_with("    ") && block.contains(mark));
    let lines: Vec<&str> = blocks.flat_map(|block| block.lines().map(|line| line.trim_start_matches("    "))).collect();
    assert!(!lines.is_empty(), "no block with {mark}");
    lines.join("\n")
}

fn shell(folder: &Path, commands: &str) -> String {
    let output = output(Command::new("sh").args(["-c", commands]).current_dir(folder));
    assert!(output.status.success(), "{commands}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn package() -> (MadeLog, tempfile::TempDir) {
    let mut log = MadeLog::new();
    log.grow(7);
    log.checkpoint();
    log.grow(8);
    log.checkpoint();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("log"), &with_manifest(log.files()));
    std::fs::write(folder.path().join("item.json"), log.item("item:1").to_text().unwrap()).unwrap();
    (log, folder)
}

#[test]
fn a_bundle_goes_to_go_s_verifier() {
    let (log, folder) = package();
    let index = shell(folder.path(), &block("python3 -c"));
    assert_eq!(index, "1\n");
    let path = |name| folder.path().join(name);
    std::fs::write(path("vkey"), log.first.verifier().to_string()).unwrap();
    let words =
        [Path::new("record"), &path("vkey"), &path("checkpoint"), Path::new("1"), &path("record"), &path("proof")];
    assert!(Verifier::built().holds(&words));
}

#[test]
fn an_entry_s_hash_is_made_by_hand() {
    let (_, folder) = package();
    let ours = std::fs::read_to_string(folder.path().join("log/hashes")).unwrap();
    let by_hand = shell(folder.path(), &block("printf"));
    assert_eq!(by_hand.split_whitespace().next(), ours.lines().nth(11));
    let sums = shell(folder.path(), &block("sha256sum -c"));
    assert!(sums.lines().count() == 5 && sums.lines().all(|line| line.ends_with(": OK")), "{sums}");
}
