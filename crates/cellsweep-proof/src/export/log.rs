//! A whole log, streamed: memory is a few hashes, however long it is.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::closed::{Kept, Start};
use super::lines::{Line, Lines};
use super::marks::{self, Mark};
use super::report::LogReport;
use super::segment::{Met, Segments};
use super::{CLOSED, ENTRIES, Finding, HASHES, Problem, Trust, VKEY, finding};
use crate::entry::{Entry, Head};
use crate::hash::{BadHash, Hash};
use crate::key::Verifier;
use crate::rotation::{KeyChain, ROTATED, rotation};
use crate::tree::Frontier;
use crate::words::{LogKind, Moment};

mod end;

/// Findings that are listed; a log that is all wrong says so without listing every line.
const MOST_FINDINGS: usize = 1_000;

/// A log's small files, read whole; none where it isn't there.
#[derive(Debug, Clone, Default)]
pub struct LogFiles {
    /// `vkey`.
    pub vkey: Option<Vec<u8>>,
    /// `checkpoint`.
    pub checkpoint: Option<Vec<u8>>,
    /// `checkpoints/`, by name.
    pub checkpoints: BTreeMap<String, Vec<u8>>,
    /// `stamps/`, by name.
    pub stamps: BTreeMap<String, Vec<u8>>,
    /// `closed.json`, where the oldest entries were erased.
    pub closed: Option<Vec<u8>>,
}

/// Checks a whole log: its entries, their hashes, every checkpoint on the way. Where the oldest entries were erased, what
/// is kept of them, and the entries from there on.
///
/// # Errors
/// Where a stream can't be read.
pub fn check_log(
    files: &LogFiles,
    entries: impl BufRead,
    hashes: Option<impl BufRead>,
    trust: &Trust,
) -> io::Result<LogReport> {
    let mut findings = Vec::new();
    let marks = marks::read(files.checkpoint.as_deref(), &files.checkpoints, &mut findings);
    let mut keys = first_key(files, trust, &mut findings).map(KeyChain::new);
    if hashes.is_none() {
        findings.push(finding(HASHES, None, Problem::Missing));
    }
    let start = Start::of(files.closed.as_deref(), keys.as_mut(), &mut findings);
    let mut check = Check::new(keys, &marks, hashes.is_some(), findings);
    check.start(start);
    check.stream(Lines::new(entries), hashes.map(Lines::new))?;
    Ok(check.finish(files, trust))
}

/// The log's first key, as the files have it; the given one where they have none.
fn first_key(files: &LogFiles, trust: &Trust, findings: &mut Vec<Finding>) -> Option<Verifier> {
    let read = |bytes: &[u8]| -> Result<Verifier, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let line = text.strip_suffix('\n').ok_or("it does not end with a newline")?;
        line.parse().map_err(|error| format!("{error}"))
    };
    let problem = match files.vkey.as_deref().map(read) {
        Some(Ok(key)) => return Some(key),
        Some(Err(why)) => Problem::Form { why },
        None => Problem::Missing,
    };
    findings.push(finding(VKEY, None, problem));
    trust.vkey.clone()
}

struct Check<'a> {
    /// All keys that were in force so far.
    keys: Option<KeyChain>,
    marks: &'a [Mark],
    /// The first mark that the entries haven't reached.
    next: usize,
    good: Vec<&'a Mark>,
    /// Those over erased entries, of which only the signature holds.
    earlier: Vec<&'a Mark>,
    segments: Segments,
    from: From,
    /// Lines read of `entries.jsonl`.
    line: u64,
    /// Entries that should have been erased: the first one's line and index, and how many.
    left: Option<(u64, u64, u64)>,
    /// A key that the entry just read names, until its hand-over checkpoint is met.
    successor: Option<Verifier>,
    log: Option<LogKind>,
    first: Option<Moment>,
    last: Option<Moment>,
    went_back: u64,
    findings: Vec<Finding>,
}

/// Where the entries begin.
enum From {
    First,
    /// At this index, which the closing's checkpoint with this root vouches for.
    Behind {
        until: u64,
        root: Hash,
        proved: u64,
    },
    /// Somewhere: the first one's own number is believed, and no checkpoint is looked at.
    Blind,
}

impl<'a> Check<'a> {
    fn new(keys: Option<KeyChain>, marks: &'a [Mark], compare: bool, findings: Vec<Finding>) -> Self {
        Self {
            keys,
            marks,
            next: 0,
            good: Vec::new(),
            earlier: Vec::new(),
            segments: Segments::new(Frontier::new(), compare),
            from: From::First,
            line: 0,
            left: None,
            successor: None,
            log: None,
            first: None,
            last: None,
            went_back: 0,
            findings,
        }
    }

    fn start(&mut self, start: Start) {
        match start {
            Start::Whole => {}
            Start::Blind => {
                self.from = From::Blind;
                self.segments.lose_sight(0);
                self.next = self.marks.len();
            }
            Start::Behind(kept) => self.start_behind(kept),
        }
        self.reach();
    }

    fn start_behind(&mut self, kept: Kept) {
        let (until, root) = (kept.frontier.size(), kept.frontier.root());
        if let Some(keys) = &self.keys {
            self.earlier = kept.earlier(self.marks, keys, &mut self.findings);
        }
        let latest = self.marks.last().map_or(until, |mark| mark.checkpoint.size);
        if latest < until {
            self.find(CLOSED, None, Problem::ClosedBeyond { until, latest });
        }
        self.next = self.marks.partition_point(|mark| mark.checkpoint.size < until);
        self.from = From::Behind { until, root, proved: kept.roots.len() as u64 };
        self.segments.start_at(kept.frontier);
    }

