//! A log whose oldest entries were erased by law.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use cellsweep_proof::export::{Closed, ClosedReport, LogReport, Problem, Trust};
use cellsweep_proof::{
    Frontier, Hash, KeyChain, LogKind, MemoryTree, Signer, check_consistency, check_inclusion, nodes_to_keep,
    prove_consistency, prove_inclusion, stored_count,
};
use proptest::prelude::*;

use crate::exports::{check, said};
use crate::made::tree;
use crate::made_log::MadeLog;

/// Checkpoints over 2, 3 (a change of keys), 6 (co-signed), 7, 9 (another change) and 12 entries.
fn made() -> MadeLog {
    let mut log = MadeLog::access();
    log.grow(2);
    log.checkpoint();
    log.rotate(2);
    log.grow(3);
    log.witnessed_checkpoint();
    log.grow(1);
    log.checkpoint();
    log.grow(1);
    log.rotate(3);
    log.grow(3);
    log.checkpoint();
    log
}

fn nobody() -> Trust {
    Trust::default()
}

/// Reads what is left of a tree once everything else is erased.
fn pruned(tree: &MemoryTree, until: u64) -> impl FnMut(&[u64]) -> Result<Vec<Hash>, Infallible> + '_ {
    let kept: BTreeSet<u64> = nodes_to_keep(until).into_iter().collect();
    let mut reader = tree.reader();
    move |places| {
        let there = |place: &&u64| **place >= stored_count(until) || kept.contains(place);
        reader(&places.iter().filter(there).copied().collect::<Vec<u64>>())
    }
}

#[test]
fn a_closed_log_holds_and_says_what_can_t_be_checked() {
    let log = made();
    let files = log.files_behind(&log.close(None, 7));
    let trust =
        Trust { vkey: Some(log.first.verifier().clone()), witnesses: vec![MadeLog::witness().verifier().clone()] };
    let report = check(&files, &trust);
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!(report.closed, Some(ClosedReport { until: 7, proved: 2, signed_only: 3 }));
    assert_eq!((report.entries, report.signed, report.checkpoints, report.rotations), (5, 12, 3, 2));
    assert_eq!(report.witnessed.iter().map(|by| by.size).collect::<Vec<_>>(), [6], "over erased entries");
    let later = Trust { vkey: Some(MadeLog::signer(2).verifier().clone()), witnesses: vec![] };
    assert!(check(&files, &later).holds(), "any key that was in force");
    let other = Trust { vkey: Some(MadeLog::signer(9).verifier().clone()), witnesses: vec![] };
    assert!(said(&check(&files, &other))[0].starts_with("vkey: the key that was given"));
}

#[test]
fn a_log_can_be_closed_at_any_checkpoint_and_again() {
    let log = made();
    // Of the last, all would be gone.
    let (_, checkpoints) = log.checkpoints.split_last().unwrap();
    for (until, _) in checkpoints {
        let closed = log.close(None, *until);
        let report = check(&log.files_behind(&closed), &nobody());
        assert!(report.holds() && report.entries == 12 - until, "{until}: {:?}", said(&report));
        assert_eq!(Closed::parse(closed.to_text().unwrap().as_bytes()).as_ref(), Ok(&closed));
        for (further, _) in checkpoints.iter().filter(|(further, _)| further > until) {
            let again = log.close(Some(&closed), *further);
            assert!(again.continues(&closed) && !closed.continues(&again));
            assert_eq!(again.frontier, log.close(None, *further).frontier);
            let report = check(&log.files_behind(&again), &nobody());
            assert!(report.holds(), "{until}, then {further}: {:?}", said(&report));
        }
    }
}

#[test]
fn one_changed_byte_anywhere_is_named_with_its_file() {
    let log = made();
    let files = log.files_behind(&log.close(Some(&log.close(None, 6)), 9));
    assert!(check(&files, &nobody()).holds());
    for (path, bytes) in &files {
        let mut bent = files.clone();
        for at in 0..bytes.len() {
            // A witness's signature is checked by whoever has the witness's key.
            if is_witness_s(bytes, at) {
                continue;
            }
            // Every bit has its turn.
            let by = 1 << (at % 8);
            bent.get_mut(path).unwrap()[at] ^= by;
            let report = check(&bent, &nobody());
            let named = report.findings.iter().any(|finding| finding.file == *path);
            bent.get_mut(path).unwrap()[at] ^= by;
            assert!(named, "{path}, byte {at} ^ {by}: {:?}", said(&report));
        }
    }
}

