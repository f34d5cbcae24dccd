//! The fuzzers' corpora, replayed and mutated a little: nothing that comes in may panic.

#[path = "../../../../fuzz/src/readers.rs"]
mod readers;

use std::path::{Path, PathBuf};

/// Each has a target and a corpus.
const READERS: [&str; 14] = [
    "records",
    "compressed",
    "tables",
    "csv",
    "workbook",
    "json",
    "etsi",
    "sql",
    "geojson",
    "osm",
    "parquet",
    "profile",
    "library",
    "guess",
];

/// How often each seed is changed; the fuzzers do it without end.
const MUTATIONS: u64 = 60;

fn seeds(reader: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(reader);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// Numbers that look drawn and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

/// Flips, cuts, repeats and exchanges bytes.
fn mutated(seed: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=draw.below(4) {
        let at = draw.below(bytes.len());
        match draw.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, seed[at.min(seed.len())..].iter().copied().take(64).collect::<Vec<u8>>())),
            2 if !bytes.is_empty() => bytes[at] = draw.below(256) as u8,
            3 if !bytes.is_empty() => bytes[at] ^= 1 << draw.below(8),
            _ => drop(bytes.drain(at..(at + draw.below(16)).min(bytes.len()))),
        }
    }
    bytes
}

#[test]
fn every_reader_has_a_corpus_and_survives_it() {
    for reader in READERS {
        let seeds = seeds(reader);
        assert!(!seeds.is_empty(), "{reader}");
        for (_, seed) in &seeds {
            readers::read(reader, seed);
            let mut draw = Draw(seed.len() as u64);
            for _ in 0..MUTATIONS {
                readers::read(reader, &mutated(seed, &mut draw));
            }
        }
    }
}