    fn stream<E: BufRead, H: BufRead>(
        &mut self,
        mut entries: Lines<E>,
        mut hashes: Option<Lines<H>>,
    ) -> io::Result<()> {
        while let Some(line) = entries.next()? {
            self.line += 1;
            if !line.ended {
                self.find(ENTRIES, Some(self.line), Problem::CutOff);
            }
            let hash = match &mut hashes {
                Some(hashes) => self.read_hash(hashes.next()?),
                None => None,
            };
            if self.read_entry(line.bytes) {
                // A hash that isn't one differs from every leaf.
                self.segments.push(self.line, Hash::leaf(line.bytes), hash.unwrap_or(Hash([0; 32])));
                self.reach();
            }
        }
        if let Some(hashes) = &mut hashes
            && hashes.next()?.is_some()
        {
            let why = format!("{} entries have hashes enough", self.line);
            self.find(HASHES, Some(self.line + 1), Problem::Form { why });
        }
        Ok(())
    }

    fn find(&mut self, file: &str, line: Option<u64>, problem: Problem) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding(file, line, problem));
        }
    }

    /// Whether the line stands for an entry of the tree, good or not.
    fn read_entry(&mut self, bytes: &[u8]) -> bool {
        let line = Some(self.line);
        let head = match Head::parse(bytes) {
            Ok(head) => head,
            Err(error) => {
                self.find(ENTRIES, line, Problem::Form { why: error.to_string() });
                return true;
            }
        };
        if self.log.is_none() {
            self.begin(&head);
        }
        if self.is_left_over(&head) {
            return false;
        }
        let expected = self.segments.size();
        if head.n != expected {
            self.find(ENTRIES, line, Problem::Number { expected, found: head.n });
        }
        if self.log != Some(head.log) {
            self.find(ENTRIES, line, Problem::OtherLog);
        }
        self.went_back += u64::from(self.last.is_some_and(|last| head.received < last));
        self.first.get_or_insert(head.received);
        self.last = Some(head.received);
        if head.kind == ROTATED {
            self.note_rotation(bytes);
        }
        true
    }

    /// The first entry that can be read says which log this is, and where it begins if nothing else does.
    fn begin(&mut self, head: &Head<'_>) {
        self.log = Some(head.log);
        if matches!(self.from, From::Blind) {
            self.segments.lose_sight(head.n);
        }
        if head.log == LogKind::Custody && !matches!(self.from, From::First) {
            self.find(CLOSED, None, Problem::ClosedCustody);
        }
    }

    /// Whether the entry stands before the first one that should be there.
    fn is_left_over(&mut self, head: &Head<'_>) -> bool {
        let From::Behind { until, .. } = self.from else { return false };
        let left_over = head.n < until && self.segments.size() == until;
        if left_over {
            self.left.get_or_insert((self.line, head.n, 0)).2 += 1;
        }
        left_over
    }

    fn note_rotation(&mut self, bytes: &[u8]) {
        let (Some(keys), Ok(entry)) = (&self.keys, Entry::parse(bytes)) else { return };
        if matches!(self.from, From::Blind) {
            return;
        }
        match rotation(&entry, keys.last()) {
            Ok(successor) => self.successor = successor,
            Err(error) => self.find(ENTRIES, Some(self.line), Problem::Rotation { why: error.to_string() }),
        }
    }

    fn read_hash(&mut self, line: Option<Line<'_>>) -> Option<Hash> {
        let why = match line {
            None => "there is no hash for this entry".to_owned(),
            Some(line) if !line.ended => "its last line has no newline".to_owned(),
            Some(line) => match std::str::from_utf8(line.bytes).ok().map(str::parse::<Hash>) {
                Some(Ok(hash)) => return Some(hash),
                _ => BadHash.to_string(),
            },
        };
        self.find(HASHES, Some(self.line), Problem::Form { why });
        None
    }

    /// Meets all checkpoints over as many entries as were read.
    fn reach(&mut self) {
        let size = self.segments.size();
        let mut handed_on = false;
        let mut met_before: Option<Hash> = match self.from {
            From::Behind { until, root, .. } if until == size => Some(root),
            _ => None,
        };
        while let Some(mark) = self.marks.get(self.next).filter(|mark| mark.checkpoint.size == size) {
            self.next += 1;
            if !self.opens(mark) {
                continue;
            }
            let root = mark.checkpoint.root;
            if met_before.is_some_and(|before| before != root) {
                self.find(&mark.file, None, Problem::Fork { size });
                continue;
            }
            let met = if met_before.is_some() { Met::Entries } else { self.segments.meet(&root, &mut self.findings) };
            met_before = Some(root);
            if met == Met::Entries {
                self.good.push(mark);
                handed_on |= self.successor.as_ref().is_some_and(|key| mark.note.verify(key).is_ok());
            }
        }
        self.hand_on(size, handed_on);
    }

    fn opens(&mut self, mark: &Mark) -> bool {
        let Some(keys) = &self.keys else { return false };
        match mark.open(keys) {
            Ok(()) => true,
            Err(found) => {
                self.find(&found.file, found.line, found.problem);
                false
            }
        }
    }

    fn hand_on(&mut self, size: u64, handed_on: bool) {
        let Some(successor) = self.successor.take() else { return };
        if let Some(keys) = self.keys.as_mut().filter(|_| handed_on) {
            return keys.hand_on(size, successor);
        }
        let why = format!("no good checkpoint over {size} entries is signed by both the old and the new key");
        match self.good.last().filter(|mark| mark.checkpoint.size == size) {
            Some(mark) => self.find(&mark.file, None, Problem::Rotation { why }),
            None => self.find(ENTRIES, Some(self.line), Problem::Rotation { why }),
        }
    }
}