/// Whether the byte is one of a witness's line, in a note or in a note that stands in JSON.
fn is_witness_s(bytes: &[u8], at: usize) -> bool {
    let mark = "\u{2014} witness".as_bytes();
    let Some(start) = bytes.windows(mark.len()).position(|window| window == mark) else { return false };
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\\');
    let end = bytes[start..].iter().position(ends).map(|end| start + end);
    end.is_some_and(|end| (start..end).contains(&at))
}

fn found(files: &BTreeMap<String, Vec<u8>>) -> (LogReport, Vec<Problem>) {
    let report = check(files, &nobody());
    let problems = report.findings.iter().map(|finding| finding.problem.clone()).collect();
    (report, problems)
}

#[test]
fn each_way_to_be_wrong_has_its_finding() {
    let log = made();
    let closed = log.close(Some(&log.close(None, 6)), 9);
    let refused = |change: &dyn Fn(&mut Closed), expected: &dyn Fn(&Problem) -> bool| {
        let mut closed = closed.clone();
        change(&mut closed);
        let mut files = log.files_behind(&self::made().close(None, 9));
        files.insert("closed.json".to_owned(), closed.to_text().unwrap().into_bytes());
        let (report, problems) = found(&files);
        assert!(report.findings[0].file == "closed.json" && expected(&problems[0]), "{:?}", said(&report));
        assert_eq!(problems.len(), 1, "what can't be told isn't: {:?}", said(&report));
    };
    let step =
        |size: u64| closed.steps.iter().position(|step| step.checkpoint.contains(&format!("\n{size}\n"))).unwrap();
    refused(&|closed| closed.frontier[1] = Hash::leaf(b"x"), &|found| {
        matches!(found, Problem::ClosedFrontier { until: 9 })
    });
    refused(&|closed| closed.frontier.truncate(1), &|found| matches!(found, Problem::ClosedFrontier { until: 9 }));
    refused(&|closed| drop(closed.steps.pop()), &|found| matches!(found, Problem::ClosedSize { until: 9, found: 6 }));
    refused(&|closed| closed.steps.clear(), &|found| matches!(found, Problem::ClosedSize { until: 9, found: 0 }));
    refused(&|closed| closed.until = 8, &|found| matches!(found, Problem::ClosedSize { until: 8, found: 9 }));
    refused(&|closed| closed.steps[step(9)].consistency[0] = Hash::leaf(b"x"), &|found| {
        matches!(found, Problem::ClosingsDisagree { earlier: 6, later: 9, .. })
    });
    refused(&|closed| closed.steps.swap(1, 2), &|found| {
        matches!(found, Problem::ClosingsDisagree { .. } | Problem::Checkpoint { .. })
    });
    refused(&|closed| closed.steps[step(3)].rotation = None, &|found| matches!(found, Problem::Checkpoint { .. }));
    refused(&|closed| drop(closed.steps.remove(step(3))), &|found| matches!(found, Problem::Checkpoint { .. }));
    refused(&|closed| closed.steps[step(3)].rotation.as_mut().unwrap().proof[0] = Hash::leaf(b"x"), &|found| {
        matches!(found, Problem::Rotation { .. })
    });
    refused(&|closed| closed.v = 2, &|found| matches!(found, Problem::Form { .. }));
}

/// Two histories under the same key: each closing holds by itself, and they can't both be of one log.
#[test]
fn two_closings_that_disagree_are_found() {
    let log = made();
    let mut other = MadeLog::access();
    other.grow(2);
    other.checkpoint();
    other.rotate(2);
    other.append("data.erased", cellsweep_proof::Object::new());
    other.grow(2);
    other.checkpoint();
    let (ours, theirs) = (log.close(None, 6), other.close(None, 6));
    assert!(!ours.continues(&theirs) && !log.close(Some(&ours), 7).continues(&theirs));
    let mut files = log.files_behind(&log.close(Some(&ours), 7));
    let mut mixed = log.close(Some(&ours), 7);
    mixed.steps[1] = theirs.steps[1].clone();
    files.insert("closed.json".to_owned(), mixed.to_text().unwrap().into_bytes());
    let (report, problems) = found(&files);
    assert!(matches!(problems[0], Problem::ClosingsDisagree { earlier: 6, later: 7, .. }), "{:?}", said(&report));
    // A checkpoint beside the closing, over the same erased entries, that the same key signed.
    let mut files = log.files_behind(&log.close(Some(&ours), 9));
    files.insert("checkpoints/6".to_owned(), theirs.steps[1].checkpoint.clone().into_bytes());
    let (report, problems) = found(&files);
    assert!(
        problems == [Problem::Fork { size: 6 }] && report.findings[0].file == "checkpoints/6",
        "{:?}",
        said(&report)
    );
}

