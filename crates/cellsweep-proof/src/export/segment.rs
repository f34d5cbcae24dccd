//! The entries between two checkpoints: which of their lines were altered, as far as that can be told.

use super::{ENTRIES, Finding, HASHES, Problem, finding};
use crate::hash::Hash;
use crate::tree::Frontier;

/// Lines that are named in one segment; more are counted.
const MOST_NAMED: usize = 100;

/// Two trees side by side, one over the entries and one over the hashes, both grown from what the last checkpoint
/// vouches for. While they are the same there is one.
pub(super) struct Segments {
    entries: Frontier,
    /// Where it differs from the entries' tree.
    hashes: Option<Frontier>,
    /// Where this segment began.
    start: u64,
    /// Whether everything before is vouched for.
    sure: bool,
    /// Whether there are hashes to compare with.
    compare: bool,
    differing: Vec<u64>,
    differ: u64,
}

/// Whether a root was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// The entries lead to it.
    Entries,
    /// Only the hashes lead to it, or nothing does; findings say so.
    Not,
    /// Something before was altered, so nothing leads to it; that was said.
    Unsure,
}

impl Segments {
    /// From where a log's entries begin.
    pub fn new(entries: Frontier, compare: bool) -> Self {
        let start = entries.size();
        Self { entries, hashes: None, start, sure: true, compare, differing: Vec::new(), differ: 0 }
    }

    /// Begins somewhere else, before the first entry.
    pub fn start_at(&mut self, entries: Frontier) {
        *self = Self::new(entries, self.compare);
    }

    /// Begins behind so many entries of which nothing is known: no root is met from here on.
    pub fn lose_sight(&mut self, size: u64) {
        self.start_at(Frontier::unknown(size));
        self.sure = false;
    }

    pub fn size(&self) -> u64 {
        self.entries.size()
    }

    /// Takes an entry's leaf hash and the one that `hashes` has for it, in this line of both files.
    pub fn push(&mut self, line: u64, entry: Hash, hash: Hash) {
        if self.compare && entry != hash {
            self.hashes.get_or_insert_with(|| self.entries.clone());
            self.differ += 1;
            if self.differing.len() < MOST_NAMED {
                self.differing.push(line);
            }
        }
        self.entries.push(entry);
        if let Some(hashes) = &mut self.hashes {
            hashes.push(hash);
        }
    }

    /// Ends the segment at a signed root.
    pub fn meet(&mut self, root: &Hash, findings: &mut Vec<Finding>) -> Met {
        if !self.sure {
            self.name(ENTRIES, &Problem::EitherAltered, findings);
            return Met::Unsure;
        }
        let size = self.entries.size();
        let by_entries = self.entries.root() == *root;
        let hashes = self.hashes.take();
        if by_entries {
            self.name(HASHES, &Problem::HashAltered { size }, findings);
        } else if let Some(hashes) = hashes.filter(|hashes| hashes.root() == *root) {
            self.name(ENTRIES, &Problem::EntryAltered { size }, findings);
            self.entries = hashes;
        } else {
            self.lose(findings);
        }
        self.start = size;
        if by_entries { Met::Entries } else { Met::Not }
    }

    /// Neither leads to the signed root.
    fn lose(&mut self, findings: &mut Vec<Finding>) {
        if self.differ == 0 {
            let between = Problem::Between { from: self.start + 1, to: self.entries.size() };
            findings.push(finding(ENTRIES, None, between));
        }
        self.name(ENTRIES, &Problem::EitherAltered, findings);
        self.sure = false;
    }

    /// Ends the last segment, which no checkpoint closes.
    pub fn close(&mut self, findings: &mut Vec<Finding>) {
        self.name(ENTRIES, &Problem::EitherAltered, findings);
    }

    fn name(&mut self, file: &str, problem: &Problem, findings: &mut Vec<Finding>) {
        let more = self.differ - self.differing.len() as u64;
        findings.extend(self.differing.drain(..).map(|line| finding(file, Some(line), problem.clone())));
        if more > 0 {
            findings.push(finding(file, None, Problem::More { lines: more }));
        }
        self.differ = 0;
    }
}
