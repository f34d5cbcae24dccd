//! Files that must not be held in memory.

use std::io::Write;

use cellsweep_ingest::IngestOptions;

use crate::{Folder, GOOD, HEADER, read_all, summary};

/// Peak memory of this process so far, in bytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("VmHWM: 0 kB");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// A line of 400 MB between two good rows, compressed so that it comes from 400 kB.
#[test]
fn an_endless_line_is_passed_over() {
    let folder = Folder::new();
    let path = folder.path().join("records.csv.zst");
    let mut encoder = zstd::Encoder::new(std::fs::File::create(&path).unwrap(), 1).unwrap();
    writeln!(encoder, "{HEADER}\n{GOOD}").unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..400 {
        encoder.write_all(&piece).unwrap();
    }
    writeln!(encoder, "\n{GOOD}").unwrap();
    encoder.finish().unwrap();
    let before = peak_memory();
    let outcome = read_all(&path, &IngestOptions { threads: 2, ..IngestOptions::default() }).unwrap();
    assert!(peak_memory() - before < 200 << 20, "{} bytes more", peak_memory() - before);
    insta::assert_snapshot!(summary(&outcome.report, &outcome.rejects), @"
    2 of 3 kept
    line 3: line longer than the limit
    ");
    assert_eq!(outcome.rejects[0].raw.len(), 4096);
}

#[test]
fn a_line_over_the_limit_within_a_block() {
    let folder = Folder::new();
    let long = "x".repeat(5_000);
    let path = folder.file("records.csv", format!("{HEADER}\n{GOOD}\n{long}\n{GOOD}\n").as_bytes());
    let outcome = read_all(&path, &IngestOptions { max_line_bytes: 4_000, ..IngestOptions::default() }).unwrap();
    insta::assert_snapshot!(summary(&outcome.report, &outcome.rejects), @"
    2 of 3 kept
    line 3: line longer than the limit
    ");
}