#[test]
fn entries_that_should_be_gone_or_never_were_are_said() {
    let log = made();
    let closed = log.close(None, 7);
    let mut files = log.files();
    files.insert("closed.json".to_owned(), closed.to_text().unwrap().into_bytes());
    let (report, problems) = found(&files);
    assert_eq!(problems, [Problem::NotErased { n: 0, entries: 7, until: 7 }]);
    assert_eq!((report.entries, report.signed), (5, 12), "the rest is checked all the same");

    let mut short = log.clone();
    short.checkpoints.truncate(3);
    let mut files = short.files_behind(&closed);
    files.insert("entries.jsonl".to_owned(), Vec::new());
    files.insert("hashes".to_owned(), Vec::new());
    assert_eq!(found(&files).1, [Problem::ClosedBeyond { until: 7, latest: 6 }, Problem::ClosedUnnamed]);

    let mut files = log.files_behind(&closed);
    for name in ["entries.jsonl", "hashes"] {
        let text = String::from_utf8(files[name].clone()).unwrap();
        files.insert(name.to_owned(), text.split_inclusive('\n').skip(1).collect::<String>().into_bytes());
    }
    assert!(found(&files).1.contains(&Problem::Number { expected: 7, found: 8 }));

    let mut files = log.files_behind(&closed);
    files.remove("closed.json");
    assert!(!check(&files, &nobody()).holds(), "a log whose beginning is missing without a word");

    let mut custody = MadeLog::new();
    custody.grow(4);
    custody.checkpoint();
    custody.grow(1);
    custody.checkpoint();
    assert_eq!(found(&custody.files_behind(&custody.close(None, 4))).1, [Problem::ClosedCustody]);
}

/// A log that says by its name which it is, as a case's do.
fn named(which: LogKind) -> MadeLog {
    let name = format!("cellsweep/case-1/{which}").parse().unwrap();
    let key = Signer::from_seed(name, &[1; 32]);
    MadeLog { first: key.clone(), key, which, ..MadeLog::new() }
}

/// Whoever empties the custody log, and closes it where it ends, leaves no entry that says which log it was.
#[test]
fn a_log_without_any_entry_is_the_access_log_or_a_finding() {
    let problems = |mut log: MadeLog| {
        log.grow(5);
        log.checkpoint();
        found(&log.files_behind(&log.close(None, 5))).1
    };
    assert_eq!(problems(named(LogKind::Custody)), [Problem::ClosedCustody]);
    assert_eq!(problems(MadeLog::new()), [Problem::ClosedUnnamed]);
    assert_eq!(problems(named(LogKind::Access)), []);
}

#[test]
fn what_would_not_be_provable_is_not_closed() {
    let log = made();
    let closed = log.close(None, 6);
    let note = &log.checkpoints[2].1;
    assert!(Closed::close(Some(&closed), &[], note, log.tree.reader()).is_err(), "closed there already");
    let mut other = MadeLog::access();
    other.grow(12);
    assert!(Closed::close(None, &[], note, other.tree.reader()).is_err(), "other hashes than were signed for");
    assert!(Closed::close(None, &[], note, pruned(&log.tree, 12)).is_err(), "hashes that are gone");
}

#[test]
fn an_altered_entry_behind_the_closing_is_named_by_its_line() {
    let log = made();
    let mut files = log.files_behind(&log.close(None, 7));
    let text = String::from_utf8(files["entries.jsonl"].clone()).unwrap();
    files.insert("entries.jsonl".to_owned(), text.replace("\"rows\":63", "\"rows\":64").into_bytes());
    assert_eq!(
        said(&check(&files, &nobody())),
        ["entries.jsonl, line 3: the entry was altered: its hash is not the one that the checkpoint over 12 entries \
          vouches for"]
    );
}

#[test]
fn every_key_opens_the_checkpoints_of_its_time() {
    let log = made();
    let mut keys = KeyChain::new(log.first.verifier().clone());
    for n in &log.rotated {
        let entry = cellsweep_proof::Entry::parse(log.lines[*n as usize].as_bytes()).unwrap();
        keys.follow(&entry).unwrap();
    }
    for (size, note) in &log.checkpoints {
        assert_eq!(keys.open(note).unwrap().size, *size);
    }
    assert!(keys.first() == log.first.verifier() && keys.last() == log.key.verifier() && keys.changes() == 2);
    assert!(
        keys.in_force(3) == MadeLog::signer(1).verifier() && keys.handed_to(3) == Some(MadeLog::signer(2).verifier())
    );
    assert!(keys.in_force(4) == MadeLog::signer(2).verifier() && keys.handed_to(4).is_none());
}

