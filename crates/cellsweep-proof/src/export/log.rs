//! A whole log, streamed: memory is a few hashes, however long it is.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use serde::Serialize;

use super::marks::{self, Mark, Stamped, WitnessedAt};
use super::segment::{Met, Segments};
use super::{ENTRIES, Finding, HASHES, Problem, Trust, VKEY, finding};
use crate::entry::{self, Entry, Head};
use crate::hash::{BadHash, Hash};
use crate::key::Verifier;
use crate::rotation::{ROTATED, rotation};
use crate::words::{LogKind, Moment};

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
}

/// What was checked of a log, and what doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// The log's name; blank where there was no key to tell.
    pub origin: String,
    /// The key that everything hangs on.
    pub vkey: String,
    /// Whether that key came from elsewhere than the files.
    pub vkey_given: bool,
    /// Which log, as its entries say.
    pub log: Option<&'static str>,
    /// Entries there.
    pub entries: u64,
    /// Entries that the latest good checkpoint vouches for.
    pub signed: u64,
    /// Checkpoints whose signature and root hold.
    pub checkpoints: u64,
    /// Changes of the signing key that were followed.
    pub rotations: u64,
    /// When the first and the last entry were received, as they say.
    pub received: Option<(String, String)>,
    /// Entries whose time lies before that of the entry above them: clocks were set or differ.
    pub clock_went_back: u64,
    /// Witnesses' co-signatures that hold.
    pub witnessed: Vec<WitnessedAt>,
    /// Time stamps that are of their checkpoints.
    pub stamped: Vec<Stamped>,
    /// What doesn't hold; empty where everything does.
    pub findings: Vec<Finding>,
}

impl LogReport {
    /// Whether nothing was found.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a whole log: its entries, their hashes, every checkpoint on the way.
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
    let key = first_key(files, trust, &mut findings);
    if hashes.is_none() {
        findings.push(finding(HASHES, None, Problem::Missing));
    }
    let mut check = Check::new(key, &marks, hashes.is_some(), findings);
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
    keys: Vec<Verifier>,
    marks: &'a [Mark],
    /// The first mark that the entries haven't reached.
    next: usize,
    good: Vec<&'a Mark>,
    segments: Segments,
    /// A key that the entry just read names, until its hand-over checkpoint is met.
    successor: Option<Verifier>,
    log: Option<LogKind>,
    first: Option<Moment>,
    last: Option<Moment>,
    went_back: u64,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn new(key: Option<Verifier>, marks: &'a [Mark], compare: bool, findings: Vec<Finding>) -> Self {
        let mut check = Self {
            keys: key.into_iter().collect(),
            marks,
            next: 0,
            good: Vec::new(),
            segments: Segments::new(compare),
            successor: None,
            log: None,
            first: None,
            last: None,
            went_back: 0,
            findings,
        };
        check.reach();
        check
    }

    fn stream<E: BufRead, H: BufRead>(
        &mut self,
        mut entries: Lines<E>,
        mut hashes: Option<Lines<H>>,
    ) -> io::Result<()> {
        while let Some(line) = entries.next()? {
            let number = self.segments.size() + 1;
            if !line.ended {
                self.find(ENTRIES, Some(number), Problem::CutOff);
            }
            self.read_entry(number, line.bytes);
            let leaf = Hash::leaf(line.bytes);
            let hash = match &mut hashes {
                Some(hashes) => self.read_hash(number, hashes.next()?),
                None => None,
            };
            // A hash that isn't one differs from every leaf.
            self.segments.push(leaf, hash.unwrap_or(Hash([0; 32])));
            self.reach();
        }
        if let Some(hashes) = &mut hashes
            && hashes.next()?.is_some()
        {
            let expected = self.segments.size();
            self.find(
                HASHES,
                Some(expected + 1),
                Problem::Form { why: format!("{expected} entries have hashes enough") },
            );
        }
        Ok(())
    }

