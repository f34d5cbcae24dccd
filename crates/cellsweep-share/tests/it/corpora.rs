//! The fuzzers' corpora, replayed and mutated a little: nothing that comes in may panic.

#[path = "../../../../fuzz/src/packages.rs"]
mod packages;

use std::path::{Path, PathBuf};

use cellsweep_share::compare::{Session, Side};
use cellsweep_share::zip::Limits;
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::made::{case, imei, key, package, signer};

/// Each has a target and a corpus.
const KINDS: [&str; 5] = ["package", "snapshot", "answers", "notice", "comparison"];

fn corpus(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(kind)
}

fn seeds(kind: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(corpus(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

proptest! {
    #[test]
    fn every_kind_has_a_corpus_and_survives_it(at: prop::sample::Index, by in 0u8.., cut: prop::sample::Index) {
        for kind in KINDS {
            let seeds = seeds(kind);
            prop_assert!(!seeds.is_empty(), "{}", kind);
            for seed in seeds {
                let mut bytes = seed.clone();
                let here = at.index(bytes.len());
                bytes[here] ^= by;
                packages::read(kind, &bytes);
                bytes.truncate(cut.index(seed.len()));
                packages::read(kind, &bytes);
            }
        }
    }
}

/// `CELLSWEEP_BLESS=1` writes the seeds anew.
#[test]
fn seeds_are_what_comes_in() {
    let session = Session { id: [7; 32], size: 3 };
    let list = [imei(1), imei(2)].into_iter().collect();
    let (_, blinded) = Side::new(&list, session, &Zeroizing::new([1; 64])).unwrap();
    let sealed = package(case(1, 1)).seal(&signer(1), &Limits::default()).unwrap();
    let answers = b"request,outcome,time,note\r\nM7-1,disabled,2026-11-04T08:00:00Z,\"a, b\"\r\n".to_vec();
    let recall = crate::recalls::notice().to_note(&signer(1)).unwrap();
    let keys = format!("version = 1\n[[key]]\nof = \"a\"\nkey = \"{}\"\nuntil = \"2030-01-01T00:00:00Z\"\n", key(1));
    let written = [
        ("package", "case.zip", sealed),
        ("snapshot", "case.json", case(1, 1).to_json().unwrap()),
        ("answers", "one.csv", answers),
        ("notice", "recall.note", recall),
        ("notice", "keys.toml", keys.into_bytes()),
        ("comparison", "blinded", blinded.to_bytes()),
    ];
    for (kind, name, bytes) in written {
        let path = corpus(kind).join(name);
        if std::env::var_os("CELLSWEEP_BLESS").is_some() {
            std::fs::create_dir_all(corpus(kind)).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        // A newer deflate may pack the same members in other bytes.
        let same = kind == "package" || std::fs::read(&path).unwrap() == bytes;
        assert!(same, "{} is not what is written today", path.display());
    }
}