/// The files of version 1, as they were first written: `CELLSWEEP_BLESS=1` writes them.
#[test]
fn the_export_of_version_1_stays_readable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/closed-1");
    let log = made();
    let made = log.files_behind(&log.close(Some(&log.close(None, 6)), 9));
    if std::env::var_os("CELLSWEEP_BLESS").is_some() {
        for (name, bytes) in &made {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    let mut files = BTreeMap::new();
    read(&folder, &folder, &mut files);
    let report = check(&files, &nobody());
    assert_eq!(said(&report), Vec::<String>::new());
    assert_eq!(report.closed, Some(ClosedReport { until: 9, proved: 3, signed_only: 4 }));
    assert_eq!((report.entries, report.signed, report.checkpoints), (3, 12, 2));
    assert_eq!(files, made, "and is written as it was");
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| Hash::leaf(&n.to_le_bytes())).collect()
}

proptest! {
    /// Whatever is erased below `until`, every proof that is still of use comes out as it did.
    #[test]
    fn all_later_proofs_come_out_of_what_is_kept(size in 1u64..200, until: u64, old: u64, index: u64) {
        let until = until % (size + 1);
        let old = until + old % (size - until + 1);
        let tree = tree(&leaves(size));
        prop_assert!(nodes_to_keep(until).len() <= 64);
        let root_then = Frontier::read(old, tree.reader()).unwrap().root();
        let proof = prove_consistency(size, old, pruned(&tree, until)).unwrap();
        prop_assert_eq!(&proof, &prove_consistency(size, old, tree.reader()).unwrap());
        prop_assert_eq!(check_consistency(&proof, size, &tree.root(), old, &root_then), Ok(()));
        if until < size {
            let index = until + index % (size - until);
            let proof = prove_inclusion(size, index, pruned(&tree, until)).unwrap();
            let leaf = leaves(size)[index as usize];
            prop_assert_eq!(check_inclusion(&proof, size, &tree.root(), index, &leaf), Ok(()));
        }
        let mut grown = Frontier::from_peaks(until, Frontier::read(until, tree.reader()).unwrap().peaks().to_vec()).unwrap();
        leaves(size)[until as usize..].iter().for_each(|leaf| grown.push(*leaf));
        prop_assert_eq!(grown.root(), tree.root());
    }

    /// Any log, closed anywhere and closed further from what was kept, holds.
    #[test]
    fn any_log_holds_behind_its_closing(
        parts in prop::collection::vec((1u64..9, any::<bool>()), 2..7), first: prop::sample::Index, next: prop::sample::Index,
    ) {
        let mut log = MadeLog::access();
        for (seed, (entries, rotates)) in (2..).zip(&parts) {
            log.grow(*entries);
            if *rotates { log.rotate(seed) } else { log.checkpoint() }
        }
        let sizes: Vec<u64> = log.checkpoints.iter().map(|(size, _)| *size).collect();
        log.grow(1);
        log.checkpoint();
        let at = first.index(sizes.len());
        let closed = log.close(None, sizes[at]);
        let report = check(&log.files_behind(&closed), &nobody());
        prop_assert!(report.holds(), "{:?}", said(&report));
        let further = at + 1 + next.index(sizes.len());
        if further < sizes.len() {
            let until = sizes[further];
            let again = log.close(Some(&closed), until);
            prop_assert!(again.continues(&closed));
            let checkpoint = &log.checkpoints[further].1;
            let handed: Vec<_> = again.steps[closed.steps.len()..].iter().filter_map(|step| {
                let entry = step.rotation.as_ref()?.entry.clone();
                Some(cellsweep_proof::export::HandOver { entry, checkpoint: step.checkpoint.clone() })
            }).collect();
            let from_kept = Closed::close(Some(&closed), &handed, checkpoint, pruned(&log.tree, closed.until)).unwrap();
            prop_assert_eq!(&from_kept, &again);
            prop_assert!(check(&log.files_behind(&again), &nobody()).holds());
        }
    }

    #[test]
    fn a_changed_frontier_leads_to_another_root(size in 1u64..200, at: prop::sample::Index, bit in 0usize..256) {
        let tree = tree(&leaves(size));
        let mut peaks = Frontier::read(size, tree.reader()).unwrap().peaks().to_vec();
        let at = at.index(peaks.len());
        peaks[at].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(Frontier::from_peaks(size, peaks.clone()).unwrap().root(), tree.root());
        peaks.pop();
        prop_assert!(Frontier::from_peaks(size, peaks).is_err());
    }

    #[test]
    fn any_closed_file_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[{}\\[\\]\",:a-z0-9]{0,80}\n") {
        let log = made();
        for bytes in [bytes, text.into_bytes()] {
            let mut files = log.files_behind(&log.close(None, 7));
            files.insert("closed.json".to_owned(), bytes);
            prop_assert!(!check(&files, &nobody()).holds());
        }
    }
}