    fn find(&mut self, file: &str, line: Option<u64>, problem: Problem) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding(file, line, problem));
        }
    }

    fn read_entry(&mut self, number: u64, bytes: &[u8]) {
        let head = match Head::parse(bytes) {
            Ok(head) => head,
            Err(error) => return self.find(ENTRIES, Some(number), Problem::Form { why: error.to_string() }),
        };
        if head.n != number - 1 {
            self.find(ENTRIES, Some(number), Problem::Number { expected: number - 1, found: head.n });
        }
        if *self.log.get_or_insert(head.log) != head.log {
            self.find(ENTRIES, Some(number), Problem::OtherLog);
        }
        self.went_back += u64::from(self.last.is_some_and(|last| head.received < last));
        self.first.get_or_insert(head.received);
        self.last = Some(head.received);
        if head.kind == ROTATED {
            self.note_rotation(number, bytes);
        }
    }

    fn note_rotation(&mut self, number: u64, bytes: &[u8]) {
        let (Some(key), Ok(entry)) = (self.keys.last(), Entry::parse(bytes)) else { return };
        match rotation(&entry, key) {
            Ok(successor) => self.successor = successor,
            Err(error) => self.find(ENTRIES, Some(number), Problem::Rotation { why: error.to_string() }),
        }
    }

    fn read_hash(&mut self, number: u64, line: Option<Line<'_>>) -> Option<Hash> {
        let why = match line {
            None => "there is no hash for this entry".to_owned(),
            Some(line) if !line.ended => "its last line has no newline".to_owned(),
            Some(line) => match std::str::from_utf8(line.bytes).ok().map(str::parse::<Hash>) {
                Some(Ok(hash)) => return Some(hash),
                _ => BadHash.to_string(),
            },
        };
        self.find(HASHES, Some(number), Problem::Form { why });
        None
    }

    /// Meets all checkpoints over as many entries as were read.
    fn reach(&mut self) {
        let size = self.segments.size();
        let mut handed_on = false;
        let mut met_before: Option<Hash> = None;
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
        let Some(key) = self.keys.last() else { return false };
        match mark.open(key) {
            Ok(()) => true,
            Err(found) => {
                self.find(&found.file, found.line, found.problem);
                false
            }
        }
    }

    fn hand_on(&mut self, size: u64, handed_on: bool) {
        let Some(successor) = self.successor.take() else { return };
        if handed_on {
            self.keys.push(successor);
            return;
        }
        let why = format!("no good checkpoint over {size} entries is signed by both the old and the new key");
        match self.good.last().filter(|mark| mark.checkpoint.size == size) {
            Some(mark) => self.find(&mark.file, None, Problem::Rotation { why }),
            None => self.find(ENTRIES, Some(size), Problem::Rotation { why }),
        }
    }

    fn finish(mut self, files: &LogFiles, trust: &Trust) -> LogReport {
        let entries = self.segments.size();
        self.segments.close(&mut self.findings);
        let unreached = &self.marks[self.next..];
        for mark in unreached {
            // Signed or not, it speaks of entries that aren't there.
            if self.opens(mark) {
                let expected = mark.checkpoint.size;
                self.find(ENTRIES, None, Problem::Short { expected, found: entries });
            }
        }
        let signed = self.good.last().map_or(0, |mark| mark.checkpoint.size);
        let latest = self.marks.last().map_or(0, |mark| mark.checkpoint.size);
        if entries > latest {
            self.find(ENTRIES, Some(latest + 1), Problem::Unsigned { signed: latest });
        }
        let witnessed = marks::witnesses(&self.good, trust, &mut self.findings);
        let stamped = marks::stamps(&self.good, &files.stamps, &mut self.findings);
        // The key that was given may be any that was in force: each vouches for all before it.
        if trust.vkey.as_ref().is_some_and(|given| !self.keys.contains(given)) {
            self.findings.insert(0, finding(VKEY, None, Problem::OtherKey));
        }
        self.findings.truncate(MOST_FINDINGS);
        let (key, given) = (self.keys.first(), trust.vkey.is_some());
        LogReport {
            origin: key.as_ref().map_or_else(String::new, |key| key.name().to_string()),
            vkey: key.map_or_else(String::new, Verifier::to_string),
            vkey_given: given,
            log: self.log.map(LogKind::as_str),
            entries,
            signed,
            checkpoints: self.good.len() as u64,
            rotations: (self.keys.len() as u64).saturating_sub(1),
            received: self.first.zip(self.last).map(|(first, last)| (first.to_string(), last.to_string())),
            clock_went_back: self.went_back,
            witnessed,
            stamped,
            findings: self.findings,
        }
    }
}

struct Line<'a> {
    bytes: &'a [u8],
    /// Whether a newline stood behind it.
    ended: bool,
}

/// Lines of a bounded length: a longer one comes in pieces, none of which is an entry.
struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let most = entry::MOST_BYTES as u64 + 2;
        let mut bounded = self.reader.by_ref().take(most);
        if bounded.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        Ok(Some(match self.buffer.strip_suffix(b"\n") {
            Some(bytes) => Line { bytes, ended: true },
            None => Line { bytes: &self.buffer, ended: false },
        }))
    }
}
