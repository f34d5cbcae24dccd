//! Every byte of a small export, changed one at a time: each is refused, and its file is named.

use std::collections::BTreeMap;
use std::path::Path;

use crate::made_log::MadeLog;
use crate::tools::{with_manifest, write};

fn made() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(2);
    log.checkpoint();
    log.rotate(2);
    log.grow(2);
    log.checkpoint();
    log
}

/// In the process itself: a program for each byte would take minutes.
fn verify(words: &[&str]) -> (u8, String) {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let code = cellsweep_verify::run(&words, &mut out, &mut errors);
    (code, String::from_utf8([out, errors].concat()).unwrap())
}

fn flip_all(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    let words = ["log", folder.to_str().unwrap()];
    let (code, said) = verify(&words);
    assert_eq!(code, 0, "{said}");
    for (name, bytes) in files {
        let path = folder.join(name);
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            // Every bit has its turn.
            bent[at] ^= 1 << (at % 8);
            std::fs::write(&path, bent).unwrap();
            let (code, said) = verify(&words);
            let named = said.lines().any(|line| line.starts_with(&format!("  {name}")));
            assert!(code == 1 && named, "{name}, byte {at}: {code}\n{said}");
        }
        std::fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn each_byte_of_an_export_with_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let files = with_manifest(made().files());
    write(folder.path(), &files);
    // A digest that was changed names the file that it is of.
    let (manifest, rest): (BTreeMap<_, _>, BTreeMap<_, _>) =
        files.into_iter().partition(|(name, _)| name == "manifest.sha256");
    flip_all(folder.path(), &rest);
    let bytes = &manifest["manifest.sha256"];
    for at in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[at] ^= 1 << (at % 8);
        std::fs::write(folder.path().join("manifest.sha256"), bent).unwrap();
        let (code, said) = verify(&["files", folder.path().to_str().unwrap()]);
        assert!(code == 1 && said.contains("manifest"), "byte {at}: {said}");
    }
}

/// A forger would write the manifest anew: signatures and hashes alone find every byte, too.
#[test]
fn each_byte_of_an_export_without_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let files = made().files();
    write(folder.path(), &files);
    flip_all(folder.path(), &files);
}

#[test]
fn each_byte_of_a_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("item.json");
    let words = ["item", path.to_str().unwrap()];
    let bytes = made().item("item:1").to_text().unwrap().into_bytes();
    std::fs::write(&path, &bytes).unwrap();
    let (code, said) = verify(&words);
    assert_eq!(code, 0, "{said}");
    for at in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[at] ^= 1 << (at % 8);
        std::fs::write(&path, bent).unwrap();
        let (code, said) = verify(&words);
        assert!(code == 1 && said.contains("  item.json: "), "byte {at}: {said}");
    }
}

#[test]
fn each_byte_of_an_export_whose_oldest_entries_were_erased() {
    let mut log = MadeLog::access();
    log.grow(2);
    log.checkpoint();
    log.rotate(2);
    log.grow(2);
    log.checkpoint();
    let folder = tempfile::tempdir().unwrap();
    let files = log.files_behind(&log.close(Some(&log.close(None, 2)), 3));
    write(folder.path(), &files);
    flip_all(folder.path(), &files);
}
