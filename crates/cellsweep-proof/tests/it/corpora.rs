//! The fuzzers' corpora, replayed and mutated a little: nothing that comes in may panic.

#[path = "../../../../fuzz/src/proofs.rs"]
mod proofs;

use std::path::Path;

use cellsweep_proof::export::Code;
use proptest::prelude::*;

use crate::made_log::MadeLog;

/// Each has a target and a corpus.
const KINDS: [&str; 7] = ["note", "checkpoint", "entry", "item", "closed", "code", "stamp"];

fn seeds(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(kind);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

proptest! {
    #[test]
    fn every_kind_has_a_corpus_and_survives_it(
        at: prop::sample::Index, by in 0u8.., cut: prop::sample::Index, twice: bool,
    ) {
        for kind in KINDS {
            let seeds = seeds(kind);
            prop_assert!(!seeds.is_empty(), "{}", kind);
            for seed in seeds {
                let mut bytes = seed.clone();
                let here = at.index(bytes.len());
                bytes[here] ^= by;
                proofs::read(kind, &bytes);
                bytes.truncate(cut.index(seed.len()));
                if twice {
                    bytes.extend(&seed);
                }
                proofs::read(kind, &bytes);
            }
        }
    }
}

/// `CELLSWEEP_BLESS=1` writes the seeds anew from a made-up log.
#[test]
fn seeds_are_what_a_log_looks_like() {
    let mut log = MadeLog::new();
    log.grow(3);
    log.witnessed_checkpoint();
    log.rotate(2);
    log.grow(1);
    log.checkpoint();
    let files = log.files();
    let part = |name: &str| String::from_utf8(files[name].clone()).unwrap().trim_end().to_owned();
    let whole = ["vkey", "checkpoint", "entries.jsonl", "hashes"].map(part).join("\n%\n");
    let written = [
        ("note/witnessed", part("checkpoints/3") + "\n"),
        ("note/handed-on", part("checkpoints/4") + "\n"),
        ("checkpoint/log", whole),
        ("entry/sealed", log.lines[0].clone()),
        ("entry/rotation", log.lines[3].clone()),
        ("item/history", log.item("item:1").to_text().unwrap()),
        ("closed/log", log.close(None, 5).to_text().unwrap()),
        ("code/label", Code::of(&log.item("item:1")).unwrap().to_string()),
    ];
    for (name, text) in written {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        if std::env::var_os("CELLSWEEP_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
    }
}
